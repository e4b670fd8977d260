//! What is added to a collection.

use serde_json::Value;

use super::super::render::{self, Flow, Indent, Out};
use super::super::source::Element;
use crate::ScalarStyle;

/// New entries of a mapping or new items of a list.
pub(super) enum News {
    Entries(Vec<(String, Value)>),
    /// With the way the texts beside them are quoted.
    Items(Vec<Value>, Option<ScalarStyle>),
}

impl News {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Entries(entries) => entries.is_empty(),
            Self::Items(items, _) => items.is_empty(),
        }
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Entries(entries) => Value::Object(entries.into_iter().collect()),
            Self::Items(items, _) => Value::Array(items),
        }
    }

    pub(super) fn lines(&self, indent: Indent) -> Vec<String> {
        match self {
            Self::Entries(entries) => {
                entries.iter().flat_map(|(key, value)| render::entry(key, &Out::Value(value.clone()), indent)).collect()
            }
            Self::Items(items, siblings) => {
                items.iter().flat_map(|value| render::item(&Out::Value(value.clone()), indent, *siblings)).collect()
            }
        }
    }

    pub(super) fn flow(&self, style: &Flow, newline: &str) -> Vec<String> {
        match self {
            Self::Entries(entries) => {
                entries.iter().map(|(key, value)| render::flow_entry(key, value, style, newline)).collect()
            }
            Self::Items(items, siblings) => {
                items.iter().map(|value| render::flow_value(value, style, newline, *siblings)).collect()
            }
        }
    }
}

/// How all the texts among the items of a list are quoted, if at least one of them need not be.
pub(super) fn quoting(elements: &[Element<'_>]) -> Option<ScalarStyle> {
    let texts = || elements.iter().filter(|item| !item.value.is_alias()).filter_map(|item| item.value.as_str());
    let mut styles = elements.iter().filter(|item| item.value.as_str().is_some()).map(|item| item.value.scalar_style());
    let first = styles.next()?;
    let by_choice = matches!(first, Some(ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted))
        && styles.all(|style| style == first)
        && texts().any(|text| render::plain(text, true));
    if by_choice { first } else { None }
}
