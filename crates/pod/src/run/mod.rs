//! Command lines that make a container (`docker run`, `docker create`, and the same of Podman and nerdctl), read into the
//! model of pods.
//!
//! Every line gives one pod with one container, whose fields point into the line. What Docker itself does where the line
//! says nothing is known to [`crate::effective`].

mod flags;
mod line;
mod options;
pub(crate) mod quantity;
mod rewrite;
pub(crate) mod shape;
mod shell;

use watertight_diagnostic::Route;
use watertight_text::{Span, few};

use crate::{Object, Objects, Problem, ProblemKind, Versions};

pub use rewrite::{is_continuation, rewrites, without_hollow_lines};

/// Commands of one text that are read.
const COMMANDS: usize = 5_000;

/// Whether there is a command in the text that makes a container. Comments, other commands and prompts may stand around
/// it.
pub fn is_command(text: &str) -> bool {
    let candidates = ["docker", "podman", "nerdctl", "finch"];
    if !candidates.iter().any(|name| text.contains(name)) || text.contains('\0') || is_tree(text) {
        return false;
    }
    // Splitting a manifest into words is a waste: the program's name comes first, or after few words.
    let mut lines = text.lines().take(1_000);
    let begins = lines.any(|line| {
        let mut words = line.split_whitespace().take(6);
        words.any(|word| candidates.iter().any(|name| word.trim_end_matches(".exe").ends_with(name)))
    });
    begins && shell::split(text).commands.iter().any(|command| line::read(command).is_some())
}

/// Whether a text begins as JSON does, or has a key of YAML at the beginning of a line, where no command stands. What a
/// manifest hands to a shell is no command of this text.
pub fn is_tree(text: &str) -> bool {
    let is_key = |line: &str| {
        line.split_once(':').is_some_and(|(key, behind)| {
            !key.is_empty()
                && (behind.is_empty() || behind.starts_with([' ', '\t', '\r']))
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'"'))
        })
    };
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) || text.lines().any(is_key)
}

/// Reads every such command of a text, and gives the comments around them as a shell tells them from words. Never fails:
/// what is wrong becomes a [`Problem`].
pub fn read(text: &str) -> (Objects, Vec<Span>) {
    let shell::Split { commands, faults, comments } = shell::split(text);
    let mut objects = Objects::default();
    let mut say = |kind, span| {
        objects.problems.push(Problem { kind, span, route: Route::root(0), versions: Versions::ALL });
    };
    for fault in faults {
        say(ProblemKind::BadValue { message: fault.message.to_owned() }, fault.span);
    }
    for command in &commands {
        let Some(line) = line::read(command) else { continue };
        let at = objects.objects.len();
        if at == COMMANDS {
            let message = format!("There are more than {COMMANDS} commands here; those from this one on are not read.");
            let kind = ProblemKind::BadValue { message };
            objects.problems.push(Problem { kind, span: line.head, route: Route::root(0), versions: Versions::ALL });
            break;
        }
        let route = Route::root(0).key("commands").index(at);
        let span = command.words.iter().map(|word| word.span).reduce(Span::cover).unwrap_or_default();
        for fault in &line.faults {
            let (kind, span) = match fault {
                line::Fault::Unknown { name, meant, span } => (
                    ProblemKind::UnknownField { name: name.clone(), meant: meant.map(|meant| ["--", meant].concat()) },
                    *span,
                ),
                line::Fault::NeedsValue { name, span } => {
                    let message = ["The option --", name, " needs a value behind it."].concat();
                    (ProblemKind::BadValue { message }, *span)
                }
            };
            objects.problems.push(Problem { kind, span, route: route.clone(), versions: Versions::ALL });
        }
        if line.image.is_none() {
            let kind = ProblemKind::Missing { field: "image" };
            objects.problems.push(Problem { kind, span: line.head, route: route.clone(), versions: Versions::ALL });
        }
        let mut pod = options::pod(&line, &route, &mut objects.problems);
        pod.object = at;
        pod.span = span;
        let name = pod.containers.first().map(|container| container.name.clone()).unwrap_or_default();
        let kind = [line.engine.program(), " run"].concat();
        objects.objects.push(Object { kind, name, route, span, head: line.head, ..Object::default() });
        few::push(&mut objects.pods, pod);
    }
    (objects.with_short_names(), comments)
}
