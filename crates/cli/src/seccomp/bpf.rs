//! `watertight seccomp bpf`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use watertight_seccomp::bpf::{Program, SeccompData};
use watertight_seccomp::{Arch, Syscall};

use super::profile::Reading;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::{complain, counted};

#[derive(Args)]
pub(crate) struct Bpf {
    /// The profile
    profile: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Write the instructions as the kernel takes them, eight bytes each
    #[arg(long, conflicts_with_all = ["call", "arguments"])]
    raw: bool,
    /// Mark the way of this call: its name, or its number
    #[arg(long, value_name = "CALL")]
    call: Option<String>,
    /// Its arguments, decimal or as 0x1f
    #[arg(long, value_name = "A0,A1,…", value_delimiter = ',', value_parser = number, requires = "call")]
    arguments: Vec<u64>,
    /// The ABI it is made by, such as x86 or x32; the node's own without it
    #[arg(long, value_name = "ABI", value_parser = abi, requires = "call")]
    abi: Option<Arch>,
}

pub(crate) fn run(asked: &Bpf, out: &mut dyn Write) -> io::Result<Outcome> {
    let Some(filter) = asked.reading.filter(&asked.profile) else { return Ok(Outcome::Unusable) };
    let program = match filter.compile() {
        Ok(program) => program,
        Err(too_long) => return unusable(&asked.profile.to_string_lossy(), too_long.to_string()),
    };
    if asked.raw {
        // `out` is for text and takes what looks like colours away.
        let mut bytes = io::stdout();
        bytes.write_all(&program.to_bytes())?;
        bytes.flush()?;
        return Ok(Outcome::Clean);
    }
    let Some(call) = &asked.call else {
        show(&program, None, out)?;
        return Ok(Outcome::Clean);
    };
    let arch = asked.abi.unwrap_or_else(|| asked.reading.arch());
    let known = Syscall::from_name(call).and_then(|call| call.number(arch));
    let Some(number) = known.or_else(|| call.parse().ok()) else {
        return unusable(call, format!("{arch} has no such call"));
    };
    let mut arguments = [0; 6];
    if asked.arguments.len() > arguments.len() {
        return unusable(call, "a call has six arguments at most".to_owned());
    }
    arguments.iter_mut().zip(&asked.arguments).for_each(|(slot, value)| *slot = *value);
    let run = program.run(&SeccompData::new(arch, number, arguments));
    show(&program, Some(&run.path), out)?;
    writeln!(out, "{call} by {arch}: {} after {}", run.action(), counted(run.path.len(), "instruction"))?;
    Ok(Outcome::Clean)
}

/// The program in words, with a mark before the instructions that ran.
fn show(program: &Program, path: Option<&[u16]>, out: &mut dyn Write) -> io::Result<()> {
    for line in program.disassemble() {
        let ran = path.is_some_and(|path| path.iter().any(|at| usize::from(*at) == line.at));
        let mark = if ran { '>' } else { ' ' };
        let text = format!("{mark} {:>4}  {:<26} {}", line.at, line.text, line.comment);
        writeln!(out, "{}", text.trim_end())?;
    }
    writeln!(out, "{} of 4096", counted(program.instructions().len(), "instruction"))
}

fn unusable(name: &str, reason: String) -> io::Result<Outcome> {
    complain(&Unusable { name: name.to_owned(), reason });
    Ok(Outcome::Unusable)
}

fn number(text: &str) -> Result<u64, String> {
    let read = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    read.map_err(|_| "an argument is a number from 0 to 2^64-1, decimal or as 0x1f".to_owned())
}

fn abi(text: &str) -> Result<Arch, String> {
    Arch::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = Arch::all().map(Arch::name).collect();
        format!("an ABI is one of {}", known.join(", "))
    })
}
