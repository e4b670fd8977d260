use watertight_diagnostic::{Finding, Safety, Severity, declare_meta};

use super::look::{Look, said};
use crate::Syscall;

declare_meta! {
    /// ## What it finds
    /// Two entries that want different things for the same call, of which one is never asked.
    ///
    /// ## Why it matters
    /// The first entry without conditions decides, and every other one about the call is dropped, in front of it or behind
    /// it. An entry whose action is the default's is dropped first of all. So "allow" followed by "deny" allows, and a
    /// denied special case of an allowed call is not denied.
    ///
    /// ## What to do
    /// Keep one of them. To deny a special case, give the entry that allows the condition of the others.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW"},
    ///     {"names": ["ptrace"], "action": "SCMP_ACT_KILL_PROCESS"}
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["ptrace"], "action": "SCMP_ACT_KILL_PROCESS"}]
    /// }
    /// ```
    CONTRADICTION = {
        id: "seccomp-contradiction",
        title: "Two entries disagree about a call, and one of them is dropped",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let Some((filter, _)) = look.filter() else { return };
    for (entry, name, action) in look.named() {
        let Some(call) = Syscall::from_name(&name.value).filter(|_| !look.has_lost_gates(entry)) else { continue };
        let skipped = action == filter.default_action;
        // What is left of the others decides where nothing is unconditional.
        let Some(winner) =
            look.winner(call).or_else(|| look.first_rule(call).filter(|_| skipped && entry.args.is_empty()))
        else {
            continue;
        };
        if winner.action == action || look.entry_of(winner).is_some_and(|other| look.has_lost_gates(other)) {
            continue;
        }
        let how = said(winner.action);
        let reason = if skipped { "it says what the default says" } else { "the first one without conditions decides" };
        let what = ["`", &name.value, "` ", &how, ": this entry is dropped, since ", reason, "."];
        let is_hole = action < winner.action;
        let operations = vec![look.without(entry, name)];
        let mut finding = Finding::new(&CONTRADICTION, look.written(name, "is dropped"), what.concat())
            .severity(if is_hole { Severity::High } else { Severity::Medium })
            .why("libseccomp keeps one answer for a call without conditions, and runc leaves out entries that equal the default.")
            .how("Keep the entry that is meant and take the other away.")
            .fix(look.fix("Take away the name that does nothing", Safety::Safe, operations));
        if let Some(other) = look.name_of(winner) {
            finding = finding.related(look.written(other, "decides"));
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, findings_of, of, profile};
    use watertight_diagnostic::Severity;

    #[track_caller]
    fn check(text: &str, expected: &[Severity]) {
        let found = findings_of("seccomp-contradiction", text);
        assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), expected, "{found:#?}");
    }

    #[test]
    fn who_wins() {
        let deny = "\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\"";
        let kill = "\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"";
        let special = &format!("{kill}, \"args\": [{{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}}]");
        let allow = &allow("read write");
        check(&profile(&[allow, kill]), &[Severity::High]);
        check(&profile(&[kill, allow]), &[Severity::Medium]);
        check(&profile(&[deny, allow]), &[Severity::High]);
        check(&profile(&[special, allow]), &[Severity::High]);
        check(&profile(&[allow, allow]), &[]);
        check(&of("SCMP_ACT_ALLOW", &[special]), &[]);
        check(&of("SCMP_ACT_ALLOW", &[deny, allow]), &[Severity::Medium]);
    }
}
