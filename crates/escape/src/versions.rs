//! The known bugs of the kernel and the programs of the node, as far as this container gets to them.

use watertight_knowledge::cve::{self, Affects, Cve, Reach};
use watertight_knowledge::sandbox::Sandbox;
use watertight_text::sort;

use crate::facts::{Facts, counts_as_root, holds_capability, sandboxed};
use crate::known::{Known, Truth};
use crate::technique::{Outcome, Term};
use crate::world::Component;

/// A known bug of something on the node.
#[derive(Clone, PartialEq, Debug)]
pub struct Bug {
    /// The bug.
    pub cve: &'static Cve,
    /// The version that has it, as it was written.
    pub version: String,
    /// Whether this container gets to it.
    pub open: Truth,
    /// Why.
    pub because: String,
}

/// Programs that make containers, as the data calls them.
const RUNTIMES: [&str; 10] =
    ["runc", "crun", "youki", "containerd", "docker", "cri-o", "podman", "kubelet", "buildkit", "containers-common"];
/// From `linux/sched.h`.
const CLONE_NEWUSER: u64 = 0x1000_0000;

/// What settles whether a version has a bug.
const ASK_VENDOR: &str = "Ask the vendor of the package whether the bug is mended in it.";

/// Whether a component has a bug that wins as much and that this container gets to, and all that are not ruled out.
///
/// A control behind the component's name narrows them to the bugs of what it switches off: `kubelet no_subpath`.
pub(crate) fn bugs(facts: &Facts<'_, '_>, asked: &str, wanted: Outcome) -> (Known, Vec<Bug>) {
    let (component, mechanism) = asked.split_once(' ').unwrap_or((asked, ""));
    let is_asked = |name: &str| if component == "runtime" { RUNTIMES.contains(&name) } else { name == component };
    let given: Vec<&Component<'_>> = facts.world.node.components.iter().filter(|given| is_asked(given.name)).collect();
    if given.is_empty() {
        return (unheard(component), Vec::new());
    }
    let mut found = Vec::new();
    // Many bugs are reached in the same way.
    let mut ways: Vec<(Reach, Known)> = Vec::new();
    for given in &given {
        for (cve, affects) in cve::affecting(given.name, &given.version) {
            let wins = wins(cve, wanted);
            if wins.truth == Truth::No || !mechanism.is_empty() && !cve.controls().contains(&mechanism) {
                continue;
            }
            let reached = match cve.reach {
                Some(reach) => match ways.iter().find(|(known, _)| *known == reach) {
                    Some((_, reached)) => reached.clone(),
                    None => {
                        let reached = reached(facts, reach);
                        ways.push((reach, reached.clone()));
                        reached
                    }
                },
                None => uncontrolled(facts, cve),
            };
            let (bug, settles) = bug(both(reached, wins), cve, affects, given);
            found.push((bug, settles, *given));
        }
    }
    found.retain(|(bug, ..)| bug.open != Truth::No);
    sort::by(&mut found, |(a, ..), (b, ..)| b.open.cmp(&a.open).then_with(|| b.cve.exploited.cmp(a.cve.exploited)));
    let said = |given: &Component<'_>| [given.name, " ", &given.written].concat();
    let known = match found.first() {
        None => {
            let versions: Vec<_> = given.iter().map(|given| said(given)).collect();
            let because = format!("no bug is known in {} that leads this container there", versions.join(" and "));
            Known::new(false, because).at(given.iter().filter_map(|given| given.evidence.clone()))
        }
        Some((worst, settles, given)) => {
            let because = format!("{} of {}: {}", worst.cve.id, said(given), worst.because);
            let known = match worst.open {
                Truth::Yes => Known::new(true, because),
                _ => Known::unknown(because, settles),
            };
            known.at(given.evidence.clone())
        }
    };
    (known, found.into_iter().map(|(bug, ..)| bug).collect())
}

fn unheard(component: &str) -> Known {
    match component {
        "linux-kernel" => Known::unknown(
            "nobody has said which kernel the node runs",
            "Paste the output of `uname -a` in a file of its own beside the pod.",
        ),
        "kata" => Known::unknown(
            "nobody has said which version of Kata the node has",
            "Paste the output of `kata-runtime --version` in a file of its own beside the pod.",
        ),
        "nvidia-container-toolkit" => Known::unknown(
            "nobody has said which version of the NVIDIA toolkit the node has",
            "Paste the output of `nvidia-ctk --version` in a file of its own beside the pod.",
        ),
        "kubelet" => Known::unknown(
            "nobody has said which version of the kubelet the node has",
            "Paste the output of `kubectl get nodes -o wide` in a file of its own beside the pod.",
        ),
        _ => Known::unknown(
            "nobody has said which runtime the node has",
            "Paste the output of `containerd --version` and `runc --version` in a file of its own beside the pod.",
        ),
    }
}

/// A bug, and what would settle it where it is not known.
fn bug(reached: Known, cve: &'static Cve, affects: Affects, given: &Component<'_>) -> (Bug, &'static str) {
    let Known { truth, because, settles, .. } = reached;
    let (has_it, only) = match affects {
        Affects::Yes => (Truth::Yes, ""),
        Affects::AskVendor => (Truth::Unknown, ", if its vendor has not mended it"),
        Affects::Unknown => (Truth::Unknown, ", if this version has it, of which too little is known"),
        Affects::No => (Truth::No, ""),
    };
    let settles = if has_it == Truth::Yes && !settles.is_empty() { settles } else { ASK_VENDOR };
    let because = [&because, only].concat();
    (Bug { cve, version: given.written.to_string(), open: has_it.and(truth), because }, settles)
}

/// What holds only together: the weaker of the two decides, and both are told where it is not known.
fn both(reached: Known, wins: Known) -> Known {
    match (reached.truth, wins.truth) {
        (Truth::Yes | Truth::Unknown, Truth::Unknown) => {
            Known { because: [&reached.because, " and ", &wins.because].concat(), ..wins }
        }
        _ => reached,
    }
}

/// Whether what a bug wins is as much as what is asked for. Reads on behind how it is reached.
///
/// Files of the node are as much as root for whom a credential or a program among them can be read or replaced, which is
/// not known of each bug. A new file whose content nobody chooses is not (runc's GHSA-jfvp-7x6p-h2pv and GHSA-xjvp-4fhw-gc47).
fn wins(cve: &Cve, wanted: Outcome) -> Known {
    let is_root = matches!(cve.outcome, "cluster-admin" | "host-file-write" | "host-root" | "node-admin" | "node-exec");
    let shows_files = matches!(cve.outcome, "host-file-access" | "host-read");
    let may_lead_on = matches!(cve.outcome, "host-config" | "host-device" | "host-network" | "node-credential");
    if is_root || shows_files && wanted <= Outcome::HostInfo {
        return Known::new(true, "");
    }
    if !shows_files && !may_lead_on {
        return Known::new(false, "");
    }
    let because = ["if what it wins leads on (", cve.outcome_in_words(), ")"].concat();
    Known::unknown(because, "Take a version in which the bug is mended: what lies there differs from node to node.")
}

/// Whether the container gets to a bug of the kernel.
fn reached(facts: &Facts<'_, '_>, reach: Reach) -> Known {
    let calls = |names: &[&'static str]| {
        let answers = names.iter().map(|value| facts.term(Term { name: "call", value, negated: false }));
        Known::any(answers).unwrap_or_else(|| Known::new(true, "no call is asked for"))
    };
    let cap_or_namespace = |name: &'static str| {
        let own = holds_capability(facts, name);
        Known::any([own, new_user_namespace(facts)]).unwrap_or_else(|| Known::new(false, ""))
    };
    // Both calls look for the capability in the user namespace of the node (`bpf_capable` and `perfmon_capable` in
    // include/linux/capability.h).
    let call_or_setting = |call: &'static str, names: [&str; 2], because: &str, settles: &'static str| {
        let held = Known::any(names.map(|name| holds_capability(facts, name)));
        let on_node = facts.term(Term { name: "userns", value: "", negated: false });
        let open = Known::unknown(["the call ", call, " passes, ", because].concat(), settles);
        let allowed = held.map(|held| all([held, on_node])).filter(|held| held.truth == Truth::Yes).unwrap_or(open);
        all([calls(&[call]), allowed])
    };
    match reach {
        Reach::Any => Known::new(true, "ordinary system calls reach it"),
        Reach::Net => cap_or_namespace("NET_ADMIN"),
        Reach::NsAdmin => cap_or_namespace("SYS_ADMIN"),
        Reach::Raw => cap_or_namespace("NET_RAW"),
        // bpf(2): since 5.16 a kernel may be built with BPF_UNPRIV_DEFAULT_OFF, and distributions set it earlier.
        Reach::Bpf => call_or_setting(
            "bpf",
            ["BPF", "SYS_ADMIN"],
            "if the node lets unprivileged processes load programs",
            "Look at kernel.unprivileged_bpf_disabled on the node: only 0 lets everybody load programs.",
        ),
        Reach::IoUring => calls(&["io_uring_setup"]),
        Reach::Alg => calls(&["socket:38"]),
        Reach::Vsock => calls(&["socket:40"]),
        Reach::RxRpc => calls(&["socket:33"]),
        Reach::Rds => calls(&["socket:21"]),
        Reach::Key => calls(&["keyctl"]),
        Reach::Ptrace => calls(&["ptrace"]),
        // perf_event_open(2), "perf_event related configuration files": distributions add 3 and 4, which keep all users out.
        Reach::Perf => call_or_setting(
            "perf_event_open",
            ["PERFMON", "SYS_ADMIN"],
            "if the node lets unprivileged processes measure",
            "Look at kernel.perf_event_paranoid on the node: 2 and less let everybody measure their own processes.",
        ),
        // The file belongs to root of the node, so its owner alone may open it: who becomes root in a new user namespace is
        // that owner still, who is root of the pod's own is not (kernel/cgroup/cgroup-v1.c before 24f600856418).
        Reach::Cgroup1 => all([
            counts_as_root(facts),
            facts.term(Term { name: "userns", value: "", negated: false }),
            facts.term(Term { name: "node", value: "cgroup1", negated: false }),
            facts.term(Term { name: "lsm", value: "mount", negated: false }),
            cap_or_namespace("SYS_ADMIN"),
        ]),
        Reach::Lsm => facts.term(Term { name: "read", value: "/sys/**", negated: false }),
    }
}

/// What holds only together: the first of the weakest decides.
fn all<const N: usize>(needs: [Known; N]) -> Known {
    needs.into_iter().min_by_key(|known| known.truth).unwrap_or_else(|| Known::new(true, ""))
}

/// Whether it can make a user namespace, in which it holds every capability.
fn new_user_namespace(facts: &Facts<'_, '_>) -> Known {
    let call = |name: &'static str| facts.world.seccomp.lets((name, [CLONE_NEWUSER, 0, 0, 0, 0, 0]));
    let passes = Known::any(["unshare", "clone"].map(call)).unwrap_or_else(|| Known::new(false, ""));
    match passes.truth {
        Truth::No => passes,
        // Distributions differ: Debian and upstream let everybody make one, Ubuntu since 24.04 only some programs.
        _ => Known::unknown(
            "it may make a user namespace, if the node lets unprivileged processes do so",
            "Look at /proc/sys/user/max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns on the node.",
        ),
    }
}

/// Whether no setting of the pod stops a bug of a runtime, what else must be the case, and who has to be hostile.
fn uncontrolled(facts: &Facts<'_, '_>, cve: &Cve) -> Known {
    let controls = cve.controls().iter().map(|control| control_holds(facts, control));
    match Known::any(controls) {
        Some(stops) if stops.truth != Truth::No => return stops.negated(),
        _ => {}
    }
    let stops_it = "nothing that the pod sets stops it";
    let who: Vec<_> = cve.attackers_in_words().collect();
    // Who is on the node already needs no way out, and a container is no user of it.
    if cve.attackers.iter().all(|attacker| matches!(*attacker, "host" | "host-user")) {
        return Known::new(false, ["it is for ", &who.join(" or "), ", and not for a container"].concat());
    }
    if !cve.attackers.contains(&"container") {
        let because = [stops_it, ", if ", &who.join(" or "), " is hostile"].concat();
        return Known::unknown(
            because,
            "Take a version in which the bug is mended, or trust who makes what runs here.",
        );
    }
    if cve.untold.is_empty() {
        return Known::new(true, stops_it);
    }
    let because = [stops_it, ", if this is the case: ", &cve.untold.join("; ")].concat();
    Known::unknown(because, "Look whether this is the case, or take a version in which the bug is mended.")
}

/// Whether a control is in place, for those that the pod decides.
fn control_holds(facts: &Facts<'_, '_>, control: &str) -> Known {
    let term = |name, value| facts.term(Term { name, value, negated: true });
    match control {
        "userns" => term("userns", ""),
        "non_root" => term("uid0", ""),
        "no_new_privs" => term("escalation", ""),
        "no_host_network" => term("hostNetwork", ""),
        "no_host_ipc" => term("hostIPC", ""),
        "no_host_path" => term("read", "*"),
        "no_docker_sock" => term("read", "/run/docker.sock"),
        "no_subpath" => term("subPath", ""),
        "no_gitrepo_volume" => term("gitRepo", ""),
        "no_gpu_runtime" => term("gpu", ""),
        "pss_baseline_sysctls" => term("sysctl-unsafe", ""),
        "kata_annotations_off" => term("kata-annotation", ""),
        "drop_sys_ptrace" => term("cap", "SYS_PTRACE"),
        "drop_sys_admin" => term("cap", "SYS_ADMIN"),
        "drop_net_admin" => term("cap", "NET_ADMIN"),
        "drop_net_raw" => term("cap", "NET_RAW"),
        "cgroupns_private" => facts.term(Term { name: "cgroupns", value: "", negated: false }),
        "rootful" => facts.term(Term { name: "rootful", value: "", negated: false }),
        "gvisor" => sandboxed(facts.world, Sandbox::GVisor),
        "kata" => sandboxed(facts.world, Sandbox::Kata),
        "no_windows_nodes" => Known::new(!facts.world.pod.is_windows(), "the pod does not run on Windows"),
        // The rest is decided outside of the pod: who builds images, what the node's settings are.
        _ => Known::new(false, "the pod does not decide it"),
    }
}
