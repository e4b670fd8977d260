use serde_json::json;
use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta, listed};

use super::look::Look;
use crate::{Action, Arch, By, Decision};

declare_meta! {
    /// ## What it finds
    /// Calls that ways out of containers are made of, where the profile lets them run.
    ///
    /// ## Why it matters
    /// Most programs never make them: new namespaces, mounts, kernel modules, programs in the kernel, io_uring. Many need a
    /// capability besides, which the finding names; a user namespace gives all of them to whoever may make one, and
    /// io_uring needs none and works past the filter.
    ///
    /// ## What to do
    /// Take away what the program does not need. A program that only makes threads needs `clone` without the flags of new
    /// namespaces.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read", "io_uring_setup", "io_uring_enter"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    ///     {
    ///       "names": ["clone"],
    ///       "action": "SCMP_ACT_ALLOW",
    ///       "args": [{"index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ"}]
    ///     }
    ///   ]
    /// }
    /// ```
    RISKY_CALL = {
        id: "seccomp-risky-call",
        title: "A call that ways out are made of is allowed",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Attack "T1611"],
    }
}

/// A way out and the calls that it takes.
struct Risk {
    /// The calls, with the arguments that matter; 0 for all others.
    calls: &'static [(&'static str, [u64; 3])],
    /// What they are good for, as it stands behind the calls.
    verb: &'static str,
    /// What came of it, and what is needed besides, as sentences.
    why: &'static str,
    severity: Severity,
}

/// CLONE_NEWUSER.
const NEWUSER: [u64; 3] = [0x1000_0000, 0, 0];
const PLAIN: [u64; 3] = [0; 3];
/// AF_ALG and AF_VSOCK, with SOCK_SEQPACKET and SOCK_STREAM.
const ALG: [u64; 3] = [38, 5, 0];
const VSOCK: [u64; 3] = [40, 1, 0];
/// TIOCSTI and TIOCLINUX.
const STI: [u64; 3] = [0, 0x5412, 0];
const LINUX: [u64; 3] = [0, 0x541c, 0];

/// Sources: the manual pages of the calls for what they need; the advisories named.
static RISKS: &[Risk] = &[
    Risk {
        calls: &[("unshare", NEWUSER), ("clone", NEWUSER), ("clone3", PLAIN)],
        verb: "can make a user namespace",
        why: "Inside a user namespace a program has every capability, and with them reaches parts of the kernel that were \
              never meant for it: CVE-2022-0185, CVE-2022-0492 and many others began there. No capability is needed.",
        severity: Severity::High,
    },
    Risk {
        calls: &[("io_uring_setup", PLAIN), ("io_uring_enter", PLAIN), ("io_uring_register", PLAIN)],
        verb: "open io_uring",
        why: "io_uring does its work in the kernel without asking the filter, so it gets around the rest of the profile, and it \
              has had CVE-2022-29582, CVE-2023-2598 and CVE-2024-0582. No capability is needed.",
        severity: Severity::High,
    },
    Risk {
        calls: &[("socket", ALG)],
        verb: "can open a socket of family AF_ALG",
        why: "The kernel's cryptography writes through it to pages that containers share (CVE-2026-31431). No capability is needed.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("socket", VSOCK)],
        verb: "can open a socket of family AF_VSOCK",
        why: "It reaches the machine that runs this one, or the virtual machines on it, past every network policy. No capability is needed.",
        severity: Severity::Low,
    },
    Risk {
        calls: &[("userfaultfd", PLAIN)],
        verb: "can stop the kernel in the middle of a copy",
        why: "It makes races in the kernel easy to win, and most exploits of them use it.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("keyctl", PLAIN), ("add_key", PLAIN), ("request_key", PLAIN)],
        verb: "reach the kernel's keyrings",
        why: "Keyrings are shared by all containers of a user, and had CVE-2016-0728. No capability is needed.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[
            ("mount", PLAIN),
            ("umount2", PLAIN),
            ("move_mount", PLAIN),
            ("open_tree", PLAIN),
            ("fsopen", PLAIN),
            ("fsconfig", PLAIN),
            ("fsmount", PLAIN),
            ("fspick", PLAIN),
            ("mount_setattr", PLAIN),
            ("pivot_root", PLAIN),
        ],
        verb: "mount file systems",
        why: "What is mounted shows the host's files or its cgroups to a container that has CAP_SYS_ADMIN, its own or that of a user \
              namespace: CVE-2022-0492 by release_agent, CVE-2022-0185 by fsconfig.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("setns", PLAIN)],
        verb: "enters other namespaces",
        why: "With CAP_SYS_ADMIN and sight of a host process it leads into the host's namespaces.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("init_module", PLAIN), ("finit_module", PLAIN), ("delete_module", PLAIN)],
        verb: "load code into the kernel",
        why: "With CAP_SYS_MODULE that is the end of every other barrier.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("kexec_load", PLAIN), ("kexec_file_load", PLAIN)],
        verb: "put another kernel in the place of this one",
        why: "It needs CAP_SYS_BOOT, and no container has a use for it.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("bpf", PLAIN)],
        verb: "loads programs into the kernel",
        why: "Its verifier had CVE-2021-3490 and others. It needs CAP_BPF or CAP_SYS_ADMIN, unless the node allows it to everybody.",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("open_by_handle_at", PLAIN)],
        verb: "opens files by number, whatever folder they are in",
        why: "With CAP_DAC_READ_SEARCH it reads any file of the host's disk; the exploit is known as \"shocker\".",
        severity: Severity::Medium,
    },
    Risk {
        calls: &[("perf_event_open", PLAIN)],
        verb: "measures the kernel and other programs",
        why: "It is a way to side channels and had CVE-2013-2094. It needs CAP_PERFMON where perf_event_paranoid is set.",
        severity: Severity::Low,
    },
    Risk {
        calls: &[("ptrace", PLAIN), ("process_vm_readv", PLAIN), ("process_vm_writev", PLAIN)],
        verb: "reach into other processes",
        why: "Within a container that means its own processes; with hostPID and the same user the host's.",
        severity: Severity::Low,
    },
    Risk {
        calls: &[("pidfd_getfd", PLAIN), ("kcmp", PLAIN), ("process_madvise", PLAIN)],
        verb: "take hold of what other processes have open",
        why: "The same rights are needed as for ptrace: with hostPID the host's processes are in reach.",
        severity: Severity::Low,
    },
    Risk {
        calls: &[
            ("reboot", PLAIN),
            ("acct", PLAIN),
            ("iopl", PLAIN),
            ("ioperm", PLAIN),
            ("settimeofday", PLAIN),
            ("clock_settime", PLAIN),
            ("swapon", PLAIN),
            ("swapoff", PLAIN),
            ("quotactl", PLAIN),
        ],
        verb: "change the state of the host",
        why: "Each needs a capability of its own: CAP_SYS_BOOT, CAP_SYS_PACCT, CAP_SYS_RAWIO, CAP_SYS_TIME or CAP_SYS_ADMIN.",
        severity: Severity::Low,
    },
    Risk {
        calls: &[("syslog", PLAIN)],
        verb: "reads the kernel's messages",
        why: "They tell addresses of the kernel. It needs CAP_SYSLOG where dmesg_restrict is set.",
        severity: Severity::Low,
    },
    Risk {
        calls: &[("ioctl", STI), ("ioctl", LINUX)],
        verb: "can type into the terminal of whoever attached",
        why: "`ioctl` with TIOCSTI puts letters into a terminal as if they were typed; a shell on the host reads them when the terminal is shared. Kernels since 6.2 can switch it off.",
        severity: Severity::Info,
    },
];

fn six([a, b, c]: [u64; 3]) -> [u64; 6] {
    [a, b, c, 0, 0, 0]
}

/// Whether a way out may be made of a call.
pub(super) fn is_risky(name: &str) -> bool {
    let risks = RISKS.iter().filter(|risk| risk.severity >= Severity::Low);
    risks.flat_map(|risk| risk.calls).any(|(call, _)| *call == name)
}

/// The arguments by which a call is a part of one.
pub(super) fn arguments(name: &str) -> [u64; 6] {
    let known = RISKS.iter().flat_map(|risk| risk.calls).find(|(call, _)| *call == name);
    known.map_or([0; 6], |(_, args)| six(*args))
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for risk in RISKS {
        let mut open: Vec<(&str, Decision)> = Vec::new();
        for (call, args) in risk.calls {
            let Some(decision) = look.decide(call, &six(*args)) else { continue };
            let is_new = open.iter().all(|(known, _)| known != call);
            if decision.action.lets_pass() && is_new && !is_told_elsewhere(look, &decision) {
                open.push((call, decision));
            }
        }
        let Some((_, first)) = open.first() else { continue };
        let names: Vec<&str> = open.iter().map(|(name, _)| *name).collect();
        let object = if names.len() == 1 { "it" } else { "them" };
        let (calls, verb) = (listed(&names, 10), fitting(risk.verb, names.len()));
        let what = [&calls, " ", &verb, ", and the profile lets ", object, " run."];
        let mut finding = Finding::new(&RISKY_CALL, look.deciding(first, ""), what.concat())
            .severity(risk.severity)
            .why(risk.why)
            .how(["Take ", object, " out of the profile unless the program needs ", object, "."].concat());
        let title = if names.len() == 1 { "Stop this call" } else { "Stop these calls" };
        if let Some(operations) = stop(look, &open) {
            finding = finding.fix(look.fix(title, Safety::ChangesBehaviour, operations));
        } else if let Some(operations) = without_namespaces(look, &open) {
            let title = match names.as_slice() {
                ["clone"] => "Allow clone without a new namespace, as container runtimes do",
                ["clone3"] => "Answer clone3 as an old kernel does, so that programs take clone",
                _ => "Allow clone without a new namespace, as container runtimes do, and stop the others",
            };
            finding = finding.fix(look.fix(title, Safety::ChangesBehaviour, operations));
        }
        found.push(finding);
    }
}

/// "opens" of one call, "open" of several.
fn fitting(verb: &str, count: usize) -> String {
    let (first, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    let plain = ["can", "opens", "enters", "loads", "measures", "reads"].contains(&first);
    let first = match (count, plain) {
        (1, false) if first == "reach" => "reaches".to_owned(),
        (1, false) => [first, "s"].concat(),
        _ => first.to_owned(),
    };
    [&first, " ", rest].concat()
}

/// The calls of [`RISKS`] that only the default lets pass.
pub(super) fn open_by_default(look: &Look<'_>) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (call, args) in RISKS.iter().filter(|risk| risk.severity >= Severity::Low).flat_map(|risk| risk.calls) {
        let decision = look.decide(call, &six(*args));
        let is_open = decision.is_some_and(|it| it.by == By::Default && it.action.lets_pass());
        if is_open && !names.contains(call) {
            names.push(*call);
        }
    }
    names
}

/// Whether what lets a call pass has a finding of its own: the default, or an entry whose gate is lost.
fn is_told_elsewhere(look: &Look<'_>, decision: &Decision) -> bool {
    let By::Rule(rule) = decision.by else { return true };
    let entry = look.filter().and_then(|(filter, _)| look.entry_of(filter.rules.get(rule)?));
    !look.subject.reader.knows_gates() && entry.is_some_and(|entry| !entry.includes.caps.is_empty())
}

/// What takes the calls away: their names out of the entries that allow them.
fn stop(look: &Look<'_>, open: &[(&str, Decision)]) -> Option<Vec<Operation>> {
    if open.iter().any(|(name, _)| ["clone", "clone3", "socket", "ioctl"].contains(name)) {
        // Programs need these with other arguments.
        return None;
    }
    taken_out(look, open)
}

/// The flags of clone(2) that make namespaces: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
const NAMESPACES: u64 = 0x7e02_0000;

/// What leaves clone to threads and processes, where the calls are those that make a user namespace: the mask of the runtimes' default
/// profiles, and for clone3, whose flags no filter sees, the answer on which a libc takes clone. Source:
/// github.com/containers/common, `pkg/seccomp/default_linux.go`.
fn without_namespaces(look: &Look<'_>, open: &[(&str, Decision)]) -> Option<Vec<Operation>> {
    let is_meant = open.iter().all(|(name, _)| ["unshare", "clone", "clone3"].contains(name));
    // On s390 the flags are another argument, and MIPS has other numbers of errors.
    let has_usual_numbers = matches!(
        look.native(),
        Arch::X86_64 | Arch::X86 | Arch::X32 | Arch::Aarch64 | Arch::Arm | Arch::Riscv64 | Arch::Ppc64le
    );
    if !is_meant || look.is_foreign() || !has_usual_numbers {
        return None;
    }
    let mut operations = taken_out(look, open)?;
    let is_open = |call| open.iter().any(|(name, _)| *name == call);
    let list = look.profile.route.key("syscalls");
    if is_open("clone") {
        let mask = json!({ "index": 0, "value": NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" });
        let entry = json!({ "names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [mask] });
        operations.push(Operation::append(list, entry));
    }
    if is_open("clone3") {
        operations.push(look.with_entry(&["clone3"], Action::errno(ENOSYS)));
    }
    Some(operations)
}

/// errno(3) of a call that a kernel does not know.
const ENOSYS: u16 = 38;

fn taken_out(look: &Look<'_>, open: &[(&str, Decision)]) -> Option<Vec<Operation>> {
    let (filter, _) = look.filter()?;
    let mut operations = Vec::new();
    for (at, entry) in look.profile.entries.iter().enumerate() {
        let mut names = Vec::new();
        for (call, decision) in open {
            let By::Rule(rule) = decision.by else { return None };
            let rule = filter.rules.get(rule)?;
            // Every entry that allows it has to let go of it, or the next one would.
            let allows = entry.action_for(look.subject.reader).is_ok_and(Action::lets_pass);
            if !rule.conditions.is_empty() || filter.default_action.lets_pass() {
                return None;
            }
            if allows || rule.origin.entry as usize == at {
                names.extend(entry.names_for(look.subject.reader).filter(|name| name.value == *call));
            }
        }
        if !names.is_empty() {
            operations.extend(look.without_all(entry, &names));
        }
    }
    Some(operations)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, findings_of, fixed, of, profile};
    use super::RISKS;
    use crate::Syscall;

    const RULE: &str = "seccomp-risky-call";

    #[test]
    fn every_call_is_known() {
        for (call, _) in RISKS.iter().flat_map(|risk| risk.calls) {
            assert!(Syscall::from_name(call).is_some(), "{call}");
        }
    }

    /// As the runtimes' default profiles do it, so that threads and processes still start.
    #[test]
    fn clone_without_namespaces() {
        let fixed = fixed(RULE, &profile(&[&allow("read clone"), &allow("clone3 unshare")]));
        let masked = r#"{"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]}"#;
        let unknown = r#"{"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38}"#;
        let written = fixed.replace([' ', '\n'], "");
        assert!(written.contains(masked) && written.contains(unknown), "{fixed}");
        assert!(!written.contains("unshare"), "{fixed}");
        check(RULE, &fixed, &[]);
    }

    #[test]
    fn what_is_open() {
        check(RULE, &profile(&[&allow("read mount")]), &["\"mount\""]);
        assert_eq!(
            fixed(RULE, &profile(&[&allow("read mount"), &allow("mount write")])),
            profile(&[&allow("read"), &allow("write")])
        );
        let masked = "\"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\": 2114060288, \"op\": \
                      \"SCMP_CMP_MASKED_EQ\"}]";
        check(RULE, &profile(&[masked]), &[]);
        check(RULE, &profile(&[&allow("clone")]), &["\"clone\""]);
        let found = findings_of(RULE, &profile(&[&allow("bpf keyctl add_key")]));
        let said: Vec<&str> = found.iter().map(|finding| finding.what.as_str()).collect();
        assert_eq!(
            said,
            [
                "`keyctl` and `add_key` reach the kernel's keyrings, and the profile lets them run.",
                "`bpf` loads programs into the kernel, and the profile lets it run.",
            ]
        );
    }

    #[test]
    fn a_list_of_what_is_forbidden() {
        let text = of("SCMP_ACT_ALLOW", &["\"names\": [\"mount\"], \"action\": \"SCMP_ACT_ERRNO\""]);
        // That everything runs which is not named is one finding, and says what is among it.
        check(RULE, &text, &[]);
        let found = findings_of("seccomp-allow-by-default", &text);
        assert!(found[0].why.contains("`unshare`, `clone`"), "{}", found[0].why);
    }
}
