//! What it takes to judge every way out of one container.

use std::error::Error;

use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::escape::EscapeAsk;
use watertight::text::Encoding;
use watertight::{Input, escape};

/// How often each pod is looked at.
const ROUNDS: usize = 400;

/// Prints one line a pod: the whole map, from the text on, and once with every fix tried.
pub(crate) fn run(time: impl Fn() -> Result<f64, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    println!("\n{:>16} {:>10} {:>12} {:>16}", "map of", "bytes", "CPU µs", "with fixes, µs");
    for (name, files) in watertight_tests::mapped_pods() {
        let inputs: Vec<Input<'_>> = files.iter().map(|(name, text)| Input { name, text }).collect();
        let spent = |fixes: bool, rounds: usize| -> Result<f64, Box<dyn Error>> {
            let ask = EscapeAsk { fixes, ..EscapeAsk::default() };
            let start = time()?;
            for _ in 0..rounds {
                escape(&inputs, &ask, &Settings::default(), Encoding::Utf8);
            }
            Ok((time()? - start) / rounds as f64 * 1e6)
        };
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        println!("{name:>16} {bytes:>10} {:>12.0} {:>16.0}", spent(false, ROUNDS)?, spent(true, ROUNDS / 20)?);
    }
    Ok(())
}
