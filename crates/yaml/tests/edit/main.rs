//! The edit planner: a table of texts before and after, properties of generated documents, another editor's answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod oracle;
mod properties;
mod reference;
mod table;
