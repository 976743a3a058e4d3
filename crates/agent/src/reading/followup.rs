//! Questions that change the question before: "only Germany", "and by month?", "their average".
//!
//! The new words are read like any question; what they say replaces or joins what was said before. A question with an ask
//! and a subject of its own is never taken so.

use chrono::{Days, Months, NaiveDate};

use super::build::Reading;
use super::cues::{self, Cue};
use super::data::{ColumnId, Data, TableId};
use super::frame::{Ask, Cond, Figure, Frame, Item, KeyOf, Of};
use super::grammar::Reader;
use super::lexicon;
use super::query::{Function, Part, Window};
use super::score::{Feature, Features};
use crate::reading::tokens::Kind;

/// How much a question looks like one that changes the question before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lean {
    /// It stands alone.
    No,
    /// It names no subject.
    Weak,
    /// It says so.
    Strong,
}

impl Lean {
    /// What the score of an edited reading gains over a fresh one.
    pub fn gain(self) -> f64 {
        match self {
            Self::No => 0.0,
            Self::Weak => 2.0,
            Self::Strong => 4.0,
        }
    }
}

/// Words that go on from something said.
const CONJUNCTIONS: &[&str] = &[
    "and",
    "or",
    "but",
    "only",
    "just",
    "now",
    "also",
    "instead",
    "then",
    "ok",
    "okay",
    "same",
    "not",
    "split",
    "break",
    "group",
    "without",
    "excluding",
    "except",
    "plus",
];
/// Words that may begin a question of its own as well.
const PREPOSITIONS: &[&str] = &[
    "by", "per", "for", "in", "of", "from", "since", "during", "before", "after", "until", "last",
    "this", "top", "sort", "sorted", "order", "ordered", "with", "as", "on", "between", "make",
    "show", "count",
];
const PRONOUNS: &[&str] = &[
    "them", "those", "these", "their", "its", "they", "it", "ones", "that",
];

/// Whether the words lean on the question before.
pub fn lean(reader: &Reader<'_>, frame: &Frame) -> Lean {
    let words: Vec<&str> = reader
        .tokens
        .iter()
        .filter(|token| token.kind != Kind::Mark)
        .map(|token| token.lower.as_str())
        .collect();
    let first = words.first().copied().unwrap_or_default();
    let about = matches!(words.as_slice(), ["what" | "how", "about", ..]);
    let points_back = words
        .iter()
        .any(|word| PRONOUNS.contains(word) && *word != "that")
        || words.windows(2).any(|pair| {
            matches!(
                pair,
                ["split" | "break" | "group" | "do" | "of" | "show", "that"]
            )
        });
    let has_subject = frame.has(|item| {
        matches!(
            item,
            Item::Entity(_) | Item::Figure(_) | Item::Column(_) | Item::Ratio { .. }
        )
    });
    let asks = frame.ask().is_some();
    let sorts = matches!(
        words.as_slice(),
        [
            "sort" | "sorted" | "order" | "ordered",
            "by" | "them" | "these" | "those" | "it" | "that",
            ..
        ]
    );
    let goes_on = about || sorts || CONJUNCTIONS.contains(&first) || words.contains(&"instead");
    if words.len() > 12 && !points_back || !sorts && asks && has_subject && !points_back && !about {
        return Lean::No;
    }
    if goes_on || points_back && words.len() <= 10 {
        return Lean::Strong;
    }
    if has_subject {
        return Lean::No;
    }
    if PREPOSITIONS.contains(&first) {
        Lean::Strong
    } else {
        Lean::Weak
    }
}

/// The previous reading's frame with what the new words say, one for each way to take them. Spans of the new words are
/// moved on by `offset`, the count of the words before.
pub fn edit(previous: &Reading, new: &Frame, reader: &Reader<'_>, offset: usize) -> Vec<Frame> {
    let mut edit = Edit {
        data: reader.data,
        base: previous.query.rows.base,
        items: previous.frame.items.clone(),
        changed: false,
        replaced_key: None,
        replaces_keys: reader.tokens.iter().any(|token| token.lower == "instead")
            || matches!(reader.word(0), "what" | "now"),
        adds_figure: matches!(reader.word(0), "and" | "plus" | "also" | "with"),
        about: matches!(reader.word(0), "what" | "how") && reader.word(1) == "about",
    };
    let shifted = edit.shift_times(reader);
    // Words that moved the time say nothing else.
    let unread = |at: usize| {
        !shifted
            || super::dates::unit(reader.word(at)).is_none()
                && !matches!(
                    reader.word(at),
                    "before" | "earlier" | "prior" | "previous" | "preceding"
                )
    };
    let is_moved = shifted
        && !(0..reader.tokens.len()).any(|at| {
            unread(at)
                && reader.tokens[at].kind == Kind::Word
                && !lexicon::is_function_word(reader.word(at))
        });
    for (item, span) in &new.items {
        if is_moved {
            break;
        }
        edit.apply(item.clone(), (span.0 + offset, span.1 + offset));
    }
    edit.change_function(new, reader);
    edit.take_counts(new);
    let asks_percent = matches!(reader.word(0), "in" | "as")
        && reader.tokens.iter().any(|token| {
            matches!(
                token.lower.as_str(),
                "percent" | "percentage" | "percentages" | "%"
            )
        });
    if asks_percent
        && !edit
            .items
            .iter()
            .any(|(item, _)| matches!(item, Item::Window(_) | Item::Share))
    {
        edit.items.retain(|(item, _)| *item != Item::Percent);
        edit.push(Item::Window(Window::ShareOfTotal), (offset, offset));
    }
    if !edit.changed {
        return Vec::new();
    }
    let frame = |items: Vec<(Item, (usize, usize))>| {
        let mut frame = Frame {
            items,
            pending: None,
            negated: None,
            features: new.features.clone(),
            score: new.score,
            left: new.left.iter().map(|at| at + offset).collect(),
        };
        // A function or percentage without a noun has found its noun.
        let lost = frame.features.get(Feature::LostFunction);
        frame.add(Feature::LostFunction, -lost);
        if is_moved {
            (frame.features, frame.score, frame.left) = (Features::default(), 0.0, Vec::new());
        }
        frame
    };
    let mut frames = Vec::new();
    if let Some((old, new_key)) = edit.replaced_key.clone() {
        let mut items = edit.items.clone();
        items.retain(|(item, _)| *item != Item::Key(new_key.clone()));
        for (item, _) in &mut items {
            if *item == Item::Key(old.clone()) {
                *item = Item::Key(new_key.clone());
            }
        }
        let mut other = frame(items);
        other.score -= 0.5;
        frames.push(other);
    }
    frames.insert(0, frame(edit.items));
    frames
}

struct Edit<'a> {
    data: &'a Data,
    /// The table whose rows the previous question was about.
    base: TableId,
    items: Vec<(Item, (usize, usize))>,
    changed: bool,
    /// A key that the new one may replace instead of joining it.
    replaced_key: Option<(KeyOf, KeyOf)>,
    replaces_keys: bool,
    adds_figure: bool,
    about: bool,
}

impl Edit<'_> {
    fn push(&mut self, item: Item, span: (usize, usize)) {
        self.items.push((item, span));
        self.changed = true;
    }

    fn apply(&mut self, item: Item, span: (usize, usize)) {
        match item {
            Item::Cond(cond) => {
                let columns = columns_of(&cond);
                if !columns.is_empty() {
                    self.items.retain(|(known, _)| !matches!(known, Item::Cond(known) if columns_of(known) == columns));
                }
                // "What share …? Only electricity": of the part and of the whole, which is what comes before the noun.
                if self.items.iter().any(|(known, _)| *known == Item::Share) {
                    self.items.insert(0, (Item::Cond(cond), span));
                    self.changed = true;
                } else {
                    self.push(Item::Cond(cond), span);
                }
            }
            Item::Time(time) => {
                self.items.retain(|(known, _)| !matches!(known, Item::Time(known) if known.part.is_some() == time.part.is_some()));
                self.push(Item::Time(time), span);
            }
            Item::Key(key) => self.add_key(key, span),
            Item::Figure(figure) => self.add_figure(figure, span),
            Item::Ratio { .. } => {
                self.items
                    .retain(|(known, _)| !matches!(known, Item::Figure(_) | Item::Ratio { .. }));
                self.push(item, span);
            }
            Item::Order { .. } => {
                let limited = self.items.iter().find_map(|(known, _)| match known {
                    Item::Order { limit, .. } => *limit,
                    _ => None,
                });
                self.reorder(item, limited, span);
            }
            Item::Limit(_) => {
                self.items
                    .retain(|(known, _)| !matches!(known, Item::Limit(_)));
                self.push(item, span);
            }
            Item::Column(column) => self.add_column(column, span),
            Item::Entity(table) => self.name_entity(table, span),
            Item::Ask(Ask::Which | Ask::List | Ask::Who) => self.take_rows(),
            Item::Ask(_) | Item::And => {}
            Item::Percent => self.items.push((item, span)),
            other => self.push(other, span),
        }
    }

    /// A part of time takes the place of another one; any other key joins those that are there.
    fn add_key(&mut self, key: KeyOf, span: (usize, usize)) {
        self.count_rows();
        let is_part = matches!(key, KeyOf::Part(..));
        let same_kind = |item: &Item| match item {
            Item::Key(known) => matches!(known, KeyOf::Part(..)) == is_part,
            _ => false,
        };
        let place = self.items.iter().position(|(item, _)| same_kind(item));
        match place {
            Some(place) if is_part || self.replaces_keys => {
                self.items[place] = (Item::Key(key), span);
                self.changed = true;
            }
            Some(place) => {
                if let Item::Key(old) = &self.items[place].0 {
                    self.replaced_key = Some((old.clone(), key.clone()));
                }
                self.push(Item::Key(key), span);
            }
            None if self.replaces_keys
                && self
                    .items
                    .iter()
                    .any(|(item, _)| matches!(item, Item::Key(_))) =>
            {
                self.items.retain(|(item, _)| !matches!(item, Item::Key(_)));
                self.push(Item::Key(key), span);
            }
            None => self.push(Item::Key(key), span),
        }
    }

    fn add_figure(&mut self, figure: Figure, span: (usize, usize)) {
        if figure.of == Of::Rows(usize::MAX) {
            self.push(Item::Figure(figure), span);
            return;
        }
        let has_figure = self
            .items
            .iter()
            .any(|(item, _)| matches!(item, Item::Figure(_) | Item::Ratio { .. }));
        if self.adds_figure && has_figure {
            self.push(Item::Figure(figure), span);
            return;
        }
        let place = self
            .items
            .iter()
            .position(|(item, _)| matches!(item, Item::Figure(_) | Item::Ratio { .. }));
        self.items.retain(|(item, _)| {
            !matches!(item, Item::Figure(_) | Item::Ratio { .. } | Item::Share)
        });
        // What was listed is now measured: the rows stay.
        let base = self.base;
        self.items
            .retain(|(item, _)| !matches!(item, Item::Column(_)) && *item != Item::Entity(base));
        let place = place.unwrap_or(0).min(self.items.len());
        self.items.insert(place, (Item::Figure(figure), span));
        self.changed = true;
    }

    fn reorder(&mut self, item: Item, limited: Option<u64>, span: (usize, usize)) {
        let Item::Order {
            by,
            function,
            descending,
            limit,
            offset,
        } = item
        else {
            return;
        };
        let by_measure = by == super::frame::By::Measure;
        if by_measure && limit.is_some() {
            // "top 10 instead"
            for (known, _) in &mut self.items {
                if let Item::Order { limit: known, .. } = known {
                    *known = limit;
                    self.changed = true;
                    return;
                }
            }
        }
        // Rows that were chosen by their place stay the rows: only another order of them can be asked for.
        self.items.retain(|(known, _)| {
            !matches!(known, Item::Order { limit: None, .. }) || limited.is_some()
        });
        self.push(
            Item::Order {
                by,
                function,
                descending,
                limit,
                offset,
            },
            span,
        );
    }

    fn add_column(&mut self, column: ColumnId, span: (usize, usize)) {
        let is_number = self.data.columns[column].is_number();
        let figure = self.items.iter_mut().find_map(|(item, _)| match item {
            Item::Figure(figure) if matches!(figure.of, Of::Column(_)) => Some(figure),
            _ => None,
        });
        match figure {
            Some(figure) if is_number && !self.adds_figure => {
                figure.of = Of::Column(column);
                self.changed = true;
            }
            _ => self.push(Item::Column(column), span),
        }
    }

    /// A noun beside a condition names what was spoken of; alone after "what about" it takes the subject's place.
    fn name_entity(&mut self, table: TableId, span: (usize, usize)) {
        if !self.about {
            return;
        }
        for (item, place) in &mut self.items {
            match item {
                Item::Entity(known) if *known != table => {
                    *known = table;
                    *place = span;
                    self.changed = true;
                    return;
                }
                Item::Figure(Figure {
                    of: Of::Rows(known),
                    ..
                }) if *known != table && *known < self.data.tables.len() => {
                    *known = table;
                    *place = span;
                    self.changed = true;
                    return;
                }
                _ => {}
            }
        }
    }

    /// What was listed is counted.
    fn count_rows(&mut self) {
        if self
            .items
            .iter()
            .any(|(item, _)| matches!(item, Item::Figure(_) | Item::Ratio { .. } | Item::Share))
        {
            return;
        }
        self.items.retain(|(item, _)| {
            !matches!(
                item,
                Item::Column(_) | Item::Everything | Item::Ask(_) | Item::Order { limit: None, .. }
            )
        });
        let base = self.base;
        let count = Item::Figure(Figure::new(Some(Function::Count), Of::Rows(base)));
        match self
            .items
            .iter_mut()
            .find(|(item, _)| *item == Item::Entity(base))
        {
            Some((item, _)) => *item = count,
            None => self.items.insert(0, (count, (0, 0))),
        }
        self.items.insert(0, (Item::Ask(Ask::HowMany), (0, 0)));
        self.changed = true;
    }

    /// "How many are they?"
    fn take_counts(&mut self, new: &Frame) {
        let asks = new.has(|item| matches!(item, Item::Ask(Ask::HowMany | Ask::HowOften)));
        let measures = new.has(|item| matches!(item, Item::Figure(_)));
        if asks && !measures {
            let is_listed = !self.items.iter().any(|(item, _)| {
                matches!(item, Item::Figure(_) | Item::Ratio { .. } | Item::Share)
            });
            if is_listed {
                self.count_rows();
            }
        }
    }

    /// "Which ones?" lists what was counted.
    fn take_rows(&mut self) {
        for (item, _) in &mut self.items {
            if let Item::Figure(Figure {
                function: Some(Function::Count),
                of: Of::Rows(table),
                only,
            }) = item
                && only.is_empty()
                && *table < self.data.tables.len()
            {
                *item = Item::Entity(*table);
                self.changed = true;
            }
        }
        if self.changed {
            for (item, _) in &mut self.items {
                if matches!(item, Item::Ask(Ask::HowMany | Ask::HowOften)) {
                    *item = Item::Ask(Ask::List);
                }
            }
        }
    }

    /// "Their average", "and the maximum?": the same numbers, put together otherwise.
    fn change_function(&mut self, new: &Frame, reader: &Reader<'_>) {
        if new.has(|item| matches!(item, Item::Figure(_) | Item::Ratio { .. } | Item::Column(_))) {
            return;
        }
        let function = (0..reader.tokens.len()).find_map(|at| {
            let word = |offset: usize| reader.word(at + offset);
            cues::at(&word).into_iter().find_map(|(_, cue)| match cue {
                Cue::Function(function) => Some(function),
                Cue::Count { distinct: false } | Cue::Ask(Ask::HowMany) if self.adds_figure => {
                    Some(Function::Count)
                }
                _ => None,
            })
        });
        let Some(function) = function else {
            return;
        };
        if function == Function::Count {
            let count = Figure::new(Some(function), Of::Rows(self.base));
            self.push(Item::Figure(count), (0, 0));
            return;
        }
        for (item, _) in &mut self.items {
            match item {
                Item::Figure(figure) if !matches!(figure.of, Of::Rows(_)) => {
                    figure.function = Some(function);
                    self.changed = true;
                    return;
                }
                Item::Column(column) if self.data.columns[*column].is_number() => {
                    *item = Item::Figure(Figure::new(Some(function), Of::Column(*column)));
                    self.changed = true;
                    return;
                }
                _ => {}
            }
        }
    }

    /// "And the year before?"
    fn shift_times(&mut self, reader: &Reader<'_>) -> bool {
        let unit = (0..reader.tokens.len()).find_map(|at| {
            let part = super::dates::unit(reader.word(at))?;
            let before = matches!(reader.word(at + 1), "before" | "earlier" | "prior");
            let ends = reader.word(at + 2).chars().all(|c| !c.is_alphanumeric());
            (before && ends || at > 0 && matches!(reader.word(at - 1), "previous" | "preceding"))
                .then_some(part)
        });
        let Some(unit) = unit else {
            return false;
        };
        let mut shifted = false;
        for (item, _) in &mut self.items {
            if let Item::Time(time) = item
                && time.part.is_none()
            {
                time.from = time.from.and_then(|day| earlier(day, unit));
                time.to = time.to.and_then(|day| earlier(day, unit));
                time.bare_year = None;
                shifted = true;
            }
        }
        self.changed |= shifted;
        shifted
    }
}

fn earlier(day: NaiveDate, unit: Part) -> Option<NaiveDate> {
    match unit {
        Part::Year => day.checked_sub_months(Months::new(12)),
        Part::Quarter => day.checked_sub_months(Months::new(3)),
        Part::Month => day.checked_sub_months(Months::new(1)),
        Part::Week => day.checked_sub_days(Days::new(7)),
        _ => day.checked_sub_days(Days::new(1)),
    }
}

/// The columns that a condition is about; a new one on the same columns takes its place.
fn columns_of(cond: &Cond) -> Vec<ColumnId> {
    match cond {
        Cond::Is { column, .. }
        | Cond::Compare { column, .. }
        | Cond::Between { column, .. }
        | Cond::Null { column, .. }
        | Cond::Flag { column, .. }
        | Cond::Like { column, .. } => vec![*column],
        Cond::Columns { left, right, .. } => vec![*left, *right],
        Cond::Other { through, .. } => vec![*through],
        Cond::Any(any) => {
            let mut columns: Vec<ColumnId> = any.iter().flat_map(columns_of).collect();
            columns.sort_unstable();
            columns.dedup();
            columns
        }
        Cond::Hour { .. }
        | Cond::Average { .. }
        | Cond::Has { .. }
        | Cond::HasFigure { .. }
        | Cond::BeyondMean { .. } => Vec::new(),
    }
}
