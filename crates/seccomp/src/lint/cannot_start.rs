use watertight_diagnostic::{Finding, Safety, Severity, declare_meta, listed};

use super::look::{Look, said};
use crate::generate::{Starter, start_calls};
use crate::start::{self, Failure, Linkage};
use crate::{Action, By, Decider, Syscall};

declare_meta! {
    /// ## What it finds
    /// A profile under which no container starts, or no program with libraries.
    ///
    /// ## Why it matters
    /// The runtime loads the filter before it starts the program, and what it still has to do passes through the filter
    /// too: runc opens `/proc/self/fd`, closes what it has open, and calls `execve`. Without `no_new_privs`
    /// (`allowPrivilegeEscalation: false`) the filter is loaded earlier still, and the runtime's change of user and
    /// capabilities has to pass. Then the loader of the program maps its libraries. A profile that lists what the program
    /// does, and not this, is secure only in that it never runs.
    ///
    /// ## What to do
    /// Allow what the runtime and the loader need.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "architectures": ["SCMP_ARCH_X86_64"],
    ///   "syscalls": [
    ///     {
    ///       "names": ["read", "write", "open", "close", "stat", "fstat", "mmap", "mprotect", "munmap", "brk", "exit_group"],
    ///       "action": "SCMP_ACT_ALLOW"
    ///     }
    ///   ]
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
    CANNOT_START = {
        id: "seccomp-cannot-start",
        title: "The container cannot start under the profile",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

/// Runtime, whether no_new_privs is set, and how that is said.
const WAYS: [(Starter, bool, &str); 4] = [
    (Starter::Runc, true, "runc"),
    (Starter::Runc, false, "runc without no_new_privs"),
    (Starter::Crun, true, "crun"),
    (Starter::Crun, false, "crun without no_new_privs"),
];

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.has_base() {
        return;
    }
    let Some((filter, decider)) = look.filter() else { return };
    // Asking nothing of anything is another finding.
    if filter.rules.is_empty() && filter.default_action.lets_pass() {
        return;
    }
    let failures: Vec<(&str, Failure)> = WAYS
        .iter()
        .filter_map(|(starter, late, name)| {
            Some((*name, start::first_failure(decider, look.native(), *starter, *late)?))
        })
        .collect();
    let missing = |linkage| start::stopped(decider, look.native(), Starter::Runc, start::program_calls(linkage));
    let (by_static, by_dynamic) = (missing(Linkage::Static), missing(Linkage::Dynamic));
    let Some((what, severity)) = verdict(&failures, &by_static, &by_dynamic) else { return };
    let mut why = String::new();
    for (name, failure) in &failures {
        let how = said(failure.decision.action);
        let parts = ["Under ", name, ", `", failure.step.call, "` ", &how, ": \"", &failure.message(), "\". "];
        parts.iter().for_each(|part| why.push_str(part));
    }
    for (calls, program) in [(&by_static, "A statically linked program"), (&by_dynamic, "A program with libraries")] {
        if !calls.is_empty() {
            why.push_str(&[program, " of today's glibc needs ", &listed(calls, 12), " besides. "].concat());
        }
    }
    let place = match failures.first() {
        Some((_, failure)) => look.deciding(&failure.decision, "stops it"),
        None => look.default(""),
    };
    let mut finding = Finding::new(&CANNOT_START, place, what)
        .severity(severity)
        .why(why.trim_end().to_owned())
        .how("Allow what the runtime and the loader of the program need, and then what the program does.");
    if let Some(names) = addition(look, decider) {
        let title = "Allow what the runtime and the loader need";
        let names: Vec<&str> = names.iter().map(|call| call.name()).collect();
        finding = finding.fix(look.fix(title, Safety::ChangesBehaviour, vec![look.with_entry(&names, Action::ALLOW)]));
    }
    found.push(finding);
}

fn verdict(failures: &[(&str, Failure)], by_static: &[&str], by_dynamic: &[&str]) -> Option<(&'static str, Severity)> {
    let fails = |way: &str| failures.iter().any(|(name, _)| *name == way);
    Some(match (fails("runc"), fails("runc without no_new_privs"), fails("crun")) {
        (true, _, true) => ("No container starts with this profile.", Severity::High),
        (true, _, false) => ("No container starts with this profile under runc.", Severity::High),
        (false, _, _) if !by_static.is_empty() => ("No program of glibc starts with this profile.", Severity::High),
        (false, _, _) if !by_dynamic.is_empty() => {
            ("No program with libraries starts with this profile.", Severity::Medium)
        }
        (false, true, _) => {
            ("Containers start with this profile only if allowPrivilegeEscalation is false.", Severity::Medium)
        }
        (false, false, true) => ("No container starts with this profile under crun.", Severity::Medium),
        (false, false, false) => return None,
    })
}

/// What has to be allowed besides, where nothing but the default stands against it.
fn addition(look: &Look<'_>, decider: &Decider) -> Option<Vec<Syscall>> {
    let mut calls: Vec<Syscall> = [(Starter::Runc, false), (Starter::Runc, true), (Starter::Crun, false)]
        .iter()
        .flat_map(|(starter, late)| start_calls(*starter, *late))
        .chain(start::program_calls(Linkage::Static).iter().filter_map(|name| Syscall::from_name(name)))
        .chain(start::program_calls(Linkage::Dynamic).iter().filter_map(|name| Syscall::from_name(name)))
        .collect();
    calls.sort_unstable_by_key(|call| call.name());
    calls.dedup();
    let mut missing = Vec::new();
    for call in calls {
        let Some(number) = call.number(look.native()) else { continue };
        let decision = decider.decide(look.native(), number, &[0; 6]);
        if !decision.action.lets_pass() {
            // A rule of its own would be asked first, or clash with this one.
            if matches!(decision.by, By::Rule(_)) {
                return None;
            }
            missing.push(call);
        }
    }
    (!missing.is_empty()).then_some(missing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, findings_of, fixed, of, profile};
    use watertight_diagnostic::Severity;

    #[test]
    fn which_call_fails_first_and_what_is_seen() {
        let article = "read write open close stat fstat mmap mprotect munmap brk exit_group";
        let text = profile(&[&allow(article)]);
        let found = findings_of("seccomp-cannot-start", &text);
        assert_eq!(found[0].what, "No container starts with this profile.");
        for words in [
            "Under runc, `openat` fails with ENOSYS: \"open exec fifo /proc/self/fd/5: function not implemented\".",
            "\"exec container process: operation not permitted\"",
            "A statically linked program of today's glibc needs `arch_prctl` besides.",
            "needs `openat`, `pread64`, `newfstatat` and `arch_prctl` besides.",
        ] {
            assert!(found[0].why.contains(words), "{words}: {}", found[0].why);
        }
        fixed("seccomp-cannot-start", &text);
    }

    #[test]
    fn what_starts_under_some() {
        let late = "close openat write fstatfs getdents64 execve arch_prctl brk mprotect exit_group read pread64 newfstatat mmap";
        let found = findings_of("seccomp-cannot-start", &profile(&[&allow(late)]));
        assert_eq!(found[0].what, "Containers start with this profile only if allowPrivilegeEscalation is false.");
        assert_eq!(found[0].severity, Severity::Medium);
        let deny = "\"names\": [\"execve\"], \"action\": \"SCMP_ACT_ERRNO\"";
        let found = findings_of("seccomp-cannot-start", &of("SCMP_ACT_ALLOW", &[deny]));
        assert_eq!((found.len(), found[0].fixes.len()), (1, 0));
    }
}
