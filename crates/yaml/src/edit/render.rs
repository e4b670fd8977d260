//! From values to text.

use std::fmt::Write as _;

use serde_json::Value;

use crate::ScalarStyle;

/// What is to be written: a JSON value, or something that only YAML can say.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Out {
    Value(Value),
    Anchored(String, Value),
    /// `<<: *name` and these keys.
    Overlay(String, Vec<(String, Value)>),
}

/// How far things are indented, counted in blanks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Indent {
    /// From a key to the keys of its mapping.
    pub(super) mapping: usize,
    /// From a key to the dashes of its list.
    pub(super) list: usize,
    /// From a dash to what follows it.
    pub(super) item: usize,
}

/// How a flow collection is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Flow {
    /// Only what JSON knows: every key and text in double quotes.
    pub(super) json: bool,
    /// `{ a: 1 }` rather than `{a: 1}`.
    pub(super) padded: bool,
    /// A blank behind colon and comma.
    pub(super) spaced: bool,
    /// One element a line: the blank space of the line that holds the bracket, and one level more.
    pub(super) lines: Option<(String, String)>,
}

impl Flow {
    pub(super) const INLINE: Self = Self { json: false, padded: false, spaced: true, lines: None };
}

impl Out {
    /// Whether it is written on the line of its key whatever the style.
    pub(super) fn is_inline(&self) -> bool {
        match self {
            Self::Value(value) => inline_value(value),
            Self::Anchored(_, value) => inline_value(value),
            Self::Overlay(..) => false,
        }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::Value(Value::Array(_)) | Self::Anchored(_, Value::Array(_)))
    }

    /// On one line, or as many as the style wants.
    pub(super) fn flow(&self, style: &Flow, newline: &str, old: Option<ScalarStyle>) -> String {
        match self {
            Self::Value(value) => flow_value(value, style, newline, old),
            Self::Anchored(name, value) => format!("&{name} {}", flow_value(value, style, newline, old)),
            Self::Overlay(name, keys) => {
                let style = Flow { lines: None, ..style.clone() };
                let mut parts = vec![format!("<<: *{name}")];
                parts.extend(keys.iter().map(|(key, value)| flow_entry(key, value, &style, newline)));
                format!("{{{}}}", parts.join(", "))
            }
        }
    }

    /// On the line of its key or dash.
    pub(super) fn inline(&self, old: Option<ScalarStyle>) -> String {
        match self {
            Self::Value(Value::String(text)) => scalar_text(text, false, old),
            Self::Anchored(name, Value::String(text)) => format!("&{name} {}", scalar_text(text, false, None)),
            _ => self.flow(&Flow::INLINE, "\n", old),
        }
    }

    /// The anchor that stands on the line before a block.
    pub(super) fn anchor(&self) -> Option<&str> {
        match self {
            Self::Anchored(name, _) => Some(name),
            _ => None,
        }
    }

    /// The lines of a block, not indented.
    pub(super) fn block(&self, indent: Indent) -> Vec<String> {
        match self {
            Self::Value(value) | Self::Anchored(_, value) => block_value(value, indent),
            Self::Overlay(name, keys) => {
                let mut lines = vec![format!("<<: *{name}")];
                lines.extend(keys.iter().flat_map(|(key, value)| entry(key, &Self::Value(value.clone()), indent)));
                lines
            }
        }
    }
}

/// The lines of `key: value`, not indented.
pub(super) fn entry(key: &str, out: &Out, indent: Indent) -> Vec<String> {
    let key = scalar_text(key, false, None);
    if out.is_inline() {
        return vec![format!("{key}: {}", out.inline(None))];
    }
    let mut lines = vec![match out.anchor() {
        Some(anchor) => format!("{key}: &{anchor}"),
        None => format!("{key}:"),
    }];
    let deep = if out.is_list() { indent.list } else { indent.mapping };
    push_indented(&mut lines, out.block(indent), deep);
    lines
}

/// The lines of `- value`, not indented.
pub(super) fn item(out: &Out, indent: Indent, siblings: Option<ScalarStyle>) -> Vec<String> {
    if out.is_inline() {
        return vec![format!("- {}", out.inline(siblings))];
    }
    if let Some(anchor) = out.anchor() {
        let mut lines = vec![format!("- &{anchor}")];
        push_indented(&mut lines, out.block(indent), indent.item);
        return lines;
    }
    let mut rest = out.block(indent).into_iter();
    let mut lines = vec![format!("-{:width$}{}", "", rest.next().unwrap_or_default(), width = indent.item - 1)];
    push_indented(&mut lines, rest, indent.item);
    lines
}

fn push_indented(lines: &mut Vec<String>, more: impl IntoIterator<Item = String>, by: usize) {
    lines.extend(more.into_iter().map(|line| format!("{:by$}{line}", "")));
}

fn inline_value(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => true,
    }
}

fn block_value(value: &Value, indent: Indent) -> Vec<String> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.iter().flat_map(|value| item(&Out::Value(value.clone()), indent, None)).collect()
        }
        Value::Object(entries) if !entries.is_empty() => {
            entries.iter().flat_map(|(key, value)| entry(key, &Out::Value(value.clone()), indent)).collect()
        }
        _ => vec![Out::Value(value.clone()).inline(None)],
    }
}

pub(super) fn flow_entry(key: &str, value: &Value, style: &Flow, newline: &str) -> String {
    let key = if style.json { json_text(key) } else { scalar_text(key, true, None) };
    let space = if style.spaced { " " } else { "" };
    format!("{key}:{space}{}", flow_value(value, style, newline, None))
}

pub(super) fn flow_value(value: &Value, style: &Flow, newline: &str, old: Option<ScalarStyle>) -> String {
    let (open, close, parts) = match value {
        Value::String(text) if style.json => return json_text(text),
        Value::String(text) => return scalar_text(text, true, old),
        Value::Array(items) if !items.is_empty() => {
            let style = deeper(style);
            ('[', ']', items.iter().map(|value| flow_value(value, &style, newline, None)).collect::<Vec<_>>())
        }
        Value::Object(entries) if !entries.is_empty() => {
            let style = deeper(style);
            ('{', '}', entries.iter().map(|(key, value)| flow_entry(key, value, &style, newline)).collect())
        }
        other => return other.to_string(),
    };
    let mut text = String::from(open);
    if let Some((outer, unit)) = &style.lines {
        let joined = parts.join(&format!(",{newline}{outer}{unit}"));
        let _ = write!(text, "{newline}{outer}{unit}{joined}{newline}{outer}");
    } else {
        let pad = if style.padded && open == '{' { " " } else { "" };
        let joined = parts.join(if style.spaced { ", " } else { "," });
        let _ = write!(text, "{pad}{joined}{pad}");
    }
    text.push(close);
    text
}

fn deeper(style: &Flow) -> Flow {
    let lines = style.lines.as_ref().map(|(outer, unit)| (format!("{outer}{unit}"), unit.clone()));
    Flow { lines, ..style.clone() }
}

/// A text as a scalar: as the old one was quoted, else plain where that is read as the same text by every YAML reader.
pub(super) fn scalar_text(text: &str, in_flow: bool, old: Option<ScalarStyle>) -> String {
    match old {
        Some(ScalarStyle::DoubleQuoted) => json_text(text),
        Some(ScalarStyle::SingleQuoted) if text.chars().all(|c| c != '\n' && printable(c)) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        _ if plain(text, in_flow) => text.to_owned(),
        _ => json_text(text),
    }
}

fn printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if printable(c) => out.push(c),
            // All that is left lies in the basic plane, so four digits are enough in JSON and in YAML.
            c => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
        }
    }
    out.push('"');
    out
}

/// Whether a text can stand without quotes and is then text for YAML 1.1 and 1.2 readers alike.
pub(super) fn plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let indicator = matches!(
        first,
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | '=' | '<'
    );
    // A flow value that begins or ends with these is told apart only by the next character: quotes are clearer.
    let doubtful = matches!(first, '-' | '?' | ':') && (in_flow || text.chars().nth(1).is_none_or(|c| c == ' '));
    if indicator || doubtful || text.starts_with("---") || text.starts_with("...") {
        return false;
    }
    if text.trim() != text || text.ends_with(':') || text.contains(": ") || text.contains(" #") {
        return false;
    }
    if !text.chars().all(|c| printable(c) && c != '\t') {
        return false;
    }
    if in_flow && text.contains([',', '[', ']', '{', '}', ':']) {
        return false;
    }
    !looks_typed(text)
}

/// Whether some YAML reader takes the plain text for something else: null, a boolean, a number, a date.
fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan", "+.inf", "-.inf"];
    if WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return true;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some(first) = digits.chars().next() else { return true };
    let fraction = first == '.' && digits.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    if !(first.is_ascii_digit() || fraction) {
        return false;
    }
    // Numbers in any base, with underscores, exponents or sixties, and dates are made of these alone. "128Mi" is not.
    let hex = digits.starts_with("0x") || digits.starts_with("0X");
    digits.chars().all(|c| match c {
        '0'..='9' | '.' | '_' | ':' | '-' | '+' => true,
        'e' | 'E' | 'o' | 'O' | 'x' | 'X' | 'b' | 'B' | 't' | 'T' | 'z' | 'Z' | ' ' => true,
        c => hex && c.is_ascii_hexdigit(),
    })
}
