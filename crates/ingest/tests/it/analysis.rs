use ingest::{ColumnProfile, ColumnType};

use crate::analysed;

fn column(values: &[&str]) -> ColumnProfile {
    let mut text = "key,value\n".to_owned();
    for (row, value) in values.iter().enumerate() {
        text.push_str(&format!("k{row},\"{value}\"\n"));
    }
    analysed(text).columns.remove(1)
}

fn typed(values: &[&str]) -> (ColumnType, Option<String>) {
    let profile = column(values);
    (profile.column_type, profile.format)
}

fn shown(column_type: ColumnType, format: &str) -> (ColumnType, Option<String>) {
    (column_type, Some(format.to_owned()))
}

#[test]
fn a_column_narrows_only_without_loss() {
    assert_eq!(typed(&["1", "-20", "300"]), (ColumnType::Integer, None));
    assert_eq!(typed(&["0", "1", "1"]), (ColumnType::Integer, None));
    assert_eq!(
        typed(&["007", "123"]),
        shown(ColumnType::Text, "leading zeros")
    );
    assert_eq!(
        typed(&["1234567890123456789", "1234567890123456780"]).0,
        ColumnType::Text
    );
    assert_eq!(typed(&["+49301234", "+49309876"]).0, ColumnType::Text);
    assert_eq!(typed(&["1", "x"]).0, ColumnType::Text);
    assert_eq!(
        typed(&["0.12345678901234567890", "1.5"]).0,
        ColumnType::Text
    );
    assert_eq!(typed(&["1E5", "22"]).0, ColumnType::Text);
    assert_eq!(typed(&["1.2.3", "1.10.2"]).0, ColumnType::Text);
}

#[test]
fn fractions_are_real_and_money_is_decimal() {
    assert_eq!(typed(&["0.5", "1.25", "3"]), (ColumnType::Real, None));
    assert_eq!(typed(&["1e-05", "2.5e+10"]), (ColumnType::Real, None));
    assert_eq!(typed(&["19.99", "5.00"]), (ColumnType::Decimal, None));
    assert_eq!(
        typed(&["$1,234.50", "$3.00"]),
        shown(ColumnType::Decimal, "$1,234.56")
    );
    assert_eq!(
        typed(&["1.234,56 €", "7,00 €"]),
        shown(ColumnType::Decimal, "1.234,56 €")
    );
    assert_eq!(typed(&["12.5%", "7%"]), shown(ColumnType::Real, "1234.56%"));
    assert_eq!(typed(&["12%", "0.5"]).0, ColumnType::Text);
    assert_eq!(typed(&["$5", "€5"]).0, ColumnType::Text);
    assert_eq!(
        typed(&["1 234 567", "12"]),
        shown(ColumnType::Integer, "1 234")
    );
}

#[test]
fn extremes_mean_and_histogram_are_of_the_values() {
    let profile = column(&["1.000,5", "-2,5", "2,0"]);
    assert_eq!(
        (profile.min.as_deref(), profile.max.as_deref()),
        (Some("-2.5"), Some("1000.5"))
    );
    assert!((profile.mean.unwrap() - 1000.0 / 3.0).abs() < 1e-9);
    assert_eq!(
        profile.histogram.iter().map(|bin| bin.count).sum::<u64>(),
        3
    );
    assert!(profile.histogram.len() <= 20);
}

#[test]
fn one_thousand_or_one_and_a_bit() {
    assert_eq!(column(&["1,234", "2,500"]).max.as_deref(), Some("2500"));
    assert_eq!(column(&["1,234", "2,5"]).max.as_deref(), Some("2.5"));
}

#[test]
fn the_order_of_day_and_month_comes_from_all_values() {
    assert_eq!(
        typed(&["01.02.2020", "13.02.2020"]),
        shown(ColumnType::Date, "DD.MM.YYYY")
    );
    assert_eq!(
        typed(&["1/2/2020", "2/13/2020"]),
        shown(ColumnType::Date, "M/D/YYYY")
    );
    assert_eq!(
        typed(&["2020-01-31", "2020-02-29"]),
        shown(ColumnType::Date, "YYYY-MM-DD")
    );
    assert_eq!(
        typed(&["24 October 2011", "3 May 2012"]),
        shown(ColumnType::Date, "D MMMM YYYY")
    );
    assert_eq!(typed(&["2020-02-30", "2020-01-01"]).0, ColumnType::Text);
    assert_eq!(typed(&["13/02/2020", "02/13/2020"]).0, ColumnType::Text);
    assert_eq!(
        typed(&["2020-01-01 10:00", "2020-01-01 11:30"]),
        shown(ColumnType::Datetime, "YYYY-MM-DD HH:mm")
    );
    assert_eq!(
        column(&["01.02.2020", "13.01.2020"]).min.as_deref(),
        Some("2020-01-13")
    );
}

#[test]
fn an_open_order_is_said() {
    let analysis = analysed("id,day\n1,01/02/2020\n2,03/04/2020\n3,05/06/2020\n");
    let warning = analysis
        .warnings
        .iter()
        .find(|warning| warning.code == "ambiguous_dates")
        .unwrap();
    assert_eq!(warning.column.as_deref(), Some("day"));
}

#[test]
fn another_column_settles_the_order() {
    let analysis = analysed("from,to\n01/02/2020,13/02/2020\n03/04/2020,14/04/2020\n");
    assert_eq!(analysis.columns[0].format.as_deref(), Some("DD/MM/YYYY"));
    assert!(analysis.warnings.is_empty(), "{:?}", analysis.warnings);
}

#[test]
fn words_for_true_and_false() {
    assert_eq!(
        typed(&["yes", "no", "No"]),
        shown(ColumnType::Boolean, "yes/no")
    );
    assert_eq!(typed(&["T", "F"]), shown(ColumnType::Boolean, "t/f"));
    assert_eq!(typed(&["N", "N"]).0, ColumnType::Text);
    assert_eq!(typed(&["yes", "false"]).0, ColumnType::Text);
}

#[test]
fn markers_are_null_but_in_text() {
    let numbers = column(&["1", "NA", "2", "-", ""]);
    assert_eq!(
        (
            numbers.column_type,
            numbers.null_count,
            numbers.distinct_count
        ),
        (ColumnType::Integer, 3, 2)
    );
    let countries = column(&["DE", "NA", "FR"]);
    assert_eq!(
        (
            countries.column_type,
            countries.null_count,
            countries.distinct_count
        ),
        (ColumnType::Text, 0, 3)
    );
    let nothing = column(&["NA", "NA"]);
    assert_eq!(
        (nothing.column_type, nothing.null_count),
        (ColumnType::Text, 2)
    );
}

#[test]
fn a_few_misfits_keep_text_and_are_named() {
    let mut text = "id,n\n".to_owned();
    for row in 0..200 {
        text.push_str(&format!("r{row},{row}\n"));
    }
    text.push_str("r200,abc\n");
    let analysis = analysed(text);
    assert_eq!(analysis.columns[1].column_type, ColumnType::Text);
    let warning = analysis
        .warnings
        .iter()
        .find(|warning| warning.code == "mostly_numbers")
        .unwrap();
    assert_eq!(warning.line, Some(202));
    assert!(
        warning.message.contains("200 of 201") && warning.message.contains("abc"),
        "{}",
        warning.message
    );
}

#[test]
fn counts_distinct_and_frequent_values() {
    let profile = column(&["b", "a", "b", "c", "b", "a"]);
    assert_eq!(
        (
            profile.distinct_count,
            profile.distinct_exact,
            profile.is_unique
        ),
        (3, true, false)
    );
    let top: Vec<(&str, u64)> = profile
        .top_values
        .iter()
        .map(|each| (each.value.as_str(), each.count))
        .collect();
    assert_eq!(top, [("b", 3), ("a", 2), ("c", 1)]);
    assert!(column(&["x", "y"]).is_unique);
    assert!(!analysed("a,b\n1,x\n2,\n").columns[1].is_unique);
    assert_eq!(
        (
            profile.min.as_deref(),
            profile.max.as_deref(),
            profile.max_length
        ),
        (Some("a"), Some("c"), 1)
    );
}

#[test]
fn above_the_limit_distinct_is_an_estimate() {
    let mut text = "id,code\n".to_owned();
    for row in 0..250_000_u64 {
        text.push_str(&format!(
            "{row},{}\n",
            if row % 5 == 0 {
                0
            } else {
                row * 7919 % 1_000_003
            }
        ));
    }
    let analysis = analysed(text);
    let (id, code) = (&analysis.columns[0], &analysis.columns[1]);
    assert!(id.is_unique && id.distinct_count == 250_000);
    assert!(!code.distinct_exact && !code.is_unique);
    assert!(
        (code.distinct_count as f64 / 200_001.0 - 1.0).abs() < 0.03,
        "{}",
        code.distinct_count
    );
    assert_eq!(
        (code.top_values[0].value.as_str(), code.top_values[0].count),
        ("0", 50_000)
    );
    assert_eq!(
        code.histogram.iter().map(|bin| bin.count).sum::<u64>(),
        250_000
    );
}
