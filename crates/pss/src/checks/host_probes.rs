//! `hostProbesAndHostLifecycle`: no probe and no lifecycle hook names a host, because the kubelet would send the request
//! from the node. Even `127.0.0.1` is refused.

use crate::look::{Fault, Look, at};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, plural, quoted};

pub(crate) static CHECK: Check = Check {
    id: "hostProbesAndHostLifecycle",
    revisions: &[Revision { since: 34, overrides: &[], run: check }],
    looks_at: &[
        Looked::Container("livenessProbe.httpGet.host"),
        Looked::Container("livenessProbe.tcpSocket.host"),
        Looked::Container("readinessProbe.httpGet.host"),
        Looked::Container("readinessProbe.tcpSocket.host"),
        Looked::Container("startupProbe.httpGet.host"),
        Looked::Container("startupProbe.tcpSocket.host"),
        Looked::Container("lifecycle.postStart.httpGet.host"),
        Looked::Container("lifecycle.postStart.tcpSocket.host"),
        Looked::Container("lifecycle.preStop.httpGet.host"),
        Looked::Container("lifecycle.preStop.tcpSocket.host"),
    ],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    // The only check that sorts the names of containers.
    let (mut names, mut hosts) = (Distinct::new(), Distinct::new());
    let mut places = Vec::new();
    for container in look.containers() {
        for handler in container.handler_hosts.iter().filter(|handler| !handler.host.is_empty()) {
            names.insert(&container.name);
            hosts.insert(&handler.host);
            places.push(at(container, handler.site.whole(), container.route.keys(handler.field.clone())));
        }
    }
    (!names.is_empty()).then(|| Fault {
        reason: "probe or lifecycle host",
        detail: format!(
            "{} {} {} probe or lifecycle {} {}",
            plural(names.len(), "container", "containers"),
            quoted(&names),
            plural(names.len(), "uses", "use"),
            plural(hosts.len(), "host", "hosts"),
            quoted(&hosts),
        ),
        places,
    })
}
