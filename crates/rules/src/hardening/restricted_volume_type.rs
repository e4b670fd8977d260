use serde_json::json;
use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::Volume;
use watertight_pss::{ADMITTED_VOLUMES, REFUSED_VOLUMES};

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A volume of a type that the restricted standard does not admit: network file systems and disks of clouds that the
    /// pod names by itself. Folders of the node, repositories and drivers have rules of their own.
    ///
    /// ## Why it matters
    /// The pod chooses server, path and options itself, and the node mounts them with its own rights: a hostile server
    /// talks to the kernel of the node, and nobody but the author of the pod decides which data is reached.
    ///
    /// ## What to do
    /// Have an administrator make a PersistentVolume of it, and use a `persistentVolumeClaim`.
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
    ///     - name: data
    ///       nfs:
    ///         server: nfs.example.com
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
    ///   volumes:
    ///     - name: data
    ///       persistentVolumeClaim:
    ///         claimName: data
    /// ```
    RESTRICTED_VOLUME_TYPE = {
        id: "restricted-volume-type",
        title: "Volume type beyond the restricted standard",
        category: Hardening,
        severity: Low,
        fixable: true,
        sources: [
            Pss "restrictedVolumes", Trivy "KSV-0028", Kyverno "restrict-volume-types", Gatekeeper "K8sPSPVolumeTypes",
            Monokle "PSS201",
        ],
        check: Check::Volume(check),
    }
}

/// Types with a rule of their own.
const TOLD: [&str; 3] = ["hostPath", "gitRepo", "flexVolume"];

fn check(subject: &Subject<'_>, volume: &Volume, found: &mut Vec<Finding>) {
    let sources = &volume.sources;
    if sources
        .iter()
        .any(|source| ADMITTED_VOLUMES.contains(&source.name.as_str()) || TOLD.contains(&source.name.as_str()))
    {
        return;
    }
    let Some(source) = sources.first() else { return };
    let mut finding = Finding::new(
        &RESTRICTED_VOLUME_TYPE.meta,
        subject.place(source.site.key.unwrap_or(volume.head), volume.route.key(source.name.clone())),
        format!("Volume \"{}\" is of type {}, which the restricted standard does not admit.", volume.name, source.name),
    )
    .why("The author of the pod alone decides what the node mounts with its own rights, and from whom.")
    .how("Have an administrator make a PersistentVolume of it, and use a persistentVolumeClaim.");
    // A claim can stand in for storage; what nobody knows may be anything.
    if !volume.name.is_empty() && REFUSED_VOLUMES.contains(&source.name.as_str()) {
        let title = format!("Use a claim called \"{}\", for which an administrator has to make a volume", volume.name);
        let claim = json!({ "claimName": volume.name });
        let mut operations: Vec<_> =
            sources.iter().map(|source| Operation::remove(volume.route.key(source.name.clone()))).collect();
        operations.push(Operation::set(volume.route.key("persistentVolumeClaim"), claim));
        finding = finding.fix(subject.fix(title, Safety::NeedsReview, Level::Restricted, operations));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::RESTRICTED_VOLUME_TYPE as RULE;
    use crate::vectors::{fixed, pass, says};

    #[test]
    fn vectors() {
        for source in watertight_pss::ADMITTED_VOLUMES {
            pass(&RULE, &format!("spec: {{volumes: [{{name: a, {source}: {{}}}}]}}"));
        }
        pass(&RULE, "spec: {volumes: [{name: a}]}");
        pass(&RULE, "spec: {volumes: [{name: a, nfs: null}]}");
        pass(&RULE, "spec: {volumes: [{name: a, hostPath: {path: /}}]}");
        says(&RULE, "spec: {volumes: [{name: a, nfs: {server: x, path: /}}]}", "type nfs");
        says(&RULE, "spec: {volumes: [{name: a, photonPersistentDisk: {pdID: x}}]}", "photonPersistentDisk");
        fixed(
            &RULE,
            "spec:\n  volumes:\n    - name: data\n      nfs:\n        server: a\n        path: /\n",
            "spec:\n  volumes:\n    - name: data\n      persistentVolumeClaim:\n        claimName: data\n",
        );
    }
}
