//! Hardening ends, proves what it says, and has nothing to do a second time.

use watertight::diagnostic::{Level, Settings};
use watertight::{Input, harden};
use watertight_pss::evaluate;
use watertight_yaml::parse;

/// Texts longer than this take too long to be tried often.
const LONGEST: usize = 16_384;

/// The first byte chooses the level, the others are the text.
pub(super) fn run(bytes: &[u8]) {
    let Some((&first, bytes)) = bytes.split_first() else { return };
    let text = super::text(bytes);
    if text.len() > LONGEST {
        return;
    }
    let level = [Level::Baseline, Level::Restricted, Level::Hardened][usize::from(first % 3)];
    let settings = Settings { level, ..Settings::default() };
    let done = harden(&[Input { name: "x", text: &text }], &settings);
    for file in &done.files {
        let stream = parse(&file.text);
        let pods = watertight_pod::read(&stream).pods;
        for pod in pods.iter().filter(|_| done.reached) {
            let failed = evaluate(pod, level, settings.kube_version).failures;
            assert!(failed.is_empty(), "reached, and refused: {:?}\n{}", failed, file.text);
        }
        let again = harden(&[Input { name: "x", text: &file.text }], &settings);
        for second in &again.files {
            assert_eq!(second.text, file.text, "hardening {level:?} does not rest on\n{text}");
        }
    }
}
