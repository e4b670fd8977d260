use watertight_diagnostic::Finding;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod or workload that names the namespace `default`. One that names none goes where the client's settings
    /// point, which the text does not say.
    ///
    /// ## Why it matters
    /// Rights, network policies, quotas and Pod Security labels hold for a namespace. What is all in one place cannot
    /// be told apart.
    ///
    /// ## What to do
    /// Make a namespace for each application.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: default
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
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    DEFAULT_NAMESPACE = {
        id: "default-namespace",
        title: "Workload in the default namespace",
        category: Hygiene,
        severity: Info,
        fixable: false,
        sources: [Cis "5.7.4", Nsa "1.12", Kubescape "C-0061", Kubescape "C-0212", Trivy "KSV-0110", Checkov "CKV_K8S_21", KubeLinter "use-namespace", Kics "611ab018", Kyverno "disallow-default-namespace", Datree "15"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let finding = subject.in_namespace(&DEFAULT_NAMESPACE.meta, &["default"]);
    let why = "Rights, policies and quotas hold for a namespace, and here everything shares them.";
    found.extend(finding.map(|finding| finding.why(why)));
}

#[cfg(test)]
mod tests {
    use super::DEFAULT_NAMESPACE as RULE;
    use crate::vectors::{fail, pass};

    #[test]
    fn vectors() {
        let with = |namespace: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: {namespace}}}\nspec: {{containers: []}}\n"
            )
        };
        pass(&RULE, &with("shop"));
        pass(&RULE, "spec: {}");
        fail(&RULE, &with("default"));
    }
}
