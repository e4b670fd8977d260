//! The page and the command line pack links alike.

use crate::read;

#[test]
fn both_sides_have_the_same_limits() {
    let number = |text: &str, name: &str, end: char| -> u64 {
        let (_, rest) =
            text.split_once(&format!("{name} = ")).or_else(|| text.split_once(&format!("{name}: usize = "))).unwrap();
        rest.split(end).next().unwrap().replace('_', "").parse().unwrap()
    };
    let (rust, script) = (read("crates/diagnostic/src/share.rs"), read("static/share/link.js"));
    for name in ["MAX_WRITTEN", "MAX_READ", "MAX_UNPACKED"] {
        assert_eq!(number(&rust, name, ';'), number(&script, name, ';'), "{name}");
    }
    assert!(rust.contains("FORMAT: char = '1';") && script.contains("FORMAT = \"1\";"));
}
