//! A report as other programs and people read it.

use serde::{Deserialize, Serialize};

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Markdown, for an issue or a pull request.
    Markdown,
}
