//! Variables in patterns: each becomes its value, or an alternation of its values.

use super::Resolver;
use super::symbols::{BYTES, Trouble};
use crate::refusal::Code;
use crate::tree::Text;

/// Where the first `@{…}` of a pattern begins and ends.
pub(super) fn first_variable(pattern: &str) -> Option<(usize, usize)> {
    let bytes = pattern.as_bytes();
    let mut start = None;
    let mut escaped = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => escaped = !escaped,
            b'@' if !escaped && bytes.get(at + 1) == Some(&b'{') => {
                // A later one wins, as long as none is closed.
                start = Some(at);
                at += 2;
            }
            b'}' if !escaped => {
                if let Some(start) = start {
                    return Some((start, at + 1));
                }
            }
            _ => escaped = false,
        }
        at += 1;
    }
    None
}

/// The name in `@{name}`.
pub(super) fn name_in(variable: &str) -> Result<String, Trouble> {
    let name = variable.strip_prefix("@{").and_then(|name| name.strip_suffix('}')).unwrap_or(variable);
    let first = name.as_bytes().first().copied().unwrap_or_default();
    let valid = first.is_ascii_alphabetic() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if valid { Ok(name.to_owned()) } else { Err(Trouble::BadName(variable.to_owned())) }
}

/// `@{a,b}` is read as an alternation behind an `@`, for old times' sake.
fn is_alternation(variable: &str) -> bool {
    let name = variable.trim_start_matches("@{").trim_end_matches('}');
    let odd = name.bytes().find(|&b| !b.is_ascii_alphanumeric() && b != b'_');
    odd == Some(b',') && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}

impl Resolver<'_> {
    /// The pattern with every variable expanded, and whether one stays open because an include is unknown.
    pub(super) fn expand(&mut self, pattern: &str) -> Result<(String, bool), Trouble> {
        let mut done = String::new();
        let mut rest = pattern.to_owned();
        // What a variable at the beginning of `rest` stands behind, for the slashes between them.
        while let Some((start, end)) = first_variable(&rest) {
            let (prefix, variable) = (rest.get(..start).unwrap_or_default(), rest.get(start..end).unwrap_or_default());
            let suffix = rest.get(end..).unwrap_or_default();
            if is_alternation(variable) {
                break;
            }
            let name = name_in(variable)?;
            let values = match self.symbols.expanded(&name) {
                Err(Trouble::Undeclared(_)) if !self.policy.unknown.is_empty() => {
                    done.push_str(&rest);
                    return Ok((done, true));
                }
                values => values?,
            };
            let after_slash = prefix.ends_with('/') && prefix.bytes().any(|b| b != b'/');
            let before_slash = suffix.starts_with('/');
            let mut expanded = String::new();
            for (place, value) in values.iter().enumerate() {
                let value = if after_slash { value.trim_start_matches('/') } else { value };
                let value = if before_slash { value.trim_end_matches('/') } else { value };
                if place > 0 {
                    expanded.push(',');
                }
                expanded.push_str(value);
            }
            if values.len() > 1 {
                expanded = ["{", &expanded, "}"].concat();
            }
            done.push_str(prefix);
            expanded.push_str(suffix);
            if done.len() + expanded.len() > BYTES {
                return Err(Trouble::Large(name));
            }
            rest = expanded;
        }
        done.push_str(&rest);
        Ok((done, false))
    }

    /// Expands a text in place; the fault goes to the list. Gives back whether a variable stays as it is written.
    pub(super) fn expand_text(&mut self, text: &mut Text, origin: crate::policy::Origin) -> bool {
        if !text.value.contains("@{") {
            return false;
        }
        match self.expand(&text.value) {
            Ok((value, open)) => {
                text.value = value;
                open
            }
            Err(trouble) => {
                self.refuse(Code::Variable, origin, trouble.message());
                true
            }
        }
    }
}
