//! `privileged`: no container is.

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::containers;

pub(crate) static CHECK: Check = Check {
    id: "privileged",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[Looked::Container("securityContext.privileged")],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for container in look.containers().filter(|container| container.security.privileged.is_true()) {
        names.push(container.name.as_str());
        places.push(in_security(container, container.security.privileged.site(), "privileged"));
    }
    (!names.is_empty()).then(|| Fault {
        reason: "privileged",
        detail: format!("{} must not set securityContext.privileged=true", containers(&names)),
        places,
    })
}
