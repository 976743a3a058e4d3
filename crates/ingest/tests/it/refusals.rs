//! The negative tests of uploads that this crate answers for.

use std::io::Write;

use ingest::{IngestError, Options, Progress, Unwatched, analyse};
use tempfile::NamedTempFile;

use crate::{analysed, file, rows, try_analyse};

#[test]
fn f80_archives_workbooks_and_images_are_not_csv() {
    let cases: [(&[u8], &str, &str); 5] = [
        (b"\x1F\x8B\x08\0\0\0\0\0", "gzip", "unpack"),
        (
            b"PK\x03\x04\x14\0\0\0\0\0[Content_Types].xml",
            "Excel",
            "as CSV",
        ),
        (b"PK\x03\x04\x14\0\0\0data.csv", "ZIP", "unpack"),
        (b"\x89PNG\r\n\x1A\n\0\0\0", "PNG", "export"),
        (b"%PDF-1.7\n", "PDF", "export"),
    ];
    for (bytes, named, advised) in cases {
        let Err(IngestError::NotCsv { found, advice }) = try_analyse(bytes) else {
            panic!("{named} was read")
        };
        assert!(found.contains(named), "{found}");
        assert!(advice.contains(advised), "{advice}");
    }
}

#[test]
fn f81_a_nul_byte_is_refused_with_its_line() {
    let Err(IngestError::Malformed { line, .. }) = try_analyse("a,b\n1,2\n3,\0\n") else {
        panic!("read")
    };
    assert_eq!(line, 3);
}

#[test]
fn f81_invalid_utf8_is_decoded_as_what_it_is() {
    assert_eq!(rows(b"name,n\nJos\xE9,1\nRen\xE9e,2\n")[0][0], "José");
}

#[test]
fn f81_a_damaged_character_in_utf8_is_replaced_and_its_line_named() {
    let mut bytes = "name,n\n".as_bytes().to_vec();
    for _ in 0..50 {
        bytes.extend_from_slice("Zoë,1\n".as_bytes());
    }
    bytes.extend_from_slice(b"Zo\xEB,2\n");
    let analysis = analysed(&bytes);
    assert_eq!(analysis.dialect.encoding, "utf-8");
    assert_eq!(analysis.warnings[0].code, "repaired_bytes");
    assert_eq!(analysis.warnings[0].line, Some(52));
    assert_eq!(rows(&bytes)[50][0], "Zo\u{fffd}");
}

#[test]
fn f82_an_unclosed_quote_is_refused_with_its_line() {
    let error = try_analyse("a,b\n1,2\n3,\"open\n5,6\n7,8\n").unwrap_err();
    assert!(
        matches!(error, IngestError::Malformed { line: 3, .. }),
        "{error}"
    );
}

#[test]
fn f82_an_unclosed_quote_in_a_large_file_stops_at_the_limit() {
    let mut text = "a,b\n1,2\n3,\"open\n".to_owned();
    text.push_str(&"4,5\n".repeat(1_000_000));
    let error = try_analyse(text).unwrap_err();
    assert!(
        matches!(error, IngestError::FieldTooLong { line: 3, .. }),
        "{error}"
    );
}

#[test]
fn f82_a_field_of_ten_megabytes_is_refused() {
    let error = try_analyse(format!("a,b\n1,{}\n", "x".repeat(10_000_000))).unwrap_err();
    assert!(
        matches!(error, IngestError::FieldTooLong { line: 2, .. }),
        "{error}"
    );
}

#[test]
fn f82_a_hundred_thousand_columns_are_refused() {
    let error = try_analyse("x,".repeat(100_000) + "y\n").unwrap_err();
    assert!(
        matches!(error, IngestError::TooManyColumns { limit: 2000, .. }),
        "{error}"
    );
}

#[test]
fn nothing_and_blanks_are_empty() {
    for text in ["", "\n\n", "\u{feff}", "  \n \n"] {
        assert!(
            matches!(try_analyse(text), Err(IngestError::Empty)),
            "{text:?}"
        );
    }
}

#[test]
fn a_header_alone_is_a_table_without_rows() {
    let analysis = analysed("a,b,c\n");
    assert_eq!((analysis.columns.len(), analysis.row_count), (3, 0));
}

#[test]
fn a_watcher_cancels() {
    struct Impatient;
    impl Progress for Impatient {
        fn report(&self, rows: u64, _bytes: u64, _total_bytes: u64) -> bool {
            rows == 0
        }
    }
    let file = file("a,b\n".to_owned() + &"1,2\n".repeat(10_000));
    let error = analyse(file.path(), &Options::default(), &Impatient).unwrap_err();
    assert!(matches!(error, IngestError::Cancelled));
}

#[test]
fn bytes_without_sense_never_panic() {
    let mut state = 1_u64;
    for length in 0..300 {
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                b"ab1,;\"'\n\r\t \\#-.\xC3\xE9"[(state >> 40) as usize % 17]
            })
            .collect();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        let _ = analyse(file.path(), &Options::default(), &Unwatched);
    }
}
