//! Rules between two tasks: ptrace, signals, message queues, `io_uring`. All of them match accesses and the other
//! end's profile by a pattern.

use super::resolve::Voice;
use super::values::spread;
use crate::glob::{Glob, GlobError};
use crate::tree::{Access, Setting};

/// The accesses of `ptrace` in the order of their bits.
pub(super) const PTRACE: &[&str] = &["trace", "read", "tracedby", "readby"];
/// The accesses of signals.
pub(super) const SIGNAL: &[&str] = &["send", "receive"];
/// The accesses of message queues.
pub(super) const MQUEUE: &[&str] = &["open", "create", "delete", "read", "write", "getattr", "setattr"];
/// The accesses of `io_uring`.
pub(super) const IO_URING: &[&str] = &["override_creds", "sqpoll", "cmd"];
/// The accesses of D-Bus.
pub(super) const DBUS: &[&str] = &["send", "receive", "bind", "eavesdrop"];
/// What can be done with user namespaces.
pub(super) const USERNS: &[&str] = &["create"];

/// Settings of one rule that are followed; the parser knows some ten and takes few of them twice.
const SETTINGS: usize = 100;

/// A compiled rule.
#[derive(Debug)]
pub(super) struct LabelEntry {
    pub(super) voice: Voice,
    /// What has to match beside the accesses: the name of a condition and the patterns, one of which has to. All of the
    /// conditions have to hold.
    conditions: Vec<(String, Vec<Glob>)>,
}

impl LabelEntry {
    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let conditions = self.conditions.iter();
        let of = |(name, globs): &(String, Vec<Glob>)| 48 + name.len() + globs.iter().map(Glob::bytes).sum::<usize>();
        size_of::<Self>() + conditions.map(of).sum::<usize>()
    }

    /// Whether nothing but the accesses has to match.
    pub(super) fn is_plain(&self) -> bool {
        self.conditions.is_empty()
    }
}

/// Compiles a rule whose accesses are among `accesses`.
pub(super) fn compile(voice: Voice, access: &Access, accesses: &[&str]) -> Result<LabelEntry, GlobError> {
    let mut perms = 0;
    for word in &access.words {
        perms |= bits(accesses, &word.value);
    }
    if perms == 0 {
        perms = (1 << accesses.len()) - 1;
    }
    if access.settings.len() + access.peer.len() > SETTINGS {
        return Err(GlobError::TooLarge);
    }
    let mut conditions = Vec::new();
    let peers = access.peer.iter().map(|setting| (format!("peer_{}", setting.name.value), setting));
    for (name, setting) in access.settings.iter().map(|setting| (setting.name.value.clone(), setting)).chain(peers) {
        conditions.push((name, patterns(setting)?));
    }
    if let Some(name) = &access.name {
        conditions.push(("name".to_owned(), vec![Glob::name(name.value.as_bytes())?]));
    }
    Ok(LabelEntry { voice: Voice { perms, ..voice }, conditions })
}

/// A rule without conditions.
pub(super) fn every(voice: Voice) -> LabelEntry {
    LabelEntry { voice: Voice { perms: u32::MAX, ..voice }, conditions: Vec::new() }
}

/// The voices of the rules whose conditions hold. `facts` gives what is known of each condition; one that is not
/// known holds of nothing.
pub(super) fn voices(entries: &[LabelEntry], facts: &[(&str, &str)]) -> Vec<Voice> {
    let holds = |name: &str, globs: &[Glob]| {
        let fact = facts.iter().find(|(known, _)| *known == name);
        fact.is_some_and(|(_, value)| globs.iter().any(|glob| glob.matches(value.as_bytes())))
    };
    entries
        .iter()
        .filter(|entry| entry.conditions.iter().all(|(name, globs)| holds(name, globs)))
        .map(|entry| entry.voice)
        .collect()
}

/// The name of a signal under which it is compared; some have two.
pub(super) fn signal(name: &str) -> &str {
    match name {
        "stp" => "tstp",
        "poll" => "io",
        name => name,
    }
}

/// The bits of an access as a rule writes it.
pub(super) fn bits(accesses: &[&str], word: &str) -> u32 {
    let bit = |name: &str| accesses.iter().position(|known| *known == name).map_or(0, |place| 1 << place);
    let exact = bit(word);
    if exact != 0 {
        return exact;
    }
    // Letters and the words for them stand for the pair of accesses that a class has.
    let (reading, writing) = if accesses == PTRACE { ("read", "trace") } else { ("receive", "send") };
    match word {
        "read" | "r" if bit("read") != 0 => bit("read"),
        "write" | "w" if bit("write") != 0 => bit("write"),
        "read" | "r" => bit(reading),
        "write" | "w" => bit(writing),
        "rw" | "wr" => bits(accesses, "r") | bits(accesses, "w"),
        words if words.contains(' ') => words.split(' ').fold(0, |all, word| all | bits(accesses, word)),
        _ => 0,
    }
}

fn patterns(setting: &Setting) -> Result<Vec<Glob>, GlobError> {
    let mut out = Vec::new();
    for value in &setting.values {
        for pattern in spread(Some(value)).into_iter().flatten() {
            if setting.name.value == "set" {
                let plain = signal(&value.value);
                out.push(Glob::name(plain.as_bytes())?);
                continue;
            }
            out.push(Glob::name(&pattern)?);
        }
    }
    Ok(out)
}
