//! Paths of the node inside the container, with real reasoning about paths.

use watertight_knowledge::path::{NodePath, Relation};
use watertight_knowledge::place;
use watertight_knowledge::sandbox::Sandbox;
use watertight_knowledge::socket;
use watertight_pod::{Container, Engine, Mount, Syntax};

use super::{Facts, capabilities, here, identity, node, pod, sandboxed, user};
use crate::known::{Evidence, Known, Truth};
use crate::technique::Term;
use crate::world::World;

/// A folder or file of the node that is mounted into the container.
#[derive(Clone, Debug)]
pub(crate) struct HostMount<'a> {
    /// `None` when nobody can tell which.
    pub(crate) path: Option<NodePath>,
    /// Whether not that path arrives, but something below it that nobody can tell.
    is_somewhere_below: bool,
    /// As written.
    pub(crate) written: &'a str,
    /// Where it arrives; empty when that cannot be read.
    pub(crate) target: &'a str,
    pub(crate) read_only: bool,
    /// Whether what is mounted below it on the node stays away: a `local` volume is bound without it, and so are mounts of engines
    /// that are told to. Source: kubernetes/kubernetes, `SetUpAt` in `pkg/volume/local/local.go`.
    is_alone: bool,
    /// Whether what is mounted below it on the node can be written although it is mounted read-only itself.
    pub(crate) below_writable: Truth,
    /// Whether its files show their users as those of the pod's user namespace; false for a mapping of its own.
    pub(super) idmap: Option<bool>,
    /// What the volume says it is: `Socket`, `BlockDevice`, …
    kind: &'a str,
    site: Evidence,
    mount: Evidence,
}

/// What of the node is mounted, by the pod itself or through a claim.
pub(crate) fn host_mounts<'a>(world: &World<'a>) -> Vec<HostMount<'a>> {
    let mut found = Vec::new();
    for mount in &world.container.mounts {
        let Some(volume) = mount.volume.text().and_then(|name| world.pod.volume(name)) else { continue };
        let bound = world.bound.iter().find(|bound| bound.volume == volume.name);
        let (path, kind, site) = match (volume.host_path.get(), bound) {
            (Some(host_path), _) => {
                let route = volume.route.key("hostPath");
                let site = match host_path.path.site() {
                    Some(site) => here(site.value, Some(route.key("path"))),
                    None => here(volume.span, Some(route)),
                };
                (&host_path.path, host_path.kind.text().unwrap_or_default(), site)
            }
            (None, Some(bound)) => {
                (bound.path, bound.kind, Evidence { file: Some(bound.file), span: bound.span, route: None })
            }
            (None, None) => continue,
        };
        let (sub_path, is_whole) = sub_path(world.container, mount);
        found.push(HostMount {
            path: path.text().map(|written| below(written, &sub_path)),
            is_somewhere_below: !is_whole,
            written: path.text().unwrap_or_default(),
            target: mount.path.text().unwrap_or_default(),
            read_only: mount.read_only.is_true() || volume.claim_is_read_only,
            is_alone: volume.host_path.get().is_none() && bound.is_some_and(|bound| bound.is_local)
                || mount.recursive_read_only.text() == Some("Apart"),
            below_writable: below_writable(world, mount),
            idmap: idmap(world, &volume.name),
            kind,
            site,
            mount: here(mount.span, Some(world.container.route.key("volumeMounts").index(mount.index))),
        });
    }
    found
}

/// Folders that are mounts of their own on every node.
const OWN_MOUNTS: [&str; 4] = ["/proc", "/sys", "/dev", "/run"];

/// A mount that is read-only is so by itself: what the node has mounted below it comes along as it is there, unless
/// somebody asks for more. Docker asks from version 25 on, where the kernel and the runtime can do it.
///
/// Source: KEP-3857; `mount_setattr` with `AT_RECURSIVE` in runc's `rro`; "Recursive mounts" in docker/docs, `bind-mounts.md`.
fn below_writable(world: &World<'_>, mount: &Mount) -> Truth {
    let is_old_docker = || {
        let docker = world.node.components.iter().find(|component| component.name == "docker");
        docker.is_some_and(|docker| docker.version.numbers < [25, 0, 0])
    };
    match (mount.recursive_read_only.text(), world.pod.syntax) {
        (Some("Enabled" | "Apart"), _) => Truth::No,
        (None, Syntax::Run(Engine::Docker) | Syntax::Compose) if is_old_docker() => Truth::Yes,
        (Some("IfPossible"), _) | (None, Syntax::Run(Engine::Docker | Engine::Nerdctl) | Syntax::Compose) => {
            Truth::Unknown
        }
        _ => Truth::Yes,
    }
}

fn idmap(world: &World<'_>, volume: &str) -> Option<bool> {
    let mut all = world.pod.engine.idmapped.iter();
    all.find(|(name, _)| name == volume).map(|(_, is_of_namespace)| *is_of_namespace)
}

/// What of the volume is mounted, as far as anybody can tell, and whether that is all of it; empty when the whole volume is.
///
/// Variables in `subPathExpr` are those of the container; one without a value keeps it from starting, and so does a way up. Source:
/// kubernetes/kubernetes, `ExpandContainerVolumeMounts` in `pkg/kubelet/container/helpers.go`.
fn sub_path(container: &Container, mount: &Mount) -> (String, bool) {
    if mount.sub_path.is_unreadable() || mount.sub_path_expr.is_unreadable() {
        return (String::new(), false);
    }
    let mut rest = mount.sub_path_expr.text().unwrap_or_default();
    if rest.is_empty() {
        return (mount.sub_path.text().unwrap_or_default().to_owned(), true);
    }
    let mut expanded = String::new();
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let reference = after.strip_prefix('(').and_then(|after| after.split_once(')'));
        let Some((value, behind)) = reference.and_then(|(name, behind)| Some((variable(container, name)?, behind)))
        else {
            expanded.truncate(expanded.rfind('/').unwrap_or(0));
            return (expanded, false);
        };
        expanded.push_str(value);
        rest = behind;
    }
    expanded.push_str(rest);
    (expanded, true)
}

/// The value of a variable that is written out. Of two of one name the last one counts.
fn variable<'a>(container: &'a Container, name: &str) -> Option<&'a str> {
    let found = container.env.iter().rfind(|variable| variable.name.text() == Some(name))?;
    found.value.text().filter(|value| !value.is_empty() && !value.contains('$') && !value.contains(".."))
}

fn below(written: &str, sub_path: &str) -> NodePath {
    match sub_path {
        "" => NodePath::new(written),
        sub_path => NodePath::new(&[written, "/", sub_path].concat()),
    }
}

impl HostMount<'_> {
    fn lines(&self) -> [Evidence; 2] {
        [self.site.clone(), self.mount.clone()]
    }

    /// Whether what is wanted lies in another mount that comes along with this one and keeps its own options.
    fn holds_below(&self, wanted: &str) -> Option<&'static str> {
        self.has_below(wanted).filter(|_| !self.is_alone)
    }

    /// Whether what is wanted lies in another mount of the node below this one.
    fn has_below(&self, wanted: &str) -> Option<&'static str> {
        let path = self.path.as_ref()?;
        let wanted = wanted.strip_suffix("/**").unwrap_or(wanted);
        OWN_MOUNTS.into_iter().find(|own| {
            let is_in =
                wanted == "*" || wanted.strip_prefix(*own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            is_in && path.relation(own) == Relation::ParentOf
        })
    }

    /// Whether it can be written where a path of a technique is.
    pub(crate) fn writes(&self, wanted: &str) -> Truth {
        match (self.holds(wanted), self.read_only) {
            (false, _) => Truth::No,
            (true, false) => Truth::Yes,
            (true, true) => self.holds_below(wanted).map_or(Truth::No, |_| self.below_writable),
        }
    }

    /// Whether it is a socket itself.
    fn is_socket(&self) -> bool {
        let is_known = |path| socket::reached_by(path).any(|(_, relation)| relation == Relation::Same);
        self.kind == "Socket" || self.path.as_ref().is_some_and(is_known)
    }

    /// Whether it is a device itself, and no folder.
    fn is_device(&self) -> bool {
        self.kind.ends_with("Device") || self.is_disk() || self.path.as_ref().is_some_and(is_driver)
    }

    /// Whether it is a disk itself.
    fn is_disk(&self) -> bool {
        self.kind == "BlockDevice" || self.path.as_ref().is_some_and(place::is_disk)
    }

    /// Whether nobody can tell whether a path of a technique can be read, or written, in it.
    pub(crate) fn is_doubtful(&self, wanted: &str, to_write: bool) -> bool {
        let Some(path) = &self.path else { return true };
        let (place, inside_too) = wanted.strip_suffix("/**").map_or((wanted, false), |place| (place, true));
        let is_closed = to_write && self.read_only && self.holds_below(wanted).is_none();
        let may_differ = match path.relation(place) {
            _ if wanted == "*" => self.read_only,
            Relation::ParentOf => true,
            Relation::Same => !inside_too,
            Relation::Inside | Relation::Apart => false,
        };
        self.is_somewhere_below && !is_closed && may_differ
    }

    /// Whether a path of a technique is in it.
    pub(crate) fn holds(&self, wanted: &str) -> bool {
        let stays_away = self.is_alone && wanted != "*" && self.has_below(wanted).is_some();
        // A device is no folder in which files could be changed.
        let is_no_folder = wanted == "*" && self.is_device();
        !stays_away && !is_no_folder && self.path.as_ref().is_some_and(|path| brings(path, wanted))
    }
}

/// Whether a mount of a folder brings a path of a technique: the path itself or a folder around it; with `/**` also what is
/// inside.
pub(crate) fn brings(path: &NodePath, wanted: &str) -> bool {
    if wanted == "*" {
        return true;
    }
    let (wanted, inside_too) = wanted.strip_suffix("/**").map_or((wanted, false), |wanted| (wanted, true));
    match path.relation(wanted) {
        Relation::Same | Relation::ParentOf => true,
        Relation::Inside => inside_too,
        Relation::Apart => false,
    }
}

/// `read:PATH` and `write:PATH`.
pub(super) fn reaches(facts: &Facts<'_, '_>, term: Term) -> Known {
    let must_write = term.name == "write";
    let is_root = node::is_host_root(facts).truth != Truth::No;
    let mut best = match facts.mounts.is_empty() {
        true => Known::new(false, "nothing of the node is mounted"),
        false => Known::new(false, format!("{} of the node is not mounted", shown(term.value))),
    };
    for mount in facts.mounts.iter() {
        if mount.is_doubtful(term.value, must_write) {
            let because = match mount.path {
                Some(_) => format!("which part of {} of the node is mounted cannot be read", mount.written),
                None => "a path of the node cannot be read".to_owned(),
            };
            best = Known::unknown(because, "Write the path out, or render the template first.").at(mount.lines());
            continue;
        }
        // Behind a socket there are no files.
        if !mount.holds(term.value) || must_write && term.value == "*" && mount.is_socket() {
            continue;
        }
        if let Some(own) = mount.holds_below(term.value).filter(|_| !is_root && term.value != "*") {
            // What nobody can tell of another mount stays so.
            if best.truth == Truth::No {
                let because = format!(
                    "{own} is a mount of its own below {}, where root inside the user namespace is nobody",
                    mount.written
                );
                best = Known::new(false, because).at(mount.lines());
            }
            continue;
        }
        if must_write && mount.read_only {
            match (mount.holds_below(term.value), mount.below_writable) {
                (Some(own), Truth::Yes) => {
                    let because = format!(
                        "{} of the node is mounted read-only, but {own} is a mount of its own below it and stays writable",
                        mount.written
                    );
                    return Known::new(true, because).at(mount.lines());
                }
                (Some(own), Truth::Unknown) => {
                    let because = format!("{own} is a mount of its own below {}, and may stay writable", mount.written);
                    let settles =
                        "Look at the runtime: Docker 25 and newer makes what is mounted below read-only, too.";
                    best = Known::unknown(because, settles).at(mount.lines());
                    continue;
                }
                _ => {}
            }
            if best.truth == Truth::No {
                best =
                    Known::new(false, format!("{} of the node is mounted read-only", mount.written)).at(mount.lines());
            }
            continue;
        }
        let how = if mount.read_only { "read-only" } else { "writable" };
        return Known::new(true, format!("{} of the node is mounted {how} at {}", mount.written, mount.target))
            .at(mount.lines());
    }
    best
}

fn shown(wanted: &str) -> &str {
    match wanted {
        "*" => "a writable folder",
        path => path.strip_suffix("/**").unwrap_or(path),
    }
}

/// A device of the node, by what it is. A device that is only mounted is not opened: the control group of devices
/// refuses it unless the container is privileged or a device plugin or `volumeDevices` brought it.
///
/// Whose disk a volume is only its claim tells: that of a storage system holds nothing of the node.
pub(super) fn device(facts: &Facts<'_, '_>, kind: &str) -> Known {
    let container = facts.world.container;
    if let Some(device) = container.devices.first() {
        return Known::unknown(
            format!("the disk of a volume is given to it at {}, and nobody has said whose disk that is", device.name),
            "Look at the PersistentVolume behind the claim: a local one may be the node's own disk, which `lsblk` on the node shows.",
        )
        .at([here(device.site.whole(), None)]);
    }
    let mut best = Known::new(false, "no device of the node is given to it");
    for mount in facts.mounts.iter() {
        let is_device = mount.kind.ends_with("Device")
            || mount.holds("/dev")
            || mount.path.as_ref().is_some_and(|path| path.is_within("/dev") || place::is_disk(path));
        let is_disk = mount.is_disk() || mount.holds("/dev");
        if !is_device || kind != "any" && !is_disk {
            continue;
        }
        let known = opened(facts, mount, kind).at(mount.lines());
        if known.truth == Truth::Yes {
            return known;
        }
        if known.truth >= best.truth {
            best = known;
        }
    }
    best
}

/// Whether a device that comes in can be opened.
fn opened(facts: &Facts<'_, '_>, mount: &HostMount<'_>, kind: &str) -> Known {
    let because = match (mount.kind, &facts.world.container.security.privileged) {
        ("Device", _) => format!("the engine hands {} of the node over", mount.written),
        (_, privileged) if privileged.is_true() => {
            format!("{} of the node is mounted into a privileged container", mount.written)
        }
        _ if mount.is_disk() && sandboxed(facts.world, Sandbox::Kata).truth != Truth::No => {
            return Known::unknown(
                format!(
                    "{} is mounted, and the control group in a virtual machine may let it be opened",
                    mount.written
                ),
                "Take the volume out: a disk of the node belongs in no container.",
            );
        }
        // The rules of an OCI configuration are all that there are, and were asked.
        ("ClosedDevice", _) if facts.world.pod.syntax == Syntax::Oci => return closed(mount),
        _ => {
            let rule = by_rule(facts, mount, kind);
            if rule.truth == Truth::No {
                return closed(mount);
            }
            return if kind == "block" { rule } else { least(rule, by_whom(facts, kind)) };
        }
    };
    let is_disk = mount.is_disk() || mount.holds("/dev");
    let given = Known::new(true, because);
    match &mount.path {
        _ if is_disk && mount.kind == "Device" && mount.read_only && kind != "read" => {
            Known::new(false, format!("{} of the node is given to it for reading alone", mount.written))
        }
        // Whoever may mount it needs no right to the file.
        _ if is_disk && kind == "block" => given,
        _ if is_disk => least(given, by_whom(facts, kind)),
        Some(path) if is_driver(path) => {
            Known::new(false, format!("{} leads to its driver in the kernel and to no data of the node", mount.written))
        }
        Some(path) if MEMORY.iter().any(|memory| path.is_within(memory)) => {
            least(least(given, capabilities::holds(facts, "SYS_RAWIO")), node::is_host_root(facts))
        }
        _ => given,
    }
}

fn closed(mount: &HostMount<'_>) -> Known {
    let because = format!("{} is mounted, but the control group of devices does not let it be opened", mount.written);
    Known::new(false, because)
}

/// Whether a rule of the control group lets a disk be opened that is only mounted. In a folder of devices there is one that it is
/// for.
fn by_rule(facts: &Facts<'_, '_>, mount: &HostMount<'_>, kind: &str) -> Known {
    let term = if kind == "read" { "disk-cgroup-read" } else { "disk-cgroup-write" };
    let is_disk = mount.is_disk() || mount.holds("/dev");
    let rule = pod::term(facts.world, term);
    let because = format!("{} of the node is mounted, and {}", mount.written, rule.because);
    match rule.truth {
        Truth::Yes if !is_disk => Known::new(false, because),
        Truth::Yes if !mount.holds("/dev") => Known {
            because,
            evidence: rule.evidence,
            ..Known::unknown("", "Compare the numbers of the rule with the disk's: `ls -l` on the host prints them.")
        },
        _ => Known { because, ..rule },
    }
}

/// Opened only with `CAP_SYS_RAWIO` of the node. Source: `open_port` in `drivers/char/mem.c` of Linux.
const MEMORY: [&str; 3] = ["/dev/kmem", "/dev/mem", "/dev/port"];

/// Whether a device opens nothing but the code of its driver: it holds no files and no memory of the node.
/// Source: `Documentation/admin-guide/devices.txt`.
fn is_driver(path: &NodePath) -> bool {
    const DRIVERS: &str =
        "null zero full random urandom tty console ptmx pts stdin stdout stderr net/tun fuse kvm dri snd";
    const NUMBERED: [&str; 2] = ["video", "tty"];
    let is_within = |name: &str| path.is_within(&["/dev/", name].concat());
    let rest = path.as_str().strip_prefix("/dev/").unwrap_or_default();
    let is_numbered = |name: &str| {
        let tail = rest.strip_prefix(name).unwrap_or_default();
        tail.ends_with(|c: char| c.is_ascii_digit()) && !tail.contains('/')
    };
    DRIVERS.split(' ').any(is_within) || NUMBERED.into_iter().any(is_numbered)
}

/// Whether the file of a disk opens to it: the file is root's and the group disk's, and closed to all others. The nodes of an OCI
/// configuration have whatever mode that says.
///
/// Source: `50-udev-default.rules` of systemd. In a user namespace the file belongs to nobody.
fn by_whom(facts: &Facts<'_, '_>, kind: &str) -> Known {
    let member = Term { name: "member", value: "disk", negated: false };
    let mut ways = vec![user::counts_as_root(facts), capabilities::holds(facts, "DAC_OVERRIDE")];
    if kind == "read" {
        ways.push(capabilities::holds(facts, "DAC_READ_SEARCH"));
    }
    ways.push(identity::term(facts, member));
    if facts.world.pod.syntax == Syntax::Oci {
        ways.push(Known::unknown(
            "the file of a device opens to whom its fileMode says",
            "Take the device out: a disk of the node belongs in no container.",
        ));
    }
    let by_user = Known::any(ways).unwrap_or_else(|| user::counts_as_root(facts));
    least(by_user, node::has_number_of_root(facts))
}

/// The weaker of two that both have to hold.
fn least(one: Known, other: Known) -> Known {
    if other.truth < one.truth { other } else { one }
}

/// Whether a disk of the node is mounted by itself, and not in a folder of devices.
pub(super) fn mounts_a_disk(facts: &Facts<'_, '_>) -> bool {
    facts.mounts.iter().any(HostMount::is_disk)
}
