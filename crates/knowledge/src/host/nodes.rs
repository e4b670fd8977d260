//! Versions in what `kubectl get nodes` prints.

use watertight_text::Span;

use super::{Reading, StatedFact, Unreadable, facts, lines};
use crate::version::Version;

/// The fields of `nodeInfo` in JSON or YAML, by their names: both notations write the value behind the next colon. Whether
/// there are any.
pub(super) fn read_objects<'t>(text: &'t str, reading: &mut Reading<'t>) -> bool {
    if !text.contains("nodeInfo") {
        return false;
    }
    for (name, component) in [
        ("kernelVersion", Some("linux-kernel")),
        ("kubeletVersion", Some("kubelet")),
        ("containerRuntimeVersion", None),
    ] {
        for (at, _) in text.match_indices(name) {
            // Who manages a field is told by its name behind `f:`, and no value with it.
            if text.get(..at).is_some_and(|before| before.ends_with("f:")) {
                continue;
            }
            let behind = at + name.len();
            let Some(rest) = text.get(behind..) else { continue };
            let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start_matches([' ', '\t']);
            let Some(rest) = rest.strip_prefix(':') else { continue };
            let rest = rest.trim_start_matches([' ', '\t', '"', '\'']);
            let start = text.len() - rest.len();
            let end = rest.find(['"', '\'', ',', '\n', '\r', '}', ' ', '#']).unwrap_or(rest.len());
            value(component, rest.get(..end).unwrap_or_default(), start, reading);
        }
    }
    true
}

/// The version of a component, or of the runtime that is named before it: `containerd://1.7.2`.
fn value<'t>(component: Option<&'static str>, written: &'t str, start: usize, reading: &mut Reading<'t>) {
    match component {
        Some("linux-kernel") if is_windows(written) => reading.windows = true,
        Some(component) => reading.state(component, written, start),
        None => {
            let Some((runtime, version)) = written.split_once("://") else { return };
            if let Some(component) = lines::of_runtime(runtime) {
                reading.state(component, version, start + runtime.len() + "://".len());
            }
        }
    }
}

/// Whether this is a build of Windows, which stands where other nodes have their kernel: `10.0.20348.2227`. The builds of
/// Windows 10 and its servers begin at 10240, and no stable branch of Linux has so many releases.
fn is_windows(written: &str) -> bool {
    Version::read(written).is_some_and(|version| matches!(version.numbers, [10, 0, build] if build >= 10_240))
}

/// What stands for a table of nodes in [`super::Unreadable`]: it was wrapped, cut or mixed up on its way.
pub const TABLE: &str = "nodes";

/// Every title that `kubectl get nodes` prints.
const TITLES: [&str; 11] = [
    "NAME",
    "STATUS",
    "ROLES",
    "AGE",
    "VERSION",
    "INTERNAL-IP",
    "EXTERNAL-IP",
    OS_IMAGE,
    "KERNEL-VERSION",
    "CONTAINER-RUNTIME",
    "LABELS",
];

/// The one column whose cells have blanks in them. Those before it are counted from the left, those behind it from the
/// right, so that neither lost blanks nor tabs matter.
const OS_IMAGE: &str = "OS-IMAGE";

/// The tables of nodes in a text; other lines may stand around them. Of one that is broken nothing is taken.
pub(super) fn read_table<'t>(text: &'t str, reading: &mut Reading<'t>) {
    let mut table: Option<Table<'t>> = None;
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let words = words(whole, start);
        let written: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        if let ["NAME", "STATUS", "ROLES", ..] = written.as_slice() {
            close(table.replace(Table::new(&written, start)), reading);
        } else if !is_row(&written) {
            // Titles right below the head are the rest of it.
            let is_head = written.iter().any(|word| TITLES.contains(word));
            match &mut table {
                Some(open) if open.rows == 0 && is_head => open.broken = true,
                _ => close(table.take(), reading),
            }
        } else {
            if table.is_none() {
                // `--no-headers`: the wide form alone ends with a runtime.
                let is_wide = written.last().is_some_and(|last| last.contains("://"));
                let titles = TITLES.split_last().map(|(_, titles)| titles).unwrap_or_default();
                table = is_wide.then(|| Table::new(titles, start));
            }
            if let Some(table) = &mut table {
                table.row(&words);
            }
        }
    }
    close(table, reading);
}

fn close<'t>(table: Option<Table<'t>>, reading: &mut Reading<'t>) {
    let Some(table) = table else { return };
    if table.broken {
        reading.unreadable.push(Unreadable { component: TABLE, written: "", span: Span::at(table.start), text: 0 });
        return;
    }
    reading.stated.extend(table.reading.stated);
    reading.windows |= table.reading.windows;
    // A pod may run on any of the nodes.
    if !table.vague {
        reading.facts.extend(table.reading.facts);
    }
    reading.unreadable.extend(table.reading.unreadable);
}

/// A table that is being read.
struct Table<'t> {
    titles: Vec<&'static str>,
    start: usize,
    rows: usize,
    broken: bool,
    /// A node among them has no role that says anything.
    vague: bool,
    reading: Reading<'t>,
}

impl<'t> Table<'t> {
    fn new(titles: &[&str], start: usize) -> Self {
        let known: Vec<&'static str> =
            titles.iter().map_while(|title| TITLES.into_iter().find(|known| known == title)).collect();
        let broken = known.len() < titles.len();
        Self { titles: known, start, rows: 0, broken, vague: false, reading: Reading::default() }
    }

    fn row(&mut self, words: &[(&'t str, usize)]) {
        self.rows += 1;
        let image = self.titles.iter().position(|title| *title == OS_IMAGE);
        // An image is told in a word at least, and every other cell in one.
        let fits = words.len() == self.titles.len() || image.is_some() && words.len() > self.titles.len();
        if !fits {
            self.broken = true;
            return;
        }
        for (place, title) in self.titles.iter().enumerate() {
            if let ("ROLES", Some((cell, start))) = (*title, words.get(place)) {
                let span = Span::new(*start, start + cell.len());
                match facts::role(cell) {
                    Some(fact) => self.reading.facts.push(StatedFact { fact, span, text: 0 }),
                    None => self.vague = true,
                }
                continue;
            }
            let component = match *title {
                "VERSION" => Some("kubelet"),
                "KERNEL-VERSION" => Some("linux-kernel"),
                "CONTAINER-RUNTIME" => None,
                _ => continue,
            };
            let behind = image.is_some_and(|image| place > image);
            let at = if behind { words.len() - self.titles.len() + place } else { place };
            let Some((cell, start)) = words.get(at).filter(|(cell, _)| !cell.starts_with('<')) else { continue };
            if component.is_none() && !cell.contains("://") {
                self.broken = true;
                return;
            }
            value(component, cell, *start, &mut self.reading);
        }
    }
}

/// Whether the words are those of a node: its state is the second.
fn is_row(words: &[&str]) -> bool {
    let status = words.get(1).copied().unwrap_or_default();
    ["Ready", "NotReady", "Unknown"].iter().any(|known| status.starts_with(known))
}

/// The words of a line, each with its place in the text.
fn words(line: &str, start: usize) -> Vec<(&str, usize)> {
    let mut words = Vec::new();
    let mut at = start;
    for word in line.split([' ', '\t', '\r', '\n']) {
        if !word.is_empty() {
            words.push((word, at));
        }
        at += word.len() + 1;
    }
    words
}
