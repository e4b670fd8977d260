//! `watertight seccomp decide`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use watertight_seccomp::{Arch, By, Decider, Decision, Filter, Question as Asked};

use super::profile::Reading;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;

#[derive(Args)]
pub(crate) struct Decide {
    /// The profile; the one that the runtime brings along without it
    profile: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// How to say it; jsonl is one JSON object a call
    #[arg(long, value_enum, default_value_t)]
    format: DecideFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DecideFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a call
    Jsonl,
}

/// What happens to a call.
#[derive(Serialize)]
struct Answer<'a> {
    line: usize,
    call: &'a str,
    abi: &'static str,
    arguments: [u64; 6],
    /// As tables of verdicts write it; nothing where versions of the runtime differ.
    action: Option<String>,
    by: String,
    #[serde(rename = "dependsOnLibseccomp")]
    depends_on_libseccomp: bool,
}

pub(crate) fn run(asked: &Decide, out: &mut dyn Write) -> io::Result<Outcome> {
    let filters = match &asked.profile {
        Some(path) => asked.reading.filter(path).into_iter().collect(),
        None => asked.reading.defaults(),
    };
    if filters.is_empty() {
        return Ok(Outcome::Unusable);
    }
    let lines = match crate::input::text(Path::new("-")) {
        Ok(lines) => lines,
        Err(reason) => {
            complain(&Unusable { name: "stdin".to_owned(), reason });
            return Ok(Outcome::Unusable);
        }
    };
    let deciders: Vec<Decider> = filters.iter().map(Decider::new).collect();
    let mut outcome = Outcome::Clean;
    for (at, line) in lines.lines().enumerate().filter(|(_, line)| is_question(line)) {
        let question = match Question::read(line, asked.reading.arch()) {
            Ok(question) => question,
            Err(reason) => {
                complain(&Unusable { name: format!("stdin:{}", at + 1), reason });
                outcome.worsen(Outcome::Unusable);
                continue;
            }
        };
        let decisions: Vec<Decision> =
            deciders.iter().map(|decider| decider.decide(question.abi, question.number, &question.arguments)).collect();
        let answer = answer(at + 1, &question, &decisions, filters.first());
        let passes = answer.action.is_some() && decisions.first().is_some_and(|decision| decision.action.lets_pass());
        if question.expected.is_some_and(|expected| expected != passes || answer.action.is_none()) {
            outcome.worsen(Outcome::Found);
        }
        match asked.format {
            DecideFormat::Jsonl => {
                serde_json::to_writer(&mut *out, &answer).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            DecideFormat::Text => text(&answer, line, out)?,
        }
    }
    Ok(outcome)
}

fn is_question(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

fn answer<'a>(line: usize, question: &Question<'a>, decisions: &[Decision], filter: Option<&Filter>) -> Answer<'a> {
    let first = decisions.first();
    let same = decisions.iter().all(|other| Some(other.action) == first.map(|first| first.action));
    let by = match first.map(|first| first.by) {
        _ if !same => "versions of the runtime differ; name one with --runtime-version".to_owned(),
        Some(By::Rule(rule)) => filter.and_then(|filter| filter.rules.get(rule)).map_or_else(String::new, |rule| {
            let conditions: Vec<String> = rule.conditions.iter().map(ToString::to_string).collect();
            let origin = format!("syscalls[{}].names[{}]", rule.origin.entry, rule.origin.name);
            if conditions.is_empty() { origin } else { format!("{origin}, {}", conditions.join(" and ")) }
        }),
        Some(By::Default) => "the default action".to_owned(),
        Some(By::ForeignArch) => "its ABI is not listed".to_owned(),
        Some(By::Stub) => "its number is above all that the profile names".to_owned(),
        None => String::new(),
    };
    Answer {
        line,
        call: question.call,
        abi: question.abi.name(),
        arguments: question.arguments,
        action: first.filter(|_| same).map(|first| first.action.to_string()),
        by,
        depends_on_libseccomp: decisions.iter().any(|decision| decision.depends_on_libseccomp),
    }
}

fn text(answer: &Answer<'_>, line: &str, out: &mut dyn Write) -> io::Result<()> {
    let action = answer.action.as_deref().unwrap_or("unknown");
    let doubt = if answer.depends_on_libseccomp { "; depends on libseccomp" } else { "" };
    writeln!(out, "{:<14} {}  ({}{doubt})", action, line.trim(), answer.by)
}

/// A line of standard input.
struct Question<'l> {
    /// Whether the call is expected to run.
    expected: Option<bool>,
    call: &'l str,
    abi: Arch,
    number: u32,
    arguments: [u64; 6],
}

impl<'l> Question<'l> {
    /// `[allow|deny] CALL[@ABI] [ARGUMENT…]`
    fn read(line: &'l str, native: Arch) -> Result<Self, String> {
        let mut words = line.split([' ', '\t', ',']).filter(|word| !word.is_empty()).peekable();
        let expected = words.next_if(|word| matches!(*word, "allow" | "deny")).map(|word| word == "allow");
        let word = words.next().ok_or("there is no call in it")?;
        let (call, abi) = match word.split_once('@') {
            Some((call, abi)) => (call, Arch::from_name(abi).ok_or_else(|| format!("there is no ABI {abi}"))?),
            None => (word, native),
        };
        let Asked { number, arguments } = Asked::read(call, words, abi)?;
        Ok(Self { expected, call, abi, number, arguments })
    }
}
