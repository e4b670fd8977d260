//! What a user says that a program needs, one thing a line: a rule of AppArmor, a line of the audit log, or a word with a
//! path.

use watertight_text::Span;

use super::audit;
use super::pattern;
use crate::resolve::resolve;
use crate::shipped::Shipped;

/// Lines that are looked at; what comes behind them is not.
const MOST: usize = 1_000;

/// What a text of needs says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Rules, each once, in the order of the lines.
    pub rules: Vec<Need>,
    /// Lines that nobody understands, and why.
    pub unread: Vec<Unread>,
}

/// One rule that is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// The rule, with its comma.
    pub rule: String,
    /// Where it is asked for first.
    pub span: Span,
}

/// A line that is not taken over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    /// Where.
    pub span: Span,
    /// Why, as a sentence.
    pub why: String,
}

impl Needs {
    /// Reads a text.
    ///
    /// ```
    /// use watertight_apparmor::generate::Needs;
    ///
    /// let needs = Needs::read("read /srv/www\nrun /usr/bin/git\n/var/lib/app/** rwk\ncapability kill\n");
    /// let rules: Vec<_> = needs.rules.iter().map(|need| need.rule.as_str()).collect();
    /// assert_eq!(
    ///     rules,
    ///     ["/srv/www{,/,/**} r,", "/{,usr/}bin/git rmix,", "/var/lib/app/** rwk,", "capability kill,"]
    /// );
    /// ```
    pub fn read(text: &str) -> Self {
        let mut needs = Self::default();
        let mut at = 0;
        for line in text.split_inclusive('\n').take(MOST) {
            let words = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let span = Span::new(start, start + words.len());
            if words.is_empty() || words.starts_with('#') {
                continue;
            }
            match rule(words) {
                Ok(Some(rule)) => needs.add(rule, span),
                Ok(None) => {}
                Err(why) => needs.unread.push(Unread { span, why }),
            }
        }
        needs
    }

    fn add(&mut self, rule: String, span: Span) {
        if self.rules.iter().all(|known| known.rule != rule) {
            self.rules.push(Need { rule, span });
        }
    }
}

/// The rule that a line asks for; `None` when it needs none.
fn rule(line: &str) -> Result<Option<String>, String> {
    if audit::is_one(line) {
        let Some(event) = audit::read(line) else { return Err("This line of the log is cut off.".to_owned()) };
        return audit::rule(&event).map(|proposed| given(&proposed.text)).transpose();
    }
    let (word, path) = line.split_once(char::is_whitespace).unwrap_or_default();
    let path = path.trim();
    let letters = match word {
        "read" => "r",
        "write" => "rwkl",
        "run" => "rmix",
        _ => return given(line).map(Some),
    };
    if !path.starts_with('/') {
        return Err(["`", word, "` wants a path that begins with a slash."].concat());
    }
    let (path, inside) = match (path.strip_suffix('/'), word) {
        (_, "run") => (path, ""),
        (Some(folder), _) => (folder, "/{,**}"),
        (None, _) => (path, "{,/,/**}"),
    };
    Ok(Some([&pattern::of_path(path), inside, " ", letters, ","].concat()))
}

/// A rule as somebody wrote it, if the parser takes it and it takes nothing away.
pub(super) fn given(line: &str) -> Result<String, String> {
    let rule = [line.trim_end_matches([',', ' ', '\t']), ","].concat();
    let text = ["profile a {\n", &rule, "\n}\n"].concat();
    let resolved = resolve(&text, &Shipped);
    if let Some(refusal) = resolved.refusals.first() {
        return Err(refusal.message.clone());
    }
    let alone = match resolved.policy.profiles.as_slice() {
        [profile] => profile.rules.len() == 1 && profile.children.is_empty() && profile.unknown.is_empty(),
        _ => false,
    };
    if alone { Ok(rule) } else { Err("One rule of AppArmor a line, such as `/srv/** r,`.".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let needs = Needs::read(line);
        let rules: Vec<_> = needs.rules.iter().map(|need| need.rule.as_str()).collect();
        assert_eq!(rules.join(" | "), expected, "{:?}", needs.unread);
        assert_eq!(needs.unread.is_empty(), !expected.is_empty(), "{line}");
    }

    #[test]
    fn lines() {
        check("read /srv/a b/", "/srv/a\\040b/{,**} r,");
        check("write /var/run/x", "/{,var/}run/x{,/,/**} rwkl,");
        check("/a r", "/a r,");
        check("deny /a r,", "deny /a r,");
        check("network inet stream,", "network inet stream,");
        check("run ls", "");
        check("/a rq", "");
        check("/a r, /b r", "");
        check("} profile b {", "");
        check("include <abstractions/base>", "");
        check("all the files", "");
    }

    #[test]
    fn once_each() {
        let needs = Needs::read("# mine\n/a r\n\n/a r,\n");
        assert_eq!(needs.rules.len(), 1);
        assert_eq!(needs.rules[0].span, Span::new(7, 11));
    }
}
