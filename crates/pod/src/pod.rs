//! Reading a pod spec.

use watertight_diagnostic::Route;
use watertight_text::{Span, few};
use watertight_yaml::Node;

use crate::budget::Budget;
use crate::value::{
    boolean, child, field, first_line, integer, is_object, items, mapping, named, nested, pairs_at, site, text,
    texts_at,
};
use crate::{ContainerList, Field, HostPath, Metadata, Named, Pod, Volume, container, security};

/// Where a pod is, seen from its object.
pub(crate) struct Place<'d> {
    /// Text of the file.
    pub(crate) text: &'d str,
    /// The pod spec.
    pub(crate) spec: Node<'d>,
    /// Its route.
    pub(crate) route: Route,
    /// What to point at when something is missing in it.
    pub(crate) head: Span,
    /// The pod's own `metadata`, when it has any.
    pub(crate) metadata: Option<Node<'d>>,
    /// Where that is or would be.
    pub(crate) metadata_route: Route,
}

/// Reads a pod spec. What stands around it (`object`, `carrier`) is left to the caller.
pub(crate) fn read(place: Place<'_>, budget: &mut Budget) -> Pod {
    let Place { text: document, spec, route, head, metadata, metadata_route } = place;
    let mut containers = Vec::new();
    for list in [ContainerList::Init, ContainerList::Regular, ContainerList::Ephemeral] {
        let list_route = route.key(list.field());
        for (index, item) in items(spec, list.field()).enumerate() {
            if is_object(item) && budget.container(item) {
                few::push(&mut containers, container::read(document, item, list, list_route.index(index)));
            }
        }
    }
    let volumes_route = route.key("volumes");
    let mut volumes = Vec::new();
    for (index, item) in items(spec, "volumes").enumerate() {
        if is_object(item) && budget.volume(item) {
            few::push(&mut volumes, volume(document, item, index, volumes_route.index(index)));
        }
    }
    let metadata = metadata.filter(|node| budget.node(*node));
    let service_account = match field(spec, "serviceAccountName", text) {
        Field::Absent | Field::Null(_) => field(spec, "serviceAccount", text),
        own => own,
    };
    Pod {
        metadata: Metadata {
            labels: metadata.map(|node| pairs_at(node, "labels")).unwrap_or_default(),
            annotations: metadata.map(|node| pairs_at(node, "annotations")).unwrap_or_default(),
            route: metadata_route,
        },
        span: spec.span(),
        head,
        host_network: field(spec, "hostNetwork", boolean),
        host_pid: field(spec, "hostPID", boolean),
        host_ipc: field(spec, "hostIPC", boolean),
        host_users: field(spec, "hostUsers", boolean),
        share_process_namespace: field(spec, "shareProcessNamespace", boolean),
        automount_token: field(spec, "automountServiceAccountToken", boolean),
        service_account,
        runtime_class: field(spec, "runtimeClassName", text),
        os: nested(spec, "os", "name", text),
        node_name: field(spec, "nodeName", text),
        resources: container::resources(spec, "resources"),
        host_aliases: field(spec, "hostAliases", count),
        security: security::of_pod(spec),
        containers,
        volumes,
        resource_claims: texts_at(spec, "resourceClaims", "name"),
        route,
        ..Pod::default()
    }
}

fn count(node: Node<'_>) -> Option<usize> {
    (node.kind() == watertight_yaml::Kind::Sequence).then(|| node.items().len())
}

fn volume(document: &str, node: Node<'_>, index: usize, route: Route) -> Volume {
    let name = node.entry("name");
    let sources = node
        .entries()
        .into_iter()
        .filter(|entry| !entry.value.is_null() && entry.name() != "name")
        .map(|entry| Named { name: entry.name().into_owned(), site: site(entry) })
        .collect();
    let mut secrets = Vec::new();
    if let Some((secret, own)) = child(node, "secret") {
        secrets.push(at_or(secret, "secretName", own));
    }
    let mut projected_tokens = Vec::new();
    if let Some((projected, _)) = child(node, "projected") {
        for source in items(projected, "sources").filter_map(mapping) {
            if let Some((token, own)) = child(source, "serviceAccountToken") {
                projected_tokens.push((field(token, "expirationSeconds", integer), own));
            }
            if let Some((secret, own)) = child(source, "secret") {
                secrets.push(at_or(secret, "name", own));
            }
        }
    }
    Volume {
        index,
        name: name.and_then(|entry| text(entry.value)).unwrap_or_default(),
        span: node.span(),
        head: name.map_or_else(|| first_line(document, node.span()), |entry| entry.value.span()),
        sources,
        host_path: field(node, "hostPath", host_path),
        claim: nested(node, "persistentVolumeClaim", "claimName", text),
        claim_is_read_only: child(node, "persistentVolumeClaim")
            .is_some_and(|(claim, _)| claim.get("readOnly").and_then(boolean) == Some(true)),
        projected_tokens,
        secrets,
        image: nested(node, "image", "reference", text),
        csi_driver: nested(node, "csi", "driver", text),
        flex_driver: nested(node, "flexVolume", "driver", text),
        route,
    }
}

/// The text under a key, or the empty text at the place of the mapping.
fn at_or(map: Node<'_>, name: &str, whole: crate::Site) -> Named {
    match map.entry(name) {
        Some(_) => named(map, name),
        None => Named { name: String::new(), site: whole },
    }
}

/// `hostPath` of a volume, and of a PersistentVolume.
pub(crate) fn host_path(node: Node<'_>) -> Option<HostPath> {
    let node = mapping(node)?;
    Some(HostPath { path: field(node, "path", text), kind: field(node, "type", text) })
}
