//! Scalars against the answers of the library that Kubernetes reads YAML with.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use watertight_yaml::{Scalar, parse};

/// The two columns of a table; the first line of a file and each group begin with `#`.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.lines().filter(|line| !line.starts_with("# ")).map(|line| line.split_once('\t').unwrap())
}

#[test]
fn every_row_of_the_value_table() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (written, expected) in rows(include_str!("scalars.tsv")) {
        let text = format!("a: {written}");
        let stream = parse(&text);
        let document = &stream.documents[0];
        let value = match document.is_refused() {
            true => "REFUSED".to_owned(),
            false => document.root().unwrap().get("a").unwrap().to_json().to_string(),
        };
        // Serde's own reading of a float is not exact to the last digit.
        let same = match (value.parse::<f64>(), expected.parse::<f64>()) {
            (Ok(ours), Ok(theirs)) => ours == theirs,
            _ => value == expected,
        };
        count += 1;
        if !same {
            wrong.push(format!("{written:?}: we say {value}, they say {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 200, "{count}");
}

#[test]
fn every_row_of_the_key_table() {
    for (written, expected) in rows(include_str!("keys.tsv")) {
        let text = format!("{written}: v");
        let stream = parse(&text);
        let document = &stream.documents[0];
        let name = match document.is_refused() {
            true => "REFUSED".to_owned(),
            false => format!("{:?}", document.root().unwrap().entries()[0].name()),
        };
        assert_eq!(name, expected, "{written}");
        if name == "REFUSED" {
            continue;
        }
        let text = format!("a: &x {written}\n*x : v\n");
        let stream = parse(&text);
        let by_alias = stream.documents[0].root().unwrap().entries()[1].name();
        assert_eq!(format!("{by_alias:?}"), expected, "an alias of {written}");
    }
}

#[test]
fn where_a_reader_of_yaml_1_2_differs() {
    for (written, expected) in [
        ("yes", Some(Scalar::Str)),
        ("off", Some(Scalar::Str)),
        ("Y", Some(Scalar::Str)),
        ("0644", Some(Scalar::Int(644))),
        ("0b11", Some(Scalar::Str)),
        ("1_000", Some(Scalar::Str)),
        ("-0x1F", Some(Scalar::Str)),
        ("0o17", None),
        ("0x1F", None),
        ("08", None),
        ("true", None),
        ("~", None),
        ("", None),
        ("1.0", None),
        ("1e3", None),
        ("abc", None),
        ("'yes'", None),
        ("!!bool yes", None),
        ("2001-12-14", None),
    ] {
        let text = format!("a: {written}");
        let stream = parse(&text);
        let node = stream.documents[0].root().unwrap().get("a").unwrap();
        assert_eq!(node.reads_differently(), expected, "{written}");
    }
}

#[test]
fn whole_numbers_as_the_api_server_gets_them() {
    for (written, expected) in [
        ("0", Some(0)),
        ("0.0", Some(0)),
        ("-0.0", Some(0)),
        ("1e3", Some(1000)),
        ("0644", Some(420)),
        ("1.5", None),
        ("'0'", None),
        ("18446744073709551615", None),
        ("9223372036854775808e0", None),
        ("1e22", None),
    ] {
        let text = format!("a: {written}");
        let stream = parse(&text);
        let node = stream.documents[0].root().unwrap().get("a").unwrap();
        assert_eq!(node.as_int(), expected, "{written}");
    }
}
