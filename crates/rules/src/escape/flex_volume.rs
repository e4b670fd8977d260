use watertight_diagnostic::{Finding, Level};
use watertight_pod::Volume;

use crate::host_path::remove_volume;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A volume of the type `flexVolume`.
    ///
    /// ## Why it matters
    /// The kubelet starts the driver, a program on the node, as root, with options that the pod chooses. A driver that
    /// does not guard itself against them mounts any folder of the node or runs a command there. The type is deprecated
    /// since Kubernetes 1.23.
    ///
    /// ## What to do
    /// Use a PersistentVolumeClaim with a CSI driver: the claim is checked before anything is mounted.
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
    ///   volumes:
    ///     - name: share
    ///       flexVolume:
    ///         driver: example.com/cifs
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
    ///   volumes:
    ///     - name: share
    ///       persistentVolumeClaim:
    ///         claimName: share
    /// ```
    FLEX_VOLUME = {
        id: "flex-volume",
        title: "Storage driver that runs as root on the node",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Pss "restrictedVolumes", Attack "T1611", Trivy "KSV-0028", Kyverno "restrict-volume-types", Gatekeeper "K8sPSPFlexVolumes", Monokle "PSS201"],
        check: Check::Volume(check),
    }
}

fn check(subject: &Subject<'_>, volume: &Volume, found: &mut Vec<Finding>) {
    let Some(source) = volume.sources.iter().find(|source| source.name == "flexVolume") else { return };
    let driver = volume.flex_driver.text().unwrap_or("a driver");
    found.push(
        Finding::new(
            &FLEX_VOLUME.meta,
            subject.place(source.site.key.unwrap_or(source.site.value), volume.route.key("flexVolume")),
            format!("Volume \"{}\" has the node run {driver} as root.", volume.name),
        )
        .why("The pod chooses the options of a program that runs as root on the node.")
        .how("Use a PersistentVolumeClaim with a CSI driver.")
        .fix(remove_volume(subject, volume, Level::Restricted)),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{pod, underlined};

    #[test]
    fn the_type_alone_counts() {
        let text = pod("  volumes: [{name: a, flexVolume: {driver: x/y}}, {name: b, emptyDir: {}}]");
        assert_eq!(underlined("flex-volume", &text), [("flexVolume", "medium")]);
    }
}
