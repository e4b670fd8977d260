//! Falco rules as the Falco engine reads them.
//!
//! The engine meant is Falco's main branch after 0.44 (engine 0.63.0).

pub mod compile;
pub mod condition;
pub mod coverage;
pub mod evaluate;
pub mod events;
pub mod fields;
pub mod generate;
pub mod lint;
pub mod matchers;
pub mod restore;
pub mod rules;
#[cfg(test)]
mod testing;
pub mod words;
