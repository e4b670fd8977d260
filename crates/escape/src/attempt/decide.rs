use super::{Attempt, Ending, Gate, Machine};
use crate::facts::Facts;
use crate::known::Truth;
use crate::technique::Term;
use crate::world::World;

/// An attempt and how it ends.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The attempt.
    pub attempt: &'static Attempt,
    /// How it ends.
    pub ending: Ending,
}

/// How every attempt ends in a container on a machine.
pub fn foresee(world: &World<'_>, machine: &Machine<'_>) -> Vec<Foreseen> {
    let asked = Asked { facts: Facts::new(world), machine };
    super::all().iter().map(|attempt| Foreseen { attempt, ending: asked.ending(attempt) }).collect()
}

struct Asked<'a, 'w> {
    facts: Facts<'a, 'w>,
    machine: &'w Machine<'w>,
}

impl Asked<'_, '_> {
    fn ending(&self, attempt: &Attempt) -> Ending {
        // In a sandbox another kernel answers.
        if self.facts.sandboxed() != Truth::No {
            return Ending::Unknown;
        }
        for gate in &attempt.gates {
            let ending = self.at(gate);
            if ending != Ending::Allowed {
                return ending;
            }
        }
        attempt.ends.map_or(Ending::Allowed, Ending::Error)
    }

    /// `Allowed` when the gate lets it through.
    fn at(&self, gate: &Gate) -> Ending {
        match gate {
            Gate::Call(name, arguments) => match self.facts.world.seccomp.lets((name, *arguments)).truth {
                Truth::Yes => Ending::Allowed,
                Truth::No => self.facts.world.refused.map_or(Ending::Unknown, |refused| refused((name, *arguments))),
                Truth::Unknown => Ending::Unknown,
            },
            Gate::Needs(groups, error) => {
                let all = |group: &Vec<Term>| group.iter().fold(Truth::Yes, |truth, term| truth.and(self.term(*term)));
                let best = groups.iter().map(all).max().unwrap_or(Truth::Yes);
                end(best, error)
            }
            Gate::Lsm(asked) => {
                end(self.facts.term(Term { name: "lsm", value: asked, negated: false }).truth, "EACCES")
            }
        }
    }

    fn term(&self, term: Term) -> Truth {
        let truth = self.plain(term);
        if term.negated { !truth } else { truth }
    }

    fn plain(&self, term: Term) -> Truth {
        let fact = |name, value| self.facts.term(Term { name, value, negated: false }).truth;
        match term.name {
            "own" => fact("cap", term.value).and(fact("lsm-cap", term.value)),
            "host" => self.plain(Term { name: "own", ..term }).and(fact("userns", "")),
            "outer" => fact("userns", ""),
            "trace-host" => self.plain(Term { name: "host", value: "SYS_PTRACE", negated: false }),
            "trace-neighbour" => {
                let alike = fact("usual-rights", "").and(fact("userns", ""));
                alike.max(self.plain(Term { name: "trace-host", ..term }))
            }
            "mounted" => self.mounted(term.value, false),
            "writable" => self.mounted(term.value, true),
            // A volume is mounted so that its owners are those of the pod's user namespace, where the runtime can do so.
            "as-owner" => fact("userns", "").max(self.setting("idmapped-volumes")),
            "machine" => self.setting(term.value),
            "has" => self.machine.has(term.value).map_or(Truth::Unknown, Truth::from),
            name => fact(name, term.value),
        }
    }

    fn setting(&self, name: &str) -> Truth {
        self.machine.setting(name).map_or(Truth::Unknown, Truth::from)
    }

    /// Whether a folder of the host is mounted, by itself or in one around it.
    fn mounted(&self, wanted: &str, to_write: bool) -> Truth {
        let joined;
        let wanted = match wanted.strip_prefix('@') {
            Some(rest) => {
                joined = [self.machine.canary, rest].concat();
                &joined
            }
            None => wanted,
        };
        let mut truth = Truth::No;
        for mount in self.facts.mounts.iter() {
            truth = truth.max(match to_write {
                _ if mount.is_doubtful(wanted, to_write) => Truth::Unknown,
                false => Truth::from(mount.holds(wanted)),
                true => mount.writes(wanted),
            });
        }
        truth
    }
}

fn end(truth: Truth, error: &'static str) -> Ending {
    match truth {
        Truth::Yes => Ending::Allowed,
        Truth::No => Ending::Error(error),
        Truth::Unknown => Ending::Unknown,
    }
}
