//! A metric that is one figure divided by another, where a question names it.

use super::data::{Data, MetricInfo};
use super::frame::{By, Figure, Frame, Item, Of, Pending};
use super::query::Function;
use super::score::Feature;

/// The frame with the metric in it; `None` where what was said before it makes no sense with a ratio ("total average
/// order value"), so that no reading passes over that word.
pub fn placed(mut frame: Frame, metric: &MetricInfo, span: (usize, usize)) -> Option<Frame> {
    let (under, of_under) = metric.per.as_ref()?;
    // An order by the figure of the question means the first one.
    let is_first = !frame.has(|item| matches!(item, Item::Figure(_) | Item::Ratio { .. }));
    match frame.pending.take() {
        // Of the rows that it is made of, a ratio is a mean already.
        None
        | Some((
            Pending::Show
            | Pending::HowMuch
            | Pending::Count { distinct: false }
            | Pending::Function(Function::Average),
            _,
        )) => {}
        Some((
            Pending::Superlative {
                descending,
                limit,
                offset,
                ..
            },
            _,
        )) if is_first => {
            frame.push(
                Item::first_by(By::Measure, None, (descending, limit, offset)),
                span,
            );
            frame.add(Feature::Superlative, 1.0);
        }
        Some((Pending::Key, from)) if is_first => {
            frame.order_by(By::Measure, None, (true, None), (from, span.1));
        }
        Some((Pending::OrderBy { descending }, from)) if is_first => {
            let descending = descending.unwrap_or(true);
            frame.order_by(By::Measure, None, (descending, None), (from, span.1));
        }
        Some(_) => return None,
    }
    frame.push(
        Item::Ratio {
            over: Figure::new(Some(metric.function), metric.of.clone()),
            under: Figure::new(Some(*under), of_under.clone()),
            percent: false,
        },
        span,
    );
    Some(frame)
}

/// Whether this ratio has a name in the dataset.
pub fn is_named(data: &Data, over: &Figure, under: &Figure) -> bool {
    let is = |figure: &Figure, function: Function, of: &Of| {
        figure.function == Some(function) && figure.of == *of && figure.only.is_empty()
    };
    data.metrics.iter().any(|metric| {
        let divided = metric.per.as_ref();
        is(over, metric.function, &metric.of)
            && divided.is_some_and(|(function, of)| is(under, *function, of))
    })
}
