//! What compiled policies allow: `apparmor/verdicts-*.tsv` holds answers that were read from what version 6.0 of
//! apparmor_parser compiles for abi 3.0. Modes such as `complain` are no part of a compiled policy's answers, so that
//! rules alone are asked.

use std::collections::BTreeMap;

use watertight_apparmor::decide::{Compiled, MountCall, Operation, mount_flag};
use watertight_apparmor::glob::Glob;
use watertight_apparmor::policy::Profile;
use watertight_apparmor::resolve;
use watertight_apparmor::tree::Perms;

use crate::apparmor_includes::CorpusIncludes;
use crate::corpus::Corpus;
use crate::tally::Tally;

const TABLES: [&str; 3] = ["simple_tests", "container-profiles", "traps"];

/// One question with its answer.
struct Row<'t> {
    profile: &'t str,
    class: &'t str,
    question: &'t str,
    /// Everything behind the question.
    answer: Vec<&'t str>,
}

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for table in TABLES {
        let text = corpus.text(&format!("apparmor/verdicts-{table}.tsv")).unwrap_or_default();
        let mut files: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [file, profile, class, question, ..] = cells[..] else { continue };
            let answer = cells.iter().skip(4).copied().collect();
            files.entry(file).or_default().push(Row { profile, class, question, answer });
        }
        let mut tally = Tally::new(format!("apparmor-verdicts/{table}"));
        for (file, rows) in files {
            let Some(text) = corpus.text(&format!("apparmor/{file}")) else { continue };
            let folders: &'static [&'static str] =
                if table == "simple_tests" { &["simple_tests"] } else { &["include-tree"] };
            // The tables were made in another folder than the one that relative includes of the tests start from.
            judge(&text, file, &rows, &CorpusIncludes::without_relative(corpus, folders), &mut tally);
        }
        tallies.push(tally);
    }
    tallies.into_iter().filter(|tally| tally.total() > 0).collect()
}

fn judge(text: &str, file: &str, rows: &[Row<'_>], includes: &CorpusIncludes<'_>, tally: &mut Tally) {
    // The lines that say what to expect were not given to the parser either.
    let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("#=")).collect();
    let resolved = resolve(&text, includes);
    let policy = &resolved.policy;
    let mut compiled: BTreeMap<&str, Compiled> = BTreeMap::new();
    for row in rows {
        let name = format!("{file} {} {}: {}", row.profile, row.class, row.question);
        let Some(profile) = policy.find(row.profile) else {
            tally.disagree(format!("{name}\n    no such profile"));
            continue;
        };
        let compiled = compiled.entry(row.profile).or_insert_with(|| Compiled::new(policy, profile));
        if row.class == "file" && !compiled.has_file_rules() {
            tally.compare(&name, &attached(profile, row.question), row.answer.join(" ").trim());
            continue;
        }
        match answer(compiled, row) {
            Some(ours) => tally.compare(&name, &ours.join(" "), row.answer.join(" ").trim()),
            None => tally.disagree(format!("{name}\n    a question that is not understood")),
        }
    }
}

/// A policy without any rule on files holds no automaton for them. Whoever read the tables off such a policy found the
/// one that says which programs the profile attaches to, in which the bit for `x` of the owner means just that. (The
/// kernel knows the one from the other and refuses every file; so do we.)
fn attached(profile: &Profile, path: &str) -> String {
    let patterns = profile.attachment.iter().chain(&profile.also);
    let attaches =
        patterns.filter_map(|pattern| Glob::path(pattern.as_bytes()).ok()).any(|g| g.matches(path.as_bytes()));
    format!("{} - - - -", if attaches { "x" } else { "-" })
}

/// Our answer, cell by cell.
fn answer(compiled: &Compiled, row: &Row<'_>) -> Option<Vec<String>> {
    let allowed = |operation: Operation| {
        let word = if compiled.allows_by_rule(&operation) { "allow" } else { "deny" };
        vec![word.to_owned()]
    };
    let listed = |accesses: &[&str], operation: &dyn Fn(String) -> Operation| {
        let of: Vec<&str> = accesses
            .iter()
            .filter(|access| compiled.allows_by_rule(&operation((**access).to_owned())))
            .copied()
            .collect();
        vec![if of.is_empty() { "-".to_owned() } else { of.join(",") }]
    };
    Some(match row.class {
        "file" => {
            let (owner, other) = (compiled.file_perms(row.question, true), compiled.file_perms(row.question, false));
            let audited = Perms(owner.audited.0 & owner.allowed.0);
            [owner.allowed, other.allowed, owner.quiet, other.quiet, audited].map(letters).to_vec()
        }
        "capability" => allowed(Operation::Capability(row.question.to_owned())),
        "network" => {
            let (family, kind) = row.question.split_once('/')?;
            allowed(Operation::Network { family: family.to_owned(), kind: kind.to_owned(), access: None })
        }
        "mount" => allowed(Operation::Mount(mount(row.question)?)),
        "umount" => allowed(Operation::Umount { target: row.question.to_owned() }),
        "ptrace" => listed(&["trace", "read", "tracedby", "readby"], &|access| Operation::Ptrace {
            access,
            peer: row.question.to_owned(),
        }),
        "signal" => {
            let (signal, peer) = row.question.split_once(' ')?;
            listed(&["send", "receive"], &|access| Operation::Signal {
                access,
                signal: signal.to_owned(),
                peer: peer.to_owned(),
            })
        }
        _ => return None,
    })
}

fn letters(perms: Perms) -> String {
    let all: String = "rwaxmk"
        .chars()
        .filter(|letter| Perms::LETTERS.iter().any(|(perm, known)| known == letter && perms.has(*perm)))
        .collect();
    if all.is_empty() { "-".to_owned() } else { all }
}

/// `bind /a/ on /b/`, `make-rslave on /`, `mount ext4 [options] /dev/sda1 on /mnt/`, `move /a/ to /b/`.
fn mount(question: &str) -> Option<MountCall> {
    let (front, target) = question.rsplit_once(" on ").or_else(|| question.rsplit_once(" to "))?;
    let mut words = front.split(' ');
    let command = words.next()?;
    let mut call = MountCall { target: target.to_owned(), ..MountCall::default() };
    if command != "mount" {
        call.flags = mount_flag(command)?;
        call.source = words.next().unwrap_or_default().to_owned();
        return Some(call);
    }
    call.fstype = words.next()?.to_owned();
    for word in words {
        if word.starts_with('/') {
            call.source = word.to_owned();
        } else {
            for option in word.split(',') {
                call.flags |= mount_flag(option)?;
            }
        }
    }
    if call.source.is_empty() {
        call.source.clone_from(&call.fstype);
    }
    Some(call)
}
