use ingest::{Options, Outcome, RecordReader, Unwatched, analyse};

use crate::{analysed, file, outcomes, rows};

#[test]
fn short_rows_are_padded_and_counted() {
    let mut text = "a,b,c\n".to_owned() + &"1,2,3\n".repeat(20);
    text.push_str(&"4,5\n".repeat(8));
    assert_eq!(rows(&text).last().unwrap(), &["4", "5", "∅"]);
    let ragged: Vec<_> = analysed(&text)
        .warnings
        .into_iter()
        .filter(|warning| warning.code == "ragged_row")
        .collect();
    assert_eq!(ragged.len(), 6);
    assert_eq!(ragged[0].line, Some(22));
    assert!(ragged[5].message.starts_with("8 records"));
}

#[test]
fn a_row_with_more_values_than_columns_is_rejected_whole() {
    let found = outcomes("a,b\n1,2\n3,4,5\n6,7,\n");
    let Outcome::Rejected(rejected) = &found[1] else {
        panic!("{found:?}")
    };
    assert_eq!((rejected.line, rejected.raw.as_str()), (3, "3,4,5"));
    assert_eq!(rejected.reason, "3 fields where the table has 2 columns");
    assert!(matches!(found[2], Outcome::Row(_)));
}

#[test]
fn rows_that_all_have_more_fields_than_the_header_widen_the_table() {
    let analysis = analysed("one,two,three\n1,2,3,4\n1,2,3,4\n1,2,3,4\n");
    assert_eq!(analysis.columns.len(), 4);
    assert_eq!((analysis.row_count, analysis.rejected_count), (3, 0));
}

#[test]
fn lines_count_breaks_inside_quotes() {
    let found = outcomes("a,b\n1,\"x\ny\nz\"\n\n2,w\n3,v,u\n");
    let lines: Vec<u64> = found
        .iter()
        .map(|outcome| match outcome {
            Outcome::Row(record) => record.line,
            Outcome::Rejected(rejected) => rejected.line,
        })
        .collect();
    assert_eq!(lines, [2, 6, 7]);
}

#[test]
fn an_absent_field_is_null_and_a_quoted_empty_one_is_text() {
    assert_eq!(rows("a,b\nx,\ny,\"\"\n"), [["x", "∅"], ["y", ""]]);
}

#[test]
fn blank_rows_are_no_rows() {
    assert_eq!(
        rows("a,b\n1,2\n\n,\n  ,\n3,4\n,,\n"),
        [["1", "2"], ["3", "4"]]
    );
}

#[test]
fn every_record_comes_out_once() {
    let mut text = "id,name\n".to_owned();
    for row in 0..30_000 {
        text.push_str(&format!("{row},\"name {row}\"\n"));
    }
    let file = file(&text);
    let analysis = analyse(file.path(), &Options::default(), &Unwatched).unwrap();
    let reader = RecordReader::open(file.path(), &analysis.dialect, 2).unwrap();
    let page: Vec<Outcome> = reader
        .skip(29_998)
        .take(5)
        .collect::<Result<_, _>>()
        .unwrap();
    let Outcome::Row(last) = &page[1] else {
        panic!("{page:?}")
    };
    assert_eq!(page.len(), 2);
    assert_eq!(last.line, 30_001);
    assert_eq!(
        last.fields,
        [Some("29999".to_owned()), Some("name 29999".to_owned())]
    );
}
