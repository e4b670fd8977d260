//! Profiles made of what a program was seen to do, of other profiles, and of less than there was.

mod build;
mod combine;
mod draft;
mod equivalents;
mod minimise;
mod start;
mod trace;
mod write;

pub use build::{Wish, build};
pub use combine::{Merged, merge, trim};
pub use draft::{Draft, Entry};
pub use minimise::minimise;
pub use start::{Starter, start_calls};
pub use trace::{Form, MAX_UNREAD, Seen, Trace, Unread, Why};
pub use write::Format;
