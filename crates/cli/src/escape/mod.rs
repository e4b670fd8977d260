//! `watertight escape`: which ways out are open, and which layer closes each of the others.

mod text;

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use watertight::Input;
use watertight::diagnostic::ask::escape::{
    BugReport, ContainerMap, Effort, EscapeAsk, EscapeReport, Lsm, NodeFacts, Outcome, Strand, TechniqueReport, Truth,
};
use watertight::diagnostic::{Runtime, Settings};
use watertight::text::Encoding;
use watertight_knowledge::cve::leads_out;
use watertight_knowledge::host;

use crate::arguments::{Asked, Inputs, Printed, printed};
use crate::input::{Unusable, sources};
use crate::outcome::Outcome as Exit;
use crate::output::{complain, counted};
use crate::part::{Located, Part};
use crate::patience::at_work;

/// Containers whose fixes are tried when nobody says whether to: each takes as long as a few dozen maps.
const FEW: usize = 20;

pub(crate) const HELP: &str = "\
Examples:
  watertight escape pod.yaml
  watertight escape pod.yaml roles.yaml seccomp.json apparmor.profile falco_rules.yaml
  watertight escape --kernel 6.8 --runtime containerd --runtime-version 1.7.27 --lsm apparmor --cgroup 2 pod.yaml
  watertight escape --fail-on host-root --fail-on-unknown pod.yaml
  watertight escape --format json pod.yaml

Files are looked at together: profiles, roles, network policies, runtime classes, claims and Falco rules in one of them
count for the pods in the others. What nobody says is unknown, and what would settle it is named.

Exit status: 0 no way as bad as --fail-on is open, 1 at least one is, 2 input that cannot be used. A way that may be open
counts with --fail-on-unknown only. What stands under REMAINS counts only where it is a bug that the node has for certain, that
this container gets to and that leads out.";

#[derive(Args)]
pub(crate) struct Escape {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    node: Facts,
    /// Only the containers of this name
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// The outcome that the proposed changes close; by default the worst that is open, else all that may be
    #[arg(long, value_name = "OUTCOME")]
    to: Option<Outcome>,
    /// Show the ways that are closed too, each with the layers that close it
    #[arg(long)]
    all: bool,
    /// Whether to try the fixes of every rule and say what each closes; auto does for up to 20 containers
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    fixes: Fixes,
    /// How to say it; json is one report
    #[arg(long, value_enum, default_value_t)]
    format: EscapeFormat,
    /// The least outcome that makes the exit status 1 when a way to it is open
    #[arg(long, value_name = "OUTCOME", default_value = Outcome::HostInfo.word())]
    fail_on: Outcome,
    /// Let ways count that may be open, because the files do not say who the image runs as, what a service account may do
    /// or how the node is set up
    #[arg(long)]
    fail_on_unknown: bool,
}

/// What is known of the node beside its versions.
#[derive(Args)]
struct Facts {
    /// The security module of the node: apparmor, selinux or none
    #[arg(long, value_name = "MODULE")]
    lsm: Option<Lsm>,
    /// The node's version of cgroups: 1 or 2
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(u8).range(1..=2))]
    cgroup: Option<u8>,
    /// Whether the node loads only signed kernel modules
    #[arg(long, value_name = "BOOL")]
    signed_modules: Option<bool>,
    /// The version of runc, such as 1.2.8 or as it prints it
    #[arg(long, value_name = "VERSION", value_parser = printed)]
    runc: Option<Printed>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Fixes {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum EscapeFormat {
    /// For people
    #[default]
    Text,
    /// Everything that is known of every way
    Json,
}

pub(crate) fn run(escape: &Escape, out: &mut dyn Write) -> io::Result<Exit> {
    let mut exit = Exit::Clean;
    let parts = read(escape, &mut exit);
    let report = look(escape, &parts);
    let name = || parts.first().map_or_else(|| "the input".to_owned(), |part| part.name.clone());
    if exit == Exit::Clean && report.containers.is_empty() {
        let reason = match &escape.container {
            Some(container) => format!("no pod in it has a container {container}"),
            None => "there is no pod in it that can be read".to_owned(),
        };
        complain(&Unusable { name: name(), reason });
        exit.worsen(Exit::Unusable);
    }
    if report.left_out > 0 {
        let counted = counted(report.left_out, "container");
        let reason = format!("{counted} beyond those told were not looked at; give their pods in files of their own");
        complain(&Unusable { name: name(), reason });
        exit.worsen(Exit::Unusable);
    }
    match escape.format {
        EscapeFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)?;
        }
        EscapeFormat::Text => {
            let located = parts.iter().map(Located::new).collect();
            text::write(out, &report, &text::Asked { parts: located, to: escape.to, all: escape.all })?;
        }
    }
    out.flush()?;
    let is_open = report.containers.iter().any(|map| fails(&report, map, escape));
    if is_open {
        exit.worsen(Exit::Found);
    }
    Ok(exit)
}

/// Whether a way that counts is open as things are configured, or may be where that is asked for.
fn fails(report: &EscapeReport, map: &ContainerMap, escape: &Escape) -> bool {
    let least = if escape.fail_on_unknown { Truth::Unknown } else { Truth::Yes };
    map.strands.iter().filter(|strand| strand.open >= least).any(|strand| {
        let technique = report.techniques.get(strand.technique);
        technique.is_some_and(|technique| {
            // A bug counts where the node has it for certain, this container gets to it, and it leads out.
            let counts = is_fault(technique) || known_bug(strand).is_some();
            counts && technique.outcome >= escape.fail_on
        })
    })
}

/// The bug that a way out goes through and that the node has for certain.
fn known_bug(strand: &Strand) -> Option<&BugReport> {
    let mut bugs = strand.bugs.iter().filter(|_| strand.open == Truth::Yes);
    bugs.find(|bug| bug.open == Truth::Yes && leads_out(&bug.outcome))
}

/// Whether it works by what is configured.
fn is_fault(technique: &TechniqueReport) -> bool {
    technique.effort != Effort::Bug && !technique.remains
}

fn read(escape: &Escape, exit: &mut Exit) -> Vec<Part> {
    let mut parts = Vec::new();
    let (sources, unusable) = sources(&escape.inputs.inputs);
    let mut refuse = |unusable: Unusable| {
        exit.worsen(Exit::Unusable);
        complain(&unusable);
    };
    unusable.into_iter().for_each(&mut refuse);
    for source in sources {
        let name = source.name();
        let too_large = "it is too large to be looked at as a whole, as maps need; give the pods in files of their own";
        match source.read_or(too_large) {
            Ok(piece) => parts.push(Part { name, piece, documents_before: 0 }),
            Err(reason) => refuse(Unusable { name, reason }),
        }
    }
    parts
}

fn look(escape: &Escape, parts: &[Part]) -> EscapeReport {
    let told = told(escape, parts);
    let told = Some(Input { name: "the command line", text: &told }).filter(|told| !told.text.is_empty());
    let files = parts.iter().map(|part| Input { name: &part.name, text: &part.piece.text });
    let inputs: Vec<_> = files.chain(told).collect();
    let Facts { lsm, cgroup, signed_modules, runc } = &escape.node;
    let runc = runc.as_ref().map(|runc| runc.numbers);
    let facts = NodeFacts { lsm: *lsm, cgroup: *cgroup, signed_modules: *signed_modules, runc };
    let settings = Settings { facts, ..escape.asked.settings() };
    let ask = |fixes| EscapeAsk { pod: None, container: escape.container.clone(), fixes };
    let look = |fixes| at_work(|| watertight::escape(&inputs, &ask(fixes), &settings, Encoding::Utf8));
    match escape.fixes {
        Fixes::Always => look(true),
        Fixes::Never => look(false),
        Fixes::Auto => {
            let report = look(false);
            if report.containers.len() <= FEW { look(true) } else { report }
        }
    }
}

/// What the options say of versions with more than numbers, as a node's own programs print it, so that it is read as they are.
/// A file is nearer to the node: what one of them states is not said again.
fn told(escape: &Escape, parts: &[Part]) -> String {
    let node = &escape.asked.node;
    let (runtime, before) = match node.runtime {
        Runtime::Containerd => ("containerd", "RuntimeName: containerd\nRuntimeVersion: "),
        Runtime::CriO => ("cri-o", "crio version "),
        Runtime::Docker => ("docker", "Docker version "),
        Runtime::Podman => ("podman", "podman version "),
    };
    let options = [
        ("linux-kernel", "Linux version ", &node.kernel),
        (runtime, before, &node.runtime_version),
        ("runc", "runc version ", &escape.node.runc),
    ];
    let read = || parts.iter().map(|part| host::read(&part.piece.text));
    let is_open = |name: &str| {
        read().all(|read| {
            read.stated.iter().all(|stated| stated.component != name)
                && read.unreadable.iter().all(|unreadable| unreadable.component != name)
        })
    };
    let lines = options.into_iter().filter_map(|(name, before, version)| {
        let whole = version.as_ref()?.whole.as_ref()?;
        is_open(name).then(|| [before, whole, "\n"].concat())
    });
    lines.collect()
}
