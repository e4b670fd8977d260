//! `regex`: regular expressions as RE2 reads them in POSIX mode, matched against the whole text.
//!
//! There are no Perl classes (`\d`), no word boundaries, no flags, no groups that do not capture. `^` and `$` stand for
//! the ends of a line, `.` for everything but the end of a line. What counts is whether the text matches as a whole, so
//! leftmost-longest makes no difference. Matching goes through all states at once: its time is linear in the text.

mod class;
mod parse;
mod program;

use program::Program;

/// The longest expression. Falco takes 255 bytes; the rest is for whoever calls this with another text.
const MAX_LENGTH: usize = 1000;

/// A compiled expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Regex {
    program: Program,
}

impl Regex {
    /// Compiles an expression. The error is RE2's.
    pub fn new(pattern: &[u8]) -> Result<Self, String> {
        let Ok(pattern) = std::str::from_utf8(pattern) else { return Err("invalid UTF-8".to_owned()) };
        if pattern.len() > MAX_LENGTH {
            return Err(program::TOO_LARGE.to_owned());
        }
        let tree = parse::parse(pattern)?;
        Ok(Self { program: Program::new(&tree).ok_or_else(|| program::TOO_LARGE.to_owned())? })
    }

    /// Whether the whole text matches; `None` when finding out would take too long, which needs an expression of many
    /// repetitions and a text longer than any that Falco sees.
    ///
    /// Bytes that are not UTF-8 are replaced first, as the engine does.
    pub fn matches(&self, text: &[u8]) -> Option<bool> {
        self.program.matches(&String::from_utf8_lossy(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, matching: &[&str], others: &[&str]) {
        let regex = Regex::new(pattern.as_bytes()).unwrap();
        for text in matching {
            assert_eq!(regex.matches(text.as_bytes()), Some(true), "{pattern} should match {text:?}");
        }
        for text in others {
            assert_eq!(regex.matches(text.as_bytes()), Some(false), "{pattern} should not match {text:?}");
        }
    }

    #[track_caller]
    fn check_error(pattern: &str, expected: &str) {
        assert_eq!(Regex::new(pattern.as_bytes()).unwrap_err(), expected);
    }

    #[test]
    fn the_whole_text_matches() {
        check("a|b", &["a", "b"], &["ab", "", "xa"]);
        check("", &[""], &["a"]);
        check("/proc/[0-9]+/cmdline", &["/proc/1/cmdline"], &["x/proc/1/cmdline", "/proc//cmdline"]);
        check("(runc|docker)?", &["", "runc"], &["runcdocker"]);
        check("()|a||b", &["", "a", "b"], &["ab"]);
    }

    #[test]
    fn repetitions() {
        check("a{2,3}", &["aa", "aaa"], &["a", "aaaa"]);
        check("a{2,}", &["aa", "aaaaaa"], &["a"]);
        check("a{2}{2}", &["aaaa"], &["aa", "aaa"]);
        check("(ab){0,2}c", &["c", "abc", "ababc"], &["abababc"]);
        check("a{,2}", &["a{,2}"], &["a"]);
        check("a{1", &["a{1"], &["a"]);
        check("a{01}", &["a{01}"], &["a"]);
        check("a*?", &["", "aa"], &["b"]);
        check("a**", &["", "aa"], &[]);
        check("(a*)*b", &["b", "aab"], &["a"]);
    }

    #[test]
    fn lines() {
        check("^a$", &["a"], &["a\n"]);
        check("a.b", &["axb", "aéb"], &["a\nb", "ab"]);
        check("a$\n^b", &["a\nb"], &["ab"]);
        check("[^a]", &["\n", "b", "é"], &["a", ""]);
        check("a^b", &[], &["ab", "a^b"]);
        check("^*a", &["a"], &[]);
    }

    #[test]
    fn classes() {
        check("[[:digit:]]{2,3}", &["12"], &["1", "1a"]);
        check("[^[:alpha:]]", &["1", "é"], &["a"]);
        check("[[:^alpha:]1]", &["1", "-"], &["a"]);
        check("[]a]", &["]", "a"], &["b"]);
        check("[a-]", &["a", "-"], &["b"]);
        check("[a-c\\x41]", &["b", "A"], &["-"]);
        check("[[:x]", &["[", ":", "x"], &["]"]);
        check("[é-ü]", &["ö"], &["a"]);
        check("[^]a]", &["b"], &["]", "a"]);
    }

    #[test]
    fn escapes() {
        check("a\\.b", &["a.b"], &["axb"]);
        check("\\x{e9}\\n\\101\\_", &["é\nA_"], &[]);
        check("\\{\\\\", &["{\\"], &[]);
    }

    #[test]
    fn errors_are_those_of_re2() {
        check_error("\\bfoo", "invalid escape sequence: \\b");
        check_error("\\d", "invalid escape sequence: \\d");
        check_error("\\1", "invalid escape sequence: \\1");
        check_error("a\\", "trailing \\");
        check_error("(?:a)", "no argument for repetition operator: ?");
        check_error("*a", "no argument for repetition operator: *");
        check_error("a|+", "no argument for repetition operator: +");
        check_error("{2}", "no argument for repetition operator: {2}");
        check_error("a{1001}", "invalid repetition size: {1001}");
        check_error("a{3,2}", "invalid repetition size: {3,2}");
        check_error("(a{100}){100}", "invalid repetition size: {100}");
        check_error("(a", "missing ): (a");
        check_error("a)", "unexpected ): a)");
        check_error("[a", "missing ]: [a");
        check_error("x[", "missing ]: [");
        check_error("[b-a]", "invalid character class range: b-a");
        check_error("[a-c-e]", "invalid character class range: -e");
        check_error("[[:foo:]]", "invalid character class range: [:foo:]");
        check_error(&"(.{1000})".repeat(30), "pattern too large - compile failed");
    }

    #[test]
    fn bytes_that_are_no_text() {
        assert_eq!(Regex::new(b"\xff").unwrap_err(), "invalid UTF-8");
        assert_eq!(Regex::new("a\u{fffd}".as_bytes()).unwrap().matches(b"a\xff"), Some(true));
        assert_eq!(Regex::new(b"a.").unwrap().matches(b"a\xff"), Some(true));
    }

    #[test]
    fn time_is_linear() {
        let text = vec![b'a'; 100_000];
        assert_eq!(Regex::new(b"(a*)*b").unwrap().matches(&text), Some(false));
        assert_eq!(Regex::new(b"(a|a)*").unwrap().matches(&text), Some(true));
        // Too many states for a text of that length: no answer rather than a wait.
        assert_eq!(Regex::new(b".*(a.{900})(a.{900})(a.{900})b").unwrap().matches(&text), None);
    }
}
