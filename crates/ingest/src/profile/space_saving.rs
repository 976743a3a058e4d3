use std::collections::HashMap;

use crate::profile::hash::KeyedByHash;

const COUNTERS: usize = 64;
const MAX_TEXT_BYTES: usize = 512;

/// Frequent values in bounded memory: space-saving (Metwally, Agrawal, El Abbadi 2005) with 64 counters. A value that
/// makes up more than 1/64 of what was added is among them.
#[derive(Debug)]
pub(crate) struct SpaceSaving {
    places: HashMap<u64, usize, KeyedByHash>,
    counters: Vec<Counter>,
}

#[derive(Debug)]
struct Counter {
    hash: u64,
    text: Box<[u8]>,
    count: u64,
    /// What the value may have been overcounted by.
    error: u64,
}

impl SpaceSaving {
    pub(crate) fn new() -> Self {
        Self {
            places: HashMap::default(),
            counters: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, hash: u64, text: &[u8]) {
        if let Some(place) = self.places.get(&hash) {
            self.counters[*place].count += 1;
            return;
        }
        if text.len() > MAX_TEXT_BYTES {
            return;
        }
        if self.counters.len() < COUNTERS {
            self.places.insert(hash, self.counters.len());
            self.counters.push(Counter {
                hash,
                text: text.into(),
                count: 1,
                error: 0,
            });
            return;
        }
        let Some((place, least)) = self
            .counters
            .iter_mut()
            .enumerate()
            .min_by_key(|(_, counter)| counter.count)
        else {
            return;
        };
        self.places.remove(&least.hash);
        self.places.insert(hash, place);
        *least = Counter {
            hash,
            text: text.into(),
            count: least.count + 1,
            error: least.count,
        };
    }

    /// Values with the least number of times they were added.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.counters
            .iter()
            .map(|counter| (&*counter.text, counter.count - counter.error))
    }
}
