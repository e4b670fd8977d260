//! How what hostile texts take grows with their length: processor time and memory of an analysis.

use std::error::Error;
use std::process::Command;
use std::{env, fs};

use watertight::diagnostic::Settings;
use watertight::text::Encoding;
use watertight::{Input, analyse};
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
            let count = growing::repetitions(*text, bytes);
            let output = Command::new(env::current_exe()?).args(["growing", name, &count.to_string()]).output()?;
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
            let [milliseconds, megabytes] = *numbers.as_slice() else {
                return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into());
            };
            lines.push((milliseconds, megabytes));
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

/// Analyses one text; prints milliseconds and megabytes, those of the program itself taken off.
pub(crate) fn measure(name: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let (_, text) = growing::ALL.iter().find(|(known, _)| *known == name).ok_or("no such text")?;
    let text = text(count);
    // The peak of what has been until now is that of the program and of the text.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = peak_memory()?;
    let start = processor_time()?;
    let report = analyse(&[Input { name: "x", text: &text }], &Settings::default(), Encoding::Utf8);
    let spent = processor_time()? - start;
    println!("{} {}", spent * 1e3, (peak_memory()? - before).max(0.0) / 1e6);
    drop(report);
    Ok(())
}
