//! What is known of the node, from the files that state its versions and from the settings.

use std::borrow::Cow;

use watertight_diagnostic::{Release, Runtime, Settings};
use watertight_escape::{Component, Evidence, Node, Noted};
use watertight_knowledge::host::{Fact, Stated, StatedFact};
use watertight_text::Span;

use crate::source::Source;
use crate::versions;

/// Joins what files state with what the settings say. A file is nearer to the node, so a setting counts where none states
/// anything. Several versions are those of several nodes, each of which may run the pod; what else files contradict each other
/// about is not known.
pub(super) fn read<'a>(sources: &'a [Source<'a>], settings: &Settings) -> Node<'a> {
    let found = versions::stated(sources);
    let is_open =
        |name: &str| found.of(name).is_none() && found.disputed.iter().flatten().all(|stated| stated.component != name);
    let unreadable = |name: &str| found.unreadable.iter().any(|other| other.component == name);
    let mut components: Vec<Component<'a>> = found.each().map(component).collect();
    let mut add = |name, release: Option<Release>| {
        let release = release.filter(|_| is_open(name) && !unreadable(name));
        components.extend(release.map(|release| Component::from_setting(name, release)));
    };
    add(runtime(settings.node.runtime), settings.node.runtime_version);
    add("runc", settings.facts.runc);
    add("linux-kernel", settings.node.kernel);
    let lsm = settings.facts.lsm.map(Fact::Lsm);
    let cgroup = settings.facts.cgroup.map(Fact::Cgroup);
    let signed_modules = settings.facts.signed_modules.map(Fact::SignedModules);
    // The first of the runtimes is the setting that nobody has made.
    let runtime = Some(settings.node.runtime).filter(|runtime| *runtime != Runtime::default());
    let mut node = Node { components, runtime, ..Node::default() };
    for fact in [lsm, cgroup, signed_modules].into_iter().flatten() {
        if found.contradicted.iter().flatten().all(|stated| stated.fact.name() != fact.name()) {
            tell(&mut node, fact, None);
        }
    }
    for StatedFact { fact, span, text } in &found.facts {
        tell(&mut node, *fact, evidence(*text, *span));
    }
    node
}

/// What is known of a node beside versions.
pub(super) fn facts<'n>(node: &'n Node<'_>) -> impl Iterator<Item = (Fact, Option<&'n Evidence>)> {
    fn of<T: Copy>(told: &Option<Noted<T>>, fact: fn(T) -> Fact) -> Option<(Fact, Option<&Evidence>)> {
        told.as_ref().map(|told| (fact(told.value), told.evidence.as_ref()))
    }
    let all = [
        of(&node.lsm, Fact::Lsm),
        of(&node.cgroup, Fact::Cgroup),
        of(&node.signed_modules, Fact::SignedModules),
        of(&node.control_plane, Fact::ControlPlane),
    ];
    all.into_iter().flatten()
}

fn tell(node: &mut Node<'_>, fact: Fact, evidence: Option<Evidence>) {
    match fact {
        Fact::Lsm(value) => node.lsm = Some(Noted { value, evidence }),
        Fact::Cgroup(value) => node.cgroup = Some(Noted { value, evidence }),
        Fact::SignedModules(value) => node.signed_modules = Some(Noted { value, evidence }),
        Fact::ControlPlane(value) => node.control_plane = Some(Noted { value, evidence }),
    }
}

fn evidence(text: usize, span: Span) -> Option<Evidence> {
    Some(Evidence { file: u32::try_from(text).ok(), span, route: None })
}

/// A version that a file states.
fn component<'a>(stated: &Stated<'a>) -> Component<'a> {
    let evidence = evidence(stated.text, stated.span);
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
