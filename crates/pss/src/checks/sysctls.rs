//! `sysctls`: only those that act inside the pod. The list grows with the versions.

use crate::look::{Fault, Look};
use crate::registry::{Check, Looked, Revision};

pub(crate) static CHECK: Check = Check {
    id: "sysctls",
    revisions: &[
        Revision { since: 0, overrides: &[], run: |look| check(look, 0) },
        Revision { since: 27, overrides: &[], run: |look| check(look, 27) },
        Revision { since: 29, overrides: &[], run: |look| check(look, 29) },
        Revision { since: 32, overrides: &[], run: |look| check(look, 32) },
        Revision { since: 37, overrides: &[], run: |look| check(look, 37) },
    ],
    looks_at: &[Looked::Pod("securityContext.sysctls.*.name")],
};

/// The name, and the minor version from which it counts as safe.
const SAFE: [(&str, u32); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// Names are told as they stand: neither sorted nor quoted, repetitions kept.
fn check(look: &Look<'_>, minor: u32) -> Option<Fault> {
    let safe = |name: &str| SAFE.iter().any(|&(known, since)| known == name && since <= minor);
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for sysctl in look.pod.security.sysctls.iter().filter(|sysctl| !safe(&sysctl.name)) {
        names.push(sysctl.name.as_str());
        places.push(look.in_pod_security(Some(sysctl.site), "sysctls"));
    }
    (!names.is_empty()).then(|| Fault { reason: "forbidden sysctls", detail: names.join(", "), places })
}
