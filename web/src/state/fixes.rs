//! Changes to the texts that the page proposes: fixes, the hardened texts, lost indentation.

use std::rc::Rc;

use watertight_diagnostic::{Operation, Rewrite};
use watertight_text::Edit;
use watertight_worker::message::Request;

use super::{Effect, Purpose, State, Undo};
use crate::diff::{self, Row};
use crate::files::{self, FileKey};
use crate::language::{say, say_with};

/// A fix, shown before it is made.
#[derive(Clone, PartialEq, Debug)]
pub struct Preview {
    /// The finding, by its place in the report.
    pub finding: usize,
    /// Which of its fixes.
    pub fix: usize,
    /// The edits, once they have come.
    pub ready: Option<PreviewReady>,
}

/// The edits of a fix.
#[derive(Clone, PartialEq, Debug)]
pub struct PreviewReady {
    /// The file.
    pub key: FileKey,
    /// The text the edits fit.
    pub base: Rc<str>,
    /// The edits, in UTF-16 code units.
    pub edits: Vec<Edit>,
    /// What could not be done.
    pub refused: Vec<String>,
    /// The comparison.
    pub rows: Rc<Vec<Row>>,
}

/// A text whose indentation could be restored.
#[derive(Clone, PartialEq, Debug)]
pub struct Restored {
    /// The file.
    pub key: FileKey,
    /// Its text without indentation.
    pub base: Rc<str>,
    /// The text with it; `None` when it could not be restored after all.
    pub text: Option<Rc<str>>,
    /// The comparison.
    pub rows: Rc<Vec<Row>>,
    /// Whether the comparison is shown.
    pub shown: bool,
    /// Whether the user wants to be left alone with it.
    pub dismissed: bool,
}

impl State {
    pub(super) fn preview_fix(&mut self, finding: usize, fix: usize, out: &mut Vec<Effect>) {
        if self.preview.as_ref().is_some_and(|preview| (preview.finding, preview.fix) == (finding, fix)) {
            self.preview = None;
            return;
        }
        if self.ask_for_fix(finding, fix, false, out) {
            self.preview = Some(Preview { finding, fix, ready: None });
        }
    }

    pub(super) fn apply_fix(&mut self, finding: usize, fix: usize, out: &mut Vec<Effect>) {
        let shown = self.preview.take_if(|preview| (preview.finding, preview.fix) == (finding, fix));
        match shown.and_then(|preview| preview.ready) {
            Some(ready) => self.make_fix(finding, fix, ready, out),
            None => {
                self.ask_for_fix(finding, fix, true, out);
            }
        }
    }

    fn ask_for_fix(&mut self, finding: usize, fix: usize, at_once: bool, out: &mut Vec<Effect>) -> bool {
        let Some((file, operations, rewrites)) = self.fix(finding, fix) else { return false };
        let Some(file) = self.key_of(file).and_then(|key| self.file(key)) else { return false };
        let request = Request::Edits { text: file.text.to_string(), operations, rewrites };
        let purpose = Purpose::Fix { finding, fix, key: file.key, stamp: self.stamp, at_once };
        self.ask(purpose, request, out);
        true
    }

    fn fix(&self, finding: usize, fix: usize) -> Option<(u32, Vec<Operation>, Vec<Rewrite>)> {
        let fix = self.report()?.findings.get(finding)?.fixes.get(fix)?;
        Some((fix.file, fix.operations.clone(), fix.rewrites.clone()))
    }

    /// Edits that have come, beside the text they fit.
    pub(super) fn ready(&self, key: FileKey, edits: Vec<Edit>, refused: Vec<String>) -> Option<PreviewReady> {
        let base = self.file(key)?.text.clone();
        let after = files::apply_utf16(&base, &edits).unwrap_or_else(|_| base.to_string());
        let rows = Rc::new(diff::compare(&base, &after, 2));
        Some(PreviewReady { key, base, edits, refused, rows })
    }

    pub(super) fn make_fix(&mut self, finding: usize, fix: usize, ready: PreviewReady, out: &mut Vec<Effect>) {
        if let Some(refused) = ready.refused.first() {
            self.tell(&say_with("This fix could not be made here. {refused}", &[("refused", refused)]));
            return;
        }
        let title =
            self.report().and_then(|report| report.findings.get(finding)?.fixes.get(fix)).map(|f| f.title.clone());
        let title = title.unwrap_or_else(|| say("Fixed").to_owned());
        self.change_and_go_on(
            vec![(ready.key, ready.base, ready.edits)],
            &say_with("Done: {title}.", &[("title", &title)]),
            out,
        );
    }

    pub(super) fn apply_hardened(&mut self, out: &mut Vec<Effect>) {
        let Some(hardened) = self.hardened.as_ref().filter(|hardened| hardened.stamp == self.stamp) else {
            return self.tell(say("The text has changed meanwhile. The hardened text follows in a moment."));
        };
        let changes: Vec<_> = hardened
            .files
            .iter()
            .zip(&hardened.report.files)
            .filter(|((_, base, _), file)| **base != *file.text)
            .map(|((key, base, _), file)| (*key, base.clone(), vec![files::single_edit(base, &file.text)]))
            .collect();
        let text = match changes.len() {
            0 => return self.tell(say("There is nothing to change.")),
            1 => say("The hardened text is in the editor.").to_owned(),
            n => say_with("The hardened texts of {count} files are in the editor.", &[("count", &n)]),
        };
        self.change_and_go_on(changes, &text, out);
    }

    pub(super) fn take_restored(&mut self, key: FileKey, text: Option<String>) {
        let Some(base) = self.file(key).map(|file| file.text.clone()) else { return };
        let rows = Rc::new(diff::compare(&base, text.as_deref().unwrap_or(&base), 3));
        let text = text.map(Rc::from);
        self.restored = Some(Restored { key, base, text, rows, shown: false, dismissed: false });
    }

    pub(super) fn apply_restored(&mut self, out: &mut Vec<Effect>) {
        let Some(restored) = self.restored.take() else { return };
        let Some(text) = restored.text else { return };
        let edit = files::single_edit(&restored.base, &text);
        self.change_and_go_on(vec![(restored.key, restored.base, vec![edit])], say("The indentation is back."), out);
    }

    /// Changes texts through the editor and remembers how to undo it.
    pub(super) fn change(&mut self, changes: Vec<(FileKey, Rc<str>, Vec<Edit>)>, text: &str, out: &mut Vec<Effect>) {
        if self.opening.read_only {
            return self.tell(say("This text is only shown here. Open it in full to change it."));
        }
        let mut texts = Vec::new();
        for (key, base, edits) in &changes {
            match files::apply_utf16(base, edits) {
                Ok(after) => texts.push((*key, base.clone(), Rc::from(after))),
                Err(_) => return self.tell(say("These changes do not fit the text any more. Please try again.")),
            }
        }
        // What is changed for somebody keeps its name, however much of it that is.
        for file in self.files.iter_mut().filter(|file| changes.iter().any(|(key, ..)| *key == file.key)) {
            file.pristine = false;
        }
        out.extend(changes.into_iter().map(|(key, base, edits)| Effect::Edit { key, base, edits }));
        self.offer(text, Undo::Texts(texts));
    }

    /// The same where what was pressed goes with what is changed: whoever pressed it goes on at what undoes it.
    pub(super) fn change_and_go_on(
        &mut self,
        changes: Vec<(FileKey, Rc<str>, Vec<Edit>)>,
        text: &str,
        out: &mut Vec<Effect>,
    ) {
        self.change(changes, text, out);
        out.push(Effect::Focus("undo"));
    }
}
