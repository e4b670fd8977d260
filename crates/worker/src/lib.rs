//! The engine behind messages: as a web worker and as the JavaScript package.
//!
//! The page depends on this crate without features, for the [`message`]s and their packing alone. The feature `first` adds the
//! part of the engine that the page fetches first, `engine` the whole of it.

#[cfg(feature = "first")]
mod first;
#[cfg(feature = "engine")]
mod handle;
pub mod message;
pub mod pack;

#[cfg(feature = "first")]
pub use first::{fetching, handle_first, ready};
#[cfg(feature = "engine")]
pub use handle::{answer, handle, handle_packed};
