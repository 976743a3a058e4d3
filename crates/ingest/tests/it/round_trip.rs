use ingest::{
    ColumnType, Dialect, Options, Outcome, RecordReader, Unwatched, Value, ValueParser, analyse,
};
use proptest::prelude::*;

use crate::file;

fn dialect(delimiter: char, quote: char) -> Dialect {
    Dialect {
        delimiter,
        quote: Some(quote),
        ..Dialect::rfc4180()
    }
}

fn write(table: &[Vec<String>], dialect: &Dialect, line_end: &str) -> String {
    let quote = dialect.quote.unwrap();
    let mut text = "a,b,c".replace(',', &dialect.delimiter.to_string()) + line_end;
    for row in table {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                format!(
                    "{quote}{}{quote}",
                    cell.replace(quote, &format!("{quote}{quote}"))
                )
            })
            .collect();
        text += &(cells.join(&dialect.delimiter.to_string()) + line_end);
    }
    text
}

fn read(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
    let file = file(text);
    RecordReader::open(file.path(), dialect, 3)
        .unwrap()
        .map(|outcome| match outcome.unwrap() {
            Outcome::Row(record) => record
                .fields
                .into_iter()
                .map(Option::unwrap_or_default)
                .collect(),
            Outcome::Rejected(rejected) => panic!("{rejected:?}"),
        })
        .collect()
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(
        prop::collection::vec("[ -~äß€\n\r\t\"';,|]{0,12}", 3..=3),
        1..20,
    )
}

proptest! {
    #[test]
    fn cells_come_back_as_they_were_written(
        cells in table(),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|', ' ', '¦']),
        quote in prop::sample::select(vec!['"', '\'']),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let dialect = dialect(delimiter, quote);
        prop_assert_eq!(read(&write(&cells, &dialect, line_end), &dialect), cells);
    }

    #[test]
    fn the_csv_crate_reads_the_same(cells in table()) {
        let text = write(&cells, &dialect(',', '"'), "\n");
        let theirs: Vec<Vec<String>> = csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        prop_assert_eq!(read(&text, &dialect(',', '"')), theirs);
    }

    /// Whatever type a column gets, each of its values is read back, and different numbers stay different.
    #[test]
    fn every_value_of_a_column_survives_its_type(
        values in prop::collection::vec("-?[0-9]{1,4}([.,][0-9]{1,3})?|[a-c]{1,2}|0[0-9]{1,3}|[0-3][0-9]/[01][0-9]/20[12][0-9]", 1..12),
    ) {
        let text = values.iter().enumerate().fold("key;value\n".to_owned(), |text, (row, value)| text + &format!("k{row};{value}\n"));
        let file = file(&text);
        let analysis = analyse(file.path(), &Options::default(), &Unwatched).unwrap();
        prop_assume!(analysis.columns.len() == 2 && analysis.dialect.delimiter == ';');
        let profile = &analysis.columns[1];
        let parser = ValueParser::of(profile.column_type, profile, analysis.dialect.decimal);
        for outcome in RecordReader::open(file.path(), &analysis.dialect, 2).unwrap() {
            let Outcome::Row(record) = outcome.unwrap() else { panic!("rejected") };
            let raw = record.fields[1].as_deref().unwrap();
            let value = parser.parse(Some(raw));
            prop_assert!(value.is_ok(), "{:?} in {:?}", value, profile);
            let digits = |text: &str| text.trim_start_matches('-').replace(['.', ','], "").trim_start_matches('0').trim_end_matches('0').to_owned();
            match value.unwrap() {
                Value::Integer(number) if profile.column_type == ColumnType::Integer => {
                    prop_assert_eq!(digits(&number.to_string()), digits(raw));
                }
                Value::Real(number) => prop_assert_eq!(digits(&number.to_string()), digits(raw)),
                _ => {}
            }
        }
    }
}
