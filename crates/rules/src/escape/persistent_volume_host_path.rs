use watertight_diagnostic::{FileId, Finding, Location, Route, Severity};
use watertight_knowledge::path::NodePath;
use watertight_knowledge::place::Place;
use watertight_pod::{HostPath, Object, PersistentVolume, Site};

use crate::host_path::{Class, classify};
use crate::{Check, FileSubject};

declare_rule! {
    /// ## What it finds
    /// A PersistentVolume that is a `hostPath`, or a `local` volume at a place with credentials, programs or sockets of
    /// the node.
    ///
    /// ## Why it matters
    /// A pod that claims it has that folder of the node mounted, and no Pod Security Standard sees it: the pod names a
    /// claim only. The path decides how bad it is, as it does for a `hostPath` in the pod itself.
    ///
    /// ## What to do
    /// Use storage with a CSI driver, or `local` volumes on disks of their own. Let nobody but administrators create
    /// PersistentVolumes.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: PersistentVolume
    /// metadata:
    ///   name: data
    /// spec:
    ///   capacity:
    ///     storage: 1Gi
    ///   accessModes: [ReadWriteOnce]
    ///   hostPath:
    ///     path: /data
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: PersistentVolume
    /// metadata:
    ///   name: data
    /// spec:
    ///   capacity:
    ///     storage: 1Gi
    ///   accessModes: [ReadWriteOnce]
    ///   csi:
    ///     driver: csi.example.com
    ///     volumeHandle: data
    /// ```
    PERSISTENT_VOLUME_HOST_PATH = {
        id: "persistent-volume-host-path",
        title: "Persistent volume in a folder of the node",
        category: Escape,
        severity: Medium,
        fixable: false,
        sources: [Attack "T1611", Kyverno "limit-hostpath-type-pv", Kubescape "C-0048"],
        check: Check::Objects(check),
    }
}

fn check(subject: &FileSubject<'_>, found: &mut Vec<Finding>) {
    for volume in &subject.objects.persistent_volumes {
        let Some(object) = subject.objects.objects.get(volume.object) else { continue };
        let spec = object.route.key("spec");
        if let Some(host_path) = volume.host_path.get() {
            let site = host_path.path.site().or(volume.host_path.site());
            let written = host_path.path.text().unwrap_or_default();
            let class = classify(&NodePath::new(written), host_path, false);
            let (severity, gives) = match host_path.path.text() {
                Some(_) => judged(class),
                None => (Severity::Medium, String::new()),
            };
            let place = (site, spec.keys("hostPath.path"));
            found.extend(finding(subject, volume, object, place, written, severity.max(Severity::Medium), &gives));
        }
        if let Some(written) = volume.local_path.text() {
            let class = classify(&NodePath::new(written), &HostPath::default(), false);
            // A folder or a disk of its own is what local volumes are for.
            if matches!(class, Class::Other(_) | Class::Device(_)) {
                continue;
            }
            let (severity, gives) = judged(class);
            let place = (volume.local_path.site(), spec.keys("local.path"));
            found.extend(finding(subject, volume, object, place, written, severity, &gives));
        }
    }
}

fn finding(
    subject: &FileSubject<'_>,
    volume: &PersistentVolume,
    object: &Object,
    (site, route): (Option<Site>, Route),
    written: &str,
    severity: Severity,
    gives: &str,
) -> Option<Finding> {
    let shown = if written.is_empty() { "a folder" } else { written };
    let what = format!("PersistentVolume \"{}\" is {shown} of the node.", object.name);
    let mut finding = Finding::new(&PERSISTENT_VOLUME_HOST_PATH.meta, subject.labelled(site?.value, route, ""), what)
        .severity(severity)
        .why(format!("{gives}A pod that claims it gets the folder, and no Pod Security Standard sees that."))
        .how("Use storage with a CSI driver, and let only administrators create PersistentVolumes.");
    let mut also = |file: usize, site: Option<Site>, route: Route, label: &str| {
        let Some(site) = site else { return };
        let file = FileId(u32::try_from(file).unwrap_or(u32::MAX));
        finding.also([Location { file, span: site.value, route: Some(route), label: label.to_owned() }]);
    };
    for claim in subject.neighbours.claims(object) {
        let route = claim.object.route.keys("spec.volumeName");
        also(claim.file, claim.item.volume_name.site(), route, "asked for here");
    }
    for user in subject.neighbours.users(volume, object) {
        let route = user.volume.route.keys("persistentVolumeClaim.claimName");
        also(user.file, user.volume.claim.site(), route, "claimed here");
    }
    Some(finding)
}

fn judged(class: Class) -> (Severity, String) {
    let by_place = |place: &Place| (place.write, format!("It gives {}. ", place.gives));
    match class {
        Class::Socket(socket, _) => (Severity::Critical, format!("It reaches the socket of {}. ", socket.owner)),
        Class::Root(place) | Class::Proc(place) | Class::Sys(place) | Class::Log(place) | Class::Sensitive(place) => {
            by_place(place)
        }
        Class::Device(Some(place)) | Class::Other(Some(place)) => by_place(place),
        Class::Device(None) => (Severity::High, "It is a device of the node. ".to_owned()),
        Class::Other(None) => (Severity::Medium, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings_of, underlined};

    const RULE: &str = "persistent-volume-host-path";

    fn with(source: &str) -> String {
        format!("apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: a}}\nspec:\n  {source}\n")
    }

    #[test]
    fn the_path_decides() {
        for (path, severity) in [
            ("/", "critical"),
            ("/data", "medium"),
            ("/var/run", "critical"),
            ("/etc/cron.d", "critical"),
            ("/tmp", "medium"),
        ] {
            assert_eq!(underlined(RULE, &with(&format!("hostPath: {{path: {path}}}"))), [(path, severity)]);
        }
        assert_eq!(underlined(RULE, &with("local: {path: /mnt/disks/ssd1}")), []);
        assert_eq!(underlined(RULE, &with("local: {path: /var/lib/kubelet}")), [("/var/lib/kubelet", "critical")]);
        assert_eq!(underlined(RULE, &with("csi: {driver: x}")), []);
    }

    #[test]
    fn the_pods_that_claim_it_are_named() {
        let text = format!(
            "{}---\napiVersion: v1\nkind: Pod\nspec:\n  volumes: [{{name: a, persistentVolumeClaim: {{claimName: mine}}}}]\n",
            with("hostPath: {path: /data}\n  claimRef: {name: mine}")
        );
        assert_eq!(findings_of(RULE, &text)[0].related.len(), 1);
        let asked = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: mine}\nspec: {volumeName: a}\n";
        let text = format!("{}{asked}", text.replace("\n  claimRef: {name: mine}", ""));
        let labels: Vec<_> = findings_of(RULE, &text)[0].related.iter().map(|place| place.label.clone()).collect();
        assert_eq!(labels, ["asked for here", "claimed here"]);
    }
}
