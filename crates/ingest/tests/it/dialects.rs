use crate::{analysed, rows};

fn names(analysis: &ingest::Analysis) -> Vec<&str> {
    analysis
        .columns
        .iter()
        .map(|column| column.column.as_str())
        .collect()
}

#[test]
fn finds_each_usual_delimiter() {
    for delimiter in [',', ';', '\t', '|', '^', ' '] {
        let text = [
            "name,age,city",
            "Ann,31,Bremen",
            "Bob,27,Lyon",
            "Cleo,44,Porto",
        ]
        .join("\n")
        .replace(',', &delimiter.to_string());
        let analysis = analysed(text);
        assert_eq!(analysis.dialect.delimiter, delimiter);
        assert_eq!(names(&analysis), ["name", "age", "city"]);
        assert_eq!(analysis.row_count, 3);
    }
}

#[test]
fn decimal_commas_do_not_split() {
    let analysis = analysed("x;y\n1,5;2,25\n3,5;4,75\n");
    assert_eq!(analysis.dialect.delimiter, ';');
    assert_eq!(analysis.dialect.decimal, ',');
    assert_eq!(analysis.columns[0].mean, Some(2.5));
}

#[test]
fn reads_quotes_doubled_escaped_and_single() {
    assert_eq!(
        rows("a,b\n1,\"say \"\"hi\"\", Ann\"\n2,x\n")[0][1],
        "say \"hi\", Ann"
    );
    assert_eq!(
        rows("a,b\n1,\"say \\\"hi\\\", Ann\"\n2,\"x\"\n")[0][1],
        "say \"hi\", Ann"
    );
    assert_eq!(rows("a,b\n1,'x, y'\n2,'z'\n")[0][1], "x, y");
}

#[test]
fn reads_a_stray_quote_as_text() {
    let text = "a,b,c\n1,\"\"big, red\",x\n2,\"ok\",y\n";
    assert_eq!(rows(text)[0], ["1", "\"big, red", "x"]);
    assert!(
        analysed(text)
            .warnings
            .iter()
            .any(|warning| warning.code == "repaired_quotes")
    );
    assert_eq!(rows("a,b\n1,5\" pipe\n2,x\n")[0][1], "5\" pipe");
}

#[test]
fn skips_titles_notes_and_comments() {
    let analysis = analysed("Sales report,,\n,,\nname,qty,price\nA,1,2.50\nB,2,3.50\n");
    assert_eq!(analysis.dialect.skip_lines, 2);
    assert_eq!(names(&analysis), ["name", "qty", "price"]);
    let analysis = analysed("# exported today\n# by me\na;b\n1;2\n# pause\n3;4\n");
    assert_eq!(analysis.dialect.comment, Some('#'));
    assert_eq!(analysis.row_count, 2);
}

#[test]
fn a_header_that_starts_with_a_hash_is_a_header() {
    let analysis = analysed("# energy,flux\n1.0,2.0\n3.0,4.0\n");
    assert_eq!(names(&analysis), ["# energy", "flux"]);
}

#[test]
fn a_file_without_header_gets_numbered_columns() {
    let analysis = analysed("1,2.5\n2,3.5\n3,4.5\n");
    assert!(!analysis.dialect.header);
    assert_eq!(names(&analysis), ["column_1", "column_2"]);
    assert_eq!(analysis.row_count, 3);
}

#[test]
fn joins_a_header_of_two_rows() {
    let analysis = analysed("control,,fire,\nX,Y,X,Y\n4.4,0.1,4.8,2.0\n4.6,1.0,5.1,3.0\n");
    assert_eq!(analysis.dialect.header_rows, 2);
    assert_eq!(
        names(&analysis),
        ["control X", "control Y", "fire X", "fire Y"]
    );
}

#[test]
fn names_are_never_empty_and_never_twice() {
    let analysis = analysed("id,Name,,name,column_3\n1,a,b,c,d\n2,e,f,g,h\n");
    assert_eq!(
        names(&analysis),
        ["id", "Name", "column_3", "name_2", "column_3_2"]
    );
    let codes: Vec<&str> = analysis
        .warnings
        .iter()
        .map(|warning| warning.code.as_str())
        .collect();
    assert!(codes.contains(&"empty_header") && codes.contains(&"duplicate_header"));
}

#[test]
fn decodes_each_encoding() {
    let text = "Straße,Größe\nMüller,1\nJäger,2\nGärtner,3\n";
    let utf16 = |big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let latin: Vec<u8> = text
        .chars()
        .map(|sign| u8::try_from(sign as u32).unwrap())
        .collect();
    let cases: [(&str, Vec<u8>); 6] = [
        ("utf-8", text.as_bytes().to_vec()),
        ("utf-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("utf-16le", [b"\xFF\xFE".to_vec(), utf16(false)].concat()),
        ("utf-16be", [b"\xFE\xFF".to_vec(), utf16(true)].concat()),
        ("utf-16le", utf16(false)),
        ("windows-1252", latin),
    ];
    for (encoding, bytes) in cases {
        let analysis = analysed(&bytes);
        assert_eq!(analysis.dialect.encoding, encoding);
        assert_eq!(names(&analysis), ["Straße", "Größe"]);
        assert_eq!(rows(&bytes)[0], ["Müller", "1"]);
    }
}

#[test]
fn one_column_stays_one() {
    assert_eq!(names(&analysed("time\n05:40\n21:30\n17:45\n")), ["time"]);
    assert_eq!(analysed("foo\n1\n2\n3\n").row_count, 3);
}

#[test]
fn old_mac_line_ends() {
    assert_eq!(rows("a,b\r1,2\r3,4\r"), [["1", "2"], ["3", "4"]]);
}
