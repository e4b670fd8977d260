use super::instruction::{code, operation};
use super::program::{DATA_BYTES, SCRATCH_WORDS};
use super::{Instruction, Program};
use crate::{Action, Arch};

/// What a filter sees of a call: `struct seccomp_data` of `include/uapi/linux/seccomp.h`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SeccompData {
    words: [u32; 16],
}

impl SeccompData {
    /// A call by its number, as the kernel has it: numbers of [`Arch::X32`] carry their bit.
    pub fn new(arch: Arch, number: u32, arguments: [u64; 6]) -> Self {
        let mut words = [0; 16];
        let halves = arguments.iter().flat_map(|&argument| {
            let (low, high) = (argument as u32, (argument >> 32) as u32);
            if arch.is_big_endian() { [high, low] } else { [low, high] }
        });
        // The address of the instruction that called, words 2 and 3, stays 0: no profile can ask for it.
        let head = [number, arch.audit_token(), 0, 0];
        for (word, value) in words.iter_mut().zip(head.into_iter().chain(halves)) {
            *word = value;
        }
        Self { words }
    }

    fn word(&self, byte: u32) -> u32 {
        self.words.get((byte / 4) as usize).copied().unwrap_or_default()
    }
}

/// What a program answered, and how it came to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The value it returned (`SECCOMP_RET_*`).
    pub ret: u32,
    /// The instructions that ran, in order. Their number is what the call costs.
    pub path: Vec<u16>,
}

impl Run {
    /// What the kernel does with the call.
    pub fn action(&self) -> Action {
        Action::from_ret(self.ret)
    }
}

impl Program {
    /// Asks the program about a call.
    pub fn run(&self, data: &SeccompData) -> Run {
        let mut path = Vec::with_capacity(32);
        let ret = execute(self.instructions(), data, |at| path.push(at as u16));
        Run { ret, path }
    }

    /// The answer alone.
    pub fn answer(&self, data: &SeccompData) -> u32 {
        execute(self.instructions(), data, |_| ())
    }
}

/// A program that was checked always answers; 0, the strictest, stands for what cannot be.
fn execute(program: &[Instruction], data: &SeccompData, mut visit: impl FnMut(usize)) -> u32 {
    let (mut a, mut x) = (0_u32, 0_u32);
    let mut scratch = [0_u32; SCRATCH_WORDS];
    let mut at = 0;
    while let Some(instruction) = program.get(at) {
        visit(at);
        at += 1;
        let Instruction { code, jt, jf, k } = *instruction;
        match code {
            code::LOAD => a = data.word(k),
            code::LOAD_CONSTANT => a = k,
            code::LOAD_LENGTH => a = DATA_BYTES,
            code::LOADX_CONSTANT => x = k,
            code::LOADX_LENGTH => x = DATA_BYTES,
            code::LOAD_SCRATCH => a = scratch.get(k as usize).copied().unwrap_or_default(),
            code::LOADX_SCRATCH => x = scratch.get(k as usize).copied().unwrap_or_default(),
            code::STORE | code::STOREX => {
                if let Some(word) = scratch.get_mut(k as usize) {
                    *word = if code == code::STORE { a } else { x };
                }
            }
            code::TAX => x = a,
            code::TXA => a = x,
            code::RETURN => return k,
            code::RETURN_A => return a,
            code::NEGATE => a = a.wrapping_neg(),
            code::GOTO => at += k as usize,
            _ => {
                let operand = if code & code::SOURCE_X == 0 { k } else { x };
                if code & 7 == code::JUMP {
                    at += usize::from(if holds(operation(code), a, operand) { jt } else { jf });
                } else {
                    let Some(result) = compute(operation(code), a, operand) else { return 0 };
                    a = result;
                }
            }
        }
    }
    0
}

fn holds(operation: u16, a: u32, operand: u32) -> bool {
    match operation {
        0x10 => a == operand,
        0x20 => a > operand,
        0x30 => a >= operand,
        _ => a & operand != 0,
    }
}

/// Nothing where the kernel would end the program with the answer 0: division by an X that is zero.
fn compute(operation: u16, a: u32, operand: u32) -> Option<u32> {
    Some(match operation {
        0x00 => a.wrapping_add(operand),
        0x10 => a.wrapping_sub(operand),
        0x20 => a.wrapping_mul(operand),
        0x30 => return a.checked_div(operand),
        0x40 => a | operand,
        0x50 => a & operand,
        // The kernel masks what X says to the width of the word.
        0x60 => a.wrapping_shl(operand),
        0x70 => a.wrapping_shr(operand),
        _ => a ^ operand,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_lie_as_the_machine_lays_them() {
        let word = |arch, byte| SeccompData::new(arch, 7, [0x1_0000_0002, 0, 0, 0, 0, 0]).word(byte);
        assert_eq!((word(Arch::X86_64, 0), word(Arch::X86_64, 4)), (7, 0xc000_003e));
        assert_eq!((word(Arch::X86_64, 16), word(Arch::X86_64, 20)), (2, 1));
        assert_eq!((word(Arch::S390x, 16), word(Arch::S390x, 20)), (1, 2));
    }

    #[test]
    fn every_instruction() {
        let check = |body: &[(u16, u32)], expected: u32| {
            let mut program: Vec<_> = body.iter().map(|&(code, k)| Instruction::plain(code, k)).collect();
            program.push(Instruction::plain(code::RETURN_A, 0));
            let run = Program::new(program).unwrap().run(&SeccompData::new(Arch::X86_64, 9, [3, 0, 0, 0, 0, 0]));
            assert_eq!(run.ret, expected, "{body:?}");
        };
        check(&[(code::LOAD, 0)], 9);
        check(&[(code::LOAD_LENGTH, 0)], 64);
        check(&[(code::LOADX_LENGTH, 0), (code::TXA, 0)], 64);
        check(&[(code::LOAD_CONSTANT, 5), (code::STORE, 15), (code::LOADX_SCRATCH, 15), (code::TXA, 0)], 5);
        check(&[(code::LOADX_CONSTANT, 6), (code::STOREX, 0), (code::LOAD_SCRATCH, 0)], 6);
        check(&[(code::LOAD, 16), (code::NEGATE, 0)], u32::MAX - 2);
        check(
            &[
                (code::LOAD, 0),
                (0x04, 1),
                (0x14, 2),
                (0x24, 3),
                (0x34, 4),
                (0x44, 1),
                (0x54, 6),
                (0x64, 2),
                (0x74, 1),
                (0xa4, 1),
            ],
            13,
        );
        check(&[(code::LOAD, 0), (code::TAX, 0), (0x0c, 0)], 18);
        check(&[(code::LOADX_CONSTANT, 0), (code::LOAD, 0), (0x3c, 0), (code::LOAD, 0)], 0);
        check(&[(code::LOADX_CONSTANT, 33), (code::LOAD_CONSTANT, 1), (0x6c, 0)], 2);
        check(&[(code::GOTO, 1), (code::RETURN, 1), (code::LOAD_CONSTANT, 2)], 2);
    }

    #[test]
    fn jumps_and_the_path() {
        let jump = |code, k| Instruction { code, jt: 0, jf: 1, k };
        let check = |code, k, expected: &[u16]| {
            let program = vec![
                Instruction::plain(code::LOAD, 0),
                jump(code, k),
                Instruction::plain(code::RETURN, 1),
                Instruction::plain(code::RETURN, 2),
            ];
            let run = Program::new(program).unwrap().run(&SeccompData::new(Arch::X86_64, 9, [0; 6]));
            assert_eq!(run.path, expected, "{code:#x} {k}");
        };
        let (held, failed): (&[u16], &[u16]) = (&[0, 1, 2], &[0, 1, 3]);
        check(code::IF_EQUAL, 9, held);
        check(code::IF_EQUAL, 8, failed);
        check(code::IF_GREATER, 8, held);
        check(code::IF_GREATER, 9, failed);
        check(code::IF_AT_LEAST, 9, held);
        check(code::IF_AT_LEAST, 10, failed);
        check(code::IF_SET, 1, held);
        check(code::IF_SET, 6, failed);
    }
}
