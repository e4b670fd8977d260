//! What AppArmor is asked while a program starts in a container: enough to tell whether it gets as far as its first line.
//!
//! The runtime asks for the profile to be put on with the next program (`changeprofile exec`), so the program's own file
//! is opened under the old one, but mapped under the new one. Sources: Linux `security/apparmor/lsm.c` (`common_mmap`),
//! `fs/binfmt_elf.c`; the order and the files were recorded with strace from a static busybox and a dynamic dash.

use crate::decide::{Compiled, Operation, Verdict};
use crate::policy::{Policy, Profile};
use crate::tree::Perms;

/// How a program finds the code of its libraries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Linkage {
    /// Everything is in its own file.
    Static,
    /// A loader maps the libraries.
    Dynamic,
}

/// One thing that has to work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The file, as it lies in Debian's images.
    pub path: &'static str,
    /// The letters that are needed.
    pub perms: Perms,
    /// What happens, in words.
    pub what: &'static str,
}

const MAPPED: Perms = Perms(Perms::READ.0 | Perms::MAP.0);
const NULL: Step =
    Step { path: "/dev/null", perms: Perms::READ, what: "`/dev/null` is handed over as its input (`r`)" };

static STATIC: [Step; 2] =
    [Step { path: "/usr/bin/busybox", perms: MAPPED, what: "the program itself is mapped (`r` and `m`)" }, NULL];

static DYNAMIC: [Step; 4] = [
    Step { path: "/usr/bin/dash", perms: MAPPED, what: "the program itself is mapped (`r` and `m`)" },
    Step {
        path: "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        perms: MAPPED,
        what: "its loader is mapped (`r` and `m`)",
    },
    NULL,
    Step {
        path: "/usr/lib/x86_64-linux-gnu/libc.so.6",
        perms: MAPPED,
        what: "the C library is opened and mapped (`r` and `m`)",
    },
];

/// The steps of a start, in their order.
pub fn steps(linkage: Linkage) -> &'static [Step] {
    match linkage {
        Linkage::Static => &STATIC,
        Linkage::Dynamic => &DYNAMIC,
    }
}

/// Asks a profile for each step of a start.
pub fn simulate(
    compiled: &Compiled,
    policy: &Policy,
    profile: &Profile,
    linkage: Linkage,
) -> Vec<(&'static Step, Verdict)> {
    let steps = steps(linkage);
    let ask = |step: &Step| Operation::File { path: step.path.to_owned(), perms: step.perms, owner: true };
    let asked: Vec<Operation> = steps.iter().map(ask).collect();
    steps.iter().zip(compiled.decide_all(policy, profile, &asked)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defaults::EDITIONS;
    use crate::resolve;
    use crate::shipped::Shipped;

    fn failures(text: &str, linkage: Linkage) -> Vec<&'static str> {
        let resolved = resolve(text, &Shipped);
        let profile = &resolved.policy.profiles[0];
        let compiled = Compiled::new(&resolved.policy, profile);
        let steps = simulate(&compiled, &resolved.policy, profile, linkage);
        steps.into_iter().filter(|(_, verdict)| !verdict.allowed()).map(|(step, _)| step.path).collect()
    }

    #[test]
    fn the_defaults_let_everything_start() {
        for edition in EDITIONS {
            assert_eq!(failures(&edition.text(), Linkage::Dynamic), [""; 0], "{edition:?}");
            assert_eq!(failures(&edition.text(), Linkage::Static), [""; 0], "{edition:?}");
        }
    }

    #[test]
    fn a_static_program_needs_less() {
        let text = "profile a {\n  /usr/bin/* rm,\n  /dev/null rw,\n}\n";
        assert_eq!(failures(text, Linkage::Static), [""; 0]);
        assert_eq!(failures(text, Linkage::Dynamic).len(), 2);
    }
}
