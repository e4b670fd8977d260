//! `seLinuxOptions`: a type made for containers, no user, no role. The level is free.

use watertight_pod::{Field, SeLinux, Site};

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, Setters, plural, quoted};

pub(crate) static CHECK: Check = Check {
    id: "seLinuxOptions",
    revisions: &[
        Revision { since: 0, overrides: &[], run: check_1_0 },
        Revision { since: 31, overrides: &[], run: check_1_31 },
    ],
    looks_at: &[
        Looked::Pod("securityContext.seLinuxOptions.type"),
        Looked::Pod("securityContext.seLinuxOptions.user"),
        Looked::Pod("securityContext.seLinuxOptions.role"),
        Looked::Container("securityContext.seLinuxOptions.type"),
        Looked::Container("securityContext.seLinuxOptions.user"),
        Looked::Container("securityContext.seLinuxOptions.role"),
    ],
};

const TYPES_1_0: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t"];
const TYPES_1_31: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

fn check_1_0(look: &Look<'_>) -> Option<Fault> {
    check(look, TYPES_1_0)
}

fn check_1_31(look: &Look<'_>) -> Option<Fault> {
    check(look, TYPES_1_31)
}

fn check(look: &Look<'_>, types: &[&str]) -> Option<Fault> {
    let mut setters = Setters::default();
    let mut faults = Faults::default();
    let mut places = Vec::new();
    for (field, site) in faults.add(&look.pod.security.selinux, types) {
        setters.pod = true;
        places.push(look.in_pod_security(site, field));
    }
    for container in look.containers() {
        let found = faults.add(&container.security.selinux, types);
        if !found.is_empty() {
            setters.containers.push(&container.name);
        }
        places.extend(found.into_iter().map(|(field, site)| in_security(container, site, field)));
    }
    (!setters.is_empty()).then(|| Fault {
        reason: "seLinuxOptions",
        detail: format!(
            "{} set forbidden securityContext.seLinuxOptions: {}",
            setters.words(None),
            faults.words().join("; ")
        ),
        places,
    })
}

/// What was found so far, in all places together.
#[derive(Default)]
struct Faults<'a> {
    types: Distinct<'a>,
    user: bool,
    role: bool,
}

impl<'a> Faults<'a> {
    /// Looks at one `seLinuxOptions` and gives the fields at fault.
    fn add(&mut self, options: &'a Field<SeLinux>, types: &[&str]) -> Vec<(&'static str, Option<Site>)> {
        let Some(options) = options.get() else { return Vec::new() };
        let mut found = Vec::new();
        if let Some(kind) = options.kind.text().filter(|kind| !types.contains(kind)) {
            self.types.insert(kind);
            found.push(("seLinuxOptions.type", options.kind.site()));
        }
        if options.user.text().is_some_and(|user| !user.is_empty()) {
            self.user = true;
            found.push(("seLinuxOptions.user", options.user.site()));
        }
        if options.role.text().is_some_and(|role| !role.is_empty()) {
            self.role = true;
            found.push(("seLinuxOptions.role", options.role.site()));
        }
        found
    }

    fn words(&self) -> Vec<String> {
        let types = (!self.types.is_empty())
            .then(|| format!("{} {}", plural(self.types.len(), "type", "types"), quoted(&self.types)));
        let user = self.user.then(|| "user may not be set".to_owned());
        let role = self.role.then(|| "role may not be set".to_owned());
        [types, user, role].into_iter().flatten().collect()
    }
}
