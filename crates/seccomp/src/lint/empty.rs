use watertight_diagnostic::{Finding, declare_meta};

use super::look::Look;

declare_meta! {
    /// ## What it finds
    /// A profile with neither a default action nor any entry.
    ///
    /// ## Why it matters
    /// Docker, CRI-O and runc take it for "no seccomp": the container runs without any filter, and nothing says so.
    ///
    /// ## What to do
    /// Write a profile, or ask for `RuntimeDefault`.
    ///
    /// ## Bad
    /// ```json
    /// {"architectures": ["SCMP_ARCH_X86_64"], "syscalls": []}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    EMPTY = {
        id: "seccomp-empty",
        title: "The profile is empty, and no filter is loaded",
        category: Escape,
        severity: High,
        fixable: false,
        sources: [Attack "T1611"],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.profile.is_empty() && look.faults.is_empty() {
        let what = "The profile has neither a default action nor an entry, so the container runs without any filter.";
        found.push(
            Finding::new(&EMPTY, look.default(""), what)
                .why("The runtimes take it for \"no seccomp\", and none of them says so.")
                .how("Set defaultAction and list what the program needs, or use RuntimeDefault."),
        );
    }
}
