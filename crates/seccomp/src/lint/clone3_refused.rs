use watertight_diagnostic::{Finding, Operation, Safety, declare_meta};

use super::look::Look;
use crate::{Action, ActionKind, By};

declare_meta! {
    /// ## What it finds
    /// A profile that lets threads be made with `clone` and answers `clone3` with another error than ENOSYS.
    ///
    /// ## Why it matters
    /// glibc 2.34 and later makes threads with `clone3`, and goes back to `clone` only if it is told that the kernel has
    /// no such call. EPERM is no such answer: programs end with "can't start new thread".
    ///
    /// ## What to do
    /// Answer `clone3` with ENOSYS, which is error 38. Allowing it would hide the flags of new namespaces, which lie in
    /// memory where no filter can look.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["clone", "openat2"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["clone", "openat2"], "action": "SCMP_ACT_ALLOW"},
    ///     {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}
    ///   ]
    /// }
    /// ```
    CLONE3_REFUSED = {
        id: "seccomp-clone3-refused",
        title: "`clone3` is refused in a way that breaks threads",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

/// What pthread_create of glibc hands to clone(2).
const THREAD: u64 = 0x003d_0f00;

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let Some(decision) = look.decide("clone3", &[0; 6]) else { return };
    let refused = decision.action.kind == ActionKind::Errno && decision.action != Action::ENOSYS;
    if look.has_base() || !refused || !look.lets("clone", &[THREAD, 0, 0, 0, 0, 0]) {
        return;
    }
    let what = [
        "`clone3` ",
        &super::look::said(decision.action),
        ", and `clone` runs: glibc does not go back from one to the other then.",
    ];
    let mut finding = Finding::new(&CLONE3_REFUSED, look.deciding(&decision, ""), what.concat())
        .why("glibc 2.34 and later takes only ENOSYS for \"no such call\". Programs with threads end with \"can't start new thread\".")
        .how("Answer clone3 with errnoRet 38.");
    let by = match decision.by {
        By::Rule(rule) => look.filter().and_then(|(filter, _)| filter.rules.get(rule)),
        _ => None,
    };
    let mut operations = Vec::new();
    match by.and_then(|rule| Some((look.entry_of(rule)?, look.name_of(rule)?))) {
        Some((entry, _)) if entry.names.len() == 1 && entry.args.is_empty() => {
            operations.push(Operation::set(entry.route.key("errnoRet"), 38));
        }
        Some((entry, name)) => {
            operations.extend([look.without(entry, name), look.with_entry(&["clone3"], Action::ENOSYS)]);
        }
        None => operations.push(look.with_entry(&["clone3"], Action::ENOSYS)),
    }
    finding = finding.fix(look.fix("Answer clone3 with ENOSYS", Safety::Safe, operations));
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, fixed, profile};

    #[test]
    fn who_is_told_what() {
        let rule = "seccomp-clone3-refused";
        // Above the highest number runc answers ENOSYS by itself.
        check(rule, &profile(&[&allow("clone")]), &[]);
        let own =
            profile(&[&allow("clone"), "\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 13"]);
        check(rule, &own, &["\"clone3\""]);
        assert!(fixed(rule, &own).contains("\"errnoRet\": 38"));
        let shared = profile(&[
            &allow("clone"),
            "\"names\": [\"clone3\", \"bpf\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 13",
        ]);
        assert!(fixed(rule, &shared).contains("\"bpf\""));
    }
}
