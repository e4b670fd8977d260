//! The escape map: what every layer does about every known way out of a container.
//!
//! It is a question of its own beside the report, because an answer is many times as large as the pod that it is about.

mod detection;
mod explore;
mod fixes;
mod grade;
mod network;
mod node;
mod profiles;
mod surroundings;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
mod write;

pub use explore::explore;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::escape::{EscapeAsk, EscapeReport, TechniqueReport, VERSION};
use watertight_escape::attempt::{Foreseen, Machine};
use watertight_escape::technique::{self, Technique};
use watertight_knowledge::cve;
use watertight_text::Encoding;

use crate::Input;
use crate::analyse::read;
use crate::locate::Locator;
use crate::restore::Texts;
use detection::Watch;
use fixes::Tries;
use surroundings::Surroundings;
use write::Writer;

/// Maps of the shortest text, and one more for so many bytes of it: a map takes some 80 KB, and a text may take 64 times its
/// own.
const MAPS: (usize, usize) = (300, 1_250);

/// Every way out of the containers in a set of files that are asked for, and which layer closes each. The files are
/// looked at together: profiles, roles, policies and classes in one of them count for the pods in the others. Offsets
/// count in `encoding`.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::diagnostic::ask::escape::{EscapeAsk, Outcome};
/// use watertight::text::Encoding;
/// use watertight::{Input, escape};
///
/// let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: a, \
///             securityContext: {privileged: true, runAsUser: 0}}]\n";
/// let files = [Input { name: "web.yaml", text }];
/// let report = escape(&files, &EscapeAsk::default(), &Settings::default(), Encoding::Utf8);
/// let map = &report.containers[0];
/// assert_eq!(map.worst, Some(Outcome::HostRoot));
/// assert_eq!(report.techniques[map.strands[0].technique].id, "priv");
/// assert!(map.chain(&map.strands[0]).starts_with("Because privileged is true"));
/// ```
pub fn escape(files: &[Input<'_>], ask: &EscapeAsk, settings: &Settings, encoding: Encoding) -> EscapeReport {
    let texts = Texts::of(files);
    let sources = texts.read();
    let locators: Vec<_> = sources.iter().map(|source| Locator::new(source, encoding)).collect();
    let role_files = surroundings::files(&sources);
    let surroundings = Surroundings::new(&sources, &role_files, settings);
    let watch = Watch::new(&sources);
    let writer = Writer { locators: &locators, watch: &watch };
    let bytes = files.iter().map(|input| input.text.len()).sum::<usize>();
    let most = MAPS.0 + bytes / MAPS.1;
    let mut containers = Vec::new();
    let mut left_out = 0;
    let mut tries = Tries::of(bytes);
    let pods = sources.iter().flat_map(|source| source.objects.pods.iter().map(move |pod| (source, pod)));
    for (index, (source, pod)) in pods.enumerate() {
        if ask.pod.is_some_and(|asked| asked != index) {
            continue;
        }
        let Some(object) = source.objects.objects.get(pod.object) else { continue };
        for (at, container) in pod.containers.iter().enumerate() {
            if ask.container.as_ref().is_some_and(|asked| *asked != container.name) {
                continue;
            }
            if containers.len() >= most {
                left_out += 1;
                continue;
            }
            let looked_at = surroundings.look(object, pod, container);
            let mut map = writer.container(source, index, &looked_at);
            // A fix is for a text that is as it was read.
            if ask.fixes
                && source.pasted.is_none()
                && let Some(locator) = locators.get(source.id.0 as usize)
            {
                let subject = fixes::Subject { surroundings: &surroundings, source, locator, pod, at };
                fixes::add(&mut map, &subject, &looked_at.map, &mut tries);
            }
            containers.push(map);
        }
    }
    EscapeReport {
        v: VERSION,
        encoding,
        date: cve::date().to_owned(),
        node: writer.node(&surroundings.node),
        techniques: technique::all().iter().map(technique_report).collect(),
        containers,
        left_out,
    }
}

/// How every known attempt ends in each container of a set of files, on a machine: pods in the order of the files, each
/// with the name of the container.
pub fn foresee(files: &[Input<'_>], settings: &Settings, machine: &Machine<'_>) -> Vec<(String, Vec<Foreseen>)> {
    let sources = read(files);
    let role_files = surroundings::files(&sources);
    let surroundings = Surroundings::new(&sources, &role_files, settings);
    let pods = sources.iter().flat_map(|source| source.objects.pods.iter().map(move |pod| (source, pod)));
    let containers = pods.filter_map(|(source, pod)| {
        let object = source.objects.objects.get(pod.object)?;
        let foresee = |container: &watertight_pod::Container| {
            (container.name.clone(), surroundings.foresee(object, pod, container, machine))
        };
        Some(pod.containers.iter().map(foresee).collect::<Vec<_>>())
    });
    containers.flatten().collect()
}

fn technique_report(technique: &Technique) -> TechniqueReport {
    TechniqueReport {
        id: technique.id.into(),
        name: technique.name.into(),
        outcome: technique.outcome,
        effort: technique.effort,
        severity: technique.severity,
        why: technique.why.into(),
        attack: technique.attack.iter().map(|&id| id.into()).collect(),
        remains: technique.remains,
    }
}

/// Its place among all.
fn place_of(technique: &Technique) -> usize {
    technique::all().iter().position(|known| known.id == technique.id).unwrap_or_default()
}
