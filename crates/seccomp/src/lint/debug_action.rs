use watertight_diagnostic::{Finding, Severity, declare_meta};

use super::look::Look;
use crate::ActionKind;

declare_meta! {
    /// ## What it finds
    /// `SCMP_ACT_LOG` or `SCMP_ACT_TRACE`, which are for finding out what a program calls.
    ///
    /// ## Why it matters
    /// LOG lets the call run and writes a line to the audit log: a profile whose default it is stops nothing that it does
    /// not name. TRACE asks a tracer, and without one the call fails as if the kernel had no such call.
    ///
    /// ## What to do
    /// Once it is known what the program needs, deny the rest.
    ///
    /// ## Bad
    /// ```json
    /// {"defaultAction": "SCMP_ACT_LOG"}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    DEBUG_ACTION = {
        id: "seccomp-debug-action",
        title: "An action for tracing was left in",
        category: Hardening,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let profile = &look.profile;
    let actions = profile.default_action.iter().map(|action| (action, true));
    let entries = profile.entries.iter().filter_map(|entry| Some((entry.action.as_ref()?, false)));
    for (action, is_default) in actions.chain(entries) {
        let (what, severity) = match (ActionKind::from_scmp_name(&action.value), is_default) {
            (Some(ActionKind::Log), true) => {
                ("Every call runs that no entry names; it is only logged.", Severity::High)
            }
            (Some(ActionKind::Log), false) => ("These calls run, and each is logged.", Severity::Low),
            (Some(ActionKind::Trace), true) => (
                "A tracer decides about every call that no entry names; without one they fail with ENOSYS.",
                Severity::Medium,
            ),
            (Some(ActionKind::Trace), false) => {
                ("A tracer decides about these calls; without one they fail with ENOSYS.", Severity::Medium)
            }
            _ => continue,
        };
        found.push(
            Finding::new(&DEBUG_ACTION, look.written(action, ""), what)
                .severity(severity)
                .why("The action is for finding out what a program calls, not for keeping it from anything.")
                .how("Allow what the program needs and deny the rest."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, of};

    #[test]
    fn wherever_it_stands() {
        let trace = "\"names\": [\"read\"], \"action\": \"SCMP_ACT_TRACE\"";
        let expected = ["\"SCMP_ACT_LOG\"", "\"SCMP_ACT_TRACE\""];
        check("seccomp-debug-action", &of("SCMP_ACT_LOG", &[trace]), &expected);
        check("seccomp-debug-action", &of("SCMP_ACT_ERRNO", &[]), &[]);
    }
}
