//! A profile for a container of the files, and how it comes to act.

use serde_json::json;
use watertight_apparmor::generate::{Facts, Features, Needs, Strictness as Strict, Wish, load, make};
use watertight_diagnostic::ask::apparmor::{Changed, Generated, Load, Strictness};
use watertight_diagnostic::{Operation, Rewrite, Settings};
use watertight_knowledge::annotation;
use watertight_pod::{Container, Pod, Syntax, wish};
use watertight_text::{Edit, Encoding, LineIndex, apply};

use crate::apparmor::find;
use crate::edits::edits;
use crate::locate::Locator;
use crate::native::carried_out;
use crate::source::Source;

/// What is wanted of it.
pub(super) struct Wished<'w> {
    pub(super) strictness: Strictness,
    pub(super) complain: bool,
    pub(super) newest: bool,
    pub(super) needs: &'w str,
}

pub(super) fn answer(
    sources: &[Source<'_>],
    container: Option<usize>,
    wished: &Wished<'_>,
    settings: &Settings,
    encoding: Encoding,
) -> Generated {
    let all: Vec<_> = sources
        .iter()
        .flat_map(|source| source.objects.pods.iter().map(move |pod| (source, pod)))
        .filter(|(_, pod)| !pod.is_windows())
        .flat_map(|(source, pod)| pod.containers.iter().map(move |container| (source, pod, container)))
        .collect();
    let owner = |source: &Source<'_>, object: usize| {
        source.objects.objects.get(object).map_or(String::new(), |object| object.name.clone())
    };
    let mut generated = Generated {
        containers: all
            .iter()
            .map(|(source, pod, container)| {
                let parts = [owner(source, pod.object), container.name.clone()];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
            })
            .collect(),
        ..Generated::default()
    };
    // The program of the pod and not what prepares it.
    let first = || all.iter().position(|(.., container)| container.list == watertight_pod::ContainerList::Regular);
    let chosen = container.or_else(first).unwrap_or_default();
    let Some((source, pod, container)) = all.get(chosen) else { return generated };
    let facts = Facts::of(pod, container, &owner(source, pod.object), settings.kube_version);
    let needs = Needs::read(wished.needs);
    let made = make(&Wish {
        facts: &facts,
        strictness: match wished.strictness {
            Strictness::Familiar => Strict::Familiar,
            Strictness::Careful => Strict::Careful,
            Strictness::Tight => Strict::Tight,
        },
        complain: wished.complain,
        features: if wished.newest { Features::V4 } else { Features::V3 },
        needs: &needs.rules,
    });
    generated.container = Some(chosen);
    generated.before = find(sources, &made.name).map(|named| named.source.id.0);
    generated.notes = notes(&facts, pod.syntax);
    let lines = LineIndex::new(wished.needs);
    generated.notes.extend(needs.unread.iter().map(|unread| {
        ["Line ", &(lines.line_of(unread.span.start) + 1).to_string(), " of the needs is left out: ", &unread.why]
            .concat()
    }));
    generated.notes.extend(made.left_out.iter().map(|left| ["`", &left.what, "`: ", &left.why].concat()));
    generated.asking = asking(source, pod, container, &made.name, settings, encoding);
    generated.load = loads(&made.name, &made.text, pod.syntax, &container.name, settings);
    (generated.name, generated.text) = (made.name, made.text);
    generated
}

/// The file with the profile asked for.
fn asking(
    source: &Source<'_>,
    pod: &Pod,
    container: &Container,
    profile: &str,
    settings: &Settings,
    encoding: Encoding,
) -> Option<Changed> {
    let field = Operation::set(
        container.route.keys("securityContext.appArmorProfile"),
        json!({ "type": "Localhost", "localhostProfile": profile }),
    );
    let (operations, rewrites) = match pod.syntax {
        Syntax::Kubernetes if settings.kube_version.at_least(30) => (vec![field], Vec::new()),
        Syntax::Kubernetes => {
            let name = [annotation::APPARMOR_OF_CONTAINER, &container.name].concat();
            let route = pod.metadata.route.key("annotations").key(name);
            (vec![Operation::set(route, ["localhost/", profile].concat())], Vec::new())
        }
        _ => carried_out(source, pod, &wish::wishes(pod, &[field])?)?,
    };
    let text = source.input.text;
    let planned = edits(text, &operations, &rewrites, Encoding::Utf8);
    let after = apply(text, &planned.edits).ok().filter(|after| planned.refused.is_empty() && after != text)?;
    let locator = Locator::new(source, encoding);
    let rewrite = |edit: Edit| Rewrite {
        expect: edit.span.slice(text).to_owned(),
        span: locator.units(edit.span),
        text: edit.text,
    };
    let rewrites = planned.edits.into_iter().map(rewrite).collect();
    Some(Changed { file: source.id.0, rewrites, text: after })
}

fn notes(facts: &Facts, syntax: Syntax) -> Vec<String> {
    let mut notes = Vec::new();
    if facts.privileged && syntax.is_kubernetes() {
        notes.push(
            "The container is privileged. Runtimes differ in whether such a one gets a profile at all: take `privileged` \
             away first."
                .to_owned(),
        );
    }
    notes
}

fn loads(name: &str, text: &str, syntax: Syntax, container: &str, settings: &Settings) -> Vec<Load> {
    let load = |title: &str, text: String, notes: Vec<String>| Load { title: title.to_owned(), text, notes };
    let on_node = "A node that does not have it does not start the container.".to_owned();
    let title = match syntax {
        Syntax::Kubernetes => "Ask for it in the pod",
        Syntax::Run(_) => "Ask for it on the command line",
        Syntax::Compose => "Ask for it in the service",
        Syntax::Oci => "Ask for it in config.json",
    };
    let mut loads = vec![
        load("Load it on the node", load::on_node(name), vec![on_node]),
        load(title, load::in_workload(syntax, name, container, settings.kube_version), Vec::new()),
    ];
    if syntax.is_kubernetes() {
        let object = load::as_object(name, text);
        let mut notes = vec![
            "The operator loads it on every node and writes the profile from these lists, together with what it always \
             adds; so it is not word for word the one above."
                .to_owned(),
        ];
        notes.extend(object.misses);
        loads.push(load("Or let the Security Profiles Operator load it", object.text, notes));
    }
    loads
}
