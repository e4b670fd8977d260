//! The grade of a container: points for each layer that is in place, capped by the worst way that is open.
//!
//! The weights are ours. They follow the order in which the mitigation checklist names its items; each line of the
//! arithmetic is part of the answer, so that nobody has to believe the letter.

use watertight_diagnostic::ask::escape::{Grade, GradeLine, Layer, Outcome, State, Truth};
use watertight_escape::{Map, Way};

/// A line: what should be so, its points, and how far it is so.
struct Item(&'static str, u32, fn(&Map) -> Truth);

const ITEMS: [Item; 10] = [
    Item("The container is not privileged", 15, |map| !passes(map.way("priv"), Layer::Pod)),
    Item("It holds no capability that leads out", 15, capabilities),
    Item("A seccomp filter is loaded", 15, |map| closed(map, "seccomp-unconfined")),
    Item("An AppArmor profile or SELinux label confines it", 10, |map| {
        closed(map, "apparmor-unconfined").and(closed(map, "selinux-spc"))
    }),
    Item("It does not run as root", 10, |map| closed(map, "root-user")),
    Item("Its root file system is read-only", 10, |map| closed(map, "rw-rootfs")),
    Item("Kernel and runtime have no known bug that it gets to", 10, |map| {
        closed(map, "kernel-cve").and(closed(map, "runtime-cve"))
    }),
    Item("Its programs cannot raise their rights", 5, |map| closed(map, "ape")),
    Item("Memory and processor time are limited", 5, |map| closed(map, "no-limits")),
    Item("No service-account token is mounted", 5, |map| closed(map, "sa-token")),
];

/// The most points that are left while a way to an outcome is open.
const CAPS: [(Outcome, u32); 5] = [
    (Outcome::ClusterAdmin, 10),
    (Outcome::HostRoot, 20),
    (Outcome::NodeCredential, 40),
    (Outcome::Neighbour, 55),
    (Outcome::HostInfo, 70),
];
/// The most that are left while a bug that the node has for certain lets this container out.
const BUG: u32 = 40;
/// The most that are left while a way out may be open.
const DOUBT: u32 = 89;
/// The least points of each letter.
const LETTERS: [(u32, &str); 5] = [(90, "A"), (80, "B"), (65, "C"), (50, "D"), (30, "E")];

/// Grades a container.
pub(super) fn grade(map: &Map) -> Grade {
    let lines: Vec<_> = ITEMS
        .iter()
        .map(|Item(text, points, ask)| {
            let state = ask(map);
            // What nobody knows earns nothing: a grade is not given on trust.
            let got = if state == Truth::Yes { *points } else { 0 };
            GradeLine { text: (*text).to_owned(), state, got, of: *points }
        })
        .collect();
    let sum: u32 = lines.iter().map(|line| line.got).sum();
    let (cap, because) = cap(map);
    let points = sum.min(cap);
    let letter = LETTERS.iter().find(|(least, _)| points >= *least).map_or("F", |(_, letter)| letter);
    Grade { letter: letter.to_owned(), points, sum, cap, because, lines }
}

fn cap(map: &Map) -> (u32, String) {
    let by_fault = map.worst().map(|worst| {
        let cap = CAPS.iter().find(|(outcome, _)| *outcome == worst).map_or(100, |(_, cap)| *cap);
        (cap, ["a way to ", worst.name(), " is open"].concat())
    });
    let open = map.ways.iter().filter(|way| way.open() == Truth::Yes);
    let mut bugs = open.flat_map(|way| way.judged.bugs());
    let by_bug = bugs
        .find(|bug| bug.open == Truth::Yes && bug.cve.leads_out())
        .map(|bug| (BUG, format!("the node has {}: {}", bug.cve.id, bug.cve.outcome_in_words())));
    if let Some(least) = by_fault.into_iter().chain(by_bug).min_by_key(|(cap, _)| *cap) {
        return least;
    }
    let is_doubtful = |way: &&Way| {
        let technique = way.judged.technique;
        way.open() == Truth::Unknown && technique.is_fault() && technique.outcome.is_escape()
    };
    match map.ways.iter().find(is_doubtful) {
        Some(way) => (DOUBT, ["a way to ", way.judged.technique.outcome.name(), " may be open"].concat()),
        None => (100, "no way out is open as it is configured".to_owned()),
    }
}

/// Whether a way is closed by whatever layer.
fn closed(map: &Map, id: &str) -> Truth {
    map.way(id).map_or(Truth::Unknown, |way| !way.open())
}

/// Whether a layer lets a way pass.
fn passes(way: Option<&Way>, layer: Layer) -> Truth {
    let cell = way.and_then(|way| way.judged.cells().find(|cell| cell.layer == layer));
    match cell.map(|cell| cell.state) {
        Some(State::Passes) => Truth::Yes,
        Some(State::Stops) => Truth::No,
        _ => Truth::Unknown,
    }
}

/// Whether no way that needs a capability finds it. One that is there by default and needs a bug as well does not count.
fn capabilities(map: &Map) -> Truth {
    let needing = map.ways.iter().filter(|way| {
        let technique = way.judged.technique;
        technique.is_fault()
            && way.judged.cells().any(|cell| cell.layer == Layer::Capabilities && cell.state != State::NotInvolved)
    });
    needing.map(|way| !passes(Some(way), Layer::Capabilities)).fold(Truth::Yes, Truth::and)
}
