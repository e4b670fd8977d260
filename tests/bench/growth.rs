//! How what hostile texts take grows with their length: processor time and memory of an analysis, and of hardening them.

use std::error::Error;
use std::process::Command;
use std::{env, fs};

use watertight::diagnostic::{Level, Settings};
use watertight::text::Encoding;
use watertight::{Input, analyse, harden};
use watertight_tests::growing;

use crate::{peak_memory, processor_time};

/// Lengths of the texts: the second is a fourfold of the first, the third is nearly as long as a text may be.
const BYTES: [usize; 3] = [25_000, 100_000, 9_500_000];

/// Prints one line for each kind of text, or for those that are named;
/// each analysis runs in a process of its own, so that its peak of memory is its own.
pub(crate) fn run(names: &[String]) -> Result<(), Box<dyn Error>> {
    println!(
        "\n{:<50} {:>9} {:>9} {:>8} {:>9} {:>9} {:>9} {:>10}",
        "texts of 25 KB, 100 KB and 9.5 MB", "CPU ms", "CPU ms", "growth", "peak MB", "CPU ms", "peak MB", "MB per MB"
    );
    let is_meant = |name: &str| names.is_empty() || names.iter().any(|one| one == name);
    for (name, text) in growing::ALL.iter().filter(|(name, _)| is_meant(name)) {
        let mut lines = Vec::new();
        for bytes in BYTES {
            lines.push(apart(&["growing", name, &growing::repetitions(*text, bytes).to_string()])?);
        }
        if let [(short, _), (long, megabytes), (longest, most)] = *lines.as_slice() {
            let times = most / (BYTES[2] as f64 / 1e6);
            println!(
                "{name:<50} {short:>9.1} {long:>9.1} {:>8.1} {megabytes:>9.1} {longest:>9.0} {most:>9.1} {times:>10.1}",
                long / short
            );
        }
    }
    Ok(())
}

/// Levels that the longest texts are hardened to.
const LEVELS: [Level; 2] = [Level::Restricted, Level::Hardened];

/// The same for hardening, of the longest texts only.
pub(crate) fn run_hardening(names: &[String]) -> Result<(), Box<dyn Error>> {
    println!(
        "\n{:<50} {:>15} {:>9} {:>15} {:>9}",
        "texts of 9.5 MB, hardened", "restricted, ms", "peak MB", "hardened, ms", "peak MB"
    );
    let is_meant = |name: &str| names.is_empty() || names.iter().any(|one| one == name);
    for (name, text) in growing::ALL.iter().filter(|(name, _)| is_meant(name)) {
        print!("{name:<50}");
        let count = growing::repetitions(*text, BYTES[2]).to_string();
        for level in LEVELS {
            let (milliseconds, megabytes) = apart(&["growing", name, &count, &level.to_string()])?;
            print!(" {milliseconds:>15.0} {megabytes:>9.1}");
        }
        println!();
    }
    Ok(())
}

/// Milliseconds and megabytes that another process prints.
fn apart(arguments: &[&str]) -> Result<(f64, f64), Box<dyn Error>> {
    let output = Command::new(env::current_exe()?).args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [milliseconds, megabytes] = *numbers.as_slice() else {
        return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    };
    Ok((milliseconds, megabytes))
}

/// Analyses one text, or hardens it to a level; prints milliseconds and megabytes, those of the program itself taken off.
pub(crate) fn measure(name: &str, count: usize, level: Option<Level>) -> Result<(), Box<dyn Error>> {
    let (_, text) = growing::ALL.iter().find(|(known, _)| *known == name).ok_or("no such text")?;
    let text = text(count);
    // The peak of what has been until now is that of the program and of the text.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = peak_memory()?;
    let start = processor_time()?;
    let files = [Input { name: "x", text: &text }];
    let defaults = Settings::default();
    let settings = Settings { level: level.unwrap_or(defaults.level), ..defaults };
    match level {
        None => drop(analyse(&files, &settings, Encoding::Utf8)),
        Some(_) => drop(harden(&files, &settings)),
    }
    let spent = processor_time()? - start;
    println!("{} {}", spent * 1e3, (peak_memory()? - before).max(0.0) / 1e6);
    Ok(())
}
