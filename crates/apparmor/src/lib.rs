//! AppArmor profiles, read as `apparmor_parser` reads them.
//!
//! [`tree`] is the syntax as written, [`policy`] what it means once includes, variables and conditions are worked in.

pub mod policy;
pub mod tree;
