//! The `apparmor_parser` of this machine, and texts made at random to ask it about.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Dice;

/// A text with a few characters changed; lines of comment are left away.
pub fn changed(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.chars().chain(['\n']))
        .collect();
    for _ in 0..1 + dice.roll(3) {
        let at = dice.roll(letters.len());
        match dice.roll(4) {
            0 => drop(letters.drain(at..letters.len().min(at + 1))),
            1 => letters.insert(
                at,
                dice.pick(&[
                    " ", ",", "{", "}", "(", ")", "=", "\"", "\\", "->", "@", "@{X}", "\n", "!", "/", "r", "w", "x",
                    ":", "&", "[", "]", "*", "^", "$", "<", "é",
                ])
                .chars()
                .next()
                .unwrap_or(' '),
            ),
            2 => {
                let other = dice.roll(letters.len());
                if at < letters.len() {
                    letters.swap(at, other);
                }
            }
            _ => {
                if let Some(&letter) = letters.get(at) {
                    letters.insert(at, letter);
                }
            }
        }
    }
    letters.into_iter().collect()
}

/// What the parser of this machine says of a text: whether it accepts, and its last words. `None` where there is none.
pub fn ask(text: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let program = program()?;
    let mut command = Command::new(&program);
    if let Some(folder) = beside(&program).filter(|_| !Path::new(BASE).join("abi").is_dir()) {
        command.arg("--base").arg(folder);
    }
    let mut child = command
        .args(["-Q", "-K", "-S"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    Some((output.status.success(), String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// The feature set of abi 3.0 as a kernel would show it, so that the parser compiles every kind of rule on a machine whose
/// kernel has no AppArmor; `None` where the parser did not bring it along.
pub fn features() -> Option<PathBuf> {
    let folders = [Some(PathBuf::from(BASE)), program().and_then(|program| beside(&program))];
    folders.into_iter().flatten().map(|folder| folder.join("abi/3.0")).find(|file| file.is_file())
}

const BASE: &str = "/etc/apparmor.d";

/// A parser that was unpacked somewhere has its files beside it.
fn beside(program: &Path) -> Option<PathBuf> {
    program.ancestors().nth(2).map(|root| root.join("etc/apparmor.d")).filter(|folder| folder.is_dir())
}

/// Where it is. The folders for administrators' programs are not on everybody's path.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join("apparmor_parser")).find(|program| program.is_file())
}
