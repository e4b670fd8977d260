//! `seccompProfile` at restricted: as at baseline, and every container has a profile, its own or the pod's.

use crate::checks::seccomp_profile_baseline::{fields, is_allowed_type};
use crate::look::{Fault, Look, in_security, profile_type};
use crate::registry::{Check, Looked, Revision};
use crate::words::containers;

pub(crate) static CHECK: Check = Check {
    id: "seccompProfile_restricted",
    revisions: &[
        Revision { since: 19, overrides: &["seccompProfile_baseline"], run: check },
        Revision { since: 25, overrides: &["seccompProfile_baseline"], run: check_unless_windows },
    ],
    looks_at: &[
        Looked::Pod("os.name"),
        Looked::Pod("securityContext.seccompProfile.type"),
        Looked::Container("securityContext.seccompProfile.type"),
    ],
};

fn check_unless_windows(look: &Look<'_>) -> Option<Fault> {
    if look.maybe_windows() {
        return None;
    }
    check(look)
}

fn check(look: &Look<'_>) -> Option<Fault> {
    fields(look).or_else(|| silent(look))
}

/// Which containers have no profile while the pod has none either.
fn silent(look: &Look<'_>) -> Option<Fault> {
    let covered = profile_type(&look.pod.security.seccomp).is_some_and(is_allowed_type);
    if covered || look.unsure(&look.pod.route, "securityContext.seccompProfile.type") {
        return None;
    }
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for container in look.containers() {
        let profile = &container.security.seccomp;
        if profile.is_set() || look.unsure_security(container, "seccompProfile.type") {
            continue;
        }
        names.push(container.name.as_str());
        places.push(in_security(container, profile.site(), "seccompProfile.type"));
    }
    (!names.is_empty()).then(|| Fault {
        reason: "seccompProfile",
        detail: format!(
            "pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
            containers(&names)
        ),
        places,
    })
}
