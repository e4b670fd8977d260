//! `watertight explain` and `watertight rules`

use std::io::{self, Write};

use watertight::diagnostic::RuleMeta;
use watertight::text::nearest_within;

use crate::arguments::{Explain, Rules, RulesFormat};
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;

pub(crate) fn explain(explain: &Explain, out: &mut dyn Write) -> io::Result<Outcome> {
    // A tool and its number, or several rules.
    let whole = explain.rule.join(" ");
    let mut found = find(&whole);
    let mut asked = whole.trim();
    if found.is_empty() {
        let each: Vec<_> = explain.rule.iter().map(|rule| (rule, find(rule))).collect();
        let unknown = each.iter().find(|(_, found)| found.is_empty()).map(|(rule, _)| rule.as_str());
        asked = unknown.filter(|_| each.iter().any(|(_, found)| !found.is_empty())).unwrap_or(asked);
        if unknown.is_none() {
            found = each.into_iter().flat_map(|(_, found)| found).collect();
        }
    }
    if found.is_empty() {
        let reason = match nearest(asked) {
            _ if asked.to_ascii_uppercase().starts_with("CVE-") => {
                "that is a bug of a kernel or a runtime; `watertight cves` tells of those".to_owned()
            }
            _ if is_number(asked) => {
                format!("whose number is that? Put the tool's name in front, as in: datree {asked}")
            }
            Some(id) => format!("there is no such rule; did you mean {id}?"),
            None => "there is no such rule; `watertight rules` lists them all".to_owned(),
        };
        complain(&Unusable { name: asked.to_owned(), reason });
        return Ok(Outcome::Unusable);
    }
    for (place, meta) in found.into_iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        one(meta, out)?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

pub(crate) fn rules(rules: &Rules, out: &mut dyn Write) -> io::Result<Outcome> {
    match rules.format {
        RulesFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &metas().collect::<Vec<_>>())?;
            writeln!(out)?;
        }
        RulesFormat::Text => {
            let width = metas().map(|meta| meta.id.len()).max().unwrap_or_default();
            for meta in metas() {
                let fix = if meta.fixable { "fix" } else { "" };
                let (id, severity, category) = (meta.id, meta.severity.word(), meta.category.word());
                writeln!(out, "{id:width$}  {severity:8}  {category:11}  {fix:3}  {}", meta.title)?;
            }
        }
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

fn one(meta: &RuleMeta, out: &mut dyn Write) -> io::Result<()> {
    let fix = if meta.fixable { ", can be mended" } else { "" };
    writeln!(out, "{}: {}", meta.id, meta.title)?;
    writeln!(out, "{}, {}{fix}", meta.severity, meta.category.word())?;
    writeln!(out)?;
    for line in meta.markdown().lines() {
        writeln!(out, "{}", line.strip_prefix("## ").unwrap_or(line))?;
    }
    if !meta.sources.is_empty() {
        writeln!(out, "\nElsewhere known as")?;
        // Those of one standard stand together.
        for of_one in meta.sources.chunk_by(|one, next| one.standard == next.standard) {
            let ids: Vec<_> = of_one.iter().map(|source| source.id).collect();
            let name = of_one.first().map_or("", |source| source.standard.name());
            writeln!(out, "{name}: {}", ids.join(", "))?;
        }
    }
    Ok(())
}

fn metas() -> impl Iterator<Item = &'static RuleMeta> {
    watertight::rules()
}

/// The rules of that id, by ours or another tool's.
fn find(asked: &str) -> Vec<&'static RuleMeta> {
    let asked = asked.trim();
    match metas().find(|meta| meta.id == asked) {
        Some(meta) => vec![meta],
        None => metas().filter(|meta| is_known_as(meta, asked)).collect(),
    }
}

/// Whether another tool has that id for it: by itself where it is more than a number, else behind the tool's name.
fn is_known_as(meta: &RuleMeta, asked: &str) -> bool {
    meta.sources.iter().any(|source| {
        let whole = || [source.standard.name(), source.id].join(" ");
        source.id.eq_ignore_ascii_case(asked) && !is_number(asked) || whole().eq_ignore_ascii_case(asked)
    })
}

fn is_number(asked: &str) -> bool {
    !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit())
}

/// The rule whose id takes the fewest changes to get to, if they are few.
fn nearest(asked: &str) -> Option<&'static str> {
    nearest_within(asked, metas().map(|meta| meta.id), |id| id.len() / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_understood() {
        assert_eq!(nearest("host_pid"), Some("host-pid"));
        assert_eq!(nearest("completely-different-thing"), None);
        let known =
            |asked: &str| metas().filter(|meta| is_known_as(meta, asked)).map(|meta| meta.id).collect::<Vec<_>>();
        assert_eq!(known("ksv-0010"), ["host-pid"]);
        assert_eq!(known("20"), [""; 0]);
        assert_eq!(known("datree 20"), ["privileged"]);
        assert_eq!(known("CIS 5.2.2"), known("5.2.2"));
    }
}
