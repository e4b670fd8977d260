//! Asking the kernel what a filter program answers.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use watertight_seccomp::bpf::{Instruction, Program};
use watertight_seccomp::{Arch, X32_BIT};

use crate::machine;

/// A call that the kernel is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Question {
    pub(crate) arch: Arch,
    /// As the kernel shows it to a filter.
    pub(crate) number: u32,
    pub(crate) arguments: [u64; 6],
}

impl Question {
    /// Whether it can be asked on this machine: by the ABIs of x86-64, and not about the two calls that pass every
    /// filter.
    pub(crate) fn can_be_asked(&self) -> bool {
        match self.arch {
            Arch::X86_64 => !matches!(self.number, 335 | 336) && self.number & X32_BIT == 0,
            Arch::X32 => self.number & X32_BIT != 0,
            Arch::X86 => true,
            _ => false,
        }
    }

    /// The arguments that arrive: the 32-bit entry cuts them.
    pub(crate) fn arriving(&self) -> [u64; 6] {
        if self.arch == Arch::X86 { self.arguments.map(|argument| argument & 0xffff_ffff) } else { self.arguments }
    }

    fn bytes(&self) -> Vec<u8> {
        let head = [u32::from(self.arch == Arch::X86), self.number];
        let head = head.into_iter().flat_map(u32::to_ne_bytes);
        head.chain(self.arguments.into_iter().flat_map(u64::to_ne_bytes)).collect()
    }
}

/// The program that loads filters and asks, built on the spot.
pub(crate) struct Kernel {
    probe: PathBuf,
}

impl Kernel {
    pub(crate) fn build() -> Result<Self, String> {
        let probe = machine::folder("kernel")?.join("ask_kernel");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/lab/ask_kernel.c");
        machine::succeed(Command::new("cc").args(["-O2", "-o"]).arg(&probe).arg(source))?;
        Ok(Self { probe })
    }

    /// For each question the place of the return instruction that answered it.
    ///
    /// Every return is made an error number of its own, so that no call is run and each answer tells where it is from.
    pub(crate) fn ask(&self, program: &Program, questions: &[Question]) -> Result<Vec<Option<usize>>, String> {
        let instructions = program.instructions().iter().enumerate().map(|(at, instruction)| match instruction.code {
            RETURN => Instruction { k: ERRNO | (at as u32 + 1), ..*instruction },
            _ => *instruction,
        });
        if program.instructions().len() >= MAX_ERRNO {
            return Err("the program has more instructions than there are error numbers".to_owned());
        }
        let program = Program::new(instructions.collect()).map_err(|refusal| refusal.to_string())?;
        let mut input = (program.instructions().len() as u32).to_ne_bytes().to_vec();
        input.extend(program.to_bytes());
        input.extend((questions.len() as u32).to_ne_bytes());
        input.extend(questions.iter().flat_map(Question::bytes));
        let mut child = Command::new(&self.probe)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        // The probe reads all of its input before it writes anything.
        child.stdin.take().expect("it is piped").write_all(&input).map_err(|error| error.to_string())?;
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        let (answers, _) = output.stdout.as_chunks::<4>();
        Ok(answers.iter().map(|bytes| place(i32::from_ne_bytes(*bytes))).collect())
    }
}

fn place(answer: i32) -> Option<usize> {
    (1..MAX_ERRNO as i32).contains(&-answer).then(|| (-answer - 1) as usize)
}

/// `BPF_RET | BPF_K`.
const RETURN: u16 = 0x06;
/// `SECCOMP_RET_ERRNO`.
const ERRNO: u32 = 0x0005_0000;
/// The kernel cuts larger ones down to this.
const MAX_ERRNO: usize = 4095;
