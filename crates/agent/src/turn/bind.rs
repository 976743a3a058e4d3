//! Before a model's statement runs: what it names that is not there is bound to what is.

use std::fmt::Write as _;

use store::dataset::CancelFlag;

use super::Turn;
use crate::bind_names::bound_to;
use crate::event::Attempt;

impl Turn {
    /// The statement to run in place of `sql`, with what was changed in words. The one that the model wrote is kept among
    /// the attempts.
    pub(super) async fn bound(&mut self, sql: String) -> (String, Option<String>) {
        let context = self.context.clone();
        let cancel = CancelFlag::default();
        let _stop = cancel.on_drop();
        let said = sql.clone();
        let work = tokio::task::spawn_blocking(move || {
            bound_to(&said, &context.knowledge, context.dataset.as_ref(), &cancel)
        });
        // Without it the statement runs as it is, which is no worse than before.
        let Ok(Some(bound)) = work.await else {
            return (sql, None);
        };
        let mut words = String::from("Not all of it is there as written: ");
        let _ = write!(words, "{}.", bound.changes.join("; "));
        self.attempts.push(Attempt {
            sql,
            error: Some(words.clone()),
        });
        (bound.sql, Some(words))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::testing::{Bench, Scripted, ScriptedModel, receipt_of};

    #[tokio::test]
    async fn a_name_that_is_not_there_is_bound_without_asking_again() {
        let bench = Bench::new();
        let wrong = "SELECT COUNT(*) FROM customer WHERE country = 'ATLANTIS'";
        let right = "SELECT COUNT(*) FROM customers WHERE country = 'Atlantis'";
        let model = ScriptedModel::small([Scripted::Text(wrong)]);
        let events = bench.ask(&model, "Zzyx qwv blorp?").await;
        assert_eq!(model.asked(), 1);
        let receipt = receipt_of(&events).unwrap();
        assert_eq!(receipt.sql, right);
        let attempts: Vec<_> = receipt
            .attempts
            .iter()
            .map(|attempt| attempt.sql.as_str())
            .collect();
        assert_eq!(attempts, [wrong, right]);
        assert_eq!(
            receipt.attempts[0].error.as_deref(),
            Some(
                "Not all of it is there as written: customer is read as the table customers; 'ATLANTIS' is stored as 'Atlantis'."
            )
        );
    }

    #[tokio::test]
    async fn a_large_model_hears_what_its_names_were_read_as() {
        let bench = Bench::new();
        let wrong = serde_json::json!({"query": "SELECT COUNT(*) FROM customer"});
        let model = ScriptedModel::with_tools([
            Scripted::Call("execute_sql_query", wrong),
            Scripted::Text("There are 412."),
        ]);
        bench.ask(&model, "Zzyx qwv blorp?").await;
        let requests = model.requests.lock().unwrap();
        let heard = &requests[1].messages.last().unwrap().content;
        assert!(
            heard.contains("customer is read as the table customers"),
            "{heard}"
        );
        assert!(heard.contains("412"), "{heard}");
    }

    #[tokio::test]
    async fn a_text_that_is_stored_as_it_stands_stays() {
        let bench = Bench::new();
        // The database finds this one, although the index knows only another spelling.
        let sql = "SELECT name, total FROM customers WHERE country = 'GERMANY'";
        let model = ScriptedModel::small([Scripted::Text(sql)]);
        let events = bench.ask(&model, "Zzyx qwv blorp?").await;
        assert_eq!(receipt_of(&events).unwrap().sql, sql);
    }
}
