//! Where the tables are, and how they are read.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;

/// The folder with the tables.
pub(crate) struct Corpus {
    root: PathBuf,
}

impl Corpus {
    /// The folder, if there is one.
    pub(crate) fn find() -> Option<Self> {
        watertight_tests::corpus().map(|root| Self { root })
    }

    /// A file by its path in the folder, or the same with `.gz` behind it; `None` when there is neither.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        self.bytes(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// [`Corpus::text`] for a file that may not be text.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        if let Ok(bytes) = fs::read(self.root.join(path)) {
            return Some(bytes);
        }
        let packed = fs::File::open(self.root.join(format!("{path}.gz"))).ok()?;
        let mut bytes = Vec::new();
        GzDecoder::new(packed).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The rows of a JSON Lines file; none when there is no such file.
    pub(crate) fn rows<T: serde::de::DeserializeOwned>(&self, path: &str) -> Vec<T> {
        let text = self.text(path).unwrap_or_default();
        let row = |(number, line): (usize, &str)| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{path}, line {}: {error}", number + 1))
        };
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(row).collect()
    }

    /// All files below a folder, as paths in the corpus, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(self.root.join(&folder)).into_iter().flatten().flatten() {
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => open.push(path),
                    _ => found.push(path),
                }
            }
        }
        found.sort();
        found
    }
}
