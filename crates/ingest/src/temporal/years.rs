//! Which year two digits mean.

use crate::naming;

/// The hundred years that two digits may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Years {
    first: u32,
}

/// Years of life that a date of birth may lie behind today.
const LIFE: i32 = 99;
/// Years that any other date may lie behind today; nineteen may lie before us, as the ends of contracts do.
const PAST: i32 = 80;
/// Before the first of the years, in the format of a column.
const SHOWN: &str = " from ";

impl Default for Years {
    /// POSIX: two digits from 69 on are of the last century. For whoever does not know what year it is.
    fn default() -> Self {
        Self { first: 1969 }
    }
}

impl Years {
    /// Those of a column called `name`, in the year `today`.
    pub(crate) fn of(name: &str, today: Option<i32>) -> Self {
        let Some(today) = today else {
            return Self::default();
        };
        let behind = if naming::is_of_births(name) {
            LIFE
        } else {
            PAST
        };
        Self {
            first: u32::try_from(today - behind).unwrap_or(0),
        }
    }

    pub(crate) fn year_of(self, digits: u32) -> u32 {
        let year = self.first / 100 * 100 + digits;
        if year < self.first { year + 100 } else { year }
    }

    pub(crate) fn last(self) -> u32 {
        self.first + 99
    }

    pub(crate) fn first(self) -> u32 {
        self.first
    }

    /// Behind a date's format.
    pub(crate) fn shown(self) -> String {
        format!("{SHOWN}{}", self.first)
    }

    /// Those that a format shows.
    pub(crate) fn in_format(format: &str) -> Self {
        let first = format
            .split_once(SHOWN)
            .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        first.map_or_else(Self::default, |first| Self { first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_lie_behind_us_and_other_dates_at_most_nineteen_years_before() {
        for (name, digits, year) in [
            ("birth_date", 45, 1945),
            ("BirthDate", 30, 1930),
            ("Geburtsdatum", 26, 2026),
            ("DOB", 27, 1927),
            ("date de naissance", 1, 2001),
            ("expires", 45, 2045),
            ("expires", 46, 1946),
            ("hired", 71, 1971),
            ("airborne", 40, 2040),
            ("dateofbirth", 40, 1940),
        ] {
            assert_eq!(
                Years::of(name, Some(2026)).year_of(digits),
                year,
                "{name} {digits}"
            );
        }
        assert_eq!(Years::of("birth", None).year_of(45), 2045);
        let years = Years::of("born", Some(2026));
        assert_eq!(
            Years::in_format(&format!("MM/DD/YY{}", years.shown())),
            years
        );
    }
}
