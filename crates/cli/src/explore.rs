//! `watertight explore`: what a capability or a folder of the node opens, and what would stop it.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::escape::Truth;
use watertight::diagnostic::ask::explore::{ExploreAsk, Explored, ExploredWay};

use crate::arguments::Node;
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::{complain, counted};
use crate::visible::visible;

pub(crate) const HELP: &str = "\
Examples:
  watertight explore SYS_ADMIN
  watertight explore /var/run/docker.sock
  watertight explore --writable /etc
  watertight explore --sample SYS_ADMIN > sample.yaml; watertight escape sample.yaml

It judges pods that differ in nothing else: root with no capability, no mount and no profile, then with what you ask for,
then with one layer at a time.

Exit status: 0 it is known, 2 it is neither a capability nor a path.";

#[derive(Args)]
pub(crate) struct Explore {
    /// A capability, such as SYS_ADMIN, or a path of the node
    #[arg(value_name = "NAME|PATH")]
    what: String,
    /// The path is mounted so that it can be written
    #[arg(long)]
    writable: bool,
    /// Print a pod that has it, to try things on
    #[arg(long, conflicts_with = "format")]
    sample: bool,
    #[command(flatten)]
    node: Node,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: ExploreFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ExploreFormat {
    /// For people
    #[default]
    Text,
    /// Everything that is known
    Json,
}

pub(crate) fn run(explore: &Explore, out: &mut dyn Write) -> io::Result<Outcome> {
    let ask = ExploreAsk { what: explore.what.clone(), writable: explore.writable, sample: String::new() };
    let settings = Settings { node: explore.node.settings(), ..Settings::default() };
    let explored = watertight::explore(&ask, &settings);
    if explored.title.is_empty() {
        let name = if explore.what.is_empty() { "the question".to_owned() } else { explore.what.clone() };
        let reason = if explored.problem.is_empty() { "it is empty".to_owned() } else { explored.problem };
        complain(&Unusable { name, reason });
        return Ok(Outcome::Unusable);
    }
    match (explore.sample, explore.format) {
        (true, _) => write!(out, "{}", explored.sample.map(|sample| sample.text).unwrap_or_default())?,
        (false, ExploreFormat::Text) => text(&explored, out)?,
        (false, ExploreFormat::Json) => {
            serde_json::to_writer_pretty(&mut *out, &explored)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

fn text(explored: &Explored, out: &mut dyn Write) -> io::Result<()> {
    let danger = explored.danger.map_or("", |danger| danger.word());
    writeln!(out, "{}{}{danger}", visible(&explored.title), if danger.is_empty() { "" } else { ": " })?;
    for sentence in [&explored.opens, &explored.given, &explored.needed_for] {
        if !sentence.is_empty() {
            writeln!(out, "  {}", visible(sentence))?;
        }
    }
    writeln!(out, "  Instead: {}", explored.instead)?;
    ways(explored, out, "OPENS", |way| way.open != Truth::No)?;
    ways(explored, out, "NEEDS SOMETHING ELSE AS WELL", |way| way.open == Truth::No)?;
    let of = explored.ways.iter().filter(|way| way.open != Truth::No).count();
    if of == 0 {
        return Ok(());
    }
    writeln!(out, "\n  WHAT STOPS IT, each layer alone")?;
    for layer in explored.layers.iter().filter(|layer| !layer.stops.is_empty()) {
        let left = explored.ways.iter().enumerate();
        let left = left.filter(|(at, way)| way.open != Truth::No && !layer.stops.contains(at)).map(|(_, way)| &*way.id);
        let left = left.collect::<Vec<_>>().join(", ");
        let left = if left.is_empty() { left } else { [", not ", &left].concat() };
        writeln!(out, "    {} ({}): {} of {}{left}", layer.name, layer.how, layer.stops.len(), counted(of, "way"))?;
    }
    let idle = explored.layers.iter().filter(|layer| layer.stops.is_empty()).map(|layer| layer.name.as_str());
    let idle = idle.collect::<Vec<_>>().join(", ");
    if !idle.is_empty() {
        writeln!(out, "    None of them alone: {idle}")?;
    }
    Ok(())
}

fn ways(explored: &Explored, out: &mut dyn Write, title: &str, wanted: fn(&ExploredWay) -> bool) -> io::Result<()> {
    let ways: Vec<&ExploredWay> = explored.ways.iter().filter(|way| wanted(way)).collect();
    if ways.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {title}")?;
    for way in ways {
        let bug = if way.by_bug { ", with a bug or a second foothold" } else { "" };
        let doubt = if way.open == Truth::Unknown { "may be: " } else { "" };
        let because = if way.because.is_empty() { String::new() } else { [": ", &way.because.join(", ")].concat() };
        writeln!(out, "    {doubt}{}: {} [{}]{bug}{}", way.outcome.name(), way.name, way.id, visible(&because))?;
    }
    Ok(())
}
