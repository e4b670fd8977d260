//! `-v`, `--mount`, `--tmpfs`, `--device`: what of the host or of the engine comes into the container.

use watertight_text::Span;

use crate::{Field, HostPath, Mount, Named, Site, Volume};

/// Where something comes from.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum From {
    /// A path of the host; `None` when the text does not say which.
    Host(Option<String>),
    /// A device of the host, opened to the container.
    Device(Option<String>),
    /// A volume of the engine, by name or without.
    Engine,
    /// An empty file system in memory.
    Memory,
    /// The files of an image.
    Image,
}

/// One mount in words of neither syntax.
#[derive(Clone, Debug)]
pub(crate) struct Mounted {
    pub(crate) from: From,
    /// The bytes of the source.
    pub(crate) source: Span,
    /// Where it arrives; `None` when the text does not say.
    pub(crate) target: Option<String>,
    pub(crate) target_span: Span,
    pub(crate) read_only: Option<(bool, Span)>,
    /// `rshared` and the like.
    pub(crate) propagation: Option<(String, Span)>,
    /// The whole statement.
    pub(crate) site: Site,
}

impl Mounted {
    /// As a volume and a mount of it; `index` is their place among the volumes.
    pub(crate) fn into_model(self, index: usize, route: &watertight_diagnostic::Route) -> (Volume, Mount) {
        let site = |span| Site { key: None, value: span };
        let whole = self.site.whole();
        let field = |text: Option<String>, span| match text {
            Some(text) => Field::Set(text, site(span)),
            None => Field::Unreadable(site(span)),
        };
        let name = self.target.clone().unwrap_or_else(|| ["volume ", &(index + 1).to_string()].concat());
        let (source, host_path) = match self.from {
            From::Host(path) => {
                let path = HostPath { path: field(path, self.source), kind: Field::Absent };
                ("hostPath", Field::Set(path, self.site))
            }
            From::Device(path) => {
                let kind = Field::Set("Device".to_owned(), self.site);
                ("hostPath", Field::Set(HostPath { path: field(path, self.source), kind }, self.site))
            }
            From::Engine => ("volume", Field::Absent),
            From::Memory => ("emptyDir", Field::Absent),
            From::Image => ("image", Field::Absent),
        };
        let volume = Volume {
            index,
            name: name.clone(),
            route: route.index(index),
            span: whole,
            head: whole,
            sources: vec![Named { name: source.to_owned(), site: self.site }],
            host_path,
            ..Volume::default()
        };
        let mount = Mount {
            index,
            span: whole,
            volume: Field::Set(name, self.site),
            path: field(self.target, self.target_span),
            read_only: self.read_only.map_or(Field::Absent, |(value, span)| Field::Set(value, site(span))),
            propagation: self.propagation.map_or(Field::Absent, |(value, span)| Field::Set(value, site(span))),
            ..Mount::default()
        };
        (volume, mount)
    }
}

/// What the modes behind a mount say: `ro,rslave`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modes {
    pub(crate) read_only: Option<(bool, Span)>,
    pub(crate) propagation: Option<(String, Span)>,
    /// Modes that nobody knows.
    pub(crate) unknown: Vec<(String, Span)>,
}

/// Reads modes; `part` gives the bytes of a part of `text`.
pub(crate) fn modes(text: &str, part: impl Fn(usize, usize) -> Span) -> Modes {
    let mut modes = Modes::default();
    let mut at = 0;
    for mode in text.split(',') {
        let span = part(at, at + mode.len());
        at += mode.len() + 1;
        match mode {
            "ro" | "readonly" | "rro" => modes.read_only = Some((true, span)),
            "rw" => modes.read_only = Some((false, span)),
            _ => match propagation(mode) {
                Some(meaning) => modes.propagation = Some((meaning.to_owned(), span)),
                None if is_harmless(mode) => {}
                None => modes.unknown.push((mode.to_owned(), span)),
            },
        }
    }
    modes
}

/// Whether the options `o` that a volume's driver is given have it mount a folder of the host.
pub(crate) fn is_bind(options: &str) -> bool {
    options.split(',').any(|option| matches!(option.trim(), "bind" | "rbind"))
}

/// A propagation in the words of Kubernetes.
pub(crate) fn propagation(mode: &str) -> Option<&'static str> {
    match mode {
        "shared" | "rshared" => Some("Bidirectional"),
        "slave" | "rslave" => Some("HostToContainer"),
        "private" | "rprivate" | "unbindable" | "runbindable" => Some("None"),
        _ => None,
    }
}

fn is_harmless(mode: &str) -> bool {
    const KNOWN: &str = "z Z nocopy copy consistent cached delegated U O exec noexec dev nodev suid nosuid bind rbind \
        idmap norecurse";
    KNOWN.split_ascii_whitespace().any(|known| known == mode)
        || ["upperdir=", "workdir=", "idmap=", "size=", "mode=", "uid=", "gid="]
            .iter()
            .any(|known| mode.starts_with(known))
        || mode.is_empty()
}

/// The parts of `source:target:modes` with the offset of each. A drive letter of Windows is part of its path.
pub(crate) fn colons(text: &str) -> Vec<(usize, &str)> {
    let mut parts: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    let mut depth = 0_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && !is_drive(text, start, at) => {
                parts.push((start, text.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    parts
}

fn is_drive(text: &str, start: usize, at: usize) -> bool {
    let letter = text.get(start..at).unwrap_or_default();
    let behind = text.get(at + 1..).unwrap_or_default();
    letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_alphabetic()) && behind.starts_with(['\\', '/'])
}

/// The fields of a line of comma-separated values with the offset of each; quotes keep commas together.
pub(crate) fn commas(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push((start, text.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    parts
}

/// Whether a volume's source is a path and not the name of a volume.
pub(crate) fn is_path(source: &str) -> bool {
    source.starts_with(['/', '.', '~', '\\']) || is_drive(source, 0, 1)
}
