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
  watertight cves --component linux-kernel --version 5.15.0-91-generic --fail-on-unknown
  watertight cves CVE-2024-21626

A version of a distribution carries fixes that its number does not show: then the answer is to ask the vendor.

Exit status: 0 it is listed, 1 a version was named and has a bug, 2 a wrong call. A bug that the version may have, because
only its vendor knows or too little was read, counts with --fail-on-unknown only.";

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
    /// Let bugs count that the version may have: those to ask its vendor about, and those of which too little was read
    #[arg(long, requires = "version")]
    fail_on_unknown: bool,
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
    // What a version does not have is not listed.
    let counts = |affects| affects == Affects::Yes || cves.fail_on_unknown;
    let is_affected = listed.iter().filter_map(|listed| listed.affects).any(counts);
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
        writeln!(out, "{}{name}: {}, {}{exploited}", cve.id, cve.component, cve.outcome_in_words())?;
        if let Some(affects) = affects {
            writeln!(out, "  {}", words(*affects))?;
        }
        writeln!(out, "  {}", cve.summary)?;
        let mut ranges: Vec<String> = cve.ranges.iter().map(range).collect();
        ranges
            .extend(cve.branches.iter().map(|(branch, of)| format!("branch {}: {}", branch.written, branch_range(of))));
        ranges.extend(cve.also.iter().map(|(component, of)| format!("{component}: {}", range(of))));
        if !cve.vendor.is_empty() {
            ranges.push(format!("kernels of {} only", cve.vendor));
        }
        let ranges = if ranges.is_empty() { "nothing was read of them".to_owned() } else { ranges.join("; ") };
        writeln!(out, "  versions: {ranges} ({})", cve.precision_in_words())?;
        if let Some(reach) = cve.reach {
            writeln!(out, "  needs: {}", reach.needs())?;
        }
        if !cve.needs.is_empty() {
            writeln!(out, "  needs: {}", cve.needs.join("; "))?;
        }
        let controls: Vec<_> = cve.controls_in_words().collect();
        if !controls.is_empty() {
            writeln!(out, "  stopped by: {}", controls.join("; "))?;
        }
        writeln!(out, "  {}", cve.address())?;
    }
    let watched = cve::watched().len();
    writeln!(out, "{}, as of {}; {watched} more are watched.", counted(listed.len(), "bug"), visible(cve::date()))
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
    let end = match range.end {
        End::Fixed(end) => Some(format!("before {}", end.written)),
        End::Last(end) => Some(format!("up to {}", end.written)),
        End::Open => None,
    };
    let from = range.from.map(|from| match (from.written, range.from_is_uncertain) {
        ("0", _) => "all".to_owned(),
        (from, true) => format!("from {from} or earlier"),
        (from, false) => format!("from {from}"),
    });
    match (from, end) {
        (Some(from), Some(end)) => format!("{from} {end}"),
        (Some(from), None) => format!("{from}, no mended one is known"),
        (None, Some(end)) => format!("{end}, the first one is not known"),
        (None, None) => "the first and the last one are not known".to_owned(),
    }
}

/// Without a beginning of its own a branch has the bug from its first release on.
fn branch_range(of: &Range) -> String {
    match (of.from, of.end) {
        (None, End::Fixed(end)) => format!("before {}", end.written),
        (None, End::Last(end)) => format!("up to {}", end.written),
        _ => range(of),
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
        "branches": listed.cve.branches.iter().map(|(branch, of)| json!({ "branch": branch.written, "affected": branch_range(of) })).collect::<Vec<_>>(),
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
