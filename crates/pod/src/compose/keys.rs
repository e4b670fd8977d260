//! The keys of compose files. Source: `compose-spec.json` of the Compose Specification.

/// At the top of a file.
pub(super) const FILE: &str = "version name services networks volumes configs secrets include models";

/// Of a service.
pub(super) const SERVICE: &str = "annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command \
    configs container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset \
    credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint \
    env_file environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc \
    isolation label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models \
    network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop privileged \
    profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets security_opt shm_size \
    stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts \
    volumes volumes_from volume_driver working_dir net";

/// Whether a key is in a list, or one that anybody may add.
pub(super) fn is_known(known: &str, key: &str) -> bool {
    key == "<<" || key.starts_with("x-") || known.split_ascii_whitespace().any(|known| known == key)
}
