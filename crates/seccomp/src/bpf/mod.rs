//! Filters as programs for the kernel: classic BPF, as seccomp(2) takes it.

mod compile;
mod condition;
mod disassemble;
mod flow;
mod graph;
mod instruction;
mod layout;
mod program;
mod run;
#[cfg(test)]
mod tests;

pub use compile::TooLong;
pub use disassemble::Line;
pub use instruction::Instruction;
pub use program::{Fault, MAX_INSTRUCTIONS, Program, Refusal};
pub use run::{Run, SeccompData};
