//! Names of months and days of the week.

use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::Weekday;

const MONTHS: &str = include_str!("months.txt");
const LONGEST_CHARS: usize = 12;
/// English, as RFC 5322 and ctime have them.
const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("mon", "monday", Weekday::Mon),
    ("tue", "tuesday", Weekday::Tue),
    ("wed", "wednesday", Weekday::Wed),
    ("thu", "thursday", Weekday::Thu),
    ("fri", "friday", Weekday::Fri),
    ("sat", "saturday", Weekday::Sat),
    ("sun", "sunday", Weekday::Sun),
];

/// Month, whether its name is written out (`None` where the name does not tell, as `May`), and where the name ends.
pub(super) fn month_name(text: &str, at: usize) -> Option<(u32, Option<bool>, usize)> {
    let (name, end) = word(text, at)?;
    let month = *months().get(&name)?;
    let long = match name.chars().count() {
        0..=3 => (!["may", "mai", "maj", "mei"].contains(&name.as_str())).then_some(false),
        4 => None,
        _ => Some(true),
    };
    Some((month, long, end))
}

/// The day of the week that the text begins with, and where its name ends.
pub(super) fn weekday(text: &str) -> Option<(Weekday, usize)> {
    let (name, end) = word(text, 0)?;
    WEEKDAYS
        .iter()
        .find(|(short, long, _)| name == *short || name == *long)
        .map(|(_, _, day)| (*day, end))
}

/// The word at `at` in small letters without accents, and where it ends.
fn word(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = text.get(at..)?;
    let len = rest
        .find(|sign: char| !sign.is_alphabetic())
        .unwrap_or(rest.len());
    let name = &rest[..len];
    let chars = name.chars().count();
    (3..=LONGEST_CHARS)
        .contains(&chars)
        .then(|| (folded(name), at + len))
}

fn months() -> &'static HashMap<String, u32> {
    static KNOWN: OnceLock<HashMap<String, u32>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let languages = MONTHS.lines().filter(|line| !line.starts_with('#'));
        languages
            .flat_map(|line| line.split_whitespace().skip(1).zip(1..))
            .flat_map(|(names, month)| names.split('|').map(move |name| (folded(name), month)))
            .collect()
    })
}

/// In small letters, and without the accents that people leave out.
fn folded(name: &str) -> String {
    let plain = |sign: char| match sign {
        'á' | 'à' | 'â' | 'ä' | 'ā' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ě' | 'ē' => 'e',
        'í' | 'ì' | 'î' | 'ī' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ū' => 'u',
        'ç' | 'č' | 'ć' => 'c',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ź' | 'ž' | 'ż' => 'z',
        'ń' | 'ň' => 'n',
        'ğ' => 'g',
        _ => sign,
    };
    let small = name.chars().flat_map(char::to_lowercase);
    // The dotted capital of Turkish leaves its dot behind as a character of its own.
    small.filter(|sign| *sign != '\u{307}').map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_for_two_months() {
        let mut known: HashMap<String, usize> = HashMap::new();
        for line in MONTHS.lines().filter(|line| !line.starts_with('#')) {
            let months: Vec<&str> = line.split_whitespace().skip(1).collect();
            assert_eq!(months.len(), 12, "{line}");
            for (month, names) in months.iter().enumerate() {
                for name in names.split('|') {
                    assert_eq!(*known.entry(folded(name)).or_insert(month), month, "{name}");
                }
            }
        }
    }
}
