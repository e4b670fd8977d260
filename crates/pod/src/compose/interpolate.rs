//! Variables in the values of a compose file.
//!
//! There is no environment here, so every variable is one that is not set: a default takes its place as Compose puts it
//! there, and without one nobody can tell. Source: `template/template.go` of compose-go and `12-interpolation.md` of the
//! Compose Specification. A dollar sign before anything but a name or a brace is refused by some of its versions and kept by
//! others, so what stands around it is not known.

/// Defaults within defaults that are followed. Nobody writes more, and each is a call of ours.
const DEPTH: usize = 16;

/// A value as Compose would hand it on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Interpolated {
    /// With the defaults in their places. Variables without one stand here as they are written.
    pub(super) text: String,
    /// Whether something in it is not known.
    pub(super) expands: bool,
    /// The variables whose defaults were taken, in the order they stand.
    pub(super) defaults: Vec<String>,
}

/// Puts defaults into a value; `None` when it holds no variable.
pub(super) fn interpolate(written: &str) -> Option<Interpolated> {
    if !written.contains('$') {
        return None;
    }
    let mut reader = Reader { text: written, at: 0 };
    let mut out = Interpolated::default();
    reader.run(&mut out, 0);
    Some(out)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// Reads up to the end of the text; within braces up to the one that closes them, which it steps over. Whether it
    /// came to that end.
    fn run(&mut self, out: &mut Interpolated, depth: usize) -> bool {
        loop {
            let rest = self.rest();
            let is_end = |letter: char| letter == '$' || letter == '}' && depth > 0;
            let Some(at) = rest.find(is_end) else {
                self.at = self.text.len();
                out.text.push_str(rest);
                return depth == 0;
            };
            out.text.push_str(rest.get(..at).unwrap_or_default());
            self.at += at;
            if self.take("}") {
                return true;
            }
            self.variable(out, depth);
        }
    }

    /// A dollar sign and what belongs to it.
    fn variable(&mut self, out: &mut Interpolated, depth: usize) {
        let start = self.at;
        if self.take("$$") {
            return out.text.push('$');
        }
        let is_braced = self.take("${");
        if !is_braced {
            self.at += 1;
        }
        let name = self.name();
        // A name alone, and what Compose refuses, stays as it is written.
        if is_braced && !name.is_empty() && depth < DEPTH {
            let takes_default = self.take(":-") || self.take("-");
            let mut inner = Interpolated::default();
            let is_closed = self.run(&mut inner, depth + 1);
            // Compose's pattern ends with the line, and it refuses what is left.
            let is_line = !inner.text.contains('\n');
            if takes_default && is_closed && is_line && !inner.expands {
                out.text.push_str(&inner.text);
                out.defaults.push(name.to_owned());
                return out.defaults.append(&mut inner.defaults);
            }
        } else if is_braced {
            // Too deep, or without a name: nothing behind it can be told apart any more.
            self.at = self.text.len();
        }
        out.expands = true;
        out.text.push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let is_part = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
        let name = rest.get(..rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())).unwrap_or_default();
        let name = if name.starts_with(|letter: char| letter.is_ascii_digit()) { "" } else { name };
        self.at += name.len();
        name
    }

    fn take(&mut self, wanted: &str) -> bool {
        let is_here = self.rest().starts_with(wanted);
        if is_here {
            self.at += wanted.len();
        }
        is_here
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::interpolate;

    #[test]
    fn defaults_take_the_places_of_variables() {
        for (written, text, expands, defaults) in [
            ("$$", "$", false, ""),
            ("a$$b$${c}", "a$b${c}", false, ""),
            ("$A", "$A", true, ""),
            ("${A}", "${A}", true, ""),
            ("${A:-x}", "x", false, "A"),
            ("${A-x}/${B:-y}", "x/y", false, "A B"),
            ("${A:-}", "", false, "A"),
            ("${A:-x$$y}", "x$y", false, "A"),
            ("${A:-${B:-x}}!", "x!", false, "A B"),
            ("${A:-a}${B}", "a${B}", true, "A"),
            ("${A:-${B}}", "${A:-${B}}", true, ""),
            ("${A:?no A}", "${A:?no A}", true, ""),
            ("${A?}", "${A?}", true, ""),
            ("${A:+x}z", "${A:+x}z", true, ""),
            ("${A+x}", "${A+x}", true, ""),
            ("${A:-x", "${A:-x", true, ""),
            ("${", "${", true, ""),
            ("$", "$", true, ""),
            ("$é}", "$é}", true, ""),
            ("${A:-é}", "é", false, "A"),
            ("${A:-x\ny}", "${A:-x\ny}", true, ""),
            ("${A:-{x}}${B:-y}", "{x}y", false, "A B"),
            ("${A-b:-c?d+e}", "b:-c?d+e", false, "A"),
            ("${1:-x}", "${1:-x}", true, ""),
            ("a}b$$", "a}b$", false, ""),
        ] {
            let found = interpolate(written).unwrap();
            assert_eq!((found.text.as_str(), found.expands), (text, expands), "{written}");
            assert_eq!(found.defaults.join(" "), defaults, "{written}");
        }
        assert_eq!(interpolate("plain {x}"), None);
        let deep = "${A:-".repeat(100_000);
        assert!(interpolate(&deep).unwrap().expands);
    }
}
