//! Which ways out of a container are open, and which layer closes each of the others.
//!
//! A [`World`] holds what is known: the pod, the node, how its profiles answer. [`map`] asks every [`Technique`] what it
//! needs, layer by layer, and says of each layer whether it stops it, does not, or cannot be known, with the line that is
//! the evidence. What is open leads on to outcomes; [`chain`] puts the ways there into words. [`attempt`] says of the steps of
//! a way how each ends when a process tries it, so that containers can prove the facts.

pub mod attempt;
pub mod chain;
mod facts;
mod judge;
mod known;
mod map;
pub mod rights;
pub mod technique;
mod versions;
mod world;

pub use facts::DANGEROUS;
pub use judge::{Answer, Cell, Judged, State};
pub use known::{Evidence, Known, Truth};
pub use map::{Map, Way, map};
pub use technique::{Effort, Outcome, Technique};
pub use versions::Bug;
pub use watertight_diagnostic::ask::escape::{Layer, Lsm};
pub use world::{Access, Bound, Component, Confined, Node, Noted, Operation, Refused, World};
