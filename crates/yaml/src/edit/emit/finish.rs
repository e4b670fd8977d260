//! From what was taken out and put in to edits that do not touch each other.

use watertight_text::{Edit, Span, sort};

use super::super::source::Reason;
use super::Emitter;

impl<'d> Emitter<'d> {
    pub(super) fn finish(self) -> Result<Vec<Edit>, Reason> {
        let mut removals = self.removals;
        sort::by(&mut removals, Ord::cmp);
        let mut behind_keeping = self.behind_keeping;
        sort::by(&mut behind_keeping, Ord::cmp);
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in removals {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
            // Blank lines below all that goes would become part of the value above.
            if let Some(last) = merged.last_mut().filter(|last| behind_keeping.binary_search(&last.0).is_ok()) {
                last.1 = self.src.skip_blank_lines(last.1);
            }
        }
        let mut edits: Vec<Edit> =
            self.edits.into_iter().filter(|edit| edit.span.len() + edit.text.len() > 0).collect();
        for edit in edits.iter_mut().filter(|edit| edit.span.is_empty()) {
            edit.span = Span::at(self.src.out_of(&merged, edit.span.start as usize));
        }
        let text = self.src.text;
        if let Some((start, end)) = merged.last_mut()
            && *end == text.len()
            && *start < *end
            && !text.ends_with('\n')
        {
            // The text had no line break at its end: neither has what is left, unless a block scalar needs it.
            let before = text.get(..*start).unwrap_or_default();
            let before = before.strip_suffix('\n').unwrap_or(before);
            let line_end = before.strip_suffix('\r').unwrap_or(before).len();
            let followed = edits.iter().any(|edit| edit.span == Span::at(line_end) && !edit.text.is_empty());
            if followed || !self.ends_in_scalar {
                *start = line_end;
            }
        }
        if let Some((scalar, closing)) = self.closing {
            let gone = merged.iter().any(|&(start, end)| (start..end).contains(&scalar))
                || edits.iter().any(|edit| edit.span.range().contains(&scalar));
            edits.extend((!gone).then_some(closing));
        }
        edits.extend(merged.into_iter().map(|(start, end)| Edit::remove(Span::new(start, end))));
        sort::by_key(&mut edits, |edit| edit.span);
        let mut out: Vec<Edit> = Vec::with_capacity(edits.len());
        for edit in edits {
            match out.last_mut() {
                Some(last) if edit.span.start < last.span.end => {
                    return Err("The changes touch each other in a way that cannot be untangled.".to_owned());
                }
                // What is inserted at one place is one edit, so that its order cannot be lost.
                Some(last) if last.span.is_empty() && last.span.end == edit.span.start => {
                    last.span.end = edit.span.end;
                    last.text.push_str(&edit.text);
                }
                _ => out.push(edit),
            }
        }
        Ok(out)
    }
}
