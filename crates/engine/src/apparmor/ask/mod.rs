//! Questions about AppArmor beside the report: what a profile decides, and profiles made of pods and of logs.

mod decide;
mod generate;
mod learn;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::apparmor::{ApparmorAnswer, ApparmorAsk};
use watertight_text::Encoding;

use crate::Input;
use crate::analyse::read;

/// Answers a question about the profiles of a set of files, or about one for their pods. Offsets count in `encoding`.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::diagnostic::ask::apparmor::{ApparmorAnswer, ApparmorAsk, Outcome};
/// use watertight::text::Encoding;
/// use watertight::{Input, apparmor};
///
/// let files = [Input { name: "web", text: "profile web {\n  deny /** w,\n  /tmp/** rw,\n}\n" }];
/// let ask = ApparmorAsk::Decide { profile: None, lines: "file /tmp/x w".to_owned() };
/// let ApparmorAnswer::Decided(decided) = apparmor(&files, &ask, &Settings::default(), Encoding::Utf8) else { panic!() };
/// assert_eq!(decided.answers[0].outcome, Some(Outcome::Deny));
/// assert_eq!(decided.answers[0].rules[0].text, "deny /** w,");
/// assert_eq!(decided.answers[0].rules[0].place.as_ref().unwrap().range.start_line, 2);
/// ```
pub fn apparmor(files: &[Input<'_>], ask: &ApparmorAsk, settings: &Settings, encoding: Encoding) -> ApparmorAnswer {
    let sources = read(files);
    match ask {
        ApparmorAsk::Decide { profile, lines } => {
            ApparmorAnswer::Decided(decide::answer(&sources, *profile, lines, settings, encoding))
        }
        ApparmorAsk::Generate { container, strictness, complain, newest, needs } => {
            let wish = generate::Wished { strictness: *strictness, complain: *complain, newest: *newest, needs };
            ApparmorAnswer::Generated(generate::answer(&sources, *container, &wish, settings, encoding))
        }
        ApparmorAsk::Learn { log } => ApparmorAnswer::Learnt(learn::answer(&sources, log, encoding)),
    }
}

#[cfg(test)]
mod tests;
