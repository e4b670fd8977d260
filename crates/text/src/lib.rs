//! Places in a text and changes of it: the ground floor that every other crate stands on.
//!
//! Offsets are byte offsets into UTF-8 everywhere inside the project. A reader that counts in another unit (a browser
//! counts UTF-16 code units, a terminal counts lines and columns) converts once, at its border, with [`Offsets`] or
//! [`Positions`].
//!
//! Beside them stand helpers of a few lines that every crate may need: the known name that a misspelt one was meant to be
//! ([`nearest`]), sorting and growing lists in one copy of the code ([`sort`], [`few`]), how much is read of a text and kept of
//! it ([`MAX_BYTES`], [`shortened`]), and text inside of XML ([`xml`]).

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
pub use nearest::{nearest, nearest_within};
pub use positions::{Position, Positions};
pub use span::Span;
