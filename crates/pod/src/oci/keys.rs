//! The keys of OCI configurations, and what every container has. Source: `specs-go/config.go` of runtime-spec.

/// The mappings whose keys are looked at, with what they may hold.
pub(super) const KNOWN: [(&str, &str); 5] = [
    ("", "ociVersion process root hostname domainname mounts hooks annotations linux solaris windows vm zos freebsd"),
    (
        "process",
        "terminal consoleSize user args commandLine env cwd capabilities rlimits noNewPrivileges apparmorProfile \
         oomScoreAdj scheduler selinuxLabel ioPriority execCPUAffinity",
    ),
    ("process.capabilities", "bounding effective inheritable permitted ambient"),
    ("root", "path readonly"),
    (
        "linux",
        "uidMappings gidMappings sysctl resources cgroupsPath namespaces devices netDevices seccomp rootfsPropagation \
         maskedPaths readonlyPaths mountLabel intelRdt personality timeOffsets memoryPolicy",
    ),
];

/// The lists of capabilities.
pub(super) const CAPABILITIES: [&str; 5] = ["bounding", "effective", "inheritable", "permitted", "ambient"];

/// What runtimes hide.
pub(super) const MASKED: &str = "/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats \
    /proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats /sys/devices/virtual/powercap /sys/firmware";

/// What runtimes let be read only.
pub(super) const READ_ONLY: &str = "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger";

/// Devices that every container has anyway.
pub(super) fn is_usual_device(path: &str) -> bool {
    const USUAL: &str = "/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/console /dev/ptmx";
    USUAL.split_ascii_whitespace().any(|usual| usual == path)
}
