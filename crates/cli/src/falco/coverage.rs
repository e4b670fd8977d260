//! `watertight falco coverage`

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;
use watertight_falco::coverage::{Seen, coverage, find, scenarios};

use super::RuleFiles;
use super::rules::Rules;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::{complain, counted};
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Coverage {
    #[command(flatten)]
    rules: RuleFiles,
    /// Count what the published stable rules see as well
    #[arg(long)]
    stable: bool,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: CoverageFormat,
    /// Print the events of an attempt and of its benign twin as JSON lines; "all" for every attempt
    #[arg(long, value_name = "ATTEMPT", conflicts_with = "rules")]
    events: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CoverageFormat {
    /// For people
    #[default]
    Text,
    /// Everything that is known
    Json,
    /// A table for a page or a pull request
    Markdown,
}

/// What is seen of an attempt.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'r> {
    id: &'r str,
    title: &'r str,
    attack: &'r str,
    vectors: &'r [&'r str],
    /// The user's rules that see it.
    by: Vec<&'r str>,
    /// Those of them that a benign event raises as well.
    noisy: Vec<&'r str>,
    /// The published stable rules that see it.
    stable: &'r [&'r str],
    gap: bool,
    /// The rule of ours that would see it.
    rule: &'r str,
}

pub(crate) fn run(asked: &Coverage, out: &mut dyn Write) -> io::Result<Outcome> {
    if let Some(id) = &asked.events {
        return events(id, out);
    }
    if asked.rules.rules.is_empty() && !asked.stable {
        let reason = "name a rules file with --rules, or --stable for the published ones".to_owned();
        complain(&Unusable { name: "no rules".to_owned(), reason });
        return Ok(Outcome::Unusable);
    }
    let Some(rules) = Rules::read(&asked.rules) else { return Ok(Outcome::Unusable) };
    let all = coverage(&rules.set);
    let rows: Vec<Row<'_>> = all.iter().map(|seen| row(seen, &rules, asked.stable)).collect();
    match asked.format {
        CoverageFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            writeln!(out)?;
        }
        CoverageFormat::Markdown => markdown(&rows, out)?,
        CoverageFormat::Text => text(&rows, out)?,
    }
    out.flush()?;
    Ok(if rows.iter().any(|row| row.gap) { Outcome::Found } else { Outcome::Clean })
}

fn row<'r>(seen: &'r Seen, rules: &'r Rules, stable: bool) -> Row<'r> {
    let scenario = &seen.scenario;
    let names = |indices: &[usize]| indices.iter().map(|index| rules.name(*index)).collect();
    let gap = if stable { seen.is_gap_beside_stable() } else { seen.is_gap() };
    let stable: &[&str] = if stable { &scenario.stable } else { &[] };
    Row {
        id: scenario.id,
        title: scenario.title,
        attack: scenario.attack,
        vectors: &scenario.vectors,
        by: names(&seen.by),
        noisy: names(&seen.noisy),
        stable,
        gap,
        rule: scenario.rule,
    }
}

impl Row<'_> {
    /// The rules that see it, the user's first, with a mark for those that a benign event raises as well.
    fn seen_by(&self) -> String {
        let mark = |name: &&str| if self.noisy.contains(name) { format!("{name} (noisy)") } else { (*name).to_owned() };
        let ours = self.by.iter().map(mark);
        let stable = self.stable.iter().filter(|name| !self.by.contains(name)).map(|name| format!("{name} (stable)"));
        ours.chain(stable).collect::<Vec<_>>().join(", ")
    }
}

fn text(rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
    let width = rows.iter().map(|row| row.id.len()).max().unwrap_or_default();
    for row in rows {
        let word = if row.gap { "gap " } else { "seen" };
        write!(out, "{word}  {:9}  {:width$}  {}", row.attack, row.id, row.title)?;
        let by = row.seen_by();
        if by.is_empty() { writeln!(out)? } else { writeln!(out, "\n      {}", visible(&by))? }
    }
    let gaps = rows.iter().filter(|row| row.gap).count();
    writeln!(out, "{} of {} seen.", rows.len() - gaps, counted(rows.len(), "attempt"))?;
    if gaps > 0 {
        writeln!(out, "`watertight falco generate` writes the rules that are lacking.")?;
    }
    Ok(())
}

fn markdown(rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| ATT&CK | attempt | seen by |\n| --- | --- | --- |")?;
    for row in rows {
        let by = if row.gap { "**gap**".to_owned() } else { row.seen_by().replace('|', "\\|") };
        writeln!(out, "| {} | {} | {} |", row.attack, row.title, visible(&by))?;
    }
    Ok(())
}

fn events(id: &str, out: &mut dyn Write) -> io::Result<Outcome> {
    let wanted = if id == "all" { scenarios() } else { find(id).into_iter().collect() };
    if wanted.is_empty() {
        complain(&no_such_attempt(id));
        return Ok(Outcome::Unusable);
    }
    for scenario in wanted {
        out.write_all(scenario.lines().as_bytes())?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

/// What is said of an id that no attempt has.
pub(super) fn no_such_attempt(id: &str) -> Unusable {
    let known: Vec<&str> = scenarios().iter().map(|one| one.id).collect();
    let reason = format!("there is no such attempt; they are {}", known.join(", "));
    Unusable { name: id.to_owned(), reason }
}
