//! The JavaScript package: the engine as one WebAssembly module, the functions around it, and their types.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use xshell::cmd;

use crate::tools::Tools;
use crate::workspace;

/// Builds the package and says where it is.
pub fn run() -> Result<()> {
    let folder = build(&Tools::install()?)?;
    println!("The JavaScript package is in {}; `npm pack` there makes the archive.", folder.display());
    Ok(())
}

/// Builds the package as it is published.
pub fn build(tools: &Tools) -> Result<PathBuf> {
    let folder = workspace::target().join("javascript");
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let sh = tools.shell()?;
    let build = ["build", "--locked", "--profile", "wasm-engine", "--target", "wasm32-unknown-unknown"];
    cmd!(sh, "cargo {build...} --package watertight-worker --bin engine").quiet().run()?;
    let module = workspace::target().join("wasm32-unknown-unknown/wasm-engine/engine.wasm");
    let bindgen = ["--target", "web", "--no-typescript", "--out-name", "engine"];
    cmd!(sh, "wasm-bindgen {bindgen...} --out-dir {folder} {module}").quiet().run()?;
    let engine = folder.join("engine_bg.wasm");
    cmd!(sh, "wasm-opt -Os --one-caller-inline-max-function-size 50 --output {engine} {engine}").quiet().run()?;
    let root = workspace::root();
    for entry in fs::read_dir(root.join("crates/worker/npm"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    fs::copy(root.join("static/watertight.d.ts"), folder.join("report.d.ts"))?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root.join(licence), folder.join(licence))?;
    }
    Ok(folder)
}
