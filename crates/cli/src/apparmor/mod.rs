//! `watertight apparmor`: profiles checked, asked, and made of pods and of logs.

mod check;
mod decide;
pub(crate) mod files;
mod generate;

use std::io::{self, Write};

use clap::Subcommand;

use crate::outcome::Outcome;

/// What is asked of the profiles.
#[derive(Subcommand)]
pub(crate) enum Apparmor {
    /// Show what is wrong in profiles: what the parser refuses, what does nothing, what leads out
    #[command(after_help = CHECK)]
    Check(check::Check),
    /// Say what a profile decides, operation by operation, and which rule decides
    #[command(after_help = DECIDE)]
    Decide(decide::Decide),
    /// Write a profile for a container, or add the rules that a log asks for
    #[command(after_help = GENERATE)]
    Generate(generate::Generate),
}

const CHECK: &str = "\
Examples:
  watertight apparmor check /etc/apparmor.d
  watertight apparmor check --runtimes                   the default profiles of the runtimes themselves

Files are looked at together: one stands for an include when its path ends in the name of the include. Of a folder every
file is read, whatever its name.

Exit status: 0 nothing was found at or above the threshold, 1 something was, 2 input that cannot be used.";

const DECIDE: &str = "\
Examples:
  echo 'file /etc/passwd r' | watertight apparmor decide web.profile
  watertight apparmor decide --profile 'docker-default' < operations.txt      a runtime's own
  watertight apparmor decide --profile web//helper profiles/ < operations.txt

Operations stand one a line on standard input:
  file PATH LETTERS [other]      exec PATH                    link NEW OLD
  capability NAME                network FAMILY TYPE          userns
  mount FSTYPE SOURCE on TARGET  bind SOURCE on TARGET        umount TARGET
  ptrace ACCESS PEER             signal ACCESS SIGNAL PEER    unix ACCESS TYPE [ADDRESS] [PEER]
  change_profile NAME            pivot_root NEW OLD           a line of the audit log
  start static, start dynamic    what a program asks for while it starts

As a test: put allow, deny or unknown in front of an operation.

Exit status: 0 every answer is what its line expects, 1 one is not, 2 input that cannot be used.";

const GENERATE: &str = "\
Examples:
  watertight apparmor generate pod.yaml > web.profile
  watertight apparmor generate --strictness tight --complain --needs needs.txt pod.yaml
  watertight apparmor generate --load pod.yaml                   how the profile comes to act
  journalctl -k | watertight apparmor generate --log - web.profile
  watertight apparmor generate --log audit.log --diff web.profile

Needs stand one a line: a rule, a line of the audit log, or read, write or run with a path. What is not taken over is
told on standard error.

Exit status: 0 done, 1 something could not be taken over, 2 input that cannot be used.";

pub(crate) fn run(apparmor: &Apparmor, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    match apparmor {
        Apparmor::Check(asked) => check::run(asked, out, colored),
        Apparmor::Decide(asked) => decide::run(asked, out),
        Apparmor::Generate(asked) => generate::run(asked, out),
    }
}
