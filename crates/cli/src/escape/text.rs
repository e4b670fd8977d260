//! The map as people read it.

use std::io::{self, Write};

use watertight::diagnostic::Safety;
use watertight::diagnostic::ask::escape::{
    ContainerMap, EscapeReport, Outcome, Plan, State, Strand, TechniqueReport, Truth,
};
use watertight::diagnostic::report::Place;

use super::{is_fault, known_bug};
use crate::output::counted;
use crate::part::Located;
use crate::visible::visible;

/// How much to say, and of which texts.
pub(super) struct Asked<'p> {
    pub(super) parts: Vec<Located<'p>>,
    /// The outcome whose plan is shown.
    pub(super) to: Option<Outcome>,
    /// Closed ways too.
    pub(super) all: bool,
}

pub(super) fn write(out: &mut dyn Write, report: &EscapeReport, asked: &Asked<'_>) -> io::Result<()> {
    for map in &report.containers {
        Text { out: &mut *out, report, asked, map }.container()?;
    }
    let node: Vec<_> = report.node.iter().map(|part| format!("{} {}", part.name, part.version)).collect();
    let node = if node.is_empty() { "nothing is known of it".to_owned() } else { node.join(", ") };
    writeln!(out, "Node: {}. Known bugs as of {}.", visible(&node), report.date)
}

/// A way and what it is.
type Way<'a> = (&'a Strand, &'a TechniqueReport);

/// Writes one map.
struct Text<'a> {
    out: &'a mut dyn Write,
    report: &'a EscapeReport,
    asked: &'a Asked<'a>,
    map: &'a ContainerMap,
}

impl<'a> Text<'a> {
    fn container(&mut self) -> io::Result<()> {
        let object = self.map.object.as_deref().unwrap_or("an object without a name");
        let place = self.place(&self.map.place);
        // The rights of the service account are unknown of nearly every pod, so whatever else may be open is named before them.
        let may_be = || {
            let unknown = self.ways(Truth::Unknown, is_fault).into_iter().rev().map(|(_, technique)| technique);
            let unknown = unknown.filter(|technique| technique.outcome.is_escape());
            unknown.max_by_key(|technique| (!technique.id.starts_with("rbac-"), technique.outcome))
        };
        let by_bug = || self.ways(Truth::Yes, |_| true).into_iter().find_map(|(strand, _)| known_bug(strand));
        let worst = match (self.map.worst, by_bug(), may_be()) {
            (Some(worst), Some(bug), _) => format!("{}; and the node has {}", worst.name(), bug.id),
            (Some(worst), ..) => worst.name().to_owned(),
            (None, Some(bug), _) => format!("the node has {}, which leads out of this container", bug.id),
            (None, None, Some(way)) => {
                format!("no way out is certainly open; one to {} may be: {}", way.outcome.name(), visible(&way.name))
            }
            (None, None, None) => "no way out is open as it is configured".to_owned(),
        };
        let (object, container) = (visible(object), visible(&self.map.container));
        writeln!(self.out, "{place}: {object}, container {container}: {worst}")?;
        let grade = &self.map.grade;
        let lines: Vec<_> = grade.lines.iter().map(|line| format!("{} {}/{}", line.text, line.got, line.of)).collect();
        let (letter, points, sum, cap) = (&grade.letter, grade.points, grade.sum, grade.cap);
        writeln!(
            self.out,
            "  grade {letter}: {points} of 100, the lesser of {sum} and {cap}, because {}",
            grade.because
        )?;
        if self.asked.all {
            writeln!(self.out, "    {}", lines.join("; "))?;
        }
        for sentence in &self.map.stillborn {
            writeln!(self.out, "  {}", visible(sentence))?;
        }
        for outcome in self.map.outcomes.iter().filter(|count| count.open + count.unknown > 0) {
            let name = outcome.outcome.name();
            let (open, unknown, closed, once) = (outcome.open, outcome.unknown, outcome.closed, outcome.closed_once);
            writeln!(
                self.out,
                "  {name}: {open} open, {unknown} may be, {closed} closed ({once} of them by a single layer)"
            )?;
        }
        self.open()?;
        self.doubtful()?;
        self.remaining()?;
        if self.asked.all {
            self.closed()?;
        }
        self.plan()?;
        self.unsettled()?;
        writeln!(self.out)
    }

    /// The ways of a state, with what they are.
    fn ways(&self, open: Truth, wanted: fn(&TechniqueReport) -> bool) -> Vec<Way<'a>> {
        let (map, report) = (self.map, self.report);
        let strands = map.strands.iter().filter(move |strand| strand.open == open);
        let known = strands.filter_map(|strand| Some((strand, report.techniques.get(strand.technique)?)));
        known.filter(|(_, technique)| wanted(technique)).collect()
    }

    /// What is open, the ways of one cause together: one folder of the node can open twenty of them.
    fn open(&mut self) -> io::Result<()> {
        let mut causes: Vec<(Option<usize>, Vec<Way<'a>>)> = Vec::new();
        for way in self.ways(Truth::Yes, is_fault) {
            let cause = way.0.cause();
            match causes.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, ways)) => ways.push(way),
                None => causes.push((cause, vec![way])),
            }
        }
        for (_, ways) in causes {
            let [(strand, technique), others @ ..] = ways.as_slice() else { continue };
            self.way(strand, technique)?;
            if !others.is_empty() {
                let names: Vec<_> = others.iter().map(|(_, other)| &*other.name).collect();
                let more = counted(others.len(), "more way");
                writeln!(self.out, "    {more} for the same cause: {}", names.join(", "))?;
            }
        }
        Ok(())
    }

    fn way(&mut self, strand: &Strand, technique: &TechniqueReport) -> io::Result<()> {
        let (name, id, outcome) = (&technique.name, &technique.id, technique.outcome.name());
        writeln!(self.out, "\n  OPEN  {outcome}: {name} [{id}]")?;
        writeln!(self.out, "    {}", visible(&self.map.chain(strand)))?;
        let mut places: Vec<String> = Vec::new();
        for place in self.map.reasons_of(strand, Truth::Yes).flat_map(|reason| &reason.places) {
            let place = self.place(place);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if !places.is_empty() {
            writeln!(self.out, "    at {}", places.join(", "))?;
        }
        writeln!(self.out, "    {}", technique.why)?;
        if let [_, onward @ ..] = technique.outcome.onward()
            && !onward.is_empty()
        {
            let onward: Vec<_> = onward.iter().map(|outcome| outcome.name()).collect();
            writeln!(self.out, "    It leads on to {}.", onward.join(", "))?;
        }
        writeln!(self.out, "    {}", visible(&strand.detection.words()))?;
        for at in &strand.fixes {
            let Some(fix) = self.map.fixes.get(*at) else { continue };
            writeln!(self.out, "    fix: {} ({})", visible(&fix.fix.title), fix.effect_on(technique.outcome))?;
        }
        Ok(())
    }

    fn doubtful(&mut self) -> io::Result<()> {
        let ways = self.ways(Truth::Unknown, is_fault);
        if ways.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  MAY BE OPEN")?;
        for (strand, technique) in ways {
            let doubts: Vec<_> =
                self.map.reasons_of(strand, Truth::Unknown).map(|reason| reason.text.as_str()).collect();
            let (name, id, outcome) = (&technique.name, &technique.id, technique.outcome.name());
            writeln!(self.out, "    {outcome}: {name} [{id}]: {}", visible(&doubts.join("; ")))?;
        }
        Ok(())
    }

    /// What is left when everything that is configured is right.
    fn remaining(&mut self) -> io::Result<()> {
        let mut ways = self.ways(Truth::Yes, |technique| !is_fault(technique));
        ways.extend(self.ways(Truth::Unknown, |technique| !is_fault(technique)));
        if ways.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  REMAINS (needs a bug or a second foothold, or nearly every pod has it)")?;
        for (strand, technique) in ways {
            let (name, id, outcome) = (&technique.name, &technique.id, technique.outcome.name());
            let doubt = if strand.open == Truth::Unknown { "may be: " } else { "" };
            writeln!(self.out, "    {doubt}{outcome}: {name} [{id}]")?;
            for bug in strand.bugs.iter().take(5) {
                let exploited = if bug.exploited.is_empty() { "" } else { ", exploited in the wild" };
                let (id, because) = (&bug.id, visible(&bug.because));
                writeln!(self.out, "      {id} of {} {}{exploited}: {because}", bug.component, visible(&bug.version))?;
            }
            if strand.bugs.len() > 5 {
                writeln!(self.out, "      and {} more; `watertight cves` lists them", strand.bugs.len() - 5)?;
            }
        }
        Ok(())
    }

    fn closed(&mut self) -> io::Result<()> {
        writeln!(self.out, "\n  CLOSED")?;
        for (strand, technique) in self.ways(Truth::No, |_| true) {
            let stops = strand.layers.iter().filter(|cell| cell.state == State::Stops);
            let stops: Vec<_> = stops.map(|cell| cell.layer.name()).collect();
            let why = self.map.reasons_of(strand, Truth::No).next().map(|reason| reason.text.as_str());
            let (name, id) = (&technique.name, &technique.id);
            writeln!(self.out, "    {name} [{id}]: {}: {}", stops.join(", "), visible(why.unwrap_or_default()))?;
        }
        Ok(())
    }

    /// The plan for the outcome that is asked for, else for the worst that is open. Where nothing is certain the one that
    /// takes in most ways: a socket of the node is not to wait for what a service account might be allowed.
    fn planned(&self) -> Option<&'a Plan> {
        let plans = &self.map.plans;
        if let Some(asked) = self.asked.to.or(self.map.worst) {
            return plans.iter().find(|plan| plan.outcome == asked);
        }
        let size = |plan: &Plan| plan.closes + plan.left.len();
        let escapes = plans.iter().filter(|plan| plan.outcome.is_escape());
        // The worst comes first, and of equals the first is to win.
        escapes.rev().max_by_key(|plan| size(plan)).or(plans.first())
    }

    fn plan(&mut self) -> io::Result<()> {
        if self.map.untried {
            let why = "each try reads the whole document again, which is too much for it with all its containers";
            return writeln!(self.out, "\n  No changes were tried: {why}. `--container NAME` asks for one.");
        }
        let Some(plan) = self.planned() else { return Ok(()) };
        let all = plan.closes + plan.left.len();
        let which = match (self.asked.to, self.map.worst) {
            (None, None) if plan.outcome.is_escape() => "that may be open".to_owned(),
            _ => format!("to {}", plan.outcome.name()),
        };
        writeln!(self.out, "\n  TO CLOSE {} {which}, change:", counted(plan.closes, "way"))?;
        for (number, at) in plan.fixes.iter().enumerate() {
            let Some(fix) = self.map.fixes.get(*at) else { continue };
            let effect = fix.effects.iter().find(|effect| effect.outcome == plan.outcome);
            let closes = effect.map_or(0, |effect| effect.closes);
            let safety = match fix.fix.safety {
                Safety::Safe => "",
                Safety::ChangesBehaviour => ", may change how the program behaves",
                Safety::NeedsReview => ", look at it first",
            };
            let title = visible(&fix.fix.title);
            writeln!(self.out, "    {}. {title} (closes {closes} of {all}{safety})", number + 1)?;
        }
        if !plan.left.is_empty() {
            let names = plan.left.iter().filter_map(|at| self.report.techniques.get(*at));
            let names: Vec<_> = names.map(|technique| &*technique.id).collect();
            writeln!(self.out, "    No change of the pod alone closes {}.", names.join(", "))?;
        }
        Ok(())
    }

    fn unsettled(&mut self) -> io::Result<()> {
        if self.map.unsettled.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  NOT KNOWN")?;
        for unsettled in &self.map.unsettled {
            let settles = visible(&unsettled.settles);
            let depend = if unsettled.ways == 1 { "depends" } else { "depend" };
            writeln!(self.out, "    {settles} ({} {depend} on it)", counted(unsettled.ways, "way"))?;
        }
        Ok(())
    }

    /// `file:line`
    fn place(&self, place: &Place) -> String {
        match self.asked.parts.get(place.file as usize) {
            Some(located) => {
                let line = located.position(place.range.start).line;
                format!("{}:{line}", visible(&located.part.name))
            }
            // The options are read behind the files.
            None => "the command line".to_owned(),
        }
    }
}
