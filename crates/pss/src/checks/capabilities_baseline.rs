//! `capabilities_baseline`: nothing is added but what container runtimes give anyway. Spelling counts: no `CAP_`, no
//! lower case.

use crate::look::{Fault, Look, at};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, containers, quoted};

pub(crate) static CHECK: Check = Check {
    id: "capabilities_baseline",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[Looked::Container("securityContext.capabilities.add")],
};

const ALLOWED: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn check(look: &Look<'_>) -> Option<Fault> {
    let mut names = Vec::new();
    let mut values = Distinct::new();
    let mut places = Vec::new();
    for container in look.containers() {
        let before = places.len();
        let mut route = None;
        for added in &container.security.capabilities_add {
            if ALLOWED.contains(&added.name.as_str()) {
                continue;
            }
            values.insert(&added.name);
            let list = route.get_or_insert_with(|| container.route.keys("securityContext.capabilities.add"));
            places.push(at(container, added.site.value, list.clone()));
        }
        if places.len() > before {
            names.push(container.name.as_str());
        }
    }
    (!names.is_empty()).then(|| Fault {
        reason: "non-default capabilities",
        detail: format!(
            "{} must not include {} in securityContext.capabilities.add",
            containers(&names),
            quoted(values)
        ),
        places,
    })
}
