//! Pods in real containers: what a process gets when it tries what ways out are made of, beside what we foresee.
//!
//! A pod goes two ways. The engine reads its text and foresees how each attempt ends; and it is made into a bundle as
//! containerd makes it, and run by runc with a small program that makes the attempts. Beside that, a way that the map
//! calls open has to let its attempt through.

mod bundle;
mod cases;
mod host;
mod profile;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

use watertight::attempt::{Attempt, Ending, Foreseen, Machine};
use watertight::diagnostic::ask::escape::{EscapeAsk, EscapeReport, Lsm, NodeFacts, Truth};
use watertight::diagnostic::{NodeSettings, Release, Settings};
use watertight::text::Encoding;
use watertight::{escape, foresee};

use crate::runc::Runc;
use crate::{Tally, machine};
use bundle::Bundler;
use cases::Case;
use host::Host;

/// How each attempt ended, by its id.
type Seen = BTreeMap<String, String>;

pub(crate) fn fits() -> Result<(), String> {
    machine::has(&["cc", "runc"])?;
    machine::succeed(Command::new("unshare").args(["--mount", "--uts", "--ipc", "/usr/bin/true"]))?;
    host::disk().ok_or("no block device can be opened")?;
    corpus()?;
    Runc::new(&machine::folder("pods")?)?.can_run()
}

fn corpus() -> Result<PathBuf, String> {
    Ok(watertight_tests::corpus().ok_or("there is no corpus with the runtime's profile")?)
}

pub(crate) fn run() -> Result<Tally, String> {
    let folder = machine::folder("pods")?;
    let host = Host::find(&folder)?;
    let corpus = corpus()?;
    let bundler = Bundler::new(&folder, &corpus, &host)?;
    let machine = host.machine();
    let mut tally = Tally::default();
    let mut ways = Tally::default();
    let cases = cases::all(&host.canary_folder);
    for (case, output) in cases.iter().zip(run_all(&bundler, &cases)) {
        match output.and_then(|output| seen(&output)) {
            Ok(seen) => {
                compare(case, &bundler, &machine, &seen, &mut tally);
                compare_ways(case, &bundler, &seen, &machine, &mut ways);
            }
            Err(reason) => tally.count(false, || format!("{}: {reason}", case.name)),
        }
    }
    println!(
        "{} pods, {} attempts; {}/{} ways that are open let theirs through",
        cases.len(),
        tally.total,
        ways.agreed,
        ways.total
    );
    tally.agreed += ways.agreed;
    tally.total += ways.total;
    tally.wrong.extend(ways.wrong);
    Ok(tally)
}

/// Containers that run at the same time. Each waits most of its time.
const AT_ONCE: usize = 6;

/// Runs the probe in a container of each pod.
fn run_all(bundler: &Bundler<'_>, cases: &[Case]) -> Vec<Result<Output, String>> {
    let share = |first: usize| {
        let mine = cases.iter().enumerate().skip(first).step_by(AT_ONCE);
        mine.map(|(at, case)| (at, bundler.run(case))).collect::<Vec<_>>()
    };
    let mut all = std::thread::scope(|scope| {
        let running: Vec<_> = (0..AT_ONCE).map(|first| scope.spawn(move || share(first))).collect();
        running.into_iter().flat_map(|share| share.join().expect("no share panics")).collect::<Vec<_>>()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, output)| output).collect()
}

/// What the probe printed; an error when it did not run to its end.
fn seen(output: &Output) -> Result<Seen, String> {
    let printed = String::from_utf8_lossy(&output.stdout);
    let lines = printed.lines().filter_map(|line| line.split_once(' '));
    let seen: Seen = lines.map(|(id, ending)| (id.to_owned(), ending.to_owned())).collect();
    if output.status.success() && !seen.is_empty() {
        return Ok(seen);
    }
    Err(format!("the container does not run: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// The settings that say of the node what the bundles are made like. No security module confines what the lab starts.
fn settings() -> Settings {
    Settings {
        node: NodeSettings { runtime_version: Some(Release::patch(2, 1, 0)), ..NodeSettings::default() },
        facts: NodeFacts { lsm: Some(Lsm::None), ..NodeFacts::default() },
        ..Settings::default()
    }
}

fn compare(case: &Case, bundler: &Bundler<'_>, machine: &Machine<'_>, seen: &Seen, tally: &mut Tally) {
    let text = case.text();
    let foreseen = foresee(&bundler.files(&text), &settings(), machine);
    let Some((_, foreseen)) = foreseen.first() else {
        tally.count(false, || format!("{}: no container is read", case.name));
        return;
    };
    for Foreseen { attempt, ending } in foreseen {
        let expected = ending.to_string();
        let found = seen.get(attempt.id).map_or("not tried", String::as_str);
        tally
            .count(found == expected, || format!("{}: {} ends in {found}, foreseen {expected}", case.name, attempt.id));
    }
    tally.count(foreseen.len() == seen.len(), || format!("{}: {} attempts are made", case.name, seen.len()));
}

/// What the map calls open, by configuration and as things are, has to let one of its attempts through.
fn compare_ways(case: &Case, bundler: &Bundler<'_>, seen: &Seen, machine: &Machine<'_>, tally: &mut Tally) {
    let text = case.text();
    let report: EscapeReport = escape(&bundler.files(&text), &EscapeAsk::default(), &settings(), Encoding::Utf8);
    let lacks = |id: &str| machine.lacks.as_ref().is_some_and(|lacks| lacks.contains(&id));
    for strand in report.containers.iter().flat_map(|map| &map.strands) {
        let Some(way) = report.techniques.get(strand.technique) else { continue };
        let shows = |attempt: &&Attempt| attempt.shows == Some(&*way.id) && !lacks(attempt.id);
        let steps: Vec<&Attempt> = watertight::attempt::all().iter().filter(shows).collect();
        if steps.is_empty() || strand.open != Truth::Yes || strand.after_escalation || !can_be_made(case, &steps) {
            continue;
        }
        let is_through = |step: &&Attempt| {
            let ending = step.ends.map_or(Ending::Allowed, Ending::Error).to_string();
            seen.get(step.id) == Some(&ending)
        };
        tally.count(steps.iter().any(is_through), || {
            let ends: Vec<_> = steps.iter().map(|step| (step.id, seen.get(step.id))).collect();
            format!("{}: the way {} is open, and its steps end in {ends:?}", case.name, way.id)
        });
    }
}

/// Whether the steps can be made in this pod: those to a folder of the host need that folder, to be written, and its root
/// to be the pod's own. Where a pod has users of its own, runc makes it so from 1.2 on.
fn can_be_made(case: &Case, steps: &[&Attempt]) -> bool {
    let is_mounted = case.told.iter().any(|told| told.starts_with("canary-folder="));
    let is_read_only = case.spec["containers"][0]["volumeMounts"][0]["readOnly"] == true;
    let is_owner = case.spec["hostUsers"] != false;
    let needs_folder = steps.iter().any(|step| step.id.starts_with("canary"));
    !needs_folder || is_mounted && !is_read_only && is_owner
}
