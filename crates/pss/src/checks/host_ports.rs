//! `hostPorts`: no container takes a port of the node.

use std::collections::BTreeSet;

use watertight_pod::{Container, ContainerList, Port, Site};

use crate::Defaulting;
use crate::look::{Fault, Look, at};
use crate::registry::{Check, Looked, Revision};
use crate::words::{containers, plural};

pub(crate) static CHECK: Check = Check {
    id: "hostPorts",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[Looked::Container("ports.*.hostPort")],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    let mut names = Vec::new();
    // Upstream sorts the numbers as texts: 443, 80, 8080.
    let mut ports = BTreeSet::new();
    let mut places = Vec::new();
    for container in look.containers() {
        let before = places.len();
        for port in &container.ports {
            let Some((number, site)) = host_port(look, container, port) else { continue };
            ports.insert(number.to_string());
            let route = container.route.key("ports").index(port.index).key("hostPort");
            places.push(at(container, site.whole(), route));
        }
        if places.len() > before {
            names.push(container.name.as_str());
        }
    }
    (!names.is_empty()).then(|| Fault {
        reason: "hostPort",
        detail: format!(
            "{} {} {} {}",
            containers(&names),
            plural(names.len(), "uses", "use"),
            plural(ports.len(), "hostPort", "hostPorts"),
            ports.into_iter().collect::<Vec<_>>().join(", "),
        ),
        places,
    })
}

/// The port of the node that counts for admission, and what says so.
fn host_port(look: &Look<'_>, container: &Container, port: &Port) -> Option<(i64, Site)> {
    let written = port.host_port.get().copied().unwrap_or_default();
    if written != 0 {
        return Some((written, port.host_port.site().unwrap_or_default()));
    }
    // The API server fills it in for the containers of a pod in the node's network, not for ephemeral ones.
    let filled = look.defaulting == Defaulting::Pod
        && look.pod.host_network.is_true()
        && container.list != ContainerList::Ephemeral
        && !port.host_port.is_unreadable();
    let number = *port.container_port.get().filter(|number| filled && **number != 0)?;
    Some((number, port.container_port.site().unwrap_or_default()))
}
