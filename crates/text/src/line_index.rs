use crate::Span;

/// Where the lines of a text begin. A line ends with LF or CR LF; a lone CR also ends one, as in YAML 1.2 §5.4.
#[derive(Clone, Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
}

impl<'t> LineIndex<'t> {
    /// Reads `text` once.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { text, starts }
    }

    /// How many lines there are; the empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: even an empty text has one line. Here because a `len` without it surprises.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The line that holds the byte at `offset`, from 0.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The bytes of a line with its line end; empty past the last line.
    pub fn line(&self, line: usize) -> Span {
        let end = self.text.len();
        let start = self.starts.get(line).map_or(end, |&s| s as usize);
        let next = self.starts.get(line + 1).map_or(end, |&s| s as usize);
        Span::new(start, next)
    }

    /// The bytes of a line without its line end.
    pub fn content(&self, line: usize) -> Span {
        let span = self.line(line);
        let body = span.slice(self.text).trim_end_matches(['\n', '\r']);
        Span::new(span.start as usize, span.start as usize + body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_every_kind() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.len()).map(|l| index.content(l).slice(text)).collect();
        assert_eq!(lines, ["a", "b", "c", "d"]);
        assert_eq!(index.line_of(7), 3);
    }
}
