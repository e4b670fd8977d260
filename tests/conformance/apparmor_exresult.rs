//! What `apparmor_parser` accepts and refuses: `apparmor/exresult.tsv` says what version 6.0 answered for each file of its
//! own tests. What the tests themselves mark as not working yet is counted apart.

use watertight_apparmor::resolve;

use crate::apparmor_includes::CorpusIncludes;
use crate::corpus::Corpus;
use crate::tally::Tally;

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let table = corpus.text("apparmor/exresult.tsv").unwrap_or_default();
    let mut whole = Tally::new("apparmor-exresult");
    let mut apart = Tally::new("apparmor-exresult/todo");
    let includes = CorpusIncludes::new(corpus, &["simple_tests"]);
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [path, _, todo, disabled, answer, ..] = cells[..] else { continue };
        let Some(text) = corpus.text(&format!("apparmor/{path}")) else { continue };
        // The lines that say what to expect were not given to the parser either.
        let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("#=")).collect();
        let resolved = resolve(&text, &includes);
        let ours = resolved.refusals.first().map_or("PASS", |_| "FAIL");
        let tally = if todo == "True" || disabled == "True" { &mut apart } else { &mut whole };
        let said = resolved.refusals.first().map_or("", |refusal| &refusal.message);
        let theirs = cells.get(5).copied().unwrap_or_default();
        if ours == answer {
            tally.agree();
        } else {
            tally.disagree(format!("{path}\n    ours:   {ours} {said}\n    theirs: {answer} {theirs}"));
        }
    }
    let summaries = crate::apparmor_summaries::run(corpus);
    [whole, apart, traps(corpus), containers(corpus), summaries].into_iter().filter(|tally| tally.total() > 0).collect()
}

/// Profiles with one wrong turn each: `apparmor/traps/INDEX.tsv` says which of them must be refused.
fn traps(corpus: &Corpus) -> Tally {
    let mut tally = Tally::new("apparmor-exresult/traps");
    let index = corpus.text("apparmor/traps/INDEX.tsv").unwrap_or_default();
    for row in index.lines().skip(1) {
        let Some((file, shows)) = row.split_once('\t') else { continue };
        judge(corpus, &format!("apparmor/traps/{file}"), !shows.starts_with("FAIL"), &mut tally);
    }
    tally
}

/// Profiles that are in use, all of which load. One includes an abstraction without the variables that it needs.
fn containers(corpus: &Corpus) -> Tally {
    let mut tally = Tally::new("apparmor-exresult/containers");
    let verdicts = corpus.text("apparmor/verdicts-container-profiles.tsv").unwrap_or_default();
    for file in corpus.files("apparmor/container-profiles").iter().filter(|file| file.ends_with(".aa")) {
        let name = file.trim_start_matches("apparmor/");
        let short = name.rsplit('/').next().unwrap_or(name);
        // Only what could be compiled has answers.
        let loads = verdicts.lines().any(|row| row.split('\t').next().is_some_and(|cell| cell.ends_with(short)));
        judge(corpus, file, loads, &mut tally);
    }
    // Objects of the Security Profiles Operator stand for profiles that load.
    for file in corpus.files("apparmor/container-profiles").iter().filter(|file| file.ends_with(".yaml")) {
        let text = corpus.text(file).unwrap_or_default();
        for document in &watertight_yaml::parse(&text).documents {
            if let Some(made) = document.root().and_then(watertight_apparmor::spo::read) {
                judge_text(corpus, file, &made.text, true, &mut tally);
            }
        }
    }
    tally
}

fn judge(corpus: &Corpus, file: &str, accepted: bool, tally: &mut Tally) {
    if let Some(text) = corpus.text(file) {
        judge_text(corpus, file, &text, accepted, tally);
    }
}

fn judge_text(corpus: &Corpus, file: &str, text: &str, accepted: bool, tally: &mut Tally) {
    let resolved = resolve(text, &CorpusIncludes::new(corpus, &["include-tree"]));
    let said: Vec<&str> = resolved.refusals.iter().map(|refusal| refusal.message.as_str()).collect();
    if said.is_empty() == accepted {
        tally.agree();
    } else {
        tally.disagree(format!("{file} is {}: {}", if accepted { "accepted" } else { "refused" }, said.join(" ")));
    }
}
