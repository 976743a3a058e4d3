//! Bytes that are not ASCII: whole UTF-8, damaged UTF-8, and what it takes to guess.

use ingest::{Analysis, Dialect, Options, RecordReader, Unwatched, Warning, analyse};

use crate::{analysed, file, rows};

fn warning<'a>(analysis: &'a Analysis, code: &str) -> Option<&'a Warning> {
    analysis
        .warnings
        .iter()
        .find(|warning| warning.code == code)
}

#[test]
fn damaged_characters_of_utf8_are_replaced_and_their_lines_named() {
    for bytes in [
        &b"town,n\nK\xC3\xB6ln,1\nM\xC3\xBCnster,2\nD\xFCren,3\n"[..],
        // Cut off within a character.
        b"n,town\n1,K\xC3\xB6ln\n2,M\xC3\xBCnster\n3,D\xC3",
    ] {
        let analysis = analysed(bytes);
        assert_eq!(analysis.dialect.encoding, "utf-8");
        let text = rows(bytes).concat().concat();
        assert!(
            text.contains("Köln") && text.contains("D\u{fffd}"),
            "{text}"
        );
        assert_eq!(warning(&analysis, "repaired_bytes").unwrap().line, Some(4));
        assert!(warning(&analysis, "guessed_encoding").is_none());
    }
}

#[test]
fn a_character_that_two_pieces_of_the_file_share_is_whole() {
    // Files are read by 128 KiB; one of these lines ends behind the first byte of its last letter there.
    for shift in 0..4 {
        let mut text = "x".repeat(shift + 1) + ",n\n";
        while text.len() < 300 * 1024 {
            text.push_str("Å€ø,1\n");
        }
        let analysis = analysed(&text);
        assert!(analysis.warnings.is_empty(), "{:?}", analysis.warnings);
        assert_eq!(analysis.columns[0].distinct_count, 1);
    }
}

#[test]
fn quotes_that_became_controls_are_quotes() {
    let text = "name,n\n\u{91}Zo\u{eb}\u{92} \u{96} 5 \u{80},1\nAnn,2\n";
    assert_eq!(rows(text)[0][0], "‘Zoë’ – 5 €");
    assert!(warning(&analysed(text), "repaired_controls").is_some());
}

#[test]
fn text_of_old_macs_and_of_dos_is_not_taken_for_windows() {
    let mac = b"name;town\nJos\x8E;K\x9Aln\nRen\x8Ee;M\x9Fnchen\nFran\x8Doise;Gen\x8Fve\n";
    let dos = b"name;town\nJos\x82;K\x94ln\nRen\x82e;M\x81nchen\nFran\x87oise;Gen\x8Ave\n";
    for (encoding, bytes) in [("macintosh", &mac[..]), ("ibm850", dos)] {
        let analysis = analysed(bytes);
        assert_eq!(analysis.dialect.encoding, encoding);
        assert_eq!(
            rows(bytes),
            [
                ["José", "Köln"],
                ["Renée", "München"],
                ["Françoise", "Genève"]
            ]
        );
        assert!(warning(&analysis, "guessed_encoding").is_some());
    }
}

#[test]
fn text_of_windows_stays_so() {
    for (encoding, text) in [
        (
            "windows-1252",
            "name;town\nJosé;Köln\nRenée – “Zoë”;München\nFrançoise;Genève, 5€\n",
        ),
        (
            "windows-1251",
            "имя;город\nИван;Москва\nМария;Казань\nПётр;Тверь\n",
        ),
        (
            "windows-1250",
            "imię;miasto\nŁukasz;Łódź\nŚwiętosława;Częstochowa\nBożena;Kraków\n",
        ),
    ] {
        let charset = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap();
        let (bytes, _, lossy) = charset.encode(text);
        assert!(!lossy);
        let analysis = analysed(&bytes);
        assert_eq!(analysis.dialect.encoding, encoding);
        assert_eq!(analysis.columns[0].column, text.split(';').next().unwrap());
    }
}

#[test]
fn a_code_page_can_be_chosen() {
    let file = file(b"town\nP\xF0za\n");
    let dialect = Dialect {
        encoding: "ibm852".to_owned(),
        ..Dialect::rfc4180()
    };
    let options = Options {
        dialect: Some(dialect),
        ..Options::default()
    };
    let analysis = analyse(file.path(), &options, &Unwatched).unwrap();
    assert!(warning(&analysis, "guessed_encoding").is_none());
    let mut reader = RecordReader::open(file.path(), &analysis.dialect, 1).unwrap();
    assert!(reader.next().unwrap().is_ok());
}
