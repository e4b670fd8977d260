//! `procMount` at baseline: the kernel's files stay masked, unless (from 1.35) the pod has a user namespace of its own.

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, containers, quoted};

pub(crate) static CHECK: Check = Check {
    id: "procMount",
    revisions: &[
        Revision { since: 0, overrides: &[], run: check },
        Revision { since: 35, overrides: &[], run: check_unless_user_namespace },
    ],
    looks_at: &[Looked::Pod("hostUsers"), Looked::Container("securityContext.procMount")],
};

fn check_unless_user_namespace(look: &Look<'_>) -> Option<Fault> {
    if look.maybe_user_namespace() {
        return None;
    }
    check(look)
}

/// Refuses every value but `Default`, the empty one too.
pub(super) fn check(look: &Look<'_>) -> Option<Fault> {
    let mut names = Vec::new();
    let mut values = Distinct::new();
    let mut places = Vec::new();
    for container in look.containers() {
        let field = &container.security.proc_mount;
        let Some(value) = field.text().filter(|value| *value != "Default") else { continue };
        names.push(container.name.as_str());
        values.insert(value);
        places.push(in_security(container, field.site(), "procMount"));
    }
    (!names.is_empty()).then(|| Fault {
        reason: "procMount",
        detail: format!("{} must not set securityContext.procMount to {}", containers(&names), quoted(values)),
        places,
    })
}
