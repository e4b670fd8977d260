use watertight_diagnostic::{Confidence, Finding, Severity};

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume for a path about which nothing worse is known, or whose path the text does not say.
    ///
    /// ## Why it matters
    /// The data outlives the pod and is shared with everything on the node that knows the path. A container that may
    /// write there fills the disk of the node, and plants links and programs for whoever reads there next. Permissions of
    /// the node's users apply by number only. Read-only it is mild.
    ///
    /// ## What to do
    /// Use an `emptyDir` for scratch space, and a PersistentVolumeClaim for data that has to stay.
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
    ///         - name: host
    ///           mountPath: /host
    ///   volumes:
    ///     - name: host
    ///       hostPath:
    ///         path: /data
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
    ///         - name: scratch
    ///           mountPath: /host
    ///   volumes:
    ///     - name: scratch
    ///       emptyDir: {}
    /// ```
    HOST_PATH_MOUNT = {
        id: "host-path-mount",
        title: "Folder of the node",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Kubescape "C-0045", Kics "b7652612", Kyverno "ensure-readonly-hostpath", Datree "89", KubeLinter "writable-host-mount"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Other(known) = host.class else { return };
    let severity = match known {
        Some(place) => host.severity(place),
        None if host.path.is_none() || host.is_writable() => Severity::Medium,
        None => Severity::Low,
    };
    let what = match host.written {
        "" => format!("Volume \"{}\" is a folder of the node, {}.", host.volume.name, host.receivers()),
        _ => format!("Volume \"{}\" is {} of the node, {}.", host.volume.name, host.shown(), host.receivers()),
    };
    let why = match known {
        Some(place) => format!("It gives {}.", place.gives),
        None if host.is_writable() => {
            "What is written stays on the node, fills its disk, and can mislead programs of the node.".to_owned()
        }
        None => "Files of the node are visible inside.".to_owned(),
    };
    let mut finding = host
        .finding(subject, &HOST_PATH_MOUNT.meta, severity, what)
        .why(why)
        .how("Use an emptyDir for scratch space, or a PersistentVolumeClaim for data that has to stay.");
    if host.path.is_none() {
        finding.why.to_mut().push_str(" The text does not say which folder, so it may be worse.");
        finding = finding.confidence(Confidence::Unknown);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, findings_of, host_path, underlined};

    #[test]
    fn writable_or_not_or_not_at_all() {
        let rule = "host-path-mount";
        assert_eq!(underlined(rule, &host_path("/data", "")), [("/data", "medium")]);
        assert_eq!(underlined(rule, &host_path("/data", "readOnly: true")), [("/data", "low")]);
        assert_eq!(underlined(rule, &host_path("/tmp", "readOnly: true")), [("/tmp", "medium")]);
        let unused =
            host_path("/data", "").replace("- name: host\n          mountPath", "- name: other\n          mountPath");
        assert_eq!(underlined(rule, &unused), [("/data", "info")]);
    }

    #[test]
    fn the_first_fix_is_the_one_with_which_the_program_starts() {
        let titles = |text: &str| {
            findings(text).iter().find(|found| found.primary.span.slice(text).starts_with('/')).map(|found| {
                found.fixes.iter().map(|fix| fix.title.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
            })
        };
        assert_eq!(titles(&host_path("/data", "")).unwrap(), ["Replace", "Remove"]);
        assert_eq!(titles(&host_path("/var/run/docker.sock", "")).unwrap(), ["Remove", "Replace"]);
        let removal = &findings_of("host-path-mount", &host_path("/data", ""))[0].fixes[1];
        assert_eq!(removal.operations.len(), 2, "the mount goes with the volume");
    }
}
