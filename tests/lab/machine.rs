//! What the lab needs of a machine.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Why the lab cannot run here at all.
pub(crate) fn fits() -> Result<(), String> {
    if OS != "linux" {
        return Err(format!("it loads filters into a Linux kernel, and this is {OS}"));
    }
    if ARCH != "x86_64" {
        return Err(format!("it asks by the calls of x86_64, and this is {ARCH}"));
    }
    let status = fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let is_root = status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"));
    if is_root { Ok(()) } else { Err("it starts containers, which takes root".to_owned()) }
}

/// What the environment says of a number: `WATERTIGHT_CASES`, `WATERTIGHT_SEED`.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// A folder for what the lab builds and writes, made anew.
pub(crate) fn folder(name: &str) -> Result<PathBuf, String> {
    let folder = env_target().join("lab").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Beside this program, below cargo's folder for what it builds.
fn env_target() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.ancestors().nth(3).map_or_else(std::env::temp_dir, PathBuf::from)
}

/// Looks whether the machine has these programs.
pub(crate) fn has(programs: &[&str]) -> Result<(), String> {
    let is_missing = |program: &&&str| Command::new(program).arg("--version").output().is_err();
    let missing: Vec<&str> = programs.iter().filter(is_missing).copied().collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("there is no {}", missing.join(", no "))) }
}

/// Runs a program that has to succeed, and gives what it printed.
pub(crate) fn succeed(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
