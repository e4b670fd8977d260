//! What a syntax error is called to a person: what is wrong and what to do, without the parser's own words.

use granit_parser::ErrorKind;
use watertight_text::Span;

use crate::{Problem, ProblemKind};

/// What is said of a tab where only spaces may stand.
pub(crate) const TAB: &str = "There is a tab in the indentation. YAML allows only spaces there. Replace the tab by spaces, as \
                              many as the lines around have.";

/// The problem for an error of the parser at byte `at`; `open` are the brackets around the place, the innermost last.
pub(crate) fn syntax(text: &str, kind: &ErrorKind, at: usize, open: &[Span]) -> Problem {
    let innermost = open.last().copied();
    let mut span = match kind {
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::UnexpectedCharacter { .. }
        | ErrorKind::BomInsideDocument => character(text, at).unwrap_or_else(|| token(text, at)),
        _ => token(text, at),
    };
    let mut related = None;
    let mut problem = ProblemKind::Syntax;
    let message = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => {
            span = tab(text, at).unwrap_or(span);
            TAB.to_owned()
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            let word = bracket(*open);
            format!("This {word} is opened and never closed. Add the closing one, `{}`.", closing(*open))
        }
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => match innermost {
            Some(opened) => {
                span = opened;
                "This bracket is opened and never closed. Add the closing one.".to_owned()
            }
            None => "The text ends inside of brackets. Add the closing one.".to_owned(),
        },
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            // The parser points at the one that opens.
            if let Some(closes) = mismatch(text, at) {
                related = Some(span);
                span = closes;
            }
            format!(
                "`{close}` closes what a {} opened. Close it with `{}` first.",
                bracket(*open),
                closing(*open)
            )
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            "This bracket closes nothing: none is open here. Remove it, or put the value in quotes if it is meant as text."
                .to_owned()
        }
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::FlowMappingValueAdjacentCollection
        | ErrorKind::InvalidFlowScalarIndent => {
            related = innermost;
            "Inside of brackets a comma or the closing bracket should stand here. Perhaps the bracket before was never \
             closed."
                .to_owned()
        }
        ErrorKind::UnclosedQuotedScalar => {
            "This quotation mark is opened and never closed. Add the closing one.".to_owned()
        }
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            "This quotation mark is still open when the next document begins. Add the closing one.".to_owned()
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "Something stands behind the closing quotation mark. Put the whole value in quotes, or escape the quotation \
             mark inside of it."
                .to_owned()
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            "YAML does not know this backslash escape. Inside of double quotes write a backslash as `\\\\`, or use single \
             quotes, where a backslash is only a backslash."
                .to_owned()
        }
        ErrorKind::MappingValueNotAllowed => {
            "A colon makes a key, and no key can stand here. If it belongs to the value, put the value in quotes. If it is \
             a key, give it its own line with the indentation of its neighbours."
                .to_owned()
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "This line is no key and no value: a colon and a space are missing, as in `key: value`. A key must also stand on \
             one line and be shorter than 1,024 characters."
                .to_owned()
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEofBlockSequence => {
            "The indentation of this line fits none of the lines above. Give it as many spaces as the lines it belongs to; \
             list items begin with a dash."
                .to_owned()
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            "A list item cannot begin here. Put the dash on its own line, indented under the key it belongs to.".to_owned()
        }
        ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace
        | ErrorKind::ExpectedWhitespace => "A space is missing here.".to_owned(),
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            "A value cannot begin with a dash and a bracket or comma. Put it in quotes.".to_owned()
        }
        ErrorKind::CommentNotSeparated => {
            "A comment needs a space before its `#`. If the `#` belongs to the value, put the value in quotes.".to_owned()
        }
        ErrorKind::CommentInterceptedScalar => {
            "A comment stands between the lines of one text, and what follows belongs to nothing. Remove the comment, or \
             give the next line its own key."
                .to_owned()
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            problem = ProblemKind::Binary;
            // The parser points at the scalar around it.
            let from = text.floor_char_boundary(at);
            if let Some(offset) = text.get(from..).and_then(|rest| rest.find(*character)) {
                span = Span::new(from + offset, from + offset + character.len_utf8());
            }
            control(*character)
        }
        ErrorKind::UnexpectedCharacter { character } => {
            format!("A value cannot begin with `{character}`, which YAML keeps for itself. Put the value in quotes.")
        }
        ErrorKind::BomInsideDocument => {
            "A byte order mark, an invisible character, stands inside of the document. Remove it; it often comes along when \
             files are joined."
                .to_owned()
        }
        ErrorKind::MissingAnchorOrAliasName => {
            "A name is missing behind `*` or `&`. If the character belongs to the value, put the value in quotes.".to_owned()
        }
        ErrorKind::UndeclaredTagHandle => {
            "This tag uses a prefix that no `%TAG` line declares. Remove the tag, or put the value in quotes if it is text."
                .to_owned()
        }
        ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidGlobalTagCharacter
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri
        | ErrorKind::UnclosedVerbatimTag
        | ErrorKind::InvalidTagEscape
        | ErrorKind::InvalidTagUtf8LeadingByte
        | ErrorKind::InvalidTagUtf8TrailingByte
        | ErrorKind::InvalidTagUtf8 => {
            "What begins with `!` is a tag, and this one is not well-formed. Put the value in quotes if it is text."
                .to_owned()
        }
        ErrorKind::ZeroBlockScalarIndent
        | ErrorKind::InvalidBlockScalarHeader
        | ErrorKind::InvalidBlockScalarIndent => {
            "After `|` or `>` the text begins on the next line, and all its lines are indented at least as far as the \
             first. Only `-`, `+` and a number may follow the sign. Put the value in quotes if it is no block of text."
                .to_owned()
        }
        ErrorKind::InvalidQuotedScalarIndent => {
            "The lines of this quoted text must be indented deeper than its key. Perhaps a closing quotation mark is missing."
                .to_owned()
        }
        ErrorKind::InvalidDocumentEnd | ErrorKind::ExpectedDocumentStart => {
            "The document is over at this place, and something follows. Begin a new document with a line `---`, or check \
             the indentation of the lines above."
                .to_owned()
        }
        ErrorKind::MissingDocumentEndBeforeDirective
        | ErrorKind::DuplicateVersionDirective
        | ErrorKind::UnsupportedYamlMajorVersion
        | ErrorKind::DuplicateTagDirective
        | ErrorKind::ExpectedTagDirectiveBang
        | ErrorKind::InvalidDirectiveTerminator
        | ErrorKind::MissingYamlVersionSeparator
        | ErrorKind::MissingDirectiveName
        | ErrorKind::InvalidDirectiveName
        | ErrorKind::DirectiveByteLimitExceeded { .. }
        | ErrorKind::TooManyReservedDirectiveParams { .. }
        | ErrorKind::YamlVersionTooLong
        | ErrorKind::MissingYamlVersion
        | ErrorKind::InvalidTagDirectiveTerminator => {
            "A line that begins with `%` is an instruction to the YAML reader, and this one is not understood or stands in \
             the wrong place. Manifests need none: remove it."
                .to_owned()
        }
        _ => "This is not YAML from here on. Check the indentation, the colons and the quotation marks of this line and of \
              the one above."
            .to_owned(),
    };
    Problem { kind: problem, span, related, route: None, message }
}

/// The sentence for a character that YAML does not allow at all.
pub(crate) fn control(character: char) -> String {
    format!(
        "The invisible control character U+{:04X} stands here, which YAML does not allow. Remove it; it often comes along \
         when text is copied from a terminal or a document.",
        u32::from(character)
    )
}

fn bracket(open: char) -> &'static str {
    if open == '{' { "brace `{`" } else { "bracket `[`" }
}

fn closing(open: char) -> char {
    if open == '{' { '}' } else { ']' }
}

/// What to underline: the word at the place, at least one character. At a line end the last word of the line, or of the
/// last line with anything on it.
fn token(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at);
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
    if word > 0 {
        return Span::new(at, at + word);
    }
    let line_rest = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let behind = rest.get(..line_rest).unwrap_or_default();
    if let Some(offset) = behind.find(|c: char| !c.is_whitespace()) {
        let word = behind.get(offset..).unwrap_or_default();
        let length = word.find([' ', '\t']).unwrap_or(word.len());
        return Span::new(at + offset, at + offset + length);
    }
    let before = text.get(..at).unwrap_or_default().trim_end();
    let start = before.rfind([' ', '\t', '\n', '\r']).map_or(0, |space| space + 1);
    if start < before.len() { Span::new(start, before.len()) } else { Span::at(at) }
}

/// The character at the place; `None` for blank space.
fn character(text: &str, at: usize) -> Option<Span> {
    let at = text.floor_char_boundary(at);
    let character = text.get(at..)?.chars().next().filter(|c| !c.is_whitespace())?;
    Some(Span::new(at, at + character.len_utf8()))
}

/// The first bracket from `at` on that closes another kind of bracket, quoted text left out.
fn mismatch(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut quote = None;
    let mut place = at;
    while let Some(&byte) = bytes.get(place) {
        match (quote, byte) {
            (Some(b'"'), b'\\') => place += 1,
            (Some(mark), _) if mark == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => open.push(b']'),
            (None, b'{') => open.push(b'}'),
            (None, b']' | b'}') if open.pop() != Some(byte) => return Some(Span::new(place, place + 1)),
            _ => {}
        }
        place += 1;
    }
    None
}

/// The first tab on the line of `at`, or of the next one.
fn tab(text: &str, at: usize) -> Option<Span> {
    let at = text.floor_char_boundary(at);
    let start = text.get(..at)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let found = start + text.get(start..)?.find('\t')?;
    Some(Span::new(found, found + 1))
}
