//! The engine as a web worker and as the JavaScript package.
//!
//! The page depends on this crate without the feature `engine`, for the [`message`]s alone.

#[cfg(feature = "engine")]
mod handle;
pub mod json;
pub mod message;

#[cfg(feature = "engine")]
pub use handle::{answer, handle, ready};
