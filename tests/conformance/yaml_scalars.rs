//! Scalars and keys as Kubernetes' YAML reader takes them: `yaml-scalars/{scalars,keys}.tsv` of the corpus, or the tables
//! that the YAML reader is tested with, which are answers of sigs.k8s.io/yaml too.

use watertight_yaml::parse;

use crate::corpus::Corpus;
use crate::tally::Tally;

const SCALARS: &str = include_str!("../../crates/yaml/tests/scalars.tsv");
const KEYS: &str = include_str!("../../crates/yaml/tests/keys.tsv");

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let table = |name: &str, own: &str| corpus.text(&format!("yaml-scalars/{name}")).unwrap_or_else(|| own.to_owned());
    let mut tally = Tally::new("yaml-scalars");
    for (written, theirs) in rows(&table("scalars.tsv", SCALARS)) {
        let ours = value(&format!("a: {written}"));
        // A float in JSON has several spellings.
        let same = matches!((ours.parse::<f64>(), theirs.parse::<f64>()), (Ok(ours), Ok(theirs)) if ours == theirs);
        tally.compare(written, if same { theirs } else { &ours }, theirs);
    }
    for (written, theirs) in rows(&table("keys.tsv", KEYS)) {
        tally.compare(&format!("{written}:"), &key(&format!("{written}: v")), theirs);
    }
    vec![tally]
}

fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.lines().filter(|line| !line.starts_with("# ")).filter_map(|line| line.split_once('\t'))
}

const REFUSED: &str = "REFUSED";

fn value(text: &str) -> String {
    let stream = parse(text);
    let document = stream.documents.first().filter(|document| !document.is_refused());
    let node = document.and_then(|document| document.root()).and_then(|root| root.get("a"));
    node.map_or_else(|| REFUSED.to_owned(), |node| node.to_json().to_string())
}

fn key(text: &str) -> String {
    let stream = parse(text);
    let document = stream.documents.first().filter(|document| !document.is_refused());
    let entries = document.and_then(|document| document.root()).map(|root| root.entries()).unwrap_or_default();
    entries.first().map_or_else(|| REFUSED.to_owned(), |entry| format!("{:?}", entry.name()))
}
