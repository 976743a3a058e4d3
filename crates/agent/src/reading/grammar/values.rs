//! Values of columns: stored texts, full names in quotes, and numbers as in "grade 12".

use schema_gen::meaning::Role;

use super::super::anchors::What;
use super::super::cues::Cue;
use super::super::data::ColumnId;
use super::super::frame::{By, Cond, Figure, Frame, Item, Of, Pending};
use super::super::query::{Function, Operator, Value};
use super::super::score::Feature;
use super::super::values::How;
use super::Reader;
use crate::reading::tokens::Kind;

impl Reader<'_> {
    /// "Eric Tai" in quotes, where first and last name stand apart.
    fn full_name(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        if token.kind != Kind::Quoted {
            return;
        }
        let Some((first, last)) = token.text.split_once(' ') else {
            return;
        };
        for table in &self.data.tables {
            let [one, two] = table.label.as_slice() else {
                continue;
            };
            for (first, last) in [(first, last), (last, first)] {
                let find = |text: &str, column: ColumnId| {
                    self.values
                        .find(text.trim_matches([',', ' ']), false)
                        .into_iter()
                        .find(|found| found.column == column)
                };
                if let (Some(first), Some(last)) = (find(first, *one), find(last, *two)) {
                    let mut next = frame.clone();
                    let negated = next.negated.take().is_some();
                    for found in [first, last] {
                        next.push(
                            Item::Cond(Cond::Is {
                                column: found.column,
                                values: found.values,
                                negated,
                            }),
                            (at, at + 1),
                        );
                    }
                    next.add(Feature::ValueUsed, 1.0);
                    out.push((at + 1, next));
                }
            }
        }
    }

    pub(super) fn values_here(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        self.full_name(frame, at, out);
        let mut start = at;
        while matches!(self.word(start), "the" | "a" | "an" | "our") {
            start += 1;
        }
        for anchor in self.anchors.at.get(start).into_iter().flatten() {
            let What::Value(found) = &anchor.what else {
                continue;
            };
            let mut next = frame.clone();
            let column = found.column;
            let length = anchor.to - anchor.from;
            next.add(Feature::ValueUsed, 1.0);
            next.add(Feature::ValueMisfit, 1.0 - anchor.score);
            // "in 2026" is no number of a row.
            if self.number(start).is_some()
                && !self.times[start].is_empty()
                && self.data.columns[column].role == Role::Identifier
            {
                next.add(Feature::ValueMisfit, 1.0);
            }
            // "max priority" is no owner called Max, nor "average priority" a topic called Average.
            if length == 1
                && self.is_figure_word(start)
                && !found.values.contains(&self.tokens[start].text)
            {
                next.add(Feature::ValueMisfit, 1.0);
            }
            // "runs" are rows of `prod_runs` sooner than what is `running`.
            let is_name = found.how == How::Inflected
                && self.anchors.at[start].iter().any(|other| {
                    other.to == anchor.to
                        && other.score > 0.6
                        && matches!(other.what, What::Table(_))
                });
            if is_name {
                next.add(Feature::ValueMisfit, 0.5);
            }
            if length > 1 {
                next.add(Feature::LongPhrase, (length as f64 - 1.0).min(3.0));
            }
            let rivals = self.anchors.at[start]
                .iter()
                .filter(|other| other.to == anchor.to && matches!(&other.what, What::Value(other) if other.how <= found.how && other.column != column))
                .count();
            let mut named = false;
            // The column's name before or after the value: "status active", "the Marketing department".
            let leads_there = |before: ColumnId| {
                self.data
                    .edge_of(before)
                    .is_some_and(|edge| self.data.edges[edge].to == self.data.columns[column].table)
            };
            if let Some(&(Item::Column(before), span)) = next.items.last()
                && (before == column || leads_there(before) && frame.items.len() > 1)
                && span.1 + 7 > at
            {
                next.items.pop();
                named = true;
            } else if let Some(position) = next.items.len().checked_sub(2)
                && matches!(next.items[position + 1].0, Item::Clause)
                && next.items[position].0 == Item::Column(column)
            {
                next.items.truncate(position);
                named = true;
            }
            if let Some((Item::Entity(before), span)) = next.items.last()
                && self.data.tables[*before].label.contains(&column)
                && span.1 == at
                && next.items.len() > 1
            {
                next.items.pop();
                named = true;
            }
            if !named {
                let after = self.anchors.at.get(anchor.to).into_iter().flatten();
                let best = after
                    .filter(|other| {
                        other.score > 0.6
                            && match other.what {
                                What::Column(other) => other == column,
                                What::Table(table) => {
                                    self.data.tables[table].label.contains(&column)
                                        && table == self.data.columns[column].table
                                        && frame.has(|item| {
                                            matches!(
                                                item,
                                                Item::Entity(_) | Item::Figure(_) | Item::Column(_)
                                            )
                                        })
                                }
                                What::Value(_) | What::Metric(_) => false,
                            }
                    })
                    .max_by_key(|other| other.to);
                if let Some(best) = best {
                    let mut longer = next.clone();
                    longer.add(Feature::LongPhrase, 1.0);
                    self.is_value(longer, found, anchor.from, best.to, rivals, true, out);
                }
            }
            if named {
                next.add(Feature::LongPhrase, 1.0);
            }
            self.is_value(next, found, at, anchor.to, rivals, named, out);
        }
    }

    /// Whether the word alone says what is made of a number: "max", "average", "count".
    fn is_figure_word(&self, at: usize) -> bool {
        self.tokens[at].kind == Kind::Word
            && self.says_alone(at, |cue| {
                matches!(
                    cue,
                    Cue::Function(_)
                        | Cue::Count { .. }
                        | Cue::Superlative { .. }
                        | Cue::Top { .. }
                        | Cue::Share
                )
            })
    }

    /// "active projects" where projects have a word for it themselves: whose clients are active is not meant.
    pub(super) fn describes_another(&self, from: usize, to: usize, column: ColumnId) -> bool {
        let own = self.data.columns[column].table;
        let noun = self.anchors.at.get(to).and_then(|after| {
            after.iter().find_map(|anchor| match anchor.what {
                What::Table(table) if anchor.score > 0.7 => Some(table),
                _ => None,
            })
        });
        let Some(noun) = noun.filter(|noun| *noun != own) else {
            return false;
        };
        self.anchors.at[from].iter().any(|other| {
            let column = match &other.what {
                What::Value(one) if one.how <= How::Inflected => one.column,
                What::Column(column) if self.data.columns[*column].role == Role::Flag => *column,
                _ => return false,
            };
            other.to == to && self.data.columns[column].table == noun
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn is_value(
        &self,
        mut next: Frame,
        found: &super::super::values::Match,
        from: usize,
        to: usize,
        rivals: usize,
        named: bool,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let column = found.column;
        // "French and Spanish": of one column where one has both.
        if matches!(next.items.last(), Some((Item::And | Item::Or, _)))
            && let Some((Item::Cond(Cond::Is { column: before, .. }), _)) =
                next.items.iter().rev().find(|(item, _)| !matches!(item, Item::And | Item::Or))
            && *before != column
            && self.anchors.at[from].iter().any(|other| matches!(&other.what, What::Value(other) if other.column == *before && other.how <= found.how))
        {
            next.add(Feature::AssumedValueColumn, 1.5);
        }
        let is_doer = self.is_doer(from, to, column);
        if is_doer {
            next.add(Feature::LongPhrase, 0.5);
        }
        if !named && !is_doer && rivals > 0 {
            next.add(Feature::AssumedValueColumn, (1.0 + rivals as f64).ln());
        }
        if self.describes_another(from, to, column) {
            next.add(Feature::ValueMisfit, 1.0);
        }
        if matches!(next.pending, Some((Pending::Per, _))) && !named {
            // "residents per nurse" is no condition.
            next.add(Feature::LostFunction, 1.0);
        }
        let negated = next.negated.take().is_some();
        // "without", "no": a value denies as a noun does.
        let without = matches!(next.pending, Some((Pending::Without, _)));
        if without {
            next.pending = None;
        }
        if matches!(next.pending, Some((Pending::Count { .. }, _)))
            && found.how <= How::Inflected
            && !negated
        {
            // "how many purchases": rows whose kind that is.
            let mut rows = next.clone();
            rows.pending = None;
            let mut table = self.data.columns[column].table;
            let mut referring = self.data.edges.iter().filter(|edge| edge.to == table);
            if self.data.tables[table].label.contains(&column)
                && let (Some(edge), None) = (referring.next(), referring.next())
            {
                // "how many ladders": of the kind that is called so.
                table = edge.from;
            }
            rows.push(
                Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                (from, from),
            );
            rows.push(
                Item::Cond(Cond::Is {
                    column,
                    values: found.values.clone(),
                    negated: false,
                }),
                (from, to),
            );
            rows.add(Feature::ValueAsRows, 1.0);
            out.push((to, rows));
        }
        if let Some((
            Pending::Superlative {
                descending,
                limit,
                offset,
                is_top: false,
            },
            _,
        )) = next.pending
            && !negated
        {
            // "using the most gas": by the amount of what happened, where it was that.
            let table = self.data.columns[column].table;
            let events = (0..self.data.tables.len()).filter(|&event| {
                self.data.tables[event].time.is_some()
                    && (event == table || !self.data.paths_up(event, table).is_empty())
            });
            for event in events {
                let amount = self.data.tables[event]
                    .columns
                    .iter()
                    .copied()
                    .find(|&column| self.data.columns[column].role.is_additive());
                let Some(amount) = amount else { continue };
                let mut most = next.clone();
                most.pending = None;
                most.push(
                    Item::first_by(
                        By::Of(Of::Column(amount)),
                        Some(Function::Sum),
                        (descending, limit, offset),
                    ),
                    (from, from),
                );
                most.push(
                    Item::Cond(Cond::Is {
                        column,
                        values: found.values.clone(),
                        negated: false,
                    }),
                    (from, to),
                );
                most.add(Feature::AssumedColumn, 1.0);
                most.add(Feature::Superlative, 1.0);
                out.push((to, most));
            }
        }
        if !negated && found.how <= How::Inflected {
            if self.counted_beside(&next, found, (from, to), out) {
                next.add(Feature::Unsure, 1.0);
            }
            self.value_per_value(&next, found, (from, to), out);
        }
        if self.word(to) == "rate" && !negated {
            // "refund rate": the share of rows that have the value.
            let mut share = next.clone();
            let table = self.data.columns[column].table;
            share.pending = None;
            share.push(Item::Share, (from, from));
            share.push(Item::Entity(table), (from, from));
            share.push(
                Item::Cond(Cond::Is {
                    column,
                    values: found.values.clone(),
                    negated: false,
                }),
                (from, to),
            );
            share.add(Feature::ValueAsRows, 1.0);
            out.push((to + 1, share));
        }
        if matches!(next.pending, Some((Pending::Key | Pending::Per, _))) {
            // "by Lukas", not a key.
            next.pending = None;
        }
        let cond = Cond::Is {
            column,
            values: found.values.clone(),
            negated: negated || without,
        };
        // Values of one column in a row are alternatives, unless "both" was said.
        let both = next.has(|item| matches!(item, Item::Both | Item::Versus));
        if !both && !negated && self.is_one_more_of(&next, column, from) {
            let mut each = next.clone();
            each.push(Item::Both, (from, from));
            each.push(Item::Cond(cond.clone()), (from, to));
            out.push((to, each));
            next.add(Feature::Unsure, 1.0);
        }
        let joined = next
            .items
            .iter()
            .rposition(|(item, _)| !matches!(item, Item::And | Item::Or | Item::Clause));
        if !both
            && let Some(at) = joined
            && at + 1 < next.items.len()
            && let Item::Cond(Cond::Is {
                column: before,
                values,
                negated: before_negated,
            }) = &mut next.items[at].0
            && *before == column
            && (*before_negated == negated || *before_negated)
        {
            values.extend(found.values.iter().cloned());
            next.items.truncate(at + 1);
            out.push((to, next));
            return;
        }
        next.push(Item::Cond(cond), (from, to));
        out.push((to, next));
    }

    /// "a starter and a dessert", "in hardcover and as an ebook": two of them, where "in Rome and Paris" may be either.
    fn is_one_more_of(&self, frame: &Frame, column: ColumnId, from: usize) -> bool {
        let [
            ..,
            (
                Item::Cond(Cond::Is {
                    column: before,
                    negated: false,
                    ..
                }),
                span,
            ),
            (Item::And, _),
        ] = frame.items.as_slice()
        else {
            return false;
        };
        let leads = |at: usize| {
            let article = matches!(self.word(at), "a" | "an");
            article || matches!(self.word(at), "in" | "at" | "to" | "as" | "for" | "from")
        };
        // Its article may stand within the phrase.
        let led = |at: usize| leads(at) || at > 0 && leads(at - 1);
        *before == column && led(span.0) && led(from)
    }

    /// "the number of visits, the no-shows and the total fees": among figures a value counts its rows. Whether it stands
    /// there.
    fn counted_beside(
        &self,
        frame: &Frame,
        found: &super::super::values::Match,
        (from, to): (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) -> bool {
        let mut start = from;
        while start > 0 && matches!(self.word(start - 1), "the" | "a" | "an") {
            start -= 1;
        }
        let listed = start > 0 && matches!(self.word(start - 1), "," | "and" | "&");
        let before = frame
            .items
            .iter()
            .rev()
            .find(|(item, _)| !matches!(item, Item::And));
        let Some((Item::Figure(figure), _)) = before else {
            return false;
        };
        let table = self.data.columns[found.column].table;
        let is_near = self.data.table_of(&figure.of) == table;
        let ends =
            to == self.tokens.len() || matches!(self.word(to), "," | "and" | "&" | "." | "?");
        if !listed || !is_near || !ends || frame.pending.is_some() {
            return false;
        }
        let mut next = frame.clone();
        next.push(
            Item::Figure(Figure {
                function: Some(Function::Count),
                of: Of::Rows(table),
                only: vec![Cond::Is {
                    column: found.column,
                    values: found.values.clone(),
                    negated: false,
                }],
            }),
            (from, to),
        );
        out.push((to, next));
        true
    }

    /// "exports per search": the rows of one kind by those of another.
    fn value_per_value(
        &self,
        frame: &Frame,
        found: &super::super::values::Match,
        (from, to): (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        if !matches!(frame.pending, Some((Pending::Per, _))) {
            return;
        }
        let Some((
            Item::Cond(Cond::Is {
                column,
                values,
                negated: false,
            }),
            span,
        )) = frame.items.last()
        else {
            return;
        };
        if *column != found.column || values == &found.values {
            return;
        }
        let counted = |values: &[String]| Figure {
            function: Some(Function::Count),
            of: Of::Rows(self.data.columns[*column].table),
            only: vec![Cond::Is {
                column: *column,
                values: values.to_vec(),
                negated: false,
            }],
        };
        let ratio = Item::Ratio {
            over: counted(values),
            under: counted(&found.values),
            percent: false,
        };
        let span = (span.0.min(from), to);
        let mut next = frame.clone();
        next.pending = None;
        next.items.pop();
        next.push(ratio, span);
        next.add(Feature::ValueAsRows, 1.0);
        out.push((to, next));
    }

    /// Whether a verb beside the value says what its column is called after: "tickets that May owns" of an `owner`,
    /// "managed by Ann" of a `manager`.
    fn is_doer(&self, from: usize, to: usize, column: ColumnId) -> bool {
        let words = &self.data.columns[column].words;
        let names = |at: usize| {
            self.tokens.get(at).is_some_and(|token| {
                let verb = token.word.lemma.as_str();
                verb.len() >= 3
                    && words.iter().any(|word| {
                        word.lemma
                            .strip_prefix(verb)
                            .is_some_and(|end| matches!(end, "er" | "or" | "r"))
                    })
            })
        };
        names(to) || from > 1 && self.word(from - 1) == "by" && names(from - 2)
    }

    /// A number that is the value of the column named before or after it: "year 9", "grade 12", "flight 505".
    pub(super) fn numbers(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        let Some(number) = self.number(at) else {
            return;
        };
        if matches!(token.lower.as_str(), "one" | "once") {
            return;
        }
        // "in 2026" is no number of a row.
        let dated = at > 0
            && matches!(
                self.word(at - 1),
                "in" | "since" | "during" | "until" | "before" | "after" | "from"
            );
        if dated && !self.times[at].is_empty() {
            return;
        }
        let mut last = frame.items.len();
        while last > 0 && matches!(frame.items[last - 1].0, Item::Clause) {
            last -= 1;
        }
        let negated = frame.negated.is_some();
        let operator = if negated {
            Operator::NotEqual
        } else {
            Operator::Equal
        };
        let equal = |next: &mut Frame, column: ColumnId| {
            let info = &self.data.columns[column];
            let value = if info.is_number() {
                Value::Number(number)
            } else {
                Value::Text(token.text.clone())
            };
            next.negated = None;
            next.push(
                Item::Cond(Cond::Compare {
                    column,
                    operator,
                    value,
                }),
                (at, at + 1),
            );
        };
        if let [
            ..,
            (
                Item::Cond(Cond::Compare {
                    column,
                    operator: Operator::Equal,
                    ..
                }),
                _,
            ),
            (Item::Or, _),
            (Item::And, or),
        ] = frame.items.as_slice()
            && or.1 == at
        {
            // "grade 9 or 10"
            let mut next = frame.clone();
            equal(&mut next, *column);
            out.push((at + 1, next));
        }
        if last > 0 {
            let (item, span) = frame.items[last - 1].clone();
            let near = span.1 + 2 >= at;
            match item {
                Item::Column(column)
                    if near
                        && (self.data.columns[column].is_number()
                            || self
                                .values
                                .find(&token.text, false)
                                .iter()
                                .any(|found| found.column == column)) =>
                {
                    let mut next = frame.clone();
                    next.items.truncate(last - 1);
                    if self.data.columns[column].role.is_measure() {
                        next.add(Feature::Unsure, 0.5);
                    }
                    equal(&mut next, column);
                    out.push((at + 1, next));
                }
                Item::Entity(table) if near => {
                    // "order 1042": its key.
                    if let [key] = self.data.tables[table].key.as_slice() {
                        let mut next = frame.clone();
                        next.add(Feature::AssumedColumn, 0.5);
                        equal(&mut next, *key);
                        out.push((at + 1, next));
                    }
                }
                _ => {}
            }
        }
        // "five departments with the most …": so many of them.
        if number >= 1.0 && number.fract() == 0.0 && number <= 1000.0 {
            let counts = self
                .anchors
                .at
                .get(at + 1)
                .into_iter()
                .flatten()
                .any(|anchor| anchor.score > 0.6 && !matches!(anchor.what, What::Value(_)));
            if counts {
                let mut next = frame.clone();
                next.push(Item::Limit(number as u64), (at, at + 1));
                out.push((at + 1, next));
            }
        }
        // "12 months" and the like are handled by times; "limit 5", "first 5".
        if at > 0
            && matches!(self.word(at - 1), "first" | "limit" | "just" | "only")
            // "just 2026"
            && self.times[at].is_empty()
            && number >= 1.0
        {
            let mut next = frame.clone();
            next.push(Item::Limit(number as u64), (at, at + 1));
            out.push((at + 1, next));
        }
        // A code that is stored as a number, in a key or label.
        if token.text.len() >= 3
            && token.text.chars().all(|letter| letter.is_ascii_digit())
            && !(token.text.len() == 4 && (1900.0..=2100.0).contains(&number))
            && number.fract() == 0.0
            && !frame.has(|item| matches!(item, Item::Order { .. }))
        {
            for (column, info) in self.data.columns.iter().enumerate() {
                let coded =
                    matches!(info.role, Role::Identifier) && !info.is_foreign && info.is_number();
                if coded
                    && info.stats.min.is_some_and(|min| min <= number)
                    && info.stats.max.is_some_and(|max| max >= number)
                {
                    let mut next = frame.clone();
                    next.add(Feature::NumberWithoutPlace, 0.7);
                    equal(&mut next, column);
                    out.push((at + 1, next));
                }
            }
        }
    }
}
