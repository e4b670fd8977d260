//! `runAsUser`: nobody asks for user 0. Asking for nobody in particular is fine.

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::Setters;

pub(crate) static CHECK: Check = Check {
    id: "runAsUser",
    revisions: &[
        Revision { since: 23, overrides: &[], run: check },
        Revision { since: 35, overrides: &[], run: check_unless_user_namespace },
    ],
    looks_at: &[
        Looked::Pod("hostUsers"),
        Looked::Pod("securityContext.runAsUser"),
        Looked::Container("securityContext.runAsUser"),
    ],
};

fn check_unless_user_namespace(look: &Look<'_>) -> Option<Fault> {
    if look.maybe_user_namespace() {
        return None;
    }
    check(look)
}

fn check(look: &Look<'_>) -> Option<Fault> {
    let mut setters = Setters::default();
    let mut places = Vec::new();
    let pod = &look.pod.security.run_as_user;
    if pod.get() == Some(&0) {
        setters.pod = true;
        places.push(look.in_pod_security(pod.site(), "runAsUser"));
    }
    for container in look.containers().filter(|container| container.security.run_as_user.get() == Some(&0)) {
        setters.containers.push(&container.name);
        places.push(in_security(container, container.security.run_as_user.site(), "runAsUser"));
    }
    (!setters.is_empty()).then(|| Fault {
        reason: "runAsUser=0",
        detail: format!("{} must not set runAsUser=0", setters.words(None)),
        places,
    })
}
