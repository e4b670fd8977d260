//! How the admission library joins names and agrees nouns.

use std::collections::BTreeSet;
use std::fmt::Write;

/// `"a", "b"`, with nothing escaped inside, as upstream writes it.
pub(crate) fn quoted<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let mut out = String::new();
    for item in items {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push('"');
        out.push_str(item.as_ref());
        out.push('"');
    }
    out
}

/// The noun that agrees with a count.
pub(crate) fn plural(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// `container "a"` or `containers "a", "b"`.
pub(crate) fn containers(names: &[&str]) -> String {
    format!("{} {}", plural(names.len(), "container", "containers"), quoted(names))
}

/// Who set something wrong: the pod, some containers, or both.
#[derive(Default)]
pub(crate) struct Setters<'a> {
    pub(crate) pod: bool,
    pub(crate) containers: Vec<&'a str>,
}

impl Setters<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        !self.pod && self.containers.is_empty()
    }

    /// `pod and container "a"`, with whatever else joins them.
    pub(crate) fn words(&self, more: Option<&str>) -> String {
        let pod = self.pod.then(|| "pod".to_owned());
        let named = (!self.containers.is_empty()).then(|| containers(&self.containers));
        [pod, named, more.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }
}

/// Values that are told once each, in byte order.
pub(crate) type Distinct<'a> = BTreeSet<&'a str>;

/// Go's `%q`: the text in quotes, with everything escaped that Go does not print.
pub(crate) fn go_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            c if printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                // Writing into a string cannot fail.
                let _ = match code {
                    0..0x20 | 0x7f => write!(out, "\\x{code:02x}"),
                    0x20..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// Go prints letters, marks, numbers, punctuation, symbols and the ASCII space. Rust's debug form of a string leaves
/// exactly those as they are, but for quotes, and for marks at the very beginning: hence the letter before.
fn printable(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || c.is_ascii_graphic();
    }
    let mut buffer = [b'a', 0, 0, 0, 0];
    let after = buffer.get_mut(1..).map_or(0, |rest| c.encode_utf8(rest).len());
    let text = buffer.get(..=after).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_not_escaped() {
        assert_eq!(quoted(["a", "b\"c"]), r#""a", "b"c""#);
        assert_eq!(quoted([""; 0]), "");
        assert_eq!(containers(&["x"]), r#"container "x""#);
        assert_eq!(containers(&["x", "y"]), r#"containers "x", "y""#);
    }

    #[test]
    fn setters_in_order() {
        let setters = Setters { pod: true, containers: vec!["a"] };
        assert_eq!(setters.words(None), r#"pod and container "a""#);
        assert_eq!(setters.words(Some("annotation")), r#"pod and container "a" and annotation"#);
        assert_eq!(Setters::default().words(Some("annotation")), "annotation");
    }

    /// The right-hand sides are what Go prints for `%q`.
    #[test]
    fn quoting_as_go_does() {
        for (text, quoted) in [
            ("", r#""""#),
            ("plain/it's", r#""plain/it's""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("\u{7}\u{8}\u{c}\n\r\t\u{b}", r#""\a\b\f\n\r\t\v""#),
            ("\0\u{1b}\u{7f}", r#""\x00\x1b\x7f""#),
            ("\u{85}\u{a0}\u{ad}", r#""\u0085\u00a0\u00ad""#),
            ("é漢e\u{301}🚢", "\"é漢e\u{301}🚢\""),
            ("\u{301}", "\"\u{301}\""),
            ("\u{200b}\u{202e}\u{feff}\u{e000}", r#""\u200b\u202e\ufeff\ue000""#),
            ("\u{e0001}\u{10ffff}", r#""\U000e0001\U0010ffff""#),
        ] {
            assert_eq!(go_quoted(text), quoted, "{text:?}");
        }
    }
}
