//! What comes back from the engine: the report, the hardened texts, or why there is none.

use std::rc::Rc;

use watertight_diagnostic::report::{FileReport, HardenReport, InputKind, Report};
use watertight_worker::message::{Reply, Request};

use super::{Effect, Purpose, State, Tab};
use crate::diff::{self, Row};
use crate::files::FileKey;
use crate::language::say;
use crate::{select, words};

/// The engine's side of things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Engine {
    /// On its way.
    Loading,
    /// There.
    Ready {
        /// Its version.
        version: String,
    },
    /// It cannot be had.
    Failed {
        /// Why.
        reason: String,
    },
}

/// A report with the files it speaks of.
#[derive(Clone, PartialEq, Debug)]
pub struct Analysis {
    /// [`State::stamp`] when it was asked for.
    pub stamp: u64,
    /// The report.
    pub report: Rc<Report>,
    /// The open file for each file of the report.
    pub keys: Vec<FileKey>,
}

/// A hardening with the files it speaks of.
#[derive(Clone, PartialEq, Debug)]
pub struct Hardened {
    /// [`State::stamp`] when it was asked for.
    pub stamp: u64,
    /// The result.
    pub report: Rc<HardenReport>,
    /// For each file: its key, its text before, and the comparison.
    pub files: Vec<(FileKey, Rc<str>, Rc<Vec<Row>>)>,
}

/// Why an analysis did not come back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// It took too long and was stopped.
    TooSlow {
        /// After how many seconds.
        seconds: u32,
    },
    /// The engine gave up.
    Stopped {
        /// What it said last.
        reason: String,
    },
}

impl State {
    /// Whether the report on the screen speaks of the texts as they are now.
    pub fn is_fresh(&self) -> bool {
        self.analysis.as_ref().is_some_and(|analysis| analysis.stamp == self.stamp)
    }

    /// Whether that holds for the open panel too, which asks its own question behind the report.
    pub fn is_settled(&self) -> bool {
        self.is_fresh() && self.waiting == 0 && self.trouble.is_none()
    }

    /// The report on the screen.
    pub fn report(&self) -> Option<&Report> {
        self.analysis.as_ref().map(|analysis| &*analysis.report)
    }

    pub(super) fn analyse(&mut self, out: &mut Vec<Effect>) {
        self.stamp += 1;
        let request = Request::Analyse { files: self.messages(), settings: self.settings };
        self.ask(Purpose::Analyse { stamp: self.stamp }, request, out);
    }

    pub(super) fn harden_if_shown(&mut self, out: &mut Vec<Effect>) {
        let known = self.hardened.as_ref().is_some_and(|hardened| hardened.stamp == self.stamp);
        if self.tab != Tab::Hardened || known || !self.is_fresh() {
            return;
        }
        let request = Request::Harden { files: self.messages(), settings: self.settings };
        self.ask(Purpose::Harden { stamp: self.stamp }, request, out);
    }

    pub(super) fn answered(&mut self, purpose: Purpose, reply: Reply, out: &mut Vec<Effect>) {
        match (purpose, reply) {
            (Purpose::Analyse { stamp }, Reply::Report(report)) => {
                if stamp == self.stamp {
                    self.take_report(*report, out);
                }
            }
            (purpose, reply) => self.answered_beside(purpose, reply, out),
        }
    }

    /// Takes in what the engine says beside its reports, which belongs to panels: the late part of the program again.
    #[inline(never)]
    fn answered_beside(&mut self, purpose: Purpose, reply: Reply, out: &mut Vec<Effect>) {
        match (purpose, reply) {
            (Purpose::Harden { stamp }, Reply::Hardened(report)) if stamp == self.stamp => self.take_hardened(*report),
            (Purpose::Map { stamp, pod }, Reply::Escape(report)) if stamp == self.stamp => {
                self.take_map(stamp, pod, *report);
            }
            (Purpose::Explore(purpose), Reply::Explored(answer)) => self.explore_answered(purpose, *answer),
            (Purpose::Apparmor(purpose), Reply::Apparmor(answer)) => self.apparmor_answered(purpose, *answer, out),
            (Purpose::Seccomp(purpose), Reply::Seccomp(answer)) => self.seccomp_answered(purpose, *answer),
            (Purpose::Falco(purpose), Reply::Falco(report)) => self.falco_answered(purpose, *report, out),
            (Purpose::Lesson(purpose), Reply::Lesson(answer)) => self.lesson_answered(purpose, *answer, out),
            (Purpose::MapFix { title, key, stamp }, Reply::Edits { edits, refused }) if stamp == self.stamp => {
                self.make_map_fix(&title, key, edits, &refused, out);
            }
            (Purpose::Fix { finding, fix, key, stamp, at_once }, Reply::Edits { edits, refused })
                if stamp == self.stamp =>
            {
                let Some(ready) = self.ready(key, edits, refused) else { return };
                if at_once {
                    self.make_fix(finding, fix, ready, out);
                } else if let Some(preview) = &mut self.preview {
                    preview.ready = Some(ready);
                }
            }
            (Purpose::Restore { key, stamp }, Reply::Restored { text }) if stamp == self.stamp => {
                self.take_restored(key, text);
            }
            (Purpose::Explain { rule }, Reply::Explained { docs }) => {
                let docs = docs.unwrap_or_else(|| say("There is no longer text on this rule.").to_owned());
                self.docs.retain(|(other, _)| *other != rule);
                self.docs.push((rule, Some(docs.into())));
            }
            (purpose, Reply::Failed { reason }) => self.lost(Some(purpose), Trouble::Stopped { reason }),
            // An answer about texts that have changed since: a newer one is on its way.
            _ => {}
        }
    }

    fn take_report(&mut self, mut report: Report, out: &mut Vec<Effect>) {
        // What is no pod, or was none.
        let is_other =
            |file: &FileReport| !matches!(file.kind, InputKind::Empty | InputKind::KubernetesYaml | InputKind::Unknown);
        let mut before = self.report().into_iter().flat_map(|report| &report.files);
        let is_named = report.files.iter().any(is_other) || before.any(is_other);
        if is_named && self.name_by_kind(&mut report, out) {
            return self.analyse(out);
        }
        let keys: Vec<FileKey> = self.files.iter().map(|file| file.key).collect();
        let announcement = words::announcement(&report);
        if *self.announcement != *announcement {
            self.announcement = announcement.into();
        }
        let restorable = report.files.iter().zip(&self.files).find(|(file, _)| file.restorable).map(|(_, file)| file);
        if let Some(file) = restorable.filter(|file| self.restored.as_ref().is_none_or(|r| r.base != file.text)) {
            let request = Request::Restore { text: file.text.to_string() };
            self.ask(Purpose::Restore { key: file.key, stamp: self.stamp }, request, out);
        }
        let still: Vec<String> = report.findings.iter().map(select::identity).collect();
        self.opened.retain(|identity| still.contains(identity));
        self.selected = None;
        self.preview = None;
        self.trouble = None;
        self.analysis = Some(Analysis { stamp: self.stamp, report: Rc::new(report), keys });
        self.harden_if_shown(out);
        self.follow_sample();
        self.map_if_shown(out);
        self.explore_if_shown(out);
        self.apparmor_if_shown(out);
        self.seccomp_if_shown(out);
        self.falco_if_shown(out);
        self.falco_words(out);
        self.try_lesson(out);
    }

    fn take_hardened(&mut self, report: HardenReport) {
        let files = self
            .files
            .iter()
            .zip(&report.files)
            .map(|(file, hardened)| {
                let rows = diff::compare(&file.text, &hardened.text, 3);
                (file.key, file.text.clone(), Rc::new(rows))
            })
            .collect();
        self.hardened = Some(Hardened { stamp: self.stamp, report: Rc::new(report), files });
    }

    pub(super) fn lost(&mut self, purpose: Option<Purpose>, trouble: Trouble) {
        match purpose {
            Some(
                Purpose::Analyse { .. }
                | Purpose::Harden { .. }
                | Purpose::Map { .. }
                | Purpose::Explore(_)
                | Purpose::Apparmor(_)
                | Purpose::Seccomp(_)
                | Purpose::Falco(_)
                | Purpose::Lesson(_),
            )
            | None => {
                self.announcement = words::trouble(&trouble).into();
                self.trouble = Some(trouble);
            }
            Some(Purpose::Explain { rule }) => {
                self.docs.retain(|(other, _)| *other != rule);
            }
            Some(Purpose::Fix { .. } | Purpose::MapFix { .. }) => {
                self.preview = None;
                self.tell(say("This fix could not be worked out. Please try again."));
            }
            Some(Purpose::Restore { .. }) => {}
        }
    }

    /// Analyses once more, with more time and an engine that runs.
    pub(super) fn try_again(&mut self, out: &mut Vec<Effect>) {
        self.more_time += 1;
        if matches!(self.engine, Engine::Failed { .. }) {
            self.engine = Engine::Loading;
            out.push(Effect::RestartEngine);
        }
        self.analyse(out);
    }
}
