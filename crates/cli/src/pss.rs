//! `watertight pss`

use std::io::{self, Write};

use serde::Serialize;
use watertight::diagnostic::Settings;
use watertight_pod::{Object, Pod, restore};
use watertight_pss::{Defaulting, FaultPlace, Verdict, evaluate_with};
use watertight_yaml::Document;

use crate::arguments::{Pss, PssFormat};
use crate::input::{Opened, Source, Unusable, sources, whole, written};
use crate::outcome::Outcome;
use crate::output::{complain, counted, together};
use crate::part::{self, Located, Part};
use crate::visible::visible;

/// One pod, or one pod template.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    file: String,
    /// Which document of the file, from 0.
    document: usize,
    /// Line of the object in the file, from 1.
    line: usize,
    kind: String,
    name: String,
    namespace: Option<String>,
    level: String,
    version: String,
    /// Null: it cannot be said, because of what stands in `unknown`.
    allowed: Option<bool>,
    failed: Vec<&'static str>,
    detail: String,
    /// Fields that the checks look at and that cannot be read.
    unknown: Vec<String>,
}

struct Run<'o> {
    out: &'o mut dyn Write,
    settings: Settings,
    defaulting: Defaulting,
    format: PssFormat,
    outcome: Outcome,
    pods: usize,
    allowed: usize,
    /// Whether there was any Kubernetes object.
    any_object: bool,
}

pub(crate) fn run(pss: &Pss, out: &mut dyn Write) -> io::Result<Outcome> {
    let defaulting = if pss.raw { Defaulting::Raw } else { Defaulting::Pod };
    let settings = pss.asked.settings();
    let format = pss.format;
    let mut run =
        Run { out, settings, defaulting, format, outcome: Outcome::Clean, pods: 0, allowed: 0, any_object: false };
    let (sources, unusable) = sources(&pss.inputs.inputs);
    for unusable in unusable {
        run.unusable(unusable.name, unusable.reason)?;
    }
    for source in &sources {
        run.source(source)?;
    }
    if let (false, Outcome::Clean, Some(first)) = (run.any_object, run.outcome, sources.first()) {
        let name = together(&first.name(), sources.len());
        run.unusable(name, "there is no Kubernetes object, which is what admission looks at".to_owned())?;
    }
    if run.format == PssFormat::Text {
        let asked = format!("{}:{}", settings.level.standard(), settings.kube_version);
        writeln!(run.out, "{} of {} allowed at {asked}.", run.allowed, counted(run.pods, "pod"))?;
        if run.pods == 0 {
            writeln!(run.out, "Admission looks at objects that hold a pod; there is none.")?;
        }
    }
    run.out.flush()?;
    Ok(run.outcome)
}

impl Run<'_> {
    fn source(&mut self, source: &Source) -> io::Result<()> {
        let name = source.name();
        match source.open() {
            Ok(Opened::Whole(content)) => match whole(content).and_then(written) {
                Ok(piece) => self.part(&Part { name, piece, documents_before: 0 }).map(|_| ()),
                Err(reason) => self.unusable(name, reason),
            },
            Ok(Opened::Pieces(mut pieces)) => part::each(&name, &mut pieces, |part| match part {
                Ok(part) => self.part(part),
                Err(Unusable { name, reason }) => self.unusable(name, reason).map(|()| 0),
            }),
            Err(error) => self.unusable(name, error.to_string()),
        }
    }

    /// Judges the pods of a part; gives the number of its documents.
    fn part(&mut self, part: &Part) -> io::Result<usize> {
        let located = Located::new(part);
        let stream = watertight_yaml::parse(located.text());
        for problem in stream.problems.iter().chain(stream.documents.iter().flat_map(|doc| &doc.problems)) {
            if problem.kind.is_fatal() || problem.kind == watertight_yaml::ProblemKind::Template {
                let at = located.position(problem.span.start);
                let name = format!("{}:{}:{}", part.name, at.line, at.column);
                self.unusable(name, problem.message.clone())?;
            }
        }
        for document in &stream.documents {
            let text = document.span.slice(located.text());
            if restore::looks_flat(text) && restore::restore(text).is_some() {
                let at = located.position(document.span.start);
                let name = format!("{}:{}:{}", part.name, at.line, at.column);
                self.unusable(
                    name,
                    "this text has lost its indentation; `watertight restore` brings it back".to_owned(),
                )?;
            }
        }
        // A list may be empty.
        self.any_object |= stream.documents.iter().filter_map(Document::root).any(|root| root.entry("kind").is_some());
        let objects = watertight_pod::read(&stream);
        for pod in &objects.pods {
            let object = objects.objects.get(pod.object);
            self.pod(&located, pod, object)?;
        }
        self.out.flush()?;
        Ok(stream.documents.len())
    }

    fn pod(&mut self, located: &Located<'_>, pod: &Pod, object: Option<&Object>) -> io::Result<()> {
        let verdict = evaluate_with(pod, self.settings.level, self.settings.kube_version, self.defaulting);
        let allowed = judged(&verdict);
        self.pods += 1;
        self.allowed += usize::from(allowed == Some(true));
        if allowed != Some(true) {
            self.outcome.worsen(Outcome::Found);
        }
        let line = Line {
            file: located.part.name.clone(),
            document: located.part.documents_before + pod.route.document,
            line: located.position(object.map_or(pod.head, |object| object.head).start).line,
            kind: object.map(|object| object.kind.clone()).unwrap_or_default(),
            name: object.map(|object| object.name.clone()).unwrap_or_default(),
            namespace: object.and_then(|object| object.namespace.clone()),
            level: self.settings.level.standard().to_string(),
            version: self.settings.kube_version.to_string(),
            allowed,
            failed: verdict.failed().collect(),
            detail: verdict.detail(),
            unknown: verdict.unknown.iter().map(|place| original(located, place)).collect(),
        };
        match self.format {
            PssFormat::Jsonl => {
                serde_json::to_writer(&mut *self.out, &line)?;
                self.out.write_all(b"\n")
            }
            PssFormat::Text => self.text(located, &line, &verdict),
        }
    }

    fn text(&mut self, located: &Located<'_>, line: &Line, verdict: &Verdict) -> io::Result<()> {
        let word = match line.allowed {
            Some(true) => "allowed",
            Some(false) => "refused",
            None => "unknown",
        };
        let place = format!("{}:{}", line.file, line.line);
        let name = if line.name.is_empty() { line.kind.clone() } else { format!("{}/{}", line.kind, line.name) };
        writeln!(self.out, "{word}  {}  {}", visible(&place), visible(&name))?;
        for failure in &verdict.failures {
            let detail = if failure.detail.is_empty() { String::new() } else { format!(" ({})", failure.detail) };
            writeln!(self.out, "  {}: {}{}", failure.check, failure.reason, visible(&detail))?;
            for place in &failure.places {
                let at = located.position(place.span.start);
                writeln!(self.out, "      {}:{}  {}", at.line, at.column, visible(&original(located, place)))?;
            }
        }
        for field in &line.unknown {
            writeln!(self.out, "  cannot be read: {}", visible(field))?;
        }
        Ok(())
    }

    fn unusable(&mut self, name: String, reason: String) -> io::Result<()> {
        self.outcome.worsen(Outcome::Unusable);
        complain(&Unusable { name, reason });
        Ok(())
    }
}

fn judged(verdict: &Verdict) -> Option<bool> {
    match (verdict.refused(), verdict.allowed()) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    }
}

fn original(located: &Located<'_>, place: &FaultPlace) -> String {
    let mut route = place.route.clone();
    located.original_route(&mut route);
    route.to_string()
}
