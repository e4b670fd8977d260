//! `watertight apparmor generate`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use watertight::diagnostic::ask::apparmor::{ApparmorAnswer, ApparmorAsk, Generated, Learnt, Strictness};
use watertight::diagnostic::{KubeVersion, Settings};
use watertight::text::Encoding;
use watertight::{Input, apparmor, diff};

use super::files;
use crate::arguments::version;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;
use crate::part::Part;
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Generate {
    /// The pods; with --log the profiles
    #[arg(value_name = "FILE|DIR|-", required_unless_present = "log")]
    inputs: Vec<PathBuf>,
    /// The container, as `OBJECT / CONTAINER` or by its name; without it the first that is no init container
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// How much is left to the container
    #[arg(long, value_enum, default_value_t)]
    strictness: Strict,
    /// Only log what the profile would refuse, to learn what is missing
    #[arg(long)]
    complain: bool,
    /// Every node has AppArmor 4.0 or newer, so that user namespaces can be refused
    #[arg(long)]
    newest: bool,
    /// What the container needs beside what the pod says
    #[arg(long, value_name = "FILE|-")]
    needs: Option<PathBuf>,
    /// Say how to load the profile, and how a workload asks for it
    #[arg(long)]
    load: bool,
    /// The Kubernetes version that has to understand that
    #[arg(long, value_name = "VERSION", default_value_t, value_parser = version)]
    kube_version: KubeVersion,
    /// Add the rules that this log asks for; without a profile, list them
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["container", "complain", "newest", "needs", "load"])]
    log: Option<PathBuf>,
    /// Print what changes in the profiles as a unified diff
    #[arg(long, requires = "log")]
    diff: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Strict {
    /// As much as the runtime's own profile leaves, without its holes
    Familiar,
    /// Read everything, start every program of the image, write where the pod lets it
    #[default]
    Careful,
    /// What the pod names, and what every program needs
    Tight,
}

pub(crate) fn run(asked: &Generate, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let parts = files::read(&asked.inputs, &mut outcome);
    if outcome == Outcome::Unusable {
        return Ok(outcome);
    }
    match &asked.log {
        Some(log) => learn(asked, log, &parts, out),
        None => generate(asked, &parts, out),
    }
}

fn inputs(parts: &[Part]) -> Vec<Input<'_>> {
    parts.iter().map(|part| Input { name: &part.name, text: &part.piece.text }).collect()
}

fn generate(asked: &Generate, parts: &[Part], out: &mut dyn Write) -> io::Result<Outcome> {
    let needs = match &asked.needs {
        Some(path) => match text(path) {
            Some(text) => text,
            None => return Ok(Outcome::Unusable),
        },
        None => String::new(),
    };
    let settings = Settings { kube_version: asked.kube_version, ..Settings::default() };
    let make = |container: Option<usize>| {
        let strictness = match asked.strictness {
            Strict::Familiar => Strictness::Familiar,
            Strict::Careful => Strictness::Careful,
            Strict::Tight => Strictness::Tight,
        };
        let (complain, newest, needs) = (asked.complain, asked.newest, needs.clone());
        let ask = ApparmorAsk::Generate { container, strictness, complain, newest, needs };
        match apparmor(&inputs(parts), &ask, &settings, Encoding::Utf8) {
            ApparmorAnswer::Generated(generated) => generated,
            _ => Generated::default(),
        }
    };
    let mut made = make(None);
    if let Some(name) = &asked.container {
        let is_it = |known: &&String| *known == name || known.rsplit(" / ").next() == Some(name);
        let Some(found) = made.containers.iter().position(|known| is_it(&known)) else {
            let reason = format!("there is no such container among {}", made.containers.join("; "));
            complain(&Unusable { name: name.clone(), reason });
            return Ok(Outcome::Unusable);
        };
        made = make(Some(found));
    }
    if made.container.is_none() {
        let name = parts.first().map_or_else(|| "the input".to_owned(), |part| part.name.clone());
        complain(&Unusable { name, reason: "there is no container in it that can be read".to_owned() });
        return Ok(Outcome::Unusable);
    }
    for note in &made.notes {
        writeln!(io::stderr(), "{}: {}", visible(&made.name), visible(note))?;
    }
    if asked.load {
        for (place, load) in made.load.iter().enumerate() {
            let gap = if place > 0 { "\n" } else { "" };
            writeln!(out, "{gap}# {}", load.title)?;
            for note in &load.notes {
                writeln!(out, "# {note}")?;
            }
            write!(out, "{}", load.text)?;
        }
    } else {
        out.write_all(made.text.as_bytes())?;
    }
    out.flush()?;
    Ok(if made.notes.is_empty() { Outcome::Clean } else { Outcome::Found })
}

fn learn(asked: &Generate, log: &Path, parts: &[Part], out: &mut dyn Write) -> io::Result<Outcome> {
    let name = log.to_string_lossy();
    let Some(log) = text(log) else { return Ok(Outcome::Unusable) };
    let ask = ApparmorAsk::Learn { log };
    let ApparmorAnswer::Learnt(learnt) = apparmor(&inputs(parts), &ask, &Settings::default(), Encoding::Utf8) else {
        return Ok(Outcome::Unusable);
    };
    for line in &learnt.broken {
        let reason = "this line of the log is cut off".to_owned();
        complain(&Unusable { name: format!("{name}:{line}"), reason });
    }
    if parts.is_empty() {
        list(&learnt, out)?;
    } else {
        change(asked, &learnt, parts, out)?;
    }
    out.flush()?;
    let left = !parts.is_empty() && learnt.rules.iter().any(|rule| !rule.added);
    Ok(if left || !learnt.broken.is_empty() { Outcome::Found } else { Outcome::Clean })
}

/// The rules alone, under the name of the profile that needs them.
fn list(learnt: &Learnt, out: &mut dyn Write) -> io::Result<()> {
    let mut profiles: Vec<&str> = Vec::new();
    for rule in &learnt.rules {
        if !profiles.contains(&rule.profile.as_str()) {
            profiles.push(&rule.profile);
        }
    }
    for profile in profiles {
        writeln!(out, "# {}", visible(profile))?;
        for rule in learnt.rules.iter().filter(|rule| rule.profile == profile) {
            writeln!(out, "{}", visible(&rule.rule))?;
            // The last note says that no file holds the profile, which is plain here.
            for note in rule.notes.iter().filter(|note| !note.starts_with("No file holds")) {
                writeln!(out, "#   {}", visible(note))?;
            }
        }
    }
    Ok(())
}

fn change(asked: &Generate, learnt: &Learnt, parts: &[Part], out: &mut dyn Write) -> io::Result<()> {
    for rule in &learnt.rules {
        for note in &rule.notes {
            writeln!(io::stderr(), "{}: {} {}", visible(&rule.profile), visible(&rule.rule), visible(note))?;
        }
    }
    for (index, part) in parts.iter().enumerate() {
        let changed = learnt.files.iter().find(|changed| changed.file as usize == index);
        let after = changed.map_or(part.piece.text.as_str(), |changed| &changed.text);
        let shown = if asked.diff { diff(&part.name, &part.piece.text, after) } else { after.to_owned() };
        out.write_all(shown.as_bytes())?;
    }
    Ok(())
}

/// The text of a file; when there is none it has been said why.
fn text(path: &Path) -> Option<String> {
    let name = path.to_string_lossy().into_owned();
    crate::input::text(path).map_err(|reason| complain(&Unusable { name, reason })).ok()
}
