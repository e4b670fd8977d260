//! The built-in kinds that matter here: where they live and where their pod is.

use crate::schema::{self, Struct};
use crate::{Carrier, Versions};

/// A built-in kind.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    /// The kind.
    pub(crate) name: &'static str,
    /// The API version that serves it today.
    pub(crate) version: &'static str,
    /// Versions of the past, with the first Kubernetes minor version that no longer serves them.
    pub(crate) gone: &'static [(&'static str, u32)],
    /// Its fields.
    pub(crate) schema: &'static Struct,
    /// What it is to the pod in it, with the way from the object to the node that has `metadata` and `spec` of the pod.
    pub(crate) pod: Option<(Carrier, &'static [&'static str])>,
}

const TEMPLATE: Option<(Carrier, &[&str])> = Some((Carrier::Workload, &["spec", "template"]));

/// All of them.
pub(crate) static ALL: &[BuiltIn] = &[
    BuiltIn { name: "Pod", version: "v1", gone: &[], schema: &schema::POD, pod: Some((Carrier::Pod, &[])) },
    BuiltIn {
        name: "Deployment",
        version: "apps/v1",
        gone: &[("extensions/v1beta1", 16), ("apps/v1beta1", 16), ("apps/v1beta2", 16)],
        schema: &schema::DEPLOYMENT,
        pod: TEMPLATE,
    },
    BuiltIn {
        name: "StatefulSet",
        version: "apps/v1",
        gone: &[("apps/v1beta1", 16), ("apps/v1beta2", 16)],
        schema: &schema::STATEFUL_SET,
        pod: TEMPLATE,
    },
    BuiltIn {
        name: "DaemonSet",
        version: "apps/v1",
        gone: &[("extensions/v1beta1", 16), ("apps/v1beta2", 16)],
        schema: &schema::DAEMON_SET,
        pod: TEMPLATE,
    },
    BuiltIn {
        name: "ReplicaSet",
        version: "apps/v1",
        gone: &[("extensions/v1beta1", 16), ("apps/v1beta2", 16)],
        schema: &schema::REPLICA_SET,
        pod: TEMPLATE,
    },
    BuiltIn {
        name: "ReplicationController",
        version: "v1",
        gone: &[],
        schema: &schema::REPLICATION_CONTROLLER,
        pod: TEMPLATE,
    },
    BuiltIn { name: "Job", version: "batch/v1", gone: &[], schema: &schema::JOB, pod: TEMPLATE },
    BuiltIn {
        name: "CronJob",
        version: "batch/v1",
        gone: &[("batch/v2alpha1", 21), ("batch/v1beta1", 25)],
        schema: &schema::CRON_JOB,
        pod: Some((Carrier::Workload, &["spec", "jobTemplate", "spec", "template"])),
    },
    BuiltIn {
        name: "PodTemplate",
        version: "v1",
        gone: &[],
        schema: &schema::POD_TEMPLATE,
        pod: Some((Carrier::Workload, &["template"])),
    },
    BuiltIn { name: "Namespace", version: "v1", gone: &[], schema: &schema::NAMESPACE, pod: None },
    BuiltIn { name: "ServiceAccount", version: "v1", gone: &[], schema: &schema::SERVICE_ACCOUNT, pod: None },
    BuiltIn { name: "PersistentVolume", version: "v1", gone: &[], schema: &schema::PERSISTENT_VOLUME, pod: None },
    BuiltIn {
        name: "PersistentVolumeClaim",
        version: "v1",
        gone: &[],
        schema: &schema::PERSISTENT_VOLUME_CLAIM,
        pod: None,
    },
    BuiltIn {
        name: "RuntimeClass",
        version: "node.k8s.io/v1",
        gone: &[("node.k8s.io/v1beta1", 25)],
        schema: &schema::RUNTIME_CLASS,
        pod: None,
    },
];

/// The built-in kind of that name. A wrong letter case is forgiven, since somebody meant it; the caller says so. Not so
/// a foreign API group: Volcano's `Job` is not the batch one. An empty version counts as the right one.
pub(crate) fn built_in(api_version: &str, kind: &str) -> Option<&'static BuiltIn> {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    // The first RuntimeClass had its handler in a spec.
    if !matches!(group, "" | "apps" | "batch" | "extensions" | "node.k8s.io") || api_version == "node.k8s.io/v1alpha1" {
        return None;
    }
    ALL.iter().find(|known| known.name.eq_ignore_ascii_case(kind))
}

impl BuiltIn {
    /// Why the API server does not take an object of this kind under these names, and from which version on; `None` when
    /// it does. An empty version is not judged here.
    pub(crate) fn refusal(&self, api_version: &str, kind: &str) -> Option<(String, Versions)> {
        let (name, version) = (self.name, self.version);
        if kind != name {
            let message =
                format!("Kinds are written with exact letter case: \"{name}\", not \"{kind}\". Write kind: {name}.");
            return Some((message, Versions::ALL));
        }
        if api_version.is_empty() || api_version == version {
            return None;
        }
        Some(match self.gone.iter().find(|(gone, _)| *gone == api_version) {
            Some((_, minor)) => (
                format!(
                    "Kubernetes 1.{minor} and later do not serve {name} in \"{api_version}\". Write apiVersion: {version}."
                ),
                Versions::since(*minor),
            ),
            None => (format!("There is no {name} in \"{api_version}\". Write apiVersion: {version}."), Versions::ALL),
        })
    }
}
