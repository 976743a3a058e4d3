//! Puts cues, names, values, numbers and times together, from left to right, keeping the best readings.

mod self_reference;

use chrono::{Datelike, NaiveDate};
use schema_gen::meaning::{Role, TableKind};

use super::anchors::{Anchor, Anchors, What};
use super::cues::{self, Cue};
use super::data::{ColumnId, Data, TableId};
use super::dates::{self, Time};
use super::frame::{Ask, By, Cond, Figure, Frame, Item, KeyOf, Of, Pending};
use super::query::{Function, Operator, Part, Unit, Value, Window};
use super::ratio;
use super::score::Feature;
use super::values::{How, Values};
use crate::reading::lexicon;
use crate::reading::tokens::{Kind, Token, tokenize};
use crate::reading::words::{Word, likeness};

/// Readings kept at each word.
const BEAM: usize = 48;

pub struct Reader<'a> {
    pub tokens: Vec<Token>,
    pub data: &'a Data,
    pub values: &'a Values,
    pub anchors: Anchors,
    pub today: NaiveDate,
    times: Vec<Vec<(usize, Time)>>,
    cues: Vec<Vec<(usize, Cue)>>,
    /// What each token says by denying a word of the data: a flag, a time or a value ("inactive", "unpaid").
    denied: Vec<Vec<Cond>>,
    /// Periods stored as text that begin at each token ("this school year"): the token after, column and value.
    periods: Vec<Vec<(usize, ColumnId, String)>>,
}

/// How what was done stands to when it was due.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Punctual {
    Late,
    OnTime,
    /// Due, and not done.
    Overdue,
}

/// A noun phrase that names a table or a column.
#[derive(Debug, Clone)]
struct Noun {
    to: usize,
    what: NounOf,
    score: f64,
    words: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum NounOf {
    Table(TableId),
    Column(ColumnId),
    /// Position among the dataset's metrics.
    Metric(usize),
}

impl<'a> Reader<'a> {
    pub fn new(question: &str, data: &'a Data, values: &'a Values, today: NaiveDate) -> Self {
        let tokens = tokenize(question);
        let anchors = Anchors::find(&tokens, data, values);
        let times = (0..tokens.len())
            .map(|at| {
                if anchors.is_given(at) {
                    Vec::new()
                } else {
                    dates::read(&tokens, at, today)
                }
            })
            .collect();
        let cues = (0..tokens.len())
            .map(|at| {
                let word = |offset: usize| {
                    tokens
                        .get(at + offset)
                        .map_or("", |token| token.lower.as_str())
                };
                if tokens[at].kind == Kind::Quoted
                    || anchors.is_given(at)
                    || matches!(tokens[at].lower.as_str(), "no" | "not" | "non" | "without")
                        && anchors.is_in_value(at)
                {
                    Vec::new()
                } else {
                    cues::at(&word)
                }
            })
            .collect();
        let denied = tokens
            .iter()
            .map(|token| denied_by(token, data, values))
            .collect();
        let periods = (0..tokens.len())
            .map(|at| stored_periods(at, &tokens, &anchors, (data, values), today))
            .collect();
        Self {
            tokens,
            data,
            values,
            anchors,
            today,
            times,
            cues,
            denied,
            periods,
        }
    }

    /// The best readings of the whole question.
    pub fn frames(&self) -> Vec<Frame> {
        let count = self.tokens.len();
        let mut states: Vec<Vec<Frame>> = vec![Vec::new(); count + 1];
        states[0].push(Frame::default());
        for at in 0..count {
            let mut here = std::mem::take(&mut states[at]);
            here.sort_by(|one, two| two.score.total_cmp(&one.score));
            let mut kept: Vec<Frame> = Vec::new();
            for frame in here {
                if kept.len() >= BEAM {
                    break;
                }
                if !kept.iter().any(|other| {
                    other.items == frame.items
                        && other.pending == frame.pending
                        && other.negated == frame.negated
                }) {
                    kept.push(frame);
                }
            }
            for frame in kept {
                for (to, next) in self.step(&frame, at) {
                    states[to.min(count)].push(next);
                }
            }
        }
        let mut done = std::mem::take(&mut states[count]);
        for frame in &mut done {
            self.close(frame);
        }
        done.sort_by(|one, two| two.score.total_cmp(&one.score));
        let mut kept: Vec<Frame> = Vec::new();
        for frame in done {
            if kept.len() >= BEAM {
                break;
            }
            if !kept.iter().any(|other| other.items == frame.items) {
                kept.push(frame);
            }
        }
        kept
    }

    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn number(&self, at: usize) -> Option<f64> {
        match self.tokens.get(at)?.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What was begun and not ended costs.
    fn close(&self, frame: &mut Frame) {
        self.drop_pending(frame);
        if frame.negated.take().is_some() {
            frame.add(Feature::LostNegation, 1.0);
        }
    }

    fn drop_pending(&self, frame: &mut Frame) {
        match frame.pending.take() {
            None | Some((Pending::Show | Pending::HowMuch, _)) => {}
            Some((Pending::Key | Pending::Per, _)) => frame.add(Feature::LostFunction, 0.8),
            Some((
                Pending::Superlative {
                    descending,
                    limit,
                    offset,
                    is_top: false,
                },
                _,
            )) => {
                // "whose price is the highest"
                let last = frame.items.iter().rposition(|(item, _)| match item {
                    Item::Column(column) => {
                        self.data.columns[*column].is_number()
                            || self.data.columns[*column].is_time()
                    }
                    Item::Figure(_) => true,
                    _ => false,
                });
                match last {
                    Some(last) => {
                        let (of, function) = match frame.items[last].0.clone() {
                            Item::Column(column) => (Of::Column(column), None),
                            Item::Figure(figure) => (figure.of, figure.function),
                            _ => return,
                        };
                        let span = frame.items[last].1;
                        frame.items[last] = (
                            Item::Order {
                                by: By::Of(of),
                                function,
                                descending,
                                limit: Some(limit),
                                offset,
                            },
                            span,
                        );
                        frame.add(Feature::Superlative, 1.0);
                    }
                    None => frame.add(Feature::LostFunction, 1.0),
                }
            }
            Some((
                Pending::Superlative {
                    descending,
                    limit,
                    offset,
                    is_top: true,
                },
                at,
            )) => {
                // "the top 5": by what the question asks for.
                frame.push(
                    Item::Order {
                        by: By::Measure,
                        function: None,
                        descending,
                        limit: Some(limit),
                        offset,
                    },
                    (at, at + 1),
                );
            }
            Some((Pending::Without, _)) => frame.add(Feature::LostNegation, 1.0),
            Some((Pending::Count { .. }, _)) => {
                // "churned accounts without a reason, how many?"
                let named = frame
                    .items
                    .iter()
                    .position(|(item, _)| matches!(item, Item::Entity(_)));
                let has_figure = frame.has(|item| matches!(item, Item::Figure(_)));
                match named {
                    Some(at) if !has_figure => {
                        if let Item::Entity(table) = frame.items[at].0 {
                            frame.items[at].0 =
                                Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table)));
                        }
                    }
                    _ => {
                        // The key of a table stands for its rows.
                        let key = frame.items.iter().position(|(item, _)| matches!(item, Item::Column(column) if self.is_own_key(*column)));
                        match key {
                            Some(at) if !has_figure => {
                                if let Item::Column(column) = frame.items[at].0 {
                                    frame.items[at].0 = Item::Figure(Figure::new(
                                        Some(Function::Count),
                                        Of::Rows(self.data.columns[column].table),
                                    ));
                                }
                            }
                            _ => frame.add(Feature::LostFunction, 1.0),
                        }
                    }
                }
            }
            Some(_) => frame.add(Feature::LostFunction, 1.0),
        }
    }

    /// Whether more and less of it mean something.
    fn comparable(&self, column: ColumnId) -> bool {
        let info = &self.data.columns[column];
        info.is_number() && !info.is_foreign && info.role != Role::Identifier
    }

    /// Whether the column alone tells the rows of its table apart.
    fn is_own_key(&self, column: ColumnId) -> bool {
        let table = self.data.columns[column].table;
        self.data.tables[table].key == [column]
    }

    fn step(&self, frame: &Frame, at: usize) -> Vec<(usize, Frame)> {
        let mut out = Vec::new();
        self.skip(frame, at, &mut out);
        if self.tokens[at].kind == Kind::Mark
            && !matches!(
                self.word(at),
                "," | "&" | "%" | "=" | ">" | "<" | ">=" | "<="
            )
        {
            return out;
        }
        self.time(frame, at, &mut out);
        self.cue(frame, at, &mut out);
        self.patterns(frame, at, &mut out);
        self.superlatives(frame, at, &mut out);
        self.nouns_here(frame, at, &mut out);
        self.values_here(frame, at, &mut out);
        self.comparisons(frame, at, &mut out);
        self.numbers(frame, at, &mut out);
        self.parts(frame, at, &mut out);
        self.durations(frame, at, &mut out);
        self.unit_of_duration(frame, at, &mut out);
        self.deadlines(frame, at, &mut out);
        self.units_sold(frame, at, &mut out);
        self.denied_words(frame, at, &mut out);
        self.endings(frame, at, &mut out);
        self.doings(frame, at, &mut out);
        self.percentiles(frame, at, &mut out);
        self.longest_here(frame, at, &mut out);
        self.stored_periods(frame, at, &mut out);
        self.others_said(frame, at, &mut out);
        self.leavings(frame, at, &mut out);
        self.hours(frame, at, &mut out);
        out
    }

    /// Passing over a word costs as much as it seems to mean.
    fn skip(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        let mut next = frame.clone();
        match token.kind {
            Kind::Mark => {
                if matches!(
                    token.text.as_str(),
                    "?" | "." | "!" | "," | ";" | ":" | "(" | ")" | "-" | "–" | "—" | "/"
                ) {
                    out.push((at + 1, next));
                    return;
                }
                next.add(Feature::SkippedCue, 1.0);
            }
            Kind::Quoted => {
                next.add(Feature::SkippedQuoted, 1.0);
                next.left.push(at);
            }
            Kind::Number(_) => {
                if matches!(token.lower.as_str(), "one") {
                    next.add(Feature::SkippedStop, 1.0);
                } else {
                    next.add(Feature::SkippedNumber, 1.0);
                    next.left.push(at);
                }
            }
            Kind::Date => {
                next.add(Feature::SkippedNumber, 1.0);
                next.left.push(at);
            }
            Kind::Word => {
                let strongest = self.anchors.at[at]
                    .iter()
                    .map(|anchor| match &anchor.what {
                        What::Value(one) if one.how <= How::Inflected => {
                            (Feature::SkippedValue, anchor.score)
                        }
                        What::Value(_) => (Feature::SkippedWord, 0.5),
                        _ => (Feature::SkippedName, anchor.score),
                    })
                    .max_by(|one, two| {
                        (one.1 * one.0.weight().abs()).total_cmp(&(two.1 * two.0.weight().abs()))
                    });
                if lexicon::money(&token.lower).is_some_and(|money| money.goes_out.is_some())
                    && strongest.is_none()
                {
                    // What is asked for is lost with it.
                    next.add(Feature::SkippedCue, 1.0);
                }
                if matches!(token.lower.as_str(), "than" | "this") {
                    // What is compared, or which period is meant, is lost with it.
                    next.add(Feature::SkippedCue, 1.0);
                    next.left.push(at);
                }
                let is_stop = lexicon::is_stop(&token.lower)
                    || matches!(
                        token.lower.as_str(),
                        "i" | "we"
                            | "us"
                            | "our"
                            | "please"
                            | "can"
                            | "could"
                            | "would"
                            | "you"
                            | "there"
                            | "'s"
                            | "s"
                            | "it"
                            | "them"
                            | "they"
                            | "their"
                            | "were"
                            | "be"
                            | "been"
                            | "being"
                            | "will"
                            | "ever"
                            | "did"
                            | "do"
                            | "does"
                            | "so"
                            | "just"
                            | "only"
                            | "any"
                            | "some"
                            | "also"
                            | "then"
                            | "than"
                            | "as"
                            | "if"
                            | "about"
                            | "single"
                            | "currently"
                            | "current"
                            | "now"
                            | "right"
                    );
                if is_stop {
                    next.add(Feature::SkippedStop, 1.0);
                    if let Some((Feature::SkippedName, score)) = strongest
                        && score > 0.85
                        && !lexicon::is_function_word(&token.lower)
                    {
                        next.add(Feature::SkippedName, 0.4);
                    }
                    if !self.cues[at].is_empty()
                        && matches!(
                            self.cues[at][0].1,
                            Cue::Not
                                | Cue::Never
                                | Cue::Without
                                | Cue::Function(_)
                                | Cue::Superlative { .. }
                                | Cue::Share
                                | Cue::Window(_)
                                | Cue::Both
                                | Cue::Or
                                | Cue::Each
                                | Cue::Count { .. }
                                | Cue::Ask(_)
                                | Cue::Growth
                                | Cue::OrderBy(_)
                                | Cue::Top { .. }
                        )
                    {
                        next.add(Feature::SkippedCue, 1.0);
                    }
                } else if !self.cues[at].is_empty() && strongest.is_none() {
                    next.add(Feature::SkippedCue, 1.0);
                    next.left.push(at);
                } else if let Some((feature, score)) = strongest {
                    next.add(feature, score);
                    next.left.push(at);
                } else {
                    let name = token.is_capitalized() && at > 0;
                    next.add(
                        if name {
                            Feature::SkippedCapital
                        } else {
                            Feature::SkippedWord
                        },
                        1.0,
                    );
                    next.left.push(at);
                }
            }
        }
        out.push((at + 1, next));
    }

    fn time(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "ordered in 2024 but have not ordered anything since"
        let last = self
            .tokens
            .get(at + 1)
            .is_none_or(|next| next.kind == Kind::Mark);
        let period = frame.items.iter().rev().find_map(|(item, _)| match item {
            Item::Time(time) => time.to,
            _ => None,
        });
        if let ("since", true, Some(from)) = (self.word(at), last, period) {
            let mut next = frame.clone();
            if next.negated.take().is_some() || matches!(next.pending, Some((Pending::Without, _)))
            {
                next.pending = None;
                next.push(Item::Not, (at, at));
            }
            next.push(Item::Time(Time::open(Some(from), None)), (at, at + 1));
            out.push((at + 1, next));
        }
        for (length, time) in &self.times[at] {
            let to = at + length;
            let mut next = frame.clone();
            if time.bare_year.is_some() && *length == 1 {
                next.add(Feature::BareYear, 1.0);
            }
            if time.assumed {
                next.add(Feature::AssumedTime, 1.0);
            }
            next.add(Feature::LongPhrase, (*length as f64 - 1.0).min(3.0));
            if frame.has(|item| matches!(item, Item::Growth | Item::Window(Window::Change)))
                && time.from.is_some()
                && time.to.is_some()
                && matches!(self.word(at), "from" | "between")
            {
                // "grow from 2024 to 2025": two periods, not one.
                let middle = (at + 1..to).find(|&mid| matches!(self.word(mid), "to" | "and"));
                if let Some(middle) = middle {
                    let one = dates::read(&self.tokens, at + 1, self.today)
                        .into_iter()
                        .find(|(length, _)| at + 1 + length == middle);
                    let two = dates::read(&self.tokens, middle + 1, self.today)
                        .into_iter()
                        .find(|(length, _)| middle + 1 + length == to);
                    if let (Some((_, one)), Some((_, two))) = (one, two) {
                        let mut both = next.clone();
                        both.push(Item::Time(one), (at, middle));
                        both.push(Item::Time(two), (middle, to));
                        out.push((to, both));
                    }
                }
            }
            if frame.negated.is_some() {
                next.negated = None;
                next.push(Item::Not, (at, at));
            }
            next.push(Item::Time(time.clone()), (at, to));
            out.push((to, next));
        }
    }

    /// "open fines by reason, in money": what they come to, not how many they are.
    fn in_money(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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

    fn cue(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        self.in_money(frame, at, out);
        // "split of orders over payment methods"
        if matches!(self.word(at), "over" | "across" | "among" | "between")
            && frame.has(|item| matches!(item, Item::Share))
            && frame.pending.is_none()
        {
            let mut next = frame.clone();
            next.pending = Some((Pending::Key, at));
            out.push((at + 1, next));
        }
        for (length, cue) in &self.cues[at] {
            let to = at + length;
            let mut next = frame.clone();
            match cue {
                Cue::Ask(ask) => {
                    let already = next.ask().is_some();
                    match ask {
                        Ask::HowMany => {
                            let count = Pending::Count { distinct: false };
                            // "on average how many loans did the members make"
                            let outer = match next.pending.take() {
                                Some((Pending::Function(Function::Average), _)) => true,
                                other => {
                                    next.pending = other;
                                    self.drop_pending(&mut next);
                                    false
                                }
                            };
                            next.push(Item::Ask(*ask), (at, to));
                            next.pending = Some((
                                if outer {
                                    Pending::Nested(Function::Average, Box::new(count))
                                } else {
                                    count
                                },
                                at,
                            ));
                        }
                        Ask::HowOften => {
                            self.drop_pending(&mut next);
                            next.push(Item::Ask(*ask), (at, to));
                        }
                        Ask::HowMuch => {
                            next.push(Item::Ask(*ask), (at, to));
                            next.pending = Some((Pending::HowMuch, at));
                        }
                        _ if already && *ask == Ask::Which => {
                            next.push(Item::And, (at, to));
                        }
                        Ask::Who | Ask::Which if already => {
                            if *ask == Ask::Who
                                && at > 0
                                && matches!(self.word(at - 1), "and" | "," | ":" | "-" | "–")
                            {
                                next.push(Item::Ask(Ask::Who), (at, to));
                            } else {
                                next.push(Item::Relative, (at, to));
                                next.push(Item::Clause, (at, to));
                            }
                        }
                        _ => next.push(Item::Ask(*ask), (at, to)),
                    }
                }
                Cue::Count { distinct } => {
                    let pending = Pending::Count {
                        distinct: *distinct,
                    };
                    next.pending = match next.pending.take() {
                        Some((Pending::Function(function), from)) if function != Function::Sum => {
                            Some((Pending::Nested(function, Box::new(pending)), from))
                        }
                        Some((
                            Pending::Superlative {
                                descending,
                                limit,
                                offset,
                                is_top,
                            },
                            from,
                        )) => Some((
                            Pending::Superlative {
                                descending,
                                limit,
                                offset,
                                is_top,
                            },
                            from,
                        )),
                        Some((Pending::OrderBy { descending }, from)) => {
                            Some((Pending::OrderBy { descending }, from))
                        }
                        Some((Pending::Key, from)) => {
                            // "top 3 by number of orders"
                            Some((
                                Pending::OrderBy {
                                    descending: Some(true),
                                },
                                from,
                            ))
                        }
                        other => {
                            if let Some(other) = other {
                                next.pending = Some(other);
                                self.drop_pending(&mut next);
                            }
                            Some((pending, at))
                        }
                    };
                }
                Cue::Function(function) => {
                    let listed = matches!(next.items.last(), Some((Item::And, _)))
                        && at > 0
                        && matches!(self.word(at - 1), "and" | "," | "&");
                    next.pending = match next.pending.take() {
                        Some((Pending::Function(first), from)) if listed && first != *function => {
                            next.items.pop();
                            Some((Pending::Several(vec![first, *function]), from))
                        }
                        Some((Pending::Several(mut all), from)) if listed => {
                            next.items.pop();
                            all.push(*function);
                            Some((Pending::Several(all), from))
                        }
                        Some((Pending::Function(outer), from)) if outer != *function => Some((
                            Pending::Nested(outer, Box::new(Pending::Function(*function))),
                            from,
                        )),
                        Some((
                            Pending::Superlative {
                                descending,
                                limit,
                                offset,
                                is_top,
                            },
                            from,
                        )) => {
                            // "highest total amount"
                            Some((
                                Pending::Nested(
                                    *function,
                                    Box::new(Pending::Superlative {
                                        descending,
                                        limit,
                                        offset,
                                        is_top,
                                    }),
                                ),
                                from,
                            ))
                        }
                        Some((Pending::OrderBy { descending }, from)) => Some((
                            Pending::Nested(*function, Box::new(Pending::OrderBy { descending })),
                            from,
                        )),
                        Some((Pending::Key, from))
                            if next.has(|item| {
                                matches!(
                                    item,
                                    Item::Order {
                                        by: By::Measure,
                                        ..
                                    }
                                )
                            }) || next.has(|item| matches!(item, Item::Limit(_))) =>
                        {
                            Some((
                                Pending::Nested(
                                    *function,
                                    Box::new(Pending::OrderBy {
                                        descending: Some(true),
                                    }),
                                ),
                                from,
                            ))
                        }
                        Some((Pending::Key, from)) => Some((
                            Pending::Nested(
                                *function,
                                Box::new(Pending::OrderBy { descending: None }),
                            ),
                            from,
                        )),
                        other => {
                            if let Some(other) = other {
                                next.pending = Some(other);
                                self.drop_pending(&mut next);
                            }
                            Some((Pending::Function(*function), at))
                        }
                    };
                    // After the noun: "in total", "on average", "altogether".
                    if matches!(
                        self.word(at),
                        "in" | "on" | "altogether" | "combined" | "overall"
                    ) {
                        let mut after = frame.clone();
                        after.add(Feature::SkippedStop, 1.0);
                        if *function == Function::Average {
                            out.extend(self.averaged(frame).map(|next| (to, next)));
                        }
                        if let Some(Item::Figure(figure)) = after
                            .items
                            .iter_mut()
                            .rev()
                            .map(|(item, _)| item)
                            .find(|item| matches!(item, Item::Figure(_)))
                            && figure.function.is_none()
                        {
                            figure.function = Some(*function);
                        }
                        out.push((to, after));
                    }
                }
                Cue::Distinct => match &mut next.pending {
                    Some((Pending::Count { distinct }, _)) => *distinct = true,
                    _ => next.push(Item::Distinct, (at, to)),
                },
                Cue::Superlative { .. } | Cue::Top { .. } => continue,
                Cue::Key => {
                    self.drop_pending(&mut next);
                    next.pending = Some((Pending::Key, at));
                }
                Cue::Per => {
                    self.drop_pending(&mut next);
                    next.pending = Some((Pending::Per, at));
                }
                Cue::Each => {
                    let mut with_all = next.clone();
                    self.drop_pending(&mut next);
                    next.push(Item::All, (at, to));
                    next.pending = Some((Pending::Key, at));
                    if *length == 1 {
                        // "each" alone may be no more than "a".
                        with_all.add(Feature::SkippedStop, 4.0);
                        out.push((to, with_all));
                    }
                }
                Cue::Share => {
                    self.drop_pending(&mut next);
                    next.push(Item::Share, (at, to));
                }
                Cue::PercentOf | Cue::DividedBy => {
                    if !next.has(|item| matches!(item, Item::Figure(_) | Item::Column(_))) {
                        continue;
                    }
                    self.as_figure(&mut next);
                    next.push(
                        Item::Ratio {
                            over: Figure::new(None, Of::Rows(0)),
                            under: Figure::new(None, Of::Rows(0)),
                            percent: *cue == Cue::PercentOf,
                        },
                        (at, to),
                    );
                    next.pending = Some((Pending::Function(Function::Sum), at));
                }
                Cue::Ratio => {
                    next.push(
                        Item::Ratio {
                            over: Figure::new(None, Of::Rows(0)),
                            under: Figure::new(None, Of::Rows(0)),
                            percent: false,
                        },
                        (at, to),
                    );
                }
                Cue::Percent => {
                    next.push(Item::Percent, (at, to));
                    next.add(Feature::SkippedStop, 1.0);
                }
                Cue::Window(Window::Running) if self.is_beside(frame, at) => {
                    // "… by month with the running total"
                    next.push(Item::Window(Window::RunningBeside), (at, to));
                    let mut end = to;
                    while matches!(
                        self.word(end),
                        "number" | "sum" | "total" | "count" | "amount" | "figure" | "value"
                    ) {
                        end += 1;
                    }
                    out.push((end, next));
                    continue;
                }
                Cue::Window(Window::Change) if self.period_before(to).is_some() => {
                    // "the change against the previous month"
                    let end = self.period_before(to).unwrap_or(to);
                    next.push(Item::Window(Window::Change), (at, end));
                    out.push((end, next));
                    continue;
                }
                Cue::Window(window) => {
                    next.push(Item::Window(*window), (at, to));
                    let summed = (at..to).any(|place| matches!(self.word(place), "total" | "sum"));
                    if summed && next.pending.is_none() {
                        let mut total = next.clone();
                        total.pending = Some((Pending::Function(Function::Sum), at));
                        out.push((to, total));
                    }
                    if next.pending.is_none() {
                        next.pending = Some((Pending::Show, at));
                    }
                }
                Cue::Growth if self.is_beside(frame, at) => {
                    // "revenue by year and the growth over the year before"
                    let end = self.period_before(to).unwrap_or(to);
                    next.push(Item::Window(Window::GrowthBeside), (at, end));
                    out.push((end, next.clone()));
                    if end > to {
                        continue;
                    }
                    next.items.pop();
                    next.push(Item::Growth, (at, to));
                }
                Cue::Growth => next.push(Item::Growth, (at, to)),
                Cue::Not => next.negated = Some(at),
                Cue::Without => {
                    self.drop_pending(&mut next);
                    next.pending = Some((Pending::Without, at));
                }
                Cue::Never => {
                    let mut plain = next.clone();
                    self.drop_pending(&mut next);
                    next.pending = Some((Pending::Without, at));
                    plain.negated = Some(at);
                    out.push((to, plain));
                }
                Cue::Clause if at == 0 && self.word(at) == "whose" => {
                    // "whose permit expires soon": persons are asked for.
                    next.push(Item::Ask(Ask::Who), (at, to));
                }
                Cue::Clause => {
                    self.drop_pending(&mut next);
                    if matches!(self.word(at), "that" | "who" | "whose" | "which") {
                        next.push(Item::Relative, (at, to));
                    }
                    next.push(Item::Clause, (at, to));
                }
                Cue::And | Cue::Or => {
                    // A key may be followed by another one.
                    if matches!(next.items.last(), Some((Item::Key(_), _)))
                        && next.pending.is_none()
                    {
                        let mut more = next.clone();
                        more.pending = Some((Pending::Key, at));
                        out.push((to, more));
                    }
                    if *cue == Cue::Or {
                        next.push(Item::Or, (at, to));
                    }
                    // "borrowed at Millfield as well as at Hilltop"
                    if self.word(at) == "as"
                        && matches!(next.items.last(), Some((Item::Cond(Cond::Is { .. }), _)))
                    {
                        next.push(Item::Both, (at, to));
                    }
                    next.push(Item::And, (at, to));
                }
                Cue::Both => next.push(Item::Both, (at, to)),
                Cue::WithEmpty => {
                    self.drop_pending(&mut next);
                    next.push(Item::WithEmpty, (at, to));
                }
                Cue::Chart | Cue::Here => {}
                Cue::Nor => {
                    next.push(Item::And, (at, to));
                    next.negated = Some(at);
                }
                Cue::Previous => {
                    if dates::unit(self.word(to)).is_none() {
                        continue;
                    }
                    self.drop_pending(&mut next);
                    next.push(Item::Window(Window::Previous), (at, to + 1));
                    out.push((to + 1, next));
                    continue;
                }
                Cue::SideBySide => next.push(Item::SideBySide, (at, to)),
                Cue::All => {
                    next.push(Item::All, (at, to));
                    next.add(Feature::SkippedStop, 0.5);
                }
                Cue::OrderBy(descending) => {
                    self.drop_pending(&mut next);
                    next.pending = Some((
                        Pending::OrderBy {
                            descending: *descending,
                        },
                        at,
                    ));
                }
                Cue::Descending | Cue::Ascending => {
                    let wanted = *cue == Cue::Descending;
                    let order = next
                        .items
                        .iter_mut()
                        .rev()
                        .find_map(|(item, _)| match item {
                            Item::Order { descending, .. } => Some(descending),
                            _ => None,
                        });
                    match order {
                        Some(descending) => *descending = wanted,
                        None => match &mut next.pending {
                            Some((Pending::OrderBy { descending }, _)) => {
                                *descending = Some(wanted);
                            }
                            _ => next.push(
                                Item::Order {
                                    by: By::Measure,
                                    function: None,
                                    descending: wanted,
                                    limit: None,
                                    offset: 0,
                                },
                                (at, to),
                            ),
                        },
                    }
                }
                Cue::ReverseAlphabetical => {
                    next.push(
                        Item::Order {
                            by: By::Name,
                            function: None,
                            descending: true,
                            limit: None,
                            offset: 0,
                        },
                        (at, to),
                    );
                }
                Cue::Alphabetical => {
                    next.push(
                        Item::Order {
                            by: By::Name,
                            function: None,
                            descending: false,
                            limit: None,
                            offset: 0,
                        },
                        (at, to),
                    );
                }
                Cue::SoonestFirst { descending: wanted }
                | Cue::HighestFirst { descending: wanted }
                    if next.has(|item| matches!(item, Item::Order { limit: None, .. })) =>
                {
                    for (item, _) in &mut next.items {
                        if let Item::Order {
                            descending,
                            limit: None,
                            ..
                        } = item
                        {
                            *descending = *wanted;
                        }
                    }
                }
                Cue::SoonestFirst { descending } if matches!(next.items.last(), Some((Item::Key(KeyOf::Column(column)), _)) if self.data.columns[*column].is_time()) =>
                {
                    // "by deadline, the earliest first"
                    if let Some((Item::Key(KeyOf::Column(column)), span)) = next.items.pop() {
                        next.push(
                            Item::Order {
                                by: By::Of(Of::Column(column)),
                                function: None,
                                descending: *descending,
                                limit: None,
                                offset: 0,
                            },
                            span,
                        );
                    }
                }
                Cue::SoonestFirst { descending } => {
                    // "ending soonest first"
                    let named = at.checked_sub(1).into_iter().flat_map(|before| {
                        self.anchors.at[before]
                            .iter()
                            .filter_map(move |anchor| match anchor.what {
                                What::Column(column) if anchor.to == before + 1 => Some(column),
                                _ => None,
                            })
                    });
                    for column in named.filter(|&column| self.data.columns[column].is_time()) {
                        let mut by = next.clone();
                        if by.items.last().is_some_and(|(item, _)| matches!(item, Item::Column(last) | Item::TimeOf(last) if *last == column)) {
                            by.items.pop();
                        }
                        by.push(
                            Item::Order {
                                by: By::Of(Of::Column(column)),
                                function: None,
                                descending: *descending,
                                limit: None,
                                offset: 0,
                            },
                            (at, to),
                        );
                        out.push((to, by));
                    }
                    next.push(
                        Item::Order {
                            by: By::Time,
                            function: None,
                            descending: *descending,
                            limit: None,
                            offset: 0,
                        },
                        (at, to),
                    );
                }
                Cue::HighestFirst { descending } => {
                    next.push(
                        Item::Order {
                            by: By::Measure,
                            function: None,
                            descending: *descending,
                            limit: None,
                            offset: 0,
                        },
                        (at, to),
                    );
                }
                Cue::Missing | Cue::Present => {
                    let Some(&(Item::Column(column), span)) = next.items.last() else {
                        continue;
                    };
                    next.items.pop();
                    next.push(
                        Item::Cond(Cond::Null {
                            column,
                            is_null: *cue == Cue::Missing,
                        }),
                        span,
                    );
                    next.add(Feature::NullUsed, 1.0);
                }
                Cue::Versus => {
                    next.push(Item::And, (at, to));
                    next.push(Item::Versus, (at, to));
                }
                Cue::Current => {
                    // "still pending": the word after says it already.
                    let said = self.word(at) == "still"
                        && (lexicon::tells_of_an_end(self.word(to)).is_some()
                            || matches!(
                                self.word(to),
                                "lack" | "lacks" | "lacking" | "missing" | "without" | "need" | "needs" | "not" | "no" | "have" | "has"
                            )
                            || self.anchors.at.get(to).is_some_and(|anchors| {
                                anchors.iter().any(|anchor| matches!(&anchor.what, What::Value(value) if value.how <= How::Inflected))
                            }));
                    if !said {
                        next.push(Item::Current, (at, to));
                    }
                }
                Cue::Everything => {
                    next.push(Item::Ask(Ask::List), (at, to));
                    next.push(Item::Everything, (at, to));
                }
            }
            out.push((to, next));
        }
    }

    /// "over the year before", "compared to the previous month": the token after it.
    fn period_before(&self, at: usize) -> Option<usize> {
        let mut from = at
            + match (self.word(at), self.word(at + 1)) {
                ("compared", "to" | "with") => 2,
                ("over" | "on" | "to" | "vs" | "versus" | "against" | "from", _) => 1,
                _ => return None,
            };
        from += usize::from(self.word(from) == "the");
        match (self.word(from), self.word(from + 1)) {
            ("previous" | "prior" | "preceding" | "last", unit) => {
                dates::unit(unit).map(|_| from + 2)
            }
            (unit, "before") => dates::unit(unit).map(|_| from + 2),
            _ => None,
        }
    }

    /// "with the running total", "and the total so far": said after what it runs over.
    fn is_beside(&self, frame: &Frame, at: usize) -> bool {
        let mut before = at;
        while before > 0 && matches!(self.word(before - 1), "the" | "a") {
            before -= 1;
        }
        before > 0
            && matches!(self.word(before - 1), "with" | "and" | "plus" | "," | "&")
            && frame.has(|item| {
                matches!(
                    item,
                    Item::Figure(_) | Item::Key(_) | Item::Entity(_) | Item::Column(_)
                )
            })
    }

    /// "How many orders do we get per week on average": the last count or sum, averaged over what is said.
    fn averaged(&self, frame: &Frame) -> Option<Frame> {
        let mut next = frame.clone();
        let figure = frame.items.iter().rposition(|(item, _)| {
            matches!(
                item,
                Item::Figure(Figure {
                    function: Some(Function::Count | Function::CountDistinct | Function::Sum),
                    ..
                })
            )
        });
        let Some(at) = figure else {
            // "inspections per site on average": they are counted.
            let key = frame
                .items
                .iter()
                .rposition(|(item, _)| matches!(item, Item::Key(_)))?;
            let at = frame.items[..key]
                .iter()
                .position(|(item, _)| matches!(item, Item::Entity(_)))?;
            if let (Item::Entity(table), Item::Key(KeyOf::Entity(of))) =
                (&frame.items[at].0, &frame.items[key].0)
            {
                let counted = |table| Figure::new(Some(Function::Count), Of::Rows(table));
                next.items[at].0 = Item::Ratio {
                    over: counted(*table),
                    under: counted(*of),
                    percent: false,
                };
                next.items.remove(key);
                return Some(next);
            }
            return None;
        };
        let place = next.items[at].1.0;
        for (item, _) in &mut next.items {
            if let Item::Key(KeyOf::Part(part, None)) = item {
                *item = Item::Over(*part);
            }
        }
        let outer = Figure::new(Some(Function::Average), Of::Rows(usize::MAX));
        next.items.insert(at, (Item::Figure(outer), (place, place)));
        Some(next)
    }

    /// Noun phrases that begin here, articles passed over.
    fn nouns(&self, at: usize) -> Vec<Noun> {
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
        self.superior(start, &mut nouns);
        nouns.sort_by(|one, two| two.score.total_cmp(&one.score));
        // A longer phrase that fits as well leaves less over; keep the best of each length.
        nouns.truncate(14);
        nouns
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

    fn use_name(&self, frame: &mut Frame, noun: &Noun) {
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

    fn nouns_here(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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

    /// A figure that has a name of its own.
    fn metric(
        &self,
        next: Frame,
        metric: usize,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let metric = &self.data.metrics[metric];
        if metric.per.is_some() {
            out.extend(ratio::placed(next, metric, span).map(|next| (span.1, next)));
            return;
        }
        self.summed(next, metric.function, &metric.of, span, out);
    }

    /// A figure whose function is known by its name.
    fn summed(
        &self,
        mut next: Frame,
        own: Function,
        of: &Of,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let of = of.clone();
        match next.pending.take() {
            Some((
                Pending::Superlative {
                    descending,
                    limit,
                    offset,
                    ..
                },
                _,
            )) => {
                next.push(
                    Item::Order {
                        by: By::Of(of),
                        function: Some(own),
                        descending,
                        limit: Some(limit),
                        offset,
                    },
                    span,
                );
                next.add(Feature::Superlative, 1.0);
            }
            Some((Pending::Key | Pending::OrderBy { .. }, from)) => {
                next.order_by(By::Of(of), Some(own), (true, None), (from, span.1));
            }
            Some((Pending::Function(function), _)) => {
                // "average order value" is not the average of what orders are made of, also where those are named alike.
                let base = self.data.table_of(&of);
                let is_made_of =
                    |table: TableId| table != base && !self.data.paths_up(base, table).is_empty();
                if function != Function::Sum
                    && let Some((Item::Entity(table), place)) = next.items.last()
                    && place.1 == span.0
                    && (is_made_of(*table)
                        || self.anchors.at[place.0].iter().any(|anchor| {
                            anchor.score > 0.9
                                && matches!(anchor.what, What::Table(other) if is_made_of(other))
                        }))
                {
                    next.add(Feature::Unsure, 1.0);
                }
                next.push(Item::Figure(Figure::new(Some(function), of)), span);
            }
            Some((Pending::Nested(outer, inner), _)) if matches!(*inner, Pending::Function(_)) => {
                next.push(
                    Item::Figure(Figure::new(Some(outer), Of::Rows(usize::MAX))),
                    (span.0, span.0),
                );
                next.push(Item::Figure(Figure::new(Some(own), of)), span);
            }
            Some((Pending::Nested(function, inner), _))
                if matches!(
                    *inner,
                    Pending::Superlative { .. } | Pending::OrderBy { .. }
                ) =>
            {
                let (descending, limit) = match *inner {
                    Pending::Superlative {
                        descending, limit, ..
                    } => (descending, Some(limit)),
                    _ => (true, None),
                };
                next.order_by(By::Of(of), Some(function), (descending, limit), span);
            }
            _ => next.push(Item::Figure(Figure::new(Some(own), of)), span),
        }
        out.push((span.1, next));
    }

    /// "how many X", "number of X".
    fn counted(
        &self,
        mut next: Frame,
        noun: &Noun,
        distinct: bool,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        next.add(Feature::CountAsked, 1.0);
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                if let Some(column) = self.count_kept_in(table) {
                    let mut summed = next.clone();
                    summed.push(
                        Item::Figure(Figure::new(Some(Function::Sum), Of::Column(column))),
                        span,
                    );
                    out.push((noun.to, summed));
                    next.add(Feature::Unsure, 1.0);
                }
                next.push(
                    Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                    span,
                );
                out.push((noun.to, next));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if self.is_own_key(column) {
                    next.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(info.table))),
                        span,
                    );
                    out.push((noun.to, next));
                    return;
                }
                let function = match info.role {
                    Role::Quantity | Role::Additive if !distinct => Function::Sum,
                    Role::Price | Role::Level | Role::Coordinate | Role::Text => {
                        next.add(Feature::RoleMisfit, 1.0);
                        Function::CountDistinct
                    }
                    Role::Time => {
                        // "how many signups": rows whose time that is.
                        let table = info.table;
                        next.add(Feature::TimeAsEvent, 1.0);
                        next.push(Item::TimeOf(column), span);
                        next.push(
                            Item::Figure(Figure {
                                function: Some(Function::Count),
                                of: Of::Rows(table),
                                only: vec![Cond::Null {
                                    column,
                                    is_null: false,
                                }],
                            }),
                            span,
                        );
                        out.push((noun.to, next));
                        return;
                    }
                    Role::Flag => {
                        let table = info.table;
                        next.push(
                            Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                            span,
                        );
                        next.push(Item::Cond(Cond::Flag { column, yes: true }), span);
                        out.push((noun.to, next));
                        return;
                    }
                    _ => Function::CountDistinct,
                };
                if function == Function::CountDistinct && !distinct {
                    next.add(Feature::AssumedFunction, 1.0);
                    // The label of a table stands for its rows.
                    if self.data.tables[info.table].label == [column] {
                        let mut rows = next.clone();
                        rows.push(
                            Item::Figure(Figure::new(Some(Function::Count), Of::Rows(info.table))),
                            span,
                        );
                        out.push((noun.to, rows));
                    }
                }
                next.push(
                    Item::Figure(Figure::new(Some(function), Of::Column(column))),
                    span,
                );
                out.push((noun.to, next));
            }
        }
    }

    /// A column called just "count": each row of the table stands for so many.
    fn count_kept_in(&self, table: TableId) -> Option<ColumnId> {
        self.data.tables[table].columns.iter().copied().find(|&column| {
            let info = &self.data.columns[column];
            info.role.is_additive()
                && matches!(info.words.as_slice(), [only] if matches!(only.lemma.as_str(), "count" | "number" | "cnt" | "quantity"))
        })
    }

    fn figure(
        &self,
        mut next: Frame,
        function: Option<Function>,
        of: Of,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        if function.is_none() {
            next.add(Feature::AssumedFunction, 1.0);
        }
        next.push(Item::Figure(Figure::new(function, of)), span);
        out.push((span.1, next));
    }

    /// "average X", "total X".
    fn applied(
        &self,
        next: Frame,
        function: Function,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Column(column) => {
                let mut next = next;
                let info = &self.data.columns[column];
                self.suits(&mut next, function, column);
                if info.is_number() || matches!(function, Function::Minimum | Function::Maximum) {
                    self.figure(next, Some(function), Of::Column(column), span, out);
                } else if function == Function::Sum && info.role != Role::Time {
                    next.add(Feature::RoleMisfit, 0.5);
                    self.figure(
                        next,
                        Some(Function::CountDistinct),
                        Of::Column(column),
                        span,
                        out,
                    );
                }
            }
            NounOf::Table(table) => {
                // "average orders per month", "average daily orders"
                let over = next.has(|item| matches!(item, Item::Over(_)));
                let per = matches!(self.word(noun.to), "per" | "a" | "each" | "every")
                    && dates::unit(self.word(noun.to + 1)).is_some();
                if function == Function::Average && (over || per) {
                    let mut counted = next.clone();
                    counted.push(
                        Item::Figure(Figure::new(Some(function), Of::Rows(usize::MAX))),
                        (span.0, span.0),
                    );
                    counted.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                // "total orders" counts them, "average order value" has its column after it.
                if function == Function::Sum {
                    let mut counted = next.clone();
                    counted.add(Feature::AssumedFunction, 1.0);
                    counted.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                // "how many orders did the average customer place": by each of them.
                if function == Function::Average
                    && let Some(at) = next.items.iter().rposition(|(item, _)| {
                        matches!(
                            item,
                            Item::Figure(Figure {
                                function: Some(
                                    Function::Count | Function::CountDistinct | Function::Sum
                                ),
                                ..
                            })
                        )
                    })
                    && let Item::Figure(over) = next.items[at].0.clone()
                    && over.of != Of::Rows(table)
                {
                    let mut ratio = next.clone();
                    ratio.items[at].0 = Item::Ratio {
                        over,
                        under: Figure::new(Some(Function::CountDistinct), Of::Rows(table)),
                        percent: false,
                    };
                    ratio.add(Feature::PerEntity, 1.0);
                    out.push((noun.to, ratio));
                }
                // "median order value": over what each of them brings.
                if !matches!(function, Function::Average | Function::Sum)
                    && matches!(
                        self.word(noun.to),
                        "value" | "values" | "amount" | "total" | "size" | "worth" | "revenue"
                    )
                {
                    for metric in self.data.takings() {
                        let base = self.data.table_of(&metric.of);
                        if base == table || self.data.paths_up(base, table).is_empty() {
                            continue;
                        }
                        let mut nested = next.clone();
                        let end = noun.to + 1;
                        nested.push(
                            Item::Figure(Figure::new(Some(function), Of::Rows(usize::MAX))),
                            (span.0, span.0),
                        );
                        nested.push(
                            Item::Figure(Figure::new(Some(metric.function), metric.of.clone())),
                            (span.0, end),
                        );
                        nested.push(Item::Entity(table), span);
                        nested.add(Feature::PerEntity, 1.0);
                        out.push((end, nested));
                    }
                }
                // "average order value": what its rows bring, by the number of them.
                if function == Function::Average
                    && matches!(
                        self.word(noun.to),
                        "value" | "amount" | "total" | "size" | "worth" | "revenue"
                    )
                    && self.anchors.at.get(noun.to).is_none_or(|anchors| {
                        !anchors.iter().any(|anchor| {
                            anchor.score > 0.95 && matches!(anchor.what, What::Column(_))
                        })
                    })
                {
                    for metric in self.data.takings() {
                        let base = self.data.table_of(&metric.of);
                        if base != table && !self.data.paths_up(base, table).is_empty() {
                            let mut ratio = next.clone();
                            ratio.push(
                                Item::Ratio {
                                    over: Figure::new(Some(metric.function), metric.of.clone()),
                                    under: Figure::new(
                                        Some(Function::CountDistinct),
                                        Of::Rows(table),
                                    ),
                                    percent: false,
                                },
                                (span.0, noun.to + 1),
                            );
                            out.push((noun.to + 1, ratio));
                        } else if base == table {
                            let mut mean = next.clone();
                            mean.push(
                                Item::Figure(Figure::new(Some(function), metric.of.clone())),
                                (span.0, noun.to + 1),
                            );
                            out.push((noun.to + 1, mean));
                        }
                    }
                }
                // The table is said, its figure comes later: "average shipment weight" where both are named.
                let mut waits = next.clone();
                waits.pending = Some((Pending::Function(function), span.0));
                waits.push(Item::Entity(table), span);
                waits.add(Feature::ExtraEntity, 0.5);
                out.push((noun.to, waits));
                for column in self.main_amounts(table) {
                    let mut next = next.clone();
                    next.add(Feature::AssumedColumn, 1.0);
                    self.suits(&mut next, function, column);
                    self.figure(next, Some(function), Of::Column(column), span, out);
                }
            }
        }
    }

    /// The amounts that a table is about, the likeliest first.
    fn main_amounts(&self, table: TableId) -> Vec<ColumnId> {
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

    fn suits(&self, next: &mut Frame, function: Function, column: ColumnId) {
        let role = self.data.columns[column].role;
        let misfit = match function {
            Function::Sum => match role {
                Role::Additive | Role::Quantity => 0.0,
                Role::Price | Role::Level => 0.7,
                _ => 1.5,
            },
            Function::Average
            | Function::Median
            | Function::StandardDeviation
            | Function::Percentile(_) => match role {
                Role::Identifier | Role::Coordinate => 1.5,
                Role::Category | Role::Label | Role::Text | Role::Flag | Role::Time => 2.0,
                Role::Year | Role::Ordinal => 0.3,
                _ => 0.0,
            },
            Function::Minimum | Function::Maximum => match role {
                Role::Identifier | Role::Category | Role::Label | Role::Text | Role::Flag => 1.2,
                _ => 0.0,
            },
            Function::Count | Function::CountDistinct => 0.0,
        };
        if misfit > 0.0 {
            next.add(Feature::RoleMisfit, misfit);
        }
    }

    /// "average number of X", "highest total X".
    fn nested(
        &self,
        mut next: Frame,
        outer: Function,
        inner: &Pending,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let of = match noun.what {
            NounOf::Table(table) => Of::Rows(table),
            NounOf::Column(column) => Of::Column(column),
            NounOf::Metric(_) => return,
        };
        match inner {
            Pending::Count { .. } => {
                if let NounOf::Column(column) = noun.what
                    && self.data.columns[column].is_number()
                    && self.data.columns[column].role.is_measure()
                {
                    // A column that counts: its plain mean.
                    let mut plain = next.clone();
                    plain.push(
                        Item::Figure(Figure::new(Some(outer), Of::Column(column))),
                        span,
                    );
                    out.push((noun.to, plain));
                }
                next.add(Feature::PerEntity, 1.0);
                let figure = Figure {
                    function: Some(match noun.what {
                        NounOf::Table(_) => Function::Count,
                        NounOf::Column(column) if self.data.columns[column].role.is_additive() => {
                            Function::Sum
                        }
                        NounOf::Column(_) | NounOf::Metric(_) => Function::CountDistinct,
                    }),
                    of,
                    only: Vec::new(),
                };
                next.push(Item::Window(Window::Rank), span);
                next.items.pop();
                next.push(
                    Item::Figure(Figure::new(Some(outer), Of::Rows(usize::MAX))),
                    (span.0, span.0),
                );
                next.push(Item::Figure(figure), span);
                out.push((noun.to, next));
            }
            Pending::Function(function) => {
                if let Of::Column(column) = of {
                    self.suits(&mut next, *function, column);
                    // "average total spend": an average per something of a sum, or a total that is named so.
                    let mut plain = next.clone();
                    plain.push(Item::Figure(Figure::new(Some(outer), of.clone())), span);
                    out.push((noun.to, plain));
                    next.push(
                        Item::Figure(Figure::new(Some(outer), Of::Rows(usize::MAX))),
                        (span.0, span.0),
                    );
                    next.push(Item::Figure(Figure::new(Some(*function), of)), span);
                    out.push((noun.to, next));
                }
            }
            Pending::Superlative {
                descending,
                limit,
                offset,
                ..
            } => {
                if let Of::Column(column) = of {
                    self.suits(&mut next, outer, column);
                }
                let function = if matches!(of, Of::Rows(_)) {
                    Function::Count
                } else {
                    outer
                };
                next.push(
                    Item::Order {
                        by: By::Of(of),
                        function: Some(function),
                        descending: *descending,
                        limit: Some(*limit),
                        offset: *offset,
                    },
                    span,
                );
                next.add(Feature::Superlative, 1.0);
                out.push((noun.to, next));
            }
            Pending::OrderBy { descending } => {
                if let Of::Column(column) = of {
                    self.suits(&mut next, outer, column);
                }
                let function = if matches!(of, Of::Rows(_)) {
                    Function::Count
                } else {
                    outer
                };
                next.order_by(
                    By::Of(of),
                    Some(function),
                    (descending.unwrap_or(true), None),
                    span,
                );
                out.push((noun.to, next));
            }
            _ => {}
        }
    }

    /// "most X", "highest X".
    fn most(
        &self,
        next: Frame,
        noun: &Noun,
        how: (bool, u64, u64, bool),
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let (descending, limit, offset, is_top) = how;
        let mut ordered = next.clone();
        ordered.add(Feature::Superlative, 1.0);
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                // "top 5 customers": the rows that are ordered; "most orders": what is counted.
                let mut subject = next.clone();
                subject.push(
                    Item::Order {
                        by: By::Measure,
                        function: None,
                        descending,
                        limit: Some(limit),
                        offset,
                    },
                    span,
                );
                subject.push(Item::Entity(table), span);
                if !is_top {
                    subject.add(Feature::OrderMisfit, 0.5);
                }
                let counts = (span.0.saturating_sub(3)..span.0)
                    .any(|at| matches!(self.word(at), "number" | "most" | "least" | "fewest"));
                // "the highest royalties": what they come to.
                if !is_top
                    && !counts
                    && let Some(column) = self.data.main_amount(table)
                {
                    let mut sum = next.clone();
                    sum.add(Feature::Superlative, 1.0);
                    sum.add(Feature::AssumedColumn, 0.5);
                    sum.push(
                        Item::Order {
                            by: By::Of(Of::Column(column)),
                            function: Some(Function::Sum),
                            descending,
                            limit: Some(limit),
                            offset,
                        },
                        span,
                    );
                    out.push((noun.to, sum));
                    ordered.add(Feature::OrderMisfit, 1.0);
                }
                if !is_top && !counts {
                    let amounts = self.main_amounts(table);
                    if !amounts.is_empty() && self.data.main_amount(table).is_none() {
                        // How many there are is not how high they are.
                        ordered.add(Feature::OrderMisfit, 1.0);
                    }
                    for column in amounts {
                        let mut biggest = next.clone();
                        biggest.add(Feature::Superlative, 1.0);
                        biggest.add(Feature::AssumedColumn, 1.0);
                        biggest.push(
                            Item::Order {
                                by: By::Of(Of::Column(column)),
                                function: None,
                                descending,
                                limit: Some(limit),
                                offset,
                            },
                            span,
                        );
                        biggest.push(Item::Entity(table), span);
                        out.push((noun.to, biggest));
                    }
                }
                out.push((noun.to, subject));
                if is_top {
                    ordered.add(Feature::OrderMisfit, 1.0);
                }
                ordered.push(
                    Item::Order {
                        by: By::Of(Of::Rows(table)),
                        function: Some(Function::Count),
                        descending,
                        limit: Some(limit),
                        offset,
                    },
                    span,
                );
                out.push((noun.to, ordered));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if info.role == Role::Identifier && (info.is_foreign || self.is_own_key(column)) {
                    // "the largest number of employees" where rows refer to them.
                    ordered.push(
                        Item::Order {
                            by: By::Of(Of::Rows(info.table)),
                            function: Some(Function::Count),
                            descending,
                            limit: Some(limit),
                            offset,
                        },
                        span,
                    );
                    ordered.add(Feature::OrderMisfit, 0.3);
                    out.push((noun.to, ordered));
                    return;
                }
                if info.is_number() || info.is_time() {
                    if matches!(info.role, Role::Identifier) {
                        ordered.add(Feature::OrderMisfit, 1.0);
                    }
                    // Without anything to be ordered it is the extreme itself.
                    let mut extreme = next.clone();
                    let function = if descending {
                        Function::Maximum
                    } else {
                        Function::Minimum
                    };
                    self.suits(&mut extreme, function, column);
                    if offset > 0 {
                        extreme.add(Feature::RoleMisfit, 2.0);
                    }
                    extreme.push(
                        Item::Figure(Figure::new(Some(function), Of::Column(column))),
                        span,
                    );
                    if is_top {
                        extreme.add(Feature::RoleMisfit, 1.0);
                    }
                    // "the three highest" are no single figure.
                    if limit == 1 {
                        out.push((noun.to, extreme));
                    }
                    ordered.push(
                        Item::Order {
                            by: By::Of(Of::Column(column)),
                            function: None,
                            descending,
                            limit: Some(limit),
                            offset,
                        },
                        span,
                    );
                    out.push((noun.to, ordered));
                } else {
                    let mut subject = next.clone();
                    subject.push(
                        Item::Order {
                            by: By::Measure,
                            function: None,
                            descending,
                            limit: Some(limit),
                            offset,
                        },
                        span,
                    );
                    subject.push(Item::Column(column), span);
                    if !is_top {
                        subject.add(Feature::OrderMisfit, 0.3);
                    }
                    out.push((noun.to, subject));
                    ordered.push(
                        Item::Order {
                            by: By::Of(Of::Column(column)),
                            function: Some(Function::CountDistinct),
                            descending,
                            limit: Some(limit),
                            offset,
                        },
                        span,
                    );
                    ordered.add(Feature::OrderMisfit, 0.3);
                    out.push((noun.to, ordered));
                }
            }
        }
    }

    fn key(
        &self,
        mut next: Frame,
        noun: &Noun,
        from: usize,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                next.push(Item::Key(KeyOf::Entity(table)), span);
                out.push((noun.to, next));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                match info.role {
                    Role::Additive | Role::Quantity | Role::Price | Role::Level => {
                        // "top 5 customers by revenue"
                        let mut ordered = next.clone();
                        if let Some((by, _)) = ordered.open_order() {
                            *by = By::Of(Of::Column(column));
                            out.push((noun.to, ordered));
                        } else if self.word(from) == "by"
                            && next.has(|item| matches!(item, Item::Ask(Ask::List | Ask::Which)))
                        {
                            let mut ordered = next.clone();
                            ordered.push(
                                Item::Order {
                                    by: By::Of(Of::Column(column)),
                                    function: None,
                                    descending: true,
                                    limit: None,
                                    offset: 0,
                                },
                                span,
                            );
                            ordered.add(Feature::OrderMisfit, 0.4);
                            out.push((noun.to, ordered));
                        }
                        next.add(Feature::KeyMisfit, 1.0);
                    }
                    Role::Text | Role::Coordinate => next.add(Feature::KeyMisfit, 0.7),
                    Role::Time => {
                        next.add(Feature::KeyMisfit, 0.3);
                    }
                    Role::Identifier if !info.is_foreign => next.add(Feature::KeyMisfit, 0.1),
                    _ => {}
                }
                next.push(Item::Key(KeyOf::Column(column)), span);
                out.push((noun.to, next));
            }
        }
    }

    /// "X per Y": a key, or a ratio where Y adds up.
    fn per(&self, next: Frame, noun: &Noun, span: (usize, usize), out: &mut Vec<(usize, Frame)>) {
        if let NounOf::Column(column) = noun.what
            && self.data.columns[column].role.is_additive()
        {
            let mut ratio = next.clone();
            self.as_figure(&mut ratio);
            if let Some(at) = ratio
                .items
                .iter()
                .rposition(|(item, _)| matches!(item, Item::Figure(_)))
                && let Item::Figure(over) = ratio.items[at].0.clone()
            {
                ratio.items[at].0 = Item::Ratio {
                    over,
                    under: Figure::new(Some(Function::Sum), Of::Column(column)),
                    percent: false,
                };
                out.push((noun.to, ratio));
            }
        }
        // "orders per customer" after a figure may be the average over customers as well.
        let counts = next.items.iter().rev().find_map(|(item, _)| match item {
            Item::Figure(figure) => Some(figure.clone()),
            _ => None,
        });
        let things = match noun.what {
            NounOf::Table(table) => Some(Of::Rows(table)),
            NounOf::Column(column) if self.data.columns[column].role == Role::Identifier => {
                Some(Of::Column(column))
            }
            _ => None,
        };
        if let (Some(figure), Some(things)) = (counts, things)
            && next.has(|item| {
                matches!(
                    item,
                    Item::Figure(Figure {
                        of: Of::Rows(usize::MAX),
                        ..
                    })
                ) || matches!(
                    item,
                    Item::Figure(Figure {
                        function: Some(Function::Average),
                        ..
                    })
                )
            })
        {
            let mut ratio = next.clone();
            ratio.items.retain(|(item, _)| {
                !matches!(
                    item,
                    Item::Figure(Figure {
                        of: Of::Rows(usize::MAX),
                        function: Some(Function::Average),
                        ..
                    })
                )
            });
            if let Some(at) = ratio
                .items
                .iter()
                .rposition(|(item, _)| matches!(item, Item::Figure(_)))
            {
                let mut over = figure;
                if over.function == Some(Function::Average) {
                    over.function = Some(Function::Sum);
                }
                ratio.items[at].0 = Item::Ratio {
                    over,
                    under: Figure::new(Some(Function::CountDistinct), things),
                    percent: false,
                };
                ratio.add(Feature::PerEntity, 1.0);
                out.push((noun.to, ratio));
            }
        }
        self.key(next, noun, span.0, span, out);
    }

    /// The last column that was said becomes a figure.
    fn as_figure(&self, frame: &mut Frame) {
        let at = frame.items.iter().rposition(|(item, _)| {
            matches!(item, Item::Figure(_) | Item::Column(_) | Item::Ratio { .. })
        });
        if let Some(at) = at
            && let Item::Column(column) = frame.items[at].0
            && self.data.columns[column].is_number()
        {
            frame.items[at].0 = Item::Figure(Figure::new(None, Of::Column(column)));
        }
    }

    fn ordered(
        &self,
        mut next: Frame,
        noun: &Noun,
        descending: Option<bool>,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let (by, function) = match noun.what {
            NounOf::Table(table) => {
                let counted = next.has(|item| {
                    matches!(
                        item,
                        Item::Order {
                            by: By::Measure,
                            ..
                        }
                    )
                }) || self.tokens[..span.0]
                    .iter()
                    .rev()
                    .take(3)
                    .any(|token| matches!(token.lower.as_str(), "number" | "count"));
                if counted {
                    (By::Of(Of::Rows(table)), Some(Function::Count))
                } else {
                    (By::Name, None)
                }
            }
            NounOf::Column(column) => (By::Of(Of::Column(column)), None),
            NounOf::Metric(_) => return,
        };
        next.order_by(by, function, (descending.unwrap_or(false), None), span);
        out.push((noun.to, next));
    }

    fn without(
        &self,
        mut next: Frame,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                next.push(
                    Item::Cond(Cond::Has {
                        table,
                        operator: Operator::Equal,
                        count: 0.0,
                    }),
                    span,
                );
                next.add(Feature::HasUsed, 1.0);
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if info.is_time() {
                    // "never opened a ticket": the verb goes with the noun.
                    let mut verb = next.clone();
                    verb.pending = Some((Pending::Without, span.0));
                    verb.add(Feature::TimeAsEvent, 1.0);
                    out.push((noun.to, verb));
                }
                let value_follows = (noun.to..noun.to + 3)
                    .take_while(|&at| {
                        at == noun.to || lexicon::is_function_word(self.word(at - 1))
                    })
                    .filter_map(|at| self.anchors.at.get(at))
                    .flatten()
                    .any(|anchor| matches!(&anchor.what, What::Value(value) if value.how <= How::Inflected));
                if info.is_foreign && value_follows {
                    // "never borrowed a drill": what is denied comes after the verb.
                    let mut verb = next.clone();
                    verb.pending = Some((Pending::Without, span.0));
                    out.push((noun.to, verb));
                    next.add(Feature::LostNegation, 1.0);
                }
                if info.stats.nulls == 0 && info.role != Role::Flag {
                    // Every row has one: rows themselves are missing.
                    next.push(
                        Item::Cond(Cond::Has {
                            table: info.table,
                            operator: Operator::Equal,
                            count: 0.0,
                        }),
                        span,
                    );
                    next.add(Feature::HasUsed, 1.0);
                    out.push((noun.to, next));
                    return;
                }
                let cond = if info.role == Role::Flag {
                    Cond::Flag { column, yes: false }
                } else {
                    next.add(Feature::NullUsed, 1.0);
                    Cond::Null {
                        column,
                        is_null: true,
                    }
                };
                // "no handler assigned"
                next.push(Item::Cond(cond), span);
                if matches!(
                    self.word(noun.to),
                    "assigned"
                        | "recorded"
                        | "given"
                        | "set"
                        | "specified"
                        | "provided"
                        | "known"
                        | "entered"
                        | "filled"
                        | "on"
                        | "yet"
                ) && self
                    .anchors
                    .at
                    .get(noun.to)
                    .is_none_or(std::vec::Vec::is_empty)
                {
                    out.push((noun.to + 1, next));
                    return;
                }
            }
        }
        out.push((noun.to, next));
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
                if info.is_time()
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
                next.push(Item::Column(column), span);
                out.push((noun.to, next));
            }
        }
    }

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

    fn values_here(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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
            let mut to = anchor.to;
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
            to = to.max(anchor.to);
            self.is_value(next, found, at, to, rivals, named, out);
        }
    }

    /// "active projects" where projects have a word for it themselves: whose clients are active is not meant.
    fn describes_another(&self, from: usize, to: usize, column: ColumnId) -> bool {
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
        found: &super::values::Match,
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
        if !named && rivals > 0 {
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
                    Item::Order {
                        by: By::Of(Of::Column(amount)),
                        function: Some(Function::Sum),
                        descending,
                        limit: Some(limit),
                        offset,
                    },
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

    fn comparisons(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        self.more_than_average(frame, at, out);
        let word = |offset: usize| self.word(at + offset);
        let mut found: Vec<(usize, Operator, Option<f64>)> = Vec::new();
        if let Some((length, operator)) = cues::comparison(&word) {
            let mut after = at + length;
            while matches!(self.word(after), "the" | "a" | "than" | "$" | "€" | "£") {
                after += 1;
            }
            if let Some(number) = self.number(after) {
                found.push((after + 1, operator, Some(number)));
            } else {
                let mean =
                    ["average", "mean", "avg", "overall", "usual"].contains(&self.word(after));
                if mean {
                    self.against_average(frame, at, after, operator, out);
                } else if let Some((of, mean)) = self.average_of_said(frame, after) {
                    // "than the backend average"
                    let before = out.len();
                    self.against_average(frame, at, mean, operator, out);
                    for (_, next) in &mut out[before..] {
                        if let Some((Item::Cond(Cond::Average { among, .. }), _)) =
                            next.items.last_mut()
                        {
                            among.push(of.clone());
                        }
                    }
                } else {
                    self.between_columns(frame, after, operator, out);
                    self.against_other(frame, after, operator, out);
                }
            }
        }
        if let Some(number) = self.number(at) {
            let post = match (self.word(at + 1), self.word(at + 2)) {
                (
                    "or",
                    "more" | "above" | "over" | "higher" | "older" | "greater" | "longer" | "later",
                ) => Some((3, Operator::GreaterOrEqual)),
                ("or", "less" | "fewer" | "below" | "under" | "lower" | "younger" | "shorter") => {
                    Some((3, Operator::LessOrEqual))
                }
                ("and", "above" | "over" | "more") => Some((3, Operator::GreaterOrEqual)),
                ("+", _) => Some((2, Operator::GreaterOrEqual)),
                _ => None,
            };
            if let Some((length, operator)) = post {
                found.push((at + length, operator, Some(number)));
            }
        }
        for (after, operator, number) in found {
            let Some(number) = number else { continue };
            let operator = if frame.negated.is_some() {
                operator.negated()
            } else {
                operator
            };
            let mut base = frame.clone();
            base.negated = None;
            // "ordered more than 20 times": rows of what the verb names.
            if self.word(after) == "times" || self.word(after) == "time" {
                let table = base.items.last().and_then(|(item, _)| match item {
                    Item::TimeOf(column) | Item::Column(column) => {
                        Some(self.data.columns[*column].table)
                    }
                    Item::Entity(table) => Some(*table),
                    _ => None,
                });
                if let Some(table) = table {
                    let mut next = base.clone();
                    next.items.pop();
                    next.push(
                        Item::Cond(Cond::Has {
                            table,
                            operator,
                            count: number,
                        }),
                        (at, after + 1),
                    );
                    next.add(Feature::HasUsed, 1.0);
                    out.push((after + 1, next));
                }
            }
            // "more than 5 orders", "over 100 kg", "5 or more seats"
            let of =
                after + usize::from(matches!(self.word(after), "of" | "different" | "distinct"));
            for noun in self.nouns(of) {
                if noun.score < 0.5 {
                    continue;
                }
                let mut next = base.clone();
                self.use_name(&mut next, &noun);
                match noun.what {
                    NounOf::Table(table) => {
                        next.push(
                            Item::Cond(Cond::Has {
                                table,
                                operator,
                                count: number,
                            }),
                            (at, noun.to),
                        );
                        next.add(Feature::HasUsed, 1.0);
                        out.push((noun.to, next));
                    }
                    NounOf::Column(column) if self.comparable(column) => {
                        next.push(
                            Item::Cond(Cond::number(column, operator, number)),
                            (at, noun.to),
                        );
                        out.push((noun.to, next));
                    }
                    NounOf::Column(_) | NounOf::Metric(_) => {}
                }
            }
            // "three or more falls": rows of that kind.
            for anchor in self.anchors.at.get(of).into_iter().flatten() {
                let What::Value(one) = &anchor.what else {
                    continue;
                };
                let table = self.data.columns[one.column].table;
                if one.how > How::Inflected || self.data.tables[table].time.is_none() {
                    continue;
                }
                let mut next = base.clone();
                next.add(Feature::ValueUsed, 1.0);
                next.add(Feature::HasUsed, 1.0);
                let span = (at, anchor.to);
                next.push(
                    Item::Cond(Cond::Has {
                        table,
                        operator,
                        count: number,
                    }),
                    span,
                );
                next.push(
                    Item::Cond(Cond::Is {
                        column: one.column,
                        values: one.values.clone(),
                        negated: false,
                    }),
                    span,
                );
                out.push((anchor.to, next));
            }
            // A unit after the number names the column that is written in it.
            let unit = self.word(after).to_owned();
            let with_unit = self.data.columns.iter().enumerate().filter(|(_, column)| {
                column
                    .unit
                    .as_deref()
                    .is_some_and(|own| same_unit(own, &unit))
            });
            for (column, _) in with_unit {
                let mut next = base.clone();
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after + 1),
                );
                next.add(Feature::AssumedColumn, 0.3);
                out.push((after + 1, next));
            }
            // The column was said before: "price above 100", "whose age is over 30".
            let mut last = base.items.len();
            while last > 0 && matches!(base.items[last - 1].0, Item::Clause | Item::TimeOf(_)) {
                last -= 1;
            }
            if last > 0 {
                match base.items[last - 1].0.clone() {
                    Item::Column(column) if self.comparable(column) => {
                        let mut next = base.clone();
                        next.items.truncate(last - 1);
                        next.push(
                            Item::Cond(Cond::number(column, operator, number)),
                            (at, after),
                        );
                        out.push((after, next));
                    }
                    Item::Figure(figure) => {
                        let mut next = base.clone();
                        next.items.truncate(last - 1);
                        next.push(
                            Item::Cond(Cond::HasFigure {
                                figure: Box::new(figure),
                                operator,
                                value: number,
                            }),
                            (at, after),
                        );
                        next.add(Feature::HasUsed, 1.0);
                        out.push((after, next));
                    }
                    _ => {}
                }
            }
            // "donations over 2000": what they come to.
            let spoken_of = base.items.last().and_then(|(item, _)| match item {
                Item::Entity(table)
                | Item::Figure(Figure {
                    of: Of::Rows(table),
                    ..
                }) if *table != usize::MAX => Some(*table),
                _ => None,
            });
            if let Some(column) = spoken_of.and_then(|table| self.data.main_amount(table)) {
                let mut next = base.clone();
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after),
                );
                next.add(Feature::AssumedColumn, 0.5);
                out.push((after, next));
            }
            // An adjective tells the column: "older than 30", "heavier than 5".
            if let Some((columns, _)) = lexicon::measured_by(self.word(at)) {
                for (column, info) in self.data.columns.iter().enumerate() {
                    let is_year = info.role == Role::Year && number < 1000.0;
                    if info.is_number()
                        && !is_year
                        && !matches!(info.role, Role::Identifier)
                        && columns.iter().any(|word| info.has_word(word))
                    {
                        let mut next = base.clone();
                        next.push(
                            Item::Cond(Cond::number(column, operator, number)),
                            (at, after),
                        );
                        next.add(Feature::AssumedColumn, 0.3);
                        out.push((after, next));
                    }
                }
            }
            // "people under 40": their age.
            if (1.0..=120.0).contains(&number)
                && !self
                    .word(after)
                    .starts_with(|letter: char| letter.is_ascii_digit())
            {
                let table = base.items.iter().rev().find_map(|(item, _)| match item {
                    Item::Entity(table) => Some(*table),
                    Item::Figure(Figure {
                        of: Of::Rows(table),
                        ..
                    }) if *table != usize::MAX => Some(*table),
                    _ => None,
                });
                let age = table.and_then(|table| {
                    self.data.tables[table]
                        .columns
                        .iter()
                        .copied()
                        .find(|&column| self.data.columns[column].has_word("age"))
                });
                if let Some(column) = age {
                    let mut next = base.clone();
                    next.push(
                        Item::Cond(Cond::number(column, operator, number)),
                        (at, after),
                    );
                    next.add(Feature::AssumedColumn, 0.7);
                    out.push((after, next));
                }
            }
            // Nothing tells the column: the figure of the question, or any measure.
            let mut next = base.clone();
            next.add(Feature::NumberWithoutPlace, 1.0);
            let measured = next.items.iter().rev().find_map(|(item, _)| match item {
                Item::Figure(figure) => Some(figure.clone()),
                Item::Column(column) if self.data.columns[*column].role.is_measure() => {
                    Some(Figure::new(None, Of::Column(*column)))
                }
                _ => None,
            });
            if let Some(Figure {
                of: Of::Column(column),
                ..
            }) = measured
            {
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after),
                );
                out.push((after, next));
            }
        }
        // between A and B
        if self.word(at) == "between"
            && let (Some(low), "and", Some(high)) =
                (self.number(at + 1), self.word(at + 2), self.number(at + 3))
        {
            let mut last = frame.items.len();
            while last > 0 && matches!(frame.items[last - 1].0, Item::Clause) {
                last -= 1;
            }
            if last > 0
                && let Item::Column(column) = frame.items[last - 1].0
                && self.data.columns[column].is_number()
            {
                let mut next = frame.clone();
                next.items.truncate(last - 1);
                next.push(
                    Item::Cond(Cond::Between { column, low, high }),
                    (at, at + 4),
                );
                out.push((at + 4, next));
            }
            for noun in self.nouns(at + 4) {
                if let NounOf::Column(column) = noun.what
                    && self.data.columns[column].is_number()
                {
                    let mut next = frame.clone();
                    self.use_name(&mut next, &noun);
                    next.push(
                        Item::Cond(Cond::Between { column, low, high }),
                        (at, noun.to),
                    );
                    out.push((noun.to, next));
                }
            }
        }
    }

    /// "more than the average (of their department)".
    fn against_average(
        &self,
        frame: &Frame,
        at: usize,
        mean: usize,
        operator: Operator,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let mut after = mean + 1;
        while matches!(self.word(after), "average" | "mean" | "avg") {
            after += 1;
        }
        let mut base = frame.clone();
        base.negated = None;
        base.add(Feature::AverageUsed, 1.0);
        // The column before: "a CSAT below the average".
        let mut last = base.items.len();
        while last > 0 && matches!(base.items[last - 1].0, Item::Clause) {
            last -= 1;
        }
        let mut candidates: Vec<(Frame, Option<ColumnId>, usize)> = Vec::new();
        if last > 0 {
            match base.items[last - 1].0.clone() {
                Item::Column(column) if self.data.columns[column].is_number() => {
                    let mut next = base.clone();
                    next.items.truncate(last - 1);
                    candidates.push((next, Some(column), after));
                }
                Item::Figure(Figure {
                    of: Of::Column(column),
                    ..
                }) => {
                    let mut next = base.clone();
                    next.items.truncate(last - 1);
                    candidates.push((next, Some(column), after));
                }
                Item::Figure(_) => candidates.push((base.clone(), None, after)),
                _ => {}
            }
        }
        for noun in self.nouns(after) {
            if let NounOf::Column(column) = noun.what
                && self.data.columns[column].is_number()
            {
                let mut next = base.clone();
                self.use_name(&mut next, &noun);
                candidates.push((next, Some(column), noun.to));
            }
        }
        // An adjective or a verb says the column: "weigh more than the average shipment".
        for back in (at.saturating_sub(2)..=at).rev() {
            for anchor in &self.anchors.at[back] {
                if let What::Column(column) = anchor.what
                    && self.data.columns[column].role.is_measure()
                    && anchor.to <= at
                {
                    let mut next = base.clone();
                    next.add(Feature::NameMisfit, 1.0 - anchor.score);
                    candidates.push((next, Some(column), after));
                }
            }
            if let Some((columns, _)) = lexicon::measured_by(self.word(back)) {
                for (column, info) in self.data.columns.iter().enumerate() {
                    if info.is_number() && columns.iter().any(|word| info.has_word(word)) {
                        let mut next = base.clone();
                        next.add(Feature::AssumedColumn, 0.3);
                        candidates.push((next, Some(column), after));
                    }
                }
            }
        }
        // "whose total cost is above the average machine": what each comes to against what all come to.
        if last > 0
            && let Item::Figure(figure) = &base.items[last - 1].0
            && matches!(figure.function, Some(Function::Sum | Function::Count))
        {
            let mut next = base.clone();
            next.items.truncate(last - 1);
            self.beyond_mean(&next, figure, operator, (at, after), out);
        }
        for (next, column, to) in candidates {
            // An entity after it repeats the subject: "the average shipment".
            let mut ends = vec![to];
            for noun in self.nouns(to) {
                if matches!(noun.what, NounOf::Table(_)) && noun.score > 0.7 {
                    ends.push(noun.to);
                }
            }
            // "how many photographs are worth more than the average photograph": the mean is of these.
            for anchor in self.anchors.at.get(to).into_iter().flatten() {
                if let Some(cond) = said_before(&next, &anchor.what) {
                    let mut of_these = next.clone();
                    of_these.add(Feature::ValueUsed, 1.0);
                    of_these.push(
                        Item::Cond(Cond::Average {
                            column,
                            operator,
                            within: None,
                            among: vec![cond],
                        }),
                        (at, anchor.to),
                    );
                    out.push((anchor.to, of_these));
                }
            }
            for end in ends {
                let mut plain = next.clone();
                plain.push(
                    Item::Cond(Cond::Average {
                        column,
                        operator,
                        within: None,
                        among: Vec::new(),
                    }),
                    (at, end),
                );
                out.push((end, plain));
                if matches!(self.word(end), "of" | "for" | "in" | "within")
                    && matches!(
                        self.word(end + 1),
                        "their" | "its" | "the" | "his" | "her" | "that"
                    )
                {
                    let own = end
                        + if self.word(end + 2) == "own" || self.word(end + 2) == "same" {
                            3
                        } else {
                            2
                        };
                    for noun in self.nouns(own) {
                        let within = match noun.what {
                            NounOf::Table(table) => KeyOf::Entity(table),
                            NounOf::Column(column) => KeyOf::Column(column),
                            NounOf::Metric(_) => continue,
                        };
                        let mut grouped = next.clone();
                        self.use_name(&mut grouped, &noun);
                        grouped.push(
                            Item::Cond(Cond::Average {
                                column,
                                operator,
                                within: Some(within),
                                among: Vec::new(),
                            }),
                            (at, noun.to),
                        );
                        out.push((noun.to, grouped));
                    }
                }
            }
        }
    }

    /// "the backend average" after "backend": the condition, and the word that says mean.
    fn average_of_said(&self, frame: &Frame, at: usize) -> Option<(Cond, usize)> {
        self.anchors.at.get(at)?.iter().find_map(|anchor| {
            if !matches!(self.word(anchor.to), "average" | "mean" | "avg") {
                return None;
            }
            Some((said_before(frame, &anchor.what)?, anchor.to))
        })
    }

    /// "than the average member": the noun after it says again of whom the mean is.
    fn beyond_mean(
        &self,
        base: &Frame,
        figure: &Figure,
        operator: Operator,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let mut ends = vec![span.1];
        for noun in self.nouns(span.1) {
            if noun.score > 0.7 {
                ends.push(noun.to);
            }
        }
        for end in ends {
            let mut next = base.clone();
            next.push(
                Item::Cond(Cond::BeyondMean {
                    figure: Box::new(figure.clone()),
                    operator,
                }),
                (span.0, end),
            );
            out.push((end, next));
        }
    }

    /// "more loans than the average member"
    fn more_than_average(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let operator = match self.word(at) {
            "more" => Operator::Greater,
            "fewer" | "less" => Operator::Less,
            _ => return,
        };
        for noun in self.nouns(at + 1) {
            if self.word(noun.to) != "than" {
                continue;
            }
            let mut mean = noun.to + 1;
            while matches!(
                self.word(mean),
                "the" | "an" | "a" | "on" | "our" | "their" | "its"
            ) {
                mean += 1;
            }
            if !matches!(self.word(mean), "average" | "mean" | "avg" | "usual") {
                continue;
            }
            let figure = match noun.what {
                NounOf::Table(table) => Figure::new(Some(Function::Count), Of::Rows(table)),
                NounOf::Column(column) if self.data.columns[column].role.is_additive() => {
                    Figure::new(Some(Function::Sum), Of::Column(column))
                }
                NounOf::Column(column) if self.comparable(column) => {
                    // "paying more rent than our average": row by row.
                    let mut next = frame.clone();
                    next.negated = None;
                    self.use_name(&mut next, &noun);
                    next.add(Feature::AverageUsed, 1.0);
                    next.push(
                        Item::Cond(Cond::Average {
                            column: Some(column),
                            operator,
                            within: None,
                            among: Vec::new(),
                        }),
                        (at, mean + 1),
                    );
                    out.push((mean + 1, next));
                    continue;
                }
                _ => continue,
            };
            let mut next = frame.clone();
            next.negated = None;
            self.use_name(&mut next, &noun);
            next.add(Feature::AverageUsed, 1.0);
            self.beyond_mean(&next, &figure, operator, (at, mean + 1), out);
        }
    }

    /// "delivered later than promised".
    fn between_columns(
        &self,
        frame: &Frame,
        after: usize,
        operator: Operator,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let left = frame.items.last().and_then(|(item, _)| match item {
            Item::Column(column) | Item::TimeOf(column) => Some(*column),
            _ => None,
        });
        let Some(left) = left else { return };
        for noun in self.nouns(after) {
            if let NounOf::Column(right) = noun.what
                && right != left
                && self.data.columns[right].table == self.data.columns[left].table
                && self.data.columns[right].is_time() == self.data.columns[left].is_time()
                && (self.data.columns[right].is_time()
                    || self.comparable(right) && self.comparable(left))
            {
                let mut next = frame.clone();
                self.use_name(&mut next, &noun);
                next.items.pop();
                next.push(
                    Item::Cond(Cond::Columns {
                        left,
                        operator,
                        right,
                        of_other: None,
                    }),
                    (after, noun.to),
                );
                out.push((noun.to, next));
            }
        }
    }

    /// "whose name contains 'ee'", "starting with A".
    fn patterns(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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
        let column = match frame.items.get(last.wrapping_sub(1)).map(|(item, _)| item) {
            Some(Item::Column(column)) if !self.data.columns[*column].is_number() => {
                Some((*column, last - 1))
            }
            Some(Item::Entity(table)) => self.data.tables[*table]
                .label
                .first()
                .map(|&column| (column, last)),
            _ => None,
        };
        if let Some((column, keep)) = column {
            let mut next = frame.clone();
            next.items.truncate(keep);
            let negated = next.negated.take().is_some();
            next.push(
                Item::Cond(Cond::Like {
                    column,
                    pattern,
                    negated,
                }),
                (at, after + 1),
            );
            next.add(Feature::LongPhrase, 1.0);
            out.push((after + 1, next));
        }
    }

    fn superlatives(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "second highest", "3rd largest", "two accounts with the highest": an ordinal or number before or after.
        let (skip, place) = match self.word(at) {
            "second" | "2nd" => (1, Some(2)),
            "third" | "3rd" => (1, Some(3)),
            "fourth" | "4th" => (1, Some(4)),
            "fifth" | "5th" => (1, Some(5)),
            _ => (0, None),
        };
        let mut counted: Option<u64> = None;
        let mut start = at + skip;
        if skip == 0
            && let Some(number) = self.number(at)
            && number >= 1.0
            && number.fract() == 0.0
            && number < 1000.0
        {
            counted = Some(number as u64);
            start = at + 1;
        }
        let cue = self.cues.get(start).and_then(|cues| cues.first()).cloned();
        let (length, descending, is_top) = match cue {
            Some((length, Cue::Superlative { descending })) => (length, descending, false),
            Some((length, Cue::Top { descending })) => (length, descending, true),
            _ => {
                self.adjectives(frame, at, start, place, counted, out);
                return;
            }
        };
        let mut after = start + length;
        if counted.is_none()
            && let Some(number) = self.number(after)
            && number >= 1.0
            && number.fract() == 0.0
        {
            counted = Some(number as u64);
            after += 1;
        }
        if is_top
            && let Some((more, Cue::Superlative { .. })) =
                self.cues.get(after).and_then(|cues| cues.first())
        {
            after += more;
        }
        // "most expensive", "best paid": the adjective tells the column.
        self.adjectives(frame, at, after, place, counted, out);
        if matches!(
            self.word(after),
            "common"
                | "frequent"
                | "popular"
                | "often"
                | "frequently"
                | "commonly"
                | "used"
                | "active"
                | "times"
                | "numerous"
                | "prevalent"
        ) {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(
                Item::Order {
                    by: By::Measure,
                    function: Some(Function::Count),
                    descending,
                    limit: Some(counted.unwrap_or(1)),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, after + 1),
            );
            next.add(Feature::Superlative, 1.0);
            out.push((after + 1, next));
        }
        if self.word(after) == "selling" || self.word(after) == "sold" {
            let mut next = frame.clone();
            next.push(
                Item::Order {
                    by: By::Measure,
                    function: None,
                    descending,
                    limit: Some(counted.unwrap_or(1)),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, after + 1),
            );
            out.push((after + 1, next));
        }
        // "top" with a number may be all there is.
        let limit = counted.unwrap_or(1);
        let mut next = frame.clone();
        let before = next.pending.take();
        if let Some((
            pending @ (Pending::Key | Pending::Count { .. } | Pending::Function(_)),
            from,
        )) = before
        {
            next.pending = Some((pending, from));
            self.drop_pending(&mut next);
        }
        next.pending = Some((
            Pending::Superlative {
                descending,
                limit,
                offset: place.map_or(0, |place| place - 1),
                is_top,
            },
            at,
        ));
        out.push((after, next));
    }

    /// "oldest", "cheapest", "most expensive": by the columns that the adjective measures.
    fn adjectives(
        &self,
        frame: &Frame,
        at: usize,
        adjective: usize,
        place: Option<u64>,
        counted: Option<u64>,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let word = self.word(adjective);
        let Some((names, less)) = lexicon::measured_by(word) else {
            return;
        };
        let superlative =
            word.ends_with("est") || adjective > at || matches!(word, "latest" | "last");
        if !superlative {
            return;
        }
        let inverse = self
            .cues
            .get(at)
            .and_then(|cues| cues.first())
            .is_some_and(|(_, cue)| matches!(cue, Cue::Superlative { descending: false }));
        if matches!(
            word,
            "recent" | "recently" | "latest" | "newest" | "earliest"
        ) {
            // By when it happened, whatever that column is called.
            let mut next = frame.clone();
            next.add(Feature::AssumedColumn, 0.4);
            next.add(Feature::Superlative, 1.0);
            next.push(
                Item::Order {
                    by: By::Time,
                    function: None,
                    descending: (word != "earliest") ^ inverse,
                    limit: Some(counted.unwrap_or(1)),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, adjective + 1),
            );
            out.push((adjective + 1, next));
        }
        for (column, info) in self.data.columns.iter().enumerate() {
            if !(info.is_number() || info.is_time()) || info.role == Role::Identifier {
                continue;
            }
            let lasts = matches!(word, "long" | "longest" | "short" | "shortest")
                && info.unit.as_deref().is_some_and(is_unit_of_time);
            let rank = names.iter().position(|name| info.has_word(name));
            let Some(rank) = rank.or(lasts.then_some(1)) else {
                continue;
            };
            // An earlier year makes older.
            let old = matches!(
                word,
                "old" | "older" | "oldest" | "young" | "younger" | "youngest"
            );
            let mut descending = !less ^ inverse;
            if old && (info.is_time() || info.role == Role::Year) {
                descending = !descending;
            }
            let limit = counted.unwrap_or(1);
            let mut next = frame.clone();
            next.add(Feature::AssumedColumn, 0.2 + 0.1 * rank as f64);
            next.add(Feature::Superlative, 1.0);
            next.push(
                Item::Order {
                    by: By::Of(Of::Column(column)),
                    function: None,
                    descending,
                    limit: Some(limit),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, adjective + 1),
            );
            out.push((adjective + 1, next));
        }
    }

    /// A number that is the value of the column named before or after it: "year 9", "grade 12", "flight 505".
    fn numbers(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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

    /// "by month", "monthly", "per hour of the day", "month over month".
    fn parts(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "over the months of 2025"
        if matches!(self.word(at), "over" | "across" | "through")
            && self.word(at + 1) == "the"
            && let Some(part) = dates::unit(self.word(at + 2))
            && self.word(at + 2).ends_with('s')
        {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(Item::Key(KeyOf::Part(part, None)), (at, at + 3));
            next.add(Feature::LongPhrase, 1.0);
            out.push((at + 3, next));
        }
        // "what do they earn per hour" of an hourly wage: the unit is in the column.
        if self.word(at) == "hour"
            && matches!(frame.pending, Some((Pending::Per | Pending::Key, _)))
            && frame.has(|item| {
                let column = match item {
                    Item::Column(column)
                    | Item::Figure(Figure {
                        of: Of::Column(column),
                        ..
                    }) => *column,
                    _ => return false,
                };
                let info = &self.data.columns[column];
                ["hour", "hourly", "hrly", "hr"]
                    .iter()
                    .any(|word| info.has_word(word))
            })
        {
            let mut next = frame.clone();
            next.pending = None;
            next.add(Feature::LongPhrase, 1.0);
            out.push((at + 1, next));
        }
        let wants_key = matches!(frame.pending, Some((Pending::Key | Pending::Per, _)));
        // "which month had the most", "on which weekday": the part of the time is what is asked for.
        let asked = at > 0
            && frame.pending.is_none()
            && matches!(self.word(at - 1), "which" | "what")
            && matches!(
                frame.items.last(),
                Some((Item::Ask(Ask::Which) | Item::And | Item::Clause, _))
            );
        let word = self.word(at);
        // "hourly pay" is a column.
        let in_name = self.anchors.at[at].iter().any(|anchor| {
            matches!(anchor.what, What::Column(_)) && anchor.to > at + 1 && anchor.score > 0.85
        });
        if in_name && word.ends_with("ly") {
            return;
        }
        if let "busiest" | "quietest" | "slowest" = word {
            self.busiest(frame, at, word == "busiest", out);
            return;
        }
        let adverb = matches!(
            word,
            "monthly"
                | "yearly"
                | "annually"
                | "annual"
                | "quarterly"
                | "weekly"
                | "daily"
                | "hourly"
        );
        // "month over month", "mom"
        let over = match word {
            "mom" => Some((1, Part::Month)),
            "yoy" => Some((1, Part::Year)),
            "qoq" => Some((1, Part::Quarter)),
            "wow" => Some((1, Part::Week)),
            _ => {
                let unit = dates::unit(word);
                let joined = matches!(self.word(at + 1), "over" | "on" | "by" | "to");
                unit.filter(|_| joined && self.word(at + 2) == word)
                    .map(|part| (3, part))
            }
        };
        if let Some((length, part)) = over {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(Item::Key(KeyOf::Part(part, None)), (at, at + length));
            // "month by month" is no more than "by month".
            if self.word(at + 1) != "by" {
                next.push(Item::Growth, (at, at + length));
            }
            out.push((at + length, next));
        }
        let ordered = matches!(frame.items.last(), Some((Item::And, _)))
            && frame.has(|item| matches!(item, Item::Key(KeyOf::Part(..))));
        // "orders a day"
        if word == "a"
            && frame.pending.is_none()
            && let Some(part) = dates::unit(self.word(at + 1))
            && frame.has(|item| matches!(item, Item::Figure(_)))
        {
            self.over(frame, part, (at, at + 2), out);
            let mut by = frame.clone();
            by.push(Item::Key(KeyOf::Part(part, None)), (at, at + 2));
            out.push((at + 2, by));
        }
        if !(wants_key || adverb || ordered || asked) {
            return;
        }
        let Some((length, part)) = self.part_named(at) else {
            return;
        };
        let mut next = frame.clone();
        if wants_key {
            next.pending = None;
        }
        self.over(&next, part, (at, at + length), out);
        next.push(Item::Key(KeyOf::Part(part, None)), (at, at + length));
        out.push((at + length, next));
    }

    /// "average number of orders per day", "average monthly revenue": one figure for each such part, averaged.
    fn over(&self, frame: &Frame, part: Part, span: (usize, usize), out: &mut Vec<(usize, Frame)>) {
        let said_before = matches!(
            frame.pending,
            Some((Pending::Function(Function::Average), _))
        );
        let averages = frame.has(|item| {
            matches!(
                item,
                Item::Figure(Figure {
                    function: Some(Function::Average),
                    ..
                })
            )
        });
        if !(averages && frame.pending.is_none() || said_before)
            || matches!(part, Part::Weekday | Part::Hour | Part::MonthOfYear)
        {
            return;
        }
        let mut next = frame.clone();
        next.push(Item::Over(part), span);
        out.push((span.1, next));
    }

    /// "busiest hour of the day": the part of the time with the most rows.
    fn busiest(&self, frame: &Frame, at: usize, descending: bool, out: &mut Vec<(usize, Frame)>) {
        let Some((length, part)) = self.part_named(at + 1) else {
            // "what hour of the day is the busiest for orders"
            let named = frame.has(|item| matches!(item, Item::Key(KeyOf::Part(..))))
                && !frame.has(|item| matches!(item, Item::Order { .. }));
            if named {
                let for_them = usize::from(matches!(self.word(at + 1), "for" | "in" | "with"));
                let mut ends = vec![(at + 1, By::Measure)];
                for noun in self.nouns(at + 1 + for_them) {
                    if let NounOf::Table(table) = noun.what
                        && noun.score > 0.7
                    {
                        ends.push((noun.to, By::Of(Of::Rows(table))));
                    }
                }
                for (end, by) in ends {
                    let mut next = frame.clone();
                    next.push(
                        Item::Order {
                            by,
                            function: Some(Function::Count),
                            descending,
                            limit: Some(1),
                            offset: 0,
                        },
                        (at, end),
                    );
                    next.add(Feature::Superlative, 1.0);
                    out.push((end, next));
                }
            }
            return;
        };
        let end = at + 1 + length;
        let mut next = frame.clone();
        if next.ask().is_none() {
            next.push(Item::Ask(Ask::Which), (at, at));
        }
        next.push(
            Item::Order {
                by: By::Measure,
                function: Some(Function::Count),
                descending,
                limit: Some(1),
                offset: 0,
            },
            (at, at + 1),
        );
        next.push(Item::Key(KeyOf::Part(part, None)), (at + 1, end));
        next.add(Feature::Superlative, 1.0);
        out.push((end, next));
    }

    /// A part of a time and how many words name it.
    fn part_named(&self, at: usize) -> Option<(usize, Part)> {
        Some(
            match (
                self.word(at),
                self.word(at + 1),
                self.word(at + 2),
                self.word(at + 3),
            ) {
                ("day", "of", "the", "week") => (4, Part::Weekday),
                ("day", "of", "week", _) => (3, Part::Weekday),
                ("hour", "of", "the", "day") => (4, Part::Hour),
                ("hour", "of", "day", _) => (3, Part::Hour),
                ("month", "of", "the", "year") => (4, Part::MonthOfYear),
                ("calendar", "month", ..) => (2, Part::Month),
                ("calendar", "year", ..) => (2, Part::Year),
                ("time", "of", "day", _) => (3, Part::Hour),
                ("over", "time", ..) => (2, Part::Month),
                (word, ..) => (1, dates::unit(word)?),
            },
        )
    }

    /// "hours to close", "days between order and delivery", "tenure", "how long".
    fn durations(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let word = self.word(at);
        let (unit, mut after, sure) = match word {
            "hours" | "hour" => (Unit::Hours, at + 1, true),
            "days" | "day" => (Unit::Days, at + 1, true),
            "minutes" => (Unit::Minutes, at + 1, true),
            "weeks" => (Unit::Weeks, at + 1, true),
            "months" => (Unit::Months, at + 1, true),
            "years" => (Unit::Years, at + 1, true),
            "time" | "duration" | "turnaround" | "delay" | "lag" | "gap" => {
                (Unit::Days, at + 1, false)
            }
            "long" if self.word(at.wrapping_sub(1)) == "how" => (Unit::Days, at + 1, false),
            "nights" | "night" => (Unit::Days, at + 1, true),
            "length" => (Unit::Days, at + 1, false),
            _ => return,
        };
        // A column that is called so is meant.
        let is_column = self.anchors.at[at].iter().any(|anchor| {
            matches!(anchor.what, What::Column(column) if self.comparable(column))
                && anchor.to == at + 1
                && anchor.score >= 0.99
        });
        if is_column {
            return;
        }
        let function = match frame.pending {
            Some((Pending::Function(function), _)) => Some(function),
            Some((Pending::HowMuch | Pending::Count { .. } | Pending::Show, _)) | None => None,
            Some(_) => return,
        };
        if matches!(self.word(after), "does" | "do" | "did" | "it") {
            while matches!(
                self.word(after),
                "does" | "do" | "did" | "it" | "take" | "takes" | "took" | "on" | "average"
            ) {
                after += 1;
            }
        }
        // Two times of one table said around it.
        let mut mentioned: Vec<(ColumnId, usize, f64)> = Vec::new();
        for start in after..self.tokens.len().min(after + 9) {
            for anchor in &self.anchors.at[start] {
                if let What::Column(column) = anchor.what
                    && self.data.columns[column].is_time()
                    && !mentioned.iter().any(|(known, ..)| *known == column)
                {
                    mentioned.push((column, anchor.to, anchor.score));
                }
            }
        }
        let unit_said = self.tokens[at..]
            .iter()
            .find_map(|token| match token.lower.as_str() {
                "hours" => Some(Unit::Hours),
                "days" => Some(Unit::Days),
                "minutes" => Some(Unit::Minutes),
                "weeks" => Some(Unit::Weeks),
                "months" => Some(Unit::Months),
                "years" => Some(Unit::Years),
                _ => None,
            });
        let unit = if sure {
            unit
        } else {
            unit_said.unwrap_or(unit)
        };
        if mentioned.is_empty() {
            self.lasting(frame, at, function, unit, out);
        }
        for &(column, to, score) in &mentioned {
            let table = self.data.columns[column].table;
            let times: Vec<ColumnId> = self.data.tables[table]
                .columns
                .iter()
                .copied()
                .filter(|&other| other != column && self.data.columns[other].is_time())
                .collect();
            for other in times {
                let second = mentioned.iter().find(|(known, ..)| *known == other);
                let (earlier, later) = self.in_time(column, other);
                let mut next = frame.clone();
                next.pending = None;
                let end = second.map_or(to, |second| second.1.max(to));
                let said = if second.is_some() { score + 1.0 } else { score };
                next.add(Feature::NameMisfit, (2.0 - said) * 0.5);
                next.add(Feature::NameUsed, if second.is_some() { 2.0 } else { 1.0 });
                // What lies between must be small words.
                let passed = (after..end)
                    .filter(|&between| {
                        let token = &self.tokens[between];
                        let part = mentioned.iter().any(|(_, to, _)| *to == between + 1);
                        !part
                            && token.kind == Kind::Word
                            && !lexicon::is_stop(&token.lower)
                            && dates::unit(&token.lower).is_none()
                    })
                    .count();
                let keyed = (after..end).any(|between| {
                    self.cues[between]
                        .iter()
                        .any(|(_, cue)| matches!(cue, Cue::Key | Cue::Per | Cue::Each))
                });
                let figure = Item::Figure(Figure::new(
                    function.or(Some(Function::Average)),
                    Of::Duration(earlier, Some(later), unit),
                ));
                if keyed {
                    // "transit time in days per carrier (dispatch to delivery)": what groups it stands between.
                    let mut open = next.clone();
                    let mut from = after;
                    if self.word(from) == "in" && dates::unit(self.word(from + 1)).is_some() {
                        from += 2;
                    }
                    open.push(figure.clone(), (at, from));
                    out.push((from, open));
                }
                if keyed {
                    next.add(Feature::SkippedName, passed as f64);
                } else {
                    next.add(Feature::SkippedWord, passed as f64 * 0.5);
                }
                next.push(figure, (at, end));
                out.push((end, next));
            }
        }
    }

    /// "… in hours", "… in days" after a duration in that unit.
    fn unit_of_duration(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let unit = match (self.word(at), self.word(at + 1)) {
            ("in", "hours") => Unit::Hours,
            ("in", "days" | "nights") => Unit::Days,
            ("in", "minutes") => Unit::Minutes,
            ("in", "weeks") => Unit::Weeks,
            ("in", "months") => Unit::Months,
            ("in", "years") => Unit::Years,
            _ => return,
        };
        let measured = frame.has(|item| {
            matches!(item, Item::Figure(Figure { of: Of::Duration(_, _, own), .. }) if *own == unit)
        });
        if measured {
            out.push((at + 2, frame.clone()));
        }
    }

    /// "volunteer hours", "length of stay", "duration of a run": from the beginning of a row to its end.
    fn lasting(
        &self,
        frame: &Frame,
        at: usize,
        function: Option<Function>,
        unit: Unit,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let is_counted = matches!(
            frame.pending,
            Some((Pending::Function(_) | Pending::HowMuch, _))
        );
        // "how many days does a repair take"
        let takes = matches!(self.word(at + 1), "do" | "does" | "did")
            && (at + 2..at + 7).any(|place| matches!(self.word(place), "take" | "takes" | "last"));
        let is_said = takes
            || matches!(self.word(at), "duration" | "length")
            || self.word(at) == "long" && frame.ask().is_some();
        if !(is_counted || is_said) {
            return;
        }
        let mut to = at + 1;
        if self.word(at) == "length" {
            if !(self.word(to) == "of" && self.word(to + 1) == "stay") {
                return;
            }
            to += 2;
        }
        for &(begins, ends) in &self.data.spans {
            let mut next = frame.clone();
            next.pending = None;
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::AssumedColumn, 0.5);
            next.push(
                Item::Figure(Figure::new(
                    function.or(Some(Function::Average)),
                    Of::Duration(begins, Some(ends), unit),
                )),
                (at, to),
            );
            out.push((to, next));
        }
    }

    /// "95th percentile of", "p95".
    fn percentiles(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let word = self.word(at);
        let digits = |text: &str| text.parse::<f64>().ok().filter(|share| *share < 100.0);
        let short = word.strip_prefix('p').filter(|rest| rest.len() == 2);
        let (share, mut after) = if let Some(share) = short.and_then(digits) {
            (share, at + 1)
        } else if matches!(self.word(at + 1), "percentile" | "pctl" | "percentiles")
            && let Some(share) =
                digits(word.trim_end_matches(|letter: char| letter.is_alphabetic()))
        {
            (share, at + 2)
        } else {
            return;
        };
        if matches!(self.word(after), "of" | "for") {
            after += 1;
        }
        let mut next = frame.clone();
        self.drop_pending(&mut next);
        next.pending = Some((Pending::Function(Function::Percentile(share)), at));
        out.push((after, next));
    }

    /// "this school year" where years are stored as `2025/26`: the one that has begun last.
    fn stored_periods(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for (to, column, value) in &self.periods[at] {
            let mut next = frame.clone();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::LongPhrase, 1.0);
            next.push(
                Item::Cond(Cond::Is {
                    column: *column,
                    values: vec![value.clone()],
                    negated: false,
                }),
                (at, *to),
            );
            out.push((*to, next));
        }
    }

    /// "longest serving", "longest standing": who has been there since the earliest time.
    fn longest_here(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        if self.word(at) != "longest"
            || !matches!(
                self.word(at + 1),
                "serving" | "standing" | "running" | "tenured" | "employed"
            )
        {
            return;
        }
        for table in &self.data.tables {
            let Some(column) = table.time else { continue };
            let mut next = frame.clone();
            next.add(Feature::AssumedColumn, 0.3);
            next.add(Feature::Superlative, 1.0);
            next.push(
                Item::Order {
                    by: By::Of(Of::Column(column)),
                    function: None,
                    descending: false,
                    limit: Some(1),
                    offset: 0,
                },
                (at, at + 2),
            );
            out.push((at + 2, next));
        }
    }

    /// "late", "on time", "overdue": what was due by one time of a row and done by another.
    fn deadlines(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let (length, kind) = match (self.word(at), self.word(at + 1)) {
            ("past" | "over", "due") => (2, Punctual::Overdue),
            ("overdue", _) => (1, Punctual::Overdue),
            ("due", _) if at == 0 || !matches!(self.word(at - 1), "past" | "over") => {
                for &(due, _) in &self.data.deadlines {
                    let mut next = frame.clone();
                    next.add(Feature::NameUsed, 1.0);
                    next.push(Item::TimeOf(due), (at, at + 1));
                    out.push((at + 1, next));
                }
                return;
            }
            ("late" | "delayed", _) => (1, Punctual::Late),
            ("later", "than")
                if matches!(
                    self.word(at + 2),
                    "promised" | "planned" | "due" | "expected" | "scheduled" | "agreed"
                ) =>
            {
                (3, Punctual::Late)
            }
            ("on", "time") => (2, Punctual::OnTime),
            ("punctual" | "punctually" | "on-time", _) => (1, Punctual::OnTime),
            _ => return,
        };
        let kind = match (kind, frame.negated.is_some()) {
            (Punctual::OnTime, true) => Punctual::Late,
            (Punctual::Late, true) => Punctual::OnTime,
            (kind, _) => kind,
        };
        for &(due, done) in &self.data.deadlines {
            let mut next = frame.clone();
            next.negated = None;
            next.add(Feature::NameUsed, 1.0);
            let span = (at, at + length);
            match (kind, done) {
                (Punctual::Late | Punctual::OnTime, Some(done)) => {
                    let operator = if kind == Punctual::Late {
                        Operator::Greater
                    } else {
                        Operator::LessOrEqual
                    };
                    next.push(
                        Item::Cond(Cond::Columns {
                            left: done,
                            operator,
                            right: due,
                            of_other: None,
                        }),
                        span,
                    );
                }
                (Punctual::Overdue, done) => {
                    match done {
                        Some(column) => next.push(
                            Item::Cond(Cond::Null {
                                column,
                                is_null: true,
                            }),
                            span,
                        ),
                        None => match self.data.settled(due) {
                            Some(column) => {
                                next.push(Item::Cond(Cond::Flag { column, yes: false }), span);
                            }
                            None => next.add(Feature::Unsure, 1.0),
                        },
                    }
                    next.push(
                        Item::Cond(Cond::Compare {
                            column: due,
                            operator: Operator::Less,
                            value: Value::Text(self.today.format("%Y-%m-%d").to_string()),
                        }),
                        span,
                    );
                }
                (_, None) => continue,
            }
            out.push((at + length, next));
        }
    }

    /// "tickets sold", "books did we sell": what sales count, where their table has one quantity.
    fn units_sold(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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
        let Some(column) = self.data.pieces() else {
            return;
        };
        let mut next = frame.clone();
        next.add(Feature::NameUsed, 1.0);
        next.add(Feature::NameMisfit, 0.3);
        let span = (at, at + 1);
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
        if named || money.is_given && !summed {
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
        for metric in self.data.takings() {
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

    /// "people who left last year": when somebody went stands in a column of its own.
    fn leavings(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        if !matches!(
            self.word(at),
            "left" | "quit" | "resigned" | "departed" | "leave" | "leaving" | "leavers"
        ) || self.anchors.at[at].iter().any(|anchor| anchor.score > 0.8)
        {
            return;
        }
        for (column, info) in self.data.columns.iter().enumerate() {
            let tells = info.is_time()
                && info.stats.nulls > 0
                && info.words.iter().any(|word| {
                    matches!(
                        word.lemma.as_str(),
                        "left"
                            | "leave"
                            | "leaving"
                            | "exit"
                            | "term"
                            | "termination"
                            | "terminate"
                            | "resign"
                            | "resignation"
                            | "quit"
                            | "departure"
                    )
                });
            if !tells {
                continue;
            }
            let mut next = frame.clone();
            let denied = next.negated.take().is_some();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 0.2);
            if !denied {
                next.push(Item::TimeOf(column), (at, at + 1));
            }
            next.push(
                Item::Cond(Cond::Null {
                    column,
                    is_null: denied,
                }),
                (at, at + 1),
            );
            out.push((at + 1, next));
        }
    }

    /// "before 9 am", "after 6pm": by the hour of the day.
    fn hours(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let (operator, skip) = match (self.word(at), self.word(at + 1)) {
            ("before", _) => (Operator::Less, 1),
            ("after" | "from" | "since", _) => (Operator::GreaterOrEqual, 1),
            ("later", "than") => (Operator::GreaterOrEqual, 2),
            ("earlier", "than") => (Operator::Less, 2),
            _ => return,
        };
        let Some((hour, length)) = self.hour_of_day(at + skip) else {
            return;
        };
        let mut next = frame.clone();
        next.add(Feature::LongPhrase, 1.0);
        next.push(
            Item::Cond(Cond::Hour { operator, hour }),
            (at, at + skip + length),
        );
        out.push((at + skip + length, next));
    }

    /// "9 am", "6pm", "18:00", "noon": the hour, 0 to 23, and how many words say it.
    fn hour_of_day(&self, at: usize) -> Option<(u8, usize)> {
        let to_hour = |number: f64, half: &str| -> Option<u8> {
            let number = (number.fract() == 0.0 && (0.0..=24.0).contains(&number))
                .then_some(number as u8)?;
            match half {
                "am" | "a.m" | "a.m." => (number <= 12).then_some(number % 12),
                "pm" | "p.m" | "p.m." => (number <= 12).then_some(number % 12 + 12),
                _ => None,
            }
        };
        let word = self.word(at);
        match word {
            "noon" | "midday" => return Some((12, 1)),
            "midnight" => return Some((0, 1)),
            _ => {}
        }
        if let Some(number) = self.number(at) {
            if self.word(at + 1) == "o'clock" {
                let hour = (number.fract() == 0.0 && (0.0..24.0).contains(&number))
                    .then_some(number as u8)?;
                return Some((hour, 2));
            }
            return to_hour(number, self.word(at + 1)).map(|hour| (hour, 2));
        }
        if let Some((hour, "00")) = word.split_once(':') {
            return hour
                .parse()
                .ok()
                .filter(|hour| *hour < 24)
                .map(|hour| (hour, 1));
        }
        let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let half = &word[digits.len()..];
        to_hour(digits.parse().ok()?, half).map(|hour| (hour, 1))
    }

    /// "inactive", "unpaid": the opposite of a flag, an empty time, another value.
    fn denied_words(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for cond in &self.denied[at] {
            let mut next = frame.clone();
            let denied_again = next.negated.take().is_some();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::FlagAdjective, 1.0);
            let cond = if denied_again {
                opposite(cond.clone())
            } else {
                cond.clone()
            };
            next.push(Item::Cond(cond), (at, at + 1));
            out.push((at + 1, next));
        }
    }

    /// "returned", "not completed yet", "outstanding": whether the time at which something ended is known, where the data
    /// has no such word.
    fn endings(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let word = self.word(at);
        let Some(is_open) = lexicon::tells_of_an_end(word) else {
            return;
        };
        let is_known = !self.denied[at].is_empty() || self.anchors.at[at].iter().any(|anchor| {
            let is_time =
                matches!(anchor.what, What::Column(column) if self.data.columns[column].is_time());
            anchor.score > 0.8 && !is_time
        });
        if is_known {
            return;
        }
        // "were not returned yet", "still out"
        let to = if matches!(self.word(at + 1), "yet" | "so" | "still") {
            at + 2
        } else {
            at + 1
        };
        let endings = &self.data.endings;
        let is_named = |column: &ColumnId| {
            let table = self.data.columns[*column].table;
            self.anchors.at.iter().flatten().any(|anchor| {
                anchor.score > 0.7
                    && match anchor.what {
                        What::Table(named) => named == table,
                        What::Column(named) => self.data.columns[named].table == table,
                        _ => false,
                    }
            })
        };
        let some_named = endings.iter().any(is_named);
        for &column in endings {
            if some_named && !is_named(&column) {
                continue;
            }
            let mut next = frame.clone();
            let denied = next.negated.take().is_some();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 0.3);
            let cond = Cond::Null {
                column,
                is_null: is_open != denied,
            };
            next.push(Item::Cond(cond), (at, to));
            out.push((to, next));
        }
    }

    /// "donors who gave in 2025", "agents who never sold anything": what things do stands in the one table of events that
    /// refers to them, where the data has no such word.
    fn doings(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        if token.kind != Kind::Word
            || !self.cues[at].is_empty()
            || self.anchors.at[at].iter().any(|anchor| anchor.score > 0.6)
            || lexicon::tells_of_an_end(&token.lower).is_some()
            || lexicon::is_function_word(&token.lower)
            || frame
                .pending
                .as_ref()
                .is_some_and(|(pending, _)| *pending != Pending::Without)
        {
            return;
        }
        let before = at.checked_sub(1).map_or("", |place| self.word(place));
        let denied =
            matches!(frame.pending, Some((Pending::Without, _))) || frame.negated.is_some();
        let after_helper = matches!(
            before,
            "who" | "that" | "have" | "has" | "did" | "never" | "not" | "ever"
        );
        let subject = frame
            .items
            .iter()
            .rev()
            .find_map(|(item, span)| match item {
                Item::Entity(table)
                | Item::Figure(Figure {
                    of: Of::Rows(table),
                    ..
                }) if *table != usize::MAX => Some((*table, span.1 == at)),
                _ => None,
            });
        let Some((subject, is_near)) = subject else {
            return;
        };
        // "made by Voss", "located on each floor"
        let is_placed = matches!(self.word(at + 1), "by" | "on" | "in" | "at" | "of" | "as")
            && self.times.get(at + 1).is_none_or(Vec::is_empty);
        // "have gone lost" tells of a state.
        let is_state = self.anchors.at.get(at + 1).is_some_and(|after| {
            after.iter().any(|anchor| {
                matches!(&anchor.what, What::Value(one) if self.data.columns[one.column].table == subject && one.how <= How::Inflected)
            })
        });
        if is_placed || is_state {
            return;
        }
        let is_verb = if after_helper {
            true
        } else {
            is_near && lexicon::is_past(&token.lower)
        };
        if !is_verb || self.data.tables[subject].kind == TableKind::Event {
            return;
        }
        let mut events: Vec<TableId> = self
            .data
            .edges
            .iter()
            .filter(|edge| edge.to == subject && edge.from != subject)
            .map(|edge| edge.from)
            .filter(|&table| self.data.tables[table].time.is_some())
            .collect();
        events.sort_unstable();
        events.dedup();
        let [events] = events.as_slice() else {
            return;
        };
        let mut to = at + 1;
        while matches!(
            self.word(to),
            "anything" | "something" | "with" | "from" | "by" | "to" | "us" | "at" | "all" | "yet"
        ) && self.times.get(to).is_none_or(Vec::is_empty)
        {
            to += 1;
        }
        let mut next = frame.clone();
        next.pending = None;
        next.negated = None;
        next.add(Feature::NameUsed, 1.0);
        next.add(Feature::NameMisfit, 0.5);
        let has = Cond::Has {
            table: *events,
            operator: if denied {
                Operator::Equal
            } else {
                Operator::Greater
            },
            count: 0.0,
        };
        if denied {
            next.add(Feature::HasUsed, 1.0);
            next.push(Item::Cond(has), (at, to));
        } else {
            next.push(Item::Clause, (at, at));
            next.push(Item::Entity(*events), (at, to));
        }
        out.push((to, next));
    }

    /// Of two times of one row the one that comes first, by name and by how often it is empty.
    fn in_time(&self, one: ColumnId, two: ColumnId) -> (ColumnId, ColumnId) {
        let late = |column: ColumnId| {
            let info = &self.data.columns[column];
            (info.stats.nulls, column)
        };
        if late(one) <= late(two) {
            (one, two)
        } else {
            (two, one)
        }
    }
}

/// What the word says by denying another: flags, times that may be empty, values of categories.
fn denied_by(token: &Token, data: &Data, values: &Values) -> Vec<Cond> {
    if token.kind != Kind::Word {
        return Vec::new();
    }
    let mut conds = Vec::new();
    for prefix in ["in", "un", "im", "ir", "non", "dis"] {
        let Some(rest) = token.lower.strip_prefix(prefix) else {
            continue;
        };
        let rest = rest.trim_start_matches('-');
        if rest.len() < 4 {
            continue;
        }
        let word = Word::new(rest);
        for (column, info) in data.columns.iter().enumerate() {
            let names_it = || info.words.iter().any(|own| likeness(&word, own) >= 0.9);
            if info.role == Role::Flag && names_it() {
                conds.push(Cond::Flag { column, yes: false });
            } else if info.is_time() && info.stats.nulls > 0 && names_it() {
                conds.push(Cond::Null {
                    column,
                    is_null: true,
                });
            }
        }
        if values.find(&token.lower, false).is_empty() {
            let of_categories = values
                .find(rest, false)
                .into_iter()
                .filter(|found| data.columns[found.column].role == Role::Category);
            conds.extend(of_categories.map(|found| Cond::Is {
                column: found.column,
                values: found.values,
                negated: true,
            }));
        }
    }
    conds
}

fn opposite(cond: Cond) -> Cond {
    match cond {
        Cond::Flag { column, yes } => Cond::Flag { column, yes: !yes },
        Cond::Null { column, is_null } => Cond::Null {
            column,
            is_null: !is_null,
        },
        Cond::Is {
            column,
            values,
            negated,
        } => Cond::Is {
            column,
            values,
            negated: !negated,
        },
        other => other,
    }
}

/// Of columns whose texts are years that span two: the one that the words here mean.
fn stored_periods(
    at: usize,
    tokens: &[Token],
    anchors: &Anchors,
    (data, values): (&Data, &Values),
    today: NaiveDate,
) -> Vec<(usize, ColumnId, String)> {
    let back = match tokens[at].lower.as_str() {
        "this" | "current" => 0,
        "last" | "previous" => 1,
        _ => return Vec::new(),
    };
    let named = anchors.at.get(at + 1).into_iter().flatten();
    named
        .filter_map(|anchor| {
            let What::Column(column) = anchor.what else {
                return None;
            };
            let spans_two = |value: &String| first_year(value).is_some();
            if anchor.score < 0.8 || !data.columns[column].stats.top.iter().all(spans_two) {
                return None;
            }
            let mut begun: Vec<(i32, &str)> = values
                .of(column)
                .filter_map(|value| Some((first_year(value)?, value)))
                .filter(|(first, _)| *first <= today.year())
                .collect();
            begun.sort_unstable();
            begun.dedup();
            let (_, value) = begun.iter().rev().nth(back)?;
            Some((anchor.to, column, (*value).to_owned()))
        })
        .collect()
}

/// Of a year that spans two, `2025/26` or `2025-2026`: the first.
fn first_year(text: &str) -> Option<i32> {
    let (first, second) = text.split_once(['/', '-', '–'])?;
    let second: i32 = second.parse().ok()?;
    let first: i32 = first
        .parse()
        .ok()
        .filter(|year| (1900..2100).contains(year))?;
    (second == first + 1 || second == (first + 1) % 100).then_some(first)
}

fn is_unit_of_time(unit: &str) -> bool {
    matches!(
        unit,
        "s" | "sec"
            | "seconds"
            | "ms"
            | "min"
            | "mins"
            | "minutes"
            | "h"
            | "hrs"
            | "hours"
            | "days"
            | "weeks"
    )
}

fn same_unit(own: &str, said: &str) -> bool {
    let plain = |text: &str| match text {
        "hrs" | "hr" | "h" | "hour" => "hours".to_owned(),
        "mins" | "min" | "minute" => "minutes".to_owned(),
        "kilo" | "kilos" | "kilogram" | "kilograms" => "kg".to_owned(),
        "kilometers" | "kilometres" | "kilometre" | "kilometer" => "km".to_owned(),
        "euro" | "euros" | "€" => "eur".to_owned(),
        "dollar" | "dollars" | "$" => "usd".to_owned(),
        "percent" | "%" => "pct".to_owned(),
        "square metre" | "square metres" | "square meter" | "square meters" | "m2" => {
            "sqm".to_owned()
        }
        "litre" | "litres" | "liter" | "liters" | "l" => "litres".to_owned(),
        other => other.to_owned(),
    };
    !said.is_empty() && plain(own) == plain(said)
}

/// The condition already read that this names again, as in "the average photograph" after "photographs".
fn said_before(frame: &Frame, named: &What) -> Option<Cond> {
    let What::Value(one) = named else {
        return None;
    };
    frame.items.iter().find_map(|(item, _)| match item {
        Item::Cond(
            cond @ Cond::Is {
                column,
                values,
                negated: false,
            },
        ) if *column == one.column && *values == one.values => Some(cond.clone()),
        _ => None,
    })
}
