//! What one capability, or one folder of the node, opens by itself, and what would stop it: found by judging pods that
//! differ in nothing else.

mod pods;
mod sample;
mod subject;
#[cfg(test)]
mod tests;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::escape::Truth;
use watertight_diagnostic::ask::explore::{ExploreAsk, Explored, ExploredLayer, ExploredWay, VERSION};
use watertight_escape::{Map, Technique, Way};
use watertight_knowledge::{capability, purpose};
use watertight_text::sort;

use pods::{LAYERS, Variant};
use subject::Subject;

/// What a capability or a folder of the node opens to a container of root that has nothing else, layer by layer what stops
/// that, what it is needed for, and what does the same with less.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::diagnostic::ask::explore::ExploreAsk;
///
/// let ask = ExploreAsk { what: "/var/run/docker.sock".into(), ..ExploreAsk::default() };
/// let explored = watertight::explore(&ask, &Settings::default());
/// assert_eq!(explored.title, "/run/docker.sock, read-only");
/// assert_eq!(explored.ways[0].id, "hp-docker-sock");
/// ```
pub fn explore(ask: &ExploreAsk, settings: &Settings) -> Explored {
    let mut explored = Explored {
        v: VERSION,
        capabilities: capability::all().iter().map(|known| known.name.to_owned()).collect(),
        paths: purpose::paths().map(str::to_owned).collect(),
        ..Explored::default()
    };
    let what = ask.what.trim();
    if what.is_empty() {
        return explored;
    }
    let subject = match Subject::read(what, ask.writable) {
        Ok(subject) => subject,
        Err(problem) => return Explored { problem, ..explored },
    };
    subject.describe(&mut explored);
    let naked = Variant::NAKED;
    let (Some(without), Some(with)) = (naked.map(None, settings), naked.map(Some(&subject), settings)) else {
        return explored;
    };
    let ways = ways(&subject, &without, &with);
    explored.layers = LAYERS.iter().filter_map(|layer| stops(layer, &subject, &ways, settings)).collect();
    explored.ways = ways.iter().map(|way| written(way)).collect();
    explored.sample = Some(sample::sample(&subject, &ask.sample));
    explored
}

/// The ways that are more open with it than without, and those that ask for it and for something else as well.
fn ways<'m>(subject: &Subject, without: &Map, with: &'m Map) -> Vec<&'m Way> {
    let gains = |way: &Way| {
        let before = without.way(way.judged.technique.id).map_or(Truth::No, Way::open);
        way.open() > before || way.open() == Truth::No && subject.is_asked_for_by(way.judged.technique)
    };
    let mut ways: Vec<&Way> = with.ways.iter().filter(|way| gains(way)).collect();
    let needs_bug = |technique: &Technique| !technique.is_fault();
    sort::by(&mut ways, |a, b| {
        let key = |way: &Way| (way.open(), !needs_bug(way.judged.technique), way.judged.technique.outcome);
        key(b).cmp(&key(a))
    });
    ways
}

fn written(way: &Way) -> ExploredWay {
    let technique = way.judged.technique;
    // What lets it pass is told by what was asked for; what does not, and what nobody knows, is news.
    let told = if way.open() == Truth::No { Truth::No } else { Truth::Unknown };
    let mut because: Vec<String> = Vec::new();
    for known in way.judged.because().filter(|known| known.truth == told) {
        if !because.contains(&known.because) {
            because.push(known.because.clone());
        }
    }
    ExploredWay {
        id: technique.id.to_owned(),
        name: technique.name.to_owned(),
        outcome: technique.outcome,
        by_bug: !technique.is_fault(),
        open: way.open(),
        because,
    }
}

/// Which of the ways a layer stops that are open, or may be, without it.
fn stops(layer: &pods::Layered, subject: &Subject, ways: &[&Way], settings: &Settings) -> Option<ExploredLayer> {
    let map = layer.variant.map(Some(subject), settings)?;
    let is_closed = |way: &Way| map.way(way.judged.technique.id).is_some_and(|way| way.open() == Truth::No);
    let stopped = ways.iter().enumerate().filter(|(_, way)| way.open() != Truth::No && is_closed(way));
    Some(ExploredLayer {
        layer: layer.layer,
        name: layer.name.to_owned(),
        how: layer.how.to_owned(),
        stops: stopped.map(|(at, _)| at).collect(),
    })
}
