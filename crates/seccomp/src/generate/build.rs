use std::collections::BTreeSet;

use super::equivalents::equivalents;
use super::{Draft, Entry};
use crate::{Action, Arch, Condition, Op, Syscall};

/// What a profile is to be made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish<'a> {
    /// The machine's own ABI.
    pub native: Arch,
    /// Programs of the machine's other ABIs are to run too.
    pub companions: bool,
    /// The calls that the program makes.
    pub calls: &'a [Syscall],
    /// The calls that the runtime makes between loading the filter and starting the program.
    pub start: &'a [Syscall],
    /// What other C libraries and machines call in place of the program's calls is to be allowed too.
    pub portable: bool,
    /// What happens to every other call.
    pub default_action: Action,
}

/// The flags of clone(2) that make namespaces: of user, process, network, mount and the others.
const NAMESPACES: u64 = 0x7e02_0000;

/// The profile that allows what was wished for, and no more.
///
/// New threads and processes are allowed, new namespaces are not: the flags of clone(2) are looked at, and clone3(2),
/// whose flags lie in memory where no filter sees them, answers "not implemented" so that C libraries fall back to
/// clone.
pub fn build(wish: &Wish<'_>) -> Draft {
    let own: BTreeSet<Syscall> = wish.calls.iter().copied().collect();
    let mut rest: BTreeSet<Syscall> = wish.start.iter().copied().filter(|call| !own.contains(call)).collect();
    let is = |call: &Syscall, name: &str| call.name() == name;
    let forks = own.iter().any(|call| is(call, "clone") || is(call, "clone3"));
    let mut entries = Vec::new();
    let plain = |calls: &BTreeSet<Syscall>| {
        let names = calls.iter().map(|call| call.name()).filter(|name| !(matches!(*name, "clone" | "clone3") && forks));
        Entry::new(names, Action::ALLOW)
    };
    entries.push(plain(&own).because("what the program calls"));
    entries.push(plain(&rest).because("what the runtime calls before the program starts"));
    if wish.portable {
        rest.extend(own.iter().copied());
        let others = equivalents(&rest);
        entries.push(plain(&others).because("what other C libraries and machines call instead"));
    }
    if forks {
        entries.push(Entry {
            conditions: vec![Condition {
                index: if matches!(wish.native, Arch::S390 | Arch::S390x) { 1 } else { 0 },
                op: Op::MaskedEq,
                value: NAMESPACES,
                value_two: 0,
            }],
            ..Entry::new(["clone"], Action::ALLOW).because("threads and processes, but no new namespaces")
        });
        entries.push(
            Entry::new(["clone3"], Action::ENOSYS)
                .because("its flags are out of a filter's sight; C libraries fall back to clone"),
        );
    }
    entries.retain(|entry| !entry.names.is_empty());
    let mut architectures = vec![wish.native];
    if wish.companions {
        architectures.extend(wish.native.companions());
    }
    Draft { default_action: wish.default_action, architectures, entries }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Format;

    fn calls(names: &[&str]) -> Vec<Syscall> {
        names.iter().filter_map(|name| Syscall::from_name(name)).collect()
    }

    fn wish<'a>(own: &'a [Syscall], start: &'a [Syscall]) -> Wish<'a> {
        Wish {
            native: Arch::X86_64,
            companions: false,
            calls: own,
            start,
            portable: false,
            default_action: Action::errno(1),
        }
    }

    #[test]
    fn what_was_seen_and_what_the_runtime_needs() {
        let (own, start) = (calls(&["write", "execve", "clone3", "read"]), calls(&["execve", "openat"]));
        let draft = build(&wish(&own, &start));
        let entries: Vec<String> =
            draft.entries.iter().map(|entry| format!("{} {}", entry.names.join(","), entry.action)).collect();
        assert_eq!(entries, ["execve,read,write ALLOW", "openat ALLOW", "clone ALLOW", "clone3 ERRNO(38)"]);
        assert_eq!(draft.entries[2].conditions[0].to_string(), "a0 & 0x7e020000 == 0x0");
        assert!(draft.write(Format::Docker).contains("what the runtime calls before the program starts"));
        let same = build(&wish(&own, &start)).write(Format::Oci);
        assert_eq!(draft.write(Format::Oci), same);
    }

    #[test]
    fn other_libraries_and_machines() {
        let own = calls(&["open", "time"]);
        let draft = build(&Wish { portable: true, companions: true, ..wish(&own, &[]) });
        assert_eq!(draft.architectures, [Arch::X86_64, Arch::X86, Arch::X32]);
        assert_eq!(draft.entries[1].names, ["clock_gettime", "clock_gettime64", "creat", "gettimeofday", "openat"]);
        let zos = calls(&["clone"]);
        let draft = build(&Wish { native: Arch::S390x, ..wish(&zos, &[]) });
        assert_eq!(draft.entries[0].conditions[0].index, 1);
    }
}
