//! Holding an object against the schema: wrong types, unknown fields, missing fields.

use watertight_diagnostic::{Route, Step};
use watertight_text::{Span, shortened};
use watertight_yaml::{Document, Entry, Kind, Node};

use crate::budget;
use crate::kinds::BuiltIn;
use crate::meant::meant;
use crate::schema::{self, Member, Struct, Type};
use crate::value::{integer, is_template, item_site, site};
use crate::{Object, Problem, ProblemKind, Site, Unreadable, Versions, quantity};

/// Problems of one file that are told. Nobody reads more, and looking for what was meant takes its time.
pub(crate) const PROBLEMS: usize = 5_000;
/// Bytes that are kept of a key that is no field.
const KEY: usize = 300;

/// What checking has found.
#[derive(Debug)]
pub(crate) struct Findings {
    /// Problems so far.
    pub(crate) problems: Vec<Problem>,
    /// Values of a wrong type, and those that a template engine has yet to make.
    pub(crate) unreadable: Vec<Unreadable>,
    /// Whether the struct may have fields that we do not know, and lack some that we know.
    pub(crate) lenient: bool,
    /// How the document at hand is written.
    pub(crate) writing: Writing,
    /// Nodes that may still be checked, aliases counted at each use.
    left: usize,
    told: usize,
}

/// What has to be known of a document before its mappings are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Writing {
    /// A mapping may hold a key twice, or merge another one: what stands there is not what counts.
    pub(crate) overridden: bool,
    /// There is more than could be read: a template engine puts it in, or it stands behind a fault. Nothing is missing for
    /// certain.
    pub(crate) open: bool,
}

impl Writing {
    /// Of a document.
    pub(crate) fn of(document: &Document<'_>) -> Self {
        let doubled =
            document.problems.iter().any(|problem| problem.kind == watertight_yaml::ProblemKind::DuplicateKey);
        Self {
            overridden: doubled || document.span.slice(document.text()).contains("<<"),
            open: document.is_templated() || !document.complete,
        }
    }
}

impl Findings {
    /// Nothing yet, and as many nodes to check.
    pub(crate) fn within(visits: usize) -> Self {
        Self {
            problems: Vec::new(),
            unreadable: Vec::new(),
            lenient: false,
            writing: Writing::default(),
            left: visits,
            told: 0,
        }
    }

    /// Whether there was more than is told.
    pub(crate) fn is_full(&self) -> bool {
        self.told > PROBLEMS || self.left == 0
    }

    /// Pays for what is looked at. False when there is not enough left, and from then on.
    fn pay(&mut self, cost: usize) -> bool {
        self.left = self.left.saturating_sub(cost);
        self.left > 0
    }

    /// Adds a problem, unless there are too many already.
    pub(crate) fn tell(&mut self, kind: ProblemKind, span: Span, route: Route) {
        self.tell_in(Versions::ALL, kind, span, route);
    }

    /// Adds a problem that some versions have.
    pub(crate) fn tell_in(&mut self, versions: Versions, kind: ProblemKind, span: Span, route: Route) {
        self.told += 1;
        if self.told <= PROBLEMS {
            self.problems.push(Problem { kind, span, route, versions });
        }
    }
}

/// Checks a whole object of a built-in kind.
pub(crate) fn object(node: Node<'_>, schema: &'static Struct, route: &Route, out: &mut Findings) {
    let path = Path { base: route, parent: None, step: None };
    Walk { out }.members(node, schema, &path, None);
}

/// Checks one entry of a mapping, whose schema has that member.
pub(crate) fn member(
    entry: Entry<'_>,
    member: &'static Member,
    schema: &'static Struct,
    route: &Route,
    out: &mut Findings,
) {
    let path = Path { base: route, parent: None, step: None };
    Walk { out }.member(entry, member, schema, &path.below(PathStep::Key(member.name)));
}

/// Checks a pod spec.
pub(crate) fn pod_spec(node: Node<'_>, route: &Route, out: &mut Findings) {
    object(node, &schema::POD_SPEC, route, out);
}

/// Checks what an object says of itself: `apiVersion`, `kind` and name.
pub(crate) fn head(node: Node<'_>, object: &Object, known: Option<&BuiltIn>, out: &mut Findings) {
    if out.writing.open {
        return;
    }
    for (field, value) in [("apiVersion", &object.api_version), ("kind", &object.kind)] {
        if value.is_empty() {
            out.tell(ProblemKind::Missing { field }, object.head, object.route.key(field));
        }
    }
    let Some(known) = known else { return };
    if let Some((message, versions)) = known.refusal(&object.api_version, &object.kind) {
        let field = if object.kind == known.name { "apiVersion" } else { "kind" };
        let span = node.get(field).map_or(object.head, Node::span);
        out.tell_in(versions, ProblemKind::BadValue { message }, span, object.route.key(field));
    }
    let has_name = match node.get("metadata") {
        None => false,
        Some(metadata) if metadata.kind() != Kind::Mapping => !metadata.is_null(),
        Some(metadata) => {
            ["name", "generateName"].into_iter().any(|name| metadata.get(name).is_some_and(|n| !n.is_null()))
        }
    };
    if !has_name {
        out.tell(ProblemKind::Missing { field: "name" }, object.head, object.route.keys("metadata.name"));
    }
}

/// The way from the object down to a node, made into a [`Route`] only when there is something to say.
struct Path<'p> {
    base: &'p Route,
    parent: Option<&'p Self>,
    step: Option<PathStep<'p>>,
}

#[derive(Clone, Copy)]
enum PathStep<'p> {
    Key(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    fn below(&'p self, step: PathStep<'p>) -> Self {
        Path { base: self.base, parent: Some(self), step: Some(step) }
    }

    fn route(&self) -> Route {
        let mut steps = Vec::new();
        let mut path = Some(self);
        while let Some(here) = path {
            match here.step {
                Some(PathStep::Key(key)) => steps.push(Step::Key(key.to_owned().into())),
                Some(PathStep::Index(index)) => steps.push(Step::Index(index)),
                None => {}
            }
            path = here.parent;
        }
        self.base.join(steps.into_iter().rev())
    }
}

struct Walk<'f> {
    out: &'f mut Findings,
}

impl Walk<'_> {
    fn members(&mut self, node: Node<'_>, schema: &'static Struct, path: &Path<'_>, own: Option<Span>) {
        self.each(node, |walk, entry| walk.entry(entry, schema, path));
        if self.out.lenient || self.out.writing.open {
            return;
        }
        for member in schema.members.iter().filter(|member| member.required) {
            let entry = node.entry(member.name);
            if entry.is_none_or(|entry| says_nothing(entry.value)) {
                let first = || node.written_entries().next().map(|entry| entry.key.span());
                let span = entry.map(|entry| entry.key.span()).or(own).or_else(first).unwrap_or_else(|| node.span());
                let route = path.below(PathStep::Key(member.name)).route();
                self.out.tell(ProblemKind::Missing { field: member.name }, span, route);
            }
        }
    }

    /// The entries of a mapping that count, one after the other, as far as there are visits left.
    fn each<'d>(&mut self, node: Node<'d>, mut see: impl FnMut(&mut Self, Entry<'d>)) {
        let mut visit = |walk: &mut Self, entry: Entry<'d>| {
            if walk.out.pay(budget::cost(entry.key) + budget::cost(entry.value)) {
                see(walk, entry);
            }
        };
        // Sorting out which of several equal keys counts has its price, and hardly any document has them.
        if self.out.writing.overridden {
            node.entries().into_iter().for_each(|entry| visit(self, entry));
        } else {
            node.written_entries().for_each(|entry| visit(self, entry));
        }
    }

    fn entry(&mut self, entry: Entry<'_>, schema: &'static Struct, path: &Path<'_>) {
        let name = entry.name();
        match schema.member(&name) {
            Some(member) => self.member(entry, member, schema, &path.below(PathStep::Key(member.name))),
            None => self.unknown(entry, &name, schema, path),
        }
    }

    fn unknown(&mut self, entry: Entry<'_>, name: &str, schema: &'static Struct, path: &Path<'_>) {
        if crate::value::is_templated(name) || entry.key.kind() == Kind::Mapping {
            return;
        }
        if self.out.told > PROBLEMS {
            self.out.told += 1;
            return;
        }
        // Nobody means a field of ours by a key that is longer, and through an alias each use would copy it.
        let shown = shortened(name, KEY);
        let meant = if shown == name { meant(name, schema) } else { None };
        if meant.is_none() && self.out.lenient {
            return;
        }
        let kind = ProblemKind::UnknownField { name: shown.clone().into_owned(), meant };
        self.out.tell(kind, entry.key.span(), path.below(PathStep::Key(&shown)).route());
    }

    fn member(&mut self, entry: Entry<'_>, member: &'static Member, schema: &'static Struct, path: &Path<'_>) {
        if entry.value.is_null() && !is_template(entry.value) {
            if null_misleads(schema, member) {
                let kind = ProblemKind::WrongType { wanted: member.ty.described(), found: Kind::Null.described() };
                // A value that is not there at all has nothing to underline.
                let span = match entry.value.span().is_empty() {
                    true => entry.key.span(),
                    false => site(entry).whole(),
                };
                self.out.tell(kind, span, path.route());
            }
            return;
        }
        self.value(entry.value, member.ty, site(entry), path);
    }

    fn value(&mut self, node: Node<'_>, ty: Type, site: Site, path: &Path<'_>) {
        let kind = node.kind();
        let fits = match ty {
            Type::Any => true,
            Type::Bool => kind == Kind::Bool,
            Type::Int => integer(node).is_some(),
            Type::Text | Type::Time => kind == Kind::String,
            Type::Quantity => matches!(kind, Kind::String | Kind::Int | Kind::Float),
            Type::IntOrText => kind == Kind::String || integer(node).is_some(),
            Type::Struct(_) | Type::Map(_) => kind == Kind::Mapping,
            Type::List(_) => kind == Kind::Sequence,
        };
        let template = is_template(node);
        if !fits || template && !matches!(ty, Type::Any) {
            let route = path.route();
            if !template {
                let kind = ProblemKind::WrongType { wanted: ty.described(), found: kind.described() };
                self.out.tell(kind, node.span(), route.clone());
            }
            self.out.unreadable.push(Unreadable { route, site });
            return;
        }
        if matches!(ty, Type::Quantity) && !self.out.lenient {
            self.quantity(node, path);
        }
        if node.is_templated() {
            self.out.unreadable.push(Unreadable { route: path.route(), site });
        }
        match ty {
            Type::Struct(schema) => self.members(node, schema, path, site.key),
            Type::Map(inner) => {
                self.each(node, |walk, entry| {
                    let name = entry.name();
                    if !entry.value.is_null() || is_template(entry.value) {
                        walk.value(entry.value, *inner, crate::value::site(entry), &path.below(PathStep::Key(&name)));
                    }
                });
            }
            Type::List(inner) => {
                for (index, item) in node.items().enumerate() {
                    if !self.out.pay(budget::cost(item)) {
                        return;
                    }
                    self.item(item, *inner, &path.below(PathStep::Index(index)));
                }
            }
            _ => {}
        }
    }

    /// A number is an amount in any case; a text has to be one.
    fn quantity(&mut self, node: Node<'_>, path: &Path<'_>) {
        if let Some(text) = node.as_str()
            && !quantity::may_be(text)
        {
            let message = quantity::refusal(text);
            self.out.tell(ProblemKind::BadValue { message }, node.span(), path.route());
        }
    }

    /// The API server makes an empty item of a null one. Nobody means that.
    fn item(&mut self, node: Node<'_>, ty: Type, path: &Path<'_>) {
        if node.is_null() && !is_template(node) {
            let kind = ProblemKind::WrongType { wanted: ty.described(), found: Kind::Null.described() };
            self.out.tell(kind, node.span(), path.route());
            return;
        }
        self.value(node, ty, item_site(node), path);
    }
}

/// Null, an empty text or an empty list: where a field is required, all three are as good as none.
fn says_nothing(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Null => true,
        Kind::String => node.as_str() == Some(""),
        Kind::Sequence => node.items().len() == 0,
        _ => false,
    }
}

/// Whether an empty field hides that nothing is set. Elsewhere a null does no harm (`creationTimestamp: null` stands in
/// everything that programs write), but whoever writes `securityContext:` means to have one.
fn null_misleads(schema: &'static Struct, member: &'static Member) -> bool {
    match schema.name {
        "PodSecurityContext"
        | "SecurityContext"
        | "Capabilities"
        | "SeccompProfile"
        | "AppArmorProfile"
        | "SELinuxOptions"
        | "WindowsSecurityContextOptions" => true,
        "Container" | "EphemeralContainer" => member.name == "securityContext",
        "PodSpec" => matches!(
            member.name,
            "securityContext" | "hostNetwork" | "hostPID" | "hostIPC" | "hostUsers" | "automountServiceAccountToken"
        ),
        _ => false,
    }
}
