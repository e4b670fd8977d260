use watertight_diagnostic::{Confidence, Finding, declare_meta};

use super::look::Look;
use crate::Syscall;

declare_meta! {
    /// ## What it finds
    /// Entries about one call whose conditions overlap so that libseccomp promises no answer.
    ///
    /// ## Why it matters
    /// libseccomp makes a tree of all comparisons of a call. Where bounds on one argument share a branch, a rule may be
    /// lost or asked about the wrong half of a number; versions 2.5.4 and 2.6.1 both do it. What the profile does then
    /// depends on the library of the node.
    ///
    /// ## What to do
    /// Write conditions that do not overlap: equalities, or one bound for each side.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_GE"}]},
    ///     {"names": ["socket"], "action": "SCMP_ACT_KILL_PROCESS", "args": [{"index": 0, "value": 9, "op": "SCMP_CMP_GE"}]},
    ///     {"names": ["socket"], "action": "SCMP_ACT_LOG", "args": [{"index": 0, "value": 12, "op": "SCMP_CMP_GE"}]}
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
    ///     {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
    ///   ]
    /// }
    /// ```
    DEPENDS_ON_LIBSECCOMP = {
        id: "seccomp-depends-on-libseccomp",
        title: "What overlapping conditions do depends on the library",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let Some((filter, decider)) = look.filter() else { return };
    for abi in decider.abis().iter().filter(|abi| abi.arch == look.native()) {
        for call in abi.calls.iter().filter(|call| call.depends_on_libseccomp) {
            let rules: Vec<_> = call.rules.iter().filter_map(|rule| filter.rules.get(rule.rule)).collect();
            let mut places = rules.iter().filter_map(|rule| look.name_of(rule));
            let Some(first) = places.next() else { continue };
            let name = Syscall::at(abi.arch, call.number).map_or("The call", Syscall::name);
            let what = ["The conditions about `", name, "` overlap, and libseccomp promises no order for them."];
            let mut finding = Finding::new(&DEPENDS_ON_LIBSECCOMP, look.written(first, ""), what.concat())
                .confidence(Confidence::Likely)
                .why("Its tree of comparisons may lose one of them, and which one changes with its version.")
                .how("Write conditions that do not overlap: equalities, or one bound for each side.");
            for other in places.take(4) {
                finding = finding.related(look.written(other, "overlaps"));
            }
            found.push(finding);
        }
    }
}
