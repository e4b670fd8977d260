//! Constants that a field is compared with, and what a field asks of them beyond their type.

use crate::condition::Operator;
use crate::fields::{self, ValueType};
use crate::matchers::Constant;
use crate::matchers::constant::{MAX_LENGTH, parse, parse_hexadecimal};

use super::types::Typed;

/// The value of a constant that a field or call of type `typed` is compared with.
///
/// # Errors
///
/// What the engine says when it is none.
pub fn constant(typed: &Typed, operator: Operator, bytes: &[u8]) -> Result<Constant, String> {
    if matches!(operator, Operator::BContains | Operator::BStartsWith) {
        let Some(bytes) = parse_hexadecimal(bytes) else {
            return Err("filter error: bcontains and bstartswith operator support hex strings only".to_owned());
        };
        return parse(ValueType::Bytes, &bytes);
    }
    if typed.value != ValueType::Bytes && bytes.contains(&0) {
        return Err("filter error: filter value cannot contain a NUL byte (\\x00)".to_owned());
    }
    if string(typed.value) && bytes.len() > MAX_LENGTH {
        let used = (bytes.len() + 1).to_string();
        let text = String::from_utf8_lossy(bytes);
        return Err(["filter parameter too long (used=", &used, ", available=256):", &text].concat());
    }
    let value = parse(typed.value, bytes)?;
    validate(typed, operator, &String::from_utf8_lossy(bytes))?;
    Ok(value)
}

fn string(value: ValueType) -> bool {
    matches!(value, ValueType::String | ValueType::Path | ValueType::RelativePath)
}

fn validate(typed: &Typed, operator: Operator, text: &str) -> Result<(), String> {
    match typed.field.map_or("", |resolved| resolved.field.name) {
        "evt.type" if fields::event(text).is_none() => Err(["unknown event type ", text].concat()),
        "evt.around" if operator != Operator::Equal => {
            Err("evt.around supports only '=' comparison operator".to_owned())
        }
        _ => Ok(()),
    }
}
