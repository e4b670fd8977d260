//! Building and serving the page.

use std::fs;

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::Tools;
use crate::workspace;

/// Builds the page as it is published, into `dist`.
pub fn build(tools: &Tools) -> Result<()> {
    build_in(&tools.shell()?)
}

/// The same with the environment of a shell.
pub fn build_in(sh: &Shell) -> Result<()> {
    // Trunk copies snippets that an older build left there into every later one.
    let stale = workspace::target().join("wasm-bindgen");
    if stale.is_dir() {
        fs::remove_dir_all(stale)?;
    }
    cmd!(sh, "trunk build --release --public-url ./").quiet().run()?;
    Ok(())
}

/// Builds the page and serves it on this machine until stopped.
pub fn serve() -> Result<()> {
    let tools = Tools::install()?;
    let sh = tools.shell()?;
    println!("The page will be at http://127.0.0.1:8080/ (stop with Ctrl+C)");
    // The script that reloads the page by itself is inline, and the page's content policy refuses inline scripts.
    cmd!(sh, "trunk serve --release --no-autoreload true --address 127.0.0.1 --port 8080").quiet().run()?;
    Ok(())
}
