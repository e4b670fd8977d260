//! `watertight harden`

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use watertight::Input;
use watertight::diagnostic::report::{HardenReport, HardenedFile};

use crate::arguments::Harden;
use crate::input::{Opened, Source, Unusable, sources, whole};
use crate::outcome::Outcome;
use crate::output::complain;
use crate::visible::visible;

pub(crate) fn run(harden: &Harden, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let mut unusable = |name: String, reason: String| {
        outcome.worsen(Outcome::Unusable);
        complain(&Unusable { name, reason });
    };
    let (sources, problems) = sources(&harden.inputs.inputs);
    for problem in problems {
        unusable(problem.name, problem.reason);
    }
    let mut read: Vec<(Source, String)> = Vec::new();
    for source in sources {
        match source.open() {
            Ok(Opened::Whole(content)) => match whole(content) {
                Ok(piece) => read.push((source, piece.text)),
                Err(reason) => unusable(source.name(), reason),
            },
            Ok(Opened::Pieces(_)) => {
                unusable(source.name(), "this is too large to be changed as a whole; split it".to_owned());
            }
            Err(error) => unusable(source.name(), error.to_string()),
        }
    }
    if harden.write && read.iter().any(|(source, _)| *source == Source::Stdin) {
        unusable("stdin".to_owned(), "it cannot be written to; leave out --write".to_owned());
        return Ok(outcome);
    }
    if !harden.write && !harden.diff && read.len() > 1 {
        let reason = "choose --diff to see the changes, or --write to make them".to_owned();
        unusable(format!("{} files", read.len()), reason);
        return Ok(outcome);
    }
    let names: Vec<String> = read.iter().map(|(source, _)| source.name()).collect();
    let inputs: Vec<_> = names.iter().zip(&read).map(|(name, (_, text))| Input { name, text }).collect();
    let mut settings = harden.asked.settings();
    settings.writable_tmp = !harden.no_tmp;
    let report = watertight::harden(&inputs, &settings);
    for ((source, before), file) in read.iter().zip(&report.files) {
        match (harden.write, source) {
            (true, Source::File(path)) if file.text != *before => {
                if let Err(error) = replace(path, &file.text) {
                    outcome.worsen(Outcome::Unusable);
                    complain(&Unusable { name: source.name(), reason: error.to_string() });
                }
            }
            (true, _) => {}
            (false, _) if harden.diff => out.write_all(file.diff.as_bytes())?,
            (false, _) => out.write_all(file.text.as_bytes())?,
        }
        tell(file);
    }
    out.flush()?;
    if !reached(&report) {
        outcome.worsen(Outcome::Found);
    }
    Ok(outcome)
}

fn reached(report: &HardenReport) -> bool {
    report.reached && report.files.iter().all(|file| file.left.is_empty())
}

/// Says on standard error what was done and what is left. Nobody may be listening there.
fn tell(file: &HardenedFile) {
    let mut err = io::stderr();
    let name = visible(&file.name);
    let about = |object: &Option<String>| object.as_ref().map(|object| format!("{object}: ")).unwrap_or_default();
    for fix in &file.applied {
        let _ = writeln!(err, "{name}: {}{} [{}]", visible(&about(&fix.object)), visible(&fix.title), fix.rule);
    }
    for left in &file.left {
        let (object, what, reason) = (about(&left.object), visible(&left.what), visible(&left.reason));
        let _ = writeln!(err, "{name}: left for you: {}{what} {reason} [{}]", visible(&object), left.rule);
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
