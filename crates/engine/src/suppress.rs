//! Findings that somebody asks to leave out, by a comment or an annotation.
//!
//! A comment `# watertight: ignore RULE[, RULE…] REASON` speaks of the line it stands on; on a line of its own it speaks
//! of the next line, and of the whole list item when one begins there. A finding about several containers is left out when
//! the comments speak of all of them. An annotation `watertight/ignore.RULE: REASON`
//! speaks of the object, or of the pod, that bears it. JSON has no comments, so there only the annotation works.

use std::cell::OnceCell;

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Finding, Location};
use watertight_pod::Container;
use watertight_text::{LineIndex, Span, sort};

use crate::findings::Found;
use crate::source::Source;

/// The prefix of the annotations. A name without a dot is a DNS subdomain too, so the API server takes it.
const OURS: &str = "watertight/";
/// What stands behind it, in front of the rule.
const IGNORE: &str = "ignore.";
/// How a comment begins that asks for something.
pub(crate) const COMMENT: &str = "watertight:";
/// Rules that one comment may name. There are fewer, so who names more means something else.
const MOST_RULES: usize = 1_000;

/// One rule that is asked to be quiet.
#[derive(Debug)]
pub(crate) struct Ignore<'t> {
    /// The rule's id as written.
    pub(crate) rule: &'t str,
    /// Where the id is written.
    pub(crate) span: Span,
    /// May be empty.
    pub(crate) reason: &'t str,
    scope: Scope,
    /// Whether it left out anything.
    pub(crate) used: bool,
    /// Whether it speaks of a place of a finding that is about others too, and so has left it.
    pub(crate) falls_short: bool,
}

impl<'t> Ignore<'t> {
    fn new(rule: &'t str, span: Span, reason: &'t str, scope: Scope) -> Self {
        Self { rule, span, reason, scope, used: false, falls_short: false }
    }
}

/// Where a rule is asked to be quiet. The lines of two scopes are apart, or the ones lie within the others, as list items do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    /// Lines from 0, the end not included.
    Lines(usize, usize),
    Object(usize),
}

/// All that is asked in one file.
#[derive(Debug, Default)]
pub(crate) struct Ignores<'t> {
    pub(crate) list: Vec<Ignore<'t>>,
    /// Comments that begin as ours and say nothing we know.
    pub(crate) unreadable: Vec<Span>,
}

impl<'t> Ignores<'t> {
    /// Reads the comments and annotations of a file.
    pub(crate) fn read(source: &'t Source<'t>) -> Self {
        let mut ignores = Self::default();
        let layout = OnceCell::new();
        for document in &source.stream.documents {
            for comment in &document.comments {
                ignores.read_comment(comment.span, comment.own_line, source, &layout);
            }
        }
        for span in &source.comments {
            let line = source.lines.content(source.lines.line_of(span.start));
            let before = Span::new(line.start as usize, span.start as usize);
            let own_line = before.slice(source.input.text).trim().is_empty();
            ignores.read_comment(*span, own_line, source, &layout);
        }
        for (at, object) in source.objects.objects.iter().enumerate() {
            ignores.read_annotations(&object.annotations, at);
        }
        for pod in &source.objects.pods {
            // The metadata of a bare pod is that of its object.
            let of_object = source.objects.objects.get(pod.object).map(|object| &object.annotations);
            if of_object != Some(&pod.metadata.annotations) {
                ignores.read_annotations(&pod.metadata.annotations, pod.object);
            }
        }
        ignores
    }

    fn read_annotations(&mut self, annotations: &'t [watertight_pod::Pair], object: usize) {
        for pair in annotations {
            let Some(asked) = pair.name.strip_prefix(OURS) else { continue };
            let span = pair.site.key.unwrap_or(pair.site.value);
            let Some(rule) = asked.strip_prefix(IGNORE).filter(|rule| !rule.is_empty()) else {
                self.unreadable.push(span);
                continue;
            };
            self.list.push(Ignore::new(rule, span, pair.value.trim(), Scope::Object(object)));
        }
    }

    fn read_comment<'l>(&mut self, span: Span, own_line: bool, source: &'l Source<'t>, layout: &OnceCell<Layout<'l>>) {
        let text = source.input.text;
        let Some(comment) = Cursor::of(text, span).after(COMMENT) else { return };
        let Some(asked) = comment.after_whole("ignore") else {
            self.unreadable.push(span);
            return;
        };
        let (rules, reason) = asked.rules();
        if rules.is_empty() {
            self.unreadable.push(span);
        }
        let line = source.lines.line_of(span.start);
        let below = || layout.get_or_init(|| Layout::of(&source.lines, text)).below(line);
        let (first, end) = if own_line { below() } else { (line, line + 1) };
        for (rule, span) in rules {
            self.list.push(Ignore::new(rule, span, reason, Scope::Lines(first, end)));
        }
    }

    /// What is asked, to ask it of findings.
    pub(crate) fn asked(&self) -> Asked<'t> {
        Asked::new(&self.list)
    }

    /// Notes which of them left out anything.
    pub(crate) fn note(&mut self, asked: &Asked<'_>) {
        for wish in &asked.wishes {
            for at in &wish.by {
                if let Some(ignore) = self.list.get_mut(*at) {
                    ignore.used |= wish.used;
                    ignore.falls_short |= wish.falls_short;
                }
            }
        }
    }
}

/// Whether the place of a finding is that of one container, while it is about others as well.
fn is_first_of_several(found: &Found, source: &Source<'_>) -> bool {
    let Finding { primary, related, container, .. } = &found.finding;
    if container.is_some() || related.is_empty() {
        return false;
    }
    let Some(pod) = found.pod.and_then(|pod| source.objects.pods.get(pod)) else { return false };
    let holds = |container: &Container, place: &Location| {
        place.route.as_ref().is_some_and(|route| container.route.contains(route))
    };
    let own = pod.containers.iter().find(|container| holds(container, primary));
    let is_elsewhere = |own: &Container| related.iter().any(|place| place.route.is_some() && !holds(own, place));
    own.is_some_and(is_elsewhere)
}

/// What is asked, in an order that answers quickly: a text can hold as many comments as lines.
pub(crate) struct Asked<'t> {
    /// By their rules; of a rule the scopes of lines first, by where they begin, the wider first.
    wishes: Vec<Wish<'t>>,
}

/// All that ask the same.
struct Wish<'t> {
    rule: &'t str,
    scope: Scope,
    /// Their places in [`Ignores::list`].
    by: Vec<usize>,
    /// The narrowest scope of the same rule around this one.
    around: Option<usize>,
    /// Whether it left out anything.
    used: bool,
    /// Whether it speaks of a place of a finding that is about others too.
    falls_short: bool,
}

impl<'t> Asked<'t> {
    fn new(list: &[Ignore<'t>]) -> Self {
        let mut order: Vec<(usize, &Ignore<'t>)> = list.iter().enumerate().collect();
        sort::by_key(&mut order, |(_, ignore)| (ignore.rule, ignore.scope.place()));
        let mut wishes: Vec<Wish<'t>> = Vec::new();
        // The scopes around the one that is looked at, with where they end.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (at, Ignore { rule, scope, .. }) in order {
            match wishes.last_mut() {
                Some(last) if last.rule == *rule && last.scope == *scope => {
                    last.by.push(at);
                    continue;
                }
                Some(last) if last.rule == *rule => {}
                _ => open.clear(),
            }
            let (first, end) = match *scope {
                Scope::Lines(first, end) => (first, end),
                Scope::Object(_) => (usize::MAX, usize::MAX),
            };
            while open.pop_if(|(_, end)| *end <= first).is_some() {}
            let around = open.last().map(|(around, _)| *around);
            open.push((wishes.len(), end));
            wishes.push(Wish { rule, scope: *scope, by: vec![at], around, used: false, falls_short: false });
        }
        Self { wishes }
    }

    /// Takes out of `found` what is to be left out, with the index of the reason in [`Ignores::list`].
    pub(crate) fn take_out(&mut self, found: &mut Vec<Found>, source: &Source<'_>) -> Vec<(Found, usize)> {
        if self.wishes.is_empty() {
            return Vec::new();
        }
        let mut left_out = Vec::new();
        let mut stay = Vec::with_capacity(found.len());
        for found in found.drain(..) {
            match self.reason(&found, source) {
                Some(reason) => left_out.push((found, reason)),
                None => stay.push(found),
            }
        }
        *found = stay;
        left_out
    }

    /// Why a finding is to be left out: its place is spoken of, or all others that it points at. One container of several is
    /// not enough, or the others would go unseen with it.
    fn reason(&mut self, found: &Found, source: &Source<'_>) -> Option<usize> {
        let Finding { rule, primary, related, unlisted, .. } = &found.finding;
        let on = |place: &Location| self.on(rule.id, source.lines.line_of(place.span.start)).collect::<Vec<_>>();
        let own = on(primary);
        let others: Vec<_> = related.iter().filter(|place| place.file == primary.file).map(on).collect();
        let is_spoken_of = |wishes: &Vec<usize>| !wishes.is_empty();
        let all_others = *unlisted == 0 && !others.is_empty() && others.iter().all(is_spoken_of);
        let is_left_out = if source.kind == InputKind::CommandLines {
            // A command is one container, and a comment can only stand above its first line.
            is_spoken_of(&own) || others.iter().any(is_spoken_of)
        } else if is_first_of_several(found, source) {
            is_spoken_of(&own) && all_others
        } else {
            is_spoken_of(&own) || all_others
        };
        let of_object: Vec<usize> = self.of(rule.id, found.object).into_iter().collect();
        let mut reason = None;
        for at in own.into_iter().chain(others.into_iter().flatten()) {
            let Some(wish) = self.wishes.get_mut(at) else { continue };
            wish.used |= is_left_out;
            wish.falls_short |= !is_left_out;
            reason = reason.or(wish.by.first().copied().filter(|_| is_left_out));
        }
        for at in of_object {
            let Some(wish) = self.wishes.get_mut(at) else { continue };
            wish.used = true;
            reason = reason.or(wish.by.first().copied());
        }
        reason
    }

    /// Those that ask a rule to be quiet on a line.
    fn on(&self, rule: &str, line: usize) -> impl Iterator<Item = usize> {
        let begins = |wish: &Wish<'_>| (wish.rule, wish.scope.place()) < (rule, (0, line + 1, 0));
        let last = self.wishes.partition_point(begins).checked_sub(1);
        let last = last.filter(|at| self.wishes.get(*at).is_some_and(|wish| wish.rule == rule));
        let outwards = std::iter::successors(last, |at| self.wishes.get(*at)?.around);
        outwards.filter(move |at| {
            let scope = self.wishes.get(*at).map(|wish| wish.scope);
            matches!(scope, Some(Scope::Lines(_, end)) if line < end)
        })
    }

    /// Those that ask a rule to be quiet for an object.
    fn of(&self, rule: &str, object: Option<usize>) -> Option<usize> {
        let scope = Scope::Object(object?);
        let at = self.wishes.partition_point(|wish| (wish.rule, wish.scope.place()) < (rule, scope.place()));
        self.wishes.get(at).filter(|wish| wish.rule == rule && wish.scope == scope).map(|_| at)
    }
}

impl Scope {
    /// For the order in [`Asked`].
    fn place(self) -> (u8, usize, usize) {
        match self {
            Self::Lines(first, end) => (0, first, usize::MAX - end),
            Self::Object(object) => (1, object, 0),
        }
    }
}

/// Which lines say something.
struct Layout<'l> {
    lines: &'l LineIndex<'l>,
    text: &'l str,
    /// For each line, the next one from there on that is no comment.
    past_comments: Vec<usize>,
    /// For each line, the next one from there on that is not blank.
    past_blanks: Vec<usize>,
}

impl<'l> Layout<'l> {
    fn of(lines: &'l LineIndex<'l>, text: &'l str) -> Self {
        let next = |skips: fn(&str) -> bool| {
            let mut next = vec![lines.len(); lines.len() + 1];
            for line in (0..lines.len()).rev() {
                let skipped = skips(lines.content(line).slice(text).trim_start());
                let to = if skipped { next.get(line + 1).copied() } else { Some(line) };
                if let (Some(entry), Some(to)) = (next.get_mut(line), to) {
                    *entry = to;
                }
            }
            next
        };
        Self { lines, text, past_comments: next(|line| line.starts_with('#')), past_blanks: next(str::is_empty) }
    }

    /// The lines that a comment on a line of its own speaks of: the next one that is no comment, with the rest of the list
    /// item that begins there.
    fn below(&self, comment: usize) -> (usize, usize) {
        let past = |lines: &[usize], line: usize| lines.get(line).copied().unwrap_or(self.lines.len());
        let content = |line: usize| (line < self.lines.len()).then(|| self.lines.content(line).slice(self.text));
        let first = past(&self.past_comments, comment);
        let Some(line) = content(first) else { return (first, first) };
        let indent = indent_of(line);
        let begins_item = line.get(indent..).is_some_and(|rest| rest == "-" || rest.starts_with("- "));
        let is_inside = |line: usize| begins_item && content(line).is_some_and(|line| indent_of(line) > indent);
        let mut end = first + 1;
        let mut next = past(&self.past_blanks, end);
        while is_inside(next) {
            end = next + 1;
            next = past(&self.past_blanks, end);
        }
        (first, end)
    }
}

/// How many bytes of a line are indentation.
pub(crate) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A place in a comment from which the rest is read.
#[derive(Clone, Copy)]
struct Cursor<'t> {
    rest: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn of(text: &'t str, comment: Span) -> Self {
        Self { rest: comment.slice(text), at: comment.start as usize }.skip(|c| c == '#' || c.is_whitespace())
    }

    fn skip(self, unwanted: impl Fn(char) -> bool) -> Self {
        let rest = self.rest.trim_start_matches(unwanted);
        Self { rest, at: self.at + self.rest.len() - rest.len() }
    }

    fn after(self, word: &str) -> Option<Self> {
        let rest = self.rest.strip_prefix(word)?;
        Some(Self { rest, at: self.at + word.len() }.skip(char::is_whitespace))
    }

    /// The same, and the word ends there.
    fn after_whole(self, word: &str) -> Option<Self> {
        let next = self.rest.strip_prefix(word)?.chars().next();
        next.is_none_or(char::is_whitespace).then(|| self.after(word))?
    }

    /// The ids, divided by commas, and the words behind them.
    fn rules(self) -> (Vec<(&'t str, Span)>, &'t str) {
        let mut rules = Vec::new();
        let mut cursor = self;
        loop {
            let length = cursor.rest.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(cursor.rest.len());
            let Some(word) = cursor.rest.get(..length).filter(|word| !word.is_empty()) else { break };
            // `ignore host-pid: the reason` is what many write.
            let rule = word.trim_end_matches(':');
            rules.push((rule, Span::new(cursor.at, cursor.at + rule.len())));
            if rules.len() > MOST_RULES {
                return (Vec::new(), "");
            }
            let Some(behind) = cursor.after(word) else { break };
            let comma = behind.rest.starts_with(',');
            cursor = behind.skip(|c| c == ',' || c.is_whitespace());
            if !comma {
                break;
            }
        }
        let reason = cursor.rest.trim_start_matches(|c: char| matches!(c, '-' | '–' | '—' | ':') || c.is_whitespace());
        (rules, reason.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Settings;
    use watertight_text::Encoding;

    use crate::{Input, analyse};

    /// The escapes that stay, and those that are left out with their reasons.
    fn check(spec: &str, stay: &[&str], left_out: &[(&str, &str)]) {
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n{spec}\n  containers: []\n");
        check_text(&text, stay, left_out);
    }

    fn check_text(text: &str, stay: &[&str], left_out: &[(&str, &str)]) {
        let report = analyse(&[Input { name: "a.yaml", text }], &Settings::default(), Encoding::Utf8);
        let is_escape = |rule: &&str| ["host-pid", "host-ipc", "host-network"].contains(rule);
        let found: Vec<_> = report.findings.iter().map(|found| &*found.rule).filter(is_escape).collect();
        assert_eq!(found, stay, "{text}");
        let suppressed: Vec<_> =
            report.suppressed.iter().map(|left| (&*left.finding.rule, left.reason.as_str())).collect();
        assert_eq!(suppressed, left_out, "{text}");
    }

    #[test]
    fn on_the_line_and_above() {
        check("  hostPID: true # watertight: ignore host-pid it is the agent", &[], &[("host-pid", "it is the agent")]);
        check("  # watertight: ignore host-pid\n  hostPID: true", &[], &[("host-pid", "")]);
        check("  # watertight:ignore host-pid: why\n  # more words\n  hostPID: true", &[], &[("host-pid", "why")]);
        check("  #watertight: ignore host-pid — why\n  hostPID: true", &[], &[("host-pid", "why")]);
        check("  # watertight: ignore host-pid\n\n  hostPID: true", &["host-pid"], &[]);
        check("  hostPID: true # watertight: ignore host-ipc", &["host-pid"], &[]);
        check("  hostPID: true\n  # watertight: ignore host-pid", &["host-pid"], &[]);
        check("  hostPID: true # watertight: ignorehost-pid", &["host-pid"], &[]);
        check("  hostPID: true # please watertight: ignore host-pid", &["host-pid"], &[]);
    }

    #[test]
    fn several_rules_in_one_comment() {
        check(
            "  # watertight: ignore host-pid, host-ipc ,host-network the agent\n  hostPID: true",
            &[],
            &[("host-pid", "the agent")],
        );
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n\
                    # watertight: ignore host-pid,host-ipc both, really\n\
                    spec: {hostPID: true, hostIPC: true, hostNetwork: true, containers: []}\n";
        let left_out = [("host-pid", "both, really"), ("host-ipc", "both, really")];
        let report = analyse(&[Input { name: "a", text }], &Settings::default(), Encoding::Utf8);
        let mut found: Vec<_> =
            report.suppressed.iter().map(|left| (&*left.finding.rule, left.reason.as_str())).collect();
        found.sort_by_key(|(rule, _)| std::cmp::Reverse(*rule));
        assert_eq!(found, left_out);
    }

    #[test]
    fn above_a_list_item_for_all_of_it() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n\
                    \x20 # watertight: ignore privileged builds images\n\
                    \x20 - name: build\n    securityContext:\n      privileged: true\n\
                    \x20 - name: other\n    securityContext: {privileged: true}\n";
        let report = analyse(&[Input { name: "a", text }], &Settings::default(), Encoding::Utf8);
        let of = |rule: &str| report.findings.iter().filter(|found| found.rule == rule).count();
        assert_eq!(of("privileged"), 1);
        assert_eq!(report.suppressed.len(), 1);
        assert_eq!(report.suppressed[0].finding.container.as_deref(), Some("build"));
        assert_eq!(report.suppressed[0].reason, "builds images");
    }

    #[test]
    fn one_container_of_several_is_not_enough() {
        const HEAD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";
        const MOUNTS: &str = "image: a, volumeMounts: [{name: s, mountPath: /s}]}\n";
        const SOCKET: &str = "volumes: [{name: s, hostPath: {path: /run/docker.sock}}]\n";
        const IGNORE: &str = "  # watertight: ignore runtime-socket-mount it is the agent\n";
        for (above_agent, above_web, above_volume, left_out) in [
            ("", "", "", false),
            (IGNORE, "", "", false),
            ("", IGNORE, "", false),
            (IGNORE, IGNORE, "", true),
            ("", "", IGNORE, true),
        ] {
            let text = format!(
                "{HEAD}  containers:\n{above_agent}  - {{name: agent, {MOUNTS}{above_web}  - {{name: web, \
                 {MOUNTS}{above_volume}  {SOCKET}"
            );
            let report = analyse(&[Input { name: "a", text: &text }], &Settings::default(), Encoding::Utf8);
            let is_socket =
                |found: &&watertight_diagnostic::report::FindingReport| found.rule == "runtime-socket-mount";
            assert_eq!(report.findings.iter().any(|found| is_socket(&found)), !left_out, "{text}");
            assert_eq!(report.suppressed.len(), usize::from(left_out), "{text}");
        }
    }

    #[test]
    fn comments_count_when_they_speak_of_every_container() {
        const IGNORE: &str = " # watertight: ignore image-without-digest tags are frozen";
        for (first, second, left_out, in_vain) in
            [("", "", 0, 0), (IGNORE, "", 0, 1), ("", IGNORE, 0, 1), (IGNORE, IGNORE, 1, 0)]
        {
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: a:1{first}\n  - \
                 name: b\n    image: b:1{second}\n"
            );
            let report = analyse(&[Input { name: "a", text: &text }], &Settings::default(), Encoding::Utf8);
            let found = |rule: &str| report.findings.iter().filter(|found| found.rule == rule).count();
            let counts = (report.suppressed.len(), found("image-without-digest"), found("unused-suppression"));
            assert_eq!(counts, (left_out, 1 - left_out, in_vain), "{text}");
        }
    }

    #[test]
    fn annotations_that_nobody_understands_are_told() {
        for (name, malformed) in
            [("ignore.host-pid", 0), ("ignore", 1), ("ignore-host-pid", 1), ("ignore.", 1), ("x", 1)]
        {
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {{watertight/{name}: why}}\nspec: {{hostPID: true}}\n"
            );
            let report = analyse(&[Input { name: "a", text: &text }], &Settings::default(), Encoding::Utf8);
            let found = report.findings.iter().filter(|found| found.rule == "malformed-suppression").count();
            assert_eq!(found, malformed, "{text}");
        }
    }

    #[test]
    fn by_annotation_of_the_object_or_the_template() {
        check_text(
            r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{"watertight/ignore.host-pid":"agent"}},
                "spec":{"hostPID":true,"hostIPC":true,"containers":[]}}"#,
            &["host-ipc"],
            &[("host-pid", "agent")],
        );
        check_text(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec:\n  template:\n    metadata:\n      \
             annotations: {watertight/ignore.host-pid: agent}\n    spec: {hostPID: true, containers: []}\n",
            &[],
            &[("host-pid", "agent")],
        );
    }

    #[test]
    fn words_in_a_text_are_no_comment() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    text: |\n      # watertight: \
                    ignore host-pid\nspec: {hostPID: true, containers: []}\n";
        check_text(text, &["host-pid"], &[]);
    }
}
