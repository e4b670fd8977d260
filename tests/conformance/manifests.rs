//! Our findings beside those of other linters, for their own examples: `manifests/expected.tsv`.
//!
//! `manifests-rules.tsv` says which of our rules ask the same as a rule of theirs, or why none does.
//! `manifests-disagreements.tsv` says for each row on which we differ why they are wrong or ask about something else. A
//! row on which we differ without a reason there is a disagreement, and so is a reason for a row on which we agree.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use watertight::diagnostic::report::{FindingReport, Report};
use watertight::diagnostic::{Level, Settings};
use watertight::text::Encoding;
use watertight::{Input, analyse};

use crate::corpus::Corpus;
use crate::tally::Tally;

/// A row of their table.
struct Row<'t> {
    path: &'t str,
    rule: &'t str,
    expect: &'t str,
    object: &'t str,
}

impl<'t> Row<'t> {
    fn read(line: &'t str) -> Option<Self> {
        let mut cells = line.split('\t');
        Some(Self { path: cells.next()?, rule: cells.next()?, expect: cells.next()?, object: cells.next()? })
    }

    /// The project that wrote the example.
    fn peer(&self) -> &'t str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// Whether they want a finding. `None`: they do not say.
    fn wants_finding(&self) -> Option<bool> {
        match self.expect {
            // What their policy has to rewrite is a fault that we have to find.
            "fail" | "mutated" => Some(true),
            // What their own autofix made of a fault has it no more.
            "pass" | "fixed" => Some(false),
            _ => None,
        }
    }

    fn key(&self) -> String {
        [self.path, self.rule, self.expect, self.object].join("\t")
    }
}

/// What one of their rules is to us.
enum Ours<'t> {
    /// Any finding of these rules is the same. Words behind `~` have to stand in the finding or beside one of its places.
    Rules(Vec<(&'t str, &'t str)>),
    /// No rule of ours asks this.
    OutOfScope,
}

impl<'t> Ours<'t> {
    fn read(cell: &'t str) -> Self {
        if cell.starts_with("out-of-scope: ") {
            return Self::OutOfScope;
        }
        Self::Rules(cell.split(',').map(|rule| rule.split_once('~').unwrap_or((rule, ""))).collect())
    }
}

/// One tally for each linter.
pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let Some(expected) = corpus.text("manifests/expected.tsv") else { return Vec::new() };
    let rules = table("manifests-rules.tsv");
    let mut known: HashMap<(&str, &str), Ours<'_>> = HashMap::new();
    for line in rules.lines().skip(1) {
        let mut cells = line.split('\t');
        if let (Some(peer), Some(rule), Some(ours)) = (cells.next(), cells.next(), cells.next()) {
            known.insert((peer, rule), Ours::read(ours));
        }
    }
    assert_rules_exist(&known);
    let reasons = table("manifests-disagreements.tsv");
    let reasons: HashMap<&str, &str> = reasons.lines().skip(1).filter_map(|line| line.rsplit_once('\t')).collect();

    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut reports: HashMap<&str, Report> = HashMap::new();
    for row in expected.lines().skip(1).filter_map(Row::read) {
        let tally = tallies.entry(row.peer()).or_insert_with(|| Tally::new(format!("manifests/{}", row.peer())));
        let Some(wanted) = row.wants_finding() else { continue };
        let rules = match known.get(&(row.peer(), row.rule)) {
            Some(Ours::Rules(rules)) => rules,
            Some(Ours::OutOfScope) => continue,
            None => {
                tally.disagree(format!("{} {}: the rule is not in manifests-rules.tsv", row.peer(), row.rule));
                continue;
            }
        };
        let report = reports.entry(row.path).or_insert_with(|| read(corpus, row.path));
        let found = report.findings.iter().any(|finding| answers(finding, rules, row.object));
        match (found == wanted, reasons.get(row.key().as_str())) {
            (true, None) => tally.agree(),
            (false, Some(_)) => tally.explain(),
            (true, Some(_)) => tally.disagree(format!("{}\n    we agree, but a reason is given why not", row.key())),
            (false, None) => {
                let ours = if found { "a finding" } else { "no finding" };
                tally.disagree(format!("{}\n    ours: {ours}", row.key()));
            }
        }
    }
    tallies.into_values().collect()
}

fn answers(finding: &FindingReport, rules: &[(&str, &str)], object: &str) -> bool {
    let about = object == "*" || finding.object.as_deref() == Some(object);
    let says = |words: &str| {
        let mut places = finding.related.iter().chain([&finding.primary]);
        finding.what.contains(words) || places.any(|place| place.label.contains(words))
    };
    about && rules.iter().any(|(rule, words)| finding.rule == *rule && says(words))
}

fn read(corpus: &Corpus, path: &str) -> Report {
    let text = corpus.text(&format!("manifests/{path}")).unwrap_or_default();
    let settings = Settings { level: Level::Hardened, ..Settings::default() };
    analyse(&[Input { name: path, text: &text }], &settings, Encoding::Utf8)
}

fn table(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A misspelt rule would agree with every example that wants no finding.
fn assert_rules_exist(known: &HashMap<(&str, &str), Ours<'_>>) {
    for ((peer, theirs), ours) in known {
        let Ours::Rules(rules) = ours else { continue };
        for (rule, _) in rules {
            assert!(watertight_rules::by_id(rule).is_some(), "{peer} {theirs}: there is no rule {rule}");
        }
    }
}
