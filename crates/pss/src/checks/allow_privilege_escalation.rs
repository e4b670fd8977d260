//! `allowPrivilegeEscalation`: every container says `false`. There is no field for the pod.

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::containers;

pub(crate) static CHECK: Check = Check {
    id: "allowPrivilegeEscalation",
    revisions: &[
        Revision { since: 8, overrides: &[], run: check },
        Revision { since: 25, overrides: &[], run: check_unless_windows },
    ],
    looks_at: &[Looked::Pod("os.name"), Looked::Container("securityContext.allowPrivilegeEscalation")],
};

fn check_unless_windows(look: &Look<'_>) -> Option<Fault> {
    if look.maybe_windows() {
        return None;
    }
    check(look)
}

fn check(look: &Look<'_>) -> Option<Fault> {
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for container in look.containers() {
        let field = &container.security.allow_privilege_escalation;
        if field.is_false() || look.unsure_security(container, "allowPrivilegeEscalation") {
            continue;
        }
        names.push(container.name.as_str());
        places.push(in_security(container, field.site(), "allowPrivilegeEscalation"));
    }
    (!names.is_empty()).then(|| Fault {
        reason: "allowPrivilegeEscalation != false",
        detail: format!("{} must set securityContext.allowPrivilegeEscalation=false", containers(&names)),
        places,
    })
}
