//! Outputs of rules: the fields and calls behind percent signs.

use watertight_text::Span;

use crate::compile::operand_type;
use crate::condition::{Operand, parse_operand};

/// A field or call of an output.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// With its percent sign and width.
    pub span: Span,
    /// What stands there.
    pub operand: Operand,
}

/// What is wrong with an output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputError {
    /// The bytes of the output that are meant.
    pub span: Span,
    /// The engine's text.
    pub message: String,
}

/// No name of a field is longer, arguments aside.
const LONGEST_NAME: usize = 200;

/// Reads an output. The engine takes the longest field that it finds behind a percent sign, so that `%proc.namee` is
/// `%proc.name` with an `e` behind it.
///
/// # Errors
///
/// The first fault, as the engine words it.
pub fn tokens(output: &str) -> Result<Vec<Token>, OutputError> {
    let error = |start: usize, end: usize, message: &str| {
        Err(OutputError { span: Span::new(start, end), message: message.to_owned() })
    };
    if output.is_empty() {
        return error(0, 0, "empty formatting token");
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(offset) = output.get(from..).and_then(|rest| rest.find('%')) {
        let start = from + offset;
        if start + 1 == output.len() {
            return error(start, start + 1, "invalid formatting syntax: formatting cannot end with a %");
        }
        let rest = output.get(start + 1..).unwrap_or_default();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let at = start + 1 + digits;
        if at == output.len() {
            return error(start, at, "invalid formatting syntax: formatting cannot end with a number");
        }
        let Some((operand, length)) = longest(output.get(at..).unwrap_or_default()) else {
            let word =
                output.get(at..).unwrap_or_default().split([' ', '\t', '\n', ',', ')']).next().map_or(0, str::len);
            return error(start, at + word, "unknown filter: unexpected token after '");
        };
        found.push(Token { span: Span::new(start, at + length), operand });
        from = at + length;
    }
    Ok(found)
}

/// The longest beginning that is a known field or a call that the engine can make, with its length.
fn longest(text: &str) -> Option<(Operand, usize)> {
    let known = |text: &str| {
        let (operand, end) = parse_operand(text, 0).ok()?;
        operand_type(&operand).ok().map(|_| (operand, end))
    };
    if let Some(found) = known(text) {
        return Some(found);
    }
    // Without what stands in brackets, then letter by letter.
    let name = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
    if text.as_bytes().get(name) == Some(&b'(') {
        let (_, end) = parse_operand(text, 0).ok()?;
        let call = text.get(..end)?.rfind(")[")? + 1;
        return known(text.get(..call)?);
    }
    (1..=name.min(LONGEST_NAME)).rev().find_map(|length| known(text.get(..length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, expected: Result<&[&str], &str>) {
        let ours = tokens(output);
        let ours = ours.as_ref().map(|found| found.iter().map(|token| token.span.slice(output)).collect::<Vec<_>>());
        assert_eq!(ours.as_deref().map_err(|error| error.message.as_str()), expected, "{output}");
    }

    #[test]
    fn fields_are_found() {
        check("x %proc.name y", Ok(&["%proc.name"]));
        check("%proc.namee%user.name", Ok(&["%proc.name", "%user.name"]));
        check("%20proc.name", Ok(&["%20proc.name"]));
        check("%toupper(proc.name)x", Ok(&["%toupper(proc.name)"]));
        check("%toupper(proc.name)[x]", Ok(&["%toupper(proc.name)"]));
        check("%container.mount.dest[/x y]", Err("unknown filter: unexpected token after '"));
        check("%container.mount.dest[/x] y", Ok(&["%container.mount.dest[/x]"]));
        check("%proc.name[x]", Ok(&["%proc.name"]));
        check("%proc.aname[2]", Ok(&["%proc.aname[2]"]));
        check("%evt.arg.flags.", Ok(&["%evt.arg.flags"]));
        check("no fields", Ok(&[]));
    }

    #[test]
    fn errors_are_the_engines() {
        let unknown = Err("unknown filter: unexpected token after '");
        for output in ["100% sure", "%%proc.name", "%proc.nmae", "%tolower(proc.nmae)", "%evt.arg"] {
            check(output, unknown);
        }
        check("", Err("empty formatting token"));
        check("100%", Err("invalid formatting syntax: formatting cannot end with a %"));
        check("%20", Err("invalid formatting syntax: formatting cannot end with a number"));
    }
}
