use watertight_diagnostic::{Finding, Fix, Rewrite, Safety, declare_meta, listed};

use super::look::Look;
use super::told::Told;
use crate::decide::Operation;
use crate::tree::{Action, Perms};

declare_meta! {
    /// ## What it finds
    /// `deny` rules that close a part of `/proc/sys/kernel` or `/proc/bus` and leave the rest writable, usually because
    /// of classes such as `[^s][^h][^m]**`.
    ///
    /// ## Why it matters
    /// `[^s][^h][^m]` does not mean "anything but shm": each class refuses on its own, so every name with an s first, an
    /// h second or an m third stays outside of the pattern. `sysrq`, `sched_*`, `threads-max` and `yama/ptrace_scope`
    /// do. Runtimes mount these folders read-only as well; with an unmasked `/proc` or in a privileged container this is
    /// the only fence.
    ///
    /// ## What to do
    /// Say "anything but shm*" letter by letter: `{[^s/]*,s[^h/]*,sh[^m/]*}{,/**}`.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   file,
    ///   deny /proc/bus/** w,
    ///   deny /proc/sys/kernel/{?,??,[^s][^h][^m]**} w,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   file,
    ///   deny /proc/bus/** w,
    ///   deny /proc/sys/kernel/{[^s/]*,s[^h/]*,sh[^m/]*}{,/**} w,
    /// }
    /// ```
    LEAKY_DENY = {
        id: "apparmor-leaky-deny",
        title: "A deny with holes below /proc",
        category: Hardening,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

/// A folder whose files are closed together or not at all, what closes it, and files to ask about.
struct Folder {
    name: &'static str,
    deny: &'static str,
    files: &'static [&'static str],
}

/// What stands in these folders on a node of Linux 6.x and is not bound to a namespace of the container.
static FOLDERS: &[Folder] = &[
    Folder {
        name: "/proc/sys/kernel",
        deny: "deny /proc/sys/kernel/{[^s/]*,s[^h/]*,sh[^m/]*}{,/**} w,",
        files: &[
            "/proc/sys/kernel/core_pattern",
            "/proc/sys/kernel/modprobe",
            "/proc/sys/kernel/sysrq",
            "/proc/sys/kernel/yama/ptrace_scope",
            "/proc/sys/kernel/seccomp/actions_logged",
            "/proc/sys/kernel/threads-max",
            "/proc/sys/kernel/sched_rt_runtime_us",
            "/proc/sys/kernel/soft_watchdog",
            "/proc/sys/kernel/numa_balancing",
            "/proc/sys/kernel/panic",
            "/proc/sys/kernel/kptr_restrict",
            "/proc/sys/kernel/dmesg_restrict",
            "/proc/sys/kernel/randomize_va_space",
            "/proc/sys/kernel/kexec_load_disabled",
            "/proc/sys/kernel/unprivileged_bpf_disabled",
            "/proc/sys/kernel/perf_event_paranoid",
            "/proc/sys/kernel/pid_max",
        ],
    },
    Folder {
        name: "/proc/bus",
        deny: "deny /proc/bus/** w,",
        files: &["/proc/bus/pci/00/00.0", "/proc/bus/pci/devices", "/proc/bus/input/devices"],
    },
];

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    if !look.is_for_containers() || !look.refuses() {
        return;
    }
    let writable = |file: &str| {
        let write = Operation::File { path: file.to_owned(), perms: Perms::WRITE, owner: true };
        look.decide(&write).allowed()
    };
    let mut leaks: Vec<String> = Vec::new();
    let mut closing: Option<u32> = None;
    let mut denies: Vec<&str> = Vec::new();
    for folder in FOLDERS {
        let deny = closing.or_else(|| folder.files.iter().find_map(|file| denying(look, file)));
        // A profile that closes nothing here has no hole; what it lets out is another rule's matter.
        if deny.is_none() {
            continue;
        }
        let open: Vec<&str> = folder.files.iter().copied().filter(|file| writable(file)).collect();
        if open.is_empty() {
            continue;
        }
        closing = deny;
        let names: Vec<String> = open.iter().map(|file| (*file).to_owned()).collect();
        leaks.push(listed(&names, 4));
        denies.push(folder.deny);
        debug_assert!(folder.files.iter().all(|file| file.starts_with(folder.name)), "{}", folder.name);
    }
    let Some(rule) = closing.filter(|_| !leaks.is_empty()) else { return };
    let what =
        ["This leaves files of the node writable beside those that it closes: ", &leaks.join("; "), "."].concat();
    let mut finding = Finding::new(&LEAKY_DENY, look.location(rule, ""), what)
        .why("Runtimes mount these folders read-only as well, but not in a privileged container or with `procMount: Unmasked`. A class such as `[^s][^h][^m]` refuses letter by letter, not the word.")
        .how("Name the whole folder, or say \"anything but shm*\" as `{[^s/]*,s[^h/]*,sh[^m/]*}{,/**}`.");
    if let Some((span, indent)) = look.top() {
        let text: String = denies.iter().flat_map(|deny| ["\n", &indent, deny]).collect();
        finding = finding.fix(Fix {
            title: "Close the rest, too".to_owned(),
            safety: Safety::Safe,
            level: None,
            file: look.subject.file,
            operations: Vec::new(),
            rewrites: vec![Rewrite { span, expect: String::new(), text }],
        });
    }
    found.push(finding);
}

/// The `deny` of the text itself that refuses writing a file.
fn denying(look: &Look<'_>, file: &str) -> Option<u32> {
    let writes = u32::from(Perms::WRITE.0);
    let mut entries = look.compiled.file_entries().iter();
    entries
        .find(|entry| {
            let voice = &entry.voice;
            voice.action == Action::Deny
                && voice.perms & writes != 0
                && look.is_own(voice.rule)
                && entry.pattern.matches(file.as_bytes())
        })
        .map(|entry| entry.voice.rule)
}

#[cfg(test)]
mod tests {
    use crate::defaults::EDITIONS;
    use crate::lint::testing::{fixed, says, underlined};

    const RULE: &str = "apparmor-leaky-deny";

    #[test]
    fn the_runtimes_own_profiles() {
        for edition in EDITIONS {
            let text = edition.text();
            let holes = text.contains("[^1-9/]");
            assert_eq!(underlined(RULE, &text).len(), usize::from(holes), "{edition:?}");
            if holes {
                says(RULE, &text, "/proc/sys/kernel/sysrq");
                says(RULE, &text, "/proc/bus/");
                fixed(RULE, &text);
            }
        }
    }

    #[test]
    fn who_closes_nothing_has_no_hole() {
        assert_eq!(underlined(RULE, "profile a {\n  file,\n}\n"), [""; 0]);
        assert_eq!(underlined(RULE, "profile a {\n  file,\n  deny /proc/** w,\n}\n"), [""; 0]);
        assert_eq!(underlined(RULE, "profile a {\n  deny /proc/sys/kernel/modprobe w,\n}\n"), [""; 0]);
    }
}
