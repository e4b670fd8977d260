use crate::Layer;
use crate::facts::{Facts, is_root, may_escalate};
use crate::judge::{Judged, judge};
use crate::known::Truth;
use crate::technique::{self, Outcome};
use crate::world::World;
use watertight_text::sort;

/// What a set-user-id program in the image costs to find.
const ESCALATION: u32 = 3;

/// Every known way out of one container.
#[derive(Clone, PartialEq, Debug)]
pub struct Map {
    /// All of them: first what is open, the worst and cheapest first, then what may be, then what is closed.
    pub ways: Vec<Way>,
}

/// One way.
#[derive(Clone, PartialEq, Debug)]
pub struct Way {
    /// What each layer does about it.
    pub judged: Judged,
    /// How much it takes; the cheapest is shown first.
    pub cost: u32,
    /// Whether it needs root, which a set-user-id program of the image may give first.
    pub after_escalation: bool,
}

impl Way {
    /// Whether it is open, closed, or not to be told.
    pub fn open(&self) -> Truth {
        self.judged.open
    }

    /// The first layer that stops it.
    pub fn first_stop(&self) -> Option<Layer> {
        self.judged.stopped_by().next()
    }

    /// How many layers stop it: one that is stopped by one alone is told apart from one stopped by three.
    pub fn stops(&self) -> usize {
        self.judged.stopped_by().count()
    }
}

impl Map {
    /// The worst outcome that is open as things are configured, of those that touch the node, a neighbour or the cluster.
    /// What nearly every pod has does not count: it is what remains.
    pub fn worst(&self) -> Option<Outcome> {
        let open = self.ways.iter().filter(|way| way.open() == Truth::Yes && way.judged.technique.is_fault());
        open.map(|way| way.judged.technique.outcome).filter(|outcome| outcome.is_escape()).max()
    }

    /// The way of an id.
    pub fn way(&self, id: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.judged.technique.id == id)
    }
}

/// Judges every known way out of a container.
pub fn map(world: &World<'_>) -> Map {
    let facts = Facts::new(world);
    // Only who is not root gains something by it.
    let raised = (is_root(&facts).truth == Truth::No && may_escalate(world).truth != Truth::No).then(|| facts.raised());
    let mut ways: Vec<_> = technique::all()
        .iter()
        .map(|technique| {
            let judged = judge(&facts, technique);
            let cost = technique.effort.cost();
            if let Some(raised) = raised.as_ref().filter(|_| judged.open == Truth::No) {
                let again = judge(raised, technique);
                if again.open > judged.open {
                    return Way { judged: again, cost: cost + ESCALATION, after_escalation: true };
                }
            }
            Way { judged, cost, after_escalation: false }
        })
        .collect();
    sort::by(&mut ways, |a, b| {
        let key = |way: &Way| (way.open(), way.judged.technique.outcome);
        key(b).cmp(&key(a)).then(a.cost.cmp(&b.cost))
    });
    Map { ways }
}
