//! Texts without what people and models leave out: case, accents, blanks.

/// Whether two texts differ in case, accents and blanks alone.
pub(crate) fn same_letters(left: &str, right: &str) -> bool {
    letters(left).eq(letters(right))
}

/// Letters, digits and signs, small and plain.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !is_combining(*letter))
        .flat_map(char::to_lowercase)
        .flat_map(|letter| plain(letter).chars().chain(own(letter)))
}

fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The letter itself, where it has no plain form.
fn own(letter: char) -> Option<char> {
    (plain(letter).is_empty() && !is_combining(letter)).then_some(letter)
}

/// What stands for a Latin letter with an accent (Latin-1 Supplement and Latin Extended-A of Unicode); empty for others.
fn plain(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::same_letters;

    #[test]
    fn case_accents_and_blanks_are_overlooked_and_nothing_else() {
        for (left, right) in [
            ("germany", "Germany"),
            ("Sao Paulo", "São  Paulo"),
            ("Zu\u{308}rich", "zurich"),
            ("Straße", "STRASSE"),
            ("NewYork", "New York "),
        ] {
            assert!(same_letters(left, right), "{left} {right}");
        }
        for (left, right) in [
            ("Germany", "German"),
            ("a-b", "a b"),
            ("1", "2"),
            ("東京", "京都"),
        ] {
            assert!(!same_letters(left, right), "{left} {right}");
        }
    }
}
