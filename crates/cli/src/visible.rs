//! Texts from files and file names, made harmless for a terminal and a log.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with everything escaped that could move the cursor, hide or reorder what is shown.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Control characters, and those that change the direction of writing, break lines or take no room.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_letters() {
        for (text, shown) in [
            ("plain é漢🚢", "plain é漢🚢"),
            ("a\x1b[31mb", "a\\u{1b}[31mb"),
            ("x\r\n\ty", "x\\r\\n\\ty"),
            ("\u{202e}txt.lmay", "\\u{202e}txt.lmay"),
            ("\u{9b}0m", "\\u{9b}0m"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
