//! What the tests of this crate share.

use std::path::PathBuf;

/// A file of the corpus, when `WATERTIGHT_CORPUS` names one.
pub(crate) fn corpus(path: &str) -> Option<String> {
    let root = PathBuf::from(std::env::var_os("WATERTIGHT_CORPUS")?);
    std::fs::read_to_string(root.join(path)).ok()
}
