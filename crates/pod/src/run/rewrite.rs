//! Changes of a command line, in its own words.

use watertight_diagnostic::Rewrite;
use watertight_text::Span;

use super::quantity;
use super::shell::GOES_ON;
use crate::wish::Wish;
use crate::{Engine, Pod, Site, Syntax};

/// The changes of the text that carry out what a fix asks of the pod of a line; `None` when the line cannot say it, or
/// when an option stands in one word with others.
pub fn rewrites(text: &str, pod: &Pod, wishes: &[Wish]) -> Option<Vec<Rewrite>> {
    let line = Line { text, pod, security: &pod.containers.first()?.security };
    let mut all: Vec<Rewrite> = Vec::new();
    for wish in wishes {
        for rewrite in line.carried_out(wish)? {
            // One option may hold two things that go.
            if !all.iter().any(|other| other.span == rewrite.span && other.text == rewrite.text) {
                all.push(rewrite);
            }
        }
    }
    Some(joined(all))
}

/// What comes in at one place, put one behind the other: two insertions there would have no order.
fn joined(rewrites: Vec<Rewrite>) -> Vec<Rewrite> {
    let mut all: Vec<Rewrite> = Vec::new();
    for rewrite in rewrites {
        match all.iter_mut().find(|other| other.span == rewrite.span && rewrite.span.is_empty()) {
            Some(other) => other.text.push_str(&rewrite.text),
            None => all.push(rewrite),
        }
    }
    all
}

struct Line<'t> {
    text: &'t str,
    pod: &'t Pod,
    security: &'t crate::ContainerSecurity,
}

impl Line<'_> {
    fn carried_out(&self, wish: &Wish) -> Option<Vec<Rewrite>> {
        let security = self.security;
        match wish {
            Wish::Without(site) => Some(vec![self.without(*site)?]),
            Wish::ReadOnlyRoot => self.instead(security.read_only_root.site(), "--read-only", "true"),
            Wish::NoNewPrivileges => self.instead(
                security.allow_privilege_escalation.site(),
                "--security-opt no-new-privileges",
                "no-new-privileges",
            ),
            Wish::AppArmor(name) => {
                // Anything else would mean something to the shell.
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
                let value = ["apparmor=", name].concat();
                let option = ["--security-opt ", &value].concat();
                name.bytes().all(is_plain).then(|| self.instead(security.apparmor.site(), &option, &value))?
            }
            Wish::DropAll => self.with("--cap-drop ALL"),
            Wish::Add(name) => self.with(&["--cap-add ", name].concat()),
            Wish::User(user) => {
                let value = format!("{user}:{user}");
                self.instead(security.run_as_user.site(), &["--user ", &value].concat(), &value)
            }
            Wish::Group(group) => {
                let site = security.run_as_group.site()?;
                if site.key.is_some_and(|key| site.value.contains(key)) {
                    return None;
                }
                let (user, _) = site.value.slice(self.text).rsplit_once(':')?;
                Some(vec![self.rewrite(site.value, format!("{user}:{group}"))])
            }
            Wish::Limit(name, value) => match name.as_str() {
                "memory" => self.with(&["--memory ", &quantity::memory(value)?].concat()),
                _ => self.with(&["--cpus ", &quantity::cpus(value)?].concat()),
            },
            Wish::Memory(path) => self.with(&["--tmpfs ", path].concat()),
            Wish::Slave(site) => {
                let written = site.value.slice(self.text);
                let change = if written.starts_with('r') { "rslave" } else { "slave" };
                matches!(written, "shared" | "rshared").then(|| vec![self.rewrite(site.value, change.to_owned())])
            }
            Wish::UserNamespace => match self.pod.syntax {
                Syntax::Run(Engine::Podman) => self.with("--userns auto"),
                // Docker's daemon decides for all containers.
                _ => None,
            },
            Wish::Namespace(_) | Wish::Masks => None,
        }
    }

    fn rewrite(&self, span: Span, text: String) -> Rewrite {
        Rewrite { span, expect: span.slice(self.text).to_owned(), text }
    }

    /// The option's value changed where it is given, else the option in front of the image.
    fn instead(&self, given: Option<Site>, option: &str, value: &str) -> Option<Vec<Rewrite>> {
        match given {
            // Quotes in the middle hide where the value begins, so the whole word is replaced, unless other letters are in it.
            Some(site) if site.key.is_some_and(|key| site.value.contains(key)) => {
                let is_long = site.value.slice(self.text).starts_with("--");
                is_long.then(|| vec![self.rewrite(site.value, option.to_owned())])
            }
            // A switch without a value is on already, or off by a value.
            Some(site) if site.key.is_some() => Some(vec![self.rewrite(site.value, value.to_owned())]),
            _ => self.with(option),
        }
    }

    /// An option in front of the image, on a line of its own where the image has one.
    fn with(&self, option: &str) -> Option<Vec<Rewrite>> {
        let at = self.pod.engine.insert?;
        let before = self.text.get(..at.start as usize)?;
        let indentation = before.get(before.trim_end_matches([' ', '\t']).len()..).unwrap_or_default();
        let text = match before.strip_suffix(indentation).and_then(Continuation::at_the_end_of) {
            Some(continuation) => {
                [option, " ", continuation.sign.encode_utf8(&mut [0; 4]), continuation.line_end, indentation].concat()
            }
            None => [option, " "].concat(),
        };
        Some(vec![self.rewrite(at, text)])
    }

    /// The option with its value taken out; with its line, where it stands there alone.
    fn without(&self, site: Site) -> Option<Rewrite> {
        let span = site.whole();
        let (before, behind) = (self.text.get(..span.start as usize)?, self.text.get(span.end as usize..)?);
        let is_alone = before.ends_with([' ', '\t', '\n'])
            && (behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r', '\\']) || continued(behind).is_some());
        let written = span.slice(self.text);
        // Letters of other options may be in such a word.
        let is_cluster = site.key == Some(span) && !written.starts_with("--");
        if is_cluster || !is_alone || !written.starts_with(['-', '"', '\'']) {
            return None;
        }
        let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
        let start = before.trim_end_matches([' ', '\t']).len();
        let next = behind.get(blanks(behind)..)?;
        if let Some(rest) = continued(next).filter(|_| before.get(..start).is_some_and(|before| before.ends_with('\n')))
        {
            return Some(self.rewrite(Span::new(start, self.text.len() - rest.len()), String::new()));
        }
        Some(self.rewrite(Span::new(start, span.end as usize), String::new()))
    }
}

/// How a line goes on in the next one.
struct Continuation<'t> {
    sign: char,
    line_end: &'t str,
}

impl<'t> Continuation<'t> {
    /// That of the last line of a text, when the text ends behind it.
    fn at_the_end_of(text: &'t str) -> Option<Self> {
        let line = text.strip_suffix('\n')?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line_end = text.get(line.len()..)?;
        let line = line.trim_end_matches([' ', '\t']);
        GOES_ON.into_iter().find(|sign| line.ends_with(*sign)).map(|sign| Self { sign, line_end })
    }
}

/// What follows on the next line, when a text begins with the end of a line that goes on.
fn continued(text: &str) -> Option<&str> {
    let behind = text.strip_prefix(GOES_ON)?;
    behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix('\n'))
}

/// Whether a word only says that the line goes on.
pub fn is_continuation(word: &str) -> bool {
    word.strip_prefix(GOES_ON) == Some("")
}

/// A text without the lines that hold nothing any more but the sign at their end that they go on. `before` is the text
/// before its change: where such lines stood in it already, nothing is done.
pub fn without_hollow_lines(before: &str, text: &str) -> String {
    let is_hollow = |line: &str| is_continuation(line.trim());
    if before.lines().any(is_hollow) {
        return text.to_owned();
    }
    text.split_inclusive('\n').filter(|line| !is_hollow(line)).collect()
}
