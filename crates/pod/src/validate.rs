//! What the API server's validation refuses although every field has its type.

use watertight_yaml::Node;

use crate::Pod;
use crate::check::Findings;
use crate::value::{child, items};

/// Names of the `volumeClaimTemplates` of a StatefulSet, which are volumes of its pods.
pub(crate) fn claim_templates<'d>(object: Node<'d>, kind: &str) -> Vec<&'d str> {
    if kind != "StatefulSet" {
        return Vec::new();
    }
    let Some((spec, _)) = child(object, "spec") else { return Vec::new() };
    items(spec, "volumeClaimTemplates").filter_map(|item| child(item, "metadata")?.0.get("name")?.as_str()).collect()
}

/// Validates a pod. `more_volumes` are names of volumes that it gets from elsewhere.
pub(crate) fn pod(pod: &Pod, more_volumes: &[&str], out: &mut Findings) {
    let _ = (pod, more_volumes, out);
}
