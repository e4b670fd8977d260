//! What `RuntimeDefault` stands for: the profiles that the runtimes bring along, by version.
//!
//! Two small texts, an entry a line: gates (`+` a capability is there, `-` it is not, `@` and `!` architectures, `>` the
//! kernel is at least this one), the action, conditions with values in hexadecimal, and behind the colon the names.
//!
//! - `moby.txt`: Docker's, which containerd follows (moby/profiles `seccomp/default.json`, containerd
//!   `contrib/seccomp/seccomp_default.go`, as of August 2026). What came and went with versions is in [`Edition`]. Calls
//!   newer than a runtime are allowed here and not there; none of them leads anywhere.
//! - `common.txt`: Podman's and CRI-O's (containers/container-libs `common/pkg/seccomp/seccomp.json`, the same time). CRI-O
//!   takes `unshare` out of it, and newer versions `clone` with namespaces and `clone3` too (`internal/config/seccomp`).

use watertight_diagnostic::{Release, Route, Runtime};
use watertight_text::Span;

use crate::profile::{ArchMap, Arg, Entry, Gate, Profile, Written};
use crate::{Arch, Filter, Op, Reader, Refusal, Target};

/// A default profile as a range of versions of a runtime has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edition {
    runtime: Runtime,
    /// io_uring is allowed: containerd 1.4 to 1.7, Docker 20.10 to 24 (moby 39415 and 46762, containerd 4493 and 9320).
    io_uring: bool,
    /// Sockets of the family AF_VSOCK are denied: containerd since 1.7, Docker since 23.0 and with later 20.10 (moby 44562,
    /// containerd 7510).
    no_vsock: bool,
    /// Sockets of the family AF_ALG are denied: since May 2026 (moby 52494, containerd 13327).
    no_alg: bool,
    /// CRI-O keeps `clone` from making namespaces.
    no_namespaces: bool,
}

/// The editions that a version may have: one where the version tells, else the laxest and the strictest.
pub fn of(runtime: Runtime, version: Option<Release>) -> Vec<Edition> {
    let ends = |no_earlier: Release, no_later: Release| match version {
        Some(version) if version >= no_later => (true, true),
        Some(version) if version < no_earlier => (false, false),
        _ => (false, true),
    };
    let is_before = |release: Release| match version {
        Some(version) => (version < release, version < release),
        None => (true, false),
    };
    let (io_uring, vsock, alg, clone) = match runtime {
        Runtime::Containerd => (
            is_before(Release::new(2, 0)),
            ends(Release::new(1, 6), Release::new(1, 7)),
            ends(Release::new(1, 7), Release::new(2, 4)),
            (false, false),
        ),
        Runtime::Docker => (
            is_before(Release::new(25, 0)),
            ends(Release::new(20, 10), Release::new(23, 0)),
            ends(Release::new(25, 0), Release::new(30, 0)),
            (false, false),
        ),
        Runtime::CriO => ((false, false), (true, true), (false, false), (false, true)),
        Runtime::Podman => ((false, false), (true, true), (false, false), (false, false)),
    };
    let lax = Edition { runtime, io_uring: io_uring.0, no_vsock: vsock.0, no_alg: alg.0, no_namespaces: clone.0 };
    let strict = Edition { runtime, io_uring: io_uring.1, no_vsock: vsock.1, no_alg: alg.1, no_namespaces: clone.1 };
    if lax == strict { vec![strict] } else { vec![lax, strict] }
}

const MOBY: &str = include_str!("moby.txt");
const COMMON: &str = include_str!("common.txt");

impl Edition {
    /// What a container with these capabilities runs under.
    ///
    /// # Errors
    ///
    /// None for the profiles that are here; a test reads them all.
    pub fn filter(self, target: &Target<'_>) -> Result<Option<Filter>, Refusal> {
        self.profile().as_read_by(self.reader(), target)
    }

    /// Who reads it.
    pub fn reader(self) -> Reader {
        if self.is_common() { Reader::ContainersCommon } else { Reader::Docker }
    }

    fn is_common(self) -> bool {
        matches!(self.runtime, Runtime::CriO | Runtime::Podman)
    }

    fn profile(self) -> Profile {
        let text = if self.is_common() { COMMON } else { MOBY };
        let mut entries: Vec<Entry> = text.lines().filter_map(entry).collect();
        let mut more = |lines: &[&'static str]| entries.extend(lines.iter().filter_map(|line| entry(line)));
        if !self.is_common() {
            more(match (self.no_vsock, self.no_alg) {
                (true, true) => &["ALLOW a0<26: socket", "ALLOW a0==27: socket", "ALLOW a0>28: socket"],
                (true, false) => &["ALLOW a0!=28: socket"],
                (false, true) => &["ALLOW a0!=26: socket"],
                (false, false) => &["ALLOW: socket"],
            });
            if self.io_uring {
                more(&["ALLOW: io_uring_enter io_uring_register io_uring_setup"]);
            }
        }
        if self.runtime == Runtime::CriO {
            let (gone, kept): (&[&str], &[&'static str]) = if self.no_namespaces {
                let kept = &[
                    "+SYS_ADMIN ALLOW: clone clone3 unshare",
                    "-SYS_ADMIN !s390,s390x ALLOW a0&7e020000==0: clone",
                    "-SYS_ADMIN @s390,s390x ALLOW a1&7e020000==0: clone",
                    "-SYS_ADMIN ERRNO=38: clone3",
                ];
                (&["clone", "clone3", "unshare"], kept)
            } else {
                (&["unshare"], &["+SYS_ADMIN ALLOW: unshare"])
            };
            entries.iter_mut().for_each(|entry| entry.names.retain(|name| !gone.contains(&name.value.as_str())));
            entries.extend(kept.iter().filter_map(|line| entry(line)));
        }
        // Anything else fails with ENOSYS in containers-common, and with EPERM in Docker's.
        Profile {
            default_action: Some(word("SCMP_ACT_ERRNO")),
            default_errno_ret: Some(written(if self.is_common() { 38 } else { 1 })),
            arch_map: Arch::all().filter(|arch| arch.go_name().is_some()).map(map).collect(),
            entries,
            ..Profile::default()
        }
    }
}

fn map(arch: Arch) -> ArchMap {
    let name = |arch: &Arch| word(&["SCMP_ARCH_", arch.scmp_suffix()].concat());
    ArchMap { architecture: Some(name(&arch)), sub_architectures: arch.companions().iter().map(name).collect() }
}

fn entry(line: &'static str) -> Option<Entry> {
    let (head, names) = line.split_once(": ")?;
    let mut entry = Entry { names: names.split(' ').map(word).collect(), ..Entry::default() };
    for part in head.split(' ') {
        let (sign, rest) = part.split_at_checked(1)?;
        let list = || rest.split(',').map(word).collect();
        let gate: &mut Gate = if matches!(sign, "-" | "!") { &mut entry.excludes } else { &mut entry.includes };
        match sign {
            "+" | "-" => gate.caps.push(word(&["CAP_", rest].concat())),
            "@" | "!" => gate.arches = list(),
            ">" => gate.min_kernel = Some(word(rest)),
            "a" => entry.args.push(arg(rest)?),
            _ => {
                let (action, errno) = part.split_once('=').unwrap_or((part, ""));
                entry.action = Some(word(&["SCMP_ACT_", action].concat()));
                entry.errno_ret = errno.parse().ok().map(written);
            }
        }
    }
    Some(entry)
}

/// `0&7e020000==0`: argument 0 under a mask.
fn arg(text: &str) -> Option<Arg> {
    let (index, rest) = text.split_at_checked(1)?;
    let number = |text: &str| u64::from_str_radix(text, 16).ok();
    let signs = [("==", Op::Eq), ("!=", Op::Ne), ("<", Op::Lt), (">", Op::Gt)];
    let (op, value, value_two) = match rest.strip_prefix('&').and_then(|rest| rest.split_once("==")) {
        Some((mask, value)) => (Op::MaskedEq, number(mask)?, number(value)?),
        None => {
            let (sign, op) = signs.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
            (op, number(rest.strip_prefix(sign)?)?, 0)
        }
    };
    Some(Arg { index: index.parse().ok()?, value, value_two, op: Some(word(op.scmp_name())), ..Arg::default() })
}

fn word(text: &str) -> Written<String> {
    written(text.to_owned())
}

/// It stands in no text that a user has.
fn written<T>(value: T) -> Written<T> {
    Written { value, span: Span::default(), route: Route::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decider, Syscall};

    #[test]
    fn every_line_is_read() {
        for line in MOBY.lines().chain(COMMON.lines()) {
            let entry = entry(line).unwrap_or_else(|| panic!("{line}"));
            assert!(entry.action.is_some(), "{line}");
            for name in &entry.names {
                // Two names of calls that other architectures have under another name, and one that never was.
                let known =
                    Syscall::from_name(&name.value).is_some() || ["getsid", "signal"].contains(&name.value.as_str());
                assert!(known, "{}", name.value);
            }
        }
        for runtime in Runtime::ALL {
            for edition in of(runtime, None) {
                for arch in [Arch::X86_64, Arch::Aarch64, Arch::S390x, Arch::Riscv64] {
                    assert!(edition.filter(&Target { arch, caps: &[], kernel: (6, 6) }).unwrap().is_some());
                }
            }
        }
    }

    /// For each edition whether a call passes, without capabilities.
    #[track_caller]
    fn check(runtime: Runtime, version: Option<&str>, call: &str, args: &[u64], expected: &[bool]) {
        let version = version.map(|version| version.parse().unwrap());
        let mut six = [0; 6];
        six.iter_mut().zip(args).for_each(|(slot, value)| *slot = *value);
        let passes = |edition: Edition| {
            let target = Target { arch: Arch::X86_64, caps: &[], kernel: (6, 6) };
            let filter = edition.filter(&target).unwrap().unwrap();
            let number = Syscall::from_name(call).unwrap().number(Arch::X86_64).unwrap();
            Decider::new(&filter).decide(Arch::X86_64, number, &six).action.lets_pass()
        };
        let found: Vec<bool> = of(runtime, version).into_iter().map(passes).collect();
        assert_eq!(found, expected, "{runtime:?} {version:?} {call}");
    }

    #[test]
    fn what_changed_when() {
        use Runtime::{Containerd, CriO, Docker, Podman};
        check(Containerd, Some("1.7.27"), "io_uring_setup", &[], &[true, true]);
        check(Containerd, Some("2.0"), "io_uring_setup", &[], &[false, false]);
        check(Containerd, None, "io_uring_setup", &[], &[true, false]);
        check(Docker, Some("24.0"), "io_uring_setup", &[], &[true]);
        check(Docker, Some("20.10"), "socket", &[40], &[true, false]);
        check(Docker, Some("27.0"), "socket", &[40], &[false, false]);
        check(Docker, Some("27.0"), "socket", &[38], &[true, false]);
        check(Docker, Some("30.0"), "socket", &[38], &[false]);
        check(Podman, None, "unshare", &[0x1000_0000], &[true]);
        check(CriO, None, "unshare", &[0x1000_0000], &[false, false]);
        check(CriO, None, "clone", &[0x1000_0000], &[true, false]);
        check(CriO, None, "clone", &[0x3d0f00], &[true, true]);
        for runtime in [Containerd, Docker] {
            check(runtime, None, "unshare", &[], &[false, false]);
            check(runtime, None, "mount", &[], &[false, false]);
        }
    }
}
