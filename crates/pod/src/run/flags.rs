//! The options of `docker run`, and those that Podman and nerdctl have besides.
//!
//! Sources: `cli/command/container/opts.go` and `create.go` of docker/cli; podman-run(1); nerdctl's command reference.

use crate::Engine;

/// An option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Flag {
    /// Its long name without the dashes.
    pub(crate) name: &'static str,
    /// Whether a value follows.
    pub(crate) takes_value: bool,
}

/// Options that take a value, all programs together.
const WITH_VALUE: &str = "add-host annotation attach authfile blkio-weight blkio-weight-device cap-add cap-drop \
    cert-dir cgroup-conf cgroup-parent cgroupns cgroups chrootdirs cidfile conmon-pidfile cosign-key cpu-count \
    cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems creds \
    decryption-key detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps \
    device-write-iops dns dns-opt dns-option dns-search domainname entrypoint env env-file env-merge expose gidmap gpus \
    group-add group-entry health-cmd health-interval health-log-destination health-max-log-count health-max-log-size \
    health-on-failure health-retries health-start-interval health-start-period health-startup-cmd \
    health-startup-interval health-startup-retries health-startup-success health-startup-timeout health-timeout \
    hostname hosts-file hostuser image-volume init-ctr init-path io-maxbandwidth io-maxiops ip ip6 ipc ipfs-address \
    isolation kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory \
    memory-reservation memory-swap memory-swappiness mount name net net-alias network network-alias oom-score-adj os \
    passwd-entry personality pid pidfile pids-limit platform pod pod-id-file preserve-fd preserve-fds publish pull \
    rdt-class requires restart retry retry-delay runtime sdnotify seccomp-policy secret security-opt shm-size \
    shm-size-systemd snapshotter stop-signal stop-timeout storage-opt subgidname subuidname sysctl systemd timeout tmpfs \
    tz uidmap ulimit umask unsetenv user userns uts variant verify volume volume-driver volumes-from workdir arch";

/// Options that are on by being there.
const SWITCHES: &str = "detach disable-content-trust env-host help http-proxy init interactive no-healthcheck \
    no-hostname no-hosts oom-kill-disable passwd privileged publish-all quiet read-only read-only-tmpfs replace rm rmi \
    rootfs sig-proxy tls-verify tty unsetenv-all use-api-socket";

/// The short options: letter and name.
const SHORT: [(char, &str); 15] = [
    ('a', "attach"),
    ('c', "cpu-shares"),
    ('d', "detach"),
    ('e', "env"),
    ('h', "hostname"),
    ('i', "interactive"),
    ('l', "label"),
    ('m', "memory"),
    ('p', "publish"),
    ('P', "publish-all"),
    ('q', "quiet"),
    ('t', "tty"),
    ('u', "user"),
    ('v', "volume"),
    ('w', "workdir"),
];

/// Options that only Podman has, as far as they touch isolation: Docker stops at them.
const PODMAN_ONLY: &str = "arch authfile cert-dir cgroup-conf cgroups chrootdirs conmon-pidfile creds decryption-key env-host \
    env-merge gidmap group-entry health-log-destination health-max-log-count health-max-log-size health-on-failure \
    health-startup-cmd health-startup-interval health-startup-retries health-startup-success health-startup-timeout \
    hosts-file hostuser http-proxy image-volume init-ctr init-path no-hostname no-hosts os passwd passwd-entry \
    personality pidfile pod pod-id-file preserve-fd preserve-fds rdt-class read-only-tmpfs replace requires retry \
    retry-delay rmi rootfs sdnotify seccomp-policy secret shm-size-systemd subgidname subuidname systemd timeout \
    tls-verify tz uidmap umask unsetenv unsetenv-all variant";

/// The options of a program before its command that take a value.
const GLOBAL_WITH_VALUE: &str = "H host c context config l log-level tlscacert tlscert tlskey n namespace a address \
    cgroup-manager conmon connection events-backend hooks-dir identity imagestore module network-cmd-path \
    network-config-dir out root runroot runtime runtime-flag ssh storage-driver storage-opt tmpdir url volumepath snapshotter \
    data-root cni-path cni-netconfpath hosts-dir";

/// The option of that long name.
pub(crate) fn long(name: &str, engine: Engine) -> Option<Flag> {
    let takes_value = |name: &&str| WITH_VALUE.split_ascii_whitespace().any(|known| known == *name);
    let known = all().find(|known| *known == name).filter(|name| is_of(name, engine))?;
    Some(Flag { name: known, takes_value: takes_value(&known) })
}

/// The option of that letter.
pub(crate) fn short(letter: char, engine: Engine) -> Option<Flag> {
    let (_, name) = SHORT.iter().find(|(known, _)| *known == letter)?;
    long(name, engine)
}

/// Whether an option before the command takes a value.
pub(crate) fn is_global_with_value(name: &str) -> bool {
    GLOBAL_WITH_VALUE.split_ascii_whitespace().any(|known| known == name)
}

/// The option that was probably meant.
pub(crate) fn meant(name: &str, engine: Engine) -> Option<&'static str> {
    let known = || all().filter(|name| is_of(name, engine));
    let bare = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    let wanted = bare(name);
    known().find(|known| bare(known) == wanted).or_else(|| crate::meant::closest_of(name, known()))
}

fn all() -> impl Iterator<Item = &'static str> {
    WITH_VALUE.split_ascii_whitespace().chain(SWITCHES.split_ascii_whitespace())
}

fn is_of(name: &str, engine: Engine) -> bool {
    engine != Engine::Docker || !PODMAN_ONLY.split_ascii_whitespace().any(|only| only == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_each_program() {
        for (name, engine, expected) in [
            ("privileged", Engine::Docker, Some(false)),
            ("cap-add", Engine::Docker, Some(true)),
            ("read-only-tmpfs", Engine::Docker, None),
            ("read-only-tmpfs", Engine::Podman, Some(false)),
            ("umask", Engine::Podman, Some(true)),
            ("nothing", Engine::Podman, None),
        ] {
            assert_eq!(long(name, engine).map(|flag| flag.takes_value), expected, "{name}");
        }
        assert_eq!(short('v', Engine::Docker).map(|flag| flag.name), Some("volume"));
        assert_eq!(short('x', Engine::Docker), None);
    }

    #[test]
    fn what_was_meant() {
        for (name, expected) in [
            ("priviledged", Some("privileged")),
            ("readonly", Some("read-only")),
            ("cap_add", Some("cap-add")),
            ("security-opts", Some("security-opt")),
            ("volumes", Some("volume")),
            ("somethingelse", None),
        ] {
            assert_eq!(meant(name, Engine::Docker), expected, "{name}");
        }
    }
}
