//! The fields of everything that holds a pod, as `k8s.io/api` of Kubernetes 1.37 has them.
//!
//! Read from the OpenAPI document of the release `1.37` (through the official Python client 37.0, which is generated from
//! it), plus `workloadRef` of the pod spec, which only 1.35 had. `must` marks what the API server's validation refuses to
//! miss. Members are sorted by the bytes of their name: looking one up is a binary search, and a test holds the order.

use super::Type::{Any, Bool, Int, IntOrText, List, Map, Quantity, Struct as Of, Text, Time};
use super::{Struct, may, must};

/// `Pod`
pub static POD: Struct = Struct {
    name: "Pod",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("spec", Of(&POD_SPEC)),
        may("status", Any),
    ],
};

/// `Deployment`
pub static DEPLOYMENT: Struct = Struct {
    name: "Deployment",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("spec", Of(&DEPLOYMENT_SPEC)),
        may("status", Any),
    ],
};

/// `StatefulSet`
pub static STATEFUL_SET: Struct = Struct {
    name: "StatefulSet",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("spec", Of(&STATEFUL_SET_SPEC)),
        may("status", Any),
    ],
};

/// `DaemonSet`
pub static DAEMON_SET: Struct = Struct {
    name: "DaemonSet",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("spec", Of(&DAEMON_SET_SPEC)),
        may("status", Any),
    ],
};

/// `ReplicaSet`
pub static REPLICA_SET: Struct = Struct {
    name: "ReplicaSet",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("spec", Of(&REPLICA_SET_SPEC)),
        may("status", Any),
    ],
};

/// `ReplicationController`
pub static REPLICATION_CONTROLLER: Struct = Struct {
    name: "ReplicationController",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&REPLICATION_CONTROLLER_SPEC)),
        may("status", Any),
    ],
};

/// `Job`
pub static JOB: Struct = Struct {
    name: "Job",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&JOB_SPEC)),
        may("status", Any),
    ],
};

/// `CronJob`
pub static CRON_JOB: Struct = Struct {
    name: "CronJob",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("spec", Of(&CRON_JOB_SPEC)),
        may("status", Any),
    ],
};

/// `PodTemplate`
pub static POD_TEMPLATE: Struct = Struct {
    name: "PodTemplate",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("template", Of(&POD_TEMPLATE_SPEC)),
    ],
};

/// `Namespace`
pub static NAMESPACE: Struct = Struct {
    name: "Namespace",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&NAMESPACE_SPEC)),
        may("status", Any),
    ],
};

/// `ServiceAccount`
pub static SERVICE_ACCOUNT: Struct = Struct {
    name: "ServiceAccount",
    members: &[
        may("apiVersion", Text),
        may("automountServiceAccountToken", Bool),
        may("imagePullSecrets", List(&Of(&LOCAL_OBJECT_REFERENCE))),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("secrets", List(&Of(&OBJECT_REFERENCE))),
    ],
};

/// `PersistentVolume`
pub static PERSISTENT_VOLUME: Struct = Struct {
    name: "PersistentVolume",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&PERSISTENT_VOLUME_SPEC)),
        may("status", Any),
    ],
};

/// `RuntimeClass`
pub static RUNTIME_CLASS: Struct = Struct {
    name: "RuntimeClass",
    members: &[
        may("apiVersion", Text),
        must("handler", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("overhead", Of(&OVERHEAD)),
        may("scheduling", Of(&SCHEDULING)),
    ],
};

/// `Overhead` of a `RuntimeClass`
pub static OVERHEAD: Struct = Struct { name: "Overhead", members: &[may("podFixed", Map(&Quantity))] };

/// `Scheduling` of a `RuntimeClass`
pub static SCHEDULING: Struct = Struct {
    name: "Scheduling",
    members: &[may("nodeSelector", Map(&Text)), may("tolerations", List(&Of(&TOLERATION)))],
};

/// `ObjectMeta`
pub static OBJECT_META: Struct = Struct {
    name: "ObjectMeta",
    members: &[
        may("annotations", Map(&Text)),
        may("creationTimestamp", Time),
        may("deletionGracePeriodSeconds", Int),
        may("deletionTimestamp", Time),
        may("finalizers", List(&Text)),
        may("generateName", Text),
        may("generation", Int),
        may("labels", Map(&Text)),
        may("managedFields", Any),
        may("name", Text),
        may("namespace", Text),
        may("ownerReferences", List(&Of(&OWNER_REFERENCE))),
        may("resourceVersion", Text),
        may("selfLink", Text),
        may("uid", Text),
    ],
};

/// `PodSpec`
pub static POD_SPEC: Struct = Struct {
    name: "PodSpec",
    members: &[
        may("activeDeadlineSeconds", Int),
        may("affinity", Of(&AFFINITY)),
        may("automountServiceAccountToken", Bool),
        must("containers", List(&Of(&CONTAINER))),
        may("dnsConfig", Of(&POD_DNS_CONFIG)),
        may("dnsPolicy", Text),
        may("enableServiceLinks", Bool),
        may("ephemeralContainers", List(&Of(&EPHEMERAL_CONTAINER))),
        may("evictionResponders", List(&Of(&EVICTION_RESPONDER))),
        may("hostAliases", List(&Of(&HOST_ALIAS))),
        may("hostIPC", Bool),
        may("hostNetwork", Bool),
        may("hostPID", Bool),
        may("hostUsers", Bool),
        may("hostname", Text),
        may("hostnameOverride", Text),
        may("imagePullSecrets", List(&Of(&LOCAL_OBJECT_REFERENCE))),
        may("initContainers", List(&Of(&CONTAINER))),
        may("nodeName", Text),
        may("nodeSelector", Map(&Text)),
        may("os", Of(&POD_OS)),
        may("overhead", Map(&Quantity)),
        may("preemptionPolicy", Text),
        may("priority", Int),
        may("priorityClassName", Text),
        may("readinessGates", List(&Of(&POD_READINESS_GATE))),
        may("resourceClaims", List(&Of(&POD_RESOURCE_CLAIM))),
        may("resources", Of(&RESOURCE_REQUIREMENTS)),
        may("restartPolicy", Text),
        may("runtimeClassName", Text),
        may("schedulerName", Text),
        may("schedulingGates", List(&Of(&POD_SCHEDULING_GATE))),
        may("schedulingGroup", Of(&POD_SCHEDULING_GROUP)),
        may("securityContext", Of(&POD_SECURITY_CONTEXT)),
        may("serviceAccount", Text),
        may("serviceAccountName", Text),
        may("setHostnameAsFQDN", Bool),
        may("shareProcessNamespace", Bool),
        may("subdomain", Text),
        may("terminationGracePeriodSeconds", Int),
        may("tolerations", List(&Of(&TOLERATION))),
        may("topologySpreadConstraints", List(&Of(&TOPOLOGY_SPREAD_CONSTRAINT))),
        may("volumes", List(&Of(&VOLUME))),
        may("workloadRef", Any),
    ],
};

/// `DeploymentSpec`
pub static DEPLOYMENT_SPEC: Struct = Struct {
    name: "DeploymentSpec",
    members: &[
        may("minReadySeconds", Int),
        may("paused", Bool),
        may("progressDeadlineSeconds", Int),
        may("replicas", Int),
        may("revisionHistoryLimit", Int),
        must("selector", Of(&LABEL_SELECTOR)),
        may("strategy", Of(&DEPLOYMENT_STRATEGY)),
        must("template", Of(&POD_TEMPLATE_SPEC)),
    ],
};

/// `StatefulSetSpec`
pub static STATEFUL_SET_SPEC: Struct = Struct {
    name: "StatefulSetSpec",
    members: &[
        may("minReadySeconds", Int),
        may("ordinals", Of(&STATEFUL_SET_ORDINALS)),
        may("persistentVolumeClaimRetentionPolicy", Of(&STATEFUL_SET_PERSISTENT_VOLUME_CLAIM_RETENTION_POLICY)),
        may("podManagementPolicy", Text),
        may("replicas", Int),
        may("revisionHistoryLimit", Int),
        must("selector", Of(&LABEL_SELECTOR)),
        may("serviceName", Text),
        must("template", Of(&POD_TEMPLATE_SPEC)),
        may("updateStrategy", Of(&STATEFUL_SET_UPDATE_STRATEGY)),
        may("volumeClaimTemplates", List(&Of(&PERSISTENT_VOLUME_CLAIM))),
    ],
};

/// `DaemonSetSpec`
pub static DAEMON_SET_SPEC: Struct = Struct {
    name: "DaemonSetSpec",
    members: &[
        may("minReadySeconds", Int),
        may("revisionHistoryLimit", Int),
        must("selector", Of(&LABEL_SELECTOR)),
        must("template", Of(&POD_TEMPLATE_SPEC)),
        may("updateStrategy", Of(&DAEMON_SET_UPDATE_STRATEGY)),
    ],
};

/// `ReplicaSetSpec`
pub static REPLICA_SET_SPEC: Struct = Struct {
    name: "ReplicaSetSpec",
    members: &[
        may("minReadySeconds", Int),
        may("replicas", Int),
        must("selector", Of(&LABEL_SELECTOR)),
        may("template", Of(&POD_TEMPLATE_SPEC)),
    ],
};

/// `ReplicationControllerSpec`
pub static REPLICATION_CONTROLLER_SPEC: Struct = Struct {
    name: "ReplicationControllerSpec",
    members: &[
        may("minReadySeconds", Int),
        may("replicas", Int),
        may("selector", Map(&Text)),
        may("template", Of(&POD_TEMPLATE_SPEC)),
    ],
};

/// `JobSpec`
pub static JOB_SPEC: Struct = Struct {
    name: "JobSpec",
    members: &[
        may("activeDeadlineSeconds", Int),
        may("backoffLimit", Int),
        may("backoffLimitPerIndex", Int),
        may("completionMode", Text),
        may("completions", Int),
        may("managedBy", Text),
        may("manualSelector", Bool),
        may("maxFailedIndexes", Int),
        may("parallelism", Int),
        may("podFailurePolicy", Of(&POD_FAILURE_POLICY)),
        may("podReplacementPolicy", Text),
        may("scheduling", Of(&JOB_SCHEDULING_CONFIGURATION)),
        may("selector", Of(&LABEL_SELECTOR)),
        may("successPolicy", Of(&SUCCESS_POLICY)),
        may("suspend", Bool),
        must("template", Of(&POD_TEMPLATE_SPEC)),
        may("ttlSecondsAfterFinished", Int),
    ],
};

/// `CronJobSpec`
pub static CRON_JOB_SPEC: Struct = Struct {
    name: "CronJobSpec",
    members: &[
        may("concurrencyPolicy", Text),
        may("failedJobsHistoryLimit", Int),
        must("jobTemplate", Of(&JOB_TEMPLATE_SPEC)),
        must("schedule", Text),
        may("startingDeadlineSeconds", Int),
        may("successfulJobsHistoryLimit", Int),
        may("suspend", Bool),
        may("timeZone", Text),
    ],
};

/// `PodTemplateSpec`
pub static POD_TEMPLATE_SPEC: Struct =
    Struct { name: "PodTemplateSpec", members: &[may("metadata", Of(&OBJECT_META)), may("spec", Of(&POD_SPEC))] };

/// `NamespaceSpec`
pub static NAMESPACE_SPEC: Struct = Struct { name: "NamespaceSpec", members: &[may("finalizers", List(&Text))] };

/// `LocalObjectReference`
pub static LOCAL_OBJECT_REFERENCE: Struct = Struct { name: "LocalObjectReference", members: &[may("name", Text)] };

/// `ObjectReference`
pub static OBJECT_REFERENCE: Struct = Struct {
    name: "ObjectReference",
    members: &[
        may("apiVersion", Text),
        may("fieldPath", Text),
        may("kind", Text),
        may("name", Text),
        may("namespace", Text),
        may("resourceVersion", Text),
        may("uid", Text),
    ],
};

/// `PersistentVolumeSpec`
pub static PERSISTENT_VOLUME_SPEC: Struct = Struct {
    name: "PersistentVolumeSpec",
    members: &[
        may("accessModes", List(&Text)),
        may("awsElasticBlockStore", Of(&AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE)),
        may("azureDisk", Of(&AZURE_DISK_VOLUME_SOURCE)),
        may("azureFile", Of(&AZURE_FILE_PERSISTENT_VOLUME_SOURCE)),
        may("capacity", Map(&Quantity)),
        may("cephfs", Of(&CEPH_FS_PERSISTENT_VOLUME_SOURCE)),
        may("cinder", Of(&CINDER_PERSISTENT_VOLUME_SOURCE)),
        may("claimRef", Of(&OBJECT_REFERENCE)),
        may("csi", Of(&CSI_PERSISTENT_VOLUME_SOURCE)),
        may("fc", Of(&FC_VOLUME_SOURCE)),
        may("flexVolume", Of(&FLEX_PERSISTENT_VOLUME_SOURCE)),
        may("flocker", Of(&FLOCKER_VOLUME_SOURCE)),
        may("gcePersistentDisk", Of(&GCE_PERSISTENT_DISK_VOLUME_SOURCE)),
        may("glusterfs", Of(&GLUSTERFS_PERSISTENT_VOLUME_SOURCE)),
        may("hostPath", Of(&HOST_PATH_VOLUME_SOURCE)),
        may("iscsi", Of(&ISCSI_PERSISTENT_VOLUME_SOURCE)),
        may("local", Of(&LOCAL_VOLUME_SOURCE)),
        may("mountOptions", List(&Text)),
        may("nfs", Of(&NFS_VOLUME_SOURCE)),
        may("nodeAffinity", Of(&VOLUME_NODE_AFFINITY)),
        may("persistentVolumeReclaimPolicy", Text),
        may("photonPersistentDisk", Of(&PHOTON_PERSISTENT_DISK_VOLUME_SOURCE)),
        may("portworxVolume", Of(&PORTWORX_VOLUME_SOURCE)),
        may("quobyte", Of(&QUOBYTE_VOLUME_SOURCE)),
        may("rbd", Of(&RBD_PERSISTENT_VOLUME_SOURCE)),
        may("scaleIO", Of(&SCALE_IO_PERSISTENT_VOLUME_SOURCE)),
        may("storageClassName", Text),
        may("storageos", Of(&STORAGE_OS_PERSISTENT_VOLUME_SOURCE)),
        may("volumeAttributesClassName", Text),
        may("volumeMode", Text),
        may("vsphereVolume", Of(&VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE)),
    ],
};

/// `OwnerReference`
pub static OWNER_REFERENCE: Struct = Struct {
    name: "OwnerReference",
    members: &[
        must("apiVersion", Text),
        may("blockOwnerDeletion", Bool),
        may("controller", Bool),
        must("kind", Text),
        must("name", Text),
        must("uid", Text),
    ],
};

/// `Affinity`
pub static AFFINITY: Struct = Struct {
    name: "Affinity",
    members: &[
        may("nodeAffinity", Of(&NODE_AFFINITY)),
        may("podAffinity", Of(&POD_AFFINITY)),
        may("podAntiAffinity", Of(&POD_ANTI_AFFINITY)),
    ],
};

/// `Container`
pub static CONTAINER: Struct = Struct {
    name: "Container",
    members: &[
        may("args", List(&Text)),
        may("command", List(&Text)),
        may("env", List(&Of(&ENV_VAR))),
        may("envFrom", List(&Of(&ENV_FROM_SOURCE))),
        must("image", Text),
        may("imagePullPolicy", Text),
        may("lifecycle", Of(&LIFECYCLE)),
        may("livenessProbe", Of(&PROBE)),
        must("name", Text),
        may("ports", List(&Of(&CONTAINER_PORT))),
        may("readinessProbe", Of(&PROBE)),
        may("resizePolicy", List(&Of(&CONTAINER_RESIZE_POLICY))),
        may("resources", Of(&RESOURCE_REQUIREMENTS)),
        may("restartPolicy", Text),
        may("restartPolicyRules", List(&Of(&CONTAINER_RESTART_RULE))),
        may("securityContext", Of(&SECURITY_CONTEXT)),
        may("startupProbe", Of(&PROBE)),
        may("stdin", Bool),
        may("stdinOnce", Bool),
        may("terminationMessagePath", Text),
        may("terminationMessagePolicy", Text),
        may("tty", Bool),
        may("volumeDevices", List(&Of(&VOLUME_DEVICE))),
        may("volumeMounts", List(&Of(&VOLUME_MOUNT))),
        may("workingDir", Text),
    ],
};

/// `PodDNSConfig`
pub static POD_DNS_CONFIG: Struct = Struct {
    name: "PodDNSConfig",
    members: &[
        may("nameservers", List(&Text)),
        may("options", List(&Of(&POD_DNS_CONFIG_OPTION))),
        may("searches", List(&Text)),
    ],
};

/// `EphemeralContainer`
pub static EPHEMERAL_CONTAINER: Struct = Struct {
    name: "EphemeralContainer",
    members: &[
        may("args", List(&Text)),
        may("command", List(&Text)),
        may("env", List(&Of(&ENV_VAR))),
        may("envFrom", List(&Of(&ENV_FROM_SOURCE))),
        must("image", Text),
        may("imagePullPolicy", Text),
        may("lifecycle", Of(&LIFECYCLE)),
        may("livenessProbe", Of(&PROBE)),
        must("name", Text),
        may("ports", List(&Of(&CONTAINER_PORT))),
        may("readinessProbe", Of(&PROBE)),
        may("resizePolicy", List(&Of(&CONTAINER_RESIZE_POLICY))),
        may("resources", Of(&RESOURCE_REQUIREMENTS)),
        may("restartPolicy", Text),
        may("restartPolicyRules", List(&Of(&CONTAINER_RESTART_RULE))),
        may("securityContext", Of(&SECURITY_CONTEXT)),
        may("startupProbe", Of(&PROBE)),
        may("stdin", Bool),
        may("stdinOnce", Bool),
        may("targetContainerName", Text),
        may("terminationMessagePath", Text),
        may("terminationMessagePolicy", Text),
        may("tty", Bool),
        may("volumeDevices", List(&Of(&VOLUME_DEVICE))),
        may("volumeMounts", List(&Of(&VOLUME_MOUNT))),
        may("workingDir", Text),
    ],
};

/// `EvictionResponder`
pub static EVICTION_RESPONDER: Struct =
    Struct { name: "EvictionResponder", members: &[must("name", Text), may("priority", Int)] };

/// `HostAlias`
pub static HOST_ALIAS: Struct =
    Struct { name: "HostAlias", members: &[may("hostnames", List(&Text)), must("ip", Text)] };

/// `PodOS`
pub static POD_OS: Struct = Struct { name: "PodOS", members: &[must("name", Text)] };

/// `PodReadinessGate`
pub static POD_READINESS_GATE: Struct = Struct { name: "PodReadinessGate", members: &[must("conditionType", Text)] };

/// `PodResourceClaim`
pub static POD_RESOURCE_CLAIM: Struct = Struct {
    name: "PodResourceClaim",
    members: &[must("name", Text), may("resourceClaimName", Text), may("resourceClaimTemplateName", Text)],
};

/// `ResourceRequirements`
pub static RESOURCE_REQUIREMENTS: Struct = Struct {
    name: "ResourceRequirements",
    members: &[
        may("claims", List(&Of(&RESOURCE_CLAIM))),
        may("limits", Map(&Quantity)),
        may("requests", Map(&Quantity)),
    ],
};

/// `PodSchedulingGate`
pub static POD_SCHEDULING_GATE: Struct = Struct { name: "PodSchedulingGate", members: &[must("name", Text)] };

/// `PodSchedulingGroup`
pub static POD_SCHEDULING_GROUP: Struct = Struct { name: "PodSchedulingGroup", members: &[may("podGroupName", Text)] };

/// `PodSecurityContext`
pub static POD_SECURITY_CONTEXT: Struct = Struct {
    name: "PodSecurityContext",
    members: &[
        may("appArmorProfile", Of(&APP_ARMOR_PROFILE)),
        may("fsGroup", Int),
        may("fsGroupChangePolicy", Text),
        may("runAsGroup", Int),
        may("runAsNonRoot", Bool),
        may("runAsUser", Int),
        may("seLinuxChangePolicy", Text),
        may("seLinuxOptions", Of(&SE_LINUX_OPTIONS)),
        may("seccompProfile", Of(&SECCOMP_PROFILE)),
        may("supplementalGroups", List(&Int)),
        may("supplementalGroupsPolicy", Text),
        may("sysctls", List(&Of(&SYSCTL))),
        may("windowsOptions", Of(&WINDOWS_SECURITY_CONTEXT_OPTIONS)),
    ],
};

/// `Toleration`
pub static TOLERATION: Struct = Struct {
    name: "Toleration",
    members: &[
        may("effect", Text),
        may("key", Text),
        may("operator", Text),
        may("tolerationSeconds", Int),
        may("value", Text),
    ],
};

/// `TopologySpreadConstraint`
pub static TOPOLOGY_SPREAD_CONSTRAINT: Struct = Struct {
    name: "TopologySpreadConstraint",
    members: &[
        may("labelSelector", Of(&LABEL_SELECTOR)),
        may("matchLabelKeys", List(&Text)),
        must("maxSkew", Int),
        may("minDomains", Int),
        may("nodeAffinityPolicy", Text),
        may("nodeTaintsPolicy", Text),
        must("topologyKey", Text),
        must("whenUnsatisfiable", Text),
    ],
};

/// `Volume`
pub static VOLUME: Struct = Struct {
    name: "Volume",
    members: &[
        may("awsElasticBlockStore", Of(&AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE)),
        may("azureDisk", Of(&AZURE_DISK_VOLUME_SOURCE)),
        may("azureFile", Of(&AZURE_FILE_VOLUME_SOURCE)),
        may("cephfs", Of(&CEPH_FS_VOLUME_SOURCE)),
        may("cinder", Of(&CINDER_VOLUME_SOURCE)),
        may("configMap", Of(&CONFIG_MAP_VOLUME_SOURCE)),
        may("csi", Of(&CSI_VOLUME_SOURCE)),
        may("downwardAPI", Of(&DOWNWARD_API_VOLUME_SOURCE)),
        may("emptyDir", Of(&EMPTY_DIR_VOLUME_SOURCE)),
        may("ephemeral", Of(&EPHEMERAL_VOLUME_SOURCE)),
        may("fc", Of(&FC_VOLUME_SOURCE)),
        may("flexVolume", Of(&FLEX_VOLUME_SOURCE)),
        may("flocker", Of(&FLOCKER_VOLUME_SOURCE)),
        may("gcePersistentDisk", Of(&GCE_PERSISTENT_DISK_VOLUME_SOURCE)),
        may("gitRepo", Of(&GIT_REPO_VOLUME_SOURCE)),
        may("glusterfs", Of(&GLUSTERFS_VOLUME_SOURCE)),
        may("hostPath", Of(&HOST_PATH_VOLUME_SOURCE)),
        may("image", Of(&IMAGE_VOLUME_SOURCE)),
        may("iscsi", Of(&ISCSI_VOLUME_SOURCE)),
        must("name", Text),
        may("nfs", Of(&NFS_VOLUME_SOURCE)),
        may("persistentVolumeClaim", Of(&PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE)),
        may("photonPersistentDisk", Of(&PHOTON_PERSISTENT_DISK_VOLUME_SOURCE)),
        may("portworxVolume", Of(&PORTWORX_VOLUME_SOURCE)),
        may("projected", Of(&PROJECTED_VOLUME_SOURCE)),
        may("quobyte", Of(&QUOBYTE_VOLUME_SOURCE)),
        may("rbd", Of(&RBD_VOLUME_SOURCE)),
        may("scaleIO", Of(&SCALE_IO_VOLUME_SOURCE)),
        may("secret", Of(&SECRET_VOLUME_SOURCE)),
        may("storageos", Of(&STORAGE_OS_VOLUME_SOURCE)),
        may("vsphereVolume", Of(&VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE)),
    ],
};

/// `LabelSelector`
pub static LABEL_SELECTOR: Struct = Struct {
    name: "LabelSelector",
    members: &[may("matchExpressions", List(&Of(&LABEL_SELECTOR_REQUIREMENT))), may("matchLabels", Map(&Text))],
};

/// `DeploymentStrategy`
pub static DEPLOYMENT_STRATEGY: Struct = Struct {
    name: "DeploymentStrategy",
    members: &[may("rollingUpdate", Of(&ROLLING_UPDATE_DEPLOYMENT)), may("type", Text)],
};

/// `StatefulSetOrdinals`
pub static STATEFUL_SET_ORDINALS: Struct = Struct { name: "StatefulSetOrdinals", members: &[may("start", Int)] };

/// `StatefulSetPersistentVolumeClaimRetentionPolicy`
pub static STATEFUL_SET_PERSISTENT_VOLUME_CLAIM_RETENTION_POLICY: Struct = Struct {
    name: "StatefulSetPersistentVolumeClaimRetentionPolicy",
    members: &[may("whenDeleted", Text), may("whenScaled", Text)],
};

/// `StatefulSetUpdateStrategy`
pub static STATEFUL_SET_UPDATE_STRATEGY: Struct = Struct {
    name: "StatefulSetUpdateStrategy",
    members: &[may("rollingUpdate", Of(&ROLLING_UPDATE_STATEFUL_SET_STRATEGY)), may("type", Text)],
};

/// `PersistentVolumeClaim`
pub static PERSISTENT_VOLUME_CLAIM: Struct = Struct {
    name: "PersistentVolumeClaim",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&PERSISTENT_VOLUME_CLAIM_SPEC)),
        may("status", Any),
    ],
};

/// `DaemonSetUpdateStrategy`
pub static DAEMON_SET_UPDATE_STRATEGY: Struct = Struct {
    name: "DaemonSetUpdateStrategy",
    members: &[may("rollingUpdate", Of(&ROLLING_UPDATE_DAEMON_SET)), may("type", Text)],
};

/// `PodFailurePolicy`
pub static POD_FAILURE_POLICY: Struct =
    Struct { name: "PodFailurePolicy", members: &[may("rules", List(&Of(&POD_FAILURE_POLICY_RULE)))] };

/// `JobSchedulingConfiguration`
pub static JOB_SCHEDULING_CONFIGURATION: Struct = Struct {
    name: "JobSchedulingConfiguration",
    members: &[
        may("disruptionMode", Of(&WORKLOAD_POD_GROUP_DISRUPTION_MODE)),
        may("resourceClaims", List(&Of(&WORKLOAD_POD_GROUP_RESOURCE_CLAIM))),
        may("schedulingConstraints", Of(&WORKLOAD_POD_GROUP_SCHEDULING_CONSTRAINTS)),
        may("schedulingPolicy", Of(&WORKLOAD_POD_GROUP_SCHEDULING_POLICY)),
    ],
};

/// `SuccessPolicy`
pub static SUCCESS_POLICY: Struct =
    Struct { name: "SuccessPolicy", members: &[must("rules", List(&Of(&SUCCESS_POLICY_RULE)))] };

/// `JobTemplateSpec`
pub static JOB_TEMPLATE_SPEC: Struct =
    Struct { name: "JobTemplateSpec", members: &[may("metadata", Of(&OBJECT_META)), may("spec", Of(&JOB_SPEC))] };

/// `AWSElasticBlockStoreVolumeSource`
pub static AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE: Struct = Struct {
    name: "AWSElasticBlockStoreVolumeSource",
    members: &[may("fsType", Text), may("partition", Int), may("readOnly", Bool), must("volumeID", Text)],
};

/// `AzureDiskVolumeSource`
pub static AZURE_DISK_VOLUME_SOURCE: Struct = Struct {
    name: "AzureDiskVolumeSource",
    members: &[
        may("cachingMode", Text),
        must("diskName", Text),
        must("diskURI", Text),
        may("fsType", Text),
        may("kind", Text),
        may("readOnly", Bool),
    ],
};

/// `AzureFilePersistentVolumeSource`
pub static AZURE_FILE_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "AzureFilePersistentVolumeSource",
    members: &[may("readOnly", Bool), must("secretName", Text), may("secretNamespace", Text), must("shareName", Text)],
};

/// `CephFSPersistentVolumeSource`
pub static CEPH_FS_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "CephFSPersistentVolumeSource",
    members: &[
        must("monitors", List(&Text)),
        may("path", Text),
        may("readOnly", Bool),
        may("secretFile", Text),
        may("secretRef", Of(&SECRET_REFERENCE)),
        may("user", Text),
    ],
};

/// `CinderPersistentVolumeSource`
pub static CINDER_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "CinderPersistentVolumeSource",
    members: &[
        may("fsType", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&SECRET_REFERENCE)),
        must("volumeID", Text),
    ],
};

/// `CSIPersistentVolumeSource`
pub static CSI_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "CSIPersistentVolumeSource",
    members: &[
        may("controllerExpandSecretRef", Of(&SECRET_REFERENCE)),
        may("controllerPublishSecretRef", Of(&SECRET_REFERENCE)),
        must("driver", Text),
        may("fsType", Text),
        may("nodeExpandSecretRef", Of(&SECRET_REFERENCE)),
        may("nodePublishSecretRef", Of(&SECRET_REFERENCE)),
        may("nodeStageSecretRef", Of(&SECRET_REFERENCE)),
        may("readOnly", Bool),
        may("volumeAttributes", Map(&Text)),
        must("volumeHandle", Text),
    ],
};

/// `FCVolumeSource`
pub static FC_VOLUME_SOURCE: Struct = Struct {
    name: "FCVolumeSource",
    members: &[
        may("fsType", Text),
        may("lun", Int),
        may("readOnly", Bool),
        may("targetWWNs", List(&Text)),
        may("wwids", List(&Text)),
    ],
};

/// `FlexPersistentVolumeSource`
pub static FLEX_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "FlexPersistentVolumeSource",
    members: &[
        must("driver", Text),
        may("fsType", Text),
        may("options", Map(&Text)),
        may("readOnly", Bool),
        may("secretRef", Of(&SECRET_REFERENCE)),
    ],
};

/// `FlockerVolumeSource`
pub static FLOCKER_VOLUME_SOURCE: Struct =
    Struct { name: "FlockerVolumeSource", members: &[may("datasetName", Text), may("datasetUUID", Text)] };

/// `GCEPersistentDiskVolumeSource`
pub static GCE_PERSISTENT_DISK_VOLUME_SOURCE: Struct = Struct {
    name: "GCEPersistentDiskVolumeSource",
    members: &[may("fsType", Text), may("partition", Int), must("pdName", Text), may("readOnly", Bool)],
};

/// `GlusterfsPersistentVolumeSource`
pub static GLUSTERFS_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "GlusterfsPersistentVolumeSource",
    members: &[must("endpoints", Text), may("endpointsNamespace", Text), must("path", Text), may("readOnly", Bool)],
};

/// `HostPathVolumeSource`
pub static HOST_PATH_VOLUME_SOURCE: Struct =
    Struct { name: "HostPathVolumeSource", members: &[must("path", Text), may("type", Text)] };

/// `ISCSIPersistentVolumeSource`
pub static ISCSI_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "ISCSIPersistentVolumeSource",
    members: &[
        may("chapAuthDiscovery", Bool),
        may("chapAuthSession", Bool),
        may("fsType", Text),
        may("initiatorName", Text),
        must("iqn", Text),
        may("iscsiInterface", Text),
        may("lun", Int),
        may("portals", List(&Text)),
        may("readOnly", Bool),
        may("secretRef", Of(&SECRET_REFERENCE)),
        must("targetPortal", Text),
    ],
};

/// `LocalVolumeSource`
pub static LOCAL_VOLUME_SOURCE: Struct =
    Struct { name: "LocalVolumeSource", members: &[may("fsType", Text), must("path", Text)] };

/// `NFSVolumeSource`
pub static NFS_VOLUME_SOURCE: Struct =
    Struct { name: "NFSVolumeSource", members: &[must("path", Text), may("readOnly", Bool), must("server", Text)] };

/// `VolumeNodeAffinity`
pub static VOLUME_NODE_AFFINITY: Struct =
    Struct { name: "VolumeNodeAffinity", members: &[may("required", Of(&NODE_SELECTOR))] };

/// `PhotonPersistentDiskVolumeSource`
pub static PHOTON_PERSISTENT_DISK_VOLUME_SOURCE: Struct =
    Struct { name: "PhotonPersistentDiskVolumeSource", members: &[may("fsType", Text), must("pdID", Text)] };

/// `PortworxVolumeSource`
pub static PORTWORX_VOLUME_SOURCE: Struct = Struct {
    name: "PortworxVolumeSource",
    members: &[may("fsType", Text), may("readOnly", Bool), must("volumeID", Text)],
};

/// `QuobyteVolumeSource`
pub static QUOBYTE_VOLUME_SOURCE: Struct = Struct {
    name: "QuobyteVolumeSource",
    members: &[
        may("group", Text),
        may("readOnly", Bool),
        must("registry", Text),
        may("tenant", Text),
        may("user", Text),
        must("volume", Text),
    ],
};

/// `RBDPersistentVolumeSource`
pub static RBD_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "RBDPersistentVolumeSource",
    members: &[
        may("fsType", Text),
        must("image", Text),
        may("keyring", Text),
        must("monitors", List(&Text)),
        may("pool", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&SECRET_REFERENCE)),
        may("user", Text),
    ],
};

/// `ScaleIOPersistentVolumeSource`
pub static SCALE_IO_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "ScaleIOPersistentVolumeSource",
    members: &[
        may("fsType", Text),
        must("gateway", Text),
        may("protectionDomain", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&SECRET_REFERENCE)),
        may("sslEnabled", Bool),
        may("storageMode", Text),
        may("storagePool", Text),
        must("system", Text),
        may("volumeName", Text),
    ],
};

/// `StorageOSPersistentVolumeSource`
pub static STORAGE_OS_PERSISTENT_VOLUME_SOURCE: Struct = Struct {
    name: "StorageOSPersistentVolumeSource",
    members: &[
        may("fsType", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&OBJECT_REFERENCE)),
        may("volumeName", Text),
        may("volumeNamespace", Text),
    ],
};

/// `VsphereVirtualDiskVolumeSource`
pub static VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE: Struct = Struct {
    name: "VsphereVirtualDiskVolumeSource",
    members: &[
        may("fsType", Text),
        may("storagePolicyID", Text),
        may("storagePolicyName", Text),
        must("volumePath", Text),
    ],
};

/// `NodeAffinity`
pub static NODE_AFFINITY: Struct = Struct {
    name: "NodeAffinity",
    members: &[
        may("preferredDuringSchedulingIgnoredDuringExecution", List(&Of(&PREFERRED_SCHEDULING_TERM))),
        may("requiredDuringSchedulingIgnoredDuringExecution", Of(&NODE_SELECTOR)),
    ],
};

/// `PodAffinity`
pub static POD_AFFINITY: Struct = Struct {
    name: "PodAffinity",
    members: &[
        may("preferredDuringSchedulingIgnoredDuringExecution", List(&Of(&WEIGHTED_POD_AFFINITY_TERM))),
        may("requiredDuringSchedulingIgnoredDuringExecution", List(&Of(&POD_AFFINITY_TERM))),
    ],
};

/// `PodAntiAffinity`
pub static POD_ANTI_AFFINITY: Struct = Struct {
    name: "PodAntiAffinity",
    members: &[
        may("preferredDuringSchedulingIgnoredDuringExecution", List(&Of(&WEIGHTED_POD_AFFINITY_TERM))),
        may("requiredDuringSchedulingIgnoredDuringExecution", List(&Of(&POD_AFFINITY_TERM))),
    ],
};

/// `EnvVar`
pub static ENV_VAR: Struct = Struct {
    name: "EnvVar",
    members: &[must("name", Text), may("value", Text), may("valueFrom", Of(&ENV_VAR_SOURCE))],
};

/// `EnvFromSource`
pub static ENV_FROM_SOURCE: Struct = Struct {
    name: "EnvFromSource",
    members: &[
        may("configMapRef", Of(&CONFIG_MAP_ENV_SOURCE)),
        may("prefix", Text),
        may("secretRef", Of(&SECRET_ENV_SOURCE)),
    ],
};

/// `Lifecycle`
pub static LIFECYCLE: Struct = Struct {
    name: "Lifecycle",
    members: &[
        may("postStart", Of(&LIFECYCLE_HANDLER)),
        may("preStop", Of(&LIFECYCLE_HANDLER)),
        may("stopSignal", Text),
    ],
};

/// `Probe`
pub static PROBE: Struct = Struct {
    name: "Probe",
    members: &[
        may("exec", Of(&EXEC_ACTION)),
        may("failureThreshold", Int),
        may("grpc", Of(&GRPC_ACTION)),
        may("httpGet", Of(&HTTP_GET_ACTION)),
        may("initialDelaySeconds", Int),
        may("periodSeconds", Int),
        may("successThreshold", Int),
        may("tcpSocket", Of(&TCP_SOCKET_ACTION)),
        may("terminationGracePeriodSeconds", Int),
        may("timeoutSeconds", Int),
    ],
};

/// `ContainerPort`
pub static CONTAINER_PORT: Struct = Struct {
    name: "ContainerPort",
    members: &[
        must("containerPort", Int),
        may("hostIP", Text),
        may("hostPort", Int),
        may("name", Text),
        may("protocol", Text),
    ],
};

/// `ContainerResizePolicy`
pub static CONTAINER_RESIZE_POLICY: Struct =
    Struct { name: "ContainerResizePolicy", members: &[must("resourceName", Text), must("restartPolicy", Text)] };

/// `ContainerRestartRule`
pub static CONTAINER_RESTART_RULE: Struct = Struct {
    name: "ContainerRestartRule",
    members: &[must("action", Text), may("exitCodes", Of(&CONTAINER_RESTART_RULE_ON_EXIT_CODES))],
};

/// `SecurityContext`
pub static SECURITY_CONTEXT: Struct = Struct {
    name: "SecurityContext",
    members: &[
        may("allowPrivilegeEscalation", Bool),
        may("appArmorProfile", Of(&APP_ARMOR_PROFILE)),
        may("capabilities", Of(&CAPABILITIES)),
        may("privileged", Bool),
        may("procMount", Text),
        may("readOnlyRootFilesystem", Bool),
        may("runAsGroup", Int),
        may("runAsNonRoot", Bool),
        may("runAsUser", Int),
        may("seLinuxOptions", Of(&SE_LINUX_OPTIONS)),
        may("seccompProfile", Of(&SECCOMP_PROFILE)),
        may("windowsOptions", Of(&WINDOWS_SECURITY_CONTEXT_OPTIONS)),
    ],
};

/// `VolumeDevice`
pub static VOLUME_DEVICE: Struct =
    Struct { name: "VolumeDevice", members: &[must("devicePath", Text), must("name", Text)] };

/// `VolumeMount`
pub static VOLUME_MOUNT: Struct = Struct {
    name: "VolumeMount",
    members: &[
        may("bindMountOptions", List(&Text)),
        must("mountPath", Text),
        may("mountPropagation", Text),
        must("name", Text),
        may("readOnly", Bool),
        may("recursiveReadOnly", Text),
        may("subPath", Text),
        may("subPathExpr", Text),
    ],
};

/// `PodDNSConfigOption`
pub static POD_DNS_CONFIG_OPTION: Struct =
    Struct { name: "PodDNSConfigOption", members: &[may("name", Text), may("value", Text)] };

/// `ResourceClaim`
pub static RESOURCE_CLAIM: Struct =
    Struct { name: "ResourceClaim", members: &[must("name", Text), may("request", Text)] };

/// `AppArmorProfile`
pub static APP_ARMOR_PROFILE: Struct =
    Struct { name: "AppArmorProfile", members: &[may("localhostProfile", Text), must("type", Text)] };

/// `SELinuxOptions`
pub static SE_LINUX_OPTIONS: Struct = Struct {
    name: "SELinuxOptions",
    members: &[may("level", Text), may("role", Text), may("type", Text), may("user", Text)],
};

/// `SeccompProfile`
pub static SECCOMP_PROFILE: Struct =
    Struct { name: "SeccompProfile", members: &[may("localhostProfile", Text), must("type", Text)] };

/// `Sysctl`
pub static SYSCTL: Struct = Struct { name: "Sysctl", members: &[must("name", Text), may("value", Text)] };

/// `WindowsSecurityContextOptions`
pub static WINDOWS_SECURITY_CONTEXT_OPTIONS: Struct = Struct {
    name: "WindowsSecurityContextOptions",
    members: &[
        may("gmsaCredentialSpec", Text),
        may("gmsaCredentialSpecName", Text),
        may("hostProcess", Bool),
        may("runAsUserName", Text),
    ],
};

/// `AzureFileVolumeSource`
pub static AZURE_FILE_VOLUME_SOURCE: Struct = Struct {
    name: "AzureFileVolumeSource",
    members: &[may("readOnly", Bool), must("secretName", Text), must("shareName", Text)],
};

/// `CephFSVolumeSource`
pub static CEPH_FS_VOLUME_SOURCE: Struct = Struct {
    name: "CephFSVolumeSource",
    members: &[
        must("monitors", List(&Text)),
        may("path", Text),
        may("readOnly", Bool),
        may("secretFile", Text),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        may("user", Text),
    ],
};

/// `CinderVolumeSource`
pub static CINDER_VOLUME_SOURCE: Struct = Struct {
    name: "CinderVolumeSource",
    members: &[
        may("fsType", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        must("volumeID", Text),
    ],
};

/// `ConfigMapVolumeSource`
pub static CONFIG_MAP_VOLUME_SOURCE: Struct = Struct {
    name: "ConfigMapVolumeSource",
    members: &[
        may("defaultMode", Int),
        may("defaultUser", Int),
        may("items", List(&Of(&KEY_TO_PATH))),
        may("name", Text),
        may("optional", Bool),
    ],
};

/// `CSIVolumeSource`
pub static CSI_VOLUME_SOURCE: Struct = Struct {
    name: "CSIVolumeSource",
    members: &[
        must("driver", Text),
        may("fsType", Text),
        may("nodePublishSecretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        may("readOnly", Bool),
        may("volumeAttributes", Map(&Text)),
    ],
};

/// `DownwardAPIVolumeSource`
pub static DOWNWARD_API_VOLUME_SOURCE: Struct = Struct {
    name: "DownwardAPIVolumeSource",
    members: &[may("defaultMode", Int), may("defaultUser", Int), may("items", List(&Of(&DOWNWARD_API_VOLUME_FILE)))],
};

/// `EmptyDirVolumeSource`
pub static EMPTY_DIR_VOLUME_SOURCE: Struct = Struct {
    name: "EmptyDirVolumeSource",
    members: &[may("medium", Text), may("mode", Int), may("sizeLimit", Quantity)],
};

/// `EphemeralVolumeSource`
pub static EPHEMERAL_VOLUME_SOURCE: Struct = Struct {
    name: "EphemeralVolumeSource",
    members: &[may("volumeClaimTemplate", Of(&PERSISTENT_VOLUME_CLAIM_TEMPLATE))],
};

/// `FlexVolumeSource`
pub static FLEX_VOLUME_SOURCE: Struct = Struct {
    name: "FlexVolumeSource",
    members: &[
        must("driver", Text),
        may("fsType", Text),
        may("options", Map(&Text)),
        may("readOnly", Bool),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
    ],
};

/// `GitRepoVolumeSource`
pub static GIT_REPO_VOLUME_SOURCE: Struct = Struct {
    name: "GitRepoVolumeSource",
    members: &[may("directory", Text), must("repository", Text), may("revision", Text)],
};

/// `GlusterfsVolumeSource`
pub static GLUSTERFS_VOLUME_SOURCE: Struct = Struct {
    name: "GlusterfsVolumeSource",
    members: &[must("endpoints", Text), must("path", Text), may("readOnly", Bool)],
};

/// `ImageVolumeSource`
pub static IMAGE_VOLUME_SOURCE: Struct =
    Struct { name: "ImageVolumeSource", members: &[may("pullPolicy", Text), may("reference", Text)] };

/// `ISCSIVolumeSource`
pub static ISCSI_VOLUME_SOURCE: Struct = Struct {
    name: "ISCSIVolumeSource",
    members: &[
        may("chapAuthDiscovery", Bool),
        may("chapAuthSession", Bool),
        may("fsType", Text),
        may("initiatorName", Text),
        must("iqn", Text),
        may("iscsiInterface", Text),
        may("lun", Int),
        may("portals", List(&Text)),
        may("readOnly", Bool),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        must("targetPortal", Text),
    ],
};

/// `PersistentVolumeClaimVolumeSource`
pub static PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE: Struct =
    Struct { name: "PersistentVolumeClaimVolumeSource", members: &[must("claimName", Text), may("readOnly", Bool)] };

/// `ProjectedVolumeSource`
pub static PROJECTED_VOLUME_SOURCE: Struct = Struct {
    name: "ProjectedVolumeSource",
    members: &[may("defaultMode", Int), may("defaultUser", Int), may("sources", List(&Of(&VOLUME_PROJECTION)))],
};

/// `RBDVolumeSource`
pub static RBD_VOLUME_SOURCE: Struct = Struct {
    name: "RBDVolumeSource",
    members: &[
        may("fsType", Text),
        must("image", Text),
        may("keyring", Text),
        must("monitors", List(&Text)),
        may("pool", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        may("user", Text),
    ],
};

/// `ScaleIOVolumeSource`
pub static SCALE_IO_VOLUME_SOURCE: Struct = Struct {
    name: "ScaleIOVolumeSource",
    members: &[
        may("fsType", Text),
        must("gateway", Text),
        may("protectionDomain", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        may("sslEnabled", Bool),
        may("storageMode", Text),
        may("storagePool", Text),
        must("system", Text),
        may("volumeName", Text),
    ],
};

/// `SecretVolumeSource`
pub static SECRET_VOLUME_SOURCE: Struct = Struct {
    name: "SecretVolumeSource",
    members: &[
        may("defaultMode", Int),
        may("defaultUser", Int),
        may("items", List(&Of(&KEY_TO_PATH))),
        may("optional", Bool),
        may("secretName", Text),
    ],
};

/// `StorageOSVolumeSource`
pub static STORAGE_OS_VOLUME_SOURCE: Struct = Struct {
    name: "StorageOSVolumeSource",
    members: &[
        may("fsType", Text),
        may("readOnly", Bool),
        may("secretRef", Of(&LOCAL_OBJECT_REFERENCE)),
        may("volumeName", Text),
        may("volumeNamespace", Text),
    ],
};

/// `LabelSelectorRequirement`
pub static LABEL_SELECTOR_REQUIREMENT: Struct = Struct {
    name: "LabelSelectorRequirement",
    members: &[must("key", Text), must("operator", Text), may("values", List(&Text))],
};

/// `RollingUpdateDeployment`
pub static ROLLING_UPDATE_DEPLOYMENT: Struct = Struct {
    name: "RollingUpdateDeployment",
    members: &[may("maxSurge", IntOrText), may("maxUnavailable", IntOrText)],
};

/// `RollingUpdateStatefulSetStrategy`
pub static ROLLING_UPDATE_STATEFUL_SET_STRATEGY: Struct = Struct {
    name: "RollingUpdateStatefulSetStrategy",
    members: &[may("maxUnavailable", IntOrText), may("partition", Int)],
};

/// `PersistentVolumeClaimSpec`
pub static PERSISTENT_VOLUME_CLAIM_SPEC: Struct = Struct {
    name: "PersistentVolumeClaimSpec",
    members: &[
        may("accessModes", List(&Text)),
        may("dataSource", Of(&TYPED_LOCAL_OBJECT_REFERENCE)),
        may("dataSourceRef", Of(&TYPED_OBJECT_REFERENCE)),
        may("resources", Of(&VOLUME_RESOURCE_REQUIREMENTS)),
        may("selector", Of(&LABEL_SELECTOR)),
        may("storageClassName", Text),
        may("volumeAttributesClassName", Text),
        may("volumeMode", Text),
        may("volumeName", Text),
    ],
};

/// `RollingUpdateDaemonSet`
pub static ROLLING_UPDATE_DAEMON_SET: Struct =
    Struct { name: "RollingUpdateDaemonSet", members: &[may("maxSurge", IntOrText), may("maxUnavailable", IntOrText)] };

/// `PodFailurePolicyRule`
pub static POD_FAILURE_POLICY_RULE: Struct = Struct {
    name: "PodFailurePolicyRule",
    members: &[
        must("action", Text),
        may("onExitCodes", Of(&POD_FAILURE_POLICY_ON_EXIT_CODES_REQUIREMENT)),
        may("onPodConditions", List(&Of(&POD_FAILURE_POLICY_ON_POD_CONDITIONS_PATTERN))),
    ],
};

/// `WorkloadPodGroupDisruptionMode`
pub static WORKLOAD_POD_GROUP_DISRUPTION_MODE: Struct =
    Struct { name: "WorkloadPodGroupDisruptionMode", members: &[may("all", Any), may("single", Any)] };

/// `WorkloadPodGroupResourceClaim`
pub static WORKLOAD_POD_GROUP_RESOURCE_CLAIM: Struct = Struct {
    name: "WorkloadPodGroupResourceClaim",
    members: &[must("name", Text), may("resourceClaimName", Text), may("resourceClaimTemplateName", Text)],
};

/// `WorkloadPodGroupSchedulingConstraints`
pub static WORKLOAD_POD_GROUP_SCHEDULING_CONSTRAINTS: Struct = Struct {
    name: "WorkloadPodGroupSchedulingConstraints",
    members: &[may("topology", List(&Of(&TOPOLOGY_CONSTRAINT)))],
};

/// `WorkloadPodGroupSchedulingPolicy`
pub static WORKLOAD_POD_GROUP_SCHEDULING_POLICY: Struct = Struct {
    name: "WorkloadPodGroupSchedulingPolicy",
    members: &[may("basic", Any), may("gang", Of(&WORKLOAD_POD_GROUP_GANG_SCHEDULING_POLICY))],
};

/// `SuccessPolicyRule`
pub static SUCCESS_POLICY_RULE: Struct =
    Struct { name: "SuccessPolicyRule", members: &[may("succeededCount", Int), may("succeededIndexes", Text)] };

/// `SecretReference`
pub static SECRET_REFERENCE: Struct =
    Struct { name: "SecretReference", members: &[may("name", Text), may("namespace", Text)] };

/// `NodeSelector`
pub static NODE_SELECTOR: Struct =
    Struct { name: "NodeSelector", members: &[must("nodeSelectorTerms", List(&Of(&NODE_SELECTOR_TERM)))] };

/// `PreferredSchedulingTerm`
pub static PREFERRED_SCHEDULING_TERM: Struct = Struct {
    name: "PreferredSchedulingTerm",
    members: &[may("preference", Of(&NODE_SELECTOR_TERM)), must("weight", Int)],
};

/// `WeightedPodAffinityTerm`
pub static WEIGHTED_POD_AFFINITY_TERM: Struct = Struct {
    name: "WeightedPodAffinityTerm",
    members: &[must("podAffinityTerm", Of(&POD_AFFINITY_TERM)), must("weight", Int)],
};

/// `PodAffinityTerm`
pub static POD_AFFINITY_TERM: Struct = Struct {
    name: "PodAffinityTerm",
    members: &[
        may("labelSelector", Of(&LABEL_SELECTOR)),
        may("matchLabelKeys", List(&Text)),
        may("mismatchLabelKeys", List(&Text)),
        may("namespaceSelector", Of(&LABEL_SELECTOR)),
        may("namespaces", List(&Text)),
        must("topologyKey", Text),
    ],
};

/// `EnvVarSource`
pub static ENV_VAR_SOURCE: Struct = Struct {
    name: "EnvVarSource",
    members: &[
        may("configMapKeyRef", Of(&CONFIG_MAP_KEY_SELECTOR)),
        may("fieldRef", Of(&OBJECT_FIELD_SELECTOR)),
        may("fileKeyRef", Of(&FILE_KEY_SELECTOR)),
        may("resourceFieldRef", Of(&RESOURCE_FIELD_SELECTOR)),
        may("secretKeyRef", Of(&SECRET_KEY_SELECTOR)),
    ],
};

/// `ConfigMapEnvSource`
pub static CONFIG_MAP_ENV_SOURCE: Struct =
    Struct { name: "ConfigMapEnvSource", members: &[may("name", Text), may("optional", Bool)] };

/// `SecretEnvSource`
pub static SECRET_ENV_SOURCE: Struct =
    Struct { name: "SecretEnvSource", members: &[may("name", Text), may("optional", Bool)] };

/// `LifecycleHandler`
pub static LIFECYCLE_HANDLER: Struct = Struct {
    name: "LifecycleHandler",
    members: &[
        may("exec", Of(&EXEC_ACTION)),
        may("httpGet", Of(&HTTP_GET_ACTION)),
        may("sleep", Of(&SLEEP_ACTION)),
        may("tcpSocket", Of(&TCP_SOCKET_ACTION)),
    ],
};

/// `ExecAction`
pub static EXEC_ACTION: Struct = Struct { name: "ExecAction", members: &[may("command", List(&Text))] };

/// `GRPCAction`
pub static GRPC_ACTION: Struct =
    Struct { name: "GRPCAction", members: &[may("mode", Text), must("port", Int), may("service", Text)] };

/// `HTTPGetAction`
pub static HTTP_GET_ACTION: Struct = Struct {
    name: "HTTPGetAction",
    members: &[
        may("host", Text),
        may("httpHeaders", List(&Of(&HTTP_HEADER))),
        may("path", Text),
        must("port", IntOrText),
        may("protocol", Text),
        may("scheme", Text),
    ],
};

/// `TCPSocketAction`
pub static TCP_SOCKET_ACTION: Struct =
    Struct { name: "TCPSocketAction", members: &[may("host", Text), must("port", IntOrText)] };

/// `ContainerRestartRuleOnExitCodes`
pub static CONTAINER_RESTART_RULE_ON_EXIT_CODES: Struct =
    Struct { name: "ContainerRestartRuleOnExitCodes", members: &[must("operator", Text), may("values", List(&Int))] };

/// `Capabilities`
pub static CAPABILITIES: Struct =
    Struct { name: "Capabilities", members: &[may("add", List(&Text)), may("drop", List(&Text))] };

/// `KeyToPath`
pub static KEY_TO_PATH: Struct =
    Struct { name: "KeyToPath", members: &[must("key", Text), may("mode", Int), must("path", Text), may("user", Int)] };

/// `DownwardAPIVolumeFile`
pub static DOWNWARD_API_VOLUME_FILE: Struct = Struct {
    name: "DownwardAPIVolumeFile",
    members: &[
        may("fieldRef", Of(&OBJECT_FIELD_SELECTOR)),
        may("mode", Int),
        must("path", Text),
        may("resourceFieldRef", Of(&RESOURCE_FIELD_SELECTOR)),
        may("user", Int),
    ],
};

/// `PersistentVolumeClaimTemplate`
pub static PERSISTENT_VOLUME_CLAIM_TEMPLATE: Struct = Struct {
    name: "PersistentVolumeClaimTemplate",
    members: &[may("metadata", Of(&OBJECT_META)), must("spec", Of(&PERSISTENT_VOLUME_CLAIM_SPEC))],
};

/// `VolumeProjection`
pub static VOLUME_PROJECTION: Struct = Struct {
    name: "VolumeProjection",
    members: &[
        may("clusterTrustBundle", Of(&CLUSTER_TRUST_BUNDLE_PROJECTION)),
        may("configMap", Of(&CONFIG_MAP_PROJECTION)),
        may("downwardAPI", Of(&DOWNWARD_API_PROJECTION)),
        may("podCertificate", Of(&POD_CERTIFICATE_PROJECTION)),
        may("secret", Of(&SECRET_PROJECTION)),
        may("serviceAccountToken", Of(&SERVICE_ACCOUNT_TOKEN_PROJECTION)),
    ],
};

/// `TypedLocalObjectReference`
pub static TYPED_LOCAL_OBJECT_REFERENCE: Struct = Struct {
    name: "TypedLocalObjectReference",
    members: &[may("apiGroup", Text), must("kind", Text), must("name", Text)],
};

/// `TypedObjectReference`
pub static TYPED_OBJECT_REFERENCE: Struct = Struct {
    name: "TypedObjectReference",
    members: &[may("apiGroup", Text), must("kind", Text), must("name", Text), may("namespace", Text)],
};

/// `VolumeResourceRequirements`
pub static VOLUME_RESOURCE_REQUIREMENTS: Struct = Struct {
    name: "VolumeResourceRequirements",
    members: &[may("limits", Map(&Quantity)), may("requests", Map(&Quantity))],
};

/// `PodFailurePolicyOnExitCodesRequirement`
pub static POD_FAILURE_POLICY_ON_EXIT_CODES_REQUIREMENT: Struct = Struct {
    name: "PodFailurePolicyOnExitCodesRequirement",
    members: &[may("containerName", Text), must("operator", Text), must("values", List(&Int))],
};

/// `PodFailurePolicyOnPodConditionsPattern`
pub static POD_FAILURE_POLICY_ON_POD_CONDITIONS_PATTERN: Struct =
    Struct { name: "PodFailurePolicyOnPodConditionsPattern", members: &[may("status", Any), must("type", Text)] };

/// `TopologyConstraint`
pub static TOPOLOGY_CONSTRAINT: Struct = Struct { name: "TopologyConstraint", members: &[must("key", Text)] };

/// `WorkloadPodGroupGangSchedulingPolicy`
pub static WORKLOAD_POD_GROUP_GANG_SCHEDULING_POLICY: Struct =
    Struct { name: "WorkloadPodGroupGangSchedulingPolicy", members: &[may("minCount", Int)] };

/// `NodeSelectorTerm`
pub static NODE_SELECTOR_TERM: Struct = Struct {
    name: "NodeSelectorTerm",
    members: &[
        may("matchExpressions", List(&Of(&NODE_SELECTOR_REQUIREMENT))),
        may("matchFields", List(&Of(&NODE_SELECTOR_REQUIREMENT))),
    ],
};

/// `ConfigMapKeySelector`
pub static CONFIG_MAP_KEY_SELECTOR: Struct =
    Struct { name: "ConfigMapKeySelector", members: &[must("key", Text), may("name", Text), may("optional", Bool)] };

/// `ObjectFieldSelector`
pub static OBJECT_FIELD_SELECTOR: Struct =
    Struct { name: "ObjectFieldSelector", members: &[may("apiVersion", Text), must("fieldPath", Text)] };

/// `FileKeySelector`
pub static FILE_KEY_SELECTOR: Struct = Struct {
    name: "FileKeySelector",
    members: &[must("key", Text), may("optional", Bool), must("path", Text), must("volumeName", Text)],
};

/// `ResourceFieldSelector`
pub static RESOURCE_FIELD_SELECTOR: Struct = Struct {
    name: "ResourceFieldSelector",
    members: &[may("containerName", Text), may("divisor", Quantity), must("resource", Text)],
};

/// `SecretKeySelector`
pub static SECRET_KEY_SELECTOR: Struct =
    Struct { name: "SecretKeySelector", members: &[must("key", Text), may("name", Text), may("optional", Bool)] };

/// `SleepAction`
pub static SLEEP_ACTION: Struct = Struct { name: "SleepAction", members: &[may("seconds", Int)] };

/// `HTTPHeader`
pub static HTTP_HEADER: Struct = Struct { name: "HTTPHeader", members: &[must("name", Text), may("value", Text)] };

/// `ClusterTrustBundleProjection`
pub static CLUSTER_TRUST_BUNDLE_PROJECTION: Struct = Struct {
    name: "ClusterTrustBundleProjection",
    members: &[
        may("labelSelector", Of(&LABEL_SELECTOR)),
        may("name", Text),
        may("optional", Bool),
        must("path", Text),
        may("signerName", Text),
        may("user", Int),
    ],
};

/// `ConfigMapProjection`
pub static CONFIG_MAP_PROJECTION: Struct = Struct {
    name: "ConfigMapProjection",
    members: &[may("items", List(&Of(&KEY_TO_PATH))), may("name", Text), may("optional", Bool)],
};

/// `DownwardAPIProjection`
pub static DOWNWARD_API_PROJECTION: Struct =
    Struct { name: "DownwardAPIProjection", members: &[may("items", List(&Of(&DOWNWARD_API_VOLUME_FILE)))] };

/// `PodCertificateProjection`
pub static POD_CERTIFICATE_PROJECTION: Struct = Struct {
    name: "PodCertificateProjection",
    members: &[
        may("certificateChainPath", Text),
        may("credentialBundlePath", Text),
        may("keyPath", Text),
        must("keyType", Text),
        may("maxExpirationSeconds", Int),
        must("signerName", Text),
        may("user", Int),
        may("userAnnotations", Map(&Text)),
    ],
};

/// `SecretProjection`
pub static SECRET_PROJECTION: Struct = Struct {
    name: "SecretProjection",
    members: &[may("items", List(&Of(&KEY_TO_PATH))), may("name", Text), may("optional", Bool)],
};

/// `ServiceAccountTokenProjection`
pub static SERVICE_ACCOUNT_TOKEN_PROJECTION: Struct = Struct {
    name: "ServiceAccountTokenProjection",
    members: &[may("audience", Text), may("expirationSeconds", Int), must("path", Text), may("user", Int)],
};

/// `NodeSelectorRequirement`
pub static NODE_SELECTOR_REQUIREMENT: Struct = Struct {
    name: "NodeSelectorRequirement",
    members: &[must("key", Text), must("operator", Text), may("values", List(&Text))],
};
