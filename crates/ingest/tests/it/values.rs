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
