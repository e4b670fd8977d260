//! What Docker, Podman and compose call things, put into the model of pods: one reading for command lines and files.

pub(crate) mod mount;
mod security;
mod variable;

use std::collections::HashMap;

use watertight_diagnostic::Route;
use watertight_knowledge::capability::{self, Meant};
use watertight_text::{Span, few};

use self::mount::{Below, From, Mounted, colons, is_path, is_usual, modes};
use crate::{Container, Engine, EnvVar, Field, Named, Pair, Pod, Port, ProblemKind, Site, Syntax};

/// Entries of one list that are read; nobody writes more.
pub(crate) const ENTRIES: usize = 10_000;

/// What is said of a longer list, at the first entry that is not read.
pub(crate) fn not_all_read() -> String {
    format!("This list has more than {ENTRIES} entries; those from this one on are not read.")
}

/// A boolean as Go's `strconv.ParseBool` reads it.
pub(crate) fn boolean(written: &str) -> Option<bool> {
    match written {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A text of the file that says something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    /// The statement it stands in: option and value, key and value.
    pub(crate) site: Site,
    /// Where the text begins in the file, when they agree byte for byte.
    pub(crate) start: Option<u32>,
    /// Whether something else will be put into its place where it says so: `$NAME`.
    pub(crate) expands: bool,
}

impl<'a> Text<'a> {
    pub(crate) fn part(self, start: usize, end: usize) -> Span {
        match self.start {
            Some(at) => Span::new(at as usize + start, at as usize + end),
            None => self.site.value,
        }
    }

    /// A part of it that is known; `None` when something will be put in its place.
    pub(crate) fn known(self, part: &str) -> Option<&str> {
        let hidden = self.expands && (part.contains(['$', '`']) || part.starts_with('~'));
        (!hidden).then_some(part)
    }

    pub(crate) fn is_known(self) -> bool {
        self.known(self.text).is_some()
    }

    fn field<T>(self, value: Option<T>) -> Field<T> {
        match value {
            Some(value) if self.is_known() => Field::Set(value, self.site),
            _ => Field::Unreadable(self.site),
        }
    }

    fn named(self, name: impl Into<String>) -> Named {
        Named { name: name.into(), site: self.site }
    }
}

/// A pod with one container in the making.
pub(crate) struct Builder {
    pub(crate) pod: Pod,
    pub(crate) container: Container,
    /// What the engine refuses.
    pub(crate) problems: Vec<(ProblemKind, Span)>,
    /// The names of the volumes so far, each with its place and whether another one may take it.
    names: HashMap<String, (usize, bool)>,
    /// Whether a volume takes the place of one that arrives where it does.
    pub(crate) replaces: bool,
    /// Whether the engine's own socket is asked for, by a switch and not by a path.
    pub(crate) socket: Field<bool>,
    /// Files that come in where nothing else is mounted; of two that arrive in one place the last one does.
    pub(crate) files: Vec<Mounted>,
}

impl Builder {
    pub(crate) fn new(syntax: Syntax, route: Route, head: Span) -> Self {
        let container_route = route.key("containers").index(0);
        Self {
            container: Container { syntax, route: container_route, head, span: head, ..Container::default() },
            pod: Pod { syntax, route, head, ..Pod::default() },
            problems: Vec::new(),
            names: HashMap::new(),
            replaces: false,
            socket: Field::Absent,
            files: Vec::new(),
        }
    }

    pub(crate) fn finish(mut self) -> (Pod, Vec<(ProblemKind, Span)>) {
        // The last word counts, so the mount is made when all words are read.
        if let Field::Set(true, site) = self.socket {
            self.mount_socket(site);
        }
        for file in std::mem::take(&mut self.files).into_iter().rev() {
            if file.target.as_ref().is_none_or(|target| !self.names.contains_key(target)) {
                self.mount(file);
            }
        }
        few::push(&mut self.pod.containers, self.container);
        (self.pod, self.problems)
    }

    pub(crate) fn refuse(&mut self, message: impl Into<String>, span: Span) {
        self.problems.push((ProblemKind::BadValue { message: message.into() }, span));
    }

    /// `true`, `1`, `f` and the like, as Go reads them.
    pub(crate) fn boolean(&mut self, text: Text<'_>) -> Field<bool> {
        let value = boolean(text.text);
        if value.is_none() && text.is_known() {
            self.refuse(format!("{:?} is neither true nor false.", text.text), text.site.value);
        }
        text.field(value)
    }

    /// `--pid`: host, private, or the container to join.
    pub(crate) fn pid(&mut self, text: Text<'_>) {
        self.pod.host_pid = text.field(Some(text.text == "host"));
        self.pod.engine.pid = text.field(Some(text.text.to_owned()));
        let joins = text.text.starts_with("container:") || text.text.starts_with("service:");
        self.pod.share_process_namespace = if joins { text.field(Some(true)) } else { Field::Absent };
        self.expect_mode("pid", text, &["host"], &["host", "private"]);
    }

    /// `--ipc`
    pub(crate) fn ipc(&mut self, text: Text<'_>) {
        self.pod.host_ipc = text.field(Some(text.text == "host"));
        self.pod.engine.ipc = text.field(Some(text.text.to_owned()));
        let all = ["host", "private", "shareable", "none"];
        self.expect_mode("ipc", text, &all, &all);
    }

    /// `--uts`
    pub(crate) fn uts(&mut self, text: Text<'_>) {
        self.pod.engine.host_uts = text.field(Some(text.text == "host"));
        self.expect_mode("uts", text, &["host"], &["host", "private"]);
    }

    /// `--cgroupns`
    pub(crate) fn cgroup(&mut self, text: Text<'_>) {
        self.pod.engine.host_cgroup = text.field(Some(text.text == "host"));
        self.expect_mode("cgroupns", text, &["host", "private"], &["host", "private"]);
    }

    /// `--network`. Any name can be that of a network.
    pub(crate) fn network(&mut self, text: Text<'_>) {
        self.pod.host_network = text.field(Some(text.text == "host"));
        self.pod.engine.network = text.field(Some(text.text.to_owned()));
    }

    /// `--userns`: the host's users, or others. Docker knows `host` alone.
    ///
    /// Source: podman-run(1): of a container that root makes, `keep-id` keeps the mapping as it is, and behind `auto` a mapping may
    /// be told.
    pub(crate) fn userns(&mut self, text: Text<'_>) {
        let (mode, behind) = text.text.split_once(':').unwrap_or((text.text, ""));
        self.pod.engine.root_is_root = match mode {
            "keep-id" => Field::Unreadable(text.site),
            "auto" if behind.split(',').filter_map(|part| part.strip_prefix("uidmapping=")).any(maps_root) => {
                Field::Set(true, text.site)
            }
            _ => Field::Absent,
        };
        self.pod.host_users = match mode {
            "host" => text.field(Some(true)),
            // Docker refuses them, so they make no namespace.
            "auto" | "keep-id" | "nomap" | "private" if !self.is_docker() => text.field(Some(false)),
            "" => Field::Absent,
            _ => Field::Unreadable(text.site),
        };
        self.expect_mode("userns", text, &["host"], &["host", "auto", "keep-id", "nomap", "private"]);
    }

    /// Refuses a mode that does not exist; `of_docker` are those that Docker's command line takes, `known` those that
    /// anybody does. A container may be joined besides, of Docker's namespaces that of processes and that of IPC alone.
    ///
    /// Source: `api/types/container/hostconfig.go` of moby (`PidMode`, `UTSMode`, `UsernsMode`, `CgroupnsMode`, `IpcMode`).
    fn expect_mode(&mut self, what: &str, text: Text<'_>, of_docker: &[&str], known: &[&str]) {
        let (mode, behind) = text.text.split_once(':').unwrap_or((text.text, ""));
        let (names, known) = match self.is_docker() {
            true if matches!(what, "pid" | "ipc") => (&["container"][..], of_docker),
            true => (&[][..], of_docker),
            false => (&["container", "ns", "service"][..], known),
        };
        let names_another = names.contains(&mode) && !behind.is_empty();
        let is_one = |mode: &str| mode.is_empty() || known.contains(&mode);
        // Behind a mode of Podman there may be more; what Docker knows are whole words.
        let is_known = if self.is_docker() { is_one(text.text) } else { is_one(mode) };
        if text.is_known() && !names_another && !is_known {
            let verb = if known.len() == 1 { "exists" } else { "exist" };
            let message = format!("There is no {what} mode called {:?}; {} {verb}.", text.text, known.join(", "));
            self.refuse(message, text.site.value);
        }
    }

    /// Whether Docker's command line reads this, whose refusals are known.
    fn is_docker(&self) -> bool {
        self.pod.syntax == Syntax::Run(Engine::Docker)
    }

    /// `--user`: a name or number, and a group behind a colon.
    pub(crate) fn user(&mut self, text: Text<'_>) {
        let (user, group) = text.text.split_once(':').map_or((text.text, None), |(user, group)| (user, Some(group)));
        let number = |written: &str| match written {
            "root" => Some(0),
            written => written.parse::<i64>().ok().filter(|number| *number >= 0),
        };
        let security = &mut self.container.security;
        security.run_as_user = text.field(number(user));
        security.run_as_group = match group {
            Some(group) if !group.is_empty() => text.field(number(group)),
            _ => Field::Absent,
        };
        // A number that is written stays what it is. What a name stands for is in the image.
        security.run_as_non_root = match security.run_as_user {
            Field::Set(0, _) => Field::Absent,
            Field::Set(_, site) => Field::Set(true, site),
            _ => Field::Unreadable(text.site),
        };
    }

    /// `--group-add`
    pub(crate) fn group(&mut self, text: Text<'_>) {
        match text.text.parse() {
            Ok(number) => self.pod.security.supplemental_groups.push((number, text.site)),
            Err(_) => self.pod.engine.groups.push(text.named(text.text)),
        }
    }

    /// `--cap-add` and `--cap-drop`; a name counts in any case, with `CAP_` or without.
    pub(crate) fn capability(&mut self, text: Text<'_>, adds: bool) {
        let is_unknown = capability::read(text.text).meant == Meant::Unknown;
        let name = match capability::read(text.text).meant {
            Meant::All => "ALL".to_owned(),
            Meant::One(known) => known.name.to_owned(),
            Meant::Unknown => text.text.to_owned(),
        };
        if is_unknown && text.is_known() {
            self.refuse(format!("No capability is called {}.", text.text), text.site.value);
        }
        let security = &mut self.container.security;
        let list = if adds { &mut security.capabilities_add } else { &mut security.capabilities_drop };
        list.push(text.named(name));
    }

    /// `-v source:target:modes`; gives the place of the volume.
    pub(crate) fn volume(&mut self, text: Text<'_>) -> usize {
        let parts = colons(text.text);
        let piece = |at: usize| parts.get(at).copied();
        let span = |(start, part): (usize, &str)| text.part(start, start + part.len());
        let target = match parts.len() {
            1 => piece(0),
            _ => piece(1),
        };
        let source = if parts.len() > 1 { piece(0) } else { None };
        let syntax = self.pod.syntax;
        let modes = piece(2).map(|(start, written)| modes(written, syntax, |a, b| text.part(start + a, start + b)));
        let modes = modes.unwrap_or_default();
        // That a path of the host comes in has a finding of its own; which one it is nobody can tell.
        let hidden_mode = piece(2).is_some_and(|(_, written)| text.known(written).is_none());
        let hidden_source = source.is_some_and(|(_, source)| text.known(source).is_none() && !is_usual(source));
        if hidden_mode || hidden_source || source.is_none() && !text.is_known() {
            self.hidden("volume", text);
        }
        for (mode, span) in modes.unknown.iter().filter(|(mode, _)| text.known(mode).is_some()) {
            self.refuse(format!("There is no mount mode called {mode:?}."), *span);
        }
        if self.is_docker()
            && text.is_known()
            && let Some(message) = mount::refusal(&parts.iter().map(|(_, part)| *part).collect::<Vec<_>>())
        {
            self.refuse(message, text.site.value);
        }
        let from = match source {
            // All of it is a variable, which may name a path of the host.
            None if !text.is_known() => From::Host(None),
            None => From::Engine,
            Some((_, source)) => match text.known(source) {
                None => From::Host(None),
                Some(known) if is_path(known) => From::Host(absolute(known)),
                // A variable of the command prompt of Windows: `%cd%`.
                Some(known) if known.starts_with('%') => From::Host(None),
                Some(_) => From::Engine,
            },
        };
        let hides_target = target.is_some_and(|(_, target)| text.known(target).is_none());
        self.mount(Mounted {
            from,
            source: source.map_or(text.site.value, span),
            target: target.map(|(_, target)| target.to_owned()).filter(|_| !hides_target),
            target_span: target.map_or(text.site.value, span),
            read_only: modes.read_only,
            below: modes.below,
            idmap: modes.idmap,
            propagation: modes.propagation,
            site: text.site,
        })
    }

    /// `--device source:target:permissions`, with or without the two behind it.
    ///
    /// Source: `parseLinuxDevice` and `validateLinuxPath` in `cli/command/container/opts.go` of docker/cli.
    pub(crate) fn device(&mut self, text: Text<'_>) {
        let parts = colons(text.text);
        let Some((start, source)) = parts.first().copied() else { return };
        // Devices by a name of the Container Device Interface, such as nvidia.com/gpu=all, and by a class of Windows.
        let is_named = mount::is_device_name(source) || source.starts_with("class/");
        if text.is_known() && is_named {
            let (kind, _) = source.split_once('=').unwrap_or((source, ""));
            self.limit(kind, text);
            return;
        }
        let second = parts.get(1).map(|(_, second)| *second);
        // In the second place stands where it arrives, or what may be done with it.
        let target = second.filter(|second| !mount::is_device_mode(second)).unwrap_or(source);
        let mode = parts.get(2).map(|(_, mode)| *mode);
        if self.is_docker() && text.is_known() {
            if parts.len() > 3 || source.is_empty() {
                self.refuse("A device is told as source:target:permissions.", text.site.value);
            } else if !target.starts_with('/') && (second.is_some() || !source.starts_with('/')) {
                self.refuse(format!("{target:?} is no path from the root, which a device needs."), text.site.value);
            } else if let Some(mode) = mode.filter(|mode| !mount::is_device_mode(mode)) {
                let message = format!("{mode:?} are no permissions of a device; r, w and m exist, each once.");
                self.refuse(message, text.site.value);
            }
        }
        let path = text.known(source).filter(|path| path.starts_with('/')).map(str::to_owned);
        let access = mode.or(second).filter(|mode| mount::is_device_mode(mode)).unwrap_or("rwm");
        let (reads, writes) = (access.contains('r'), access.contains('w'));
        self.mount(Mounted {
            from: if reads || writes { From::Device(path) } else { From::ClosedDevice(path) },
            source: text.part(start, start + source.len()),
            target: text.known(target).map(str::to_owned),
            target_span: text.site.value,
            read_only: (!writes).then_some((true, text.site.value)),
            below: Below::Usual,
            idmap: None,
            propagation: None,
            site: text.site,
        });
    }

    /// `--tmpfs target:options`
    pub(crate) fn tmpfs(&mut self, text: Text<'_>) {
        let (target, _) = text.text.split_once(':').unwrap_or((text.text, ""));
        self.mount(Mounted {
            from: From::Memory,
            source: text.site.value,
            target: text.known(target).map(str::to_owned),
            target_span: text.part(0, target.len()),
            read_only: None,
            below: Below::Usual,
            idmap: None,
            propagation: None,
            site: text.site,
        });
    }

    /// Puts a mount in; gives the place of its volume.
    pub(crate) fn mount(&mut self, mut mounted: Mounted) -> usize {
        let mut index = self.pod.volumes.len();
        let before = mounted.target.as_ref().and_then(|target| self.names.get(target).copied());
        match before {
            Some((at, true)) if self.replaces => index = at,
            // Two of one name would be one volume of a pod.
            Some(_) => mounted.target = mounted.target.map(|target| format!("{target} ({})", index + 1)),
            None => {}
        }
        let idmap = mounted.idmap;
        let (volume, mount) = mounted.into_model(index, &self.pod.route.key("volumes"));
        self.names.insert(volume.name.clone(), (index, self.replaces));
        if let Some(is_of_namespace) = idmap {
            self.pod.engine.idmapped.push((volume.name.clone(), is_of_namespace));
        }
        match (self.pod.volumes.get_mut(index), self.container.mounts.get_mut(index)) {
            (Some(old_volume), Some(old_mount)) => (*old_volume, *old_mount) = (volume, mount),
            _ => {
                few::push(&mut self.pod.volumes, volume);
                few::push(&mut self.container.mounts, mount);
            }
        }
        index
    }

    /// `--use-api-socket` and `use_api_socket`: the engine's socket comes in at its usual place, with the credentials of
    /// whoever runs the command.
    ///
    /// Source: `cli/command/container/create.go` of docker/cli (`useAPISocket`).
    fn mount_socket(&mut self, site: Site) {
        let path = "/var/run/docker.sock".to_owned();
        self.mount(Mounted {
            from: From::Host(Some(path.clone())),
            source: site.value,
            target: Some(path),
            target_span: site.value,
            read_only: None,
            below: Below::Usual,
            idmap: None,
            propagation: None,
            site,
        });
    }

    /// A limit under the name that Kubernetes has for it.
    pub(crate) fn limit(&mut self, name: &str, text: Text<'_>) {
        let pair = Pair { name: name.to_owned(), value: text.text.to_owned(), site: text.site };
        self.container.resources.limits.push(pair);
    }

    /// `--pids-limit`
    pub(crate) fn pids(&mut self, text: Text<'_>) {
        self.pod.engine.pids_limit = text.field(text.text.parse().ok());
    }

    /// `--sysctl name=value`
    pub(crate) fn sysctl(&mut self, text: Text<'_>) {
        let (name, value) = text.text.split_once('=').unwrap_or((text.text, ""));
        let pair = Pair { name: name.to_owned(), value: value.to_owned(), site: text.site };
        self.pod.security.sysctls.push(pair);
    }

    /// `--env NAME=value`; without a value it is that of whoever runs the command.
    pub(crate) fn env(&mut self, text: Text<'_>) {
        let index = self.container.env.len();
        let (name, value) = match text.text.split_once('=') {
            Some((name, value)) => {
                let at = Site { key: None, value: text.part(name.len() + 1, text.text.len()) };
                let value = text.known(value).map_or(Field::Unreadable(at), |value| Field::Set(value.to_owned(), at));
                (name, value)
            }
            None => (text.text, Field::Absent),
        };
        self.container.env.push(EnvVar {
            index,
            name: Field::Set(name.to_owned(), text.site),
            value,
            ..EnvVar::default()
        });
    }

    /// `--publish host:container`
    pub(crate) fn publish(&mut self, text: Text<'_>) {
        let index = self.container.ports.len();
        let (ports, _) = text.text.split_once('/').unwrap_or((text.text, ""));
        let mut parts = ports.rsplit(':');
        let inside = parts.next().and_then(|port| port.split('-').next()?.parse().ok());
        let outside = parts.next().and_then(|port| port.split('-').next()?.parse().ok());
        self.container.ports.push(Port {
            index,
            container_port: text.field(inside),
            host_port: outside.map_or(Field::Absent, |port| text.field(Some(port))),
        });
    }
}

/// Whether a mapping of users, `inside:outside:count`, gives root inside the number that root has outside. In front there may be
/// flags.
///
/// Source: podman-run(1), `--uidmap`.
pub(crate) fn maps_root(mapping: &str) -> bool {
    let mut numbers = mapping.trim_start_matches(['+', 'u', 'g']).split(':');
    numbers.next() == Some("0") && numbers.next() == Some("0")
}

/// A path of the host from its root; `None` for one that depends on where the command is run.
pub(crate) fn absolute(path: &str) -> Option<String> {
    (path.starts_with('/') || path.contains('\\')).then(|| path.to_owned())
}
