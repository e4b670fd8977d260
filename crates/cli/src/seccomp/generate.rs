//! `watertight seccomp generate`

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use watertight::text::LineIndex;
use watertight_seccomp::generate::{Draft, Format, Starter, Trace, Wish, build, merge, minimise, start_calls, trim};
use watertight_seccomp::{Action, ActionKind, Filter, Syscall};

use super::profile::{Reading, text};
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Generate {
    /// Traces, lists of names, or - for standard input
    #[arg(value_name = "TRACE|-", required_unless_present_any = ["merge", "minimise"])]
    traces: Vec<PathBuf>,
    /// Begin with this profile and take away what the traces do not need
    #[arg(long, value_name = "PROFILE")]
    base: Option<PathBuf>,
    /// Write the union of profiles; name it for each
    #[arg(long, value_name = "PROFILE", conflicts_with_all = ["traces", "base"])]
    merge: Vec<PathBuf>,
    /// Write this profile in fewer entries
    #[arg(long, value_name = "PROFILE", conflicts_with_all = ["traces", "base", "merge"])]
    minimise: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Who is to read it
    #[arg(long, value_enum, default_value_t)]
    dialect: Dialect,
    /// The program that starts the container; its own calls are allowed too
    #[arg(long, value_enum, default_value_t)]
    start: Start,
    /// The container runs with no_new_privs (allowPrivilegeEscalation: false), where fewer calls are needed to start
    #[arg(long)]
    no_new_privs: bool,
    /// Allow what other C libraries and machines call in place of the calls seen
    #[arg(long)]
    portable: bool,
    /// Serve programs of the machine's other ABIs too, such as 32-bit ones
    #[arg(long)]
    companions: bool,
    /// What happens to every other call
    #[arg(long, value_enum, default_value_t)]
    otherwise: Otherwise,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Dialect {
    /// containerd, runc, crun and every pod's Localhost profile
    #[default]
    Oci,
    /// Docker, Podman and CRI-O; with comments
    Docker,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Start {
    #[default]
    Runc,
    Crun,
    /// Add nothing
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Otherwise {
    /// It fails with EPERM
    #[default]
    Errno,
    /// It ends the process
    Kill,
    /// It is let pass and logged, to see what is missing
    Log,
}

pub(crate) fn run(asked: &Generate, out: &mut dyn Write) -> io::Result<Outcome> {
    let Some((draft, outcome)) = draft(asked) else { return Ok(Outcome::Unusable) };
    let format = match asked.dialect {
        Dialect::Oci => Format::Oci,
        Dialect::Docker => Format::Docker,
    };
    out.write_all(draft.write(format).as_bytes())?;
    out.flush()?;
    Ok(outcome)
}

fn draft(asked: &Generate) -> Option<(Draft, Outcome)> {
    if let Some(path) = &asked.minimise {
        return Some((minimise(&asked.reading.filter(path)?), Outcome::Clean));
    }
    if !asked.merge.is_empty() {
        return merged(asked);
    }
    let (calls, outcome) = traced(asked)?;
    let start = match asked.start {
        Start::Runc => start_calls(Starter::Runc, asked.no_new_privs),
        Start::Crun => start_calls(Starter::Crun, asked.no_new_privs),
        Start::None => Vec::new(),
    };
    if let Some(path) = &asked.base {
        let needed = calls.into_iter().chain(start).collect();
        return Some((trim(&asked.reading.filter(path)?, &needed), outcome));
    }
    let calls: Vec<Syscall> = calls.into_iter().collect();
    let wish = Wish {
        native: asked.reading.arch(),
        companions: asked.companions,
        calls: &calls,
        start: &start,
        portable: asked.portable,
        default_action: match asked.otherwise {
            Otherwise::Errno => Action::errno(1),
            Otherwise::Kill => Action::new(ActionKind::KillProcess, 0),
            Otherwise::Log => Action::new(ActionKind::Log, 0),
        },
    };
    Some((build(&wish), outcome))
}

fn merged(asked: &Generate) -> Option<(Draft, Outcome)> {
    let filters: Option<Vec<Filter>> = asked.merge.iter().map(|path| asked.reading.filter(path)).collect();
    let mut filters = filters?.into_iter();
    let mut draft = minimise(&filters.next()?);
    let mut outcome = Outcome::Clean;
    for filter in filters {
        let merged = merge(&draft.filter(true), &filter);
        for call in &merged.unsaid {
            let reason = "no profile can say what either of them does; the stricter of the two is written".to_owned();
            complain(&Unusable { name: call.clone(), reason });
            outcome = Outcome::Found;
        }
        draft = merged.draft;
    }
    Some((draft, outcome))
}

/// All calls of all traces.
fn traced(asked: &Generate) -> Option<(BTreeSet<Syscall>, Outcome)> {
    let mut calls = BTreeSet::new();
    let mut outcome = Outcome::Clean;
    for path in &asked.traces {
        let name = path.to_string_lossy();
        let text = text(path).map_err(|reason| complain(&Unusable { name: name.clone().into_owned(), reason })).ok()?;
        let trace = Trace::read(&text, asked.reading.arch());
        if trace.calls.is_empty() {
            let reason = format!("no call is named in it; it was read as {}", trace.form.describe());
            complain(&Unusable { name: name.into_owned(), reason });
            return None;
        }
        let lines = LineIndex::new(&text);
        for unread in &trace.unread {
            let place = format!("{name}:{}", lines.line_of(unread.span.start) + 1);
            complain(&Unusable { name: place, reason: visible(&unread.why.to_string()).to_string() });
        }
        if trace.unread_count > trace.unread.len() {
            let reason = format!("{} more places could not be read", trace.unread_count - trace.unread.len());
            complain(&Unusable { name: name.into_owned(), reason });
        }
        if trace.unread_count > 0 {
            outcome = Outcome::Found;
        }
        calls.extend(trace.names());
    }
    Some((calls, outcome))
}
