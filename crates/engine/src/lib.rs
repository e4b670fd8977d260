//! Can what is inside this container get out? The analysis behind the page, the program and the package.
//!
//! The engine takes texts and settings and gives plain data. It does no input or output, reads no clock and starts no
//! thread, so it cannot fail but by saying so in its result.

mod analyse;
mod harden;

pub use analyse::{Input, analyse};
pub use harden::harden;
pub use watertight_diagnostic as diagnostic;
pub use watertight_text as text;
