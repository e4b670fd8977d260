use std::collections::BTreeSet;

use watertight_diagnostic::{Confidence, Finding};
use watertight_text::nearest;

use super::{Out, Subject};
use crate::compile::resolve_text;
use crate::fields;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A field in an event that Falco does not have, such as `proc.nmae`. Fields of plugins that are not built in are left
    /// alone.
    ///
    /// ## Why it matters
    /// No rule can ask for it. A rule that asks for the field that was meant takes it for missing.
    ///
    /// ## What to do
    /// Correct the name. `falco --list` prints all fields.
    ///
    /// ## Bad
    /// ```json
    /// {"evt.type": "execve", "proc.nmae": "mount"}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"evt.type": "execve", "proc.name": "mount"}
    /// ```
    UNKNOWN_EVENT_FIELD = {
        id: "falco-unknown-event-field",
        title: "Field that Falco does not have",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [],
    }
}

/// Each name once, at the first event that has it.
pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    // Fields of other classes may be those of plugins.
    let classes: BTreeSet<&str> = fields::all().map(|field| class(field.name)).collect();
    let mut known = BTreeSet::new();
    for field in subject.events.iter().flat_map(|event| &event.fields) {
        if !known.insert(&*field.name) || resolve_text(&field.name).is_ok() || !classes.contains(class(&field.name)) {
            continue;
        }
        let what = ["Falco has no field `", &field.name, "`."].concat();
        let wanted = Some(&*field.name).filter(|_| !out.is_full(&UNKNOWN_EVENT_FIELD, subject.file));
        let how = match wanted.and_then(|name| nearest(name, fields::all().map(|field| field.name))) {
            Some(meant) => ["Perhaps `", meant, "` is meant."].concat(),
            None => "Correct the name; `falco --list` prints all fields.".to_owned(),
        };
        let mut finding = Finding::new(&UNKNOWN_EVENT_FIELD, subject.at(field.span), what)
            .why("No rule can ask for it, and a rule that asks for the field that was meant takes it for missing.")
            .how(how);
        finding.confidence = Confidence::Likely;
        out.push(finding);
    }
}

/// What stands before the first dot of a name.
fn class(name: &str) -> &str {
    name.split_once('.').map_or(name, |(class, _)| class)
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::FileId;

    use crate::lint::of_events;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = of_events(FileId(0), text).into_iter().map(|finding| finding.what).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_are_told_once_and_plugins_left_alone() {
        check("{\"proc.nmae\":1}\n{\"proc.nmae\":2}", &["Falco has no field `proc.nmae`."]);
        check(r#"{"evt.type":"open","ka.verb":"get","proc.aname[2]":"sh","evt.arg.flags":"x"}"#, &[]);
        check(r#"{"evt.time.iso8601":1,"container.mount.dest[/proc*]":"x"}"#, &[]);
    }
}
