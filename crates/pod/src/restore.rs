//! Text that lost its indentation on the way from a web page gets it back from the schema.
//!
//! Every line is at the left edge, so the nesting has to be found: each key belongs to one of the structs that are open
//! where it stands, and only the schema says which have such a key. Often several have, so all readings are followed side
//! by side, the dearest ones dropped. A reading gets dearer with what people rarely write: an opened mapping that stays
//! empty, a missing required field, a key given to an outer struct while an inner one would take it. The cheapest reading
//! wins. Where another is nearly as cheap nobody can tell from the text alone, and the place is named as a doubt: a
//! `securityContext` behind the last container may be the container's or the pod's.

use watertight_yaml::parse;

use crate::kinds;
use crate::schema::{Struct, Type};
use crate::{ProblemKind, read};

/// A text with its structure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The same lines, indented.
    pub text: String,
    /// Lines, from 0, that could as well belong further out or in, and everything below them with them.
    pub doubts: Vec<usize>,
}

/// What it costs to give a key to an outer struct while an inner one would take it, for each inner one.
const RANK: u32 = 2;

/// Readings followed side by side. Manifests need a handful; the number bounds the work on hostile ones.
const BEAM: usize = 48;

/// Lines of one text. Beyond them nobody has copied it from a web page.
const MOST_LINES: usize = 5_000;

/// Open structs inside each other; the deepest field of a CronJob stands below twenty.
const MOST_FRAMES: usize = 40;

/// Whether the text looks as if its indentation was lost: every line at the left edge, and among them fields that
/// Kubernetes knows only further in.
pub fn looks_flat(text: &str) -> bool {
    let mut documents = documents(text);
    documents.any(|lines| is_flat(&lines))
}

/// The text with the indentation that its kinds ask for. `None` when nothing was lost, when a line cannot belong
/// anywhere, when two readings are equally good, and when the result would not be a sound object.
pub fn restore(text: &str) -> Option<Restored> {
    if text.lines().count() > MOST_LINES {
        return None;
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() * 2);
    let mut changed = false;
    let mut doubts = Vec::new();
    let mut number = 0;
    for lines in documents(text) {
        let mut indents = vec![0; lines.len()];
        if is_flat(&lines) {
            let nested = nest(&lines)?;
            indents = nested.indents;
            doubts.extend(nested.doubt.map(|line| number + line));
            changed = true;
        }
        number += lines.len();
        for (line, indent) in lines.iter().zip(indents) {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
            out.push_str(newline);
        }
    }
    if !text.ends_with('\n') {
        out.truncate(out.len().saturating_sub(newline.len()));
    }
    (changed && is_sound(&out)).then_some(Restored { text: out, doubts })
}

/// The lines of each document; its separator goes with the document that it opens.
fn documents(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let mut lines = text.lines().map(str::trim_end).peekable();
    std::iter::from_fn(move || {
        let mut document = vec![lines.next()?];
        while let Some(line) = lines.next_if(|line| !is_separator(line)) {
            document.push(line);
        }
        Some(document)
    })
}

fn is_separator(line: &str) -> bool {
    line == "---" || line == "..." || line.starts_with("--- ")
}

fn is_flat(lines: &[&str]) -> bool {
    let content = || lines.iter().filter(|line| matches!(Line::read(line), Line::Content { .. } | Line::Beyond));
    let opens = |line: &&&str| matches!(Line::read(line), Line::Content { key: Some(_), value: Value::Empty, .. });
    let further_in = |line: &&str| line.starts_with("spec:") || line.starts_with("metadata:");
    content().all(|line| !line.starts_with([' ', '\t']))
        && content().filter(opens).any(further_in)
        && root(lines).is_some()
}

/// The struct of the object, by its first `kind`.
fn root(lines: &[&str]) -> Option<&'static Struct> {
    let first = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).map(unquoted);
    let kind = first("kind:")?;
    kinds::built_in(first("apiVersion:").unwrap_or_default(), kind).map(|known| known.schema)
}

fn unquoted(value: &str) -> &str {
    without_comment(value).trim().trim_matches(['"', '\''])
}

/// Whether the restored text reads without a fault that a wrong reading would make.
fn is_sound(text: &str) -> bool {
    let stream = parse(text);
    let complete = stream.documents.iter().all(|document| document.complete && document.problems.is_empty());
    let nested = read(&stream).problems;
    let fault = |kind: &ProblemKind| matches!(kind, ProblemKind::UnknownField { .. } | ProblemKind::WrongType { .. });
    complete && !nested.iter().any(|problem| fault(&problem.kind))
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Line<'t> {
    /// Blank, a comment or a separator: it follows what comes after it.
    Aside,
    /// A key, a list item, or both.
    Content { item: bool, key: Option<&'t str>, value: Value<'t> },
    /// Something that goes on over several lines, or lists of lists: nobody can tell where it ends.
    Beyond,
}

/// The value of a line.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Value<'t> {
    /// Nothing: what is below the key stands in the next lines.
    Empty,
    /// `{…}`, `[…]`, an alias or null: fits a struct, a list and a map.
    Whole,
    /// Anything else.
    Scalar(&'t str),
}

impl<'t> Line<'t> {
    fn read(line: &'t str) -> Self {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || is_separator(line) {
            return Self::Aside;
        }
        let (item, rest) = match line.strip_prefix('-') {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => (true, rest.trim_start()),
            _ => (false, line),
        };
        if rest.starts_with("- ") || rest == "-" || rest.starts_with(['%', '?']) || line.contains("{{") {
            return Self::Beyond;
        }
        let (key, value) = match split(rest) {
            Some((key, value)) => (Some(key), value),
            None => (None, rest),
        };
        match Value::read(value) {
            Some(value) => Self::Content { item, key, value },
            None => Self::Beyond,
        }
    }
}

/// Key and value of `key: value`; keys may be quoted.
fn split(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(['{', '[']) {
        return None;
    }
    if let Some(quote) = line.chars().next().filter(|c| ['"', '\''].contains(c)) {
        let inner = line.get(1..)?;
        let (key, rest) = inner.split_once(quote)?;
        let value = rest.strip_prefix(':')?;
        return Some((key, value));
    }
    let colon = line.match_indices(':').map(|(at, _)| at);
    let ends = |at: &usize| line.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let at = colon.into_iter().find(ends)?;
    Some((line.get(..at)?.trim_end(), line.get(at + 1..)?))
}

impl<'t> Value<'t> {
    /// `None` when the value goes on in the next line.
    fn read(text: &'t str) -> Option<Self> {
        let text = without_comment(text).trim();
        let text = match text.strip_prefix('&') {
            // An anchor stands before its value.
            Some(rest) => rest.split_once(' ').map_or("", |(_, value)| value.trim_start()),
            None => text,
        };
        let first = text.chars().next();
        match first {
            None => Some(Self::Empty),
            Some('|' | '>') => None,
            Some('*') => Some(Self::Whole),
            Some('{' | '[') => balanced(text).then_some(Self::Whole),
            Some(quote @ ('"' | '\'')) => (text.len() > 1 && text.ends_with(quote)).then_some(Self::Scalar(text)),
            Some(_) if ["~", "null", "Null", "NULL"].contains(&text) => Some(Self::Whole),
            Some(_) => Some(Self::Scalar(text)),
        }
    }

    /// What it costs to read the value as that type; `None` when it cannot be.
    fn cost_as(self, ty: Type) -> Option<u32> {
        match (ty, self) {
            (Type::Struct(_) | Type::List(_) | Type::Map(_), Self::Empty | Self::Whole) => Some(0),
            (Type::Struct(_) | Type::List(_) | Type::Map(_), Self::Scalar(_)) => None,
            // Nobody can tell what belongs into it.
            (Type::Any, Self::Empty) => None,
            (Type::Any, _) => Some(0),
            (_, Self::Empty) => Some(3),
            (_, Self::Whole) => Some(3),
            (Type::Bool, Self::Scalar(word)) => {
                let words = ["true", "false", "yes", "no", "on", "off", "y", "n"];
                words.contains(&word.to_ascii_lowercase().as_str()).then_some(0)
            }
            (Type::Int, Self::Scalar(word)) => {
                let digits = word.trim_start_matches(['-', '+']);
                digits.starts_with(|c: char| c.is_ascii_digit()).then_some(0)
            }
            (_, Self::Scalar(_)) => Some(0),
        }
    }
}

/// The text before a comment.
fn without_comment(text: &str) -> &str {
    if text.trim_start().starts_with(['"', '\'']) {
        let text = text.trim_start();
        let quote = text.chars().next().unwrap_or('"');
        // Behind the closing quote only a comment can follow.
        let closing = text.match_indices(quote).map(|(at, _)| at).skip(1).find(|at| {
            let rest = text.get(at + 1..).unwrap_or_default();
            rest.is_empty() || rest.trim_start().starts_with('#')
        });
        return closing.and_then(|at| text.get(..=at)).unwrap_or(text);
    }
    if text.trim_start().starts_with('#') {
        return "";
    }
    text.split_once(" #").map_or(text, |(before, _)| before)
}

fn balanced(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    count('{') == count('}') && count('[') == count(']') && text.ends_with(['}', ']'])
}

/// Something open: what comes next may belong into it.
#[derive(Clone, Debug)]
enum Frame<'t> {
    Struct { schema: &'static Struct, indent: usize, seen: Vec<&'static str> },
    Map { value: Type, indent: usize, keys: Vec<&'t str> },
    List { item: Type, indent: usize, count: usize },
}

impl Frame<'_> {
    /// What it costs to leave it now.
    fn closing(&self) -> u32 {
        match self {
            Self::Struct { seen, .. } if seen.is_empty() => 6,
            Self::Struct { schema, seen, .. } => {
                let missing = schema.members.iter().filter(|m| m.required && !seen.contains(&m.name)).count();
                // A name alone is allowed for both, and hardly ever meant.
                let bare = ["EnvVar", "Volume"].contains(&schema.name) && seen.as_slice() == ["name"];
                missing as u32 * 4 + u32::from(bare) * 3
            }
            Self::Map { keys, .. } => u32::from(keys.is_empty()) * 4,
            Self::List { count, .. } => u32::from(*count == 0) * 8,
        }
    }
}

/// One way to read the lines so far.
#[derive(Clone, Debug)]
struct Reading<'t> {
    frames: Vec<Frame<'t>>,
    cost: u32,
    indents: Vec<usize>,
}

/// The nesting of one document.
struct Nested {
    /// How far each line has to be indented.
    indents: Vec<usize>,
    /// The first line that another good reading puts elsewhere.
    doubt: Option<usize>,
}

fn nest(lines: &[&str]) -> Option<Nested> {
    let schema = root(lines)?;
    let start = Frame::Struct { schema, indent: 0, seen: Vec::new() };
    let mut beam = vec![Reading { frames: vec![start], cost: 0, indents: Vec::new() }];
    for line in lines {
        match Line::read(line) {
            Line::Aside => {}
            Line::Beyond => return None,
            Line::Content { item, key, value } => {
                beam = beam.iter().flat_map(|reading| reading.after(item, key, value)).collect();
                beam.sort_by_key(|reading| reading.cost);
                beam.truncate(BEAM);
            }
        }
    }
    for reading in &mut beam {
        reading.cost += reading.frames.iter().map(Frame::closing).sum::<u32>();
    }
    beam.sort_by_key(|reading| reading.cost);
    let best = beam.first()?;
    let indents = with_asides(lines, &best.indents);
    let rivals = beam.iter().skip(1).take_while(|rival| rival.cost <= best.cost + RANK);
    let differs = |rival: &Reading<'_>| {
        let theirs = with_asides(lines, &rival.indents);
        indents.iter().zip(theirs).position(|(ours, theirs)| *ours != theirs)
    };
    let doubt = rivals.filter_map(differs).min();
    Some(Nested { indents, doubt })
}

/// Comments and blank lines take the indentation of what comes after them.
fn with_asides(lines: &[&str], content: &[usize]) -> Vec<usize> {
    let mut indents = vec![0; lines.len()];
    let mut content = content.iter().rev();
    let mut next = 0;
    for (place, line) in lines.iter().enumerate().rev() {
        let aside = Line::read(line) == Line::Aside;
        if !aside {
            next = content.next().copied().unwrap_or_default();
        }
        if let Some(indent) = indents.get_mut(place).filter(|_| !line.is_empty() && !is_separator(line)) {
            *indent = next;
        }
    }
    indents
}

impl<'t> Reading<'t> {
    /// All ways to go on with one more line, the innermost first.
    fn after(&self, item: bool, key: Option<&'t str>, value: Value<'t>) -> Vec<Self> {
        let mut ways: Vec<Self> = Vec::new();
        let mut leaving = 0;
        for depth in (0..self.frames.len()).rev() {
            let Some(frame) = self.frames.get(depth) else { break };
            if let Some((mut way, cost)) = self.in_frame(depth, frame, item, key, value) {
                // Each inner place that would take it as well makes this one less likely.
                way.cost += leaving + cost + RANK * ways.len() as u32;
                ways.push(way);
            }
            leaving += frame.closing();
        }
        ways
    }

    fn in_frame(
        &self,
        depth: usize,
        frame: &Frame<'t>,
        item: bool,
        key: Option<&'t str>,
        value: Value<'t>,
    ) -> Option<(Self, u32)> {
        let mut frames = self.frames.get(..=depth)?.to_vec();
        let mut indents = self.indents.clone();
        let cost = match (frame, item, key) {
            (Frame::Struct { indent, .. } | Frame::Map { indent, .. }, false, Some(key)) => {
                indents.push(*indent);
                let rivals = self.outer_rival(depth, key, value);
                put(&mut frames, key, value)? + rivals
            }
            (Frame::List { item, indent, .. }, true, key) => {
                indents.push(*indent);
                if let Some(Frame::List { count, .. }) = frames.last_mut() {
                    *count += 1;
                }
                match (key, *item) {
                    // A dash alone: the item's keys stand in the next lines.
                    (None, Type::Struct(schema)) if value == Value::Empty => {
                        frames.push(Frame::Struct { schema, indent: indent + 2, seen: Vec::new() });
                        0
                    }
                    (None, ty) => value.cost_as(ty).filter(|_| value != Value::Empty)?,
                    (Some(key), Type::Struct(schema)) => {
                        frames.push(Frame::Struct { schema, indent: indent + 2, seen: Vec::new() });
                        put(&mut frames, key, value)?
                    }
                    (Some(key), Type::Map(inner)) => {
                        frames.push(Frame::Map { value: *inner, indent: indent + 2, keys: Vec::new() });
                        put(&mut frames, key, value)?
                    }
                    // `- host:port` and the like: a text that looks like a key.
                    (Some(_), _) => return None,
                }
            }
            _ => return None,
        };
        (frames.len() <= MOST_FRAMES).then_some((Self { frames, cost: self.cost, indents }, cost))
    }

    /// A map takes every key. Once it has some, a key that an open struct further out knows is rather that struct's,
    /// unless it looks like a label.
    fn outer_rival(&self, depth: usize, key: &str, value: Value<'_>) -> u32 {
        let Some(Frame::Map { keys, .. }) = self.frames.get(depth) else { return self.rare(depth, key) };
        if keys.is_empty() || key.contains(['/', '.']) {
            return 0;
        }
        let known = self.frames.iter().take(depth).enumerate().any(|(at, frame)| match frame {
            Frame::Struct { schema, seen, .. } => {
                schema.member(key).is_some_and(|m| !seen.contains(&m.name) && value.cost_as(m.ty) == Some(0))
                    && self.rare(at, key) == 0
            }
            _ => false,
        });
        u32::from(known) * 5
    }

    /// Fields that the schema has and hardly anybody writes: the name of a pod template, which means nothing, so that a
    /// `name` there is rather a label's; and the restart policy of a container, which only an init container may have.
    fn rare(&self, depth: usize, key: &str) -> u32 {
        let here = self.frames.get(depth);
        let above = depth.checked_sub(1).and_then(|above| self.frames.get(above));
        let is = |frame: Option<&Frame<'_>>, name: &str| matches!(frame, Some(Frame::Struct { schema, .. }) if schema.name == name);
        let rare = (key == "name" && is(above, "PodTemplateSpec")) || (key == "restartPolicy" && is(here, "Container"));
        u32::from(rare) * 5
    }
}

/// Puts a key into the innermost frame and opens what its value opens. Gives the cost; `None` when it does not fit.
fn put<'t>(frames: &mut Vec<Frame<'t>>, key: &'t str, value: Value<'t>) -> Option<u32> {
    let (ty, indent) = match frames.last_mut()? {
        Frame::Struct { schema, indent, seen } => {
            let member = schema.member(key).filter(|member| !seen.contains(&member.name))?;
            seen.push(member.name);
            (member.ty, *indent)
        }
        Frame::Map { value, keys, indent } => {
            if keys.contains(&key) {
                return None;
            }
            keys.push(key);
            (*value, *indent)
        }
        Frame::List { .. } => return None,
    };
    let cost = value.cost_as(ty)?;
    if value == Value::Empty {
        let indent = indent + 2;
        match ty {
            Type::Struct(schema) => frames.push(Frame::Struct { schema, indent, seen: Vec::new() }),
            Type::Map(inner) => frames.push(Frame::Map { value: *inner, indent, keys: Vec::new() }),
            Type::List(item) => frames.push(Frame::List { item: *item, indent, count: 0 }),
            _ => {}
        }
    }
    Some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The manifest, flattened, must come back as it was.
    fn check(manifest: &str) {
        let flat: String = manifest.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
        assert!(looks_flat(&flat), "{flat}");
        let restored = restore(&flat).map(|restored| restored.text);
        assert_eq!(restored.as_deref(), Some(manifest));
    }

    #[test]
    fn a_hardened_pod() {
        check(
            r#"apiVersion: v1
kind: Pod
metadata:
  name: secure-pod
spec:
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    fsGroup: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: app
      image: myapp:latest
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop:
            - ALL
      resources:
        limits:
          memory: "128Mi"
          cpu: "500m"
"#,
        );
    }

    #[test]
    fn labels_templates_and_several_containers() {
        check(
            r#"# Two documents, a comment before each.
apiVersion: v1
kind: Namespace
metadata:
  name: secure-apps
  labels:
    pod-security.kubernetes.io/enforce: restricted
    team: shop # ours
---
# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    app: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
        name: front
    spec:
      initContainers:
        - name: migrate
          image: shop/migrate:1
          env:
            - name: DATABASE
              value: "postgres://db:5432"
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: db
                  key: password
      containers:
        - name: web
          image: shop/web:1
          # The port of the page.
          ports:
            - containerPort: 8080
              name: http
          livenessProbe:
            httpGet:
              path: /healthz
              port: 8080
          volumeMounts:
            - name: cache
              mountPath: /var/cache
        - name: sidecar
          image: shop/sidecar:1
          args: ["--quiet"]
      volumes:
        - name: cache
          emptyDir: {}
        - name: host
          hostPath:
            path: /var/log
"#,
        );
    }

    #[test]
    fn what_could_stand_elsewhere_is_named() {
        let flat = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\ncontainers:\n- name: a\nimage: b\n\
                    securityContext:\nrunAsNonRoot: true\n";
        assert_eq!(restore(flat).unwrap().doubts, [8]);
        let only_one = flat.replace("runAsNonRoot", "allowPrivilegeEscalation");
        assert!(restore(&only_one).unwrap().doubts.is_empty());
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "kind: Pod\n",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: fine\nspec:\n  containers: []\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\nname: a\ndata:\nb: c\n",
            "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\ncontainers:\n- name: a\ncommand:\n- sh\nargs:\n- |\necho 1\n",
            "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nnoSuchField: 1\n",
        ] {
            assert_eq!(restore(text), None, "{text}");
        }
    }
}
