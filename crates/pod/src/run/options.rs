//! From the options of a command line to a pod.

use watertight_diagnostic::Route;

use super::line::{Given, Line, Value};
use super::shape;
use crate::engine::mount::{Below, From, Mounted, commas, is_bind, is_usual, propagation};
use crate::engine::{Builder, Text, absolute, boolean, maps_root};
use crate::{Engine, Field, Named, Pod, Problem, Site, Syntax, Versions};

/// The pod that a line makes.
pub(super) fn pod(line: &Line<'_>, route: &Route, problems: &mut Vec<Problem>) -> Pod {
    let mut builder = Builder::new(Syntax::Run(line.engine), route.clone(), line.head);
    for given in &line.options {
        option(&mut builder, given, line.engine);
    }
    if let Some((text, given)) = line.api.as_ref().and_then(|given| Some((text(given)?, given)))
        && !text.text.starts_with("unix:")
    {
        builder.pod.engine.api = Field::Set(text.text.to_owned(), given.site);
    }
    for word in &line.hidden {
        let site = Site { key: None, value: word.span };
        builder.hidden("", Text { text: &word.text, site, start: None, expands: true });
        builder.may_hold_options(site);
    }
    let container = &mut builder.container;
    if let Some(image) = line.image {
        let site = Site { key: None, value: image.span };
        container.image = match image.expands {
            true => Field::Unreadable(site),
            false => Field::Set(image.text.clone(), site),
        };
        builder.pod.engine.insert = Some(watertight_text::Span::at(image.span.start as usize));
        if container.name.is_empty() {
            container.name = short_name(&image.text).to_owned();
        }
        let is_folder = line.options.iter().rfind(|given| given.flag.name == "rootfs");
        if is_folder.is_some_and(|given| given.value.is_none_or(|value| boolean(value.text()) != Some(false))) {
            // What stands where the image does is a folder of the host, and the root of the container.
            container.image = Field::Absent;
            let path = image.text.strip_suffix(":O").unwrap_or(&image.text);
            builder.mount(Mounted {
                from: From::Host(Some(path).filter(|_| !image.expands).and_then(absolute)),
                source: image.span,
                target: Some("/".to_owned()),
                target_span: image.span,
                read_only: None,
                below: Below::Usual,
                idmap: None,
                propagation: None,
                site,
            });
        }
    }
    builder.container.args = line
        .arguments
        .iter()
        .map(|word| Named { name: word.text.clone(), site: Site { key: None, value: word.span } })
        .collect();
    if line.engine == Engine::Podman {
        // Whoever is not root keeps what is added. Source: `securityConfigureGenerator` in `pkg/specgen/generate` of Podman.
        builder.pod.engine.ambient.clone_from(&builder.container.security.capabilities_add);
    }
    let (pod, refused) = builder.finish();
    let problem = |(kind, span)| Problem { kind, span, route: route.clone(), versions: Versions::ALL };
    problems.extend(refused.into_iter().map(problem));
    pod
}

/// The last part of an image's name: `nginx` of `docker.io/library/nginx:1.27`.
fn short_name(image: &str) -> &str {
    let last = image.split('@').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    last.split(':').next().unwrap_or_default()
}

fn text<'w>(given: &Given<'w>) -> Option<Text<'w>> {
    given.value.map(|value| text_of(value, given.site))
}

fn text_of<'w>(value: Value<'w>, site: Site) -> Text<'w> {
    let text = value.text();
    let whole = value.part(0, text.len());
    let start = (whole.len() == text.len()).then_some(whole.start);
    Text { text, site, start, expands: value.expands() }
}

fn option(builder: &mut Builder, given: &Given<'_>, engine: Engine) {
    let Some(text) = text(given) else {
        return switch(builder, given, Field::Set(true, given.site));
    };
    if engine == Engine::Docker {
        shape::check(builder, given.flag.name, text);
    }
    builder.expect_known(given.flag.name, text);
    match given.flag.name {
        "name" => builder.container.name = text.text.to_owned(),
        "cap-add" | "cap-drop" => {
            let adds = given.flag.name == "cap-add";
            // Podman takes several in one option.
            let pieces: Vec<&str> = match engine {
                Engine::Docker => vec![text.text],
                Engine::Podman | Engine::Nerdctl => text.text.split(',').collect(),
            };
            pieces.into_iter().for_each(|piece| builder.capability(Text { text: piece, ..text }, adds));
        }
        "security-opt" => builder.security_opt(text),
        "pid" => builder.pid(text),
        "ipc" => builder.ipc(text),
        "uts" => builder.uts(text),
        "cgroupns" => builder.cgroup(text),
        // Docker joins other networks besides the first, which is the container's mode.
        "net" | "network" if engine == Engine::Docker && builder.pod.engine.network != Field::Absent => {}
        "net" | "network" => builder.network(network(text, engine)),
        "userns" => builder.userns(text),
        "uidmap" | "gidmap" | "subuidname" | "subgidname" => {
            builder.pod.host_users = Field::Set(false, given.site);
            if given.flag.name == "uidmap" && maps_root(text.text) {
                builder.pod.engine.root_is_root = Field::Set(true, given.site);
            }
        }
        "user" => builder.user(text),
        "workdir" => builder.container.working_dir = Field::Set(text.text.to_owned(), given.site),
        "group-add" => builder.group(text),
        "volume" => {
            builder.volume(text);
        }
        "mount" => mount(builder, text, engine),
        "tmpfs" => builder.tmpfs(text),
        "device" => builder.device(text),
        "device-cgroup-rule" => {
            builder.pod.engine.device_rules.push(Named { name: text.text.to_owned(), site: given.site });
        }
        "gpus" => builder.limit("nvidia.com/gpu", text),
        "memory" => limit(builder, "memory", text),
        "cpus" | "cpu-quota" => limit(builder, "cpu", text),
        "pids-limit" => builder.pids(text),
        "sysctl" => builder.sysctl(text),
        "env" => builder.env(text),
        "publish" => builder.publish(text),
        "runtime" => builder.pod.runtime_class = Field::Set(text.text.to_owned(), given.site),
        "volumes-from" => builder.pod.engine.volumes_from.push(Named { name: text.text.to_owned(), site: given.site }),
        "entrypoint" => builder.container.command = vec![Named { name: text.text.to_owned(), site: given.site }],
        _ => {
            let value = if given.flag.takes_value { Field::Absent } else { builder.boolean(text) };
            switch(builder, given, value);
        }
    }
}

/// An option that is on by being there.
fn switch(builder: &mut Builder, given: &Given<'_>, value: Field<bool>) {
    let container = &mut builder.container;
    match given.flag.name {
        "privileged" => container.security.privileged = value,
        "read-only" => container.security.read_only_root = value,
        "tty" => container.tty = value,
        "interactive" => container.stdin = value,
        "use-api-socket" => builder.socket = value,
        _ => {}
    }
}

/// 0 means no limit.
fn limit(builder: &mut Builder, name: &str, text: Text<'_>) {
    builder.container.resources.limits.retain(|pair| pair.name != name);
    if !matches!(text.text, "0" | "0b" | "-1") {
        builder.limit(name, text);
    }
}

/// The network that `--network` names. Docker takes fields as well, in any case: `name=host,alias=web`.
///
/// Source: `opts/network.go` of docker/cli.
fn network(text: Text<'_>, engine: Engine) -> Text<'_> {
    let fields = commas(text.text).into_iter().filter_map(|(_, field)| field.split_once('='));
    let name =
        fields.filter(|(key, _)| key.trim().eq_ignore_ascii_case("name")).map(|(_, name)| name.trim()).next_back();
    match name {
        Some(name) if engine == Engine::Docker => {
            Text { text: if name.eq_ignore_ascii_case("host") { "host" } else { name }, ..text }
        }
        _ => text,
    }
}

/// `--mount type=bind,source=/,target=/host,readonly`
///
/// Sources: `opts/mount.go`, `opts/mount_utils.go` and `validateMountOptions` of docker/cli; `validateMountConfigImpl` in
/// `volume/mounts/linux_parser.go` of moby; podman-run(1).
fn mount(builder: &mut Builder, text: Text<'_>, engine: Engine) {
    let mut kind = ("volume".to_owned(), "volume", text.site.value);
    // What the driver of a volume is told: that of Docker mounts what it is told to.
    let (mut device, mut binds) = (None, false);
    let (mut source, mut target, mut read_only, mut spread) = (None, None, None, None);
    let (mut below, mut is_rprivate, mut idmap) = (Below::Usual, false, None);
    let is_docker = engine == Engine::Docker;
    for (start, field) in commas(text.text) {
        let bare = field.trim_matches('"');
        let start = start + (field.len() - bare.len()) / 2;
        let (key, value) = bare.split_once('=').unwrap_or((bare, ""));
        let is_bare = key.len() == bare.len();
        let at = start + bare.len() - value.len();
        let span = text.part(at, at + value.len());
        let whole = text.part(start, start + bare.len());
        let key = key.to_ascii_lowercase();
        if is_docker && is_bare && is_known(&key) && !SWITCHES.contains(&key.as_str()) {
            builder.refuse(format!("{key:?} needs a value in a mount: {key}=…."), whole);
            continue;
        }
        match key.as_str() {
            "type" => kind = (value.to_ascii_lowercase(), value, span),
            "source" | "src" => source = Some((value, span)),
            "target" | "destination" | "dst" => target = Some((value, span)),
            "readonly" | "ro" => {
                let known = if is_bare { Some(true) } else { boolean(value) };
                if let Some(value) = known {
                    read_only = Some((value, whole));
                } else if text.known(value).is_some() {
                    builder.refuse(format!("{value:?} is neither true nor false."), span);
                } else {
                    // It may be writable.
                    builder.hidden("mount", Text { text: value, ..text });
                }
            }
            "rw" if !is_docker => read_only = Some((boolean(value) == Some(false), whole)),
            "volume-opt" => match value.split_once('=') {
                Some(("device", path)) => device = Some((path, text.part(at + "device=".len(), at + value.len()))),
                Some(("o", options)) => binds |= is_bind(options),
                _ => {}
            },
            "bind-propagation" => {
                let word = value.to_ascii_lowercase();
                is_rprivate = word == "rprivate";
                spread = propagation(&word).map(|meaning| (meaning.to_owned(), span));
                if text.known(value).is_none() {
                    builder.hidden("mount", Text { text: value, ..text });
                } else if spread.is_none() || is_docker && word.ends_with("unbindable") {
                    let message = format!(
                        "There is no propagation called {value:?}; private, slave and shared exist, each with an r in front or without."
                    );
                    builder.refuse(message, span);
                }
            }
            "u" | "chown" if !is_docker && (is_bare || boolean(value) == Some(true)) => idmap = Some(true),
            "idmap" if !is_docker && boolean(value) != Some(false) => {
                idmap = Some(is_bare || boolean(value) == Some(true));
            }
            "bind-nonrecursive" if is_bare || boolean(value) == Some(true) => below = Below::Apart,
            "bind-recursive" => match Below::of_recursive(value) {
                Some(known) => below = known,
                None if text.known(value).is_none() => builder.hidden("mount", Text { text: value, ..text }),
                None => {
                    let message = format!(
                        "There is no bind-recursive called {value:?}; enabled, disabled, writable and readonly exist."
                    );
                    builder.refuse(message, span);
                }
            },
            key if is_known(key) && !(is_docker && is_foreign(key)) || text.known(key).is_none() => {}
            key => {
                let known = KEYS.split_ascii_whitespace().filter(|key| !(is_docker && is_foreign(key)));
                let meant = if is_known(key) { None } else { crate::meant::closest_of(key, known).map(str::to_owned) };
                let problem = crate::ProblemKind::UnknownField { name: key.to_owned(), meant };
                builder.problems.push((problem, text.part(start, start + key.len())));
            }
        }
    }
    let known = |value: &str| text.known(value).map(str::to_owned);
    // A block device that a volume's driver mounts shows the files of a disk of the host.
    let is_disk = device.is_some_and(|(path, _)| path.starts_with("/dev/"));
    if (binds || is_disk) && kind.0 == "volume" {
        source = device.or(source);
        kind.0 = "bind".to_owned();
    }
    if is_docker && text.is_known() {
        if target.is_none_or(|(target, _)| target.is_empty()) {
            builder.refuse("A mount needs a target: the path in the container.", text.site.value);
        } else if kind.0 == "bind" && source.is_none_or(|(source, _)| source.is_empty()) {
            builder.refuse("A mount of type bind needs a source: the path of the host.", text.site.value);
        }
        let is_read_only = read_only.as_ref().is_some_and(|(is_set, _)| *is_set);
        if matches!(below, Below::ReadOnly | Below::Writable) && !is_read_only {
            builder.refuse("This bind-recursive needs readonly beside it.", text.site.value);
        } else if below == Below::ReadOnly && !is_rprivate {
            builder.refuse("bind-recursive=readonly needs bind-propagation=rprivate beside it.", text.site.value);
        }
    }
    let from = match kind.0.as_str() {
        "bind" => {
            if let Some((path, _)) = source.filter(|(path, _)| text.known(path).is_none() && !is_usual(path)) {
                builder.hidden("mount", Text { text: path, ..text });
            }
            From::Host(source.and_then(|(source, _)| known(source)).and_then(|path| absolute(&path)))
        }
        "tmpfs" => From::Memory,
        "devpts" | "ramfs" if !is_docker => From::Memory,
        "image" => From::Image,
        "glob" if !is_docker => From::Image,
        "volume" | "cluster" | "npipe" => From::Engine,
        other => {
            match text.known(kind.1) {
                Some(_) => builder.refuse(
                    format!("There is no mount type called {other:?}; bind, volume, tmpfs and image exist."),
                    kind.2,
                ),
                None => builder.hidden("mount", Text { text: kind.1, ..text }),
            }
            From::Host(None)
        }
    };
    builder.mount(Mounted {
        from,
        source: source.map_or(text.site.value, |(_, span)| span),
        target: target.and_then(|(target, _)| known(target)),
        target_span: target.map_or(text.site.value, |(_, span)| span),
        read_only,
        below,
        idmap,
        propagation: spread,
        site: text.site,
    });
}

/// The keys of `--mount`.
const KEYS: &str = "type source src target destination dst readonly ro bind-propagation bind-recursive \
    bind-nonrecursive bind-create-src consistency volume-nocopy volume-label volume-driver volume-opt volume-subpath \
    image-subpath image-opt tmpfs-size tmpfs-mode tmpfs-options subpath relabel u chown idmap notmpcopyup tmpcopyup rw \
    uid gid mode size no-dereference";

/// Those that Docker takes without a value.
const SWITCHES: [&str; 5] = ["readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src"];

fn is_known(key: &str) -> bool {
    KEYS.split_ascii_whitespace().any(|known| known == key)
}

/// Whether a key is one of Podman's, at which Docker stops.
fn is_foreign(key: &str) -> bool {
    const FOREIGN: &str = "image-opt tmpfs-options subpath relabel u chown idmap notmpcopyup tmpcopyup rw uid gid mode size \
        no-dereference";
    FOREIGN.split_ascii_whitespace().any(|known| known == key)
}
