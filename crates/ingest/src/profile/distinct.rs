use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::ValueCount;
use crate::profile::hash::{KeyedByHash, hash_bytes};
use crate::profile::hyperloglog::HyperLogLog;
use crate::profile::space_saving::SpaceSaving;

/// Distinct values counted exactly in each column; a column without a repetition so far may use all of [`Budget`].
pub(crate) const EXACT_LIMIT: usize = 100_000;
const TOP: usize = 10;
const MAX_TEXTS: usize = 4096;
const MAX_TEXT_BYTES: usize = 512;

/// Distinct values that all columns of a file may hold together (about 24 bytes each).
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: 2_000_000 }
    }
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    count: u32,
    /// Index into `texts`, or `NO_TEXT`.
    text: u32,
}

const NO_TEXT: u32 = u32::MAX;

/// Distinct count and most frequent values of a column.
///
/// Up to [`EXACT_LIMIT`] distinct values, told apart by a 64-bit hash, all counts are exact. Above it the distinct count
/// is a `HyperLogLog` estimate (standard error 0.8 %), counts of the values seen before stay exact, and later ones are
/// counted by space-saving (Metwally et al. 2005), whose counts are lower bounds.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    seen: HashMap<u64, Seen, KeyedByHash>,
    texts: Vec<(u64, Box<[u8]>)>,
    repeated: bool,
    overflow: Option<Box<Overflow>>,
    previous: Previous,
}

#[derive(Debug)]
struct Overflow {
    estimate: HyperLogLog,
    late: SpaceSaving,
}

/// Proves a column unique where its values only grow (shorter first, then by byte), as running numbers do.
#[derive(Debug)]
struct Previous {
    text: Vec<u8>,
    growing: bool,
    any: bool,
}

impl Default for Previous {
    fn default() -> Self {
        Self {
            text: Vec::new(),
            growing: true,
            any: false,
        }
    }
}

impl Distinct {
    pub(crate) fn add_many(&mut self, text: &[u8], count: u32, budget: &mut Budget) {
        self.previous.see(text, count);
        let hash = hash_bytes(text);
        let full = self.overflow.is_some();
        match self.seen.entry(hash) {
            Entry::Occupied(mut found) => {
                let seen = found.get_mut();
                seen.count = seen.count.saturating_add(count);
                self.repeated = true;
                if seen.text == NO_TEXT && text.len() <= MAX_TEXT_BYTES {
                    seen.text = self.texts.len() as u32;
                    self.texts.push((hash, text.into()));
                }
            }
            Entry::Vacant(free) if !full => {
                let keep_text = self.texts.len() < TOP && text.len() <= MAX_TEXT_BYTES;
                let index = if keep_text {
                    self.texts.len() as u32
                } else {
                    NO_TEXT
                };
                if keep_text {
                    self.texts.push((hash, text.into()));
                }
                free.insert(Seen { count, text: index });
                self.repeated |= count > 1;
                budget.left = budget.left.saturating_sub(1);
            }
            Entry::Vacant(_) => {
                if let Some(overflow) = self.overflow.as_mut() {
                    overflow.estimate.add(hash);
                    overflow.late.add(hash, text);
                }
            }
        }
        if self.texts.len() >= MAX_TEXTS {
            self.drop_rare_texts();
        }
        if !full && (budget.left == 0 || (self.repeated && self.seen.len() >= EXACT_LIMIT)) {
            self.overflow(budget);
        }
    }

    fn overflow(&mut self, budget: &mut Budget) {
        let mut estimate = HyperLogLog::new();
        for hash in self.seen.keys() {
            estimate.add(*hash);
        }
        if !self.repeated {
            budget.left += self.seen.len();
            self.seen = HashMap::default();
            self.texts.clear();
        }
        self.overflow = Some(Box::new(Overflow {
            estimate,
            late: SpaceSaving::new(),
        }));
    }

    /// Keeps the texts of the more frequent half; a value that comes again brings its text again.
    fn drop_rare_texts(&mut self) {
        let count = |hash: &u64, seen: &HashMap<u64, Seen, KeyedByHash>| {
            seen.get(hash).map_or(0, |seen| seen.count)
        };
        let mut texts = std::mem::take(&mut self.texts);
        texts.sort_by_cached_key(|(hash, _)| std::cmp::Reverse(count(hash, &self.seen)));
        for (hash, _) in texts.drain(MAX_TEXTS / 4..) {
            if let Some(seen) = self.seen.get_mut(&hash) {
                seen.text = NO_TEXT;
            }
        }
        for (index, (hash, _)) in texts.iter().enumerate() {
            if let Some(seen) = self.seen.get_mut(hash) {
                seen.text = index as u32;
            }
        }
        self.texts = texts;
    }

    /// How many distinct values, and whether that is exact.
    pub(crate) fn count(&self) -> (u64, bool) {
        match &self.overflow {
            None => (self.seen.len() as u64, true),
            Some(overflow) => (overflow.estimate.count(), false),
        }
    }

    /// Whether it is certain that no value came twice.
    pub(crate) fn is_unique(&self) -> bool {
        self.previous.growing || (!self.repeated && self.overflow.is_none())
    }

    /// The most frequent values, at most ten; equal counts in the order of the text.
    pub(crate) fn top(&self) -> Vec<ValueCount> {
        let mut all: Vec<(&[u8], u64)> = self
            .texts
            .iter()
            .filter_map(|(hash, text)| Some((&**text, u64::from(self.seen.get(hash)?.count))))
            .collect();
        if let Some(overflow) = &self.overflow {
            all.extend(overflow.late.entries());
        }
        all.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(right.0)));
        all.truncate(TOP);
        all.into_iter()
            .map(|(text, count)| ValueCount {
                value: String::from_utf8_lossy(text).into_owned(),
                count,
            })
            .collect()
    }
}

impl Previous {
    fn see(&mut self, text: &[u8], count: u32) {
        if !self.growing {
            return;
        }
        let key = |text: &[u8]| text.len();
        self.growing = count == 1
            && (!self.any || (key(&self.text), self.text.as_slice()) < (key(text), text));
        self.any = true;
        if self.growing {
            self.text.clear();
            self.text.extend_from_slice(text);
        }
    }
}
