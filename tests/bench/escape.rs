//! What it takes to judge every way out of one container.

use std::error::Error;

use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::escape::EscapeAsk;
use watertight::text::Encoding;
use watertight::{Input, escape};

/// How often each pod is looked at.
const ROUNDS: usize = 400;

/// No pod has this place, so that everything is done but a map.
const NO_POD: usize = usize::MAX;

/// Prints one line a pod: the whole answer, from the text on; the map alone, which is that less what reading the files and
/// listing the ways takes; and the whole with every fix tried.
pub(crate) fn run(time: impl Fn() -> Result<f64, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    println!("\n{:>17} {:>10} {:>12} {:>12} {:>16}", "map of", "bytes", "CPU µs", "map alone", "with fixes, µs");
    for (name, files) in watertight_tests::mapped_pods() {
        let inputs: Vec<Input<'_>> = files.iter().map(|(name, text)| Input { name, text }).collect();
        let spent = |ask: EscapeAsk, rounds: usize| -> Result<f64, Box<dyn Error>> {
            let start = time()?;
            for _ in 0..rounds {
                escape(&inputs, &ask, &Settings::default(), Encoding::Utf8);
            }
            Ok((time()? - start) / rounds as f64 * 1e6)
        };
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let whole = spent(EscapeAsk::default(), ROUNDS)?;
        let around = spent(EscapeAsk { pod: Some(NO_POD), ..EscapeAsk::default() }, ROUNDS)?;
        let with_fixes = spent(EscapeAsk { fixes: true, ..EscapeAsk::default() }, ROUNDS / 20)?;
        println!("{name:>17} {bytes:>10} {whole:>12.0} {:>12.0} {with_fixes:>16.0}", whole - around);
    }
    Ok(())
}
