//! The `apparmor_parser` of this machine, and texts made at random to ask it about.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A small generator of numbers, so that a case can be made again from its seed.
pub struct Dice(u64);

impl Dice {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below that.
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % below.max(1)
    }

    /// One of them.
    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let place = self.roll(from.len());
        from.get(place).copied().unwrap_or_default()
    }

    /// Yes, but for one time in so many.
    pub fn often(&mut self, out_of: usize) -> bool {
        self.roll(out_of) != 0
    }

    /// A few of them with something between.
    pub fn some(&mut self, from: &[&str], most: usize, between: &[&str]) -> String {
        let between = self.pick(between);
        let count = 1 + self.roll(most);
        (0..count).map(|_| self.pick(from)).collect::<Vec<_>>().join(between)
    }
}

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
