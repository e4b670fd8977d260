//! What a fix asks of a pod, apart from the syntax in which the pod is written.
//!
//! Rules propose changes at routes of the model, such as `containers[0].securityContext.privileged`. In a command line or
//! a compose file these routes do not exist; there a change is a statement that goes, or a setting that comes.

use serde_json::Value;
use watertight_diagnostic::{Operation, Route, Step};

use crate::{Container, Pod, Site};

/// One change in words of no syntax.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// A statement goes.
    Without(Site),
    /// A read-only root file system.
    ReadOnlyRoot,
    /// `no_new_privs`
    NoNewPrivileges,
    /// An AppArmor profile, by its name.
    AppArmor(String),
    /// None of the capabilities that are given without asking.
    DropAll,
    /// A capability.
    Add(String),
    /// Another user than root, by number; what said something else is replaced.
    User(i64),
    /// Another group, by number.
    Group(i64),
    /// A limit: `memory` or `cpu`, in Kubernetes' units.
    Limit(String, String),
    /// An empty file system in memory, there.
    Memory(String),
    /// Mounts that come in and do not go out, for what this statement mounts.
    Slave(Site),
    /// A user namespace of its own.
    UserNamespace,
    /// A PID, network or IPC namespace of its own, by the name that OCI has for it.
    Namespace(&'static str),
    /// The masks over `/proc` and `/sys`.
    Masks,
}

/// What the operations of a fix ask for; `None` when one of them has no counterpart outside of Kubernetes.
pub fn wishes(pod: &Pod, operations: &[Operation]) -> Option<Vec<Wish>> {
    let mut all: Vec<Wish> = Vec::new();
    for operation in operations {
        // Kubernetes takes mounts that go out from privileged containers only, so there the two go together.
        let goes_along = operations.len() > 1
            && matches!(operation.route().steps.last(), Some(Step::Key(key)) if key == "mountPropagation");
        if goes_along {
            continue;
        }
        for wish in wish(pod, operation)? {
            if !all.contains(&wish) {
                all.push(wish);
            }
        }
    }
    (!all.is_empty()).then_some(all)
}

fn wish(pod: &Pod, operation: &Operation) -> Option<Vec<Wish>> {
    let (field, places) = field(pod, operation.route())?;
    let container = places.first().and_then(|at| pod.containers.get(*at));
    let security = container.map(|container| &container.security);
    let volume = || pod.volumes.get(*places.first()?);
    let without = |site: Option<Site>| Some(vec![Wish::Without(site?)]);
    let sites = |sites: Vec<Site>| Some(sites.into_iter().map(Wish::Without).collect());
    let removes = matches!(operation, Operation::Remove { .. });
    let value = match operation {
        Operation::Set { value, .. } | Operation::Append { value, .. } => Some(value),
        _ => None,
    };
    let last = || places.last().copied();
    match field.as_str() {
        "hostPID" => namespace(pod, pod.host_pid.site(), "pid"),
        "hostIPC" => namespace(pod, pod.host_ipc.site(), "ipc"),
        "hostNetwork" => namespace(pod, pod.host_network.site(), "network"),
        "hostUsers" => Some(match pod.host_users.site() {
            Some(site) if pod.host_users.is_true() && pod.syntax != crate::Syntax::Oci => vec![Wish::Without(site)],
            _ => vec![Wish::UserNamespace],
        }),
        "hooks[]" if removes => without(pod.engine.privileged_hooks.get(last()?).map(|hook| hook.site)),
        "shareProcessNamespace" => without(pod.share_process_namespace.site()),
        "securityContext.runAsNonRoot" => {
            let told = pod
                .containers
                .iter()
                .all(|container| container.security.run_as_user.get().is_some_and(|user| *user != 0));
            Some(if told { Vec::new() } else { vec![Wish::User(USER)] })
        }
        "securityContext.sysctls[]" if removes => without(pod.security.sysctls.get(last()?).map(|pair| pair.site)),
        "securityContext.supplementalGroups[]" if removes => {
            without(pod.security.supplemental_groups.get(last()?).map(|(_, site)| *site))
        }
        "containers[].workingDir" => without(container?.working_dir.site()),
        "containers[].securityContext.privileged" => without(security?.privileged.site()),
        "containers[].securityContext.allowPrivilegeEscalation" => Some(vec![Wish::NoNewPrivileges]),
        "containers[].securityContext.readOnlyRootFilesystem" => Some(vec![Wish::ReadOnlyRoot]),
        "containers[].securityContext.seccompProfile" => without(security?.seccomp.site()),
        "containers[].securityContext.seccompProfile.type" => without(security?.seccomp.site()),
        "containers[].securityContext.appArmorProfile" => {
            match value.and_then(|value| value.get("localhostProfile")?.as_str()) {
                Some(name) => Some(vec![Wish::AppArmor(name.to_owned())]),
                // A configuration that names none runs without one, and which ones are loaded it does not say.
                None if pod.syntax == crate::Syntax::Oci => None,
                None => without(security?.apparmor.site()),
            }
        }
        "containers[].securityContext.seLinuxOptions" | "containers[].securityContext.seLinuxOptions.type" => {
            without(security?.selinux.site())
        }
        "containers[].securityContext.procMount" if pod.syntax == crate::Syntax::Oci => Some(vec![Wish::Masks]),
        "containers[].securityContext.procMount" => without(security?.proc_mount.site()),
        "containers[].securityContext.capabilities.add" if removes => {
            sites(security?.capabilities_add.iter().map(|named| named.site).collect())
        }
        "containers[].securityContext.capabilities.add[]" if removes => {
            without(security?.capabilities_add.get(last()?).map(|named| named.site))
        }
        "containers[].securityContext.capabilities.add" => Some(vec![Wish::Add(value?.as_str()?.to_owned())]),
        "containers[].securityContext.capabilities.drop" if value.and_then(Value::as_str) == Some("ALL") => {
            Some(vec![Wish::DropAll])
        }
        "containers[].securityContext.runAsUser" => Some(vec![Wish::User(value?.as_i64()?)]),
        "containers[].securityContext.runAsNonRoot" => Some(Vec::new()),
        "containers[].securityContext.runAsGroup" => Some(vec![Wish::Group(value?.as_i64()?)]),
        "containers[].resources.limits.memory" | "containers[].resources.limits.cpu" => {
            let name = field.rsplit('.').next().unwrap_or_default();
            Some(vec![Wish::Limit(name.to_owned(), value?.as_str()?.to_owned())])
        }
        "containers[].volumeMounts[].mountPropagation" => {
            let mount = container?.mounts.get(last()?)?;
            Some(vec![Wish::Slave(mount.propagation.site()?)])
        }
        "containers[].volumeMounts[]" if removes => mount(pod, container?, last()?),
        "containers[].volumeMounts" => Some(vec![Wish::Memory(value?.get("mountPath")?.as_str()?.to_owned())]),
        "volumes[]" | "volumes[].hostPath" if removes => without(volume()?.sources.first().map(|source| source.site)),
        // The empty folder in the place of a host path: there is none to come back.
        "volumes[].emptyDir" | "volumes" => Some(Vec::new()),
        _ => None,
    }
}

/// The user that stands in for root, as in the fixes for pods.
const USER: i64 = 65532;

fn namespace(pod: &Pod, site: Option<Site>, name: &'static str) -> Option<Vec<Wish>> {
    Some(match pod.syntax {
        crate::Syntax::Oci => vec![Wish::Namespace(name)],
        _ => vec![Wish::Without(site?)],
    })
}

fn mount(pod: &Pod, container: &Container, at: usize) -> Option<Vec<Wish>> {
    let name = container.mounts.get(at)?.volume.text()?;
    // Outside of Kubernetes each mount brings its volume along, in the same place among them.
    let volume = pod.volumes.get(at).filter(|volume| volume.name == name).or_else(|| pod.volume(name))?;
    Some(vec![Wish::Without(volume.sources.first()?.site)])
}

/// The field below the pod, with `[]` for every place in a list, and these places.
fn field(pod: &Pod, route: &Route) -> Option<(String, Vec<usize>)> {
    if !pod.route.contains(route) {
        return None;
    }
    let mut written = String::new();
    let mut places = Vec::new();
    for step in route.steps.get(pod.route.steps.len()..)? {
        match step {
            Step::Index(index) => {
                written.push_str("[]");
                places.push(*index);
            }
            Step::Key(key) => {
                if !written.is_empty() {
                    written.push('.');
                }
                written.push_str(key);
            }
        }
    }
    Some((written, places))
}
