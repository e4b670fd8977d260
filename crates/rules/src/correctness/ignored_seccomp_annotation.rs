use serde_json::{Value, json};
use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_knowledge::annotation;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// An annotation that chose a seccomp profile before Kubernetes 1.19: `seccomp.security.alpha.kubernetes.io/pod`
    /// or `container.seccomp.security.alpha.kubernetes.io/NAME`. Since 1.27 it is only text.
    ///
    /// ## Why it matters
    /// It looks as if a profile were in place. Without the field the containers run without any filter of system
    /// calls.
    ///
    /// ## What to do
    /// Set `seccompProfile` in the `securityContext` instead, and remove the annotation.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   annotations:
    ///     seccomp.security.alpha.kubernetes.io/pod: runtime/default
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     seccompProfile:
    ///       type: RuntimeDefault
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    IGNORED_SECCOMP_ANNOTATION = {
        id: "ignored-seccomp-annotation",
        title: "Seccomp annotation without effect",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [Pss "seccompProfile_restricted", Kubeaudit "SeccompDeprecatedAnnotations"],
        check: Check::Pod(check),
    }
}

/// The minor version from which the annotations are only text.
const IGNORED_SINCE: u32 = 27;

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    if !subject.settings.kube_version.at_least(IGNORED_SINCE) {
        return;
    }
    for annotation in &pod.metadata.annotations {
        let container = annotation.name.strip_prefix(annotation::SECCOMP_OF_CONTAINER);
        if container.is_none() && annotation.name != annotation::SECCOMP_OF_POD {
            continue;
        }
        let owner = container.map(|name| pod.container(name));
        let (holder, field) = match owner {
            None => (Some(&pod.route), &pod.security.seccomp),
            Some(Some(container)) => (Some(&container.route), &container.security.seccomp),
            Some(None) => (None, &pod.security.seccomp),
        };
        let route = pod.metadata.route.key("annotations").key(annotation.name.clone());
        let span = annotation.site.key.unwrap_or(annotation.site.value);
        let mut finding = Finding::new(
            &IGNORED_SECCOMP_ANNOTATION.meta,
            subject.place(span, route.clone()),
            "This annotation has no effect since Kubernetes 1.27.",
        )
        .how("Set seccompProfile in the securityContext, and remove the annotation.");
        let has_field = field.is_set();
        finding = if has_field || annotation.value == "unconfined" {
            finding.severity(Severity::Info).why("What counts is the field seccompProfile.")
        } else {
            finding.why("It looks as if a seccomp profile were in place, and there is none.")
        };
        let mut operations = vec![Operation::remove_with(route, 1)];
        let profile = profile(&annotation.value);
        let mut title = "Remove the annotation";
        if let (Some(holder), Some(profile), false) = (holder, profile, has_field || pod.is_windows()) {
            operations.push(Operation::set(holder.keys("securityContext.seccompProfile"), profile));
            title = "Turn the annotation into the field";
        }
        let level = if has_field { None } else { Some(Level::Restricted) };
        finding.container = container.map(str::to_owned);
        found.push(finding.fix(subject.fix(title, Safety::ChangesBehaviour, level, operations)));
    }
}

/// The field that says what the annotation said; `None` for no filter, which nobody should keep.
fn profile(value: &str) -> Option<Value> {
    match value {
        "runtime/default" | "docker/default" => Some(json!({ "type": "RuntimeDefault" })),
        other => {
            let path = other.strip_prefix("localhost/").filter(|path| !path.is_empty())?;
            Some(json!({ "type": "Localhost", "localhostProfile": path }))
        }
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Settings};

    use super::IGNORED_SECCOMP_ANNOTATION as RULE;
    use crate::vectors::{fixed, pass, run, run_with};

    fn pod(annotation: &str, rest: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    other: x\n{annotation}spec:\n{rest}  containers:\n    - name: a\n"
        )
    }

    #[test]
    fn vectors() {
        let with = |value: &str| pod(&format!("    seccomp.security.alpha.kubernetes.io/pod: {value}\n"), "");
        pass(&RULE, &pod("", ""));
        assert_eq!(run(&RULE, &with("runtime/default"))[0].severity.word(), "medium");
        assert_eq!(run(&RULE, &with("unconfined"))[0].severity.word(), "info");
        let settings = Settings { kube_version: KubeVersion::Minor(26), ..Settings::default() };
        assert!(run_with(&RULE, &with("runtime/default"), &settings).is_empty());
        fixed(
            &RULE,
            &with("localhost/a.json"),
            &pod("", "  securityContext:\n    seccompProfile:\n      type: Localhost\n      localhostProfile: a.json\n").replace(
                "spec:\n  securityContext:\n    seccompProfile:\n      type: Localhost\n      localhostProfile: a.json\n  containers:\n    - name: a\n",
                "spec:\n  containers:\n    - name: a\n  securityContext:\n    seccompProfile:\n      type: Localhost\n      localhostProfile: a.json\n",
            ),
        );
    }
}
