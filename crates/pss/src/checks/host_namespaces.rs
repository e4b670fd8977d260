//! `hostNamespaces`: the pod shares no namespace of the node.

use crate::look::{Fault, Look};
use crate::registry::{Check, Looked, Revision};

pub(crate) static CHECK: Check = Check {
    id: "hostNamespaces",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[Looked::Pod("hostNetwork"), Looked::Pod("hostPID"), Looked::Pod("hostIPC")],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    let pod = look.pod;
    let (mut parts, mut places) = (Vec::new(), Vec::new());
    for (name, field) in [("hostNetwork", &pod.host_network), ("hostPID", &pod.host_pid), ("hostIPC", &pod.host_ipc)] {
        if field.is_true() {
            parts.push(format!("{name}=true"));
            places.push(look.in_pod(field.site(), name));
        }
    }
    (!parts.is_empty()).then(|| Fault { reason: "host namespaces", detail: parts.join(", "), places })
}
