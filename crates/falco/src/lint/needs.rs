//! The lowest version of Falco that a file needs.

use watertight_text::Span;

use super::Subject;
use crate::condition::{Call, Check, Operand, Operator, Place, Right, Transformer, Value};
use crate::rules::Release;

/// What a file needs, and what for.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// The first release that has it.
    pub release: Release,
    /// What it is, for a sentence.
    pub what: &'static str,
    /// Where it stands: file of the set, bytes.
    pub place: (u32, Span),
}

/// What a file of a set asks for by its engine version or uses, whichever is newer; none when every Falco of the last years
/// reads it.
pub fn needs(subject: &Subject<'_>, file: u32) -> Option<Need> {
    let asked =
        subject.set.requirements.engine.iter().filter(|(_, of, _)| *of == file).filter_map(|(version, _, span)| {
            let release = Release::with_engine(*version).filter(|release| *release > Release::V0_36)?;
            Some(Need { release, what: "the engine version it asks for", place: (file, *span) })
        });
    asked.chain(uses(subject, file)).max_by_key(|need| need.release)
}

/// The newest thing that a file of a set uses.
pub(super) fn uses(subject: &Subject<'_>, file: u32) -> Option<Need> {
    let mut newest: Option<Need> = None;
    let mut note = |release: Release, what: &'static str, place: Option<(u32, Span)>| {
        let Some(place) = place.filter(|(of, _)| *of == file) else { return };
        if newest.is_none_or(|before| before.release < release) {
            newest = Some(Need { release, what, place });
        }
    };
    subject.own_checks(&mut |check, _| {
        of_check(subject, check, &mut |release, what, place| note(release, what, subject.set.texts.locate(place)));
    });
    let documents = subject.file(file).into_iter().flat_map(|file| &file.stream.documents);
    for item in documents.filter_map(|document| document.root()).flat_map(|root| root.items()) {
        for entry in item.written_entries() {
            let (release, what) = match entry.key.written() {
                Some("override") => (Release::V0_37, "`override`"),
                Some("capture" | "capture_duration") => (Release::V0_42, "`capture`"),
                Some("required_engine_version") if entry.value.written().is_some_and(|text| text.contains('.')) => {
                    (Release::V0_37, "an engine version with dots")
                }
                _ => continue,
            };
            note(release, what, Some((file, entry.key.span())));
        }
    }
    newest
}

type Note<'n> = &'n mut dyn FnMut(Release, &'static str, Place);

fn of_check(subject: &Subject<'_>, check: &Check, note: Note<'_>) {
    match check.operator {
        Operator::IGlob => note(Release::V0_38, "`iglob`", check.operator_place),
        Operator::Regex => note(Release::V0_39, "`regex`", check.operator_place),
        _ => {}
    }
    if check.modifier.is_some() {
        note(Release::V0_44, "`oneof`, `anyof` or `allof`", check.operator_place);
    }
    of_operand(subject, &check.left, note);
    match &check.right {
        Right::Operand(right) => of_operand(subject, right, note),
        Right::Value(value) => of_value(subject, value, note),
        Right::List(list) => list.values.iter().for_each(|value| of_value(subject, value, note)),
        Right::Nothing => {}
    }
}

fn of_operand(subject: &Subject<'_>, operand: &Operand, note: Note<'_>) {
    match operand {
        Operand::Call(call) => of_call(subject, call, note),
        Operand::List(list) => list.items.iter().for_each(|one| of_operand(subject, one, note)),
        Operand::Value(value) => of_value(subject, value, note),
        Operand::Field(_) => {}
    }
}

fn of_call(subject: &Subject<'_>, call: &Call, note: Note<'_>) {
    let (release, what) = match call.transformer {
        Transformer::Val => (Release::V0_38, "`val()`"),
        Transformer::ToLower => (Release::V0_38, "`tolower()`"),
        Transformer::ToUpper => (Release::V0_38, "`toupper()`"),
        Transformer::B64 => (Release::V0_38, "`b64()`"),
        Transformer::Basename => (Release::V0_39, "`basename()`"),
        Transformer::Len => (Release::V0_40, "`len()`"),
        Transformer::Join => (Release::V0_44, "`join()`"),
        Transformer::Concat => (Release::V0_44, "`concat()`"),
        Transformer::GetOpt => (Release::V0_44, "`getopt()`"),
    };
    note(release, what, call.place);
    call.arguments.iter().for_each(|one| of_operand(subject, one, note));
}

fn of_value(subject: &Subject<'_>, value: &Value, note: Note<'_>) {
    if value.quoted && subject.text_of(value.place).is_some_and(|text| text.contains("\\x")) {
        note(Release::Next, "`\\x` in a constant", value.place);
    }
}
