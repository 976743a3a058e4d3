//! Whether a text was read in the encoding that it was written in, by how its letters stand together.

use encoding_rs::Encoding;

use crate::encoding::Charset;
use crate::encoding::code_pages::CODE_PAGES;

/// Bytes of lines that are not ASCII that each candidate reads.
const LOOKED_AT_BYTES: usize = 64 * 1024;
/// Signs that stand within words or close to letters.
const BETWEEN_LETTERS: [char; 8] = ['’', '‘', '´', '·', '–', '—', '\u{ad}', '\u{a0}'];

/// The guess, or one of the encodings that the guesser does not know (of old Macs and of DOS) where the guess reads signs
/// and capitals within words, and the other hardly any.
pub(super) fn better_than(guess: &'static Encoding, lines: &[u8]) -> Charset {
    let lines = &lines[..lines.len().min(LOOKED_AT_BYTES)];
    let strange = oddities(&read(Charset::Standard(guess), lines));
    let high = lines.iter().filter(|byte| !byte.is_ascii()).count();
    if !guess.is_single_byte() || strange == 0 || strange * 7 < high {
        return Charset::Standard(guess);
    }
    let others = std::iter::once(Charset::Standard(encoding_rs::MACINTOSH))
        .chain(CODE_PAGES.iter().map(Charset::CodePage));
    let best = others
        .map(|charset| (oddities(&read(charset, lines)), charset))
        .min_by_key(|(oddities, _)| *oddities);
    match best {
        Some((fewest, charset)) if fewest * 4 <= strange => charset,
        _ => Charset::Standard(guess),
    }
}

fn read(charset: Charset, bytes: &[u8]) -> String {
    let mut text = Vec::new();
    match charset {
        Charset::Standard(encoding) => {
            return encoding.decode_without_bom_handling(bytes).0.into_owned();
        }
        Charset::CodePage(page) => page.decode(bytes, &mut text),
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Characters outside ASCII that no text has where they stand: controls, signs between letters, drawn lines, a capital
/// behind a small letter.
fn oddities(text: &str) -> usize {
    let characters: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| {
        place
            .and_then(|place| characters.get(place))
            .copied()
            .unwrap_or(' ')
    };
    let odd = |place: usize, character: char| {
        let (before, behind) = (at(place.checked_sub(1)), at(Some(place + 1)));
        if character.is_control() || matches!(character, '\u{fffd}' | '\u{2500}'..='\u{25ff}') {
            return true;
        }
        if character.is_alphabetic() {
            return character.is_uppercase() && before.is_lowercase();
        }
        (before.is_alphabetic() && behind.is_alphabetic()
            || before.is_alphabetic() && behind.is_ascii_lowercase())
            && !BETWEEN_LETTERS.contains(&character)
            || (behind.is_ascii_lowercase()
                && matches!(character, '…' | '‚' | '„' | '”' | '™' | '¤' | '¢' | '¶'))
    };
    characters
        .iter()
        .enumerate()
        .filter(|(place, character)| !character.is_ascii() && odd(*place, **character))
        .count()
}
