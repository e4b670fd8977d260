use std::rc::Rc;

pub use watertight_diagnostic::ask::escape::State;

use crate::Layer;
use crate::facts::Facts;
use crate::known::{Known, Truth};
use crate::technique::{Need, Outcome, Technique};
use crate::versions::{self, Bug};
use watertight_text::sort;

/// What one layer does about one way, and why.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cell<'j> {
    /// The layer.
    pub layer: Layer,
    /// What it does.
    pub state: State,
    /// Why: one for each need of the way that the layer decides, those that decided first.
    pub because: &'j [Rc<Answer>],
}

/// One way out, judged.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// The way.
    pub technique: &'static Technique,
    /// Whether it is open.
    pub open: Truth,
    /// What is known of each need, layer by layer; of those of a layer what decided first.
    answers: Vec<Rc<Answer>>,
    /// How many of the answers each layer gave.
    counts: [u8; Layer::ALL.len()],
}

impl Judged {
    /// What each layer does, in the order of [`Layer::ALL`].
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let mut rest = self.answers.as_slice();
        Layer::ALL.into_iter().zip(self.counts).map(move |(layer, count)| {
            let because;
            (because, rest) = rest.split_at_checked(usize::from(count)).unwrap_or_default();
            let state = match because.first().map(|answer| answer.known.truth) {
                None => State::NotInvolved,
                Some(Truth::No) => State::Stops,
                Some(Truth::Unknown) => State::Unknown,
                Some(Truth::Yes) => State::Passes,
            };
            Cell { layer, state, because }
        })
    }

    /// What is known of each need, layer by layer.
    pub fn because(&self) -> impl Iterator<Item = &Known> {
        self.answers.iter().map(|answer| &answer.known)
    }

    /// The known bugs that it goes through.
    pub fn bugs(&self) -> impl Iterator<Item = &Bug> {
        self.answers.iter().flat_map(|answer| &answer.bugs)
    }

    /// The layers that stop it.
    pub fn stopped_by(&self) -> impl Iterator<Item = Layer> {
        self.cells().filter(|cell| cell.state == State::Stops).map(|cell| cell.layer)
    }

    /// What would settle it, where it is not known.
    pub fn settled_by(&self) -> Vec<&'static str> {
        let unknown = self.cells().filter(|cell| cell.state == State::Unknown);
        let mut all: Vec<_> = unknown.flat_map(|cell| cell.because).map(|answer| answer.known.settles).collect();
        all.retain(|settles| !settles.is_empty());
        all.dedup();
        all
    }
}

/// Asks every need of a technique, layer by layer.
pub(crate) fn judge(facts: &Facts<'_, '_>, technique: &'static Technique) -> Judged {
    let mut answers: Vec<_> = technique.needs.iter().map(|need| answer(facts, need, technique.outcome)).collect();
    let mut rest = answers.as_mut_slice();
    let counts = Layer::ALL.map(|layer| {
        let count = technique.needs.iter().filter(|need| need.layer == layer).count();
        let of_layer;
        (of_layer, rest) = std::mem::take(&mut rest).split_at_mut_checked(count).unwrap_or_default();
        sort::by_key(of_layer, |answer| answer.known.truth);
        count as u8
    });
    let open = answers.iter().fold(Truth::Yes, |open, answer| open.and(answer.known.truth));
    Judged { technique, open, answers, counts }
}

/// What is known of a need.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// Whether it is met, and why.
    pub known: Known,
    /// The known bugs that it goes through.
    pub bugs: Vec<Bug>,
    /// Different for each answer of a map, and small.
    pub number: usize,
    /// Whether it depends on who the container runs as.
    pub(crate) by_user: bool,
}

/// One of its terms is enough.
fn answer(facts: &Facts<'_, '_>, need: &Need, wanted: Outcome) -> Rc<Answer> {
    let first = || match facts.before.map(|before| answer(before, need, wanted)) {
        Some(before) if !before.by_user => before,
        _ => Rc::new(ask(facts, need, wanted)),
    };
    facts.answered.get(need.question).map_or_else(first, |known| Rc::clone(known.get_or_init(first)))
}

fn ask(facts: &Facts<'_, '_>, need: &Need, wanted: Outcome) -> Answer {
    facts.asked_user.set(false);
    let mut bugs = Vec::new();
    let answers = need.any.iter().map(|term| match term.name {
        "bug" => {
            let (known, found) = versions::bugs(facts, term.value, wanted);
            bugs.extend(found);
            known
        }
        _ => facts.term(*term),
    });
    let known = Known::any(answers).unwrap_or_else(|| Known::new(true, "it needs nothing"));
    // Raised facts have numbers of their own: some of their answers stand beside those before.
    let number = 2 * need.question + usize::from(facts.before.is_some());
    Answer { known, bugs, number, by_user: facts.asked_user.get() }
}
