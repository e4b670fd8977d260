//! How much a first visit loads, against the budget that is checked in.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tools::Tools;
use crate::{page, workspace};

/// How far a file may grow before the budget has to be written anew, on purpose and in sight of a reviewer: a hundredth,
/// and the few bytes by which a file name with another hash packs differently.
fn room(budget: i64) -> f64 {
    budget as f64 * 1.01 + 200.0
}

/// Bytes of one file.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds the page and compares.
pub fn compare() -> Result<()> {
    page::build(&Tools::install()?)?;
    compare_built()
}

/// Compares the page as it was built last.
pub fn compare_built() -> Result<()> {
    let measured = measure()?;
    print!("{}", table(&measured));
    let budget: toml::Table = fs::read_to_string(budget_file()).context("no budget; run size --write")?.parse()?;
    let mut over = Vec::new();
    for (name, size) in &measured {
        let allowed = budget.get(name).and_then(|row| row.get("brotli")).and_then(toml::Value::as_integer);
        match allowed {
            Some(allowed) if size.brotli as f64 <= room(allowed) => {}
            Some(allowed) => over.push(format!("{name}: {} bytes of brotli, the budget says {allowed}", size.brotli)),
            None => over.push(format!("{name}: not in the budget")),
        }
    }
    for (name, promised) in [("first load", 250_000), ("first load with editor", 400_000)] {
        let size = measured.get(name).copied().unwrap_or_default().brotli;
        println!("promise, {name}: at most {promised} bytes of brotli; {size}");
        if size > promised {
            over.push(format!("{name}: {size} bytes of brotli, the promise says {promised}"));
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    bail!("too large; if it is worth it, run \"cargo xtask size --write\" and say why:\n{}", over.join("\n"))
}

/// Builds the page and writes its sizes as the new budget.
pub fn write() -> Result<()> {
    page::build(&Tools::install()?)?;
    let measured = measure()?;
    let mut text = String::from("# Bytes of the built page. Written by `cargo xtask size --write`, compared by CI.\n");
    for (name, size) in &measured {
        text.push_str(&format!("\n[\"{name}\"]\nraw = {}\ngzip = {}\nbrotli = {}\n", size.raw, size.gzip, size.brotli));
    }
    fs::write(budget_file(), text)?;
    print!("{}", table(&measured));
    Ok(())
}

fn budget_file() -> PathBuf {
    workspace::root().join("tests/size-budget.toml")
}

/// Every file of the page by what it is for, and the sums: the two that we promise, and what comes behind them.
fn measure() -> Result<BTreeMap<String, Size>> {
    let dist = workspace::root().join("dist");
    let mut files = Vec::new();
    walk(&dist, &mut files)?;
    let mut sizes: BTreeMap<String, Size> = BTreeMap::new();
    for file in files {
        let bytes = fs::read(&file)?;
        let name = file.strip_prefix(&dist)?.to_string_lossy().replace('\\', "/");
        let size = Size { raw: bytes.len(), gzip: gzip(&bytes)?, brotli: brotli(&bytes)? };
        let sums: &[&str] = match part(&name) {
            Part::First => &["first load", "first load with editor"],
            Part::Editor => &["first load with editor"],
            Part::Engine => &["whole engine"],
            // A row of its own says how large it is.
            Part::Late | Part::Later => &[],
        };
        for sum in sums.iter().copied().map(String::from).chain([unhashed(&name)]) {
            let total = sizes.entry(sum).or_default();
            total.raw += size.raw;
            total.gzip += size.gzip;
            total.brotli += size.brotli;
        }
    }
    Ok(sizes)
}

/// When a file is loaded.
enum Part {
    /// Before the first report can be read.
    First,
    /// Meanwhile; a plain text field stands in for it.
    Editor,
    /// Behind the first report, or when a text or a question takes more than the first part of the engine.
    Engine,
    /// Behind the first report, or when a panel or a tool is opened before.
    Late,
    /// On request alone.
    Later,
}

fn part(name: &str) -> Part {
    let file = name.rsplit('/').next().unwrap_or(name);
    if file.starts_with("editor") {
        return Part::Editor;
    }
    if file.starts_with("engine") {
        return Part::Engine;
    }
    if ["late", "panels", "tools"].iter().any(|start| file.starts_with(start)) {
        return Part::Late;
    }
    // What is asked for on request alone: examples other than the first, lessons, languages, the schema and types for other programs.
    let page_of_its_own = ["privacy", "embed", "pages", "watertight-playground", "icon-", "card."]
        .iter()
        .any(|start| name.starts_with(start));
    let later = page_of_its_own
        || name.starts_with("examples")
        || name.starts_with("lessons/")
        || name.starts_with("languages/")
        || name.ends_with(".d.ts")
        || name.ends_with(".schema.json")
        || name == "service-worker.js";
    if later { Part::Later } else { Part::First }
}

/// The name without the hash that the build puts into it, so that rows keep their names.
fn unhashed(name: &str) -> String {
    let is_hash = |piece: &str| piece.len() >= 16 && piece.bytes().all(|b| b.is_ascii_hexdigit());
    let (stem, rest) = name.split_once('.').unwrap_or((name, ""));
    let mut pieces: Vec<&str> = stem.split('-').filter(|piece| !is_hash(piece)).collect();
    // `app-0123456789abcdef_bg.wasm`: the hash stands before an underscore.
    let tail = pieces.pop().unwrap_or_default();
    let (head, suffix) = tail.split_once('_').unwrap_or((tail, ""));
    let tail = if is_hash(head) { format!("_{suffix}") } else { tail.to_owned() };
    let stem = match pieces.is_empty() {
        true => tail,
        false if tail.starts_with('_') => format!("{}{tail}", pieces.join("-")),
        false => format!("{}-{tail}", pieces.join("-")),
    };
    if rest.is_empty() { stem } else { format!("{stem}.{rest}") }
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &settings)?;
    Ok(out.len())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{} is not built: `cargo xtask build` makes it", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn table(sizes: &BTreeMap<String, Size>) -> String {
    let mut text = format!("{:<44} {:>10} {:>10} {:>10}\n", "file", "raw", "gzip", "brotli");
    for (name, size) in sizes {
        text.push_str(&format!("{name:<44} {:>10} {:>10} {:>10}\n", size.raw, size.gzip, size.brotli));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::unhashed;

    #[test]
    fn hashes_are_left_out() {
        for (name, plain) in [
            ("app-0123456789abcdef_bg.wasm", "app_bg.wasm"),
            ("app-0123456789abcdef.js", "app.js"),
            ("worker.js", "worker.js"),
            ("page-0123456789abcdef0123.css", "page.css"),
            ("snippets/web-0123456789abcdef/inline0.js", "snippets/web-0123456789abcdef/inline0.js"),
            ("index.html", "index.html"),
        ] {
            assert_eq!(unhashed(name), plain);
        }
    }
}
