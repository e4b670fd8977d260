//! A call as people ask about it: by name or number, with arguments as numbers or in names.

use crate::{Arch, Syscall};

/// A call with its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// Its number.
    pub number: u32,
    /// Its arguments; those that nobody wrote are 0.
    pub arguments: [u64; 6],
}

impl Question {
    /// Reads a call and its arguments: decimal, as `0x1f`, or names joined by `|`.
    ///
    /// # Errors
    ///
    /// Says, as the rest of a sentence that ends in a full stop, what is no call and no argument.
    pub fn read<'t>(call: &str, arguments: impl Iterator<Item = &'t str>, abi: Arch) -> Result<Self, String> {
        let known = Syscall::from_name(call);
        let number = known.and_then(|call| call.number(abi)).or_else(|| call.parse().ok());
        let number = number.ok_or_else(|| format!("{abi} has no call `{call}`."))?;
        let names = known.map(|call| call.arguments(abi)).unwrap_or_default();
        let mut question = Self { number, arguments: [0; 6] };
        for (at, text) in arguments.enumerate() {
            let slot = question.arguments.get_mut(at).ok_or("A call has six arguments at most.")?;
            for part in text.split('|').map(str::trim).filter(|part| !part.is_empty()) {
                let named = || names.get(at)?.values?.value_of(part);
                let value = number_of(part).or_else(named);
                *slot |= value.ok_or_else(|| format!("`{part}` is neither a number nor a name for argument {at}."))?;
            }
        }
        Ok(question)
    }
}

fn number_of(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions() {
        #[track_caller]
        fn check(call: &str, arguments: &[&str], expected: Result<(u32, u64), &str>) {
            let read = Question::read(call, arguments.iter().copied(), Arch::X86_64);
            match (read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!((read.number, read.arguments[0]), expected),
                (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
                (read, expected) => panic!("{read:?} and not {expected:?}"),
            }
        }
        check("clone", &["CLONE_NEWUSER | SIGCHLD"], Ok((56, 0x1000_0011)));
        check("56", &["0x11"], Ok((56, 17)));
        check("close", &["-1"], Ok((3, u64::MAX)));
        check("close", &[""], Ok((3, 0)));
        check("fly", &[], Err("`fly`"));
        check("clone", &["high"], Err("`high`"));
        check("read", &["1"; 7], Err("six"));
    }
}
