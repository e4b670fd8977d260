//! Text that lost its indentation on the way from a web page gets it back from the schema.
//!
//! Every line is at the left edge, so the nesting has to be found: each key belongs to one of the structs that are open
//! where it stands, and only the schema says which have such a key. Often several have, so all readings are followed side
//! by side, the dearest ones dropped. A reading gets dearer with what people rarely write: an opened mapping that stays
//! empty, a missing required field, a key given to an outer struct while an inner one would take it. The cheapest reading
//! wins. Where another is nearly as cheap nobody can tell from the text alone, and the place is named as a doubt: a
//! `securityContext` behind the last container may be the container's or the pod's.

mod line;
mod nest;
mod others;

use watertight_diagnostic::Route;
use watertight_yaml::parse;

use self::line::{GoesOn, Line, Value, without_comment};
use self::nest::{Nested, nest};
use crate::check::{self, Findings};
use crate::schema::{OBJECT_META, Struct};
use crate::{ProblemKind, budget, kinds, read};

/// A text with its structure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The same lines, indented, each with its own line end. Where objects stood one below the other, a separator stands in
    /// the place of the blank line between them, or is added.
    pub text: String,
    /// Lines, from 0, that could as well belong further out or in, and everything below them with them.
    pub doubts: Vec<usize>,
}

/// An object without its indentation that stays so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// Its first line, from 1.
    pub line: usize,
    /// Its kind, as written.
    pub kind: String,
    /// Whether the fields of its kind are known, so that it is its own lines that do not say where they belong.
    pub is_known: bool,
}

/// Lines of one text. Beyond them nobody has copied it from a web page.
const MOST_LINES: usize = 5_000;

/// Whether the text looks as if its indentation was lost: every line at the left edge, and among them fields that
/// Kubernetes knows only further in.
pub fn looks_flat(text: &str) -> bool {
    documents(text).any(|document| {
        // The first of several objects may be of a kind whose fields nobody knows here.
        let any_of_several = || {
            let lines: Vec<&str> = document.split_inclusive('\n').collect();
            objects(&lines).into_iter().any(|(_, object)| is_flat(&object.iter().copied().map(str::trim_end)))
        };
        is_flat(&lines_of(document)) || names_itself_outside(&lines_of(document)) && any_of_several()
    })
}

/// Whether an object of any kind has an empty `metadata` with its own name and the like beside it and nothing indented, so that
/// its indentation is lost for certain, whoever knows its fields.
pub fn is_lost(text: &str) -> bool {
    documents(text).any(|document| names_itself_outside(&lines_of(document)))
}

/// The objects that [`restore`] leaves without the indentation that they have lost.
pub fn left(text: &str) -> Vec<Left> {
    let mut left = Vec::new();
    let mut above = 0;
    if text.lines().count() > MOST_LINES {
        return left;
    }
    for document in documents(text) {
        let all: Vec<&str> = document.split_inclusive('\n').collect();
        for (at, object) in objects(&all) {
            let lines = || object.iter().copied().map(str::trim_end);
            if names_itself_outside(&lines()) && restore_document(object).is_none() {
                let aside = lines().take_while(|line| Line::read(line) == Line::Aside).count();
                left.push(Left {
                    line: above + at + aside + 1,
                    kind: value_of("kind:", &lines()).unwrap_or_default().to_owned(),
                    is_known: root(&lines()).is_some(),
                });
            }
        }
        above += all.len();
    }
    left
}

/// The text with the indentation that its kinds ask for. `None` when nothing was lost or nothing can be restored. A
/// document stays as it is, byte by byte, when a line of it cannot belong anywhere and when the result would not be a sound
/// object.
pub fn restore(text: &str) -> Option<Restored> {
    if text.lines().count() > MOST_LINES {
        return None;
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() * 2);
    let mut changed = false;
    let mut doubts = Vec::new();
    let mut number = 0;
    for document in documents(text) {
        let lines: Vec<&str> = document.split_inclusive('\n').collect();
        for (place, (_, lines)) in objects(&lines).into_iter().enumerate() {
            if place > 0 {
                out.extend(["---", newline]);
                number += 1;
            }
            match restore_document(lines) {
                Some((indented, doubt)) => {
                    out.push_str(&indented);
                    doubts.extend(doubt.map(|line| number + line));
                    changed = true;
                }
                None => out.extend(lines.iter().copied()),
            }
            number += lines.len();
        }
    }
    changed.then_some(Restored { text: out, doubts })
}

/// The objects of a flat document, in lines with their ends, each behind the number of lines above it. Those that were copied
/// one below the other have no separator between them, and a blank line at most, which goes.
fn objects<'a, 't>(lines: &'a [&'t str]) -> Vec<(usize, &'a [&'t str])> {
    let mut found = Vec::new();
    let mut rest = lines;
    let mut at = 1;
    let is_flat = is_flat(&lines.iter().copied()) || names_itself_outside(&lines.iter().copied().map(str::trim_end));
    while is_flat && at < rest.len() {
        let (above, below) = rest.split_at(at);
        if begins_object(below) && above.iter().any(|line| Line::read(line) != Line::Aside) {
            let remarks = above.iter().rev().take_while(|line| line.starts_with('#')).count();
            let (mut object, next) = rest.split_at(at - remarks);
            if let [before @ .., blank] = object
                && blank.trim_end().is_empty()
            {
                object = before;
            }
            found.push((lines.len() - rest.len(), object));
            (rest, at) = (next, remarks);
        }
        at += 1;
    }
    found.push((lines.len() - rest.len(), rest));
    found
}

/// Whether an object begins at the first line: only objects have these three fields together.
fn begins_object(lines: &[&str]) -> bool {
    let keys = || lines.iter().filter(|line| Line::read(line) != Line::Aside).filter_map(|line| line.split(':').next());
    let begins = |first, second| keys().take(3).eq([first, second, "metadata"]);
    lines.first().is_some_and(|line| line.starts_with(['a', 'k']))
        && (begins("apiVersion", "kind") || begins("kind", "apiVersion"))
}

/// The lines of one document, indented, and the first that may belong elsewhere.
fn restore_document(lines: &[&str]) -> Option<(String, Option<usize>)> {
    if !is_flat(&lines.iter().copied()) {
        return None;
    }
    let trimmed: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    let opens_text = |line: &&str| matches!(Line::read(line), Line::Content { goes_on: Some(GoesOn::Block), .. });
    if other(&trimmed.iter().copied()).is_some_and(others::holds_texts) && trimmed.iter().any(opens_text) {
        return None;
    }
    let Nested { indents, doubt } = nest(&trimmed)?;
    // Keys that nothing stands below have lost nothing.
    if indents.iter().all(|indent| *indent == 0) {
        return None;
    }
    let mut out = String::new();
    for ((line, trimmed), indent) in lines.iter().zip(trimmed).zip(indents) {
        let words = line.trim_end_matches(['\r', '\n']);
        let behind = words.get(trimmed.len()..).unwrap_or_default();
        // Blanks behind words may belong to a text. On a line of their own they would make its first line one, and other
        // blanks than YAML's come from the page.
        let is_kept = !trimmed.is_empty() && behind.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(if is_kept { words } else { trimmed });
        out.push_str(line.get(words.len()..).unwrap_or_default());
    }
    is_sound(&out).then_some((out, doubt))
}

/// The text of each document; its separator goes with the document that it opens.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = separator(rest).unwrap_or(rest.len());
        let (document, behind) = rest.split_at(end);
        rest = behind;
        (!document.is_empty()).then_some(document)
    })
}

/// Where the first separator stands that is not the first line. It is looked for byte by byte, because lines are short and
/// most of them need not be looked at.
fn separator(text: &str) -> Option<usize> {
    let mut places = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    places.find(|at| {
        let line = text.get(*at..).unwrap_or_default();
        line.starts_with(['-', '.']) && line.lines().next().is_some_and(|line| is_separator(line.trim_end()))
    })
}

fn lines_of(document: &str) -> impl Iterator<Item = &str> + Clone {
    document.lines().map(str::trim_end)
}

fn is_separator(line: &str) -> bool {
    line == "---" || line == "..." || line.starts_with("--- ")
}

fn is_flat<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
    let opens = |line: &str| matches!(Line::read(line), Line::Content { key: Some(_), value: Value::Empty, .. });
    let further_in = |line: &str| line.starts_with("spec:") || line.starts_with("metadata:");
    // Asked first, for most lines need not be read for it.
    lines.clone().any(|line| further_in(line) && opens(line))
        && is_at_the_edge(lines)
        && (built_in(lines).is_some() || other(lines).is_some() && names_itself_outside(lines))
}

fn is_at_the_edge<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
    // Nearly every text has something indented in its first lines.
    lines.clone().all(|line| !line.starts_with([' ', '\t']) || Line::read(line) == Line::Aside)
}

/// Whether every line of an object is at the left edge, and behind `metadata:` stands what belongs into it.
fn names_itself_outside<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
    let is_named = |name| value_of(name, lines).is_some_and(|value| !value.is_empty());
    let mut below = lines.clone();
    let metadata = below.any(|line| {
        let opens = || matches!(Line::read(line), Line::Content { item: false, key: Some(_), value: Value::Empty, .. });
        line.starts_with("metadata:") && opens()
    });
    let first = || {
        below.map(Line::read).find(|line| *line != Line::Aside).is_some_and(|line| match line {
            Line::Content { item: false, key: Some(key), .. } => OBJECT_META.member(key).is_some(),
            _ => false,
        })
    };
    metadata && is_at_the_edge(lines) && is_named("apiVersion:") && is_named("kind:") && first()
}

/// The struct of the object, by its first `kind`.
fn root<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> Option<&'static Struct> {
    built_in(lines).or_else(|| other(lines))
}

fn built_in<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> Option<&'static Struct> {
    let version = value_of("apiVersion:", lines).unwrap_or_default();
    kinds::built_in(version, value_of("kind:", lines)?).map(|known| known.schema)
}

fn other<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> Option<&'static Struct> {
    others::of_kind(value_of("apiVersion:", lines)?, value_of("kind:", lines)?)
}

/// What stands behind the first key of that name.
fn value_of<'t>(key: &str, lines: &(impl Iterator<Item = &'t str> + Clone)) -> Option<&'t str> {
    lines.clone().find_map(|line| line.strip_prefix(key)).map(unquoted)
}

fn unquoted(value: &str) -> &str {
    without_comment(value).trim().trim_matches(['"', '\''])
}

/// Whether the restored text reads without a fault that a wrong reading would make.
fn is_sound(text: &str) -> bool {
    let stream = parse(text);
    let complete = stream.documents.iter().all(|document| document.complete && document.problems.is_empty());
    let mut found = Findings::within(budget::visits(&stream));
    if let Some(schema) = other(&text.lines()) {
        let route = Route::root(0);
        let nodes = stream.documents.iter().filter_map(|document| document.root());
        nodes.for_each(|node| check::object(node, schema, &route, &mut found));
    }
    let nested = read(&stream).problems.into_iter().chain(found.problems);
    let fault = |kind: &ProblemKind| matches!(kind, ProblemKind::UnknownField { .. } | ProblemKind::WrongType { .. });
    complete && !nested.into_iter().any(|problem| fault(&problem.kind))
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
    fn values_of_several_lines() {
        check(
            r#"apiVersion: v1
kind: Pod
metadata:
  name: script
  annotations:
    note: "one
      # two
      three" # a remark
spec:
  containers:
    - name: web
      image: web:1
      command: ["sh",
        "-c"
        ]
      args:
        - |
          set -e
          # start
          exec serve --port 80

          wait
        - >-
          one
          two
      securityContext:
        privileged: true
    - name: 'log
        ger'
      image: log:1
      env:
        - name: X
          value: |
            a=b
  hostPID: true
"#,
        );
    }

    #[test]
    fn each_document_by_itself() {
        let lost = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nnoSuchField: 1\n";
        let flat = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nhostPID: true\ncontainers:\n- name: a\n";
        let back =
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: true\n  containers:\n    - name: a\n";
        let restored = restore(&format!("{lost}---\n{flat}")).unwrap();
        assert_eq!(restored.text, format!("{lost}---\n{back}"));
        assert_eq!(restore(lost), None);
    }

    #[test]
    fn line_ends_and_blanks_stay() {
        let flat = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec: \ncontainers:\u{a0}\n- name: a\nargs:\n- |\n\t\nb  \n";
        let back = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec: \n  containers:\n    - name: a\n      \
                    args:\n        - |\n\n          b  \n";
        let other = "# A remark.  \n\nkind: ConfigMap\napiVersion: v1\ndata:\n  a: |\n    b  \n    \n---   \n";
        for (before, after) in [
            (flat.to_owned(), back.to_owned()),
            ([other, flat].concat(), [other, back].concat()),
            ([other, flat, "--- \n", other].concat(), [other, back, "--- \n", other].concat()),
            (flat.replace('\n', "\r\n"), back.replace('\n', "\r\n")),
            ([flat, &other.replace('\n', "\r\n")].join("---\n"), [back, &other.replace('\n', "\r\n")].join("---\n")),
            (flat.trim_end().to_owned(), back.trim_end().to_owned()),
        ] {
            assert_eq!(restore(&before).unwrap().text, after, "{before:?}");
        }
    }

    #[test]
    fn objects_below_each_other() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\ncontainers:\n- name: a\nresources:\nlimits:\ncpu: 1\n";
        let pod_back = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      \
                        resources:\n        limits:\n          cpu: 1\n";
        let other = "# Another.\nkind: Namespace\napiVersion: v1\nmetadata:\nname: b\n";
        let other_back = other.replace("name: b", "  name: b");
        let map = "apiVersion: v1\nkind: Event\nmetadata:\nname: c\n";
        for between in ["", "\n"] {
            let restored = restore(&[pod, other, map, pod].join(between)).unwrap();
            assert_eq!(restored.text, [pod_back, &other_back, map, pod_back].join("---\n"));
            let restored = restore(&[map, pod].join(between)).unwrap();
            assert_eq!(restored.text, [map, pod_back].join("---\n"));
        }
        // The same three fields further in, of what owns the pod.
        check(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  ownerReferences:\n    - apiVersion: apps/v1\n      kind: \
             ReplicaSet\n      name: a\n      uid: a\nspec:\n  hostPID: true\n  containers:\n    - name: a\n",
        );
    }

    #[test]
    fn kinds_without_a_pod() {
        for (version, kind, rest) in [
            (
                "v1",
                "Service",
                "spec:\n  selector:\n    app: web\n  ports:\n    - name: http\n      port: 80\n      targetPort: 8080\n  \
                 type: ClusterIP\n",
            ),
            ("v1", "ConfigMap", "data:\n  a: b\n  name: c\nimmutable: true\n"),
            ("v1", "Secret", "type: Opaque\nstringData:\n  password: hunter2\n"),
            (
                "networking.k8s.io/v1",
                "NetworkPolicy",
                "spec:\n  podSelector:\n    matchLabels:\n      role: db\n  policyTypes:\n    - Ingress\n  ingress:\n    - \
                 from:\n        - podSelector:\n            matchLabels:\n              role: web\n      ports:\n        - protocol: \
                 TCP\n          port: 6379\n",
            ),
            (
                "networking.k8s.io/v1",
                "Ingress",
                "spec:\n  rules:\n    - host: example.com\n      http:\n        paths:\n          - path: /\n            pathType: \
                 Prefix\n            backend:\n              service:\n                name: web\n                port:\n                  \
                 number: 80\n",
            ),
            (
                "rbac.authorization.k8s.io/v1",
                "Role",
                "rules:\n  - apiGroups: [\"\"]\n    resources:\n      - pods\n    verbs: [get]\n  - apiGroups:\n      - apps\n    \
                 resources: [deployments]\n    verbs:\n      - list\n",
            ),
            (
                "rbac.authorization.k8s.io/v1",
                "RoleBinding",
                "subjects:\n  - kind: ServiceAccount\n    name: web\n    namespace: shop\nroleRef:\n  kind: Role\n  name: web\n  \
                 apiGroup: rbac.authorization.k8s.io\n",
            ),
        ] {
            check(&format!("apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: a\n  labels:\n    a: b\n{rest}"));
        }
    }

    #[test]
    fn what_stays_flat_is_named() {
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\nname: a\ndata:\nb: |\nc: d\n";
        let event = "# An event.\napiVersion: v1\nkind: Event\nmetadata:\nname: a\n";
        let pod = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nhostPID: true\n";
        let lines =
            |text: &str| left(text).into_iter().map(|left| (left.line, left.kind, left.is_known)).collect::<Vec<_>>();
        let (map_at, event_at) =
            (|line| (line, "ConfigMap".to_owned(), true), |line| (line, "Event".to_owned(), false));
        assert_eq!(lines(map), [map_at(1)]);
        assert_eq!(lines(&[pod, map, "---\n", event, "\n", pod].concat()), [map_at(7), event_at(16)]);
        assert_eq!(lines(&[event, "\n", event].concat()), [event_at(2), event_at(8)]);
        assert_eq!(lines(pod), []);
        assert!(is_lost(event) && !looks_flat(event) && is_lost(map) && looks_flat(map));
        for whole in [
            "apiVersion: v1\nkind: Event\nmetadata:\n  name: a\n",
            "apiVersion: v1\nkind: Event\nmetadata:\nreason: a\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nspec:\n",
            "metadata:\nname: a\n",
        ] {
            assert!(!is_lost(whole) && left(whole).is_empty(), "{whole}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "kind: Pod\n",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: fine\nspec:\n  containers: []\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\nname: a\ndata:\nb: |\nc: d\n",
            "apiVersion: v1\nkind: Event\nmetadata:\nname: a\nreason: b\n",
            "apiVersion: v1\nkind: Event\nmetadata:\nname: a\napiVersion: v1\nkind: Event\nmetadata:\nname: b\n",
            "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\ncontainers:\n- name: a\nargs: [\"a\",\n",
            "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nnoSuchField: 1\n",
        ] {
            assert_eq!(restore(text), None, "{text}");
        }
    }
}
