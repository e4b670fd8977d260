//! What can be explored, and what is known of it beside its ways.

use watertight_diagnostic::ask::explore::Explored;
use watertight_diagnostic::{Severity, joined};
use watertight_escape::Technique;
use watertight_knowledge::capability::{self, Capability, Danger, Meant};
use watertight_knowledge::path::NodePath;
use watertight_knowledge::{place, purpose, socket};

/// A capability or a folder of the node.
pub(super) enum Subject {
    Capability(&'static Capability),
    Path { path: NodePath, writable: bool },
}

impl Subject {
    /// Reads what was asked for; the problem is a sentence.
    pub(super) fn read(what: &str, writable: bool) -> Result<Self, String> {
        if what.contains('/') || what.contains('\\') {
            return Ok(Self::Path { path: NodePath::new(what), writable });
        }
        match capability::read(what).meant {
            Meant::One(known) => Ok(Self::Capability(known)),
            Meant::All => Err("ALL is every capability at once: ask for one of them.".to_owned()),
            Meant::Unknown => Err([what, " is neither a capability nor a path, which begins with a slash."].concat()),
        }
    }

    /// Whether a way asks for it by name.
    pub(super) fn is_asked_for_by(&self, technique: &Technique) -> bool {
        match self {
            Self::Capability(known) => technique.asks_for_capability(known.name),
            Self::Path { path, .. } => technique.asks_for_path(path),
        }
    }

    /// Fills in what is known of it.
    pub(super) fn describe(&self, explored: &mut Explored) {
        match self {
            Self::Capability(known) => {
                explored.title = known.name.to_owned();
                explored.opens = ["A process with it ", known.opens, "."].concat();
                explored.danger = Some(severity(known.danger));
                explored.given = given(known);
            }
            Self::Path { path, writable } => {
                let how = if *writable { ", writable" } else { ", read-only" };
                explored.title = [path.as_str(), how].concat();
                (explored.opens, explored.danger) = opens(path, *writable);
            }
        }
        let purpose = match self {
            Self::Capability(known) => purpose::of_capability(known.name),
            Self::Path { path, .. } => Some(purpose::of_path(path)),
        };
        if let Some(purpose) = purpose {
            explored.needed_for = ["Needed for ", purpose.needed_for, "."].concat();
            explored.instead = purpose.instead.to_owned();
        }
    }
}

fn severity(danger: Danger) -> Severity {
    match danger {
        Danger::Harmless => Severity::Info,
        Danger::Low => Severity::Low,
        Danger::Medium => Severity::Medium,
        Danger::High => Severity::High,
        Danger::Critical => Severity::Critical,
    }
}

/// Who gives a capability without being asked, and whom the standards let ask for it.
fn given(known: &Capability) -> String {
    let by = [
        (known.docker_default, "Docker and containerd"),
        (known.podman_default, "Podman"),
        (known.crio_default, "CRI-O"),
    ];
    let by: Vec<&str> = by.into_iter().filter(|(gives, _)| *gives).map(|(_, name)| name).collect();
    let by = match by.as_slice() {
        [] => "No runtime gives it without being asked.".to_owned(),
        several => [&joined(several), " give it without being asked."].concat(),
    };
    let standard = match (known.name, known.baseline) {
        ("NET_BIND_SERVICE", _) => " The Pod Security Standard restricted lets a pod add it.",
        (_, true) => " The Pod Security Standard baseline lets a pod add it, restricted does not.",
        (_, false) => " The Pod Security Standard baseline does not let a pod add it.",
    };
    [&by, standard].concat()
}

/// What a folder gives, and how bad that is.
fn opens(path: &NodePath, writable: bool) -> (String, Option<Severity>) {
    if let Some((socket, _)) = socket::reached_by(path).next() {
        let read_only = if writable { "" } else { " A read-only mount does not help: a socket is used, not written." };
        let text = ["Whoever connects to ", socket.path, " of ", socket.owner, " ", socket.power.gives(), "."];
        return ([&text.concat(), read_only].concat(), Some(Severity::Critical));
    }
    if place::is_public(path) {
        let text = "It holds nothing that a container may not know.";
        return (text.to_owned(), Some(if writable { Severity::Medium } else { Severity::Info }));
    }
    match place::at(path) {
        Some(place) => {
            let text = ["It gives ", place.gives, "."].concat();
            (text, Some(if writable { place.write } else { place.read }))
        }
        None => ("Nothing special is known of this place.".to_owned(), None),
    }
}
