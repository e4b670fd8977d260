//! The escape attempts that coverage is measured by, each with a benign twin.
//!
//! The facts are those of published techniques and rules; the events are made up, in the form in which Falco sees such
//! calls. `scenarios.txt` describes them in short: `=` id, `t` title, `a` the technique of MITRE ATT&CK, `v` the ways out
//! of a container that they belong to, `g` our rule for them, `s` the published stable rules that see them, `~` what the
//! benign twin does. An event is a line with `!` (`exec PROGRAM …`, `start PROGRAM …` for the first process of a
//! container, `call SYSCALL PROGRAM …`, `open r|w PATH PROGRAM …`, `unix PATH PROGRAM …`, `net NAME ADDRESS PORT PROGRAM
//! …`), with what is special about the process behind `+` and further fields behind `.`.

use super::event::{EventText, quote};

const TABLE: &str = include_str!("scenarios.txt");

/// An escape attempt.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scenario {
    /// Its id, such as `release-agent`.
    pub id: &'static str,
    /// What happens.
    pub title: &'static str,
    /// The technique of MITRE ATT&CK, such as `T1611`.
    pub attack: &'static str,
    /// The ways out of a container that it belongs to, by their ids in the catalogue of escapes.
    pub vectors: Vec<&'static str>,
    /// The name of our rule for it, see [`crate::generate`].
    pub rule: &'static str,
    /// The published stable rules that see it, as of version 5.1 of that set.
    pub stable: Vec<&'static str>,
    /// What Falco sees, one JSON object each. A rule that holds for one of them sees the attempt.
    pub events: Vec<String>,
    /// What the benign twin does.
    pub twin_title: &'static str,
    /// What Falco sees of the twin. No rule should hold for any of them.
    pub twin: Vec<String>,
}

impl Scenario {
    /// Its events and those of its benign twin as JSON lines, each with a name: the id, with `-twin` behind it for the twin.
    pub fn lines(&self) -> String {
        let mut out = String::new();
        let mut line = |name: &str, title: &str, event: &str| {
            out.push_str("{\"id\":");
            quote(&mut out, name);
            out.push_str(",\"title\":");
            quote(&mut out, title);
            out.push_str(",\"fields\":");
            out.extend(event.lines().map(str::trim_start));
            out.push_str("}\n");
        };
        self.events.iter().for_each(|event| line(self.id, self.title, event));
        let twin = [self.id, "-twin"].concat();
        self.twin.iter().for_each(|event| line(&twin, self.twin_title, event));
        out
    }
}

/// All of them.
pub fn scenarios() -> Vec<Scenario> {
    TABLE.split("\n\n").map(scenario).filter(|one| !one.id.is_empty()).collect()
}

/// The one of that id.
pub fn find(id: &str) -> Option<Scenario> {
    TABLE
        .split("\n\n")
        .find(|part| part.lines().next().and_then(|line| line.strip_prefix("= ")) == Some(id))
        .map(scenario)
}

fn scenario(part: &'static str) -> Scenario {
    let mut one = Scenario::default();
    let mut open: Option<EventText> = None;
    for line in part.lines() {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        if matches!(mark, "!" | "~") {
            close(&mut one, open.take());
        }
        match mark {
            "=" => one.id = rest,
            "t" => one.title = rest,
            "a" => one.attack = rest,
            "v" => one.vectors = rest.split(' ').collect(),
            "g" => one.rule = rest,
            "s" => one.stable.push(rest),
            "~" => one.twin_title = rest,
            "!" => open = Some(EventText::new(rest)),
            "+" => {
                if let Some(event) = &mut open {
                    event.process(rest);
                }
            }
            "." => {
                if let (Some(event), Some((field, value))) = (&mut open, rest.split_once('=')) {
                    event.set(field, value);
                }
            }
            _ => {}
        }
    }
    close(&mut one, open);
    one
}

fn close(scenario: &mut Scenario, event: Option<EventText>) {
    let Some(event) = event else { return };
    let events = if scenario.twin_title.is_empty() { &mut scenario.events } else { &mut scenario.twin };
    events.push(event.json());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_scenario_is_whole() {
        let all = scenarios();
        assert!(all.len() >= 40, "{}", all.len());
        let ids: BTreeSet<_> = all.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), all.len());
        for one in &all {
            let whole = !one.title.is_empty() && one.attack.starts_with('T') && !one.vectors.is_empty();
            assert!(whole && !one.rule.is_empty(), "{}", one.id);
            assert!(!one.events.is_empty() && !one.twin.is_empty() && !one.twin_title.is_empty(), "{}", one.id);
            assert_eq!(find(one.id).as_ref(), Some(one));
        }
        assert_eq!(find("no-such"), None);
    }

    #[test]
    fn lines_are_events_with_names() {
        for one in scenarios() {
            let text = one.lines();
            let events: Vec<_> = crate::events::read(&text).map(Result::unwrap).collect();
            assert_eq!(events.len(), one.events.len() + one.twin.len());
            assert_eq!(events.len(), text.lines().count());
            let (first, last) = (events.first().unwrap(), events.last().unwrap());
            assert_eq!((first.id.as_deref(), first.title.as_deref()), (Some(one.id), Some(one.title)));
            assert_eq!(last.id.as_deref(), Some(&*format!("{}-twin", one.id)));
            assert!(first.get("evt.type").is_some());
        }
    }

    /// Every field is one that there is, with a value of its type.
    #[test]
    fn events_are_made_of_fields() {
        for one in scenarios() {
            for text in one.events.iter().chain(&one.twin) {
                let event = crate::events::read(text).next().unwrap().unwrap();
                assert!(event.complete);
                for field in &event.fields {
                    let resolved = crate::compile::resolve_text(&field.name);
                    assert!(resolved.is_ok(), "{}: {resolved:?}", one.id);
                }
            }
        }
    }
}
