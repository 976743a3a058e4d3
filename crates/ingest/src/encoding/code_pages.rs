//! Code pages of DOS, which browsers do not know and programs of that time still write.

use std::sync::OnceLock;

/// Bytes from 0x80 on as the characters of a code page; those below are ASCII.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CodePage {
    pub label: &'static str,
    high: &'static str,
}

/// Source: the mappings of the Unicode Consortium, MICSFT/PC/CP437.TXT, CP850.TXT and CP852.TXT.
pub(crate) const CODE_PAGES: [CodePage; 3] = [
    CodePage {
        label: "ibm850",
        high: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    },
    CodePage {
        label: "ibm852",
        high: "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
    },
    CodePage {
        label: "ibm437",
        high: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    },
];

impl CodePage {
    pub(crate) fn of(label: &str) -> Option<&'static Self> {
        CODE_PAGES.iter().find(|page| page.label == label)
    }

    /// Appends the bytes as UTF-8.
    pub(crate) fn decode(&'static self, bytes: &[u8], out: &mut Vec<u8>) {
        let characters = self.characters();
        for byte in bytes {
            match byte.checked_sub(0x80) {
                None => out.push(*byte),
                Some(high) => {
                    let character = characters.get(usize::from(high)).copied();
                    let mut encoded = [0; 4];
                    let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                    out.extend_from_slice(character.encode_utf8(&mut encoded).as_bytes());
                }
            }
        }
    }

    fn characters(&'static self) -> &'static [char] {
        static KNOWN: [OnceLock<Vec<char>>; CODE_PAGES.len()] =
            [const { OnceLock::new() }; CODE_PAGES.len()];
        let place = CODE_PAGES.iter().position(|page| page.label == self.label);
        KNOWN[place.unwrap_or(0)].get_or_init(|| self.high.chars().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_has_a_character_for_each_byte() {
        for page in &CODE_PAGES {
            assert_eq!(page.characters().len(), 128, "{}", page.label);
        }
        let mut text = Vec::new();
        CODE_PAGES[0].decode(b"K\x94ln, Stra\xE1e", &mut text);
        assert_eq!(text, "Köln, Straße".as_bytes());
    }
}
