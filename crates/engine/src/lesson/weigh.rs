//! Whether goals are reached, as the analysers see it.

use watertight_diagnostic::ask::apparmor::{ApparmorAnswer, ApparmorAsk, Outcome as Answer};
use watertight_diagnostic::ask::escape::{EscapeAsk, EscapeReport, Outcome, Truth};
use watertight_diagnostic::ask::falco::FalcoAsk;
use watertight_diagnostic::report::{InputKind, Report};
use watertight_diagnostic::{Level, Route, Settings};
use watertight_escape::technique;
use watertight_seccomp::{Arch, Decider, Reader, Syscall, Target};
use watertight_text::Encoding;
use watertight_yaml::Node;

use super::goal::Check;
use crate::analyse::{self, analyse};
use crate::source::Source;
use crate::{Input, apparmor, escape, falco};

/// What is asked of a set of files, each analysis at most once.
pub(super) struct Scales<'a> {
    files: &'a [Input<'a>],
    settings: &'a Settings,
    report: Option<Report>,
    map: Option<EscapeReport>,
}

/// Whether it is so, and how things stand.
type Verdict = (bool, String);

impl<'a> Scales<'a> {
    pub(super) fn new(files: &'a [Input<'a>], settings: &'a Settings) -> Self {
        Self { files, settings, report: None, map: None }
    }

    pub(super) fn weigh(&mut self, check: &Check) -> Verdict {
        match check {
            Check::Rule { id, found } => self.rule(id, *found),
            Check::Way { id, open } => self.way(id, *open),
            Check::NoWayTo(outcome) => self.no_way_to(*outcome),
            Check::Grade(letter) => self.grade(letter),
            Check::Admitted(level) => self.admitted(*level),
            Check::Runs(name) => self.runs(name),
            Check::Text { text, file, there } => self.text(text, file.as_deref(), *there),
            Check::Seccomp { profile, call, args, allowed } => self.seccomp(profile.as_deref(), call, args, *allowed),
            Check::Apparmor { profile, ask, answer } => self.apparmor(profile.as_deref(), ask, *answer),
            Check::Falco { rule, event, fires } => self.falco(rule, event, *fires),
        }
    }

    fn report(&mut self) -> &Report {
        let (files, settings) = (self.files, self.settings);
        self.report.get_or_insert_with(|| analyse(files, settings, Encoding::Utf8))
    }

    fn map(&mut self) -> &EscapeReport {
        let (files, settings) = (self.files, self.settings);
        self.map.get_or_insert_with(|| escape(files, &EscapeAsk::default(), settings, Encoding::Utf8))
    }

    /// An empty text has no faults, and reaches nothing.
    fn rule(&mut self, id: &str, found: bool) -> Verdict {
        let has_profile = analyse::read(self.files).iter().any(|source| seccomp_profile(source).is_some());
        let report = self.report();
        let is_broken = report.findings.iter().any(|finding| finding.rule == "yaml-syntax");
        let means_something = has_profile
            || !report.pods.is_empty()
            || report.files.iter().any(|file| matches!(file.kind, InputKind::AppArmor | InputKind::FalcoRules));
        let count = report.findings.iter().filter(|finding| finding.rule == id).count();
        if is_broken || !means_something {
            return (false, "The text cannot be read as a whole just now.".to_owned());
        }
        let now = match (count, report.findings.iter().find(|finding| finding.rule == id)) {
            (1, Some(one)) => format!("Line {}: {}", one.primary.range.start_line, one.what),
            (0, _) => "It is not there.".to_owned(),
            (many, _) => format!("It stands in {many} places."),
        };
        ((count > 0) == found, now)
    }

    fn way(&mut self, id: &str, open: bool) -> Verdict {
        let map = self.map();
        let at = technique::all().iter().position(|technique| technique.id == id);
        let ways: Vec<_> = map
            .containers
            .iter()
            .flat_map(|container| container.strands.iter().map(move |strand| (container, strand)))
            .filter(|(_, strand)| Some(strand.technique) == at)
            .collect();
        let worst = ways.iter().max_by_key(|(_, strand)| strand.open);
        let Some((container, strand)) = worst else { return (false, NO_CONTAINER.to_owned()) };
        let now = match strand.open {
            Truth::Yes => ["It is open in `", &container.container, "`."].concat(),
            Truth::Unknown => {
                let reasons = strand.layers.iter().flat_map(|cell| &cell.reasons);
                let settles = reasons
                    .filter_map(|reason| container.reasons.get(*reason))
                    .map(|reason| &*reason.settles)
                    .find(|settles| !settles.is_empty());
                ["Nobody can tell from these texts. ", settles.unwrap_or_default()].concat().trim_end().to_owned()
            }
            Truth::No => "It is closed.".to_owned(),
        };
        (strand.open == Truth::from(open), now)
    }

    fn no_way_to(&mut self, wanted: Outcome) -> Verdict {
        let map = self.map();
        if map.containers.is_empty() {
            return (false, NO_CONTAINER.to_owned());
        }
        let open: usize = map
            .containers
            .iter()
            .flat_map(|container| &container.outcomes)
            .filter(|count| count.outcome == wanted)
            .map(|count| count.open)
            .sum();
        let now = match open {
            0 => "No way to it is open.".to_owned(),
            1 => "One way to it is open.".to_owned(),
            many => format!("{many} ways to it are open."),
        };
        (open == 0, now)
    }

    fn grade(&mut self, letter: &str) -> Verdict {
        let grades = self.map().containers.iter().map(|container| &container.grade);
        // The worst letter is the last in the alphabet.
        match grades.max_by(|a, b| a.letter.cmp(&b.letter).then(b.points.cmp(&a.points))) {
            Some(worst) => {
                let now = format!("It is {} just now, {} of 100 points.", worst.letter, worst.points);
                (worst.letter.as_str() <= letter, now)
            }
            None => (false, NO_CONTAINER.to_owned()),
        }
    }

    fn admitted(&mut self, level: Level) -> Verdict {
        let pods = &self.report().pods;
        match pods.iter().find(|pod| pod.admitted_by < level) {
            Some(pod) => (false, ["`", &pod.name, "` passes ", pod.admitted_by.word(), " at most."].concat()),
            None if pods.is_empty() => (false, "There is no pod.".to_owned()),
            None => (true, "Every pod is admitted.".to_owned()),
        }
    }

    fn runs(&mut self, name: &str) -> Verdict {
        match self.map().containers.iter().find(|container| container.container == name) {
            None => (false, ["There is no container `", name, "`."].concat()),
            Some(container) => match container.stillborn.first() {
                Some(why) => (false, why.clone()),
                None => (true, "Nothing keeps it from starting.".to_owned()),
            },
        }
    }

    fn text(&self, text: &str, file: Option<&str>, there: bool) -> Verdict {
        let mut looked_at = self.files.iter().filter(|input| file.is_none_or(|name| name == input.name)).peekable();
        if looked_at.peek().is_none() {
            return (false, "The file is not open.".to_owned());
        }
        let is_there = looked_at.any(|input| input.text.contains(text));
        (is_there == there, if is_there { "It is there." } else { "It is not there." }.to_owned())
    }

    /// As runc on a usual node reads it, for a container without capabilities.
    fn seccomp(&self, profile: Option<&str>, call: &str, args: &[u64; 6], allowed: bool) -> Verdict {
        let sources = analyse::read(self.files);
        let mut named = sources.iter().filter(|source| profile.is_none_or(|name| name == source.input.name));
        let root = named.find_map(seccomp_profile);
        let Some(root) = root else { return (false, "The seccomp profile is not there.".to_owned()) };
        let (profile, _) = watertight_seccomp::read::read(root, &Route::root(0));
        let target = Target { arch: Arch::X86_64, caps: &[], kernel: Target::USUAL_KERNEL };
        match (
            profile.as_read_by(Reader::Oci, &target),
            Syscall::from_name(call).and_then(|call| call.number(target.arch)),
        ) {
            (Err(refusal), _) => (false, ["The runtime refuses the profile: ", &refusal.to_string(), "."].concat()),
            (Ok(Some(filter)), Some(number)) => {
                let action = Decider::new(&filter).decide(target.arch, number, args).action;
                let now = ["It answers ", action.kind.scmp_name(), "."].concat();
                (action.lets_pass() == allowed, now)
            }
            (Ok(None), Some(_)) => (allowed, "The runtime takes the profile for no filter at all.".to_owned()),
            (Ok(_), None) => (false, "The call does not exist on this processor.".to_owned()),
        }
    }

    fn apparmor(&self, profile: Option<&str>, operation: &str, answer: Answer) -> Verdict {
        let decide = |profile| {
            let ask = ApparmorAsk::Decide { profile, lines: operation.to_owned() };
            match apparmor(self.files, &ask, self.settings, Encoding::Utf8) {
                ApparmorAnswer::Decided(decided) => decided,
                _ => Default::default(),
            }
        };
        let own = analyse::read(self.files).iter().any(|source| source.kind == InputKind::AppArmor);
        let mut decided = decide(None);
        if let Some(name) = profile {
            // A profile of the files is told with the file it stands in.
            let told = [name, " in "].concat();
            match decided.profiles.iter().position(|known| known.starts_with(&told)) {
                Some(at) => decided = decide(Some(at)),
                None => return (false, ["There is no profile `", name, "`."].concat()),
            }
        }
        match decided.answers.first() {
            Some(answered) if own => (answered.outcome == Some(answer), answered.why.clone()),
            _ => (false, "The AppArmor profile is not there.".to_owned()),
        }
    }

    fn falco(&self, rule: &str, event: &str, fires: bool) -> Verdict {
        // The goal's event stands in the place of those that are open beside the rules.
        let sources = analyse::read(self.files);
        let rules = sources.iter().filter(|source| source.kind == InputKind::FalcoRules).map(|source| source.input);
        let files: Vec<_> = rules.chain([Input { name: "goal.jsonl", text: event }]).collect();
        let report = falco(&files, &FalcoAsk { events: true, ..FalcoAsk::default() }, Encoding::Utf8);
        let Some(at) = report.rules.iter().position(|known| known.name == rule) else {
            return (false, ["There is no rule `", rule, "` that Falco loads."].concat());
        };
        match report.events.first() {
            Some(event) if event.open.iter().any(|open| open.rule == at) => {
                (false, "The event does not say enough to tell.".to_owned())
            }
            Some(event) => {
                let does = event.fires.contains(&at);
                (does == fires, if does { "It fires." } else { "It keeps silent." }.to_owned())
            }
            None => (false, "The event of this goal cannot be read.".to_owned()),
        }
    }
}

const NO_CONTAINER: &str = "There is no container.";

/// The profile that a file is, if it is one.
fn seccomp_profile<'a>(source: &'a Source<'_>) -> Option<Node<'a>> {
    let root = source.stream.documents.first()?.root()?;
    (root.entry("defaultAction").is_some() && root.entry("kind").is_none()).then_some(root)
}
