use watertight_diagnostic::{Finding, Safety, declare_meta, listed};

use super::look::Look;
use crate::Syscall;
use crate::syscalls::Group;

declare_meta! {
    /// ## What it finds
    /// Calls that no kernel in use does anything for any more.
    ///
    /// ## Why it matters
    /// They were copied from a list. They do no harm, and make it harder to see what the profile is about.
    ///
    /// ## What to do
    /// Take them away.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["create_module", "read", "statx"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "statx"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    OBSOLETE_CALL = {
        id: "seccomp-obsolete-call",
        title: "Calls that no kernel has any more",
        category: Hygiene,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

/// Calls that did something once, and whose kernels are long out of use: gone since 2.6, 3.1, 5.5 and 5.15 (syscalls(2)).
const GONE: [&str; 6] = ["_sysctl", "bdflush", "create_module", "get_kernel_syms", "nfsservctl", "query_module"];

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let is_obsolete = |name: &str| {
        GONE.contains(&name) || Syscall::from_name(name).is_some_and(|call| call.group() == Group::Obsolete)
    };
    let reader = look.subject.reader;
    let mut names = Vec::new();
    let mut operations = Vec::new();
    let mut first = None;
    for entry in &look.profile.entries {
        let own: Vec<_> = entry.names_for(reader).filter(|name| is_obsolete(&name.value)).collect();
        names.extend(own.iter().map(|name| name.value.as_str()));
        first = first.or(own.first().copied());
        // The highest number that is named draws a line; a name that draws it is left.
        let draws = |name: &str| {
            let number = Syscall::from_name(name).and_then(|call| call.number(look.native()));
            look.filter().is_some_and(|(filter, _)| {
                filter.enosys_above.iter().any(|(arch, highest)| *arch == look.native() && Some(*highest) == number)
            })
        };
        if !own.is_empty() && !own.iter().any(|name| draws(&name.value)) {
            operations.extend(look.without_all(entry, &own));
        }
    }
    let Some(first) = first else { return };
    let verb = if names.len() == 1 { " is a call" } else { " are calls" };
    let what = [&listed(&names, 8), verb, " that no kernel in use does anything for."];
    let mut finding = Finding::new(&OBSOLETE_CALL, look.written(first, ""), what.concat())
        .why("They fail with ENOSYS whatever the profile says.")
        .how("Take them away.");
    if !operations.is_empty() {
        finding = finding.fix(look.fix("Take them away", Safety::Safe, operations));
    }
    found.push(finding);
}
