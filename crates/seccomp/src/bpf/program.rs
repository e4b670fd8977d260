use std::fmt;

use super::Instruction;
use super::instruction::{code, operation};

/// The most instructions that the kernel takes in one filter (`BPF_MAXINSNS`).
pub const MAX_INSTRUCTIONS: usize = 4096;

/// Bytes of `struct seccomp_data`, all that a filter can see.
pub(super) const DATA_BYTES: u32 = 64;

/// Words that a program can put something aside in (`BPF_MEMWORDS`).
pub(super) const SCRATCH_WORDS: usize = 16;

/// A filter program that the kernel would take: every way through it ends, and looks at nothing that is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    instructions: Vec<Instruction>,
}

impl Program {
    /// Checks a program as the kernel does before it loads one (`bpf_check_classic` and `seccomp_check_filter`).
    ///
    /// # Errors
    ///
    /// What the kernel would refuse it for, and where.
    pub fn new(instructions: Vec<Instruction>) -> Result<Self, Refusal> {
        check(&instructions)?;
        Ok(Self { instructions })
    }

    /// Reads the bytes of an array of `struct sock_filter` from a little-endian machine.
    ///
    /// # Errors
    ///
    /// If the bytes are no whole number of instructions, or the kernel would refuse them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        let (instructions, rest) = bytes.as_chunks::<{ Instruction::BYTES }>();
        if !rest.is_empty() {
            return Err(Refusal { at: instructions.len(), fault: Fault::Torn });
        }
        Self::new(instructions.iter().map(|bytes| Instruction::from_bytes(*bytes)).collect())
    }

    /// The bytes of an array of `struct sock_filter` on a little-endian machine.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.instructions.iter().flat_map(|instruction| instruction.to_bytes()).collect()
    }

    /// Its instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }
}

/// Why the kernel would not take a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Which instruction, from 0.
    pub at: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is no instruction.
    Empty,
    /// There are more than [`MAX_INSTRUCTIONS`].
    TooLong,
    /// The bytes end within an instruction.
    Torn,
    /// A filter may not use this instruction.
    Code,
    /// It loads from outside of the call's data, or not at a multiple of four.
    Load,
    /// It divides by zero.
    Division,
    /// It shifts by 32 or more.
    Shift,
    /// It uses a scratch word that does not exist.
    Scratch,
    /// It reads a scratch word that may hold nothing yet.
    Unwritten,
    /// It jumps behind the end.
    Jump,
    /// The last instruction does not answer.
    NoReturn,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            Fault::Empty => return f.write_str("the program is empty"),
            Fault::TooLong => return write!(f, "the program has more than {MAX_INSTRUCTIONS} instructions"),
            Fault::Torn => "the bytes end within it: an instruction has eight",
            Fault::Code => "a seccomp filter may not use it",
            Fault::Load => "it loads from outside of the 64 bytes that a filter sees, or not at a multiple of four",
            Fault::Division => "it divides by zero",
            Fault::Shift => "it shifts by 32 or more",
            Fault::Scratch => "there are only 16 scratch words",
            Fault::Unwritten => "it reads a scratch word that nothing may have been written to",
            Fault::Jump => "it jumps behind the end of the program",
            Fault::NoReturn => "the last instruction has to be a return",
        };
        write!(f, "instruction {}: {what}", self.at)
    }
}

impl std::error::Error for Refusal {}

fn check(program: &[Instruction]) -> Result<(), Refusal> {
    let Some(last) = program.last() else { return Err(Refusal { at: 0, fault: Fault::Empty }) };
    if program.len() > MAX_INSTRUCTIONS {
        return Err(Refusal { at: MAX_INSTRUCTIONS, fault: Fault::TooLong });
    }
    for (at, instruction) in program.iter().enumerate() {
        check_one(*instruction, program.len() - at - 1).map_err(|fault| Refusal { at, fault })?;
    }
    if !matches!(last.code, code::RETURN | code::RETURN_A) {
        return Err(Refusal { at: program.len() - 1, fault: Fault::NoReturn });
    }
    check_scratch(program)
}

/// `behind` is how many instructions follow.
fn check_one(instruction: Instruction, behind: usize) -> Result<(), Fault> {
    let Instruction { code, jt, jf, k } = instruction;
    let need = |held: bool, fault| if held { Ok(()) } else { Err(fault) };
    match code {
        code::LOAD => need(k < DATA_BYTES && k % 4 == 0, Fault::Load),
        code::LOAD_SCRATCH | code::LOADX_SCRATCH | code::STORE | code::STOREX => {
            need((k as usize) < SCRATCH_WORDS, Fault::Scratch)
        }
        code::GOTO => need((k as usize) < behind, Fault::Jump),
        code::LOAD_CONSTANT
        | code::LOAD_LENGTH
        | code::LOADX_CONSTANT
        | code::LOADX_LENGTH
        | code::RETURN
        | code::RETURN_A
        | code::TAX
        | code::TXA
        | code::NEGATE => Ok(()),
        _ if code & 0xff00 != 0 => Err(Fault::Code),
        _ if code & 7 == code::JUMP => {
            need((0x10..=0x40).contains(&operation(code)), Fault::Code)?;
            need(usize::from(jt) < behind && usize::from(jf) < behind, Fault::Jump)
        }
        _ if code & 7 == code::ALU => match (operation(code), code & code::SOURCE_X != 0) {
            (0x30, false) => need(k != 0, Fault::Division),
            (0x60 | 0x70, false) => need(k < 32, Fault::Shift),
            (0x00..=0x70 | 0xa0, _) => Ok(()),
            _ => Err(Fault::Code),
        },
        _ => Err(Fault::Code),
    }
}

/// That every scratch word that is read was written to on every way there (`check_load_and_stores`). One pass is
/// enough, for jumps only go forward.
fn check_scratch(program: &[Instruction]) -> Result<(), Refusal> {
    // What is surely written on every way to an instruction, a bit for each word.
    let mut written = vec![u16::MAX; program.len()];
    let mut now: u16 = 0;
    for (at, instruction) in program.iter().enumerate() {
        now &= written.get(at).copied().unwrap_or_default();
        let bit = 1_u16.checked_shl(instruction.k).unwrap_or_default();
        let mut join = |offset: usize| {
            if let Some(target) = written.get_mut(at + 1 + offset) {
                *target &= now;
            }
        };
        match instruction.code {
            code::STORE | code::STOREX => now |= bit,
            code::LOAD_SCRATCH | code::LOADX_SCRATCH if now & bit == 0 => {
                return Err(Refusal { at, fault: Fault::Unwritten });
            }
            code::GOTO => {
                join(instruction.k as usize);
                now = u16::MAX;
            }
            code if code & 7 == code::JUMP => {
                join(usize::from(instruction.jt));
                join(usize::from(instruction.jf));
                now = u16::MAX;
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETURN: Instruction = Instruction::plain(code::RETURN, 0);

    #[test]
    fn what_the_kernel_refuses() {
        let check = |instructions: &[Instruction], expected: Option<Fault>| {
            let fault = Program::new(instructions.to_vec()).err().map(|refusal| refusal.fault);
            assert_eq!(fault, expected, "{instructions:?}");
        };
        let plain = Instruction::plain;
        check(&[], Some(Fault::Empty));
        check(&[RETURN], None);
        check(&vec![RETURN; 4096], None);
        check(&vec![RETURN; 4097], Some(Fault::TooLong));
        check(&[plain(code::LOAD, 60), RETURN], None);
        check(&[plain(code::LOAD, 64), RETURN], Some(Fault::Load));
        check(&[plain(code::LOAD, 2), RETURN], Some(Fault::Load));
        check(&[plain(0x28, 0), RETURN], Some(Fault::Code));
        check(&[plain(0x94, 3), RETURN], Some(Fault::Code));
        check(&[plain(0x34, 0), RETURN], Some(Fault::Division));
        check(&[plain(0x64, 32), RETURN], Some(Fault::Shift));
        check(&[plain(code::STORE, 16), RETURN], Some(Fault::Scratch));
        check(&[plain(code::LOAD_SCRATCH, 0), RETURN], Some(Fault::Unwritten));
        check(&[plain(code::STORE, 3), plain(code::LOAD_SCRATCH, 3), RETURN], None);
        check(&[plain(code::GOTO, 0), RETURN], None);
        check(&[plain(code::GOTO, 1), RETURN], Some(Fault::Jump));
        check(&[Instruction { code: code::IF_SET, jt: 0, jf: 1, k: 0 }, RETURN], Some(Fault::Jump));
        check(&[RETURN, plain(code::TAX, 0)], Some(Fault::NoReturn));
        // One way to the reading leaves out the writing.
        let around = Instruction { code: code::IF_EQUAL, jt: 0, jf: 1, k: 0 };
        check(&[around, plain(code::STORE, 1), plain(code::LOADX_SCRATCH, 1), RETURN], Some(Fault::Unwritten));
    }

    #[test]
    fn bytes_come_and_go() {
        let program = Program::new(vec![Instruction::plain(code::LOAD, 4), RETURN]).unwrap();
        assert_eq!(Program::from_bytes(&program.to_bytes()), Ok(program.clone()));
        let torn = Program::from_bytes(&program.to_bytes()[..15]).unwrap_err();
        assert_eq!(torn, Refusal { at: 1, fault: Fault::Torn });
        assert_eq!(torn.to_string(), "instruction 1: the bytes end within it: an instruction has eight");
    }
}
