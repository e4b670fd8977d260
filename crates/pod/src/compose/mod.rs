//! Compose files: every service is a pod with one container.
//!
//! Source: the Compose Specification (`05-services.md`, `13-merge.md`) and its schema. A key that is written wins over one
//! that a merge key (`<<`) brings in, wherever it stands: that is YAML 1.2's reader, not the one of Kubernetes.

mod interpolate;
mod join;
mod keys;
mod operations;
mod service;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use watertight_diagnostic::Route;
use watertight_text::{Span, few, shortened};
use watertight_yaml::{Document, Entry, Kind, Node, Stream};

use crate::budget::Budget;
use crate::engine::mount::is_bind;
use crate::engine::{Builder, Text, absolute};
use crate::{Object, Objects, Problem, ProblemKind, Site, Syntax, Versions};

pub use operations::{operations, rewrites};

/// How far `extends` is followed within a file.
const EXTENDS: usize = 8;
/// Services of one file.
const SERVICES: usize = 1_000;
/// Bytes of a name that is taken for one. All that is found in a service names it again.
const NAME: usize = 1_000;

/// Whether a document is a compose file.
pub fn is_compose(document: &Document<'_>) -> bool {
    let Some(root) = document.root() else { return false };
    let services = root.get("services").is_some_and(|services| services.kind() == Kind::Mapping);
    services && root.entry("apiVersion").is_none() && root.entry("kind").is_none()
}

/// Reads every service. Never fails: what is wrong becomes a [`Problem`].
pub fn read(stream: &Stream<'_>) -> Objects {
    let mut objects = Objects::default();
    let mut budget = Budget::of(stream);
    for document in stream.documents.iter().filter(|document| is_compose(document)) {
        let Some(root) = document.root() else { continue };
        let services = root.get("services").map(entries).unwrap_or_default();
        let named = |key| by_name(&root.get(key).map(entries).unwrap_or_default());
        let file = File {
            root,
            route: Route::root(document.index),
            services: by_name(&services),
            volumes: named("volumes"),
            secrets: named("secrets"),
            configs: named("configs"),
        };
        file.check_keys(&mut objects.problems);
        let first = objects.pods.len();
        for (at, entry) in services.iter().enumerate() {
            if entry.value.kind() != Kind::Mapping || entry.name().starts_with("x-") {
                continue;
            }
            if entry.name().len() > NAME {
                objects.problems.push(long_name(entry, document.index));
                continue;
            }
            if at >= SERVICES || !file.service(entry, &mut objects, &mut budget) {
                objects.problems.push(not_read(entry, document.index));
                break;
            }
        }
        join::all(&mut objects, first, &mut budget);
    }
    objects.with_short_names()
}

/// A service whose name would stand in every place of it.
fn long_name(entry: &Entry<'_>, document: usize) -> Problem {
    let message = format!("The name of this service is longer than {NAME} bytes; the service is not read.");
    let route = Route::root(document).key("services");
    Problem { kind: ProblemKind::BadValue { message }, span: entry.key.span(), route, versions: Versions::ALL }
}

/// From this service on none is read.
fn not_read(entry: &Entry<'_>, document: usize) -> Problem {
    let message = "There are too many services here, or they take over too much from each other; those from this one on are not read.";
    Problem {
        kind: ProblemKind::BadValue { message: message.to_owned() },
        span: entry.key.span(),
        route: Route::root(document).key("services").key(entry.name().into_owned()),
        versions: Versions::ALL,
    }
}

/// A compose file on the way.
pub(crate) struct File<'d> {
    root: Node<'d>,
    route: Route,
    /// By their names, because every service may ask for another one.
    services: HashMap<Cow<'d, str>, Node<'d>>,
    volumes: HashMap<Cow<'d, str>, Node<'d>>,
    secrets: HashMap<Cow<'d, str>, Node<'d>>,
    configs: HashMap<Cow<'d, str>, Node<'d>>,
}

/// A mapping of a service with the field that it stands in.
#[derive(Clone)]
pub(crate) struct Place<'d> {
    node: Node<'d>,
    route: Route,
}

impl<'d> File<'d> {
    fn check_keys(&self, problems: &mut Vec<Problem>) {
        for entry in self.root.written_entries().filter(|entry| !keys::is_known(keys::FILE, &entry.name())) {
            problems.push(unknown(&entry, keys::FILE, &self.route));
        }
        if let Some(include) = self.root.entry("include") {
            let message = "What this file includes is not here, so its services are not looked at.".to_owned();
            let (kind, span) = (ProblemKind::BadValue { message }, include.key.span());
            problems.push(Problem { kind, span, route: self.route.key("include"), versions: Versions::ALL });
        }
    }

    /// Reads one service. False when it is more than may be read, together with those before.
    fn service(&self, entry: &Entry<'d>, objects: &mut Objects, budget: &mut Budget) -> bool {
        let name = entry.name();
        let route = self.route.key("services").key(name.clone().into_owned());
        let head = entry.key.span();
        let mut builder = Builder::new(Syntax::Compose, route.clone(), head);
        builder.container.name = name.clone().into_owned();
        let own = Place { node: entry.value, route: route.clone() };
        for written in own.node.written_entries().filter(|entry| !keys::is_known(keys::SERVICE, &entry.name())) {
            objects.problems.push(unknown(&written, keys::SERVICE, &route));
        }
        let mut chain = vec![own];
        self.extended(&mut chain, &mut builder);
        let count = |list: Option<Node<'_>>| list.map_or(0, |list| list.items().count());
        let volumes = |place: &Place<'d>| -> usize {
            ["volumes", "secrets", "configs"].iter().map(|key| count(place.node.get(key))).sum()
        };
        let mut of_others = chain.iter().skip(1);
        let fits = budget.node(entry.value) && of_others.all(|place| budget.copy(place.node));
        let is_paid = fits && chain.iter().all(|place| budget.volumes(volumes(place)));
        // Of the first one as many volumes are read as a list may have.
        if !fits || !is_paid && !objects.objects.is_empty() {
            return false;
        }
        let mut replaced: HashSet<Cow<'d, str>> = HashSet::new();
        let mut layers = Vec::new();
        for place in &chain {
            layers.push((place, replaced.clone()));
            replaced
                .extend(place.node.written_entries().filter(|entry| replaces(entry.value)).map(|entry| entry.name()));
        }
        for (place, replaced) in layers.into_iter().rev() {
            service::apply(&mut builder, place, &replaced, self);
        }
        let (mut pod, refused) = builder.finish();
        pod.object = objects.objects.len();
        pod.span = entry.value.span();
        let problem = |(kind, span)| Problem { kind, span, route: route.clone(), versions: Versions::ALL };
        objects.problems.extend(refused.into_iter().map(problem));
        let span = head.cover(entry.value.span());
        objects.objects.push(Object {
            kind: "service".to_owned(),
            name: name.into_owned(),
            route,
            span,
            head,
            ..Object::default()
        });
        few::push(&mut objects.pods, pod);
        true
    }

    /// The services that a service takes settings over from, itself first. What stands in another file is named.
    fn extended(&self, chain: &mut Vec<Place<'d>>, builder: &mut Builder) {
        while chain.len() <= EXTENDS {
            let Some(extends) = chain.last().and_then(|place| place.node.entry("extends")) else { return };
            let named = match extends.value.kind() {
                Kind::Mapping => extends.value.get("service").and_then(Node::written),
                _ => extends.value.written(),
            };
            let elsewhere = extends.value.get("file").and_then(Node::written);
            let span = extends.key.span().cover(extends.value.span());
            let found = named.filter(|_| elsewhere.is_none()).and_then(|name| {
                let node = *self.services.get(name)?;
                (node.kind() == Kind::Mapping)
                    .then(|| Place { node, route: self.route.key("services").key(name.to_owned()) })
            });
            match found {
                Some(base) if chain.iter().all(|place| place.route != base.route) => chain.push(base),
                Some(_) => return builder.refuse("This service extends itself.", span),
                None => {
                    let named = named.unwrap_or("without a name");
                    let Some(file) = elsewhere else {
                        let message = format!(
                            "It takes settings over from service {named}, which is not here: they are unknown."
                        );
                        return builder.refuse(message, span);
                    };
                    let site = Site { key: Some(extends.key.span()), value: extends.value.span() };
                    let message =
                        format!("It takes settings over from service {named} of {file}, which is not read here.");
                    return builder.elsewhere(message, site);
                }
            }
        }
    }

    /// What of the host is behind a named volume that is none: `driver_opts` with `o: bind` and a device, or with a device
    /// that is a disk. Its path is `None` where variables decide it.
    fn bound(&self, volume: &str) -> Option<Option<String>> {
        let options = self.volumes.get(volume)?.get("driver_opts")?;
        let text = |name| Some(interpolated(options.get(name).and_then(Node::written)?));
        let (device, is_hidden) = text("device")?;
        let binds = text("o").is_some_and(|(modes, expands)| expands || is_bind(&modes));
        let is_disk = device.starts_with("/dev/");
        (binds || is_disk).then(|| Some(device).filter(|_| !is_hidden))
    }

    /// The file of the host that a secret or a config is; `None` where it is none, or one of the project's own. Its path is `None`
    /// where variables decide it, and where it leads out of the project's folder.
    fn granted(&self, kind: Grant, name: &str) -> Option<Option<String>> {
        let list = if kind == Grant::Secret { &self.secrets } else { &self.configs };
        let (path, is_hidden) = interpolated(list.get(name)?.get("file").and_then(Node::written)?);
        let leads_out = || is_hidden || path.starts_with('~') || path.split('/').any(|step| step == "..");
        match absolute(&path) {
            Some(path) if !is_hidden => Some(Some(path)),
            _ => leads_out().then_some(None),
        }
    }
}

/// What a service is granted by name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    Secret,
    Config,
}

/// A value with its defaults in the places of variables, and whether something in it is not known.
fn interpolated(written: &str) -> (String, bool) {
    match interpolate::interpolate(written) {
        Some(found) => (found.text, found.expands),
        None => (written.to_owned(), false),
    }
}

/// Whether a value takes the place of what the service would take over, or takes it out, and does not join it.
///
/// Source: `13-merge.md` of the Compose Specification (`!reset` and `!override`); `loader/reset.go` of compose-go.
fn replaces(node: Node<'_>) -> bool {
    is_reset(node) || node.tag_word() == Some("!override")
}

/// Whether a value is only there to take another one out.
fn is_reset(node: Node<'_>) -> bool {
    node.tag_word() == Some("!reset")
}

fn unknown(entry: &Entry<'_>, known: &'static str, route: &Route) -> Problem {
    // Through an alias each use would copy a long one.
    let name = shortened(&entry.name(), NAME).into_owned();
    let meant = crate::meant::closest_of(&name.replace('-', "_"), known.split_ascii_whitespace());
    let kind = ProblemKind::UnknownField { meant: meant.map(str::to_owned), name: name.clone() };
    Problem { kind, span: entry.key.span(), route: route.key(name), versions: Versions::ALL }
}

fn by_name<'d>(entries: &[Entry<'d>]) -> HashMap<Cow<'d, str>, Node<'d>> {
    entries.iter().map(|entry| (entry.name(), entry.value)).collect()
}

/// The entries of a mapping, each key once: what is written here wins over what is merged. What is reset is not there.
pub(crate) fn entries(map: Node<'_>) -> Vec<Entry<'_>> {
    let mut all = once(map);
    all.retain(|entry| !is_reset(entry.value));
    all
}

fn once(map: Node<'_>) -> Vec<Entry<'_>> {
    let all = map.entries();
    if !all.iter().any(|entry| entry.merged) {
        return all;
    }
    let mut written: Vec<Entry<'_>> = map.written_entries().filter(|entry| entry.name() != "<<").collect();
    let names: HashSet<Cow<'_, str>> = written.iter().map(Entry::name).collect();
    written.extend(all.into_iter().filter(|entry| !names.contains(&entry.name())));
    written
}

/// A scalar with its defaults in the places of variables.
pub(crate) struct Scalar<'d> {
    text: Cow<'d, str>,
    site: Site,
    start: Option<u32>,
    expands: bool,
}

impl Scalar<'_> {
    pub(crate) fn text(&self) -> Text<'_> {
        Text { text: &self.text, site: self.site, start: self.start, expands: self.expands }
    }
}

/// A scalar that says something, noted with the field it stands in.
pub(crate) fn scalar<'d>(builder: &mut Builder, node: Node<'d>, key: Option<Span>, route: Route) -> Option<Scalar<'d>> {
    let written = node.written()?;
    let span = node.span();
    builder.pod.engine.statements.push(span, route);
    let site = Site { key, value: span };
    if let Some(found) = interpolate::interpolate(written) {
        if !found.defaults.is_empty() {
            builder.pod.engine.defaults.push((site.whole(), found.defaults));
        }
        // What stands in the file is as long as what it means where nothing was put in.
        let start = (found.text == written).then(|| start_of(span, written)).flatten();
        return Some(Scalar { text: found.text.into(), site, start, expands: found.expands });
    }
    Some(Scalar { text: written.into(), site, start: start_of(span, written), expands: false })
}

/// Where a value begins in the file, when they agree byte for byte.
fn start_of(span: Span, written: &str) -> Option<u32> {
    match span.len().checked_sub(written.len()) {
        Some(0) => Some(span.start),
        // Quotes on both sides and nothing escaped in between.
        Some(2) => Some(span.start + 1),
        _ => None,
    }
}
