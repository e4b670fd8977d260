//! The profile that each runtime gives to containers that ask for none: what `RuntimeDefault` means on a node.
//!
//! The rules are facts of the runtimes' own templates; the wording of the texts is ours. Sources: `moby/profiles`
//! `apparmor/template.go` with moby 39792 (slashes), GHSA-jq35-85cj-fj4p (powercap), moby 47749 (signals); containerd
//! `contrib/apparmor/template.go` with 12904, GHSA-7ww5-4wqc-m92c, 10123; `containers/container-libs`
//! `common/pkg/apparmor` with containers/common 2004; CRI-O uses the last one under its own name.

use watertight_diagnostic::{Release, Runtime};

/// The profile of a runtime, from one version on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edition {
    /// Whose it is.
    pub runtime: Runtime,
    /// The first version with it; the last edition before a version is the one that holds.
    pub since: Release,
    /// The profile's name.
    pub name: &'static str,
    parts: &'static [Part],
}

/// What sets editions apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// The variables and the abstraction of the node are included.
    Abstractions,
    /// Signals of a confined runc or crun are let in.
    RuntimeSignals,
    /// Signals of a confined runc, crun or Podman are let in, wherever they lie.
    EngineSignals,
    /// The classes under `/proc` cannot match a slash.
    Slashes,
    /// Power figures are closed.
    Powercap,
    /// The kernel's crypto sockets are closed.
    NoCrypto,
    /// The task may be traced from within, too.
    TracedBy,
}

use Part::{Abstractions, EngineSignals, NoCrypto, Powercap, RuntimeSignals, Slashes, TracedBy};

/// Every edition that is known, for each runtime the oldest first.
pub static EDITIONS: &[Edition] = &[
    docker(Release::new(17, 6), &[Abstractions, TracedBy]),
    docker(Release::new(20, 10), &[Abstractions, TracedBy, Slashes]),
    docker(Release::patch(24, 0, 7), &[Abstractions, TracedBy, Slashes, Powercap]),
    docker(Release::patch(26, 1, 3), &[Abstractions, TracedBy, Slashes, Powercap, RuntimeSignals]),
    docker(Release::new(29, 5), &[Abstractions, TracedBy, Slashes, Powercap, RuntimeSignals, NoCrypto]),
    containerd(Release::new(1, 0), &[Abstractions, TracedBy]),
    containerd(Release::patch(1, 7, 11), &[Abstractions, TracedBy, Powercap]),
    containerd(Release::patch(1, 7, 17), &[Abstractions, TracedBy, Powercap, RuntimeSignals]),
    containerd(Release::new(2, 3), &[Abstractions, TracedBy, Powercap, RuntimeSignals, Slashes]),
    common(Runtime::CriO, Release::new(1, 21), "crio-default", &[Abstractions]),
    common(Runtime::CriO, Release::new(1, 31), "crio-default", &[Abstractions, EngineSignals]),
    common(Runtime::Podman, Release::new(3, 0), "containers-default", &[Abstractions]),
    common(Runtime::Podman, Release::new(5, 1), "containers-default", &[Abstractions, EngineSignals]),
];

const fn docker(since: Release, parts: &'static [Part]) -> Edition {
    Edition { runtime: Runtime::Docker, since, name: "docker-default", parts }
}

const fn containerd(since: Release, parts: &'static [Part]) -> Edition {
    Edition { runtime: Runtime::Containerd, since, name: "cri-containerd.apparmor.d", parts }
}

const fn common(runtime: Runtime, since: Release, name: &'static str, parts: &'static [Part]) -> Edition {
    Edition { runtime, since, name, parts }
}

/// The editions that a runtime may have: one when its version is given, all of them when it is not.
pub fn of(runtime: Runtime, version: Option<Release>) -> Vec<&'static Edition> {
    let mut own = EDITIONS.iter().filter(|edition| edition.runtime == runtime);
    match version {
        None => own.collect(),
        Some(version) => own.rfind(|edition| edition.since <= version).into_iter().collect(),
    }
}

/// The newest edition of a runtime.
pub fn newest(runtime: Runtime) -> Option<&'static Edition> {
    EDITIONS.iter().rfind(|edition| edition.runtime == runtime)
}

/// Whether a profile of that name is some runtime's default.
pub fn is_default_name(name: &str) -> bool {
    name.starts_with("containers-default-") || EDITIONS.iter().any(|edition| edition.name == name)
}

impl Edition {
    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    /// The profile as a text.
    pub fn text(&self) -> String {
        let mut out =
            String::from(if self.has(Abstractions) { "include <tunables/global>\n\n" } else { "@{PROC} = /proc/\n\n" });
        let mut line = |parts: &[&str]| {
            for part in parts {
                out.push_str(part);
            }
            out.push('\n');
        };
        line(&["profile ", self.name, " flags=(attach_disconnected,mediate_deleted) {"]);
        if self.has(Abstractions) {
            line(&["  include <abstractions/base>"]);
        }
        line(&["  network,\n  capability,\n  file,\n  umount,"]);
        if self.has(NoCrypto) {
            line(&["  deny network alg,"]);
        }
        line(&["  signal (receive) peer=unconfined,"]);
        if self.has(RuntimeSignals) {
            line(&["  signal (receive) peer=runc,\n  signal (receive) peer=crun,"]);
        }
        if self.has(EngineSignals) {
            for peer in ["runc", "crun*", "podman"] {
                line(&["  signal (receive) peer={/usr/bin/,/usr/sbin/,}", peer, ","]);
            }
        }
        line(&["  signal (send,receive) peer=", self.name, ","]);
        line(&["  deny mount,"]);
        line(&["  deny @{PROC}/* w,"]);
        let slash = if self.has(Slashes) { "/" } else { "" };
        line(&[
            "  deny @{PROC}/{[^1-9",
            slash,
            "],[^1-9",
            slash,
            "][^0-9",
            slash,
            "],[^1-9s",
            slash,
            "][^0-9y",
            slash,
            "][^0-9s",
            slash,
            "],[^1-9",
            slash,
            "][^0-9",
            slash,
            "][^0-9",
            slash,
            "][^0-9",
            slash,
            "]*}/** w,",
        ]);
        for deny in PROC {
            line(&["  deny @{PROC}/", deny, ","]);
        }
        for deny in SYS {
            line(&["  deny /sys/", deny, ","]);
        }
        if self.has(Powercap) {
            line(&["  deny /sys/devices/virtual/powercap/** rwklx,"]);
        }
        let trace = if self.has(TracedBy) { "(trace,read,tracedby,readby)" } else { "(trace,read)" };
        line(&["  ptrace ", trace, " peer=", self.name, ","]);
        line(&["}"]);
        out
    }
}

/// What is denied below `/proc`, beside the two rules whose classes differ.
const PROC: &[&str] = &["sys/[^k]** w", "sys/kernel/{?,??,[^s][^h][^m]**} w", "sysrq-trigger rwklx", "kcore rwklx"];

/// What is denied below `/sys`.
const SYS: &[&str] = &[
    "[^f]*/** wklx",
    "f[^s]*/** wklx",
    "fs/[^c]*/** wklx",
    "fs/c[^g]*/** wklx",
    "fs/cg[^r]*/** wklx",
    "firmware/** rwklx",
    "kernel/security/** rwklx",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::Compiled;
    use crate::resolve;
    use crate::shipped::Shipped;

    fn writable(edition: &Edition, path: &str) -> bool {
        let resolved = resolve(&edition.text(), &Shipped);
        assert_eq!(resolved.refusals, [], "{}", edition.text());
        let profile = resolved.policy.find(edition.name).unwrap();
        assert_eq!(profile.unknown, []);
        let perms = Compiled::new(&resolved.policy, profile).file_perms(path, true);
        perms.allowed.has(crate::tree::Perms::WRITE)
    }

    #[test]
    fn every_edition_is_a_profile() {
        for edition in EDITIONS {
            assert!(writable(edition, "/tmp/a"), "{edition:?}");
            assert!(!writable(edition, "/proc/sys/kernel/core_pattern"), "{edition:?}");
            assert!(!writable(edition, "/proc/sysrq-trigger"), "{edition:?}");
        }
    }

    #[test]
    fn the_hole_came_with_the_slashes() {
        for edition in EDITIONS {
            assert_eq!(writable(edition, "/proc/sys/kernel/sysrq"), edition.has(Slashes), "{edition:?}");
        }
    }

    #[test]
    fn editions_by_version() {
        let one = |runtime, version| of(runtime, Some(version)).first().map(|edition| edition.since);
        assert_eq!(one(Runtime::Docker, Release::new(24, 0)), Some(Release::new(20, 10)));
        assert_eq!(one(Runtime::Docker, Release::new(30, 0)), Some(Release::new(29, 5)));
        assert_eq!(one(Runtime::Containerd, Release::new(2, 1)), Some(Release::patch(1, 7, 17)));
        assert_eq!(one(Runtime::Docker, Release::new(1, 0)), None);
        assert_eq!(of(Runtime::Podman, None).len(), 2);
    }
}
