//! `-v`, `--mount`, `--tmpfs`, `--device`: what of the host or of the engine comes into the container.

use watertight_text::Span;

use crate::{Engine, Field, HostPath, Mount, Named, Site, Syntax, Volume};

/// Where something comes from.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum From {
    /// A path of the host; `None` when the text does not say which.
    Host(Option<String>),
    /// A device of the host, opened to the container.
    Device(Option<String>),
    /// The file of a device of the host, which the engine lets nobody open.
    ClosedDevice(Option<String>),
    /// A volume of the engine, by name or without.
    Engine,
    /// An empty file system in memory.
    Memory,
    /// The files of an image.
    Image,
}

/// What becomes of what the host has mounted below a folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Below {
    /// It comes along, and what the engine does with it when the mount is read-only is its own choice.
    #[default]
    Usual,
    /// It is read-only when the mount is.
    ReadOnly,
    /// It stays writable.
    Writable,
    /// It does not come along.
    Apart,
}

impl Below {
    /// The value of `bind-recursive`, which compose files call `recursive`.
    ///
    /// Source: `opts/mount.go` of docker/cli.
    pub(crate) fn of_recursive(value: &str) -> Option<Self> {
        match value {
            "enabled" => Some(Self::Usual),
            "disabled" => Some(Self::Apart),
            "writable" => Some(Self::Writable),
            "readonly" => Some(Self::ReadOnly),
            _ => None,
        }
    }

    /// From the word of a mount.
    pub(crate) fn of_word(word: Option<&str>) -> Self {
        [Self::ReadOnly, Self::Writable, Self::Apart].into_iter().find(|below| below.word() == word).unwrap_or_default()
    }

    /// In the words of Kubernetes, as far as it has some.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::ReadOnly => Some("Enabled"),
            Self::Writable => Some("Disabled"),
            Self::Apart => Some("Apart"),
        }
    }
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
    pub(crate) below: Below,
    /// Whether its files show their users as those of the container's user namespace; false for a mapping of its own.
    pub(crate) idmap: Option<bool>,
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
        let device = |path, kind: &str| {
            let kind = Field::Set(kind.to_owned(), self.site);
            Field::Set(HostPath { path: field(path, self.source), kind }, self.site)
        };
        let name = self.target.clone().unwrap_or_else(|| ["volume ", &(index + 1).to_string()].concat());
        let (source, host_path) = match self.from {
            From::Host(path) => {
                let path = HostPath { path: field(path, self.source), kind: Field::Absent };
                ("hostPath", Field::Set(path, self.site))
            }
            From::Device(path) => ("hostPath", device(path, "Device")),
            From::ClosedDevice(path) => ("hostPath", device(path, "ClosedDevice")),
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
            recursive_read_only: self.below.word().map_or(Field::Absent, |word| Field::Set(word.to_owned(), self.site)),
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
    pub(crate) below: Below,
    pub(crate) idmap: Option<bool>,
    pub(crate) propagation: Option<(String, Span)>,
    /// Modes that nobody knows.
    pub(crate) unknown: Vec<(String, Span)>,
}

/// Reads modes as who takes them does; `part` gives the bytes of a part of `text`.
///
/// Sources: `linuxValidMountMode` in `volume/mounts/linux_parser.go` of moby; `format/volume.go` of compose-go, which takes
/// no notice of modes that it does not know; podman-run(1); nerdctl's command reference.
pub(crate) fn modes(text: &str, syntax: Syntax, part: impl Fn(usize, usize) -> Span) -> Modes {
    let mut modes = Modes::default();
    let mut at = 0;
    for mode in text.split(',') {
        let span = part(at, at + mode.len());
        at += mode.len() + 1;
        match mode {
            "ro" => modes.read_only = Some((true, span)),
            "rro" if syntax == Syntax::Run(Engine::Nerdctl) => {
                modes.read_only = Some((true, span));
                modes.below = Below::ReadOnly;
            }
            "bind" if matches!(syntax, Syntax::Run(Engine::Podman | Engine::Nerdctl)) => modes.below = Below::Apart,
            "rw" => modes.read_only = Some((false, span)),
            // With U the files are given to the users of the namespace, for good.
            "U" | "idmap" if syntax == Syntax::Run(Engine::Podman) => modes.idmap = Some(true),
            _ if mode.starts_with("idmap=") && syntax == Syntax::Run(Engine::Podman) => modes.idmap = Some(false),
            "unbindable" | "runbindable" if syntax == Syntax::Run(Engine::Docker) => {
                modes.unknown.push((mode.to_owned(), span));
            }
            _ => match propagation(mode) {
                Some(meaning) => modes.propagation = Some((meaning.to_owned(), span)),
                None if is_harmless(mode, syntax) => {}
                None => modes.unknown.push((mode.to_owned(), span)),
            },
        }
    }
    modes
}

/// Why Docker stops at a volume with these parts between its colons; `None` when it takes it, or when that is not certain.
///
/// Source: `ParseMountRaw` and `validateMountConfigImpl` in `volume/mounts/linux_parser.go` of moby.
pub(crate) fn refusal(parts: &[&str]) -> Option<String> {
    // Paths of Windows are read by rules of their own, and its variables stand for some.
    if parts.iter().any(|part| part.contains(['\\', '%']) || is_drive(part, 0, 1)) {
        return None;
    }
    let (source, target, modes) = match parts {
        [target] => (None, *target, ""),
        [source, target] => (Some(*source), *target, ""),
        [source, target, modes] => (Some(*source), *target, *modes),
        _ => return Some("A volume is told as source:target:modes.".to_owned()),
    };
    if source == Some("") || target.is_empty() {
        return Some("A volume is told as source:target:modes, and none of them is empty here.".to_owned());
    }
    if !target.starts_with('/') {
        return Some(format!("{target:?} is no path from the root, which is where a volume has to arrive."));
    }
    if target.split('/').all(|step| matches!(step, "" | ".")) {
        return Some("Nothing can be mounted over the root of a container.".to_owned());
    }
    let count = |known: &[&str]| modes.split(',').filter(|mode| known.contains(mode)).count();
    let spreads = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];
    for known in [&["ro", "rw"][..], &["z", "Z"], &spreads, &["nocopy"], &["consistent", "cached", "delegated"]] {
        if count(known) > 1 {
            return Some(format!("Of {} a volume takes one, and once.", known.join(", ")));
        }
    }
    let source = source.filter(|source| !is_path(source))?;
    let is_named = source.len() > 1
        && source.starts_with(|c: char| c.is_ascii_alphanumeric())
        && source.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    (!is_named).then(|| format!("{source:?} is no name of a volume. A folder of the host begins with / or with ./."))
}

/// Whether a device is named by the Container Device Interface: `vendor.com/class=name`.
///
/// Source: `parser.IsQualifiedName` of cncf-tags/container-device-interface.
pub(crate) fn is_device_name(source: &str) -> bool {
    let parts = source.split_once('=').and_then(|(kind, name)| Some((kind.split_once('/')?, name)));
    parts.is_some_and(|((vendor, class), name)| {
        let is_word = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic());
        is_word(vendor) && is_word(class) && !name.is_empty()
    })
}

/// What may be done with a device: of `r`, `w` and `m` each once.
pub(crate) fn is_device_mode(mode: &str) -> bool {
    let has_once = |letter: char| mode.matches(letter).count() <= 1;
    !mode.is_empty() && mode.chars().all(|letter| matches!(letter, 'r' | 'w' | 'm') && has_once(letter))
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

fn is_harmless(mode: &str, syntax: Syntax) -> bool {
    const KNOWN: &str = "z Z nocopy copy consistent cached delegated";
    const OTHERS: &str = "U O exec noexec dev nodev suid nosuid bind rbind idmap norecurse";
    let is_of = |all: &str| all.split_ascii_whitespace().any(|known| known == mode);
    let starts = || {
        ["upperdir=", "workdir=", "idmap=", "size=", "mode=", "uid=", "gid="]
            .iter()
            .any(|known| mode.starts_with(known))
    };
    mode.is_empty() || is_of(KNOWN) || syntax != Syntax::Run(Engine::Docker) && (is_of(OTHERS) || starts())
}

/// Whether a variable, or a command, in front of a path stands for the folder where the command is run or for somebody's
/// home, which needs no telling.
pub(crate) fn is_usual(source: &str) -> bool {
    let known = ["~", "$PWD", "${PWD}", "$(pwd)", "`pwd`", "$HOME", "${HOME}"];
    let behind = known.iter().find_map(|known| source.strip_prefix(known));
    behind.is_some_and(|rest| (rest.is_empty() || rest.starts_with(['/', '\\'])) && !rest.contains(['$', '`']))
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
