use watertight_diagnostic::{Finding, KubeVersion, Level, Operation, Safety, Severity};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container whose `procMount` is not `Default`.
    ///
    /// ## Why it matters
    /// A runtime hides parts of `/proc` and makes the kernel settings in it read-only. `Unmasked` shows them: kernel
    /// memory maps, key lists, the settings of the node. Kubernetes takes it only together with a user namespace, where
    /// most of it belongs to somebody else; without one the API server refuses the pod.
    ///
    /// ## What to do
    /// Remove the line. Containers that build containers need it, and then `hostUsers: false` with it.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///       securityContext:
    ///         procMount: Unmasked
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///       securityContext:
    ///         procMount: Default
    /// ```
    PROC_MOUNT_UNMASKED = {
        id: "proc-mount-unmasked",
        title: "Kernel folder without masks",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Pss "procMount", Pss "procMount_restricted", Nsa "Pod security", Attack "T1611", Trivy "KSV-0027", KubeLinter "unsafe-proc-mount", Polaris "procMount", Kics "f922827f", Kyverno "disallow-proc-mount", Gatekeeper "K8sPSPProcMount", Monokle "PSS109"],
        check: Check::Container(check),
    }
}

/// The minor version with which the baseline standard began to allow it beside a user namespace.
const RELAXED_SINCE: u32 = 35;

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let field = &container.security.proc_mount;
    let (Some(value), Some(site)) = (field.text(), field.site()) else { return };
    if value == "Default" {
        return;
    }
    let route = container.route.keys("securityContext.procMount");
    let fix = subject.fix(
        "Keep the masks over /proc",
        Safety::ChangesBehaviour,
        level(subject.settings.kube_version, subject.user_namespace().is_some()),
        vec![Operation::remove_with(route.clone(), 1)],
    );
    let place = subject.place(site.value, route);
    let finding = match value {
        "Unmasked" => Finding::new(
            &PROC_MOUNT_UNMASKED.meta,
            place,
            format!("{} sees /proc without masks.", called_first(container)),
        )
        .why("Kernel settings and kernel memory maps, which the runtime hides, are open."),
        _ => Finding::new(
            &PROC_MOUNT_UNMASKED.meta,
            place,
            format!("{} asks for procMount {value:?}, which does not exist.", called_first(container)),
        )
        .severity(Severity::Low)
        .why("The API server refuses the pod."),
    };
    let finding = finding.in_container(&container.name).how("Remove procMount.").fix(fix);
    found.push(subject.linux_only(subject.beside_privileged(container, subject.ease(finding))));
}

fn level(version: KubeVersion, in_user_namespace: bool) -> Level {
    if in_user_namespace && version.at_least(RELAXED_SINCE) { Level::Restricted } else { Level::Baseline }
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, pod, underlined};

    #[test]
    fn all_but_default() {
        let with = |value: &str| container(&format!("      securityContext: {{procMount: {value}}}"));
        assert_eq!(underlined("proc-mount-unmasked", &with("Unmasked")), [("Unmasked", "high")]);
        assert_eq!(underlined("proc-mount-unmasked", &with("unmasked")), [("unmasked", "low")]);
        assert_eq!(underlined("proc-mount-unmasked", &with("Default")), []);
        let mapped = pod("  hostUsers: false\n  containers: [{securityContext: {procMount: Unmasked}}]");
        assert_eq!(underlined("proc-mount-unmasked", &mapped), [("Unmasked", "medium")]);
    }
}
