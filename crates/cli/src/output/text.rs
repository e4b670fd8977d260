//! For people.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use watertight::diagnostic::report::{FindingReport, Place};
use watertight::diagnostic::{Settings, Severity};
use watertight::text::Span;

use super::excerpt::Excerpt;
use super::{Sink, Totals, about, counted, safety_words};
use crate::input::Unusable;
use crate::part::{Batch, Located};
use crate::visible::visible;

pub(crate) struct Text<'o> {
    out: &'o mut dyn Write,
    renderer: Renderer,
    colored: bool,
    settings: Settings,
    /// The file whose heading was written last.
    heading: Option<String>,
}

impl<'o> Text<'o> {
    pub(crate) fn new(out: &'o mut dyn Write, settings: &Settings, colored: bool) -> Self {
        let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
        Self { out, renderer: renderer.term_width(140), colored, settings: *settings, heading: None }
    }

    fn finding(&mut self, batch: &Batch<'_>, located: &Located<'_>, finding: &FindingReport) -> io::Result<()> {
        let name = visible(&located.part.name);
        let excerpt = Excerpt::of(located, span(&finding.primary));
        let at = located.position(finding.primary.range.start);
        // The renderer counts the column in what it is shown; where that is not the whole line, we say it ourselves.
        let shown = excerpt.source.get(..excerpt.span.start).unwrap_or_default().chars().count() + 1;
        let label = visible(&finding.primary.label);
        let snippet = Snippet::source(excerpt.source)
            .line_start(excerpt.line)
            .annotation(AnnotationKind::Primary.span(excerpt.span).label(label));
        let title = level(finding.severity).primary_title(visible(&finding.what)).id(&*finding.rule);
        let mut group = if shown == at.column {
            title.element(snippet.path(name))
        } else {
            title.element(Origin::path(name).line(at.line).char_column(at.column)).element(snippet)
        };
        if let Some(about) = about(batch, finding) {
            group = group.element(Level::NOTE.with_name("in").message(about));
        }
        for place in &finding.related {
            group = group.element(Level::NOTE.with_name("see").message(related(batch, place)));
        }
        for (name, sentence) in [("why", &finding.why), ("do", &finding.how)] {
            if !sentence.is_empty() {
                group = group.element(Level::HELP.with_name(name).message(visible(sentence)));
            }
        }
        if let Some(fix) = finding.fixes.first() {
            let words = format!("{}{}", visible(&fix.title), safety_words(fix.safety));
            group = group.element(Level::HELP.with_name("fix").message(words));
        }
        writeln!(self.out, "{}\n", self.render(&[group]))
    }

    fn render(&self, groups: &[Group<'_>]) -> String {
        self.renderer.render(groups)
    }

    fn heading(&mut self, name: &str) -> io::Result<()> {
        if self.heading.as_deref() == Some(name) {
            return Ok(());
        }
        self.heading = Some(name.to_owned());
        let shown = visible(name);
        match self.colored {
            true => writeln!(self.out, "\x1b[1m{shown}\x1b[0m\n"),
            false => writeln!(self.out, "{shown}\n"),
        }
    }
}

impl Sink for Text<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        let count = u32::try_from(batch.parts.len()).unwrap_or(u32::MAX);
        for (file, located) in (0..count).zip(&batch.parts) {
            let mut findings = batch.report.findings.iter().filter(|finding| finding.primary.file == file).peekable();
            if findings.peek().is_some() {
                self.heading(&located.part.name)?;
            }
            for finding in findings {
                self.finding(batch, located, finding)?;
            }
        }
        self.out.flush()
    }

    fn unusable(&mut self, _: &Unusable) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        // Why nothing could be read has been said.
        if totals.files() == 0 && totals.unusable > 0 {
            return self.out.flush();
        }
        let severities: Vec<_> =
            totals.severities().map(|(severity, count)| format!("{count} {}", severity.word())).collect();
        let found = match severities.as_slice() {
            [] => "nothing found".to_owned(),
            some => some.join(", "),
        };
        write!(self.out, "{}, {}: {found}", counted(totals.files(), "file"), counted(totals.pods, "pod"))?;
        if totals.suppressed > 0 {
            write!(self.out, "; {} suppressed", totals.suppressed)?;
        }
        writeln!(self.out, ".")?;
        let asked = format!("{}:{}", self.settings.level.standard(), self.settings.kube_version);
        let of = counted(totals.pods, "pod");
        if totals.doubtful > 0 {
            let doubtful = totals.doubtful;
            writeln!(
                self.out,
                "{doubtful} of {of} may be refused at {asked}: it depends on values that cannot be read."
            )?;
        }
        if totals.refused > 0 {
            writeln!(self.out, "{} of {of} would be refused at {asked}: `watertight pss` says why.", totals.refused)?;
        }
        if totals.let_in > 0 {
            writeln!(
                self.out,
                "{} of {of} would be let in all the same: their namespace asks for less.",
                totals.let_in
            )?;
        }
        if totals.kept_out > 0 {
            writeln!(self.out, "{} of {of} would be refused by what their namespace enforces.", totals.kept_out)?;
        }
        if totals.fixable > 0 {
            writeln!(
                self.out,
                "{} can be mended: `watertight harden --diff` shows how. `watertight explain RULE` says more.",
                counted(totals.fixable, "finding")
            )?;
        }
        if totals.unreadable > 0 {
            writeln!(self.out, "{} could not be read whole.", counted(totals.unreadable, "document"))?;
        }
        if !totals.versions.is_empty() {
            let versions = totals.versions.iter().map(|version| visible(version).to_string()).collect::<Vec<_>>();
            let beside = if totals.pods == 0 { " with a pod beside it" } else { "" };
            writeln!(
                self.out,
                "About a node: {}. {}`watertight escape`{beside} says which ways out it leaves open.",
                versions.join(", "),
                totals.doubts.iter().map(|doubt| format!("{} ", visible(doubt))).collect::<String>(),
            )?;
        }
        for name in &totals.flat {
            writeln!(self.out, "The indentation of {} is lost: `watertight restore` brings it back.", visible(name))?;
        }
        self.out.flush()
    }
}

fn span(place: &Place) -> Span {
    Span { start: place.range.start, end: place.range.end }
}

fn related(batch: &Batch<'_>, place: &Place) -> String {
    let Some(located) = batch.part(place) else { return String::new() };
    let at = located.position(place.range.start);
    let label = if place.label.is_empty() { String::new() } else { format!(": {}", visible(&place.label)) };
    format!("{}:{}:{}{label}", visible(&located.part.name), at.line, at.column)
}

fn level(severity: Severity) -> Level<'static> {
    let level = match severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
        Severity::Info => Level::NOTE,
    };
    level.with_name(severity.word())
}
