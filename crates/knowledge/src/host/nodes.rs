//! Versions in what `kubectl get nodes` prints.

use super::{Reading, lines};

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
        Some(component) => reading.state(component, written, start),
        None => {
            let Some((runtime, version)) = written.split_once("://") else { return };
            if let Some(component) = lines::of_runtime(runtime) {
                reading.state(component, version, start + runtime.len() + "://".len());
            }
        }
    }
}

/// The table: columns stand below their titles.
pub(super) fn read_table<'t>(text: &'t str, reading: &mut Reading<'t>) {
    let mut columns: Option<Vec<(usize, &str)>> = None;
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        let start = at;
        at += whole.len();
        if is_header(line) {
            columns = Some(titles(line));
            continue;
        }
        // Other lines may follow the table.
        let status = line.split_ascii_whitespace().nth(1).unwrap_or_default();
        if !["Ready", "NotReady", "Unknown"].iter().any(|known| status.starts_with(known)) {
            columns = None;
        }
        let Some(columns) = columns.as_ref().filter(|_| !line.is_empty() && line.is_ascii()) else { continue };
        for (place, (column, title)) in columns.iter().enumerate() {
            let component = match *title {
                "VERSION" => Some("kubelet"),
                "KERNEL-VERSION" => Some("linux-kernel"),
                "CONTAINER-RUNTIME" => None,
                _ => continue,
            };
            let end = columns.get(place + 1).map_or(line.len(), |(next, _)| (*next).min(line.len()));
            let Some(cell) = line.get(*column..end) else { continue };
            let cell = cell.split(' ').next().unwrap_or_default();
            if !cell.is_empty() && cell != "<none>" {
                value(component, cell, start + column, reading);
            }
        }
    }
}

fn is_header(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.next() == Some("NAME") && words.next() == Some("STATUS") && words.next() == Some("ROLES")
}

/// Where each title begins.
fn titles(line: &str) -> Vec<(usize, &str)> {
    let mut titles = Vec::new();
    let mut at = 0;
    for word in line.split(' ') {
        if !word.is_empty() {
            titles.push((at, word));
        }
        at += word.len() + 1;
    }
    titles
}
