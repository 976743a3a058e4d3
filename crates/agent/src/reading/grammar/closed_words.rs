//! The closed words of English: what each begins, ends or changes in a frame.

use super::super::anchors::What;
use super::super::cues::Cue;
use super::super::dates;
use super::super::frame::{Ask, By, Cond, Figure, Frame, Item, KeyOf, Of, Pending};
use super::super::query::{Function, Window};
use super::super::score::Feature;
use super::super::values::How;
use super::Reader;
use crate::reading::lexicon;
use crate::reading::tokens::Kind;

impl Reader<'_> {
    pub(super) fn cue(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
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
        // "how much of the expenses is travel, in percent"
        if self.word(at) == "how"
            && self.word(at + 1) == "much"
            && self.word(at + 2) == "of"
            && self.tokens[at..].iter().any(|token| {
                matches!(
                    token.lower.as_str(),
                    "%" | "percent" | "percentage" | "proportion" | "share"
                )
            })
        {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(Item::Share, (at, at + 3));
            out.push((at + 3, next));
        }
        if self.word(at) == "mean" && at > 0 && matches!(self.word(at - 1), "i" | "we" | "you") {
            // "what did I charge, I mean net": a verb.
            out.push((at + 1, frame.clone()));
            return;
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
                    if self.word(at) == "total" {
                        out.extend(self.summed_before(frame, at).map(|next| (to, next)));
                    }
                }
                Cue::Distinct => match &mut next.pending {
                    Some((Pending::Count { distinct }, _)) => *distinct = true,
                    _ => next.push(Item::Distinct, (at, to)),
                },
                Cue::Superlative { .. } | Cue::Top { .. } => continue,
                Cue::Key => {
                    self.drop_pending(&mut next);
                    let sorts = self.word(at) == "by"
                        && self.tokens[..at].iter().any(|token| {
                            matches!(
                                token.lower.as_str(),
                                "sort" | "sorted" | "arrange" | "arranged" | "ordered"
                            )
                        });
                    if sorts {
                        // "sort the names of employees by age"
                        let mut order = next.clone();
                        order.pending = Some((Pending::OrderBy { descending: None }, at));
                        out.push((to, order));
                        next.add(Feature::KeyMisfit, 0.5);
                    }
                    if self.word(at) == "by" && self.is_doer_of_what_is_counted(frame, at) {
                        // "how many pets are owned by students older than 20"
                        next.add(Feature::KeyMisfit, 0.5);
                        let mut doers = frame.clone();
                        doers.push(Item::Clause, (at, to));
                        out.push((to, doers));
                    }
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
                    if self.word(at) == "across" && self.word(to) == "all" {
                        // "the average across all shows" is one figure.
                        let mut over_all = with_all.clone();
                        over_all.add(Feature::SkippedStop, 0.5);
                        out.push((to + 1, over_all));
                        next.add(Feature::KeyMisfit, 0.3);
                    }
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
                    if !self.as_figure_or_rows(&mut next) {
                        continue;
                    }
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
                            None if matches!(next.items.last(), Some((Item::Key(KeyOf::Column(_)), span)) if span.1 == at) =>
                            {
                                // "by date, descending"
                                if let Some((Item::Key(KeyOf::Column(column)), span)) =
                                    next.items.pop()
                                {
                                    next.push(
                                        Item::Order {
                                            by: By::Of(Of::Column(column)),
                                            function: None,
                                            descending: wanted,
                                            limit: None,
                                            offset: 0,
                                        },
                                        span,
                                    );
                                }
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
                    // "the details of the hotels" that have a column for them.
                    let is_stored = (at..to).any(|place| {
                        self.word(place).starts_with("detail")
                            && self.anchors.at[place]
                                .iter()
                                .any(|anchor| matches!(anchor.what, What::Column(_)))
                    });
                    if is_stored {
                        next.add(Feature::SkippedName, 1.0);
                    }
                    next.push(Item::Ask(Ask::List), (at, to));
                    next.push(Item::Everything, (at, to));
                }
            }
            out.push((to, next));
        }
    }

    /// "travel expenses 2025 total": the amount of what was said, where the word ends the question.
    fn summed_before(&self, frame: &Frame, at: usize) -> Option<Frame> {
        let is_last =
            (at + 1..self.tokens.len()).all(|after| self.tokens[after].kind == Kind::Mark);
        if !is_last || frame.has(|item| matches!(item, Item::Figure(_))) {
            return None;
        }
        let mut next = frame.clone();
        let (item, table) = next
            .items
            .iter_mut()
            .rev()
            .find_map(|(item, _)| match *item {
                Item::Entity(table) => Some((item, table)),
                _ => None,
            })?;
        let amount = self.data.main_amount(table)?;
        *item = Item::Figure(Figure::new(Some(Function::Sum), Of::Column(amount)));
        next.add(Feature::AssumedColumn, 0.3);
        Some(next)
    }

    /// Whether those who did something are named in the plural after what is counted and what was done with it.
    fn is_doer_of_what_is_counted(&self, frame: &Frame, at: usize) -> bool {
        let is_counted = frame.has(
            |item| matches!(item, Item::Figure(figure) if figure.function == Some(Function::Count)),
        );
        let is_done = at > 0 && {
            let word = self.word(at - 1);
            (word.ends_with("ed") || word.ends_with("en"))
                && !matches!(
                    word,
                    "grouped"
                        | "sorted"
                        | "ordered"
                        | "filtered"
                        | "averaged"
                        | "summed"
                        | "counted"
                        | "ranked"
                        | "segmented"
                        | "organized"
                        | "organised"
                        | "aggregated"
                        | "separated"
                        | "divided"
                        | "listed"
                        | "broken"
                        | "sliced"
                )
        };
        let in_plural = self
            .tokens
            .get(at + 1)
            .is_some_and(|token| token.lower != token.word.lemma && token.lower.ends_with('s'));
        is_counted && is_done && in_plural
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
}
