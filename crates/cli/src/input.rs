//! Which files are meant, and how they are opened.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Cursor, IsTerminal, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use watertight::text::{MAX_BYTES, megabytes};

use crate::pieces::{Piece, Pieces, Sizes};

/// A file of up to so many bytes is read at once; the readers take no larger text.
pub(crate) const WHOLE_FILE: usize = MAX_BYTES;

/// The same for standard input, where the first answer should come before all of it has arrived.
pub(crate) const WHOLE_STDIN: usize = 4_000_000;

/// Something to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// `-`
    Stdin,
    /// A file, or what can be opened like one.
    File(PathBuf),
}

/// What opening gives.
pub(crate) enum Opened {
    /// All of it; there is not too much.
    Whole(Vec<u8>),
    /// A stretch at a time.
    Pieces(Box<Pieces<Box<dyn Read>>>),
}

/// Why something could not be used, and where.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Unusable {
    /// The file, the folder or the standard input.
    pub(crate) name: String,
    /// Why.
    pub(crate) reason: String,
}

impl Source {
    /// A file, or standard input for `-`.
    pub(crate) fn of(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path.to_owned()) }
    }

    /// What to call it. Not for the terminal: it may hold anything.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "stdin".to_owned(),
            Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// How many bytes of it can be looked at together.
    fn whole_size(&self) -> usize {
        match self {
            Self::Stdin => WHOLE_STDIN,
            Self::File(_) => WHOLE_FILE,
        }
    }

    /// Reads it where nothing but all of it will do; else says why that does not work.
    pub(crate) fn read(&self) -> Result<Piece, String> {
        self.read_or(&format!("it is larger than {}", megabytes(self.whole_size())))
    }

    /// The same; `too_large` is what is said when it is too large.
    pub(crate) fn read_or(&self, too_large: &str) -> Result<Piece, String> {
        match self.open().map_err(|error| error.to_string())? {
            Opened::Whole(content) => whole(content),
            Opened::Pieces(_) => Err(too_large.to_owned()),
        }
    }

    /// Opens it and reads as much as can be looked at together.
    pub(crate) fn open(&self) -> io::Result<Opened> {
        let mut reader: Box<dyn Read> = match self {
            Self::Stdin => Box::new(io::stdin()),
            Self::File(path) => Box::new(open_file(path)?),
        };
        let whole = self.whole_size();
        let mut start = Vec::new();
        reader.by_ref().take(whole as u64 + 1).read_to_end(&mut start)?;
        if start.len() <= whole {
            return Ok(Opened::Whole(start));
        }
        let all: Box<dyn Read> = Box::new(Cursor::new(start).chain(reader));
        Ok(Opened::Pieces(Box::new(Pieces::new(all, Sizes::default()))))
    }
}

/// Opening a folder succeeds on some systems and fails only when read, with words that explain nothing.
fn open_file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(file)
}

/// All sources that the arguments mean, in their order, folders in the order of names; and what could not be looked
/// into.
pub(crate) fn sources(arguments: &[PathBuf]) -> (Vec<Source>, Vec<Unusable>) {
    let (mut sources, mut unusable) = (Vec::new(), Vec::new());
    if arguments.is_empty() {
        if io::stdin().is_terminal() {
            let reason = "name a file, a folder, or - for standard input".to_owned();
            return (sources, vec![Unusable { name: "nothing to read".to_owned(), reason }]);
        }
        return (vec![Source::Stdin], unusable);
    }
    for argument in arguments {
        let found = if argument.as_os_str() == "-" {
            vec![Source::Stdin]
        } else if argument.is_dir() {
            walk(argument, &mut unusable)
        } else {
            vec![Source::File(argument.clone())]
        };
        for source in found {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    (sources, unusable)
}

/// The manifests below a folder, hidden and empty ones left out. Links are followed, each folder once.
fn walk(top: &Path, unusable: &mut Vec<Unusable>) -> Vec<Source> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let before = unusable.len();
    let mut open = vec![top.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = match entries(&folder, &mut seen) {
            Ok(entries) => entries,
            Err(error) => {
                unusable.push(Unusable { name: folder.to_string_lossy().into_owned(), reason: error.to_string() });
                continue;
            }
        };
        let (folders, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| path.is_dir());
        found.extend(files.into_iter().filter(|path| is_manifest(path)).map(Source::File));
        // The last one opened is looked at first.
        open.extend(folders.into_iter().rev());
    }
    if found.is_empty() && unusable.len() == before {
        let reason = "there is no .yaml, .yml or .json file in it".to_owned();
        unusable.push(Unusable { name: top.to_string_lossy().into_owned(), reason });
    }
    found
}

/// What lies in a folder, sorted; nothing if it was looked into before.
fn entries(folder: &Path, seen: &mut BTreeSet<PathBuf>) -> io::Result<Vec<PathBuf>> {
    if !seen.insert(fs::canonicalize(folder)?) {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_manifest(path: &Path) -> bool {
    let known = ["yaml", "yml", "json"];
    let extension = path.extension().unwrap_or_default();
    known.iter().any(|known| extension.eq_ignore_ascii_case(known))
        && path.metadata().is_ok_and(|data| data.is_file() && data.len() > 0)
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn text(path: &Path) -> Result<String, String> {
    Source::of(path).read().map(|piece| piece.text)
}

/// The text of bytes that came at once, or why they are no text.
pub(crate) fn whole(bytes: Vec<u8>) -> Result<Piece, String> {
    String::from_utf8(bytes).map(Piece::whole).map_err(|error| {
        let start = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        not_text(error.as_bytes(), start.iter().filter(|&&byte| byte == b'\n').count() + 1)
    })
}

/// A text that says something. What should have written it has failed, as often as not, and nothing in it must not pass for
/// nothing wrong in it.
pub(crate) fn written(piece: Piece) -> Result<Piece, String> {
    if piece.text.trim().is_empty() { Err("there is nothing in it".to_owned()) } else { Ok(piece) }
}

/// What to say of bytes that are no UTF-8; `line` counts from 1.
pub(crate) fn not_text(bytes: &[u8], line: usize) -> String {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return "this is UTF-16 text; save it as UTF-8".to_owned();
    }
    format!("this is not UTF-8 text: line {line} has bytes that are no character")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sources: &[Source], top: &Path) -> Vec<String> {
        let short = |source: &Source| source.name().replace(&format!("{}/", top.display()), "");
        sources.iter().map(short).collect()
    }

    #[test]
    fn folders_are_walked_in_order_and_once() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path();
        fs::create_dir_all(path.join("b/.git")).unwrap();
        fs::create_dir(path.join("a")).unwrap();
        for file in ["z.yaml", "a/2.YML", "a/1.json", "a/no.txt", "a/.hidden.yaml", "b/.git/x.yaml", "b/x.yaml"] {
            fs::write(path.join(file), "{}").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(path, path.join("b/loop")).unwrap();
        let (found, unusable) = sources(&[path.to_owned()]);
        assert_eq!(names(&found, path), ["z.yaml", "a/1.json", "a/2.YML", "b/x.yaml"]);
        assert!(unusable.is_empty());
    }

    #[test]
    fn an_empty_folder_is_worth_a_word() {
        let top = tempfile::tempdir().unwrap();
        let (found, unusable) = sources(&[top.path().to_owned()]);
        assert!(found.is_empty());
        assert_eq!(unusable.len(), 1);
    }

    #[test]
    fn bytes_that_are_no_text() {
        assert_eq!(whole(b"a\nb\n\xff".to_vec()).unwrap_err(), not_text(b"a", 3));
        assert!(whole(b"\xff\xfea\0".to_vec()).unwrap_err().contains("UTF-16"));
        assert_eq!(whole("é".into()).unwrap().text, "é");
        assert_eq!(whole(b" \n".to_vec()).and_then(written).unwrap_err(), "there is nothing in it");
    }
}
