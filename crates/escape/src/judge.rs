use std::rc::Rc;

pub use watertight_diagnostic::ask::escape::State;

use crate::Layer;
use crate::facts::Facts;
use crate::known::{Known, Truth};
use crate::technique::{Need, Technique};
use crate::versions::{self, Bug};
use watertight_text::sort;

/// What one layer does about one way, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The layer.
    pub layer: Layer,
    /// What it does.
    pub state: State,
    /// Why: one for each need of the way that the layer decides, those that decided first.
    pub because: Vec<Rc<Known>>,
}

/// One way out, judged.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// The way.
    pub technique: &'static Technique,
    /// Each layer, in the order of [`Layer::ALL`].
    pub cells: Vec<Cell>,
    /// Whether it is open.
    pub open: Truth,
    /// The known bugs that it goes through.
    pub bugs: Vec<Bug>,
}

impl Judged {
    /// The layers that stop it.
    pub fn stopped_by(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.state == State::Stops)
    }

    /// What would settle it, where it is not known.
    pub fn settled_by(&self) -> Vec<&'static str> {
        let unknown = self.cells.iter().filter(|cell| cell.state == State::Unknown);
        let mut all: Vec<_> = unknown.flat_map(|cell| &cell.because).map(|known| known.settles).collect();
        all.retain(|settles| !settles.is_empty());
        all.dedup();
        all
    }
}

/// Asks every need of a technique, layer by layer.
pub(crate) fn judge(facts: &Facts<'_, '_>, technique: &'static Technique) -> Judged {
    let mut bugs = Vec::new();
    let cells = Layer::ALL.map(|layer| {
        let needs = technique.needs.iter().filter(|need| need.layer == layer);
        let mut because = Vec::new();
        for need in needs {
            let answer = answer(facts, need);
            bugs.extend(answer.bugs.iter().cloned());
            because.push(Rc::clone(&answer.known));
        }
        sort::by_key(&mut because, |known| known.truth);
        let state = match because.first().map(|known| known.truth) {
            None => State::NotInvolved,
            Some(Truth::No) => State::Stops,
            Some(Truth::Unknown) => State::Unknown,
            Some(Truth::Yes) => State::Passes,
        };
        Cell { layer, state, because }
    });
    let answers = cells.iter().flat_map(|cell| &cell.because).map(|known| known.truth);
    let open = answers.fold(Truth::Yes, Truth::and);
    Judged { technique, cells: cells.into(), open, bugs }
}

/// What is known of a need.
pub(crate) struct Answer {
    known: Rc<Known>,
    /// The known bugs that it goes through.
    bugs: Vec<Bug>,
}

/// One of its terms is enough.
fn answer(facts: &Facts<'_, '_>, need: &Need) -> Rc<Answer> {
    let first = || Rc::new(ask(facts, need));
    facts.answered.get(need.question).map_or_else(first, |known| Rc::clone(known.get_or_init(first)))
}

fn ask(facts: &Facts<'_, '_>, need: &Need) -> Answer {
    let mut bugs = Vec::new();
    let answers = need.any.iter().map(|term| match term.name {
        "bug" => {
            let (known, found) = versions::bugs(facts, term.value);
            bugs.extend(found);
            known
        }
        _ => facts.term(*term),
    });
    let known = Known::any(answers).unwrap_or_else(|| Known::new(true, "it needs nothing"));
    Answer { known: Rc::new(known), bugs }
}
