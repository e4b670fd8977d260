use std::fmt;

use crate::{Action, Arch, Syscall};

/// How an argument is compared. All comparisons are of unsigned 64-bit numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Op {
    /// Not equal.
    Ne,
    /// Less than.
    Lt,
    /// At most.
    Le,
    /// Equal.
    Eq,
    /// At least.
    Ge,
    /// Greater than.
    Gt,
    /// Equal under a mask.
    MaskedEq,
}

impl Op {
    /// All operators.
    pub const ALL: [Self; 7] = [Self::Ne, Self::Lt, Self::Le, Self::Eq, Self::Ge, Self::Gt, Self::MaskedEq];

    /// The name in a profile.
    pub fn scmp_name(self) -> &'static str {
        match self {
            Self::Ne => "SCMP_CMP_NE",
            Self::Lt => "SCMP_CMP_LT",
            Self::Le => "SCMP_CMP_LE",
            Self::Eq => "SCMP_CMP_EQ",
            Self::Ge => "SCMP_CMP_GE",
            Self::Gt => "SCMP_CMP_GT",
            Self::MaskedEq => "SCMP_CMP_MASKED_EQ",
        }
    }

    /// Reads a name as it stands in a profile.
    pub fn from_scmp_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.scmp_name() == name)
    }
}

/// A comparison of one argument.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Condition {
    /// Which argument, 0 to 5.
    pub index: u8,
    /// How it is compared.
    pub op: Op,
    /// What it is compared with; the mask of [`Op::MaskedEq`].
    pub value: u64,
    /// What is left under the mask of [`Op::MaskedEq`]; of no meaning for the others.
    pub value_two: u64,
}

impl Condition {
    /// Whether every argument fulfils it because its mask is empty. libseccomp makes no comparison of it, so that a rule
    /// of nothing else is unconditional.
    pub fn is_empty(&self) -> bool {
        self.op == Op::MaskedEq && self.value == 0
    }

    /// Whether an argument of this value fulfils it.
    pub fn holds(&self, argument: u64) -> bool {
        match self.op {
            Op::Ne => argument != self.value,
            Op::Lt => argument < self.value,
            Op::Le => argument <= self.value,
            Op::Eq => argument == self.value,
            Op::Ge => argument >= self.value,
            Op::Gt => argument > self.value,
            Op::MaskedEq => argument & self.value == self.value_two & self.value,
        }
    }
}

/// As a formula: `a1 & 0xffffffff == 0x5412`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.op {
            Op::MaskedEq => {
                return write!(f, "a{} & {:#x} == {:#x}", self.index, self.value, self.value_two & self.value);
            }
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Eq => "==",
            Op::Ge => ">=",
            Op::Gt => ">",
        };
        write!(f, "a{} {sign} {:#x}", self.index, self.value)
    }
}

/// Which call a rule is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SyscallRef {
    /// By name; its number is looked up for each ABI, and an ABI without it goes without the rule.
    Name(Syscall),
    /// By number in one ABI. No reader of JSON makes these; programs and libraries do.
    Number(Arch, u32),
}

impl SyscallRef {
    /// The call, where it is meant by its name.
    pub(crate) fn call(self) -> Option<Syscall> {
        match self {
            Self::Name(call) => Some(call),
            Self::Number(..) => None,
        }
    }
}

/// Where in the profile a rule of a filter comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Origin {
    /// Place in the list `syscalls`, from 0.
    pub entry: u32,
    /// Place in the entry's `names`, from 0.
    pub name: u32,
    /// For an entry that names an index twice and so falls into several rules: the place of the one condition of this rule.
    pub condition: Option<u32>,
}

/// One rule as libseccomp is given it: all conditions have to hold, and each is of another argument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilterRule {
    /// The call.
    pub syscall: SyscallRef,
    /// What happens to it.
    pub action: Action,
    /// All of them have to hold. Empty: the rule is unconditional.
    pub conditions: Vec<Condition>,
    /// Where it stands in the profile.
    pub origin: Origin,
}

/// A flag of seccomp(2) that a profile asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flag {
    /// `SECCOMP_FILTER_FLAG_TSYNC`: for all threads. runc knows it and does nothing about it.
    Tsync,
    /// `SECCOMP_FILTER_FLAG_LOG`: every answer but ALLOW is logged.
    Log,
    /// `SECCOMP_FILTER_FLAG_SPEC_ALLOW`: without the kernel's brake on speculation.
    SpecAllow,
    /// `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV`: a waiting notification is only ended by a deadly signal.
    WaitKillableRecv,
}

/// What one runtime on one node hands to libseccomp, after every decision of its reader: which entries count, which
/// names are known, which conditions became rules of their own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// What happens to a call that no rule is for.
    pub default_action: Action,
    /// The machine's own ABI. libseccomp puts it into every filter, listed or not.
    pub native: Arch,
    /// The ABIs of the filter in the order of the profile, [`Filter::native`] included once. A call by any other ABI
    /// kills the thread (libseccomp's `SCMP_FLTATR_ACT_BADARCH`).
    pub architectures: Vec<Arch>,
    /// In the order in which libseccomp is given them.
    pub rules: Vec<FilterRule>,
    /// What the profile asks of seccomp(2).
    pub flags: Vec<Flag>,
    /// runc's own preface: for an ABI, the highest number that the profile names (rules that were dropped included).
    /// A call with a higher one fails with ENOSYS before the filter is asked. Empty where the runtime has none, and for
    /// defaults that let pass (ALLOW, LOG, TRACE).
    pub enosys_above: Vec<(Arch, u32)>,
}

impl Filter {
    /// A filter without rules.
    pub fn new(default_action: Action, native: Arch) -> Self {
        Self {
            default_action,
            native,
            architectures: vec![native],
            rules: Vec::new(),
            flags: Vec::new(),
            enosys_above: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let check = |op, value, value_two, argument| Condition { index: 0, op, value, value_two }.holds(argument);
        assert!(check(Op::Gt, u64::MAX - 1, 0, u64::MAX));
        assert!(!check(Op::Lt, 5, 0, 5));
        assert!(check(Op::MaskedEq, 0xffff_ffff, 0x5412, 0x1_0000_5412));
        assert!(check(Op::MaskedEq, 0, 0x7e02_0000, 1), "a mask of nothing matches everything");
        let shown = Condition { index: 1, op: Op::MaskedEq, value: 0xff, value_two: 0x101 }.to_string();
        assert_eq!(shown, "a1 & 0xff == 0x1");
        for op in Op::ALL {
            assert_eq!(Op::from_scmp_name(op.scmp_name()), Some(op));
        }
    }
}
