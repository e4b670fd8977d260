use watertight_diagnostic::{Finding, declare_meta};
use watertight_yaml::{Kind, Node};

use super::look::Look;

declare_meta! {
    /// ## What it finds
    /// A file of filters for seccompiler, the library of Firecracker and other virtual machine monitors.
    ///
    /// ## Why it matters
    /// It is called a seccomp profile too, but no container runtime reads it: to them it has neither a default action nor
    /// an entry, and they load no filter at all.
    ///
    /// ## What to do
    /// Write a profile with `defaultAction` and `syscalls`.
    ///
    /// ## Bad
    /// ```json
    /// {"vcpu": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    WRONG_FORMAT = {
        id: "seccomp-wrong-format",
        title: "A filter for virtual machine monitors, which no container runtime reads",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

/// Whether a document is a set of filters for seccompiler: a mapping of threads, each with its actions and its filter.
pub fn is_of_seccompiler(root: Node<'_>) -> bool {
    if root.kind() != Kind::Mapping {
        return false;
    }
    let is_thread = |node: Node<'_>| {
        let has = |keys: &[&str]| keys.iter().any(|key| node.get(key).is_some());
        has(&["filter"]) && has(&["default_action", "mismatch_action", "filter_action", "match_action"])
    };
    let mut entries = root.written_entries().take(100).peekable();
    entries.peek().is_some() && entries.all(|entry| is_thread(entry.value))
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if !look.is_foreign() {
        return;
    }
    let Some(first) = look.subject.node.written_entries().next() else { return };
    let route = look.subject.route.key(first.name().into_owned());
    found.push(
        Finding::new(
            &WRONG_FORMAT,
            look.at(first.key.span(), &route, ""),
            "These are filters for seccompiler, the library of Firecracker; no container runtime reads them.",
        )
        .why("To a container runtime the file has neither a default action nor an entry, and it loads no filter.")
        .how("Write a profile with defaultAction and syscalls."),
    );
}
