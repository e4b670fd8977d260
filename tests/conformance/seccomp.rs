//! Seccomp profiles and what libseccomp makes of them: `seccomp/verdicts.tsv`, `refused.tsv`, `libseccomp-tests`,
//! `default-gates.tsv`, `argument-fuzz.jsonl`, `observed.tsv`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use watertight_diagnostic::{Route, Runtime};
use watertight_seccomp::compare::compare;
use watertight_seccomp::generate::Starter;
use watertight_seccomp::start::{self, Linkage};
use watertight_seccomp::{Arch, Decider, Filter, Profile, Reader, Refusal, Syscall, Target, X32_BIT, defaults, read};
use watertight_yaml::Kind;

use crate::corpus::Corpus;
use crate::tally::Tally;

/// What Docker grants when nobody says anything.
const DEFAULT_CAPS: [&str; 14] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FSETID",
    "CAP_FOWNER",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETFCAP",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT",
    "CAP_KILL",
    "CAP_AUDIT_WRITE",
];
const CLONE_NEWUSER: u64 = 0x1000_0000;
const ADMIN_CAPS: [&str; 4] = ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_BPF", "CAP_SYS_MODULE"];

/// A profile of the corpus: `FILE`, or `FILE#NAME` for one object of several.
fn profile(corpus: &Corpus, name: &str) -> Option<Profile> {
    let (file, object) = name.split_once('#').unwrap_or((name, ""));
    let folders =
        ["seccomp/profiles", "seccomp/traps", "seccomp/libseccomp-tests", "seccomp/libseccomp-tests/profiles"];
    let text = folders.iter().find_map(|folder| {
        corpus.text(&format!("{folder}/{file}")).or_else(|| corpus.text(&format!("{folder}/{file}.json")))
    })?;
    parse(&text, object)
}

fn parse(text: &str, object: &str) -> Option<Profile> {
    let stream = watertight_yaml::parse(text);
    let mut roots = stream.documents.iter().filter_map(|document| document.root());
    let root = roots.find(|root| {
        let named = || root.get("metadata").and_then(|metadata| metadata.get("name")).and_then(|name| name.as_str());
        object.is_empty() || named() == Some(object)
    })?;
    let inside = ["linux", "spec"].iter().find_map(|key| root.get(key)).filter(|node| node.kind() == Kind::Mapping);
    let node = match inside {
        Some(inside) => inside.get("seccomp").unwrap_or(inside),
        None => root,
    };
    Some(read::read(node, &Route::root(0)).0)
}

/// How a row of a table was read.
struct How<'r> {
    reader: &'r str,
    node: &'r str,
    caps: &'r str,
    kernel: &'r str,
}

fn filter(profile: &Profile, how: &How<'_>) -> Result<Option<Filter>, Refusal> {
    let reader = match how.reader {
        "docker" => Reader::Docker,
        "crio" => Reader::ContainersCommon,
        "libseccomp" => Reader::Libseccomp,
        _ => Reader::Oci,
    };
    let caps: Vec<&str> = match how.caps {
        "default" => DEFAULT_CAPS.to_vec(),
        "admin" => DEFAULT_CAPS.iter().chain(&ADMIN_CAPS).copied().collect(),
        _ => Vec::new(),
    };
    let (major, minor) = how.kernel.split_once('.').unwrap_or((how.kernel, "0"));
    let kernel = (major.parse().unwrap_or(0), minor.parse().unwrap_or(0));
    let arch = Arch::from_go_name(how.node).unwrap_or(Arch::X86_64);
    profile.as_read_by(reader, &Target { arch, caps: &caps, kernel })
}

fn arguments(text: &str) -> [u64; 6] {
    let mut args = [0; 6];
    for (slot, text) in args.iter_mut().zip(text.split(',')) {
        *slot = text.parse().unwrap_or(0);
    }
    args
}

/// The first arguments as a table names them, the others 0.
fn six(first: &[u64]) -> [u64; 6] {
    let mut args = [0; 6];
    args.iter_mut().zip(first).for_each(|(slot, value)| *slot = *value);
    args
}

/// The number as the kernel shows it.
fn number(abi: Arch, written: &str) -> u32 {
    let number: u32 = written.parse().unwrap_or(u32::MAX);
    if abi == Arch::X32 { number | X32_BIT } else { number }
}

pub(crate) fn verdicts(corpus: &Corpus) -> Vec<Tally> {
    let Some(table) = corpus.text("seccomp/verdicts.tsv") else { return Vec::new() };
    let mut tallies = [Tally::new("seccomp-verdicts/filter"), Tally::new("seccomp-verdicts/runc")];
    let mut deciders: BTreeMap<String, Result<Option<Decider>, String>> = BTreeMap::new();
    for row in table.lines().skip(1) {
        let cells: Vec<_> = row.split('\t').collect();
        let [name, reader, node, caps, kernel, abi, call, written, args, by_filter, by_runc] = cells.as_slice() else {
            panic!("a row of another shape: {row}")
        };
        let key = [*name, reader, node, caps, kernel].join(" ");
        let decider = deciders.entry(key).or_insert_with(|| {
            let profile = profile(corpus, name).ok_or("no such profile")?;
            let filter =
                filter(&profile, &How { reader, node, caps, kernel }).map_err(|refusal| refusal.to_string())?;
            Ok(filter.as_ref().map(Decider::new))
        });
        let abi = Arch::from_name(abi).unwrap_or_else(|| panic!("{abi}"));
        let number = number(abi, written);
        if let Some(known) = Syscall::from_name(call) {
            assert_eq!(known.number(abi), Some(number), "{row}");
        }
        let args = arguments(args);
        let (ours, stubbed) = match decider {
            Ok(Some(decider)) => (
                decider.by_filter(abi, number, &args).action.to_string(),
                decider.decide(abi, number, &args).action.to_string(),
            ),
            Ok(None) => ("ALLOW".to_owned(), "ALLOW".to_owned()),
            Err(refusal) => (refusal.clone(), refusal.clone()),
        };
        let [filter, runc] = &mut tallies;
        filter.compare(row, &ours, by_filter);
        runc.compare(row, &stubbed, by_runc);
    }
    tallies.into()
}

pub(crate) fn refused(corpus: &Corpus) -> Vec<Tally> {
    let Some(table) = corpus.text("seccomp/refused.tsv") else { return Vec::new() };
    let mut tally = Tally::new("seccomp-refused");
    for row in table.lines().skip(1) {
        let cells: Vec<_> = row.split('\t').collect();
        let [name, reader, node, caps, kernel, theirs] = cells.as_slice() else {
            panic!("a row of another shape: {row}")
        };
        let how = How { reader, node, caps, kernel };
        let ours = match profile(corpus, name).map(|profile| filter(&profile, &how)) {
            Some(Err(refusal)) => refusal.to_string(),
            Some(Ok(_)) => "accepted".to_owned(),
            None => "no such profile".to_owned(),
        };
        tally.compare(row, &ours, theirs);
    }
    vec![tally]
}

pub(crate) fn libseccomp(corpus: &Corpus) -> Vec<Tally> {
    let Some(table) = corpus.text("seccomp/libseccomp-tests/expected.tsv") else { return Vec::new() };
    let mut tally = Tally::new("seccomp-libseccomp");
    for row in table.lines().skip(1) {
        let cells: Vec<_> = row.split('\t').collect();
        let [name, abi, _, written, args, theirs] = cells.as_slice() else { panic!("a row of another shape: {row}") };
        let how = How { reader: "libseccomp", node: "amd64", caps: "-", kernel: "6.1" };
        let ours = match profile(corpus, name).map(|profile| filter(&profile, &how)) {
            Some(Ok(Some(filter))) => {
                let abi = Arch::from_name(abi).unwrap_or_else(|| panic!("{abi}"));
                Decider::new(&filter).by_filter(abi, number(abi, written), &arguments(args)).action.to_string()
            }
            Some(Ok(None)) => "no filter".to_owned(),
            Some(Err(refusal)) => refusal.to_string(),
            None => "no such profile".to_owned(),
        };
        tally.compare(row, &ours, theirs);
    }
    vec![tally]
}

pub(crate) fn gates(corpus: &Corpus) -> Vec<Tally> {
    let Some(table) = corpus.text("seccomp/default-gates.tsv") else { return Vec::new() };
    let mut tally = Tally::new("seccomp-gates");
    for row in table.lines().skip(1) {
        let cells: Vec<_> = row.split('\t').collect();
        let [call, moby, _, common, _] = cells.as_slice() else { panic!("a row of another shape: {row}") };
        let sides = [("moby-default.json", "docker", moby), ("containers-common-seccomp.json", "crio", common)];
        for (name, reader, theirs) in sides {
            let how = How { reader, node: "amd64", caps: "default", kernel: "6.1" };
            let filter = profile(corpus, name).and_then(|profile| filter(&profile, &how).ok().flatten());
            // `clone:newuser` asks for a new user namespace.
            let (call, first) = call.split_once(':').map_or((*call, 0), |(call, _)| (call, CLONE_NEWUSER));
            let number = Syscall::from_name(call).and_then(|call| call.number(Arch::X86_64));
            let ours = filter.zip(number).map(|(filter, number)| {
                Decider::new(&filter).by_filter(Arch::X86_64, number, &[first, 0, 0, 0, 0, 0]).action.to_string()
            });
            tally.compare(&format!("{name} {row}"), ours.as_deref().unwrap_or("-"), theirs);
        }
    }
    vec![tally]
}

#[derive(Deserialize)]
struct Set {
    rules: Value,
    asked: Vec<Vec<u64>>,
    answers: Answers,
}

/// One for each pair, or why there is none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answers {
    Each(Vec<String>),
    None(String),
}

/// Sets of one rule have to be answered as libseccomp does. Of larger ones, where plain logic and libseccomp differ, it is
/// enough that the answer says so.
pub(crate) fn fuzz(corpus: &Corpus) -> Vec<Tally> {
    let (mut tally, mut flagged, mut agreeing) = (Tally::new("seccomp-fuzz"), 0, 0);
    for set in corpus.rows::<Set>("seccomp/argument-fuzz.jsonl") {
        let text = serde_json::json!({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": set.rules}).to_string();
        let how = How { reader: "oci", node: "amd64", caps: "-", kernel: "6.1" };
        let ours = parse(&text, "").map(|profile| filter(&profile, &how));
        let (filter, answers) = match (ours, &set.answers) {
            (Some(Ok(Some(filter))), Answers::Each(answers)) => (filter, answers),
            (Some(Err(refusal)), Answers::None(reason)) => {
                tally.compare(&text, &format!("refused: {refusal}"), reason);
                continue;
            }
            // One set sends libseccomp round for ever; there is nothing to compare with.
            (Some(Ok(_)), Answers::None(reason)) if !reason.starts_with("refused") => continue,
            (ours, Answers::None(reason)) => {
                tally.compare(&text, &format!("{ours:?}"), reason);
                continue;
            }
            (ours, Answers::Each(answers)) => {
                tally.compare(&text, &format!("{ours:?}"), &answers.join(" "));
                continue;
            }
        };
        let decider = Decider::new(&filter);
        let decisions: Vec<_> = set.asked.iter().map(|pair| decider.by_filter(Arch::X86_64, 0, &six(pair))).collect();
        let same = decisions.iter().zip(answers).all(|(ours, theirs)| ours.action.to_string() == *theirs);
        let flag = decisions.iter().any(|decision| decision.depends_on_libseccomp);
        if same {
            agreeing += 1;
            flagged += usize::from(flag);
            tally.agree();
        } else if flag {
            tally.agree();
        } else {
            let ours: Vec<_> = decisions.iter().map(|decision| decision.action.to_string()).collect();
            tally.compare(&text, &ours.join(" "), &answers.join(" "));
        }
    }
    if tally.total() == 0 {
        return Vec::new();
    }
    let mut noise = Tally::new("seccomp-fuzz/flag-on-few");
    match flagged * 3 < agreeing {
        true => noise.agree(),
        false => noise.disagree(format!("{flagged} of {agreeing} sets that agree carry the flag")),
    }
    vec![tally, noise]
}

/// What runc and crun cannot do without, and what programs do: `seccomp/observed.tsv`. A profile of all the calls that were
/// seen has to start, and one without a call that was found to be needed must not.
pub(crate) fn observed(corpus: &Corpus) -> Vec<Tally> {
    let Some(table) = corpus.text("seccomp/observed.tsv") else { return Vec::new() };
    let rows: Vec<(&str, Vec<&str>)> = table
        .lines()
        .skip(1)
        .filter_map(|row| {
            let cells: Vec<_> = row.split('\t').collect();
            Some((*cells.first()?, cells.last()?.split(' ').collect()))
        })
        .collect();
    let mut tally = Tally::new("seccomp-observed");
    let seen = |starter: &str, late: bool| {
        let is_it =
            |what: &str| what.starts_with(starter) && what.contains("after the filter") && late != is_early(what);
        rows.iter().find(|(what, _)| is_it(what)).map(|(_, calls)| calls.clone())
    };
    for (name, starter) in [("runc", Starter::Runc), ("crun", Starter::Crun)] {
        for late in [true, false] {
            let Some(all) = seen(name, late) else { continue };
            let needed = rows
                .iter()
                .find(|(what, _)| what.starts_with(name) && what.contains("fails without") && late != is_early(what));
            let what = format!("{name}, no_new_privs {late}");
            let fails = |calls: &[&str]| {
                let decider = Decider::new(&allowing(calls));
                start::first_failure(&decider, Arch::X86_64, starter, late).map(|failure| failure.step.call)
            };
            tally.compare(&what, &format!("{:?}", fails(&all)), "None");
            // crun was seen to need all that it calls.
            for call in needed.map_or(&all, |(_, calls)| calls) {
                let without: Vec<&str> = all.iter().copied().filter(|other| other != call).collect();
                tally.compare(
                    &format!("{what}, without {call}"),
                    &format!("{:?}", fails(&without)),
                    &format!("Some({call:?})"),
                );
            }
        }
    }
    for (what, calls) in rows.iter().filter(|(what, _)| what.contains("glibc") && what.contains("hello")) {
        let linkage = if what.starts_with("static") { Linkage::Static } else { Linkage::Dynamic };
        let stopped =
            start::stopped(&Decider::new(&allowing(calls)), Arch::X86_64, Starter::Crun, start::program_calls(linkage));
        tally.compare(what, &format!("{stopped:?}"), "[]");
    }
    vec![tally]
}

fn is_early(what: &str) -> bool {
    what.contains("no no_new_privs") || what.contains("allowPrivilegeEscalation true")
}

/// A filter that lets these calls pass, and a call of the newest, so that nothing fails for its number.
fn allowing(calls: &[&str]) -> Filter {
    let names: Vec<&str> = calls.iter().copied().chain(["cachestat"]).collect();
    let text = serde_json::json!({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": names, "action": "SCMP_ACT_ALLOW"}]});
    let how = How { reader: "oci", node: "amd64", caps: "-", kernel: "6.1" };
    let profile = parse(&text.to_string(), "").unwrap_or_default();
    match filter(&profile, &how) {
        Ok(Some(filter)) => filter,
        other => panic!("{other:?}"),
    }
}

/// The default profiles that are in the crate do what those of the projects do.
pub(crate) fn defaults(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("seccomp-defaults");
    let projects = [
        (Runtime::Docker, "30.0", "docker", "moby-default.json"),
        (Runtime::Podman, "5.0", "crio", "containers-common-seccomp.json"),
    ];
    for (runtime, version, reader, file) in projects {
        let Some(theirs) = profile(corpus, file) else { continue };
        let editions = defaults::of(runtime, version.parse().ok());
        for caps in ["none", "default", "admin"] {
            for node in ["amd64", "arm64", "s390x"] {
                let how = How { reader, node, caps, kernel: "6.1" };
                let own = match caps {
                    "default" => DEFAULT_CAPS.to_vec(),
                    "admin" => DEFAULT_CAPS.iter().chain(&ADMIN_CAPS).copied().collect(),
                    _ => Vec::new(),
                };
                let arch = Arch::from_go_name(node).unwrap_or(Arch::X86_64);
                let ours = editions.first().map(|edition| edition.filter(&Target { arch, caps: &own, kernel: (6, 1) }));
                let (Some(Ok(Some(ours))), Ok(Some(theirs))) = (ours, filter(&theirs, &how)) else {
                    tally.disagree(format!("{file} {node} {caps}: one of them is no filter"));
                    continue;
                };
                let differing: Vec<_> = compare(&ours, &theirs)
                    .abis
                    .iter()
                    .flat_map(|abi| {
                        abi.differences.iter().map(|it| format!("{} {}", abi.arch, it.call.map_or("", Syscall::name)))
                    })
                    .collect();
                tally.compare(&format!("{file} {node} {caps}"), &differing.join(", "), "");
            }
        }
    }
    if tally.total() == 0 { Vec::new() } else { vec![tally] }
}
