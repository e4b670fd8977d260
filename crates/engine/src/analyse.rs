use watertight_diagnostic::Settings;
use watertight_diagnostic::report::{Report, VERSION};
use watertight_text::Encoding;

/// A text with the name to call it by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Input<'t> {
    /// File name, or what the page calls the tab.
    pub name: &'t str,
    /// The text. Bytes that are no UTF-8 have to be replaced by whoever read them.
    pub text: &'t str,
}

/// Analyses a set of files together. Offsets in the report count in `encoding`.
pub fn analyse(files: &[Input<'_>], settings: &Settings, encoding: Encoding) -> Report {
    let _ = files;
    Report {
        v: VERSION,
        encoding,
        settings: *settings,
        files: Vec::new(),
        findings: Vec::new(),
        suppressed: Vec::new(),
        pods: Vec::new(),
        checklist: Vec::new(),
    }
}
