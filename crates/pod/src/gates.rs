//! The minor versions of Kubernetes from which a feature counts without being asked for.
//!
//! Source: `pkg/features/kube_features.go`, the first version whose default is on.

/// `UserNamespacesSupport`: `hostUsers: false` gives the pod a user namespace.
pub const USER_NAMESPACES: u32 = 33;
/// `ProcMountType`: `procMount: Unmasked` is taken.
pub const PROC_MOUNT: u32 = 33;
/// `PodLevelResources`: `resources` of the whole pod.
pub const POD_RESOURCES: u32 = 34;
/// `SupplementalGroupsPolicy`: groups of the image can be left out.
pub const GROUPS_POLICY: u32 = 33;
/// `AppArmorFields`: the profile is a field, no longer an annotation.
pub const APPARMOR_FIELDS: u32 = 30;
/// `SidecarContainers`: init containers that stay.
pub const SIDECARS: u32 = 29;
/// `IdentifyPodOS`: `os.name`.
pub const POD_OS: u32 = 24;
/// `WindowsHostProcessContainers`: `hostProcess`.
pub const HOST_PROCESS: u32 = 23;
