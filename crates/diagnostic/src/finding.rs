use std::borrow::Cow;

use watertight_text::{few, shorten};

use crate::{Confidence, Fix, Location, RuleMeta, Severity};

/// One fault at one place, with what to do about it.
///
/// A finding without a primary location cannot be made: [`Finding::new`] asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: &'static RuleMeta,
    /// How bad it is here; starts as the rule's own.
    pub severity: Severity,
    /// How sure it is; starts as certain.
    pub confidence: Confidence,
    /// What is wrong, in one sentence that names the container and the value.
    pub what: String,
    /// Why that matters, in one or two sentences.
    pub why: Cow<'static, str>,
    /// What to do, as a request.
    pub how: Cow<'static, str>,
    /// Where it is wrong.
    pub primary: Location,
    /// What else to look at, possibly in another file; up to [`MOST_ALIKE`] places.
    pub related: Vec<Location>,
    /// How many places there are beyond those.
    pub unlisted: usize,
    /// Name of the container, when the finding is about one.
    pub container: Option<String>,
    /// Ways to mend it; the first is the one we would choose.
    pub fixes: Vec<Fix>,
    /// How many like it are not told.
    pub more: usize,
}

/// Findings of one rule about one object that are told. Nobody reads more, and a text can be made to give millions.
pub const MOST_ALIKE: usize = 1_000;

impl Finding {
    /// A finding of `rule` at `primary`.
    pub fn new(rule: &'static RuleMeta, primary: Location, what: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: Confidence::Certain,
            what: sentence(what.into()),
            why: Cow::default(),
            how: Cow::default(),
            primary,
            related: Vec::new(),
            unlisted: 0,
            container: None,
            fixes: Vec::new(),
            more: 0,
        }
    }

    /// Says why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<Cow<'static, str>>) -> Self {
        self.why = short(why.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn how(mut self, how: impl Into<Cow<'static, str>>) -> Self {
        self.how = short(how.into());
        self
    }

    /// Judges it differently from the rule's usual severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says how sure it is.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Names the container.
    #[must_use]
    pub fn in_container(mut self, name: impl Into<String>) -> Self {
        self.container = Some(name.into());
        self
    }

    /// Points at one more place.
    #[must_use]
    pub fn related(mut self, location: Location) -> Self {
        self.push(location);
        self
    }

    /// Points at more places. Those that nobody would look at any more are counted.
    pub fn also(&mut self, locations: impl IntoIterator<Item = Location>) {
        locations.into_iter().for_each(|location| self.push(location));
    }

    #[inline(never)]
    fn push(&mut self, location: Location) {
        if self.related.len() < MOST_ALIKE {
            few::push(&mut self.related, location);
        } else {
            self.unlisted += 1;
        }
    }

    /// Offers one more way to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        few::push(&mut self.fixes, fix);
        self
    }
}

/// How much is kept of what a finding says, in bytes: it may name a value, and a text may hold one of a megabyte that
/// thousands of findings name.
const SENTENCES: usize = 2_000;

fn sentence(mut text: String) -> String {
    shorten(&mut text, SENTENCES);
    text
}

fn short(text: Cow<'static, str>) -> Cow<'static, str> {
    match text {
        Cow::Owned(text) => Cow::Owned(sentence(text)),
        Cow::Borrowed(_) => text,
    }
}
