//! From what was seen of a column to its type and profile.

use std::collections::HashSet;

use crate::infer::numeric::{self, Settled};
use crate::infer::{Column, Fit, Marker};
use crate::marker;
use crate::profile::distinct::Budget;
use crate::value::{ONLY_MARKERS, null_words_shown};
use crate::{ColumnProfile, ColumnType, DateOrder, NearType, Warning};

/// Values and share of fitting ones from which on a text column is worth a hint that it is almost something narrower.
const MOSTLY_VALUES: u64 = 5;
const MOSTLY_SHARE: f64 = 0.8;
/// Digits of an INTEGER: more of them are an identifier, and not every program keeps them.
const MAX_INTEGER_DIGITS: u32 = 18;
const MAX_DECIMAL_DIGITS: u32 = 15;

/// The order of day and month that some column of the file proves, and none denies.
fn file_date_order(columns: &[Column]) -> Option<DateOrder> {
    let mut orders = columns.iter().filter_map(Column::certain_date_order);
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

/// What the narrower types add to the profile of a text column.
struct Narrow {
    column_type: ColumnType,
    format: Option<String>,
    min: Option<String>,
    max: Option<String>,
    mean: Option<f64>,
    histogram: Vec<crate::HistogramBin>,
}

/// What the columns of a file say about each other.
pub(crate) struct Shared {
    /// Whether the file writes decimal commas.
    pub comma: bool,
    /// The order of day and month that some column proves, and none denies.
    pub order: Option<DateOrder>,
    /// Words that stand for nothing in columns of numbers, dates and truths.
    pub null_words: HashSet<String>,
}

impl Shared {
    pub(crate) fn of(columns: &[Column], comma: bool) -> Self {
        let narrow = columns.iter().filter(|column| column.is_narrow());
        let words = narrow.flat_map(|column| &column.markers);
        Self {
            comma,
            order: file_date_order(columns),
            null_words: words.map(|word| word.text.trim().to_owned()).collect(),
        }
    }
}

pub(crate) fn profile(
    column: &mut Column,
    name: &str,
    shared: &Shared,
    budget: &mut Budget,
    warnings: &mut Vec<Warning>,
) -> ColumnProfile {
    let (comma, order) = (shared.comma, shared.order);
    let narrow = narrow(column, name, comma, order, warnings);
    let nothing = column.values == 0;
    let near = if narrow.is_none() {
        near(column, comma, order)
    } else {
        Vec::new()
    };
    let narrow = narrow.unwrap_or_else(|| {
        if !nothing {
            warn_mostly(column, name, warnings);
            column.count_markers_as_values(&shared.null_words, budget);
        }
        text(column)
    });
    warn_of_nothing(column, name, narrow.column_type, warnings);
    let (distinct_count, distinct_exact) = column.distinct.count();
    let null_count = column.nulls();
    ColumnProfile {
        column: name.to_owned(),
        column_type: narrow.column_type,
        null_count,
        distinct_count,
        distinct_exact,
        min: narrow.min,
        max: narrow.max,
        mean: narrow.mean,
        top_values: column.distinct.top(),
        histogram: narrow.histogram,
        is_unique: null_count == 0 && !nothing && column.distinct.is_unique(),
        format: narrow.format,
        near,
        min_length: if column.max_length == 0 {
            0
        } else {
            column.min_length
        },
        max_length: column.max_length,
    }
}

/// What a text column would be but for some values.
fn near(column: &Column, comma: bool, order: Option<DateOrder>) -> Vec<NearType> {
    let mut found = Vec::new();
    if column.numbers.fits > 0 {
        let (column_type, format) = match column.numeric.settle(comma) {
            Some(settled) => (
                number_type(&settled).unwrap_or(ColumnType::Real),
                numeric::format(&settled),
            ),
            None => (ColumnType::Real, column.numeric.commonest_format(comma)),
        };
        found.push(NearType {
            column_type,
            format,
            values: column.numbers.fits,
        });
    }
    let settled = column.dates.settle(order);
    let written = settled
        .map(|settled| (settled.format, settled.with_time))
        .or_else(|| column.dates.commonest_format(order));
    if let Some((format, with_time)) = written {
        found.push(NearType {
            column_type: if with_time {
                ColumnType::Datetime
            } else {
                ColumnType::Date
            },
            format: Some(format),
            values: column.moments.fits,
        });
    }
    found.sort_by_key(|near| std::cmp::Reverse(near.values));
    found
}

fn text(column: &Column) -> Narrow {
    let show = |bytes: &Option<Box<[u8]>>| {
        bytes
            .as_ref()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let format = if column.values == 0 && !column.markers.is_empty() {
        Some(ONLY_MARKERS.to_owned())
    } else {
        let zeros = column
            .has_leading_zeros()
            .then(|| "leading zeros".to_owned());
        let words = null_words_shown(column.markers.iter().map(|marker| marker.text.trim()));
        match (zeros, words) {
            (Some(zeros), Some(words)) => Some(format!("{zeros}; {words}")),
            (zeros, words) => zeros.or(words),
        }
    };
    Narrow {
        column_type: ColumnType::Text,
        format: format.filter(|_| column.values > 0 || !column.markers.is_empty()),
        min: show(&column.text_min),
        max: show(&column.text_max),
        mean: None,
        histogram: Vec::new(),
    }
}

fn narrow(
    column: &Column,
    name: &str,
    comma: bool,
    order: Option<DateOrder>,
    warnings: &mut Vec<Warning>,
) -> Option<Narrow> {
    if column.values == 0 {
        return None;
    }
    if let Some(format) = column.boolean_format() {
        return Some(boolean(column, format));
    }
    if let Some(settled) = column
        .numeric
        .settle(comma)
        .filter(|_| column.numbers.fits == column.values)
    {
        if let Some(why) = column.numeric.identifiers.why(&settled, name) {
            let (code, what) = why.explained();
            let message = format!("The numbers in {name} {what}; they are kept as text.");
            warnings.push(warning(name, code, message, None));
            return None;
        }
        return number(&settled, name, warnings);
    }
    date(column, name, order, warnings)
}

fn boolean(column: &Column, format: String) -> Narrow {
    let truths = column.distinct.top();
    let is_true = |text: &str| crate::value::boolean(text.trim()).is_some_and(|(_, truth)| truth);
    let any = |truth: bool| truths.iter().any(|each| is_true(&each.value) == truth);
    Narrow {
        column_type: ColumnType::Boolean,
        format: Some(format),
        min: Some(if any(false) { "0" } else { "1" }.to_owned()),
        max: Some(if any(true) { "1" } else { "0" }.to_owned()),
        mean: None,
        histogram: Vec::new(),
    }
}

fn number(settled: &Settled<'_>, name: &str, warnings: &mut Vec<Warning>) -> Option<Narrow> {
    let family = settled.family;
    let format = numeric::format(settled);
    let Some(column_type) = number_type(settled) else {
        if !family.whole {
            let message = format!(
                "Numbers in {name} have more digits than a double holds; they are kept as text."
            );
            warnings.push(warning(name, "too_many_digits", message, None));
        }
        return None;
    };
    if settled.ambiguous && format.is_some() {
        let shown = format.clone().unwrap_or_default();
        let message = format!(
            "Numbers in {name} may be read with a decimal point or a decimal comma; they are read as {shown}."
        );
        warnings.push(warning(name, "ambiguous_numbers", message, None));
    }
    let show = |value: f64, integer: i64| match column_type {
        ColumnType::Integer => integer.to_string(),
        ColumnType::Decimal => format!(
            "{value:.*}",
            family.scale.map_or(2, |(_, high)| high as usize)
        ),
        _ if value != 0.0 && !(1e-5..1e15).contains(&value.abs()) => format!("{value:e}"),
        _ => value.to_string(),
    };
    let spread = &family.spread;
    Some(Narrow {
        column_type,
        format,
        min: Some(show(spread.min, family.integer_min)),
        max: Some(show(spread.max, family.integer_max)),
        mean: spread.mean(),
        histogram: spread.histogram.finish(spread.min, spread.max),
    })
}

/// `None` where the numbers have more digits than a type holds.
fn number_type(settled: &Settled<'_>) -> Option<ColumnType> {
    let family = settled.family;
    if !family.exact || (family.whole && family.max_digits > MAX_INTEGER_DIGITS) {
        return None;
    }
    let cents = family.scale == Some((2, 2))
        || (settled.affix.is_some_and(|affix| !affix.percent())
            && family.scale.is_some_and(|(_, high)| high <= 4));
    Some(if family.whole {
        ColumnType::Integer
    } else if cents && family.max_digits <= MAX_DECIMAL_DIGITS {
        ColumnType::Decimal
    } else {
        ColumnType::Real
    })
}

fn date(
    column: &Column,
    name: &str,
    order: Option<DateOrder>,
    warnings: &mut Vec<Warning>,
) -> Option<Narrow> {
    let settled = column
        .dates
        .settle(order)
        .filter(|_| column.moments.fits == column.values)?;
    if settled.ambiguous {
        let message = format!(
            "No value in {name} tells day from month; dates are read as {}. Check one you know.",
            settled.format
        );
        warnings.push(warning(name, "ambiguous_dates", message, None));
    }
    if let Some(years) = settled.years {
        let message = format!(
            "Years in {name} have two digits; they are read as {} to {}.",
            years.first(),
            years.last()
        );
        warnings.push(warning(name, "two_digit_years", message, None));
    }
    if column.dates.has_mixed_offsets() {
        let message = format!(
            "Times in {name} have several offsets, which are kept: their texts are not in the order of time."
        );
        warnings.push(warning(name, "mixed_offsets", message, None));
    }
    let spread = &settled.reading.spread;
    Some(Narrow {
        column_type: if settled.with_time {
            ColumnType::Datetime
        } else {
            ColumnType::Date
        },
        format: Some(settled.format),
        min: settled.reading.min(),
        max: settled.reading.max(),
        mean: None,
        histogram: spread.histogram.finish(spread.min, spread.max),
    })
}

/// Says which words of a column of text, and which errors and impossible dates of any, count as nothing.
fn warn_of_nothing(
    column: &Column,
    name: &str,
    column_type: ColumnType,
    warnings: &mut Vec<Warning>,
) {
    let told: Vec<&Marker> = column
        .markers
        .iter()
        .filter(|marker| {
            let word = marker.text.trim();
            !word.is_empty()
                && (column_type == ColumnType::Text
                    || marker::is_error(word)
                    || marker::is_zero_date(word))
        })
        .collect();
    let cells: u64 = told.iter().map(|marker| marker.count).sum();
    let Some(first_line) = told.iter().map(|marker| marker.first_line).min() else {
        return;
    };
    let words: Vec<String> = told
        .iter()
        .map(|marker| format!("{:?}", marker.text.trim()))
        .collect();
    let (plural, verb) = if cells == 1 {
        ("", "counts")
    } else {
        ("s", "count")
    };
    let message = format!(
        "{cells} cell{plural} in {name} {verb} as empty: {}.",
        words.join(", ")
    );
    warnings.push(warning(name, "counted_as_empty", message, Some(first_line)));
}

/// Says where a few values keep a column from a narrower type; the column stays text, so that none is lost.
fn warn_mostly(column: &Column, name: &str, warnings: &mut Vec<Warning>) {
    let mut warn = |fit: &Fit, code: &str, kind: &str| {
        let misfits = column.values - fit.fits;
        let share = fit.fits as f64 / column.values as f64;
        if misfits == 0 || column.values < MOSTLY_VALUES || share < MOSTLY_SHARE {
            return;
        }
        let listed: Vec<String> = fit
            .misfits
            .iter()
            .map(|(line, text)| format!("{text:?} on line {line}"))
            .collect();
        let message = format!(
            "{} of {} values in {name} are {kind}, {misfits} not: {}. The column stays text; with a type of {kind} the others \
             are left empty and listed.",
            fit.fits,
            column.values,
            listed.join(", ")
        );
        warnings.push(warning(
            name,
            code,
            message,
            fit.misfits.first().map(|(line, _)| *line),
        ));
    };
    warn(&column.numbers, "mostly_numbers", "numbers");
    warn(&column.moments, "mostly_dates", "dates");
    let both = [
        (
            &column.numbers,
            "mixed_numbers",
            "numbers, but not all written alike",
        ),
        (
            &column.moments,
            "mixed_dates",
            "dates, but not all written alike",
        ),
    ];
    for (fit, code, kind) in both {
        if fit.fits == column.values
            && !column.has_leading_zeros()
            && !(code == "mixed_numbers" && column.numeric.is_alive())
        {
            warnings.push(warning(
                name,
                code,
                format!("All values in {name} are {kind}; the column stays text."),
                None,
            ));
        }
    }
}

fn warning(column: &str, code: &str, message: String, line: Option<u64>) -> Warning {
    Warning {
        line,
        column: Some(column.to_owned()),
        code: code.to_owned(),
        message,
    }
}
