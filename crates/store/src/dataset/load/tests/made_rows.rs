//! Records that are several rows: items of lists, and columns side by side. The forecast says what the import does.

use schema_gen::Schema;
use schema_gen::model::{
    ColumnGroup, ListItems, Misfits, Orphans, Relationship, SourceRows, Table,
};

use super::foretold::foretold;
use super::{Import, account, accounts, column, relationship, schema, strict, table};

pub(in crate::dataset) const MOVIES: &str = "id,title,genres,jan,feb,mar\n\
    1,One,Drama; Comedy,10,20,\n\
    2,Two,,x,5,6\n\
    3,Three, Comedy ;;Action,7,,8\n";

fn rows_of(name: &str, key: &[&str], columns: &[&str], rows: SourceRows) -> Table {
    let mut made = table(name, key, columns);
    made.source.csv_id = "movies".to_owned();
    made.source.rows = rows;
    made
}

pub(in crate::dataset) fn genres() -> Table {
    let rows = SourceRows::Split(ListItems {
        column: "genres".to_owned(),
        separator: ";".to_owned(),
    });
    rows_of(
        "of_genre",
        &["id", "genres"],
        &["id INTEGER", "genres TEXT"],
        rows,
    )
}

pub(in crate::dataset) fn months() -> Table {
    let rows = SourceRows::Unpivot(ColumnGroup {
        columns: ["jan", "feb", "mar"].map(str::to_owned).to_vec(),
        names: ["1", "2", "3"].map(str::to_owned).to_vec(),
        name_column: "month".to_owned(),
        value_column: "visits".to_owned(),
    });
    let mut made = rows_of("by_month", &["id", "month"], &["id INTEGER"], rows);
    for text in ["month INTEGER NOT NULL", "visits INTEGER"] {
        let mut own = column(text);
        own.source_column = None;
        made.columns.push(own);
    }
    made
}

pub(in crate::dataset) fn made(tables: Vec<Table>, relationships: Vec<Relationship>) -> Schema {
    let movies = table("movies", &["id"], &["id INTEGER", "title TEXT"]);
    let mut all = vec![movies];
    all.extend(tables);
    let mut made = schema(all, relationships);
    made.derive_references();
    made
}

#[test]
fn each_item_of_a_list_is_a_row() {
    let import = Import::of(&[("movies.csv", MOVIES)]);
    let schema = made(
        vec![genres()],
        vec![relationship("of_genre.id", "movies.id")],
    );
    let (_, report) = foretold(&import, schema);
    assert_eq!(
        accounts(&report),
        [
            account("movies", 3, 3, 0, 0),
            account("of_genre", 4, 4, 0, 0)
        ]
    );
    assert_eq!(
        import.texts("SELECT id || ' ' || genres FROM of_genre ORDER BY rowid"),
        ["1 Drama", "1 Comedy", "3 Comedy", "3 Action"]
    );
}

#[test]
fn each_filled_cell_of_columns_side_by_side_is_a_row() {
    let import = Import::of(&[("movies.csv", MOVIES)]);
    let schema = made(
        vec![months()],
        vec![relationship("by_month.id", "movies.id")],
    );
    let (_, report) = foretold(&import, schema);
    assert_eq!(accounts(&report)[1], account("by_month", 7, 7, 0, 0));
    assert_eq!(
        import.texts(
            "SELECT id || ' ' || month || ' ' || coalesce(visits, '-') FROM by_month ORDER BY rowid"
        ),
        [
            "1 1 10", "1 2 20", "2 1 -", "2 2 5", "2 3 6", "3 1 7", "3 3 8"
        ]
    );
    let emptied: Vec<String> = import.emptied().into_iter().map(|cell| cell.text).collect();
    assert_eq!(emptied, ["x"]);
}

#[test]
fn of_a_record_one_row_may_be_set_aside_and_the_others_stay() {
    let import = Import::of(&[("movies.csv", MOVIES)]);
    let mut by_month = months();
    by_month.columns[2].misfits = Misfits::SetAside;
    let schema = made(
        vec![by_month],
        vec![relationship("by_month.id", "movies.id")],
    );
    let (_, report) = foretold(&import, schema);
    assert_eq!(accounts(&report)[1], account("by_month", 7, 6, 0, 1));
    assert_eq!(import.reasons().len(), 1);
    assert_eq!(import.quarantined()[0].line, 3);
}

#[test]
fn rows_made_of_a_record_are_found_again_when_their_reference_leads_nowhere() {
    let genre_file = "name,mood\nDrama,sad\nComedy,glad\n";
    let import = Import::of(&[("movies.csv", MOVIES), ("moods.csv", genre_file)]);
    for (orphans, left, aside) in [
        (Orphans::SetAside, 3, 1),
        (Orphans::Keep, 4, 0),
        (Orphans::Placeholder, 4, 0),
    ] {
        let mut to_mood = relationship("of_genre.genres", "moods.name");
        to_mood.orphans = orphans;
        let mut schema = made(
            vec![
                genres(),
                table("moods", &["name"], &["name TEXT", "mood TEXT"]),
            ],
            vec![relationship("of_genre.id", "movies.id"), to_mood],
        );
        schema.derive_references();
        let (_, report) = foretold(&import, schema);
        assert_eq!(report.tables[1].row_count, left, "{orphans:?}");
        assert_eq!(report.tables[1].quarantined, aside, "{orphans:?}");
        assert_eq!(import.quarantined().len() as u64, aside);
        if aside > 0 {
            assert_eq!(import.quarantined()[0].line, 4);
        }
        std::fs::remove_file(import.target()).unwrap();
    }
}

#[test]
fn rows_of_a_record_go_with_what_they_refer_to() {
    let text = "id,boss,tags\n1,,a;b\n2,9,c;d\n3,1,a;d\n";
    let import = Import::of(&[("staff.csv", text), ("bosses.csv", "boss\n1\n")]);
    let rows = SourceRows::Split(ListItems {
        column: "tags".to_owned(),
        separator: ";".to_owned(),
    });
    let mut tags = table("tags", &["id", "tags"], &["id INTEGER", "tags TEXT"]);
    tags.source.csv_id = "staff".to_owned();
    tags.source.rows = rows;
    let mut schema = schema(
        vec![
            table("staff", &["id"], &["id INTEGER", "boss INTEGER"]),
            table("bosses", &["boss"], &["boss INTEGER"]),
            tags,
        ],
        vec![
            strict("staff.boss", "bosses.boss"),
            strict("tags.id", "staff.id"),
        ],
    );
    schema.derive_references();
    let (_, report) = foretold(&import, schema);
    assert_eq!(
        accounts(&report),
        [
            account("staff", 3, 2, 0, 1),
            account("bosses", 1, 1, 0, 0),
            account("tags", 6, 4, 0, 2)
        ]
    );
    let lines: Vec<u64> = import.quarantined().iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 3, 3]);
}
