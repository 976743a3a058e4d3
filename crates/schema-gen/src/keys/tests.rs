#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use crate::testing::{Files, arrows};
use crate::values::is_code;

/// The primary key of the first file.
fn key(files: &[(&str, &str)]) -> String {
    Files::new(files).schema().tables[0].primary_key.join("+")
}

#[test]
fn codes_are_short_and_of_capitals_and_digits() {
    for code in ["DE", "C-1001", "HAM1", "a7", "12.4", "X"] {
        assert!(is_code(code), "{code}");
    }
    for text in [
        "",
        "-",
        "Berlin",
        "bad weather",
        "R2 D2",
        "É1",
        "ABCDEFGHIJKLMNOPQ",
    ] {
        assert!(!is_code(text), "{text}");
    }
}

#[test]
fn codes_in_front_are_the_key_rather_than_the_name_beside_them() {
    let airlines = "iata,airline_name,hub\nLH,Lufthansa,FRA\nAF,Air France,CDG\nU2,easyJet,LTN\n";
    let flights = "flight_id,operated_by,seats\n1,LH,180\n2,U2,156\n3,LH,170\n4,AF,180\n";
    let files = [("airlines.csv", airlines), ("flights.csv", flights)];
    assert_eq!(key(&files), "iata");
    assert_eq!(
        arrows(&Files::new(&files).schema()),
        ["flights.operated_by -> airlines.iata"]
    );
}

#[test]
fn short_texts_of_one_length_are_codes_in_any_letters() {
    let tongues = "short,language_name\ndeu,German\neng,English\nfra,French\n";
    assert_eq!(key(&[("languages.csv", tongues)]), "short");
}

#[test]
fn a_name_is_the_key_where_no_column_holds_codes() {
    let peaks = "mountain_name,range\nMont Blanc,Alps\nElbrus,Caucasus\nAneto,Pyrenees\n";
    assert_eq!(key(&[("mountains.csv", peaks)]), "mountain_name");
}

#[test]
fn what_others_refer_to_is_the_key_rather_than_the_column_before_it() {
    let ports = "port_name,country,un\nHamburg,DE,DEHAM\nRotterdam,NL,NLRTM\nGdansk,PL,PLGDN\nAntwerp,BE,BEANR\n";
    let calls = "call_id,ship,calling\n1,S1,NLRTM\n2,S1,DEHAM\n3,S2,NLRTM\n4,S3,PLGDN\n";
    let files = [("ports.csv", ports), ("calls.csv", calls)];
    assert_eq!(key(&files[..1]), "port_name");
    assert_eq!(key(&files), "un");
    assert_eq!(
        arrows(&Files::new(&files).schema()),
        ["calls.calling -> ports.un"]
    );
}

#[test]
fn a_column_that_has_the_values_of_another_key_does_not_become_the_key_by_it() {
    let files_of_songs = "f_id,format\n1,mp3\n2,mp4\n3,mp3\n4,mp4\n";
    let songs = "song_name,singer_name,f_id\nOne,A,1\nTwo,B,2\nThree,A,3\nFour,C,4\n";
    let files = [("songs.csv", songs), ("files.csv", files_of_songs)];
    assert_eq!(key(&files), "song_name");
}

#[test]
fn the_column_of_the_very_name_is_what_is_referred_to() {
    let users = "uid,user_id,name\n1,1,Ada\n2,2,Bo\n3,3,Cy\n4,4,Di\n";
    let reviews = "rid,user_id,rating\n1,1,4.5\n2,2,4.0\n3,1,3.5\n4,4,5.0\n5,2,1.5\n";
    let files = [("users.csv", users), ("reviews.csv", reviews)];
    assert_eq!(
        arrows(&Files::new(&files).schema()),
        ["reviews.user_id -> users.user_id"]
    );
}
