//! `runAsNonRoot`: the pod says `true` and no container says otherwise, or every container says it.

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Setters, containers};

pub(crate) static CHECK: Check = Check {
    id: "runAsNonRoot",
    revisions: &[
        Revision { since: 0, overrides: &[], run: check },
        Revision { since: 35, overrides: &[], run: check_unless_user_namespace },
    ],
    looks_at: &[
        Looked::Pod("hostUsers"),
        Looked::Pod("securityContext.runAsNonRoot"),
        Looked::Container("securityContext.runAsNonRoot"),
    ],
};

const REASON: &str = "runAsNonRoot != true";

fn check_unless_user_namespace(look: &Look<'_>) -> Option<Fault> {
    if look.maybe_user_namespace() {
        return None;
    }
    check(look)
}

fn check(look: &Look<'_>) -> Option<Fault> {
    explicit(look).or_else(|| silent(look))
}

/// Who says `false`. A good value elsewhere excuses none of them, and while there are any, those who say nothing are not
/// named.
fn explicit(look: &Look<'_>) -> Option<Fault> {
    let mut setters = Setters::default();
    let mut places = Vec::new();
    let pod = &look.pod.security.run_as_non_root;
    if pod.is_false() {
        setters.pod = true;
        places.push(look.in_pod_security(pod.site(), "runAsNonRoot"));
    }
    for container in look.containers().filter(|container| container.security.run_as_non_root.is_false()) {
        setters.containers.push(&container.name);
        places.push(in_security(container, container.security.run_as_non_root.site(), "runAsNonRoot"));
    }
    (!setters.is_empty()).then(|| Fault {
        reason: REASON,
        detail: format!("{} must not set securityContext.runAsNonRoot=false", setters.words(None)),
        places,
    })
}

/// Which containers say nothing while the pod says nothing either.
fn silent(look: &Look<'_>) -> Option<Fault> {
    let pod = &look.pod.security.run_as_non_root;
    if pod.is_true() || look.unsure(&look.pod.route, "securityContext.runAsNonRoot") {
        return None;
    }
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for container in look.containers() {
        let field = &container.security.run_as_non_root;
        if field.is_set() || look.unsure_security(container, "runAsNonRoot") {
            continue;
        }
        names.push(container.name.as_str());
        places.push(in_security(container, field.site(), "runAsNonRoot"));
    }
    (!names.is_empty()).then(|| Fault {
        reason: REASON,
        detail: format!("pod or {} must set securityContext.runAsNonRoot=true", containers(&names)),
        places,
    })
}
