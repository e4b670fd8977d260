//! From the keys of a service to a pod.

use std::borrow::Cow;
use std::collections::HashSet;

use watertight_diagnostic::Route;
use watertight_text::Span;
use watertight_yaml::{Entry, Kind, Node};

use super::{File, Grant, Place, Scalar, entries, scalar};
use crate::engine::mount::{Below, From, Mounted, is_path, is_usual, propagation};
use crate::engine::{Builder, ENTRIES, Text, absolute, not_all_read};
use crate::run::shape;
use crate::{EnvVar, Field, Named, Port, Site};

/// Puts the settings of one mapping into the pod; what it says replaces or joins what was there. Those in `replaced` are
/// left out, because who takes them over says otherwise.
pub(super) fn apply(builder: &mut Builder, place: &Place<'_>, replaced: &HashSet<Cow<'_, str>>, file: &File<'_>) {
    for entry in entries(place.node) {
        let name = entry.name();
        if replaced.contains(&name) {
            continue;
        }
        let route = place.route.key(name.clone().into_owned());
        let setting = Setting { entry: &entry, route };
        setting.apply(builder, &name, file);
    }
}

struct Setting<'e, 'd> {
    entry: &'e Entry<'d>,
    route: Route,
}

impl<'d> Setting<'_, 'd> {
    fn apply(&self, builder: &mut Builder, name: &str, file: &File<'d>) {
        let node = self.entry.value;
        match name {
            "volumes" => {
                // Source: `volumeIndexer` in `override/uncity.go` of compose-go.
                builder.replaces = true;
                self.each(builder, |builder, item, route| volume(builder, item, route, file));
                builder.replaces = false;
                return;
            }
            "secrets" => {
                return self.each(builder, |builder, item, route| grant(builder, item, route, Grant::Secret, file));
            }
            "configs" => {
                return self.each(builder, |builder, item, route| grant(builder, item, route, Grant::Config, file));
            }
            "devices" => return self.each(builder, device),
            "ports" => return self.each(builder, port),
            "environment" => return self.named(builder, env),
            "sysctls" => return self.named(builder, sysctl),
            "deploy" => return self.deploy(builder),
            "post_start" | "pre_stop" => return self.hooks(builder, name),
            "entrypoint" => {
                builder.container.command = words(node);
                return;
            }
            "command" => {
                builder.container.args = words(node);
                return;
            }
            "cap_add" => return self.list(builder, |builder, text| builder.capability(text, true)),
            "cap_drop" => return self.list(builder, |builder, text| builder.capability(text, false)),
            "security_opt" => return self.list(builder, Builder::security_opt),
            "group_add" => return self.list(builder, Builder::group),
            "tmpfs" => return self.texts(builder, Builder::tmpfs),
            "volumes_from" => {
                return self.list(builder, |builder, text| builder.pod.engine.volumes_from.push(named(text)));
            }
            "device_cgroup_rules" => {
                return self.list(builder, |builder, text| builder.pod.engine.device_rules.push(named(text)));
            }
            _ => {}
        }
        let Some(scalar) = scalar(builder, node, Some(self.entry.key.span()), self.route.clone()) else {
            if name == "gpus" && node.kind() == Kind::Sequence {
                self.gpu(builder);
            }
            return;
        };
        if node.is_null() {
            return;
        }
        let text = scalar.text();
        builder.expect_known(name, text);
        match name {
            "container_name" => builder.container.name = text.text.to_owned(),
            "image" => {
                builder.container.image = match text.known(text.text) {
                    Some(image) => Field::Set(image.to_owned(), text.site),
                    None => Field::Unreadable(text.site),
                };
            }
            "privileged" => builder.container.security.privileged = switch(builder, node, text),
            "read_only" => builder.container.security.read_only_root = switch(builder, node, text),
            "tty" => builder.container.tty = switch(builder, node, text),
            "stdin_open" => builder.container.stdin = switch(builder, node, text),
            "pid" => builder.pid(text),
            "ipc" => builder.ipc(text),
            "uts" => builder.uts(text),
            "cgroup" => builder.cgroup(text),
            "network_mode" | "net" => builder.network(text),
            "userns_mode" => builder.userns(text),
            "user" => builder.user(text),
            "working_dir" => builder.container.working_dir = Field::Set(text.text.to_owned(), text.site),
            "runtime" => builder.pod.runtime_class = Field::Set(text.text.to_owned(), text.site),
            "mem_limit" | "mem_reservation" | "memswap_limit" | "shm_size" => memory(builder, name, text),
            "cpus" | "cpu_quota" => builder.limit("cpu", text),
            "pids_limit" => builder.pids(text),
            "gpus" => builder.limit("nvidia.com/gpu", text),
            "use_api_socket" => builder.socket = switch(builder, node, text),
            _ => {}
        }
    }

    /// Commands that run in the container once it has started, and before it is stopped.
    fn hooks(&self, builder: &mut Builder, name: &str) {
        for (index, hook) in self.entry.value.items().enumerate() {
            let at = self.route.index(index);
            if let Some(scalar) = hook_setting(builder, hook, &at, "user")
                && scalar.text().is_known()
                && is_root(&scalar.text)
            {
                builder.pod.engine.root_hooks.push(Named { name: name.to_owned(), site: scalar.site });
            }
            let Some(scalar) = hook_setting(builder, hook, &at, "privileged") else { continue };
            let text = scalar.text();
            let Some(node) = hook.get("privileged") else { continue };
            match switch(builder, node, text) {
                Field::Set(true, site) => {
                    builder.pod.engine.privileged_hooks.push(Named { name: name.to_owned(), site });
                }
                Field::Unreadable(_) if !text.is_known() => {
                    builder.hidden(&["privileged of ", name].concat(), text);
                }
                _ => {}
            }
        }
    }

    /// Every text of a list. Compose refuses a text in its place for most keys; what it says is read all the same.
    fn list(&self, builder: &mut Builder, apply: impl FnMut(&mut Builder, Text<'_>)) {
        let node = self.entry.value;
        if node.scalar().is_some() && !node.is_null() {
            let message = format!("Compose takes a list for `{}`, not a single value.", self.entry.name());
            builder.refuse(message, node.span());
        }
        self.texts(builder, apply);
    }

    /// Every text of a list, or the one text in its place.
    fn texts(&self, builder: &mut Builder, mut apply: impl FnMut(&mut Builder, Text<'_>)) {
        let node = self.entry.value;
        let name = self.entry.name();
        let mut each = |builder: &mut Builder, scalar: Option<Scalar<'_>>| {
            if let Some(scalar) = scalar {
                builder.expect_known(&name, scalar.text());
                apply(builder, scalar.text());
            }
        };
        if node.kind() != Kind::Sequence {
            let text = scalar(builder, node, Some(self.entry.key.span()), self.route.clone());
            return each(builder, text.filter(|_| !node.is_null()));
        }
        for (index, item) in read_items(node, builder).enumerate() {
            let text = scalar(builder, item, None, self.route.index(index));
            each(builder, text);
        }
    }

    fn each(&self, builder: &mut Builder, mut apply: impl FnMut(&mut Builder, Node<'d>, Route)) {
        for (index, item) in read_items(self.entry.value, builder).enumerate() {
            apply(builder, item, self.route.index(index));
        }
    }

    /// Every pair of a mapping, or `name=value` of a list.
    fn named(&self, builder: &mut Builder, mut apply: impl FnMut(&mut Builder, &str, Text<'_>)) {
        let node = self.entry.value;
        if node.kind() == Kind::Mapping {
            for entry in entries(node) {
                let name = entry.name().into_owned();
                let route = self.route.key(name.clone());
                if let Some(scalar) = scalar(builder, entry.value, Some(entry.key.span()), route) {
                    apply(builder, &name, scalar.text());
                }
            }
            return;
        }
        self.texts(builder, |builder, text| {
            let (name, value) = text.text.split_once('=').unwrap_or((text.text, ""));
            let start = text.start.map(|start| start + (text.text.len() - value.len()) as u32);
            apply(builder, name, Text { text: value, start, ..text });
        });
    }

    /// Limits of the container, and devices that are set aside for it.
    fn deploy(&self, builder: &mut Builder) {
        let resources = self.entry.value.get("resources");
        let limits = self.route.keys("resources.limits");
        for entry in resources.and_then(|resources| resources.get("limits")).map(entries).unwrap_or_default() {
            let name = entry.name().into_owned();
            let Some(scalar) = scalar(builder, entry.value, Some(entry.key.span()), limits.key(name.clone())) else {
                continue;
            };
            let text = scalar.text();
            match name.as_str() {
                "memory" => memory(builder, "mem_limit", text),
                "cpus" => builder.limit("cpu", text),
                "pids" => builder.pids(text),
                _ => {}
            }
        }
        let reserved = resources.and_then(|resources| resources.get("reservations")?.get("devices"));
        let is_gpu = |device: &Node<'_>| {
            let names = |key| device.get(key).into_iter().flat_map(|list: Node<'_>| list.items());
            names("capabilities").any(|item| item.written() == Some("gpu"))
                || device.get("driver").and_then(Node::written) == Some("nvidia")
        };
        if reserved.is_some_and(|devices| devices.items().any(|device| is_gpu(&device))) {
            self.gpu(builder);
        }
    }

    fn gpu(&self, builder: &mut Builder) {
        let site = Site { key: Some(self.entry.key.span()), value: self.entry.value.span() };
        builder.limit("nvidia.com/gpu", Text { text: "all", site, start: None, expands: false });
    }
}

/// A setting of a hook that says something.
fn hook_setting<'d>(builder: &mut Builder, hook: Node<'d>, route: &Route, key: &'static str) -> Option<Scalar<'d>> {
    let entry = hook.entry(key).filter(|entry| !entry.value.is_null())?;
    scalar(builder, entry.value, Some(entry.key.span()), route.key(key))
}

/// Whether a user, with or without a group, is root.
fn is_root(user: &str) -> bool {
    let (user, _) = user.split_once(':').unwrap_or((user, ""));
    user == "root" || user.parse() == Ok(0)
}

/// Compose takes texts as well, in any case, `yes` and `on` among them, but no numbers.
///
/// Source: `toBoolean` in `loader/interpolate.go` of compose-go.
fn switch(builder: &mut Builder, node: Node<'_>, text: Text<'_>) -> Field<bool> {
    if let Some(value) = node.as_bool() {
        return Field::Set(value, text.site);
    }
    match text.text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "on" => Field::Set(true, text.site),
        "n" | "no" | "false" | "off" => Field::Set(false, text.site),
        _ => {
            if text.is_known() {
                builder.refuse(format!("{:?} is neither true nor false.", text.text), text.site.value);
            }
            Field::Unreadable(text.site)
        }
    }
}

fn named(text: Text<'_>) -> Named {
    Named { name: text.text.to_owned(), site: text.site }
}

/// Words of a command: a list, or one text whose words nobody needs apart.
fn words(node: Node<'_>) -> Vec<Named> {
    let word = |node: Node<'_>| {
        let name = node.written()?.to_owned();
        Some(Named { name, site: Site { key: None, value: node.span() } })
    };
    match node.kind() {
        Kind::Sequence => node.items().filter_map(word).collect(),
        Kind::Null => Vec::new(),
        _ => word(node).into_iter().collect(),
    }
}

fn env(builder: &mut Builder, name: &str, text: Text<'_>) {
    let index = builder.container.env.len();
    let at = Site { key: None, value: text.part(0, text.text.len()) };
    let value = text.known(text.text).map_or(Field::Unreadable(at), |value| Field::Set(value.to_owned(), at));
    let name = Field::Set(name.to_owned(), text.site);
    builder.container.env.push(EnvVar { index, name, value, ..EnvVar::default() });
}

fn sysctl(builder: &mut Builder, name: &str, text: Text<'_>) {
    let pair = crate::Pair { name: name.to_owned(), value: text.text.to_owned(), site: text.site };
    builder.pod.security.sysctls.push(pair);
}

fn port(builder: &mut Builder, item: Node<'_>, route: Route) {
    if item.kind() != Kind::Mapping {
        return scalar(builder, item, None, route).into_iter().for_each(|scalar| builder.publish(scalar.text()));
    }
    let index = builder.container.ports.len();
    let number = |key| match item.entry(key) {
        Some(entry) => {
            let site = Site { key: Some(entry.key.span()), value: entry.value.span() };
            entry
                .value
                .written()
                .and_then(|port| port.parse().ok())
                .map_or(Field::Unreadable(site), |port| Field::Set(port, site))
        }
        None => Field::Absent,
    };
    builder.container.ports.push(Port { index, container_port: number("target"), host_port: number("published") });
}

/// The items of a list, as far as they are read.
fn read_items<'d>(list: Node<'d>, builder: &mut Builder) -> impl Iterator<Item = Node<'d>> + use<'d> {
    if let Some(item) = list.item(ENTRIES) {
        builder.refuse(not_all_read(), item.span());
    }
    list.items().take(ENTRIES)
}

fn device(builder: &mut Builder, item: Node<'_>, route: Route) {
    if item.kind() != Kind::Mapping {
        return scalar(builder, item, None, route).into_iter().for_each(|scalar| builder.device(scalar.text()));
    }
    builder.pod.engine.statements.push(item.span(), route.clone());
    let Some(source) = item.get("source").and_then(|source| scalar(builder, source, None, route.key("source"))) else {
        return;
    };
    let access = item.get("permissions").and_then(|access| scalar(builder, access, None, route.key("permissions")));
    let access = access.as_ref().map(Scalar::text).filter(|access| access.is_known());
    let as_one = access.map(|access| [&source.text, ":", &source.text, ":", access.text].concat());
    let site = Site { key: None, value: item.span() };
    builder.device(Text { text: as_one.as_deref().unwrap_or(&source.text), site, ..source.text() });
}

/// A secret or a config, by its name or as a mapping. That of a file is a mount of it that can be read only.
///
/// Source: `buildContainerSecretMounts` and `buildContainerConfigMounts` in `pkg/compose/create.go` of docker/compose.
fn grant(builder: &mut Builder, item: Node<'_>, route: Route, kind: Grant, file: &File<'_>) {
    builder.pod.engine.statements.push(item.span(), route);
    let written = |key| item.get(key).and_then(Node::written);
    let Some(name) = item.written().or_else(|| written("source")) else { return };
    let Some(path) = file.granted(kind, name) else { return };
    let folder = if kind == Grant::Secret { "/run/secrets/" } else { "/" };
    let target = written("target").unwrap_or(name);
    let site = Site { key: None, value: item.span() };
    builder.files.push(Mounted {
        from: From::Host(path),
        source: site.value,
        target: Some(if target.starts_with('/') { target.to_owned() } else { [folder, target].concat() }),
        target_span: site.value,
        read_only: Some((true, site.value)),
        below: Below::Usual,
        idmap: None,
        propagation: None,
        site,
    });
}

/// A volume in the short form `source:target:modes`, or as a mapping.
fn volume(builder: &mut Builder, item: Node<'_>, route: Route, file: &File<'_>) {
    if item.kind() != Kind::Mapping {
        let Some(scalar) = scalar(builder, item, None, route) else { return };
        let text = scalar.text();
        let (source, _) = text.text.split_once(':').unwrap_or(("", ""));
        let at = builder.volume(text);
        if let (Some(path), Some(volume)) = (file.bound(source), builder.pod.volumes.get_mut(at)) {
            bind(volume, path.and_then(|path| absolute(&path)), text.site);
        }
        return;
    }
    builder.pod.engine.statements.push(item.span(), route.clone());
    let site = Site { key: None, value: item.span() };
    let mut text = |key: &'static str| {
        let entry = item.entry(key)?;
        scalar(builder, entry.value, Some(entry.key.span()), route.key(key))
    };
    let scalars = [text("type"), text("source"), text("target")];
    let [kind, source, target] = scalars.each_ref().map(|scalar| scalar.as_ref().map(Scalar::text));
    let read_only = item.entry("read_only").filter(|entry| !entry.value.is_null()).and_then(|entry| {
        let scalar = scalar(builder, entry.value, Some(entry.key.span()), route.key("read_only"))?;
        let value = switch(builder, entry.value, scalar.text());
        if value.is_unreadable() && !scalar.text().is_known() {
            builder.hidden("read_only of a volume", scalar.text());
        }
        Some((*value.get()?, entry))
    });
    let spread = item.get("bind").and_then(|bind| bind.entry("propagation"));
    let spread = spread.and_then(|entry| {
        let scalar = scalar(builder, entry.value, None, route.keys("bind.propagation"))?;
        if !scalar.text().is_known() {
            builder.hidden("propagation of a volume", scalar.text());
        }
        Some((propagation(&scalar.text)?.to_owned(), entry.value.span()))
    });
    let below = item.get("bind").and_then(|bind| bind.entry("recursive")).and_then(|entry| {
        let scalar = scalar(builder, entry.value, None, route.keys("bind.recursive"))?;
        if !scalar.text().is_known() {
            builder.hidden("recursive of a volume", scalar.text());
        }
        Below::of_recursive(&scalar.text)
    });
    let below = below.unwrap_or_default();
    let known = |text: Option<Text<'_>>| text.and_then(|text| text.known(text.text)).map(str::to_owned);
    let span = |text: Option<Text<'_>>| text.map_or(site.value, |text: Text<'_>| text.site.value);
    let from = match kind.map(|kind| kind.text) {
        Some("bind") => From::Host(known(source).and_then(|path| absolute(&path))),
        Some("tmpfs") => From::Memory,
        Some("image") => From::Image,
        Some("volume" | "npipe" | "cluster") | None => match source.and_then(|source| file.bound(source.text)) {
            Some(path) => From::Host(path.and_then(|path| absolute(&path))),
            None if source.is_some_and(|source| is_path(source.text)) => {
                From::Host(known(source).and_then(|path| absolute(&path)))
            }
            None => From::Engine,
        },
        Some(other) => {
            let message = format!("There is no volume type called {other:?}; bind, volume, tmpfs and image exist.");
            builder.refuse(message, span(kind));
            From::Host(None)
        }
    };
    if let (From::Host(None), Some(source)) =
        (&from, source.filter(|source| !source.is_known() && !is_usual(source.text)))
    {
        builder.hidden("volume", source);
    }
    let mounted = Mounted {
        from,
        source: span(source),
        target: known(target),
        target_span: span(target),
        read_only: read_only.map(|(value, entry)| (value, whole(&entry))),
        below,
        idmap: None,
        propagation: spread,
        site,
    };
    builder.mount(mounted);
}

fn whole(entry: &Entry<'_>) -> Span {
    entry.key.span().cover(entry.value.span())
}

/// A named volume that is a path of the host.
fn bind(volume: &mut crate::Volume, path: Option<String>, site: Site) {
    let path = path.map_or(Field::Unreadable(site), |path| Field::Set(path, site));
    volume.host_path = Field::Set(crate::HostPath { path, kind: Field::Absent }, site);
    if let Some(source) = volume.sources.first_mut() {
        "hostPath".clone_into(&mut source.name);
    }
}
/// An amount of memory, which Compose reads as Docker's command line does.
fn memory(builder: &mut Builder, key: &str, text: Text<'_>) {
    let option = match key {
        "mem_reservation" => "memory-reservation",
        "memswap_limit" => "memory-swap",
        "shm_size" => "shm-size",
        _ => "memory",
    };
    shape::check(builder, option, text);
    if option == "memory" {
        builder.limit("memory", text);
    }
}
