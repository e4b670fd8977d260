//! What a pod says about one of its containers, as far as a profile has to know.

use watertight_knowledge::capability;
use watertight_knowledge::path::{NodePath, Relation};
use watertight_knowledge::socket;
use watertight_pod::effective::{self, Confinement, Effective};
use watertight_pod::{Container, Field, Mount, Pod, Syntax};

use watertight_diagnostic::KubeVersion;

/// What is known about a container before it runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// The name of its profile: the one that the pod asks for already, or one made of the names of both.
    pub profile: String,
    /// What to call it in a sentence.
    pub title: String,
    /// The program it starts, when the pod says so: a path, or a name that is looked up in the usual folders.
    pub program: Option<String>,
    /// Whether nothing can be written to the image's own files.
    pub read_only_root: bool,
    /// What is mounted into it.
    pub mounts: Vec<MountPoint>,
    /// Devices that are handed to it.
    pub devices: Vec<String>,
    /// The ports it listens on, as far as they are listed.
    pub ports: Vec<u16>,
    /// Capabilities that it may have, by their names in lower case without `CAP_`.
    pub capabilities: Vec<String>,
    /// Those of them that somebody asked for by name.
    pub asked_capabilities: Vec<String>,
    /// Whether it has every capability there is.
    pub all_capabilities: bool,
    /// Whether it runs as somebody else than root for certain.
    pub not_root: bool,
    /// Whether it is privileged: then the runtime leaves its own default profile away.
    pub privileged: bool,
}

/// Something that is mounted into a container.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MountPoint {
    /// Where, in the container.
    pub path: String,
    /// Whether it can be written to.
    pub writable: bool,
    /// Whether it may be a single file.
    pub maybe_file: bool,
    /// What whoever reaches it can do on the node: then a profile leaves it closed.
    pub closed: Option<String>,
}

impl Facts {
    /// Reads what a pod says about one of its containers. `owner` is the name of the object around it.
    pub fn of(pod: &Pod, container: &Container, owner: &str, version: KubeVersion) -> Self {
        let security = &container.security;
        let user = effective::run_as_user(pod, container).value;
        let mut facts = Self {
            profile: name(pod, container, owner, version),
            title: title(container, owner),
            program: program(container),
            read_only_root: effective::read_only_root(container).value == Some(true),
            mounts: container.mounts.iter().filter_map(|mount| mount_point(pod, mount)).collect(),
            devices: container.devices.iter().map(|device| device.name.clone()).collect(),
            ports: container.ports.iter().filter_map(|port| u16::try_from(*port.container_port.get()?).ok()).collect(),
            not_root: effective::run_as_non_root(pod, container).value == Some(true) || user.is_some_and(|id| id != 0),
            privileged: effective::privileged(container).value == Some(true),
            ..Self::default()
        };
        let may_have = |one: &&'static capability::Capability| {
            !matches!(effective::capability(container, one), Effective { value: Some(false), .. })
        };
        let own: Vec<_> = capability::all().iter().filter(may_have).collect();
        facts.all_capabilities = own.len() == capability::all().len();
        facts.capabilities = own.iter().map(|one| one.name.to_ascii_lowercase()).collect();
        let asked = |one: &&capability::Capability| {
            let means = |written: &str| matches!(capability::read(written).meant, capability::Meant::One(found) if found.number == one.number);
            security.capabilities_add.iter().any(|added| means(&added.name))
        };
        facts.asked_capabilities = own.iter().copied().filter(asked).map(|one| one.name.to_ascii_lowercase()).collect();
        facts
    }
}

fn name(pod: &Pod, container: &Container, owner: &str, version: KubeVersion) -> String {
    // A name of which a part would mean something in a profile is not taken over.
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ' | ':');
    if let Some(Confinement::Localhost(name)) = effective::apparmor(pod, container, version).value
        && name.starts_with(char::is_alphanumeric)
        && name.len() <= 200
        && name.chars().all(plain)
    {
        return name.to_owned();
    }
    let parts = [owner, &container.name];
    let mut words: Vec<String> = parts.into_iter().map(word).filter(|part| !part.is_empty()).collect();
    words.dedup();
    let name = words.join("-");
    if name.is_empty() { "container".to_owned() } else { name }
}

/// What may stand in a name without quotes, and as the name of a Kubernetes object.
fn word(text: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c.to_ascii_lowercase() } else { '-' };
    text.chars().take(100).map(kept).collect::<String>().trim_matches(['-', '.']).to_owned()
}

fn title(container: &Container, owner: &str) -> String {
    let plain = |text: &str| text.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
    match (container.name.is_empty(), owner.is_empty()) {
        (false, false) => ["container ", &plain(&container.name), " of ", &plain(owner)].concat(),
        (false, true) => ["container ", &plain(&container.name)].concat(),
        (true, false) => plain(owner),
        (true, true) => "a container".to_owned(),
    }
}

/// What the pod starts. Variables and shell words in it are only known in the cluster.
fn program(container: &Container) -> Option<String> {
    let first = container.command.first().map(|word| word.name.as_str());
    // Without a command of its own, an engine's words go to the image's entry point.
    first.filter(|word| !word.is_empty() && !word.contains("$(") && !word.contains('\0')).map(str::to_owned)
}

fn mount_point(pod: &Pod, mount: &Mount) -> Option<MountPoint> {
    let written = mount.path.text().filter(|path| path.starts_with('/') && !path.contains("$("))?;
    let path = NodePath::new(written);
    if path.is_root() {
        return None;
    }
    let volume = mount.volume.text().and_then(|name| pod.volume(name));
    let has = |kind: &str| volume.is_some_and(|volume| volume.sources.iter().any(|source| source.name == kind));
    let data = ["secret", "configMap", "projected", "downwardAPI", "image"];
    let host = volume.and_then(|volume| volume.host_path.get()).and_then(|host| host.path.text());
    let sub = mount.sub_path.is_set() || mount.sub_path_expr.is_set();
    Some(MountPoint {
        writable: !matches!(mount.read_only, Field::Set(true, _)) && !data.iter().any(|kind| has(kind)),
        maybe_file: sub || host.is_some() || pod.syntax != Syntax::Kubernetes,
        closed: closed(&path, host),
        path: path.as_str().to_owned(),
    })
}

/// Why a mount is better left closed. Both the place on the node and the one in the container are looked at: whoever
/// mounts a socket elsewhere gives the same away.
fn closed(inside: &NodePath, host: Option<&str>) -> Option<String> {
    if let Some(host) = host {
        let host = NodePath::new(host);
        if host.is_root() {
            return Some("it is the node's own root folder".to_owned());
        }
        if let Some((socket, relation)) = socket::reached_by(&host).next() {
            let listens = if relation == Relation::Same { " listens there and " } else { " listens in it and " };
            return Some([socket.owner, listens, socket.power.gives()].concat());
        }
    }
    let (socket, _) = socket::reached_by(inside).find(|(_, relation)| *relation == Relation::Same)?;
    Some([socket.owner, " listens there and ", socket.power.gives()].concat())
}
