use ingest::{ColumnType, Value, ValueParser};

fn parse(column_type: ColumnType, format: Option<&str>, raw: &str) -> Value {
    ValueParser::new(column_type, format, '.')
        .parse(Some(raw))
        .unwrap()
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

#[test]
fn reads_cells_by_the_format_of_their_column() {
    assert_eq!(parse(ColumnType::Integer, None, " 42 "), Value::Integer(42));
    assert_eq!(
        parse(ColumnType::Integer, Some("1.234"), "-1.000"),
        Value::Integer(-1000)
    );
    assert_eq!(
        parse(ColumnType::Decimal, Some("1.234,56 €"), "1.234,50 €"),
        Value::Real(1234.5)
    );
    assert_eq!(
        parse(ColumnType::Decimal, Some("$1,234.56"), "($12.50)"),
        Value::Real(-12.5)
    );
    assert_eq!(
        parse(ColumnType::Real, Some("1234,56"), "0,125"),
        Value::Real(0.125)
    );
    assert_eq!(
        parse(ColumnType::Real, Some("1234.56%"), "12.5%"),
        Value::Real(12.5)
    );
    assert_eq!(
        parse(ColumnType::Boolean, Some("yes/no"), "No"),
        Value::Integer(0)
    );
    assert_eq!(
        parse(ColumnType::Date, Some("DD.MM.YYYY"), "31.12.2019"),
        text("2019-12-31")
    );
    assert_eq!(
        parse(ColumnType::Date, Some("M/D/YY"), "1/2/99"),
        text("1999-01-02")
    );
    assert_eq!(
        parse(ColumnType::Date, Some("MMMM D, YYYY"), "March 7, 1992"),
        text("1992-03-07")
    );
    assert_eq!(
        parse(
            ColumnType::Datetime,
            Some("YYYY-MM-DDTHH:mm:ss.fff±hh:mm"),
            "2024-05-01T10:00:00.250+02:00"
        ),
        text("2024-05-01 10:00:00.250+02:00")
    );
    assert_eq!(
        parse(
            ColumnType::Datetime,
            Some("M/D/YYYY hh:mm am/pm"),
            "5/1/2024 12:05 AM"
        ),
        text("2024-05-01 00:05:00")
    );
    assert_eq!(
        parse(ColumnType::Text, None, " as it is "),
        text(" as it is ")
    );
}

#[test]
fn markers_are_null_in_narrow_columns_only() {
    for marker in ["", "NA", "N/A", "null", "None", "-", "\\N"] {
        assert_eq!(parse(ColumnType::Integer, None, marker), Value::Null);
        assert_eq!(parse(ColumnType::Text, None, marker), text(marker));
        assert_eq!(
            parse(ColumnType::Text, Some("only null markers"), marker),
            Value::Null
        );
    }
    assert_eq!(
        ValueParser::new(ColumnType::Text, None, '.')
            .parse(None)
            .unwrap(),
        Value::Null
    );
}

#[test]
fn a_cell_of_another_type_is_an_error() {
    let error = ValueParser::new(ColumnType::Integer, None, '.')
        .parse(Some("abc"))
        .unwrap_err();
    assert_eq!(error.to_string(), "\"abc\" is not a whole number");
    for (column_type, format, raw) in [
        (ColumnType::Integer, None, "1.5"),
        (ColumnType::Integer, None, "007"),
        (ColumnType::Decimal, Some("$1234.56"), "€5.00"),
        (ColumnType::Date, Some("DD.MM.YYYY"), "31.02.2020"),
        (ColumnType::Boolean, Some("yes/no"), "maybe"),
    ] {
        assert!(
            ValueParser::new(column_type, format, '.')
                .parse(Some(raw))
                .is_err(),
            "{raw}"
        );
    }
}

#[test]
fn a_whole_number_is_one_by_its_worth_however_it_is_written() {
    let integer = |raw: &str| ValueParser::new(ColumnType::Integer, None, '.').parse(Some(raw));
    for (raw, number) in [
        ("1.0", 1),
        ("-12.000", -12),
        ("1.0e+03", 1000),
        ("1.5E3", 1500),
        ("1200e-2", 12),
        ("0.0", 0),
        ("-0.0", 0),
        ("9007199254740992.0", 1 << 53),
        ("123456789012345678", 123_456_789_012_345_678),
    ] {
        assert_eq!(integer(raw), Ok(Value::Integer(number)), "{raw}");
    }
    // Beyond 2^53 a program that writes fractions has lost the last digits.
    for raw in [
        "1.5",
        "1e-3",
        "1.05e+1",
        "9007199254740993.0",
        "1.0e+16",
        "1.0e+300",
        "1e5",
        "1234567890123456789",
        "007",
    ] {
        assert!(integer(raw).is_err(), "{raw}");
    }
    assert_eq!(
        parse(ColumnType::Integer, Some("1.234,56"), "1.234,00"),
        Value::Integer(1234)
    );
}

/// The column of a file with these values, read as `column_type`; `None` where the type does not take one.
fn reread(values: &[&str], column_type: ColumnType) -> Vec<Option<Value>> {
    let mut text = "n;v\n".to_owned();
    for (number, value) in values.iter().enumerate() {
        text.push_str(&format!("{number};{value}\n"));
    }
    let analysis = crate::analysed(text.as_bytes());
    let parser = ValueParser::of(column_type, &analysis.columns[1], analysis.dialect.decimal);
    let read = |raw: &&str| parser.parse(Some(raw).filter(|raw| !raw.is_empty()).copied());
    values.iter().map(|raw| read(raw).ok()).collect()
}

#[test]
fn one_stray_word_does_not_cost_a_column_its_way_of_writing() {
    let mut amounts = vec!["1.234,50"; 30];
    amounts.push("auf Anfrage");
    let read = reread(&amounts, ColumnType::Decimal);
    assert_eq!(read[0], Some(Value::Real(1234.5)));
    assert_eq!(read[30], None);

    let mut days = vec!["02/28/2024"; 30];
    days.extend(["03/04/2024", "soon"]);
    let read = reread(&days, ColumnType::Date);
    assert_eq!(read[0], Some(text("2024-02-28")));
    assert_eq!(read[30], Some(text("2024-03-04")), "the fourth of March");
    assert_eq!(read[31], None);

    // The stray ones come first, and one of them is a number of another notation.
    let mut prices = vec!["n. V.", "0.5"];
    prices.extend(["12,50 €"; 30]);
    let read = reread(&prices, ColumnType::Real);
    assert_eq!(read[0..2], [None, None]);
    assert_eq!(read[2], Some(Value::Real(12.5)));

    let mut moments = vec!["31.12.2024 08:30"; 30];
    moments.push("later");
    let read = reread(&moments, ColumnType::Datetime);
    assert_eq!(read[0], Some(text("2024-12-31 08:30:00")));
}

#[test]
fn what_was_nothing_is_nothing_under_every_type() {
    let numbers = [" 10", "11", "NA", "", "12 "];
    assert_eq!(
        reread(&numbers, ColumnType::Text),
        [
            Some(text("10")),
            Some(text("11")),
            Some(Value::Null),
            Some(Value::Null),
            Some(text("12"))
        ]
    );
    // In a column of text every character counts.
    let texts = [" 10", "NA", "Oslo"];
    assert_eq!(
        reread(&texts, ColumnType::Text),
        [Some(text(" 10")), Some(text("NA")), Some(text("Oslo"))]
    );
}

#[test]
fn a_profile_without_near_types_is_still_read() {
    let analysis = crate::analysed(b"n;v\n1;a\n2;b\n");
    let mut stored = serde_json::to_value(&analysis.columns[1]).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("near").is_none());
    let profile: ingest::ColumnProfile = serde_json::from_value(stored).unwrap();
    assert_eq!(profile, analysis.columns[1]);
    let comma = ValueParser::of(ColumnType::Real, &profile, ',');
    assert_eq!(comma.parse(Some("1,5")), Ok(Value::Real(1.5)));
}
