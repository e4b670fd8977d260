//! What the seccomp filter and the security module let pass.

use watertight_knowledge::socket;
use watertight_pod::effective::{self, Confinement, Origin};

use super::{Facts, HostMount, node, origin};
use crate::Lsm;
use crate::known::{Known, Truth};
use crate::world::{Access, Confined, Noted, Operation};

/// A system call with its first argument: `socket:17`.
pub(super) fn call(facts: &Facts<'_, '_>, asked: &'static str) -> Known {
    let (name, first) = asked.split_once(':').unwrap_or((asked, ""));
    let first = first.strip_prefix("0x").map_or_else(|| first.parse().ok(), |hex| u64::from_str_radix(hex, 16).ok());
    facts.world.seccomp.lets((name, [first.unwrap_or(0), 0, 0, 0, 0, 0]))
}

/// What the security module lets pass: `mount`, `ptrace`, `read:PATH`, `write:PATH`, where `@` is below a mount of the node.
pub(super) fn lsm(facts: &Facts<'_, '_>, asked: &'static str) -> Known {
    let Some(module) = node::lsm(facts.world) else { return on_some_node(by_apparmor(facts, asked)) };
    let known = match module.value {
        Lsm::None => no_module(),
        Lsm::AppArmor => by_apparmor(facts, asked),
        Lsm::SeLinux => selinux(facts),
    };
    as_listed(facts, module, known)
}

/// What a module refuses, where a list says only that the node has it. SELinux may log instead of refusing, and runtimes label
/// containers only where they are told to; containerd puts its default profile of AppArmor on a container only where it finds
/// `apparmor_parser` (`pkg/apparmor`, `HostSupports`). A profile that the pod asks for has to be there.
fn as_listed(facts: &Facts<'_, '_>, module: &Noted<Lsm>, known: Known) -> Known {
    let known = known.at(module.evidence.clone());
    if known.truth != Truth::No || module.evidence.is_none() {
        return known;
    }
    let (only, settles) = match module.value {
        Lsm::SeLinux => (
            ", where it enforces and the runtime labels containers",
            "Look on the node: `getenforce` says Enforcing, and the processes of containers have the type container_t.",
        ),
        Lsm::AppArmor if is_by_default(facts) => (
            ", where the runtime puts it on",
            "Set appArmorProfile to RuntimeDefault: then the container starts only with the profile.",
        ),
        _ => return known,
    };
    Known { truth: Truth::Unknown, because: [&known.because, only].concat(), settles, evidence: known.evidence }
}

fn is_by_default(facts: &Facts<'_, '_>) -> bool {
    let world = facts.world;
    effective::apparmor(world.pod, world.container, world.kube_version).origin == Origin::RuntimeDefault
}

/// Whether the security module lets it use a capability that it holds.
pub(super) fn lsm_capability(facts: &Facts<'_, '_>, name: &'static str) -> Known {
    let by_apparmor = || facts.world.apparmor.lets(Operation::Capability(name));
    let Some(module) = node::lsm(facts.world) else { return on_some_node(by_apparmor()) };
    let known = match module.value {
        Lsm::None => no_module(),
        Lsm::AppArmor => by_apparmor(),
        // The boolean virt_sandbox_use_all_caps is on by default.
        Lsm::SeLinux => Known::new(true, "SELinux lets containers use the capabilities that they are given"),
    };
    as_listed(facts, module, known)
}

fn no_module() -> Known {
    Known::new(true, "the node runs neither AppArmor nor SELinux")
}

/// What AppArmor denies is denied only on a node that has it.
fn on_some_node(answer: Known) -> Known {
    match answer.truth {
        Truth::No => Known {
            truth: Truth::Unknown,
            because: [&answer.because, ", on a node with AppArmor"].concat(),
            settles: "Paste the output of `grep -H . /sys/kernel/security/lsm` in a file of its own beside the pod.",
            evidence: answer.evidence,
        },
        _ => answer,
    }
}

fn by_apparmor(facts: &Facts<'_, '_>, asked: &'static str) -> Known {
    let apparmor = &facts.world.apparmor;
    match asked {
        "mount" => apparmor.lets(Operation::Mount),
        "ptrace" => apparmor.lets(Operation::Ptrace),
        _ => {
            let access = if asked.starts_with("write") { Access::Write } else { Access::Read };
            if let Some((_, path)) = asked.split_once(':').filter(|(_, path)| *path != "@") {
                return apparmor.lets(Operation::File(path, access));
            }
            // Connecting to a socket asks for the right to write, and a mount that is read-only lets it.
            let has_socket = |mount: &HostMount<'_>| {
                mount.path.as_ref().is_some_and(|path| socket::reached_by(path).next().is_some())
            };
            let is_asked = |mount: &&HostMount<'_>| access == Access::Read || !mount.read_only || has_socket(mount);
            let folders = facts.mounts.iter().filter(is_asked);
            let answers = folders.map(|mount| apparmor.lets(Operation::File(mount.target, access)));
            Known::any(answers)
                .unwrap_or_else(|| Known::new(true, "nothing of the node is mounted that it could open so"))
        }
    }
}

fn selinux(facts: &Facts<'_, '_>) -> Known {
    let off = selinux_off(facts);
    match off.truth {
        Truth::Yes => off,
        // The type of containers may neither mount nor trace, nor open files without a label of theirs.
        _ => Known::new(false, "SELinux keeps the type of containers to its own files"),
    }
}

/// From `linux/sched.h`.
const CLONE_NEWUSER: u64 = 0x1000_0000;

/// Calls that no default profile of a runtime lets an ordinary container make, each with its first argument: user namespaces,
/// keyrings, BPF, `io_uring`, `userfaultfd`. A filter that lets all of them pass is as good as none.
pub const DANGEROUS: [(&str, u64); 5] =
    [("unshare", CLONE_NEWUSER), ("keyctl", 0), ("bpf", 0), ("io_uring_setup", 0), ("userfaultfd", 0)];

/// Whether it runs without a seccomp filter, or with one that stops nothing that matters.
pub(super) fn seccomp_off(facts: &Facts<'_, '_>) -> Known {
    let answer = match &facts.world.seccomp {
        Confined::Not(known) | Confined::Unknown(known) => return (*known).clone(),
        Confined::By(answer) => answer,
    };
    let stopped = DANGEROUS.into_iter().any(|(name, first)| answer((name, [first, 0, 0, 0, 0, 0])).truth != Truth::Yes);
    if stopped { Known::new(false, "a seccomp filter is loaded") } else { stops_nothing("its seccomp filter") }
}

fn stops_nothing(what: &str) -> Known {
    Known::new(true, [what, " stops nothing of what it is for"].concat())
}

/// Whether its AppArmor profile is switched off.
pub(super) fn apparmor_off(facts: &Facts<'_, '_>) -> Known {
    let world = facts.world;
    let profile = effective::apparmor(world.pod, world.container, world.kube_version);
    let line = origin(&profile);
    // What the profiles of runtimes are for; one that only complains lets all of it pass.
    let asked = [
        Operation::Mount,
        Operation::Ptrace,
        Operation::Capability("SYS_ADMIN"),
        Operation::File("/proc/sysrq-trigger", Access::Write),
    ];
    match profile.value {
        Some(Confinement::Localhost(_))
            if let Confined::By(answer) = &world.apparmor
                && asked.into_iter().all(|asked| answer(asked).truth == Truth::Yes) =>
        {
            stops_nothing("its AppArmor profile").at(line)
        }
        Some(Confinement::Unconfined) => Known::new(true, "its AppArmor profile is switched off").at(line),
        Some(_) => Known::new(false, "it runs under an AppArmor profile, where the node has AppArmor").at(line),
        None => Known::unknown("its AppArmor profile cannot be told", "Write the profile out.").at(line),
    }
}

/// Whether its SELinux label lets it do everything.
pub(super) fn selinux_off(facts: &Facts<'_, '_>) -> Known {
    let world = facts.world;
    let label = effective::selinux(world.pod, world.container);
    let kind = label.value.and_then(|label| label.kind.text());
    match kind {
        // Sources: container-selinux: `spc_t` is the domain of containers that are not confined; `unconfined_t` and
        // `init_t` are those of the node's users and services.
        Some(kind @ ("spc_t" | "unconfined_t" | "init_t" | "kernel_t")) => {
            Known::new(true, format!("its SELinux type is {kind}, which is not confined")).at(origin(&label))
        }
        Some(kind) => Known::new(false, format!("its SELinux type is {kind}")).at(origin(&label)),
        None if world.container.security.privileged.is_true() => {
            Known::new(true, "a privileged container runs as spc_t").at(world
                .container
                .security
                .privileged
                .site()
                .map(|site| super::here(site.whole(), None)))
        }
        None => Known::new(false, "the runtime gives it a confined SELinux type"),
    }
}
