use crate::HistogramBin;

const BUFFER: usize = 1024;
const FINE_BINS: usize = 256;
const SHOWN_BINS: usize = 20;

/// Histogram of numbers in one pass and bounded memory.
///
/// The first 1,024 values are kept and binned exactly. From then on 256 equal bins cover their range; a value outside
/// doubles the range and merges bins in pairs. Counts of bins are always exact; only where their edges lie depends on
/// the data seen first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    buffer: Vec<f64>,
    bins: Vec<u64>,
    low: f64,
    width: f64,
}

impl Histogram {
    pub(crate) fn add(&mut self, value: f64) {
        if self.bins.is_empty() {
            self.buffer.push(value);
            if self.buffer.len() == BUFFER {
                self.start_bins();
            }
        } else {
            self.count(value);
        }
    }

    fn start_bins(&mut self) {
        let low = self.buffer.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self
            .buffer
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let span = high - low;
        if !span.is_finite() {
            return;
        }
        self.low = low;
        // A little wider than the range, so that the highest value falls into the last bin.
        self.width = if span > 0.0 {
            span * 1.000_001 / FINE_BINS as f64
        } else {
            low.abs().max(1.0) * 1e-6
        };
        self.bins = vec![0; FINE_BINS];
        for value in std::mem::take(&mut self.buffer) {
            self.count(value);
        }
    }

    fn count(&mut self, value: f64) {
        loop {
            let offset = (value - self.low) / self.width;
            if offset < 0.0 {
                if !self.widen(true) {
                    return;
                }
            } else if offset >= FINE_BINS as f64 {
                if !self.widen(false) {
                    return;
                }
            } else {
                self.bins[(offset as usize).min(FINE_BINS - 1)] += 1;
                return;
            }
        }
    }

    /// Doubles the range downwards or upwards; `false` where a double cannot hold it.
    fn widen(&mut self, downwards: bool) -> bool {
        let span = self.width * FINE_BINS as f64;
        if !(span * 2.0).is_finite() || !(self.low - span).is_finite() {
            return false;
        }
        let merged: Vec<u64> = self
            .bins
            .chunks_exact(2)
            .map(|pair| pair[0] + pair[1])
            .collect();
        let empty = vec![0; FINE_BINS / 2];
        self.bins = if downwards {
            [empty, merged].concat()
        } else {
            [merged, empty].concat()
        };
        if downwards {
            self.low -= span;
        }
        self.width *= 2.0;
        true
    }

    /// At most 20 bins from `min` to `max`.
    pub(crate) fn finish(&self, min: f64, max: f64) -> Vec<HistogramBin> {
        if self.bins.is_empty() {
            self.exact(min, max)
        } else {
            self.grouped(min, max)
        }
    }

    fn exact(&self, min: f64, max: f64) -> Vec<HistogramBin> {
        let span = max - min;
        if self.buffer.is_empty() || !span.is_finite() {
            return Vec::new();
        }
        let whole = self.buffer.iter().all(|value| value.fract() == 0.0);
        let count = if span == 0.0 {
            1
        } else if whole && span < SHOWN_BINS as f64 {
            span as usize + 1
        } else {
            SHOWN_BINS
        };
        // Few whole numbers get a bin each; the last bin includes `max` in any case.
        let width = if whole && count < SHOWN_BINS && span > 0.0 {
            1.0
        } else {
            span / count as f64
        };
        let mut counts = vec![0; count];
        for value in &self.buffer {
            let at = if width > 0.0 {
                ((value - min) / width) as usize
            } else {
                0
            };
            counts[at.min(count - 1)] += 1;
        }
        let edge = |at: usize| {
            if at == count {
                (min + width * at as f64).max(max)
            } else {
                min + width * at as f64
            }
        };
        counts
            .iter()
            .enumerate()
            .map(|(at, count)| HistogramBin {
                low: edge(at),
                high: edge(at + 1),
                count: *count,
            })
            .collect()
    }

    fn grouped(&self, min: f64, max: f64) -> Vec<HistogramBin> {
        let first = self.bins.iter().position(|count| *count > 0).unwrap_or(0);
        let last = self.bins.iter().rposition(|count| *count > 0).unwrap_or(0);
        let used = &self.bins[first..=last];
        let size = used.len().div_ceil(SHOWN_BINS);
        let groups = used.len().div_ceil(size);
        let edge = |group: usize| self.low + self.width * (first + group * size) as f64;
        used.chunks(size)
            .enumerate()
            .map(|(group, counts)| HistogramBin {
                low: if group == 0 { min } else { edge(group) },
                high: if group + 1 == groups {
                    max
                } else {
                    edge(group + 1)
                },
                count: counts.iter().sum(),
            })
            .collect()
    }
}
