//! The figures that we promise: processor time and memory of an analysis, and how they grow.
//!
//! Each measurement of pods runs in a process of its own, so that its peak of memory is its own. Nothing is asserted.

// Printing is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod apparmor;
mod escape;
mod falco;
mod growth;
mod seccomp;

use std::error::Error;
use std::process::Command;
use std::{env, fs};

use mimalloc::MiMalloc;
use serde_json::{Value, json};
use watertight::diagnostic::Settings;
use watertight::text::Encoding;
use watertight::{Input, analyse};

/// The allocator of the program `watertight`, whose time and memory this is about.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Pods in a file, and how often to analyse it.
const CASES: &[(usize, usize)] = &[(1, 200), (100, 20), (1_000, 10), (10_000, 1), (100_000, 1)];

/// A file may not be larger than this; more pods come in several files, as they would from a folder.
const PODS_A_FILE: usize = 5_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [text, pods] = arguments.as_slice()
        && text == "text"
    {
        print!("{}", watertight_tests::manifest(pods.parse()?));
        return Ok(());
    }
    if let [what] = arguments.as_slice() {
        match what.as_str() {
            "falco" => return falco::run(),
            "seccomp" => return seccomp::run(processor_time),
            "apparmor" => return apparmor::run(processor_time),
            "escape" => return escape::run(processor_time),
            "mapped" => {
                let sets = watertight_tests::mapped_pods()
                    .into_iter()
                    .map(|(name, files)| json!({"name": name, "files": files}));
                print!("{}", Value::from_iter(sets));
                return Ok(());
            }
            _ => {}
        }
    }
    if let [what, names @ ..] = arguments.as_slice()
        && what == "growth"
    {
        return growth::run(names);
    }
    if let [what, names @ ..] = arguments.as_slice()
        && what == "hardening"
    {
        return growth::run_hardening(names);
    }
    if let [what, name, count, level @ ..] = arguments.as_slice()
        && what == "growing"
    {
        return growth::measure(name, count.parse()?, level.first().map(|level| level.parse()).transpose()?);
    }
    if let [pods, rounds] = arguments.as_slice() {
        return measure(pods.parse()?, rounds.parse()?);
    }
    println!(
        "{:>8} {:>10} {:>12} {:>14} {:>10} {:>10}",
        "pods", "bytes", "CPU ms", "CPU µs a pod", "peak MB", "findings"
    );
    for (pods, rounds) in CASES {
        let output = Command::new(env::current_exe()?).args([pods.to_string(), rounds.to_string()]).output()?;
        print!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    answered()?;
    growth::run(&[])?;
    apparmor::run(processor_time)?;
    seccomp::run(processor_time)?;
    escape::run(processor_time)?;
    falco::run()
}

/// How many pods the benchmark in the browser asks about, and how often this asks.
const ASKED: (usize, usize) = (1_000, 10);

/// What the same question takes here that the page's worker is asked in the browser: its message read and its reply written too.
fn answered() -> Result<(), Box<dyn Error>> {
    let (pods, rounds) = ASKED;
    let files = json!([{"name": "pods.yaml", "text": watertight_tests::manifest(pods)}]);
    let asked = json!({"id": 1, "body": {"analyse": {"files": files, "settings": Settings::default()}}}).to_string();
    let start = processor_time()?;
    let mut bytes = 0;
    for _ in 0..rounds {
        bytes = watertight_worker::handle(&asked).len();
    }
    let spent = (processor_time()? - start) / rounds as f64;
    println!("\n{pods} pods, as a message and its reply of {bytes} bytes: {:.1} ms", spent * 1e3);
    Ok(())
}

fn measure(pods: usize, rounds: usize) -> Result<(), Box<dyn Error>> {
    let texts: Vec<String> = (0..pods.div_ceil(PODS_A_FILE))
        .map(|file| watertight_tests::manifest(PODS_A_FILE.min(pods - file * PODS_A_FILE)))
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut findings = 0;
    let start = processor_time()?;
    for _ in 0..rounds {
        findings = 0;
        for text in &texts {
            let input = Input { name: "pods.yaml", text };
            findings += analyse(&[input], &Settings::default(), Encoding::Utf8).findings.len();
        }
    }
    let spent = (processor_time()? - start) / rounds as f64;
    let peak = peak_memory()? / 1_000_000.0;
    println!(
        "{pods:>8} {bytes:>10} {:>12.2} {:>14.1} {peak:>10.1} {findings:>10}",
        spent * 1e3,
        spent * 1e6 / pods as f64
    );
    Ok(())
}

/// Seconds of processor time of this process so far, from `/proc/self/schedstat` (nanoseconds on a processor, proc(5)).
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = text.split_whitespace().next().ok_or("no schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}

/// Bytes of the largest resident set so far, from `VmHWM` in `/proc/self/status`.
fn peak_memory() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024.0)
}
