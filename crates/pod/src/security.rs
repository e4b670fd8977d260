//! Reading the security contexts of pods and containers.

use watertight_yaml::{Kind, Node};

use crate::value::{
    boolean, child, field, integer, is_object, is_template, item_site, items, mapping, named, state_of_mapping, text,
    texts,
};
use crate::{ContainerSecurity, Field, Pair, PodSecurity, Profile, Rare, SeLinux, Site, Windows};

/// `securityContext` of a pod spec.
pub(crate) fn of_pod(spec: Node<'_>) -> Rare<PodSecurity> {
    let (node, site) = match state_of_mapping(spec, "securityContext") {
        Field::Set(node, site) => (node, site),
        Field::Unreadable(site) => return PodSecurity::unreadable(site).into(),
        Field::Absent | Field::Null(_) => return Rare::default(),
    };
    Rare::from(PodSecurity {
        site: Some(site),
        run_as_user: field(node, "runAsUser", integer),
        run_as_group: field(node, "runAsGroup", integer),
        run_as_non_root: field(node, "runAsNonRoot", boolean),
        fs_group: field(node, "fsGroup", integer),
        groups_policy: field(node, "supplementalGroupsPolicy", text),
        supplemental_groups: items(node, "supplementalGroups")
            .filter_map(|item| {
                if item.is_null() { Some((0, item_site(item))) } else { Some((integer(item)?, item_site(item))) }
            })
            .collect(),
        seccomp: profile(node, "seccompProfile"),
        apparmor: profile(node, "appArmorProfile"),
        selinux: selinux(node),
        sysctls: items(node, "sysctls").filter(|item| is_object(*item)).map(sysctl).collect(),
        windows: windows(node),
    })
}

/// `securityContext` of a container.
pub(crate) fn of_container(container: Node<'_>) -> Rare<ContainerSecurity> {
    let (node, site) = match state_of_mapping(container, "securityContext") {
        Field::Set(node, site) => (node, site),
        Field::Unreadable(site) => return ContainerSecurity::unreadable(site).into(),
        Field::Absent | Field::Null(_) => return Rare::default(),
    };
    let state = state_of_mapping(node, "capabilities");
    let capabilities = child(node, "capabilities");
    let list = |name| capabilities.map(|(inner, _)| texts(inner, name)).unwrap_or_default();
    let doubt = |name| match (&state, capabilities) {
        (Field::Unreadable(site), _) => Some(*site),
        (_, Some((inner, _))) => doubt(inner, name),
        _ => None,
    };
    Rare::from(ContainerSecurity {
        site: Some(site),
        privileged: field(node, "privileged", boolean),
        allow_privilege_escalation: field(node, "allowPrivilegeEscalation", boolean),
        read_only_root: field(node, "readOnlyRootFilesystem", boolean),
        run_as_user: field(node, "runAsUser", integer),
        run_as_group: field(node, "runAsGroup", integer),
        run_as_non_root: field(node, "runAsNonRoot", boolean),
        proc_mount: field(node, "procMount", text),
        capabilities: capabilities.map(|(_, site)| site),
        capabilities_add: list("add"),
        capabilities_drop: list("drop"),
        add_in_doubt: doubt("add"),
        drop_in_doubt: doubt("drop"),
        seccomp: profile(node, "seccompProfile"),
        apparmor: profile(node, "appArmorProfile"),
        selinux: selinux(node),
        windows: windows(node),
    })
}

/// Where a list of texts holds what cannot be read, so that there may be more in it than what we read.
fn doubt(map: Node<'_>, name: &str) -> Option<Site> {
    let list = match field(map, name, |node| (node.kind() == Kind::Sequence).then_some(node)) {
        Field::Set(list, site) if list.is_templated() => return Some(site),
        Field::Set(list, _) => list,
        Field::Unreadable(site) => return Some(site),
        Field::Absent | Field::Null(_) => return None,
    };
    let is_read = |item: &Node<'_>| !is_template(*item) && (item.is_null() || item.as_str().is_some());
    list.items().find(|item| !is_read(item)).map(item_site)
}

impl PodSecurity {
    /// Of a mapping that cannot be read nobody knows any field.
    pub(crate) fn unreadable(site: Site) -> Self {
        Self {
            run_as_user: Field::Unreadable(site),
            run_as_group: Field::Unreadable(site),
            run_as_non_root: Field::Unreadable(site),
            fs_group: Field::Unreadable(site),
            groups_policy: Field::Unreadable(site),
            seccomp: Field::Unreadable(site),
            apparmor: Field::Unreadable(site),
            selinux: Field::Unreadable(site),
            windows: Field::Unreadable(site),
            ..Self::default()
        }
    }
}

impl ContainerSecurity {
    /// Of a mapping that cannot be read nobody knows any field.
    fn unreadable(site: Site) -> Self {
        Self {
            privileged: Field::Unreadable(site),
            allow_privilege_escalation: Field::Unreadable(site),
            read_only_root: Field::Unreadable(site),
            run_as_user: Field::Unreadable(site),
            run_as_group: Field::Unreadable(site),
            run_as_non_root: Field::Unreadable(site),
            proc_mount: Field::Unreadable(site),
            add_in_doubt: Some(site),
            drop_in_doubt: Some(site),
            seccomp: Field::Unreadable(site),
            apparmor: Field::Unreadable(site),
            selinux: Field::Unreadable(site),
            windows: Field::Unreadable(site),
            ..Self::default()
        }
    }
}

fn profile(context: Node<'_>, name: &str) -> Field<Profile> {
    field(context, name, |node| {
        let node = mapping(node)?;
        Some(Profile { kind: field(node, "type", text), localhost: field(node, "localhostProfile", text) })
    })
}

fn selinux(context: Node<'_>) -> Field<SeLinux> {
    field(context, "seLinuxOptions", |node| {
        let node = mapping(node)?;
        Some(SeLinux {
            user: field(node, "user", text),
            role: field(node, "role", text),
            kind: field(node, "type", text),
            level: field(node, "level", text),
        })
    })
}

fn windows(context: Node<'_>) -> Field<Windows> {
    field(context, "windowsOptions", |node| {
        let node = mapping(node)?;
        Some(Windows {
            host_process: field(node, "hostProcess", boolean),
            run_as_user_name: field(node, "runAsUserName", text),
        })
    })
}

fn sysctl(item: Node<'_>) -> Pair {
    let name = named(item, "name");
    Pair { name: name.name, value: item.get("value").and_then(text).unwrap_or_default(), site: name.site }
}
