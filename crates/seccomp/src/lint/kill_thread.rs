use watertight_diagnostic::{Finding, Operation, Safety, declare_meta};

use super::look::Look;
use crate::ActionKind;

declare_meta! {
    /// ## What it finds
    /// `SCMP_ACT_KILL` and `SCMP_ACT_KILL_THREAD`, which kill one thread and not the program.
    ///
    /// ## Why it matters
    /// A program with several threads, as everything in Go, Java or Node has, goes on without the one that was killed. It
    /// hangs where it waits for that thread, and the restart policy of the pod sees nothing wrong.
    ///
    /// ## What to do
    /// Use `SCMP_ACT_KILL_PROCESS`, which Linux has since 4.14, or answer with an error.
    ///
    /// ## Bad
    /// ```json
    /// {"defaultAction": "SCMP_ACT_KILL", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    KILL_THREAD = {
        id: "seccomp-kill-thread",
        title: "Only a thread is killed, and the program hangs",
        category: Hygiene,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let entries = look.profile.entries.iter().filter_map(|entry| entry.action.as_ref());
    let actions = look.profile.default_action.iter().chain(entries);
    let kills: Vec<_> =
        actions.filter(|action| ActionKind::from_scmp_name(&action.value) == Some(ActionKind::KillThread)).collect();
    let Some(first) = kills.first() else { return };
    let operations =
        kills.iter().map(|action| Operation::set(action.route.clone(), ActionKind::KillProcess.scmp_name())).collect();
    let what = ["`", &first.value, "` kills the thread that makes the call; the rest of the program goes on."];
    found.push(
        Finding::new(&KILL_THREAD, look.written(first, ""), what.concat())
            .why("A program with threads hangs half alive then, and nothing restarts it.")
            .how("Use SCMP_ACT_KILL_PROCESS, or answer with an error.")
            .fix(look.fix("Kill the whole process", Safety::ChangesBehaviour, operations)),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed, of};

    #[test]
    fn all_at_once() {
        let entry = "\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL_THREAD\"";
        let text = of("SCMP_ACT_KILL", &[entry]);
        check("seccomp-kill-thread", &text, &["\"SCMP_ACT_KILL\""]);
        assert_eq!(fixed("seccomp-kill-thread", &text).matches("KILL_PROCESS").count(), 2);
    }
}
