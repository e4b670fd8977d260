//! Calls that do the same: which of them a program makes depends on its C library, the kernel's age and the machine.
//!
//! Each line is a family whose members reach no further than the others. Sources: the manual pages of section 2
//! ("C library/kernel differences"), and the wrappers of glibc 2.28 to 2.41 and musl 1.2.

use std::collections::BTreeSet;

use crate::Syscall;

static FAMILIES: &str = "\
open openat creat
stat fstat lstat newfstatat statx stat64 fstat64 lstat64 fstatat64
statfs statfs64
fstatfs fstatfs64
access faccessat faccessat2
chmod fchmodat fchmodat2
chown lchown fchownat chown32 lchown32
fchown fchown32
link linkat
symlink symlinkat
readlink readlinkat
unlink unlinkat rmdir
rename renameat renameat2
mkdir mkdirat
mknod mknodat
utime utimes futimesat utimensat utimensat_time64
getdents getdents64 readdir
lseek _llseek
fcntl fcntl64
truncate truncate64
ftruncate ftruncate64
sendfile sendfile64
fadvise64 fadvise64_64 arm_fadvise64_64
sync_file_range sync_file_range2 arm_sync_file_range
pread64 preadv preadv2
pwrite64 pwritev pwritev2
read readv
write writev
dup dup2 dup3
pipe pipe2
select _newselect pselect6 pselect6_time64 poll ppoll ppoll_time64
epoll_create epoll_create1
epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2
inotify_init inotify_init1
signalfd signalfd4
accept accept4
send sendto
recv recvfrom
recvmmsg recvmmsg_time64
mmap mmap2
fork vfork clone
exit exit_group
wait4 waitpid waitid
sigaction rt_sigaction
sigprocmask rt_sigprocmask
sigreturn rt_sigreturn
sigsuspend rt_sigsuspend
sigpending rt_sigpending
rt_sigtimedwait rt_sigtimedwait_time64
futex futex_time64
getrlimit ugetrlimit
getuid getuid32
geteuid geteuid32
getgid getgid32
getegid getegid32
setuid setuid32
setgid setgid32
setreuid setreuid32
setregid setregid32
setresuid setresuid32
setresgid setresgid32
getresuid getresuid32
getresgid getresgid32
getgroups getgroups32
setgroups setgroups32
setfsuid setfsuid32
setfsgid setfsgid32
time gettimeofday clock_gettime clock_gettime64
clock_getres clock_getres_time64
nanosleep clock_nanosleep clock_nanosleep_time64
timer_settime timer_settime64
timer_gettime timer_gettime64
timerfd_settime timerfd_settime64
timerfd_gettime timerfd_gettime64
mq_timedsend mq_timedsend_time64
mq_timedreceive mq_timedreceive_time64
semop semtimedop semtimedop_time64
sched_rr_get_interval sched_rr_get_interval_time64
io_getevents io_pgetevents io_pgetevents_time64
getpgrp getpgid
uname olduname oldolduname
";

/// The calls that other machines and libraries make in place of these, without the calls themselves.
pub(super) fn equivalents(calls: &BTreeSet<Syscall>) -> BTreeSet<Syscall> {
    let mut found = BTreeSet::new();
    for family in FAMILIES.lines() {
        let members: Vec<Syscall> = family.split(' ').filter_map(Syscall::from_name).collect();
        if members.iter().any(|call| calls.contains(call)) {
            found.extend(members.into_iter().filter(|call| !calls.contains(call)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known_and_stands_once() {
        let mut seen = BTreeSet::new();
        for name in FAMILIES.split_whitespace() {
            assert!(Syscall::from_name(name).is_some(), "{name}");
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn the_rest_of_a_family() {
        let calls = BTreeSet::from([Syscall::from_name("open").unwrap(), Syscall::from_name("getpid").unwrap()]);
        let names: Vec<&str> = equivalents(&calls).into_iter().map(Syscall::name).collect();
        assert_eq!(names, ["creat", "openat"]);
    }
}
