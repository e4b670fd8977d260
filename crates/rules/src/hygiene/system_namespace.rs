use watertight_diagnostic::Finding;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod or workload in `kube-system`, `kube-public` or `kube-node-lease`.
    ///
    /// ## Why it matters
    /// Those namespaces are often exempt from policies, and `kube-system` holds service accounts and secrets with
    /// rights over the whole cluster: who may read or exec there has them too.
    ///
    /// ## What to do
    /// Give it a namespace of its own, unless it is a part of the cluster itself.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: kube-system
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
    SYSTEM_NAMESPACE = {
        id: "system-namespace",
        title: "Workload in a namespace of the system",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [Trivy "KSV-0037"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let finding = subject.in_namespace(&SYSTEM_NAMESPACE.meta, &["kube-system", "kube-public", "kube-node-lease"]);
    let why = "Policies often leave it out, and accounts with rights over the whole cluster live there.";
    found.extend(finding.map(|finding| finding.why(why)));
}

#[cfg(test)]
mod tests {
    use super::SYSTEM_NAMESPACE as RULE;
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
        fail(&RULE, &with("kube-system"));
    }
}
