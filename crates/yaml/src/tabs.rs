//! Tabs that Kubernetes' reader refuses and a parser of YAML 1.2 takes for blank space.
//!
//! go-yaml v2 skips a tab outside of brackets only behind something on the same line, and not behind the mark of a list or of
//! a key. Behind a plain scalar it also skips the tabs of the next lines, unless they stand left of the block's content.
//! Sources: `scannerc.go`, `yaml_parser_scan_to_next_token` and `yaml_parser_scan_plain_scalar`.

use watertight_text::Span;

/// What stands before the blank space that is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Before {
    /// The beginning of the text, or a block scalar: a line begins here.
    LineStart,
    /// A plain scalar outside of brackets, in a block whose content begins right of this column.
    Plain(Option<usize>),
    /// An anchor or a tag, whose event comes behind that of its node.
    Property,
    /// Anything else.
    Token,
}

/// The first tab in the blank space, comments and marks at the beginning of `rest`, at byte `at` of the text, that makes
/// Kubernetes' reader give up.
pub(crate) fn refused(text: &str, at: usize, before: Before) -> Option<Span> {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let mut line_begins = before == Before::LineStart;
    let mut skipped = 0;
    if let Before::Plain(block) = before {
        let mut column = None;
        for byte in rest {
            match (byte, &mut column) {
                (b'\n' | b'\r', _) => column = Some(0),
                (b'\t', Some(column)) if block.is_some_and(|block| *column <= block) => return Some(tab(at + skipped)),
                (b' ' | b'\t', Some(column)) => *column += 1,
                (b' ' | b'\t', None) => {}
                _ => break,
            }
            skipped += 1;
        }
        line_begins = column.is_some();
    }
    let mut bytes = rest.iter().enumerate().skip(skipped).peekable();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'\n' | b'\r' => line_begins = true,
            b' ' => {}
            b'\t' if line_begins => return Some(tab(at + place)),
            b'\t' => {}
            b'#' => while bytes.next_if(|(_, byte)| !matches!(byte, b'\n' | b'\r')).is_some() {},
            b'-' | b'?' if bytes.peek().is_none_or(|(_, next)| is_blank(**next)) => line_begins = true,
            // Behind a key that is marked with `?` a key may begin.
            b':' if bytes.peek().is_none_or(|(_, next)| is_blank(**next)) => {}
            _ => return None,
        }
    }
    None
}

/// The first tab before the first word of a block scalar that begins at byte `at`, where its lines tell how far it is
/// indented: go-yaml counts spaces only. Source: `yaml_parser_scan_block_scalar_breaks`.
pub(crate) fn in_block_scalar(text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..).unwrap_or_default();
    let (header, body) = rest.split_once('\n')?;
    let header = header.split([' ', '\t', '#', '\r']).next().unwrap_or_default();
    if header.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let blank = body.len() - body.trim_start_matches([' ', '\t', '\n', '\r']).len();
    let place = body.get(..blank)?.find('\t')?;
    Some(tab(at + rest.len() - body.len() + place))
}

/// The first tab within a plain scalar of several lines that stands left of the content of its block, which begins right of
/// this column.
pub(crate) fn in_plain(text: &str, scalar: Span, block: usize) -> Option<Span> {
    let mut lines = scalar.slice(text).split_inclusive('\n');
    let mut at = scalar.start as usize + lines.next()?.len();
    for line in lines {
        let blank = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).take(block + 1);
        if let Some(place) = blank.into_iter().position(|byte| byte == b'\t') {
            return Some(tab(at + place));
        }
        at += line.len();
    }
    None
}

fn tab(at: usize) -> Span {
    Span::new(at, at + 1)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
