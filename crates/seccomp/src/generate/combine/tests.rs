use proptest::prelude::*;

use super::*;
use crate::bpf::SeccompData;
use crate::testing::{DENY, any_filter, filter};
use crate::{Arch, Op};

/// What both filters and the result do to a few calls.
fn sampled(filters: [&Filter; 3]) -> Vec<(String, [Action; 3])> {
    let programs = filters.map(|filter| filter.compile().unwrap());
    let mut found = Vec::new();
    for name in ["read", "write", "socket", "statx", "close"] {
        let number = Syscall::from_name(name).unwrap().number(Arch::X86_64).unwrap();
        for a in (0..10).chain([u64::MAX, 0x1_0000_0003]) {
            for b in (0..10).chain([u64::MAX, 0x1_0000_0003]) {
                let data = SeccompData::new(Arch::X86_64, number, [a, b, 0, 0, 0, 0]);
                let answers = [0, 1, 2].map(|i| Action::from_ret(programs[i].answer(&data)));
                found.push((name.to_owned(), answers));
            }
        }
    }
    found
}

#[test]
fn the_laxer_one_wins() {
    let one = filter(DENY, &[("read", Action::ALLOW, &[]), ("socket", Action::ALLOW, &[(0, Op::Eq, 1, 0)])]);
    let other = filter(
        DENY,
        &[
            ("read", Action::KILL_THREAD, &[]),
            ("socket", Action::ALLOW, &[(0, Op::Eq, 2, 0)]),
            ("clone3", Action::ENOSYS, &[]),
        ],
    );
    let merged = merge(&one, &other);
    assert_eq!(merged.unsaid, Vec::<String>::new());
    let text: Vec<(usize, Action, usize)> =
        merged.draft.entries.iter().map(|e| (e.names.len(), e.action, e.conditions.len())).collect();
    assert_eq!(text, [(1, Action::ENOSYS, 0), (1, Action::ALLOW, 0), (1, Action::ALLOW, 1), (1, Action::ALLOW, 1)]);
    let clash = filter(DENY, &[("socket", Action::ENOSYS, &[])]);
    assert_eq!(merge(&one, &clash).unsaid, ["socket"]);
}

#[test]
fn only_what_is_needed_is_left() {
    let base = filter(
        DENY,
        &[
            ("read", Action::ALLOW, &[]),
            ("mount", Action::ALLOW, &[]),
            ("socket", Action::ALLOW, &[(0, Op::Ne, 38, 0)]),
            ("bpf", Action::KILL_THREAD, &[]),
        ],
    );
    let needed = ["read", "socket", "close"].iter().filter_map(|name| Syscall::from_name(name)).collect();
    let names: Vec<String> = trim(&base, &needed).entries.into_iter().flat_map(|entry| entry.names).collect();
    assert_eq!(names, ["bpf", "read", "socket"]);
    let open = filter(Action::ALLOW, &[("socket", DENY, &[(0, Op::Eq, 38, 0)])]);
    let trimmed = trim(&open, &needed).filter(false);
    assert_eq!(trimmed.default_action, DENY);
    for (name, [before, _, after]) in sampled([&open, &open, &trimmed]) {
        let expected = if ["read", "close"].contains(&name.as_str()) { before } else { DENY };
        if name != "socket" {
            assert_eq!(after, expected, "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn a_merged_profile_lets_pass_what_either_does(mut one in any_filter(), mut other in any_filter()) {
        for filter in [&mut one, &mut other] {
            filter.enosys_above.clear();
            // Rules of one call that overlap with different actions have no union that a profile could say.
            filter.rules.retain(|rule| rule.action == Action::ALLOW);
        }
        let merged = merge(&one, &other);
        for (name, [left, right, result]) in sampled([&one, &other, &merged.draft.filter(false)]) {
            prop_assert_eq!(result, left.max(right), "{}", name);
        }
    }

    #[test]
    fn a_trimmed_profile_lets_nothing_new_pass(base in any_filter()) {
        let needed = ["read", "socket"].iter().filter_map(|name| Syscall::from_name(name)).collect();
        let trimmed = trim(&base, &needed).filter(false);
        for (name, [before, _, after]) in sampled([&base, &base, &trimmed]) {
            let passes = before.lets_pass() && ["read", "socket"].contains(&name.as_str());
            prop_assert_eq!(after.lets_pass(), passes, "{}", name);
        }
    }
}
