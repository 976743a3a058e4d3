//! Answers by a plan that was put together by hand: nothing is read and no model is asked.

use store::dataset::QueryResult;

use super::Turn;
use super::built_in::found_by_reading;
use super::ending::Ending;
use super::query::{Failure, is_empty};
use crate::reading::data::Data;
use crate::reading::decide::Answer;
use crate::reading::query::Query;
use crate::reading::say;

impl Turn {
    pub(super) async fn answer_by_plan(&mut self, plan: Query) -> Ending {
        let knowledge = self.context.knowledge.clone();
        let answer = Answer::of_plan(plan, &knowledge);
        let result = match self.run_shown(&answer.sql).await {
            Ok(result) => result,
            Err(failure) => return Ending::failed(Failure::into(failure)),
        };
        let answer = with_result(answer, result, &knowledge.data);
        Ending::Found(Box::new(found_by_reading(answer, &knowledge)))
    }
}

fn with_result(answer: Answer, result: QueryResult, data: &Data) -> Answer {
    let notes = say::ends(&answer.reading.query, None, is_empty(&result), data);
    Answer {
        tables: result.tables.clone(),
        notes,
        result,
        ..answer
    }
}
