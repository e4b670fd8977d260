//! `watertight cves`: the known bugs, and which of them a version has.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::json;
use watertight_knowledge::cve::{self, Affects, Cve, End, Range};
use watertight_knowledge::version::Version;

use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::{complain, counted};
use crate::visible::visible;

pub(crate) const HELP: &str = "\
Examples:
  watertight cves
  watertight cves --component runc --version 1.1.11
  watertight cves --component linux-kernel --version 5.15.0-91-generic
  watertight cves CVE-2024-21626

A version of a distribution carries fixes that its number does not show: then the answer is to ask the vendor.

Exit status: 0 it is listed, 1 a version was named and has a bug, 2 a wrong call.";

#[derive(Args)]
pub(crate) struct Cves {
    /// Numbers of bugs, such as CVE-2024-21626; all without any
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Only those of this program, such as runc, containerd or linux-kernel
    #[arg(long, value_name = "NAME")]
    component: Option<String>,
    /// Only those that this version has, or may have
    #[arg(long, value_name = "VERSION", requires = "component")]
    version: Option<String>,
    /// Only those that were seen exploited in the wild
    #[arg(long)]
    exploited: bool,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: CvesFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CvesFormat {
    /// For people
    #[default]
    Text,
    /// One report
    Json,
}

/// A bug, and whether the asked version has it.
struct Listed {
    cve: &'static Cve,
    affects: Option<Affects>,
}

pub(crate) fn run(cves: &Cves, out: &mut dyn Write) -> io::Result<Outcome> {
    let listed = match list(cves) {
        Ok(listed) => listed,
        Err(unusable) => {
            complain(&unusable);
            return Ok(Outcome::Unusable);
        }
    };
    match cves.format {
        CvesFormat::Text => text(&listed, out)?,
        CvesFormat::Json => {
            let bugs: Vec<_> = listed.iter().map(as_json).collect();
            let report = json!({ "v": 1, "date": cve::date(), "bugs": bugs });
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    let is_affected = listed.iter().any(|listed| listed.affects == Some(Affects::Yes));
    Ok(if is_affected { Outcome::Found } else { Outcome::Clean })
}

fn list(cves: &Cves) -> Result<Vec<Listed>, Unusable> {
    let version = match &cves.version {
        None => None,
        Some(text) => Some(Version::read(text).ok_or_else(|| Unusable {
            name: text.clone(),
            reason: "a version begins with a number, such as 1.1.12".to_owned(),
        })?),
    };
    let mut chosen: Vec<&'static Cve> = Vec::new();
    for id in &cves.ids {
        let reason = "this bug is not in the data, which lists those that matter to containers".to_owned();
        chosen.push(cve::by_id(id).ok_or_else(|| Unusable { name: id.clone(), reason })?);
    }
    if cves.ids.is_empty() {
        chosen.extend(cve::all());
    }
    if let Some(component) = &cves.component
        && !cve::all().iter().any(|cve| is_of(cve, component))
    {
        let mut names: Vec<_> = cve::all().iter().map(|cve| cve.component).collect();
        names.sort_unstable();
        names.dedup();
        return Err(Unusable { name: component.clone(), reason: format!("the data knows {}", names.join(", ")) });
    }
    let mut listed = Vec::new();
    for cve in chosen {
        if cves.exploited && cve.exploited.is_empty() {
            continue;
        }
        if cves.component.as_ref().is_some_and(|component| !is_of(cve, component)) {
            continue;
        }
        let affects = cves.component.as_ref().zip(version).map(|(component, version)| cve.affects(component, &version));
        if affects != Some(Affects::No) {
            listed.push(Listed { cve, affects });
        }
    }
    Ok(listed)
}

fn is_of(cve: &Cve, component: &str) -> bool {
    cve.component == component || cve.also.iter().any(|(also, _)| *also == component)
}

fn text(listed: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    for Listed { cve, affects } in listed {
        let name = if cve.name.is_empty() { String::new() } else { format!(" ({})", cve.name) };
        let exploited = if cve.exploited.is_empty() { "" } else { ", exploited in the wild" };
        writeln!(out, "{}{name}: {}, {}{exploited}", cve.id, cve.component, cve.outcome.replace('-', " "))?;
        if let Some(affects) = affects {
            writeln!(out, "  {}", words(*affects))?;
        }
        writeln!(out, "  {}", cve.summary)?;
        let mut ranges: Vec<String> = cve.ranges.iter().map(range).collect();
        ranges.extend(cve.branches.iter().map(|(branch, of)| format!("branch {}: {}", branch.written, range(of))));
        ranges.extend(cve.also.iter().map(|(component, of)| format!("{component}: {}", range(of))));
        if !cve.vendor.is_empty() {
            ranges.push(format!("kernels of {} only", cve.vendor));
        }
        writeln!(out, "  versions: {} (known by {})", ranges.join("; "), cve.precision.replace('-', " "))?;
        if let Some(reach) = cve.reach {
            writeln!(out, "  needs: {}", reach.needs())?;
        }
        if !cve.needs.is_empty() {
            writeln!(out, "  needs: {}", cve.needs.join("; "))?;
        }
        if !cve.controls().is_empty() {
            let controls: Vec<_> = cve.controls().iter().map(|control| in_words(control)).collect();
            writeln!(out, "  stopped by: {}", controls.join(", "))?;
        }
        writeln!(out, "  {}", cve.address())?;
    }
    let watched = cve::watched().len();
    writeln!(out, "{}, as of {}; {watched} more are watched.", counted(listed.len(), "bug"), visible(cve::date()))
}

/// What stops a bug, as the data calls it, for people.
fn in_words(control: &str) -> String {
    /// Those whose name says too little by itself.
    const CONTROLS: [(&str, &str); 12] = [
        ("userns", "a user namespace"),
        ("trusted_images", "images that are trusted"),
        ("admission_policy", "an admission policy"),
        ("rootless", "a rootless engine"),
        ("patched_only", "nothing but a mended version"),
        ("non_root", "a user other than root"),
        ("run_as_user_numeric", "a user given by number"),
        ("drop_all", "dropping all capabilities"),
        ("gvisor", "gVisor"),
        ("kata", "Kata Containers"),
        ("selinux", "SELinux"),
        ("pss_baseline_sysctls", "the sysctls that the baseline level allows"),
    ];
    let (name, part) = control.strip_suffix("_partial").map_or((control, ""), |name| (name, " (in part)"));
    let known = CONTROLS.iter().find(|(known, _)| *known == name).map(|(_, words)| (*words).to_owned());
    known.unwrap_or_else(|| name.replace('_', " ")) + part
}

fn words(affects: Affects) -> &'static str {
    match affects {
        Affects::Yes => "this version has it",
        Affects::No => "this version does not have it",
        Affects::AskVendor => "ask the vendor: the number does not show whether it is mended",
        Affects::Unknown => "too little was read to say whether this version has it",
    }
}

/// The same as one word.
fn word(affects: Affects) -> &'static str {
    match affects {
        Affects::Yes => "yes",
        Affects::No => "no",
        Affects::AskVendor => "ask-vendor",
        Affects::Unknown => "unknown",
    }
}

fn range(range: &Range) -> String {
    let from = match range.from.map(|from| from.written) {
        Some("0") => "all".to_owned(),
        Some(from) => format!("from {from}"),
        None => "from a version that was not read".to_owned(),
    };
    match range.end {
        End::Fixed(end) => format!("{from} before {}", end.written),
        End::Last(end) => format!("{from} up to {}", end.written),
        End::Open => format!("{from}, no fix was read"),
    }
}

fn as_json(listed: &Listed) -> serde_json::Value {
    let Cve { id, aliases, name, component, published, precision, outcome, attackers, needs, cvss, exploited, .. } =
        listed.cve;
    json!({
        "id": id,
        "aliases": aliases,
        "name": name,
        "component": component,
        "published": published,
        "affected": listed.cve.ranges.iter().map(range).collect::<Vec<_>>(),
        "branches": listed.cve.branches.iter().map(|(branch, of)| json!({ "branch": branch.written, "affected": range(of) })).collect::<Vec<_>>(),
        "also": listed.cve.also.iter().map(|(component, of)| json!({ "component": component, "affected": range(of) })).collect::<Vec<_>>(),
        "precision": precision,
        "outcome": outcome,
        "by": attackers,
        "reach": listed.cve.reach.map(|reach| reach.needs()),
        "needs": needs,
        "stoppedBy": listed.cve.controls(),
        "cvss": cvss,
        "exploited": exploited,
        "summary": listed.cve.summary,
        "address": listed.cve.address(),
        "affects": listed.affects.map(word),
    })
}
