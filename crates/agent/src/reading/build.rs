//! Finishes frames into queries: chooses the rows, the ways between tables, the times, and what is shown.
//!
//! Where there is a choice the likeliest is taken first; every other one makes a reading of its own.

mod conditions;
mod counts;
mod current;
mod extreme_row;
mod figures;
mod group;
mod having;
mod keys;
mod list;
mod relations;
mod sense;
mod share;
mod shared;
mod sides;
mod superlatives;
mod times;
mod ways;

use schema_gen::meaning::TableKind;

use self::conditions::contradicts;
use self::times::are_apart;
use super::data::{ColumnId, EdgeId, TableId};
use super::dates::Time;
use super::frame::{Ask, By, Cond, Figure, Frame, Item, KeyOf, Of};
use super::grammar::Reader;
use super::query::{Aggregate, Condition, Expr, Function, Operator, Part, Query, Select, Window};
use super::score::{Feature, Features};

/// Columns shown where all of a table are asked for; what a statement may show is bounded.
pub const MOST_COLUMNS: usize = 100;

/// A finished reading.
#[derive(Debug, Clone)]
pub struct Reading {
    pub query: Query,
    pub features: Features,
    pub score: f64,
    pub frame: Frame,
    /// It is, or goes on from, a plan that no words stand for: the frame holds the last words alone.
    pub on_plan: bool,
}

/// Other choices tried for one frame.
const MAX_VARIANTS: usize = 10;

/// All readings of a frame, the likeliest choices first.
pub fn finish(reader: &Reader<'_>, frame: &Frame) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut first = Builder::new(reader, frame, None);
    if let Some(reading) = first.build() {
        readings.push(reading);
    }
    let seen = std::mem::take(&mut first.seen);
    let mut tried = 0;
    for (name, count) in seen {
        for pick in 1..count.min(5) {
            if tried >= MAX_VARIANTS {
                break;
            }
            tried += 1;
            let mut other = Builder::new(reader, frame, Some((name.clone(), pick)));
            if let Some(reading) = other.build() {
                readings.push(reading);
            }
        }
    }
    readings
}

#[derive(Debug, Clone)]
struct Sense {
    asks: Vec<Ask>,
    /// Table, position among the items, and whether a clause word stands before it.
    entities: Vec<(TableId, usize, bool)>,
    columns: Vec<(ColumnId, usize)>,
    figures: Vec<Sum>,
    keys: Vec<(KeyOf, usize)>,
    conds: Vec<(Cond, usize, (usize, usize))>,
    times: Vec<(Time, usize, bool)>,
    /// Positions of times that "or" joins to the one before.
    or_times: Vec<usize>,
    time_of: Vec<(ColumnId, usize)>,
    orders: Vec<(By, Option<Function>, bool, Option<u64>, u64, usize)>,
    limit: Option<u64>,
    window: Option<Window>,
    share: Option<usize>,
    growth: bool,
    percent: bool,
    distinct: bool,
    all: bool,
    everything: bool,
    both: bool,
    /// Groups without rows stay.
    with_empty: bool,
    side_by_side: bool,
    current: bool,
    /// "and who was it for": the people beside.
    also_who: bool,
    /// Where the first relative clause begins.
    relative: Option<usize>,
    /// Two values or periods are set against each other.
    versus: bool,
    /// "Ratio of" whose two figures were not found.
    ratio_left: bool,
    /// What a figure is averaged over.
    over: Option<Part>,
}

/// A figure or a ratio of two, with its place.
#[derive(Debug, Clone)]
enum Sum {
    One(Figure, usize),
    Two(Figure, Figure, bool, usize),
    /// An aggregate of an aggregate.
    Nested(Function, Figure, usize),
}

impl Sum {
    fn main(&self) -> &Figure {
        match self {
            Self::One(figure, _) | Self::Two(figure, ..) | Self::Nested(_, figure, _) => figure,
        }
    }

    /// Among the frame's items.
    fn place(&self) -> usize {
        match self {
            Self::One(_, at) | Self::Two(_, _, _, at) | Self::Nested(_, _, at) => *at,
        }
    }
}

struct Related {
    up: Vec<EdgeId>,
    base: TableId,
    down: Vec<EdgeId>,
    conditions: Vec<Condition>,
    operator: Operator,
    count: f64,
    /// This figure of them is compared with its mean instead of their count with a number.
    beyond_mean: Option<Aggregate>,
    columns: Vec<ColumnId>,
    position: usize,
}

struct Builder<'r, 'a> {
    reader: &'r Reader<'a>,
    frame: &'r Frame,
    picked: Option<(String, usize)>,
    seen: Vec<(String, usize)>,
    features: Features,
    related: Vec<Related>,
    both: bool,
    /// What figures are averaged over, where that is a part of a time.
    over: Vec<Expr>,
    /// "how much was it" asks for a column of the row found.
    tells_of_row: bool,
}

impl<'r, 'a> Builder<'r, 'a> {
    fn new(reader: &'r Reader<'a>, frame: &'r Frame, picked: Option<(String, usize)>) -> Self {
        Self {
            reader,
            frame,
            picked,
            seen: Vec::new(),
            features: Features::default(),
            related: Vec::new(),
            both: false,
            over: Vec::new(),
            tells_of_row: false,
        }
    }

    /// One of `count` choices, the first unless told otherwise.
    fn pick(&mut self, name: String, count: usize) -> usize {
        if let Some((picked, index)) = &self.picked
            && *picked == name
        {
            return (*index).min(count.saturating_sub(1));
        }
        if count > 1 && !self.seen.iter().any(|(known, _)| *known == name) {
            self.seen.push((name, count));
        }
        0
    }

    fn build(&mut self) -> Option<Reading> {
        let sense = self.sense();
        self.both = sense.both;
        let query = self.query(sense)?;
        let counts = self
            .frame
            .has(|item| matches!(item, Item::Ask(Ask::HowMany | Ask::HowOften | Ask::HowMuch)));
        if counts && !self.tells_of_row && matches!(query.select, Select::List { .. }) {
            self.features.add(Feature::CountListed, 1.0);
        }
        let names = self
            .frame
            .has(|item| matches!(item, Item::Ask(Ask::Who | Ask::List)));
        if names
            && !counts
            && matches!(&query.select, Select::Group { keys, .. } if keys.is_empty())
        {
            // "who" is never a figure.
            if self.frame.ask() == Some(Ask::Who) {
                return None;
            }
            self.features.add(Feature::NamesCounted, 1.0);
        }
        if contradicts(&query.rows.conditions) {
            self.features.add(Feature::Contradiction, 1.0);
        }
        let mut features = self.frame.features.clone();
        features.merge(&self.features);
        let score = features.score();
        Some(Reading {
            query,
            features,
            score,
            frame: self.frame.clone(),
            on_plan: false,
        })
    }

    fn query(&mut self, mut sense: Sense) -> Option<Query> {
        if !sense.figures.is_empty() {
            let data = self.reader.data;
            for (column, at) in sense.columns.clone() {
                let table = data.columns[column].table;
                if data.tables[table].key == [column]
                    && sense
                        .figures
                        .iter()
                        .any(|sum| self.reader.data.table_of(&sum.main().of) == table)
                {
                    sense.columns.retain(|known| known.1 != at);
                    let count = Sum::One(Figure::new(Some(Function::Count), Of::Rows(table)), at);
                    let place = sense.figures.iter().position(|sum| sum.place() > at);
                    sense
                        .figures
                        .insert(place.unwrap_or(sense.figures.len()), count);
                }
            }
        }
        self.verbs_of_relations(&mut sense);
        self.counted_among_figures(&mut sense);
        // "who has had three or more falls": whoever those belong to.
        if sense.asks.contains(&Ask::Who)
            && sense.entities.is_empty()
            && sense.figures.is_empty()
            && let Some((Cond::Has { table, .. }, at, _)) = sense
                .conds
                .iter()
                .find(|(cond, ..)| matches!(cond, Cond::Has { .. }))
            && let Some(path) = self.way_to_whom(*table)
            && let Some(&last) = path.last()
        {
            let whose = self.reader.data.edges[last].to;
            sense.entities.push((whose, *at, false));
        }
        // "change from 2024 to 2025 in percent"
        if sense.window == Some(Window::Change) && are_apart(&sense.times) && sense.keys.is_empty()
        {
            sense.growth |= sense.percent;
            sense.window = None;
        }
        if sense.side_by_side {
            self.side_by_side(&mut sense)?;
        }
        if sense.also_who {
            self.whose_extreme(&mut sense);
        }
        if let Some(query) = self.extreme_row(&sense) {
            return Some(query);
        }
        self.asks_of_one_row(&sense);
        if sense.share.is_some() {
            return self.share(sense);
        }
        if sense.ratio_left {
            self.ratio_of_counts(&mut sense);
        }
        if sense.ratio_left
            && sense.figures.iter().all(|sum| {
                matches!(
                    sum,
                    Sum::One(
                        Figure {
                            function: Some(Function::Count),
                            ..
                        },
                        _
                    )
                )
            })
            && let [
                (one @ Cond::Is { column, .. }, ..),
                (two @ Cond::Is { column: other, .. }, ..),
            ] = sense.conds.as_slice()
            && column == other
        {
            let table = self.reader.data.columns[*column].table;
            let side = |cond: &Cond| Figure {
                function: Some(Function::Count),
                of: Of::Rows(table),
                only: vec![cond.clone()],
            };
            sense.figures = vec![Sum::Two(side(one), side(two), false, 0)];
            sense.conds.clear();
            sense.entities.retain(|entity| entity.0 != table);
        } else if sense.ratio_left {
            self.features.add(Feature::LostFunction, 1.0);
        }
        if sense.figures.is_empty()
            && sense.asks.contains(&Ask::HowOften)
            && sense.columns.is_empty()
            && sense.orders.is_empty()
            && !(sense.conds.is_empty() && sense.entities.is_empty())
        {
            // "how often did it fail"
            self.assume_count(&mut sense)?;
            return self.group(sense);
        }
        if sense.figures.is_empty()
            && sense.columns.is_empty()
            && sense.keys.is_empty()
            && sense.orders.is_empty()
            && sense.entities.len() == 1
            && sense.limit.is_none()
            && !sense.everything
            && (sense.versus || sense.asks.is_empty())
            && are_apart(&sense.times)
        {
            // "loans this month vs last month": no row lies in both.
            self.assume_count(&mut sense)?;
            return self.group(sense);
        }
        if sense.figures.is_empty() {
            // "which support channels have a CSAT …": the key and its having; "who has the most orders".
            if sense.asks.is_empty()
                && sense.columns.is_empty()
                && sense.keys.is_empty()
                && sense.orders.is_empty()
                && sense.limit.is_none()
                && !sense.everything
                && sense.entities.len() == 1
                && !(sense.times.is_empty() && sense.conds.is_empty())
                && self.reader.data.tables[sense.entities[0].0].kind == TableKind::Event
                && self.pick("rows or count".into(), 2) == 0
            {
                self.assume_count(&mut sense)?;
                return self.group(sense);
            }
            if let Some(query) = self.superlative(&mut sense) {
                return query;
            }
            let asks_for_rows = sense.asks.iter().any(|ask| {
                matches!(
                    ask,
                    Ask::List | Ask::Which | Ask::Who | Ask::When | Ask::Where
                )
            });
            let events = !asks_for_rows
                && sense.columns.is_empty()
                && !sense.time_of.is_empty()
                && !sense.times.is_empty()
                && sense.orders.is_empty();
            let described = !sense.keys.is_empty()
                && asks_for_rows
                && !sense.columns.is_empty()
                && sense.window.is_none()
                && !sense.growth;
            if described && self.pick("each".into(), 2) == 0 {
                // "for each party, its theme and the name of its host": rows, not a count.
                for (key, at) in std::mem::take(&mut sense.keys) {
                    match key {
                        KeyOf::Entity(table) => sense.entities.insert(0, (table, at, false)),
                        KeyOf::Column(column) => sense.columns.insert(0, (column, at)),
                        KeyOf::Part(..) => return None,
                    }
                }
                return self.list(sense);
            }
            if sense.growth
                || sense.window.is_some()
                || events
                || !sense.keys.is_empty() && self.only_rows(&sense)
            {
                self.assume_count(&mut sense)?;
                return self.group(sense);
            }
            let label = sense.columns.iter().any(|(column, _)| {
                let info = &self.reader.data.columns[*column];
                self.reader.data.tables[info.table].label.contains(column) || info.is_unique
            });
            let grouped = sense
                .conds
                .iter()
                .any(|(cond, ..)| matches!(cond, Cond::Has { .. } | Cond::Average { .. }));
            if let Some(none) = self.having_no_row_that(&sense) {
                return Some(none);
            }
            if grouped
                && !(label && sense.columns.len() > 1)
                && self.pick("grouped rows".into(), 2) == 0
            {
                if let Some(having) = self.grouped_count(&sense) {
                    return Some(having);
                }
                if let Some(having) = self.grouped_average(&sense) {
                    return Some(having);
                }
            }
            return self.list(sense);
        }
        self.group(sense)
    }
}
