//! What the page knows of the escape map, and what becomes of it.

use std::rc::Rc;

use watertight_diagnostic::ask::escape::{EscapeAsk, EscapeReport};
use watertight_text::Edit;
use watertight_worker::message::Request;

use super::{Effect, Purpose, State, Tab};
use crate::files::FileKey;
use crate::language::{say, say_with};

/// The map, and what of it is shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MapState {
    /// The last answer.
    pub answer: Option<MapAnswer>,
    /// The pod that is wanted, by its place in the report.
    pub pod: usize,
    /// The container that is shown, by its place in the answer.
    pub container: usize,
    /// The way that is told in words, by its place among the strands.
    pub strand: Option<usize>,
}

/// An answer, and to which question.
#[derive(Clone, PartialEq, Debug)]
pub struct MapAnswer {
    /// [`State::stamp`] when it was asked for.
    pub stamp: u64,
    /// The pod.
    pub pod: usize,
    /// The map.
    pub report: Rc<EscapeReport>,
}

impl State {
    /// Asks for the map when it is shown and not there yet.
    pub(super) fn map_if_shown(&mut self, out: &mut Vec<Effect>) {
        let Some(pods) = self.report().map(|report| report.pods.len()) else { return };
        if self.tab != Tab::Map || !self.is_fresh() {
            return;
        }
        if pods == 0 {
            self.map = MapState::default();
            return;
        }
        self.map.pod = self.map.pod.min(pods - 1);
        let pod = self.map.pod;
        if self.map.answer.as_ref().is_some_and(|answer| (answer.stamp, answer.pod) == (self.stamp, pod)) {
            return;
        }
        let ask = EscapeAsk { pod: Some(pod), container: None, fixes: true };
        let request = Request::Escape { files: self.messages(), ask, settings: self.preferences.settings };
        self.ask(Purpose::Map { stamp: self.stamp, pod }, request, out);
    }

    /// Another pod.
    pub(super) fn map_pod(&mut self, pod: usize, out: &mut Vec<Effect>) {
        self.map.pod = pod;
        self.map.container = 0;
        self.map.strand = None;
        self.map_if_shown(out);
    }

    /// Tells a way in words and shows its first line in the text, or stops telling it.
    pub(super) fn map_strand(&mut self, strand: usize, out: &mut Vec<Effect>) {
        if self.map.strand == Some(strand) {
            self.map.strand = None;
            return;
        }
        self.map.strand = Some(strand);
        if let Some((file, from, to)) = self.first_line(strand) {
            self.reveal(file, from, to, false, out);
        }
    }

    fn first_line(&self, strand: usize) -> Option<(u32, u32, u32)> {
        let map = self.map.answer.as_ref()?.report.containers.get(self.map.container)?;
        let strand = map.strands.get(strand)?;
        let mut reasons = strand.layers.iter().flat_map(|cell| &cell.reasons).filter_map(|at| map.reasons.get(*at));
        let place = reasons.find_map(|reason| reason.places.first())?;
        Some((place.file, place.range.start, place.range.end))
    }

    /// Has the edits of a fix worked out.
    pub(super) fn map_fix(&mut self, fix: usize, out: &mut Vec<Effect>) {
        let asked = || {
            let answer = self.map.answer.as_ref().filter(|answer| answer.stamp == self.stamp)?;
            let fix = &answer.report.containers.get(self.map.container)?.fixes.get(fix)?.fix;
            let file = self.file(self.key_of(fix.file)?)?;
            let request = Request::Edits {
                text: file.text.to_string(),
                operations: fix.operations.clone(),
                rewrites: fix.rewrites.clone(),
            };
            Some((Purpose::MapFix { title: fix.title.clone(), key: file.key, stamp: self.stamp }, request))
        };
        match asked() {
            Some((purpose, request)) => self.ask(purpose, request, out),
            None => self.tell(say("The text has changed meanwhile. The new map follows in a moment.")),
        }
    }

    /// Makes the edits of a fix.
    pub(super) fn make_map_fix(
        &mut self,
        title: &str,
        key: FileKey,
        edits: Vec<Edit>,
        refused: &[String],
        out: &mut Vec<Effect>,
    ) {
        if let Some(refused) = refused.first() {
            self.tell(&say_with("This fix could not be made here. {refused}", &[("refused", refused)]));
            return;
        }
        let Some(base) = self.file(key).map(|file| file.text.clone()) else { return };
        self.change(vec![(key, base, edits)], &say_with("Done: {title}.", &[("title", &title)]), out);
    }

    /// Takes the answer. The way that was told stays told when it is still there.
    pub(super) fn take_map(&mut self, stamp: u64, pod: usize, report: EscapeReport) {
        let told = self.map.answer.as_ref().and_then(|answer| {
            let map = answer.report.containers.get(self.map.container)?;
            map.strands.get(self.map.strand?).map(|strand| strand.technique)
        });
        let container = self.map.container.min(report.containers.len().saturating_sub(1));
        let map = report.containers.get(container);
        self.map.strand = told.and_then(|told| map?.strands.iter().position(|strand| strand.technique == told));
        self.map.container = container;
        self.map.answer = Some(MapAnswer { stamp, pod, report: Rc::new(report) });
    }
}
