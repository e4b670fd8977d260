//! Random rules, compiled and run, beside the same rules looked at one by one.

use proptest::prelude::*;

use super::compile::compile;
use super::{Program, SeccompData};
use crate::testing::any_filter;
use crate::{AbiRules, Action, ActionKind, Arch, CallRules, Condition, Decider, LoweredRule, Op, X32_BIT};

type Rules = Vec<(u32, Vec<(Vec<Condition>, Action)>)>;

/// Values that lie close together and on both sides of the border between the halves.
fn value() -> impl Strategy<Value = u64> {
    let near =
        prop_oneof![Just(0), Just(5), Just(0xffff_ffff_u64), Just(0x1_0000_0000), Just(0x2_0000_0005), Just(u64::MAX)];
    (near, -1_i64..=1).prop_map(|(value, step)| value.wrapping_add_signed(step))
}

fn condition() -> impl Strategy<Value = Condition> {
    (0_u8..3, prop::sample::select(&Op::ALL), value(), value()).prop_map(|(index, op, value, value_two)| Condition {
        index,
        op,
        value,
        value_two,
    })
}

fn action() -> impl Strategy<Value = Action> {
    (prop::sample::select(&ActionKind::ALL), 1_u16..4).prop_map(|(kind, data)| Action::new(kind, data))
}

fn rules() -> impl Strategy<Value = Rules> {
    let chain = prop::collection::vec(condition(), 0..4);
    let call = prop::collection::vec((chain, action()), 1..5);
    prop::collection::btree_map(0_u32..40, call, 0..12).prop_map(|calls| calls.into_iter().collect())
}

/// What libseccomp compares on an ABI of 32 bits: the lower halves.
fn holds(arch: Arch, condition: &Condition, arguments: [u64; 6]) -> bool {
    let mask = if arch.is_64_bit() { u64::MAX } else { 0xffff_ffff };
    let condition = Condition { value: condition.value & mask, value_two: condition.value_two & mask, ..*condition };
    condition.holds(arguments[usize::from(condition.index)] & mask)
}

fn plain(arch: Arch, rules: &Rules, default: Action, number: u32, arguments: [u64; 6]) -> Action {
    let found = rules.iter().find(|(of, _)| *of == number).and_then(|(_, rules)| {
        rules.iter().find(|(conditions, _)| conditions.iter().all(|c| holds(arch, c, arguments)))
    });
    found.map_or(default, |(_, action)| *action)
}

fn abi(arch: Arch, rules: &Rules, base: u32, default_action: Action, enosys_above: Option<u32>) -> AbiRules {
    let lowered = |(conditions, action): &(Vec<Condition>, Action)| LoweredRule {
        action: *action,
        conditions: conditions.clone(),
        rule: 0,
    };
    let calls = rules.iter().map(|(number, rules)| CallRules {
        number: base + number,
        rules: rules.iter().map(lowered).collect(),
        depends_on_libseccomp: false,
    });
    AbiRules { arch, calls: calls.collect(), default_action, enosys_above }
}

fn ask(program: &Program, arch: Arch, number: u32, arguments: [u64; 6]) -> Action {
    let data = SeccompData::new(arch, number, arguments);
    let run = program.run(&data);
    assert_eq!(run.ret, program.answer(&data));
    run.action()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_program_says_what_its_rules_say(
        rules in rules(),
        second in rules(),
        default in action(),
        enosys_above in prop::option::of(0_u32..50),
        arches in prop::sample::select(&[
            [Arch::X86_64, Arch::X86],
            [Arch::X86_64, Arch::X32],
            [Arch::X32, Arch::X86],
            [Arch::S390x, Arch::S390],
            [Arch::Aarch64, Arch::Arm],
        ][..]),
        asked in prop::collection::vec((0_u32..45, prop::array::uniform3(value())), 20),
    ) {
        let base = |arch| if arch == Arch::X32 { X32_BIT } else { 0 };
        let [first, other] = arches;
        let abis = [
            abi(first, &rules, base(first), default, enosys_above.map(|n| n + base(first))),
            abi(other, &second, base(other), default, None),
        ];
        let program = compile(&abis).unwrap();
        for (number, [a, b, c]) in asked {
            let arguments = [a, b, c, 0, 0, 0];
            let expected = match enosys_above {
                Some(highest) if number > highest || (number == 0 && first == Arch::S390x) => Action::ENOSYS,
                _ => plain(first, &rules, default, number, arguments),
            };
            prop_assert_eq!(ask(&program, first, number + base(first), arguments), expected);
            let expected = plain(other, &second, default, number, arguments);
            prop_assert_eq!(ask(&program, other, number + base(other), arguments), expected);
            prop_assert_eq!(ask(&program, Arch::Riscv64, number, arguments), Action::KILL_THREAD);
            if other != Arch::X32 && first == Arch::X86_64 {
                prop_assert_eq!(ask(&program, Arch::X32, number + X32_BIT, arguments), Action::KILL_THREAD);
            }
        }
        for line in program.disassemble() {
            prop_assert_ne!(&line.comment, "nothing leads here", "{:?}", line);
        }
    }

    #[test]
    fn programs_and_decisions_agree(
        filter in any_filter(),
        asked in prop::collection::vec((0_u32..400, prop::array::uniform3(value())), 30),
    ) {
        let (program, decider) = (filter.compile().unwrap(), Decider::new(&filter));
        let named = filter.by_abi().into_iter().flat_map(|abi| abi.calls).map(|call| call.number);
        let numbers: Vec<u32> = named.chain(asked.iter().map(|(number, _)| *number)).collect();
        for arch in [Arch::X86_64, Arch::X86, Arch::X32, Arch::Aarch64] {
            for &number in &numbers {
                let number = if arch == Arch::X32 { number | X32_BIT } else { number };
                for (_, [a, b, c]) in &asked {
                    let arguments = [*a, *b, *c, 0, 0, 0];
                    let decided = decider.decide(arch, number, &arguments).action;
                    prop_assert_eq!(ask(&program, arch, number, arguments), decided, "{} {} {:x?}", arch, number, arguments);
                }
            }
        }
    }

    /// The checker lets through only what the interpreter comes to the end of, whatever the bytes are.
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(program) = Program::from_bytes(&bytes) {
            program.run(&SeccompData::new(Arch::X86_64, 1, [7; 6]));
            program.disassemble();
            prop_assert_eq!(program.to_bytes(), bytes);
        }
    }
}

#[test]
fn programs_beyond_the_reach_of_short_jumps() {
    // Every second call has many conditions of its own, so that the search has to jump over thousands of instructions.
    let equal = |value| Condition { index: 0, op: Op::Eq, value, value_two: 0 };
    let rules: Rules = (0..80)
        .map(|call| {
            (call * 2, (0..30).map(|i| (vec![equal(u64::from(call * 64 + i))], Action::errno(1 + i as u16))).collect())
        })
        .collect();
    let program = compile(&[abi(Arch::X86_64, &rules, 0, Action::ALLOW, None)]).unwrap();
    assert!(program.instructions().len() > 2_000);
    for number in 0..160 {
        for argument in (0..5_200).step_by(31) {
            let expected = plain(Arch::X86_64, &rules, Action::ALLOW, number, [argument, 0, 0, 0, 0, 0]);
            let data = SeccompData::new(Arch::X86_64, number, [argument, 0, 0, 0, 0, 0]);
            assert_eq!(Action::from_ret(program.answer(&data)), expected, "{number} {argument}");
        }
    }
}

#[test]
fn more_than_the_kernel_takes_is_said() {
    let equal = |value| Condition { index: 0, op: Op::Eq, value, value_two: 0 };
    let rules: Rules = vec![(1, (0..5_000).map(|i| (vec![equal(i)], Action::errno(1 + (i % 2) as u16))).collect())];
    let too_long = compile(&[abi(Arch::X86_64, &rules, 0, Action::ALLOW, None)]).unwrap_err();
    assert!(too_long.instructions > 5_000, "{too_long}");
}

#[test]
fn questions_are_not_asked_twice() {
    let check = |rules: &[(Op, u64, u64)], expected: &[&str]| {
        let rules: Rules = vec![(
            7,
            rules
                .iter()
                .map(|&(op, value, value_two)| (vec![Condition { index: 0, op, value, value_two }], Action::ALLOW))
                .collect(),
        )];
        let program = compile(&[abi(Arch::X86_64, &rules, 0, Action::errno(1), None)]).unwrap();
        let texts: Vec<String> = program.disassemble().into_iter().skip(5).map(|line| line.text).collect();
        assert_eq!(texts, expected);
    };
    check(
        &[(Op::Eq, 0, 0), (Op::Eq, 8, 0)],
        &[
            "jeq 0x7 ? 6 : 11",
            "ld [20]",
            "jeq 0x0 ? 8 : 11",
            "ld [16]",
            "jeq 0x0 ? 12 : 10",
            "jeq 0x8 ? 12 : 11",
            "ret 0x00050001",
            "ret 0x7fff0000",
        ],
    );
    check(
        &[(Op::MaskedEq, 0x7e02_0000, 0)],
        &["jeq 0x7 ? 6 : 8", "ld [16]", "jset 0x7e020000 ? 8 : 9", "ret 0x00050001", "ret 0x7fff0000"],
    );
}
