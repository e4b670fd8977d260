//! Events as they come: a line at a time where each line is whole, otherwise all of them at once.

use std::io::{self, BufRead, Read};

use watertight::text::LineIndex;
use watertight_falco::events::{Event, EventProblem, read};

/// Events that do not stand one in a line are read up to this many bytes.
const LARGEST: u64 = 100_000_000;

/// What is done with an event or a problem; the number is its line, from 1.
pub(crate) type Each<'e> = dyn FnMut(usize, Result<&Event<'_>, &EventProblem>) -> io::Result<()> + 'e;

/// Reads all events and gives each with its line, from 1.
pub(crate) fn each_event(mut input: impl BufRead, each: &mut Each<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0;
    let mut by_lines = false;
    loop {
        line.clear();
        if input.by_ref().take(LARGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        number += 1;
        let text = String::from_utf8_lossy(&line);
        // The first line that is no event of its own shows that they stand in several lines.
        if !by_lines && read(&text).any(|event| event.is_err()) {
            let before = number;
            input.by_ref().take(LARGEST).read_to_end(&mut line)?;
            return all(&String::from_utf8_lossy(&line), before, each);
        }
        for event in read(&text) {
            by_lines = true;
            each(number, event.as_ref())?;
        }
    }
}

fn all(text: &str, first: usize, each: &mut Each<'_>) -> io::Result<()> {
    let lines = LineIndex::new(text);
    for event in read(text) {
        let span = match &event {
            Ok(event) => event.span,
            Err(problem) => problem.span,
        };
        each(first + lines.line_of(span.start), event.as_ref())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, bool)]) {
        let mut seen = Vec::new();
        each_event(text.as_bytes(), &mut |line, event| {
            seen.push((line, event.is_ok()));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn events_are_found_however_they_stand() {
        check("{\"a.b\":1}\n\n{\"a.b\":2}\n", &[(1, true), (3, true)]);
        check("\n[\n{\"a.b\":1},\n{\"a.b\":2}]", &[(3, true), (4, true)]);
        check("{\n\"a.b\":1\n}\n{\"a.b\":2}", &[(1, true), (4, true)]);
        check("{\"a.b\":1}\nbroken\n{\"a.b\":2}", &[(1, true), (2, false), (3, true)]);
        check("", &[]);
    }
}
