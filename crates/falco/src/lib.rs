//! Falco rules as the Falco engine reads them.
//!
//! The engine meant is Falco's main branch after 0.44 (engine 0.63.0).

pub mod condition;
pub mod fields;
#[cfg(test)]
mod testing;
