#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

fn score(from_table: &str, from: &str, to_table: &str, to: &str) -> f64 {
    let (from_words, to_words) = (Words::of_table(from_table), Words::of_table(to_table));
    let (column, key) = (Words::of_column(from), Words::of_column(to));
    compare(
        Named {
            table: &from_words,
            column: &column,
            holds_persons: false,
        },
        Named {
            table: &to_words,
            column: &key,
            holds_persons: false,
        },
        from_table == to_table,
    )
    .score
}

#[test]
fn names_are_split_into_words() {
    for (name, words) in [
        ("CustomerId", "customer id"),
        ("countrycode", "country code"),
        ("custid", "cust id"),
        ("playerID", "player id"),
        ("IDplayer", "id player"),
        ("DNO", "d no"),
        ("paid", "paid"),
        ("HTTPServer", "http server"),
        ("Unit price (EUR)", "unit price eur"),
    ] {
        assert_eq!(split(name).join(" "), words, "{name}");
    }
}

#[test]
fn singular_and_plural_share_a_stem() {
    for (one, many) in [
        ("category", "categories"),
        ("campus", "campuses"),
        ("course", "courses"),
        ("address", "addresses"),
        ("movie", "movies"),
        ("person", "people"),
        ("status", "statuses"),
    ] {
        assert_eq!(stem(one), stem(many), "{one}");
    }
    assert_ne!(stem("city"), stem("country"));
}

#[test]
fn a_column_named_after_a_table_points_at_it() {
    assert!(score("albums", "artist_id", "artists", "id") > 0.9);
    assert!(score("Album", "ArtistId", "Artist", "ArtistId") > 0.9);
    assert!(score("city", "countrycode", "country", "code") > 0.9);
    assert!(score("superhero", "eye_colour_id", "colour", "id") > 0.8);
    assert!(score("Students", "current_address_id", "Addresses", "address_id") > 0.8);
    assert!(score("game", "Club_ID_1", "club", "Club_ID") > 0.8);
}

#[test]
fn common_names_alone_point_nowhere() {
    assert!(score("city", "id", "country", "id") < 0.2);
    assert!(score("city", "name", "country", "name") < 0.2);
    assert!(score("orders", "quantity", "customers", "id") < 0.2);
}

#[test]
fn a_hierarchy_points_at_its_own_table() {
    assert!(score("employees", "reports_to", "employees", "id") > 0.7);
    assert!(score("employees", "reports_to", "genres", "id") < 0.2);
}
