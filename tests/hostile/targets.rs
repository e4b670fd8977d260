//! Every fuzzing target on its seeds and on what a generator makes of them: pieces taken out, doubled, mixed with those of
//! other seeds, and bytes that no text has. `WATERTIGHT_ROUNDS` says how many are made of each seed.

#![allow(clippy::print_stdout, reason = "a test that reports to whoever runs it")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use watertight_tests::Dice;
use watertight_tests::targets::{TARGETS, Target};

/// Texts made of each seed.
const ROUNDS: usize = 150;

/// No text grows beyond this.
const LONGEST: usize = 20_000;

/// Pieces that mean something somewhere.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"---\n",
    b"...\n",
    b": ",
    b"- ",
    b"  ",
    b"\t",
    b"{",
    b"}",
    b"[",
    b"]",
    b"&a ",
    b"*a",
    b"<<: ",
    b"!!binary ",
    b"| \n",
    b">-\n",
    b"\"",
    b"'",
    b"#",
    b"{{ x }}",
    b"null",
    b"~",
    b"yes",
    b"0x7f",
    b"1e999",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\0",
    b"\xe2\x80\xa8",
    b"\xf0\x9f\x9a\xa2",
    b"spec:",
    b"containers:",
    b"securityContext:",
    b"ALL",
    b"@{X}",
    b"**",
    b"{a,b}",
    b"->",
    b"deny ",
    b",",
    b"not ",
    b" and ",
    b"(",
    b")",
    b"SCMP_ACT_ALLOW",
    b"\"args\":",
    b"%fd.name",
    b"append: true",
];

#[test]
fn nothing_makes_them_fall() {
    let rounds = std::env::var("WATERTIGHT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let mut failures = Vec::new();
    for target in TARGETS {
        let seeds = seeds(target.name);
        assert!(seeds.len() >= 3, "{} has {} seeds", target.name, seeds.len());
        let mut run = Run { target, dice: Dice::new(1), slowest: Duration::ZERO, tried: 0, failed: None };
        for (_, seed) in &seeds {
            run.attempt(seed);
        }
        for (_, seed) in &seeds {
            for _ in 0..rounds {
                let text = changed(&mut run.dice, seed, &seeds);
                run.attempt(&text);
            }
        }
        println!("{}: {} texts, the slowest in {:.0?}", target.name, run.tried, run.slowest);
        failures.extend(run.failed.map(|text| format!("{}: {:?}", target.name, String::from_utf8_lossy(&text))));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A file name with its bytes, in the order of the names.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut seeds: Vec<_> = files.filter_map(|file| Some((file.path(), fs::read(file.path()).ok()?))).collect();
    seeds.sort();
    seeds
}

struct Run<'t> {
    target: &'t Target,
    dice: Dice,
    slowest: Duration,
    tried: usize,
    /// The shortest text that failed.
    failed: Option<Vec<u8>>,
}

impl Run<'_> {
    fn attempt(&mut self, text: &[u8]) {
        let start = Instant::now();
        let run = self.target.run;
        let held = catch_unwind(|| run(text)).is_ok();
        self.slowest = self.slowest.max(start.elapsed());
        self.tried += 1;
        if !held && self.failed.as_ref().is_none_or(|failed| failed.len() > text.len()) {
            self.failed = Some(text.to_owned());
        }
    }
}

/// A seed after a few changes.
fn changed(dice: &mut Dice, seed: &[u8], seeds: &[(PathBuf, Vec<u8>)]) -> Vec<u8> {
    let mut text = seed.to_owned();
    for _ in 0..=dice.roll(4) {
        let from = dice.roll(text.len() + 1);
        let to = from + dice.roll((text.len() - from).min(60) + 1);
        let piece = match dice.roll(7) {
            // A piece goes, as it is or for a word.
            0 | 1 => Vec::new(),
            2 | 3 => WORDS.get(dice.roll(WORDS.len())).copied().unwrap_or_default().to_owned(),
            // It stands twice, or many times.
            4 => text.get(from..to).unwrap_or_default().repeat(2),
            5 => text.get(from..to).unwrap_or_default().repeat(dice.roll(40)),
            // A piece of another seed stands there.
            _ => {
                let other = seeds.get(dice.roll(seeds.len())).map_or(&[][..], |(_, other)| other);
                let start = dice.roll(other.len() + 1);
                other.iter().skip(start).take(dice.roll(200)).copied().collect()
            }
        };
        // Half of the words are put in front of the piece instead.
        let end = if dice.roll(2) == 0 { to } else { from };
        text.splice(from..end, piece);
        text.truncate(LONGEST);
    }
    if dice.roll(8) == 0 {
        text.truncate(dice.roll(text.len() + 1));
    }
    text
}
