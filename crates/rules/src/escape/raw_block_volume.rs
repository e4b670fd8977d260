use watertight_diagnostic::Finding;
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container with `volumeDevices`: a claim handed in as a disk and not as a file system.
    ///
    /// ## Why it matters
    /// The container writes to the disk below every file system. When the same disk is mounted on a node later, its
    /// contents are parsed by the kernel, and a crafted file system reaches code that has had many bugs.
    ///
    /// ## What to do
    /// Mount the claim as a file system, unless the program (a database, a storage system) works on disks.
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
    ///       volumeDevices:
    ///         - name: disk
    ///           devicePath: /dev/xvda
    ///   volumes:
    ///     - name: disk
    ///       persistentVolumeClaim:
    ///         claimName: disk
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
    ///         - name: disk
    ///           mountPath: /disk
    ///   volumes:
    ///     - name: disk
    ///       persistentVolumeClaim:
    ///         claimName: disk
    /// ```
    RAW_BLOCK_VOLUME = {
        id: "raw-block-volume",
        title: "Raw disk in a container",
        category: Escape,
        severity: Info,
        fixable: false,
        sources: [Attack "T1611", Cis "5.2.12"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let Some((first, others)) = container.devices.split_first() else { return };
    let list = container.route.key("volumeDevices");
    let mut finding = Finding::new(
        &RAW_BLOCK_VOLUME.meta,
        subject.place(first.site.value, list.index(0)),
        format!("{} gets a raw disk at {}.", called_first(container), first.name),
    )
    .in_container(&container.name)
    .why("It writes below every file system; a node that mounts the disk later parses what it left.")
    .how("Mount the claim as a file system, unless the program works on disks.");
    for (index, device) in others.iter().enumerate() {
        finding = finding.related(subject.labelled(device.site.value, list.index(index + 1), "and here"));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, findings_of};

    #[test]
    fn one_finding_for_a_container() {
        let text = container("      volumeDevices: [{name: a, devicePath: /dev/a}, {name: b, devicePath: /dev/b}]");
        let found = findings_of("raw-block-volume", &text);
        assert_eq!((found.len(), found[0].related.len()), (1, 1));
        assert!(findings_of("raw-block-volume", &container("      volumeDevices: []")).is_empty());
    }
}
