//! `restrictedVolumes`: every volume is of a kind that cannot reach the node. An allow list: a kind that nobody knows is
//! refused.

use watertight_pod::{Named, Volume};

use crate::Defaulting;
use crate::look::{Fault, Look, in_volume};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, plural, quoted};

pub(crate) static CHECK: Check = Check {
    id: "restrictedVolumes",
    revisions: &[Revision { since: 0, overrides: &["hostPathVolumes"], run: check }],
    looks_at: &[Looked::Pod("volumes.*.?.$")],
};

/// The kinds of volume that the restricted standard admits. Source: `policy/check_restrictedVolumes.go`.
pub const ADMITTED_VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// The kinds of volume that upstream knows and the restricted standard refuses, in the order in which it looks for a name
/// for the kind.
pub const REFUSED_VOLUMES: [&str; 21] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
];

fn check(look: &Look<'_>) -> Option<Fault> {
    let mut names = Vec::new();
    let mut kinds = Distinct::new();
    let mut places = Vec::new();
    for volume in look.pod.volumes.iter().filter(|volume| !is_allowed(look, volume)) {
        let source = REFUSED_VOLUMES.iter().find_map(|kind| source(volume, kind));
        names.push(volume.name.as_str());
        kinds.insert(source.map_or("unknown", |source| source.name.as_str()));
        places.push(in_volume(volume, source.or(volume.sources.first()).map(|s| (s.name.as_str(), s.site))));
    }
    (!names.is_empty()).then(|| Fault {
        reason: "restricted volume types",
        detail: format!(
            "{} {} {} restricted volume {} {}",
            plural(names.len(), "volume", "volumes"),
            quoted(&names),
            plural(names.len(), "uses", "use"),
            plural(kinds.len(), "type", "types"),
            quoted(&kinds),
        ),
        places,
    })
}

fn is_allowed(look: &Look<'_>, volume: &Volume) -> bool {
    if volume.sources.is_empty() {
        // The API server makes an `emptyDir` of it.
        return look.defaulting != Defaulting::Raw || look.unsure_volume(volume);
    }
    volume.sources.iter().any(|source| ADMITTED_VOLUMES.contains(&source.name.as_str()))
}

fn source<'v>(volume: &'v Volume, kind: &str) -> Option<&'v Named> {
    volume.sources.iter().find(|source| source.name == kind)
}
