//! What is known about a call at each instruction of any program, by following the jumps once from front to end.

use super::Instruction;
use super::instruction::code;
use crate::{Arch, Syscall, X32_BIT};

/// What the accumulator holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// A word of the call's data, counted in words, perhaps under a mask.
    Word(u8),
    /// Something else, or not always the same.
    Other,
}

/// What holds on every way to an instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct State {
    /// The accumulator.
    pub held: Held,
    /// The kernel's token of the ABI.
    token: Option<u32>,
    /// The first and the last number that the call may have.
    numbers: (u32, u32),
}

impl State {
    fn start() -> Self {
        Self { held: Held::Other, token: None, numbers: (0, u32::MAX) }
    }

    fn join(&mut self, other: &Self) {
        if self.held != other.held {
            self.held = Held::Other;
        }
        if self.token != other.token {
            self.token = None;
        }
        self.numbers = (self.numbers.0.min(other.numbers.0), self.numbers.1.max(other.numbers.1));
    }

    pub(super) fn is_x86_64(&self) -> bool {
        self.token == Some(Arch::X86_64.audit_token())
    }

    /// The ABI, if it is known.
    pub(super) fn arch(&self) -> Option<Arch> {
        self.arch_of(self.numbers.0)
    }

    /// The ABI of a call with this number: x32 has the token of x86-64.
    pub(super) fn arch_of(&self, number: u32) -> Option<Arch> {
        let token = self.token?;
        if self.is_x86_64() && number & X32_BIT != 0 {
            return Some(Arch::X32);
        }
        Arch::all().find(|arch| arch.audit_token() == token)
    }

    /// The call, if only one is left.
    pub(super) fn call(&self) -> Option<Syscall> {
        (self.numbers.0 == self.numbers.1).then(|| Syscall::at(self.arch()?, self.numbers.0)).flatten()
    }

    /// What is known once a jump was taken or not; nothing if that cannot be.
    fn after(&self, instruction: Instruction, taken: bool) -> Option<Self> {
        let mut next = self.clone();
        let k = instruction.k;
        match (self.held, instruction.code, taken) {
            (Held::Word(1), code::IF_EQUAL, true) => next.token = Some(k),
            (Held::Word(0), code::IF_EQUAL, true) => next.numbers = (self.numbers.0.max(k), self.numbers.1.min(k)),
            (Held::Word(0), code::IF_EQUAL, false) if self.numbers.0 == k => next.numbers.0 = k.checked_add(1)?,
            (Held::Word(0), code::IF_EQUAL, false) if self.numbers.1 == k => next.numbers.1 = k.checked_sub(1)?,
            (Held::Word(0), code::IF_AT_LEAST, true) => next.numbers.0 = self.numbers.0.max(k),
            (Held::Word(0), code::IF_AT_LEAST, false) => next.numbers.1 = self.numbers.1.min(k.checked_sub(1)?),
            (Held::Word(0), code::IF_GREATER, true) => next.numbers.0 = self.numbers.0.max(k.checked_add(1)?),
            (Held::Word(0), code::IF_GREATER, false) => next.numbers.1 = self.numbers.1.min(k),
            _ => {}
        }
        (next.numbers.0 <= next.numbers.1).then_some(next)
    }
}

/// What is known before each instruction; nothing where no way leads.
pub(super) fn states(program: &[Instruction]) -> Vec<Option<State>> {
    let mut states: Vec<Option<State>> = vec![None; program.len()];
    if let Some(first) = states.first_mut() {
        *first = Some(State::start());
    }
    for (at, &instruction) in program.iter().enumerate() {
        let Some(mut state) = states.get(at).cloned().flatten() else { continue };
        let mut reach = |offset: usize, state: Option<State>| {
            let (Some(state), Some(target)) = (state, states.get_mut(at + 1 + offset)) else { return };
            match target {
                Some(known) => known.join(&state),
                None => *target = Some(state),
            }
        };
        match instruction.code {
            code::RETURN | code::RETURN_A => {}
            code::GOTO => reach(instruction.k as usize, Some(state)),
            code if code & 7 == code::JUMP => {
                reach(usize::from(instruction.jt), state.after(instruction, true));
                reach(usize::from(instruction.jf), state.after(instruction, false));
            }
            code => {
                match code {
                    code::LOAD => state.held = Held::Word((instruction.k / 4) as u8),
                    // A masked number or token is no longer one, but a masked argument still tells which.
                    code::AND if matches!(state.held, Held::Word(4..)) => {}
                    code::LOADX_CONSTANT | code::LOADX_SCRATCH | code::LOADX_LENGTH => {}
                    code::STORE | code::STOREX | code::TAX => {}
                    _ => state.held = Held::Other,
                }
                reach(0, Some(state));
            }
        }
    }
    states
}
