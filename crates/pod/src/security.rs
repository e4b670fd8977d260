//! Reading the security contexts of pods and containers.

use watertight_yaml::Node;

use crate::value::{boolean, child, field, integer, is_object, item_site, items, mapping, named, text, texts};
use crate::{ContainerSecurity, Field, Pair, PodSecurity, Profile, SeLinux, Windows};

/// `securityContext` of a pod spec.
pub(crate) fn of_pod(spec: Node<'_>) -> PodSecurity {
    let Some((node, site)) = child(spec, "securityContext") else { return PodSecurity::default() };
    PodSecurity {
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
    }
}

/// `securityContext` of a container.
pub(crate) fn of_container(container: Node<'_>) -> ContainerSecurity {
    let Some((node, site)) = child(container, "securityContext") else { return ContainerSecurity::default() };
    let capabilities = child(node, "capabilities");
    let list = |name| capabilities.map(|(inner, _)| texts(inner, name)).unwrap_or_default();
    ContainerSecurity {
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
        seccomp: profile(node, "seccompProfile"),
        apparmor: profile(node, "appArmorProfile"),
        selinux: selinux(node),
        windows: windows(node),
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
