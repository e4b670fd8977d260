//! `windowsHostProcess`: no Windows container runs directly on the node.

use watertight_pod::{Field, Site, Windows};

use crate::look::{Fault, Look, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::Setters;

pub(crate) static CHECK: Check = Check {
    id: "windowsHostProcess",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[
        Looked::Pod("securityContext.windowsOptions.hostProcess"),
        Looked::Container("securityContext.windowsOptions.hostProcess"),
    ],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    let mut setters = Setters::default();
    let mut places = Vec::new();
    if let Some(site) = host_process(&look.pod.security.windows) {
        setters.pod = true;
        places.push(look.in_pod_security(Some(site), "windowsOptions.hostProcess"));
    }
    for container in look.containers() {
        if let Some(site) = host_process(&container.security.windows) {
            setters.containers.push(&container.name);
            places.push(in_security(container, Some(site), "windowsOptions.hostProcess"));
        }
    }
    (!setters.is_empty()).then(|| Fault {
        reason: "hostProcess",
        detail: format!("{} must not set securityContext.windowsOptions.hostProcess=true", setters.words(None)),
        places,
    })
}

/// Where it says that it is one.
fn host_process(options: &Field<Windows>) -> Option<Site> {
    let field = &options.get()?.host_process;
    field.site().filter(|_| field.is_true())
}
