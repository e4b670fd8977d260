//! Text inside of XML.

/// A text as it stands in an element or in an attribute. XML 1.0 has no way at all to write most control characters.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_can_leave_its_place() {
        assert_eq!(escaped("a<b>&\"'\n\u{1b}"), "a&lt;b&gt;&amp;&quot;&apos;&#10;\u{fffd}");
    }
}
