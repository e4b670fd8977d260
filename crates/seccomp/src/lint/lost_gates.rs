use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta, listed};

use super::look::Look;
use super::risky_call;
use crate::profile::{Gate, Profile};
use crate::{Arch, Decider, Reader, Syscall, Target};

declare_meta! {
    /// ## What it finds
    /// `includes`, `excludes` or `archMap` in a profile that is read as plain OCI, which knows none of them.
    ///
    /// ## Why it matters
    /// Docker's own default profile allows `mount` only to containers that have CAP_SYS_ADMIN, and says so in `includes`.
    /// containerd passes that key over, in a pod's `Localhost` profile as in any other, and the entry counts for
    /// everybody: `mount`, `unshare`, `bpf` and `init_module` are allowed. The same file is then weaker than
    /// `RuntimeDefault`, and nothing says so. `archMap` is passed over too, which leaves programs of other ABIs to be
    /// killed.
    ///
    /// ## What to do
    /// Write the profile without gates, as it is for the capabilities that the container has.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    ///     {"names": ["mount", "unshare"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}}
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    LOST_GATES = {
        id: "seccomp-lost-gates",
        title: "The runtime passes over what the profile ties to capabilities",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [Attack "T1611"],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.subject.reader.knows_gates() {
        return;
    }
    let profile = &look.profile;
    let gates = profile.entries.iter().flat_map(|entry| [&entry.includes, &entry.excludes]);
    let sites: Vec<_> = gates.filter(|gate| says_something(gate)).filter_map(|gate| gate.site).collect();
    let map = profile.arch_map_site.filter(|_| !profile.arch_map.is_empty());
    let Some(first) = sites.first().copied().or(map) else { return };
    let opened = opened(look);
    let route = gate_route(profile, first).unwrap_or_else(|| profile.route.key("archMap"));
    let what = if sites.is_empty() {
        [look.who(), " passes over `archMap`, so that programs of the machine's other architectures are killed."]
            .concat()
    } else if opened.is_empty() {
        [look.who(), " passes over `includes` and `excludes`: every entry counts for everybody."].concat()
    } else {
        let calls: Vec<&str> = opened.iter().map(|call| call.name()).collect();
        let verb = " passes over what this profile ties to capabilities, which opens ";
        [look.who(), verb, &listed(&calls, 8), "."].concat()
    };
    let severity = match (opened.iter().any(|call| risky_call::is_risky(call.name())), sites.is_empty()) {
        (true, _) => Severity::Critical,
        (false, false) => Severity::Medium,
        (false, true) => Severity::Low,
    };
    let mut finding = Finding::new(&LOST_GATES, look.at(first, &route, "is passed over"), what)
        .severity(severity)
        .why("Docker, Podman and CRI-O look whether the container has the capability; a reader of plain OCI does not know these keys.")
        .how("Write the profile without them, as it is for the capabilities that the container has.");
    for site in sites.iter().skip(1).take(5) {
        if let Some(route) = gate_route(profile, *site) {
            finding = finding.related(look.at(*site, &route, "is passed over too"));
        }
    }
    if let Some(operations) = without_gates(look) {
        let title = "Write what it is for a container with the usual capabilities";
        finding = finding.fix(look.fix(title, Safety::ChangesBehaviour, operations));
    }
    found.push(finding);
}

fn says_something(gate: &Gate) -> bool {
    !gate.caps.is_empty() || !gate.arches.is_empty() || gate.min_kernel.is_some()
}

fn gate_route(profile: &Profile, site: watertight_text::Span) -> Option<watertight_diagnostic::Route> {
    profile.entries.iter().find_map(|entry| {
        let key = if entry.includes.site == Some(site) { "includes" } else { "excludes" };
        [entry.includes.site, entry.excludes.site].contains(&Some(site)).then(|| entry.route.key(key))
    })
}

/// What Docker would refuse to a container with these capabilities, and this reader lets pass.
fn opened(look: &Look<'_>) -> Vec<Syscall> {
    let Some((_, plain)) = look.filter() else { return Vec::new() };
    let arch = look.native();
    let target = Target { arch, ..look.subject.target };
    let Ok(Some(gated)) = look.profile.as_read_by(Reader::Docker, &target) else { return Vec::new() };
    let gated = Decider::of_abi(&gated, arch);
    let lets = |decider: &Decider, arch: Arch, number: u32, call: &str| {
        decider.decide(arch, number, &risky_call::arguments(call)).action.lets_pass()
    };
    let mut calls: Vec<Syscall> = Syscall::all()
        .filter(|call| {
            let Some(number) = call.number(arch) else { return false };
            lets(plain, arch, number, call.name()) && !lets(&gated, arch, number, call.name())
        })
        .collect();
    // What opens a way out comes first.
    calls.sort_by_key(|call| !risky_call::is_risky(call.name()));
    calls
}

fn without_gates(look: &Look<'_>) -> Option<Vec<Operation>> {
    let mut operations = Vec::new();
    for entry in &look.profile.entries {
        if !entry.counts(Reader::Docker, &look.subject.target).ok()? {
            operations.push(Operation::remove(entry.route.clone()));
            continue;
        }
        for (gate, key) in [(&entry.includes, "includes"), (&entry.excludes, "excludes")] {
            if gate.site.is_some() {
                operations.push(Operation::remove(entry.route.key(key)));
            }
        }
    }
    if look.profile.arch_map_site.is_some() {
        operations.push(Operation::remove(look.profile.route.key("archMap")));
        if look.profile.architectures.is_empty() {
            let native = look.native();
            let names: Vec<String> = std::iter::once(&native)
                .chain(native.companions())
                .map(|arch| ["SCMP_ARCH_", arch.scmp_suffix()].concat())
                .collect();
            operations.push(Operation::set(look.profile.route.key("architectures"), names));
        }
    }
    Some(operations)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, as_read_by, findings_of, fixed, profile};
    use crate::Reader;
    use watertight_diagnostic::Severity;

    const RULE: &str = "seccomp-lost-gates";

    #[test]
    fn what_they_held_back() {
        let gated = |names: &str, gate: &str| format!("{}, {gate}", allow(names));
        let admin = "\"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}";
        let text = profile(&[
            &allow("read"),
            &gated("mount", admin),
            &gated("write", "\"excludes\": {\"arches\": [\"arm64\"]}"),
        ]);
        let found = findings_of(RULE, &text);
        assert_eq!((found.len(), found[0].severity), (1, Severity::Critical));
        assert!(found[0].what.contains("opens `mount`."), "{}", found[0].what);
        let mended = fixed(RULE, &text);
        assert!(mended.contains("write") && !mended.contains("mount") && !mended.contains("cludes"), "{mended}");
        let harmless = profile(&[&gated("read", "\"excludes\": {\"arches\": [\"arm64\"]}")]);
        assert_eq!(findings_of(RULE, &harmless)[0].severity, Severity::Medium);
        let empty = profile(&[&gated("read", "\"includes\": {}, \"excludes\": {}")]);
        assert!(findings_of(RULE, &empty).is_empty());
        assert!(as_read_by(Reader::Docker, &text).iter().all(|finding| finding.rule.id != RULE));
    }

    #[test]
    fn a_map_of_architectures() {
        let text = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \
                    \"subArchitectures\": [\"SCMP_ARCH_X86\"]}], \"syscalls\": []}";
        assert_eq!(findings_of(RULE, text)[0].severity, Severity::Low);
        assert!(fixed(RULE, text).contains("SCMP_ARCH_X32"));
    }
}
