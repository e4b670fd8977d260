//! Running the program in a folder with files of its own.

use std::io::Write;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What the program said, and how it ended.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) errors: String,
}

impl Ran {
    /// Exit status, standard output, standard error.
    pub(crate) fn texts(self) -> (i32, String, String) {
        (self.status, String::from_utf8(self.out).unwrap(), self.errors)
    }
}

/// Runs `watertight COMMAND ARGUMENTS` among the files, with `input` on its standard input.
pub(crate) fn run(command: &str, files: &[(&str, &str)], arguments: &[&str], input: &str) -> Ran {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_watertight"))
        .arg(command)
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has no use for its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    Ran { status: output.status.code().unwrap(), out: output.stdout, errors }
}
