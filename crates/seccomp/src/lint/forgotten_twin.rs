use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta, listed};

use super::look::Look;
use crate::By;

declare_meta! {
    /// ## What it finds
    /// A call that an entry stops, while another call that does the same runs.
    ///
    /// ## Why it matters
    /// The kernel has several calls for many things: `mount` can be done with `fsopen`, `fsmount` and `move_mount`, new
    /// namespaces come from `unshare`, `clone` and `clone3`, and io_uring does file and network work without asking the
    /// filter at all. A program that is kept from one takes the other.
    ///
    /// ## What to do
    /// Stop all calls of the family, or deny by default.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [
    ///     {
    ///       "names": ["mount", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"],
    ///       "action": "SCMP_ACT_ERRNO"
    ///     }
    ///   ]
    /// }
    /// ```
    FORGOTTEN_TWIN = {
        id: "seccomp-forgotten-twin",
        title: "A call is stopped, and another that does the same is not",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Attack "T1611"],
    }
}

/// The flag of a new user namespace, the first argument of unshare(2) and clone(2).
const NEWUSER: u64 = 0x1000_0000;

/// Calls that do the same, with the first argument that makes them do it.
struct Family {
    calls: &'static [&'static str],
    /// Stopped calls that the others stand in for; the others need not stand in for each other.
    only: &'static [&'static str],
    argument: u64,
    severity: Severity,
}

const fn family(calls: &'static [&'static str], severity: Severity) -> Family {
    Family { calls, only: &[], argument: 0, severity }
}

static FAMILIES: &[Family] = &[
    Family { argument: NEWUSER, ..family(&["unshare", "clone", "clone3"], Severity::High) },
    Family {
        only: &["mount"],
        ..family(
            &["mount", "fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr"],
            Severity::High,
        )
    },
    Family {
        only: &[
            "socket",
            "connect",
            "sendto",
            "sendmsg",
            "accept",
            "accept4",
            "open",
            "openat",
            "openat2",
            "unlinkat",
            "renameat2",
        ],
        ..family(&["io_uring_setup"], Severity::High)
    },
    family(&["init_module", "finit_module"], Severity::High),
    family(&["kexec_load", "kexec_file_load"], Severity::High),
    Family {
        only: &["ptrace", "process_vm_readv", "process_vm_writev"],
        ..family(&["ptrace", "process_vm_readv", "process_vm_writev"], Severity::Medium)
    },
    family(&["open", "openat", "openat2"], Severity::Medium),
    family(&["execve", "execveat"], Severity::Medium),
    family(&["mknod", "mknodat"], Severity::Medium),
    Family {
        only: &["chmod", "fchmodat", "fchmodat2"],
        ..family(&["chmod", "fchmod", "fchmodat", "fchmodat2"], Severity::Medium)
    },
    Family {
        only: &["chown", "fchownat", "lchown"],
        ..family(&["chown", "fchown", "fchownat", "lchown"], Severity::Medium)
    },
    family(&["link", "linkat"], Severity::Medium),
    family(&["symlink", "symlinkat"], Severity::Medium),
    family(&["rename", "renameat", "renameat2"], Severity::Medium),
    family(&["unlink", "unlinkat"], Severity::Medium),
    family(&["mkdir", "mkdirat"], Severity::Medium),
    Family {
        only: &["kill"],
        ..family(&["kill", "tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo"], Severity::Medium)
    },
    family(&["setxattr", "lsetxattr", "fsetxattr", "setxattrat"], Severity::Medium),
    family(&["settimeofday", "clock_settime"], Severity::Medium),
];

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for family in FAMILIES {
        let args = [family.argument, 0, 0, 0, 0, 0];
        let members = if family.only.is_empty() { family.calls } else { family.only };
        let stopped = members.iter().find_map(|call| {
            let decision = look.decide(call, &args)?;
            let By::Rule(rule) = decision.by else { return None };
            (!decision.action.lets_pass()).then_some((*call, look.filter()?.0.rules.get(rule)?))
        });
        let Some((call, rule)) = stopped else { continue };
        let open: Vec<&str> = family.calls.iter().filter(|other| look.lets(other, &args)).copied().collect();
        let (Some(name), Some(entry)) = (look.name_of(rule), look.entry_of(rule)) else { continue };
        if open.is_empty() {
            continue;
        }
        let verb = if open.len() == 1 { " does the same and runs." } else { " do the same and run." };
        let what = ["`", call, "` is stopped, and ", &listed(&open, 8), verb];
        let mut finding = Finding::new(&FORGOTTEN_TWIN, look.written(name, ""), what.concat())
            .severity(family.severity)
            .why("A program that is kept from one takes the other.")
            .how("Stop them all, or deny by default and list what the program needs.");
        let by_default = |name: &&str| look.decide(name, &args).is_some_and(|decision| decision.by == By::Default);
        // The flags of a new namespace are not told from those of a thread in these two; a program needs them.
        let is_plain = rule.conditions.is_empty() && !open.iter().any(|name| ["clone", "clone3"].contains(name));
        if let Some(list) = name.route.parent().filter(|_| !entry.names.is_empty())
            && is_plain
            && open.iter().all(by_default)
        {
            let operations = open.iter().map(|name| Operation::append(list.clone(), *name)).collect();
            finding = finding.fix(look.fix("Stop the others too", Safety::ChangesBehaviour, operations));
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, findings_of, fixed, of, profile};

    const RULE: &str = "seccomp-forgotten-twin";

    #[test]
    fn families() {
        let deny = |names: &str| allow(names).replace("ALLOW", "ERRNO");
        let of = |names: &str| of("SCMP_ACT_ALLOW", &[&deny(names)]);
        check(RULE, &of("unshare"), &["\"unshare\""]);
        assert!(findings_of(RULE, &of("unshare"))[0].what.contains("`clone` and `clone3`"));
        check(RULE, &of("mount"), &["\"mount\""]);
        assert!(fixed(RULE, &of("mount")).contains("mount_setattr"));
        check(RULE, &of("fsmount"), &[]);
        check(RULE, &of("connect socket sendto"), &["\"socket\""]);
        check(RULE, &of("chmod fchmod fchmodat"), &["\"chmod\""]);
        // What a list of the allowed does not name is not stopped by an entry.
        check(RULE, &profile(&[&allow("openat read")]), &[]);
    }
}
