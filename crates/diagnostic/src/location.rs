use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use watertight_text::Span;

/// Which of the analysed files, by its place in the input.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct FileId(pub u32);

/// One step from a node to a child.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Step {
    /// Into a list, counted from 0.
    Index(usize),
    /// Into a mapping. The names of fields are known beforehand and cost nothing to copy.
    Key(Cow<'static, str>),
}

/// The way from the root of a document to a node: names of keys and places in lists, never offsets, so that it still
/// holds after the text has changed.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Route {
    /// Which document of the file, from 0.
    pub document: usize,
    /// From the document's root on. Shared, for the same route stands in a finding, in its fixes and in the pod.
    pub steps: Arc<[Step]>,
}

impl Clone for Route {
    // In one place, for the page has to fetch it: every rule hands routes on.
    #[inline(never)]
    fn clone(&self) -> Self {
        Self { document: self.document, steps: Arc::clone(&self.steps) }
    }
}

impl Route {
    /// The root of a document.
    pub fn root(document: usize) -> Self {
        Self { document, steps: Arc::default() }
    }

    /// The child of that key.
    #[must_use]
    pub fn key(&self, key: impl Into<Cow<'static, str>>) -> Self {
        let mut key = Some(key.into());
        self.below(1, &mut || Step::Key(key.take().unwrap_or_default()))
    }

    /// The list item at that place.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.below(1, &mut || Step::Index(index))
    }

    /// Several keys down, written with dots. Not for keys that hold a dot.
    #[must_use]
    pub fn keys(&self, dotted: impl Into<Cow<'static, str>>) -> Self {
        let dotted = dotted.into();
        let count = 1 + dotted.bytes().filter(|byte| *byte == b'.').count();
        match dotted {
            Cow::Borrowed(dotted) => {
                let mut keys = dotted.split('.');
                self.below(count, &mut || Step::Key(Cow::Borrowed(keys.next().unwrap_or_default())))
            }
            Cow::Owned(dotted) => {
                let mut keys = dotted.split('.');
                self.below(count, &mut || Step::Key(Cow::Owned(keys.next().unwrap_or_default().to_owned())))
            }
        }
    }

    /// The node around this one; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, steps) = self.steps.split_last()?;
        Some(Self { document: self.document, steps: steps.into() })
    }

    /// Whether `other` is this node or lies inside it.
    pub fn contains(&self, other: &Self) -> bool {
        self.document == other.document && other.steps.starts_with(&self.steps)
    }

    /// As people write it, in one allocation.
    pub fn written(&self) -> String {
        let mut out = String::with_capacity(16 * self.steps.len());
        for (place, step) in self.steps.iter().enumerate() {
            match step {
                Step::Index(index) => {
                    out.push('[');
                    match u8::try_from(*index) {
                        Ok(digit @ 0..10) => out.push(char::from(b'0' + digit)),
                        _ => out.push_str(&index.to_string()),
                    }
                    out.push(']');
                }
                Step::Key(key) if is_word(key) => {
                    if place > 0 {
                        out.push('.');
                    }
                    out.push_str(key);
                }
                Step::Key(key) => out.push_str(&format!("[{key:?}]")),
            }
        }
        out
    }

    /// The node these steps further down.
    #[must_use]
    pub fn join(&self, steps: impl IntoIterator<Item = Step>) -> Self {
        Self { document: self.document, steps: self.steps.iter().cloned().chain(steps).collect() }
    }

    /// The node that many steps further down. Their number is known, so that the list is made at once; and it is made in one
    /// place, because every rule makes routes and the page has to fetch them all.
    fn below(&self, count: usize, next: &mut dyn FnMut() -> Step) -> Self {
        let steps = (0..self.steps.len() + count).map(|at| self.steps.get(at).cloned().unwrap_or_else(&mut *next));
        Self { document: self.document, steps: steps.collect() }
    }
}

/// As people write it: `spec.containers[0].securityContext`, with quotes round a key that is not a plain word.
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written())
    }
}

fn is_word(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_'))
}

/// A place in one of the files, with what there is to say about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes to underline.
    pub span: Span,
    /// The field that is meant, present or not.
    pub route: Option<Route>,
    /// A few words beside the underline; may be empty.
    pub label: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_read_as_people_write_them() {
        let route = Route::root(0).keys("spec.containers").index(1).key("a/b").key("x.y").key("z");
        assert_eq!(route.to_string(), "spec.containers[1][\"a/b\"][\"x.y\"].z");
        assert!(Route::root(0).keys("spec").contains(&route));
        assert!(!Route::root(1).contains(&route));
    }
}
