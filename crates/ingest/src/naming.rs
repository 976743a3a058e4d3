//! What the name of a column says of its values.

/// What says that dates are of births.
const BIRTHS: &str = include_str!("naming/births.txt");
/// What says that digits are of telephones, accounts and the like.
const IDENTIFIERS: &str = include_str!("naming/identifiers.txt");

/// Whether the dates of a column called `name` are of births.
pub(crate) fn is_of_births(name: &str) -> bool {
    has_word_of(BIRTHS, name)
}

/// Whether the digits in a column called `name` count nothing.
pub(crate) fn is_of_identifiers(name: &str) -> bool {
    has_word_of(IDENTIFIERS, name)
}

fn has_word_of(list: &str, name: &str) -> bool {
    let name = spread_humps(name).to_lowercase();
    let mut words = name.split(|sign: char| !sign.is_alphabetic());
    let known = || {
        list.lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
    };
    words.any(|word| {
        known().any(|known| word == known || (known.chars().count() > 4 && word.contains(known)))
    })
}

/// `birthDate` as `birth Date`.
fn spread_humps(name: &str) -> String {
    let mut spread = String::with_capacity(name.len() + 4);
    let mut small = false;
    for sign in name.chars() {
        if sign.is_uppercase() && small {
            spread.push(' ');
        }
        small = sign.is_lowercase();
        spread.push(sign);
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_name_are_found_whatever_stands_between() {
        for name in [
            "birth_date",
            "BirthDate",
            "dateofbirth",
            "Geburtsdatum",
            "DOB",
            "Geb.-Datum",
        ] {
            assert!(is_of_births(name), "{name}");
        }
        assert!(!is_of_births("airborne") && !is_of_births("geber"));
        assert!(is_of_identifiers("Tel.") && is_of_identifiers("home_phone"));
        assert!(!is_of_identifiers("hotels") && !is_of_identifiers("amount"));
    }
}
