use watertight_diagnostic::{Confidence, Finding, Operation, Safety};
use watertight_knowledge::annotation::steering;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// An annotation of the pod that Kata Containers, CRI-O, crun, gVisor or the container device interface obey.
    ///
    /// ## Why it matters
    /// Such annotations change settings on the node's side of the border: programs and flags of the virtual machine,
    /// devices, hooks. No Pod Security Standard looks at them. Each runtime obeys only what its configuration allows; one
    /// that Kata Containers allowed by default was a way out (CVE-2026-44210).
    ///
    /// ## What to do
    /// Put the setting into the configuration of the runtime or into a RuntimeClass, and remove the annotation.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   annotations:
    ///     io.katacontainers.config.hypervisor.path: /usr/bin/qemu
    /// spec:
    ///   runtimeClassName: kata-qemu
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
    ///   runtimeClassName: kata-qemu
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    RUNTIME_ANNOTATION = {
        id: "runtime-annotation",
        title: "Annotation that steers the runtime",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Attack "T1611", Cve "CVE-2026-44210"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let steered: Vec<_> = subject
        .pod
        .metadata
        .annotations
        .iter()
        .filter_map(|annotation| Some((annotation, steering(&annotation.name)?)))
        .collect();
    let Some(((first, family), others)) = steered.split_first() else { return };
    let annotations = subject.pod.metadata.route.key("annotations");
    let operations = steered.iter().map(|(annotation, _)| annotations.key(annotation.name.clone()));
    let operations = operations.map(|route| Operation::remove_with(route, 1)).collect();
    let fix = subject.fix("Remove what steers the runtime", Safety::NeedsReview, None, operations);
    let mut finding = Finding::new(
        &RUNTIME_ANNOTATION.meta,
        subject.place(first.site.whole(), annotations.key(first.name.clone())),
        format!("Annotation {} steers {}.", first.name, family.runtime),
    )
    .confidence(Confidence::Unknown)
    .why(format!("It changes {}, if the configuration of the runtime lets it.", family.changes))
    .how("Put the setting into the runtime's configuration or into a RuntimeClass.")
    .fix(fix);
    for (annotation, family) in others {
        let label = format!("steers {} too", family.runtime);
        finding =
            finding.related(subject.labelled(annotation.site.whole(), annotations.key(annotation.name.clone()), label));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::testing::findings_of;

    #[test]
    fn one_finding_for_a_pod() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    a: b\n    run.oci.hooks: c\n    \
                    io.katacontainers.config.runtime.x: 'y'\nspec:\n  containers: []\n";
        let found = findings_of("runtime-annotation", text);
        assert_eq!((found.len(), found[0].related.len(), found[0].fixes[0].operations.len()), (1, 1, 2));
        assert!(findings_of("runtime-annotation", &text.replace("run.oci", "x").replace("io.kata", "x")).is_empty());
    }
}
