//! Questions about seccomp beside the report.

mod call;
mod choose;
mod compare;
mod generate;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::seccomp::{SeccompAnswer, SeccompAsk};
use watertight_text::Encoding;

use crate::Input;
use crate::analyse::read;
use choose::Choosing;

/// Answers what the profiles of a set of files and of the runtimes do, as the node of the settings reads them, and makes
/// profiles. Offsets count in `encoding`.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::diagnostic::ask::seccomp::{CallAsk, Passes, SeccompAnswer, SeccompAsk};
/// use watertight::text::Encoding;
/// use watertight::{Input, seccomp};
///
/// let text = r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}"#;
/// let ask = SeccompAsk::Decide(CallAsk { call: "read".to_owned(), ..CallAsk::default() });
/// let answer = seccomp(&[Input { name: "a.json", text }], &ask, &Settings::default(), Encoding::Utf8);
/// let SeccompAnswer::Decided(answer) = answer else { panic!() };
/// assert_eq!(answer.decided.unwrap().passes, Passes::Allow);
/// ```
pub fn seccomp(files: &[Input<'_>], ask: &SeccompAsk, settings: &Settings, encoding: Encoding) -> SeccompAnswer {
    let sources = read(files);
    let choosing = Choosing::new(&sources, settings);
    match ask {
        SeccompAsk::Decide(ask) => SeccompAnswer::Decided(Box::new(call::answer(&choosing, ask, encoding))),
        SeccompAsk::Compare(ask) => SeccompAnswer::Compared(compare::answer(&choosing, ask)),
        SeccompAsk::Generate(ask) => SeccompAnswer::Generated(generate::answer(&choosing, ask)),
    }
}
