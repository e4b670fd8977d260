//! Constants that may have been meant otherwise: the engine warns of them.

use crate::condition::{Operator, Transformer};

use super::field::resolve_text;

/// The engine's warnings about a constant, one after the other.
pub(super) fn suspicious(operator: Operator, bytes: &[u8], warn: &mut impl FnMut(String)) {
    let text = String::from_utf8_lossy(bytes);
    if operator == Operator::Regex && is_simple(bytes) {
        let advice = "' may be optimized with simpler operators such as '=', 'contains', 'startswith', 'endswith'";
        warn(["regex check with '", &text, advice].concat());
    }
    let stripped: String = text.chars().filter(|c| !matches!(c, ' ' | '\t'..='\r')).collect();
    // Every field has a dot in its name, and few constants have.
    match stripped.contains('.').then(|| resolve_text(&stripped)) {
        Some(Ok(_)) => warn(["'", &text, "' may be a valid field misused as a const string value"].concat()),
        // A field with a wrong argument ends the engine's look at the constant.
        Some(Err(message)) if !message.contains("nonexistent field") => return,
        Some(Err(_)) | None => {}
    }
    let call = |transformer: &&Transformer| {
        let inside = stripped.strip_prefix(transformer.word()).and_then(|rest| rest.strip_prefix('('));
        inside.is_some_and(|inside| inside.ends_with(')'))
    };
    for _ in Transformer::ALL.iter().filter(call) {
        warn(["'", &text, "' may be a valid field transformer misused as a const string value"].concat());
    }
}

/// Whether a pattern has nothing of a regular expression but anchors, and anything at its ends.
fn is_simple(pattern: &[u8]) -> bool {
    let last = pattern.len().saturating_sub(1);
    let mut skip = false;
    for (index, &byte) in pattern.iter().enumerate() {
        if std::mem::take(&mut skip) || (index == 0 && byte == b'^') || (index == last && byte == b'$') {
            continue;
        }
        let at_an_end = (index == 0 && pattern.len() > 1) || index + 2 == pattern.len();
        if at_an_end && byte == b'.' && matches!(pattern.get(index + 1), Some(b'+' | b'*' | b'?')) {
            skip = true;
            continue;
        }
        if b".+*?^$()[]{}|\\".contains(&byte) {
            return false;
        }
    }
    true
}
