//! Lines that a warning speaks of: the first few by number, and how many there are.

/// How many are named one by one.
pub(crate) const NAMED_LINES: u64 = 5;

#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    named: Vec<u64>,
    pub count: u64,
}

impl Lines {
    pub(crate) fn add(&mut self, line: u64) {
        if self.count < NAMED_LINES {
            self.named.push(line);
        }
        self.count += 1;
    }

    pub(crate) fn first(&self) -> Option<u64> {
        self.named.first().copied()
    }

    /// `3, 8, 12, 20, 21 and more`
    pub(crate) fn listed(&self) -> String {
        let named: Vec<String> = self.named.iter().map(u64::to_string).collect();
        let more = if self.count > NAMED_LINES {
            " and more"
        } else {
            ""
        };
        named.join(", ") + more
    }
}
