//! Memory goes with the length of a text: whatever stands in it and whatever is asked of it, the answer takes at most so many
//! times its bytes and a fixed part.

#![allow(clippy::print_stdout, reason = "figures are worth a look")]

use std::time::Instant;

use peak_alloc::PeakAlloc;
use watertight::diagnostic::ask::apparmor::{ApparmorAsk, Strictness};
use watertight::diagnostic::ask::escape::EscapeAsk;
use watertight::diagnostic::ask::explore::ExploreAsk;
use watertight::diagnostic::ask::export::ExportFormat;
use watertight::diagnostic::ask::falco::FalcoAsk;
use watertight::diagnostic::ask::seccomp::{CallAsk, Chosen, ComparisonAsk, ProfileAsk, SeccompAsk};
use watertight::diagnostic::{Level, Runtime, Settings};
use watertight::text::Encoding;
use watertight::{Input, analyse, apparmor, escape, explore, export, falco, harden, restore, seccomp};
use watertight_tests::growing;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Length of the texts. What grows with its square takes gigabytes at this length.
const BYTES: usize = 300_000;
/// Bytes beside those that go with the length, which a short text may fill.
const BASE: usize = 25_000_000;

const ENCODING: Encoding = Encoding::Utf8;

fn files(text: &str) -> [Input<'_>; 1] {
    [Input { name: "x", text }]
}

fn of_seccomp(text: &str, ask: &SeccompAsk) -> usize {
    asked(seccomp(&files(text), ask, &Settings::default(), ENCODING))
}

fn of_apparmor(text: &str, ask: &ApparmorAsk) -> usize {
    asked(apparmor(&files(text), ask, &Settings::default(), ENCODING))
}

fn of_maps(text: &str, ask: &EscapeAsk) -> usize {
    asked(escape(&files(text), ask, &Settings::default(), ENCODING))
}

/// What can be asked of a text: its name, how many times the bytes of the text the answer may take, and how it is asked. Who asks
/// says how long the text is that came out of it: it counts as the first one does.
type Question = (&'static str, usize, fn(&str) -> usize);

/// For answers that are no text of the user's.
fn asked<T>(answer: T) -> usize {
    drop(answer);
    0
}

fn hardened(text: &str, level: Level) -> usize {
    let settings = Settings { level, ..Settings::default() };
    harden(&files(text), &settings).files.iter().map(|file| file.text.len()).sum()
}

const QUESTIONS: &[Question] = &[
    ("analyse", 64, |text| asked(analyse(&files(text), &Settings::default(), ENCODING))),
    ("SARIF", 96, |text| asked(export(&files(text), &Settings::default(), ExportFormat::Sarif))),
    ("Markdown", 96, |text| asked(export(&files(text), &Settings::default(), ExportFormat::Markdown))),
    ("harden", 112, |text| hardened(text, Level::Restricted)),
    ("harden all", 112, |text| hardened(text, Level::Hardened)),
    ("restore", 96, |text| asked(restore(text))),
    // A map says of some hundred ways what each of nine layers does about them.
    ("all maps", 128, |text| of_maps(text, &EscapeAsk { fixes: true, ..EscapeAsk::default() })),
    ("the map of a pod", 128, |text| of_maps(text, &EscapeAsk { pod: Some(0), container: None, fixes: true })),
    ("explore", 96, |text| {
        let ask = ExploreAsk { what: "SYS_ADMIN".to_owned(), writable: true, sample: text.to_owned() };
        asked(explore(&ask, &Settings::default()))
    }),
    ("Falco's rules", 96, |text| {
        let ask = FalcoAsk { events: true, coverage: true, words: true, ..FalcoAsk::default() };
        asked(falco(&files(text), &ask, ENCODING))
    }),
    ("a call", 96, |text| {
        of_seccomp(text, &SeccompAsk::Decide(CallAsk { call: "mount".to_owned(), ..CallAsk::default() }))
    }),
    ("two filters", 96, |text| {
        let right = Chosen { runtime: Some(Runtime::Docker), ..Chosen::default() };
        of_seccomp(text, &SeccompAsk::Compare(ComparisonAsk { right, ..ComparisonAsk::default() }))
    }),
    ("a filter", 96, |text| {
        of_seccomp(text, &SeccompAsk::Generate(ProfileAsk { calls: text.to_owned(), ..ProfileAsk::default() }))
    }),
    ("operations", 96, |text| {
        of_apparmor(text, &ApparmorAsk::Decide { profile: None, lines: "file /etc/passwd r\n".repeat(100) })
    }),
    ("operations of the text", 96, |text| {
        of_apparmor("profile a {}", &ApparmorAsk::Decide { profile: None, lines: text.to_owned() })
    }),
    ("a profile", 96, |text| {
        let (strictness, needs) = (Strictness::default(), text.to_owned());
        let ask = ApparmorAsk::Generate { container: None, strictness, complain: false, newest: false, needs };
        of_apparmor(text, &ask)
    }),
    ("a log", 96, |text| of_apparmor(text, &ApparmorAsk::Learn { log: text.to_owned() })),
];

#[test]
fn goes_with_the_length_of_a_text() {
    let mut over = Vec::new();
    for (name, text) in growing::ALL {
        let text = text(growing::repetitions(*text, BYTES));
        println!("{name}, {} bytes", text.len());
        for (question, times, ask) in QUESTIONS {
            let before = HEAP.current_usage();
            HEAP.reset_peak_usage();
            let start = Instant::now();
            let length = text.len() + ask(&text);
            let taken = HEAP.peak_usage().saturating_sub(before);
            let (megabytes, seconds) = (taken as f64 / 1e6, start.elapsed().as_secs_f64());
            let part = taken.saturating_sub(BASE) as f64 / length as f64;
            println!("  {question:<24} {megabytes:>8.1} MB {part:>6.1} times {seconds:>8.3} s");
            if taken > times * length + BASE {
                over.push(format!("{name}, {question}: {taken} bytes for {length}"));
            }
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}
