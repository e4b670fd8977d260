//! The switches of the pod.

use watertight_knowledge::{annotation, credential, sysctl};
use watertight_pod::{Container, ContainerList, Field, OpenDevices, Pair, effective};

use super::{here, origin, switch, truth};
use crate::known::{Known, Truth};
use crate::world::World;

/// A term that stands for one field or one list of the pod.
pub(super) fn term(world: &World<'_>, name: &str) -> Known {
    let pod = world.pod;
    let field = |field, name| switch(field, name, pod.route.key(name));
    match name {
        "privileged" => {
            let route = world.container.route.keys("securityContext.privileged");
            switch(&world.container.security.privileged, "privileged", route)
        }
        "device-cgroup" => device_cgroup(world, |_, opened| opened == OpenDevices::All),
        "disk-cgroup" => device_cgroup(world, |_, _| true),
        "disk-cgroup-read" => device_cgroup(world, |rule, _| OpenDevices::reads(rule)),
        "disk-cgroup-write" => device_cgroup(world, |rule, _| OpenDevices::writes(rule)),
        "hostPID" => field(&pod.host_pid, "hostPID"),
        "hostIPC" => field(&pod.host_ipc, "hostIPC"),
        "hostNetwork" => field(&pod.host_network, "hostNetwork"),
        "shareProcessNamespace" => field(&pod.share_process_namespace, "shareProcessNamespace"),
        "propagation" => propagation(world),
        "subPath" => sub_path(world),
        "gitRepo" => git_repo(world),
        "procMount" => proc_mount(world),
        "escalation" => escalation(world),
        "rootfs-writable" => {
            let read_only = effective::read_only_root(world.container);
            let because = match read_only.value {
                Some(true) => "its root file system is read-only",
                Some(false) => "its root file system is writable",
                None => return untold("readOnlyRootFilesystem cannot be read").at(origin(&read_only)),
            };
            Known::new(!truth(&read_only), because).at(origin(&read_only))
        }
        "limits-missing" => limits(world),
        "sysctl-unsafe" => sysctls(world),
        "gpu" => gpu(world),
        "hostPort" => host_port(world),
        "same-user" => same_user(world),
        "probeHost" => probe_host(world),
        "windowsHostProcess" => {
            let host_process = effective::host_process(pod, world.container);
            let because = match host_process.value {
                Some(true) => "hostProcess is true",
                Some(false) => "it is no host process of Windows",
                None => return untold("hostProcess cannot be read").at(origin(&host_process)),
            };
            Known::new(truth(&host_process), because).at(origin(&host_process))
        }
        "secretInEnv" => secret(world),
        "kata-annotation" => kata_annotation(world),
        _ if !pod.syntax.is_kubernetes() => engine(world, name),
        // A pod has no such switch; `docker run` has.
        _ => Known::new(false, "a pod cannot ask for it"),
    }
}

/// Whether the control group of devices lets a device be opened that the container was not given.
fn device_cgroup(world: &World<'_>, is_opened: fn(&str, OpenDevices) -> bool) -> Known {
    let rules = world.pod.engine.device_rules.iter();
    let mut opening = rules.filter_map(|rule| Some((rule, OpenDevices::by(&rule.name)?)));
    if let Some((rule, opened)) = opening.find(|(rule, opened)| is_opened(&rule.name, *opened)) {
        let because = match opened {
            OpenDevices::All => "the control group of devices lets it open every one".to_owned(),
            OpenDevices::Disks(major) => {
                format!("the control group of devices lets it open disks of major number {major}")
            }
        };
        return Known::new(true, because).at([here(rule.site.whole(), None)]);
    }
    let privileged = term(world, "privileged");
    match privileged.truth {
        Truth::Yes | Truth::Unknown => privileged,
        Truth::No => {
            Known { because: "the control group of devices lets it open only its own".to_owned(), ..privileged }
        }
    }
}

/// What only a value in the place of what stands there can tell.
fn untold(because: &'static str) -> Known {
    Known::unknown(because, "Write a plain value there, or render the template first.")
}

/// Switches of container engines that Kubernetes does not have.
fn engine(world: &World<'_>, name: &str) -> Known {
    let options = &world.pod.engine;
    let shared = |field: &Field<bool>, what: &str| match field {
        Field::Set(true, site) => {
            Known::new(true, format!("it shares the {what} namespace of the node")).at([here(site.whole(), None)])
        }
        Field::Unreadable(site) => {
            Known::unknown(format!("the {what} namespace cannot be read"), "Write the value out.")
                .at([here(site.whole(), None)])
        }
        _ => Known::new(false, format!("it has a {what} namespace of its own")),
    };
    match name {
        "utsHost" => shared(&options.host_uts, "UTS"),
        "cgroupnsHost" => shared(&options.host_cgroup, "cgroup"),
        "usernsHost" => shared(&world.pod.host_users, "user"),
        "volumesFrom" => match options.volumes_from.first() {
            Some(named) => {
                Known::new(true, format!("it gets the volumes of {}", named.name)).at([here(named.site.whole(), None)])
            }
            None => Known::new(false, "it gets the volumes of no other container"),
        },
        "dockerTcp" => match &options.api {
            Field::Set(address, site) if address.starts_with("tcp:") => {
                Known::new(true, format!("the engine listens on {address}")).at([here(site.whole(), None)])
            }
            _ => Known::new(false, "nothing says that the engine listens on the network"),
        },
        _ => Known::new(false, "an engine cannot be asked for it"),
    }
}

fn propagation(world: &World<'_>) -> Known {
    let found = world.container.mounts.iter().find(|mount| mount.propagation.text() == Some("Bidirectional"));
    match found {
        Some(mount) => {
            Known::new(true, "mounts that it makes appear on the node (Bidirectional)").at([here(mount.span, None)])
        }
        None => Known::new(false, "mounts that it makes stay with it"),
    }
}

fn sub_path(world: &World<'_>) -> Known {
    let found = world.container.mounts.iter().find(|mount| mount.sub_path.is_set() || mount.sub_path_expr.is_set());
    match found {
        Some(mount) => Known::new(true, "it mounts a part of a volume by subPath").at([here(mount.span, None)]),
        None => Known::new(false, "no volume is mounted by subPath"),
    }
}

/// The kubelet refuses such volumes from 1.33 on, unless its feature gate GitRepoVolumeDriver is on (KEP-5040), and from 1.36
/// on for good (kubernetes#136400). It may be older than the cluster, so that its own version counts where it is known; of
/// several nodes the oldest.
fn git_repo(world: &World<'_>) -> Known {
    let source =
        |volume: &watertight_pod::Volume| volume.sources.iter().find(|source| source.name == "gitRepo").cloned();
    let Some(source) = world.pod.volumes.iter().find_map(source) else {
        return Known::new(false, "there is no gitRepo volume");
    };
    let kubelets = world.node.components.iter().filter(|component| component.name == "kubelet");
    let oldest = kubelets.min_by_key(|kubelet| kubelet.version);
    let branch = oldest.map(|kubelet| kubelet.version.branch());
    let may_refuse = branch.map_or_else(|| world.kube_version.at_least(33), |branch| branch >= [1, 33]);
    let known = match branch {
        Some(branch) if branch >= [1, 36] => Known::new(false, "kubelets from v1.36 on refuse gitRepo volumes"),
        _ if may_refuse => Known::unknown(
            "a gitRepo volume is asked for, which nodes since v1.33 refuse unless they are told otherwise",
            "Look whether the kubelet's feature gate GitRepoVolumeDriver is on.",
        ),
        _ => Known::new(true, "the kubelet runs git on the node for a gitRepo volume"),
    };
    known.at([here(source.site.whole(), None)]).at(oldest.and_then(|kubelet| kubelet.evidence.clone()))
}

fn proc_mount(world: &World<'_>) -> Known {
    let proc_mount = effective::proc_mount(world.container);
    let line = origin(&proc_mount);
    match proc_mount.value {
        Some("Unmasked") => Known::new(true, "nothing of /proc is hidden from it").at(line),
        Some(_) => Known::new(false, "the runtime hides the dangerous parts of /proc").at(line),
        None => Known::unknown("procMount cannot be read", "Write Default there.").at(line),
    }
}

pub(crate) fn escalation(world: &World<'_>) -> Known {
    let allowed = effective::allow_privilege_escalation(world.container);
    let line = origin(&allowed);
    match allowed.value {
        Some(false) => Known::new(false, "allowPrivilegeEscalation is false").at(line),
        Some(true) => Known::new(true, "programs with the set-user-id bit may raise its rights").at(line),
        None => Known::unknown("allowPrivilegeEscalation cannot be read", "Write false there.").at(line),
    }
}

fn limits(world: &World<'_>) -> Known {
    let resources = &world.container.resources;
    let route = world.container.route.keys("resources.limits");
    if let Some(place) = world.pod.doubt(&route) {
        return untold("its limits cannot be read").at([here(place.site.whole(), None)]);
    }
    let missing: Vec<_> = ["memory", "cpu"].into_iter().filter(|name| resources.limit(name).is_none()).collect();
    match missing.as_slice() {
        [] => Known::new(false, "memory and processor time are limited")
            .at(resources.site.map(|site| here(site.whole(), None))),
        missing => Known::new(true, format!("nothing limits its {}", missing.join(" and ")))
            .at([here(world.container.head, Some(world.container.route.clone()))]),
    }
}

/// Sources: `pkg/kubelet/sysctl/allowlist.go` of Kubernetes; `libcontainer/configs/validate/validator.go` of runc, `sysctl`;
/// CVE-2022-0811 for values that CRI-O hands on as further settings.
fn sysctls(world: &World<'_>) -> Known {
    let all = || world.pod.security.sysctls.iter();
    let is_unsafe = |name: &str| !sysctl::safe_since(name).is_some_and(|minor| world.kube_version.at_least(minor));
    let at = |known: Known, pair: &Pair| known.at([here(pair.site.whole(), None)]);
    if let Some(pair) = all().find(|pair| pair.value.contains(['+', '='])) {
        let because =
            format!("the value of {} goes on, and CRI-O before 1.24.0 sets what stands there as well", pair.name);
        return at(Known::unknown(because, "Look which runtime the node has: `kubectl get nodes -o wide` says."), pair);
    }
    if !world.pod.syntax.is_kubernetes() {
        return match all().next() {
            Some(pair) => {
                at(Known::new(false, "runtimes set what belongs to the container's own namespaces alone"), pair)
            }
            None => Known::new(false, "it sets nothing of the kernel"),
        };
    }
    match all().find(|pair| is_unsafe(&pair.name)) {
        Some(pair) if sysctl::is_namespaced(&pair.name) => {
            let because = format!("it sets {}, which the kubelet refuses unless it was told to allow it", pair.name);
            at(Known::unknown(because, "Look at `allowedUnsafeSysctls` in the configuration of the kubelet."), pair)
        }
        Some(pair) => {
            let because = format!("the kubelet refuses {}, which belongs to no namespace of the pod", pair.name);
            at(Known::new(false, because), pair)
        }
        None => Known::new(false, "it sets nothing of the kernel that could harm others"),
    }
}

/// Whether another container of the pod runs as the same user, whose processes it may look into.
///
/// Source: `ptrace_may_access` in `kernel/ptrace.c`, which asks for the same user or for CAP_SYS_PTRACE.
fn same_user(world: &World<'_>) -> Known {
    let user = |container| effective::run_as_user(world.pod, container);
    let own = user(world.container);
    let others =
        world.pod.containers.iter().filter(|other| {
            other.route != world.container.route && (other.list != ContainerList::Init || other.sidecar)
        });
    let answers = others.map(|other| match (own.value, user(other).value) {
        (Some(own), Some(other_user)) if own == other_user => {
            Known::new(true, format!("{} runs as user {own} as well", called(other))).at(origin(&user(other)))
        }
        (Some(_), Some(_)) => Known::new(false, "no other container of the pod runs as its user"),
        _ => Known::unknown(
            "whether another container of the pod runs as the same user is not said",
            "Set runAsUser for every container, a number of its own for each.",
        ),
    });
    Known::any(answers).unwrap_or_else(|| Known::new(false, "there is no other container in the pod"))
}

fn called(container: &Container) -> String {
    ["container ", &container.name].concat()
}

fn gpu(world: &World<'_>) -> Known {
    let resources = &world.container.resources;
    let is_gpu = |name: &str| name.ends_with("nvidia.com/gpu") || name.starts_with("nvidia.com/mig-");
    match resources.limits.iter().chain(&resources.requests).find(|pair| is_gpu(&pair.name)) {
        Some(pair) => Known::new(true, "it asks for a GPU, whose tools run on the node while it is set up")
            .at([here(pair.site.whole(), None)]),
        None => Known::new(false, "it asks for no GPU"),
    }
}

fn host_port(world: &World<'_>) -> Known {
    let found = world
        .container
        .ports
        .iter()
        .find_map(|port| port.host_port.get().filter(|port| **port != 0).copied().zip(port.host_port.site()));
    match found {
        // Past services and policies, where there are some.
        Some(_) if !world.pod.syntax.is_kubernetes() => {
            Known::new(false, "a published port lets others in, and leads the container nowhere")
        }
        Some((port, site)) => {
            Known::new(true, format!("it takes port {port} of the node")).at([here(site.whole(), None)])
        }
        None => Known::new(false, "it takes no port of the node"),
    }
}

fn probe_host(world: &World<'_>) -> Known {
    match world.container.handler_hosts.first() {
        Some(found) => Known::new(true, format!("the kubelet sends requests to {} for it", found.host))
            .at([here(found.site.whole(), None)]),
        None => Known::new(false, "its probes go to itself"),
    }
}

/// A password of a database opens the database, and leads to no node: that is for the rules to tell.
fn secret(world: &World<'_>) -> Known {
    let found = world.container.env.iter().find_map(|variable| {
        let (name, value) = (variable.name.text().unwrap_or_default(), variable.value.text()?);
        credential::is_of_cloud(name, value).then(|| variable.value.site())?
    });
    match found {
        Some(site) => Known::new(true, "a credential of a cloud or a cluster stands in its environment")
            .at([here(site.whole(), None)]),
        None => Known::new(false, "no credential of a cloud or a cluster stands in its environment"),
    }
}

fn kata_annotation(world: &World<'_>) -> Known {
    let is_kata = |name: &str| annotation::steering(name).is_some_and(|family| family.runtime == "Kata Containers");
    match world.pod.metadata.annotations.iter().find(|pair| is_kata(&pair.name)) {
        Some(pair) => Known::new(true, format!("the annotation {} changes the sandbox from inside", pair.name))
            .at([here(pair.site.whole(), None)]),
        None => Known::new(false, "no annotation changes the sandbox"),
    }
}
