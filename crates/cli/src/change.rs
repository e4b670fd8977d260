//! Files that a command changes: read as a whole, then printed, compared or written.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::arguments::{Change, Inputs};
use crate::input::{Source, Unusable, sources, written};
use crate::outcome::Outcome;
use crate::output::complain;
use crate::visible::visible;

/// The files that can be changed, and how the reading went.
#[derive(Default)]
pub(crate) struct Changing {
    pub(crate) files: Vec<(Source, String)>,
    pub(crate) outcome: Outcome,
}

impl Changing {
    /// Reads all inputs; none is left to change when the call makes no sense.
    pub(crate) fn read(inputs: &Inputs, change: &Change) -> Self {
        let mut changing = Self::default();
        let (sources, unusable) = sources(&inputs.inputs);
        for unusable in unusable {
            changing.unusable(&unusable);
        }
        for source in sources {
            match source.read_or("this is too large to be changed as a whole; split it").and_then(written) {
                Ok(piece) => changing.files.push((source, piece.text)),
                Err(reason) => changing.unusable(&Unusable { name: source.name(), reason }),
            }
        }
        if change.write && changing.files.iter().any(|(source, _)| *source == Source::Stdin) {
            let reason = "it cannot be written to; leave out --write".to_owned();
            changing.unusable(&Unusable { name: "stdin".to_owned(), reason });
            changing.files.clear();
        }
        if !change.write && !change.diff && changing.files.len() > 1 {
            let reason = "choose --diff to see the changes, or --write to make them".to_owned();
            let name = format!("{} files", changing.files.len());
            changing.unusable(&Unusable { name, reason });
            changing.files.clear();
        }
        changing
    }

    /// Writes, compares or prints one file.
    pub(crate) fn put(&mut self, change: &Change, file: usize, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let Some((source, before)) = self.files.get(file) else { return Ok(()) };
        match (change.write, source) {
            (true, Source::File(path)) if text != before => {
                if let Err(error) = replace(path, text) {
                    self.unusable(&Unusable { name: source.name(), reason: error.to_string() });
                }
                Ok(())
            }
            (true, _) => Ok(()),
            (false, _) if change.diff => {
                // Below `a/` and `b/`, as `git apply` and `patch -p1` expect, and harmless for a terminal.
                let name = source.name();
                let name = visible(name.trim_start_matches("./").trim_start_matches('/'));
                out.write_all(watertight::diff(&name, before, text).as_bytes())
            }
            (false, _) => out.write_all(text.as_bytes()),
        }
    }

    /// Says that something could not be used.
    pub(crate) fn unusable(&mut self, unusable: &Unusable) {
        self.outcome.worsen(Outcome::Unusable);
        complain(unusable);
    }
}

/// Puts a text in the place of a file: all of it or nothing, with the permissions it had, behind the link it may be.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().set_permissions(permissions)?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
}
