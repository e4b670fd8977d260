//! The system calls: names, numbers on every ABI, what they are for, and since which kernel they exist.
//!
//! The data are two small texts, read when they are first needed, because as tables of numbers they would weigh several
//! times as much. `calls.txt` has a call a line: name, group, first kernel (`-` where unknown or older than the lists).
//! `numbers.txt` has an ABI a line: a walk through the calls in the order of `calls.txt`, number by number. `@n` sets
//! the number, `.n` leaves n numbers out, `+n` and `-n` go forward and back in `calls.txt`, and a plain `n` gives the
//! next n numbers to the next n calls.
//!
//! Numbers: the kernel's own tables as libseccomp collects them (its `src/syscalls.csv`, Linux 7.1). Kernel versions:
//! syscalls(2), and for calls newer than it the release notes of the kernel. `cargo xtask syscalls` writes the texts.

mod arguments;
mod group;

pub use arguments::{Argument, ValueSet};
pub use group::Group;

use std::sync::OnceLock;

use crate::Arch;

/// A system call that some ABI has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Syscall(u16);

impl Syscall {
    /// All of them. The order stays the same when calls are added.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..calls().facts.len() as u16).map(Self)
    }

    /// Looks a name up. Case counts, as it does for libseccomp.
    pub fn from_name(name: &str) -> Option<Self> {
        let calls = calls();
        let places = slots(name, calls.by_name.len());
        let known = places.map_while(|slot| calls.by_name.get(slot).copied().flatten().map(Self));
        known.into_iter().find(|call| call.name() == name)
    }

    /// The call with this number, as the kernel shows it to a filter: numbers of [`Arch::X32`] carry their bit, those of
    /// the MIPS ABIs begin at 4000, 5000 and 6000.
    pub fn at(arch: Arch, number: u32) -> Option<Self> {
        let by_number = &numbers(arch).by_number;
        let found = by_number.binary_search_by_key(&number, |&(number, _)| number).ok()?;
        by_number.get(found).map(|&(_, call)| call)
    }

    /// Its number on an ABI, as the kernel shows it to a filter.
    pub fn number(self, arch: Arch) -> Option<u32> {
        numbers(arch).by_call.get(self.place()).copied().flatten()
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.facts().map_or("", |facts| facts.name)
    }

    /// What it is for.
    pub fn group(self) -> Group {
        self.facts().and_then(|facts| Group::from_name(facts.group)).unwrap_or(Group::Machine)
    }

    /// The first kernel that has it, such as `5.3` or `2.6.28`, where that is known.
    pub fn since_kernel(self) -> Option<&'static str> {
        self.facts().map(|facts| facts.since).filter(|version| *version != "-")
    }

    /// Its place in [`Syscall::all`].
    pub(crate) fn place(self) -> usize {
        usize::from(self.0)
    }

    fn facts(self) -> Option<&'static Facts> {
        calls().facts.get(self.place())
    }
}

/// All calls of an ABI with their numbers, in the order of the numbers.
pub fn table(arch: Arch) -> &'static [(u32, Syscall)] {
    &numbers(arch).by_number
}

/// A line of `calls.txt`.
struct Facts {
    name: &'static str,
    group: &'static str,
    since: &'static str,
}

struct Calls {
    facts: Vec<Facts>,
    /// A call stands in the first of the [`slots`] of its name that was free.
    by_name: Vec<Option<u16>>,
}

/// Places in the table of names: a power of two, and more than twice as many as there are calls, so that few names meet.
const SLOTS: usize = 1 << 11;

/// Where a name stands in a table of `count` slots, the likeliest place first. Every name of a profile is looked up several
/// times, so that a search in a sorted list would be felt.
fn slots(name: &str, count: usize) -> impl Iterator<Item = usize> {
    // FNV-1a.
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let first = name.bytes().fold(0x811c_9dc5, mix) as usize;
    (0..count).map(move |step| first.wrapping_add(step) & (SLOTS - 1))
}

fn calls() -> &'static Calls {
    static CALLS: OnceLock<Calls> = OnceLock::new();
    CALLS.get_or_init(|| {
        let fact = |line: &'static str| {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or_default();
            Facts { name: word(), group: word(), since: word() }
        };
        let facts: Vec<Facts> = include_str!("calls.txt").lines().map(fact).collect();
        let mut by_name = vec![None; SLOTS];
        for (known, call) in facts.iter().zip(0..) {
            let free = slots(known.name, SLOTS).find(|&slot| by_name.get(slot).is_some_and(Option::is_none));
            if let Some(slot) = free.and_then(|slot| by_name.get_mut(slot)) {
                *slot = Some(call);
            }
        }
        Calls { facts, by_name }
    })
}

#[derive(Default)]
struct Numbers {
    by_number: Vec<(u32, Syscall)>,
    by_call: Vec<Option<u32>>,
}

/// How many ABIs there are.
const ABIS: usize = 23;

fn numbers(arch: Arch) -> &'static Numbers {
    static NUMBERS: [OnceLock<Numbers>; ABIS] = [const { OnceLock::new() }; ABIS];
    static NONE: Numbers = Numbers { by_number: Vec::new(), by_call: Vec::new() };
    let Some(cell) = NUMBERS.get(arch as usize) else { return &NONE };
    cell.get_or_init(|| {
        let name = table_name(arch);
        let lines = include_str!("numbers.txt").lines().filter_map(|line| line.split_once(' '));
        lines.into_iter().find(|(abi, _)| *abi == name).map_or_else(Numbers::default, |(_, steps)| walk(steps))
    })
}

/// Byte order makes no difference to numbers.
fn table_name(arch: Arch) -> &'static str {
    match arch {
        Arch::Ppc64le => "ppc64",
        Arch::Mipsel => "mips",
        Arch::Mipsel64 => "mips64",
        Arch::Mipsel64n32 => "mips64n32",
        Arch::Sheb => "sh",
        other => other.name(),
    }
}

fn walk(steps: &str) -> Numbers {
    let mut numbers = Numbers { by_number: Vec::new(), by_call: vec![None; calls().facts.len()] };
    let (mut number, mut call) = (0_u32, 0_u16);
    for step in steps.split(' ') {
        let amount = |text: &str| text.parse::<u32>().unwrap_or_default();
        match step.split_at_checked(1) {
            Some(("@", to)) => number = amount(to),
            Some((".", by)) => number = number.wrapping_add(amount(by)),
            Some(("+", by)) => call = call.wrapping_add(amount(by) as u16),
            Some(("-", by)) => call = call.wrapping_sub(amount(by) as u16),
            _ => {
                for _ in 0..amount(step) {
                    numbers.by_number.push((number, Syscall(call)));
                    if let Some(place) = numbers.by_call.get_mut(usize::from(call)) {
                        *place = Some(number);
                    }
                    number = number.wrapping_add(1);
                    call = call.wrapping_add(1);
                }
            }
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_abi_has_its_table() {
        for arch in Arch::all() {
            let table = table(arch);
            assert!(table.len() > 300, "{arch}");
            assert!(table.is_sorted_by_key(|(number, _)| *number), "{arch}");
            for &(number, call) in table {
                assert_eq!(call.number(arch), Some(number), "{arch} {}", call.name());
                assert_eq!(Syscall::at(arch, number), Some(call), "{arch} {}", call.name());
                assert_eq!(Syscall::from_name(call.name()), Some(call));
            }
        }
    }

    #[test]
    fn well_known_numbers() {
        let check =
            |name: &str, arch, number| assert_eq!(Syscall::from_name(name).unwrap().number(arch), number, "{name}");
        check("read", Arch::X86_64, Some(0));
        check("execve", Arch::X86_64, Some(59));
        check("execve", Arch::X32, Some(0x4000_0208));
        check("openat", Arch::Aarch64, Some(56));
        check("open", Arch::Aarch64, None);
        check("clone3", Arch::X86, Some(435));
        check("read", Arch::Mipsel, Some(4003));
        check("set_tls", Arch::Arm, Some(0x000f_0005));
        check("openat", Arch::Ppc64le, Some(286));
        assert_eq!(Syscall::from_name("Read"), None);
        assert_eq!(Syscall::from_name(""), None);
        assert_eq!(Syscall::at(Arch::X86_64, 100_000), None);
    }

    #[test]
    fn groups_and_kernels() {
        for call in Syscall::all() {
            assert!(Group::from_name(call.facts().unwrap().group).is_some(), "{}", call.name());
            assert!(call.since_kernel().is_none_or(|version| version.contains('.')), "{}", call.name());
        }
        let openat2 = Syscall::from_name("openat2").unwrap();
        assert_eq!((openat2.group(), openat2.since_kernel()), (Group::Files, Some("5.6")));
        for group in Group::ALL {
            assert!(Syscall::all().any(|call| call.group() == group), "{group:?}");
        }
    }

    /// Beside libseccomp's own list, where the corpus is at hand.
    #[test]
    fn the_numbers_are_those_of_libseccomp() {
        let Some(corpus) = env::var_os("WATERTIGHT_CORPUS") else { return };
        let Ok(csv) = fs::read_to_string(Path::new(&corpus).join("seccomp/syscalls.csv")) else { return };
        let mut lines = csv.lines();
        let abis: Vec<Arch> =
            lines.next().unwrap().split(',').skip(1).step_by(2).map(|abi| Arch::from_name(abi).unwrap()).collect();
        let mut compared = 0;
        for line in lines {
            let mut cells = line.split(',');
            let call = Syscall::from_name(cells.next().unwrap()).unwrap();
            for (&arch, cell) in abis.iter().zip(cells.step_by(2)) {
                let base = match arch {
                    Arch::X32 => crate::X32_BIT,
                    Arch::Mips => 4000,
                    Arch::Mips64 => 5000,
                    Arch::Mips64n32 => 6000,
                    _ => 0,
                };
                let expected = cell.parse::<u32>().ok().map(|number| base + number);
                assert_eq!(call.number(arch), expected, "{arch} {}", call.name());
                compared += 1;
            }
        }
        assert_eq!(compared, Syscall::all().len() * abis.len());
    }
}
