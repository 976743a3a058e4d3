//! Functional dependencies between the columns of a table, exact ones and nearly exact ones, and how far each is more than
//! chance.
//!
//! Exactness by partitions as in TANE (Huhtala, Kärkkäinen, Porkka & Toivonen, "TANE: an efficient algorithm for discovering
//! functional and approximate dependencies", Comput. J. 42, 1999); the error of a near one is g3 of Kivinen & Mannila
//! ("Approximate inference of functional dependencies from relations", TCS 149, 1995): the fewest rows that have to go.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use super::columns::{Coded, EMPTY};
use crate::SchemaError;

/// From this on a dependency is no accident, in nats: by chance alone all confirmations would agree once in a million.
pub const CERTAIN: f64 = 14.0;
/// Exceptions of a near dependency: at most so many rows, and such a share of all.
const MOST_EXCEPTIONS: usize = 20;
const EXCEPTION_SHARE: f64 = 0.01;
/// What decides both sides is looked for among so many columns.
const MOST_FINER: usize = 24;

/// All dependencies of single columns on single columns.
pub struct Dependencies<'a> {
    columns: &'a [Coded],
    /// For each column, whether it decides each other one exactly. Unique and constant columns decide nothing here.
    decides: Vec<Vec<bool>>,
    /// For each column the first one with which it goes hand in hand.
    leader: Vec<usize>,
    /// For each column, the first row of each of its values.
    firsts: Vec<OnceCell<Vec<u32>>>,
    scratch: RefCell<Scratch>,
}

/// Room that is not cleared between two looks.
#[derive(Default)]
struct Scratch {
    value: Vec<u32>,
    count: Vec<u32>,
    stamp: Vec<u32>,
    now: u32,
}

impl Scratch {
    fn start(&mut self, size: usize) {
        if self.stamp.len() < size {
            self.value.resize(size, 0);
            self.count.resize(size, 0);
            self.stamp.resize(size, 0);
        }
        if self.now == u32::MAX {
            self.stamp.fill(0);
            self.now = 0;
        }
        self.now += 1;
    }

    fn is_new(&mut self, code: usize) -> bool {
        std::mem::replace(&mut self.stamp[code], self.now) != self.now
    }
}

impl<'a> Dependencies<'a> {
    pub fn find(columns: &'a [Coded], go_on: &dyn Fn() -> bool) -> Result<Self, SchemaError> {
        let mut found = Self {
            columns,
            decides: Vec::with_capacity(columns.len()),
            leader: (0..columns.len()).collect(),
            firsts: columns.iter().map(|_| OnceCell::new()).collect(),
            scratch: RefCell::default(),
        };
        for (own, one) in columns.iter().enumerate() {
            if !go_on() {
                return Err(SchemaError::Cancelled);
            }
            let useful = one.distinct >= 2 && !one.is_unique();
            let decided = columns.iter().enumerate().map(|(place, other)| {
                useful && place != own && other.distinct >= 2 && found.holds(one, other)
            });
            let decided = decided.collect();
            found.decides.push(decided);
        }
        for column in 0..columns.len() {
            let mutual =
                |&other: &usize| found.decides(column, other) && found.decides(other, column);
            if let Some(first) = (0..column).find(mutual) {
                found.leader[column] = found.leader[first];
            }
        }
        Ok(found)
    }

    /// Whether each value of `x` stands with one value of `y` alone, and nothing with nothing.
    pub fn holds(&self, x: &Coded, y: &Coded) -> bool {
        if x.distinct < y.distinct {
            return false;
        }
        let mut scratch = self.scratch.borrow_mut();
        scratch.start(x.distinct + 1);
        x.codes.iter().zip(&y.codes).all(|(&own, &other)| {
            if own == EMPTY {
                return other == EMPTY;
            }
            let own = own as usize;
            if scratch.is_new(own) {
                scratch.value[own] = other;
            }
            scratch.value[own] == other
        })
    }

    pub fn decides(&self, x: usize, y: usize) -> bool {
        self.decides[x][y]
    }

    /// Whether the two decide each other.
    pub fn are_equivalent(&self, one: usize, other: usize) -> bool {
        self.leader[one] == self.leader[other]
    }

    /// The first of the columns that decide each other with this one.
    pub fn leader(&self, column: usize) -> usize {
        self.leader[column]
    }

    /// How unlikely it is, in nats, that `x` decides `y` by accident.
    ///
    /// Each row beyond the first of a value of `x` confirms the dependency; had it been drawn at random, it would agree with
    /// a chance of Σp². Rows that say the same thing again confirm nothing: where another column decides both, its values
    /// are counted instead of rows.
    pub fn certainty(&self, x: usize, y: usize) -> f64 {
        let finer = (0..self.columns.len())
            .filter(|&z| {
                self.leader[z] == z
                    && !self.are_equivalent(z, x)
                    && self.decides(z, x)
                    && self.decides(z, y)
            })
            .take(MOST_FINER);
        let (x, y) = (&self.columns[x], &self.columns[y]);
        let least = finer.map(|z| nats(x, y, self.firsts(z).iter().map(|&row| row as usize), 0));
        least.fold(nats(x, y, 0..x.codes.len(), 0), f64::min)
    }

    /// As [`Self::certainty`], for a determinant of several columns.
    pub fn certainty_of_joined(&self, parts: &[usize], joined: &Coded, y: usize) -> f64 {
        let decides_all = |z: usize| parts.iter().all(|&part| z == part || self.decides(z, part));
        let finer = (0..self.columns.len())
            .filter(|&z| {
                self.leader[z] == z
                    && decides_all(z)
                    && self.decides(z, y)
                    && self.columns[z].distinct > joined.distinct
            })
            .take(MOST_FINER);
        let y = &self.columns[y];
        let least =
            finer.map(|z| nats(joined, y, self.firsts(z).iter().map(|&row| row as usize), 0));
        least.fold(nats(joined, y, 0..joined.codes.len(), 0), f64::min)
    }

    fn firsts(&self, column: usize) -> &[u32] {
        self.firsts[column].get_or_init(|| {
            let column = &self.columns[column];
            let mut rows = Vec::with_capacity(column.distinct);
            for (row, &code) in (0_u32..).zip(&column.codes) {
                // Codes are given in the order of appearance.
                if code as usize == rows.len() + 1 {
                    rows.push(row);
                }
            }
            rows
        })
    }

    /// The rows that would have to go for `x` to decide `y`, where they are few; `None` where they are not, or where none
    /// has to.
    pub fn exceptions(&self, x: usize, y: usize) -> Option<Vec<usize>> {
        let (x, y) = (&self.columns[x], &self.columns[y]);
        let most = MOST_EXCEPTIONS.min((x.filled() as f64 * EXCEPTION_SHARE) as usize);
        let mut scratch = self.scratch.borrow_mut();
        scratch.start(x.distinct + 1);
        // The majority of each value, where it has one (Boyer & Moore).
        for (&own, &other) in x.codes.iter().zip(&y.codes) {
            let own = own as usize;
            if scratch.is_new(own) {
                scratch.count[own] = 0;
            }
            if scratch.count[own] == 0 {
                scratch.value[own] = other;
                scratch.count[own] = 1;
            } else if scratch.value[own] == other {
                scratch.count[own] += 1;
            } else {
                scratch.count[own] -= 1;
            }
        }
        let mut rows = Vec::new();
        for (row, (&own, &other)) in x.codes.iter().zip(&y.codes).enumerate() {
            if own != EMPTY && scratch.value[own as usize] != other {
                rows.push(row);
                if rows.len() > most {
                    return None;
                }
            }
        }
        let sure = nats(x, y, 0..x.codes.len(), rows.len() * 10) >= CERTAIN;
        (sure && !rows.is_empty()).then_some(rows)
    }
}

/// Confirmations of `x` deciding `y` among the rows, each weighed by how little likely it is by chance; `against` of them
/// do not count.
fn nats(x: &Coded, y: &Coded, rows: impl Iterator<Item = usize>, against: usize) -> f64 {
    let mut values: HashMap<u32, usize> = HashMap::new();
    let mut different = std::collections::HashSet::new();
    let mut total = 0;
    for row in rows {
        if x.codes[row] != EMPTY {
            total += 1;
            different.insert(x.codes[row]);
            *values.entry(y.codes[row]).or_default() += 1;
        }
    }
    let confirmations = total - different.len();
    let agreement: f64 = values
        .values()
        .map(|&count| (count as f64 / total as f64).powi(2))
        .sum();
    confirmations.saturating_sub(against) as f64 * -agreement.max(f64::MIN_POSITIVE).ln().min(0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn coded(values: &[u64]) -> Coded {
        Coded::of(values.iter().copied())
    }

    #[test]
    fn each_value_with_one_other_value_is_a_dependency() {
        let columns = [
            coded(&[1, 2, 1, 3, 2]),
            coded(&[7, 8, 7, 7, 8]),
            coded(&[1, 2, 3, 4, 5]),
        ];
        let found = Dependencies::find(&columns, &|| true).unwrap();
        assert!(found.decides(0, 1));
        assert!(!found.decides(1, 0), "7 stands with 1 and 3");
        assert!(
            !found.decides(2, 0),
            "what is unique decides all, and tells nothing"
        );
    }

    #[test]
    fn nothing_decides_nothing_alone() {
        let empty_beside_a_value = [coded(&[1, 1, 0, 2, 2]), coded(&[5, 5, 6, 6, 6])];
        let found = Dependencies::find(&empty_beside_a_value, &|| true).unwrap();
        assert!(!found.decides(0, 1));
        let both_empty = [coded(&[1, 1, 0, 2, 2]), coded(&[5, 5, 0, 6, 6])];
        let found = Dependencies::find(&both_empty, &|| true).unwrap();
        assert!(found.decides(0, 1) && found.are_equivalent(0, 1));
    }

    #[test]
    fn values_that_say_the_same_again_do_not_make_it_surer() {
        // 10 customers in 7 cities, each customer on 50 rows; what a city seems to decide, 3 customers confirm.
        let customer: Vec<u64> = (0..500).map(|row| row % 10 + 1).collect();
        let city: Vec<u64> = customer.iter().map(|&c| c.min(7)).collect();
        let year: Vec<u64> = customer.iter().map(|&c| c.min(7) % 3 + 1).collect();
        let columns = [coded(&customer), coded(&city), coded(&year)];
        let found = Dependencies::find(&columns, &|| true).unwrap();
        assert!(found.decides(1, 2));
        assert!(found.certainty(1, 2) < CERTAIN, "{}", found.certainty(1, 2));
        assert!(found.certainty(0, 1) > CERTAIN);
    }

    #[test]
    fn a_column_of_one_value_confirms_nothing() {
        let columns = [coded(&[1, 1, 2, 2].repeat(20)), coded(&[1; 80])];
        let found = Dependencies::find(&columns, &|| true).unwrap();
        assert!(found.certainty(0, 1).abs() < f64::EPSILON);
    }

    #[test]
    fn the_fewest_rows_that_break_a_dependency_are_named() {
        let one: Vec<u64> = (0..400).map(|row| row % 20 + 1).collect();
        let mut other = one.clone();
        // The first row of its value: the majority is right, not what comes first.
        other[3] = 99;
        other[207] = 98;
        let columns = [coded(&one), coded(&other)];
        let found = Dependencies::find(&columns, &|| true).unwrap();
        assert!(!found.decides(0, 1));
        assert_eq!(found.exceptions(0, 1), Some(vec![3, 207]));
        let unrelated: Vec<u64> = (0..400).map(|row| row * 7 % 13 + 1).collect();
        let columns = [coded(&one), coded(&unrelated)];
        let found = Dependencies::find(&columns, &|| true).unwrap();
        assert_eq!(found.exceptions(0, 1), None);
    }
}
