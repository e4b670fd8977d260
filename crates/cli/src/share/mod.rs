//! `watertight share` and `watertight open`: the same links that the page makes and reads.

mod link;

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use watertight::diagnostic::share::{Shared, SharedFile};

use crate::arguments::{Asked, Inputs};
use crate::change::Changing;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;
use crate::visible::is_hidden;

pub(crate) const SHARE: &str = "\
Examples:
  watertight share pod.yaml
  watertight share --page https://docs.example.com/watertight/ pod.yaml seccomp.json

Without --page only the part from # on is printed, to be put behind the address of your page. What stands behind # is not
sent to a server when the link is followed; but whoever has the link has the texts.";

pub(crate) const OPEN: &str = "\
Examples:
  watertight open 'https://docs.example.com/watertight/#1q1ZK…'
  watertight open --into received '#1q1ZK…'
  pbpaste | watertight open -

Links are read as what anybody may have written: a name is never a path, and no file is written over another.";

#[derive(Args)]
pub(crate) struct Share {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    asked: Asked,
    /// The address of the page, in front of the link
    #[arg(long, value_name = "ADDRESS")]
    page: Option<String>,
}

#[derive(Args)]
pub(crate) struct Open {
    /// The link, or its part from # on, or - for standard input
    link: String,
    /// Write the files into this folder instead of printing them
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

/// Prints a link that holds the files.
pub(crate) fn share(share: &Share, out: &mut dyn Write) -> io::Result<Outcome> {
    let read = Changing::read(&share.inputs, &crate::arguments::Change { write: false, diff: true });
    if read.outcome == Outcome::Unusable {
        return Ok(Outcome::Unusable);
    }
    let files =
        read.files.iter().map(|(source, text)| SharedFile { name: source.name(), text: text.clone() }).collect();
    match link::pack(&Shared { files, settings: share.asked.settings() }) {
        Ok(fragment) => {
            let page = share.page.as_deref().unwrap_or_default();
            let page = page.split('#').next().unwrap_or_default();
            writeln!(out, "{page}#{fragment}")?;
            out.flush()?;
            Ok(Outcome::Clean)
        }
        Err(reason) => Ok(refuse("these files", reason)),
    }
}

/// Prints or writes what a link holds.
pub(crate) fn open(open: &Open, out: &mut dyn Write) -> io::Result<Outcome> {
    let link = if open.link == "-" {
        let mut text = String::new();
        io::stdin().lock().take(2 * watertight::diagnostic::share::MAX_READ as u64).read_to_string(&mut text)?;
        text
    } else {
        open.link.clone()
    };
    let shared = match link::unpack(link.trim()) {
        Ok(shared) => shared,
        Err(reason) => return Ok(refuse("this link", reason)),
    };
    let files = with_names_of_their_own(shared.files);
    match &open.into {
        Some(folder) => write_files(folder, &files),
        None => {
            let terminal = io::stdout().is_terminal();
            let several = files.len() > 1;
            for file in &files {
                if several {
                    writeln!(out, "==> {} <==", file.name)?;
                }
                if terminal {
                    // What somebody sent may hold letters that steer a terminal.
                    let shown: String =
                        file.text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c)).collect();
                    out.write_all(shown.as_bytes())?;
                } else {
                    out.write_all(file.text.as_bytes())?;
                }
                if several && !file.text.ends_with('\n') {
                    writeln!(out)?;
                }
            }
            out.flush()?;
            Ok(Outcome::Clean)
        }
    }
}

/// Files of one name from several folders get numbers, as the page's tabs do: `pod.yaml`, `pod-2.yaml`.
fn with_names_of_their_own(files: Vec<SharedFile>) -> Vec<SharedFile> {
    let mut named: Vec<SharedFile> = Vec::new();
    for mut file in files {
        let (stem, ending) = match file.name.rsplit_once('.') {
            Some((stem, ending)) => (stem.to_owned(), format!(".{ending}")),
            None => (file.name.clone(), String::new()),
        };
        let mut number = 2;
        while named.iter().any(|other| other.name == file.name) {
            file.name = format!("{stem}-{number}{ending}");
            number += 1;
        }
        named.push(file);
    }
    named
}

fn write_files(folder: &Path, files: &[SharedFile]) -> io::Result<Outcome> {
    fs::create_dir_all(folder)?;
    let mut outcome = Outcome::Clean;
    for file in files {
        // `Shared::read` has taken folders out of the name, and `create_new` never follows into what is there.
        let path = folder.join(&file.name);
        let made = fs::File::options().write(true).create_new(true).open(&path);
        if let Err(error) = made.and_then(|mut made| made.write_all(file.text.as_bytes())) {
            outcome = refuse(&path.to_string_lossy(), error.to_string());
        }
    }
    Ok(outcome)
}

fn refuse(name: &str, reason: String) -> Outcome {
    complain(&Unusable { name: name.to_owned(), reason });
    Outcome::Unusable
}
