//! `watertight seccomp diff`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use watertight_seccomp::compare::{AbiComparison, Difference, Outcome as Answer, Presence, compare};

use super::profile::Reading;
use crate::outcome::Outcome;
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Diff {
    /// The first profile
    left: PathBuf,
    /// The second profile
    right: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, one line a difference
    Jsonl,
}

pub(crate) fn run(asked: &Diff, out: &mut dyn Write) -> io::Result<Outcome> {
    let (Some(left), Some(right)) = (asked.reading.filter(&asked.left), asked.reading.filter(&asked.right)) else {
        return Ok(Outcome::Unusable);
    };
    let found = compare(&left, &right);
    match asked.format {
        Format::Text => {
            let names = [&asked.left, &asked.right].map(|path| visible(&path.to_string_lossy()).to_string());
            for abi in &found.abis {
                text(abi, &names, out)?;
            }
            if !found.is_complete {
                writeln!(
                    out,
                    "\nA call has so many conditions that not every combination of arguments was looked at."
                )?;
            }
        }
        Format::Jsonl => {
            for line in found.abis.iter().flat_map(lines) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(if found.is_same() { Outcome::Clean } else { Outcome::Found })
}

fn text(abi: &AbiComparison, names: &[String; 2], out: &mut dyn Write) -> io::Result<()> {
    let [left, right] = names;
    let arch = abi.arch;
    match abi.presence {
        Presence::Left => return writeln!(out, "{arch}: only in {left}; in {right} every call by it kills the thread"),
        Presence::Right => {
            return writeln!(out, "{arch}: only in {right}; in {left} every call by it kills the thread");
        }
        Presence::Both => {}
    }
    writeln!(out, "{arch}: {} differ, {} are treated alike", abi.differences.len(), abi.same)?;
    for difference in &abi.differences {
        let Difference { left, right, .. } = difference;
        write!(out, "  {:<24} {} -> {}", name(difference), left.action, right.action)?;
        if !difference.always {
            write!(out, "   {}, such as ({})", conditions(left, right), arguments(difference).join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn name(difference: &Difference) -> String {
    match difference.call {
        Some(call) => call.name().to_owned(),
        None => format!("from {} on", difference.number),
    }
}

/// What decides on either side.
fn conditions(left: &Answer, right: &Answer) -> String {
    let all = left.conditions.iter().chain(&right.conditions);
    let mut words: Vec<String> = all.map(ToString::to_string).collect();
    words.dedup();
    if words.is_empty() { "for other arguments".to_owned() } else { format!("for {}", words.join(" and ")) }
}

/// Arguments for which it is so, zeros at the end left out.
fn arguments(difference: &Difference) -> Vec<String> {
    let used = difference.witness.iter().rposition(|argument| *argument != 0).map_or(1, |last| last + 1);
    difference.witness.iter().take(used).map(|argument| format!("{argument:#x}")).collect()
}

fn lines(abi: &AbiComparison) -> Vec<Value> {
    let arch = abi.arch.to_string();
    let only = match abi.presence {
        Presence::Left => Some("left"),
        Presence::Right => Some("right"),
        Presence::Both => None,
    };
    if let Some(only) = only {
        return vec![json!({"abi": arch, "only": only})];
    }
    let line = |found: &Difference| {
        json!({
            "abi": arch,
            "syscall": found.call.map(|call| call.name()),
            "number": found.number,
            "left": found.left.action.to_string(),
            "right": found.right.action.to_string(),
            "always": found.always,
            "arguments": arguments(found),
        })
    };
    abi.differences.iter().map(line).collect()
}
