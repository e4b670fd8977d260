//! A text that Argo lays over the pod when it makes it.

use std::collections::HashSet;

use watertight_diagnostic::Route;
use watertight_yaml::Node;

use crate::{Field, Pod, PodSecurity, Problem, ProblemKind, Site, Unreadable, Versions};

/// A text that is laid over the pod when it is made, of which only is read what it names.
///
/// Source: `processPodSpecPatch` in `workflow/controller/workflowpod.go` of argoproj/argo-workflows.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    site: Site,
    /// Fields of a pod that it names, of those that touch isolation.
    names: Vec<&'static str>,
}

/// Fields of pods and containers that decide how far a container is held.
const DECIDING: [&str; 14] = [
    "automountServiceAccountToken",
    "ephemeralContainers",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "initContainers",
    "runtimeClassName",
    "securityContext",
    "serviceAccountName",
    "shareProcessNamespace",
    "volumeDevices",
    "volumeMounts",
    "volumes",
];

impl Patch {
    /// The patch in a mapping; `None` where there is none, or none that touches isolation.
    pub(super) fn of(node: Node<'_>) -> Option<Self> {
        let entry = node.entry("podSpecPatch").filter(|entry| !entry.value.is_null())?;
        let site = Site { key: Some(entry.key.span()), value: entry.value.span() };
        let text = entry.value.written().unwrap_or_default();
        // A whole text that is put in may name anything, and a letter that is written by its number none.
        let hides = text.trim_start().starts_with("{{") || text.contains("\\") || entry.value.written().is_none();
        let mut found: HashSet<&str> = HashSet::new();
        found.extend(text.split(|letter: char| !letter.is_ascii_alphanumeric()));
        let is_named = |name: &&str| hides || found.contains(name);
        let names: Vec<&'static str> = DECIDING.into_iter().filter(is_named).collect();
        (!names.is_empty()).then_some(Self { site, names })
    }

    pub(super) fn problem(&self, route: Route) -> Option<Problem> {
        let what = match self.names.as_slice() {
            names if names.len() == DECIDING.len() => "may set any field of it".to_owned(),
            names => ["sets ", &names.join(", ")].concat(),
        };
        let message = format!("This patch is laid over the pod before it starts, and {what}: it is not read here.");
        let (kind, span) = (ProblemKind::Elsewhere { message }, self.site.value);
        Some(Problem { kind, span, route, versions: Versions::ALL })
    }

    /// What it names nobody knows any more; only what is dangerous without it stays so.
    pub(super) fn apply(&self, pod: &mut Pod) {
        let site = self.site;
        let names = |name: &str| self.names.contains(&name);
        let doubt = |field: &mut Field<bool>, dangerous: bool| {
            if field.get() != Some(&dangerous) {
                *field = Field::Unreadable(site);
            }
        };
        for (name, field, dangerous) in [
            ("hostNetwork", &mut pod.host_network, true),
            ("hostPID", &mut pod.host_pid, true),
            ("hostIPC", &mut pod.host_ipc, true),
            ("hostUsers", &mut pod.host_users, true),
            ("shareProcessNamespace", &mut pod.share_process_namespace, true),
            ("automountServiceAccountToken", &mut pod.automount_token, true),
        ] {
            if names(name) {
                doubt(field, dangerous);
            }
        }
        if names("serviceAccountName") {
            pod.service_account = Field::Unreadable(site);
        }
        if names("runtimeClassName") {
            pod.runtime_class = Field::Unreadable(site);
        }
        if names("securityContext") {
            let own = &mut *pod.security;
            let sysctls = std::mem::take(&mut own.sysctls);
            *own = PodSecurity { sysctls, site: own.site, ..PodSecurity::unreadable(site) };
            for container in &mut pod.containers {
                let security = &mut container.security;
                doubt(&mut security.privileged, true);
                doubt(&mut security.allow_privilege_escalation, true);
                doubt(&mut security.read_only_root, false);
                doubt(&mut security.run_as_non_root, false);
                security.add_in_doubt = security.add_in_doubt.or(Some(site));
                security.drop_in_doubt = security.drop_in_doubt.or(Some(site));
                if security.run_as_user.get() != Some(&0) {
                    security.run_as_user = Field::Unreadable(site);
                }
            }
        }
        for name in self.names.iter().filter(|name| name.ends_with("ontainers") || **name == "volumes") {
            pod.unreadable.push(Unreadable { route: pod.route.key(*name), site });
        }
    }
}
