//! The files that are looked at together.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::input::{Source, Unusable};
use crate::outcome::Outcome;
use crate::output::complain;
use crate::part::Part;
use crate::pieces::Piece;

/// How deep folders are followed: profiles lie two folders deep, and links may go round.
const DEPTH: usize = 8;

/// Reads the files, those of folders included, whatever their names.
pub(crate) fn read(arguments: &[PathBuf], outcome: &mut Outcome) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut fail = |name: String, reason: String| {
        complain(&Unusable { name, reason });
        outcome.worsen(Outcome::Unusable);
    };
    let mut paths = Vec::new();
    for argument in arguments {
        if let Err(error) = walk(argument, DEPTH, &mut paths) {
            fail(argument.to_string_lossy().into_owned(), error.to_string());
        }
    }
    for path in paths {
        let source = Source::of(&path);
        match source.read() {
            Ok(piece) => parts.push(made(&source.name(), piece.text)),
            Err(reason) => fail(source.name(), reason),
        }
    }
    parts
}

/// A text that is no file.
pub(super) fn made(name: &str, text: String) -> Part {
    Part { name: name.to_owned(), piece: Piece::whole(text), documents_before: 0 }
}

fn walk(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.as_os_str() == "-" || !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let mut inside = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            inside.push(entry.path());
        }
    }
    inside.sort();
    for path in inside {
        if !path.is_dir() {
            found.push(path);
        } else if depth > 0 {
            walk(&path, depth - 1, found)?;
        }
    }
    Ok(())
}
