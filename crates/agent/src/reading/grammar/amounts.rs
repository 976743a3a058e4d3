//! Amounts that no column is called by: money that comes in or goes out, and pieces that were sold.

use super::super::anchors::What;
use super::super::data::{ColumnId, TableId};
use super::super::frame::{Cond, Figure, Frame, Item, Of, Pending};
use super::super::query::{Function, Operator};
use super::super::score::Feature;
use super::{Noun, NounOf, Reader, same_unit};
use crate::reading::lexicon;
use crate::reading::tokens::Kind;
use crate::reading::words::{Word, likeness};

impl Reader<'_> {
    /// "open fines by reason, in money": what they come to, not how many they are.
    pub(super) fn in_money(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let said = self.word(at) == "in"
            && matches!(
                self.word(at + 1),
                "money"
                    | "euros"
                    | "euro"
                    | "eur"
                    | "dollars"
                    | "usd"
                    | "pounds"
                    | "gbp"
                    | "chf"
                    | "francs"
                    | "cash"
            );
        if !said
            || self.anchors.at[at + 1]
                .iter()
                .any(|anchor| matches!(anchor.what, What::Value(_)))
        {
            return;
        }
        for place in 0..frame.items.len() {
            let table = match frame.items[place].0 {
                Item::Entity(table) => table,
                Item::Figure(Figure {
                    function: Some(Function::Count),
                    of: Of::Rows(table),
                    ..
                }) => table,
                _ => continue,
            };
            for (rank, &amount) in self.main_amounts(table).iter().enumerate() {
                let mut next = frame.clone();
                next.add(Feature::AssumedColumn, 0.4 + rank as f64 * 0.6);
                next.items[place].0 =
                    Item::Figure(Figure::new(Some(Function::Sum), Of::Column(amount)));
                out.push((at + 2, next));
            }
        }
    }

    /// "tickets sold", "books did we sell": what sales count, where their table has one quantity.
    pub(super) fn units_sold(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        if token.kind != Kind::Word
            || lexicon::is_function_word(&token.lower)
            || !self.cues[at].is_empty()
        {
            return;
        }
        self.amounts(frame, at, out);
        self.amounts_of(frame, at, out);
        self.pieces(frame, at, out);
        if matches!(frame.pending, Some((Pending::Count { distinct: true }, _))) {
            // "how many different titles did we sell last month": those that sales belong to.
            let sales = self
                .data
                .pieces()
                .map(|pieces| self.data.columns[pieces].table);
            for anchor in &self.anchors.at[at] {
                let thing = match anchor.what {
                    What::Table(table) => table,
                    What::Column(column) => self.data.columns[column].table,
                    _ => continue,
                };
                let Some(sales) = sales.filter(|sales| {
                    *sales != thing && !self.data.paths_up(*sales, thing).is_empty()
                }) else {
                    continue;
                };
                let mut verb = anchor.to;
                while matches!(
                    self.word(verb),
                    "did"
                        | "do"
                        | "we"
                        | "were"
                        | "was"
                        | "are"
                        | "have"
                        | "been"
                        | "they"
                        | "actually"
                ) {
                    verb += 1;
                }
                if !matches!(
                    self.word(verb),
                    "sold" | "sell" | "bought" | "purchased" | "ordered"
                ) {
                    continue;
                }
                let mut next = frame.clone();
                next.pending = None;
                next.add(Feature::NameUsed, 2.0);
                next.add(Feature::NameMisfit, 1.0 - anchor.score);
                next.push(
                    Item::Figure(Figure::new(Some(Function::Count), Of::Rows(thing))),
                    (at, anchor.to),
                );
                next.push(
                    Item::Cond(Cond::Has {
                        table: sales,
                        operator: Operator::GreaterOrEqual,
                        count: 1.0,
                    }),
                    (anchor.to, verb + 1),
                );
                out.push((verb + 1, next));
            }
            return;
        }
        let mut verb = at + 1;
        while verb < at + 4
            && matches!(
                self.word(verb),
                "did" | "do" | "we" | "were" | "was" | "are" | "have" | "been" | "they"
            )
        {
            verb += 1;
        }
        if !matches!(self.word(verb), "sold" | "sell" | "bought" | "purchased") {
            return;
        }
        // A thing with a table of its own may be counted itself.
        let named = self.anchors.at[at]
            .iter()
            .filter(|anchor| anchor.to == at + 1 && !matches!(anchor.what, What::Value(_)))
            .map(|anchor| anchor.score)
            .fold(0.0, f64::max);
        if let Some(column) = self.data.pieces() {
            let mut next = frame.clone();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 0.1 + 0.3 * named);
            self.summed(
                next,
                Function::Sum,
                &Of::Column(column),
                (at, verb + 1),
                out,
            );
        }
    }

    /// "copies", "portions": pieces, where the data has no such word.
    fn pieces(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "per square metre": what is kept in that unit.
        if matches!(frame.pending, Some((Pending::Per, _))) {
            let two = format!("{} {}", self.word(at), self.word(at + 1));
            for (length, said) in [(2, two.as_str()), (1, self.word(at))] {
                for (column, info) in self.data.columns.iter().enumerate() {
                    let in_it = info.unit.as_deref().is_some_and(|own| same_unit(own, said));
                    if !(in_it && info.role.is_additive()) {
                        continue;
                    }
                    let mut next = frame.clone();
                    next.pending = None;
                    next.add(Feature::NameUsed, 1.0);
                    let noun = Noun {
                        to: at + length,
                        what: NounOf::Column(column),
                        score: 0.9,
                        words: length,
                    };
                    self.per(next, &noun, (at, at + length), out);
                }
            }
        }
        let is_piece = matches!(
            self.word(at),
            "copies" | "copy" | "units" | "unit" | "pieces" | "piece" | "portions" | "portion"
        );
        // "never sold a copy"
        let is_one = at > 0 && matches!(self.word(at - 1), "a" | "any" | "single" | "one");
        if !is_piece || is_one || self.anchors.at[at].iter().any(|anchor| anchor.score > 0.6) {
            return;
        }
        let columns = match self.data.pieces() {
            Some(only) => vec![only],
            // Of several the other words tell: "units delivered", "units in stock".
            None => self.data.counted_columns(),
        };
        self.pieces_done(frame, at, out);
        let span = (at, at + 1);
        for &column in &columns {
            let mut next = frame.clone();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 0.3);
            if columns.len() > 1 {
                next.add(Feature::Unsure, 0.3);
            }
            if matches!(next.pending, Some((Pending::Per, _))) {
                next.pending = None;
                let noun = Noun {
                    to: at + 1,
                    what: NounOf::Column(column),
                    score: 0.7,
                    words: 1,
                };
                self.per(next, &noun, span, out);
            } else {
                self.summed(next, Function::Sum, &Of::Column(column), span, out);
            }
        }
    }

    /// "units produced", "how many units did we ship": the count that is called after what was done.
    fn pieces_done(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let mut verb = at + 1;
        while verb < at + 4
            && matches!(
                self.word(verb),
                "did" | "do" | "we" | "were" | "was" | "are" | "have" | "been" | "they"
            )
        {
            verb += 1;
        }
        let Some(token) = self
            .tokens
            .get(verb)
            .filter(|token| token.kind == Kind::Word)
        else {
            return;
        };
        let mut done = vec![token.word.clone()];
        if matches!(token.lower.as_str(), "made" | "make" | "manufactured") {
            done.extend(["made", "produced"].map(Word::new));
        }
        for column in self.data.counted_columns() {
            let near = self.data.columns[column]
                .words
                .iter()
                .flat_map(|word| done.iter().map(move |done| likeness(done, word)))
                .fold(0.0, f64::max);
            if near < 0.7 || lexicon::is_function_word(&token.lower) {
                continue;
            }
            let mut next = frame.clone();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 1.0 - near);
            next.add(Feature::LongPhrase, 1.0);
            self.summed(
                next,
                Function::Sum,
                &Of::Column(column),
                (at, verb + 1),
                out,
            );
        }
    }

    /// "amount", "cost", "money raised": what the dataset's revenue is made of, what is kept in a currency, and else the
    /// amount that each table of events is about, where no column is called so.
    fn amounts(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let Some(money) = lexicon::money(self.word(at)) else {
            return;
        };
        let named = self.anchors.at[at].iter().any(|anchor| {
            anchor.score > 0.8
                && match anchor.what {
                    What::Column(column) => !self.data.columns[column].is_time(),
                    What::Metric(_) => true,
                    _ => false,
                }
        });
        // "revenue" where a column is called so.
        let named = named
            || self.anchors.at[at].iter().any(|anchor| {
                matches!(anchor.what, What::Column(column) if self.data.columns[column].has_word(self.word(at)))
            });
        // "given", "raised" alone are verbs; "total given" is an amount.
        let summed = matches!(
            frame.pending,
            Some((
                Pending::Function(Function::Sum) | Pending::HowMuch | Pending::Key,
                _
            ))
        );
        // "what do we pay per litre"
        let is_rate = matches!(self.word(at + 1), "per" | "for");
        if named || money.is_given && !summed && !is_rate {
            return;
        }
        // "money raised", "amount given"
        let mut to = at + 1;
        while lexicon::money(self.word(to)).is_some_and(|money| money.is_given) {
            to += 1;
        }
        let mut base = frame.clone();
        base.add(Feature::NameUsed, 1.0);
        base.add(Feature::NameMisfit, 0.3);
        // What something costs is not what it brings in: "products that cost less than 10".
        let is_price = matches!(self.word(at), "cost" | "costs" | "expenses");
        for metric in self.data.takings().filter(|_| !is_price) {
            let function = metric.function;
            self.summed(base.clone(), function, &metric.of, (at, to), out);
        }
        let mut amounts: Vec<ColumnId> = Vec::new();
        for (column, info) in self.data.columns.iter().enumerate() {
            let in_currency = info
                .unit
                .as_deref()
                .is_some_and(|unit| matches!(unit, "eur" | "usd" | "gbp" | "chf"));
            if in_currency && info.role.is_additive() {
                amounts.push(column);
            }
        }
        if amounts.is_empty() {
            let goes_out = |column: &ColumnId| {
                let said = |words: &[&str]| {
                    words
                        .iter()
                        .any(|word| self.data.columns[*column].has_word(word))
                };
                match money.goes_out {
                    Some(true) => !said(&["revenue", "income", "sales"]),
                    Some(false) => !said(&["cost", "fee", "expense", "charge"]),
                    None => true,
                }
            };
            amounts.extend(
                (0..self.data.tables.len())
                    .filter(|&table| self.data.tables[table].time.is_some())
                    .filter_map(|table| self.data.main_amount(table))
                    .filter(goes_out),
            );
        }
        for column in amounts {
            self.summed(
                base.clone(),
                Function::Sum,
                &Of::Column(column),
                (at, to),
                out,
            );
        }
    }

    /// "ticket revenue": what the rows of that table come to.
    fn amounts_of(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let money = lexicon::money(self.word(at + 1)).filter(|money| !money.is_given);
        if money.is_none() {
            return;
        }
        for anchor in &self.anchors.at[at] {
            let What::Table(table) = anchor.what else {
                continue;
            };
            let is_named = self.anchors.at[at].iter().any(|other| other.to > at + 1);
            if anchor.to != at + 1 || anchor.score < 0.8 || is_named {
                continue;
            }
            let amounts = self.money_of(table);
            for (rank, &column) in amounts.iter().enumerate() {
                let mut next = frame.clone();
                next.add(Feature::NameUsed, 2.0);
                next.add(Feature::NameMisfit, 0.2 + rank as f64 * 0.5);
                next.add(Feature::LongPhrase, 1.0);
                let of = Of::Column(column);
                self.summed(next, Function::Sum, &of, (at, at + 2), out);
            }
        }
    }

    /// Amounts of money in the table, else in the events that belong to its rows.
    fn money_of(&self, table: TableId) -> Vec<ColumnId> {
        let own = |table: TableId| -> Vec<ColumnId> {
            let is_money = |column: &ColumnId| {
                let info = &self.data.columns[*column];
                info.role.is_additive()
                    && (info
                        .unit
                        .as_deref()
                        .is_some_and(|unit| matches!(unit, "eur" | "usd" | "gbp" | "chf"))
                        || [
                            "amount", "amt", "total", "price", "cost", "value", "fee", "revenue",
                            "income", "sum", "paid", "charge", "sales", "net", "gross",
                        ]
                        .iter()
                        .any(|word| info.has_word(word)))
            };
            self.main_amounts(table)
                .into_iter()
                .filter(is_money)
                .collect()
        };
        let found = own(table);
        if !found.is_empty() {
            return found;
        }
        self.data
            .edges
            .iter()
            .filter(|edge| edge.to == table && edge.from != table)
            .filter(|edge| self.data.tables[edge.from].time.is_some())
            .flat_map(|edge| own(edge.from))
            .collect()
    }

    /// The amounts that a table is about, the likeliest first.
    pub(super) fn main_amounts(&self, table: TableId) -> Vec<ColumnId> {
        let mut columns: Vec<ColumnId> = self.data.tables[table]
            .columns
            .iter()
            .copied()
            .filter(|&column| self.data.columns[column].role.is_measure())
            .collect();
        let rank = |column: ColumnId| {
            let info = &self.data.columns[column];
            let general = [
                "amount", "total", "value", "revenue", "score", "price", "cost", "mark",
            ]
            .iter()
            .position(|word| info.has_word(word))
            .unwrap_or(20);
            (general, column)
        };
        columns.sort_by_key(|&column| rank(column));
        columns.truncate(2);
        columns
    }
}
