//! AppArmor profiles, read as `apparmor_parser` reads them.
//!
//! [`parse`] gives the syntax as written ([`tree`]) and what does not follow the grammar. [`policy`] is what a text means
//! once includes, variables and conditions are worked in.

pub mod decide;
pub mod defaults;
pub mod generate;
pub mod glob;
pub mod label;
mod lex;
pub mod lint;
pub mod names;
pub mod parse;
pub mod policy;
pub mod reason;
pub mod refusal;
mod refuse;
pub mod resolve;
pub mod shipped;
pub mod spo;
pub mod start;
pub mod tree;

pub use parse::{Parsed, parse};
pub use refusal::{Code, Refusal};
pub use resolve::{Found, Includes, Presence, Resolved, resolve};
pub use shipped::{Given, Shipped};
