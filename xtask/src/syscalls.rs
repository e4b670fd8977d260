//! The table of system calls, from the list of numbers that libseccomp keeps (`src/syscalls.csv` of its sources).
//!
//! Only facts are taken over: which call has which number on which ABI. Groups and kernel versions are kept in
//! `calls.txt` by hand.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace;

const FOLDER: &str = "crates/seccomp/src/syscalls";

/// What is added to the numbers of an ABI: the bit of x32, and where the three MIPS tables begin.
const BASES: &[(&str, u32)] = &[("x32", 0x4000_0000), ("mips", 4000), ("mips64", 5000), ("mips64n32", 6000)];

/// Writes both files: names that are new at the end of `calls.txt`, and all numbers anew.
pub fn write(csv: &str) -> Result<()> {
    let text = fs::read_to_string(csv).with_context(|| format!("cannot read {csv}"))?;
    let (abis, rows) = read(&text)?;
    let folder = workspace::root().join(FOLDER);
    let calls = complete(&folder.join("calls.txt"), &rows)?;
    let order: BTreeMap<&str, usize> =
        calls.lines().enumerate().filter_map(|(place, line)| Some((line.split(' ').next()?, place))).collect();
    let mut numbers = String::new();
    for (column, abi) in abis.iter().enumerate() {
        let places: BTreeMap<u32, usize> = rows
            .iter()
            .filter_map(|(name, numbers)| Some(((*numbers.get(column)?)?, *order.get(name.as_str())?)))
            .collect();
        let base = BASES.iter().find(|(name, _)| name == abi).map_or(0, |(_, base)| *base);
        writeln!(numbers, "{abi}{}", encode(base, &places))?;
    }
    fs::write(folder.join("numbers.txt"), numbers)?;
    println!("{} calls on {} ABIs", rows.len(), abis.len());
    Ok(())
}

type Rows = BTreeMap<String, Vec<Option<u32>>>;

/// The ABIs, and for each call its number on each of them.
fn read(csv: &str) -> Result<(Vec<&str>, Rows)> {
    let mut lines = csv.lines();
    let abis: Vec<&str> = lines.next().context("the file is empty")?.split(',').skip(1).step_by(2).collect();
    let mut rows = Rows::new();
    for line in lines {
        let mut cells = line.split(',');
        let name = cells.next().unwrap_or_default();
        let numbers: Vec<Option<u32>> = cells.step_by(2).map(|cell| cell.parse().ok()).collect();
        if numbers.len() != abis.len() {
            bail!("{name} has {} numbers for {} ABIs", numbers.len(), abis.len());
        }
        rows.insert(name.to_owned(), numbers);
    }
    Ok((abis, rows))
}

/// Adds the calls that `calls.txt` does not have yet, and gives its text.
fn complete(path: &Path, rows: &Rows) -> Result<String> {
    let mut text = fs::read_to_string(path)?;
    for name in rows.keys() {
        let known = text.lines().any(|line| line.split(' ').next() == Some(name));
        if !known {
            println!("{name} is new: set its group and its first kernel in calls.txt");
            writeln!(text, "{name} machine -")?;
        }
    }
    fs::write(path, &text)?;
    Ok(text)
}

/// Numbers as steps through `calls.txt`; the module that reads them explains the form.
fn encode(base: u32, places: &BTreeMap<u32, usize>) -> String {
    let mut text = format!(" @{base}");
    let (mut number, mut place, mut run) = (0, 0, 0);
    for (&wanted, &call) in places {
        if run > 0 && (wanted != number || call != place) {
            text.push_str(&format!(" {run}"));
            run = 0;
        }
        if wanted > number + 1000 {
            text.push_str(&format!(" @{}", base + wanted));
        } else if wanted > number {
            text.push_str(&format!(" .{}", wanted - number));
        }
        if call != place {
            text.push_str(&format!(" {:+}", call as i64 - place as i64));
        }
        (number, place, run) = (wanted + 1, call + 1, run + 1);
    }
    if run > 0 {
        text.push_str(&format!(" {run}"));
    }
    text
}
