//! What is known of the node, from the settings.

use watertight_diagnostic::{Release, Runtime, Settings};
use watertight_escape::{Component, Node};

use crate::source::Source;

/// Joins what the settings say.
pub(super) fn read<'a>(_sources: &'a [Source<'a>], settings: &Settings) -> Node<'a> {
    let mut components = Vec::new();
    let mut add = |name, release: Option<Release>| {
        components.extend(release.map(|release| Component::from_setting(name, release)));
    };
    add(runtime(settings.node.runtime), settings.node.runtime_version);
    add("runc", settings.facts.runc);
    add("linux-kernel", settings.node.kernel);
    Node {
        components,
        lsm: settings.facts.lsm,
        cgroup: settings.facts.cgroup,
        signed_modules: settings.facts.signed_modules,
        ..Node::default()
    }
}

/// As the data of known bugs calls it.
fn runtime(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::Containerd => "containerd",
        Runtime::CriO => "cri-o",
        Runtime::Docker => "docker",
        Runtime::Podman => "podman",
    }
}
