//! What columns hold, by the ways in which people and programs write it.

use ingest::{Analysis, ColumnType, Options, Unwatched, Value, ValueParser, analyse};

use crate::{analysed, file};

const THIS_YEAR: i32 = 2026;

fn of_year(text: &str) -> Analysis {
    let options = Options {
        this_year: Some(THIS_YEAR),
        ..Options::default()
    };
    analyse(file(text).path(), &options, &Unwatched).unwrap()
}

/// A file with one column of words and one called `name` that holds these values.
fn with_column(name: &str, values: &[&str]) -> String {
    let mut text = format!("key\t{name}\n");
    for (row, value) in values.iter().enumerate() {
        text.push_str(&format!("key {row}\t{value}\n"));
    }
    text
}

/// Type of the column, its values as they are stored, and the codes of the warnings about it.
fn read(name: &str, values: &[&str]) -> (ColumnType, Vec<Value>, Vec<String>) {
    let analysis = of_year(&with_column(name, values));
    let profile = &analysis.columns[1];
    let parser = ValueParser::of(profile.column_type, profile, analysis.dialect.decimal);
    let stored = values
        .iter()
        .map(|value| parser.parse(Some(value)).unwrap())
        .collect();
    let codes = analysis
        .warnings
        .iter()
        .filter(|warning| warning.column.as_deref() == Some(name))
        .map(|warning| warning.code.clone())
        .collect();
    (profile.column_type, stored, codes)
}

fn numbers(values: &[&str]) -> Vec<f64> {
    let (column_type, stored, _) = read("value", values);
    assert_ne!(column_type, ColumnType::Text, "{values:?}");
    let number = |value| match value {
        Value::Integer(whole) => whole as f64,
        Value::Real(number) => number,
        other => panic!("{other:?} of {values:?}"),
    };
    stored.into_iter().map(number).collect()
}

fn texts(name: &str, values: &[&str]) -> (ColumnType, Vec<String>) {
    let (column_type, stored, _) = read(name, values);
    let text = |value| match value {
        Value::Text(text) => text,
        other => panic!("{other:?} of {values:?}"),
    };
    (column_type, stored.into_iter().map(text).collect())
}

fn dates(values: &[&str]) -> Vec<String> {
    let (column_type, stored) = texts("on", values);
    assert!(
        matches!(column_type, ColumnType::Date | ColumnType::Datetime),
        "{values:?}"
    );
    stored
}

#[test]
fn signs_of_numbers_stand_before_behind_and_around() {
    assert_eq!(numbers(&["+7", "-3", "0"]), [7.0, -3.0, 0.0]);
    assert_eq!(numbers(&["+0.5%", "-1.25%"]), [0.5, -1.25]);
    assert_eq!(numbers(&["1.250,00-", "310,50"]), [-1250.0, 310.5]);
    assert_eq!(numbers(&["(12.50)", "3.00"]), [-12.5, 3.0]);
    assert_eq!(
        numbers(&["\u{2212}4.5", "\u{2013}3", "8"]),
        [-4.5, -3.0, 8.0]
    );
    assert_eq!(numbers(&["€ -5,00", "€ 6,50"]), [-5.0, 6.5]);
    assert_eq!(numbers(&["12,50 Kč", "7,00- Kč"]), [12.5, -7.0]);
    assert_eq!(numbers(&["kr. 1.200,50", "kr. 80,00"]), [1200.5, 80.0]);
    assert_eq!(numbers(&["1’234.50", "22’000.00"]), [1234.5, 22000.0]);
    assert_eq!(numbers(&["1\u{202f}234,5", "980,25"]), [1234.5, 980.25]);
}

#[test]
fn an_open_range_of_years_is_no_negative_number() {
    assert_eq!(read("active", &["1987-", "2003-"]).0, ColumnType::Text);
}

#[test]
fn digits_that_name_something_stay_text() {
    for (values, code) in [
        (vec!["+4930123456", "+4989765432"], "phone_numbers"),
        (vec!["612 000 111", "655 222 333"], "grouped_identifiers"),
        (
            vec!["11 222 333 444", "99 888 777 666"],
            "grouped_identifiers",
        ),
        (vec!["300.200.100", "300.200.101"], "grouped_identifiers"),
        (vec!["1 200", "34567"], "grouped_identifiers"),
        (
            vec!["192.168.100.200", "110.110.110.110"],
            "network_addresses",
        ),
        (vec!["3.9", "3.10", "3.11", "4.1"], "version_numbers"),
        (vec!["1.9", "1.10", "2", "2.1"], "version_numbers"),
    ] {
        let (column_type, stored, codes) = read("value", &values);
        assert_eq!(column_type, ColumnType::Text, "{values:?}");
        assert_eq!(codes, [code], "{values:?}");
        let as_written = |value: &&str| Value::Text((*value).to_owned());
        assert_eq!(stored, values.iter().map(as_written).collect::<Vec<_>>());
    }
}

#[test]
fn grouped_digits_are_no_numbers_where_the_name_says_so() {
    let (column_type, _, codes) = read("home_phone", &["555 123", "444 321"]);
    assert_eq!(column_type, ColumnType::Text);
    assert_eq!(codes, ["grouped_identifiers"]);
    assert_eq!(read("salary", &["45 000", "62 500"]).0, ColumnType::Integer);
}

#[test]
fn counts_and_measures_that_look_a_little_alike_stay_numbers() {
    assert_eq!(
        numbers(&["1 234 567", "12 000", "999"]),
        [1_234_567.0, 12_000.0, 999.0]
    );
    assert_eq!(
        numbers(&["3.755.251", "1.892.122"]),
        [3_755_251.0, 1_892_122.0]
    );
    assert_eq!(numbers(&["2.50", "3.1", "0.75"]), [2.5, 3.1, 0.75]);
    assert_eq!(numbers(&["4.10", "3.5", "3.25"]), [4.1, 3.5, 3.25]);
    assert_eq!(numbers(&["4.0", "3.75", "2.5"]), [4.0, 3.75, 2.5]);
    assert_eq!(numbers(&["1.10", "2.20", "3.30"]), [1.1, 2.2, 3.3]);
}

#[test]
fn errors_of_spreadsheets_and_impossible_dates_are_nothing_and_said() {
    let (column_type, stored, codes) = read("margin", &["10.5", "#DIV/0!", "#VALUE!", "20.25"]);
    assert_eq!(column_type, ColumnType::Real);
    assert_eq!(stored[1..3], [Value::Null, Value::Null]);
    assert_eq!(codes, ["counted_as_empty"]);

    let (column_type, stored, codes) = read("ended", &["2024-05-01", "0000-00-00"]);
    assert_eq!(column_type, ColumnType::Date);
    assert_eq!(stored[1], Value::Null);
    assert_eq!(codes, ["counted_as_empty"]);
}

#[test]
fn a_word_for_nothing_is_nothing_in_text_where_the_column_says_so() {
    let nulls = |name: &str, values: &[&str]| -> Vec<bool> {
        let (column_type, stored, _) = read(name, values);
        assert_eq!(column_type, ColumnType::Text);
        stored.iter().map(|value| *value == Value::Null).collect()
    };
    // A program's words.
    assert_eq!(nulls("city", &["Oslo", "NULL", "\\N"]), [false, true, true]);
    // Nothing else says nothing.
    assert_eq!(
        nulls("city", &["Oslo", "n/a", "Oslo"]),
        [false, true, false]
    );
    // No code looks like it.
    assert_eq!(nulls("code", &["AB1", "None", "QX7"]), [false, true, false]);
    // No name is written so.
    assert_eq!(
        nulls("city", &["Oslo", "nan", "Bergen"]),
        [false, true, false]
    );
    // A member of a list, a country, a surname, and an answer to a question.
    assert_eq!(nulls("gender", &["Female", "Male", "N/A"]), [false; 3]);
    assert_eq!(nulls("country", &["DE", "NA", "FR"]), [false; 3]);
    assert_eq!(nulls("language", &["deu", "nan", "fra"]), [false; 3]);
    assert_eq!(nulls("surname", &["Berg", "Null", "Dahl"]), [false; 3]);
    assert_eq!(nulls("allergies", &["Peanuts", "None", "Milk"]), [false; 3]);

    // Another column shows what the file means by it.
    let analysis = analysed("city;people\nOslo;5\nNone;None\nBergen;7\n");
    assert_eq!(analysis.columns[0].null_count, 1);
    assert_eq!(analysis.columns[0].format.as_deref(), Some("null: None"));
    let warning = analysis
        .warnings
        .iter()
        .find(|warning| warning.code == "counted_as_empty");
    assert_eq!(warning.unwrap().line, Some(3));
}

#[test]
fn what_a_spreadsheet_is_told_to_take_for_text_is_that_text() {
    let (column_type, stored) = texts("sku", &["=\"00123\"", "=\"00456\""]);
    assert_eq!(column_type, ColumnType::Text);
    assert_eq!(stored, ["00123", "00456"]);
}

#[test]
fn a_column_of_mostly_numbers_says_so() {
    let (column_type, _, codes) = read("weight", &["70", "82", "95", "64", "ask"]);
    assert_eq!(column_type, ColumnType::Text);
    assert_eq!(codes, ["mostly_numbers"]);
}

#[test]
fn months_are_known_by_their_names_in_the_languages_of_europe() {
    for (values, first) in [
        (["9 sept. 2025", "24 déc. 2025"], "2025-09-09"),
        (["3. März 2024", "24. Dez 2024"], "2024-03-03"),
        (
            ["5 de enero de 2023", "31 de diciembre de 2023"],
            "2023-01-05",
        ),
        (["12 gennaio 2022", "1 giu 2022"], "2022-01-12"),
        (["7 mrt 2021", "8 mei 2021"], "2021-03-07"),
        (["1 października 2020", "2 lis 2020"], "2020-10-01"),
        (["15 января 2019", "20 дек. 2019"], "2019-01-15"),
        (["6 Şubat 2018", "7 Ağu 2018"], "2018-02-06"),
        (["2 fevr 2017", "4 aout 2017"], "2017-02-02"),
        (["1st May 2016", "22nd June 2016"], "2016-05-01"),
    ] {
        assert_eq!(dates(&values)[0], first, "{values:?}");
    }
}

#[test]
fn moments_of_logs_and_mails_are_read() {
    for (value, moment) in [
        ("24/Dec/2024:10:00:01 +0100", "2024-12-24 10:00:01+01:00"),
        ("[24/Dec/2024:10:00:01 +0100]", "2024-12-24 10:00:01+01:00"),
        (
            "Tue, 24 Dec 2024 10:00:01 +0100",
            "2024-12-24 10:00:01+01:00",
        ),
        ("Tue Dec 24 10:00:01 2024", "2024-12-24 10:00:01"),
        ("Tue, 24 Dec 2024 10:00:01 GMT", "2024-12-24 10:00:01Z"),
        ("2024-12-24 10:00:01,250", "2024-12-24 10:00:01.250"),
    ] {
        assert_eq!(dates(&[value, value]), [moment, moment]);
    }
    // The 24th was a Tuesday: which of the two is right nobody knows.
    assert_eq!(
        read("at", &["Mon, 24 Dec 2024", "Mon, 24 Dec 2024"]).0,
        ColumnType::Text
    );
}

#[test]
fn two_digits_of_a_year_are_read_by_what_the_column_holds() {
    let days = ["03/15/45", "11/22/38"];
    let (_, stored, codes) = read("birth_date", &days);
    assert_eq!(stored[0], Value::Text("1945-03-15".to_owned()));
    assert_eq!(codes, ["two_digit_years"]);
    let (_, stored, _) = read("contract_end", &days);
    assert_eq!(stored[0], Value::Text("2045-03-15".to_owned()));
}

#[test]
fn times_of_several_offsets_keep_them_and_are_ordered_by_instant() {
    let analysis = of_year(&with_column(
        "at",
        &["2025-10-26T02:30:00+02:00", "2025-10-26T02:15:00+01:00"],
    ));
    let profile = &analysis.columns[1];
    assert_eq!(profile.max.as_deref(), Some("2025-10-26 02:15:00+01:00"));
    assert_eq!(analysis.warnings[0].code, "mixed_offsets");
}
