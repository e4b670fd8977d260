use proptest::prelude::*;

use super::*;
use crate::Op;
use crate::testing::{DENY, any_filter, filter};

/// Each difference in a line: call, actions, witness.
fn check(left: &Filter, right: &Filter, expected: &[&str]) {
    let comparison = compare(left, right);
    assert!(comparison.is_complete);
    let lines: Vec<String> = comparison.abis[0].differences.iter().map(show).collect();
    assert_eq!(lines, expected);
    assert_eq!(comparison.is_same(), expected.is_empty());
    let swapped = compare(right, left);
    assert_eq!(swapped.abis[0].differences.len(), expected.len());
}

fn show(difference: &Difference) -> String {
    let name = difference.call.map_or("?", Syscall::name);
    let always = if difference.always { "always" } else { "for" };
    let used = difference.witness.iter().rposition(|argument| *argument != 0).map_or(0, |last| last + 1);
    let Difference { left, right, witness, .. } = difference;
    format!("{name}: {} / {} {always} {:x?}", left.action, right.action, &witness[..used])
}

#[test]
fn the_same_in_other_words() {
    let one = filter(DENY, &[("read", Action::ALLOW, &[]), ("write", Action::ALLOW, &[(0, Op::Le, 2, 0)])]);
    let other = filter(
        DENY,
        &[
            ("write", Action::ALLOW, &[(0, Op::Lt, 3, 0)]),
            ("read", Action::ALLOW, &[]),
            ("read", DENY, &[]),
            ("close", DENY, &[]),
        ],
    );
    check(&one, &other, &[]);
    check(&one, &one, &[]);
}

#[test]
fn one_call_more() {
    let one = filter(DENY, &[("read", Action::ALLOW, &[])]);
    let other = filter(DENY, &[("read", Action::ALLOW, &[]), ("mount", Action::ALLOW, &[])]);
    check(&one, &other, &["mount: ERRNO(1) / ALLOW always []"]);
}

#[test]
fn regions_of_arguments() {
    let narrow = filter(DENY, &[("socket", Action::ALLOW, &[(0, Op::Lt, 38, 0)])]);
    let wide = filter(DENY, &[("socket", Action::ALLOW, &[(0, Op::Ne, 40, 0)])]);
    check(&narrow, &wide, &["socket: ERRNO(1) / ALLOW for [26]"]);
    // Junk in the upper half is what tells a plain comparison from a masked one.
    let plain = filter(Action::ALLOW, &[("ioctl", DENY, &[(1, Op::Eq, 0x5412, 0)])]);
    let masked = filter(Action::ALLOW, &[("ioctl", DENY, &[(1, Op::MaskedEq, 0xffff_ffff, 0x5412)])]);
    let comparison = compare(&plain, &masked);
    let [difference] = &comparison.abis[0].differences[..] else { panic!("{comparison:?}") };
    assert_eq!((difference.left.action, difference.right.action), (Action::ALLOW, DENY));
    assert_eq!(difference.witness[1] & 0xffff_ffff, 0x5412);
    let flags = filter(DENY, &[("clone", Action::ALLOW, &[(0, Op::MaskedEq, 0x7e02_0000, 0)])]);
    let fewer = filter(DENY, &[("clone", Action::ALLOW, &[(0, Op::MaskedEq, 0x7e00_0000, 0)])]);
    check(&flags, &fewer, &["clone: ERRNO(1) / ALLOW for [20000]"]);
}

#[test]
fn abis_and_unknown_numbers() {
    let one = filter(DENY, &[("read", Action::ALLOW, &[])]);
    let mut other = one.clone();
    other.architectures.push(Arch::X86);
    let comparison = compare(&one, &other);
    assert_eq!(comparison.abis[1].presence, Presence::Right);
    assert!(!comparison.is_same());
    let mut stub = one.clone();
    stub.enosys_above = vec![(Arch::X86_64, 462)];
    let found = compare(&one, &stub);
    let numbers: Vec<u32> = found.abis[0].differences.iter().map(|difference| difference.number).collect();
    assert_eq!(numbers, [463, 464, 465, 466, 467, 468, 469, 470, 471, 472]);
    assert_eq!(found.abis[0].differences.last().unwrap().call, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every witness is one, and where programs disagree there is a difference.
    #[test]
    fn comparisons_are_true(mut left in any_filter(), mut right in any_filter()) {
        for filter in [&mut left, &mut right] {
            filter.architectures.truncate(1);
            filter.enosys_above.clear();
        }
        let comparison = compare(&left, &right);
        let programs = (left.compile().unwrap(), right.compile().unwrap());
        let ask = |number, arguments| {
            let data = crate::bpf::SeccompData::new(Arch::X86_64, number, arguments);
            (Action::from_ret(programs.0.answer(&data)), Action::from_ret(programs.1.answer(&data)))
        };
        for difference in &comparison.abis[0].differences {
            prop_assert_eq!(ask(difference.number, difference.witness), (difference.left.action, difference.right.action));
        }
        let of_read = || comparison.abis[0].differences.iter().filter(|difference| difference.number == 0);
        for a in (0..18).chain([u64::MAX, 0x1_0000_0003]) {
            for b in (0..18).chain([u64::MAX, 0x1_0000_0003]) {
                let (left, right) = ask(0, [a, b, 0, 0, 0, 0]);
                let known = of_read().any(|d| (d.left.action, d.right.action) == (left, right));
                prop_assert!(left == right || known, "{} {} {:?} {:?}", a, b, left, right);
                if of_read().any(|d| d.always) {
                    prop_assert_ne!(left, right);
                }
            }
        }
    }
}
