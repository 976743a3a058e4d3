//! Rows that refer to rows of their own table: "who reports to Jo", "earn more than their manager", "for each boss, the
//! number of people under them".

use super::super::data::{ColumnId, TableId};
use super::super::frame::{Cond, Figure, Frame, Item, KeyOf, Of};
use super::super::query::Operator;
use super::super::score::Feature;
use super::{Noun, NounOf, Reader, What, cues};

/// Words for whoever others report to, however the column is called: the synsets of "superior", "supervisor", "manager",
/// "leader", "head" and "foreman" in Princeton's `WordNet`, and "lead" as titles have it.
const SUPERIORS: &[&str] = &[
    "superior",
    "supervisor",
    "boss",
    "manager",
    "chief",
    "foreman",
    "head",
    "lead",
    "leader",
];
/// In the name of a column they say that it leads to whoever is above.
const REPORTING: &[&str] = &["report", "supervise", "manage", "lead", "supv"];

/// How well a word for a superior fits a column that is called otherwise.
const SUPERIOR_FIT: f64 = 0.75;

impl Reader<'_> {
    /// References of one column within one table.
    fn self_references(&self) -> impl Iterator<Item = (TableId, ColumnId)> + '_ {
        self.data
            .edges
            .iter()
            .filter(|edge| edge.from == edge.to)
            .filter_map(|edge| match edge.from_columns.as_slice() {
                [column] => Some((edge.from, *column)),
                _ => None,
            })
    }

    /// "boss" where the column is called `reports_to`.
    pub(super) fn superior(&self, at: usize, nouns: &mut Vec<Noun>) {
        let said = self
            .tokens
            .get(at)
            .is_some_and(|token| SUPERIORS.contains(&token.word.lemma.as_str()));
        if !said {
            return;
        }
        for (_, column) in self.self_references() {
            let leads_up = self.data.columns[column].words.iter().any(|word| {
                SUPERIORS.contains(&word.lemma.as_str()) || REPORTING.contains(&word.lemma.as_str())
            });
            let is_named = nouns.iter().any(|noun| noun.what == NounOf::Column(column));
            if leads_up && !is_named {
                nouns.push(Noun {
                    to: at + 1,
                    what: NounOf::Column(column),
                    score: SUPERIOR_FIT,
                    words: 1,
                });
            }
        }
    }

    /// What follows is somebody (or something) of the table: the token after, and what tells the row.
    fn one_of(&self, at: usize, table: TableId) -> Option<(usize, Vec<Cond>)> {
        let label = &self.data.tables[table].label;
        let mut to = at;
        let mut conds = Vec::new();
        loop {
            let found = self
                .anchors
                .at
                .get(to)?
                .iter()
                .filter(|anchor| {
                    matches!(&anchor.what, What::Value(one) if label.contains(&one.column))
                })
                .max_by_key(|anchor| anchor.to);
            let Some(anchor) = found else { break };
            let What::Value(one) = &anchor.what else {
                break;
            };
            conds.push(Cond::Is {
                column: one.column,
                values: one.values.clone(),
                negated: false,
            });
            to = anchor.to;
            if conds.len() == label.len() || to >= self.tokens.len() {
                break;
            }
        }
        (!conds.is_empty()).then_some((to, conds))
    }

    /// "reports to Jo", "mentored by Jo", "works under Jo", "does Jo mentor": the rows whose reference names Jo.
    pub(super) fn others_said(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for (table, through) in self.self_references() {
            let mut push = |to: usize, conds: Vec<Cond>, noun: Option<&Noun>| {
                let mut next = frame.clone();
                if let Some(noun) = noun {
                    self.use_name(&mut next, noun);
                    next.add(Feature::LongPhrase, 1.0);
                }
                next.add(Feature::ValueUsed, 1.0);
                for cond in conds {
                    let cond = Box::new(cond);
                    next.push(Item::Cond(Cond::Other { through, cond }), (at, to));
                }
                out.push((to, next));
            };
            match self.word(at) {
                "under" | "below" | "beneath" => {
                    if let Some((to, conds)) = self.one_of(at + 1, table) {
                        push(to, conds, None);
                    }
                }
                "work" | "works" | "working" | "worked"
                    if matches!(self.word(at + 1), "under" | "for") =>
                {
                    if let Some((to, conds)) = self.one_of(at + 2, table) {
                        push(to, conds, None);
                    }
                }
                "do" | "does" | "did" => {
                    if let Some((to, conds)) = self.one_of(at + 1, table)
                        && let Some(noun) = self.noun_of(to, through)
                    {
                        push(noun.to, conds, Some(&noun));
                    }
                }
                _ => {
                    if let Some(noun) = self.noun_of(at, through) {
                        let mut after = noun.to;
                        if matches!(
                            self.word(after),
                            "to" | "by" | "under" | "is" | "are" | "was"
                        ) {
                            after += 1;
                        } else if !matches!(self.word(noun.to - 1), "to" | "by") {
                            continue;
                        }
                        if let Some((to, conds)) = self.one_of(after, table) {
                            push(to, conds, Some(&noun));
                        }
                        if matches!(self.word(after), "each" | "every") {
                            self.to_each(frame, (at, after + 1), (table, through), &noun, out);
                        }
                    }
                }
            }
        }
        self.other_of(frame, at, out);
        self.both_named(frame, at, out);
        self.under_them(frame, at, out);
        self.more_of_than_other(frame, at, out);
    }

    /// "who mentors whom", "who is whose boss", "have a mentor and who is it": both are told.
    fn both_named(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for (_, through) in self.self_references() {
            let found = if self.word(at) == "whose" && at > 0 {
                self.noun_of(at + 1, through).map(|noun| (noun.to, noun))
            } else {
                self.noun_of(at, through).and_then(|noun| {
                    let after = noun.to + usize::from(self.word(noun.to) == "to");
                    if matches!(self.word(after), "whom" | "who") {
                        return Some((after + 1, noun));
                    }
                    let asks = self.word(noun.to) == "and"
                        && matches!(self.word(noun.to + 1), "what" | "who" | "which")
                        && matches!(self.word(noun.to + 2), "is" | "are")
                        && matches!(
                            self.word(noun.to + 3),
                            "it" | "they" | "that" | "he" | "she"
                        );
                    asks.then_some((noun.to + 4, noun))
                })
            };
            let Some((to, noun)) = found.filter(|(to, _)| *to <= self.tokens.len()) else {
                continue;
            };
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            next.add(Feature::LongPhrase, (to - at) as f64 - 1.0);
            let table = self.data.columns[through].table;
            if !next.has(|item| matches!(item, Item::Entity(known) if *known == table)) {
                next.push(Item::Entity(table), (at, at));
            }
            next.items
                .retain(|(item, _)| !matches!(item, Item::Clause | Item::Relative));
            next.push(Item::Column(through), (at, to));
            next.push(
                Item::Cond(Cond::Null {
                    column: through,
                    is_null: false,
                }),
                (at, to),
            );
            out.push((to, next));
        }
    }

    /// "the boss of Jo", "Jo's boss": the row that Jo's names.
    fn other_of(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for (table, through) in self.self_references() {
            let before = self.noun_of(at, through).and_then(|noun| {
                let said = matches!(self.word(noun.to), "of" | "for");
                let (to, conds) = self.one_of(noun.to + usize::from(said), table)?;
                said.then_some((to, conds, noun))
            });
            let after = || {
                let (to, conds) = self.one_of(at, table)?;
                let noun = self.noun_of(to + 1, through)?;
                (self.word(to) == "'s").then_some((noun.to, conds, noun))
            };
            let Some((to, conds, noun)) = before.or_else(after) else {
                continue;
            };
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            next.add(Feature::ValueUsed, 1.0);
            next.push(Item::Column(through), (at, to));
            for cond in conds {
                next.push(Item::Cond(cond), (at, to));
            }
            out.push((to, next));
        }
    }

    /// "report to each area manager": groups by whom, where those are what the value says.
    fn to_each(
        &self,
        frame: &Frame,
        (at, after): (usize, usize),
        (table, through): (TableId, ColumnId),
        noun: &Noun,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let mut grouped = frame.clone();
        self.use_name(&mut grouped, noun);
        for (item, span) in &mut grouped.items {
            // "people" are those of this table.
            let people = matches!(self.word(span.1.saturating_sub(1)), "people" | "persons");
            if let (
                true,
                Item::Figure(Figure {
                    of: Of::Rows(rows), ..
                })
                | Item::Entity(rows),
            ) = (people, item)
            {
                *rows = table;
            }
        }
        grouped.push(Item::Key(KeyOf::Column(through)), (at, after));
        for anchor in self.anchors.at.get(after).into_iter().flatten() {
            let next = match &anchor.what {
                What::Value(one) if self.data.columns[one.column].table == table => {
                    let mut next = grouped.clone();
                    next.add(Feature::ValueUsed, 1.0);
                    let cond = Box::new(Cond::Is {
                        column: one.column,
                        values: one.values.clone(),
                        negated: false,
                    });
                    next.push(
                        Item::Cond(Cond::Other { through, cond }),
                        (after, anchor.to),
                    );
                    next
                }
                What::Column(column) if *column == through => grouped.clone(),
                What::Table(named) if *named == table => grouped.clone(),
                _ => continue,
            };
            out.push((anchor.to, next));
        }
    }

    fn noun_of(&self, at: usize, column: ColumnId) -> Option<Noun> {
        self.nouns(at)
            .into_iter()
            .find(|noun| noun.what == NounOf::Column(column))
    }

    /// "for each boss, the people reporting to them": says again what the key says.
    fn under_them(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for (table, through) in self.self_references() {
            let after = match self.word(at) {
                "under" | "below" | "beneath" => at + 1,
                _ => match self.noun_of(at, through) {
                    Some(noun) if matches!(self.word(noun.to), "to" | "under") => noun.to + 1,
                    Some(noun) if self.word(noun.to.wrapping_sub(1)) == "to" => noun.to,
                    _ => continue,
                },
            };
            if !matches!(self.word(after), "them" | "him" | "her" | "each") {
                continue;
            }
            let is_key = frame.has(|item| {
                matches!(item, Item::Key(KeyOf::Column(column)) | Item::Column(column) if *column == through)
            });
            let counts_rows = frame.has(|item| {
                matches!(item, Item::Figure(Figure { of: Of::Rows(rows), .. }) | Item::Entity(rows) if *rows == table)
                    || matches!(item, Item::Order { .. })
            });
            if is_key && counts_rows {
                out.push((after + 1, frame.clone()));
            }
        }
    }

    /// "a higher wage than their manager", "more per hour than".
    fn more_of_than_other(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let than = (at + 2..at + 5).find(|&place| self.word(place) == "than");
        let comparative = |offset: usize| match offset {
            0 => self.word(at),
            1 => "than",
            _ => "",
        };
        let (Some(than), Some((2, operator))) = (than, cues::comparison(&comparative)) else {
            return;
        };
        if matches!(self.word(at + 1), "per" | "an" | "a") {
            self.against_other(frame, than + 1, operator, out);
            return;
        }
        for noun in self.nouns(at + 1) {
            if let NounOf::Column(column) = noun.what
                && noun.to == than
            {
                let mut next = frame.clone();
                self.use_name(&mut next, &noun);
                next.push(Item::Column(column), (at + 1, than));
                self.against_other(&next, than + 1, operator, out);
            }
        }
    }

    /// "more than their manager", "older than the person they report to".
    pub(super) fn against_other(
        &self,
        frame: &Frame,
        after: usize,
        operator: Operator,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let mut start = after;
        while matches!(
            self.word(start),
            "the"
                | "their"
                | "his"
                | "her"
                | "its"
                | "own"
                | "a"
                | "that"
                | "of"
                | "one"
                | "person"
                | "people"
                | "they"
                | "he"
                | "she"
                | "it"
        ) {
            start += 1;
        }
        if start == after {
            return;
        }
        for (table, through) in self.self_references() {
            let Some(noun) = self.noun_of(start, through) else {
                continue;
            };
            let to = noun.to + usize::from(matches!(self.word(noun.to), "to" | "'s"));
            let named = frame
                .items
                .iter()
                .enumerate()
                .rev()
                .find_map(|(place, (item, _))| match item {
                    Item::Column(column)
                    | Item::TimeOf(column)
                    | Item::Figure(Figure {
                        of: Of::Column(column),
                        ..
                    }) if self.data.columns[*column].table == table => Some((Some(place), *column)),
                    _ => None,
                });
            // "earn more than": the one amount that their table holds.
            let (place, column) = match named {
                Some(named) => named,
                None => match self.main_amounts(table).as_slice() {
                    [amount] => (None, *amount),
                    _ => continue,
                },
            };
            if !self.comparable(column) && !self.data.columns[column].is_time() {
                continue;
            }
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            if let Some(place) = place {
                next.items.remove(place);
            }
            next.push(
                Item::Cond(Cond::Columns {
                    left: column,
                    operator,
                    right: column,
                    of_other: Some(through),
                }),
                (after, to),
            );
            out.push((to, next));
        }
    }
}
