//! What a runtime itself calls between loading the filter and starting the program.
//!
//! Seen with strace on Linux 6.18, x86-64: runc 1.1.5 and crun 1.8.1. Newer runtimes: the base profiles of the Security
//! Profiles Operator for runc 1.4.2 and crun 1.26, and what those versions do on kernels that have the newer call.

use crate::Syscall;

/// The program that starts a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Starter {
    /// runc, which containerd and Docker use unless they are told otherwise.
    Runc,
    /// crun, which Podman and CRI-O use.
    Crun,
}

/// With `no_new_privs` the filter is loaded last of all.
const RUNC_LATE: &str = "close epoll_ctl execve fstatfs futex getdents64 getpid openat rt_sigreturn write";

/// Without it the capabilities and the user are still to be set.
const RUNC_EARLY: &str = "capget capset chdir close epoll_ctl execve faccessat2 fchown fcntl fstat fstatfs futex getcwd \
                          getdents64 getpid getppid newfstatat openat prctl read rt_sigreturn setgid setgroups setuid write";

/// What runc 1.2 and later use in place of these, or besides: closing what it has open, looking through `/proc` safely.
const RUNC_NEW: &str =
    "close_range dup3 faccessat fstatat64 gettid nanosleep openat2 readlinkat rt_sigprocmask statx tgkill";

const CRUN_LATE: &str = "close execve";
const CRUN_EARLY: &str = "capset close execve prctl rt_sigaction rt_sigprocmask setresgid setresuid write";

/// What crun uses besides on other kernels and libraries.
const CRUN_NEW: &str = "close_range setresgid32 setresuid32";

/// The calls that `starter` makes after it has loaded the filter, with those of newer versions. `no_new_privs` is set by
/// `allowPrivilegeEscalation: false`.
pub fn start_calls(starter: Starter, no_new_privs: bool) -> Vec<Syscall> {
    let (seen, newer) = match (starter, no_new_privs) {
        (Starter::Runc, true) => (RUNC_LATE, RUNC_NEW),
        (Starter::Runc, false) => (RUNC_EARLY, RUNC_NEW),
        (Starter::Crun, true) => (CRUN_LATE, CRUN_NEW),
        (Starter::Crun, false) => (CRUN_EARLY, CRUN_NEW),
    };
    let names = seen.split_whitespace().chain(newer.split_whitespace());
    names.filter_map(Syscall::from_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_call() {
        for list in [RUNC_LATE, RUNC_EARLY, RUNC_NEW, CRUN_LATE, CRUN_EARLY, CRUN_NEW] {
            for name in list.split_whitespace() {
                assert!(Syscall::from_name(name).is_some(), "{name}");
            }
        }
        assert_eq!(start_calls(Starter::Crun, true).len(), 5);
    }
}
