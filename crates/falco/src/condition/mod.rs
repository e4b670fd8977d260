//! The condition language: reading it, and what has been read.

mod lex;
mod parse;
mod print;
mod tree;
mod unescape;

pub use lex::{ParseError, line_and_column};
pub use parse::{FILTER_DEPTH, RULE_DEPTH, parse, parse_operand};
pub use print::print;
pub use tree::*;
