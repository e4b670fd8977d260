//! Patterns that cannot be compiled.

use crate::glob::{Glob, GlobError, Part, collapse_slashes};
use crate::policy::{Origin, Profile};
use crate::refusal::{Code, Refusal};
use crate::tree::{RuleKind, Setting, Text};

pub(super) fn check(profile: &Profile, found: &mut Vec<Refusal>) {
    let local = profile.name.rsplit("//").next().unwrap_or(&profile.name);
    let name = profile.attachment.as_deref().unwrap_or(local);
    let origin = Origin { span: profile.head, ..profile.origin };
    for path in std::iter::once(name).chain(profile.also.iter().map(String::as_str)) {
        report(self::path(path.as_bytes()), path, origin, found);
    }
    for rule in profile.rules.iter().filter(|rule| !rule.open && !rule.large) {
        each(&rule.rule.kind, &mut |text, compile| {
            report(compile(text.as_bytes()), text, rule.origin, found);
        });
    }
}

type Compile = fn(&[u8]) -> Result<(), GlobError>;

fn path(pattern: &[u8]) -> Result<(), GlobError> {
    name(&collapse_slashes(pattern))
}

fn name(pattern: &[u8]) -> Result<(), GlobError> {
    Glob::check(&[Part::Pattern(pattern)])
}

fn address(pattern: &[u8]) -> Result<(), GlobError> {
    if matches!(pattern, b"none" | b"auto") {
        return Ok(());
    }
    Glob::check(&[Part::Address(pattern.get(1..).unwrap_or_default())])
}

/// Hands on every pattern of a rule, with how it is compiled.
fn each(kind: &RuleKind, take: &mut dyn FnMut(&str, Compile)) {
    let mut texts = |texts: &[&Option<Text>], compile: Compile| {
        for text in texts.iter().filter_map(|text| text.as_ref()) {
            take(&text.value, compile);
        }
    };
    match kind {
        RuleKind::File(rule) => texts(&[&rule.path, &rule.link_target], path),
        RuleKind::Link(rule) => {
            take(&rule.from.value, path);
            take(&rule.to.value, path);
        }
        RuleKind::Mount(rule) => {
            texts(&[&rule.source, &rule.target], path);
            values(&rule.settings, &["fstype", "vfstype"], &mut |value| take(value, name));
        }
        RuleKind::PivotRoot(rule) => {
            texts(&[&rule.root], path);
            values(&rule.settings, &["oldroot"], &mut |value| take(value, path));
        }
        RuleKind::Ptrace(rule) | RuleKind::Signal(rule) => {
            values(&rule.settings, &["peer"], &mut |value| take(value, name));
        }
        RuleKind::Dbus(rule) => {
            for settings in [&rule.settings, &rule.peer] {
                values(settings, &["bus", "name", "label", "interface", "member"], &mut |value| take(value, name));
                values(settings, &["path"], &mut |value| take(value, path));
            }
        }
        RuleKind::Unix(rule) => {
            for settings in [&rule.settings, &rule.peer] {
                values(settings, &["addr"], &mut |value| take(value, address));
                values(settings, &["label"], &mut |value| take(value, name));
            }
        }
        RuleKind::Mqueue(rule) => {
            texts(&[&rule.name], name);
            values(&rule.settings, &["label"], &mut |value| take(value, name));
        }
        RuleKind::IoUring(rule) => values(&rule.settings, &["label"], &mut |value| take(value, name)),
        RuleKind::Network(rule) => values(&rule.settings, &["interface"], &mut |value| take(value, name)),
        RuleKind::ChangeProfile(rule) => texts(&[&rule.exec, &rule.target], name),
        RuleKind::Capability(_) | RuleKind::Userns(_) | RuleKind::Rlimit(_) | RuleKind::All => {}
    }
}

/// Only the first value of a setting counts, except in lists.
fn values(settings: &[Setting], names: &[&str], take: &mut dyn FnMut(&str)) {
    for setting in settings.iter().filter(|setting| names.contains(&setting.name.value.as_str())) {
        for value in &setting.values {
            take(&value.value);
        }
    }
}

fn report(result: Result<(), GlobError>, pattern: &str, origin: Origin, found: &mut Vec<Refusal>) {
    let Err(error) = result else { return };
    if !error.refused() {
        return;
    }
    let shown: String = pattern.chars().take(80).collect();
    let is_meant_as_variable = matches!(error, GlobError::LoneAlternative { .. }) && pattern.contains("@{");
    let hint = if is_meant_as_variable {
        " `@{…}` is a variable only with a name of letters, digits and underscores in it, a letter first."
    } else {
        ""
    };
    let message = ["The pattern `", &shown, "` cannot be compiled: ", error.words(), ".", hint].concat();
    found.push(Refusal::at(Code::Glob, origin, message));
}
