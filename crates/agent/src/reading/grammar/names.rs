//! Nouns that name a table or a column: each goes to the rule that waits for one, or stands for itself.

use schema_gen::meaning::{Role, TableKind};

use super::super::anchors::{Anchor, What};
use super::super::cues::Cue;
use super::super::data::{ColumnId, TableId};
use super::super::dates;
use super::super::frame::{Ask, Cond, Figure, Frame, Item, KeyOf, Of, Pending};
use super::super::query::{Function, Operator};
use super::super::score::Feature;
use super::super::values::How;
use super::{Noun, NounOf, Reader, same_unit};
use crate::reading::lexicon;
use crate::reading::words::{Word, likeness};

impl Reader<'_> {
    /// Noun phrases that begin here, articles passed over.
    pub(super) fn nouns(&self, at: usize) -> Vec<Noun> {
        let mut start = at;
        while matches!(
            self.word(start),
            "the"
                | "a"
                | "an"
                | "our"
                | "their"
                | "its"
                | "my"
                | "his"
                | "her"
                | "your"
                | "those"
                | "these"
        ) {
            start += 1;
        }
        let mut nouns: Vec<Noun> = Vec::new();
        // "latest first" names no column.
        let ends_an_order = matches!(self.word(start), "first" | "last")
            && start > 0
            && (self.word(start - 1).ends_with("est")
                || matches!(self.word(start - 1), "best" | "worst"));
        for anchor in self.anchors.at.get(start).into_iter().flatten() {
            if ends_an_order && anchor.to == start + 1 {
                continue;
            }
            // "sum of post ids" is no amount, which "sum" may mean as a noun.
            if anchor.to == start + 1
                && anchor.score < 0.95
                && self.word(start + 1) == "of"
                && self.cues[start]
                    .iter()
                    .any(|(_, cue)| matches!(cue, Cue::Function(_)))
            {
                continue;
            }
            let what = match anchor.what {
                What::Table(table) => NounOf::Table(table),
                What::Column(column) => NounOf::Column(column),
                What::Metric(metric) => NounOf::Metric(metric),
                What::Value(_) => continue,
            };
            nouns.push(Noun {
                to: anchor.to,
                what,
                score: anchor.score,
                words: anchor.to - anchor.from,
            });
            self.of_table(anchor, &mut nouns);
        }
        self.unit_of(start, &mut nouns);
        self.superior(start, &mut nouns);
        self.full_name_of(start, &mut nouns);
        // Of two tables called alike, that of the things is meant and not that which says what belongs to what.
        let of_things = nouns.iter().any(|noun| {
            matches!(noun.what, NounOf::Table(table) if self.data.tables[table].kind != TableKind::Bridge && noun.score > 0.7)
        });
        if of_things {
            for noun in &mut nouns {
                if matches!(noun.what, NounOf::Table(table) if self.data.tables[table].kind == TableKind::Bridge)
                    && noun.score < 0.99
                {
                    noun.score -= 0.1;
                }
            }
        }
        nouns.sort_by(|one, two| two.score.total_cmp(&one.score));
        // A longer phrase that fits as well leaves less over; keep the best of each length.
        nouns.truncate(14);
        nouns
    }

    /// "full names of the employees" where first and last name are columns of their own.
    fn full_name_of(&self, at: usize, nouns: &mut Vec<Noun>) {
        if self.word(at) != "full" || !matches!(self.word(at + 1), "name" | "names") {
            return;
        }
        let mut after = at + 2;
        while matches!(
            self.word(after),
            "of" | "for" | "the" | "all" | "each" | "every" | "those"
        ) {
            after += 1;
        }
        for anchor in self.anchors.at.get(after).into_iter().flatten() {
            if let What::Table(table) = anchor.what
                && self.data.tables[table].label.len() > 1
            {
                nouns.push(Noun {
                    to: anchor.to,
                    what: NounOf::Table(table),
                    score: anchor.score,
                    words: anchor.to - at,
                });
            }
        }
    }

    /// "name of the customer", "customer's name": the column of that table.
    fn of_table(&self, anchor: &Anchor, nouns: &mut Vec<Noun>) {
        if let What::Column(column) = anchor.what
            && matches!(self.word(anchor.to), "of" | "for" | "in")
        {
            let mut after = anchor.to + 1;
            while matches!(
                self.word(after),
                "the" | "a" | "an" | "all" | "our" | "each" | "every"
            ) {
                if matches!(self.word(after), "each" | "every") {
                    return;
                }
                after += 1;
            }
            for other in self.anchors.at.get(after).into_iter().flatten() {
                if other.what == What::Table(self.data.columns[column].table) && other.score > 0.6 {
                    nouns.push(Noun {
                        to: other.to,
                        what: NounOf::Column(column),
                        score: (anchor.score + 0.12).min(1.05) * (0.8 + 0.2 * other.score),
                        words: other.to - anchor.from,
                    });
                }
            }
        }
        if let What::Table(table) = anchor.what {
            // "guest name" where first and last name are columns of their own.
            if matches!(self.word(anchor.to), "name" | "names")
                && self.data.tables[table].label.len() > 1
            {
                nouns.push(Noun {
                    to: anchor.to + 1,
                    what: NounOf::Table(table),
                    score: (anchor.score + 0.1).min(1.0),
                    words: 2,
                });
            }
            let after = anchor.to + usize::from(self.word(anchor.to) == "'s");
            if after == anchor.to {
                return;
            }
            for other in self.anchors.at.get(after).into_iter().flatten() {
                if let What::Column(column) = other.what
                    && self.data.columns[column].table == table
                {
                    nouns.push(Noun {
                        to: other.to,
                        what: NounOf::Column(column),
                        score: (other.score + 0.12).min(1.05),
                        words: other.to - anchor.from,
                    });
                }
            }
        }
    }

    pub(super) fn use_name(&self, frame: &mut Frame, noun: &Noun) {
        let from = noun.to.saturating_sub(noun.words);
        if matches!(noun.what, NounOf::Table(_))
            && noun.words == 1
            && from > 0
            && matches!(self.word(from - 1), "we" | "i" | "they" | "you")
            && matches!(
                self.word(from),
                "hold" | "keep" | "stock" | "own" | "have" | "run"
            )
        {
            // "copies we hold" speaks of no holds.
            frame.add(Feature::NameMisfit, 1.0);
        }
        frame.add(Feature::NameUsed, 1.0);
        frame.add(Feature::NameMisfit, (1.0 - noun.score).max(-0.1));
        if noun.words > 1 {
            frame.add(Feature::LongPhrase, (noun.words as f64 - 1.0).min(3.0));
        }
    }

    pub(super) fn nouns_here(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        if self.word(at) == "headcount" && frame.pending.is_none() {
            for noun in self.nouns(at) {
                if let NounOf::Table(table) = noun.what {
                    let mut next = frame.clone();
                    self.use_name(&mut next, &noun);
                    next.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                        (at, noun.to),
                    );
                    out.push((noun.to, next));
                }
            }
        }
        for noun in self.nouns(at) {
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            let span = (at, noun.to);
            if let NounOf::Metric(metric) = noun.what {
                self.metric(next, metric, span, out);
                continue;
            }
            match next.pending.take() {
                Some((Pending::Count { distinct }, _)) => {
                    self.counted(next, &noun, distinct, span, out);
                }
                Some((Pending::HowMuch, from)) => match noun.what {
                    NounOf::Column(column) if self.data.columns[column].is_number() => {
                        self.figure(next, None, Of::Column(column), span, out);
                    }
                    _ => {
                        next.pending = Some((Pending::HowMuch, from));
                        self.bare(next, &noun, span, out);
                    }
                },
                Some((Pending::Function(function), _)) => {
                    self.applied(next, function, &noun, span, out);
                }
                Some((Pending::Several(functions), _)) => {
                    if let NounOf::Column(column) = noun.what {
                        for function in functions {
                            self.suits(&mut next, function, column);
                            next.push(
                                Item::Figure(Figure::new(Some(function), Of::Column(column))),
                                span,
                            );
                        }
                        out.push((noun.to, next));
                    }
                }
                Some((Pending::Nested(outer, inner), _)) => {
                    self.nested(next, outer, &inner, &noun, span, out);
                }
                Some((
                    Pending::Superlative {
                        descending,
                        limit,
                        offset,
                        is_top,
                    },
                    _,
                )) => {
                    self.most(next, &noun, (descending, limit, offset, is_top), span, out);
                }
                Some((Pending::Key, from)) => self.key(next, &noun, from, span, out),
                Some((Pending::Per, _)) => self.per(next, &noun, span, out),
                Some((Pending::OrderBy { descending }, _)) => {
                    self.ordered(next, &noun, descending, span, out);
                }
                Some((Pending::Without, _)) => self.without(next, &noun, span, out),
                Some((Pending::Show, _)) | None => self.bare(next, &noun, span, out),
            }
        }
    }

    /// "total kWh", "kWh per m2": what is kept in that unit, where the word names nothing else.
    fn unit_of(&self, at: usize, nouns: &mut Vec<Noun>) {
        let is_said = at > 0 && matches!(self.word(at - 1), "in" | "as" | "into");
        let has_a_number = at > 0 && self.number(at - 1).is_some();
        if is_said || has_a_number || nouns.iter().any(|noun| noun.score > 0.6) {
            return;
        }
        let word = self.word(at);
        let is_time =
            dates::unit(word).is_some() || matches!(word, "min" | "mins" | "sec" | "secs");
        for (column, info) in self.data.columns.iter().enumerate() {
            let of_it = info.unit.as_deref().is_some_and(|own| {
                same_unit(own, word) && !matches!(own, "eur" | "usd" | "gbp" | "chf" | "pct")
            });
            if of_it && !is_time && info.role.is_measure() {
                nouns.push(Noun {
                    to: at + 1,
                    what: NounOf::Column(column),
                    score: 0.85,
                    words: 1,
                });
            }
        }
    }

    /// A name without a function before it.
    fn bare(
        &self,
        mut next: Frame,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let negated = next.negated;
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                if matches!(next.items.last(), Some((Item::Distinct, _)))
                    && next.ask().is_none()
                    && negated.is_none()
                {
                    let mut counted = next.clone();
                    counted.items.pop();
                    counted.add(Feature::AssumedFunction, 0.5);
                    counted.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                if negated.is_some() {
                    next.negated = None;
                    let mut none = next.clone();
                    none.push(
                        Item::Cond(Cond::Has {
                            table,
                            operator: Operator::Equal,
                            count: 0.0,
                        }),
                        span,
                    );
                    out.push((noun.to, none));
                    next.negated = negated;
                }
                if let Some(column) = self.amount_said(table, noun)
                    && negated.is_none()
                {
                    let mut amount = next.clone();
                    amount.add(Feature::AssumedColumn, 0.3);
                    let lists = next.has(|item| {
                        matches!(
                            item,
                            Item::Ask(Ask::List | Ask::Which | Ask::Who | Ask::HowMany)
                        )
                    });
                    amount.add(Feature::AssumedFunction, if lists { 1.2 } else { 0.2 });
                    amount.push(
                        Item::Figure(Figure::new(Some(Function::Sum), Of::Column(column))),
                        span,
                    );
                    out.push((noun.to, amount));
                }
                next.push(Item::Entity(table), span);
                out.push((noun.to, next));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if info.role == Role::Flag {
                    // "fragile vs non-fragile": both sides make groups.
                    let other = next.items.iter().position(|(item, _)| matches!(item, Item::Cond(Cond::Flag { column: own, yes }) if *own == column && *yes != negated.is_none()));
                    if let Some(other) = other {
                        let mut groups = next.clone();
                        groups.negated = None;
                        groups.items[other].0 = Item::Key(KeyOf::Column(column));
                        out.push((noun.to, groups));
                        return;
                    }
                    let mut flag = next.clone();
                    flag.negated = None;
                    if self.describes_another(span.0, noun.to, column) {
                        flag.add(Feature::ValueMisfit, 1.0);
                    }
                    flag.push(
                        Item::Cond(Cond::Flag {
                            column,
                            yes: negated.is_none(),
                        }),
                        span,
                    );
                    flag.add(Feature::FlagAdjective, 1.0);
                    out.push((noun.to, flag));
                }
                if matches!(next.items.last(), Some((Item::Clause, _)))
                    && matches!(self.word(span.0), "a" | "an" | "any")
                    && info.stats.nulls > 0
                    && info.role != Role::Flag
                    && negated.is_none()
                {
                    // "replies that have a comment"
                    let mut filled = next.clone();
                    filled.items.pop();
                    filled.push(
                        Item::Cond(Cond::Null {
                            column,
                            is_null: false,
                        }),
                        span,
                    );
                    filled.add(Feature::NullUsed, 1.0);
                    out.push((noun.to, filled));
                }
                if info.is_time() {
                    let mut hint = next.clone();
                    hint.push(Item::TimeOf(column), span);
                    hint.add(Feature::TimeAsEvent, 0.5);
                    let is_stored = self.anchors.at[span.0].iter().any(|other| {
                        matches!(&other.what, What::Value(one) if one.how <= How::Folded && self.data.columns[one.column].table == info.table)
                    });
                    if is_stored && self.times.get(noun.to).is_none_or(Vec::is_empty) {
                        // "paid fines": the status that is called so.
                        hint.add(Feature::TimeAsEvent, 1.0);
                    }
                    if negated.is_some() {
                        hint.items.pop();
                        hint.negated = None;
                        hint.push(
                            Item::Cond(Cond::Null {
                                column,
                                is_null: true,
                            }),
                            span,
                        );
                    } else if info.stats.nulls > 0 {
                        let mut filled = hint.clone();
                        filled.push(
                            Item::Cond(Cond::Null {
                                column,
                                is_null: false,
                            }),
                            span,
                        );
                        filled.add(Feature::NullUsed, 1.0);
                        filled.add(Feature::Unsure, 0.7);
                        out.push((noun.to, filled));
                    }
                    out.push((noun.to, hint));
                }
                let is_measure = info.role.is_measure();
                if is_measure {
                    // Bare amounts are summed, bare levels averaged, where the question is one for figures.
                    let mut figure = next.clone();
                    figure.add(Feature::AssumedFunction, 1.0);
                    figure.push(Item::Figure(Figure::new(None, Of::Column(column))), span);
                    out.push((noun.to, figure));
                    if let Some(function) = self.function_shared(&next, column, span.0) {
                        let mut like = next.clone();
                        self.suits(&mut like, function, column);
                        like.push(
                            Item::Figure(Figure::new(Some(function), Of::Column(column))),
                            span,
                        );
                        out.push((noun.to, like));
                    }
                }
                if matches!(next.items.last(), Some((Item::Distinct, _))) && next.ask().is_none() {
                    let mut counted = next.clone();
                    counted.items.pop();
                    counted.add(Feature::AssumedFunction, 0.5);
                    counted.push(
                        Item::Figure(Figure::new(
                            Some(Function::CountDistinct),
                            Of::Column(column),
                        )),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                if info.role == Role::Identifier
                    && !self.is_own_key(column)
                    && next.ask().is_none()
                    && noun.words == 1
                    && info.words.len() > 1
                    && info.words.last().is_some_and(|word| {
                        matches!(word.lemma.as_str(), "id" | "no" | "number" | "nr" | "key")
                    })
                {
                    // "sessions per month": things that have no table of their own are counted by what tells them apart.
                    let mut counted = next.clone();
                    counted.add(Feature::AssumedFunction, 1.0);
                    counted.push(
                        Item::Figure(Figure::new(
                            Some(Function::CountDistinct),
                            Of::Column(column),
                        )),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                // "in year 2007"
                let is_lead =
                    info.role == Role::Year && self.tokens[noun.to - 1].word.lemma == "year";
                if (info.is_time() || is_lead)
                    && self
                        .times
                        .get(noun.to)
                        .is_some_and(|times| !times.is_empty())
                {
                    // "placed in March" says which time, not what is shown.
                    next.add(Feature::LostFunction, 0.6);
                }
                if let [.., (Item::Or, _), (Item::And, _)] = next.items.as_slice()
                    && let Some((
                        Item::Cond(Cond::Null {
                            column: before,
                            is_null: true,
                        }),
                        _,
                    )) = next
                        .items
                        .iter()
                        .rev()
                        .find(|(item, _)| !matches!(item, Item::And | Item::Or))
                    && self.data.columns[*before].table == info.table
                {
                    // "lack a manufacturer or a value": either is missing.
                    let mut missing = next.clone();
                    missing.push(
                        Item::Cond(Cond::Null {
                            column,
                            is_null: true,
                        }),
                        span,
                    );
                    missing.add(Feature::NullUsed, 1.0);
                    out.push((noun.to, missing));
                }
                if span.0 > 0 && matches!(self.word(span.0 - 1), "by" | "per") {
                    // What stands after it is rarely just one more column.
                    next.add(Feature::LostFunction, 0.6);
                }
                if noun.words == 1
                    && noun.score < 0.9
                    && self.is_beside_its_like(&next, column, noun.to - 1)
                {
                    // Said alone the word would name the column of many a table.
                    next.add(Feature::NameMisfit, noun.score - 0.9);
                }
                next.push(Item::Column(column), span);
                out.push((noun.to, next));
            }
        }
    }

    /// "total Jan, Feb and Mar": what was said of the first is meant of all.
    fn function_shared(&self, frame: &Frame, column: ColumnId, from: usize) -> Option<Function> {
        let mut before = frame.items.iter().rev().map(|(item, _)| item).peekable();
        if before.next_if(|item| matches!(item, Item::And)).is_none() && !self.after_comma(from) {
            return None;
        }
        match before.next() {
            Some(Item::Figure(Figure {
                function: Some(function),
                of: Of::Column(other),
                ..
            })) if self.data.columns[*other].table == self.data.columns[column].table
                && self.data.columns[*other].role == self.data.columns[column].role =>
            {
                Some(*function)
            }
            _ => None,
        }
    }

    /// What is added up where the table's name speaks of it and not of rows: "ad spend" of `ad_spend`, "hours logged" of
    /// `hours_log`.
    fn amount_said(&self, table: TableId, noun: &Noun) -> Option<ColumnId> {
        let said = noun.to.saturating_sub(noun.words)..noun.to;
        let is_money = lexicon::money(self.word(noun.to - 1)).is_some_and(|money| !money.is_given);
        if is_money {
            return self.data.main_amount(table);
        }
        let names = |word: &Word| {
            said.clone()
                .any(|at| self.tokens[at].word.lemma == word.lemma)
        };
        let own = &self.data.tables[table].words;
        self.data.tables[table]
            .columns
            .iter()
            .copied()
            .find(|&column| {
                let info = &self.data.columns[column];
                info.role.is_additive()
                    && own.len() > 1
                    && matches!(info.words.as_slice(), [only] if names(only) && own.contains(only))
            })
    }

    /// "name and id", "budget type codes and descriptions": a word that many columns are called by, after another column of
    /// the same table or after the table itself, where only one column of it can be meant.
    fn is_beside_its_like(&self, frame: &Frame, column: ColumnId, at: usize) -> bool {
        let mut before = frame.items.iter().rev().map(|(item, _)| item).peekable();
        if before.next_if(|item| matches!(item, Item::And)).is_none() && !self.after_comma(at) {
            return false;
        }
        let (table, last) = match before.next() {
            Some(Item::Column(last)) => (self.data.columns[*last].table, Some(*last)),
            Some(Item::Entity(table)) => (*table, None),
            _ => return false,
        };
        let said = &self.tokens[at].word;
        let is_head = self.data.columns[column]
            .words
            .last()
            .is_some_and(|head| likeness(said, head) > 0.9);
        if self.data.columns[column].table != table || last == Some(column) || !is_head {
            return false;
        }
        let rivals: Vec<ColumnId> = self.anchors.at[at]
            .iter()
            .filter_map(|anchor| match anchor.what {
                What::Column(other) if self.data.columns[other].table == table => Some(other),
                _ => None,
            })
            .filter(|other| Some(*other) != last)
            .collect();
        if rivals == [column] || self.is_own_key(column) {
            return true;
        }
        // All but the last word alike.
        let head = |column: ColumnId| {
            let words = &self.data.columns[column].words;
            &words[..words.len().saturating_sub(1)]
        };
        last.is_some_and(|last| !head(last).is_empty() && head(last) == head(column))
    }

    fn after_comma(&self, mut at: usize) -> bool {
        while at > 0 && matches!(self.word(at - 1), "the" | "a" | "an" | "their" | "its") {
            at -= 1;
        }
        at > 0 && self.word(at - 1) == ","
    }
}
