//! Any text is read as a profile; what is meant by it can be asked, and every place lies inside.

use watertight_apparmor::decide::{Operation, asked, decide};
use watertight_apparmor::generate::{Needs, audit, place, rule_for};
use watertight_apparmor::lint::{Subject, findings};
use watertight_apparmor::tree::Perms;
use watertight_apparmor::{Given, resolve};
use watertight_diagnostic::FileId;

/// Patterns are compared with each other, so long texts are left to the tests of the whole.
const LONGEST: usize = 8_192;

pub(super) fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    if text.len() > LONGEST {
        return;
    }
    for line in text.lines().take(64) {
        // What is asked for by a line can be written as a rule, or not; either way nobody falls over it.
        let asked = asked::read(line).ok().and_then(|operation| rule_for(&operation, false));
        let rule = asked.unwrap_or_default();
        assert!(!rule.contains('\n'), "{rule:?}");
    }
    let resolved = resolve(&text, &Given::new([]));
    let (wanted, _) = audit::rules(&text);
    place(&text, &resolved, &wanted);
    for need in Needs::read(&text).rules {
        let profile = format!("abi <abi/4.0>,\nprofile a {{\n  {}\n}}\n", need.rule);
        assert!(resolve(&profile, &Given::new([])).refusals.is_empty(), "{profile}");
    }
    for refusal in &resolved.refusals {
        assert!(text.get(refusal.origin.shown.range()).is_some(), "{refusal:?} points outside of {} bytes", text.len());
    }
    for found in findings(&Subject { text: &text, resolved: &resolved, file: FileId(0) }) {
        for place in std::iter::once(&found.primary).chain(&found.related) {
            assert!(text.get(place.span.range()).is_some(), "{} points outside", found.rule.id);
        }
    }
    let policy = &resolved.policy;
    for profile in policy.walk().into_iter().take(8) {
        let file = |path: &str| Operation::File { path: path.to_owned(), perms: Perms::default(), owner: false };
        let exec = |path: &str| Operation::Exec { path: path.to_owned(), owner: true };
        for operation in [
            file("/proc/sys/kernel/core_pattern"),
            file("/tmp/é\u{1}"),
            exec("/bin/sh"),
            Operation::Capability("sys_admin".to_owned()),
            Operation::Userns,
            Operation::PivotRoot { root: "/a/".to_owned(), old: String::new() },
        ] {
            decide(policy, profile, &operation).words();
        }
    }
}
