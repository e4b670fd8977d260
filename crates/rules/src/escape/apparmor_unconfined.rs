use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_knowledge::annotation;
use watertight_text::Span;

use crate::profiles::{self, Kind, Setting};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// `appArmorProfile` of the pod or of a container, or the older annotation, with anything but the runtime's profile
    /// or one of the node.
    ///
    /// ## Why it matters
    /// On nodes with AppArmor every container gets the runtime's profile by itself. It refuses to mount, to write kernel
    /// settings and to trace processes outside. Without it, `SYS_ADMIN` and `SYS_PTRACE` become direct ways out, and
    /// `hostPID` as root shows the files of the node.
    ///
    /// ## What to do
    /// Remove the field and the annotation: the default is better. A profile of your own is `Localhost`.
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
    ///         appArmorProfile:
    ///           type: Unconfined
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
    ///         appArmorProfile:
    ///           type: RuntimeDefault
    /// ```
    APPARMOR_UNCONFINED = {
        id: "apparmor-unconfined",
        title: "AppArmor switched off",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Pss "appArmorProfile", Nsa "1.9", Attack "T1611", Kubescape "C-0055", Trivy "KSV-0002", Kubesec "ApparmorUnconfined", Polaris "linuxHardening", Kubeaudit "apparmor", Kics "8b36775e", Kyverno "restrict-apparmor-profiles", Gatekeeper "K8sPSPAppArmor", Monokle "PSS107"],
        check: Check::Pod(check),
    }
}

const WHY: &str = "Without its profile, mounting, tracing and kernel settings are held by capabilities alone.";

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    for setting in profiles::refused(pod, Kind::AppArmor) {
        // Removing is better than naming the runtime's profile: a node without AppArmor refuses a pod that names one.
        let fix = subject.fix(
            "Use the AppArmor profile of the runtime",
            Safety::ChangesBehaviour,
            Level::Baseline,
            vec![Operation::remove_with(setting.route.clone(), 1)],
        );
        found.push(spoken(subject, &setting).fix(fix));
    }
    for annotation in
        pod.metadata.annotations.iter().filter(|annotation| is_refused(&annotation.name, &annotation.value))
    {
        let route = pod.metadata.route.key("annotations").key(annotation.name.clone());
        let name = annotation.name.strip_prefix(annotation::APPARMOR_OF_CONTAINER).unwrap_or_default();
        let unconfined = annotation.value == "unconfined";
        let what = match unconfined {
            true => format!("An annotation switches AppArmor off for container \"{name}\"."),
            false => format!("An annotation gives container \"{name}\" an AppArmor profile that nobody knows."),
        };
        let span: Span = annotation.site.value;
        let finding = Finding::new(&APPARMOR_UNCONFINED.meta, subject.place(span, route.clone()), what)
            .in_container(name)
            .severity(if unconfined { Severity::Medium } else { Severity::Low })
            .why(WHY)
            .how("Remove the annotation.")
            .fix(subject.fix(
                "Use the AppArmor profile of the runtime",
                Safety::ChangesBehaviour,
                Level::Baseline,
                vec![Operation::remove_with(route, 1)],
            ));
        found.push(match pod.container(name) {
            Some(container) => subject.linux_only(subject.beside_privileged(container, subject.ease(finding))),
            None => subject.linux_only(finding.severity(Severity::Low)),
        });
    }
}

/// As `pod-security-admission/policy/check_appArmorProfile.go` decides.
fn is_refused(name: &str, value: &str) -> bool {
    name.starts_with(annotation::APPARMOR_OF_CONTAINER)
        && !(value.is_empty() || value == "runtime/default" || value.starts_with("localhost/"))
}

fn spoken(subject: &Subject<'_>, setting: &Setting<'_>) -> Finding {
    let what = match setting.value {
        "Unconfined" => format!("{} switches AppArmor off.", setting.who()),
        "" => format!("{} has an AppArmor profile without a type.", setting.who()),
        other => format!("{} names an AppArmor profile type {other:?}, which does not exist.", setting.who()),
    };
    setting
        .finding(subject, &APPARMOR_UNCONFINED.meta, what, WHY)
        .how("Remove appArmorProfile; every container then gets the profile of the runtime.")
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, pod, underlined};

    const RULE: &str = "apparmor-unconfined";

    #[test]
    fn fields() {
        let with = |value: &str| container(&format!("      securityContext: {{appArmorProfile: {value}}}"));
        assert_eq!(underlined(RULE, &with("{type: Unconfined}")), [("Unconfined", "medium")]);
        assert_eq!(underlined(RULE, &with("{type: unconfined}")), [("unconfined", "low")]);
        assert_eq!(underlined(RULE, &with("{type: Localhost, localhostProfile: a}")), []);
        assert_eq!(underlined(RULE, &with("{type: RuntimeDefault}")), []);
        assert_eq!(underlined(RULE, &with("{}")), [("appArmorProfile: {}", "low")]);
    }

    #[test]
    fn a_pod_whose_containers_all_say_better() {
        let text = pod("  securityContext: {appArmorProfile: {type: Unconfined}}\n  \
             containers: [{securityContext: {appArmorProfile: {type: RuntimeDefault}}}]");
        assert_eq!(underlined(RULE, &text), [("Unconfined", "low")]);
    }

    #[test]
    fn annotations() {
        let with = |value: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    \
                 container.apparmor.security.beta.kubernetes.io/web: {value}\nspec:\n  containers: [{{name: web}}]\n"
            )
        };
        assert_eq!(underlined(RULE, &with("unconfined")), [("unconfined", "medium")]);
        assert_eq!(underlined(RULE, &with("foo")), [("foo", "low")]);
        assert_eq!(underlined(RULE, &with("runtime/default")), []);
        assert_eq!(underlined(RULE, &with("localhost/a")), []);
    }
}
