//! The condition language: reading it, and what has been read.

mod tree;

pub use tree::*;
