//! Everything that holds a pod, read into one model that knows its source.
//!
//! [`read`] walks a stream of documents and gives every object in it, each pod among them as a [`Pod`] whose fields know
//! the bytes they were read from, and the [`Problem`]s met on the way: wrong types, unknown fields, missing names. A
//! problem never ends the reading.

mod budget;
mod check;
pub mod compose;
mod container;
pub mod effective;
mod engine;
mod field;
mod frame;
pub mod gates;
mod kinds;
mod meant;
mod model;
mod names;
mod neighbours;
mod newcomers;
pub mod oci;
mod pod;
mod problem;
pub mod quantity;
mod rare;
mod read;
pub mod restore;
pub mod run;
mod schedule;
pub mod schema;
mod security;
mod shape;
mod statements;
mod syntax;
mod validate;
mod value;
pub mod wish;
mod workload;

pub use field::{Field, Site};
pub use frame::Frame;
pub use model::*;
pub use names::Names;
pub use neighbours::{Known, Neighbours, User};
pub use problem::{Problem, ProblemKind, Versions};
pub use rare::{Part, Rare};
pub use read::{ByShape, read, read_with};
pub use statements::Statements;
pub use syntax::{Engine, EngineOptions, OpenDevices, Syntax};
