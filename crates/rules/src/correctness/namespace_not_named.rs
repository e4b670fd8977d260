use watertight_diagnostic::{FileId, Finding, Fix, Level, Location, Operation, Safety};
use watertight_pod::Object;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A pod or workload without `metadata.namespace`, beside a Namespace whose labels enforce a Pod Security Standard.
    ///
    /// ## Why it matters
    /// Standing in the same file does not put it there. It goes to `default`, or to whatever namespace kubectl is set to,
    /// and the labels that were written to guard it say nothing about it.
    ///
    /// ## What to do
    /// Name the namespace in the metadata.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: secure-apps
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: secure-apps
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: secure-apps
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    NAMESPACE_NOT_NAMED = {
        id: "namespace-not-named",
        title: "Outside the guarded namespace",
        category: Correctness,
        severity: Low,
        fixable: true,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for an object that names no namespace. `guarded` are the namespaces of the input that enforce a standard,
/// with their levels; there is at least one.
pub(crate) fn finding(object: &Object, guarded: &[(&str, Level)], file: FileId) -> Finding {
    let route = object.route.keys("metadata.namespace");
    let place = Location { file, span: object.head, route: Some(route.clone()), label: String::new() };
    let kind = if object.kind.is_empty() { "object" } else { &object.kind };
    let names: Vec<String> = guarded.iter().map(|(name, level)| format!("{name} (which enforces {level})")).collect();
    let names = names.join(" or ");
    let what = format!("This {kind} names no namespace, so it does not go into {names}.");
    let finding = Finding::new(&NAMESPACE_NOT_NAMED.meta, place, what)
        .why("It goes to default, or wherever kubectl points, where those labels say nothing about it.")
        .how("Name the namespace in the metadata, if it is meant to be there.");
    match guarded {
        [(name, _)] => finding.fix(Fix {
            title: format!("Put it into {name}"),
            safety: Safety::NeedsReview,
            level: None,
            file,
            operations: vec![Operation::set(route, *name)],
            rewrites: Vec::new(),
        }),
        _ => finding,
    }
}
