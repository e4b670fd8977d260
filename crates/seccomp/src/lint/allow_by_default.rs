use watertight_diagnostic::{Finding, declare_meta, listed};

use super::look::Look;
use super::risky_call;
use crate::ActionKind;

declare_meta! {
    /// ## What it finds
    /// A profile that lets every call pass that it does not name: `defaultAction` is `SCMP_ACT_ALLOW`.
    ///
    /// ## Why it matters
    /// The kernel has more than 450 calls, and every release brings new ones. A list of what is forbidden is never
    /// complete: io_uring and the mount calls of Linux 5.2 went past every such list that was older than they.
    ///
    /// ## What to do
    /// List what the program needs and deny the rest, as the profile `RuntimeDefault` does. A trace of the program tells
    /// what it needs.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["reboot"], "action": "SCMP_ACT_ERRNO"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ALLOW_BY_DEFAULT = {
        id: "seccomp-allow-by-default",
        title: "What the profile does not name is allowed",
        category: Escape,
        severity: High,
        fixable: false,
        sources: [Attack "T1611"],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.filter().is_none_or(|(filter, _)| filter.default_action.kind != ActionKind::Allow) {
        return;
    }
    let open = risky_call::open_by_default(look);
    let why = "A list of forbidden calls is never complete: each kernel brings new calls, and many do the same as older ones.";
    let why = if open.is_empty() {
        why.to_owned()
    } else {
        [why, " Ways out are made of ", &listed(&open, 12), ", which all run."].concat()
    };
    found.push(
        Finding::new(&ALLOW_BY_DEFAULT, look.default(""), "Every call runs that no entry of the profile names.")
            .why(why)
            .how("Set the default to SCMP_ACT_ERRNO and list what the program needs; a trace of it is a good start."),
    );
}
