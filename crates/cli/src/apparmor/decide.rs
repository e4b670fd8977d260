//! `watertight apparmor decide`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::apparmor::{Answered, ApparmorAnswer, ApparmorAsk, Decided};
use watertight::text::Encoding;
use watertight::{Input, apparmor};

use super::files;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;
use crate::part::{Located, Part};
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Decide {
    /// Profiles and what they include, or folders of them
    #[arg(value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
    /// The profile to ask, by its name or that of a runtime's own; the first one without it
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// How to say it; jsonl is one JSON object an operation
    #[arg(long, value_enum, default_value_t)]
    format: DecideFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DecideFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object an operation
    Jsonl,
}

pub(crate) fn run(asked: &Decide, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let parts = files::read(&asked.inputs, &mut outcome);
    let lines = match crate::input::text(Path::new("-")) {
        Ok(lines) => lines,
        Err(reason) => {
            complain(&Unusable { name: "stdin".to_owned(), reason });
            return Ok(Outcome::Unusable);
        }
    };
    let inputs: Vec<_> = parts.iter().map(|part| Input { name: &part.name, text: &part.piece.text }).collect();
    let Some(profile) = chosen(asked, &inputs) else { return Ok(Outcome::Unusable) };
    let decided = decide(&inputs, profile, lines);
    for note in &decided.notes {
        let name = decided.profile.and_then(|at| decided.profiles.get(at)).map_or("", String::as_str);
        writeln!(io::stderr(), "{}: {}", visible(name), visible(note))?;
    }
    let located: Vec<_> = parts.iter().map(Located::new).collect();
    for answer in &decided.answers {
        outcome.worsen(match (answer.outcome, answer.expected) {
            (None, _) => {
                complain(&Unusable { name: format!("stdin:{}", answer.line), reason: answer.why.clone() });
                Outcome::Unusable
            }
            (Some(got), Some(expected)) if got != expected => Outcome::Found,
            _ => Outcome::Clean,
        });
        match asked.format {
            DecideFormat::Jsonl => {
                serde_json::to_writer(&mut *out, answer).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            DecideFormat::Text if answer.outcome.is_some() => text(answer, &located, &parts, out)?,
            DecideFormat::Text => {}
        }
    }
    Ok(outcome)
}

fn decide(inputs: &[Input<'_>], profile: usize, lines: String) -> Decided {
    let ask = ApparmorAsk::Decide { profile: Some(profile), lines };
    match apparmor(inputs, &ask, &Settings::default(), Encoding::Utf8) {
        ApparmorAnswer::Decided(decided) => decided,
        _ => Decided::default(),
    }
}

/// The profile of that name. Several files may hold one of it, and then the first is asked.
fn chosen(asked: &Decide, inputs: &[Input<'_>]) -> Option<usize> {
    let all = decide(inputs, 0, String::new()).profiles;
    let Some(name) = &asked.profile else {
        if inputs.is_empty() {
            let reason = "name a file with profiles, or a runtime's own profile with --profile".to_owned();
            complain(&Unusable { name: "nothing to ask".to_owned(), reason });
            return None;
        }
        return Some(0);
    };
    let named = |known: &String| {
        known.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']))
    };
    let found = all.iter().position(named);
    if found.is_none() {
        complain(&Unusable {
            name: name.clone(),
            reason: format!("there is no such profile among {}", all.join("; ")),
        });
    }
    found
}

fn text(answer: &Answered, located: &[Located<'_>], parts: &[Part], out: &mut dyn Write) -> io::Result<()> {
    let Answered { asked, outcome, expected, why, .. } = answer;
    let word = outcome.map_or("", watertight::diagnostic::ask::apparmor::Outcome::word);
    let wrong = match expected {
        Some(expected) if *outcome != Some(*expected) => format!("   expected {}", expected.word()),
        _ => String::new(),
    };
    writeln!(out, "{word:<8} {}{wrong}", visible(asked))?;
    for rule in &answer.rules {
        let place = rule.place.as_ref().and_then(|place| {
            let position = located.get(place.file as usize)?.position(place.range.start);
            Some(format!("{}:{}: ", visible(&parts.get(place.file as usize)?.name), position.line))
        });
        writeln!(out, "           {}{}", place.unwrap_or_default(), visible(&rule.text))?;
    }
    writeln!(out, "           {}", visible(why))?;
    if let Some(add) = &answer.add {
        writeln!(out, "           a rule for it: {}", visible(add))?;
    }
    Ok(())
}
