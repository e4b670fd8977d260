use watertight_diagnostic::Severity;
use watertight_text::sort;

use super::{Effort, Need, Outcome, Technique, Term};
use crate::Layer;

/// Reads the data file. A test holds that nothing in it is left unread.
pub(super) fn read(text: &'static str) -> Vec<Technique> {
    let mut all: Vec<Technique> = text.split("\n\n").filter_map(technique).collect();
    for technique in &mut all {
        sort::by_key(&mut technique.needs, |need| Layer::ALL.iter().position(|layer| *layer == need.layer));
    }
    let mut asked: Vec<Vec<Term>> = Vec::new();
    for need in all.iter_mut().flat_map(|technique| &mut technique.needs) {
        need.question = asked.iter().position(|any| *any == need.any).unwrap_or_else(|| {
            asked.push(need.any.clone());
            asked.len() - 1
        });
    }
    all
}

fn technique(paragraph: &'static str) -> Option<Technique> {
    let mut lines = paragraph.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let id = lines.next()?;
    let mut technique = Technique {
        id,
        name: id,
        outcome: Outcome::HostInfo,
        effort: Effort::Bug,
        severity: Severity::Low,
        why: "",
        needs: Vec::new(),
        remains: false,
        attack: Vec::new(),
        falco: Vec::new(),
        unseen: "",
    };
    for line in lines {
        let line = line.trim_start();
        let (word, value) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "name" => technique.name = value,
            "outcome" => technique.outcome = Outcome::ALL.into_iter().find(|outcome| outcome.word() == value)?,
            "effort" => {
                technique.effort = Effort::ALL.into_iter().find(|effort| effort.word() == value)?;
            }
            "severity" => technique.severity = Severity::ALL.into_iter().find(|severity| severity.word() == value)?,
            "why" => technique.why = value,
            "remains" => technique.remains = true,
            "attack" => technique.attack = value.split(' ').collect(),
            "falco" => technique.falco.push(value),
            "unseen" => technique.unseen = value,
            "cap" => {
                technique.needs.push(read_need("cap", value)?);
                // AppArmor is asked before a capability counts.
                technique.needs.push(read_need("lsm-cap", value)?);
            }
            "lsm" => {
                technique.needs.push(read_need("lsm", value)?);
                if value.ends_with(":@") {
                    technique.needs.push(read_need("files", "")?);
                }
            }
            need => technique.needs.push(read_need(need, value)?),
        }
    }
    Some(technique)
}

fn read_need(word: &'static str, value: &'static str) -> Option<Need> {
    let alternatives = || value.split(" | ").map(str::trim);
    let (layer, any) = match word {
        "open" => (Layer::Pod, alternatives().map(term).collect()),
        "cap" => (Layer::Capabilities, alternatives().map(|name| plain("cap", name)).collect()),
        "userns" => (Layer::UserNamespace, vec![plain("userns", value)]),
        "files" => (Layer::UserNamespace, vec![plain("files", "")]),
        "seccomp" => (Layer::Seccomp, alternatives().map(|call| plain("call", call)).collect()),
        "lsm-cap" => (Layer::Lsm, alternatives().map(|name| plain("lsm-cap", name)).collect()),
        "lsm" => (Layer::Lsm, alternatives().map(|asked| plain("lsm", asked)).collect()),
        "node" => (Layer::Version, alternatives().map(|setting| plain("node", setting)).collect()),
        "version" => (Layer::Version, vec![plain("bug", value)]),
        "sandbox" => (Layer::Sandbox, vec![plain("sandbox", value)]),
        _ => return None,
    };
    Some(Need { layer, any, question: 0 })
}

fn plain(name: &'static str, value: &'static str) -> Term {
    Term { name, value, negated: false }
}

/// A fact, as the data names it.
pub(crate) fn term(text: &'static str) -> Term {
    let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    Term { name, value, negated }
}

#[cfg(test)]
mod tests {
    use crate::{Layer, technique};

    #[test]
    fn everything_is_read() {
        let text = include_str!("../../data/techniques.txt");
        let paragraphs = text.split("\n\n").filter(|part| !part.trim().is_empty() && !part.starts_with('#')).count();
        assert_eq!(technique::all().len(), paragraphs, "a paragraph cannot be read");
        let mut ids: Vec<_> = technique::all().iter().map(|technique| technique.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id stands twice");
        for technique in technique::all() {
            assert!(!technique.needs.is_empty() && !technique.why.is_empty(), "{}", technique.id);
            assert!(!technique.attack.is_empty(), "{}", technique.id);
            let by_layer =
                Layer::ALL.iter().flat_map(|layer| technique.needs.iter().filter(|need| need.layer == *layer));
            assert!(
                by_layer.eq(&technique.needs),
                "{}: the needs stand in another order than the layers",
                technique.id
            );
        }
    }
}
