//! Which checks there are, and which of their revisions runs at which level and version.

use watertight_diagnostic::{KubeVersion, Level, Route, Step};
use watertight_pod::Pod;

use crate::checks;
use crate::look::{Fault, Look};

/// The newest minor version that the checks know.
pub const NEWEST: u32 = KubeVersion::NEWEST;

/// A check: its id, and what runs from which version on.
pub(crate) struct Check {
    /// As upstream spells it.
    pub(crate) id: &'static str,
    /// Oldest first. Only the newest that is not newer than the wanted version runs.
    pub(crate) revisions: &'static [Revision],
    /// The fields that decide it.
    pub(crate) looks_at: &'static [Looked],
}

/// A revision of a check.
pub(crate) struct Revision {
    /// The first minor version that it is for.
    pub(crate) since: u32,
    /// Ids of the baseline checks that this one replaces, so that one fault is not told twice.
    pub(crate) overrides: &'static [&'static str],
    pub(crate) run: fn(&Look<'_>) -> Option<Fault>,
}

/// A field that a check looks at. `*` is any list index, `?` any key.
pub(crate) enum Looked {
    /// Below the pod spec.
    Pod(&'static str),
    /// Below each container of the three lists.
    Container(&'static str),
    /// The pod's annotations that begin so.
    Annotation(&'static str),
}

/// Checks of level baseline, in the order of report: by the bytes of the id.
pub(crate) static BASELINE: &[&Check] = &[
    &checks::app_armor_profile::CHECK,
    &checks::capabilities_baseline::CHECK,
    &checks::host_namespaces::CHECK,
    &checks::host_path_volumes::CHECK,
    &checks::host_ports::CHECK,
    &checks::host_probes::CHECK,
    &checks::privileged::CHECK,
    &checks::proc_mount::CHECK,
    &checks::se_linux_options::CHECK,
    &checks::seccomp_profile_baseline::CHECK,
    &checks::sysctls::CHECK,
    &checks::windows_host_process::CHECK,
];

/// Checks of level restricted, in the order of report, behind those of level baseline.
pub(crate) static RESTRICTED: &[&Check] = &[
    &checks::allow_privilege_escalation::CHECK,
    &checks::capabilities_restricted::CHECK,
    &checks::proc_mount_restricted::CHECK,
    &checks::restricted_volumes::CHECK,
    &checks::run_as_non_root::CHECK,
    &checks::run_as_user::CHECK,
    &checks::seccomp_profile_restricted::CHECK,
];

/// The checks that run at a level and version, in the order of report.
pub(crate) fn running(level: Level, version: KubeVersion) -> impl Iterator<Item = (&'static Check, &'static Revision)> {
    let minor = match version {
        KubeVersion::Minor(minor) => minor.min(NEWEST),
        KubeVersion::Latest => NEWEST,
    };
    let baseline: &[_] = if level >= Level::Baseline { BASELINE } else { &[] };
    let restricted: &[_] = if level >= Level::Restricted { RESTRICTED } else { &[] };
    let at = move |check: &'static &Check| check.at(minor).map(|revision| (*check, revision));
    let replaced = move |check: &Check| {
        restricted.iter().filter_map(at).any(|(_, revision)| revision.overrides.contains(&check.id))
    };
    baseline.iter().filter_map(at).filter(move |(check, _)| !replaced(check)).chain(restricted.iter().filter_map(at))
}

impl Check {
    fn at(&self, minor: u32) -> Option<&Revision> {
        self.revisions.iter().rev().find(|revision| revision.since <= minor)
    }

    /// Whether what stands at `route`, or does not, can change what this check says of the pod.
    pub(crate) fn depends_on(&self, pod: &Pod, route: &Route) -> bool {
        route.contains(&pod.route) || self.looks_at.iter().any(|looked| looked.touches(pod, route))
    }
}

impl Looked {
    fn touches(&self, pod: &Pod, route: &Route) -> bool {
        match self {
            Self::Pod(field) => below(&pod.route, route).is_some_and(|steps| related(field, steps)),
            Self::Container(field) => match below(&pod.route, route) {
                Some([Step::Key(list), rest @ ..]) if is_container_list(list) => match rest {
                    [_, inner @ ..] => related(field, inner),
                    [] => true,
                },
                _ => false,
            },
            Self::Annotation(prefix) => match below(&pod.metadata.route, route) {
                Some([]) => true,
                Some([Step::Key(key), rest @ ..]) if key == "annotations" => match rest {
                    [Step::Key(name), ..] => name.starts_with(prefix),
                    _ => true,
                },
                _ => false,
            },
        }
    }
}

fn is_container_list(key: &str) -> bool {
    matches!(key, "initContainers" | "containers" | "ephemeralContainers")
}

fn below<'r>(outer: &Route, inner: &'r Route) -> Option<&'r [Step]> {
    if !outer.contains(inner) {
        return None;
    }
    inner.steps.get(outer.steps.len()..)
}

/// Whether one of the two leads to the other. A `$` at the end of a field: nothing deeper matters.
fn related(field: &str, steps: &[Step]) -> bool {
    field.split('.').zip(steps).all(|(part, step)| match step {
        Step::Index(_) => part == "*",
        Step::Key(key) => part == "?" || part == key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(level: Level, version: u32) -> Vec<&'static str> {
        running(level, KubeVersion::Minor(version)).map(|(check, _)| check.id).collect()
    }

    #[test]
    fn the_order_is_that_of_bytes() {
        for list in [BASELINE, RESTRICTED] {
            assert!(list.is_sorted_by(|a, b| a.id < b.id));
        }
        assert_eq!(BASELINE.len() + RESTRICTED.len(), 19);
    }

    #[test]
    fn revisions_ascend_and_none_is_newer_than_the_newest() {
        for check in BASELINE.iter().chain(RESTRICTED) {
            assert!(check.revisions.is_sorted_by(|a, b| a.since < b.since), "{}", check.id);
            assert!(check.revisions.iter().all(|revision| revision.since <= NEWEST), "{}", check.id);
            assert!(!check.looks_at.is_empty(), "{}", check.id);
        }
        let newest = BASELINE.iter().chain(RESTRICTED).flat_map(|c| c.revisions).map(|r| r.since).max();
        assert_eq!(newest, Some(NEWEST));
    }

    /// How many checks run from which version on, from the tables of the documentation and of the library.
    #[test]
    fn counts_by_version() {
        for (version, baseline, restricted) in [
            (0, 11, 12),
            (7, 11, 12),
            (8, 11, 13),
            (19, 11, 13),
            (22, 11, 13),
            (23, 11, 14),
            (33, 11, 14),
            (34, 12, 15),
            (35, 12, 15),
            (37, 12, 15),
            (99, 12, 15),
        ] {
            assert_eq!(ids(Level::Privileged, version).len(), 0);
            assert_eq!(ids(Level::Baseline, version).len(), baseline, "baseline v1.{version}");
            assert_eq!(ids(Level::Restricted, version).len(), restricted, "restricted v1.{version}");
            assert_eq!(ids(Level::Hardened, version).len(), restricted);
        }
    }

    #[test]
    fn an_overriding_check_replaces() {
        let has = |version, id| ids(Level::Restricted, version).contains(&id);
        assert!(!has(0, "hostPathVolumes"));
        assert!(has(18, "seccompProfile_baseline") && !has(19, "seccompProfile_baseline"));
        assert!(has(21, "capabilities_baseline") && !has(22, "capabilities_baseline"));
        assert!(has(34, "procMount") && !has(35, "procMount"));
        assert!(ids(Level::Baseline, 37).contains(&"procMount"));
    }

    #[test]
    fn the_newest_order_at_restricted() {
        assert_eq!(
            running(Level::Restricted, KubeVersion::Latest).map(|(check, _)| check.id).collect::<Vec<_>>(),
            [
                "appArmorProfile",
                "hostNamespaces",
                "hostPorts",
                "hostProbesAndHostLifecycle",
                "privileged",
                "seLinuxOptions",
                "sysctls",
                "windowsHostProcess",
                "allowPrivilegeEscalation",
                "capabilities_restricted",
                "procMount_restricted",
                "restrictedVolumes",
                "runAsNonRoot",
                "runAsUser",
                "seccompProfile_restricted",
            ]
        );
    }

    #[test]
    fn what_a_check_depends_on() {
        let pod = Pod { route: Route::root(0).key("spec"), ..Pod::default() };
        let spec = &pod.route;
        let capabilities = &checks::capabilities_restricted::CHECK;
        let container = spec.key("initContainers").index(2);
        for route in [
            Route::root(0),
            spec.clone(),
            spec.key("initContainers"),
            container.clone(),
            container.key("securityContext"),
            container.keys("securityContext.capabilities.drop").index(1),
            spec.keys("os.name"),
        ] {
            assert!(capabilities.depends_on(&pod, &route), "{route}");
        }
        for route in [spec.key("volumes"), container.key("image"), container.keys("securityContext.privileged")] {
            assert!(!capabilities.depends_on(&pod, &route), "{route}");
        }
        let volume = spec.key("volumes").index(0);
        let volumes = &checks::restricted_volumes::CHECK;
        assert!(volumes.depends_on(&pod, &volume.key("emptyDir")));
        assert!(!volumes.depends_on(&pod, &volume.keys("hostPath.path")));
    }
}
