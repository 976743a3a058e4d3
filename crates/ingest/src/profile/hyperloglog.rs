const PRECISION: u32 = 14;
const REGISTERS: usize = 1 << PRECISION;

/// Estimate of a distinct count in 16 KB: `HyperLogLog` (Flajolet et al. 2007), standard error 1.04 / sqrt(16384) = 0.8 %.
/// The hash has 64 bits, so no correction for large counts is needed.
#[derive(Debug)]
pub(crate) struct HyperLogLog {
    registers: Vec<u8>,
}

impl HyperLogLog {
    pub(crate) fn new() -> Self {
        Self {
            registers: vec![0; REGISTERS],
        }
    }

    pub(crate) fn add(&mut self, hash: u64) {
        let register = &mut self.registers[(hash >> (64 - PRECISION)) as usize];
        let rank = ((hash << PRECISION) | (1 << (PRECISION - 1))).leading_zeros() as u8 + 1;
        *register = (*register).max(rank);
    }

    pub(crate) fn count(&self) -> u64 {
        let size = REGISTERS as f64;
        let sum: f64 = self
            .registers
            .iter()
            .map(|rank| (-f64::from(*rank)).exp2())
            .sum();
        let raw = 0.7213 / (1.0 + 1.079 / size) * size * size / sum;
        let empty = memchr::memchr_iter(0, &self.registers).count();
        let estimate = if raw <= 2.5 * size && empty > 0 {
            size * (size / empty as f64).ln()
        } else {
            raw
        };
        estimate.round() as u64
    }
}
