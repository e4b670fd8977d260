//! Ways in words: because of these lines, therefore this, and what follows from it.

use crate::known::Truth;
use crate::map::Way;
use crate::technique::Outcome;

/// A way out as a chain of sentences.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// The facts that open it, each the end of a sentence after "because".
    pub because: Vec<String>,
    /// What is not known, each the end of a sentence after "if".
    pub provided: Vec<String>,
    /// Why it works, as sentences.
    pub therefore: &'static str,
    /// What is won, and what follows from that, in order.
    pub outcomes: &'static [Outcome],
}

/// The chain of a way that is open or may be.
pub fn of(way: &Way) -> Chain {
    let reasons = |truth: Truth| {
        let mut all = Vec::new();
        for known in way.judged.because() {
            if known.truth == truth && !known.because.is_empty() && !all.contains(&known.because) {
                all.push(known.because.clone());
            }
        }
        all
    };
    Chain {
        because: reasons(Truth::Yes),
        provided: reasons(Truth::Unknown),
        therefore: way.judged.technique.why,
        outcomes: way.judged.technique.outcome.onward(),
    }
}
