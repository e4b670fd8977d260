//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::Shell;

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Names the folder with the tables of the real enforcers, for every program that is run.
const CORPUS: &str = "WATERTIGHT_CORPUS";

/// The folder with the tables of the real enforcers, if there is one.
///
/// # Errors
/// When the environment names one that is not there: a slip would pass for a machine without tables.
pub fn corpus() -> Result<Option<PathBuf>> {
    let named = std::env::var_os(CORPUS).map(PathBuf::from);
    let is_folder = |folder: &PathBuf| folder.is_dir();
    let beside = || root().join("../shared/corpus").canonicalize().ok().filter(is_folder);
    match named {
        None => Ok(beside()),
        // Programs run in other folders.
        Some(folder) => match folder.canonicalize().ok().filter(is_folder) {
            Some(folder) => Ok(Some(folder)),
            None => bail!("{CORPUS} names {}, which is no folder", folder.display()),
        },
    }
}

/// A shell in the root of the checkout, whose programs find the tables.
pub fn shell() -> Result<Shell> {
    let sh = Shell::new()?;
    sh.change_dir(root());
    if let Some(corpus) = corpus()? {
        sh.set_var(CORPUS, corpus);
    }
    Ok(sh)
}

/// The workspace's `Cargo.toml`.
pub fn manifest() -> Result<toml::Table> {
    let path = root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.parse()?)
}
