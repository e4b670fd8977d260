//! Every manifest of the corpus, hardened: it passes the admission library's checks at the target, or the report says why
//! not; hardening it again changes nothing; comments and anchors stay; nothing new is found; and the API server would take
//! it wherever it took the original.
//!
//! A fixed part of the corpus is looked at; `WATERTIGHT_ALL=1` looks at all of it, `WATERTIGHT_LIST=1` lists what is left.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test that reports to whoever runs it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use watertight::diagnostic::report::HardenedFile;
use watertight::diagnostic::{KubeVersion, Level, Settings};
use watertight::text::{Encoding, LineIndex};
use watertight::{Input, analyse, harden};
use watertight_pod::{Container, Pod};
use watertight_pss::evaluate;
use watertight_tests::files;
use watertight_yaml::Kind;

/// How the names of manifests end.
const MANIFESTS: &[&str] = &["yaml", "yml", "json"];

/// One file in so many is looked at.
const SAMPLE: usize = 9;

/// What may be left of the files that were looked at, in thousandths, when every repair that a program can make is made.
const MOST_LEFT: usize = 10;

fn main() -> ExitCode {
    let Some(corpus) = watertight_tests::corpus() else {
        println!("harden: skipped, no corpus");
        return ExitCode::SUCCESS;
    };
    let all = std::env::var_os("WATERTIGHT_ALL").is_some();
    let only = std::env::var("WATERTIGHT_ONLY").unwrap_or_default();
    let mut tally = Tally::default();
    for (number, case) in cases(&corpus).into_iter().enumerate() {
        if (all || number % SAMPLE == 0) && case.path.to_string_lossy().contains(&only) {
            tally.look_at(&case);
        }
    }
    tally.tell()
}

/// A file and what it is hardened to.
struct Case {
    path: PathBuf,
    text: String,
    settings: Settings,
}

fn cases(corpus: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in files(&corpus.join("manifests"), MANIFESTS) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for level in [Level::Baseline, Level::Restricted, Level::Hardened] {
            for kube_version in [KubeVersion::Latest, KubeVersion::Minor(24)] {
                let settings = Settings { level, kube_version, ..Settings::default() };
                cases.push(Case { path: path.clone(), text: text.clone(), settings });
            }
        }
    }
    for path in files(&corpus.join("pss"), MANIFESTS) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        // <level>/<version>/<pass|fail>/<file>
        let mut above = path.ancestors().skip(2).filter_map(|folder| folder.file_name()?.to_str());
        let version = above.next().and_then(|version| version.parse().ok());
        let level = above.next().and_then(|level| level.parse().ok());
        let (Some(kube_version), Some(level)) = (version, level) else { continue };
        let settings = Settings { level, kube_version, ..Settings::default() };
        cases.push(Case { path, text, settings });
    }
    cases
}

#[derive(Default)]
struct Tally {
    looked_at: usize,
    changed: usize,
    /// Passes the standard of its target.
    passes: usize,
    /// Does not, and the report says why.
    left: BTreeMap<String, usize>,
    left_files: usize,
    listed: BTreeSet<String>,
    faults: Vec<String>,
}

impl Tally {
    fn look_at(&mut self, case: &Case) {
        self.looked_at += 1;
        let name = case.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let input = [Input { name, text: &case.text }];
        let report = harden(&input, &case.settings);
        let [file] = report.files.as_slice() else { return self.fault(case, "no file came back") };
        self.changed += usize::from(file.text != case.text);
        self.standard(case, file, report.reached);
        self.idempotence(case, file);
        self.findings(case, file);
        self.comments(case, file);
        self.validity(case, file);
        self.hollow(case, file);
    }

    fn fault(&mut self, case: &Case, what: &str) {
        let Settings { level, kube_version, .. } = case.settings;
        self.faults.push(format!("{} at {level} {kube_version}: {what}", case.path.display()));
    }

    fn standard(&mut self, case: &Case, file: &HardenedFile, reached: bool) {
        let stream = watertight_yaml::parse(&file.text);
        let before = watertight_yaml::parse(&case.text);
        if stream.documents.len() != before.documents.len() {
            self.fault(case, "documents came or went");
        }
        let objects = watertight_pod::read(&stream);
        let Settings { level, kube_version, .. } = case.settings;
        let refused: Vec<_> =
            objects.pods.iter().filter(|pod| !evaluate(pod, level.standard(), kube_version).allowed()).collect();
        let needed: Vec<_> = file.left.iter().filter(|over| over.needed).collect();
        if let Some(first) = refused.first() {
            self.left_files += 1;
            if needed.is_empty() {
                let detail = evaluate(first, level.standard(), kube_version).detail();
                self.fault(case, &format!("is refused, and nothing says why: {detail}"));
            }
        } else {
            self.passes += 1;
        }
        for over in &needed {
            *self.left.entry(over.rule.clone()).or_default() += 1;
            self.listed.insert(format!("{}: {}: {} ({})", case.path.display(), over.rule, over.what, over.reason));
        }
        if reached != needed.is_empty() {
            self.fault(case, "the report contradicts itself");
        }
    }

    fn idempotence(&mut self, case: &Case, file: &HardenedFile) {
        let again = harden(&[Input { name: &file.name, text: &file.text }], &case.settings);
        let again = again.files.first();
        if again.is_none_or(|again| again.text != file.text) {
            let diff = again.map(|again| again.diff.clone()).unwrap_or_default();
            self.fault(case, &format!("changes again:\n{diff}"));
        }
        if again.is_some_and(|again| again.left != file.left) {
            self.fault(case, "says something else the second time");
        }
    }

    fn findings(&mut self, case: &Case, file: &HardenedFile) {
        let of = |text: &str| -> BTreeSet<(String, Option<String>, Option<String>)> {
            let report = analyse(&[Input { name: "x", text }], &case.settings, Encoding::Utf8);
            report.findings.into_iter().map(|found| (found.rule.into_owned(), found.object, found.container)).collect()
        };
        for (rule, object, container) in of(&file.text).difference(&of(&case.text)) {
            self.fault(case, &format!("{rule} is new for {object:?} {container:?}"));
        }
    }

    /// A comment may only go with what it describes: the key or item on its line, or on the line below.
    fn comments(&mut self, case: &Case, file: &HardenedFile) {
        let stream = watertight_yaml::parse(&case.text);
        let after = watertight_yaml::parse(&file.text);
        let kept: Vec<&str> =
            after.documents.iter().flat_map(|d| &d.comments).map(|c| c.span.slice(&file.text)).collect();
        let lines = LineIndex::new(&case.text);
        let still_there = |line: usize| {
            let code = code_of(lines.content(line).slice(&case.text));
            file.text.lines().any(|line| code_of(line) == code)
        };
        for comment in stream.documents.iter().flat_map(|document| &document.comments) {
            let words = comment.span.slice(&case.text);
            if kept.contains(&words) {
                continue;
            }
            let mut line = lines.line_of(comment.span.start);
            while comment.own_line && lines.content(line).slice(&case.text).trim_start().starts_with('#') {
                line += 1;
            }
            if still_there(line) {
                self.fault(case, &format!("lost the comment {words}"));
            }
        }
        for anchor in anchors(&case.text).difference(&anchors(&file.text)) {
            self.fault(case, &format!("lost the anchor {anchor}"));
        }
    }

    fn validity(&mut self, case: &Case, file: &HardenedFile) {
        let faults = |text: &str| -> BTreeSet<String> {
            let objects = watertight_pod::read(&watertight_yaml::parse(text));
            objects.pods.iter().enumerate().flat_map(|(at, pod)| refusals(at, pod)).collect()
        };
        for fault in faults(&file.text).difference(&faults(&case.text)) {
            self.fault(case, &format!("the API server would refuse it: {fault}"));
        }
    }

    /// What was emptied goes altogether, where that says the same.
    fn hollow(&mut self, case: &Case, file: &HardenedFile) {
        let before = hollow(&case.text);
        for (key, count) in hollow(&file.text) {
            // A spec has to be there, and an emptyDir says something.
            let may_be_empty = ["emptyDir", "spec"].contains(&key.as_str());
            if !may_be_empty && count > before.get(&key).copied().unwrap_or_default() {
                self.fault(case, &format!("{key} was left empty"));
            }
        }
    }

    fn tell(self) -> ExitCode {
        println!(
            "harden: {}/{} pass their target, {} changed, {} left with a reason",
            self.passes, self.looked_at, self.changed, self.left_files
        );
        for (rule, count) in &self.left {
            println!("  left: {count} × {rule}");
        }
        if std::env::var_os("WATERTIGHT_LIST").is_some() {
            self.listed.iter().for_each(|line| println!("  {line}"));
        }
        self.faults.iter().take(60).for_each(|fault| eprintln!("  {fault}"));
        let too_many = self.left_files * 1_000 > self.looked_at * MOST_LEFT;
        if too_many {
            eprintln!("  more is left than before");
        }
        if self.faults.is_empty() && !too_many {
            return ExitCode::SUCCESS;
        }
        eprintln!("harden: {} faults", self.faults.len());
        ExitCode::FAILURE
    }
}

/// How often the value of a key is an empty mapping or list, by key.
fn hollow(text: &str) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let stream = watertight_yaml::parse(text);
    let mut nodes: Vec<_> = stream.documents.iter().filter_map(|document| document.root()).collect();
    while let Some(node) = nodes.pop() {
        nodes.extend(node.items());
        for entry in node.written_entries().filter(|entry| !entry.value.is_alias()) {
            let is_list = entry.value.kind() == Kind::Sequence && entry.value.items().len() == 0;
            let is_map = entry.value.kind() == Kind::Mapping && entry.value.written_entries().next().is_none();
            if is_list || is_map {
                *counts.entry(entry.name().into_owned()).or_default() += 1;
            }
            nodes.push(entry.value);
        }
    }
    counts
}

/// A line without its value and its comment: enough to recognise it.
fn code_of(line: &str) -> &str {
    let code = line.find(" #").map_or(line, |at| line.get(..at).unwrap_or(line));
    code.find(": ").and_then(|at| code.get(..=at)).unwrap_or(code).trim_end()
}

fn anchors(text: &str) -> BTreeSet<&str> {
    let starts = |word: &&str| word.starts_with('&') && word.len() > 1;
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(str::split_whitespace)
        .filter(starts)
        .collect()
}

/// What the API server refuses in a pod, of what hardening could bring about.
fn refusals(at: usize, pod: &Pod) -> Vec<String> {
    let mut refusals = Vec::new();
    let mut refuse = |what: String| refusals.push(format!("pod {at}: {what}"));
    let shares = pod.host_network.is_true() || pod.host_pid.is_true() || pod.host_ipc.is_true();
    if pod.host_users.is_false() && shares {
        refuse("hostUsers: false beside a namespace of the host".to_owned());
    }
    let mut names = BTreeSet::new();
    for volume in &pod.volumes {
        if !names.insert(volume.name.as_str()) {
            refuse(format!("two volumes {}", volume.name));
        }
        if volume.sources.len() > 1 {
            refuse(format!("volume {} has {} sources", volume.name, volume.sources.len()));
        }
    }
    if pod.is_windows() {
        let security = &pod.security;
        let linux = security.run_as_user.is_set() || security.seccomp.is_set() || pod.host_users.is_set();
        if linux || security.apparmor.is_set() || security.run_as_group.is_set() {
            refuse("a field of Linux in a pod for Windows".to_owned());
        }
    }
    for container in &pod.containers {
        of_container(pod, container, &names, &mut refuse);
    }
    refusals
}

fn of_container(pod: &Pod, container: &Container, volumes: &BTreeSet<&str>, refuse: &mut impl FnMut(String)) {
    let security = &container.security;
    let name = &container.name;
    let adds_admin = security.capabilities_add.iter().any(|added| added.name == "CAP_SYS_ADMIN");
    if security.allow_privilege_escalation.is_false() && (security.privileged.is_true() || adds_admin) {
        refuse(format!("{name}: no escalation beside privileged"));
    }
    let mut paths = BTreeSet::new();
    for mount in &container.mounts {
        if let Some(volume) = mount.volume.text().filter(|volume| !volumes.contains(volume)) {
            refuse(format!("{name}: mounts {volume}, which is not there"));
        }
        if let Some(path) = mount.path.text().filter(|path| !paths.insert(*path)) {
            refuse(format!("{name}: two mounts at {path}"));
        }
    }
    for device in &container.devices {
        if !volumes.is_empty() && device.name.is_empty() {
            refuse(format!("{name}: a device without a path"));
        }
    }
    if pod.is_windows() {
        let linux = security.run_as_user.is_set()
            || security.seccomp.is_set()
            || security.apparmor.is_set()
            || security.capabilities.is_some()
            || security.privileged.is_set()
            || security.allow_privilege_escalation.is_set()
            || security.read_only_root.is_set();
        if linux {
            refuse(format!("{name}: a field of Linux in a pod for Windows"));
        }
    }
}
