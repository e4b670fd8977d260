use watertight_diagnostic::{Finding, Operation, Safety, declare_meta, listed};

use super::look::Look;
use crate::{By, Syscall};

declare_meta! {
    /// ## What it finds
    /// A list of allowed calls that has the name of a C function and not the call that today's C library makes for it.
    ///
    /// ## Why it matters
    /// `open()` of glibc calls `openat` since version 2.26, and `stat()` and `fstat()` call `newfstatat` since 2.33. A
    /// profile made from the functions that a program uses, or on an old image, stops the program on a new one.
    ///
    /// ## What to do
    /// Allow the newer call too.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["open", "stat", "fstat"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["open", "openat", "stat", "fstat", "newfstatat"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    OUTDATED_CALL = {
        id: "seccomp-outdated-call",
        title: "Today's C library makes another call",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

/// A call, and what glibc makes in place of it, from the version named (release notes and sources of glibc).
static SUCCESSORS: &[(&str, &str, &str)] = &[
    ("open", "openat", "2.26"),
    ("creat", "openat", "2.26"),
    ("stat", "newfstatat", "2.33"),
    ("lstat", "newfstatat", "2.33"),
    ("fstat", "newfstatat", "2.33"),
    ("getdents", "getdents64", "2.28"),
    ("getrlimit", "prlimit64", "2.13"),
    ("setrlimit", "prlimit64", "2.13"),
    ("fork", "clone", "2.3"),
    ("eventfd", "eventfd2", "2.9"),
    ("signalfd", "signalfd4", "2.9"),
];

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.has_base() {
        return;
    }
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut since = Vec::new();
    for (before, after, version) in SUCCESSORS {
        let by_default = look
            .decide(after, &[0; 6])
            .is_some_and(|decision| !decision.action.lets_pass() && matches!(decision.by, By::Default | By::Stub));
        if by_default && look.lets(before, &[0; 6]) {
            old.push(before);
            since.push(*version);
            if !new.contains(after) {
                new.push(after);
            }
        }
    }
    let named = look.named().find(|(_, name, _)| old.contains(&name.value.as_str()));
    let Some((entry, first, action)) = named else { return };
    let highest =
        since.iter().max_by_key(|version| version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok()));
    let verb = if old.len() == 1 { " is" } else { " are" };
    let what = [
        &listed(&old, 8),
        verb,
        " allowed, but glibc ",
        highest.copied().unwrap_or_default(),
        " and later calls ",
        &listed(&new, 8),
        ", which the profile stops.",
    ];
    let mut finding = Finding::new(&OUTDATED_CALL, look.written(first, ""), what.concat())
        .why("The names of C functions are not always the calls that they make.")
        .how("Allow the newer calls too.");
    if action.lets_pass()
        && entry.args.is_empty()
        && let Some(list) = first.route.parent().filter(|_| !entry.names.is_empty())
    {
        let known = new.iter().filter(|name| Syscall::from_name(name).is_some());
        let operations = known.map(|name| Operation::append(list.clone(), *name)).collect();
        finding = finding.fix(look.fix("Allow the newer calls too", Safety::ChangesBehaviour, operations));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, findings_of, of, profile};

    #[test]
    fn the_profile_of_eleven_calls() {
        let text = profile(&[&allow("read write open close stat fstat mmap mprotect munmap brk exit_group")]);
        let found = findings_of("seccomp-outdated-call", &text);
        let what = "`open`, `stat` and `fstat` are allowed, but glibc 2.33 and later calls `openat` and `newfstatat`, which the \
                    profile stops.";
        assert_eq!(found[0].what, what);
        check("seccomp-outdated-call", &of("SCMP_ACT_ALLOW", &[]), &[]);
    }
}
