//! Programs as a person reads them: each instruction with what is known where it stands.

use super::flow::{Held, State, states};
use super::instruction::{code, operation};
use super::{Instruction, Program};
use crate::{Action, Arch, Syscall, X32_BIT};

/// An instruction in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Which one, from 0.
    pub at: usize,
    /// The instruction itself.
    pub instruction: Instruction,
    /// As an assembler writes it, jumps by the number of their goal: `jeq 0x3b ? 7 : 12`.
    pub text: String,
    /// What it means: the call's name, the argument, the action. May be empty.
    pub comment: String,
}

impl Program {
    /// The program in words.
    pub fn disassemble(&self) -> Vec<Line> {
        let states = states(self.instructions());
        let lines = self.instructions().iter().zip(&states).enumerate();
        lines
            .map(|(at, (&instruction, state))| Line {
                at,
                instruction,
                text: text(at, instruction),
                comment: state.as_ref().map_or_else(|| "nothing leads here".to_owned(), |s| comment(instruction, s)),
            })
            .collect()
    }
}

fn text(at: usize, instruction: Instruction) -> String {
    let Instruction { code, jt, jf, k } = instruction;
    match code {
        code::LOAD => format!("ld [{k}]"),
        code::LOAD_CONSTANT => format!("ld #{k:#x}"),
        code::LOAD_SCRATCH => format!("ld M[{k}]"),
        code::LOAD_LENGTH => "ld #len".to_owned(),
        code::LOADX_CONSTANT => format!("ldx #{k:#x}"),
        code::LOADX_SCRATCH => format!("ldx M[{k}]"),
        code::LOADX_LENGTH => "ldx #len".to_owned(),
        code::STORE => format!("st M[{k}]"),
        code::STOREX => format!("stx M[{k}]"),
        code::TAX => "tax".to_owned(),
        code::TXA => "txa".to_owned(),
        code::NEGATE => "neg".to_owned(),
        code::RETURN => format!("ret {k:#010x}"),
        code::RETURN_A => "ret a".to_owned(),
        code::GOTO => format!("jmp {}", at + 1 + k as usize),
        _ => {
            let operand = if code & code::SOURCE_X == 0 { format!("{k:#x}") } else { "x".to_owned() };
            if code & 7 == code::JUMP {
                let (yes, no) = (at + 1 + usize::from(jt), at + 1 + usize::from(jf));
                format!("{} {operand} ? {yes} : {no}", jump_name(code))
            } else {
                format!("{} {operand}", arithmetic_name(code))
            }
        }
    }
}

fn jump_name(code: u16) -> &'static str {
    match operation(code) {
        0x10 => "jeq",
        0x20 => "jgt",
        0x30 => "jge",
        _ => "jset",
    }
}

fn arithmetic_name(code: u16) -> &'static str {
    match operation(code) {
        0x00 => "add",
        0x10 => "sub",
        0x20 => "mul",
        0x30 => "div",
        0x40 => "or",
        0x50 => "and",
        0x60 => "lsh",
        0x70 => "rsh",
        _ => "xor",
    }
}

fn comment(instruction: Instruction, state: &State) -> String {
    let k = instruction.k;
    match instruction.code {
        code::LOAD => word_name(k / 4, state),
        code::RETURN => Action::from_ret(k).to_string(),
        code if code & 7 == code::JUMP && code != code::GOTO && code & code::SOURCE_X == 0 => match state.held {
            Held::Word(1) => token_name(k),
            Held::Word(0) => number_name(instruction, state),
            Held::Word(word @ 4..) => argument_value(instruction, u32::from(word), state),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// What a word of `struct seccomp_data` is.
fn word_name(word: u32, state: &State) -> String {
    match word {
        0 => "number of the call".to_owned(),
        1 => "ABI".to_owned(),
        2 | 3 => "address of the caller".to_owned(),
        _ => {
            let (index, half) = argument(word, state);
            let half = if half == 0 { "lower" } else { "upper" };
            match named_argument(index, state) {
                Some((call, name)) => format!("{name} of {}, {half} half", call.name()),
                None => format!("argument {index}, {half} half"),
            }
        }
    }
}

/// Which argument a word belongs to, and which half it is: 0 the lower.
fn argument(word: u32, state: &State) -> (usize, u32) {
    let swapped = state.arch().is_some_and(Arch::is_big_endian);
    (((word - 4) / 2) as usize, (word & 1) ^ u32::from(swapped))
}

fn named_argument(index: usize, state: &State) -> Option<(Syscall, &'static str)> {
    let call = state.call()?;
    Some((call, call.arguments(state.arch()?).get(index)?.name))
}

fn token_name(token: u32) -> String {
    let arches: Vec<&str> = Arch::all().filter(|arch| arch.audit_token() == token).map(Arch::name).collect();
    arches.join(" or ")
}

fn number_name(instruction: Instruction, state: &State) -> String {
    let k = instruction.k;
    if k == X32_BIT && operation(instruction.code) == 0x30 && state.is_x86_64() {
        return "x32".to_owned();
    }
    let number = if operation(instruction.code) == 0x20 { k.saturating_add(1) } else { k };
    let Some(arch) = state.arch_of(number) else { return String::new() };
    let exact = operation(instruction.code) == 0x10;
    match (Syscall::at(arch, number), exact) {
        (Some(call), true) => call.name().to_owned(),
        (Some(call), false) => format!("{} or later", call.name()),
        (None, _) => String::new(),
    }
}

fn argument_value(instruction: Instruction, word: u32, state: &State) -> String {
    let (index, half) = argument(word, state);
    let (Some(call), Some(arch), 0) = (state.call(), state.arch(), half) else { return String::new() };
    let values = call.arguments(arch).get(index).and_then(|argument| argument.values);
    values.and_then(|values| values.describe(u64::from(instruction.k))).unwrap_or_default()
}
