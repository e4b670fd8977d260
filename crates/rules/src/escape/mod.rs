//! Ways out of the container, and pieces of them.

pub(crate) mod apparmor_unconfined;
pub(crate) mod capability_added;
pub(crate) mod dangerous_capability;
pub(crate) mod device_request;
pub(crate) mod flex_volume;
pub(crate) mod git_repo_volume;
pub(crate) mod host_device_mount;
pub(crate) mod host_ipc;
pub(crate) mod host_log_mount;
pub(crate) mod host_network;
pub(crate) mod host_path_mount;
pub(crate) mod host_pid;
pub(crate) mod host_port;
pub(crate) mod host_probe_target;
pub(crate) mod host_proc_mount;
pub(crate) mod host_root_mount;
pub(crate) mod host_sensitive_path;
pub(crate) mod host_sys_mount;
pub(crate) mod host_user_namespace;
pub(crate) mod long_lived_token;
pub(crate) mod mount_propagation;
pub(crate) mod persistent_volume_host_path;
pub(crate) mod privileged;
pub(crate) mod proc_mount_unmasked;
pub(crate) mod raw_block_volume;
pub(crate) mod runtime_annotation;
pub(crate) mod runtime_socket_mount;
pub(crate) mod seccomp_unconfined;
pub(crate) mod selinux_custom;
pub(crate) mod share_process_namespace;
pub(crate) mod sub_path_mount;
pub(crate) mod unsafe_sysctl;
pub(crate) mod windows_host_process;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[
    &apparmor_unconfined::APPARMOR_UNCONFINED,
    &capability_added::CAPABILITY_ADDED,
    &dangerous_capability::DANGEROUS_CAPABILITY,
    &device_request::DEVICE_REQUEST,
    &flex_volume::FLEX_VOLUME,
    &git_repo_volume::GIT_REPO_VOLUME,
    &host_device_mount::HOST_DEVICE_MOUNT,
    &host_ipc::HOST_IPC,
    &host_log_mount::HOST_LOG_MOUNT,
    &host_network::HOST_NETWORK,
    &host_path_mount::HOST_PATH_MOUNT,
    &host_pid::HOST_PID,
    &host_port::HOST_PORT,
    &host_probe_target::HOST_PROBE_TARGET,
    &host_proc_mount::HOST_PROC_MOUNT,
    &host_root_mount::HOST_ROOT_MOUNT,
    &host_sensitive_path::HOST_SENSITIVE_PATH,
    &host_sys_mount::HOST_SYS_MOUNT,
    &host_user_namespace::HOST_USER_NAMESPACE,
    &long_lived_token::LONG_LIVED_TOKEN,
    &mount_propagation::MOUNT_PROPAGATION,
    &persistent_volume_host_path::PERSISTENT_VOLUME_HOST_PATH,
    &privileged::PRIVILEGED,
    &proc_mount_unmasked::PROC_MOUNT_UNMASKED,
    &raw_block_volume::RAW_BLOCK_VOLUME,
    &runtime_annotation::RUNTIME_ANNOTATION,
    &runtime_socket_mount::RUNTIME_SOCKET_MOUNT,
    &seccomp_unconfined::SECCOMP_UNCONFINED,
    &selinux_custom::SELINUX_CUSTOM,
    &share_process_namespace::SHARE_PROCESS_NAMESPACE,
    &sub_path_mount::SUB_PATH_MOUNT,
    &unsafe_sysctl::UNSAFE_SYSCTL,
    &windows_host_process::WINDOWS_HOST_PROCESS,
];
