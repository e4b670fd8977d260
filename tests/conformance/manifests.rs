//! Our findings beside those of other linters, for their own examples: `manifests/expected.tsv`.
//!
//! `manifests-rules.tsv` says which of our rules ask the same as a rule of theirs, or why none does.
//! `manifests-disagreements.tsv` says why they are wrong or ask about something else where we differ: for one row, or for
//! all rows of a rule on which a condition holds that is looked at here (`when`, joined by commas): `text:` and `without:`
//! something in the file, `found:` a finding of ours with words in it, `no-namespace` for the object. A row on which we
//! differ without a reason is a disagreement, and so is a reason given for one row on which we agree.

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

    /// For a rule that the table does not know: our rules that name it as a source, which may be none. Only the first
    /// word counts of ids with several parts, such as `policy/rule`.
    fn by_source(theirs: &str) -> Self {
        let first = theirs.split(['/', ':', '+']).next().unwrap_or_default();
        let names = |rule: &watertight_rules::Rule| {
            rule.meta.sources.iter().any(|source| source.id == theirs || source.id == first)
        };
        Self::Rules(watertight_rules::all().filter(|rule| names(rule)).map(|rule| (rule.meta.id, "")).collect())
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
    let reasons: Vec<Reason<'_>> = reasons.lines().skip(1).filter_map(Reason::read).collect();

    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut files: HashMap<&str, File> = HashMap::new();
    for row in expected.lines().skip(1).filter_map(Row::read) {
        let tally = tallies.entry(row.peer()).or_insert_with(|| Tally::new(format!("manifests/{}", row.peer())));
        let Some(wanted) = row.wants_finding() else { continue };
        let ours = known.entry((row.peer(), row.rule)).or_insert_with(|| Ours::by_source(row.rule));
        let rules = match ours {
            Ours::Rules(rules) if rules.is_empty() => {
                tally.pass_over();
                continue;
            }
            Ours::Rules(rules) => rules,
            Ours::OutOfScope => continue,
        };
        let file = files.entry(row.path).or_insert_with(|| File::read(corpus, row.path));
        let found = file.finds(rules, row.object);
        let reason = match found == wanted {
            true => reasons.iter().find(|reason| reason.is_for(&row)),
            false => reasons.iter().find(|reason| reason.explains(&row, file)),
        };
        match (found == wanted, reason) {
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

/// One of their files with what we say of it.
struct File {
    text: String,
    report: Report,
}

impl File {
    fn read(corpus: &Corpus, path: &str) -> Self {
        let text = corpus.text(&format!("manifests/{path}")).unwrap_or_default();
        let settings = Settings { level: Level::Hardened, ..Settings::default() };
        let report = analyse(&[Input { name: path, text: &text }], &settings, Encoding::Utf8);
        Self { text, report }
    }

    /// Whether one of the rules has a finding about the object, `*` for any.
    fn finds(&self, rules: &[(&str, &str)], object: &str) -> bool {
        self.report.findings.iter().any(|finding| {
            let about = object == "*" || finding.object.as_deref() == Some(object);
            about && rules.iter().any(|(rule, words)| finding.rule == *rule && says(finding, words))
        })
    }

    /// Whether an object of that kind and name stands in the file without a namespace.
    fn has_without_namespace(&self, object: &str) -> bool {
        self.report.files.iter().flat_map(|file| &file.documents).any(|document| {
            let kind = document.kind.as_deref().unwrap_or_default();
            let name = document.name.as_deref().unwrap_or_default();
            document.namespace.is_none() && (object == "*" || object == format!("{kind}/{name}"))
        })
    }
}

fn says(finding: &FindingReport, words: &str) -> bool {
    let mut places = finding.related.iter().chain([&finding.primary]);
    finding.what.contains(words) || places.any(|place| place.label.contains(words))
}

/// Why we differ: on one row, or wherever a condition holds.
struct Reason<'t> {
    path: &'t str,
    rule: &'t str,
    expect: &'t str,
    object: &'t str,
    when: &'t str,
}

impl<'t> Reason<'t> {
    fn read(line: &'t str) -> Option<Self> {
        let mut cells = line.split('\t');
        let [path, rule, expect, object, when] = std::array::from_fn(|_| cells.next().unwrap_or_default());
        cells.next().filter(|reason| !reason.is_empty())?;
        Some(Self { path, rule, expect, object, when })
    }

    fn is_single(&self) -> bool {
        !self.path.ends_with('*')
    }

    fn is_for(&self, row: &Row<'_>) -> bool {
        self.is_single()
            && (self.path, self.rule, self.expect, self.object) == (row.path, row.rule, row.expect, row.object)
    }

    fn explains(&self, row: &Row<'_>, file: &File) -> bool {
        if self.is_single() {
            return self.is_for(row);
        }
        let is_there = self.path.strip_suffix('*').is_some_and(|folder| row.path.starts_with(folder));
        let is_asked = self.rule == "*" || self.rule == row.rule;
        is_there
            && is_asked
            && self.expect == row.expect
            && self.when.split(',').filter(|condition| !condition.is_empty()).all(|condition| {
                match condition.split_once(':') {
                    Some(("text", part)) => file.text.contains(part),
                    Some(("without", part)) => !file.text.contains(part),
                    Some(("found", rule)) => file.finds(&[rule.split_once('~').unwrap_or((rule, ""))], row.object),
                    None if condition == "no-namespace" => file.has_without_namespace(row.object),
                    _ => panic!("manifests-disagreements.tsv: what is the condition \"{condition}\"?"),
                }
            })
    }
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
