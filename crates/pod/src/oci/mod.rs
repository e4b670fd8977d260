//! The `config.json` of an OCI bundle: one container, in which nothing is filled in.
//!
//! Source: the OCI Runtime Specification (`config.md`, `config-linux.md`) and what runc makes of it. A namespace that is not
//! named is the host's; a set of capabilities that is not written is empty; without `seccomp` and `apparmorProfile` nothing
//! confines.

mod keys;
mod operations;

use watertight_diagnostic::Route;
use watertight_text::{Span, few};
use watertight_yaml::{Document, Kind, Node, Stream};

use crate::budget::Budget;
use crate::engine::mount::{Below, From, Mounted, propagation};
use crate::engine::{Builder, ENTRIES, Text, absolute, not_all_read};
use crate::value::integer;
use crate::{
    EnvVar, Field, Named, Object, Objects, Pair, Problem, ProblemKind, Profile, SeLinux, Site, Syntax, Versions,
};

pub use operations::operations;

/// Whether a document is such a configuration.
pub fn is_config(document: &Document<'_>) -> bool {
    let Some(root) = document.root() else { return false };
    let has = |key: &str| root.get(key).is_some_and(|value| matches!(value.kind(), Kind::Mapping | Kind::Sequence));
    root.entry("ociVersion").is_some() && ["process", "root", "linux", "mounts"].into_iter().any(has)
}

/// Reads every configuration. Never fails: what is wrong becomes a [`Problem`].
pub fn read(stream: &Stream<'_>) -> Objects {
    let mut objects = Objects::default();
    let mut budget = Budget::of(stream);
    for document in stream.documents.iter().filter(|document| is_config(document)) {
        let Some(root) = document.root() else { continue };
        let route = Route::root(document.index);
        let head = root.entry("ociVersion").map(|entry| entry.key.span()).unwrap_or_default();
        if !budget.node(root) {
            let message = "There is too much here, or aliases multiply it; from this configuration on nothing is read."
                .to_owned();
            let kind = ProblemKind::BadValue { message };
            objects.problems.push(Problem { kind, span: head, route, versions: Versions::ALL });
            break;
        }
        let mut builder = Builder::new(Syntax::Oci, route.clone(), head);
        let mut config = Config { root, route: route.clone(), head, builder: &mut builder, problems: Vec::new() };
        config.apply();
        let problems = std::mem::take(&mut config.problems);
        let (mut pod, refused) = builder.finish();
        pod.object = objects.objects.len();
        pod.span = root.span();
        objects.problems.extend(problems);
        let problem = |(kind, span)| Problem { kind, span, route: route.clone(), versions: Versions::ALL };
        objects.problems.extend(refused.into_iter().map(problem));
        let name = root.get("hostname").and_then(Node::as_str).unwrap_or_default().to_owned();
        let span = root.span();
        objects.objects.push(Object { kind: "OCI container".to_owned(), name, route, span, head, ..Object::default() });
        few::push(&mut objects.pods, pod);
    }
    objects.with_short_names()
}

struct Config<'d, 'b> {
    root: Node<'d>,
    route: Route,
    head: Span,
    builder: &'b mut Builder,
    problems: Vec<Problem>,
}

/// A value with where it stands.
#[derive(Clone)]
struct Found<'d> {
    node: Node<'d>,
    site: Site,
    route: Route,
}

impl<'d> Config<'d, '_> {
    fn apply(&mut self) {
        for (place, known) in keys::KNOWN {
            self.check_keys(place, known);
        }
        if self.root.entry("linux").is_none() && self.root.entry("windows").is_some() {
            self.builder.pod.os = Field::Set("windows".to_owned(), Site { key: None, value: self.head });
        }
        self.builder.container.name = self.text("hostname").map_or("container", |(name, _)| name).to_owned();
        for needed in ["process", "root"] {
            if self.root.entry(needed).is_none() {
                self.say(ProblemKind::Missing { field: needed }, self.head, self.route.clone());
            }
        }
        self.builder.container.security.read_only_root = self.switch("root.readonly");
        self.process();
        if self.builder.pod.os.is_set() {
            return;
        }
        self.capabilities();
        self.profiles();
        let shared_mounts = self.namespaces();
        self.masks(shared_mounts);
        self.mounts();
        self.devices();
        self.resources();
    }

    fn process(&mut self) {
        let uid = match self.find("process.user.uid") {
            // What is not written is 0: root.
            None => Field::Set(0, self.near("process.user")),
            Some(found) => self.number(&found),
        };
        let builder = &mut *self.builder;
        builder.container.security.run_as_non_root = match &uid {
            Field::Set(0, _) => Field::Absent,
            Field::Set(_, site) => Field::Set(true, *site),
            _ => Field::Unreadable(Site { key: None, value: self.head }),
        };
        builder.container.security.run_as_user = uid;
        if let Some(found) = self.find("process.user.gid") {
            self.builder.container.security.run_as_group = self.number(&found);
        }
        for found in self.list("process.user.additionalGids") {
            if let Some(group) = integer(found.node) {
                self.builder.pod.security.supplemental_groups.push((group, found.site));
            }
        }
        // no_new_privs is the opposite of what Kubernetes asks.
        self.builder.container.security.allow_privilege_escalation = match self.switch("process.noNewPrivileges") {
            Field::Set(value, site) => Field::Set(!value, site),
            other => other,
        };
        self.builder.container.tty = self.switch("process.terminal");
        if let Some(found) = self.find("process.cwd")
            && let Some(path) = found.node.as_str()
        {
            self.builder.container.working_dir = Field::Set(path.to_owned(), found.site);
        }
        let named = |found: &Found<'_>| Some(Named { name: found.node.written()?.to_owned(), site: found.site });
        self.builder.container.args = self.list("process.args").iter().filter_map(named).collect();
        for found in self.list("process.env") {
            let Some((name, value)) = found.node.as_str().and_then(|text| text.split_once('=')) else { continue };
            let index = self.builder.container.env.len();
            let (name, value) = (Field::Set(name.to_owned(), found.site), Field::Set(value.to_owned(), found.site));
            self.builder.container.env.push(EnvVar { index, name, value, ..EnvVar::default() });
        }
    }

    /// The bounding set: what is not in it cannot be had. Of the other sets two count when the program is run: what is permitted
    /// then, and what is ambient, which has to be permitted and inheritable, too. A set that is not written is empty. The kernel
    /// takes nothing into the inheritable set that is not in the bounding set. Without any of them, a process has nothing under
    /// runc 1.1 and everything under runc 1.3.
    ///
    /// Source: capabilities(7), "Transformation of capabilities during execve"; `libcontainer/capabilities` of runc;
    /// `cap_capset` in `security/commoncap.c` of Linux.
    fn capabilities(&mut self) {
        let site = self.near("process.capabilities.bounding");
        let drop = Named { name: "ALL".to_owned(), site };
        self.builder.container.security.capabilities_drop.push(drop);
        for found in self.list("process.capabilities.bounding") {
            if let Some(text) = found.node.as_str() {
                let text = Text { text, site: found.site, start: None, expands: false };
                self.builder.capability(text, true);
            }
        }
        if self.root.get("process").and_then(|process| process.get("capabilities")).is_none_or(Node::is_null) {
            self.builder.container.security.add_in_doubt = Some(site);
            return;
        }
        let named = |found: &Found<'_>| Some(Named { name: found.node.as_str()?.to_owned(), site: found.site });
        let mut set = |path| self.list(path).iter().filter_map(named).collect::<Vec<_>>();
        let (permitted, inheritable) = (set("process.capabilities.permitted"), set("process.capabilities.inheritable"));
        let mut ambient = set("process.capabilities.ambient");
        let has = |list: &[Named], name: &str| list.iter().any(|one| one.name == name);
        ambient.retain(|one| has(&permitted, &one.name) && has(&inheritable, &one.name));
        self.builder.pod.engine.ambient = ambient;
        self.builder.pod.engine.permitted = Some(permitted);
    }

    fn profiles(&mut self) {
        let is = |kind: &str, localhost: Option<&str>, site: Site| {
            let localhost = localhost.map_or(Field::Absent, |path| Field::Set(path.to_owned(), site));
            Field::Set(Profile { kind: Field::Set(kind.to_owned(), site), localhost }, site)
        };
        let seccomp = match self.find("linux.seccomp") {
            Some(found) if found.node.kind() == Kind::Mapping => is("Localhost", Some("linux.seccomp"), found.site),
            Some(found) if !found.node.is_null() => Field::Unreadable(found.site),
            _ => is("Unconfined", None, self.near("linux.seccomp")),
        };
        self.builder.container.security.seccomp = seccomp;
        let apparmor = match self.text("process.apparmorProfile") {
            Some((profile, found)) if !matches!(profile, "" | "unconfined") => {
                is("Localhost", Some(profile), found.site)
            }
            Some((_, found)) => is("Unconfined", None, found.site),
            None => is("Unconfined", None, self.near("process.apparmorProfile")),
        };
        self.builder.container.security.apparmor = apparmor;
        if let Some((label, found)) = self.text("process.selinuxLabel") {
            // user:role:type:level
            let mut parts = label.splitn(4, ':').skip(2);
            let mut part = || parts.next().map_or(Field::Absent, |part| Field::Set(part.to_owned(), found.site));
            let label = SeLinux { kind: part(), level: part(), ..SeLinux::default() };
            self.builder.container.security.selinux = Field::Set(label, found.site);
        }
    }

    /// Reads which namespaces the container shares with its host. Where it shares that of mounts: the place to say so, and
    /// whether nobody says a word about it.
    fn namespaces(&mut self) -> Option<(Site, bool)> {
        let site = self.near("linux.namespaces");
        let all = self.list("linux.namespaces");
        let mappings = self.list("linux.uidMappings");
        let find = |kind: &str| {
            all.iter().find(|found| found.node.get("type").and_then(Node::as_str) == Some(kind)).map(|found| {
                let path = found.node.get("path").and_then(Node::as_str).unwrap_or_default();
                (path.starts_with("/proc/1/ns/") || path.starts_with("/proc/self/ns/"), !path.is_empty(), found.site)
            })
        };
        let host = |kind: &str| match find(kind) {
            Some((is_host, _, site)) => Field::Set(is_host, site),
            None => Field::Set(true, site),
        };
        let pod = &mut self.builder.pod;
        pod.host_pid = host("pid");
        pod.host_ipc = host("ipc");
        pod.host_network = host("network");
        pod.engine.host_uts = host("uts");
        pod.engine.host_cgroup = host("cgroup");
        if let Some((false, true, site)) = find("pid") {
            pod.share_process_namespace = Field::Set(true, site);
        }
        let root_is_root = |found: &Found<'_>| {
            let number = |key: &str| found.node.get(key).and_then(integer);
            number("containerID") == Some(0) && number("hostID") == Some(0)
        };
        pod.host_users = match find("user") {
            Some((is_host, _, site)) => Field::Set(is_host, site),
            None => Field::Absent,
        };
        if let Some(found) = mappings.iter().find(|found| root_is_root(found)) {
            pod.engine.root_is_root = Field::Set(true, found.site);
        }
        match find("mount") {
            Some((is_host, _, site)) => is_host.then_some((site, false)),
            None => Some((site, true)),
        }
    }

    /// What of /proc and /sys is hidden, and what can be read only. In the mount namespace of the host runc hides nothing, and
    /// `chroot` alone keeps the container in its root folder.
    ///
    /// Source: `libcontainer/configs/validate/validator.go` (`security`) and `libcontainer/rootfs_linux.go`
    /// (`prepareRootfs`) of runc.
    fn masks(&mut self, shared_mounts: Option<(Site, bool)>) {
        let hidden = self.list("linux.maskedPaths");
        let kept = self.list("linux.readonlyPaths");
        let has = |list: &[Found<'_>], path: &str| list.iter().any(|found| found.node.as_str() == Some(path));
        if !has(&hidden, "/proc/kcore") || !has(&kept, "/proc/sys") {
            let site = self.near(if hidden.is_empty() { "linux.maskedPaths" } else { "linux.readonlyPaths" });
            self.builder.container.security.proc_mount = Field::Set("Unmasked".to_owned(), site);
        }
        let Some((site, is_silent)) = shared_mounts else { return };
        let message = if is_silent && !(hidden.is_empty() && kept.is_empty()) {
            "Without a namespace of type mount runc refuses this configuration: it masks no paths of the host, and makes none \
             of them read-only."
        } else {
            "Without a mount namespace of its own the container shares that of the host: what is mounted inside is mounted \
             there, and CAP_SYS_CHROOT leads out of its root folder."
        };
        self.say(ProblemKind::BadValue { message: message.to_owned() }, site.value, self.route.clone());
    }

    fn mounts(&mut self) {
        let users = self.list("linux.uidMappings").iter().map(|found| mapping(found.node)).collect::<Vec<_>>();
        for found in self.list("mounts") {
            let text = |key: &str| found.node.get(key).and_then(Node::as_str);
            let span = |key: &str| found.node.get(key).map_or(found.site.value, Node::span);
            let options = || found.node.get("options").into_iter().flat_map(Node::items).enumerate();
            let option = |wanted: &str| options().find(|(_, option)| option.as_str() == Some(wanted));
            let is_bind = text("type") == Some("bind") || option("bind").is_some() || option("rbind").is_some();
            let from = match text("type") {
                _ if is_bind => From::Host(text("source").and_then(absolute)),
                Some("tmpfs") => From::Memory,
                _ => continue,
            };
            let spread = options().find_map(|(at, option)| {
                let meaning = propagation(option.as_str()?)?;
                self.builder.pod.engine.statements.push(option.span(), found.route.key("options").index(at));
                Some((meaning.to_owned(), option.span()))
            });
            // Source: `libcontainer/specconv/spec_linux.go` of runc: `rro` reaches what is mounted below, `bind` takes none along.
            let read_only = option("ro").or_else(|| option("rro")).map(|(_, option)| (true, option.span()));
            let below = match () {
                () if option("rro").is_some() => Below::ReadOnly,
                () if option("bind").is_some() && option("rbind").is_none() => Below::Apart,
                () => Below::Usual,
            };
            let own: Vec<_> = found.node.get("uidMappings").into_iter().flat_map(Node::items).map(mapping).collect();
            let is_mapped = option("idmap").is_some() || option("ridmap").is_some() || !own.is_empty();
            let idmap = is_mapped.then(|| own.is_empty() || own == users);
            self.builder.mount(Mounted {
                from,
                source: span("source"),
                target: text("destination").map(str::to_owned),
                target_span: span("destination"),
                read_only,
                below,
                idmap,
                propagation: spread,
                site: found.site,
            });
        }
    }

    /// Devices beyond those that every container has, with what the rules of their control group let them be opened for, and
    /// the rules themselves.
    fn devices(&mut self) {
        let rules = self.list("linux.resources.devices");
        for found in self.list("linux.devices") {
            let Some(path) = found.node.get("path").and_then(Node::as_str) else { continue };
            if !keys::is_usual_device(path) {
                let text = [path, ":", path, ":", &access(found.node, &rules)].concat();
                self.builder.device(Text { text: &text, site: found.site, start: None, expands: false });
            }
        }
        for found in rules {
            if found.node.get("allow").and_then(Node::as_bool) == Some(true) {
                let text = |key: &str, usual| found.node.get(key).and_then(Node::written).unwrap_or(usual);
                let numbers = [text("major", "*"), ":", text("minor", "*")].concat();
                let name = [text("type", "a"), " ", &numbers, " ", text("access", "rwm")].concat();
                self.builder.pod.engine.device_rules.push(Named { name, site: found.site });
            }
        }
    }

    fn resources(&mut self) {
        for (path, name) in [("linux.resources.memory.limit", "memory"), ("linux.resources.cpu.quota", "cpu")] {
            let Some(found) = self.find(path) else { continue };
            if let Some(value) = found.node.written().filter(|_| integer(found.node).is_some_and(|value| value > 0)) {
                let pair = Pair { name: name.to_owned(), value: value.to_owned(), site: found.site };
                self.builder.container.resources.limits.push(pair);
            }
        }
        if let Some(found) = self.find("linux.resources.pids.limit") {
            self.builder.pod.engine.pids_limit = self.number(&found);
        }
        let sysctls = self.find("linux.sysctl").map(|found| (found.node.entries(), found.route));
        for (entry, route) in
            sysctls.iter().flat_map(|(entries, route)| entries.iter().map(move |entry| (entry, route)))
        {
            let site = Site { key: Some(entry.key.span()), value: entry.value.span() };
            let name = entry.name().into_owned();
            self.builder.pod.engine.statements.push(site.value, route.key(name.clone()));
            let value = entry.value.written().unwrap_or_default().to_owned();
            self.builder.pod.security.sysctls.push(Pair { name, value, site });
        }
    }

    /// The value at a path of keys, noted with its field.
    fn find(&mut self, path: &'static str) -> Option<Found<'d>> {
        let mut node = self.root;
        let mut site = Site::default();
        for key in path.split('.') {
            let entry = node.entry(key)?;
            site = Site { key: Some(entry.key.span()), value: entry.value.span() };
            node = entry.value;
        }
        let route = self.route.keys(path);
        self.builder.pod.engine.statements.push(site.value, route.clone());
        Some(Found { node, site, route })
    }

    fn list(&mut self, path: &'static str) -> Vec<Found<'d>> {
        let Some(found) = self.find(path) else { return Vec::new() };
        if !matches!(found.node.kind(), Kind::Sequence | Kind::Null) {
            let (wanted, kind) = (Kind::Sequence.described(), found.node.kind().described());
            self.say(ProblemKind::WrongType { wanted, found: kind }, found.site.value, found.route.clone());
        }
        if let Some(item) = found.node.item(ENTRIES) {
            let kind = ProblemKind::BadValue { message: not_all_read() };
            self.say(kind, item.span(), found.route.index(ENTRIES));
        }
        let items = found.node.items().take(ENTRIES).enumerate().map(|(index, node)| {
            let site = Site { key: None, value: node.span() };
            Found { node, site, route: found.route.index(index) }
        });
        let items: Vec<_> = items.collect();
        for item in &items {
            self.builder.pod.engine.statements.push(item.site.value, item.route.clone());
        }
        items
    }

    fn text(&mut self, path: &'static str) -> Option<(&'d str, Found<'d>)> {
        let found = self.find(path)?;
        Some((found.node.as_str()?, found))
    }

    fn switch(&mut self, path: &'static str) -> Field<bool> {
        let Some(found) = self.find(path).filter(|found| !found.node.is_null()) else { return Field::Absent };
        match found.node.as_bool() {
            Some(value) => Field::Set(value, found.site),
            None => {
                let (wanted, kind) = (Kind::Bool.described(), found.node.kind().described());
                self.say(ProblemKind::WrongType { wanted, found: kind }, found.site.value, found.route);
                Field::Unreadable(found.site)
            }
        }
    }

    fn number(&mut self, found: &Found<'_>) -> Field<i64> {
        match integer(found.node) {
            Some(value) => Field::Set(value, found.site),
            None => {
                let (wanted, kind) = (Kind::Int.described(), found.node.kind().described());
                self.say(ProblemKind::WrongType { wanted, found: kind }, found.site.value, found.route.clone());
                Field::Unreadable(found.site)
            }
        }
    }

    /// The field, else the nearest mapping around it that is written: where something is missing.
    fn near(&self, path: &str) -> Site {
        let mut node = self.root;
        let mut site = Site { key: None, value: self.head };
        for key in path.split('.') {
            let Some(entry) = node.entry(key) else { break };
            site = Site { key: None, value: entry.key.span() };
            node = entry.value;
        }
        site
    }

    fn say(&mut self, kind: ProblemKind, span: Span, route: Route) {
        self.problems.push(Problem { kind, span, route, versions: Versions::ALL });
    }

    /// A runtime leaves out what it does not know, so only what seems to be meant for something is told.
    fn check_keys(&mut self, place: &'static str, known: &'static str) {
        let holder = if place.is_empty() { Some(self.root) } else { place.split('.').try_fold(self.root, Node::get) };
        let route = if place.is_empty() { self.route.clone() } else { self.route.keys(place) };
        for entry in holder.into_iter().flat_map(Node::written_entries) {
            let name = entry.name();
            if known.split_ascii_whitespace().any(|known| known == name) {
                continue;
            }
            if let Some(meant) = crate::meant::closest_of(&name, known.split_ascii_whitespace()) {
                let kind = ProblemKind::UnknownField { name: name.clone().into_owned(), meant: Some(meant.to_owned()) };
                self.say(kind, entry.key.span(), route.key(name.into_owned()));
            }
        }
    }
}

/// What the control group lets a device be opened for, `m` at the least: nothing that no rule allows.
///
/// Source: `config-linux.md` of runtime-spec, "Allowed Device list"; `CreateCgroupConfig` in `libcontainer/specconv` and
/// `devices.Emulator` of runc.
fn access(device: Node<'_>, rules: &[Found<'_>]) -> String {
    let number = |node: Node<'_>, key| node.get(key).and_then(integer);
    let kind = device.get("type").and_then(Node::as_str).unwrap_or_default();
    let is_meant = |rule: Node<'_>| {
        let of = rule.get("type").and_then(Node::as_str).unwrap_or("a");
        let same = |key| number(rule, key).is_none_or(|wanted| wanted < 0 || Some(wanted) == number(device, key));
        of == "a" || of == kind && same("major") && same("minor")
    };
    let mut access = "m".to_owned();
    for rule in rules.iter().map(|found| found.node).filter(|rule| is_meant(*rule)) {
        let letters = rule.get("access").and_then(Node::as_str).unwrap_or("rwm");
        access.retain(|letter| letter == 'm' || !letters.contains(letter));
        if rule.get("allow").and_then(Node::as_bool) == Some(true) {
            access.extend(letters.chars().filter(|letter| *letter != 'm'));
        }
    }
    access
}

/// A mapping of users: the first inside, the first outside, and how many.
fn mapping(node: Node<'_>) -> [Option<i64>; 3] {
    ["containerID", "hostID", "size"].map(|key| node.get(key).and_then(integer))
}
