//! Parts of a text: "whose name contains 'ee'", "starting with A".

use schema_gen::meaning::Role;

use super::super::data::{ColumnId, TableId};
use super::super::frame::{Cond, Figure, Frame, Item, Of};
use super::super::query::Function;
use super::super::score::Feature;
use super::Reader;
use crate::reading::tokens::Kind;

impl Reader<'_> {
    /// "whose name contains 'ee'", "starting with A".
    pub(super) fn patterns(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "newsletter rate": how many of all meet what was just said.
        if matches!(self.word(at), "rate" | "rates")
            && let Some((Item::Cond(Cond::Flag { .. } | Cond::Null { .. }), span)) =
                frame.items.last()
            && span.1 == at
        {
            let mut next = frame.clone();
            next.items
                .insert(next.items.len() - 1, (Item::Share, (at, at + 1)));
            out.push((at + 1, next));
        }
        self.rate_of_part(frame, at, out);
        if self.tokens[at].kind == Kind::Quoted && self.word(at + 1) == "in" {
            // "have 'Express' in their names"
            let named = (at + 2..at + 4).find(|&place| {
                matches!(
                    self.tokens
                        .get(place)
                        .map(|token| token.word.lemma.as_str()),
                    Some("name" | "title")
                )
            });
            let table = frame.items.iter().rev().find_map(|(item, _)| match item {
                Item::Entity(table) => Some(*table),
                Item::Figure(Figure {
                    of: Of::Rows(table),
                    ..
                }) if *table != usize::MAX => Some(*table),
                Item::Column(column) => Some(self.data.columns[*column].table),
                _ => None,
            });
            if let (Some(end), Some(table)) = (named, table)
                && let Some(&column) = self.data.tables[table].label.first()
            {
                let text = self.tokens[at].text.replace('%', "\\%").replace('_', "\\_");
                let mut next = frame.clone();
                let negated = next.negated.take().is_some();
                next.push(
                    Item::Cond(Cond::Like {
                        column,
                        pattern: format!("%{text}%"),
                        negated,
                    }),
                    (at, end + 1),
                );
                out.push((end + 1, next));
            }
        }
        let (mut after, before_text, after_text) = match (self.word(at), self.word(at + 1)) {
            (
                "contains" | "contain" | "containing" | "contained" | "includes" | "including"
                | "include",
                _,
            ) => (at + 1, "%", "%"),
            // "whose name has the word computer"
            ("has" | "have" | "having" | "with" | "had", "the" | "a" | "an")
                if matches!(
                    self.word(at + 2),
                    "word" | "substring" | "string" | "letter" | "letters" | "phrase"
                ) =>
            {
                (at + 2, "%", "%")
            }
            (
                "starts" | "start" | "starting" | "begins" | "begin" | "beginning" | "begun"
                | "started",
                "with",
            ) => (at + 2, "", "%"),
            ("ends" | "end" | "ending" | "ended", "with") => (at + 2, "%", ""),
            // "ended in a sale" tells of no spelling.
            ("ends" | "end" | "ending" | "ended", "in")
                if !matches!(self.word(at + 2), "a" | "an" | "the")
                    || matches!(self.word(at + 3), "letter" | "letters" | "word") =>
            {
                (at + 2, "%", "")
            }
            _ => return,
        };
        while (self
            .tokens
            .get(after + 1)
            .is_some_and(|next| next.kind != Kind::Mark)
            && self.tokens[after].kind != Kind::Quoted
            && matches!(self.word(after), "the" | "a" | "an")
            && !self.tokens[after].is_capitalized())
            || matches!(
                self.word(after),
                "word"
                    | "substring"
                    | "string"
                    | "letter"
                    | "letters"
                    | "text"
                    | "phrase"
                    | "prefix"
                    | "suffix"
            )
        {
            after += 1;
        }
        let Some(token) = self
            .tokens
            .get(after)
            .filter(|token| token.kind != Kind::Mark)
        else {
            return;
        };
        let text = token.text.replace('%', "\\%").replace('_', "\\_");
        let pattern = format!("{before_text}{text}{after_text}");
        let mut last = frame.items.len();
        while last > 0 && matches!(frame.items[last - 1].0, Item::Clause) {
            last -= 1;
        }
        let looked_in: Vec<(ColumnId, usize, f64)> =
            match frame.items.get(last.wrapping_sub(1)).map(|(item, _)| item) {
                Some(Item::Column(column)) if !self.data.columns[*column].is_number() => {
                    vec![(*column, last - 1, 0.0)]
                }
                Some(
                    Item::Entity(table)
                    | Item::Figure(Figure {
                        of: Of::Rows(table),
                        ..
                    }),
                ) if *table != usize::MAX => self
                    .texts(*table, before_text == after_text)
                    .into_iter()
                    .enumerate()
                    .map(|(place, column)| (column, last, place as f64))
                    .collect(),
                _ => Vec::new(),
            };
        for (column, keep, assumed) in looked_in {
            let mut next = frame.clone();
            next.items.truncate(keep);
            let negated = next.negated.take().is_some();
            next.push(
                Item::Cond(Cond::Like {
                    column,
                    pattern: pattern.clone(),
                    negated,
                }),
                (at, after + 1),
            );
            next.add(Feature::LongPhrase, 1.0);
            next.add(Feature::AssumedValueColumn, assumed);
            out.push((after + 1, next));
        }
    }

    /// "scrap rate" of `qty_scrap` beside `qty_prod`: how much of a whole one of its parts is.
    fn rate_of_part(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        if !matches!(self.word(at), "rate" | "rates" | "quota" | "ratio") {
            return;
        }
        let Some((item, span)) = frame.items.last() else {
            return;
        };
        let (Item::Column(part)
        | Item::Figure(Figure {
            function: None,
            of: Of::Column(part),
            ..
        })) = item
        else {
            return;
        };
        if span.1 != at {
            return;
        }
        for (rank, whole) in self.data.wholes_of(*part).into_iter().enumerate() {
            let mut next = frame.clone();
            next.items.pop();
            next.push(
                Item::Ratio {
                    over: Figure::new(Some(Function::Sum), Of::Column(*part)),
                    under: Figure::new(Some(Function::Sum), Of::Column(whole)),
                    percent: true,
                },
                (span.0, at + 1),
            );
            next.add(Feature::LongPhrase, 1.0);
            next.add(Feature::Unsure, 0.5 * rank as f64);
            out.push((at + 1, next));
        }
    }

    /// Where a text of the table's rows is looked for, the likeliest column first: what they are called, or, where
    /// something is contained, what is written in them.
    fn texts(&self, table: TableId, is_contained: bool) -> Vec<ColumnId> {
        let info = &self.data.tables[table];
        let mut columns: Vec<ColumnId> = Vec::new();
        if is_contained {
            columns.extend(
                info.columns
                    .iter()
                    .filter(|&&column| self.data.columns[column].role == Role::Text),
            );
        }
        if let Some(&label) = info.label.first()
            && !self.data.columns[label].is_number()
            && !columns.contains(&label)
        {
            columns.push(label);
        }
        columns
    }
}
