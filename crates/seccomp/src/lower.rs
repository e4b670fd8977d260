//! From rules by name to rules by number, ABI by ABI, as libseccomp does it (checked against 2.5.4 and 2.6.1).

use std::collections::BTreeMap;
use watertight_text::sort;

use crate::multiplex::shared;
use crate::{Action, Arch, Condition, Filter, Op, Syscall, SyscallRef};
use crate::{precedence, tangle};

/// What a filter does to the calls of one ABI.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AbiRules {
    /// The ABI.
    pub arch: Arch,
    /// The calls that rules are for, by rising number as the kernel shows it.
    pub calls: Vec<CallRules>,
    /// Any other call.
    pub default_action: Action,
    /// runc's preface: a call with a higher number fails with ENOSYS before anything else is asked, and so does
    /// number 0 on s390 and s390x, behind which the kernel hides numbers that it does not know.
    pub enosys_above: Option<u32>,
}

/// The rules of one call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallRules {
    /// Its number.
    pub number: u32,
    /// The first one whose conditions all hold decides; if none does, the default does. An unconditional rule stands
    /// alone, since libseccomp drops the others then.
    pub rules: Vec<LoweredRule>,
    /// Rules overlap in a way that libseccomp promises nothing about: its own program may answer otherwise.
    pub depends_on_libseccomp: bool,
}

/// A rule for one number of one ABI.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoweredRule {
    /// What happens.
    pub action: Action,
    /// All have to hold, by rising argument. On ABIs of 32 bits the values are cut to 32 bits, and only the lower half of
    /// an argument counts.
    pub conditions: Vec<Condition>,
    /// Its place in [`Filter::rules`].
    pub rule: usize,
}

impl Filter {
    /// The rules by number of every ABI of the filter, in the order of [`Filter::architectures`].
    pub fn by_abi(&self) -> Vec<AbiRules> {
        self.architectures.iter().map(|&arch| self.of_abi(arch)).collect()
    }

    /// The rules by number of one ABI.
    pub(crate) fn of_abi(&self, arch: Arch) -> AbiRules {
        let mut calls: BTreeMap<u32, Vec<LoweredRule>> = BTreeMap::new();
        for (rule, written) in self.rules.iter().enumerate() {
            let call = match written.syscall {
                SyscallRef::Name(call) => call,
                SyscallRef::Number(abi, number) => match Syscall::at(abi, number) {
                    Some(call) => call,
                    None if abi == arch => {
                        let lowered = lowered(arch, written.action, &written.conditions, rule);
                        add(calls.entry(number).or_default(), lowered);
                        continue;
                    }
                    None => continue,
                },
            };
            if let Some(shared) = shared(arch, call.name())
                && let Some(number) = Syscall::from_name(shared.name).and_then(|call| call.number(arch))
            {
                let index = Condition { index: 0, op: Op::Eq, value: shared.index, value_two: 0 };
                let others = written.conditions.iter().copied().filter(|condition| condition.index != 0);
                let conditions: Vec<_> = std::iter::once(index).chain(others).collect();
                add(calls.entry(number).or_default(), lowered(arch, written.action, &conditions, rule));
            }
            if let Some(number) = call.number(arch) {
                add(calls.entry(number).or_default(), lowered(arch, written.action, &written.conditions, rule));
            }
        }
        let enosys_above = self.enosys_above.iter().find(|(abi, _)| *abi == arch).map(|&(_, number)| number);
        let calls = calls.into_iter().map(|(number, mut rules)| {
            precedence::sort(&mut rules, arch.is_64_bit());
            let depends_on_libseccomp = tangle::is_tangled(&rules);
            CallRules { number, rules, depends_on_libseccomp }
        });
        let calls = calls.collect();
        AbiRules { arch, calls, default_action: self.default_action, enosys_above }
    }
}

fn lowered(arch: Arch, action: Action, conditions: &[Condition], rule: usize) -> LoweredRule {
    let cut = |value: u64| if arch.is_64_bit() { value } else { value & 0xffff_ffff };
    let conditions = conditions.iter().map(|condition| Condition {
        value: cut(condition.value),
        value_two: cut(condition.value_two),
        ..*condition
    });
    let mut conditions: Vec<Condition> = conditions.filter(|condition| !condition.is_empty()).collect();
    sort::by_key(&mut conditions, |condition| condition.index);
    LoweredRule { action, conditions, rule }
}

/// The first unconditional rule wins, over conditional ones before and after it.
fn add(rules: &mut Vec<LoweredRule>, new: LoweredRule) {
    if rules.first().is_some_and(|first| first.conditions.is_empty()) {
        return;
    }
    if new.conditions.is_empty() {
        rules.clear();
    }
    rules.push(new);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FilterRule, Origin};

    fn rule(name: &str, action: Action, conditions: &[(u8, Op, u64)]) -> FilterRule {
        let condition = |&(index, op, value): &(u8, Op, u64)| Condition { index, op, value, value_two: 0 };
        FilterRule {
            syscall: SyscallRef::Name(Syscall::from_name(name).unwrap()),
            action,
            conditions: conditions.iter().map(condition).collect(),
            origin: Origin::default(),
        }
    }

    /// Action and conditions, as they are shown.
    type Shown = (String, Vec<String>);

    fn calls(arch: Arch, rules: Vec<FilterRule>) -> Vec<(u32, Vec<Shown>)> {
        let mut filter = Filter::new(Action::errno(1), arch);
        filter.rules = rules;
        let abis = filter.by_abi();
        let shown =
            |rule: &LoweredRule| (rule.action.to_string(), rule.conditions.iter().map(ToString::to_string).collect());
        abis[0].calls.iter().map(|call| (call.number, call.rules.iter().map(shown).collect())).collect()
    }

    fn one(action: &str, conditions: &[&str]) -> Shown {
        (action.to_owned(), conditions.iter().map(|&text| text.to_owned()).collect())
    }

    #[test]
    fn the_first_unconditional_rule_stands_alone() {
        let conditional = rule("read", Action::KILL_THREAD, &[(0, Op::Eq, 1)]);
        let allow = rule("read", Action::ALLOW, &[]);
        let deny = rule("read", Action::ENOSYS, &[]);
        let rules = vec![conditional.clone(), allow, deny, conditional];
        assert_eq!(calls(Arch::X86_64, rules), [(0, vec![one("ALLOW", &[])])]);
    }

    #[test]
    fn shared_numbers_lose_the_condition_on_argument_0() {
        let rules = vec![rule("socket", Action::ALLOW, &[(0, Op::Eq, 38), (1, Op::Eq, 7)])];
        let expected = [
            (102, vec![one("ALLOW", &["a0 == 0x1", "a1 == 0x7"])]),
            (359, vec![one("ALLOW", &["a0 == 0x26", "a1 == 0x7"])]),
        ];
        assert_eq!(calls(Arch::X86, rules), expected);
    }

    #[test]
    fn abis_of_32_bits_see_half_a_value() {
        let rules = vec![rule("read", Action::ALLOW, &[(0, Op::Eq, 0x1_0000_0005)])];
        assert_eq!(calls(Arch::Arm, rules), [(3, vec![one("ALLOW", &["a0 == 0x5"])])]);
    }

    #[test]
    fn at_most_comes_before_at_least() {
        let least = rule("read", Action::KILL_THREAD, &[(0, Op::Ge, 5)]);
        let most = rule("read", Action::ALLOW, &[(0, Op::Le, 5)]);
        let expected = [(0, vec![one("ALLOW", &["a0 <= 0x5"]), one("KILL_THREAD", &["a0 >= 0x5"])])];
        assert_eq!(calls(Arch::X86_64, vec![least.clone(), most.clone()]), expected);
        assert_eq!(calls(Arch::X86_64, vec![most, least]), expected);
    }
}
