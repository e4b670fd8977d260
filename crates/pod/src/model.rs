//! The model: types only. Field by field it follows `k8s.io/api/core/v1`, for the part that touches isolation.

use watertight_diagnostic::Route;
use watertight_text::Span;

use crate::{EngineOptions, Field, Frame, Names, Problem, Rare, Site, Syntax};

/// Everything found in one file.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// All objects, members of lists included, in the order they stand.
    pub objects: Vec<Object>,
    /// All pods and pod templates.
    pub pods: Vec<Pod>,
    /// All namespaces.
    pub namespaces: Vec<Namespace>,
    /// All service accounts.
    pub service_accounts: Vec<ServiceAccount>,
    /// All persistent volumes.
    pub persistent_volumes: Vec<PersistentVolume>,
    /// All claims of persistent volumes.
    pub claims: Vec<PersistentVolumeClaim>,
    /// All runtime classes.
    pub runtime_classes: Vec<RuntimeClass>,
    /// What was wrong on the way.
    pub problems: Vec<Problem>,
}

/// How much is kept of a name. Those that Kubernetes takes have at most 253 bytes.
const NAME: usize = 300;

impl Objects {
    /// With names that can be repeated: each finding and each pod of an object says what the object is called.
    pub(crate) fn with_short_names(mut self) -> Self {
        let mut shorten = |name: &mut String| watertight_text::shorten(name, NAME);
        for Object { api_version, kind, name, generate_name, namespace, .. } in &mut self.objects {
            [api_version, kind, name, generate_name].into_iter().chain(namespace).for_each(&mut shorten);
        }
        let containers = self.pods.iter_mut().flat_map(|pod| &mut pod.containers);
        containers.for_each(|container| shorten(&mut container.name));
        self
    }
}

/// An object: what it is called and where it stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Object {
    /// `apiVersion`, empty when missing.
    pub api_version: String,
    /// `kind`, empty when missing.
    pub kind: String,
    /// `metadata.name`, empty when missing.
    pub name: String,
    /// `metadata.generateName`, empty when missing: what the API server makes a name of where there is none.
    pub generate_name: String,
    /// `metadata.namespace`.
    pub namespace: Option<String>,
    /// `metadata.labels`.
    pub labels: Vec<Pair>,
    /// `metadata.annotations`.
    pub annotations: Vec<Pair>,
    /// Where the object begins in its document; the document's root unless it is a member of a list.
    pub route: Route,
    /// The object's bytes.
    pub span: Span,
    /// The bytes to point at when the object as a whole is meant: its kind or name.
    pub head: Span,
}

/// A label, an annotation, a sysctl: a name with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The text.
    pub value: String,
    /// Where.
    pub site: Site,
}

/// A pod, or the template of one.
#[derive(Clone, Debug, Default)]
pub struct Pod {
    /// Index of the object around it in [`Objects::objects`].
    pub object: usize,
    /// What the object around it is.
    pub carrier: Carrier,
    /// How it was written, and so whose defaults hold.
    pub syntax: Syntax,
    /// What only container engines can be asked for.
    pub engine: Rare<EngineOptions>,
    /// The metadata that the pod itself will have (of a Deployment: the template's).
    pub metadata: Metadata,
    /// Route of the pod spec.
    pub route: Route,
    /// Bytes of the pod spec.
    pub span: Span,
    /// The bytes to point at when something is missing in the spec: its key, or the object's head.
    pub head: Span,
    /// `hostNetwork`
    pub host_network: Field<bool>,
    /// `hostPID`
    pub host_pid: Field<bool>,
    /// `hostIPC`
    pub host_ipc: Field<bool>,
    /// `hostUsers`
    pub host_users: Field<bool>,
    /// `shareProcessNamespace`
    pub share_process_namespace: Field<bool>,
    /// `automountServiceAccountToken`
    pub automount_token: Field<bool>,
    /// `serviceAccountName`, else the old `serviceAccount`.
    pub service_account: Field<String>,
    /// `runtimeClassName`
    pub runtime_class: Field<String>,
    /// `os.name`
    pub os: Field<String>,
    /// `nodeName`
    pub node_name: Field<String>,
    /// `resources`, which the containers share. From Kubernetes 1.34 on; older versions drop it.
    pub resources: Resources,
    /// `hostAliases`; the value is how many.
    pub host_aliases: Field<usize>,
    /// `securityContext` of the pod.
    pub security: Rare<PodSecurity>,
    /// Init containers, then containers, then ephemeral containers: the order in which admission visits them.
    pub containers: Vec<Container>,
    /// `volumes`
    pub volumes: Vec<Volume>,
    /// `resourceClaims`; the value of each is its name.
    pub resource_claims: Vec<Named>,
    /// For look-ups by name.
    pub names: Names,
    /// Where its fields stand, for a pod that somebody else's kind spreads over fields of its own.
    pub frame: Option<Frame>,
    /// Everything in metadata and spec whose value has a type that the field does not take, whole lists, mappings and
    /// items of lists among them. The API server refuses such a pod; what stands there counts as unknown.
    pub unreadable: Vec<Unreadable>,
}

/// A field, a list, a mapping or an item that cannot be read as what it has to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// The field.
    pub route: Route,
    /// Where.
    pub site: Site,
}

/// What the object around a pod spec is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Carrier {
    /// A Pod itself.
    #[default]
    Pod,
    /// A built-in workload whose template admission looks at to warn and audit.
    Workload,
    /// Another kind that holds a pod template by its shape. Admission never looks at it.
    Custom,
}

/// Metadata of the pod itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Metadata {
    /// Where it is or would be.
    pub route: Route,
    /// `labels`
    pub labels: Vec<Pair>,
    /// `annotations`
    pub annotations: Vec<Pair>,
}

/// A name with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where.
    pub site: Site,
}

/// `securityContext` of a pod. Its [`Route`] is always `<spec>.securityContext`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PodSecurity {
    /// Where the mapping itself is written.
    pub site: Option<Site>,
    /// `runAsUser`
    pub run_as_user: Field<i64>,
    /// `runAsGroup`
    pub run_as_group: Field<i64>,
    /// `runAsNonRoot`
    pub run_as_non_root: Field<bool>,
    /// `fsGroup`
    pub fs_group: Field<i64>,
    /// `supplementalGroups`
    pub supplemental_groups: Vec<(i64, Site)>,
    /// `supplementalGroupsPolicy`
    pub groups_policy: Field<String>,
    /// `seccompProfile`
    pub seccomp: Field<Profile>,
    /// `appArmorProfile`
    pub apparmor: Field<Profile>,
    /// `seLinuxOptions`
    pub selinux: Field<SeLinux>,
    /// `sysctls`
    pub sysctls: Vec<Pair>,
    /// `windowsOptions`
    pub windows: Field<Windows>,
}

/// `seccompProfile` or `appArmorProfile`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Profile {
    /// `type`
    pub kind: Field<String>,
    /// `localhostProfile`
    pub localhost: Field<String>,
}

/// `seLinuxOptions`
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SeLinux {
    /// `user`
    pub user: Field<String>,
    /// `role`
    pub role: Field<String>,
    /// `type`
    pub kind: Field<String>,
    /// `level`
    pub level: Field<String>,
}

/// `windowsOptions`
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Windows {
    /// `hostProcess`
    pub host_process: Field<bool>,
    /// `runAsUserName`
    pub run_as_user_name: Field<String>,
}

/// Which of the three lists a container is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum ContainerList {
    /// `initContainers`, sidecars among them.
    Init,
    /// `containers`
    #[default]
    Regular,
    /// `ephemeralContainers`
    Ephemeral,
}

impl ContainerList {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Init => "initContainers",
            Self::Regular => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }
}

/// A container of a pod.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// `name`; empty when missing, as the API server would decode it.
    pub name: String,
    /// Its list.
    pub list: ContainerList,
    /// How its pod was written.
    pub syntax: Syntax,
    /// `restartPolicy: Always` on an init container.
    pub sidecar: bool,
    /// Where `restartPolicy` is written.
    pub restart: Option<Site>,
    /// Route of the container.
    pub route: Route,
    /// Bytes of the container.
    pub span: Span,
    /// The bytes to point at when something is missing: its name, or its first line.
    pub head: Span,
    /// `image`
    pub image: Field<String>,
    /// `imagePullPolicy`
    pub image_pull_policy: Field<String>,
    /// `command`, items that are text.
    pub command: Vec<Named>,
    /// `args`, items that are text.
    pub args: Vec<Named>,
    /// `workingDir`
    pub working_dir: Field<String>,
    /// `securityContext`
    pub security: Rare<ContainerSecurity>,
    /// `ports`
    pub ports: Vec<Port>,
    /// `volumeMounts`
    pub mounts: Vec<Mount>,
    /// `volumeDevices`; the name of each is its `devicePath`.
    pub devices: Vec<Named>,
    /// `env`
    pub env: Vec<EnvVar>,
    /// `envFrom`
    pub env_from: Vec<EnvFrom>,
    /// `resources`
    pub resources: Resources,
    /// Hosts named by probes and lifecycle handlers, in the order admission visits them.
    pub handler_hosts: Vec<HandlerHost>,
    /// `tty`
    pub tty: Field<bool>,
    /// `stdin`
    pub stdin: Field<bool>,
}

/// `securityContext` of a container. Its [`Route`] is always `<container>.securityContext`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ContainerSecurity {
    /// Where the mapping itself is written.
    pub site: Option<Site>,
    /// `privileged`
    pub privileged: Field<bool>,
    /// `allowPrivilegeEscalation`
    pub allow_privilege_escalation: Field<bool>,
    /// `readOnlyRootFilesystem`
    pub read_only_root: Field<bool>,
    /// `runAsUser`
    pub run_as_user: Field<i64>,
    /// `runAsGroup`
    pub run_as_group: Field<i64>,
    /// `runAsNonRoot`
    pub run_as_non_root: Field<bool>,
    /// `procMount`
    pub proc_mount: Field<String>,
    /// Where `capabilities` is written.
    pub capabilities: Option<Site>,
    /// `capabilities.add`, as written.
    pub capabilities_add: Vec<Named>,
    /// `capabilities.drop`, as written.
    pub capabilities_drop: Vec<Named>,
    /// What cannot be read in or around `capabilities.add`, so that more may be added.
    pub add_in_doubt: Option<Site>,
    /// What cannot be read in or around `capabilities.drop`, so that more may be dropped.
    pub drop_in_doubt: Option<Site>,
    /// `seccompProfile`
    pub seccomp: Field<Profile>,
    /// `appArmorProfile`
    pub apparmor: Field<Profile>,
    /// `seLinuxOptions`
    pub selinux: Field<SeLinux>,
    /// `windowsOptions`
    pub windows: Field<Windows>,
}

/// A port of a container.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Port {
    /// Place in the list.
    pub index: usize,
    /// `containerPort`
    pub container_port: Field<i64>,
    /// `hostPort`
    pub host_port: Field<i64>,
}

/// A mount of a volume.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Mount {
    /// Place in the list.
    pub index: usize,
    /// Bytes of the item.
    pub span: Span,
    /// `name` of the volume.
    pub volume: Field<String>,
    /// `mountPath`
    pub path: Field<String>,
    /// `readOnly`
    pub read_only: Field<bool>,
    /// `recursiveReadOnly`: whether that holds for what is mounted below the folder on the node, too. `Apart` where an engine
    /// leaves out what is mounted below.
    pub recursive_read_only: Field<String>,
    /// `subPath`
    pub sub_path: Field<String>,
    /// `subPathExpr`
    pub sub_path_expr: Field<String>,
    /// `mountPropagation`
    pub propagation: Field<String>,
}

/// A variable of the environment.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EnvVar {
    /// Place in the list.
    pub index: usize,
    /// `name`
    pub name: Field<String>,
    /// `value`
    pub value: Field<String>,
    /// `valueFrom.secretKeyRef`: the secret's name, empty when it has none.
    pub secret: Field<String>,
}

/// A whole set of variables.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EnvFrom {
    /// Place in the list.
    pub index: usize,
    /// `secretRef`: the secret's name, empty when it has none.
    pub secret: Field<String>,
}

/// `resources` of a container or of a pod, as written.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Resources {
    /// Where the mapping itself is written.
    pub site: Option<Site>,
    /// `limits`
    pub limits: Vec<Pair>,
    /// `requests`
    pub requests: Vec<Pair>,
    /// `claims`, by name.
    pub claims: Vec<Named>,
}

impl Resources {
    /// The limit of a resource such as `memory`.
    pub fn limit(&self, name: &str) -> Option<&Pair> {
        self.limits.iter().find(|pair| pair.name == name)
    }
}

/// A host that a probe or a lifecycle handler names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandlerHost {
    /// The field below the container: `livenessProbe.httpGet.host`.
    pub field: String,
    /// The host; never empty.
    pub host: String,
    /// Where.
    pub site: Site,
}

/// A volume of a pod.
#[derive(Clone, Debug, Default)]
pub struct Volume {
    /// Place in the list.
    pub index: usize,
    /// `name`; empty when missing.
    pub name: String,
    /// Route of the volume.
    pub route: Route,
    /// Bytes of the volume.
    pub span: Span,
    /// The bytes to point at: its name, or its first line.
    pub head: Span,
    /// The fields that are set beside `name`: the source, or several when somebody made a mistake. A null one is not
    /// set.
    pub sources: Vec<Named>,
    /// `hostPath.path`
    pub host_path: Field<HostPath>,
    /// `persistentVolumeClaim.claimName`
    pub claim: Field<String>,
    /// Whether `persistentVolumeClaim.readOnly` is true.
    pub claim_is_read_only: bool,
    /// Tokens of a `projected` volume: `expirationSeconds` of each `serviceAccountToken`.
    pub projected_tokens: Vec<(Field<i64>, Site)>,
    /// `secret.secretName`, and the secrets of a `projected` volume.
    pub secrets: Vec<Named>,
    /// `image.reference`
    pub image: Field<String>,
    /// `csi.driver`
    pub csi_driver: Field<String>,
    /// `flexVolume.driver`
    pub flex_driver: Field<String>,
}

/// `hostPath` of a volume.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HostPath {
    /// `path`
    pub path: Field<String>,
    /// `type`; `Device` for a device that the engine hands over, so that its control group lets it be opened;
    /// `ClosedDevice` for one that it lets nobody open.
    pub kind: Field<String>,
}

/// A Namespace.
#[derive(Clone, Debug, Default)]
pub struct Namespace {
    /// Index of its object in [`Objects::objects`]; its labels decide level and version.
    pub object: usize,
}

/// A ServiceAccount.
#[derive(Clone, Debug, Default)]
pub struct ServiceAccount {
    /// Index of its object in [`Objects::objects`].
    pub object: usize,
    /// `automountServiceAccountToken`
    pub automount_token: Field<bool>,
}

/// A PersistentVolume.
#[derive(Clone, Debug, Default)]
pub struct PersistentVolume {
    /// Index of its object in [`Objects::objects`].
    pub object: usize,
    /// `spec.hostPath`
    pub host_path: Field<HostPath>,
    /// `spec.local.path`
    pub local_path: Field<String>,
    /// `spec.claimRef.name`
    pub claim: Field<String>,
    /// `spec.claimRef.namespace`
    pub claim_namespace: Field<String>,
}

/// A PersistentVolumeClaim.
#[derive(Clone, Debug, Default)]
pub struct PersistentVolumeClaim {
    /// Index of its object in [`Objects::objects`].
    pub object: usize,
    /// `spec.volumeName`: the volume that it is bound to, or asks for.
    pub volume_name: Field<String>,
}

/// A RuntimeClass.
#[derive(Clone, Debug, Default)]
pub struct RuntimeClass {
    /// Index of its object in [`Objects::objects`].
    pub object: usize,
    /// `handler`: what the container runtime of the node calls the configuration.
    pub handler: Field<String>,
}

impl Pod {
    /// Whether the pod says that it runs on Windows.
    pub fn is_windows(&self) -> bool {
        self.os.text() == Some("windows")
    }

    /// What cannot be read at a route, around it or in it. Where there is something, what is missing there proves nothing.
    pub fn doubt(&self, route: &Route) -> Option<&Unreadable> {
        self.unreadable.iter().find(|place| place.route.contains(route) || route.contains(&place.route))
    }
}
