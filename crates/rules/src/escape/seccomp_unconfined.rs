use serde_json::json;
use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_knowledge::annotation;

use crate::profiles::{self, Kind};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// `seccompProfile` of the pod or of a container with anything but `RuntimeDefault` or `Localhost`; before Kubernetes
    /// 1.27 also the annotations.
    ///
    /// ## Why it matters
    /// Seccomp refuses the system calls that containers do not need: new user namespaces, keyrings, io_uring, BPF and
    /// others. Almost every kernel exploit of the last years starts with one of them.
    ///
    /// ## What to do
    /// Set `type: RuntimeDefault`, for the pod as a whole.
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
    ///         seccompProfile:
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
    ///         seccompProfile:
    ///           type: RuntimeDefault
    /// ```
    SECCOMP_UNCONFINED = {
        id: "seccomp-unconfined",
        title: "Seccomp switched off",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Pss "seccompProfile_baseline", Pss "seccompProfile_restricted", Cis "5.7.2", Nsa "1.10", Attack "T1611", Attack "T1068", Kubescape "C-0210", Trivy "KSV-0104", Trivy "KSV-0030", Checkov "CKV_K8S_31", Kubesec "SeccompUnconfined", KubeScore "container-seccomp-profile", Kubeaudit "SeccompDisabled", Kyverno "restrict-seccomp", Gatekeeper "K8sPSPSeccomp", Monokle "PSS110"],
        check: Check::Pod(check),
    }
}

const WHY: &str = "Every system call is open, and with it the parts of the kernel where most exploits begin.";
/// The minor version from which the annotations are only text.
const ANNOTATIONS_END: u32 = 27;

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    for setting in profiles::refused(pod, Kind::Seccomp) {
        let operation = match pod.is_windows() {
            true => Operation::remove_with(setting.route.clone(), 1),
            // The whole mapping, because `localhostProfile` may stand beside `Localhost` only.
            false => Operation::set(setting.route.clone(), json!({"type": "RuntimeDefault"})),
        };
        let fix = subject.fix(
            "Use the seccomp profile of the runtime",
            Safety::ChangesBehaviour,
            Level::Baseline,
            vec![operation],
        );
        let what = match setting.value {
            "Unconfined" => format!("{} switches seccomp off.", setting.who()),
            "" => format!("{} has a seccomp profile without a type.", setting.who()),
            other => format!("{} names a seccomp profile type {other:?}, which does not exist.", setting.who()),
        };
        found.push(
            setting.finding(subject, &SECCOMP_UNCONFINED.meta, what, WHY).how("Set type: RuntimeDefault.").fix(fix),
        );
    }
    if !subject.settings.kube_version.at_least(ANNOTATIONS_END) {
        annotations(subject, found);
    }
}

fn annotations(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let metadata = &subject.pod.metadata;
    for annotation in &metadata.annotations {
        let container = annotation.name.strip_prefix(annotation::SECCOMP_OF_CONTAINER);
        let exists = container.is_some_and(|name| subject.pod.containers.iter().any(|c| c.name == name));
        let value = annotation.value.as_str();
        let known = matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/");
        if known || !(exists || annotation.name == annotation::SECCOMP_OF_POD) {
            continue;
        }
        let route = metadata.route.key("annotations").key(annotation.name.clone());
        let what = match value {
            "unconfined" => "An annotation switches seccomp off.",
            _ => "An annotation names a seccomp profile that nobody knows.",
        };
        let mut finding =
            Finding::new(&SECCOMP_UNCONFINED.meta, subject.place(annotation.site.value, route.clone()), what)
                .severity(if value == "unconfined" { Severity::Medium } else { Severity::Low })
                .why(WHY)
                .how("Remove the annotation and set seccompProfile.")
                .fix(subject.fix(
                    "Use the seccomp profile of the runtime",
                    Safety::ChangesBehaviour,
                    Level::Baseline,
                    vec![Operation::set(route, "runtime/default")],
                ));
        finding.container = container.map(str::to_owned);
        found.push(subject.linux_only(subject.ease(finding)));
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Settings};

    use crate::testing::{container, findings_for, underlined};

    const RULE: &str = "seccomp-unconfined";

    #[test]
    fn fields() {
        let with = |value: &str| container(&format!("      securityContext: {{seccompProfile: {value}}}"));
        assert_eq!(underlined(RULE, &with("{type: Unconfined}")), [("Unconfined", "medium")]);
        assert_eq!(underlined(RULE, &with("{type: runtime/default}")), [("runtime/default", "low")]);
        assert_eq!(underlined(RULE, &with("{type: Localhost, localhostProfile: a.json}")), []);
        assert_eq!(underlined(RULE, &with("{type: RuntimeDefault}")), []);
    }

    #[test]
    fn annotations_while_they_counted() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    \
                    seccomp.security.alpha.kubernetes.io/pod: unconfined\nspec:\n  containers: [{name: web}]\n";
        for (version, expected) in [(KubeVersion::Minor(18), 1), (KubeVersion::Minor(26), 1), (KubeVersion::Latest, 0)]
        {
            let settings = Settings { kube_version: version, ..Settings::default() };
            let found = findings_for(text, &settings);
            assert_eq!(found.iter().filter(|found| found.rule.id == RULE).count(), expected, "{version}");
        }
    }
}
