//! The tools that the page and its tests need, installed when they are missing.
//!
//! Rust tools are built once into a cache folder outside the checkout (`WATERTIGHT_TOOLS`, else the user's cache folder),
//! in a folder named for their version, so that another version elsewhere on the machine does no harm. npm packages come
//! from the lock files in the checkout. Chromium is Debian's.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::workspace;

/// Trunk, pinned: newer ones want a newer compiler.
const TRUNK: &str = "0.21.14";

/// mdBook, which builds the book of `examples/` in a test.
const MDBOOK: &str = "0.5.4";

/// The oldest Node.js that the page's tools and tests run on.
const NODE: u32 = 20;

/// The folder of Lighthouse, which `cargo xtask lighthouse` installs.
pub const LIGHTHOUSE: &str = "tests/lighthouse";

/// What has been found or installed.
pub struct Tools {
    /// Where the tools are, in front of everything else.
    pub path: OsString,
}

impl Tools {
    /// Installs what is missing and says so.
    pub fn install() -> Result<Self> {
        let sh = workspace::shell()?;
        wasm_target(&sh)?;
        let wasm_bindgen = wasm_bindgen_version()?;
        let mut folders = vec![
            cargo_tool(&sh, "wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen, &["--no-default-features"])?,
            cargo_tool(&sh, "trunk", "trunk", TRUNK, &["--no-default-features", "--features", "rustls"])?,
        ];
        folders.extend(npm_packages(&sh, |lock| !lock.starts_with("tests/"))?);
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        Ok(Self { path: env::join_paths(folders)? })
    }

    /// A shell in the root of the checkout that finds the tools.
    pub fn shell(&self) -> Result<Shell> {
        let sh = workspace::shell()?;
        sh.set_var("PATH", &self.path);
        Ok(sh)
    }
}

/// Installs the tools of the page and of its tests.
pub fn set_up() -> Result<()> {
    let sh = Tools::install()?.shell()?;
    npm_packages_of_tests(&sh)?;
    mdbook(&sh)?;
    chromium(&sh)
}

/// The program mdBook, without its server and its search.
pub fn mdbook(sh: &Shell) -> Result<PathBuf> {
    Ok(cargo_tool(sh, "mdbook", "mdbook", MDBOOK, &["--no-default-features"])?.join("mdbook"))
}

/// The one pin of wasm-bindgen, in the workspace's `Cargo.toml`: crate and program must be of the same version.
pub fn wasm_bindgen_version() -> Result<String> {
    let manifest = workspace::manifest()?;
    let pin = manifest
        .get("workspace")
        .and_then(|w| w.get("dependencies"))
        .and_then(|d| d.get("wasm-bindgen"))
        .and_then(|pin| pin.as_str().or_else(|| pin.get("version").and_then(|v| v.as_str())))
        .and_then(|pin| pin.strip_prefix('='))
        .context("Cargo.toml does not pin wasm-bindgen with \"=\"")?;
    Ok(pin.to_owned())
}

fn wasm_target(sh: &Shell) -> Result<()> {
    let libraries = cmd!(sh, "rustc --print target-libdir --target wasm32-unknown-unknown").quiet().read()?;
    if Path::new(&libraries).is_dir() {
        return Ok(());
    }
    say("the Rust target wasm32-unknown-unknown");
    cmd!(sh, "rustup target add wasm32-unknown-unknown").quiet().run().context(
        "Please install the Rust target wasm32-unknown-unknown: with rustup, or as your system offers it (on Debian 12: \
         rustc-web, cargo-web and rust-web-src, whose library/sysroot has to be built for the target once).",
    )
}

/// Builds a program from crates.io into the cache, quickly rather than well: it is only a build tool.
fn cargo_tool(sh: &Shell, package: &str, program: &str, version: &str, flags: &[&str]) -> Result<PathBuf> {
    let root = cache()?.join(format!("{package}-{version}"));
    let folder = root.join("bin");
    if folder.join(program).is_file() {
        return Ok(folder);
    }
    say(&format!("{package} {version} (built from crates.io, some minutes)"));
    let spec = format!("{package}@{version}");
    let _settings = [
        sh.push_env("CARGO_PROFILE_RELEASE_LTO", "off"),
        sh.push_env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        sh.push_env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
        sh.push_env("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ];
    // In the checkout, its settings would apply to the tool.
    let _away = sh.push_dir(env::temp_dir());
    cmd!(sh, "cargo install {spec} --locked {flags...} --root {root}").env_remove("CARGO_TARGET_DIR").quiet().run()?;
    Ok(folder)
}

/// Installs what the tests alone need from npm.
pub fn npm_packages_of_tests(sh: &Shell) -> Result<()> {
    // Lighthouse is large, and a command of its own.
    npm_packages(sh, |lock| lock.starts_with("tests/") && !lock.starts_with(LIGHTHOUSE)).map(drop)
}

/// Installs the packages of the wanted lock files in the checkout; gives the folders of their programs.
fn npm_packages(sh: &Shell, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let locks = cmd!(sh, "git ls-files --cached --others --exclude-standard *package-lock.json")
        .quiet()
        .ignore_stderr()
        .read()
        .context("the lock files of npm are listed by git: this needs git, and a checkout of it")?;
    let has_npm = || cmd!(sh, "npm --version").quiet().ignore_stderr().read().is_ok();
    if !locks.is_empty() && (node(sh) < Some(NODE) || !has_npm()) {
        bail!("Please install Node.js {NODE} or newer with npm (on Debian: apt-get install nodejs npm).");
    }
    let mut folders = Vec::new();
    for lock in locks.lines().filter(|lock| wanted(lock)).map(|lock| workspace::root().join(lock)) {
        let folder = lock.parent().context("a lock file has a folder")?.to_owned();
        let installed = folder.join("node_modules/.package-lock.json");
        if modified(&installed) < modified(&lock) {
            say(&format!("npm packages of {}", folder.display()));
            let _there = sh.push_dir(&folder);
            cmd!(sh, "npm ci --no-audit --no-fund --ignore-scripts").quiet().run()?;
        }
        folders.push(folder.join("node_modules/.bin"));
    }
    Ok(folders)
}

/// The version of Node.js, if there is one.
fn node(sh: &Shell) -> Option<u32> {
    let version = cmd!(sh, "node --version").quiet().ignore_stderr().read().ok()?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Installs the packages of one folder of the checkout.
pub fn npm_packages_in(sh: &Shell, folder: &str) -> Result<()> {
    npm_packages(sh, |lock| lock.strip_suffix("/package-lock.json") == Some(folder)).map(drop)
}

/// Chromium and its driver, for the tests in a browser.
pub fn chromium(sh: &Shell) -> Result<()> {
    debian(sh, &["chromium", "chromedriver"], "chromium chromium-driver")
}

/// runc and the programs that the lab runs in containers.
pub fn containers(sh: &Shell) -> Result<()> {
    let programs = ["runc", "strace", "cc", "nginx", "python3", "busybox", "apparmor_parser"];
    debian(sh, &programs, "runc strace gcc libc6-dev nginx-light python3 busybox-static apparmor")
}

/// Installs packages where one of their programs is missing and that is ours to do, and else asks for them.
fn debian(sh: &Shell, programs: &[&str], packages: &str) -> Result<()> {
    let there =
        |program: &&str| ["/usr/bin", "/usr/sbin"].iter().any(|folder| Path::new(folder).join(program).is_file());
    let missing: Vec<&str> = programs.iter().filter(|program| !there(program)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let ask = format!(
        "Please install {}, in /usr/bin or /usr/sbin (on Debian: apt-get install {packages}).",
        missing.join(", ")
    );
    if cmd!(sh, "id -u").quiet().read().ok().as_deref() != Some("0") || !there(&"apt-get") {
        bail!("{ask}");
    }
    say(&format!("{packages} (Debian's packages)"));
    let install = format!("apt-get update -qq && apt-get install -y -qq --no-install-recommends {packages}");
    cmd!(sh, "sh -c {install}").env("DEBIAN_FRONTEND", "noninteractive").quiet().ignore_stdout().run().context(ask)
}

fn cache() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("WATERTIGHT_TOOLS") {
        return Ok(PathBuf::from(folder));
    }
    let user = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .context("neither WATERTIGHT_TOOLS nor XDG_CACHE_HOME nor HOME says where tools may be kept")?;
    Ok(user.join("watertight/tools"))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

fn say(what: &str) {
    eprintln!("installing {what}");
}
