//! `hostPathVolumes`: no volume is a path of the node, whatever else it is.

use crate::look::{Fault, Look, in_volume};
use crate::registry::{Check, Looked, Revision};
use crate::words::{plural, quoted};

pub(crate) static CHECK: Check = Check {
    id: "hostPathVolumes",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[Looked::Pod("volumes.*.hostPath.$")],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for volume in &look.pod.volumes {
        let Some(source) = volume.sources.iter().find(|source| source.name == "hostPath") else { continue };
        names.push(volume.name.as_str());
        places.push(in_volume(volume, Some(("hostPath", source.site))));
    }
    (!names.is_empty()).then(|| Fault {
        reason: "hostPath volumes",
        detail: format!("{} {}", plural(names.len(), "volume", "volumes"), quoted(&names)),
        places,
    })
}
