//! Filters for tests.

use proptest::prelude::*;

use crate::{Action, Arch, Condition, Filter, FilterRule, Op, Origin, Syscall, SyscallRef};

/// Name, action and conditions (index, operator, value, second value) of a rule.
pub(crate) type Rule<'a> = (&'a str, Action, &'a [(u8, Op, u64, u64)]);

pub(crate) const DENY: Action = Action::errno(1);

/// A filter of x86-64 alone.
pub(crate) fn filter(default: Action, rules: &[Rule<'_>]) -> Filter {
    let mut filter = Filter::new(default, Arch::X86_64);
    filter.rules = rules
        .iter()
        .map(|(name, action, conditions)| {
            let condition =
                |&(index, op, value, value_two): &(u8, Op, u64, u64)| Condition { index, op, value, value_two };
            rule(name, *action, conditions.iter().map(condition).collect())
        })
        .collect();
    filter
}

fn rule(name: &str, action: Action, conditions: Vec<Condition>) -> FilterRule {
    FilterRule {
        syscall: SyscallRef::Name(Syscall::from_name(name).unwrap()),
        action,
        conditions,
        origin: Origin::default(),
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let value = || prop_oneof![0_u64..9, Just(u64::MAX), Just(0x1_0000_0003)];
    (0_u8..2, prop::sample::select(&Op::ALL), value(), value()).prop_map(|(index, op, value, value_two)| Condition {
        index,
        op,
        value,
        value_two,
    })
}

/// A filter with up to seven rules for few calls, conditional and not, with few different actions (none is the
/// default: every reader leaves such rules out); perhaps behind runc's ENOSYS, from statx on.
pub(crate) fn any_filter() -> impl Strategy<Value = Filter> {
    let name = prop::sample::select(&["read", "write", "socket", "statx"][..]);
    let action = prop::sample::select(vec![Action::ALLOW, Action::errno(2), Action::ENOSYS, Action::KILL_THREAD]);
    let conditions = prop_oneof![Just(Vec::new()), prop::collection::vec(condition(), 1..3)];
    let arches = prop::sample::select(vec![vec![Arch::X86_64], vec![Arch::X86_64, Arch::X86]]);
    let rules = prop::collection::vec((name, action, conditions), 0..8);
    (rules, arches, any::<bool>()).prop_map(|(rules, arches, stub)| {
        let mut filter = Filter::new(DENY, Arch::X86_64);
        filter.architectures = arches.clone();
        if stub {
            filter.enosys_above =
                arches.iter().map(|arch| (*arch, if *arch == Arch::X86 { 383 } else { 332 })).collect();
        }
        filter.rules = rules.into_iter().map(|(name, action, conditions)| rule(name, action, conditions)).collect();
        filter
    })
}
