use watertight_diagnostic::{Finding, Severity};
use watertight_pod::{Container, Field};
use watertight_text::Span;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A volume mount with `subPath` or `subPathExpr`.
    ///
    /// ## Why it matters
    /// The kubelet has to find the part inside a volume that the pod can change meanwhile. Twice a link placed at the
    /// right moment led it to any file of the node (CVE-2017-1002101, CVE-2021-25741). Kubelets from 1.22.2, 1.21.5,
    /// 1.20.11 and 1.19.15 on are mended, so this is worth knowing and nothing has to change on such a cluster. Kata
    /// Containers do not support it.
    ///
    /// ## What to do
    /// Nothing on a current cluster. Otherwise mount the whole volume, or a volume of its own.
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
    ///       volumeMounts:
    ///         - name: data
    ///           mountPath: /data
    ///           subPath: web
    ///   volumes:
    ///     - name: data
    ///       emptyDir: {}
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
    ///       volumeMounts:
    ///         - name: data
    ///           mountPath: /data
    ///   volumes:
    ///     - name: data
    ///       emptyDir: {}
    /// ```
    SUB_PATH_MOUNT = {
        id: "sub-path-mount",
        title: "Part of a volume mounted",
        category: Escape,
        severity: Info,
        fixable: false,
        sources: [Kubescape "C-0058", Datree "33", Cve "CVE-2021-25741", Cve "CVE-2017-1002101"],
        check: Check::Container(check),
    }
}

/// The first minor version all of whose patches are mended.
const MENDED: u32 = 23;

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let parts: Vec<_> = container
        .mounts
        .iter()
        .filter_map(|mount| {
            let (span, key) = place(&mount.sub_path)
                .map(|span| (span, "subPath"))
                .or_else(|| place(&mount.sub_path_expr).map(|span| (span, "subPathExpr")))?;
            Some((span, container.route.key("volumeMounts").index(mount.index).key(key)))
        })
        .collect();
    let Some(((span, route), others)) = parts.split_first() else { return };
    let mended = subject.settings.kube_version.at_least(MENDED);
    let mut finding = Finding::new(
        &SUB_PATH_MOUNT.meta,
        subject.place(*span, route.clone()),
        format!("{} mounts a part of a volume.", called_first(container)),
    )
    .in_container(&container.name)
    .severity(if mended { Severity::Info } else { Severity::Medium })
    .why("Old kubelets could be led out of the volume by a link (CVE-2021-25741); from 1.22.2 on they are mended.")
    .how("Keep the kubelet current; mount a volume of its own where that is not possible.");
    for (span, route) in others {
        finding = finding.related(subject.labelled(*span, route.clone(), "here too"));
    }
    found.push(finding);
}

/// An empty path is the whole volume.
fn place(field: &Field<String>) -> Option<Span> {
    field.site().filter(|_| field.text().is_some_and(|path| !path.is_empty())).map(|site| site.value)
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, findings_of, underlined};

    #[test]
    fn one_finding_for_a_container() {
        let text = container(
            "      volumeMounts: [{name: a, subPath: x}, {name: a, subPath: ''}, {name: a, subPathExpr: $(Y)}]",
        );
        assert_eq!(underlined("sub-path-mount", &text), [("x", "info")]);
        assert_eq!(findings_of("sub-path-mount", &text)[0].related.len(), 1);
        assert_eq!(underlined("sub-path-mount", &container("      volumeMounts: [{name: a}]")), []);
    }
}
