//! The fixtures of the Pod Security Standards: `pss/<level>/<version>/<pass|fail>/<name>.yaml`.
//!
//! The admission library sees them after the API server's defaults for volumes, and `pss/expected.jsonl` says what it
//! answered; a fixture without a row there still has its folder's word.

use std::collections::BTreeMap;

use serde::Deserialize;
use watertight_diagnostic::{KubeVersion, Level};
use watertight_pod::Pod;
use watertight_pss::{Defaulting, Verdict, evaluate_with};

use crate::corpus::Corpus;
use crate::tally::Tally;

#[derive(Deserialize)]
struct Row {
    file: String,
    #[serde(flatten)]
    answer: Answer,
}

/// What the admission library says of a pod.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) allowed: bool,
    pub(crate) failed: Vec<String>,
    pub(crate) detail: String,
}

impl Answer {
    /// All of it in one text, to be compared and shown.
    pub(crate) fn words(&self) -> String {
        let word = if self.allowed { "allowed" } else { "refused" };
        format!("{word} [{}] {}", self.failed.join(" "), self.detail)
    }
}

/// [`Answer::words`] of our own verdict; with a complaint when a fault has no place in the text.
pub(crate) fn words(verdict: &Verdict, text: &str) -> String {
    let failed = verdict.failed().map(str::to_owned).collect();
    let mut words = Answer { allowed: verdict.allowed(), failed, detail: verdict.detail() }.words();
    let unplaced = |failure: &&watertight_pss::Failure| {
        failure.places.is_empty() || failure.places.iter().any(|place| place.span.slice(text).is_empty())
    };
    for failure in verdict.failures.iter().filter(unplaced) {
        words.push_str(&format!("; no place for {}", failure.check));
    }
    words
}

/// The only pod of a text.
pub(crate) fn only_pod(text: &str) -> Result<Pod, String> {
    let mut objects = watertight_pod::read(&watertight_yaml::parse(text));
    match (objects.pods.pop(), objects.pods.len()) {
        (Some(pod), 0) => Ok(pod),
        (None, _) => Err("no pod was read".to_owned()),
        (Some(_), others) => Err(format!("{} pods were read", others + 1)),
    }
}

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let rows: Vec<Row> = corpus.rows("pss/expected.jsonl");
    let answers: BTreeMap<_, _> = rows.into_iter().map(|row| (row.file, row.answer)).collect();
    let mut tally = Tally::new("pss");
    for path in corpus.files("pss") {
        let Some(fixture) = Fixture::of(&path) else { continue };
        let text = corpus.text(&path).unwrap_or_default();
        let pod = match only_pod(&text) {
            Ok(pod) => pod,
            Err(reason) => {
                tally.disagree(format!("{path}: {reason}"));
                continue;
            }
        };
        let verdict = evaluate_with(&pod, fixture.level, fixture.version, Defaulting::Template);
        match answers.get(fixture.file) {
            Some(answer) => tally.compare(&path, &words(&verdict, &text), &answer.words()),
            None if verdict.allowed() == fixture.passes => tally.agree(),
            None => tally.disagree(format!("{path}: {}", words(&verdict, &text))),
        }
    }
    vec![tally]
}

/// What the path of a fixture says.
struct Fixture<'p> {
    /// Without `pss/` in front.
    file: &'p str,
    level: Level,
    version: KubeVersion,
    passes: bool,
}

impl<'p> Fixture<'p> {
    fn of(path: &'p str) -> Option<Self> {
        let file = path.strip_prefix("pss/")?;
        let mut parts = file.split('/');
        let (level, version) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let passes = match parts.next()? {
            "pass" => true,
            "fail" => false,
            _ => return None,
        };
        file.ends_with(".yaml").then_some(Self { file, level, version, passes })
    }
}
