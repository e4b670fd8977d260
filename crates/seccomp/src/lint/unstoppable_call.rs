use watertight_diagnostic::{Finding, declare_meta};

use super::look::Look;

declare_meta! {
    /// ## What it finds
    /// An entry that stops `uretprobe` or `uprobe`.
    ///
    /// ## Why it matters
    /// The kernel makes these two calls for itself when a program is traced, and lets them pass whatever the filter says.
    ///
    /// ## What to do
    /// Nothing: they do no harm. Do not count on the entry.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["uretprobe"], "action": "SCMP_ACT_ERRNO"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}]
    /// }
    /// ```
    UNSTOPPABLE_CALL = {
        id: "seccomp-unstoppable-call",
        title: "The kernel asks no filter about this call",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for (_, name, action) in look.named() {
        if ["uretprobe", "uprobe"].contains(&name.value.as_str()) && !action.lets_pass() {
            let what = ["`", &name.value, "` passes whatever the profile says: the kernel makes the call for itself."];
            found.push(
                Finding::new(&UNSTOPPABLE_CALL, look.written(name, ""), what.concat())
                    .why("The entry has no effect on x86-64.")
                    .how("Nothing has to change."),
            );
        }
    }
}
