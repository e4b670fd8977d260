//! What a process in the container would get if it tried: the same facts as the map's, down to the error of the kernel.
//!
//! The map says of a way whether it is open; an attempt is one step of it that can be made and watched. The laboratory
//! makes each of them in real containers, which is how the facts of the map are proved.
//!
//! They stand in `data/attempts.txt`: one a paragraph, its id first, then lines of a word and a value, in the order in
//! which the kernel looks. The first line that does not hold decides the error.
//!
//! | word | value |
//! | --- | --- |
//! | `does` | what it tries, after "It tries to" |
//! | `call` | a system call that has to pass the seccomp filter, with its first arguments; the filter names the error |
//! | `needs … else ERROR` | facts with a bar between them of which one is enough; `&` joins facts that all have to hold |
//! | `lsm` | what AppArmor or SELinux has to let pass; the error is EACCES |
//! | `ends` | the error that it ends with when all rights are there, because it is made not to do harm |
//! | `shows` | the way out that it is a step of: while the way is open, the attempt is let through |
//!
//! Facts are those of the ways out and these:
//!
//! | fact | it holds when |
//! | --- | --- |
//! | `own:CAP` | it holds the capability in its own user namespace |
//! | `host:CAP` | it holds it in the first one, of which the host is |
//! | `outer` | root inside is root outside |
//! | `trace-host`, `trace-neighbour` | it may look into a process of the host with all rights, with those of a usual container |
//! | `mounted:PATH`, `writable:PATH` | that folder of the host is mounted; `@` is the folder of the machine's [`Machine::canary`] |
//! | `as-owner` | files of the host's root are its own in that folder |
//! | `machine:SETTING` | the host is set so |
//! | `has:ATTEMPT` | the host's kernel has what the attempt needs at all |

mod decide;
mod machine;
mod read;

use std::sync::OnceLock;

pub use decide::{Foreseen, foresee};
pub use machine::Machine;

use crate::technique::Term;

/// Something that a process may try.
#[derive(Clone, PartialEq, Debug)]
pub struct Attempt {
    /// Stable id.
    pub id: &'static str,
    /// What it tries, after "It tries to".
    pub does: &'static str,
    /// What the kernel looks at, in order.
    pub gates: Vec<Gate>,
    /// The error that it ends with when nothing stops it; `None` when it succeeds.
    pub ends: Option<&'static str>,
    /// The way out that it is a step of.
    pub shows: Option<&'static str>,
}

/// One thing that the kernel looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Gate {
    /// The seccomp filter, with a call and its arguments.
    Call(&'static str, [u64; 6]),
    /// Facts: one of the groups has to hold as a whole, or the attempt ends with the error.
    Needs(Vec<Vec<Term>>, &'static str),
    /// The security module.
    Lsm(&'static str),
}

/// How an attempt ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It succeeds.
    Allowed,
    /// It fails with the error of this name.
    Error(&'static str),
    /// The process is ended by the signal SIGSYS.
    Killed,
    /// Nobody can tell.
    Unknown,
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Allowed => "allowed",
            Self::Error(name) => name,
            Self::Killed => "SIGSYS",
            Self::Unknown => "unknown",
        })
    }
}

/// Every known attempt.
pub fn all() -> &'static [Attempt] {
    static ALL: OnceLock<Vec<Attempt>> = OnceLock::new();
    ALL.get_or_init(|| read::read(include_str!("../../data/attempts.txt")))
}
