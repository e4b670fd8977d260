//! Variables in patterns: each becomes its value, or an alternation of its values.

use std::ops::Range;

use super::Resolver;
use super::symbols::{BYTES, Trouble};
use crate::refusal::Code;
use crate::tree::Text;

/// The first variable of a pattern: where it stands, and its name. What is no name makes no variable: `@{,b}` is an `@` and an
/// alternation.
///
/// Source: `split_out_var` and `get_var_end` in `parser_variable.c`.
pub(super) fn first_variable(pattern: &str) -> Option<(Range<usize>, &str)> {
    let mut escaped = false;
    for (at, byte) in pattern.bytes().enumerate() {
        match byte {
            b'\\' => escaped = !escaped,
            b'@' if !escaped => {
                if let Some(name) = pattern.get(at + 1..).and_then(name_in) {
                    return Some((at..at + "@{}".len() + name.len(), name));
                }
            }
            _ => escaped = false,
        }
    }
    None
}

/// The name in `{name}` at the beginning of a text: letters, digits and underscores, a letter first.
fn name_in(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

impl Resolver<'_> {
    /// The pattern with every variable expanded, and whether one stays open because an include is unknown.
    pub(super) fn expand(&mut self, pattern: &str) -> Result<(String, bool), Trouble> {
        let mut done = String::new();
        let mut rest = pattern.to_owned();
        // What a variable at the beginning of `rest` stands behind, for the slashes between them.
        while let Some((place, name)) = first_variable(&rest) {
            let prefix = rest.get(..place.start).unwrap_or_default();
            let suffix = rest.get(place.end..).unwrap_or_default();
            let values = match self.symbols.expanded(name) {
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
                return Err(Trouble::Large(name.to_owned()));
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
