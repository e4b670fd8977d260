//! What the page says, in the language of its reader.
//!
//! Every text of the page stands in the sources in English and goes through [`say`], [`say_with`] or [`plural`]. The
//! English text is the key into a catalogue, `static/languages/*.json`; without one, or where it lacks a text, the English
//! is said. A catalogue is fetched only where it is wanted, so that English costs nothing. What the engine says stays
//! English, and is marked as such with [`engine`].

use std::cell::Cell;
use std::fmt::{Display, Write};

use crate::words;

/// English texts with those of the language, in the order of their bytes.
type Words = &'static [(&'static str, &'static str)];

thread_local! {
    static WORDS: Cell<Words> = const { Cell::new(&[]) };
}

/// What stands between two texts of a catalogue that is handed over.
const BETWEEN: char = '\u{1}';

/// Takes a catalogue: each English text with the other after it, sorted, with U+0001 between all of them. An empty text is
/// English.
pub fn learn(catalogue: &str) {
    // It is kept until the page is closed: some hundred texts, once for each time that a reader changes the language. That
    // lets what is said be as cheap to draw as if it stood in the program.
    let catalogue: &'static str = Box::leak(catalogue.into());
    let mut texts = catalogue.split(BETWEEN);
    let pairs: Vec<_> = std::iter::from_fn(|| Some((texts.next()?, texts.next()?))).collect();
    WORDS.set(Box::leak(pairs.into()));
}

/// A text in the reader's language.
pub fn say(english: &'static str) -> &'static str {
    let words = WORDS.get();
    let place = words.binary_search_by(|(key, _)| (*key).cmp(english));
    place.ok().and_then(|place| words.get(place)).map_or(english, |(_, said)| said)
}

/// A text in which each `{name}` stands for the value of that name.
pub fn say_with(english: &'static str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::new();
    let mut rest = say(english);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            // Writing into a string cannot fail.
            let _ = write!(out, "{value}");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A text about one thing or about several; `{count}` stands for how many.
pub fn plural(n: usize, one: &'static str, several: &'static str) -> String {
    say_with(if n == 1 { one } else { several }, &[("count", &words::number(n))])
}

/// The language of what the engine says, where it is not that of the page.
pub fn engine() -> Option<&'static str> {
    (!WORDS.get().is_empty()).then_some("en")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_needs_no_catalogue() {
        assert_eq!(say("Findings"), "Findings");
        assert_eq!(plural(1, "{count} change", "{count} changes"), "1 change");
        assert_eq!(plural(2, "{count} change", "{count} changes"), "2 changes");
        assert_eq!(engine(), None);
        for (n, expected) in [(0, "0"), (9_999, "9999"), (10_000, "10,000"), (1_234_567, "1,234,567")] {
            assert_eq!(words::number(n), expected);
        }
    }

    #[test]
    fn another_language_takes_its_place_and_goes_again() {
        learn("Findings\u{1}Befunde\u{1}{a} of {b}\u{1}von {b}: {a}\u{1}{count} changes\u{1}{count} Änderungen");
        assert_eq!(say("Findings"), "Befunde");
        assert_eq!(say("Not there"), "Not there");
        assert_eq!(plural(3, "{count} change", "{count} changes"), "3 Änderungen");
        assert_eq!(say_with("{a} of {b}", &[("a", &1), ("b", &"{a}")]), "von {a}: 1");
        assert_eq!(engine(), Some("en"));
        learn("");
        assert_eq!((say("Findings"), engine()), ("Findings", None));
    }

    #[test]
    fn a_broken_catalogue_says_english() {
        for catalogue in ["alone", "a\u{1}b\u{1}c", "\u{1}\u{1}", "{\u{1}}{"] {
            learn(catalogue);
            assert_eq!(say("Findings"), "Findings");
        }
        learn("x\u{1}{open");
        assert_eq!(say_with("x", &[]), "{open");
        learn("");
    }
}
