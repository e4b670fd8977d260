//! Calls that share one number: on some 32-bit ABIs (and on 64-bit ones that grew out of them) the socket calls go
//! through `socketcall` and the System V ones through `ipc`, which take the call that is meant as their first argument.
//!
//! libseccomp makes two rules of a rule for such a call: one for its own number where it has one, and one for the shared
//! number whose condition on argument 0 is that the first argument is the call's index (`abi_rule_add`; seen with
//! 2.5.4). A condition of the rule's own on argument 0 is lost by that, and its others are asked of the arguments of the
//! *shared* call: behind `socketcall` these are a pointer and junk.

use crate::Arch;

/// `socketcall` and `ipc`: index of a call, `SYS_*` of `linux/net.h` and the calls of `linux/ipc.h`.
static SOCKETCALL: [&str; 20] = [
    "socket",
    "bind",
    "connect",
    "listen",
    "accept",
    "getsockname",
    "getpeername",
    "socketpair",
    "send",
    "recv",
    "sendto",
    "recvfrom",
    "shutdown",
    "setsockopt",
    "getsockopt",
    "sendmsg",
    "recvmsg",
    "accept4",
    "recvmmsg",
    "sendmmsg",
];

static IPC: [(&str, u64); 12] = [
    ("semop", 1),
    ("semget", 2),
    ("semctl", 3),
    ("semtimedop", 4),
    ("msgsnd", 11),
    ("msgrcv", 12),
    ("msgget", 13),
    ("msgctl", 14),
    ("shmat", 21),
    ("shmdt", 22),
    ("shmget", 23),
    ("shmctl", 24),
];

/// Where a call hides on an ABI with shared numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shared {
    /// The name of the shared call, `socketcall` or `ipc`.
    pub(crate) name: &'static str,
    /// What its first argument has to be.
    pub(crate) index: u64,
}

/// The shared call that `name` goes through on `arch` too, or instead.
pub(crate) fn shared(arch: Arch, name: &str) -> Option<Shared> {
    if !has_shared_numbers(arch) {
        return None;
    }
    if let Some(place) = SOCKETCALL.iter().position(|&call| call == name) {
        return Some(Shared { name: "socketcall", index: place as u64 + 1 });
    }
    let &(_, index) = IPC.iter().find(|(call, _)| *call == name)?;
    Some(Shared { name: "ipc", index })
}

fn has_shared_numbers(arch: Arch) -> bool {
    matches!(
        arch,
        Arch::X86
            | Arch::Mips
            | Arch::Mipsel
            | Arch::Ppc
            | Arch::Ppc64
            | Arch::Ppc64le
            | Arch::S390
            | Arch::S390x
            | Arch::M68k
            | Arch::Sh
            | Arch::Sheb
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_calls() {
        assert_eq!(shared(Arch::X86, "sendmmsg"), Some(Shared { name: "socketcall", index: 20 }));
        assert_eq!(shared(Arch::S390x, "shmget"), Some(Shared { name: "ipc", index: 23 }));
        assert_eq!(shared(Arch::X86, "read"), None);
        assert_eq!(shared(Arch::X86_64, "socket"), None);
    }
}
