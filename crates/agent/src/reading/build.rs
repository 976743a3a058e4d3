//! Finishes frames into queries: chooses the rows, the ways between tables, the times, and what is shown.
//!
//! Where there is a choice the likeliest is taken first; every other one makes a reading of its own.

mod extreme_row;

use schema_gen::meaning::{Role, TableKind};

use super::data::{ColumnId, ColumnInfo, Data, EdgeId, TableId};
use super::dates::Time;
use super::frame::{Ask, By, Cond, Figure, Frame, Item, KeyOf, Of};
use super::grammar::Reader;
use super::query::{
    Aggregate, Condition, Expr, Function, Having, Key, Measure, Operator, OrderBy, Part, Query,
    Ref, Rows, Select, Value, Window,
};
use super::ratio;
use super::score::{Feature, Features};
use super::values::fold;
use crate::reading::words::likeness;

/// A finished reading.
#[derive(Debug, Clone)]
pub struct Reading {
    pub query: Query,
    pub features: Features,
    pub score: f64,
    pub frame: Frame,
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
        })
    }

    /// Sorts the items by what they are.
    fn sense(&mut self) -> Sense {
        let mut sense = Sense {
            asks: Vec::new(),
            entities: Vec::new(),
            columns: Vec::new(),
            figures: Vec::new(),
            keys: Vec::new(),
            conds: Vec::new(),
            times: Vec::new(),
            time_of: Vec::new(),
            orders: Vec::new(),
            limit: None,
            window: None,
            share: None,
            growth: false,
            percent: false,
            distinct: false,
            all: false,
            everything: false,
            both: false,
            with_empty: false,
            side_by_side: false,
            current: false,
            also_who: false,
            relative: None,
            versus: false,
            ratio_left: false,
            over: None,
        };
        let placeholder = |figure: &Figure| figure.function.is_none() && figure.of == Of::Rows(0);
        let mut clause = false;
        let mut or = false;
        let mut not = false;
        let mut outer: Option<Function> = None;
        let mut ratio: Option<(bool, bool)> = None;
        for (at, (item, span)) in self.frame.items.iter().enumerate() {
            match item {
                Item::Ask(ask) => {
                    if *ask == Ask::Who && !sense.asks.is_empty() {
                        sense.also_who = true;
                    }
                    sense.asks.push(*ask);
                }
                Item::Entity(table) => {
                    sense.entities.push((*table, at, clause));
                    clause = false;
                }
                Item::Column(column) => sense.columns.push((*column, at)),
                Item::Everything => sense.everything = true,
                Item::Figure(figure) => {
                    if figure.of == Of::Rows(usize::MAX) {
                        outer = figure.function;
                        continue;
                    }
                    match (ratio, outer.take()) {
                        (Some((true, percent)), _) => {
                            // "A as a percentage of B": A came before.
                            let over = sense.figures.pop().map(|sum| sum.main().clone());
                            if let Some(over) = over {
                                sense
                                    .figures
                                    .push(Sum::Two(over, figure.clone(), percent, at));
                            }
                            ratio = None;
                        }
                        (Some((false, percent)), _) => {
                            if let Some(Sum::One(over, place)) = sense.figures.last().cloned()
                                && self.frame.items[place..at]
                                    .iter()
                                    .all(|(item, _)| !matches!(item, Item::Ratio { .. }))
                            {
                                sense.figures.pop();
                                sense
                                    .figures
                                    .push(Sum::Two(over, figure.clone(), percent, at));
                                ratio = None;
                            } else {
                                sense.figures.push(Sum::One(figure.clone(), at));
                            }
                        }
                        (None, Some(outer)) => {
                            sense.figures.push(Sum::Nested(outer, figure.clone(), at));
                        }
                        (None, None) => sense.figures.push(Sum::One(figure.clone(), at)),
                    }
                }
                Item::Ratio {
                    over,
                    under,
                    percent,
                } => {
                    if placeholder(over) && placeholder(under) {
                        ratio = Some((!sense.figures.is_empty(), *percent));
                    } else {
                        sense
                            .figures
                            .push(Sum::Two(over.clone(), under.clone(), *percent, at));
                    }
                }
                Item::Share => sense.share = Some(at),
                Item::Key(key) => sense.keys.push((key.clone(), at)),
                Item::Over(part) => sense.over = Some(*part),
                Item::Cond(cond) => {
                    let plain = |cond: &Cond| {
                        !matches!(
                            cond,
                            Cond::Has { .. }
                                | Cond::HasFigure { .. }
                                | Cond::BeyondMean { .. }
                                | Cond::Average { .. }
                        )
                    };
                    match sense.conds.last_mut() {
                        Some((before, place, _)) if or && plain(before) && plain(cond) => {
                            let mut any = match before.clone() {
                                Cond::Any(any) => any,
                                one => vec![one],
                            };
                            any.push(cond.clone());
                            *before = Cond::Any(any);
                            *place = at;
                        }
                        _ => sense.conds.push((cond.clone(), at, *span)),
                    }
                    or = false;
                    clause = false;
                }
                Item::Or => or = true,
                Item::Time(time) => {
                    // "on Fridays and Saturdays"
                    if let (Some((known, ..)), Some((part, more)), false) =
                        (sense.times.last_mut(), &time.part, not)
                        && let Some((same, values)) = &mut known.part
                        && same == part
                    {
                        values.extend(more);
                    } else {
                        sense.times.push((time.clone(), at, not));
                    }
                    not = false;
                }
                Item::TimeOf(column) => sense.time_of.push((*column, at)),
                Item::Order {
                    by,
                    function,
                    descending,
                    limit,
                    offset,
                } => {
                    sense
                        .orders
                        .push((by.clone(), *function, *descending, *limit, *offset, at));
                }
                Item::Limit(limit) => sense.limit = Some(*limit),
                Item::Window(window) => sense.window = Some(*window),
                Item::Growth => sense.growth = true,
                Item::Percent => sense.percent = true,
                Item::Distinct => sense.distinct = true,
                Item::All => sense.all = true,
                Item::Clause => clause = true,
                Item::Relative => {
                    sense.relative.get_or_insert(at);
                }
                Item::Both => sense.both = true,
                Item::WithEmpty => sense.with_empty = true,
                Item::SideBySide => sense.side_by_side = true,
                Item::Current => sense.current = true,
                Item::Not => not = true,
                Item::Versus => sense.versus = true,
                // "with guest and room"
                Item::And => {
                    clause = matches!(
                        self.frame.items[..at].last(),
                        Some((Item::Entity(_) | Item::Column(_), _))
                    ) && sense
                        .entities
                        .last()
                        .is_some_and(|entity| entity.2 && entity.1 + 1 == at);
                }
            }
        }
        sense.ratio_left = ratio.is_some();
        if sense.over.is_some() {
            averaged_over(&mut sense.figures, self.reader.data);
        }
        sense
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

    /// "the ratio of open shops to closed shops in Rome", "… out of all shops": rows of one table on both sides.
    fn ratio_of_counts(&mut self, sense: &mut Sense) {
        let counted = |sum: &Sum| match sum {
            Sum::One(
                Figure {
                    function: Some(Function::Count),
                    of: Of::Rows(table),
                    ..
                },
                at,
            ) => Some((*table, *at)),
            _ => None,
        };
        let mut named: Vec<(TableId, usize)> = sense
            .entities
            .iter()
            .map(|entity| (entity.0, entity.1))
            .collect();
        for sum in &sense.figures {
            let Some(known) = counted(sum) else { return };
            named.push(known);
        }
        named.sort_unstable_by_key(|one| one.1);
        let span = |at: usize| self.frame.items[at].1;
        let Some(&(table, first)) = named.first() else {
            return;
        };
        // Where the second side begins.
        let from = span(first).1;
        let Some(border) = (from..self.reader.tokens.len()).find(|&at| {
            self.reader.word(at) == "to"
                || self.reader.word(at) == "of" && self.reader.word(at - 1) == "out"
        }) else {
            return;
        };
        let second = named.iter().find(|(_, at)| span(*at).0 > border);
        if second.is_some_and(|(other, _)| *other != table) {
            return;
        }
        let side_end = second.map_or(border, |(_, at)| span(*at).1);
        let (mut one, mut two, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for (cond, at, place) in std::mem::take(&mut sense.conds) {
            if place.0 < border {
                one.push(cond);
            } else if place.0 < side_end || two.is_empty() && matches!(cond, Cond::Compare { .. }) {
                two.push(cond);
            } else {
                whole.push((cond, at, place));
            }
        }
        if one.is_empty() {
            sense.conds = whole;
            return;
        }
        let side = |only: Vec<Cond>| Figure {
            function: Some(Function::Count),
            of: Of::Rows(table),
            only,
        };
        sense.conds = whole;
        sense.figures = vec![Sum::Two(side(one), side(two), false, 0)];
        sense.entities.retain(|entity| entity.0 != table);
        sense.ratio_left = false;
    }

    /// "by section: orders, average price and total discount": a table among figures stands for the number of its rows.
    fn counted_among_figures(&mut self, sense: &mut Sense) {
        if sense.figures.is_empty() || sense.keys.is_empty() {
            return;
        }
        let items = &self.frame.items;
        let is_figure = |at: Option<usize>| {
            at.and_then(|at| items.get(at))
                .is_some_and(|(item, _)| matches!(item, Item::Figure(_) | Item::Entity(_)))
        };
        let is_and = |at: Option<usize>| {
            at.and_then(|at| items.get(at))
                .is_some_and(|(item, _)| *item == Item::And)
        };
        for (table, at, clause) in sense.entities.clone() {
            let after = is_and(Some(at + 1)) && is_figure(Some(at + 2));
            let before = is_and(at.checked_sub(1)) && is_figure(at.checked_sub(2));
            if clause || !(after || before) {
                continue;
            }
            sense.entities.retain(|entity| entity.1 != at);
            let place = sense.figures.iter().position(|sum| sum.place() > at);
            let count = Figure::new(Some(Function::Count), Of::Rows(table));
            sense
                .figures
                .insert(place.unwrap_or(sense.figures.len()), Sum::One(count, at));
            self.features.add(Feature::AssumedFunction, 0.5);
        }
    }

    /// "members who borrowed": the column that refers to them is said as a verb, so rows of its table are meant.
    fn verbs_of_relations(&self, sense: &mut Sense) {
        let data = self.reader.data;
        let subjects: Vec<TableId> = sense
            .entities
            .iter()
            .filter(|entity| !entity.2)
            .map(|entity| entity.0)
            .chain(sense.figures.iter().filter_map(|sum| match sum {
                Sum::One(
                    Figure {
                        of: Of::Rows(table),
                        ..
                    },
                    _,
                ) => Some(*table),
                _ => None,
            }))
            .collect();
        for (column, at) in sense.columns.clone() {
            let span = self.frame.items[at].1;
            let said = self.reader.word(span.1.saturating_sub(1));
            let verb = span.1 == span.0 + 1
                && (said.ends_with("ed")
                    || span.0 > 0
                        && matches!(
                            self.reader.word(span.0 - 1),
                            "did" | "not" | "never" | "have" | "who"
                        ));
            let Some(edge) = data.edge_of(column) else {
                continue;
            };
            let edge = &data.edges[edge];
            if verb
                && edge.from != edge.to
                && subjects.contains(&edge.to)
                && !subjects.contains(&edge.from)
            {
                sense.columns.retain(|known| known.1 != at);
                sense.entities.push((edge.from, at, true));
            }
        }
    }

    /// "delivered, returned and cancelled orders side by side": one figure for each value.
    fn side_by_side(&mut self, sense: &mut Sense) -> Option<()> {
        let place = sense
            .conds
            .iter()
            .position(|(cond, ..)| matches!(cond, Cond::Is { negated: false, .. }))?;
        let (Cond::Is { column, values, .. }, ..) = sense.conds.remove(place) else {
            return None;
        };
        let mut groups: Vec<Vec<String>> = Vec::new();
        for value in values {
            let same = |other: &Vec<String>| other[0].trim().eq_ignore_ascii_case(value.trim());
            match groups.iter_mut().find(|group| same(group)) {
                Some(group) => group.push(value),
                None => groups.push(vec![value]),
            }
        }
        if groups.len() < 2 {
            return None;
        }
        let table = self.reader.data.columns[column].table;
        let figure = if let Some(sum) = sense.figures.first() {
            sum.main().clone()
        } else {
            let named = sense.entities.first().map(|entity| entity.0);
            let named = named.filter(|&named| {
                named == table || !self.reader.data.paths_up(named, table).is_empty()
            });
            sense.entities.retain(|entity| Some(entity.0) != named);
            self.features.add(Feature::AssumedFunction, 0.5);
            Figure::new(Some(Function::Count), Of::Rows(named.unwrap_or(table)))
        };
        sense.figures = groups
            .into_iter()
            .enumerate()
            .map(|(at, values)| {
                let mut side = figure.clone();
                side.only.push(Cond::Is {
                    column,
                    values,
                    negated: false,
                });
                Sum::One(side, at)
            })
            .collect();
        Some(())
    }

    /// "the lowest score and who got it": the row that has it, not the figure alone.
    fn whose_extreme(&self, sense: &mut Sense) {
        let [
            Sum::One(
                Figure {
                    function: Some(function @ (Function::Minimum | Function::Maximum)),
                    of: of @ Of::Column(_),
                    ..
                },
                at,
            ),
        ] = sense.figures.as_slice()
        else {
            return;
        };
        if sense.keys.is_empty() && sense.orders.is_empty() {
            sense.orders.push((
                By::Of(of.clone()),
                None,
                *function == Function::Maximum,
                Some(1),
                0,
                *at,
            ));
            sense.figures.clear();
        }
    }

    /// Keys without a figure: rows are counted.
    fn only_rows(&self, sense: &Sense) -> bool {
        sense
            .orders
            .iter()
            .all(|order| matches!(order.0, By::Measure | By::Time | By::Name))
            && !sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::Which | Ask::Who) && sense.keys.is_empty())
    }

    fn assume_count(&mut self, sense: &mut Sense) -> Option<()> {
        let table = match sense.entities.first() {
            Some(&(table, at, _)) => {
                sense.entities.retain(|entity| entity.1 != at);
                table
            }
            None => self.table_of_conditions(sense)?,
        };
        self.features.add(Feature::AssumedFunction, 1.0);
        if sense
            .orders
            .iter()
            .any(|order| order.0 == By::Measure && order.3.is_some())
        {
            self.features.add(Feature::OrderMisfit, 1.0);
        }
        sense.figures.push(Sum::One(
            Figure::new(Some(Function::Count), Of::Rows(table)),
            0,
        ));
        Some(())
    }

    fn table_of_conditions(&mut self, sense: &Sense) -> Option<TableId> {
        self.features.add(Feature::NoSubject, 1.0);
        let of_cond = sense
            .conds
            .iter()
            .find_map(|(cond, ..)| self.cond_table(cond));
        of_cond
            .or_else(|| {
                sense
                    .time_of
                    .first()
                    .map(|(column, _)| self.reader.data.columns[*column].table)
            })
            .or_else(|| {
                sense
                    .columns
                    .first()
                    .map(|(column, _)| self.reader.data.columns[*column].table)
            })
    }

    fn cond_table(&self, cond: &Cond) -> Option<TableId> {
        let data = self.reader.data;
        match cond {
            Cond::Is { column, .. }
            | Cond::Compare { column, .. }
            | Cond::Between { column, .. }
            | Cond::Null { column, .. }
            | Cond::Flag { column, .. }
            | Cond::Like { column, .. } => Some(data.columns[*column].table),
            Cond::Columns { left, .. } => Some(data.columns[*left].table),
            Cond::Other { through, .. } => Some(data.columns[*through].table),
            Cond::Average { column, .. } => column.map(|column| data.columns[column].table),
            Cond::Has { .. } => None,
            Cond::HasFigure { figure, .. } | Cond::BeyondMean { figure, .. } => {
                Some(self.reader.data.table_of(&figure.of))
            }
            Cond::Hour { .. } => None,
            Cond::Any(any) => any.first().and_then(|cond| self.cond_table(cond)),
        }
    }

    // ----- ways between tables -----

    /// One way up from a table to another; which, where there are several, is a choice.
    fn up(&mut self, from: TableId, to: TableId, near: usize) -> Option<Vec<EdgeId>> {
        if from == to {
            return Some(Vec::new());
        }
        let mut paths: Vec<(f64, Vec<EdgeId>)> = self
            .reader
            .data
            .paths_up(from, to)
            .into_iter()
            .map(|path| (self.cued(&path, near), path))
            .collect();
        paths.sort_by(|one, two| {
            (two.0 - two.1.len() as f64 * 0.3).total_cmp(&(one.0 - one.1.len() as f64 * 0.3))
        });
        // Longer ways are no rivals of a direct one.
        let shortest = paths.iter().map(|(_, path)| path.len()).min()?;
        paths.retain(|(cue, path)| path.len() == shortest || *cue > 0.0);
        let pick = self.pick(format!("path {from} {to}"), paths.len());
        let several = paths.len() > 1;
        let best = paths.first().map_or(0.0, |one| one.0);
        let (cue, path) = paths.swap_remove(pick);
        self.features.add(Feature::PathLength, path.len() as f64);
        if several {
            if cue > 0.0 && cue >= best {
                self.features.add(Feature::PathCued, 1.0);
            } else {
                self.features.add(
                    Feature::PathChosen,
                    1.0 + f64::from(u8::from(pick > 0)) * 0.5,
                );
            }
        }
        Some(path)
    }

    /// How strongly the question's words point to this way: the name of a reference, or "from" and "to".
    fn cued(&self, path: &[EdgeId], near: usize) -> f64 {
        let data = self.reader.data;
        let mut sum = 0.0;
        for &edge in path {
            let edge = &data.edges[edge];
            let target = &data.tables[edge.to].words;
            for &column in &edge.from_columns {
                for word in &data.columns[column].words {
                    if target
                        .iter()
                        .any(|own| own.lemma == word.lemma || likeness(own, word) >= 0.7)
                        || matches!(word.lemma.as_str(), "id" | "code" | "cd" | "no" | "key")
                        || crate::reading::lexicon::is_stop(&word.lemma)
                    {
                        continue;
                    }
                    for (at, token) in self.reader.tokens.iter().enumerate() {
                        if likeness(&token.word, word) >= 0.8 {
                            sum += 1.0 / (1.0 + (at.abs_diff(near) as f64) * 0.1);
                        }
                    }
                    let before = near.checked_sub(1).map_or("", |at| self.reader.word(at));
                    let earlier = near.checked_sub(2).map_or("", |at| self.reader.word(at));
                    let towards = matches!(before, "to" | "into" | "towards");
                    let away = before == "from"
                        || (before == "of" && earlier == "out")
                        || matches!(earlier, "from");
                    let is_goal = matches!(
                        word.lemma.as_str(),
                        "destination"
                            | "dest"
                            | "arrival"
                            | "to"
                            | "target"
                            | "receiver"
                            | "recipient"
                            | "end"
                            | "dst"
                    );
                    let is_start = matches!(
                        word.lemma.as_str(),
                        "origin"
                            | "source"
                            | "departure"
                            | "from"
                            | "sender"
                            | "start"
                            | "src"
                            | "orig"
                    );
                    if (towards && is_goal) || (away && is_start) {
                        sum += 1.5;
                    }
                    let sends = self.reader.tokens.iter().any(|token| {
                        matches!(
                            token.word.lemma.as_str(),
                            "send" | "dispatch" | "ship" | "leave" | "depart"
                        )
                    });
                    let receives = self
                        .reader
                        .tokens
                        .iter()
                        .any(|token| matches!(token.word.lemma.as_str(), "receive" | "arrive"));
                    if (sends && is_start) || (receives && is_goal) {
                        sum += 0.5;
                    }
                }
            }
        }
        sum
    }

    fn expr_of(&mut self, base: TableId, column: ColumnId, near: usize) -> Option<Ref> {
        let table = self.reader.data.columns[column].table;
        let path = self.up(base, table, near)?;
        Some(Ref { path, column })
    }

    /// The nearest rows that are tied to the base and reach the target upwards.
    fn relation(
        &mut self,
        base: TableId,
        target: TableId,
    ) -> Option<(Vec<EdgeId>, TableId, Vec<EdgeId>)> {
        let data = self.reader.data;
        let mut ups: Vec<(Vec<EdgeId>, TableId)> = vec![(Vec::new(), base)];
        for (table, _) in data.tables.iter().enumerate() {
            if table != base {
                ups.extend(
                    data.paths_up(base, table)
                        .into_iter()
                        .map(|path| (path, table)),
                );
            }
        }
        let mut found: Vec<(usize, f64, Vec<EdgeId>, TableId, Vec<EdgeId>)> = Vec::new();
        for (up, shared) in &ups {
            for rows in 0..data.tables.len() {
                let to_target = if rows == target {
                    Some(0)
                } else {
                    data.paths_up(rows, target).first().map(Vec::len)
                };
                let Some(to_target) = to_target else { continue };
                for down in data.paths_up(rows, *shared) {
                    if down.is_empty() || (rows == base && up.is_empty()) && *shared != base {
                        continue;
                    }
                    // Going up and straight down again the same way says nothing.
                    if up.last().is_some() && up.last() == down.last() && rows == base {
                        continue;
                    }
                    let length = up.len() + down.len() + to_target;
                    let cue = self.cued(&down, 0);
                    found.push((length, cue, up.clone(), rows, down));
                }
            }
        }
        found.sort_by(|one, two| {
            (one.0 as f64 - one.1 * 0.5).total_cmp(&(two.0 as f64 - two.1 * 0.5))
        });
        let shortest = found.iter().map(|one| one.0).min()?;
        found.retain(|one| one.0 <= shortest);
        let pick = self.pick(format!("relation {base} {target}"), found.len().min(3));
        if pick > 0 {
            self.features.add(Feature::PathChosen, 1.0);
        }
        let (length, _, up, rows, down) = found.swap_remove(pick);
        self.features.add(Feature::PathLength, length as f64);
        self.features.add(Feature::Semijoin, 1.0);
        Some((up, rows, down))
    }

    // ----- conditions -----

    fn lower_all(
        &mut self,
        base: TableId,
        conds: &[(Cond, usize, (usize, usize))],
    ) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        for (cond, position, span) in conds {
            if let Some(condition) = self.lower(base, cond, *position, span.0)? {
                conditions.push(condition);
            }
        }
        Some(conditions)
    }

    /// `None`: impossible; `Some(None)`: kept among the related rows.
    fn lower(
        &mut self,
        base: TableId,
        cond: &Cond,
        position: usize,
        near: usize,
    ) -> Option<Option<Condition>> {
        let data = self.reader.data;
        if let Cond::Has {
            table,
            operator,
            count,
        } = cond
        {
            return self.lower_has(base, *table, *operator, *count, position);
        }
        if let Cond::HasFigure {
            figure,
            operator,
            value,
        } = cond
        {
            return self.lower_has_figure(base, figure, *operator, *value);
        }
        if let Cond::Hour { operator, hour } = cond {
            let (column, path) = match data.tables[base].time {
                Some(time) => (time, Vec::new()),
                None => (0..data.tables.len())
                    .filter_map(|table| {
                        let time = data.tables[table].time?;
                        Some((time, data.paths_up(base, table).into_iter().next()?))
                    })
                    .min_by_key(|(_, path)| path.len())?,
            };
            let reference = Ref { path, column };
            if data.columns[column].column_type != ingest::ColumnType::Datetime {
                return None;
            }
            let compared = Condition::Compare(
                Expr::Part(Part::Hour, reference),
                *operator,
                Value::Number(f64::from(*hour)),
            );
            return Some(Some(compared));
        }
        if let Cond::BeyondMean { figure, operator } = cond {
            let table = data.table_of(&figure.of);
            if table == base {
                return None;
            }
            let (up, rows, down) = self.relation(base, table)?;
            let aggregate = self.aggregate(figure, rows)?;
            self.related.push(Related {
                up,
                base: rows,
                down,
                conditions: Vec::new(),
                operator: *operator,
                count: 0.0,
                beyond_mean: Some(aggregate),
                columns: Vec::new(),
                position,
            });
            return Some(None);
        }
        if let Cond::Any(any) = cond {
            let mut all = Vec::new();
            for one in any {
                all.push(self.lower(base, one, position, near)??);
            }
            return Some(Some(Condition::Any(all)));
        }
        let table = self.cond_table(cond)?;
        if table == base || !data.paths_up(base, table).is_empty() {
            let column = self.column_of(cond)?;
            let reference = self.expr_of(base, column, near)?;
            return Some(Some(self.plain(cond, &reference, base)?));
        }
        // On the other side of a one-to-many relationship: rows that meet it exist.
        let column = self.column_of(cond)?;
        let (up, rows, down) = self.relation(base, table)?;
        let negated = matches!(cond, Cond::Is { negated: true, .. });
        let positive = match cond {
            Cond::Is { column, values, .. } => Cond::Is {
                column: *column,
                values: values.clone(),
                negated: false,
            },
            other => other.clone(),
        };
        let reference = self.expr_of(rows, column, near)?;
        let condition = self.plain(&positive, &reference, rows)?;
        let operator = if negated {
            Operator::Equal
        } else {
            Operator::GreaterOrEqual
        };
        let count = if negated { 0.0 } else { 1.0 };
        let is_equality = matches!(cond, Cond::Is { .. });
        if !negated && self.joined_by_and(cond, near) {
            // "had a starter and a dessert": both, sooner than one of them.
            self.features.add(Feature::Unsure, 1.0);
        }
        let both = self.both;
        let joins = self.related.iter_mut().rev().find(|known| {
            known.up == up
                && known.base == rows
                && known.down == down
                && !negated
                && !(is_equality && known.columns.contains(&column))
                && (known.operator != Operator::Equal
                    || known.conditions.is_empty() && !known.columns.contains(&column))
                && !(both && is_equality)
        });
        match joins {
            Some(known) => {
                known.conditions.push(condition);
                known.columns.push(column);
                known.position = position;
            }
            None => self.related.push(Related {
                up,
                base: rows,
                down,
                conditions: vec![condition],
                operator,
                count,
                beyond_mean: None,
                columns: vec![column],
                position,
            }),
        }
        Some(None)
    }

    /// Whether the condition stands for several values that "and" joins.
    fn joined_by_and(&self, cond: &Cond, near: usize) -> bool {
        let Cond::Is { values, .. } = cond else {
            return false;
        };
        let several = values
            .iter()
            .any(|value| !value.trim().eq_ignore_ascii_case(values[0].trim()));
        let said = |word: &str| (near..near + 6).any(|at| self.reader.word(at) == word);
        several && said("and") && !said("or")
    }

    fn column_of(&self, cond: &Cond) -> Option<ColumnId> {
        match cond {
            Cond::Is { column, .. }
            | Cond::Compare { column, .. }
            | Cond::Between { column, .. }
            | Cond::Null { column, .. }
            | Cond::Flag { column, .. }
            | Cond::Like { column, .. } => Some(*column),
            Cond::Columns { left, .. } => Some(*left),
            Cond::Other { through, .. } => Some(*through),
            Cond::Average { column, .. } => *column,
            _ => None,
        }
    }

    /// The condition over a column that the rows reach.
    fn plain(&mut self, cond: &Cond, reference: &Ref, base: TableId) -> Option<Condition> {
        let data = self.reader.data;
        let info = &data.columns[reference.column];
        Some(match cond {
            Cond::Is {
                values, negated, ..
            } => Condition::In(
                reference.clone(),
                values
                    .iter()
                    .map(|value| Value::Text(value.clone()))
                    .collect(),
                *negated,
            ),
            Cond::Compare {
                operator, value, ..
            } => Condition::Compare(Expr::Column(reference.clone()), *operator, value.clone()),
            Cond::Between { low, high, .. } => Condition::Between(
                Expr::Column(reference.clone()),
                Value::Number(*low),
                Value::Number(*high),
            ),
            Cond::Null { is_null, .. } => Condition::Null(reference.clone(), *is_null),
            Cond::Flag { yes, .. } => {
                let text = info.yes.clone().unwrap_or_else(|| "1".into());
                let value = if info.column_type == ingest::ColumnType::Text {
                    Value::Text(text)
                } else {
                    Value::Number(text.parse().unwrap_or(1.0))
                };
                // What is stored in several spellings counts together.
                let variants: Vec<Value> = match &value {
                    Value::Text(yes) => {
                        let stored: Vec<Value> = info
                            .stats
                            .top
                            .iter()
                            .filter(|other| other.trim().eq_ignore_ascii_case(yes))
                            .map(|other| Value::Text(other.clone()))
                            .collect();
                        if stored.is_empty() {
                            vec![value.clone()]
                        } else {
                            stored
                        }
                    }
                    Value::Number(_) => vec![value.clone()],
                };
                if *yes {
                    Condition::In(reference.clone(), variants, false)
                } else {
                    let others: Vec<Value> = info
                        .stats
                        .top
                        .iter()
                        .filter(|other| {
                            !variants.iter().any(|yes| match yes {
                                Value::Text(yes) => yes == *other,
                                Value::Number(yes) => other
                                    .parse::<f64>()
                                    .is_ok_and(|other| (other - *yes).abs() < f64::EPSILON),
                            })
                        })
                        .map(|other| match &value {
                            Value::Text(_) => Value::Text(other.clone()),
                            Value::Number(_) => Value::Number(other.parse().unwrap_or(0.0)),
                        })
                        .collect();
                    if others.is_empty() {
                        Condition::In(reference.clone(), variants, true)
                    } else {
                        Condition::In(reference.clone(), others, false)
                    }
                }
            }
            Cond::Like {
                pattern, negated, ..
            } => Condition::Like(reference.clone(), pattern.clone(), *negated),
            Cond::Columns {
                operator,
                right,
                of_other,
                ..
            } => {
                let path = match of_other {
                    Some(through) => self.beyond(reference, *through)?,
                    None => reference.path.clone(),
                };
                let right = Ref {
                    path,
                    column: *right,
                };
                Condition::Columns(
                    Expr::Column(reference.clone()),
                    *operator,
                    Expr::Column(right),
                )
            }
            Cond::Other { through, cond } => {
                let other = Ref {
                    path: self.beyond(reference, *through)?,
                    column: self.column_of(cond)?,
                };
                self.plain(cond, &other, base)?
            }
            Cond::Average {
                operator,
                within,
                among,
                ..
            } => {
                let mut over = Vec::new();
                for cond in among {
                    let column = self.column_of(cond)?;
                    let of = self.expr_of(base, column, 0)?;
                    over.push(self.plain(cond, &of, base)?);
                }
                let group = match within {
                    None => None,
                    Some(KeyOf::Column(column)) => Some(self.expr_of(base, *column, 0)?),
                    Some(KeyOf::Entity(table)) => {
                        let column = *data.identity(*table).first()?;
                        Some(self.expr_of(base, column, 0)?)
                    }
                    Some(KeyOf::Part(..)) => return None,
                };
                Condition::Average {
                    expr: Expr::Column(reference.clone()),
                    operator: *operator,
                    over,
                    group,
                }
            }
            _ => return None,
        })
    }

    /// The way to the row that a reference of this one names.
    fn beyond(&self, reference: &Ref, through: ColumnId) -> Option<Vec<EdgeId>> {
        let mut path = reference.path.clone();
        path.push(self.reader.data.edge_of(through)?);
        Some(path)
    }

    fn lower_has(
        &mut self,
        base: TableId,
        table: TableId,
        operator: Operator,
        count: f64,
        position: usize,
    ) -> Option<Option<Condition>> {
        let data = self.reader.data;
        if table == base {
            return None;
        }
        if let Some(path) = data.paths_up(base, table).first().cloned() {
            // A reference that is empty, or not.
            let first = data.edges[*path.first()?].from_columns.first().copied()?;
            return match (operator, count as i64) {
                (Operator::Equal, 0) => Some(Some(Condition::Null(Ref::own(first), true))),
                (Operator::GreaterOrEqual, 1) => {
                    Some(Some(Condition::Null(Ref::own(first), false)))
                }
                _ => None,
            };
        }
        let (up, rows, down) = self.relation(base, table)?;
        let known = self
            .related
            .iter_mut()
            .find(|known| known.up == up && known.base == rows && known.down == down);
        match known {
            Some(known) if known.operator == Operator::GreaterOrEqual && known.count <= 1.0 => {
                known.operator = operator;
                known.count = count;
                known.position = position;
            }
            _ => self.related.push(Related {
                up,
                base: rows,
                down,
                conditions: Vec::new(),
                operator,
                count,
                beyond_mean: None,
                columns: Vec::new(),
                position,
            }),
        }
        Some(None)
    }

    fn lower_has_figure(
        &mut self,
        base: TableId,
        figure: &Figure,
        operator: Operator,
        value: f64,
    ) -> Option<Option<Condition>> {
        let table = self.reader.data.table_of(&figure.of);
        if table == base {
            let Of::Column(column) = figure.of else {
                return None;
            };
            if matches!(
                figure.function,
                Some(Function::Count | Function::CountDistinct)
            ) {
                return None;
            }
            return Some(Some(Condition::Compare(
                Expr::Column(Ref::own(column)),
                operator,
                Value::Number(value),
            )));
        }
        let (up, rows, down) = self.relation(base, table)?;
        let aggregate = self.aggregate(figure, rows)?;
        Some(Some(Condition::Related {
            up,
            rows: Box::new(Rows {
                base: rows,
                conditions: Vec::new(),
            }),
            down,
            operator,
            count: value,
            measure: Some(Box::new(aggregate)),
        }))
    }

    fn flush_related(&mut self) -> Vec<Condition> {
        std::mem::take(&mut self.related)
            .into_iter()
            .map(|one| {
                let rows = Box::new(Rows {
                    base: one.base,
                    conditions: one.conditions,
                });
                match one.beyond_mean {
                    Some(measure) => Condition::BeyondMean {
                        up: one.up,
                        rows,
                        down: one.down,
                        operator: one.operator,
                        measure: Box::new(measure),
                    },
                    None => Condition::Related {
                        up: one.up,
                        rows,
                        down: one.down,
                        operator: one.operator,
                        count: one.count,
                        measure: None,
                    },
                }
            })
            .collect()
    }

    // ----- times -----

    fn lower_times(
        &mut self,
        base: TableId,
        sense: &Sense,
        conditions: &mut Vec<Condition>,
    ) -> Option<()> {
        for (number, (time, position, negated)) in sense.times.iter().enumerate() {
            // The period belongs to the rows last spoken of, where those have a time.
            if *negated && let Some(denied) = self.denied_rows(number, sense) {
                let column = self.reader.data.tables[denied.base].time?;
                let condition = self.within(time, Ref::own(column), false)?;
                let mut denied = denied;
                denied.conditions.push(condition);
                self.related.push(denied);
                continue;
            }
            let inside = self.related.iter().position(|known| {
                known.position < *position
                    && (sense.conds.iter().any(|(_, at, _)| *at == known.position)
                        || sense
                            .entities
                            .iter()
                            .any(|entity| entity.1 == known.position))
                    && self.reader.data.tables[known.base].time.is_some()
                    && sense.time_of.is_empty()
            });
            if let Some(inside) = inside {
                let own_time = self.reader.data.tables[base].time.is_some();
                let choices = if own_time { 2 } else { 1 };
                if self.pick(format!("inside {number}"), choices) == 0 {
                    let rows = self.related[inside].base;
                    let column = self.reader.data.tables[rows].time?;
                    if let Some(condition) = self.within(time, Ref::own(column), *negated) {
                        self.related[inside].conditions.push(condition);
                        continue;
                    }
                }
            }
            let reference = self.time_ref(base, sense, number, time)?;
            let condition = self.within(time, reference, *negated)?;
            conditions.push(condition);
        }
        Some(())
    }

    /// "in 2025 but not in 2026": the rows that the first period was said of, which must not be there in the second.
    fn denied_rows(&self, number: usize, sense: &Sense) -> Option<Related> {
        if number == 0 || sense.times[number - 1].2 {
            return None;
        }
        let known = self.related.iter().rev().find(|known| {
            known.operator == Operator::GreaterOrEqual
                && self.reader.data.tables[known.base].time.is_some()
        })?;
        let conditions = known
            .conditions
            .iter()
            .filter(|condition| !matches!(condition, Condition::Within(..)))
            .cloned()
            .collect();
        Some(Related {
            up: known.up.clone(),
            base: known.base,
            down: known.down.clone(),
            conditions,
            operator: Operator::Equal,
            count: 0.0,
            beyond_mean: None,
            columns: Vec::new(),
            position: known.position,
        })
    }

    /// Whether some word of the question names the table.
    fn is_spoken_of(&self, table: TableId) -> bool {
        self.frame.has(|item| match item {
            Item::Entity(named) | Item::Key(KeyOf::Entity(named)) => *named == table,
            Item::Figure(figure) => self.reader.data.table_of(&figure.of) == table,
            Item::Column(column) | Item::Key(KeyOf::Column(column)) => {
                self.reader.data.columns[*column].table == table
            }
            _ => false,
        })
    }

    /// Rows that have not ended: the time of leaving, closing or ending is empty.
    fn lower_current(&mut self, base: TableId, conditions: &mut Vec<Condition>) {
        let data = self.reader.data;
        let ends = |column: ColumnId| {
            let info = &data.columns[column];
            info.is_time()
                && info.stats.nulls > 0
                && info.words.iter().any(|word| {
                    let lemma = word.lemma.as_str();
                    [
                        "end",
                        "leave",
                        "discharge",
                        "discharged",
                        "discontinue",
                        "discontinued",
                        "left",
                        "term",
                        "termination",
                        "terminate",
                        "exit",
                        "drop",
                        "dropped",
                        "close",
                        "churn",
                        "cancel",
                        "quit",
                        "resign",
                        "retire",
                        "return",
                        "expire",
                        "expiry",
                        "to",
                        "until",
                        "finish",
                        "until",
                        "departure",
                        "death",
                        "back",
                        "remove",
                        "deliver",
                        "complete",
                        "resolve",
                    ]
                    .iter()
                    .any(|end| lemma == *end || (end.len() >= 4 && lemma.starts_with(end)))
                })
        };
        let own = data.tables[base]
            .columns
            .iter()
            .copied()
            .find(|&column| ends(column));
        let found = own.map(Ref::own).or_else(|| {
            data.edges
                .iter()
                .enumerate()
                .filter(|(_, edge)| edge.from == base && self.is_spoken_of(edge.to))
                .find_map(|(id, edge)| {
                    let column = data.tables[edge.to]
                        .columns
                        .iter()
                        .copied()
                        .find(|&column| ends(column))?;
                    Some(Ref {
                        path: vec![id],
                        column,
                    })
                })
        });
        // A table with one time that is often empty: what ends there has no word for it.
        let found = found.or_else(|| {
            let main = data.tables[base].time;
            let mut open = data.tables[base].columns.iter().copied().filter(|&column| {
                let info = &data.columns[column];
                let other = info.words.iter().any(|word| {
                    matches!(
                        word.lemma.as_str(),
                        "birth"
                            | "born"
                            | "dob"
                            | "last"
                            | "first"
                            | "next"
                            | "due"
                            | "update"
                            | "updated"
                    )
                });
                info.is_time()
                    && Some(column) != main
                    && !other
                    && info.stats.nulls * 5 > info.stats.rows
            });
            let only = open.next().filter(|_| open.next().is_none())?;
            self.features.add(Feature::Unsure, 0.5);
            Some(Ref::own(only))
        });
        match found {
            Some(reference) => conditions.push(Condition::Null(reference, true)),
            // "current" says something, and it was not understood.
            None => self.features.add(Feature::SkippedWord, 1.5),
        }
    }

    fn within(&mut self, time: &Time, reference: Ref, negated: bool) -> Option<Condition> {
        let info = &self.reader.data.columns[reference.column];
        let time = &last_stored(time, info.stats.latest.as_deref());
        let condition = if let Some((part, numbers)) = &time.part {
            if !info.is_time() {
                return None;
            }
            let mut any: Vec<Condition> = numbers
                .iter()
                .map(|number| Condition::PartIs(*part, reference.clone(), *number))
                .collect();
            if any.len() == 1 {
                any.remove(0)
            } else {
                Condition::Any(any)
            }
        } else if info.is_time() {
            let day = |day: chrono::NaiveDate| day.format("%Y-%m-%d").to_string();
            Condition::Within(reference, time.from.map(day), time.to.map(day))
        } else {
            use chrono::Datelike;
            let expr = Expr::Column(reference);
            match (time.bare_year, time.from, time.to) {
                (Some(year), ..) => {
                    Condition::Compare(expr, Operator::Equal, Value::Number(f64::from(year)))
                }
                (None, Some(from), None) => Condition::Compare(
                    expr,
                    Operator::GreaterOrEqual,
                    Value::Number(f64::from(from.year())),
                ),
                (None, None, Some(to)) => {
                    Condition::Compare(expr, Operator::Less, Value::Number(f64::from(to.year())))
                }
                (None, Some(from), Some(to)) => {
                    let last = to.pred_opt()?.year();
                    if last == from.year() {
                        Condition::Compare(expr, Operator::Equal, Value::Number(f64::from(last)))
                    } else {
                        Condition::Between(
                            expr,
                            Value::Number(f64::from(from.year())),
                            Value::Number(f64::from(last)),
                        )
                    }
                }
                _ => return None,
            }
        };
        Some(if negated {
            Condition::Not(Box::new(condition))
        } else {
            condition
        })
    }

    /// The time column that a period (or a grain) is about.
    fn time_ref(
        &mut self,
        base: TableId,
        sense: &Sense,
        number: usize,
        time: &Time,
    ) -> Option<Ref> {
        let data = self.reader.data;
        let mut candidates: Vec<(f64, ColumnId)> = Vec::new();
        let mut offer = |cost: f64, column: ColumnId| {
            if !candidates.iter().any(|(_, known)| *known == column) {
                candidates.push((cost, column));
            }
        };
        for (column, _) in &sense.time_of {
            let table = data.columns[*column].table;
            if table == base || !data.paths_up(base, table).is_empty() {
                let never = time.future && !reaches(&data.columns[*column], time);
                offer(if never { 2.0 } else { -1.0 }, *column);
            }
        }
        let mut tables = vec![(0.0, base)];
        for table in 0..data.tables.len() {
            if let Some(path) = data.paths_up(base, table).first()
                && table != base
            {
                tables.push((path.len() as f64, table));
            }
        }
        // Lines of an order have the order's time: where a table has none of its own, the nearest counts as if it had.
        let nearest = nearest_with_time(data, &tables);
        for (distance, table) in tables {
            let distance = if Some(table) == nearest {
                0.0
            } else {
                distance
            };
            let default = data.tables[table].time;
            for &column in &data.tables[table].columns {
                let info = &data.columns[column];
                let year = info.role == Role::Year && time.part.is_none();
                if !info.is_time() && !year {
                    continue;
                }
                if data.tables[table].time_is_said && Some(column) != default {
                    continue;
                }
                let mut cost = distance * 1.5;
                if Some(column) != default {
                    cost += 0.8;
                }
                if year {
                    cost += if time.bare_year.is_some() { -0.9 } else { 0.3 };
                }
                // Plans and ends lie ahead, events behind: what was never stored that late is not meant.
                if time.future && reaches(info, time) {
                    cost -= 1.2;
                }
                offer(cost, column);
            }
        }
        if candidates.is_empty() {
            return None;
        }
        candidates.sort_by(|one, two| one.0.total_cmp(&two.0));
        candidates.truncate(3);
        let pick = self.pick(format!("time {number}"), candidates.len());
        let (cost, column) = candidates[pick];
        if cost > 0.3 || pick > 0 {
            self.features.add(
                Feature::OtherTime,
                (cost.max(0.3) + 0.3 * pick as f64).min(2.5),
            );
        }
        if data.columns[column].role == Role::Year {
            self.features.add(Feature::YearAsNumber, 0.3);
        }
        let path = self.up(base, data.columns[column].table, 0)?;
        Some(Ref { path, column })
    }

    // ----- figures -----

    fn aggregate(&mut self, figure: &Figure, base: TableId) -> Option<Aggregate> {
        let data = self.reader.data;
        let mut filter = Vec::new();
        for cond in &figure.only {
            let column = self.column_of(cond)?;
            let reference = self.expr_of(base, column, 0)?;
            filter.push(self.plain(cond, &reference, base)?);
        }
        let (function, expr) = match &figure.of {
            Of::Rows(table) => {
                if *table == base && figure.function != Some(Function::CountDistinct) {
                    (Function::Count, None)
                } else {
                    let identity = data.identity(*table);
                    let column = *identity.first()?;
                    let reference = self.expr_of(base, column, 0)?;
                    (Function::CountDistinct, Some(Expr::Column(reference)))
                }
            }
            Of::Column(column) => {
                let reference = self.expr_of(base, *column, 0)?;
                let info = &data.columns[*column];
                let function = figure.function.unwrap_or_else(|| {
                    if info.role.is_additive() {
                        Function::Sum
                    } else {
                        Function::Average
                    }
                });
                (function, Some(Expr::Column(reference)))
            }
            Of::Duration(earlier, later, unit) => {
                let earlier = self.expr_of(base, *earlier, 0)?;
                let later = match later {
                    Some(later) => Some(self.expr_of(base, *later, 0)?),
                    None => None,
                };
                (
                    figure.function.unwrap_or(Function::Average),
                    Some(Expr::Duration {
                        earlier,
                        later,
                        unit: *unit,
                    }),
                )
            }
            Of::Product(one, two) => {
                let one = self.expr_of(base, *one, 0)?;
                let two = self.expr_of(base, *two, 0)?;
                (
                    figure.function.unwrap_or(Function::Sum),
                    Some(Expr::Product(
                        Box::new(Expr::Column(one)),
                        Box::new(Expr::Column(two)),
                    )),
                )
            }
        };
        Some(Aggregate {
            function,
            expr,
            filter,
        })
    }

    fn measure(
        &mut self,
        sum: &Sum,
        base: TableId,
        conditions: &[Condition],
        keys: &[Key],
    ) -> Option<Measure> {
        match sum {
            Sum::One(figure, place) => {
                // "Average revenue" does not say of what: of lines, of orders, of months.
                let says_of_what = self
                    .frame
                    .items
                    .get(*place)
                    .is_none_or(|(_, span)| span.1 > span.0 + 1)
                    || self.frame.has(|item| matches!(item, Item::Entity(_)));
                if figure.function == Some(Function::Average)
                    && matches!(figure.of, Of::Product(..))
                    && !says_of_what
                {
                    self.features.add(Feature::Unsure, 1.0);
                }
                self.one(figure, base, conditions, keys)
            }
            Sum::Two(over, under, percent, _) => {
                // What somebody named costs what its first figure does: the rest is no guess.
                let is_named = ratio::is_named(self.reader.data, over, under);
                let over = self.one(over, base, conditions, keys)?;
                let features = self.features.clone();
                let under = self.one(under, base, conditions, keys)?;
                if is_named {
                    self.features = features;
                } else {
                    self.features.add(Feature::RatioUsed, 1.0);
                }
                Some(Measure::Ratio {
                    over: Box::new(over),
                    under: Box::new(under),
                    percent: *percent,
                })
            }
            Sum::Nested(outer, inner, _) => {
                self.features.add(Feature::PerEntity, 1.0);
                let inner = self.aggregate(inner, base)?;
                if !self.over.is_empty() {
                    return Some(Measure::PerGroup {
                        outer: *outer,
                        inner,
                        group: self.over.clone(),
                    });
                }
                // Over what is averaged: what was named of what the rows refer to, else the first of it.
                let named = |table: TableId| {
                    self.frame
                        .has(|item| matches!(item, Item::Entity(known) if *known == table))
                };
                let edges = &self.reader.data.edges;
                let of_parts = keys
                    .iter()
                    .any(|key| matches!(key.by.first(), Some(Expr::Part(..))));
                let edge = edges
                    .iter()
                    .find(|edge| edge.from == base && named(edge.to))
                    .or_else(|| {
                        // "average number of orders per day" names nothing but the day.
                        edges.iter().find(|edge| edge.from == base && !of_parts)
                    })?;
                let group = edge
                    .from_columns
                    .iter()
                    .map(|&column| Expr::Column(Ref::own(column)))
                    .collect();
                self.features.add(Feature::Unsure, 1.0);
                Some(Measure::PerGroup {
                    outer: *outer,
                    inner,
                    group,
                })
            }
        }
    }

    /// A figure over the base, or over rows of its own where its table lies elsewhere.
    fn one(
        &mut self,
        figure: &Figure,
        base: TableId,
        conditions: &[Condition],
        keys: &[Key],
    ) -> Option<Measure> {
        let data = self.reader.data;
        let table = self.reader.data.table_of(&figure.of);
        let is_count_of_other = matches!(figure.of, Of::Rows(other) if other != base);
        let reached = table == base || !data.paths_up(base, table).is_empty();
        let distinct = figure.function == Some(Function::CountDistinct);
        if table == base || (reached && (is_count_of_other || distinct || !self.adds_up(figure))) {
            return Some(Measure::Aggregate(self.aggregate(figure, base)?));
        }
        self.features.add(Feature::TwoFigures, 1.0);
        let mut own_keys = Vec::new();
        for key in keys {
            for expr in &key.by {
                let Expr::Column(reference) = expr else {
                    return None;
                };
                let target = data.columns[reference.column].table;
                let path = self.up(table, target, 0)?;
                own_keys.push(Expr::Column(Ref {
                    path,
                    column: reference.column,
                }));
            }
        }
        // Conditions hold for these rows, too, where they can.
        let mut own_conditions = Vec::new();
        for condition in conditions {
            if let Some(condition) = self.moved(condition, table) {
                own_conditions.push(condition);
            }
        }
        let aggregate = self.aggregate(figure, table)?;
        Some(Measure::Other {
            rows: Rows {
                base: table,
                conditions: own_conditions,
            },
            aggregate,
            keys: own_keys,
        })
    }

    fn adds_up(&self, figure: &Figure) -> bool {
        match figure.function {
            Some(Function::Sum | Function::Count) => true,
            None => match figure.of {
                Of::Column(column) => self.reader.data.columns[column].role.is_additive(),
                _ => true,
            },
            _ => true,
        }
    }

    /// The same condition seen from another table, where its column is reached from there.
    fn moved(&mut self, condition: &Condition, table: TableId) -> Option<Condition> {
        let data = self.reader.data;
        match condition {
            Condition::In(reference, values, negated) => {
                let path = self.up(table, data.columns[reference.column].table, 0)?;
                Some(Condition::In(
                    Ref {
                        path,
                        column: reference.column,
                    },
                    values.clone(),
                    *negated,
                ))
            }
            Condition::Within(reference, from, to) => {
                let target = data.columns[reference.column].table;
                let reference = if target == table || !data.paths_up(table, target).is_empty() {
                    let path = self.up(table, target, 0)?;
                    Ref {
                        path,
                        column: reference.column,
                    }
                } else {
                    Ref::own(data.tables[table].time?)
                };
                Some(Condition::Within(reference, from.clone(), to.clone()))
            }
            Condition::Compare(Expr::Column(reference), operator, value) => {
                let path = self.up(table, data.columns[reference.column].table, 0)?;
                Some(Condition::Compare(
                    Expr::Column(Ref {
                        path,
                        column: reference.column,
                    }),
                    *operator,
                    value.clone(),
                ))
            }
            _ => None,
        }
    }

    // ----- keys -----

    fn key(&mut self, base: TableId, key: &KeyOf, sense: &Sense, near: usize) -> Option<Key> {
        let data = self.reader.data;
        match key {
            KeyOf::Entity(table) => {
                if *table == base {
                    let by = self.identity(base, &[]);
                    let shown = self.label(base, &[]);
                    if sense.orders.iter().all(|order| order.3.is_none()) {
                        self.features.add(Feature::KeyMisfit, 0.7);
                    }
                    return Some(Key {
                        by,
                        shown,
                        entity: Some((Vec::new(), base)),
                    });
                }
                let path = self.up(base, *table, near)?;
                let by = self.identity(*table, &path);
                let shown = self.label(*table, &path);
                Some(Key {
                    by,
                    shown,
                    entity: Some((path, *table)),
                })
            }
            KeyOf::Column(column) => {
                let info = &data.columns[*column];
                if let Some(edge) = data.edge_of(*column).filter(|_| info.is_foreign) {
                    // A reference stands for what it refers to.
                    let target = data.edges[edge].to;
                    let has_label = data.tables[target]
                        .label
                        .iter()
                        .any(|label| !data.tables[target].key.contains(label));
                    if has_label {
                        let mut path = self.up(base, info.table, near)?;
                        path.push(edge);
                        let by = self.identity(target, &path);
                        let shown = self.label(target, &path);
                        return Some(Key {
                            by,
                            shown,
                            entity: Some((path, target)),
                        });
                    }
                }
                if info.is_time() {
                    let reference = self.expr_of(base, *column, near)?;
                    let expr = if info.column_type == ingest::ColumnType::Datetime {
                        Expr::Part(Part::Day, reference)
                    } else {
                        Expr::Column(reference)
                    };
                    return Some(Key {
                        by: vec![expr.clone()],
                        shown: vec![expr],
                        entity: None,
                    });
                }
                let reference = self.expr_of(base, *column, near)?;
                // The label of an entity is grouped by its key: two may have one name.
                let table = info.table;
                let path = reference.path.clone();
                let is_label = data.tables[table].label == [*column]
                    && !data.tables[table].key.is_empty()
                    && table != base;
                if is_label {
                    let by = self.identity(table, &path);
                    return Some(Key {
                        by,
                        shown: vec![Expr::Column(reference)],
                        entity: Some((path, table)),
                    });
                }
                let expr = Expr::Column(reference);
                Some(Key {
                    by: vec![expr.clone()],
                    shown: vec![expr],
                    entity: None,
                })
            }
            KeyOf::Part(part, column) => {
                let reference = if let Some(column) = column {
                    self.expr_of(base, *column, near)?
                } else {
                    let any = Time {
                        from: None,
                        to: None,
                        part: Some((*part, Vec::new())),
                        bare_year: None,
                        assumed: false,
                        future: false,
                    };
                    let any = if *part == Part::Year {
                        Time { part: None, ..any }
                    } else {
                        any
                    };
                    self.time_ref(base, sense, 0, &any)?
                };
                let expr = Expr::Part(*part, reference);
                Some(Key {
                    by: vec![expr.clone()],
                    shown: vec![expr],
                    entity: None,
                })
            }
        }
    }

    /// What tells the rows of the table apart, reached by the path.
    fn identity(&self, table: TableId, path: &[EdgeId]) -> Vec<Expr> {
        reached(self.reader.data.identity(table), path)
    }

    fn label(&self, table: TableId, path: &[EdgeId]) -> Vec<Expr> {
        reached(&self.reader.data.tables[table].label, path)
    }

    /// Where "who" leads from a row: the nearest persons, else the first thing with a name that it refers to.
    fn way_to_whom(&self, base: TableId) -> Option<Vec<EdgeId>> {
        let data = self.reader.data;
        let named = |table: TableId| {
            let info = &data.tables[table];
            info.label.iter().any(|label| !info.key.contains(label))
        };
        (0..data.tables.len())
            .filter(|&table| table != base && named(table))
            .filter_map(|table| {
                let path = data.paths_up(base, table).into_iter().next()?;
                Some((!data.tables[table].holds_persons, path.len(), path))
            })
            .min()
            .map(|(_, _, path)| path)
    }

    // ----- shapes of questions -----

    /// Tables whose rows the keys, conditions and figures can be read from.
    fn group(&mut self, sense: Sense) -> Option<Query> {
        if sense.everything {
            return None;
        }
        let data = self.reader.data;
        let main = sense.figures.first()?.main().clone();
        let own = self.reader.data.table_of(&main.of);
        let mut bases = vec![own];
        // Where a key lies on another side, rows in between tie the two.
        let ranked = sense.orders.iter().any(|order| order.3.is_some());
        let target = sense
            .entities
            .iter()
            .find(|entity| {
                !entity.2
                    && !sense
                        .figures
                        .iter()
                        .any(|sum| matches!(sum.main().of, Of::Rows(table) if table == entity.0))
            })
            .map(|entity| entity.0)
            .filter(|_| ranked);
        let keys_up = |base: TableId, this: &Self| {
            target.is_none_or(|table| {
                table == base || !this.reader.data.paths_up(base, table).is_empty()
            }) && sense.keys.iter().all(|(key, _)| match key {
                KeyOf::Entity(table) => {
                    *table == base || !this.reader.data.paths_up(base, *table).is_empty()
                }
                KeyOf::Column(column) => {
                    let table = this.reader.data.columns[*column].table;
                    table == base || !this.reader.data.paths_up(base, table).is_empty()
                }
                KeyOf::Part(..) => true,
            })
        };
        if !keys_up(own, self) {
            bases.clear();
            let mut between: Vec<(usize, TableId)> = (0..data.tables.len())
                .filter(|&base| base != own)
                .filter_map(|base| {
                    let path = data.paths_up(base, own);
                    let length = path.first()?.len();
                    keys_up(base, self).then_some((length, base))
                })
                .collect();
            between.sort_unstable();
            bases.extend(between.into_iter().map(|(_, base)| base));
            self.features.add(Feature::FarBase, 1.0);
        }
        let pick = self.pick("base".into(), bases.len().min(2));
        let base = *bases.get(pick)?;
        self.group_over(base, sense)
    }

    fn group_over(&mut self, base: TableId, mut sense: Sense) -> Option<Query> {
        let data = self.reader.data;
        self.merge_values(base, &mut sense);
        // "top 3 events by tickets sold", "which carrier has the highest average cost": the target is a key.
        let has_limit = sense.orders.iter().any(|order| order.3.is_some());
        let mut target: Option<KeyOf> = None;
        let mut extra_shown: Vec<ColumnId> = Vec::new();
        if has_limit
            || sense.window == Some(Window::Rank)
            || !sense.keys.is_empty()
            || sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::Which | Ask::List | Ask::Who))
        {
            let counted = |table: TableId| {
                sense
                    .figures
                    .iter()
                    .any(|sum| matches!(sum.main().of, Of::Rows(own) if own == table))
            };
            let limited = has_limit && !sense.keys.is_empty();
            // What follows the keys only says whose rows they are: "median salary by grade, current staff".
            let first_key = sense.keys.iter().map(|(_, at)| *at).min();
            let trails = |at: usize| {
                !has_limit && sense.window.is_none() && first_key.is_some_and(|key| key < at)
            };
            if let Some(&(table, at, clause)) = sense
                .entities
                .iter()
                .find(|entity| !counted(entity.0) && !entity.2 && !trails(entity.1))
                && (table == base && limited
                    || table != base && !data.paths_up(base, table).is_empty())
                && !clause
            {
                sense.entities.retain(|entity| entity.1 != at);
                target = Some(KeyOf::Entity(table));
            }
            let figure_columns: Vec<ColumnId> = sense
                .figures
                .iter()
                .filter_map(|sum| match sum.main().of {
                    Of::Column(column) => Some(column),
                    _ => None,
                })
                .collect();
            for (column, at) in sense.columns.clone() {
                if figure_columns.contains(&column) {
                    continue;
                }
                let info = &data.columns[column];
                let of_target =
                    matches!(&target, Some(KeyOf::Entity(table)) if *table == info.table);
                if of_target {
                    extra_shown.push(column);
                    sense.columns.retain(|known| known.1 != at);
                } else if target.is_none()
                    && (info.role.is_dimension() || info.role == Role::Identifier)
                {
                    target = Some(KeyOf::Column(column));
                    sense.columns.retain(|known| known.1 != at);
                }
            }
        }
        let extreme = sense.figures.iter().any(|sum| {
            matches!(
                sum,
                Sum::One(
                    Figure {
                        function: Some(Function::Maximum | Function::Minimum),
                        ..
                    },
                    _
                )
            )
        });
        let asked_rows = sense.entities.iter().any(|entity| entity.0 == base)
            && sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::Which | Ask::Who | Ask::List));
        if extreme && target == Some(KeyOf::Entity(base)) {
            self.features.add(Feature::OrderMisfit, 1.0);
        }
        if extreme && (target.is_some() || asked_rows) && sense.keys.is_empty()
            || extreme && asked_rows && sense.asks.contains(&Ask::Which)
        {
            self.features.add(Feature::RoleMisfit, 1.0);
        }
        let which = sense
            .asks
            .iter()
            .any(|ask| matches!(ask, Ask::Which | Ask::Who));
        if target.is_some()
            && !has_limit
            && sense.keys.is_empty()
            && sense.window.is_none()
            && !(which
                && sense
                    .conds
                    .iter()
                    .any(|(cond, ..)| matches!(cond, Cond::Average { .. })))
        {
            self.features.add(Feature::ImplicitKey, 1.0);
        }
        if sense.growth && sense.times.len() == 2 {
            // "year over year, 2025 vs 2024": the two are told, not every year.
            sense
                .keys
                .retain(|(key, _)| !matches!(key, KeyOf::Part(..)));
        }
        let mut all_keys = sense.keys.clone();
        if let Some(target) = &target
            && !all_keys.iter().any(|(key, _)| key == target)
        {
            all_keys.push((target.clone(), usize::MAX));
        }
        let mut keys: Vec<Key> = Vec::new();
        for (key, at) in &all_keys {
            let near = self.frame.items.get(*at).map_or(0, |item| item.1.0);
            let built = self.key(base, key, &sense, near)?;
            if !keys.iter().any(|known| known.by == built.by) {
                keys.push(built);
            }
        }
        if keys.len() > 1 {
            self.features
                .add(Feature::SeveralKeys, keys.len() as f64 - 1.0);
        }
        // Shown columns of the target instead of its label.
        if !extra_shown.is_empty()
            && let Some(key) = keys.last_mut()
            && let Some((path, _)) = key.entity.clone()
        {
            key.shown = extra_shown
                .iter()
                .map(|&column| {
                    Expr::Column(Ref {
                        path: path.clone(),
                        column,
                    })
                })
                .collect();
        }
        // "copies that cost more than the average copy, how many per branch": said before the key, it is of rows.
        let first_key = sense.keys.iter().map(|(_, at)| *at).min();
        let of_rows = |cond: &Cond, at: usize| {
            matches!(cond, Cond::Average { column: Some(column), .. } if data.columns[*column].table == base)
                && first_key.is_some_and(|key| at < key)
                && self.counts_rows_of(&sense, base)
        };
        let (averages, plain): (Vec<_>, Vec<_>) =
            sense.conds.iter().cloned().partition(|(cond, at, _)| {
                matches!(cond, Cond::Average { within: None, .. })
                    && !keys.is_empty()
                    && !of_rows(cond, *at)
            });
        let sides: Vec<Cond> = plain
            .iter()
            .filter(|(cond, ..)| matches!(cond, Cond::Is { .. }))
            .map(|(cond, ..)| cond.clone())
            .collect();
        let by_values = match sides.as_slice() {
            [Cond::Is { column: one, .. }, Cond::Is { column: two, .. }] => {
                sense.growth && one == two && sense.times.is_empty()
            }
            _ => false,
        };
        let plain: Vec<_> = if by_values {
            plain
                .into_iter()
                .filter(|(cond, ..)| !matches!(cond, Cond::Is { .. }))
                .collect()
        } else {
            plain
        };
        let mut conditions = self.lower_all(base, &plain)?;
        self.leftover_entities(base, &sense)?;
        // Growth between two periods: each is a condition of its own side.
        let split = sense.growth && sense.times.len() == 2;
        if split {
            sense.window = None;
            sense.times.sort_by_key(|(time, ..)| time.from);
        }
        // Two periods that no row can lie in at once are told beside each other.
        let beside = !split && !sense.growth && sense.window.is_none() && are_apart(&sense.times);
        if beside && !sense.versus && follow_each_other(&sense.times) {
            // "in April and May": sooner one period than two figures.
            self.features.add(Feature::Unsure, 0.7);
        }
        if !split && !beside {
            self.lower_times(base, &sense, &mut conditions)?;
        }
        conditions.extend(self.flush_related());
        if sense.current {
            self.lower_current(base, &mut conditions);
        }
        if let Some(part) = sense.over {
            self.over = self.key(base, &KeyOf::Part(part, None), &sense, 0)?.by;
            if !matches!(sense.figures.as_slice(), [Sum::Nested(..)]) {
                return None;
            }
        }
        let mut measures = Vec::new();
        for sum in &sense.figures {
            let measure = self.measure(sum, base, &conditions, &keys)?;
            if !measures.contains(&measure) {
                measures.push(measure);
            }
        }
        let said = sense
            .figures
            .iter()
            .any(|sum| sum.main().function.is_some());
        let bare = sense
            .figures
            .iter()
            .filter(|sum| matches!(sum, Sum::One(Figure { function: None, .. }, _)))
            .count();
        if said && bare > 0 && sense.orders.is_empty() {
            self.features.add(Feature::Unsure, bare as f64);
        }
        if measures.len() > 1 {
            self.features
                .add(Feature::TwoFigures, measures.len() as f64 - 1.0);
        }
        for _ in &sense.columns {
            // A name that found no place.
            self.features.add(Feature::ExtraEntity, 1.5);
        }
        if split && let [Measure::Aggregate(only)] = measures.as_slice() {
            let mut sides = self.in_each_period(only, base, &sense)?;
            let after = sides.pop()?;
            let before = sides.pop()?;
            measures = vec![Measure::Growth(Box::new(before), Box::new(after))];
        } else if by_values && let [Measure::Aggregate(only)] = measures.as_slice() {
            let mut pair = Vec::new();
            for cond in &sides {
                let column = self.column_of(cond)?;
                let reference = self.expr_of(base, column, 0)?;
                let mut side = only.clone();
                side.filter.push(self.plain(cond, &reference, base)?);
                pair.push(Measure::Aggregate(side));
            }
            let after = pair.pop()?;
            let before = pair.pop()?;
            measures = vec![Measure::Growth(Box::new(before), Box::new(after))];
        } else if beside {
            let mut sides = Vec::new();
            for measure in &measures {
                let Measure::Aggregate(only) = measure else {
                    return None;
                };
                sides.extend(self.in_each_period(only, base, &sense)?);
            }
            measures = sides;
        } else if sense.growth {
            sense.window = Some(Window::Growth);
            if !keys
                .iter()
                .any(|key| matches!(key.by.first(), Some(Expr::Part(..))))
            {
                return None;
            }
        }
        if sense.window.is_some() {
            self.features.add(Feature::WindowUsed, 1.0);
            let along = keys
                .iter()
                .any(|key| matches!(key.by.first(), Some(Expr::Part(..))));
            if !matches!(sense.window, Some(Window::ShareOfTotal | Window::Rank)) && !along {
                // A running total needs an order: months where nothing is said.
                if keys.is_empty() {
                    let key = self.key(base, &KeyOf::Part(Part::Month, None), &sense, 0)?;
                    self.features.add(Feature::AssumedTime, 2.0);
                    keys.push(key);
                } else {
                    self.features.add(Feature::Unsure, 1.0);
                }
            }
        }
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        let mut show_measures = true;
        let mut order = Vec::new();
        for (by, function, descending, limit, offset, _) in &sense.orders {
            let position = match by {
                By::Measure => Some(OrderBy::Measure(0)),
                By::Of(of) => {
                    let figure = Figure::new(*function, of.clone());
                    let same = sense.figures.iter().position(|sum| sum.main().of == *of);
                    if let Some(at) = same {
                        Some(OrderBy::Measure(at))
                    } else {
                        let column_key = keys.iter().position(|key| matches!((of, key.shown.first()), (Of::Column(column), Some(Expr::Column(reference))) if reference.column == *column));
                        if let Some(at) = column_key {
                            Some(OrderBy::Key(at))
                        } else {
                            let measure = self.one(&figure, base, &query.rows.conditions, &keys)?;
                            measures.push(measure);
                            self.features.add(Feature::TwoFigures, 1.0);
                            Some(OrderBy::Measure(measures.len() - 1))
                        }
                    }
                }
                By::Time => keys
                    .iter()
                    .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
                    .map(OrderBy::Key),
                By::Name => (!keys.is_empty()).then_some(OrderBy::Key(0)),
            };
            if let Some(position) = position {
                if keys.is_empty() {
                    self.features.add(Feature::OrderMisfit, 1.0);
                } else {
                    order.push((position, *descending));
                }
            } else {
                self.features.add(Feature::OrderMisfit, 1.0);
            }
            if let Some(limit) = limit {
                query.limit = Some(*limit);
                query.offset = *offset;
            }
        }
        if let Some(limit) = sense.limit {
            query.limit = Some(limit);
            if query.order.is_empty() && order.is_empty() {
                self.features.add(Feature::Unsure, 1.0);
            }
        }
        if query.limit.is_some() {
            for key in &keys {
                if let Some(Expr::Column(reference)) = key.by.first()
                    && reference.path.is_empty()
                    && data.columns[reference.column].stats.nulls > 0
                {
                    query
                        .rows
                        .conditions
                        .push(Condition::Null(reference.clone(), false));
                }
            }
        }
        // The best of each group.
        if query.limit.is_some()
            && !sense.keys.is_empty()
            && target.is_some()
            && keys.len() > 1
            && sense.window.is_none()
        {
            query.per = Some(0);
        }
        if query.limit.is_some() && sense.all && query.per.is_none() && !sense.keys.is_empty() {
            // "in each department": the best of all groups was not asked for.
            self.features.add(Feature::OrderMisfit, 1.5);
        }
        let part_asked = sense.asks.contains(&Ask::Which)
            && matches!(sense.keys.as_slice(), [(KeyOf::Part(..), _)]);
        let asked_for_names = (target.is_some() || part_asked)
            && query.limit.is_some()
            && sense.figures.iter().all(|sum| match sum {
                Sum::One(figure, at) => sense.orders.iter().any(|order| {
                    order.5 == *at || matches!(&order.0, By::Of(of) if *of == figure.of)
                }),
                _ => false,
            });
        // One name answers "which"; of several, people compare the figures.
        if asked_for_names && query.limit == Some(1) {
            show_measures = false;
        }
        for (cond, ..) in averages {
            let Cond::Average {
                column, operator, ..
            } = cond
            else {
                continue;
            };
            let measure = match column {
                Some(column) => self.one(
                    &Figure::new(Some(Function::Average), Of::Column(column)),
                    base,
                    &[],
                    &keys,
                )?,
                None => measures.first()?.clone(),
            };
            query.having.push((measure, operator, Having::Overall));
        }
        if order.is_empty() {
            if let Some(at) = keys
                .iter()
                .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
            {
                order.push((OrderBy::Key(at), false));
            } else if !keys.is_empty()
                && !measures.is_empty()
                && (query.limit.is_some() || sense.window.is_none())
            {
                // People compare groups: the largest comes first.
                order.push((OrderBy::Measure(0), true));
            }
        }
        // Whoever shares the first place is told, too.
        query.ties = query.limit == Some(1)
            && query.offset == 0
            && query.per.is_none()
            && self.asks_for_several();
        query.order = order;
        let keeps = sense.with_empty || sense.all && self.keeps_all();
        let counts_rows = matches!(
            measures.as_slice(),
            [Measure::Aggregate(Aggregate {
                function: Function::Count,
                expr: None,
                ..
            })]
        );
        if keeps
            && counts_rows
            && query.limit.is_none()
            && let [Key { entity: None, .. }] = keys.as_slice()
            && let [Measure::Aggregate(count)] = measures.as_mut_slice()
        {
            // Every group that there is, with the rows of it that meet the conditions.
            count.filter.append(&mut query.rows.conditions);
        }
        let keep_empty = keeps
            && keys.len() == 1
            && query.limit.is_none()
            && matches!(
                measures.as_slice(),
                [Measure::Aggregate(Aggregate {
                    function: Function::Count,
                    ..
                })]
            )
            && keys[0]
                .entity
                .as_ref()
                .is_some_and(|(path, _)| path.len() == 1);
        query.select = Select::Group {
            keys,
            measures,
            window: sense.window,
            show_measures,
            keep_empty,
        };
        Some(query)
    }

    /// The figure of each period that was said.
    fn in_each_period(
        &mut self,
        only: &Aggregate,
        base: TableId,
        sense: &Sense,
    ) -> Option<Vec<Measure>> {
        let mut sides = Vec::new();
        for (number, (time, ..)) in sense.times.iter().enumerate() {
            let reference = self.time_ref(base, sense, number, time)?;
            let mut side = only.clone();
            side.filter.push(self.within(time, reference, false)?);
            sides.push(Measure::Aggregate(side));
        }
        Some(sides)
    }

    /// A row has one value in a column: two that are asked for are alternatives, and groups where they are set against each
    /// other.
    fn merge_values(&mut self, base: TableId, sense: &mut Sense) {
        if sense.both || sense.growth {
            return;
        }
        let data = self.reader.data;
        let mut merged: Vec<(Cond, usize, (usize, usize))> = Vec::new();
        for (cond, at, span) in std::mem::take(&mut sense.conds) {
            let Cond::Is {
                column,
                values,
                negated: false,
            } = &cond
            else {
                merged.push((cond, at, span));
                continue;
            };
            let table = data.columns[*column].table;
            let is_one = table == base || !data.paths_up(base, table).is_empty();
            let joined = |from: usize| {
                self.frame.items[from.min(at)..at]
                    .iter()
                    .any(|(item, _)| matches!(item, Item::And | Item::Versus | Item::Or))
            };
            let known = merged.iter_mut().find_map(|(known, from, _)| match known {
                Cond::Is {
                    column: other,
                    values,
                    negated: false,
                } if other == column && is_one && joined(*from) => Some(values),
                _ => None,
            });
            match known {
                Some(known) => {
                    for value in values {
                        if !known.contains(value) {
                            known.push(value.clone());
                        }
                    }
                }
                None => merged.push((cond, at, span)),
            }
        }
        if sense.versus {
            let sides = merged.iter().find_map(|(cond, at, _)| match cond {
                Cond::Is {
                    column,
                    values,
                    negated: false,
                } if values.len() > 1 => Some((KeyOf::Column(*column), *at)),
                _ => None,
            });
            if let Some(side) = sides
                && !sense.keys.iter().any(|(key, _)| *key == side.0)
            {
                sense.keys.push(side);
            }
        }
        sense.conds = merged;
    }

    /// "all", "each" and "every" of a thing ask for those with none as well.
    fn keeps_all(&self) -> bool {
        self.reader
            .tokens
            .iter()
            .any(|token| matches!(token.lower.as_str(), "all" | "every" | "none" | "zero"))
    }

    /// Entities without a function restrict the rows: those that are related to some.
    fn leftover_entities(&mut self, base: TableId, sense: &Sense) -> Option<()> {
        let data = self.reader.data;
        for &(table, position, clause) in &sense.entities {
            if table == base {
                continue;
            }
            if !data.paths_up(base, table).is_empty() {
                // Every row belongs to one: nothing is restricted.
                self.features.add(Feature::ExtraEntity, 0.3);
                continue;
            }
            let figures = sense
                .figures
                .iter()
                .any(|sum| self.reader.data.table_of(&sum.main().of) == table);
            if figures {
                continue;
            }
            if !clause {
                self.features.add(Feature::BareRelation, 1.0);
            }
            let known = self.related.iter().any(|known| known.base == table);
            if known {
                continue;
            }
            self.lower_has(base, table, Operator::GreaterOrEqual, 1.0, position)?;
        }
        Some(())
    }

    /// "what share of X was Y", "percentage of revenue by channel".
    fn share(&mut self, mut sense: Sense) -> Option<Query> {
        let data = self.reader.data;
        let at = sense.share?;
        self.features.add(Feature::ShareUsed, 1.0);
        // A sum: its share by group, or the share of it that meets conditions.
        let figure = if let Some(sum) = sense.figures.first() {
            sum.main().clone()
        } else {
            let table = match sense.entities.first().copied() {
                Some((table, place, _)) => {
                    sense.entities.retain(|entity| entity.1 != place);
                    table
                }
                None => self.table_of_conditions(&sense)?,
            };
            Figure::new(Some(Function::Count), Of::Rows(table))
        };
        let base = self.reader.data.table_of(&figure.of);
        let noun = self
            .frame
            .items
            .iter()
            .position(|(item, _)| match item {
                Item::Entity(table) => matches!(figure.of, Of::Rows(own) if own == *table),
                Item::Figure(own) => own.of == figure.of,
                _ => false,
            })
            .unwrap_or(at);
        let mut keys = Vec::new();
        for (key, place) in sense.keys.clone() {
            let near = self.frame.items.get(place).map_or(0, |item| item.1.0);
            keys.push(self.key(base, &key, &sense, near)?);
        }
        // What is said before the noun describes the whole, what comes after it the part.
        let after: Vec<_> = sense
            .conds
            .iter()
            .filter(|(_, place, _)| *place > noun)
            .cloned()
            .collect();
        let (whole, part): (Vec<_>, Vec<_>) = if after.is_empty() {
            (Vec::new(), sense.conds.clone())
        } else if self.pick("share".into(), 2) == 0 {
            // The last of them is what is asked.
            let last = after.iter().map(|(_, place, _)| *place).max().unwrap_or(0);
            sense
                .conds
                .iter()
                .cloned()
                .partition(|(_, place, _)| *place != last && (*place < noun || after.len() > 1))
        } else {
            (
                sense
                    .conds
                    .iter()
                    .filter(|(_, place, _)| *place < noun)
                    .cloned()
                    .collect(),
                after,
            )
        };
        for _ in &sense.columns {
            self.features.add(Feature::ExtraEntity, 1.5);
        }
        let part_tables: Vec<_> = sense
            .entities
            .iter()
            .filter(|entity| entity.0 != base && data.paths_up(base, entity.0).is_empty())
            .copied()
            .collect();
        let mut conditions = self.lower_all(base, &whole)?;
        conditions.extend(self.flush_related());
        self.lower_times(base, &sense, &mut conditions)?;
        if sense.current {
            self.lower_current(base, &mut conditions);
        }
        let mut filter = self.lower_all(base, &part)?;
        for (table, position, _) in part_tables {
            self.lower_has(base, table, Operator::GreaterOrEqual, 1.0, position)?;
        }
        filter.extend(self.flush_related());
        let whole_figure = self.aggregate(&figure, base)?;
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        if filter.is_empty() {
            if keys.is_empty() {
                return None;
            }
            query.select = Select::Group {
                keys,
                measures: vec![Measure::Aggregate(whole_figure)],
                window: Some(Window::ShareOfTotal),
                show_measures: true,
                keep_empty: false,
            };
            return Some(query);
        }
        let mut of_part = whole_figure.clone();
        of_part.filter = filter;
        let mut order = Vec::new();
        if let Some(at) = keys
            .iter()
            .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
        {
            order.push((OrderBy::Key(at), false));
        }
        for (by, _, descending, limit, offset, _) in &sense.orders {
            if *by == By::Measure && !keys.is_empty() {
                order = vec![(OrderBy::Measure(0), *descending)];
                query.limit = *limit;
                query.offset = *offset;
            }
        }
        query.order = order;
        query.select = Select::Group {
            keys,
            measures: vec![Measure::Ratio {
                over: Box::new(Measure::Aggregate(of_part)),
                under: Box::new(Measure::Aggregate(whole_figure)),
                percent: true,
            }],
            window: None,
            show_measures: true,
            keep_empty: false,
        };
        Some(query)
    }

    /// An order with a limit over something that must be grouped first. `None`: not such a question.
    fn superlative(&mut self, sense: &mut Sense) -> Option<Option<Query>> {
        let data = self.reader.data;
        let position = sense.orders.iter().position(|order| {
            matches!(order.0, By::Of(_)) || matches!(order.0, By::Measure) && order.3.is_some()
        })?;
        let (by, function, ..) = sense.orders[position].clone();
        // What is to be named: the asked entity or column.
        let subject = sense
            .entities
            .iter()
            .find(|entity| !matches!(&by, By::Of(Of::Rows(table)) if *table == entity.0))
            .copied();
        let column = sense
            .columns
            .iter()
            .find(|(column, _)| {
                let info = &data.columns[*column];
                info.role.is_dimension() || info.role == Role::Identifier
            })
            .copied();
        match by {
            By::Of(Of::Rows(table)) => {
                sense.figures.push(Sum::One(
                    Figure::new(Some(Function::Count), Of::Rows(table)),
                    sense.orders[position].5,
                ));
                // "who has the most orders", nothing named: what the rows refer to.
                Some(self.group(sense.clone()))
            }
            By::Of(of) => {
                let table = self.reader.data.table_of(&of);
                let additive = match &of {
                    Of::Column(column) => data.columns[*column].role.is_additive(),
                    _ => true,
                };
                let mut subject = subject;
                if subject.is_none() && column.is_none() {
                    let whose = (sense.asks.first() == Some(&Ask::Who) && !sense.also_who)
                        .then(|| self.way_to_whom(table))
                        .flatten()
                        .and_then(|path| path.last().map(|&edge| data.edges[edge].to))
                        .filter(|_| additive && !data.tables[table].holds_persons);
                    // "who logged the most hours": of all that they logged. "the three most valuable in each room":
                    // the rows themselves.
                    let rows = sense
                        .keys
                        .iter()
                        .any(|(key, _)| !matches!(key, KeyOf::Part(..)))
                        .then_some(table);
                    if let Some(table) = whose.or(rows) {
                        let entity = (table, sense.orders[position].5, false);
                        sense.entities.push(entity);
                        subject = Some(entity);
                    }
                }
                let grouped = match (subject, column) {
                    (Some((subject, ..)), _) if subject == table => false,
                    (Some((subject, ..)), _) => !data.paths_up(table, subject).is_empty(),
                    (None, Some((column, _))) => {
                        let info = &data.columns[column];
                        if info.table == table {
                            // A category has many rows: either the group's total or the row's own.
                            let unique =
                                info.is_unique || data.tables[table].label.contains(&column);
                            let choices = if unique { 1 } else { 2 };
                            !unique
                                && self.pick("grouped".into(), choices) == 0
                                && function != Some(Function::Maximum)
                        } else {
                            !data.paths_up(table, info.table).is_empty()
                        }
                    }
                    (None, None) => {
                        sense
                            .keys
                            .iter()
                            .any(|(key, _)| matches!(key, KeyOf::Part(..)))
                            || function.is_some_and(|function| {
                                !matches!(function, Function::Maximum | Function::Minimum)
                            })
                    }
                };
                let per_key = !sense.keys.is_empty() && (subject.is_some() || column.is_some());
                if !grouped && !per_key {
                    return None;
                }
                let function = if grouped {
                    function
                } else {
                    Some(if sense.orders[position].2 {
                        Function::Maximum
                    } else {
                        Function::Minimum
                    })
                };
                if grouped
                    && (subject.is_some()
                        || column.is_some_and(|(column, _)| data.columns[column].table != table))
                {
                    self.features.add(Feature::FarOrder, 1.0);
                }
                let descending = sense.orders[position].2;
                let function = function.or_else(|| {
                    let choice = self.pick("extreme".into(), 2);
                    let extreme = if descending {
                        Function::Maximum
                    } else {
                        Function::Minimum
                    };
                    // "the most" adds up, "the highest" is one row's.
                    let place = self.frame.items[sense.orders[position].5].1.0;
                    let adds = (place.saturating_sub(4)..place).any(|at| {
                        matches!(
                            self.reader.word(at),
                            "most" | "least" | "fewest" | "top" | "best"
                        )
                    });
                    let usual = if additive && adds {
                        Function::Sum
                    } else {
                        extreme
                    };
                    let other = if additive && !adds {
                        Function::Sum
                    } else if additive {
                        extreme
                    } else {
                        Function::Average
                    };
                    if choice > 0 {
                        self.features.add(Feature::Unsure, 0.6);
                    }
                    Some(if choice == 0 { usual } else { other })
                });
                sense.figures.push(Sum::One(
                    Figure::new(function, of),
                    sense.orders[position].5,
                ));
                Some(self.group(sense.clone()))
            }
            By::Measure => {
                if function == Some(Function::Count) {
                    // "the most common X"
                    let table = match (column, subject) {
                        (Some((column, _)), _) => data.columns[column].table,
                        (None, Some((subject, ..))) => subject,
                        (None, None) if !sense.keys.is_empty() => {
                            // "busiest hour": of what there is most of.
                            self.features.add(Feature::NoSubject, 1.0);
                            let events = (0..data.tables.len())
                                .filter(|&table| data.tables[table].kind == TableKind::Event);
                            match events.max_by_key(|&table| data.tables[table].rows) {
                                Some(table) => table,
                                None => return Some(None),
                            }
                        }
                        _ => return None,
                    };
                    let table = if column.is_none()
                        || data.tables[table].kind == TableKind::Lookup
                        || column
                            .is_some_and(|(column, _)| data.tables[table].label.contains(&column))
                    {
                        // What refers to it is counted.
                        data.edges
                            .iter()
                            .find(|edge| edge.to == table)
                            .map_or(table, |edge| edge.from)
                    } else {
                        table
                    };
                    sense.figures.push(Sum::One(
                        Figure::new(Some(Function::Count), Of::Rows(table)),
                        sense.orders[position].5,
                    ));
                    return Some(self.group(sense.clone()));
                }
                // "top 5 borrowers": whoever the most rows refer to.
                if let Some((column, _)) = column
                    && sense.keys.is_empty()
                    && data.columns[column].is_foreign
                {
                    self.features.add(Feature::AssumedFunction, 1.0);
                    self.features.add(Feature::Unsure, 0.5);
                    sense.figures.push(Sum::One(
                        Figure::new(Some(Function::Count), Of::Rows(data.columns[column].table)),
                        sense.orders[position].5,
                    ));
                    return Some(self.group(sense.clone()));
                }
                self.features.add(Feature::LostFunction, 1.0);
                None
            }
            _ => None,
        }
    }

    /// "locations with more than 2 companies", "countries that have at least 3 customers": groups by their size.
    fn grouped_count(&mut self, sense: &Sense) -> Option<Query> {
        let data = self.reader.data;
        let (table, operator, count, at) =
            sense.conds.iter().find_map(|(cond, at, _)| match cond {
                Cond::Has {
                    table,
                    operator,
                    count,
                } => Some((*table, *operator, *count, *at)),
                _ => None,
            })?;
        let named = sense.entities.iter().any(|entity| entity.0 != table);
        let columns: Vec<ColumnId> = sense
            .columns
            .iter()
            .map(|(column, _)| *column)
            .filter(|&column| {
                let info = &data.columns[column];
                !named
                    && (info.table == table
                        && !data.tables[table].key.contains(&column)
                        && !info.is_unique
                        || info.table != table
                            && !info.is_unique
                            && !data.paths_up(table, info.table).is_empty()
                            && info.role.is_dimension()
                            && !data.tables[info.table].label.contains(&column))
            })
            .collect();
        if columns.is_empty() || columns.len() != sense.columns.len() || count == 0.0 {
            return None;
        }
        let mut keys: Vec<Key> = Vec::new();
        for column in columns {
            let key = self.key(table, &KeyOf::Column(column), sense, 0)?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let others: Vec<_> = sense
            .conds
            .iter()
            .filter(|(_, place, _)| *place != at)
            .cloned()
            .collect();
        let mut conditions = self.lower_all(table, &others)?;
        self.lower_times(table, sense, &mut conditions)?;
        conditions.extend(self.flush_related());
        let measure = Measure::Aggregate(Aggregate {
            function: Function::Count,
            expr: None,
            filter: Vec::new(),
        });
        let mut query = Query::list(table);
        query.rows.conditions = conditions;
        query
            .having
            .push((measure.clone(), operator, Having::Number(count)));
        query.select = Select::Group {
            keys,
            measures: vec![measure],
            window: None,
            show_measures: false,
            keep_empty: false,
        };
        Some(query)
    }

    /// "which channels have a CSAT below the average": groups compared with all rows.
    fn grouped_average(&mut self, sense: &Sense) -> Option<Query> {
        let data = self.reader.data;
        let (cond, ..) = sense
            .conds
            .iter()
            .find(|(cond, ..)| matches!(cond, Cond::Average { within: None, .. }))?;
        let Cond::Average {
            column: Some(measured),
            operator,
            ..
        } = cond
        else {
            return None;
        };
        let table = data.columns[*measured].table;
        let target = sense
            .columns
            .iter()
            .find(|(column, _)| {
                let info = &data.columns[*column];
                info.role.is_dimension()
                    && (info.table != table && !data.paths_up(table, info.table).is_empty()
                        || info.table == table && !data.tables[table].label.contains(column))
            })
            .map(|(column, _)| KeyOf::Column(*column))
            .or_else(|| {
                sense
                    .entities
                    .iter()
                    .find(|entity| entity.0 != table && !data.paths_up(table, entity.0).is_empty())
                    .map(|entity| KeyOf::Entity(entity.0))
            })?;
        let key = self.key(table, &target, sense, 0)?;
        let others: Vec<_> = sense
            .conds
            .iter()
            .filter(|(cond, ..)| !matches!(cond, Cond::Average { .. }))
            .cloned()
            .collect();
        let mut conditions = self.lower_all(table, &others)?;
        self.lower_times(table, sense, &mut conditions)?;
        conditions.extend(self.flush_related());
        let measure = Measure::Aggregate(Aggregate {
            function: Function::Average,
            expr: Some(Expr::Column(Ref::own(*measured))),
            filter: Vec::new(),
        });
        let mut query = Query::list(table);
        query.rows.conditions = conditions;
        query
            .having
            .push((measure.clone(), *operator, Having::Overall));
        query.select = Select::Group {
            keys: vec![key],
            measures: vec![measure],
            window: None,
            show_measures: false,
            keep_empty: false,
        };
        Some(query)
    }

    /// "… with guest and room": what each row belongs to is told beside it, as having one restricts nothing.
    fn told_beside(
        &self,
        base: TableId,
        subject: Option<TableId>,
        sense: &Sense,
    ) -> Vec<(TableId, usize)> {
        if subject.is_some_and(|subject| subject != base) {
            return Vec::new();
        }
        let said_with = |at: usize| {
            let clause = self.frame.items[..at]
                .iter()
                .rev()
                .find(|(item, _)| matches!(item, Item::Clause));
            clause.is_some_and(|(_, span)| self.reader.word(span.0) == "with")
        };
        let described = |table: TableId| {
            sense
                .conds
                .iter()
                .any(|(cond, ..)| self.cond_table(cond) == Some(table))
        };
        sense
            .entities
            .iter()
            .filter(|(table, at, clause)| {
                *clause
                    && said_with(*at)
                    && *table != base
                    && !described(*table)
                    && !self.reader.data.paths_up(base, *table).is_empty()
            })
            .map(|(table, at, _)| (*table, *at))
            .collect()
    }

    /// "no-shows with guest and room": the rows are those that the conditions hold for, and what they belong to is told.
    fn rows_described(&self, sense: &Sense) -> Option<TableId> {
        let data = self.reader.data;
        let (cond, ..) = sense.conds.first()?;
        let table = self.cond_table(cond)?;
        let leads_to_all = !sense.entities.is_empty()
            && sense.entities.iter().all(|(entity, _, clause)| {
                *clause && *entity != table && !data.paths_up(table, *entity).is_empty()
            });
        leads_to_all.then_some(table)
    }

    fn show_name(&mut self, base: TableId, table: TableId, shown: &mut Vec<Expr>) -> Option<()> {
        let path = self.up(base, table, 0)?;
        for expr in self.label(table, &path) {
            if !shown.contains(&expr) {
                shown.push(expr);
            }
        }
        Some(())
    }

    fn counts_rows_of(&self, sense: &Sense, base: TableId) -> bool {
        sense.figures.iter().all(
            |sum| matches!(sum, Sum::One(Figure { of: Of::Rows(rows), .. }, _) if *rows == base),
        )
    }

    /// "which tools", "who": whoever shares the first place is meant, too.
    fn asks_for_several(&self) -> bool {
        let named = self
            .frame
            .items
            .iter()
            .find(|(item, _)| matches!(item, Item::Entity(_) | Item::Column(_)));
        match named {
            Some((_, span)) => self
                .reader
                .tokens
                .get(span.1.saturating_sub(1))
                .is_some_and(|token| token.lower != token.word.lemma && token.lower.ends_with('s')),
            None => self.frame.ask() == Some(Ask::Who),
        }
    }

    fn list(&mut self, mut sense: Sense) -> Option<Query> {
        let data = self.reader.data;
        // A reference to what is listed stands for its key.
        if let Some(&(table, ..)) = sense
            .entities
            .iter()
            .find(|entity| !entity.2)
            .or(sense.entities.first())
        {
            for (column, _) in &mut sense.columns {
                if data.columns[*column].table != table
                    && let Some(edge) = data.edge_of(*column)
                    && data.edges[edge].to == table
                    && let [to] = data.edges[edge].to_columns.as_slice()
                {
                    *column = *to;
                }
            }
        }
        self.features.add(Feature::PlainList, 1.0);
        if !sense.keys.is_empty() {
            // A list has no groups.
            self.features.add(Feature::LostFunction, 1.0);
        }
        if sense.asks.is_empty()
            && sense.orders.is_empty()
            && sense
                .columns
                .iter()
                .any(|(column, _)| data.columns[*column].role.is_measure())
        {
            self.features.add(Feature::Unsure, 1.0);
        }
        // The rows: of the asked entity, else of the first column, else of what is ordered by, else of a condition.
        let order_table = sense.orders.iter().find_map(|order| match &order.0 {
            By::Of(of) => Some(self.reader.data.table_of(of)),
            _ => None,
        });
        let described = self.rows_described(&sense);
        let subject = sense
            .entities
            .iter()
            .find(|entity| !entity.2)
            .or(sense.entities.first())
            .filter(|_| described.is_none())
            .copied();
        let first_column = sense
            .columns
            .first()
            .map(|(column, _)| data.columns[*column].table);
        let mut base = match (subject, first_column) {
            _ if described.is_some() => described?,
            (Some((table, ..)), _) => table,
            (None, Some(table)) => table,
            (None, None) => match order_table {
                Some(table) => table,
                None => self.table_of_conditions(&sense)?,
            },
        };
        // "who" is never a number.
        if subject.is_none()
            && sense.asks.contains(&Ask::Who)
            && sense
                .columns
                .iter()
                .all(|(column, _)| data.columns[*column].is_number())
            && !sense.columns.is_empty()
        {
            return None;
        }
        // All that is shown and ordered by must be reached from the rows.
        let mut needed: Vec<TableId> = sense
            .columns
            .iter()
            .map(|(column, _)| data.columns[*column].table)
            .collect();
        needed.extend(order_table);
        let reaches = |base: TableId| {
            needed
                .iter()
                .all(|&table| table == base || !data.paths_up(base, table).is_empty())
        };
        if !reaches(base) {
            let mut all = needed.clone();
            all.push(base);
            let mut candidates: Vec<(usize, TableId)> = (0..data.tables.len())
                .filter_map(|from| {
                    let mut sum = 0;
                    for &table in &all {
                        if table != from {
                            sum += data.paths_up(from, table).first()?.len();
                        }
                    }
                    Some((sum, from))
                })
                .collect();
            candidates.sort_unstable();
            let pick = self.pick("rows".into(), candidates.len().min(2));
            base = candidates.get(pick)?.1;
            self.features.add(Feature::FarBase, 1.0);
        }
        let mut conditions = self.lower_all(base, &sense.conds)?;
        let beside = self.told_beside(base, subject.map(|entity| entity.0), &sense);
        let said = sense.entities.clone();
        sense
            .entities
            .retain(|entity| !beside.iter().any(|one| one.1 == entity.1));
        self.leftover_entities(base, &sense)?;
        sense.entities = said;
        self.lower_times(base, &sense, &mut conditions)?;
        conditions.extend(self.flush_related());
        if sense.current {
            self.lower_current(base, &mut conditions);
        }
        // "cities in the county with the most police officers": the extreme is the county's, all its cities are meant.
        if let [(By::Of(Of::Column(column)), None, largest, Some(1), 0, _)] =
            sense.orders.as_slice()
            && let table = data.columns[*column].table
            && table != base
            && subject.is_some_and(|(own, ..)| own != table)
            && sense.entities.iter().any(|entity| entity.0 == table)
            && !data.paths_up(base, table).is_empty()
        {
            let expr = Expr::Column(self.expr_of(base, *column, 0)?);
            conditions.push(Condition::Extreme {
                expr,
                largest: *largest,
                over: Vec::new(),
            });
            sense.orders.clear();
        }
        let mut shown: Vec<Expr> = Vec::new();
        let subject_table = subject.map(|entity| entity.0);
        if sense.everything {
            let table = subject_table.unwrap_or(base);
            let path = self.up(base, table, 0)?;
            for &column in &data.tables[table].columns {
                shown.push(Expr::Column(Ref {
                    path: path.clone(),
                    column,
                }));
            }
        } else {
            let asked_rows = subject
                .is_some_and(|(_, at, _)| sense.columns.iter().all(|(_, place)| *place > at))
                && !sense.columns.is_empty();
            let is_list = sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::List | Ask::Which | Ask::Who));
            if let (true, Some(table), true) =
                (asked_rows, subject_table, is_list || sense.asks.is_empty())
            {
                let path = self.up(base, table, 0)?;
                let label = self.label(table, &path);
                let names_said = sense
                    .columns
                    .iter()
                    .any(|(column, _)| data.tables[table].label.contains(column));
                if !names_said {
                    shown.extend(label);
                }
            }
            for (_, at) in &sense.columns {
                if sense.relative.is_some_and(|from| from < *at) {
                    self.features.add(Feature::ColumnInClause, 1.0);
                }
            }
            for (column, at) in &sense.columns {
                let span = self.frame.items[*at].1;
                for (table, _) in beside.iter().filter(|one| one.1 < *at) {
                    self.show_name(base, *table, &mut shown)?;
                }
                let reference = self.expr_of(base, *column, span.0)?;
                // A reference is shown by the name of what it refers to, unless its code was asked for.
                let code_asked = self.reader.tokens[span.0..span.1.min(self.reader.tokens.len())]
                    .iter()
                    .any(|token| {
                        token.lower.contains('_')
                            || matches!(
                                token.word.lemma.as_str(),
                                "id" | "code" | "number" | "no" | "key" | "identifier"
                            )
                    });
                let target = data
                    .edge_of(*column)
                    .filter(|_| !code_asked)
                    .map(|edge| (edge, data.edges[edge].to))
                    .filter(|(_, to)| {
                        data.tables[*to]
                            .label
                            .iter()
                            .any(|label| !data.tables[*to].key.contains(label))
                    });
                let exprs = match target {
                    Some((edge, to)) => {
                        let mut path = reference.path.clone();
                        path.push(edge);
                        self.label(to, &path)
                    }
                    None => vec![Expr::Column(reference)],
                };
                for expr in exprs {
                    if !shown.contains(&expr) {
                        shown.push(expr);
                    }
                }
            }
            if shown.is_empty() && !beside.is_empty() {
                shown = self.label(base, &[]);
            }
            for (table, _) in &beside {
                self.show_name(base, *table, &mut shown)?;
            }
            if shown.is_empty() {
                let table = subject_table.unwrap_or(base);
                let path = self.up(base, table, 0)?;
                let ordered_by = sense.orders.iter().find_map(|order| match order.0 {
                    By::Of(Of::Column(column)) => Some(column),
                    _ => None,
                });
                if let (None, Some(column), false) =
                    (subject, ordered_by, sense.asks.contains(&Ask::Who))
                {
                    let reference = self.expr_of(base, column, 0)?;
                    shown.push(Expr::Column(reference));
                } else if sense.asks.contains(&Ask::When)
                    && let Some(time) = data.tables[table].time
                {
                    shown.push(Expr::Column(Ref { path, column: time }));
                } else {
                    shown = self.label(table, &path);
                }
                if subject.is_none() {
                    self.features.add(Feature::NoSubject, 0.5);
                }
            }
        }
        if sense.also_who {
            // The label says who or what it was; a number of its own says nothing beside the figure asked for.
            if let Some(measured) = sense.orders.iter().find_map(|order| match &order.0 {
                By::Of(Of::Column(column)) if order.3.is_some() => Some(*column),
                _ => None,
            }) {
                let reference = self.expr_of(base, measured, 0)?;
                shown.retain(|expr| !matches!(expr, Expr::Column(shown) if data.columns[shown.column].role == Role::Identifier));
                let expr = Expr::Column(reference);
                if !shown.contains(&expr) {
                    shown.insert(0, expr);
                }
            }
            if let Some(path) = self.way_to_whom(base) {
                let table = path.last().map_or(base, |&edge| data.edges[edge].to);
                for expr in self.label(table, &path) {
                    if !shown.contains(&expr) {
                        shown.push(expr);
                    }
                }
            }
        }
        // "which tools have the highest rate": all that have it.
        if let [(By::Of(Of::Column(column)), None, largest, Some(1), 0, _)] =
            sense.orders.as_slice()
            && data.columns[*column].table == base
            && data.columns[*column].is_number()
            && self.asks_for_several()
        {
            let expr = Expr::Column(self.expr_of(base, *column, 0)?);
            let over = conditions.clone();
            conditions.push(Condition::Extreme {
                expr,
                largest: *largest,
                over,
            });
            sense.orders.clear();
        }
        let is_given = |expr: &Expr| {
            matches!(expr, Expr::Column(reference) if conditions.iter().any(|condition| {
                matches!(condition, Condition::In(of, values, false) if of == reference && is_one_value(values))
            }))
        };
        if !shown.is_empty() && shown.iter().all(is_given) {
            self.features.add(Feature::Echo, 1.0);
        } else {
            // "the publisher ID of Star Trek": the name was given, it needs no telling.
            let said = |expr: &Expr| {
                matches!(expr, Expr::Column(reference) if sense.columns.iter().any(|(column, at)| {
                    *column == reference.column && !sense.conds.iter().any(|(_, cond, _)| at.abs_diff(*cond) <= 2)
                }))
            };
            shown.retain(|expr| !is_given(expr) || said(expr));
        }
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        for (by, _, descending, limit, offset, _) in &sense.orders {
            let expr = match by {
                By::Of(Of::Column(column)) => Some(Expr::Column(self.expr_of(base, *column, 0)?)),
                By::Of(_) => None,
                By::Time => {
                    let listed = shown.iter().find(|expr| matches!(expr, Expr::Column(reference) if data.columns[reference.column].is_time())).cloned();
                    let filtered = query.rows.conditions.iter().find_map(|condition| match condition {
                        Condition::Within(reference, ..) => Some(Expr::Column(reference.clone())),
                        _ => None,
                    });
                    listed.or(filtered).or_else(|| data.tables[base].time.map(|column| Expr::Column(Ref::own(column))))
                }
                By::Name => shown.first().cloned(),
                By::Measure => shown.iter().find(|expr| matches!(expr, Expr::Column(reference) if data.columns[reference.column].is_number())).cloned().or_else(|| shown.first().cloned()),
            };
            match expr {
                Some(expr) => {
                    if limit.is_some()
                        && let Expr::Column(reference) = &expr
                        && data.columns[reference.column].stats.nulls > 0
                    {
                        query
                            .rows
                            .conditions
                            .push(Condition::Null(reference.clone(), false));
                    }
                    query.order.push((OrderBy::Expr(expr), *descending));
                }
                None => self.features.add(Feature::OrderMisfit, 1.0),
            }
            if let Some(limit) = limit {
                query.limit = Some(*limit);
                query.offset = *offset;
            }
        }
        if let Some(limit) = sense.limit {
            query.limit = Some(limit);
        }
        let only_dimensions = shown.iter().all(|expr| match expr {
            Expr::Column(reference) => {
                let role = data.columns[reference.column].role;
                matches!(
                    role,
                    Role::Category | Role::Ordinal | Role::Year | Role::Flag
                )
            }
            _ => false,
        });
        let distinct = query.order.is_empty()
            && (sense.distinct
                || (only_dimensions
                    && shown.len() == 1
                    && subject.is_none()
                    && self.pick("distinct".into(), 2) == 0));
        query.select = Select::List { shown, distinct };
        Some(query)
    }
}

/// A month said without its year is the last one of which there may be rows.
fn last_stored(time: &Time, latest: Option<&str>) -> Time {
    let mut time = time.clone();
    let latest = latest.and_then(|text| text.get(..10)?.parse::<chrono::NaiveDate>().ok());
    if let (true, Some(latest)) = (time.assumed, latest) {
        let year = chrono::Months::new(12);
        while let (Some(from), Some(to)) = (time.from, time.to)
            && from > latest
            && let (Some(earlier), Some(end)) =
                (from.checked_sub_months(year), to.checked_sub_months(year))
        {
            time.from = Some(earlier);
            time.to = Some(end);
        }
    }
    time
}

fn reached(columns: &[ColumnId], path: &[EdgeId]) -> Vec<Expr> {
    columns
        .iter()
        .map(|&column| {
            Expr::Column(Ref {
                path: path.to_vec(),
                column,
            })
        })
        .collect()
}

/// One column cannot be two things at once.
fn contradicts(conditions: &[Condition]) -> bool {
    let mut seen: Vec<(&Ref, &Vec<Value>)> = Vec::new();
    for condition in conditions {
        // "A but not B" of one column asks about the rows of something else.
        if let Condition::In(reference, _, true) = condition
            && conditions
                .iter()
                .any(|other| matches!(other, Condition::In(same, _, false) if same == reference))
        {
            return true;
        }
        if let Condition::In(reference, values, false) = condition {
            if seen.iter().any(|(other, known)| {
                *other == reference && !known.iter().any(|value| values.contains(value))
            }) {
                return true;
            }
            seen.push((reference, values));
        }
    }
    // Having none of what it has.
    let related = |none: bool| {
        conditions
            .iter()
            .filter_map(move |condition| match condition {
                Condition::Related {
                    up,
                    rows,
                    operator,
                    count,
                    measure: None,
                    ..
                } if (*operator == Operator::Equal && *count == 0.0) == none => Some((up, rows)),
                _ => None,
            })
    };
    if related(true).any(|(up, rows)| {
        rows.conditions.is_empty()
            && related(false).any(|(other, some)| other == up && some.base == rows.base)
    }) {
        return true;
    }
    conditions.iter().any(|condition| match condition {
        Condition::Related { rows, .. } | Condition::BeyondMean { rows, .. } => {
            contradicts(&rows.conditions)
        }
        _ => false,
    })
}

/// An average over parts of a time is that of what each of them brings: a count, or a sum of what adds up.
fn averaged_over(figures: &mut [Sum], data: &Data) {
    for sum in figures {
        if let Sum::One(figure, at) = sum
            && figure.function == Some(Function::Average)
            && match figure.of {
                Of::Column(column) => data.columns[column].role.is_additive(),
                Of::Product(..) => true,
                Of::Rows(_) | Of::Duration(..) => false,
            }
        {
            let inner = Figure {
                function: Some(Function::Sum),
                ..figure.clone()
            };
            *sum = Sum::Nested(Function::Average, inner, *at);
        }
    }
}

/// Of tables with their distances: the nearest that has a time, of several as near the one that tells of events, and of
/// those the one with the most rows.
fn nearest_with_time(data: &Data, tables: &[(f64, TableId)]) -> Option<TableId> {
    let timed = |table: TableId| data.tables[table].time.is_some();
    let nearest = tables
        .iter()
        .filter(|(_, table)| timed(*table))
        .map(|(distance, _)| *distance)
        .min_by(f64::total_cmp)?;
    let near: Vec<TableId> = tables
        .iter()
        .filter(|(distance, table)| *distance <= nearest && timed(*table))
        .map(|(_, table)| *table)
        .collect();
    // What happens is told in more rows than what there is.
    near.into_iter().max_by_key(|&table| {
        (
            data.tables[table].kind == TableKind::Event,
            data.tables[table].rows,
        )
    })
}

/// Whether all are spellings of one value.
fn is_one_value(values: &[Value]) -> bool {
    let text = |value: &Value| match value {
        Value::Text(text) => fold(text),
        Value::Number(number) => number.to_string(),
    };
    values.iter().all(|value| text(value) == text(&values[0]))
}

/// Whether the column holds times as late as the period begins.
fn reaches(column: &ColumnInfo, time: &Time) -> bool {
    let latest = column
        .stats
        .latest
        .as_deref()
        .and_then(|latest| latest.get(..10));
    match (latest, time.from) {
        (Some(latest), Some(from)) => latest >= from.format("%Y-%m-%d").to_string().as_str(),
        _ => false,
    }
}

/// Whether each period begins where the one before ends.
fn follow_each_other(times: &[(Time, usize, bool)]) -> bool {
    times
        .windows(2)
        .all(|pair| pair[0].0.to.is_some() && pair[0].0.to == pair[1].0.from)
}

/// Whether there are several periods, none denied, that have no day in common.
fn are_apart(times: &[(Time, usize, bool)]) -> bool {
    let mut bounds: Vec<_> = times
        .iter()
        .filter(|(time, _, denied)| !denied && time.part.is_none())
        .filter_map(|(time, ..)| Some((time.from?, time.to?)))
        .collect();
    bounds.sort_unstable();
    bounds.len() > 1
        && bounds.len() == times.len()
        && bounds.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}
