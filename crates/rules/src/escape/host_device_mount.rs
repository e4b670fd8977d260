use watertight_diagnostic::{Finding, Severity};
use watertight_knowledge::place;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume at or below `/dev`, or of type `BlockDevice` or `CharDevice`.
    ///
    /// ## Why it matters
    /// A disk gives all files of the node, a memory device the kernel, any other device the code of its driver. What
    /// stands between is the device control group, which refuses a device that the container was not given; a privileged
    /// container passes it. A read-only mount makes no difference, because it guards the folder and not the device.
    ///
    /// ## What to do
    /// Remove the volume. A device plugin or a resource claim gives a container one device, and the device group knows of
    /// it. For shared memory use an `emptyDir` with `medium: Memory`.
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
    ///         path: /dev/sda
    ///         type: BlockDevice
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
    HOST_DEVICE_MOUNT = {
        id: "host-device-mount",
        title: "Device of the node",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Trivy "KSV-0121", KubeLinter "sensitive-host-mounts", Kics "5308a7a8"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Device(known) = host.class else { return };
    let is_disk = host.volume.host_path.get().and_then(|host| host.kind.text()) == Some("BlockDevice")
        || host.path.as_ref().is_some_and(place::is_disk);
    let (usual, gives) = match known {
        _ if is_disk => (Severity::Critical, "all files on that disk, past every permission"),
        // Below /dev and nothing special: some driver.
        Some(place) if place.path == "/dev" && host.path.as_ref().is_some_and(|path| path.as_str() != "/dev") => {
            (Severity::Medium, "the code of its driver in the kernel")
        }
        Some(place) => (place.write, place.gives),
        None => (Severity::Medium, "the code of its driver in the kernel"),
    };
    let is_given = host.volume.host_path.get().and_then(|host| host.kind.text()) == Some("Device");
    // Without privilege the device control group refuses what is worst, unless the engine hands the device over.
    let severity = if is_given || host.is_in_privileged() { usual } else { usual.min(Severity::High) };
    let what = format!("Volume \"{}\" is {} of the node, {}.", host.volume.name, host.shown(), host.receivers());
    let guard = match host.is_in_privileged() {
        _ if is_given => "The engine tells the device control group to let it be opened.",
        true => "A privileged container opens it.",
        false => "Only the device control group stands between.",
    };
    found.push(
        host.finding(subject, &HOST_DEVICE_MOUNT.meta, severity, what)
            .why(format!("It gives {gives}. {guard}"))
            .how("Remove the volume; a device plugin hands out single devices."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{host_path, underlined};

    #[test]
    fn the_device_and_the_privilege_decide() {
        let rule = "host-device-mount";
        for (path, severity) in [
            ("/dev", "high"),
            ("/dev/sda1", "high"),
            ("/dev/mem", "high"),
            ("/dev/null", "info"),
            ("/dev/shm", "medium"),
            ("/dev/ttyUSB0", "medium"),
            ("/dev/fuse", "low"),
        ] {
            assert_eq!(underlined(rule, &host_path(path, "")), [(path, severity)]);
            assert_eq!(underlined(rule, &host_path(path, "readOnly: true")), [(path, severity)]);
        }
        let privileged = host_path("/dev/mem", "")
            .replace("name: web\n      ", "name: web\n      securityContext: {privileged: true}\n      ");
        assert_eq!(underlined(rule, &privileged), [("/dev/mem", "critical")]);
        let typed = host_path("/srv/disk", "").replace("path: /srv/disk", "path: /srv/disk\n        type: BlockDevice");
        assert_eq!(underlined(rule, &typed), [("/srv/disk", "high")]);
    }
}
