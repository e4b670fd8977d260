//! Places in a text and changes of it: the ground floor that every other crate stands on.
//!
//! Offsets are byte offsets into UTF-8 everywhere inside the project. A reader that counts in another unit (a browser
//! counts UTF-16 code units, a terminal counts lines and columns) converts once, at its border, with [`Offsets`] or
//! [`Positions`].

mod edit;
mod encoding;
pub mod few;
mod limit;
mod line_index;
mod lines;
mod nearest;
mod positions;
pub mod sort;
mod span;
pub mod xml;

pub use edit::{ApplyError, Edit, apply};
pub use encoding::{Encoding, Offsets};
pub use limit::{MAX_BYTES, megabytes, shorten, shortened};
pub use line_index::LineIndex;
pub use lines::lines;
pub use nearest::nearest;
pub use positions::{Position, Positions};
pub use span::Span;
