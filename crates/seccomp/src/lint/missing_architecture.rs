use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta, listed};

use super::look::Look;
use crate::Arch;

declare_meta! {
    /// ## What it finds
    /// A list `architectures` that leaves out the machine's own, or those of the older programs that run on it.
    ///
    /// ## Why it matters
    /// A program calls the kernel by an ABI, and an amd64 machine has three: x86-64, 32-bit x86 and x32. libseccomp adds
    /// the machine's own whether it is listed or not. A call by any other one that is not listed kills the thread with
    /// SIGSYS, whatever the default action is: a 32-bit program does not get the error that the profile promises.
    ///
    /// ## What to do
    /// List the machine's own ABI. List the others only if such programs are to run: what the profile allows is allowed to
    /// them too, and conditions on `socket` do not hold for the 32-bit call `socketcall`.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    MISSING_ARCHITECTURE = {
        id: "seccomp-missing-architecture",
        title: "An architecture of the machine is not listed",
        category: Correctness,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let Some((filter, _)) = look.filter() else { return };
    // A list that is passed over is told of elsewhere.
    if !look.subject.reader.knows_gates() && !look.profile.arch_map.is_empty() {
        return;
    }
    let native = look.native();
    let listed_archs = || look.profile.architectures.iter().filter_map(|arch| Arch::from_scmp_name(&arch.value));
    let place = match look.profile.architectures.first() {
        Some(first) => look.written(first, ""),
        None => look.default(""),
    };
    if !look.profile.architectures.is_empty() && !listed_archs().any(|arch| arch == native) {
        let name = ["SCMP_ARCH_", native.scmp_suffix()].concat();
        let what = ["`", &name, "`, which the machine has, is not listed; libseccomp adds it."];
        let operations = vec![Operation::append(look.profile.route.key("architectures"), name.as_str())];
        found.push(
            Finding::new(&MISSING_ARCHITECTURE, place, what.concat())
                .why("The profile seems to be made for another machine, and its calls may be others there.")
                .how("List the machine's own architecture, or choose the processor that the profile is for.")
                .fix(look.fix("List the machine's own", Safety::Safe, operations)),
        );
        return;
    }
    let missing: Vec<&str> = native
        .companions()
        .iter()
        .filter(|arch| !filter.architectures.contains(arch))
        .map(|arch| arch.name())
        .collect();
    if !missing.is_empty() {
        let what =
            ["Programs of ", &listed(&missing, 4), " are killed at their first call, rather than told of an error."];
        found.push(
            Finding::new(&MISSING_ARCHITECTURE, place, what.concat())
                .severity(Severity::Info)
                .why("libseccomp kills whoever calls by an ABI that is not listed. That is safe, and a surprise to those who still have such programs.")
                .how("Nothing has to change unless such programs are to run."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};

    #[test]
    fn which_are_missing() {
        let rule = "seccomp-missing-architecture";
        let of = |list: &str| {
            format!("{{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [{list}], \"syscalls\": []}}")
        };
        check(rule, &of("\"SCMP_ARCH_X86_64\""), &["\"SCMP_ARCH_X86_64\""]);
        check(rule, &of("\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\""), &[]);
        check(rule, &of(""), &["\"SCMP_ACT_ERRNO\""]);
        let other = of("\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"");
        check(rule, &other, &["\"SCMP_ARCH_X86\""]);
        assert!(fixed(rule, &other).contains("SCMP_ARCH_X86_64"));
    }
}
