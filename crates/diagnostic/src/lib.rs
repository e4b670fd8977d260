//! What every analysis is asked and what it says: settings, rules, findings, fixes and the report.
//!
//! Everything here is plain data. An analyser makes [`Finding`]s with byte spans and symbolic [`Fix`]es; the engine
//! turns them into a [`report::Report`] for a reader outside, in that reader's encoding.

pub mod ask;
mod finding;
mod fix;
mod level;
mod listed;
mod location;
mod node;
pub mod report;
mod rule;
mod settings;
mod severity;
pub mod share;
mod version;

pub use finding::{Finding, MOST_ALIKE};
pub use fix::{Fix, Operation, Rewrite, Safety};
pub use level::Level;
pub use listed::{joined, listed};
pub use location::{FileId, Location, Route, Step};
pub use node::{NodeArch, NodeSettings, Release, Runtime};
pub use rule::{Category, RuleMeta, Source, Standard};
pub use settings::Settings;
pub use severity::{Confidence, Severity};
pub use version::{KubeVersion, ParseVersionError};
