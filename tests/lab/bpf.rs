//! Our compiled filters in the real kernel: it has to come to the same return as our interpreter.

use std::path::PathBuf;

use watertight_seccomp::bpf::{Program, SeccompData};
use watertight_seccomp::syscalls::table;
use watertight_seccomp::{Arch, Filter, X32_BIT};

use crate::kernel::{Kernel, Question};
use crate::{Tally, machine, profiles};

/// The ABIs of an x86-64 machine.
const ABIS: [Arch; 3] = [Arch::X86_64, Arch::X86, Arch::X32];

pub(crate) fn fits() -> Result<(), String> {
    corpus()?;
    machine::has(&["cc"])
}

fn corpus() -> Result<PathBuf, String> {
    Ok(watertight_tests::corpus().ok_or("there is no corpus")?)
}

pub(crate) fn run() -> Result<Tally, String> {
    let kernel = Kernel::build()?;
    let corpus = corpus()?;
    let mut tally = Tally::default();
    let mut filters = 0;
    for known in profiles::all(&corpus) {
        let program = known.filter.compile().map_err(|error| format!("{}: {error}", known.name))?;
        let questions = questions(&known.filter);
        let answers = kernel.ask(&program, &questions).map_err(|error| format!("{}: {error}", known.name))?;
        filters += 1;
        for (question, answer) in questions.iter().zip(answers) {
            let expected = ours(&program, question);
            tally.count(answer == expected, || {
                format!("{}: {question:x?}: the kernel returns at {answer:?}, we at {expected:?}", known.name)
            });
        }
    }
    println!("{filters} filters");
    Ok(tally)
}

/// Where our interpreter returns.
fn ours(program: &Program, question: &Question) -> Option<usize> {
    let data = SeccompData::new(question.arch, question.number, question.arriving());
    program.run(&data).path.last().map(|at| usize::from(*at))
}

/// Every known call and some that nobody knows, and for calls with conditions the values on both sides of each.
fn questions(filter: &Filter) -> Vec<Question> {
    let mut questions = Vec::new();
    let abis = filter.by_abi();
    for arch in ABIS {
        let bit = if arch == Arch::X32 { X32_BIT } else { 0 };
        let mut numbers: Vec<u32> = table(arch).iter().map(|(number, _)| *number).collect();
        numbers.extend([1_000, 0x3fff_ffff, 472, 500, 600].map(|number| number | bit));
        if let Some(&(_, highest)) = filter.enosys_above.iter().find(|(abi, _)| *abi == arch) {
            numbers.push(highest + 1);
        }
        for number in numbers {
            questions.push(Question { arch, number, arguments: [0; 6] });
            questions.push(Question { arch, number, arguments: [u64::MAX; 6] });
        }
        let calls = abis.iter().filter(|abi| abi.arch == arch).flat_map(|abi| &abi.calls);
        for call in calls {
            let values = values(call.rules.iter().flat_map(|rule| &rule.conditions));
            for (index, &value) in values.iter().enumerate() {
                for place in 0..6 {
                    let mut arguments = [values.get(index / 2).copied().unwrap_or_default(); 6];
                    if let Some(argument) = arguments.get_mut(place) {
                        *argument = value;
                    }
                    questions.push(Question { arch, number: call.number, arguments });
                }
                questions.push(Question { arch, number: call.number, arguments: [value; 6] });
            }
        }
    }
    questions.retain(Question::can_be_asked);
    questions
}

fn values<'c>(conditions: impl Iterator<Item = &'c watertight_seccomp::Condition>) -> Vec<u64> {
    let mut values: Vec<u64> = conditions
        .flat_map(|condition| [condition.value, condition.value & condition.value_two, condition.value_two])
        .flat_map(|value| {
            let high = value ^ 0x1_0000_0000;
            [value, value.wrapping_add(1), value.wrapping_sub(1), high, value | 0xffff_ffff_0000_0000, !value]
        })
        .collect();
    values.sort_unstable();
    values.dedup();
    values
}
