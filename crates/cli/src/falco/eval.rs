//! `watertight falco eval`

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use watertight_falco::evaluate::{Absent, Evaluator, Explained, ExplainedKind, Verdicts, try_event};
use watertight_falco::events::{Event, EventProblem};

use super::RuleFiles;
use super::lines::each_event;
use super::rules::Rules;
use crate::input::{Source, Unusable, sources};
use crate::outcome::Outcome;
use crate::output::{complain, counted};
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Eval {
    #[command(flatten)]
    rules: RuleFiles,
    /// Files with events, or - for standard input
    #[arg(value_name = "EVENTS|-")]
    events: Vec<PathBuf>,
    /// How to take fields that an event does not have
    #[arg(long, value_enum, default_value_t)]
    absent: AbsentFields,
    /// Show what decided
    #[arg(long)]
    explain: bool,
    /// How to say it; jsonl is one JSON object an event
    #[arg(long, value_enum, default_value_t)]
    format: EvalFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum AbsentFields {
    /// Unknown in Falco's output, missing in a table of fields
    #[default]
    Auto,
    /// Missing, as Falco would have it
    Missing,
    /// Unknown
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum EvalFormat {
    /// For people: the events that raised something or should have
    #[default]
    Text,
    /// One JSON object an event
    Jsonl,
}

/// What became of an event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'l> {
    file: &'l str,
    /// Line of the event in the file, from 1.
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'l str>,
    /// The rules that hold, in order. Falco fires the first, unless it is set to `rule_matching: all`.
    fires: Vec<&'l str>,
    /// The rules that cannot be decided, with the fields that are needed for it.
    open: Vec<Open<'l>>,
    /// Rules that should have fired and did not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<&'l str>,
    /// Rules that fired and should not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unexpected: Vec<&'l str>,
    /// What decided, for each rule that fired or should have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<Because<'l>>,
}

#[derive(Serialize)]
struct Open<'l> {
    rule: &'l str,
    needs: Vec<String>,
}

#[derive(Serialize)]
struct Because<'l> {
    rule: &'l str,
    verdict: &'static str,
    decided: Vec<String>,
}

struct Run<'r> {
    asked: &'r Eval,
    rules: Rules,
    evaluator: Evaluator,
    verdicts: Verdicts,
    out: &'r mut dyn Write,
    outcome: Outcome,
    events: usize,
    fired: usize,
    open: usize,
    tests: usize,
    failed: usize,
}

pub(crate) fn run(asked: &Eval, out: &mut dyn Write) -> io::Result<Outcome> {
    if asked.rules.rules.is_empty() {
        let reason = "name a rules file with --rules".to_owned();
        complain(&Unusable { name: "no rules".to_owned(), reason });
        return Ok(Outcome::Unusable);
    }
    let Some(rules) = Rules::read(&asked.rules) else { return Ok(Outcome::Unusable) };
    let absent = match asked.absent {
        AbsentFields::Auto => Absent::ByForm,
        AbsentFields::Missing => Absent::Missing,
        AbsentFields::Unknown => Absent::Unknown,
    };
    let evaluator = Evaluator::new(&rules.set, absent);
    let verdicts = evaluator.verdicts();
    let outcome = Outcome::Clean;
    let (events, fired, open, tests, failed) = (0, 0, 0, 0, 0);
    let mut run = Run { asked, rules, evaluator, verdicts, out, outcome, events, fired, open, tests, failed };
    let (sources, unusable) = sources(&asked.events);
    for unusable in unusable {
        run.unusable(&unusable);
    }
    for source in sources {
        run.source(&source)?;
    }
    run.close()?;
    Ok(run.outcome)
}

impl Run<'_> {
    fn source(&mut self, source: &Source) -> io::Result<()> {
        let name = source.name();
        let mut each = |line: usize, event: Result<&Event<'_>, &EventProblem>| match event {
            Ok(event) => self.event(&name, line, event),
            Err(problem) => {
                self.unusable(&Unusable { name: format!("{name}:{line}"), reason: problem.message.to_owned() });
                Ok(())
            }
        };
        let done = match source {
            Source::Stdin => each_event(io::stdin().lock(), &mut each),
            Source::File(path) => match File::open(path) {
                Ok(file) => each_event(BufReader::new(file), &mut each),
                Err(error) => {
                    self.unusable(&Unusable { name, reason: error.to_string() });
                    return Ok(());
                }
            },
        };
        match done {
            // What cannot be read is said; what cannot be written ends the run.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                self.unusable(&Unusable { name: source.name(), reason: error.to_string() });
                Ok(())
            }
            done => done,
        }
    }

    fn event(&mut self, file: &str, line: usize, event: &Event<'_>) -> io::Result<()> {
        self.events += 1;
        let tried = try_event(&self.rules.set, &self.evaluator, event, &mut self.verdicts);
        let good = tried.is_good();
        if !good {
            self.outcome.worsen(Outcome::Found);
        }
        self.fired += usize::from(!tried.fires.is_empty());
        self.open += usize::from(!tried.open.is_empty());
        self.tests += usize::from(tried.is_test);
        self.failed += usize::from(tried.is_test && !good);
        let because = if self.asked.explain {
            let not = tried.lacking.iter().filter_map(|name| self.rules.set.items.rules.position(name));
            let all = tried.fires.iter().copied().chain(not);
            let explained = |index: usize| self.evaluator.explain(index, event);
            all.filter_map(|index| Some(because(self.rules.name(index), &explained(index)?))).collect()
        } else {
            Vec::new()
        };
        let names = |rules: &[usize]| rules.iter().map(|rule| self.rules.name(*rule)).collect();
        let (fires, unexpected) = (names(&tried.fires), names(&tried.unexpected));
        let open = tried.open.into_iter().map(|(rule, needs)| Open { rule: self.rules.name(rule), needs });
        let absent = tried.lacking;
        let id = event.id.as_deref();
        let line = Line { file, line, id, open: open.collect(), fires, absent, unexpected, because };
        match self.asked.format {
            EvalFormat::Jsonl => {
                serde_json::to_writer(&mut *self.out, &line)?;
                self.out.write_all(b"\n")
            }
            EvalFormat::Text => text(&mut *self.out, &line),
        }
    }

    fn close(&mut self) -> io::Result<()> {
        if self.asked.format == EvalFormat::Text {
            let rules = counted(self.evaluator.len(), "rule");
            let events = counted(self.events, "event");
            write!(self.out, "{events}, {rules}: {} raised something", self.fired)?;
            if self.open > 0 {
                write!(self.out, ", {} cannot be decided wholly", self.open)?;
            }
            if self.tests > 0 {
                write!(self.out, "; {} of {} as expected", self.tests - self.failed, counted(self.tests, "test"))?;
            }
            writeln!(self.out, ".")?;
        }
        self.out.flush()
    }

    fn unusable(&mut self, unusable: &Unusable) {
        self.outcome.worsen(Outcome::Unusable);
        complain(unusable);
    }
}

fn text(out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
    if line.fires.is_empty() && line.open.is_empty() && line.absent.is_empty() {
        return Ok(());
    }
    let id = line.id.map(|id| format!("  {}", visible(id))).unwrap_or_default();
    writeln!(out, "{}:{}{id}", visible(line.file), line.line)?;
    for (number, rule) in line.fires.iter().enumerate() {
        let word = if line.unexpected.contains(rule) { "fires, unexpected" } else { "fires" };
        let behind = if number > 0 { "  (behind the first, which alone fires by default)" } else { "" };
        writeln!(out, "  {word}  {}{behind}", visible(rule))?;
        reasons(out, line, rule)?;
    }
    for rule in &line.absent {
        writeln!(out, "  does not fire, expected  {}", visible(rule))?;
        reasons(out, line, rule)?;
    }
    for open in &line.open {
        writeln!(out, "  open  {}  needs {}", visible(open.rule), visible(&open.needs.join(", ")))?;
    }
    Ok(())
}

fn reasons(out: &mut dyn Write, line: &Line<'_>, rule: &str) -> io::Result<()> {
    for because in line.because.iter().filter(|because| because.rule == rule) {
        for reason in &because.decided {
            writeln!(out, "      {}", visible(reason))?;
        }
    }
    Ok(())
}

/// The comparisons that decided, each with the value that was looked at.
fn because<'l>(rule: &'l str, whole: &Explained) -> Because<'l> {
    let decided = whole.deciding().into_iter().filter_map(|part| {
        let ExplainedKind::Check(looked) = &part.kind else { return None };
        Some(format!("{}: {}  [{}]", part.verdict.word(), looked.text, looked.saw()))
    });
    Because { rule, verdict: whole.verdict.word(), decided: decided.collect() }
}
