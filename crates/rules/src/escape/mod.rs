//! Ways out of the container, and pieces of them.

mod apparmor_unconfined;
mod capability_beyond_baseline;
mod dangerous_capability;
mod device_request;
mod flex_volume;
mod git_repo_volume;
mod host_device_mount;
mod host_ipc;
mod host_log_mount;
mod host_network;
mod host_path_mount;
mod host_pid;
mod host_port;
mod host_probe_target;
mod host_proc_mount;
mod host_root_mount;
mod host_sensitive_path;
mod host_sys_mount;
mod host_user_namespace;
mod long_lived_token;
mod mount_propagation;
mod open_device_rules;
mod persistent_volume_host_path;
mod privileged;
mod proc_mount_unmasked;
mod raw_block_volume;
mod runtime_annotation;
mod runtime_socket_mount;
mod seccomp_unconfined;
mod selinux_custom;
mod share_process_namespace;
mod sub_path_mount;
mod unsafe_sysctl;
mod windows_host_process;
mod working_dir_through_descriptor;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[
    &apparmor_unconfined::APPARMOR_UNCONFINED,
    &capability_beyond_baseline::CAPABILITY_BEYOND_BASELINE,
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
    &open_device_rules::OPEN_DEVICE_RULES,
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
    &working_dir_through_descriptor::WORKING_DIR_THROUGH_DESCRIPTOR,
];
