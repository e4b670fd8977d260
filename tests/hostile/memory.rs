//! Memory goes with the length of a text: whatever stands in it, an analysis takes at most so many times its bytes and a fixed
//! part.

#![allow(clippy::print_stdout, reason = "figures are worth a look")]

use peak_alloc::PeakAlloc;
use watertight::diagnostic::Settings;
use watertight::text::Encoding;
use watertight::{Input, analyse};
use watertight_tests::growing;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Length of the texts. What grows with its square takes gigabytes at this length.
const BYTES: usize = 300_000;
/// The bound: times the bytes of the text, and bytes on top, which a short text may fill.
const TIMES: usize = 64;
const BASE: usize = 25_000_000;

#[test]
fn goes_with_the_length_of_a_text() {
    let mut over = Vec::new();
    for (name, text) in growing::ALL {
        let text = text(growing::repetitions(*text, BYTES));
        let before = HEAP.current_usage();
        HEAP.reset_peak_usage();
        drop(analyse(&[Input { name: "x", text: &text }], &Settings::default(), Encoding::Utf8));
        let taken = HEAP.peak_usage().saturating_sub(before);
        println!("{name:<50} {:>9} bytes {:>6.1} MB", text.len(), taken as f64 / 1e6);
        if taken > TIMES * text.len() + BASE {
            over.push(format!("{name}: {taken} bytes for {}", text.len()));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}
