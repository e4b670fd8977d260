use std::cell::OnceCell;
use std::collections::HashMap;

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{FileId, Route, Step};
use watertight_pod::{Object, Objects};
use watertight_text::{LineIndex, Span};
use watertight_yaml::{Limits, Node, Problem, Stream};

use crate::Input;
use crate::apparmor;
use crate::detect::{self, Guess};
use crate::falco;
use crate::restore::Pasted;
use crate::suppress::COMMENT;
use crate::versions;

/// A file after reading and before any rule has spoken.
#[derive(Debug)]
pub(crate) struct Source<'t> {
    pub(crate) id: FileId,
    pub(crate) input: Input<'t>,
    pub(crate) stream: Stream<'t>,
    pub(crate) objects: Objects,
    pub(crate) kind: InputKind,
    /// What a text of unknown kind seems to be.
    pub(crate) guess: Option<Guess>,
    pub(crate) lines: LineIndex<'t>,
    /// Where it came from, when what is read here is a text whose indentation was brought back.
    pub(crate) pasted: Option<Pasted<'t>>,
    /// Whether it looks as if its indentation was lost, once somebody has asked.
    pub(crate) flat: OnceCell<bool>,
    /// The comments of a text without a tree, as far as one of them may ask to leave something out.
    pub(crate) comments: Vec<Span>,
    /// The AppArmor profiles in it, once somebody has asked for them.
    pub(crate) apparmor: OnceCell<Vec<apparmor::Profiles>>,
    /// What is said of all files of Falco rules; the first of them keeps it.
    pub(crate) falco: OnceCell<falco::Said>,
}

impl<'t> Source<'t> {
    /// Reads one file. Never fails: what cannot be read is said by the problems of the parts.
    pub(crate) fn read(id: FileId, input: Input<'t>) -> Self {
        Self::read_within(id, input, Limits::default())
    }

    /// The same with other limits of its tree.
    pub(crate) fn read_within(id: FileId, input: Input<'t>, limits: Limits) -> Self {
        if watertight_pod::run::is_command(input.text) {
            let (objects, comments) = watertight_pod::run::read(input.text);
            return Self { comments, ..Self::without_tree(id, input, InputKind::CommandLines, objects) };
        }
        if falco::is_events(input.text) {
            return Self::without_tree(id, input, InputKind::FalcoEvents, Objects::default());
        }
        if apparmor::is_profile(input.text) && !watertight_yaml::is_binary(input.text) {
            let mut source = Self::without_tree(id, input, InputKind::AppArmor, Objects::default());
            if input.text.contains(COMMENT) {
                source.comments = apparmor::comments(input.text);
            }
            return source;
        }
        let stream = watertight_yaml::parse_with(input.text, limits);
        let is_compose = stream.documents.iter().any(watertight_pod::compose::is_compose);
        let is_config = stream.documents.iter().any(watertight_pod::oci::is_config);
        let objects = match (is_compose, is_config) {
            (true, _) => watertight_pod::compose::read(&stream),
            (_, true) => watertight_pod::oci::read(&stream),
            _ => watertight_pod::read(&stream),
        };
        if let Some(guess) = detect::page(input.text, &objects).filter(|_| !watertight_yaml::is_binary(input.text)) {
            let source = Self::without_tree(id, input, InputKind::Unknown, Objects::default());
            return Self { guess: Some(guess), ..source };
        }
        let kind = detect::kind(input.text, &stream, &objects);
        if kind == InputKind::Versions {
            return Self::without_tree(id, input, kind, versions::objects(input.text));
        }
        let guess = (kind == InputKind::Unknown).then(|| detect::guess(input.text, &stream)).flatten();
        Self { stream, guess, ..Self::without_tree(id, input, kind, objects) }
    }

    /// Reads a file of Kubernetes objects in YAML; `None` for all other files, and where something is wrong with it that
    /// takes more than the rules about pods to say.
    pub(crate) fn read_plain(id: FileId, input: Input<'t>) -> Option<Self> {
        // Where no line is indented the text may have lost more than that.
        let is_indented = |line: &str| line.starts_with([' ', '\t']) && !line.trim_end().is_empty();
        let is_tree = watertight_pod::run::is_tree(input.text) && input.text.lines().any(is_indented);
        if !is_tree || detect::looks_like_json(input.text) {
            return None;
        }
        let stream = watertight_yaml::parse_plain(input.text)?;
        let objects = watertight_pod::read_with(&stream, None)?;
        let source = Self { stream, ..Self::without_tree(id, input, InputKind::KubernetesYaml, objects) };
        let is_object = |root: Node<'_>| root.entry("apiVersion").is_some() && root.entry("kind").is_some();
        let mut roots = source.stream.documents.iter().filter_map(|document| document.root());
        let is_plain = !source.is_incomplete()
            && !source.objects.objects.is_empty()
            && source.stream.documents.iter().all(|document| document.complete)
            && roots.all(is_object);
        is_plain.then_some(source)
    }

    /// Command lines, profiles of AppArmor, JSON lines and what programs print of themselves are no YAML.
    fn without_tree(id: FileId, input: Input<'t>, kind: InputKind, objects: Objects) -> Self {
        Self {
            id,
            input,
            stream: Stream::default(),
            objects,
            kind,
            guess: None,
            lines: LineIndex::new(input.text),
            pasted: None,
            flat: OnceCell::new(),
            comments: Vec::new(),
            apparmor: OnceCell::new(),
            falco: OnceCell::new(),
        }
    }

    /// Whether its containers are those of Kubernetes objects, which admission looks at.
    pub(crate) fn is_kubernetes(&self) -> bool {
        !matches!(self.kind, InputKind::CommandLines | InputKind::Compose | InputKind::OciConfig | InputKind::Versions)
    }

    /// Whether something in the text is not what it seems: the reading of the text or of an object met a problem.
    pub(crate) fn is_incomplete(&self) -> bool {
        !self.objects.problems.is_empty() || self.problems().next().is_some()
    }

    /// The problems of the text, wherever they are kept.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Problem> {
        let documents = self.stream.documents.iter().flat_map(|document| &document.problems);
        self.stream.problems.iter().chain(documents)
    }

    /// The line of a place, from 1.
    pub(crate) fn line_of(&self, span: Span) -> u32 {
        u32::try_from(self.lines.line_of(span.start) + 1).unwrap_or(u32::MAX)
    }

    /// The innermost object that holds a span.
    pub(crate) fn object_at(&self, span: Span) -> Option<usize> {
        let objects = &self.objects.objects;
        let behind = objects.partition_point(|object| object.span.start <= span.start);
        // Members of a list stand behind the list that holds them, so the last one that fits is the innermost. Lists
        // of lists are rare: a few steps back are enough, and keep this from growing with the file.
        (0..behind).rev().take(8).find(|&at| objects.get(at).is_some_and(|object| object.span.contains(span)))
    }
}

/// Finds the object that a route lies in without looking at every object.
#[derive(Debug)]
pub(crate) struct ObjectsByRoute<'o> {
    by_route: HashMap<(usize, &'o [Step]), usize>,
    longest: usize,
}

impl<'o> ObjectsByRoute<'o> {
    pub(crate) fn new(objects: &'o [Object]) -> Self {
        let by_route = objects.iter().enumerate().map(|(at, o)| ((o.route.document, &*o.route.steps), at)).collect();
        let longest = objects.iter().map(|object| object.route.steps.len()).max().unwrap_or(0);
        Self { by_route, longest }
    }

    /// The innermost object around a route.
    pub(crate) fn around(&self, route: &Route) -> Option<usize> {
        let most = self.longest.min(route.steps.len());
        (0..=most).rev().find_map(|length| {
            let steps = route.steps.get(..length)?;
            self.by_route.get(&(route.document, steps)).copied()
        })
    }
}
