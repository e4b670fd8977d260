//! Fields and calls, compiled, and what they give for an event.

use std::borrow::Cow;

use super::bind::Binding;
use super::value::{State, Value};
use crate::condition::{Call, Operand, Transformer};
use crate::matchers::{base64, getopt};

/// A field or call that gives values.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Source {
    /// The field of that number.
    Field(u32),
    /// A constant; only as an argument.
    Constant(Box<[u8]>),
    /// Several of them in parentheses; only as an argument.
    List(Vec<Self>),
    /// A transformer of one value, or of each of several.
    Each(Transformer, Box<Self>),
    /// How many values there are, or bytes of the one there is.
    Length(Box<Self>, Measure),
    /// The values of the second with the first between them.
    Join(Box<(Self, Self)>),
    /// One after the other.
    Concat(Vec<Self>),
    /// The options of the first by the letters of the second, all or one.
    GetOpt(Box<(Self, Self)>, Option<u8>),
}

/// What `len` counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Measure {
    Values,
    Bytes,
}

impl Source {
    /// Compiles an operand whose types have been checked; `field` gives the number of a field. `None` for what the
    /// check would have refused.
    pub(super) fn new(operand: &Operand, field: &mut dyn FnMut(&Operand) -> Option<u32>) -> Option<Self> {
        match operand {
            Operand::Field(_) => field(operand).map(Self::Field),
            Operand::Value(value) => Some(Self::Constant(value.bytes.clone())),
            Operand::List(list) => {
                list.items.iter().map(|item| Self::new(item, field)).collect::<Option<_>>().map(Self::List)
            }
            Operand::Call(call) => Self::call(call, field),
        }
    }

    fn call(call: &Call, field: &mut dyn FnMut(&Operand) -> Option<u32>) -> Option<Self> {
        let mut arguments = call.arguments.iter().map(|one| Self::new(one, field)).collect::<Option<Vec<_>>>()?;
        if matches!(call.transformer, Transformer::Concat) {
            return Some(Self::Concat(arguments));
        }
        let last = arguments.pop()?;
        let first = arguments.pop();
        Some(match (call.transformer, first) {
            (Transformer::Val, None) => last,
            (Transformer::Len, None) => {
                let typed = crate::compile::operand_type(call.arguments.first()?).ok()?;
                Self::Length(Box::new(last), if typed.list { Measure::Values } else { Measure::Bytes })
            }
            (Transformer::Join, Some(separator)) => Self::Join(Box::new((separator, last))),
            (Transformer::GetOpt, Some(list)) => {
                let key = call.key.as_ref().and_then(|key| key.bytes.first().copied());
                Self::GetOpt(Box::new((list, last)), key)
            }
            (transformer, None) => Self::Each(transformer, Box::new(last)),
            _ => return None,
        })
    }

    /// What it gives for an event.
    pub(super) fn state<'b>(&'b self, binding: &'b Binding<'_>) -> Cow<'b, State<'b>> {
        Cow::Owned(match self {
            Self::Field(slot) => return Cow::Borrowed(binding.state(*slot)),
            Self::Constant(bytes) => State::One(Value::Bytes(Cow::Borrowed(bytes))),
            Self::List(items) => match collect(items, binding) {
                Ok(values) => State::Many(values),
                Err(state) => state,
            },
            Self::Each(transformer, inner) => match inner.state(binding).into_owned() {
                State::One(value) => each(*transformer, &value).map_or(State::Missing, State::One),
                State::Many(values) => {
                    let values: Option<_> = values.iter().map(|value| each(*transformer, value)).collect();
                    values.map_or(State::Missing, State::Many)
                }
                other => other,
            },
            Self::Length(inner, measure) => match (inner.state(binding).as_ref(), measure) {
                (State::Missing, _) => State::Missing,
                (State::Unknown | State::Some(_), _) => State::Unknown,
                (state, Measure::Values) => State::One(Value::Number(state.values().len() as u64)),
                (state, Measure::Bytes) => {
                    let length = state.values().first().map_or(0, |value| value.bytes().len());
                    State::One(Value::Number(length as u64))
                }
            },
            Self::Join(parts) => joined(&parts.0, &parts.1, binding),
            Self::Concat(parts) => match collect(parts, binding) {
                Ok(values) => texts(&values).map_or(State::Unknown, |texts| one(texts.concat())),
                Err(state) => state,
            },
            Self::GetOpt(parts, key) => options(&parts.0, &parts.1, *key, binding),
        })
    }

    /// The fields in it.
    pub(super) fn fields(&self, each: &mut dyn FnMut(u32)) {
        match self {
            Self::Field(slot) => each(*slot),
            Self::Constant(_) => {}
            Self::List(items) | Self::Concat(items) => items.iter().for_each(|item| item.fields(each)),
            Self::Each(_, inner) | Self::Length(inner, _) => inner.fields(each),
            Self::Join(parts) | Self::GetOpt(parts, _) => {
                parts.0.fields(each);
                parts.1.fields(each);
            }
        }
    }
}

fn one<'b>(bytes: Vec<u8>) -> State<'b> {
    State::One(Value::Bytes(Cow::Owned(bytes)))
}

/// The values of all parts. One that is missing makes the whole missing, one that is unknown leaves it open.
fn collect<'b>(parts: &'b [Source], binding: &'b Binding<'_>) -> Result<Vec<Value<'b>>, State<'b>> {
    let mut all = Vec::new();
    let mut unknown = false;
    for part in parts {
        match part.state(binding).into_owned() {
            State::Missing => return Err(State::Missing),
            State::Unknown | State::Some(_) => unknown = true,
            State::One(value) => all.push(value),
            State::Many(values) => all.extend(values),
        }
    }
    if unknown { Err(State::Unknown) } else { Ok(all) }
}

/// The bytes of all values; nothing when one of them is no string, for which the engine takes whatever lies in memory.
fn texts<'v>(values: &'v [Value<'_>]) -> Option<Vec<&'v [u8]>> {
    values.iter().map(|value| matches!(value, Value::Bytes(_)).then(|| value.bytes())).collect()
}

fn joined<'b>(separator: &'b Source, list: &'b Source, binding: &'b Binding<'_>) -> State<'b> {
    let parts = (collect(std::slice::from_ref(separator), binding), collect(std::slice::from_ref(list), binding));
    match parts {
        (Err(State::Missing), _) | (_, Err(State::Missing)) => State::Missing,
        (Ok(separator), Ok(values)) => match (texts(&separator).as_deref(), texts(&values)) {
            (Some([separator]), Some(texts)) => one(texts.join(*separator)),
            _ => State::Unknown,
        },
        _ => State::Unknown,
    }
}

fn options<'b>(list: &'b Source, letters: &'b Source, key: Option<u8>, binding: &'b Binding<'_>) -> State<'b> {
    let parts = (collect(std::slice::from_ref(list), binding), collect(std::slice::from_ref(letters), binding));
    let (values, letters) = match parts {
        (Err(State::Missing), _) | (_, Err(State::Missing)) => return State::Missing,
        (Ok(values), Ok(letters)) => (values, letters),
        _ => return State::Unknown,
    };
    let (Some(arguments), Some(letters)) = (texts(&values), texts(&letters)) else { return State::Unknown };
    let [letters] = letters.as_slice() else { return State::Unknown };
    match key {
        Some(key) => getopt::option(&arguments, letters, key).map_or(State::Missing, |value| one(value.to_vec())),
        None => {
            let found = getopt::options(&arguments, letters);
            State::Many(found.into_iter().map(|bytes| Value::Bytes(Cow::Owned(bytes.to_vec()))).collect())
        }
    }
}

fn each<'b>(transformer: Transformer, value: &Value<'_>) -> Option<Value<'b>> {
    let bytes = value.bytes();
    let changed = match transformer {
        Transformer::ToLower => bytes.to_ascii_lowercase(),
        Transformer::ToUpper => bytes.to_ascii_uppercase(),
        Transformer::Basename => {
            let start = bytes.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
            bytes.get(start..).unwrap_or_default().to_vec()
        }
        Transformer::B64 => base64::decode(bytes)?,
        _ => return None,
    };
    Some(Value::Bytes(Cow::Owned(changed)))
}
