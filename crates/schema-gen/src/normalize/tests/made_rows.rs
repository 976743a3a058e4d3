//! Lists in cells and columns side by side, as rows.

use ingest::ColumnType;

use super::{columns, suggested, titles};
use crate::model::{Misfits, SourceRows};
use crate::normalize::{accept_safe, apply, is_safe};
use crate::testing::{Files, arrows, file};
use crate::{Schema, finish_edit, validate};

fn months() -> String {
    file("store_id,region,jan,feb,mar,apr", 30, |row| {
        let cell = |month: u32| {
            if (row + month).is_multiple_of(7) {
                String::new()
            } else {
                format!("{}.{}", row * month, row % 10)
            }
        };
        format!(
            "{},Region {},{},{},{},{}",
            row + 1,
            row * 7 % 5,
            cell(1),
            cell(2),
            cell(3),
            cell(4)
        )
    })
}

fn movies() -> String {
    let genres = [
        "Drama; Comedy",
        "Comedy",
        "Action; Drama;Comedy",
        "Drama; Action",
        "",
    ];
    file("movie_id,title,genres", 60, |row| {
        format!("{},Title {row},{}", row + 1, genres[row as usize * 3 % 5])
    })
}

fn stored(schema: Schema, files: &Files) -> Vec<(String, u64, u64)> {
    let edited = finish_edit(schema, &files.sources, &|| true).unwrap();
    let tables = edited.forecast.tables.into_iter();
    tables
        .map(|table| (table.name, table.row_count, table.quarantined))
        .collect()
}

#[test]
fn months_side_by_side_become_rows() {
    let files = Files::new(&[("sales.csv", &months())]);
    let (schema, found) = suggested(&files);
    assert_eq!(
        titles(&found),
        ["Make rows of jan, feb, mar and apr in sales"]
    );
    assert!(is_safe(&found[0]));
    assert_eq!(
        found[0].evidence["proof"]["text"],
        "joined back: 30 of 30 rows are the same"
    );
    let after = accept_safe(schema, found);
    assert_eq!(validate(&after, &files.sources), []);
    assert_eq!(columns(&after, "sales"), "store_id region");
    assert_eq!(columns(&after, "sales_by_month"), "store_id month value");
    assert_eq!(after.tables[1].primary_key, ["store_id", "month"]);
    assert_eq!(
        arrows(&after),
        ["sales_by_month.store_id -> sales.store_id"]
    );
    let empty = months()
        .lines()
        .skip(1)
        .map(|line| line.matches(",,").count() + usize::from(line.ends_with(',')))
        .sum::<usize>() as u64;
    assert_eq!(
        stored(after, &files),
        [
            ("sales".to_owned(), 30, 0),
            ("sales_by_month".to_owned(), 30 * 4 - empty, 0)
        ]
    );
}

#[test]
fn years_are_numbers_and_the_common_word_names_the_cells() {
    let text = file(
        "country,population_2019,population_2020,population_2021",
        20,
        |row| {
            format!(
                "Land {row},{},{},{}",
                row * 1000 + 7,
                row * 1001 + 9,
                row * 1002 + 11
            )
        },
    );
    let files = Files::new(&[("lands.csv", &text)]);
    let (schema, found) = suggested(&files);
    let after = accept_safe(schema, found);
    assert_eq!(columns(&after, "lands_by_year"), "country year population");
    let years = &after.tables[1];
    assert_eq!(years.columns[1].column_type, ColumnType::Integer);
    assert_eq!(
        stored(after.clone(), &files)[1],
        ("lands_by_year".to_owned(), 60, 0)
    );
}

#[test]
fn lists_in_cells_become_rows_of_their_items() {
    let files = Files::new(&[("movies.csv", &movies())]);
    let (schema, found) = suggested(&files);
    assert_eq!(
        titles(&found),
        ["Give each item of genres in movies a row of its own"]
    );
    let after = apply(&schema, &found[0]).unwrap();
    assert_eq!(validate(&after, &files.sources), []);
    assert_eq!(columns(&after, "movies"), "movie_id title");
    assert_eq!(columns(&after, "movies_genres"), "movie_id genre");
    assert_eq!(after.tables[1].primary_key, ["movie_id", "genre"]);
    // 12 of each kind of cell: 2 + 1 + 3 + 2 items.
    assert_eq!(
        stored(after, &files)[1],
        ("movies_genres".to_owned(), 12 * 8, 0)
    );
}

#[test]
fn without_a_key_nothing_is_made_into_rows() {
    let text = file("region,jan,feb,mar", 40, |row| {
        format!("Region {},{},{},{}", row % 3, row % 4, row % 4, row % 2)
    });
    let files = Files::new(&[("sales.csv", &text)]);
    let (schema, found) = suggested(&files);
    assert!(schema.tables[0].primary_key.is_empty());
    assert_eq!(titles(&found), Vec::<&str>::new());
}

#[test]
fn columns_that_only_look_alike_stay() {
    for (name, text) in [
        // Two measures by year belong together.
        (
            "two.csv",
            file(
                "id,sales_2019,sales_2020,sales_2021,cost_2019,cost_2020,cost_2021",
                30,
                |row| {
                    format!(
                        "{},{},{},{},{},{},{}",
                        row + 1,
                        row * 3,
                        row * 5,
                        row * 7,
                        row,
                        row * 2,
                        row * 4
                    )
                },
            ),
        ),
        // Answers to different questions.
        (
            "answers.csv",
            file("id,question1,question2,question3", 30, |row| {
                format!(
                    "{},red {},old {},far {}",
                    row + 1,
                    row % 3,
                    row % 4,
                    row % 5
                )
            }),
        ),
        // Numbered measurements.
        (
            "sensor.csv",
            file("id,x1,x2,x3,x4", 30, |row| {
                format!(
                    "{},{},{},{},{}",
                    row + 1,
                    row * 3,
                    row * 5,
                    row * 7,
                    row * 11
                )
            }),
        ),
    ] {
        let (_, found) = suggested(&Files::new(&[(name, &text)]));
        assert_eq!(titles(&found), Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn numbered_columns_of_the_same_things_become_rows() {
    let text = file("film_id,year_made,actor1,actor2,actor3", 40, |row| {
        let third = if row.is_multiple_of(3) {
            String::new()
        } else {
            format!("Person {}", row * 5 % 17)
        };
        format!(
            "{},{},Person {},Person {},{third}",
            row + 1,
            1990 + row % 20,
            row % 11,
            row * 3 % 13
        )
    });
    let files = Files::new(&[("films.csv", &text)]);
    let (schema, found) = suggested(&files);
    let after = accept_safe(schema, found);
    assert_eq!(columns(&after, "films_actor"), "film_id number actor");
    assert_eq!(stored(after, &files)[1].2, 0);
}

#[test]
fn splits_and_rows_can_be_accepted_in_any_order() {
    let text = file(
        "visit_id,customer_id,customer_name,customer_city,jan,feb,mar",
        200,
        |row| {
            let customer = row * 7 % 25;
            format!(
                "{},{customer},Customer {customer},City {},{},{},{}",
                row + 1,
                customer * 5 % 11,
                row * 3 % 50,
                row * 11 % 40,
                row * 17 % 30
            )
        },
    );
    let files = Files::new(&[("visits.csv", &text)]);
    let (schema, found) = suggested(&files);
    assert_eq!(found.len(), 2, "{:?}", titles(&found));
    let one = apply(&apply(&schema, &found[0]).unwrap(), &found[1]).unwrap();
    let other = apply(&apply(&schema, &found[1]).unwrap(), &found[0]).unwrap();
    for table in &one.tables {
        assert_eq!(other.table(&table.name), Some(table));
    }
    assert_eq!(validate(&one, &files.sources), []);
    assert!(
        stored(one, &files)
            .iter()
            .all(|(_, _, set_aside)| *set_aside == 0)
    );
}

#[test]
fn cells_that_do_not_fit_are_counted_by_row() {
    let files = Files::new(&[("movies.csv", &movies())]);
    let (schema, found) = suggested(&files);
    let mut after = apply(&schema, &found[0]).unwrap();
    let genre = &mut after.tables[1].columns[1];
    genre.column_type = ColumnType::Integer;
    genre.misfits = Misfits::SetAside;
    assert_eq!(
        stored(after, &files)[1],
        ("movies_genres".to_owned(), 0, 12 * 8)
    );
}

#[test]
fn a_way_of_taking_rows_that_makes_no_sense_is_refused() {
    let files = Files::new(&[("sales.csv", &months()), ("movies.csv", &movies())]);
    let (schema, found) = suggested(&files);
    let after = accept_safe(schema, found);
    let faults = |change: &dyn Fn(&mut Schema)| -> Vec<String> {
        let mut edited = after.clone();
        change(&mut edited);
        let problems = validate(&edited, &files.sources);
        problems.into_iter().map(|problem| problem.field).collect()
    };
    let months = after
        .tables
        .iter()
        .position(|table| table.name == "sales_by_month")
        .unwrap();
    let genres = after
        .tables
        .iter()
        .position(|table| table.name == "movies_genres")
        .unwrap();
    let group = |change: &dyn Fn(&mut crate::model::ColumnGroup)| {
        faults(&|schema| {
            if let SourceRows::Unpivot(group) = &mut schema.tables[months].source.rows {
                change(group);
            }
        })
    };
    let list = |change: &dyn Fn(&mut crate::model::ListItems)| {
        faults(&|schema| {
            if let SourceRows::Split(list) = &mut schema.tables[genres].source.rows {
                change(list);
            }
        })
    };
    let path = |field: &str| vec![format!("tables[{months}].source.rows.unpivot.{field}")];
    assert_eq!(group(&|_| {}), Vec::<String>::new());
    assert_eq!(
        group(&|group| group.columns[1] = "may".to_owned()),
        path("columns[1]")
    );
    assert_eq!(
        group(&|group| group.columns[1] = "jan".to_owned()),
        path("columns[1]")
    );
    assert_eq!(
        group(&|group| group.names[1] = "jan".to_owned()),
        path("names[1]")
    );
    assert_eq!(
        group(&|group| {
            group.names.pop();
        }),
        path("names")
    );
    let missing = group(&|group| group.value_column = "amount".to_owned());
    assert!(
        missing.contains(&format!(
            "tables[{months}].source.rows.unpivot.value_column"
        )),
        "{missing:?}"
    );
    let path = |field: &str| vec![format!("tables[{genres}].source.rows.split.{field}")];
    assert_eq!(list(&|list| list.separator.clear()), path("separator"));
    assert_eq!(
        list(&|list| list.column = "title".to_owned()),
        path("column")
    );
    let alone = faults(&|schema| schema.tables[genres].primary_key = vec!["genre".to_owned()]);
    assert!(
        alone.contains(&format!("tables[{genres}].source.rows")),
        "{alone:?}"
    );
}
