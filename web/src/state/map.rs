//! What the page knows of the escape map, and what becomes of it.

use std::cmp::Reverse;
use std::rc::Rc;

use watertight_diagnostic::ask::escape::{ContainerMap, EscapeAsk, EscapeReport, Reason, Truth};
use watertight_diagnostic::report::{FindingReport, Place};
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
    /// Whether somebody or something chose it; until then it is the pod of the gravest finding.
    pub chosen: bool,
    /// The container that is shown, by its place in the answer.
    pub container: usize,
    /// The way that is told in words, by its place among the strands.
    pub strand: Option<usize>,
    /// The file whose first pod is to be shown once it is known.
    pub follow: Option<FileKey>,
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
            self.map = MapState { follow: self.map.follow, ..MapState::default() };
            return;
        }
        let wanted = if self.map.chosen { self.map.pod } else { self.gravest_pod() }.min(pods - 1);
        if self.map.pod != wanted {
            (self.map.pod, self.map.strand) = (wanted, None);
        }
        let pod = self.map.pod;
        if self.map.answer.as_ref().is_some_and(|answer| (answer.stamp, answer.pod) == (self.stamp, pod)) {
            return;
        }
        let ask = EscapeAsk { pod: Some(pod), container: None, fixes: true };
        let request = Request::Escape { files: self.messages(), ask, settings: self.settings };
        self.ask(Purpose::Map { stamp: self.stamp, pod }, request, out);
    }

    /// The pod of the first finding in the file that is shown, or else of the first of all: the report begins with the worst.
    /// While the file that is shown holds no pod, the map stays where it is.
    fn gravest_pod(&self) -> usize {
        let Some(report) = self.report() else { return 0 };
        let is_shown = |finding: &&FindingReport| self.key_of(finding.primary.file) == Some(self.active);
        let mut of_shown = report.findings.iter().filter(is_shown).filter_map(|finding| finding.pod);
        let first = || report.findings.iter().find_map(|finding| finding.pod).unwrap_or(0);
        of_shown.next().unwrap_or_else(|| if self.map.answer.is_some() { self.map.pod } else { first() })
    }

    /// Goes over to the first pod of the file that is to be shown.
    pub(super) fn follow_sample(&mut self) {
        let Some(key) = self.map.follow.take() else { return };
        let Some(report) = self.report() else { return };
        let found = report.pods.iter().position(|pod| self.key_of(pod.place.file) == Some(key));
        if let Some(pod) = found.filter(|pod| *pod != self.map.pod) {
            (self.map.pod, self.map.chosen, self.map.strand) = (pod, true, None);
        }
    }

    /// Another pod.
    pub(super) fn map_pod(&mut self, pod: usize, out: &mut Vec<Effect>) {
        (self.map.pod, self.map.chosen, self.map.strand) = (pod, true, None);
        self.map_if_shown(out);
    }

    /// Tells a way in words and shows its first line in the text, or stops telling it.
    pub(super) fn map_strand(&mut self, strand: usize, out: &mut Vec<Effect>) {
        if self.map.strand == Some(strand) {
            self.map.strand = None;
            return;
        }
        self.map.strand = Some(strand);
        out.push(Effect::Show("map-detail"));
        if let Some((file, from, to)) = self.first_line(strand) {
            self.reveal(file, from, to, false, out);
        }
    }

    fn first_line(&self, strand: usize) -> Option<(u32, u32, u32)> {
        let place = self.evidence(strand).next()?;
        Some((place.file, place.range.start, place.range.end))
    }

    /// The lines that decide about a way: of one that is closed those that close it.
    fn evidence(&self, strand: usize) -> impl Iterator<Item = &Place> {
        let map = self.map.answer.as_ref().and_then(|answer| answer.report.containers.get(self.map.container));
        let found = map.and_then(|map| Some((map, map.strands.get(strand)?)));
        found.into_iter().flat_map(|(map, strand)| {
            let reasons = strand.layers.iter().flat_map(|cell| &cell.reasons).filter_map(|at| map.reasons.get(*at));
            let tells = move |reason: &&Reason| strand.open != Truth::No || reason.truth == Truth::No;
            reasons.filter(tells).flat_map(|reason| &reason.places)
        })
    }

    /// The stretches of the shown file whose lines are lit, their starts and ends in turn: the evidence of the way that is
    /// told, while the map speaks of this text.
    pub fn lit(&self) -> Vec<u32> {
        let strand = self.map.strand.filter(|_| self.tab == Tab::Map && self.map_is_fresh());
        let places = strand.into_iter().flat_map(|strand| self.evidence(strand));
        let here = places.filter(|place| self.key_of(place.file) == Some(self.active));
        here.flat_map(|place| [place.range.start, place.range.end]).collect()
    }

    fn map_is_fresh(&self) -> bool {
        self.map.answer.as_ref().is_some_and(|answer| answer.stamp == self.stamp)
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
        self.change_and_go_on(vec![(key, base, edits)], &say_with("Done: {title}.", &[("title", &title)]), out);
    }

    /// The container that is looked at, in a new answer: by its name, or by its place where it may have been given another.
    fn same_container(&self, pod: usize, report: &EscapeReport) -> Option<usize> {
        let answer = self.map.answer.as_ref()?;
        let shown = answer.report.containers.get(self.map.container)?;
        let is_shown = |map: &ContainerMap| (&map.object, &map.container) == (&shown.object, &shown.container);
        let is_as_before = answer.pod == pod && answer.report.containers.len() == report.containers.len();
        report.containers.iter().position(is_shown).or(is_as_before.then_some(self.map.container))
    }

    /// Takes the answer. The way that was told stays told when it is still there.
    pub(super) fn take_map(&mut self, stamp: u64, pod: usize, report: EscapeReport) {
        let told = self.map.answer.as_ref().and_then(|answer| {
            let map = answer.report.containers.get(self.map.container)?;
            map.strands.get(self.map.strand?).map(|strand| strand.technique)
        });
        let container = self.same_container(pod, &report).unwrap_or_else(|| worst_of(&report.containers));
        let map = report.containers.get(container);
        self.map.strand = told.and_then(|told| map?.strands.iter().position(|strand| strand.technique == told));
        self.map.container = container;
        self.map.answer = Some(MapAnswer { stamp, pod, report: Rc::new(report) });
    }
}

/// The container that most can be won from, and of those the one that is kept in worst.
fn worst_of(containers: &[ContainerMap]) -> usize {
    let rank = |map: &ContainerMap| (Reverse(map.worst), map.grade.points);
    containers.iter().enumerate().min_by_key(|(_, map)| rank(map)).map_or(0, |(at, _)| at)
}
