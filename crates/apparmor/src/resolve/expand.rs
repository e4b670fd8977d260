//! Variables in patterns: each becomes its value, or an alternation of its values.

use std::ops::Range;

use super::Resolver;
use super::symbols::{BYTES, Trouble};
use crate::policy::Origin;
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
    let inside = text.strip_prefix('{')?;
    let end = inside.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_')?;
    let (name, behind) = inside.split_at_checked(end)?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic()) && behind.starts_with('}');
    is_name.then_some(name)
}

/// What became of a text with variables in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Expanded {
    /// None is left.
    Wholly,
    /// One stays as it is written: its values are not known, or it has none.
    Open,
    /// It stays as it is written, for it comes to more than there is room for.
    TooLarge,
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
            let size = values.bytes + suffix.len();
            if done.len() + prefix.len() + size > BYTES || !self.symbols.budget.work(size) {
                return Err(Trouble::large(name));
            }
            let after_slash = prefix.ends_with('/') && prefix.bytes().any(|b| b != b'/');
            let before_slash = suffix.starts_with('/');
            let mut expanded = String::new();
            for (place, value) in values.set.iter().enumerate() {
                let value = if after_slash { value.trim_start_matches('/') } else { value };
                let value = if before_slash { value.trim_end_matches('/') } else { value };
                if place > 0 {
                    expanded.push(',');
                }
                expanded.push_str(value);
            }
            if values.set.len() > 1 {
                expanded = ["{", &expanded, "}"].concat();
            }
            done.push_str(prefix);
            expanded.push_str(suffix);
            rest = expanded;
        }
        done.push_str(&rest);
        Ok((done, false))
    }

    /// Expands a text in place; a fault goes to the list.
    pub(super) fn expand_text(&mut self, text: &mut Text, origin: Origin) -> Expanded {
        if !text.value.contains("@{") {
            return Expanded::Wholly;
        }
        match self.expand(&text.value) {
            Ok((value, _)) if !self.symbols.budget.pattern(value.len()) => Expanded::TooLarge,
            Ok((value, open)) => {
                text.value = value;
                if open { Expanded::Open } else { Expanded::Wholly }
            }
            Err(Trouble::Large(_)) => Expanded::TooLarge,
            Err(trouble) => {
                self.refuse(Code::Variable, origin, trouble.message());
                Expanded::Open
            }
        }
    }

    /// The same for what cannot be done without. Gives back whether no variable is left.
    pub(super) fn expand_whole(&mut self, text: &mut Text, origin: Origin) -> bool {
        let expanded = self.expand_text(text, origin);
        if expanded == Expanded::TooLarge {
            self.refuse(Code::Limit, origin, "With its variables expanded this is too long to be looked at.");
        }
        expanded == Expanded::Wholly
    }
}
