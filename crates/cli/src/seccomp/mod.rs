//! `watertight seccomp`: profiles checked, asked, beside each other, as programs of the kernel, and made of traces.

mod bpf;
mod check;
mod decide;
mod diff;
mod generate;
mod profile;

use std::io::{self, Write};

use clap::Subcommand;

use crate::outcome::Outcome;

/// What is asked of the profiles.
#[derive(Subcommand)]
pub(crate) enum Seccomp {
    /// Show what is wrong in profiles: what the runtime passes over or refuses, what leads out, what keeps containers from starting
    #[command(after_help = CHECK)]
    Check(check::Check),
    /// Say what a profile does to calls, and which entry decides
    #[command(after_help = DECIDE)]
    Decide(decide::Decide),
    /// Say what two profiles do differently, call by call
    #[command(after_help = DIFF)]
    Diff(diff::Diff),
    /// Show the program that the kernel runs for a profile
    #[command(after_help = BPF)]
    Bpf(bpf::Bpf),
    /// Write a profile: of what a program was seen to call, of other profiles, or as a smaller one of the same effect
    #[command(after_help = GENERATE)]
    Generate(generate::Generate),
}

const CHECK: &str = "\
Examples:
  watertight seccomp check profile.json
  watertight seccomp check --runtime docker default.json         as Docker reads it
  watertight seccomp check pod.yaml profiles/                    the profiles that the pods name too

The same file means different things to containerd, Docker, Podman and CRI-O. Without --runtime it is read as containerd
reads a pod's Localhost profile.

Exit status: 0 nothing was found at or above the threshold, 1 something was, 2 input that cannot be used.";

const DECIDE: &str = "\
Examples:
  echo 'clone CLONE_NEWUSER' | watertight seccomp decide profile.json
  watertight seccomp decide --runtime docker --cap SYS_ADMIN < calls.txt    what the runtime brings along

Calls stand one a line on standard input: a name or a number, with @ABI behind it for another one than the node's own, and
up to six arguments as numbers, as 0x1f, or in names: socket@x86 AF_INET SOCK_STREAM|SOCK_CLOEXEC. A # begins a note.

As a test: put allow or deny in front of a call.

Exit status: 0 every answer is what its line expects, 1 one is not, 2 input that cannot be used.";

const DIFF: &str = "\
Examples:
  watertight seccomp diff old.json new.json
  watertight seccomp diff --runtime docker --cap SYS_ADMIN moby.json mine.json

What is compared is what the profiles do on the node that is named, not how they are written. Where only some arguments
make a difference, one such set of arguments is shown.

Exit status: 0 they do the same, 1 they do not, 2 input that cannot be used.";

const BPF: &str = "\
Examples:
  watertight seccomp bpf profile.json
  watertight seccomp bpf --call clone --arguments 0x10000000 profile.json    the way of one call through it
  watertight seccomp bpf --raw profile.json > filter.bpf                     as seccomp(2) takes it

Exit status: 0 done, 2 input that cannot be used.";

const GENERATE: &str = "\
Examples:
  strace -f -o trace.txt ./server; watertight seccomp generate trace.txt > profile.json
  strace -c -f ./server 2>&1 | watertight seccomp generate -
  ausearch -m SECCOMP | watertight seccomp generate -
  watertight seccomp generate --base docker-default.json trace.txt           the base without what is not needed
  watertight seccomp generate --merge web.json --merge worker.json           what either of them lets pass
  watertight seccomp generate --minimise long.json                           the same in fewer entries

A trace is the output of strace, with -c or without, lines of the audit log, or a plain list of names. Without
--start none, the calls are added that the runtime itself makes before the program starts.

Exit status: 0 done, 1 something could not be taken over and is listed on standard error, 2 input that cannot be used.";

pub(crate) fn run(seccomp: &Seccomp, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    match seccomp {
        Seccomp::Check(asked) => check::run(asked, out, colored),
        Seccomp::Decide(asked) => decide::run(asked, out),
        Seccomp::Diff(asked) => diff::run(asked, out),
        Seccomp::Bpf(asked) => bpf::run(asked, out),
        Seccomp::Generate(asked) => generate::run(asked, out),
    }
}
