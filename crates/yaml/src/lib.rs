//! YAML and JSON as Kubernetes reads them.
//!
//! [`parse`] never fails: it gives a [`Stream`] of documents, each with a tree of [`Node`]s that know their bytes, with
//! its comments and with its [`Problem`]s. Values are those that `sigs.k8s.io/yaml` computes (go-yaml v2: YAML 1.1
//! scalars, merge keys, the last of two equal keys), because a reader that differs can be deceived.
//!
//! [`edit::plan`] turns symbolic operations into text edits that touch nothing but the places they name.

mod binary;
mod build;
mod divide;
pub mod edit;
mod explain;
mod float;
mod invisible;
mod json;
mod parse;
mod plain;
mod problem;
mod scalar;
mod tabs;
mod template;
mod tree;

pub use binary::is_binary;
pub use parse::{Limits, parse, parse_plain, parse_with};
pub use problem::{Problem, ProblemKind};
pub use scalar::{Scalar, ScalarStyle};
pub use tree::{CollectionStyle, Comment, Document, Entry, Kind, Node, Stream};
