//! What the rules among a set of files do with events, what they would miss, and rules for that.

use watertight_diagnostic::ask::falco::{
    AbsentFields, Attempt, FalcoAsk, FalcoReport, LoadedRule, OpenRule, RulesFile, TriedEvent, VERSION,
};
use watertight_diagnostic::report::{InputKind, Place};
use watertight_falco::coverage::{coverage, find};
use watertight_falco::evaluate::{Absent, Evaluator, Tried, try_event};
use watertight_falco::events::{Event, read as read_events};
use watertight_falco::generate;
use watertight_falco::lint::needs;
use watertight_falco::words::words;
use watertight_text::{Encoding, Span};

use super::{Loaded, explain};
use crate::Input;
use crate::analyse::read;
use crate::locate::Locator;
use crate::source::Source;

/// Events that are listed in an answer; the others are only counted.
const LISTED: usize = 200;
/// Rules and fields that are told of events. Where thousands of rules are open, fewer events are listed.
const TOLD: usize = 250_000;

/// What Falco's rules among the files do: with the events among the files or with those of a known escape attempt, and which
/// attempts they see. All rules are loaded together, in the order of the files. Offsets count in `encoding`.
///
/// ```
/// use watertight::diagnostic::ask::falco::FalcoAsk;
/// use watertight::text::Encoding;
/// use watertight::{Input, falco};
///
/// let rules = "- rule: Shell\n  desc: d\n  condition: evt.type = execve and proc.name = sh\n  output: o\n  priority: INFO\n";
/// let events = r#"{"evt.type": "execve", "proc.name": "sh"}"#;
/// let files = [Input { name: "rules.yaml", text: rules }, Input { name: "events.jsonl", text: events }];
/// let report = falco(&files, &FalcoAsk { events: true, ..FalcoAsk::default() }, Encoding::Utf8);
/// assert_eq!(report.events[0].fires, [0]);
/// assert_eq!(report.rules[0].name, "Shell");
/// let deciding: Vec<_> = report.explanation.unwrap().parts.into_iter().map(|part| part.text + " saw " + &part.saw).collect();
/// assert_eq!(deciding[1], "evt.type = execve saw \"execve\"");
/// ```
pub fn falco(files: &[Input<'_>], ask: &FalcoAsk, encoding: Encoding) -> FalcoReport {
    let sources = read(files);
    let loaded = Loaded::new(&sources);
    let locators: Vec<_> = sources.iter().map(|source| Locator::new(source, encoding)).collect();
    let order: Vec<usize> = loaded.set.rules().filter(|(_, item)| item.enabled).map(|(rule, _)| rule.index).collect();
    let asked = Asked { loaded: &loaded, locators: &locators, order };
    let mut report = FalcoReport {
        v: VERSION,
        encoding,
        files: asked.files(),
        rules: asked.rules(),
        events: Vec::new(),
        event_count: 0,
        event_text: String::new(),
        explanation: None,
        attempts: if ask.coverage { asked.attempts(ask.stable) } else { Vec::new() },
        written: String::new(),
        words: if ask.words { words(&loaded.set) } else { Vec::new() },
    };
    let wanted: Vec<&str> = ask.write.iter().map(String::as_str).filter(|id| find(id).is_some()).collect();
    if let Ok(names) = generate::for_attempts(wanted)
        && !names.is_empty()
    {
        report.written = generate::file(&names);
    }
    if ask.events {
        asked.try_events(&sources, ask, &mut report);
    }
    report
}

/// How much there is to tell of an event.
fn told_of(tried: &Tried<'_>) -> usize {
    let open: usize = tried.open.iter().map(|(_, needs)| 1 + needs.len()).sum();
    tried.fires.len() + tried.lacking.len() + tried.unexpected.len() + open
}

/// What is asked, with what answers need.
pub(super) struct Asked<'a> {
    pub(super) loaded: &'a Loaded<'a>,
    locators: &'a [Locator<'a>],
    /// For each rule of the answer its place among the items of the set, in ascending order.
    pub(super) order: Vec<usize>,
}

/// An event, and the file that it stands in.
type Given<'e, 't> = (&'e Event<'t>, Option<usize>);

impl Asked<'_> {
    /// The index into the rules of the answer.
    fn rule(&self, index: usize) -> Option<usize> {
        self.order.binary_search(&index).ok()
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.rule(self.loaded.set.items.rules.position(name)?)
    }

    /// A place in a file of the set.
    pub(super) fn place(&self, (file, span): (u32, Span)) -> Option<Place> {
        let id = self.loaded.id(file)?;
        Some(self.locators.get(id.0 as usize)?.bare(span))
    }

    fn files(&self) -> Vec<RulesFile> {
        let files = (0..).zip(&self.loaded.set.files);
        let report = |(file, result): (u32, &watertight_falco::rules::FileResult)| {
            let need = needs(&self.loaded.subject(), file);
            let needs = need.and_then(|need| {
                let place = self.place(need.place)?;
                Some(Place { label: need.what.replace('`', ""), ..place })
            });
            Some(RulesFile {
                file: self.loaded.id(file)?.0,
                loads: result.loads(),
                reached: result.reached,
                falco: need.map(|need| need.release.falco().to_owned()),
                needs,
            })
        };
        files.filter_map(report).collect()
    }

    fn rules(&self) -> Vec<LoadedRule> {
        let items = self.order.iter().filter_map(|index| self.loaded.set.items.rules.at(*index));
        items
            .map(|item| {
                let place = self.place((item.head.place.file, item.head.place.name));
                LoadedRule { name: item.head.name.clone(), place }
            })
            .collect()
    }

    fn attempts(&self, stable: bool) -> Vec<Attempt> {
        let ids = |rules: &[usize]| rules.iter().filter_map(|rule| self.rule(*rule)).collect();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let seen = coverage(&self.loaded.set).into_iter();
        seen.map(|seen| Attempt {
            by: ids(&seen.by),
            noisy: ids(&seen.noisy),
            gap: if stable { seen.is_gap_beside_stable() } else { seen.is_gap() },
            id: seen.scenario.id.to_owned(),
            title: seen.scenario.title.to_owned(),
            attack: seen.scenario.attack.to_owned(),
            ways: texts(&seen.scenario.vectors),
            stable: texts(&seen.scenario.stable),
            rule: seen.scenario.rule.to_owned(),
        })
        .collect()
    }

    fn try_events(&self, sources: &[Source<'_>], ask: &FalcoAsk, report: &mut FalcoReport) {
        report.event_text = ask.attempt.as_deref().and_then(find).map(|attempt| attempt.lines()).unwrap_or_default();
        let text = report.event_text.clone();
        let mut events: Vec<(Event<'_>, Option<usize>)> = Vec::new();
        if ask.attempt.is_some() {
            events.extend(read_events(&text).flatten().map(|event| (event, None)));
        } else {
            for (at, source) in sources.iter().enumerate().filter(|(_, source)| source.kind == InputKind::FalcoEvents) {
                events.extend(read_events(source.input.text).flatten().map(|event| (event, Some(at))));
            }
        }
        let absent = match ask.absent {
            AbsentFields::ByForm => Absent::ByForm,
            AbsentFields::Missing => Absent::Missing,
            AbsentFields::Unknown => Absent::Unknown,
        };
        let evaluator = Evaluator::new(&self.loaded.set, absent);
        let mut verdicts = evaluator.verdicts();
        report.event_count = events.len();
        let mut told = 0;
        for (event, at) in events.iter().take(LISTED) {
            let tried = try_event(&self.loaded.set, &evaluator, event, &mut verdicts);
            told += told_of(&tried);
            report.events.push(self.tried_event(tried, (event, *at)));
            if told > TOLD {
                break;
            }
        }
        // An event that is not listed because there was too much to tell before it is not explained by another.
        if told > TOLD && ask.event >= report.events.len() {
            return;
        }
        let at = ask.event.min(report.events.len().saturating_sub(1));
        let (Some((event, _)), Some(tried)) = (events.get(at), report.events.get(at)) else { return };
        let wanted = ask.rule.as_deref().and_then(|name| self.named(name));
        let Some(rule) = wanted.or_else(|| self.most_telling(event, tried)) else { return };
        report.explanation = explain::explanation(self, &evaluator, event, at, rule);
    }

    fn tried_event(&self, tried: Tried<'_>, (event, at): Given<'_, '_>) -> TriedEvent {
        let open = tried.open.into_iter();
        TriedEvent {
            title: event.words(),
            place: self.event_place((event, at)),
            fires: tried.fires.iter().filter_map(|rule| self.rule(*rule)).collect(),
            open: open.filter_map(|(rule, needs)| Some(OpenRule { rule: self.rule(rule)?, needs })).collect(),
            lacking: tried.lacking.into_iter().map(str::to_owned).collect(),
            unexpected: tried.unexpected.iter().filter_map(|rule| self.rule(*rule)).collect(),
            is_test: tried.is_test,
        }
    }

    fn event_place(&self, (event, at): Given<'_, '_>) -> Option<Place> {
        Some(self.locators.get(at?)?.bare(event.span))
    }

    /// The rule that one would ask about first: that fires, should have, is said to have, or is open.
    fn most_telling(&self, event: &Event<'_>, tried: &TriedEvent) -> Option<usize> {
        let fires = tried.fires.first().copied();
        let lacking = || tried.lacking.iter().find_map(|name| self.named(name));
        let said = || self.named(event.rule.as_deref()?);
        let open = || tried.open.first().map(|open| open.rule);
        let any = || (!self.order.is_empty()).then_some(0);
        fires.or_else(lacking).or_else(said).or_else(open).or_else(any)
    }
}
