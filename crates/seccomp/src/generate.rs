//! Profiles made of what a program was seen to do.

mod trace;

pub use trace::{Form, MAX_UNREAD, Seen, Trace, Unread, Why};
