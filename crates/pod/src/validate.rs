//! What the API server's validation refuses although every field has its type.
//!
//! Source: `pkg/apis/core/validation/validation.go` of Kubernetes 1.36, for the parts that touch isolation or that people
//! often get wrong. Where versions differ each problem says which have it, by the defaults of the feature gates in
//! `pkg/features/kube_features.go`: a field whose gate is off is dropped without a word (`pkg/api/pod/util.go`,
//! `dropDisabledFields`), so a rule about it begins with the version that has the gate on.

use std::collections::HashSet;

use watertight_diagnostic::Route;
use watertight_text::{Span, shortened};
use watertight_yaml::Node;

use crate::check::Findings;
use crate::value::{child, is_placeholder, is_templated, items};
use crate::{Carrier, Container, ContainerList, Field, Mount, Pod, ProblemKind, Profile, Site, Versions};
use crate::{gates, newcomers};

/// Names of the `volumeClaimTemplates` of a StatefulSet, which are volumes of its pods.
pub(crate) fn claim_templates<'d>(object: Node<'d>, kind: &str) -> Vec<&'d str> {
    if kind != "StatefulSet" {
        return Vec::new();
    }
    let Some((spec, _)) = child(object, "spec") else { return Vec::new() };
    items(spec, "volumeClaimTemplates").filter_map(|item| child(item, "metadata")?.0.get("name")?.as_str()).collect()
}

/// Validates a pod. `more_volumes` are names of volumes that it gets from elsewhere.
pub(crate) fn pod(pod: &Pod, more_volumes: &[&str], out: &mut Findings) {
    let mut check = Check { pod, out };
    check.names();
    check.volumes();
    check.mounts(more_volumes);
    check.ports();
    check.identities();
    check.profiles();
    check.namespaces();
    check.containers();
    check.operating_system();
    newcomers::tell(pod, check.out);
}

const PULL_POLICIES: &[&str] = &["Always", "IfNotPresent", "Never"];
const PROPAGATIONS: &[&str] = &["None", "HostToContainer", "Bidirectional"];
const PROFILES: &[&str] = &["RuntimeDefault", "Localhost", "Unconfined"];
const PROC_MOUNTS: &[&str] = &["Default", "Unmasked"];
const SYSTEMS: &[&str] = &["linux", "windows"];
const HOST_PATH_TYPES: &[&str] =
    &["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];

/// Bytes that are shown of a word that nobody knows.
const SHOWN: usize = 100;

struct Check<'c> {
    pod: &'c Pod,
    out: &'c mut Findings,
}

impl Check<'_> {
    fn bad(&mut self, message: impl Into<String>, span: Span, route: Route) {
        self.bad_in(Versions::ALL, message, span, route);
    }

    fn bad_in(&mut self, versions: Versions, message: impl Into<String>, span: Span, route: Route) {
        self.out.tell_in(versions, ProblemKind::BadValue { message: message.into() }, span, route);
    }

    fn names(&mut self) {
        let pod = self.pod;
        let mut containers = HashSet::new();
        for container in &pod.containers {
            self.name(&container.name, container.head, &container.route, &mut containers);
        }
        let mut volumes = HashSet::new();
        for volume in &pod.volumes {
            self.name(&volume.name, volume.head, &volume.route, &mut volumes);
        }
    }

    fn name<'n>(&mut self, name: &'n str, span: Span, owner: &Route, seen: &mut HashSet<&'n str>) {
        if name.is_empty() || is_templated(name) {
            return;
        }
        if !seen.insert(name) {
            self.out.tell(ProblemKind::DuplicateName { name: name.to_owned() }, span, owner.key("name"));
        }
        if !is_label(name) {
            let message = format!(
                "\"{name}\" cannot be a name here: it takes at most 63 small letters, digits and dashes, with a letter or \
                 digit at both ends."
            );
            self.bad(message, span, owner.key("name"));
        }
    }

    fn volumes(&mut self) {
        let pod = self.pod;
        for volume in &pod.volumes {
            if let [first, rest @ ..] = volume.sources.as_slice() {
                for source in rest {
                    let message =
                        format!("A volume has one source; this one has {} already. Keep one of them.", first.name);
                    self.bad(
                        message,
                        source.site.key.unwrap_or(source.site.value),
                        volume.route.key(source.name.clone()),
                    );
                }
            }
            if let Some(host) = volume.host_path.get() {
                let route = volume.route.key("hostPath");
                self.one_of(&host.kind, HOST_PATH_TYPES, || route.key("type"));
                if let Field::Set(path, site) = &host.path
                    && has_backstep(path)
                {
                    self.bad(
                        "The path of a hostPath must not contain \"..\". Write where it leads.",
                        site.value,
                        route.key("path"),
                    );
                }
            }
        }
    }

    fn mounts(&mut self, more_volumes: &[&str]) {
        let pod = self.pod;
        let is_list_of = |route: &Route| pod.route.key("volumes").contains(route);
        let all_known = !pod.unreadable.iter().any(|place| is_list_of(&place.route));
        let volumes: HashSet<&str> =
            pod.volumes.iter().map(|volume| &*volume.name).chain(more_volumes.iter().copied()).collect();
        for container in &pod.containers {
            let mut paths = HashSet::new();
            for mount in &container.mounts {
                let route = || container.route.key("volumeMounts").index(mount.index);
                if let Field::Set(name, site) = &mount.volume
                    && all_known
                    && !name.is_empty()
                    && !volumes.contains(&**name)
                {
                    self.bad(
                        format!("The pod has no volume \"{name}\". Add it, or name one that is there."),
                        site.value,
                        route().key("name"),
                    );
                }
                if let Field::Set(path, site) = &mount.path
                    && !path.is_empty()
                    && !paths.insert(path)
                {
                    let message =
                        format!("This container mounts something at {path} already. Mount one of them elsewhere.");
                    self.bad(message, site.value, route().key("mountPath"));
                }
                self.mount(container, mount, route);
            }
        }
    }

    fn mount(&mut self, container: &Container, mount: &Mount, route: impl Fn() -> Route) {
        self.one_of(&mount.propagation, PROPAGATIONS, || route().key("mountPropagation"));
        if let Field::Set(propagation, site) = &mount.propagation
            && propagation == "Bidirectional"
            && !container.security.privileged.is_true()
            && !container.security.privileged.is_unreadable()
        {
            let message = "Only a privileged container may have the mount propagation Bidirectional. \
                           Remove it, or take HostToContainer.";
            self.bad(message, site.value, route().key("mountPropagation"));
        }
        for (field, name) in [(&mount.sub_path, "subPath"), (&mount.sub_path_expr, "subPathExpr")] {
            if let Field::Set(path, site) = field
                && (path.starts_with('/') || has_backstep(path))
            {
                self.bad(format!("A {name} is relative and must not contain \"..\"."), site.value, route().key(name));
            }
        }
        if let (Field::Set(path, _), Field::Set(expression, site)) = (&mount.sub_path, &mount.sub_path_expr)
            && !path.is_empty()
            && !expression.is_empty()
        {
            self.bad(
                "A mount has subPath or subPathExpr, not both. Remove one of them.",
                site.value,
                route().key("subPathExpr"),
            );
        }
    }

    fn ports(&mut self) {
        let pod = self.pod;
        for container in &pod.containers {
            for port in &container.ports {
                let route = |name| container.route.key("ports").index(port.index).key(name);
                for (field, name) in [(&port.container_port, "containerPort"), (&port.host_port, "hostPort")] {
                    // A host port of 0 is none.
                    if let Field::Set(number, site) = field
                        && !(1..=65_535).contains(number)
                        && !(*number == 0 && name == "hostPort")
                    {
                        self.bad("A port is a number from 1 to 65535.", site.value, route(name));
                    }
                }
                if let (Field::Set(inside, _), Field::Set(host, site)) = (&port.container_port, &port.host_port)
                    && pod.host_network.is_true()
                    && *host != 0
                    && inside != host
                {
                    let message = "With hostNetwork: true the hostPort has to be the same as the containerPort. \
                                   Remove it, for that is its default.";
                    self.bad(message, site.value, route("hostPort"));
                }
            }
        }
    }

    fn identities(&mut self) {
        let pod = self.pod;
        let own = &pod.security;
        let context = || pod.route.key("securityContext");
        for (field, name) in
            [(&own.run_as_user, "runAsUser"), (&own.run_as_group, "runAsGroup"), (&own.fs_group, "fsGroup")]
        {
            self.identity(field, || context().key(name));
        }
        for (index, (group, site)) in own.supplemental_groups.iter().enumerate() {
            let field = Field::Set(*group, *site);
            self.identity(&field, || context().key("supplementalGroups").index(index));
        }
        for container in &pod.containers {
            let own = &container.security;
            let context = || container.route.key("securityContext");
            self.identity(&own.run_as_user, || context().key("runAsUser"));
            self.identity(&own.run_as_group, || context().key("runAsGroup"));
        }
    }

    fn identity(&mut self, field: &Field<i64>, route: impl Fn() -> Route) {
        if let Field::Set(number, site) = field
            && !(0..=i64::from(i32::MAX)).contains(number)
        {
            self.bad("The number of a user or group is between 0 and 2147483647.", site.value, route());
        }
    }

    fn profiles(&mut self) {
        let pod = self.pod;
        let context = || pod.route.key("securityContext");
        self.profile(Versions::ALL, &pod.security.seccomp, true, || context().key("seccompProfile"));
        let apparmor = Versions::since(gates::APPARMOR_FIELDS);
        self.profile(apparmor, &pod.security.apparmor, false, || context().key("appArmorProfile"));
        for container in &pod.containers {
            let context = || container.route.key("securityContext");
            self.profile(Versions::ALL, &container.security.seccomp, true, || context().key("seccompProfile"));
            self.profile(apparmor, &container.security.apparmor, false, || context().key("appArmorProfile"));
        }
    }

    /// `is_path`: whether a profile of the node is named by the path of its file.
    fn profile(&mut self, versions: Versions, field: &Field<Profile>, is_path: bool, route: impl Fn() -> Route) {
        let Field::Set(profile, site) = field else { return };
        self.one_of_in(versions, &profile.kind, PROFILES, || route().key("type"));
        let Some(kind) = profile.kind.text() else { return };
        if kind == "Localhost" || profile.localhost != Field::Absent {
            let span = site.key.unwrap_or(site.value);
            self.localhost(versions, (kind == "Localhost", is_path), (&profile.localhost, span), &route());
        }
    }

    /// The profile of the node that is named. Few name one: a first visit does not fetch this.
    #[inline(never)]
    fn localhost(
        &mut self,
        versions: Versions,
        (is_asked, is_path): (bool, bool),
        (named, span): (&Field<String>, Span),
        route: &Route,
    ) {
        let route = route.key("localhostProfile");
        let is_missing = match named {
            Field::Set(name, _) => name.trim().is_empty(),
            Field::Absent | Field::Null(_) => true,
            Field::Unreadable(_) => false,
        };
        match named {
            _ if is_missing && is_asked => {
                let missing = ProblemKind::Missing { field: "localhostProfile" };
                self.out.tell_in(versions, missing, span, route);
            }
            Field::Set(_, site) if !is_asked => {
                let message = "localhostProfile goes with type: Localhost only. Remove it, or change the type.";
                self.bad_in(versions, message, site.whole(), route);
            }
            Field::Set(name, site) if is_path && (name.starts_with('/') || has_backstep(name)) => {
                let message =
                    "The file lies below the kubelet's folder for profiles: its path is relative and without \"..\".";
                self.bad(message, site.value, route);
            }
            _ => {}
        }
    }

    fn namespaces(&mut self) {
        let pod = self.pod;
        if let Field::Set(true, site) = &pod.share_process_namespace
            && pod.host_pid.is_true()
        {
            let message = "shareProcessNamespace and hostPID cannot both be true. Remove one of them.";
            self.bad(message, site.whole(), pod.route.key("shareProcessNamespace"));
        }
        if pod.host_users.is_false() {
            // 1.35 and later admit hostNetwork where the alpha gate UserNamespacesHostNetworkSupport is switched on.
            for (field, name) in
                [(&pod.host_network, "hostNetwork"), (&pod.host_pid, "hostPID"), (&pod.host_ipc, "hostIPC")]
            {
                if let Field::Set(true, site) = field {
                    let message = format!("{name} cannot be true beside hostUsers: false. Remove one of them.");
                    self.bad_in(Versions::since(gates::USER_NAMESPACES), message, site.whole(), pod.route.key(name));
                }
            }
        }
    }

    fn containers(&mut self) {
        let pod = self.pod;
        for container in &pod.containers {
            let own = &container.security;
            let context = || container.route.key("securityContext");
            self.one_of(&container.image_pull_policy, PULL_POLICIES, || container.route.key("imagePullPolicy"));
            self.one_of(&own.proc_mount, PROC_MOUNTS, || context().key("procMount"));
            if let Field::Set(mount, site) = &own.proc_mount
                && mount == "Unmasked"
                && !pod.host_users.is_false()
                && !pod.host_users.is_unreadable()
            {
                let message =
                    "procMount: Unmasked needs hostUsers: false in the pod's spec. Add that, or remove procMount.";
                self.bad_in(Versions::since(gates::PROC_MOUNT), message, site.value, context().key("procMount"));
            }
            if let Field::Set(false, site) = &own.allow_privilege_escalation {
                let route = || context().key("allowPrivilegeEscalation");
                if own.privileged.is_true() {
                    let message =
                        "allowPrivilegeEscalation cannot be false in a privileged container. Remove one of them.";
                    self.bad(message, site.whole(), route());
                }
                // The API server looks for this spelling alone, although it is the other one that works everywhere.
                if own.capabilities_add.iter().any(|added| added.name == "CAP_SYS_ADMIN") {
                    let message = "allowPrivilegeEscalation cannot be false beside the capability CAP_SYS_ADMIN. \
                                   Remove one of them.";
                    self.bad(message, site.whole(), route());
                }
            }
            if container.list == ContainerList::Ephemeral {
                self.ephemeral(container);
            }
        }
    }

    fn ephemeral(&mut self, container: &Container) {
        if self.pod.carrier == Carrier::Workload {
            let message = "Ephemeral containers cannot stand in a pod template; they are added to a running pod. \
                           Remove it here; `kubectl debug` adds one.";
            self.bad(message, container.head, container.route.clone());
        }
        if !container.ports.is_empty() {
            let message = "An ephemeral container cannot have ports. Remove them.";
            self.bad(message, container.head, container.route.key("ports"));
        }
        if let Some(site) = container.resources.site {
            let message = "An ephemeral container cannot have resources of its own. Remove them.";
            self.bad(message, site.key.unwrap_or(site.value), container.route.key("resources"));
        }
    }

    fn operating_system(&mut self) {
        let pod = self.pod;
        self.one_of_in(Versions::since(gates::POD_OS), &pod.os, SYSTEMS, || pod.route.keys("os.name"));
        match pod.os.text() {
            Some("windows") => self.not_on_windows(),
            Some("linux") => self.not_on_linux(),
            _ => {}
        }
        self.host_process();
    }

    fn not_on_windows(&mut self) {
        let pod = self.pod;
        let own = &pod.security;
        let context = pod.route.key("securityContext");
        for (site, route) in [
            (set_site(&pod.host_pid), pod.route.key("hostPID")),
            (set_site(&pod.host_ipc), pod.route.key("hostIPC")),
            (set_site(&pod.host_users), pod.route.key("hostUsers")),
            (set_site(&pod.share_process_namespace), pod.route.key("shareProcessNamespace")),
            (pod.resources.site, pod.route.key("resources")),
            (set_site(&own.apparmor), context.key("appArmorProfile")),
            (set_site(&own.seccomp), context.key("seccompProfile")),
            (set_site(&own.selinux), context.key("seLinuxOptions")),
            (set_site(&own.fs_group), context.key("fsGroup")),
            (set_site(&own.run_as_user), context.key("runAsUser")),
            (set_site(&own.run_as_group), context.key("runAsGroup")),
        ] {
            self.foreign(site, route, "windows");
        }
        for container in &pod.containers {
            let own = &container.security;
            let context = container.route.key("securityContext");
            for (site, name) in [
                (set_site(&own.apparmor), "appArmorProfile"),
                (set_site(&own.seccomp), "seccompProfile"),
                (set_site(&own.selinux), "seLinuxOptions"),
                (own.capabilities, "capabilities"),
                (set_site(&own.read_only_root), "readOnlyRootFilesystem"),
                (set_site(&own.privileged), "privileged"),
                (set_site(&own.allow_privilege_escalation), "allowPrivilegeEscalation"),
                (set_site(&own.proc_mount), "procMount"),
                (set_site(&own.run_as_user), "runAsUser"),
                (set_site(&own.run_as_group), "runAsGroup"),
            ] {
                self.foreign(site, context.key(name), "windows");
            }
        }
    }

    fn not_on_linux(&mut self) {
        let pod = self.pod;
        let context = pod.route.key("securityContext");
        self.foreign(set_site(&pod.security.windows), context.key("windowsOptions"), "linux");
        for container in &pod.containers {
            let route = container.route.key("securityContext").key("windowsOptions");
            self.foreign(set_site(&container.security.windows), route, "linux");
        }
    }

    fn foreign(&mut self, site: Option<Site>, route: Route, system: &str) {
        if let Some(site) = site {
            let message =
                format!("This field cannot be set in a pod with os.name: {system}. Remove it, or change os.name.");
            let since = newcomers::since(&route).unwrap_or(0).max(gates::POD_OS);
            self.bad_in(Versions::since(since), message, site.whole(), route);
        }
    }

    fn host_process(&mut self) {
        let pod = self.pod;
        let of_pod = pod.security.windows.get().map(|options| &options.host_process);
        let wants = |container: &Container| {
            let own = container.security.windows.get().map(|options| &options.host_process);
            let is_set = |field: &&Field<bool>| field.is_set();
            own.filter(is_set).or(of_pod).is_some_and(Field::is_true)
        };
        let Some(first) = pod.containers.iter().find(|container| wants(container)) else { return };
        if !pod.host_network.is_true() && !pod.host_network.is_unreadable() {
            let message =
                "A pod with hostProcess containers needs hostNetwork: true. Add it, or do without hostProcess.";
            let span = pod.host_network.site().map_or(first.head, Site::whole);
            self.bad_in(Versions::since(gates::HOST_PROCESS), message, span, pod.route.key("hostNetwork"));
        }
        for container in pod.containers.iter().filter(|container| !wants(container)) {
            let message =
                "When one container has hostProcess, all of them must have it. Remove it, or set it for the whole pod.";
            let route = container.route.keys("securityContext.windowsOptions.hostProcess");
            self.bad_in(Versions::since(gates::HOST_PROCESS), message, container.head, route);
        }
    }

    fn one_of(&mut self, field: &Field<String>, allowed: &[&str], route: impl Fn() -> Route) {
        self.one_of_in(Versions::ALL, field, allowed, route);
    }

    fn one_of_in(&mut self, versions: Versions, field: &Field<String>, allowed: &[&str], route: impl Fn() -> Route) {
        if let Field::Set(value, site) = field
            && !is_placeholder(value)
            && let Some(message) = unknown_word(value, allowed)
        {
            self.bad_in(versions, message, site.value, route());
        }
    }
}

/// Why a field does not take a word. An empty type or policy is as good as none, or is missing and told as that.
pub(crate) fn unknown_word(word: &str, allowed: &[&str]) -> Option<String> {
    if word.is_empty() || allowed.contains(&word) {
        return None;
    }
    let names: Vec<&str> = allowed.iter().copied().filter(|name| !name.is_empty()).collect();
    let (last, rest) = names.split_last().map_or(("", names.as_slice()), |(last, rest)| (*last, rest));
    let what = format!("\"{}\" is not known here; it takes {} or {last}.", shortened(word, SHOWN), rest.join(", "));
    Some(match names.iter().find(|name| name.eq_ignore_ascii_case(word)) {
        Some(meant) => format!("{what} Write {meant}."),
        None => what,
    })
}

pub(crate) fn set_site<T>(field: &Field<T>) -> Option<Site> {
    match field {
        Field::Set(_, site) => Some(*site),
        _ => None,
    }
}

/// A DNS label as RFC 1123 has it.
fn is_label(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    bytes.len() <= 63
        && bytes.iter().all(|byte| plain(*byte) || *byte == b'-')
        && bytes.first().copied().is_some_and(plain)
        && bytes.last().copied().is_some_and(plain)
}

fn has_backstep(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}
