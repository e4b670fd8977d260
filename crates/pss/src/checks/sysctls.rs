//! `sysctls`: only those that act inside the pod. The list grows with the versions.

use watertight_knowledge::sysctl;

use crate::look::{Fault, Look};
use crate::registry::{Check, Looked, Revision};

pub(crate) static CHECK: Check = Check {
    id: "sysctls",
    revisions: &[
        Revision { since: 0, overrides: &[], run: |look| check(look, 0) },
        Revision { since: 27, overrides: &[], run: |look| check(look, 27) },
        Revision { since: 29, overrides: &[], run: |look| check(look, 29) },
        Revision { since: 32, overrides: &[], run: |look| check(look, 32) },
        Revision { since: 37, overrides: &[], run: |look| check(look, 37) },
    ],
    looks_at: &[Looked::Pod("securityContext.sysctls.*.name")],
};

/// Names are told as they stand: neither sorted nor quoted, repetitions kept.
fn check(look: &Look<'_>, minor: u32) -> Option<Fault> {
    let safe = |name: &str| sysctl::safe_since(name).is_some_and(|since| since <= minor);
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for sysctl in look.pod.security.sysctls.iter().filter(|sysctl| !safe(&sysctl.name)) {
        names.push(sysctl.name.as_str());
        places.push(look.in_pod_security(Some(sysctl.site), "sysctls"));
    }
    (!names.is_empty()).then(|| Fault { reason: "forbidden sysctls", detail: names.join(", "), places })
}
