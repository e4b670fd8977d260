//! Names of arguments, and of the values that they may have, for the calls that people write conditions about.
//!
//! Two small texts, as for the calls themselves. `arguments.txt`: a call a line with its arguments in order; `*` marks
//! a pointer, `:` the set of values, `call@abi` an ABI with another order. `values.txt`: a set begins with its name and
//! kind (`bits`: added up; `one`: one of them; `mixed m`: one of them under the mask m, and bits besides), then come
//! values in hexadecimal.
//!
//! Sources: the manual pages of section 2 and the headers in the kernel's `include/uapi`. Values are those of x86-64,
//! which most ABIs share; flags of open(2) and mmap(2) differ on some (Arm, Power, MIPS).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::Arch;

use super::Syscall;

/// An argument of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Argument {
    /// Its name, one word.
    pub name: &'static str,
    /// It is an address: a filter sees where, not what is there.
    pub is_pointer: bool,
    /// Names of its values.
    pub values: Option<ValueSet>,
}

impl Syscall {
    /// Its arguments in order; none where they are not known.
    pub fn arguments(self, arch: Arch) -> Vec<Argument> {
        let of = |abi| by_call().get(&(self.name(), abi)).copied();
        let arguments = of(arch.name()).or_else(|| of("")).unwrap_or_default();
        arguments.split(' ').filter(|word| !word.is_empty()).map(argument).collect()
    }
}

/// The lines of `arguments.txt` by call and ABI; an empty ABI stands for all that have no line of their own.
fn by_call() -> &'static HashMap<(&'static str, &'static str), &'static str> {
    static BY_CALL: OnceLock<HashMap<(&str, &str), &str>> = OnceLock::new();
    BY_CALL.get_or_init(|| {
        let lines = include_str!("arguments.txt").lines().filter_map(|line| line.split_once(' '));
        lines.map(|(key, arguments)| (key.split_once('@').unwrap_or((key, "")), arguments)).collect()
    })
}

fn argument(word: &'static str) -> Argument {
    let (name, set) = word.split_once(':').unwrap_or((word, ""));
    let plain = name.trim_end_matches('*');
    Argument { name: plain, is_pointer: plain != name, values: ValueSet::named(set) }
}

/// Named values of an argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ValueSet {
    /// Its lines in `values.txt`, without the first.
    lines: &'static str,
    /// What one of the names stands for alone; names outside of it are bits.
    one: u64,
}

impl ValueSet {
    fn named(name: &str) -> Option<Self> {
        static SETS: OnceLock<HashMap<&str, ValueSet>> = OnceLock::new();
        SETS.get_or_init(|| Self::all().collect()).get(name).copied()
    }

    /// The sets of `values.txt` with their names.
    fn all() -> impl Iterator<Item = (&'static str, Self)> {
        let mut rest = include_str!("values.txt");
        std::iter::from_fn(move || {
            let (head, behind) = rest.split_once('\n')?;
            // The next set begins where a line does not start with a number.
            let end = behind
                .match_indices('\n')
                .map(|(at, _)| at + 1)
                .find(|&at| behind.get(at..).is_some_and(|line| value(line).is_none()))
                .unwrap_or(behind.len());
            let (lines, next) = behind.split_at_checked(end)?;
            rest = next;
            let mut words = head.split(' ');
            let name = words.next()?;
            let one = match (words.next(), words.next()) {
                (Some("one"), _) => u64::MAX,
                (Some("mixed"), Some(mask)) => u64::from_str_radix(mask, 16).ok()?,
                _ => 0,
            };
            Some((name, Self { lines, one }))
        })
    }

    /// Names and their values, in the order of the values.
    pub fn values(self) -> impl Iterator<Item = (&'static str, u64)> {
        self.lines.lines().filter_map(value)
    }

    /// Which of a value's bits are one number, and not flags.
    pub fn one_of(self) -> u64 {
        self.one
    }

    /// What a name stands for.
    pub fn value_of(self, name: &str) -> Option<u64> {
        self.values().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A value in names: `CLONE_NEWUSER|SIGCHLD`, and what has no name in hexadecimal. Nothing if no part has a name.
    pub fn describe(self, argument: u64) -> Option<String> {
        // A negative number such as AT_FDCWD comes with its sign in the upper half or without.
        let negative = argument >> 31 == 0x1_ffff_ffff;
        let argument = if negative { argument & 0xffff_ffff } else { argument };
        let mut parts: Vec<&str> = Vec::new();
        let mut rest = argument;
        let one = argument & self.one;
        if let Some((name, _)) = self.values().find(|&(_, value)| value == one && self.is_one(value)) {
            // A zero is said only if it is all there is.
            if one != 0 || argument == 0 {
                parts.push(name);
                rest &= !self.one;
            }
        }
        for (name, value) in self.values() {
            if !self.is_one(value) && value != 0 && rest & value == value {
                parts.push(name);
                rest &= !value;
            }
        }
        if parts.is_empty() {
            return None;
        }
        let mut text = parts.join("|");
        if rest != 0 {
            text.push_str(&format!("|{rest:#x}"));
        }
        Some(text)
    }

    fn is_one(self, value: u64) -> bool {
        value & self.one == value
    }
}

fn value(line: &'static str) -> Option<(&'static str, u64)> {
    let (value, name) = line.lines().next()?.split_once(' ')?;
    Some((name, u64::from_str_radix(value, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_of_use() {
        let mut sets = Vec::new();
        for line in include_str!("arguments.txt").lines() {
            let (key, arguments) = line.split_once(' ').unwrap();
            assert!(Syscall::from_name(key.split('@').next().unwrap()).is_some(), "{key}");
            assert!(arguments.split(' ').count() <= 6, "{key}");
            for word in arguments.split(' ') {
                if let Some((_, set)) = word.split_once(':') {
                    let values = ValueSet::named(set).unwrap_or_else(|| panic!("{key}: {set}"));
                    assert!(values.values().count() > 0, "{set}");
                    sets.push(set);
                }
            }
        }
        for line in include_str!("values.txt").lines().filter(|line| value(line).is_none()) {
            let set = line.split(' ').next().unwrap();
            assert!(sets.contains(&set), "nobody uses {set}");
        }
    }

    #[test]
    fn values_in_names() {
        let check = |call: &str, index: usize, value: u64, expected: Option<&str>| {
            let arguments = Syscall::from_name(call).unwrap().arguments(Arch::X86_64);
            assert_eq!(arguments[index].values.unwrap().describe(value).as_deref(), expected, "{call} {value:#x}");
        };
        check("clone", 0, 0x1000_0011, Some("SIGCHLD|CLONE_NEWUSER"));
        check("socket", 0, 38, Some("AF_ALG"));
        check("socket", 0, 99, None);
        check("socket", 1, 0x8_0001, Some("SOCK_STREAM|SOCK_CLOEXEC"));
        check("open", 1, 0, Some("O_RDONLY"));
        check("open", 1, 0x241, Some("O_WRONLY|O_CREAT|O_TRUNC"));
        check("open", 1, 0x4000_0000_0001, Some("O_WRONLY|0x400000000000"));
        check("ioctl", 1, 0x5412, Some("TIOCSTI"));
        check("personality", 0, 0x2_0008, Some("PER_LINUX32|UNAME26"));
        check("mmap", 2, 5, Some("PROT_READ|PROT_EXEC"));
        check("openat", 0, -100_i64 as u64, Some("AT_FDCWD"));
        check("openat", 0, 0xffff_ff9c, Some("AT_FDCWD"));
    }

    #[test]
    fn the_order_depends_on_the_abi() {
        let first = |arch| Syscall::from_name("clone").unwrap().arguments(arch)[0];
        assert_eq!(first(Arch::X86_64).name, "flags");
        assert!(first(Arch::S390x).is_pointer);
        assert_eq!(Syscall::from_name("getpid").unwrap().arguments(Arch::X86_64), []);
        let flags = first(Arch::Aarch64).values.unwrap();
        assert_eq!(flags.value_of("CLONE_NEWUSER"), Some(0x1000_0000));
    }
}
