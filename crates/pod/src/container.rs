//! Reading a container.

use watertight_diagnostic::Route;
use watertight_yaml::Node;

use crate::value::{
    boolean, child, field, first_line, integer, is_object, items, nested, pairs_at, text, texts, texts_at,
};
use crate::{Container, ContainerList, EnvFrom, EnvVar, Field, HandlerHost, Mount, Port, Resources, security};

/// Reads a container. A null item is an empty one, as to the API server.
pub(crate) fn read(document: &str, node: Node<'_>, list: ContainerList, route: Route) -> Container {
    let name = node.entry("name");
    let always = node.get("restartPolicy").and_then(Node::as_str) == Some("Always");
    Container {
        syntax: crate::Syntax::Kubernetes,
        name: name.and_then(|entry| text(entry.value)).unwrap_or_default(),
        list,
        sidecar: always && list == ContainerList::Init,
        restart: field(node, "restartPolicy", text).site(),
        span: node.span(),
        head: name.map_or_else(|| first_line(document, node.span()), |entry| entry.value.span()),
        image: field(node, "image", text),
        image_pull_policy: field(node, "imagePullPolicy", text),
        command: texts(node, "command"),
        args: texts(node, "args"),
        working_dir: field(node, "workingDir", text),
        security: security::of_container(node),
        ports: structs(node, "ports").map(|(index, item)| port(index, item)).collect(),
        mounts: mounts(node),
        devices: texts_at(node, "volumeDevices", "devicePath"),
        env: structs(node, "env").map(|(index, item)| variable(index, item)).collect(),
        env_from: structs(node, "envFrom").map(|(index, item)| variables(index, item)).collect(),
        resources: resources(node, "resources"),
        handler_hosts: handler_hosts(node),
        tty: field(node, "tty", boolean),
        stdin: field(node, "stdin", boolean),
        route,
    }
}

/// The items of a list that can be structs, with their places.
fn structs<'d>(node: Node<'d>, name: &str) -> impl Iterator<Item = (usize, Node<'d>)> {
    items(node, name).enumerate().filter(|(_, item)| is_object(*item))
}

fn port(index: usize, node: Node<'_>) -> Port {
    Port { index, container_port: field(node, "containerPort", integer), host_port: field(node, "hostPort", integer) }
}

/// The mounts in a mapping, as a container has them.
pub(crate) fn mounts(node: Node<'_>) -> Vec<Mount> {
    structs(node, "volumeMounts").map(|(index, item)| mount(index, item)).collect()
}

fn mount(index: usize, node: Node<'_>) -> Mount {
    Mount {
        index,
        span: node.span(),
        volume: field(node, "name", text),
        path: field(node, "mountPath", text),
        read_only: field(node, "readOnly", boolean),
        recursive_read_only: field(node, "recursiveReadOnly", text),
        sub_path: field(node, "subPath", text),
        sub_path_expr: field(node, "subPathExpr", text),
        propagation: field(node, "mountPropagation", text),
    }
}

fn variable(index: usize, node: Node<'_>) -> EnvVar {
    EnvVar {
        index,
        name: field(node, "name", text),
        value: field(node, "value", text),
        secret: child(node, "valueFrom").map(|(from, _)| reference(from, "secretKeyRef")).unwrap_or_default(),
    }
}

fn variables(index: usize, node: Node<'_>) -> EnvFrom {
    EnvFrom { index, secret: reference(node, "secretRef") }
}

/// The name that a reference holds; a reference without one refers to the empty name.
fn reference(node: Node<'_>, name: &str) -> Field<String> {
    match nested(node, name, "name", text) {
        Field::Absent => child(node, name).map_or(Field::Absent, |(_, site)| Field::Set(String::new(), site)),
        own => own,
    }
}

/// `resources` of a container or of a pod, under that name or another one.
pub(crate) fn resources(node: Node<'_>, name: &str) -> Resources {
    let Some((inner, site)) = child(node, name) else { return Resources::default() };
    Resources {
        site: Some(site),
        limits: pairs_at(inner, "limits"),
        requests: pairs_at(inner, "requests"),
        claims: texts_at(inner, "claims", "name"),
    }
}

/// Order of `checkHostProbesAndHostLifecycle` in the Pod Security admission library.
fn handler_hosts(node: Node<'_>) -> Vec<HandlerHost> {
    let mut hosts = Vec::new();
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some((handler, _)) = child(node, probe) {
            handler_host(handler, probe, &mut hosts);
        }
    }
    if let Some((lifecycle, _)) = child(node, "lifecycle") {
        for (moment, path) in [("postStart", "lifecycle.postStart"), ("preStop", "lifecycle.preStop")] {
            if let Some((handler, _)) = child(lifecycle, moment) {
                handler_host(handler, path, &mut hosts);
            }
        }
    }
    hosts
}

fn handler_host(handler: Node<'_>, path: &str, hosts: &mut Vec<HandlerHost>) {
    for action in ["httpGet", "tcpSocket"] {
        if let Field::Set(host, site) = nested(handler, action, "host", text)
            && !host.is_empty()
        {
            hosts.push(HandlerHost { field: format!("{path}.{action}.host"), host, site });
        }
    }
}
