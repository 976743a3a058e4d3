//! Tables of which a record is several rows.

use schema_gen::model::Misfits;

use super::*;
use crate::dataset::load::tests::made_rows::{MOVIES, genres, made, months};
use crate::dataset::load::tests::relationship;

/// Visits by month; those of January in line 3 are no number.
fn visits(misfits: Misfits) -> Case {
    let mut by_month = months();
    by_month.columns[2].misfits = misfits;
    let to_movies = relationship("by_month.id", "movies.id");
    Case::of(
        &[("movies.csv", MOVIES)],
        made(vec![by_month], vec![to_movies]),
    )
}

const VISITS: &str = "SELECT id || ' ' || month || ' ' || coalesce(visits, '-') FROM by_month WHERE id = 2 ORDER BY rowid";

#[test]
fn the_row_of_one_column_among_several_is_added_back_where_it_belongs() {
    let case = visits(Misfits::SetAside);
    assert_eq!(case.texts(VISITS), ["2 2 5", "2 3 6"]);
    let row = case.row("by_month", 3);
    let target = case.import.target();
    let detail = super::super::read_row(&target, &case.schema, &[], row).unwrap();
    assert_eq!(detail.listed.row.column.as_deref(), Some("jan"));
    let texts: Vec<_> = detail
        .fields
        .iter()
        .map(|field| (field.column.as_str(), field.text.as_deref()))
        .collect();
    let expected = [
        ("id", Some("2")),
        ("month", Some("1")),
        ("visits", Some("x")),
    ];
    assert_eq!(texts, expected);
    assert_eq!(detail.fields[2].source_column.as_deref(), Some("jan"));

    let faults = case.faults(row, &[("month", Some("2"))]);
    assert_eq!(faults[0].column.as_deref(), Some("month"));
    assert!(case.mended(row, &[("visits", Some("4"))]).stored);
    assert_eq!(case.texts(VISITS), ["2 1 4", "2 2 5", "2 3 6"]);
    case.recounted();
}

#[test]
fn an_emptied_cell_among_columns_side_by_side_is_filled() {
    let case = visits(Misfits::Empty);
    assert_eq!(case.texts(VISITS), ["2 1 -", "2 2 5", "2 3 6"]);
    let cell = case.cell("by_month", 3);
    let target = case.import.target();
    let fault = super::super::mend_cell(&target, &case.schema, &[], (cell, "four"), false).unwrap();
    assert!(fault.is_some());
    let fault = super::super::mend_cell(&target, &case.schema, &[], (cell, "4"), false).unwrap();
    assert_eq!(fault, None);
    assert_eq!(case.texts(VISITS), ["2 1 4", "2 2 5", "2 3 6"]);
    case.recounted();
}

#[test]
fn an_item_of_a_list_is_mended_without_the_others() {
    let moods = "name,mood\nDrama,sad\nComedy,glad\n";
    let case = Case::of(
        &[("movies.csv", MOVIES), ("moods.csv", moods)],
        made(
            vec![
                genres(),
                table("moods", &["name"], &["name TEXT", "mood TEXT"]),
            ],
            vec![
                relationship("of_genre.id", "movies.id"),
                strict("of_genre.genres", "moods.name"),
            ],
        ),
    );
    let all = "SELECT id || ' ' || genres FROM of_genre ORDER BY rowid";
    assert_eq!(case.texts(all), ["1 Drama", "1 Comedy", "3 Comedy"]);
    let row = case.row("of_genre", 4);
    let detail = super::super::read_row(&case.import.target(), &case.schema, &[], row).unwrap();
    assert_eq!(detail.fields[1].text.as_deref(), Some("Action"));
    // Comedy is there already for this record.
    case.faults(row, &[("genres", Some("Comedy"))]);
    assert!(case.mended(row, &[("genres", Some("Drama"))]).stored);
    assert_eq!(
        case.texts(all),
        ["1 Drama", "1 Comedy", "3 Comedy", "3 Drama"]
    );
    case.recounted();
}
