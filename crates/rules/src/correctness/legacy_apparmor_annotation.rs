use serde_json::{Value, json};
use watertight_diagnostic::{Finding, Operation, Safety, Severity};
use watertight_knowledge::annotation;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// An annotation `container.apparmor.security.beta.kubernetes.io/NAME`, which chose the AppArmor profile of a
    /// container before the field `appArmorProfile` came in Kubernetes 1.30; or one that names a container which the
    /// pod does not have.
    ///
    /// ## Why it matters
    /// The API server still copies it into the field of the container it names. A misspelt name is no error: that
    /// container then runs with the runtime's own profile.
    ///
    /// ## What to do
    /// Set `appArmorProfile` in the container's `securityContext`, and remove the annotation.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   annotations:
    ///     container.apparmor.security.beta.kubernetes.io/web: localhost/web
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
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///       securityContext:
    ///         appArmorProfile:
    ///           type: Localhost
    ///           localhostProfile: web
    /// ```
    LEGACY_APPARMOR_ANNOTATION = {
        id: "legacy-apparmor-annotation",
        title: "AppArmor annotation",
        category: Correctness,
        severity: Info,
        fixable: true,
        sources: [Kubeaudit "apparmor"],
        check: Check::Pod(check),
    }
}

/// The minor version that has the field.
const FIELD_SINCE: u32 = 30;

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    for annotation in &pod.metadata.annotations {
        let Some(name) = annotation.name.strip_prefix(annotation::APPARMOR_OF_CONTAINER) else { continue };
        let owner = pod.container(name);
        let route = pod.metadata.route.key("annotations").key(annotation.name.clone());
        let span = annotation.site.key.unwrap_or(annotation.site.value);
        let place = subject.place(span, route.clone());
        let Some(container) = owner else {
            let what = format!("This annotation names container \"{name}\", which the pod does not have.");
            found.push(
                Finding::new(&LEGACY_APPARMOR_ANNOTATION.meta, place, what)
                    .severity(Severity::Medium)
                    .why("The profile it chooses is given to nobody.")
                    .how("Write the name of the container that is meant, or remove the annotation."),
            );
            continue;
        };
        // What switches the profile off, or names none that exists, is told by another rule.
        let Some(profile) = profile(&annotation.value) else { continue };
        if !subject.settings.kube_version.at_least(FIELD_SINCE) {
            continue;
        }
        let mut operations = vec![Operation::remove_with(route, 1)];
        if !container.security.apparmor.is_set() {
            operations.push(Operation::set(container.route.keys("securityContext.appArmorProfile"), profile));
        }
        found.push(
            Finding::new(
                &LEGACY_APPARMOR_ANNOTATION.meta,
                place,
                format!("The AppArmor profile of container \"{name}\" is chosen by an annotation."),
            )
            .why("The annotation is deprecated since Kubernetes 1.30, and a misspelt name in it is no error.")
            .how("Set appArmorProfile in the container's securityContext, and remove the annotation.")
            .in_container(name)
            .fix(subject.fix("Turn the annotation into the field", Safety::Safe, None, operations)),
        );
    }
}

fn profile(value: &str) -> Option<Value> {
    match value {
        "runtime/default" => Some(json!({ "type": "RuntimeDefault" })),
        other => {
            let name = other.strip_prefix("localhost/").filter(|name| !name.is_empty())?;
            Some(json!({ "type": "Localhost", "localhostProfile": name }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LEGACY_APPARMOR_ANNOTATION as RULE;
    use crate::vectors::{fixed, pass, says};

    fn pod(annotation: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    other: x\n{annotation}spec:\n  containers:\n    - name: a\n"
        )
    }

    #[test]
    fn vectors() {
        let with = |name: &str, value: &str| {
            pod(&format!("    container.apparmor.security.beta.kubernetes.io/{name}: {value}\n"))
        };
        pass(&RULE, &pod(""));
        // Told by the rule about switching it off.
        pass(&RULE, &with("a", "unconfined"));
        says(&RULE, &with("a", "runtime/default"), "by an annotation");
        says(&RULE, &with("b", "runtime/default"), "does not have");
        fixed(
            &RULE,
            &with("a", "localhost/x"),
            &(pod("")
                + "      securityContext:\n        appArmorProfile:\n          type: Localhost\n          localhostProfile: x\n"),
        );
    }
}
