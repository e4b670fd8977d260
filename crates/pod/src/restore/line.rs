//! What a line at the left edge says by itself.

use super::is_separator;
use crate::schema::Type;

/// What a line is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Line<'t> {
    /// Blank, a comment or a separator: it follows what comes after it.
    Aside,
    /// A key, a list item, or both; `goes_on` when the value ends in a later line.
    Content { item: bool, key: Option<&'t str>, value: Value<'t>, goes_on: Option<GoesOn> },
    /// A template, lists of lists: nobody can tell what belongs where.
    Beyond,
}

/// The value of a line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Value<'t> {
    /// Nothing: what is below the key stands in the next lines.
    Empty,
    /// `{…}`, `[…]`, an alias or null: fits a struct, a list and a map.
    Whole,
    /// Anything else.
    Scalar(&'t str),
}

/// How a value of several lines ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum GoesOn {
    /// With this quotation mark.
    Quoted(char),
    /// When so many brackets are closed.
    Brackets(usize),
    /// Nobody says: with the first line that belongs elsewhere.
    Block,
}

impl<'t> Line<'t> {
    pub(super) fn read(line: &'t str) -> Self {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || is_separator(line) {
            return Self::Aside;
        }
        let (item, rest) = match line.strip_prefix('-') {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => (true, rest.trim_start()),
            _ => (false, line),
        };
        if rest.starts_with("- ") || rest == "-" || rest.starts_with(['%', '?']) || line.contains("{{") {
            return Self::Beyond;
        }
        let (key, value) = match split(rest) {
            Some((key, value)) => (Some(key), value),
            None => (None, rest),
        };
        let (value, goes_on) = Value::read(value);
        Self::Content { item, key, value, goes_on }
    }
}

impl GoesOn {
    /// What is left to come behind one more line; `None` when it ends there.
    pub(super) fn after(self, line: &str) -> Option<Self> {
        match self {
            Self::Quoted(quote) => (!closes(line, quote)).then_some(self),
            Self::Brackets(open) => {
                let open = (open + count(line, &['{', '['])).saturating_sub(count(line, &['}', ']']));
                (open > 0).then_some(Self::Brackets(open))
            }
            Self::Block => Some(self),
        }
    }
}

fn count(line: &str, brackets: &[char]) -> usize {
    line.matches(brackets).count()
}

/// Whether a quotation ends in this line.
fn closes(line: &str, quote: char) -> bool {
    let line = without_comment(line).trim_end();
    // A doubled single mark and an escaped double one stand for the character.
    let inner = match quote {
        '"' => line.replace("\\\\", "").replace("\\\"", ""),
        _ => line.replace("''", ""),
    };
    inner.trim_end_matches([',', ']', '}', ' ']).ends_with(quote)
}

/// Key and value of `key: value`; keys may be quoted.
fn split(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(['{', '[']) {
        return None;
    }
    if let Some(quote) = line.chars().next().filter(|c| ['"', '\''].contains(c)) {
        let inner = line.get(1..)?;
        let (key, rest) = inner.split_once(quote)?;
        let value = rest.strip_prefix(':')?;
        return Some((key, value));
    }
    let colon = line.match_indices(':').map(|(at, _)| at);
    let ends = |at: &usize| line.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let at = colon.into_iter().find(ends)?;
    Some((line.get(..at)?.trim_end(), line.get(at + 1..)?))
}

impl<'t> Value<'t> {
    /// The value, and how it ends when that is in a later line.
    fn read(text: &'t str) -> (Self, Option<GoesOn>) {
        let text = without_comment(text).trim();
        let text = match text.strip_prefix('&') {
            // An anchor stands before its value.
            Some(rest) => rest.split_once(' ').map_or("", |(_, value)| value.trim_start()),
            None => text,
        };
        let first = text.chars().next();
        match first {
            None => (Self::Empty, None),
            Some('|' | '>') => (Self::Scalar(text), Some(GoesOn::Block)),
            Some('*') => (Self::Whole, None),
            Some('{' | '[') => (Self::Whole, GoesOn::Brackets(0).after(text)),
            Some(quote @ ('"' | '\'')) => {
                let ends = text.len() > 1 && text.ends_with(quote);
                (Self::Scalar(text), (!ends).then_some(GoesOn::Quoted(quote)))
            }
            Some(_) if ["~", "null", "Null", "NULL"].contains(&text) => (Self::Whole, None),
            Some(_) => (Self::Scalar(text), None),
        }
    }

    /// What it costs to read the value as that type; `None` when it cannot be.
    pub(super) fn cost_as(self, ty: Type) -> Option<u32> {
        match (ty, self) {
            (Type::Struct(_) | Type::List(_) | Type::Map(_), Self::Empty | Self::Whole) => Some(0),
            (Type::Struct(_) | Type::List(_) | Type::Map(_), Self::Scalar(_)) => None,
            // Nobody can tell what belongs into it.
            (Type::Any, Self::Empty) => None,
            (Type::Any, _) => Some(0),
            (_, Self::Empty) => Some(3),
            (_, Self::Whole) => Some(3),
            (Type::Bool, Self::Scalar(word)) => {
                let words = ["true", "false", "yes", "no", "on", "off", "y", "n"];
                words.contains(&word.to_ascii_lowercase().as_str()).then_some(0)
            }
            (Type::Int, Self::Scalar(word)) => {
                let digits = word.trim_start_matches(['-', '+']);
                digits.starts_with(|c: char| c.is_ascii_digit()).then_some(0)
            }
            (_, Self::Scalar(_)) => Some(0),
        }
    }
}

/// The text before a comment.
pub(super) fn without_comment(text: &str) -> &str {
    if text.trim_start().starts_with(['"', '\'']) {
        let text = text.trim_start();
        let quote = text.chars().next().unwrap_or('"');
        // Behind the closing quote only a comment can follow.
        let closing = text.match_indices(quote).map(|(at, _)| at).skip(1).find(|at| {
            let rest = text.get(at + 1..).unwrap_or_default();
            rest.is_empty() || rest.trim_start().starts_with('#')
        });
        return closing.and_then(|at| text.get(..=at)).unwrap_or(text);
    }
    if text.trim_start().starts_with('#') {
        return "";
    }
    text.split_once(" #").map_or(text, |(before, _)| before)
}
