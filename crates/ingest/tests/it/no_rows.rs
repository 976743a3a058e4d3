//! Records of a file that are none of its rows, and headers that do not look like any.

use ingest::{ColumnType, Outcome};

use crate::{analysed, outcomes, rows};

/// Line and reason of each record that is set aside as no row.
fn set_aside(text: &str) -> Vec<(u64, String)> {
    outcomes(text)
        .into_iter()
        .filter_map(|outcome| match outcome {
            Outcome::Rejected(record) if record.no_row => Some((record.line, record.reason)),
            _ => None,
        })
        .collect()
}

fn names(text: &str) -> Vec<String> {
    let columns = analysed(text).columns;
    columns.into_iter().map(|column| column.column).collect()
}

fn codes(text: &str) -> Vec<String> {
    let warnings = analysed(text).warnings;
    warnings.into_iter().map(|warning| warning.code).collect()
}

#[test]
fn a_heading_that_comes_again_is_no_row() {
    let text = "id;on\n1;2024-01-01\n2;2024-01-02\nid;on\n3;2024-01-03\n";
    assert_eq!(set_aside(text), [(4, "the heading again".to_owned())]);
    let analysis = analysed(text);
    assert_eq!((analysis.row_count, analysis.set_aside_count), (3, 1));
    assert_eq!(analysis.columns[1].column_type, ColumnType::Date);
    assert_eq!(codes(text), ["repeated_header"]);
}

#[test]
fn rules_and_counts_of_rows_are_no_rows() {
    let text = "city|people\n-----|------\nOslo|7\nRoma|9\nLyon|5\n\n(3 rows affected)\n";
    assert_eq!(names(text), ["city", "people"]);
    assert_eq!(analysed(text).columns[1].column_type, ColumnType::Integer);
    assert_eq!(
        set_aside(text),
        [
            (2, "a rule and no row".to_owned()),
            (7, "a note below the table".to_owned())
        ]
    );
    assert_eq!(set_aside("city\nOslo\nRoma\n2 rows selected.\n").len(), 1);
}

#[test]
fn a_table_in_a_drawn_box_is_one() {
    let text = "+----+------+\n| id | name |\n+----+------+\n|  1 | Ann  |\n|  2 | Bob  |\n+----+------+\n\
                2 rows in set (0.00 sec)\n";
    let analysis = analysed(text);
    assert_eq!(analysis.dialect.delimiter, '|');
    assert_eq!(names(text)[1..3], ["id", "name"]);
    assert_eq!(analysis.row_count, 2);
    assert_eq!(codes(text)[2..], ["rule_row", "note_row"]);
}

#[test]
fn a_total_is_known_by_its_sums_or_by_what_it_leaves_empty() {
    let reason = "a total of the rows above".to_owned();
    let text = "city,people\nOslo,5\nRoma,7\nTotal,12\n";
    assert_eq!(set_aside(text), [(4, reason.clone())]);
    let text = "no,city,rent\n1,Oslo,\"1.000,50\"\n2,Roma,\"2.000,25\"\n,Summe:,\"3.100,00\"\n";
    assert_eq!(set_aside(text), [(4, reason)]);
    assert_eq!(set_aside("day,rain\n1,2.5\n2,3.5\nMean,3.0\n").len(), 1);
    let text = "city,people\nOslo,5\nRoma,7\nTotal people,12\n";
    assert_eq!(set_aside(text).len(), 1);
    // A film, and a total of something else.
    let text = "film,by,year\nAlien,Scott,1979\nTotal Recall,,1990\n";
    assert!(set_aside(text).is_empty());
    assert!(set_aside("film,year\nAlien,1979\nTotal,1990\n").is_empty());
    assert_eq!(rows("city,people\nOslo,5\nTotal,12\nRoma,7\n").len(), 3);
}

#[test]
fn a_note_is_one_below_the_table_and_not_within() {
    let text = "a,b,c\n1,2,3\n4,5,6\nSource: office of statistics\n";
    assert_eq!(set_aside(text), [(4, "a note below the table".to_owned())]);
    assert!(set_aside("a,b,c\n1,2,3\nsee: below\n4,5,6\n").is_empty());
    // Only the beginning of a row that broke off.
    assert!(set_aside("name,b,c\nx,2,3\ny,5,6\nz\n").is_empty());
    // Remarks without anything else are what this table holds.
    let text = "remark,reply,by\nleft: at the door,,\nfine,yes,me\nno: never,,\n";
    assert!(set_aside(text).is_empty());
}

#[test]
fn another_table_below_the_first_is_not_of_it() {
    let text = "id,city,people\n1,Oslo,5\n2,Roma,7\nkind,count\nsmall,1\nlarge,2\n";
    let other = "another table below the first".to_owned();
    assert_eq!(
        set_aside(text),
        [(4, other.clone()), (5, other.clone()), (6, other)]
    );
    assert_eq!(analysed(text).dialect.footer_line, Some(4));
    assert_eq!(codes(text), ["other_table"]);
    // Rows that end early are rows.
    let text = "city,kind,people\nOslo,big\nRoma,big,7\nLyon,small\nGent,5\nGraz,6\n";
    assert!(set_aside(text).is_empty());
}

#[test]
fn units_below_the_names_are_of_the_header() {
    let text = "at,pressure,site\n,hPa,\n0,1000.5,A\n1,1001.5,B\n";
    assert_eq!(names(text), ["at", "pressure hPa", "site"]);
    // A row that says what it knows is one.
    assert_eq!(analysed("at,pressure\n,\n0,1000.5\n1,\n").row_count, 2);
    assert_eq!(
        analysed("site,pressure\nA,low\nB,7.5\nC,8.5\n").row_count,
        3
    );
}

#[test]
fn years_and_numbers_that_follow_each_other_are_names() {
    assert_eq!(
        names("site,2023,2024\nA,10,20\nB,5,6\n"),
        ["site", "2023", "2024"]
    );
    assert_eq!(
        names("site,1,2,3\nA,10,20,15\nB,5,6,9\n"),
        ["site", "1", "2", "3"]
    );
    assert_eq!(
        names("site,2024-01-31,2024-02-29\nA,10,20\nB,5,6\n"),
        ["site", "2024-01-31", "2024-02-29"]
    );
    assert_eq!(
        names("2021,2022,2023\n10,20,30\n40,50,60\n"),
        ["2021", "2022", "2023"]
    );
    // Rows of years, and a first row like the others.
    assert_eq!(
        analysed("A,1999,2000\nB,2003,2004\nC,2001,2002\n").row_count,
        3
    );
    assert_eq!(analysed("A,1,2,3\nB,4,5,6\nC,7,8,9\n").row_count, 3);
}

#[test]
fn a_header_that_is_one_name_short_names_what_follows_the_names_of_rows() {
    let text = "mpg cyl\n\"Mazda RX4\" 21.0 6\n\"Datsun 710\" 22.8 4\n\"Valiant\" 18.1 6\n";
    assert_eq!(names(text), ["column_1", "mpg", "cyl"]);
    assert_eq!(rows(text)[0], ["Mazda RX4", "21.0", "6"]);
    // A delimiter at the end of each row is no name's.
    assert_eq!(names("a,b\n1,2,\n3,4,\n"), ["a", "b"]);
}

#[test]
fn one_column_of_words_sentences_and_links_stays_one() {
    for text in [
        "full name\nAnna Berg\nCarl Dahl\nEva Maria Falk\n",
        "remark\nLeft at the door\nRefused\nAddress incomplete, moved\n",
        "address\n12 Main Street, Springfield\n5 Oak Road, Shelbyville\n",
        "url\nhttps://example.org/a?x=1;y=2\nhttps://example.org/b\n",
        "event\n10:30 opening\n11:00 first talk\n",
        "address\n12 Main St, Apt 4\n5 Oak Rd\n7 Elm St, Floor 2\n",
        "line\nHello world\nfoo or bar\na;b;c\n",
        "place\nRoom 5\nHall\nRoom 7\n",
    ] {
        let analysis = analysed(text);
        assert_eq!(analysis.columns.len(), 1, "{text:?}");
        assert_eq!(
            analysis.row_count as usize,
            text.lines().count() - 1,
            "{text:?}"
        );
    }
}

#[test]
fn lines_that_are_passed_over_are_said() {
    assert_eq!(
        codes("Sales,,\nname,qty,price\nA,1,2.50\nB,2,3.50\n"),
        ["preamble"]
    );
    assert_eq!(
        codes("# by me\n# today\na;b\n1;2\n# pause\n3;4\n"),
        ["comments"]
    );
}
