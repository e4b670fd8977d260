//! Expressions as programs, and running them through all states at once.

use super::class::Class;
use super::parse::Node;

/// What RE2 says when a program would become too large.
pub(super) const TOO_LARGE: &str = "pattern too large - compile failed";

/// About the instructions that RE2 makes room for with the memory that Falco gives it (8 MB).
const MAX_COST: usize = 170_000;

/// Steps that one match may take before it is given up: about a tenth of a second.
const MAX_STEPS: usize = 40_000_000;

/// An instruction. The instruction behind it comes next unless it says otherwise.
#[derive(Clone, PartialEq, Debug)]
enum Step {
    /// Take one character of the class of that number.
    Take(u32),
    /// Go on in both places.
    Split(u32, u32),
    Jump(u32),
    LineStart,
    LineEnd,
    Done,
}

/// A program.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    classes: Vec<Class>,
    cost: usize,
}

/// Program counters without repetition, in the order in which they were added.
struct States {
    list: Vec<u32>,
    /// For each instruction the number of the round in which it was last added.
    seen: Vec<u32>,
}

impl Program {
    /// The program of an expression, or nothing if it would become too large.
    pub(super) fn new(node: &Node) -> Option<Self> {
        let mut program = Self { steps: Vec::new(), classes: Vec::new(), cost: 0 };
        program.emit(node)?;
        program.push(Step::Done, 1)?;
        Some(program)
    }

    /// Whether the whole text leads to the end of the program; `None` when it takes too many steps to know.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        let mut now = States { list: Vec::new(), seen: vec![0; self.steps.len()] };
        let mut next = States { list: Vec::new(), seen: vec![0; self.steps.len()] };
        let mut stack = Vec::new();
        let mut steps = 0;
        let mut round = 1;
        let mut rest = text.chars();
        let mut before = None;
        let mut upcoming = rest.next();
        self.follow(0, (before, upcoming), &mut now, round, &mut stack);
        while let Some(character) = upcoming {
            if now.list.is_empty() {
                return Some(false);
            }
            steps += now.list.len();
            if steps > MAX_STEPS {
                return None;
            }
            round += 1;
            before = upcoming;
            upcoming = rest.next();
            for at in now.list.drain(..) {
                if let Some(Step::Take(class)) = self.steps.get(at as usize)
                    && self.classes.get(*class as usize).is_some_and(|class| class.contains(u32::from(character)))
                {
                    self.follow(at + 1, (before, upcoming), &mut next, round, &mut stack);
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
        Some(now.list.iter().any(|at| self.steps.get(*at as usize) == Some(&Step::Done)))
    }

    /// Adds the state and all that it leads to without taking a character, between the two characters given.
    fn follow(
        &self,
        start: u32,
        (before, after): (Option<char>, Option<char>),
        states: &mut States,
        round: u32,
        stack: &mut Vec<u32>,
    ) {
        stack.push(start);
        while let Some(at) = stack.pop() {
            let Some(seen) = states.seen.get_mut(at as usize) else { continue };
            if std::mem::replace(seen, round) == round {
                continue;
            }
            match self.steps.get(at as usize) {
                Some(Step::Split(one, other)) => stack.extend([*other, *one]),
                Some(Step::Jump(to)) => stack.push(*to),
                Some(Step::LineStart) if matches!(before, None | Some('\n')) => stack.push(at + 1),
                Some(Step::LineEnd) if matches!(after, None | Some('\n')) => stack.push(at + 1),
                Some(Step::Take(_) | Step::Done) => states.list.push(at),
                _ => {}
            }
        }
    }

    fn push(&mut self, step: Step, cost: usize) -> Option<u32> {
        self.cost += cost;
        if self.cost > MAX_COST {
            return None;
        }
        let at = self.end()?;
        self.steps.push(step);
        Some(at)
    }

    /// Where the next instruction will stand.
    fn end(&self) -> Option<u32> {
        u32::try_from(self.steps.len()).ok()
    }

    fn set(&mut self, at: u32, step: Step) {
        if let Some(place) = self.steps.get_mut(at as usize) {
            *place = step;
        }
    }

    /// Its depth is that of the parentheses and repetitions, which the length of an expression limits.
    fn emit(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Empty => {}
            Node::Class(class) => {
                let known = self.classes.iter().rposition(|one| one == class);
                let number = known.unwrap_or(self.classes.len());
                if known.is_none() {
                    self.classes.push(class.clone());
                }
                self.push(Step::Take(u32::try_from(number).ok()?), class.cost())?;
            }
            Node::LineStart => {
                self.push(Step::LineStart, 1)?;
            }
            Node::LineEnd => {
                self.push(Step::LineEnd, 1)?;
            }
            Node::Sequence(parts) => {
                for part in parts {
                    self.emit(part)?;
                }
            }
            Node::Choice(parts) => self.emit_choice(parts)?,
            Node::Repeat { part, min, max } => self.emit_repeat(part, *min, *max)?,
        }
        Some(())
    }

    fn emit_choice(&mut self, parts: &[Node]) -> Option<()> {
        let mut jumps = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            if number + 1 == parts.len() {
                self.emit(part)?;
                break;
            }
            let split = self.push(Step::Done, 1)?;
            self.emit(part)?;
            jumps.push(self.push(Step::Done, 0)?);
            let next = self.end()?;
            self.set(split, Step::Split(split + 1, next));
        }
        let end = self.end()?;
        for jump in jumps {
            self.set(jump, Step::Jump(end));
        }
        Some(())
    }

    fn emit_repeat(&mut self, part: &Node, min: u32, max: Option<u32>) -> Option<()> {
        for _ in 0..min {
            self.emit(part)?;
        }
        match max {
            None => {
                let split = self.push(Step::Done, 1)?;
                self.emit(part)?;
                self.push(Step::Jump(split), 0)?;
                let end = self.end()?;
                self.set(split, Step::Split(split + 1, end));
            }
            Some(max) => {
                let mut splits = Vec::new();
                for _ in min..max {
                    splits.push(self.push(Step::Done, 1)?);
                    self.emit(part)?;
                }
                let end = self.end()?;
                for split in splits {
                    self.set(split, Step::Split(split + 1, end));
                }
            }
        }
        Some(())
    }
}
