//! Packs messages into bytes and reads them again, for a page and a worker that were built together.
//!
//! A structure is its fields in their order, without their names, and one of several kinds is its number: that is less code
//! for each type than JSON takes, and the page is downloaded, so that counts. Every value says what it is, so that bytes of
//! another build are refused and not misread. Who is not of this build speaks JSON.

mod read;
mod write;

use std::fmt;

use serde::{de, ser};

#[cfg(feature = "engine")]
pub(crate) use read::number;
pub use read::read;
pub use write::write;

/// How deep values may stand in each other; as in `serde_json`.
const DEEPEST: u8 = 128;

/// What a value is: the byte before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Tag {
    /// A field that is left out.
    Absent,
    /// Nothing, where there could be something.
    Nothing,
    False,
    True,
    /// A whole number from 0, seven bits a byte, the lowest first; all but the last byte have their highest bit set.
    Natural,
    /// A number below 0, as the natural number of its complement.
    Negative,
    /// Eight bytes, the lowest first.
    Fraction,
    /// The number of its bytes, and they.
    Text,
    /// Values, up to an [`End`](Self::End); also the fields of a structure.
    List,
    /// Keys and values by turns, up to an [`End`](Self::End).
    Map,
    End,
    /// A kind that holds nothing, by its number.
    Word,
    /// A kind by its number, and what it holds.
    Kind,
}

impl Tag {
    const ALL: [Self; 13] = [
        Self::Absent,
        Self::Nothing,
        Self::False,
        Self::True,
        Self::Natural,
        Self::Negative,
        Self::Fraction,
        Self::Text,
        Self::List,
        Self::Map,
        Self::End,
        Self::Word,
        Self::Kind,
    ];
}

/// The bytes are not what the wanted type looks like, or the value is none that a message can hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the message could not be read")
    }
}

impl std::error::Error for Unreadable {}

impl ser::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

// All that serde would like to say is left out with the code that says it.
impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use watertight_diagnostic::{Operation, Route, Settings};

    use super::*;
    use crate::message::{File, Numbered, Reply, Request};

    #[test]
    fn tags_are_their_numbers() {
        for (number, tag) in Tag::ALL.into_iter().enumerate() {
            assert_eq!(tag as usize, number);
        }
    }

    #[test]
    fn any_value_comes_back() {
        for value in [
            json!(null),
            json!([true, false, 0, 127, 128, 300, u64::MAX, -1, -128, i64::MIN, 0.5, -1e300, "", "# 🚢\r\n\u{0}"]),
            json!({"": {"a": []}, "b": {}, "c": [[{"d": null}]]}),
        ] {
            let bytes = write(&value).unwrap();
            assert_eq!(read::<Value>(&bytes), Ok(value));
        }
    }

    #[test]
    fn requests_come_back() {
        let file = File { name: "a\"b.yaml".to_owned(), text: "# 🚢\r\n\tk: \\\u{1}\n".to_owned() };
        let route = Route::root(0).key("spec").key("containers").index(0);
        let value = json!({"runAsUser": 1000, "x": [null, "y"]});
        let operations = vec![Operation::set(route.clone(), value), Operation::remove(route)];
        for body in [
            Request::Analyse { files: vec![file], settings: Settings::default() },
            Request::Edits { text: "a: 1\n".to_owned(), operations, rewrites: Vec::new() },
            Request::Explain { rule: "host-pid".to_owned() },
        ] {
            let request = Numbered { id: 7, body };
            assert_eq!(read(&write(&request).unwrap()), Ok(request));
        }
    }

    #[test]
    fn what_is_left_out_comes_back_as_what_stands_for_it() {
        let reply: Numbered<Reply> = serde_json::from_value(json!({"id": 1, "body": {"explained": {}}})).unwrap();
        assert_eq!(read(&write(&reply).unwrap()), Ok(reply));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let message = Numbered { id: 300, body: Reply::Failed { reason: "why".to_owned() } };
        let bytes = write(&message).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(read::<Numbered<Reply>>(&bytes[..end]), Err(Unreadable), "{end}");
        }
        assert_eq!(read::<Numbered<Reply>>(&[&bytes[..], &[0]].concat()), Err(Unreadable));
        assert_eq!(read::<Numbered<Request>>(&bytes), Err(Unreadable));
        for place in 0..bytes.len() {
            for byte in 0..=u8::MAX {
                let mut other = bytes.clone();
                other[place] = byte;
                // Whatever it says now, it says something or is refused.
                let _ = read::<Numbered<Reply>>(&other);
                let _ = read::<Value>(&other);
            }
        }
        let deep = vec![Tag::List as u8; 100_000];
        assert_eq!(read::<Value>(&deep), Err(Unreadable));
        let endless = [u8::MAX; 100];
        assert_eq!(read::<Value>(&[&[Tag::Natural as u8], &endless[..]].concat()), Err(Unreadable));
        assert_eq!(read::<Value>(&[&[Tag::Text as u8], &endless[..]].concat()), Err(Unreadable));
    }
}
