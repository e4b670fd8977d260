//! Findings about the text itself: what could not be read, what is misspelt, what an ignore comment asks in vain.

use crate::findings::Found;
use crate::source::Source;
use crate::suppress::Ignores;

/// What was met while reading a file.
pub(crate) fn of_file(source: &Source<'_>) -> Vec<Found> {
    let _ = (source, &source.guess);
    Vec::new()
}

/// What is wrong with the requests to leave findings out.
pub(crate) fn of_ignores(source: &Source<'_>, ignores: &Ignores<'_>) -> Vec<Found> {
    let _ = (source, ignores);
    Vec::new()
}
