use watertight_diagnostic::{FileId, Fix, Level, Location, Operation, Route, Safety, Settings};
use watertight_pod::{Object, Objects, Pod};
use watertight_text::Span;

/// A pod with all that stands around it: what a rule is shown.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// The object that holds it.
    pub object: &'a Object,
    /// All objects of the same file.
    pub objects: &'a Objects,
    /// The file.
    pub file: FileId,
    /// What the user asked for.
    pub settings: &'a Settings,
}

impl Subject<'_> {
    /// A place in this pod's file.
    pub(crate) fn place(&self, span: Span, route: Route) -> Location {
        Location { file: self.file, span, route: Some(route), label: String::new() }
    }

    /// A place in this pod's file, with a few words.
    pub(crate) fn labelled(&self, span: Span, route: Route, label: impl Into<String>) -> Location {
        Location { file: self.file, span, route: Some(route), label: label.into() }
    }

    /// A fix of this pod's file that the target `level` needs.
    pub(crate) fn fix(
        &self,
        title: impl Into<String>,
        safety: Safety,
        level: impl Into<Option<Level>>,
        operations: Vec<Operation>,
    ) -> Fix {
        Fix { title: title.into(), safety, level: level.into(), file: self.file, operations }
    }
}
