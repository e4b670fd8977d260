//! Values of fields, in the form in which they are compared.

use core::net::IpAddr;
use std::borrow::Cow;

use crate::events::Raw;
use crate::fields::{Family, ValueType};
use crate::matchers::{address, number};

/// One value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value<'e> {
    Bytes(Cow<'e, [u8]>),
    /// Extended to 64 bits by its sign if its type has one.
    Number(u64),
    Double(f64),
    Bool(bool),
    Address(IpAddr),
}

/// What is known of a field or call.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum State<'e> {
    /// The event does not say.
    Unknown,
    /// There is no value.
    Missing,
    /// There is one.
    One(Value<'e>),
    /// There are several, or a list of any length.
    Many(Vec<Value<'e>>),
    /// There are these, and perhaps more.
    Some(Vec<Value<'e>>),
}

impl<'e> Value<'e> {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => &[],
        }
    }

    /// The value of an event, for a field of that type; nothing when it cannot be one.
    pub(super) fn of(raw: &'e Raw<'_>, value: ValueType) -> Option<Self> {
        match value.family() {
            Family::String | Family::Other => Some(Self::Bytes(match raw {
                // The engine's strings end at the first zero byte.
                Raw::Text(text) => Cow::Borrowed(text.split('\0').next().unwrap_or_default().as_bytes()),
                Raw::Bytes(bytes) => Cow::Borrowed(bytes.split(|byte| *byte == 0).next().unwrap_or_default()),
                Raw::Number(number) => Cow::Borrowed(number.as_bytes()),
                Raw::Bool(true) => Cow::Borrowed(b"true"),
                Raw::Bool(false) => Cow::Borrowed(b"false"),
                Raw::Null | Raw::List(_) => return None,
            })),
            Family::Bytes => match raw {
                Raw::Bytes(bytes) => Some(Self::Bytes(Cow::Borrowed(bytes))),
                Raw::Text(text) => Some(Self::Bytes(Cow::Borrowed(text.as_bytes()))),
                _ => None,
            },
            Family::Number => {
                let text = match raw {
                    Raw::Number(number) => number,
                    Raw::Text(text) => &**text,
                    _ => return None,
                };
                if value == ValueType::Double {
                    return text.parse().ok().map(Self::Double);
                }
                let (bits, signed) = value.width()?;
                number::scan(text, bits, signed).or_else(|| whole(text, bits, signed)).map(Self::Number)
            }
            Family::Bool => match raw {
                Raw::Bool(value) => Some(Self::Bool(*value)),
                Raw::Text(text) => match &**text {
                    "true" => Some(Self::Bool(true)),
                    "false" => Some(Self::Bool(false)),
                    _ => None,
                },
                Raw::Number(number) => match *number {
                    "1" => Some(Self::Bool(true)),
                    "0" => Some(Self::Bool(false)),
                    _ => None,
                },
                _ => None,
            },
            Family::Ip => match raw {
                Raw::Text(text) => address(text).ok().map(Self::Address),
                _ => None,
            },
        }
    }

    /// The value as people read it.
    pub(super) fn shown(&self, value: ValueType) -> String {
        match self {
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Number(number) if value.width().is_some_and(|(_, signed)| signed) => number.cast_signed().to_string(),
            Self::Number(number) => number.to_string(),
            Self::Double(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
            Self::Address(address) => address.to_string(),
        }
    }
}

impl<'e> State<'e> {
    /// What an event says of a field.
    pub(super) fn of(raw: &'e Raw<'_>, value: ValueType) -> Self {
        match raw {
            Raw::Null => Self::Missing,
            Raw::List(items) => {
                let values: Option<Vec<_>> = items.iter().map(|item| Value::of(item, value)).collect();
                values.map_or(Self::Unknown, Self::Many)
            }
            one => Value::of(one, value).map_or(Self::Unknown, Self::One),
        }
    }

    /// The values that are known to be there.
    pub(super) fn values(&self) -> &[Value<'e>] {
        match self {
            Self::Unknown | Self::Missing => &[],
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) | Self::Some(values) => values,
        }
    }
}

/// A whole number that is written as a fraction or with an exponent, as some programs write large ones.
fn whole(text: &str, bits: u32, signed: bool) -> Option<u64> {
    let number: f64 = text.parse().ok()?;
    if number.fract() != 0.0 || number.abs() >= 9.0e18 {
        return None;
    }
    Some(number::narrow((number as i64).cast_unsigned(), bits, signed))
}
