//! What stands beside an answer: which words were found in the data, and what was assumed.

use std::collections::HashSet;

use schema_gen::meaning::Role;

use super::names::Names;
use super::text::{capitalized, listed, period, quoted};
use crate::event::MatchedValue;
use crate::reading::anchors::joined;
use crate::reading::build::{MOST_COLUMNS, Reading};
use crate::reading::data::{ColumnId, Data, EdgeId, TableId};
use crate::reading::dates::Time;
use crate::reading::decide::Tied;
use crate::reading::frame::{By, Cond, Figure, Frame, Item, KeyOf, Of};
use crate::reading::lexicon;
use crate::reading::query::{
    Aggregate, Condition, Expr, Measure, OrderBy, Query, Ref, Rows, Select,
};
use crate::reading::score::{Feature, Features};
use crate::reading::tokens::{Kind, Token};
use crate::reading::values::fold;
use crate::reading::words::{lemma, stem, within_one_edit};

/// Longest phrase that is looked at for a value.
const MAX_WORDS: usize = 8;
/// Of a row's name.
const MAX_NAME_CHARS: usize = 80;
/// Other date columns named beside the one that was taken.
const MAX_OTHERS: usize = 3;

/// All notes of a reading, each once: what was assumed, chosen and forgiven.
pub fn notes(reading: &Reading, data: &Data, tokens: &[Token]) -> Vec<String> {
    let mut all = assumptions(&reading.frame, &reading.features, data);
    all.extend(choices(reading, data));
    all.extend(folded_groups(&reading.query, data));
    all.extend(spellings(&values(
        &reading.query,
        data,
        tokens,
        &reading.frame,
    )));
    let mut seen = HashSet::new();
    all.retain(|note| seen.insert(note.clone()));
    all
}

/// What the rows of a result do not show: what ties with the last one, where the data ends, which columns are left out.
pub fn ends(query: &Query, tied: Option<&Tied>, is_nothing: bool, data: &Data) -> Vec<String> {
    let mut said: Vec<String> = tied
        .map(|tied| ties(query, tied, data))
        .into_iter()
        .collect();
    if let Some(end) = query.beyond_the_end(data).filter(|_| is_nothing) {
        said.push(format!(
            "Nothing is stored after {} ({}).",
            end.latest.get(..10).unwrap_or(end.latest),
            Names::new(data).column(end.column)
        ));
    }
    if let Select::List { shown, .. } = &query.select {
        let all = data.tables[query.rows.base].columns.len();
        if shown.len() == MOST_COLUMNS && all > MOST_COLUMNS {
            said.push(format!(
                "Only the first {MOST_COLUMNS} of {all} columns are shown."
            ));
        }
    }
    said
}

fn ties(query: &Query, tied: &Tied, data: &Data) -> String {
    let with = if query.limit == Some(1) {
        "it"
    } else {
        "the last of them"
    };
    let Some(count) = tied.count else {
        return format!("Many more tie with {with}.");
    };
    let mut who: Vec<String> = Vec::new();
    if let Some(at) = name_shown(query, data) {
        for name in tied.rows.iter().filter_map(|row| row.get(at)?.as_str()) {
            let short: String = name.chars().take(MAX_NAME_CHARS).collect();
            who.push(quoted(&short));
        }
        who.dedup();
    }
    // Rows that bear one name are not told apart by it.
    if who.len() < tied.rows.len() {
        who.clear();
    }
    match (who.is_empty(), count.saturating_sub(who.len() as u64)) {
        (_, 0) => {}
        (true, more) => who.push(format!("{more} more")),
        (false, more) => who.push(format!("{more} others")),
    }
    let tie = if count == 1 { "ties" } else { "tie" };
    format!("{} {tie} with {with}.", listed(&who, "and"))
}

/// The first column of a result that names its rows.
fn name_shown(query: &Query, data: &Data) -> Option<usize> {
    let shown: Vec<&Expr> = match &query.select {
        Select::List { shown, .. } => shown.iter().collect(),
        Select::Group { keys, .. } => keys.iter().flat_map(|key| &key.shown).collect(),
    };
    shown.iter().position(|expr| {
        matches!(expr, Expr::Column(reference) if matches!(
            data.columns[reference.column].role,
            Role::Label | Role::Category | Role::Identifier
        ))
    })
}

/// Groups that take several spellings together.
fn folded_groups(query: &Query, data: &Data) -> Vec<String> {
    let Select::Group { keys, .. } = &query.select else {
        return Vec::new();
    };
    keys.iter()
        .flat_map(|key| &key.by)
        .filter_map(|expr| match expr {
            Expr::Column(reference) if data.columns[reference.column].has_spellings => Some(format!(
                "Spellings of {} that differ only in capital letters or blanks are counted together.",
                Names::new(data).column(reference.column)
            )),
            _ => None,
        })
        .collect()
}

// ----- values -----

/// Which phrase of the question means which stored value; every stored variant comes on its own. Values that the
/// query does not use are left out.
pub fn values(query: &Query, data: &Data, tokens: &[Token], frame: &Frame) -> Vec<MatchedValue> {
    let used = Used::of(query);
    let mut found: Vec<MatchedValue> = Vec::new();
    for (item, span) in &frame.items {
        for (column, stored) in named_values(item) {
            if !used.values.contains(&column) {
                continue;
            }
            let info = &data.columns[column];
            for value in stored {
                let matched = MatchedValue {
                    phrase: phrase_of(value, tokens, *span),
                    table: data.tables[info.table].name.clone(),
                    column: info.name.clone(),
                    value: value.clone(),
                };
                if !found.contains(&matched) {
                    found.push(matched);
                }
            }
        }
    }
    found
}

fn named_values(item: &Item) -> Vec<(ColumnId, &Vec<String>)> {
    let mut found = Vec::new();
    match item {
        Item::Cond(cond) => of_cond(cond, &mut found),
        Item::Figure(figure) => of_figure(figure, &mut found),
        Item::Ratio { over, under, .. } => {
            of_figure(over, &mut found);
            of_figure(under, &mut found);
        }
        _ => {}
    }
    found
}

fn of_cond<'c>(cond: &'c Cond, found: &mut Vec<(ColumnId, &'c Vec<String>)>) {
    match cond {
        Cond::Is { column, values, .. } => found.push((*column, values)),
        Cond::Any(any) => any.iter().for_each(|cond| of_cond(cond, found)),
        Cond::HasFigure { figure, .. } => of_figure(figure, found),
        _ => {}
    }
}

fn of_figure<'c>(figure: &'c Figure, found: &mut Vec<(ColumnId, &'c Vec<String>)>) {
    figure.only.iter().for_each(|cond| of_cond(cond, found));
}

/// How near a phrase is to a stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Slip,
    Part,
    Form,
    Same,
}

fn nearness(phrase: &str, value: &str) -> Option<Nearness> {
    let (said, stored) = (fold(phrase), fold(value));
    if said.is_empty() || stored.is_empty() {
        return None;
    }
    if said == stored {
        return Some(Nearness::Same);
    }
    let root =
        |text: &str| -> Vec<String> { text.split(' ').map(|word| stem(&lemma(word))).collect() };
    if root(&said) == root(&stored) || lexicon::place_of(&said) == Some(stored.as_str()) {
        return Some(Nearness::Form);
    }
    let mut words = said.split(' ');
    if words.all(|word| stored.split(' ').any(|own| own == word))
        || (said.len() >= 4 && stored.starts_with(&lemma(&said)))
    {
        return Some(Nearness::Part);
    }
    (said.chars().count() >= 5 && within_one_edit(&said, &stored)).then_some(Nearness::Slip)
}

/// The words that mean the value. Alternatives share the place of the first one, so what follows it is searched, too.
fn phrase_of(value: &str, tokens: &[Token], span: (usize, usize)) -> String {
    let mut best: Option<(Nearness, usize, usize)> = None;
    for from in span.0..tokens.len() {
        for to in from + 1..=(from + MAX_WORDS).min(tokens.len()) {
            let words = &tokens[from..to];
            let is_mark =
                |token: Option<&Token>| token.is_some_and(|token| token.kind == Kind::Mark);
            if is_mark(words.first()) || is_mark(words.last()) {
                continue;
            }
            let alone = matches!(words, [only] if only.kind != Kind::Quoted && lexicon::is_stop(&only.lower));
            let Some(near) =
                nearness(&joined(words), value).filter(|near| *near == Nearness::Same || !alone)
            else {
                continue;
            };
            let length = to - from;
            // The nearest to what is stored, then the longest, then the first.
            let better =
                best.is_none_or(|(known, start, end)| (near, length) > (known, end - start));
            if better {
                best = Some((near, from, to));
            }
        }
    }
    let (from, to) = best.map_or(span, |(_, from, to)| (from, to));
    let last = to.min(tokens.len());
    joined(tokens.get(from.min(last)..last).unwrap_or_default())
}

/// What was read for a phrase that is written otherwise: `“Gemrany” was read as “Germany”.`
pub fn spellings(matched: &[MatchedValue]) -> Vec<String> {
    let mut read: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in matched {
        let is_same = matches!(
            nearness(&one.phrase, &one.value),
            Some(Nearness::Same | Nearness::Form)
        );
        if is_same || one.phrase.is_empty() {
            continue;
        }
        match read.iter_mut().find(|(phrase, _)| *phrase == one.phrase) {
            Some((_, values)) => {
                if !values.iter().any(|known| fold(known) == fold(&one.value)) {
                    values.push(&one.value);
                }
            }
            None => read.push((&one.phrase, vec![&one.value])),
        }
    }
    read.into_iter()
        .map(|(phrase, values)| {
            let values: Vec<String> = values.into_iter().map(quoted).collect();
            format!("{} was read as {}.", quoted(phrase), listed(&values, "or"))
        })
        .collect()
}

// ----- assumptions -----

/// What the question leaves open and how it was read, as far as its words tell; what the query chose on top is in
/// [`choices`].
pub fn assumptions(frame: &Frame, features: &Features, data: &Data) -> Vec<String> {
    let names = Names::new(data);
    let notes = Notes { names, data };
    let mut said = Vec::new();
    for (item, _) in &frame.items {
        match item {
            Item::Time(time) if time.assumed => said.extend(time_note(time)),
            Item::Current => said.push("Current is what has not ended.".to_owned()),
            _ => {}
        }
        for (_, stored) in named_values(item) {
            said.extend(variants(stored));
        }
    }
    if features.get(Feature::AssumedColumn) > 0.0 {
        said.extend(
            taken(frame)
                .into_iter()
                .map(|column| notes.taken_column(column)),
        );
    }
    if features.get(Feature::AssumedValueColumn) > 0.0 {
        said.extend(notes.looked_for(frame).into_iter().map(|(_, why)| why));
    }
    let along = frame.has(|item| matches!(item, Item::Window(_)))
        && !frame.has(|item| matches!(item, Item::Key(KeyOf::Part(..))));
    // A window without a time key is given one, which counts twice.
    if along && features.get(Feature::AssumedTime) >= 2.0 {
        said.push("No period was named: months were taken.".to_owned());
    }
    let mut seen = HashSet::new();
    said.retain(|note| seen.insert(note.clone()));
    said
}

fn time_note(time: &Time) -> Option<String> {
    let day = |day: chrono::NaiveDate| day.format("%Y-%m-%d").to_string();
    let (from, next) = (time.from.map(day), time.to.map(day));
    let period = period(from.as_deref(), next.as_deref())?;
    Some(format!("No year was named: the time {period} was taken."))
}

/// Spellings of one text that count together.
fn variants(stored: &[String]) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for value in stored {
        let key = fold(value);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(quoted(value)),
            None => groups.push((key, vec![quoted(value)])),
        }
    }
    groups
        .into_iter()
        .filter(|(_, group)| group.len() > 1)
        .map(|(_, group)| format!("{} are counted together.", listed(&group, "and")))
        .collect()
}

/// Which part of a query was assumed, and not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The period itself.
    Period,
    /// The time column that periods and parts of time are read from.
    Time(ColumnId),
    /// Figures of these columns.
    Figure(Vec<ColumnId>),
    /// How a figure comes of its column.
    Function,
    /// Conditions on the column.
    Condition(ColumnId),
    /// Whatever is reached over the relationship.
    Way(EdgeId),
    /// The groups.
    Groups,
}

/// What the question did not say, with the sentence that tells why it was taken so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumed {
    pub about: About,
    pub why: String,
}

/// The same as [`notes`] tells of what was assumed, for each part by itself.
pub fn assumed(reading: &Reading, data: &Data) -> Vec<Assumed> {
    let names = Names::new(data);
    let notes = Notes { names, data };
    let (frame, features) = (&reading.frame, &reading.features);
    let mut found = Vec::new();
    let mut add = |about: About, why: String| found.push(Assumed { about, why });
    for (item, _) in &frame.items {
        match item {
            Item::Time(time) if time.assumed => {
                time_note(time)
                    .into_iter()
                    .for_each(|why| add(About::Period, why));
            }
            Item::Current => {
                for &column in &data.endings {
                    add(
                        About::Condition(column),
                        "Current is what has not ended.".to_owned(),
                    );
                }
            }
            _ => {}
        }
    }
    if features.get(Feature::AssumedColumn) > 0.0 {
        for column in taken(frame) {
            let why = notes.taken_column(column);
            add(About::Figure(vec![column]), why.clone());
            add(About::Condition(column), why);
        }
    }
    if features.get(Feature::AssumedFunction) >= 0.5 {
        let why = "How it is put together was not said.".to_owned();
        add(About::Function, why);
    }
    if features.get(Feature::AssumedValueColumn) > 0.0 {
        for (column, why) in notes.looked_for(frame) {
            add(About::Condition(column), why);
        }
    }
    if features.get(Feature::ImplicitKey) > 0.0 {
        add(
            About::Groups,
            "Groups were not asked for by name.".to_owned(),
        );
    }
    let used = Used::of(&reading.query);
    for reference in &used.times {
        if let Some(why) = notes.date(reference, frame) {
            add(About::Time(reference.column), why);
        }
    }
    if !is_way_said(features) {
        for &edge in &used.edges {
            if let Some(why) = notes.relationship(edge) {
                add(About::Way(edge), why);
            }
        }
    }
    found
}

/// Whether the words tell which of several relationships is meant.
fn is_way_said(features: &Features) -> bool {
    features.get(Feature::PathCued) > 0.0 && features.get(Feature::PathChosen) <= 0.0
}

/// Amounts that stand for what was only called by its table, or by an adjective.
fn taken(frame: &Frame) -> Vec<ColumnId> {
    let mut columns: Vec<ColumnId> = Vec::new();
    let mut compared: Vec<ColumnId> = Vec::new();
    let mut take = |of: &Of| match of {
        Of::Rows(_) => {}
        Of::Column(column) => columns.push(*column),
        Of::Duration(one, two, _) => columns.extend(std::iter::once(*one).chain(*two)),
        Of::Product(one, two) => columns.extend([*one, *two]),
    };
    for (item, _) in &frame.items {
        match item {
            Item::Figure(figure) => take(&figure.of),
            Item::Ratio { over, under, .. } => {
                take(&over.of);
                take(&under.of);
            }
            Item::Order { by: By::Of(of), .. } => take(of),
            Item::Cond(Cond::Compare { column, .. } | Cond::Between { column, .. }) => {
                compared.push(*column);
            }
            _ => {}
        }
    }
    if columns.is_empty() {
        compared
    } else {
        columns
    }
}

struct Notes<'d> {
    names: Names<'d>,
    data: &'d Data,
}

impl Notes<'_> {
    fn column(&self, column: ColumnId) -> String {
        let table = self.data.columns[column].table;
        format!(
            "{} of {}",
            self.names.column(column),
            self.names.many(table)
        )
    }

    fn taken_column(&self, column: ColumnId) -> String {
        format!("No column was named: {} was taken.", self.column(column))
    }

    /// Values that other columns hold as well.
    fn looked_for(&self, frame: &Frame) -> Vec<(ColumnId, String)> {
        let named: Vec<(ColumnId, &Vec<String>)> = frame
            .items
            .iter()
            .flat_map(|(item, _)| named_values(item))
            .collect();
        // One of several is not known to be the one.
        let certainty = if named.len() == 1 { "is" } else { "may be" };
        named
            .into_iter()
            .filter_map(|(column, stored)| {
                let value = stored.first()?;
                let why = format!(
                    "{} was looked for in {}; it {certainty} in other columns, too.",
                    quoted(value),
                    self.column(column)
                );
                Some((column, why))
            })
            .collect()
    }
}

// ----- choices of the query -----

/// What the query chose where the question leaves it open: the date column, and the relationship where several lead to
/// one table.
pub fn choices(reading: &Reading, data: &Data) -> Vec<String> {
    let names = Names::new(data);
    let notes = Notes { names, data };
    let used = Used::of(&reading.query);
    let mut said = Vec::new();
    for reference in &used.times {
        said.extend(notes.date(reference, &reading.frame));
    }
    if !is_way_said(&reading.features) {
        for &edge in &used.edges {
            said.extend(notes.relationship(edge));
        }
    }
    let mut seen = HashSet::new();
    said.retain(|note| seen.insert(note.clone()));
    said
}

impl Notes<'_> {
    fn date(&self, reference: &Ref, frame: &Frame) -> Option<String> {
        let is_named = frame.has(|item| match item {
            Item::TimeOf(column) | Item::Column(column) => *column == reference.column,
            Item::Key(KeyOf::Part(_, Some(column)) | KeyOf::Column(column)) => {
                *column == reference.column
            }
            _ => false,
        });
        if is_named {
            return None;
        }
        let table = self.data.columns[reference.column].table;
        let others: Vec<String> = self.data.tables[table]
            .columns
            .iter()
            .filter(|&&column| column != reference.column && self.data.columns[column].is_time())
            .map(|&column| self.names.column(column).to_owned())
            .collect();
        if others.is_empty() {
            return None;
        }
        let more = if others.len() > MAX_OTHERS {
            "another date"
        } else {
            ""
        };
        let others = if more.is_empty() {
            listed(&others, "or")
        } else {
            more.to_owned()
        };
        Some(format!(
            "The date is {}, not {others}.",
            self.names.at(&reference.path, reference.column)
        ))
    }

    fn relationship(&self, edge: EdgeId) -> Option<String> {
        let info = &self.data.edges[edge];
        if info.from == info.to {
            return None;
        }
        let others: Vec<String> = self
            .data
            .edges
            .iter()
            .enumerate()
            .filter(|(id, other)| *id != edge && other.from == info.from && other.to == info.to)
            .map(|(id, _)| self.names.role(id).to_owned())
            .collect();
        if others.is_empty() {
            return None;
        }
        let one: TableId = info.to;
        Some(capitalized(&format!(
            "the {} of each {} is the {}, not the {}.",
            self.names.one(one),
            self.names.one(info.from),
            self.names.role(edge),
            listed(&others, "or")
        )))
    }
}

/// What a query reads, wherever it stands.
#[derive(Default)]
struct Used {
    /// Columns that periods and parts of time are read from.
    times: Vec<Ref>,
    edges: Vec<EdgeId>,
    /// Columns that stored values are compared with.
    values: HashSet<ColumnId>,
}

impl Used {
    fn of(query: &Query) -> Self {
        let mut used = Self::default();
        used.rows(&query.rows);
        match &query.select {
            Select::List { shown, .. } => shown.iter().for_each(|expr| used.expr(expr)),
            Select::Group { keys, measures, .. } => {
                for key in keys {
                    key.by
                        .iter()
                        .chain(&key.shown)
                        .for_each(|expr| used.expr(expr));
                }
                measures.iter().for_each(|measure| used.measure(measure));
            }
        }
        query
            .having
            .iter()
            .for_each(|(measure, ..)| used.measure(measure));
        for (by, _) in &query.order {
            if let OrderBy::Expr(expr) = by {
                used.expr(expr);
            }
        }
        used
    }

    fn rows(&mut self, rows: &Rows) {
        self.all(&rows.conditions);
    }

    fn all(&mut self, conditions: &[Condition]) {
        conditions
            .iter()
            .for_each(|condition| self.condition(condition));
    }

    fn reference(&mut self, reference: &Ref) {
        self.way(&reference.path);
    }

    fn time(&mut self, reference: &Ref) {
        self.reference(reference);
        if !self.times.contains(reference) {
            self.times.push(reference.clone());
        }
    }

    fn way(&mut self, path: &[EdgeId]) {
        for &edge in path {
            if !self.edges.contains(&edge) {
                self.edges.push(edge);
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column(reference) => self.reference(reference),
            Expr::Product(one, two) => {
                self.expr(one);
                self.expr(two);
            }
            Expr::Duration { earlier, later, .. } => {
                self.reference(earlier);
                later.iter().for_each(|later| self.reference(later));
            }
            Expr::Part(_, reference) => self.time(reference),
            Expr::Holds(conditions) => self.all(conditions),
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Compare(expr, ..) | Condition::Between(expr, ..) => self.expr(expr),
            Condition::In(reference, ..) => {
                self.reference(reference);
                self.values.insert(reference.column);
            }
            Condition::Like(reference, ..) | Condition::Null(reference, _) => {
                self.reference(reference);
            }
            Condition::Within(reference, ..) | Condition::PartIs(_, reference, _) => {
                self.time(reference);
            }
            Condition::Columns(one, _, two) => {
                self.expr(one);
                self.expr(two);
            }
            Condition::Related {
                up,
                rows,
                down,
                measure,
                ..
            } => {
                self.way(up);
                self.way(down);
                self.rows(rows);
                measure.iter().for_each(|measure| self.aggregate(measure));
            }
            Condition::BeyondMean {
                up,
                rows,
                down,
                measure,
                ..
            } => {
                self.way(up);
                self.way(down);
                self.rows(rows);
                self.aggregate(measure);
            }
            Condition::Average {
                expr, over, group, ..
            } => {
                self.expr(expr);
                self.all(over);
                group.iter().for_each(|group| self.reference(group));
            }
            Condition::Extreme { expr, over, .. } => {
                self.expr(expr);
                self.all(over);
            }
            Condition::Any(inner) | Condition::All(inner) => self.all(inner),
            Condition::Not(inner) => self.condition(inner),
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        aggregate.expr.iter().for_each(|expr| self.expr(expr));
        self.all(&aggregate.filter);
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Aggregate(inner) => self.aggregate(inner),
            Measure::Ratio { over, under, .. } => {
                self.measure(over);
                self.measure(under);
            }
            Measure::Difference(one, two) | Measure::Growth(one, two) => {
                self.measure(one);
                self.measure(two);
            }
            Measure::PerGroup { inner, group, .. } => {
                self.aggregate(inner);
                group.iter().for_each(|expr| self.expr(expr));
            }
            Measure::Other {
                rows,
                aggregate,
                keys,
            } => {
                self.rows(rows);
                self.aggregate(aggregate);
                keys.iter().for_each(|expr| self.expr(expr));
            }
        }
    }
}
