//! Whether a container starts at all: the calls that the runtime itself makes behind the filter, in their order, and
//! those without which no program runs.
//!
//! runc 1.1.5, Linux 6.18, x86-64: each call was taken out of a profile that works, alone and in every pair, and what
//! runc then printed was written down; the pairs give the order. crun 1.8.1: traced, and taken out one by one. Newer
//! versions of both make more calls (see [`crate::generate::start_calls`]); a profile that stops one of these here stops
//! them too.

use crate::generate::Starter;
use crate::{Action, Arch, Decider, Decision, Syscall};

/// A call without which the runtime does not get to the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The call.
    pub call: &'static str,
    /// What the runtime prints when it fails; the error's own text follows.
    pub says: &'static str,
}

const fn step(call: &'static str, says: &'static str) -> Step {
    Step { call, says }
}

/// With `no_new_privs` the filter is loaded last of all.
static RUNC_LATE: [Step; 6] = [
    step("close", "close log pipe fd 4"),
    step("openat", "open exec fifo /proc/self/fd/5"),
    step("write", "cannot start an already running container"),
    step("fstatfs", "ensure /proc/self/fd is on procfs"),
    step("getdents64", "readdirent /proc/self/fd"),
    step("execve", "exec PROGRAM"),
];

/// Without it capabilities, the user and the folder are still to be set.
static RUNC_EARLY: [Step; 19] = [
    step("openat", "error closing exec fds: open /proc/self/fd"),
    step("fstatfs", "error closing exec fds: ensure /proc/self/fd is on procfs"),
    step("getdents64", "error closing exec fds: readdirent /proc/self/fd"),
    step("capget", "unable to start container process"),
    step("read", "read /proc/self/status"),
    step("prctl", "unable to apply bounding set"),
    step("newfstatat", "unable to setup user: stat /dev/null"),
    step("fstat", "unable to setup user: fstat /dev/stdin"),
    step("setgroups", "unable to setup user: setgroups"),
    step("setgid", "unable to setup user"),
    step("setuid", "unable to setup user"),
    step("chdir", "chdir to cwd (\"/\") set in config.json failed"),
    step("getcwd", "failed to verify if current working directory is safe"),
    step("capset", "unable to apply caps"),
    step("getppid", "unable to start container process"),
    step("faccessat2", "exec PROGRAM"),
    step("close", "close log pipe fd 4"),
    step("write", "cannot start an already running container"),
    step("execve", "exec PROGRAM"),
];

static CRUN_LATE: [Step; 2] = [step("close", "close"), step("execve", "exec container process")];

static CRUN_EARLY: [Step; 9] = [
    step("prctl", "prctl drop bounding"),
    step("setresgid", "setresgid"),
    step("setresuid", "setresuid"),
    step("capset", "capset"),
    step("rt_sigaction", "sigaction"),
    step("rt_sigprocmask", "sigprocmask"),
    step("close", "close"),
    step("write", "write to sync socket"),
    step("execve", "exec container process"),
];

/// The calls that the runtime cannot do without, in the order in which it makes them. `no_new_privs` is set by
/// `allowPrivilegeEscalation: false`.
pub fn steps(starter: Starter, no_new_privs: bool) -> &'static [Step] {
    match (starter, no_new_privs) {
        (Starter::Runc, true) => &RUNC_LATE,
        (Starter::Runc, false) => &RUNC_EARLY,
        (Starter::Crun, true) => &CRUN_LATE,
        (Starter::Crun, false) => &CRUN_EARLY,
    }
}

/// A program as the kernel starts it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Linkage {
    /// Everything in one file: Go, musl or glibc linked statically.
    Static,
    /// With a loader and libraries, as nearly every image has them.
    Dynamic,
}

/// Without any of these a statically linked program of glibc 2.36 ends before its first line, as seen when each was taken
/// out in turn.
const STATIC: [&str; 4] = ["arch_prctl", "brk", "mprotect", "exit_group"];

/// The same for one with a loader. `pread64` reads the headers of libraries; glibc 2.33 and later ask for their size
/// with `newfstatat`.
const DYNAMIC: [&str; 8] = ["openat", "read", "pread64", "newfstatat", "mmap", "mprotect", "arch_prctl", "exit_group"];

/// The calls that a program of this kind makes before its first own line and after its last.
pub fn program_calls(linkage: Linkage) -> &'static [&'static str] {
    match linkage {
        Linkage::Static => &STATIC,
        Linkage::Dynamic => &DYNAMIC,
    }
}

/// The first thing that keeps a container from starting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The call that is stopped, and what the runtime says then.
    pub step: Step,
    /// What happens to it.
    pub decision: Decision,
}

impl Failure {
    /// What is seen: `open exec fifo /proc/self/fd/5: function not implemented`.
    pub fn message(&self) -> String {
        let Action { kind: crate::ActionKind::Errno, data } = self.decision.action else {
            return String::from("the runtime's process is killed by SIGSYS (bad system call)");
        };
        let reason = match data {
            1 => "operation not permitted".to_owned(),
            38 => "function not implemented".to_owned(),
            13 => "permission denied".to_owned(),
            number => crate::errno_name(number).map_or_else(|| ["errno ", &number.to_string()].concat(), str::to_owned),
        };
        // runc says the same whatever the error is when it cannot tell that it is ready.
        if self.step.call == "write" { self.step.says.to_owned() } else { [self.step.says, ": ", &reason].concat() }
    }
}

/// The first call of the runtime that a filter stops, if there is one. `None` for ABIs where nobody has looked.
pub fn first_failure(decider: &Decider, arch: Arch, starter: Starter, no_new_privs: bool) -> Option<Failure> {
    steps(starter, no_new_privs).iter().find_map(|step| {
        let decision = decision(decider, arch, starter, step.call)?;
        (!decision.action.lets_pass()).then_some(Failure { step: *step, decision })
    })
}

/// Which of these calls a filter stops, those left out that the ABI has not.
pub fn stopped<'c>(decider: &Decider, arch: Arch, starter: Starter, calls: &[&'c str]) -> Vec<&'c str> {
    let is_stopped =
        |call: &&&str| decision(decider, arch, starter, call).is_some_and(|decision| !decision.action.lets_pass());
    calls.iter().filter(is_stopped).copied().collect()
}

/// crun loads the filter as libseccomp makes it; runc puts its ENOSYS before it.
fn decision(decider: &Decider, arch: Arch, starter: Starter, call: &str) -> Option<Decision> {
    let number = Syscall::from_name(call)?.number(arch)?;
    Some(match starter {
        Starter::Runc => decider.decide(arch, number, &[0; 6]),
        Starter::Crun => decider.by_filter(arch, number, &[0; 6]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{DENY, filter};

    const ARTICLE: &str = "read write open close stat fstat mmap mprotect munmap brk exit_group";

    /// The first line that the runtime prints under an allow-list, or none.
    fn check(allowed: &str, starter: Starter, no_new_privs: bool, expected: Option<&str>) {
        let rules: Vec<_> = allowed.split(' ').map(|name| (name, Action::ALLOW, &[][..])).collect();
        let mut filter = filter(DENY, &rules);
        let highest = allowed.split(' ').filter_map(|name| Syscall::from_name(name)?.number(Arch::X86_64)).max();
        filter.enosys_above = highest.map(|number| (Arch::X86_64, number)).into_iter().collect();
        let failure = first_failure(&Decider::new(&filter), Arch::X86_64, starter, no_new_privs);
        assert_eq!(failure.map(|failure| failure.message()).as_deref(), expected, "{allowed}");
    }

    /// What runc 1.1.5 and crun 1.8.1 printed.
    #[test]
    fn the_profile_of_eleven_calls() {
        use Starter::{Crun, Runc};
        check(ARTICLE, Runc, true, Some("open exec fifo /proc/self/fd/5: function not implemented"));
        let early = "error closing exec fds: open /proc/self/fd: function not implemented";
        check(ARTICLE, Runc, false, Some(early));
        check(ARTICLE, Crun, true, Some("exec container process: operation not permitted"));
        check(ARTICLE, Crun, false, Some("prctl drop bounding: operation not permitted"));
        check(&[ARTICLE, "execve"].join(" "), Crun, true, None);
    }

    #[test]
    fn every_step_is_a_call_that_the_generator_allows() {
        for starter in [Starter::Runc, Starter::Crun] {
            for no_new_privs in [true, false] {
                let allowed = crate::generate::start_calls(starter, no_new_privs);
                for step in steps(starter, no_new_privs) {
                    let call = Syscall::from_name(step.call).unwrap();
                    assert!(allowed.contains(&call), "{}", step.call);
                }
            }
        }
        for call in STATIC.iter().chain(&DYNAMIC) {
            assert!(Syscall::from_name(call).is_some(), "{call}");
        }
    }
}
