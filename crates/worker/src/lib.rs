//! The engine as a web worker and as the JavaScript package.
//!
//! The page depends on this crate without the feature `engine`, for the [`message`]s alone.

pub mod message;
