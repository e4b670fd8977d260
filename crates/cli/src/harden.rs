//! `watertight harden`

use std::io::{self, Write};

use watertight::Input;
use watertight::diagnostic::Safety;
use watertight::diagnostic::report::{HardenReport, HardenedFile};

use crate::arguments::Harden;
use crate::change::Changing;
use crate::outcome::Outcome;
use crate::output::{nothing_known, safety_words};
use crate::patience::at_work;
use crate::visible::visible;

pub(crate) fn run(harden: &Harden, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut changing = Changing::read(&harden.inputs, &harden.change);
    let mut settings = harden.asked.settings();
    settings.writable_tmp = !harden.no_tmp;
    let report = {
        let names: Vec<String> = changing.files.iter().map(|(source, _)| source.name()).collect();
        let inputs: Vec<_> = names.iter().zip(&changing.files).map(|(name, (_, text))| Input { name, text }).collect();
        at_work(|| watertight::harden(&inputs, &settings))
    };
    for (place, file) in report.files.iter().enumerate() {
        changing.put(&harden.change, place, &file.text, out)?;
        tell(file);
        if !file.readable {
            changing.outcome.worsen(Outcome::Unusable);
        }
    }
    out.flush()?;
    if !changing.files.is_empty() && !reached(&report) {
        changing.outcome.worsen(Outcome::Found);
    }
    if let Some(unknown) = nothing_known(report.files.iter().map(|file| (&*file.name, file.kind))) {
        changing.unusable(&unknown);
    }
    Ok(changing.outcome)
}

fn reached(report: &HardenReport) -> bool {
    report.reached && report.files.iter().flat_map(|file| &file.left).all(|left| left.ignored)
}

/// What to mind of a change that has been made.
fn done_words(safety: Safety) -> &'static str {
    match safety {
        Safety::NeedsReview => " (look at it before you use it)",
        other => safety_words(other),
    }
}

/// Says on standard error what was done and what is left. Nobody may be listening there.
fn tell(file: &HardenedFile) {
    let mut err = io::stderr();
    let name = visible(&file.name);
    let about = |object: &Option<String>| object.as_ref().map(|object| format!("{object}: ")).unwrap_or_default();
    for fix in &file.applied {
        let (object, title, mind) = (about(&fix.object), visible(&fix.title), done_words(fix.safety));
        let more = if fix.more > 0 { format!(", and {} more like it", fix.more) } else { String::new() };
        let _ = writeln!(err, "{name}: {}{title}{more}{mind} [{}]", visible(&object), fix.rule);
    }
    for left in &file.left {
        let (object, what, reason) = (about(&left.object), visible(&left.what), visible(&left.reason));
        let (line, rule) = (left.line, &left.rule);
        let whose = if left.ignored { "left on purpose" } else { "left for you" };
        let _ = writeln!(err, "{name}:{line}: {whose}: {}{what} {reason} [{rule}]", visible(&object));
    }
}
