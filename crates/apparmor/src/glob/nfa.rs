//! Automata over bytes: small machines with several states active at once, so that matching takes time in proportion to
//! the length of the text whatever the pattern.

use super::GlobError;
use super::bytes::ByteSet;

/// How many states one pattern may have. Far above what people write, and low enough that matching a longest possible
/// path stays well under a second.
const MAX_STATES: usize = 1 << 14;

/// What a state does.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// Goes on when the next byte is this one.
    Byte(u8, u32),
    /// Goes on when the next byte is in that set.
    Set(u32, u32),
    /// Goes on in both places without reading.
    Split(u32, u32),
    /// Goes on in both places without reading; the first comes back here.
    Loop(u32, u32),
    /// Goes on without reading.
    Jump(u32),
    /// The text matches when it ends here.
    Accept,
}

/// A finished automaton.
#[derive(Clone, Debug)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) sets: Vec<ByteSet>,
    pub(super) start: u32,
    /// The state from which on every text without a NUL byte matches: `**` at the end.
    open_end: Option<u32>,
}

/// A part that is under construction: where it is entered, and the jump at its end that has yet to be told where to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    start: u32,
    end: u32,
    /// The bytes that every match ends with, as far as they were added one by one.
    tail: Bytes,
    /// The longest such bytes somewhere in every match, behind what all of them start with.
    inside: Bytes,
}

/// States that lead from one to the next, each of which reads one byte.
#[derive(Clone, Copy, Default, Debug)]
struct Bytes {
    first: u32,
    count: u32,
}

impl Bytes {
    fn longer(self, other: Self) -> Self {
        if other.count > self.count { other } else { self }
    }
}

impl Piece {
    fn new(start: u32, end: u32) -> Self {
        Self { start, end, tail: Bytes::default(), inside: Bytes::default() }
    }
}

/// How matches go on behind what all of them start with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rest {
    /// Not at all: there is one match only.
    Nothing,
    /// From that state on.
    Open(u32),
}

/// Builds an automaton out of pieces.
#[derive(Debug)]
pub(super) struct Builder {
    states: Vec<State>,
    sets: Vec<ByteSet>,
}

impl Builder {
    /// With room for patterns that are so long as written.
    pub(super) fn for_length(length: usize) -> Self {
        Self { states: Vec::with_capacity((length + length / 4 + 8).min(MAX_STATES)), sets: Vec::new() }
    }

    fn push(&mut self, state: State) -> Result<u32, GlobError> {
        if self.states.len() >= MAX_STATES {
            return Err(GlobError::TooLarge);
        }
        let id = u32::try_from(self.states.len()).map_err(|_| GlobError::TooLarge)?;
        self.states.push(state);
        Ok(id)
    }

    fn point(&mut self, id: u32, to: u32) {
        if let Some(State::Jump(target)) = self.states.get_mut(id as usize) {
            *target = to;
        }
    }

    /// Matches the empty text.
    pub(super) fn nothing(&mut self) -> Result<Piece, GlobError> {
        let end = self.push(State::Jump(0))?;
        Ok(Piece::new(end, end))
    }

    pub(super) fn byte(&mut self, byte: u8) -> Result<Piece, GlobError> {
        let end = self.push(State::Jump(0))?;
        let start = self.push(State::Byte(byte, end))?;
        Ok(Piece::new(start, end))
    }

    pub(super) fn set(&mut self, set: ByteSet) -> Result<Piece, GlobError> {
        // Patterns repeat the same few sets; looking back only so far keeps a pattern of a thousand different ones linear.
        let known = self.sets.iter().enumerate().rev().take(16).find(|(_, other)| **other == set);
        let index = known.map(|(index, _)| index).unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        let index = u32::try_from(index).map_err(|_| GlobError::TooLarge)?;
        let end = self.push(State::Jump(0))?;
        let start = self.push(State::Set(index, end))?;
        Ok(Piece::new(start, end))
    }

    /// A byte after something else. Where that ends becomes the state that reads it.
    pub(super) fn then_byte(&mut self, before: Piece, byte: u8) -> Result<Piece, GlobError> {
        let end = self.push(State::Jump(0))?;
        if let Some(last) = self.states.get_mut(before.end as usize) {
            *last = State::Byte(byte, end);
        }
        let Bytes { first, count } = before.tail;
        let first = if count == 0 { before.end } else { first };
        let tail = Bytes { first, count: count + 1 };
        // What it starts with is looked at for itself.
        let inside = if first == before.start { before.inside } else { before.inside.longer(tail) };
        Ok(Piece { start: before.start, end, tail, inside })
    }

    /// Just these bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<Piece, GlobError> {
        let mut whole = self.nothing()?;
        for byte in bytes {
            whole = self.then_byte(whole, *byte)?;
        }
        Ok(whole)
    }

    /// One after the other.
    pub(super) fn then(&mut self, before: Piece, after: Piece) -> Piece {
        self.point(before.end, after.start);
        Piece { start: before.start, end: after.end, tail: after.tail, inside: before.inside.longer(after.inside) }
    }

    /// Any of them.
    pub(super) fn either(&mut self, branches: &[Piece]) -> Result<Piece, GlobError> {
        let Some((first, rest)) = branches.split_first() else { return self.nothing() };
        if rest.is_empty() {
            return Ok(*first);
        }
        let end = self.push(State::Jump(0))?;
        self.point(first.end, end);
        let mut start = first.start;
        for branch in rest {
            self.point(branch.end, end);
            start = self.push(State::Split(start, branch.start))?;
        }
        Ok(Piece::new(start, end))
    }

    /// None, one or several times.
    pub(super) fn any_number(&mut self, piece: Piece) -> Result<Piece, GlobError> {
        let end = self.push(State::Jump(0))?;
        let start = self.push(State::Loop(piece.start, end))?;
        self.point(piece.end, start);
        Ok(Piece::new(start, end))
    }

    /// Bytes that stand together in every match of the piece; empty when none are easily known.
    pub(super) fn inside(&self, piece: Piece) -> Vec<u8> {
        let Bytes { first, count } = piece.inside;
        let mut bytes = Vec::with_capacity(count as usize);
        let mut id = first;
        for _ in 0..count {
            let Some(State::Byte(byte, next)) = self.states.get(id as usize) else { break };
            bytes.push(*byte);
            id = *next;
        }
        bytes
    }

    /// The automaton that matches just the piece.
    pub(super) fn finish(mut self, piece: Piece) -> Result<Nfa, GlobError> {
        let accept = self.push(State::Accept)?;
        self.point(piece.end, accept);
        let mut nfa = Nfa { states: self.states, sets: self.sets, start: piece.start, open_end: None };
        nfa.shortcut();
        nfa.open_end = nfa.find_open_end();
        Ok(nfa)
    }
}

impl Nfa {
    /// Leads states past the jumps that building has left.
    fn shortcut(&mut self) {
        let past = |states: &[State], mut id: u32| {
            // A jump leads forward in the pattern, never in a circle of jumps; the bound is for the proof, not for need.
            for _ in 0..states.len() {
                match states.get(id as usize) {
                    Some(State::Jump(next)) => id = *next,
                    _ => break,
                }
            }
            id
        };
        for place in 0..self.states.len() {
            let state = match self.states.get(place).copied() {
                Some(State::Byte(byte, next)) => State::Byte(byte, past(&self.states, next)),
                Some(State::Set(set, next)) => State::Set(set, past(&self.states, next)),
                Some(State::Split(one, other)) => State::Split(past(&self.states, one), past(&self.states, other)),
                Some(State::Loop(one, other)) => State::Loop(past(&self.states, one), past(&self.states, other)),
                _ => continue,
            };
            if let Some(slot) = self.states.get_mut(place) {
                *slot = state;
            }
        }
        self.start = past(&self.states, self.start);
    }

    fn find_open_end(&self) -> Option<u32> {
        let reads_any = |state: &State, again: u32| match state {
            State::Set(set, next) if *next == again => {
                self.sets.get(*set as usize).is_some_and(|set| set.with(0) == ByteSet::ALL)
            }
            _ => false,
        };
        let get = |id: u32| self.states.get(id as usize);
        // What a pattern ends with is built last.
        let place = self.states.iter().rposition(|state| matches!(state, State::Loop(..)))?;
        let id = u32::try_from(place).ok()?;
        let Some(State::Loop(one, other)) = get(id) else { return None };
        (matches!(get(*other), Some(State::Accept)) && get(*one).is_some_and(|state| reads_any(state, id)))
            .then_some(id)
    }

    /// What every match starts with, and how it goes on from there.
    pub(super) fn prefix(&self) -> (Vec<u8>, Rest) {
        let mut prefix = Vec::new();
        let mut id = self.start;
        // A state is met once only, as nothing but a star leads back and that is a split.
        for _ in 0..=self.states.len() {
            match self.states.get(id as usize) {
                Some(State::Byte(byte, next)) => {
                    prefix.push(*byte);
                    id = *next;
                }
                Some(State::Jump(next)) => id = *next,
                Some(State::Accept) => return (prefix, Rest::Nothing),
                _ => break,
            }
        }
        (prefix, Rest::Open(id))
    }

    /// A text that matches, going on from what was read and the state that it led to: with every repetition left out, or gone through `rounds` times with `/` in between where
    /// that is possible. Of alternatives the first or the last is taken.
    pub(super) fn sample(&self, from: (&[u8], u32), rounds: u32, last: bool) -> Option<Vec<u8>> {
        let (prefix, mut id) = from;
        let mut text = Vec::with_capacity(prefix.len() + 16);
        text.extend(prefix);
        let mut visits = vec![0u32; self.states.len()];
        // Each state is passed at most once more than there are rounds.
        for _ in 0..=self.states.len() * (rounds as usize + 2) {
            match *self.states.get(id as usize)? {
                State::Byte(byte, next) => {
                    text.push(byte);
                    id = next;
                }
                State::Set(set, next) => {
                    let set = self.sets.get(set as usize)?;
                    let seen = visits.get(id as usize).copied().unwrap_or_default();
                    let wanted: &[u8] = if seen % 2 == 1 { b"/q" } else { b"q" };
                    let any = || (1..=255).find(|byte| set.contains(*byte));
                    text.push(wanted.iter().copied().find(|byte| set.contains(*byte)).or_else(any)?);
                    if let Some(seen) = visits.get_mut(id as usize) {
                        *seen += 1;
                    }
                    id = next;
                }
                State::Split(one, other) => id = if last { other } else { one },
                State::Loop(one, other) => {
                    let seen = visits.get_mut(id as usize)?;
                    *seen += 1;
                    id = if *seen <= rounds { one } else { other };
                }
                State::Jump(next) => id = next,
                State::Accept => return Some(text),
            }
        }
        None
    }
}

/// An automaton under way. Can be started again, on another automaton too, which spares it new memory.
#[derive(Clone, Default, Debug)]
pub(super) struct Run {
    active: Vec<u32>,
    next: Vec<u32>,
    /// For each state the step at which it was last made active; steps are counted on from start to start.
    seen: Vec<u64>,
    step: u64,
    accepts: bool,
    open: Vec<u32>,
    /// How many states have been entered since somebody asked.
    entered: usize,
}

impl Run {
    /// Begins at that state of the automaton, which has to be the one of all steps that follow.
    pub(super) fn start(&mut self, nfa: &Nfa, state: u32) {
        if self.seen.len() < nfa.states.len() {
            self.seen.resize(nfa.states.len(), 0);
        }
        self.step += 1;
        self.accepts = false;
        self.next.clear();
        self.enter(nfa, state);
        std::mem::swap(&mut self.active, &mut self.next);
    }

    /// Reads one byte; whether anything can still match.
    pub(super) fn step(&mut self, nfa: &Nfa, byte: u8) -> bool {
        self.step_where(nfa, |state| match state {
            State::Byte(wanted, _) => *wanted == byte,
            State::Set(set, _) => nfa.sets.get(*set as usize).is_some_and(|set| set.contains(byte)),
            _ => false,
        })
    }

    /// Whether the whole text matches from that state on.
    pub(super) fn matches(&mut self, nfa: &Nfa, state: u32, text: &[u8]) -> bool {
        self.start(nfa, state);
        for (at, byte) in text.iter().enumerate() {
            if !self.step(nfa, *byte) {
                return false;
            }
            if self.has_entered(nfa.open_end) && !text.iter().skip(at + 1).any(|byte| *byte == 0) {
                return true;
            }
        }
        self.accepts
    }

    /// Whether the last step led to that state, too.
    fn has_entered(&self, state: Option<u32>) -> bool {
        state.and_then(|id| self.seen.get(id as usize)) == Some(&self.step)
    }

    /// Goes on from the active states that `reads` holds of; whether anything can still match.
    fn step_where(&mut self, nfa: &Nfa, reads: impl Fn(&State) -> bool) -> bool {
        self.accepts = false;
        // Along plain text there is one state, which leads to one other.
        if let [only] = self.active.as_mut_slice()
            && let Some(state @ (State::Byte(_, next) | State::Set(_, next))) = nfa.states.get(*only as usize)
            && let Some(State::Byte(..) | State::Set(..)) = nfa.states.get(*next as usize)
        {
            if reads(state) {
                *only = *next;
                return true;
            }
            self.active.clear();
            return false;
        }
        self.step += 1;
        self.next.clear();
        let active = std::mem::take(&mut self.active);
        for id in &active {
            match nfa.states.get(*id as usize) {
                Some(state @ (State::Byte(_, next) | State::Set(_, next))) if reads(state) => self.enter(nfa, *next),
                _ => {}
            }
        }
        self.active = std::mem::replace(&mut self.next, active);
        !self.active.is_empty() || self.accepts
    }

    /// Whether the text read so far matches.
    pub(super) fn accepts(&self) -> bool {
        self.accepts
    }

    /// How many states have been entered since this was asked last.
    pub(super) fn take_entered(&mut self) -> usize {
        std::mem::take(&mut self.entered)
    }

    fn enter(&mut self, nfa: &Nfa, first: u32) {
        let mut entered = Some(first);
        while let Some(id) = entered {
            self.entered += 1;
            let seen = self.seen.get_mut(id as usize).map(|seen| std::mem::replace(seen, self.step));
            let state = nfa.states.get(id as usize).filter(|_| seen != Some(self.step));
            entered = match state {
                Some(State::Split(one, other) | State::Loop(one, other)) => {
                    self.open.push(*other);
                    Some(*one)
                }
                Some(State::Jump(next)) => Some(*next),
                Some(State::Byte(..) | State::Set(..)) => {
                    self.next.push(id);
                    self.open.pop()
                }
                Some(State::Accept) => {
                    self.accepts = true;
                    self.open.pop()
                }
                None => self.open.pop(),
            };
        }
    }
}
