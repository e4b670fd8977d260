//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

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

/// The folder with the tables of the real enforcers, if there is one.
pub fn corpus() -> Option<PathBuf> {
    let folder = match std::env::var_os("WATERTIGHT_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => root().join("../shared/corpus"),
    };
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

/// The workspace's `Cargo.toml`.
pub fn manifest() -> Result<toml::Table> {
    let path = root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.parse()?)
}
