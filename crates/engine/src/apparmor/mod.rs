//! AppArmor in the report: which texts are profiles, what is found in them, and which of them a pod asks for.

mod ask;
mod pods;
#[cfg(test)]
mod tests;
mod unenforced_profile;
mod unknown_profile;
mod unloadable_profile;

use watertight_apparmor::lint::{Subject, findings as lint};
use watertight_apparmor::policy::Profile;
use watertight_apparmor::spo::{self, FromObject};
use watertight_apparmor::{Given, Resolved, resolve};
use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Category, Finding, Location, RuleMeta};
use watertight_text::Span;
use watertight_yaml::Node;

pub use ask::apparmor;
pub(crate) use pods::findings as of_pods;

use crate::domain::{ByDocument, Parted};
use crate::source::Source;

/// The rules about pods and their profiles, which need both to be read.
pub(crate) fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    let own = [
        &unenforced_profile::UNENFORCED_PROFILE,
        &unknown_profile::UNKNOWN_PROFILE,
        &unloadable_profile::UNLOADABLE_PROFILE,
    ];
    watertight_apparmor::lint::rules().chain(own)
}

/// Profiles that one file or one object holds.
#[derive(Debug)]
pub(crate) struct Profiles {
    pub(crate) resolved: Resolved,
    /// The object that they come from, when they are no file of their own, and in which document it stands.
    object: Option<(usize, FromObject)>,
}

impl Profiles {
    /// The bytes of the file that a part of the profiles' text stands for.
    pub(crate) fn place(&self, span: Span) -> Span {
        self.object.as_ref().map_or(span, |(_, object)| object.place(span))
    }

    fn text<'s>(&'s self, source: &'s Source<'_>) -> &'s str {
        self.object.as_ref().map_or(source.input.text, |(_, object)| &object.text)
    }
}

/// A profile that was found by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) profiles: &'a Profiles,
    pub(crate) profile: &'a Profile,
}

impl Named<'_> {
    /// Where its head stands.
    pub(crate) fn location(&self, label: &str) -> Location {
        let span = self.profiles.place(self.profile.origin.shown);
        Location { file: self.source.id, span, route: None, label: label.to_owned() }
    }
}

/// Whether a text is one of AppArmor's: the first line that says anything begins as only such a file does, and none of a
/// Kubernetes object follows.
pub(crate) fn is_profile(text: &str) -> bool {
    let is_comment = |line: &str| line.starts_with('#') && !line.starts_with("#include");
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).take(1_000);
    lines.filter(|line| !line.is_empty() && !is_comment(line)).take(1).any(begins_a_profile)
        && !text.lines().any(|line| line.starts_with("apiVersion:") || line.starts_with("kind:"))
}

/// The comments of a text.
pub(crate) fn comments(text: &str) -> Vec<Span> {
    watertight_apparmor::parse(text).comments
}

fn begins_a_profile(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let opens = || line.contains('{') && !line.contains(": ");
    match first {
        "#include" | "include" => second.starts_with(['<', '"']) || second == "if",
        "abi" => second.starts_with(['<', '"']),
        "alias" => line.contains("->"),
        "profile" | "hat" => !second.is_empty() && opens(),
        _ if first.starts_with("@{") => line.contains('='),
        _ if first.starts_with(['/', '^']) => opens(),
        _ => false,
    }
}

/// The profiles of a file, read once. Other files are taken for includes by their names.
pub(crate) fn profiles<'s>(source: &'s Source<'_>, all: &[Source<'_>]) -> &'s [Profiles] {
    source.apparmor.get_or_init(|| {
        let files = all.iter().filter(|other| other.id != source.id).map(|other| (other.input.name, other.input.text));
        let given = Given::new(files);
        match source.kind {
            InputKind::AppArmor => {
                vec![Profiles { resolved: resolve(source.input.text, &given), object: None }]
            }
            InputKind::KubernetesYaml | InputKind::KubernetesJson => parted(source)
                .read
                .into_iter()
                .filter_map(|(document, root)| {
                    let object = spo::read(root)?;
                    Some(Profiles { resolved: resolve(&object.text, &given), object: Some((document, object)) })
                })
                .collect(),
            _ => Vec::new(),
        }
    })
}

/// Whether a profile in another file includes this one.
pub(crate) fn is_included(source: &Source<'_>, all: &[Source<'_>]) -> bool {
    let takes_it_in = |own: &Profiles| own.resolved.policy.sources.iter().any(|name| name == source.input.name);
    let mut others = all.iter().filter(|other| other.kind == InputKind::AppArmor && other.id != source.id);
    others.any(|other| profiles(other, all).iter().any(takes_it_in))
}

/// Objects of the operator that are read in the shortest text, and one more for so many bytes of it: each takes what the
/// operator writes from it and what that includes.
const OBJECTS: (usize, usize) = (200, 10_000);

/// The objects of the Security Profiles Operator in a file, each with its document.
fn parted<'s>(source: &'s Source<'_>) -> Parted<(usize, Node<'s>)> {
    let most = OBJECTS.0 + source.input.text.len() / OBJECTS.1;
    let objects = source.objects.objects.iter().filter(|object| object.kind == "AppArmorProfile");
    let roots = objects.filter_map(|object| {
        let document = source.stream.documents.get(object.route.document)?;
        let root = document.at(&object.route).filter(|root| spo::is_one(*root))?;
        Some((document.index, root))
    });
    Parted::within(most, source, roots, |(document, _)| *document)
}

/// What is found in the profiles of a file of AppArmor's own.
pub(crate) fn of_file(source: &Source<'_>, all: &[Source<'_>]) -> Vec<Finding> {
    profiles(source, all).iter().flat_map(|profiles| linted(profiles, source)).collect()
}

fn linted(profiles: &Profiles, source: &Source<'_>) -> Vec<Finding> {
    lint(&Subject { text: profiles.text(source), resolved: &profiles.resolved, file: source.id })
}

/// What is found in the profiles that objects of a file stand for, and of those that are not read.
pub(crate) fn of_objects(source: &Source<'_>, all: &[Source<'_>], found: &mut ByDocument<'_>) {
    for profiles in profiles(source, all) {
        let Some((document, _)) = &profiles.object else { continue };
        // How tidy the text is that the operator writes from an object is not the user's business.
        let told = linted(profiles, source).into_iter().filter(|finding| finding.rule.category != Category::Hygiene);
        let told = told.map(|mut finding| {
            let moved = std::iter::once(&mut finding.primary).chain(&mut finding.related);
            moved.for_each(|location| location.span = profiles.place(location.span));
            // What is mended is the text that the operator writes, which nobody can edit.
            finding.fixes.clear();
            finding
        });
        found.add(*document, told);
    }
    let place = |(_, root): &(usize, Node<'_>)| {
        let span = root.written_entries().next().map_or(root.span(), |entry| entry.key.span());
        Location { file: source.id, span, route: None, label: String::new() }
    };
    for ((document, _), finding) in parted(source).unread(&place) {
        found.add(*document, [finding]);
    }
}

/// The profile of that name among all files: `parent//child` for one within another.
pub(crate) fn find<'a>(all: &'a [Source<'a>], name: &str) -> Option<Named<'a>> {
    all.iter().find_map(|source| {
        profiles(source, all).iter().find_map(|profiles| {
            let profile = profiles.resolved.policy.find(name)?;
            Some(Named { source, profiles, profile })
        })
    })
}

#[cfg(test)]
mod kind {
    use super::is_profile;

    #[test]
    fn what_a_profile_begins_with() {
        for (text, expected) in [
            ("# x\n\nprofile a {\n}\n", true),
            ("#include <tunables/global>\n", true),
            ("include if exists <local/a>\n", true),
            ("abi <abi/4.0>,\n", true),
            ("@{X}=/a\n", true),
            ("/usr/bin/a flags=(complain) {\n", true),
            ("alias /a -> /b,\n", true),
            ("profile: {a: b}\n", false),
            ("profile a\n", false),
            ("/usr/bin/a --help\n", false),
            ("/a: {b: c}\n", false),
            ("kind: Pod\n", false),
            ("apiVersion: v1\nkind: X\nspec: |\n  profile a {\n", false),
            ("profile a {\n}\n---\napiVersion: v1\nkind: Pod\n", false),
            ("", false),
        ] {
            assert_eq!(is_profile(text), expected, "{text:?}");
        }
    }
}
