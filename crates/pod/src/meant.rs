//! What an unknown field was probably meant to be.

use watertight_text::nearest_within;

use crate::schema::{self, Struct};

/// The field that was probably meant by `name`: one of the same struct in another spelling, or one of the same spelling
/// in another struct, with the words that say where.
pub(crate) fn meant(name: &str, schema: &'static Struct) -> Option<String> {
    let other_case = |schema: &'static Struct| schema.members.iter().find(|m| m.name.eq_ignore_ascii_case(name));
    if let Some(member) = other_case(schema) {
        return Some(member.name.to_owned());
    }
    let places = elsewhere(schema);
    let exact = |(there, words): &(&'static Struct, &str)| Some((there.member(name)?, words.to_string()));
    if let Some((member, words)) = places.iter().find_map(exact) {
        return Some(format!("{} in {words}", member.name));
    }
    if let Some(close) = closest(name, schema) {
        return Some(close.to_owned());
    }
    let (member, words) = places.iter().find_map(|(there, words)| Some((other_case(there)?, words)))?;
    Some(format!("{} in {words}", member.name))
}

/// Where people put fields that belong elsewhere, the likeliest place first.
fn elsewhere(schema: &'static Struct) -> Vec<(&'static Struct, &'static str)> {
    let metadata = (&schema::OBJECT_META, "metadata");
    let spec = (&schema::POD_SPEC, "the pod's spec");
    let pod_security = (&schema::POD_SECURITY_CONTEXT, "the pod's securityContext");
    let container = (&schema::CONTAINER, "a container");
    let security = (&schema::SECURITY_CONTEXT, "the container's securityContext");
    let capabilities = (&schema::CAPABILITIES, "the capabilities of the container's securityContext");
    let resources = (&schema::RESOURCE_REQUIREMENTS, "the container's resources");
    match schema.name {
        "PodSpec" => vec![pod_security, security, metadata, container, capabilities, resources],
        "Container" | "EphemeralContainer" => vec![security, resources, spec, pod_security, capabilities],
        "SecurityContext" => vec![capabilities, pod_security, spec, container],
        "PodSecurityContext" => vec![security, spec, capabilities, container],
        "Capabilities" => vec![security],
        "ResourceRequirements" => vec![container],
        "ObjectMeta" => vec![spec],
        "Pod" | "PodTemplateSpec" => vec![metadata, spec],
        "Deployment" => vec![metadata, (&schema::DEPLOYMENT_SPEC, "spec")],
        "StatefulSet" => vec![metadata, (&schema::STATEFUL_SET_SPEC, "spec")],
        "DaemonSet" => vec![metadata, (&schema::DAEMON_SET_SPEC, "spec")],
        "ReplicaSet" => vec![metadata, (&schema::REPLICA_SET_SPEC, "spec")],
        "ReplicationController" => vec![metadata, (&schema::REPLICATION_CONTROLLER_SPEC, "spec")],
        "Job" | "JobTemplateSpec" => vec![metadata, (&schema::JOB_SPEC, "spec")],
        "CronJob" => vec![metadata, (&schema::CRON_JOB_SPEC, "spec")],
        "PodTemplate" => vec![metadata, (&schema::POD_TEMPLATE_SPEC, "template")],
        "DeploymentSpec"
        | "StatefulSetSpec"
        | "DaemonSetSpec"
        | "ReplicaSetSpec"
        | "ReplicationControllerSpec"
        | "JobSpec" => vec![(&schema::POD_SPEC, "the template's spec"), metadata],
        "CronJobSpec" => vec![(&schema::JOB_SPEC, "the jobTemplate's spec"), spec],
        "Namespace" | "ServiceAccount" | "PersistentVolume" => vec![metadata],
        _ => Vec::new(),
    }
}

/// The field of the struct that is at most two slips away, one for short names.
fn closest(name: &str, schema: &'static Struct) -> Option<&'static str> {
    closest_of(name, schema.members.iter().map(|member| member.name))
}

/// The name among them that is at most two slips away, one for short names.
pub(crate) fn closest_of(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    nearest_within(name, known, |_| if name.len() < 6 { 1 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        for (schema, name, expected) in [
            (&schema::POD_SPEC, "hostPid", Some("hostPID")),
            (&schema::POD_SPEC, "hostpid", Some("hostPID")),
            (&schema::POD_SPEC, "securitycontext", Some("securityContext")),
            (&schema::POD_SPEC, "securityContex", Some("securityContext")),
            (&schema::POD_SPEC, "serviceAccountNames", Some("serviceAccountName")),
            (&schema::POD_SPEC, "runAsUser", Some("runAsUser in the pod's securityContext")),
            (&schema::POD_SPEC, "runasnonroot", Some("runAsNonRoot in the pod's securityContext")),
            (&schema::POD_SPEC, "privileged", Some("privileged in the container's securityContext")),
            (&schema::POD_SPEC, "image", Some("image in a container")),
            (&schema::POD_SPEC, "labels", Some("labels in metadata")),
            (&schema::POD_SPEC, "initContainer", Some("initContainers")),
            (&schema::POD_SPEC, "somethingElse", None),
            (&schema::POD_SECURITY_CONTEXT, "runasnonroot", Some("runAsNonRoot")),
            (
                &schema::POD_SECURITY_CONTEXT,
                "readOnlyRootFilesystem",
                Some("readOnlyRootFilesystem in the container's securityContext"),
            ),
            (
                &schema::POD_SECURITY_CONTEXT,
                "allowPrivilegeEscalation",
                Some("allowPrivilegeEscalation in the container's securityContext"),
            ),
            (&schema::SECURITY_CONTEXT, "capabilites", Some("capabilities")),
            (&schema::SECURITY_CONTEXT, "priviledged", Some("privileged")),
            (&schema::SECURITY_CONTEXT, "readOnlyRootFileSystem", Some("readOnlyRootFilesystem")),
            (&schema::SECURITY_CONTEXT, "drop", Some("drop in the capabilities of the container's securityContext")),
            (&schema::SECURITY_CONTEXT, "fsGroup", Some("fsGroup in the pod's securityContext")),
            (&schema::SECURITY_CONTEXT, "hostPID", Some("hostPID in the pod's spec")),
            (&schema::CONTAINER, "limits", Some("limits in the container's resources")),
            (&schema::CONTAINER, "privileged", Some("privileged in the container's securityContext")),
            (&schema::CONTAINER, "volumes", Some("volumes in the pod's spec")),
            (&schema::CONTAINER, "imgae", Some("image")),
            (&schema::CAPABILITIES, "Drop", Some("drop")),
            (&schema::DEPLOYMENT_SPEC, "containers", Some("containers in the template's spec")),
            (&schema::POD, "containers", Some("containers in the pod's spec")),
            (&schema::VOLUME, "hostpath", Some("hostPath")),
        ] {
            assert_eq!(meant(name, schema).as_deref(), expected, "{name}");
        }
    }
}
