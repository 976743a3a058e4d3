//! Aggregates that SQLite has only where it is built with them: median and percentiles as in its percentile extension
//! (ext/misc/percentile.c), standard deviation and variance as in SQL:2003, each a window function too, and the mode.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::functions::{Aggregate, Context, FunctionFlags, WindowAggregate};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result, ffi};

use super::functions::failure;
use super::watch::Watch;

/// Numbers that the medians and percentiles of one statement may hold together: 16 MB.
pub(super) const MAX_VALUES: usize = 2_000_000;

pub(super) fn add(connection: &Connection, watch: &Watch) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let held = Arc::new(AtomicUsize::new(0));
    let percentiles = [
        ("median", 1, 0.0, false),
        ("percentile", 2, 100.0, false),
        ("percentile_cont", 2, 1.0, false),
        ("percentile_disc", 2, 1.0, true),
    ];
    for (name, arguments, whole, is_discrete) in percentiles {
        let aggregate = Percentile {
            name,
            whole,
            is_discrete,
            held: Arc::clone(&held),
            watch: watch.clone(),
        };
        connection.create_window_function(name, arguments, flags, aggregate)?;
    }
    let spreads = [
        ("stddev", true, 1),
        ("stddev_samp", true, 1),
        ("stddev_pop", true, 0),
        ("variance", false, 1),
        ("var_samp", false, 1),
        ("var_pop", false, 0),
    ];
    let mode = Mode {
        held: Arc::clone(&held),
        watch: watch.clone(),
    };
    connection.create_aggregate_function("mode", 1, flags, mode)?;
    for (name, is_root, less) in spreads {
        let aggregate = Deviation {
            name,
            is_root,
            less,
        };
        connection.create_window_function(name, 1, flags, aggregate)?;
    }
    Ok(())
}

/// The number in the first argument; `None` for NULL.
fn number(context: &Context<'_>, function: &str) -> Result<Option<f64>> {
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) => Ok(Some(number as f64)),
        ValueRef::Real(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(wrong(&format!("{function}() takes numbers"))),
    }
}

fn wrong(message: &str) -> Error {
    failure(ffi::SQLITE_ERROR, message)
}

/// `median(x)`, `percentile(x, 0..100)`, `percentile_cont(x, 0..1)` between the two nearest values, `percentile_disc`
/// one of the values.
struct Percentile {
    name: &'static str,
    /// What the second argument is a part of; 0 without one.
    whole: f64,
    is_discrete: bool,
    held: Arc<AtomicUsize>,
    watch: Watch,
}

/// The numbers of one group.
struct Values {
    numbers: Vec<f64>,
    /// Once a value was asked for, they stay in order: a window asks again for each row.
    is_sorted: bool,
    /// Of 0 to 1.
    share: Option<f64>,
    /// Of the whole statement.
    held: Arc<AtomicUsize>,
}

impl Drop for Values {
    fn drop(&mut self) {
        self.held.fetch_sub(self.numbers.len(), Ordering::Relaxed);
    }
}

impl Percentile {
    fn share(&self, context: &Context<'_>) -> Result<f64> {
        if self.whole == 0.0 {
            return Ok(0.5);
        }
        let share = match context.get_raw(1) {
            ValueRef::Integer(number) => number as f64 / self.whole,
            ValueRef::Real(number) => number / self.whole,
            _ => f64::NAN,
        };
        if (0.0..=1.0).contains(&share) {
            Ok(share)
        } else {
            Err(wrong(&format!(
                "the second argument of {}() is a number from 0 to {}",
                self.name, self.whole
            )))
        }
    }

    /// A window adds to and takes from long lists between two operations of SQLite.
    fn look_at_the_clock(&self) -> Result<()> {
        if self.watch.clone().must_stop() {
            return Err(failure(ffi::SQLITE_INTERRUPT, "interrupted"));
        }
        Ok(())
    }

    fn of(&self, values: Option<&mut Values>) -> Option<f64> {
        let values = values?;
        let last = values.numbers.len().checked_sub(1)?;
        values.sort();
        let place = values.share? * last as f64;
        let (low, high) = (
            values.numbers[place.floor() as usize],
            values.numbers[place.ceil() as usize],
        );
        Some(if self.is_discrete {
            low
        } else {
            low + (high - low) * place.fract()
        })
    }
}

impl Values {
    fn sort(&mut self) {
        if !self.is_sorted {
            self.numbers.sort_unstable_by(f64::total_cmp);
            self.is_sorted = true;
        }
    }

    fn place_of(&self, number: f64) -> std::result::Result<usize, usize> {
        self.numbers
            .binary_search_by(|other| other.total_cmp(&number))
    }
}

impl Aggregate<Values, Option<f64>> for Percentile {
    fn init(&self, _: &mut Context<'_>) -> Result<Values> {
        Ok(Values {
            numbers: Vec::new(),
            is_sorted: false,
            share: None,
            held: Arc::clone(&self.held),
        })
    }

    fn step(&self, context: &mut Context<'_>, values: &mut Values) -> Result<()> {
        let share = self.share(context)?;
        if values
            .share
            .is_some_and(|other| other.total_cmp(&share).is_ne())
        {
            return Err(wrong(&format!(
                "the second argument of {}() must be the same for all rows",
                self.name
            )));
        }
        values.share = Some(share);
        let Some(number) = number(context, self.name)? else {
            return Ok(());
        };
        if self.held.fetch_add(1, Ordering::Relaxed) >= MAX_VALUES {
            self.held.fetch_sub(1, Ordering::Relaxed);
            self.watch.is_full();
            return Err(failure(ffi::SQLITE_INTERRUPT, "interrupted"));
        }
        if values.is_sorted {
            self.look_at_the_clock()?;
            let place = values.place_of(number).unwrap_or_else(|place| place);
            values.numbers.insert(place, number);
        } else {
            values.numbers.push(number);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, mut values: Option<Values>) -> Result<Option<f64>> {
        Ok(self.of(values.as_mut()))
    }
}

impl WindowAggregate<Values, Option<f64>> for Percentile {
    fn value(&self, values: Option<&mut Values>) -> Result<Option<f64>> {
        Ok(self.of(values))
    }

    fn inverse(&self, context: &mut Context<'_>, values: &mut Values) -> Result<()> {
        self.look_at_the_clock()?;
        let Some(number) = number(context, self.name)? else {
            return Ok(());
        };
        values.sort();
        if let Ok(place) = values.place_of(number) {
            values.numbers.remove(place);
            self.held.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// `mode(x)`: the commonest text (numbers as text), of several the first in order; as `mode() WITHIN GROUP` of SQL:2016.
struct Mode {
    held: Arc<AtomicUsize>,
    watch: Watch,
}

/// How often each text of one group was met.
struct Texts {
    counts: HashMap<String, u64>,
    /// Places of eight bytes that the texts take.
    places: usize,
    /// Of the whole statement.
    held: Arc<AtomicUsize>,
}

impl Drop for Texts {
    fn drop(&mut self) {
        self.held.fetch_sub(self.places, Ordering::Relaxed);
    }
}

impl Aggregate<Texts, Option<String>> for Mode {
    fn init(&self, _: &mut Context<'_>) -> Result<Texts> {
        Ok(Texts {
            counts: HashMap::new(),
            places: 0,
            held: Arc::clone(&self.held),
        })
    }

    fn step(&self, context: &mut Context<'_>, texts: &mut Texts) -> Result<()> {
        let text = match context.get_raw(0) {
            ValueRef::Null => return Ok(()),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Blob(_) => return Err(wrong("mode() takes texts and numbers")),
        };
        if let Some(count) = texts.counts.get_mut(&text) {
            *count += 1;
            return Ok(());
        }
        // The text, its place in the table and its count.
        let places = text.len() / 8 + 6;
        texts.places += places;
        if self.held.fetch_add(places, Ordering::Relaxed) + places > MAX_VALUES {
            self.watch.is_full();
            return Err(failure(ffi::SQLITE_INTERRUPT, "interrupted"));
        }
        texts.counts.insert(text, 1);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, texts: Option<Texts>) -> Result<Option<String>> {
        let Some(mut texts) = texts else {
            return Ok(None);
        };
        Ok(std::mem::take(&mut texts.counts)
            .into_iter()
            .max_by(|(one, count), (two, other)| count.cmp(other).then_with(|| two.cmp(one)))
            .map(|(text, _)| text))
    }
}

/// Standard deviation and variance, of a sample (`less` is 1) or of all there is.
struct Deviation {
    name: &'static str,
    is_root: bool,
    less: u64,
}

/// Count, mean and sum of squared differences from it: Welford (1962), which loses no digits where the mean is large.
#[derive(Default)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Deviation {
    fn of(&self, moments: Option<&Moments>) -> Option<f64> {
        let moments = moments?;
        let divisor = moments
            .count
            .checked_sub(self.less)
            .filter(|&left| left > 0)?;
        // Taking values out of a window may leave a trace below zero.
        let variance = moments.squares.max(0.0) / divisor as f64;
        Some(if self.is_root {
            variance.sqrt()
        } else {
            variance
        })
    }
}

impl Aggregate<Moments, Option<f64>> for Deviation {
    fn init(&self, _: &mut Context<'_>) -> Result<Moments> {
        Ok(Moments::default())
    }

    fn step(&self, context: &mut Context<'_>, moments: &mut Moments) -> Result<()> {
        if let Some(number) = number(context, self.name)? {
            moments.count += 1;
            let difference = number - moments.mean;
            moments.mean += difference / moments.count as f64;
            moments.squares += difference * (number - moments.mean);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, moments: Option<Moments>) -> Result<Option<f64>> {
        Ok(self.of(moments.as_ref()))
    }
}

impl WindowAggregate<Moments, Option<f64>> for Deviation {
    fn value(&self, moments: Option<&mut Moments>) -> Result<Option<f64>> {
        Ok(self.of(moments.as_deref()))
    }

    fn inverse(&self, context: &mut Context<'_>, moments: &mut Moments) -> Result<()> {
        let Some(number) = number(context, self.name)? else {
            return Ok(());
        };
        if moments.count <= 1 {
            *moments = Moments::default();
            return Ok(());
        }
        let mean = moments.mean;
        moments.count -= 1;
        moments.mean -= (number - mean) / moments.count as f64;
        moments.squares -= (number - mean) * (number - moments.mean);
        Ok(())
    }
}
