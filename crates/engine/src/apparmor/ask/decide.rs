//! What a profile decides, line by line.

use std::cell::Cell;

use watertight_apparmor::decide::{Compiled, Next, Operation, Outcome, Reason, Verdict, asked, flags};
use watertight_apparmor::defaults;
use watertight_apparmor::generate::{audit, rule_for};
use watertight_apparmor::policy::{Origin, Policy, Profile, SourceId};
use watertight_apparmor::start::{self, Linkage};
use watertight_apparmor::{Given, Resolved, resolve};
use watertight_diagnostic::ask::apparmor::{Answered, Decided, Deciding, Outcome as Answer};
use watertight_diagnostic::{Runtime, Settings};
use watertight_text::{Encoding, shortened};

use crate::apparmor::{Profiles, profiles};
use crate::locate::Locator;
use crate::source::Source;

/// Lines that are answered; a table is no larger.
const MOST: usize = 2_000;

/// Deciding rules that are told of all of them together.
const MOST_RULES: usize = 50_000;

/// How much of such a rule is shown, in bytes.
const SHOWN: usize = 1_000;

const RUNTIMES: [Runtime; 4] = [Runtime::Containerd, Runtime::CriO, Runtime::Docker, Runtime::Podman];

/// A profile that can be asked.
struct Askable<'a> {
    name: String,
    policy: &'a Policy,
    profile: &'a Profile,
    text: &'a str,
    /// Why the parser would refuse its file.
    refused: Option<&'a str>,
    /// Where it stands; a runtime's own stands nowhere.
    place: Option<(&'a Source<'a>, &'a Profiles)>,
}

pub(super) fn answer(
    sources: &[Source<'_>],
    wanted: Option<usize>,
    lines: &str,
    settings: &Settings,
    encoding: Encoding,
) -> Decided {
    let defaults = runtimes(settings);
    let askable = askable(sources, &defaults);
    let chosen = wanted.unwrap_or_default();
    let mut decided = Decided {
        profiles: askable.iter().map(|one| one.name.clone()).collect(),
        profile: Some(chosen).filter(|chosen| *chosen < askable.len()),
        ..Decided::default()
    };
    let Some(asked) = askable.get(chosen) else { return decided };
    let compiled = Compiled::new(asked.policy, asked.profile);
    decided.notes = notes(asked);
    let locator = asked.place.map(|(source, _)| Locator::new(source, encoding));
    let teller = Teller { asked, compiled: &compiled, locator: locator.as_ref(), left: Cell::new(MOST_RULES) };
    for (number, line) in (1..).zip(lines.lines()).take(MOST) {
        teller.line(number, line.trim(), &mut decided.answers);
    }
    decided
}

/// The default profile of each runtime: of the version in the settings for the runtime that they name, else the newest.
fn runtimes(settings: &Settings) -> Vec<(String, String, Resolved)> {
    let edition = |runtime: Runtime| {
        let known = (runtime == settings.node.runtime).then_some(settings.node.runtime_version).flatten();
        let of_version = known.and_then(|version| defaults::of(runtime, Some(version)).first().copied());
        let edition = of_version.or_else(|| defaults::newest(runtime))?;
        let name =
            [edition.name, ", which is ", runtime.name(), "'s own from ", &edition.since.to_string(), " on"].concat();
        let text = edition.text();
        let resolved = resolve(&text, &Given::new([]));
        Some((name, text, resolved))
    };
    RUNTIMES.into_iter().filter_map(edition).collect()
}

fn askable<'a>(sources: &'a [Source<'a>], defaults: &'a [(String, String, Resolved)]) -> Vec<Askable<'a>> {
    let mut out = Vec::new();
    for source in sources {
        for profiles in profiles(source, sources) {
            let resolved = &profiles.resolved;
            let refused = resolved.refusals.iter().find(|refusal| refusal.is_the_parsers());
            let refused = refused.map(|refusal| refusal.message.as_str());
            out.extend(resolved.policy.walk().into_iter().map(|profile| Askable {
                name: [&profile.full_name, " in ", source.input.name].concat(),
                policy: &resolved.policy,
                profile,
                text: profiles.text(source),
                refused,
                place: Some((source, profiles)),
            }));
        }
    }
    for (name, text, resolved) in defaults {
        let Some(profile) = resolved.policy.profiles.first() else { continue };
        let (name, policy) = (name.clone(), &resolved.policy);
        out.push(Askable { name, policy, profile, text, refused: None, place: None });
    }
    out
}

fn notes(asked: &Askable<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(refused) = asked.refused {
        notes.push(["apparmor_parser refuses the file, so that none of its profiles is loaded: ", refused].concat());
    }
    let flags = asked.profile.flags.iter().map(|flag| flag.value.as_str());
    notes.extend(flags.filter_map(|flag| Some(["`", flag, "`: ", flags::words(flag)?].concat())));
    notes
}

struct Teller<'a> {
    asked: &'a Askable<'a>,
    compiled: &'a Compiled,
    locator: Option<&'a Locator<'a>>,
    /// Deciding rules that may still be told.
    left: Cell<usize>,
}

impl Teller<'_> {
    fn line(&self, number: u32, line: &str, out: &mut Vec<Answered>) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let first = line.split_whitespace().next().unwrap_or_default();
        let expected = Answer::of(first);
        let question = if expected.is_some() { line.get(first.len()..).unwrap_or_default().trim() } else { line };
        let failed = |why: String| Answered {
            line: number,
            asked: question.to_owned(),
            outcome: None,
            expected,
            why,
            logged: false,
            rules: Vec::new(),
            add: None,
        };
        let linkage = match question {
            "start" | "start dynamic" => Some(Linkage::Dynamic),
            "start static" => Some(Linkage::Static),
            _ => None,
        };
        if let Some(linkage) = linkage {
            let steps = start::simulate(self.compiled, self.asked.policy, self.asked.profile, linkage);
            out.extend(steps.into_iter().map(|(step, verdict)| {
                let operation = Operation::File { path: step.path.to_owned(), perms: step.perms, owner: false };
                let mut answered = self.told(failed(String::new()), &operation, &verdict);
                // A question is drawn as code from its first letter to its last.
                answered.asked = [step.path, ": ", &step.what.replace('`', "")].concat();
                answered
            }));
            return;
        }
        let operation = if audit::is_one(question) {
            let event = audit::read(question);
            event
                .and_then(|event| audit::operation(&event))
                .ok_or_else(|| "This line of the log names nothing that a rule decides.".to_owned())
        } else {
            asked::read(question)
        };
        out.push(match operation {
            Err(why) => failed(why),
            Ok(operation) => {
                let (operation, note) = resolved(operation);
                let verdict = self.compiled.decide(self.asked.policy, self.asked.profile, &operation);
                let mut answered = self.told(failed(String::new()), &operation, &verdict);
                answered.why.push_str(note);
                answered
            }
        });
    }

    fn told(&self, answered: Answered, operation: &Operation, verdict: &Verdict) -> Answered {
        let mut why = verdict.words();
        if let Some(next) = &verdict.next {
            why.push_str(&next_words(next, verdict.scrubbed));
        }
        let rules = self.rules(verdict, &mut why);
        let helps =
            verdict.outcome == Outcome::Denied && matches!(verdict.reason, Reason::NoRule | Reason::LinkNotAllowed);
        Answered {
            outcome: Some(match verdict.outcome {
                Outcome::Allowed => Answer::Allow,
                Outcome::Denied => Answer::Deny,
                Outcome::Unknown => Answer::Unknown,
            }),
            why,
            logged: verdict.logged,
            rules,
            add: if helps { rule_for(operation, false) } else { None },
            ..answered
        }
    }

    /// The rules that decided, as many as are still told; a text can be made in which thousands decide each question.
    fn rules(&self, verdict: &Verdict, why: &mut String) -> Vec<Deciding> {
        let all = verdict.rules.len();
        let told = all.min(self.left.get());
        self.left.set(self.left.get() - told);
        if told < all {
            why.push_str(&format!(" {} more rules decide it.", all - told));
        }
        verdict.rules.iter().take(told).map(|rule| self.rule(rule.origin, rule.denies)).collect()
    }

    fn rule(&self, origin: Origin, denies: bool) -> Deciding {
        let text = if origin.source == SourceId::TEXT {
            shortened(origin.span.slice(self.asked.text), SHOWN).into_owned()
        } else {
            let name = self.asked.policy.sources.get(origin.source.0 as usize);
            ["a rule in ", name.map_or("an include", String::as_str)].concat()
        };
        let place = self
            .asked
            .place
            .zip(self.locator)
            .map(|((_, profiles), locator)| locator.bare(profiles.place(origin.shown)));
        Deciding { text, denies, place }
    }
}

/// The kernel asks for the file behind every link; those that every system has are followed here.
fn resolved(operation: Operation) -> (Operation, &'static str) {
    const NUMBER: &str = " The kernel asks for /proc/ and a number, never for /proc/self: 1 was taken.";
    const RUN: &str = " On most images /var/run is a link to /run, and the kernel asks for that: try it, too.";
    let of = |path: String| {
        for link in ["/proc/self/", "/proc/thread-self/"] {
            if let Some(rest) = path.strip_prefix(link) {
                return (["/proc/1/", rest].concat(), NUMBER);
            }
        }
        let note = if path.starts_with("/var/run/") { RUN } else { "" };
        (path, note)
    };
    match operation {
        Operation::File { path, perms, owner } => {
            let (path, note) = of(path);
            (Operation::File { path, perms, owner }, note)
        }
        Operation::Exec { path, owner } => {
            let (path, note) = of(path);
            (Operation::Exec { path, owner }, note)
        }
        other => (other, ""),
    }
}

fn next_words(next: &Next, scrubbed: bool) -> String {
    let mut out = match next {
        Next::Same => " It goes on under the same profile.".to_owned(),
        Next::Profile(name) => [" It goes on under the profile `", name, "`."].concat(),
        Next::Unconfined => " It goes on without any profile.".to_owned(),
        Next::NotGiven { name, otherwise } => {
            let name =
                name.as_ref().map_or("one that attaches to its path".to_owned(), |name| ["`", name, "`"].concat());
            let otherwise = match otherwise.as_deref() {
                Some(Next::Same) => "it keeps this profile",
                Some(Next::Unconfined) => "it has none",
                _ => "it does not start",
            };
            [" It goes on under the profile ", &name, " where the node has it; else ", otherwise, "."].concat()
        }
    };
    if scrubbed {
        out.push_str(" Its environment is scrubbed.");
    }
    out
}
