//! What is known of the node, from the files that state its versions and from the settings.

use std::borrow::Cow;

use watertight_diagnostic::{Release, Runtime, Settings};
use watertight_escape::{Component, Evidence, Node};
use watertight_knowledge::host::Stated;

use crate::source::Source;
use crate::versions;

/// Joins what files state with what the settings say. A file is nearer to the node, so a setting counts where none states
/// anything; what files contradict each other about is not known.
pub(super) fn read<'a>(sources: &'a [Source<'a>], settings: &Settings) -> Node<'a> {
    let found = versions::stated(sources);
    let is_open =
        |name: &str| found.of(name).is_none() && found.disputed.iter().flatten().all(|stated| stated.component != name);
    let unreadable = |name: &str| found.unreadable.iter().any(|other| other.component == name);
    let mut components: Vec<Component<'a>> = found.known.iter().map(component).collect();
    let mut add = |name, release: Option<Release>| {
        let release = release.filter(|_| is_open(name) && !unreadable(name));
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

/// A version that a file states.
fn component<'a>(stated: &Stated<'a>) -> Component<'a> {
    let file = u32::try_from(stated.text).ok();
    let evidence = Some(Evidence { file, span: stated.span, route: None });
    Component { name: stated.component, version: stated.version, written: Cow::Borrowed(stated.written), evidence }
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
