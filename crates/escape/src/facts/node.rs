//! The node and the border of the pod to it: user namespace, sandbox, settings.

use watertight_knowledge::path::Relation;
use watertight_knowledge::sandbox::{Handler, Sandbox};
use watertight_pod::Field;
use watertight_pod::effective;

use super::{Facts, here, origin, paths, unreadable};
use crate::Lsm;
use crate::known::{Evidence, Known, Truth};
use crate::world::{Noted, World};

/// Whether root inside is root outside: no user namespace stands between.
pub(super) fn is_host_root(facts: &Facts<'_, '_>) -> Known {
    let pod = facts.world.pod;
    let shares = [&pod.host_network, &pod.host_pid, &pod.host_ipc].iter().any(|field| field.is_true());
    let users = effective::host_users(pod);
    let line = origin(&users);
    match users.value {
        Some(false) if !pod.syntax.is_kubernetes() => {
            Known::new(false, "it has a user namespace, so root inside is nobody outside").at(line)
        }
        Some(false) if shares => {
            Known::new(true, "the API server refuses a user namespace together with a namespace of the node").at(line)
        }
        Some(false) => Known::new(false, "hostUsers is false, so root inside is nobody outside").at(line),
        Some(true) => Known::new(true, "root inside is root outside").at(line),
        None => Known::unknown("hostUsers cannot be read", "Write true or false there.").at(line),
    }
}

/// Whether root inside is the owner of files that no user namespace maps: those of proc, sysfs and devtmpfs.
///
/// The kubelet has hostPath volumes mapped, but the kernel refuses that of these (`FS_ALLOW_IDMAP` in `include/linux/fs.h`), and a
/// pod with such a volume does not start. Runtimes map the volume itself, and not what is mounted below it on the node (`ridmap` in
/// the runtime specification, for which neither containerd nor CRI-O asks).
pub(super) fn owns_unmapped(facts: &Facts<'_, '_>) -> Known {
    let root = is_host_root(facts);
    let because = "hostUsers is false, and /proc, /sys and /dev cannot be mapped to it: such a volume keeps the pod from starting, and \
                   below another one root inside is nobody there";
    match root.truth {
        Truth::No if facts.world.pod.syntax.is_kubernetes() => Known { because: because.to_owned(), ..root },
        _ => root,
    }
}

/// Whether root inside is root to the files of the node that are mounted: no user namespace stands between, or they are shown in
/// it under its own users, as the kubelet has all of its mounts and engines have those that ask for it.
///
/// Sources: KEP-127; podman-run(1), `idmap` and `U`; `config.md` of runtime-spec, `uidMappings` of a mount.
pub(super) fn owns_files(facts: &Facts<'_, '_>) -> Known {
    let root = has_number_of_root(facts);
    if root.truth == Truth::Yes {
        return root;
    }
    let line = root.evidence.clone();
    if facts.world.pod.syntax.is_kubernetes() {
        return Known::new(true, "the kubelet shows the files of its mounts under the users of the pod").at(line);
    }
    let mut idmaps = facts.mounts.iter().map(|mount| mount.idmap);
    match idmaps.next() {
        Some(Some(true)) if idmaps.all(|idmap| idmap == Some(true)) => {
            Known::new(true, "its mounts are shown under the users of its namespace").at(line)
        }
        Some(Some(_)) => partly(line),
        _ if idmaps.any(|idmap| idmap.is_some()) => partly(line),
        _ => Known { because: "to the files of the node, root of its user namespace is nobody".to_owned(), ..root },
    }
}

/// Whether root inside has the number of root outside, by which files know it. In a user namespace that is all that it has.
pub(super) fn has_number_of_root(facts: &Facts<'_, '_>) -> Known {
    let root = is_host_root(facts);
    match &facts.world.pod.engine.root_is_root {
        _ if root.truth == Truth::Yes => root,
        Field::Set(true, site) => Known::new(true, "its user namespace gives root the number that root has outside")
            .at([here(site.whole(), None)]),
        Field::Unreadable(site) => Known::unknown(
            "of a container that root makes, keep-id leaves the users as they are",
            "Look at who runs the command: of another user's containers root inside is not root outside.",
        )
        .at([here(site.whole(), None)]),
        _ => root,
    }
}

/// Some files are shown under its users, and others are not.
fn partly(line: Vec<Evidence>) -> Known {
    Known::unknown(
        "some of its mounts are shown under the users of its namespace, or under others",
        "Take the idmap option off the mounts of the host.",
    )
    .at(line)
}

/// Whether the pod's runtime class stands for this sandbox: by the handler of its object, else by its name.
pub(crate) fn sandboxed(world: &World<'_>, sandbox: Sandbox) -> Known {
    let route = world.pod.route.key("runtimeClassName");
    let (name, line) = match &world.pod.runtime_class {
        Field::Absent | Field::Null(_) => return Known::new(false, "no runtime class is set"),
        Field::Unreadable(site) => return unreadable("runtimeClassName", *site, route),
        Field::Set(name, site) => (name, here(site.whole(), Some(route))),
    };
    let object = world.neighbours.runtime_class(name);
    let handler = object.and_then(|known| known.item.handler.get().zip(known.item.handler.site()));
    let known = match handler {
        Some((handler, site)) => {
            let known = match Handler::of(handler) {
                Handler::Sandbox(found) => {
                    Known::new(found == sandbox, ["the runtime class ", name, " stands for ", found.name()].concat())
                }
                Handler::Plain => Known::new(
                    false,
                    ["the runtime class ", name, " leads to ", handler, ", which is no sandbox"].concat(),
                ),
                Handler::Unknown => Known::unknown(
                    ["nobody has said what the handler ", handler, " is"].concat(),
                    "Look it up in the configuration of the container runtime on the node.",
                ),
            };
            let file = object.map(|known| known.file as u32);
            known.at([Evidence { file, span: site.whole(), route: None }])
        }
        None => match Sandbox::of_runtime_class(name) {
            Some(found) => {
                Known::new(found == sandbox, ["the runtime class ", name, " stands for ", found.name()].concat())
            }
            None => Known::unknown(
                ["nobody has said what the runtime class ", name, " is"].concat(),
                "Paste the RuntimeClass object: its handler tells.",
            ),
        },
    };
    known.at([line])
}

/// Whether none of the sandboxes in the list stands between; one with a question mark may or may not, and one with an exclamation
/// mark lets disks through.
///
/// Kata attaches to its virtual machine the disk of a volume and every disk that is mounted, instead of sharing the file; all
/// block devices of the node come to a privileged container, unless the handler sets `privileged_without_host_devices`. Source:
/// kata-containers/kata-containers, `mountSharedDirMounts` in `src/runtime/virtcontainers/container.go` and
/// `docs/how-to/privileged.md`.
pub(super) fn outside(facts: &Facts<'_, '_>, list: &str) -> Known {
    let world = facts.world;
    let privileged = &world.container.security.privileged;
    let may_be_privileged = privileged.is_true() || privileged.is_unreadable();
    // The disk of a volume opens no way but its own, and all disks may come to who is privileged.
    let has_disk = paths::mounts_a_disk(facts) || !world.container.devices.is_empty() && !may_be_privileged;
    let mut last = Known::new(true, "no sandbox stands between");
    for word in list.split(' ') {
        let (word, is_doubtful) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
        let (word, lets_disks) = word.strip_suffix('!').map_or((word, false), |word| (word, true));
        let sandbox = if word == "kata" { Sandbox::Kata } else { Sandbox::GVisor };
        let inside = sandboxed(world, sandbox);
        match inside.truth {
            Truth::No => {}
            Truth::Yes if is_doubtful => {
                let because = format!("{} keeps sockets of the node out unless it is told otherwise", sandbox.name());
                return Known { because, ..Known::unknown("", "Look at the configuration of the sandbox.") }
                    .at(inside.evidence);
            }
            Truth::Yes if lets_disks && has_disk => {
                let because = format!("{} attaches the disk to the virtual machine of the pod", sandbox.name());
                last = Known::new(true, because).at(inside.evidence);
            }
            Truth::Yes if lets_disks && may_be_privileged => {
                let because = format!(
                    "{} may hand the disks of the node to a privileged container, which mounts them",
                    sandbox.name()
                );
                let settles = "Set privileged_without_host_devices to true for the handler, or take privileged out.";
                return Known { because, ..Known::unknown("", settles) }.at(inside.evidence);
            }
            _ => last = inside.negated(),
        }
    }
    last
}

/// A setting of the node.
pub(super) fn setting(facts: &Facts<'_, '_>, name: &str) -> Known {
    let world = facts.world;
    match name {
        "control-plane" => control_plane(facts),
        "cgroup1" => match &world.node.cgroup {
            Some(Noted { value: 1, evidence }) => Known::new(true, "the node uses cgroup v1").at(evidence.clone()),
            Some(Noted { evidence, .. }) => cgroup2(world).at(evidence.clone()),
            None => Known::unknown(
                "nobody has said which version of cgroups the node uses",
                "Paste the output of `stat -fc %T /sys/fs/cgroup` in a file of its own beside the pod.",
            ),
        },
        "unsigned-modules" => match &world.node.signed_modules {
            Some(Noted { value: true, evidence }) => {
                Known::new(false, "the node loads only signed modules").at(evidence.clone())
            }
            Some(Noted { value: false, evidence }) => {
                Known::new(true, "the node loads modules without a signature").at(evidence.clone())
            }
            None => Known::unknown(
                "nobody has said whether the node loads unsigned modules",
                "Paste the output of `grep -H . /sys/module/module/parameters/sig_enforce /sys/kernel/security/lockdown` in a file of its own beside the pod.",
            ),
        },
        _ => Known::unknown("this setting is not known", ""),
    }
}

/// On a node with cgroup v2 a hierarchy of v1 can be made, with its release agent, but only from the cgroup namespace of the node
/// (`kernel/cgroup/cgroup-v1.c`, `cgroup1_root_to_use`). Runtimes leave that to containers that are privileged or ask for it.
fn cgroup2(world: &World<'_>) -> Known {
    let shared = &world.pod.engine.host_cgroup;
    match !is_unprivileged(world) || shared.is_true() || shared.is_unreadable() {
        true => Known::unknown(
            "the node uses cgroup v2, and whoever is in its cgroup namespace may make a hierarchy of v1",
            "Take the privileges and the node's cgroup namespace from the container.",
        ),
        false => Known::new(false, "the node uses cgroup v2, which has no release agent"),
    }
}

/// Whether it has a cgroup namespace of its own. Where nothing is said, runtimes make one on nodes with cgroup v2, except for
/// containers that are privileged (containerd, `internal/cri/server`; Docker, `--cgroupns` of `docker run`).
pub(super) fn own_cgroups(world: &World<'_>) -> Known {
    let asked = &world.pod.engine.host_cgroup;
    match (asked, &world.node.cgroup) {
        (Field::Set(shares, site), _) => {
            let because = if *shares { "it shares the node's cgroup namespace" } else { "it has cgroups of its own" };
            Known::new(!shares, because).at([here(site.whole(), None)])
        }
        (_, Some(Noted { value: 1, evidence })) => {
            Known::new(false, "runtimes make no cgroup namespace on nodes with cgroup v1").at(evidence.clone())
        }
        (_, Some(Noted { evidence, .. })) if !asked.is_unreadable() && is_unprivileged(world) => {
            Known::new(true, "runtimes make a cgroup namespace on nodes with cgroup v2").at(evidence.clone())
        }
        _ => Known::unknown(
            "nobody has said whether it has a cgroup namespace of its own",
            "Look in the container: it has one if /proc/self/cgroup says 0::/ alone.",
        ),
    }
}

fn is_unprivileged(world: &World<'_>) -> bool {
    let privileged = &world.container.security.privileged;
    !privileged.is_true() && !privileged.is_unreadable()
}

/// Whether what makes its containers runs as root, as under every kubelet that is not itself in a user namespace.
pub(super) fn rootful(world: &World<'_>) -> Known {
    match world.pod.syntax.is_kubernetes() {
        true => Known::new(true, "the runtime of a kubelet runs as root"),
        false => Known::unknown(
            "nobody has said whether the engine runs as root",
            "Look at `docker info` or `podman info`: they say whether the engine is rootless.",
        ),
    }
}

/// Whether the pod runs where the cluster's own database is. Who mounts that folder by its name expects it there.
fn control_plane(facts: &Facts<'_, '_>) -> Known {
    let is_named = facts.mounts.iter().find(|mount| {
        let relation = mount.path.as_ref().map(|path| path.relation("/var/lib/etcd"));
        matches!(relation, Some(Relation::Same | Relation::Inside))
    });
    match (is_named, &facts.world.node.control_plane) {
        (Some(mount), _) => {
            Known::new(true, ["the pod asks for ", mount.written, ", which only the control plane has"].concat())
        }
        (None, Some(Noted { value, evidence })) => {
            let is = if *value { "the node runs the control plane" } else { "the node does not run the control plane" };
            Known::new(*value, is).at(evidence.clone())
        }
        (None, None) => Known::unknown(
            "nobody has said whether the node runs the control plane",
            "Paste the output of `kubectl get node NAME` in a file of its own beside the pod.",
        ),
    }
}

/// The security module of the node.
pub(super) fn lsm<'w>(world: &'w World<'_>) -> Option<&'w Noted<Lsm>> {
    world.node.lsm.as_ref()
}
