//! The program `watertight`.

mod apparmor;
mod arguments;
mod change;
mod check;
mod cves;
mod escape;
mod explain;
mod explore;
mod falco;
mod harden;
mod input;
mod lesson;
mod outcome;
mod output;
mod part;
mod patience;
mod pieces;
mod pss;
mod restore;
mod seccomp;
mod share;
mod visible;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use mimalloc::MiMalloc;

use arguments::{Arguments, Command};
use outcome::Outcome;

/// An analysis makes millions of small pieces and gives most of them back at once: the system's allocator of Linux spends two
/// fifths of the time on them, this one a quarter of that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let raw = io::stdout();
    let choice = match ColorChoice::from(arguments.color) {
        ColorChoice::Auto => AutoStream::choice(&raw),
        choice => choice,
    };
    let colored = choice != ColorChoice::Never;
    // Where nothing is coloured there are no colours to look for and take out.
    let stream = if colored { AutoStream::new(raw.lock(), choice) } else { AutoStream::always_ansi(raw.lock()) };
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    let done = run(&arguments.command, &mut out, colored);
    match done.and_then(|outcome| out.flush().map(|()| outcome)) {
        Ok(outcome) => outcome.into(),
        // Whoever reads has seen enough: no error, but no verdict either.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            // What is left in the buffer has nowhere to go.
            let _ = out.into_parts();
            Outcome::Unusable.into()
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: the result could not be written: {error}");
            let _ = out.into_parts();
            Outcome::Unusable.into()
        }
    }
}

fn run(command: &Command, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    match command {
        Command::Check(check) => check::run(check, out, colored),
        Command::Harden(harden) => harden::run(harden, out),
        Command::Restore(restore) => restore::run(restore, out),
        Command::Pss(pss) => pss::run(pss, out),
        Command::Escape(escape) => escape::run(escape, out),
        Command::Explore(explore) => explore::run(explore, out),
        Command::Cves(cves) => cves::run(cves, out),
        Command::Falco(falco) => falco::run(falco, out, colored),
        Command::Seccomp(seccomp) => seccomp::run(seccomp, out, colored),
        Command::Apparmor(apparmor) => apparmor::run(apparmor, out, colored),
        Command::Share(share) => share::share(share, out),
        Command::Open(open) => share::open(open, out),
        Command::Lesson(lesson) => lesson::run(lesson, out, colored),
        Command::Explain(explain) => explain::explain(explain, out),
        Command::Rules(rules) => explain::rules(rules, out),
    }
}
