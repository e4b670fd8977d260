//! Reading expressions.

use super::class::Class;

/// The largest number of repetitions, also of repetitions within each other.
const MAX_REPEAT: u32 = 1000;

/// A part of an expression.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    /// Nothing.
    Empty,
    /// One character of a class.
    Class(Class),
    /// The beginning of the text or of a line.
    LineStart,
    /// The end of the text or of a line.
    LineEnd,
    /// One after the other.
    Sequence(Vec<Self>),
    /// One of them.
    Choice(Vec<Self>),
    /// At least `min` times, at most `max` times.
    Repeat { part: Box<Self>, min: u32, max: Option<u32> },
}

/// Parts that are read but not yet joined: those of an open parenthesis.
#[derive(Default)]
struct Group {
    /// Finished branches.
    branches: Vec<Node>,
    /// The parts of the branch being read.
    parts: Vec<Node>,
}

impl Group {
    fn end_branch(&mut self) {
        let mut parts = std::mem::take(&mut self.parts);
        self.branches.push(match parts.len() {
            0 => Node::Empty,
            1 => parts.pop().unwrap_or(Node::Empty),
            _ => Node::Sequence(parts),
        });
    }

    fn close(mut self) -> Node {
        self.end_branch();
        match self.branches.len() {
            1 => self.branches.pop().unwrap_or(Node::Empty),
            _ => Node::Choice(self.branches),
        }
    }
}

/// Reads an expression. The error is RE2's.
pub(super) fn parse(pattern: &str) -> Result<Node, String> {
    let mut open = Vec::new();
    let mut group = Group::default();
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        match next {
            '(' => {
                open.push(std::mem::take(&mut group));
                rest = after;
            }
            ')' => {
                let Some(outer) = open.pop() else { return Err(["unexpected ): ", pattern].concat()) };
                let inner = std::mem::replace(&mut group, outer);
                group.parts.push(inner.close());
                rest = after;
            }
            '|' => {
                group.end_branch();
                rest = after;
            }
            '^' => {
                group.parts.push(Node::LineStart);
                rest = after;
            }
            '$' => {
                group.parts.push(Node::LineEnd);
                rest = after;
            }
            '.' => {
                group.parts.push(Node::Class(Class::dot()));
                rest = after;
            }
            '[' => {
                let (class, after) = class(rest)?;
                group.parts.push(Node::Class(class));
                rest = after;
            }
            '*' | '+' | '?' => {
                let (min, max) = match next {
                    '*' => (0, None),
                    '+' => (1, None),
                    _ => (0, Some(1)),
                };
                let operator = rest.get(..1).unwrap_or_default();
                repeat(&mut group, min, max, operator)?;
                rest = after;
            }
            '{' => match counts(after) {
                Some((min, max, behind)) => {
                    let length = rest.len() - behind.len();
                    let operator = rest.get(..length).unwrap_or_default();
                    if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || max < min) {
                        return Err(["invalid repetition size: ", operator].concat());
                    }
                    repeat(&mut group, min, max, operator)?;
                    rest = behind;
                }
                None => {
                    group.parts.push(literal('{'));
                    rest = after;
                }
            },
            '\\' => {
                let (character, after) = escape(rest)?;
                group.parts.push(Node::Class(Class::one(character)));
                rest = after;
            }
            other => {
                group.parts.push(literal(other));
                rest = after;
            }
        }
    }
    if open.is_empty() { Ok(group.close()) } else { Err(["missing ): ", pattern].concat()) }
}

fn literal(character: char) -> Node {
    Node::Class(Class::one(u32::from(character)))
}

/// Repeats the part that was read last.
fn repeat(group: &mut Group, min: u32, max: Option<u32>, operator: &str) -> Result<(), String> {
    let Some(part) = group.parts.pop() else {
        return Err(["no argument for repetition operator: ", operator].concat());
    };
    // A star of a star and the like is that star; `min` and `max` of 0, 1 or no end are all that is meant here.
    let part = match part {
        Node::Repeat { part, min: inner_min @ (0 | 1), max: inner_max @ (None | Some(1)) }
            if matches!((min, max), (0, None | Some(1)) | (1, None)) && (inner_min, inner_max) != (1, Some(1)) =>
        {
            let same = (min, max) == (inner_min, inner_max);
            let (min, max) = if same { (min, max) } else { (0, None) };
            group.parts.push(Node::Repeat { part, min, max });
            return Ok(());
        }
        part => part,
    };
    let part = Node::Repeat { part: Box::new(part), min, max };
    if (min >= 2 || max.is_some_and(|max| max >= 2)) && room(&part, MAX_REPEAT) == 0 {
        return Err(["invalid repetition size: ", operator].concat());
    }
    group.parts.push(part);
    Ok(())
}

/// How many more repetitions the innermost part could take; 0 when there are too many already.
///
/// Its depth is that of the parentheses and repetitions, which the length of an expression limits.
fn room(node: &Node, left: u32) -> u32 {
    match node {
        Node::Repeat { part, min, max } => {
            let times = max.unwrap_or(*min);
            room(part, left.checked_div(times).unwrap_or(left))
        }
        Node::Sequence(parts) | Node::Choice(parts) => parts.iter().map(|part| room(part, left)).min().unwrap_or(left),
        _ => left,
    }
}

/// What stands behind an opening brace, if it is a number of repetitions: least, most, and the rest.
fn counts(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (min, rest) = count(text)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (max, rest) = count(rest)?;
            (Some(max), rest)
        }
    };
    Some((min, max, rest.strip_prefix('}')?))
}

/// A number without leading zeros. Numbers that are much too large stay much too large.
fn count(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}

/// A class in brackets at the start of `text`, and what follows it.
fn class(text: &str) -> Result<(Class, &str), String> {
    let mut class = Class::default();
    let mut rest = text.get(1..).unwrap_or_default();
    let negated = rest.starts_with('^');
    rest = rest.strip_prefix('^').unwrap_or(rest);
    let mut first = true;
    while !rest.is_empty() && (first || !rest.starts_with(']')) {
        if rest.starts_with('-') && !first && !rest.starts_with("-]") {
            let length = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            return Err(match rest.get(..length) {
                // Nothing follows the dash: RE2 finds no character there.
                Some("-") | None => "invalid UTF-8".to_owned(),
                Some(range) => ["invalid character class range: ", range].concat(),
            });
        }
        first = false;
        if let Some(after) = rest.strip_prefix("[:")
            && let Some((name, after)) = after.split_once(":]")
        {
            let Some(named) = Class::named(name) else {
                return Err(["invalid character class range: [:", name, ":]"].concat());
            };
            class.add_all(&named);
            rest = after;
            continue;
        }
        let range = rest;
        let (low, after) = member(rest, text)?;
        rest = after;
        let mut high = low;
        if let Some(after) = rest.strip_prefix('-')
            && !after.is_empty()
            && !after.starts_with(']')
        {
            (high, rest) = member(after, text)?;
            if high < low {
                let range = range.get(..range.len() - rest.len()).unwrap_or_default();
                return Err(["invalid character class range: ", range].concat());
            }
        }
        class.add(low, high);
    }
    match rest.strip_prefix(']') {
        Some(after) => Ok((class.finish(negated), after)),
        None => Err(["missing ]: ", text].concat()),
    }
}

/// One character of a class.
fn member<'t>(text: &'t str, whole: &str) -> Result<(u32, &'t str), String> {
    if text.starts_with('\\') {
        return escape(text);
    }
    let Some(next) = text.chars().next() else { return Err(["missing ]: ", whole].concat()) };
    Ok((u32::from(next), text.get(next.len_utf8()..).unwrap_or_default()))
}

/// The character of an escape at the start of `text`, and what follows it.
fn escape(text: &str) -> Result<(u32, &str), String> {
    let mut characters = text.chars();
    characters.next();
    let Some(letter) = characters.next() else { return Err("trailing \\".to_owned()) };
    let bad = |rest: &str| {
        let escape = text.get(..text.len() - rest.len()).unwrap_or_default();
        Err(["invalid escape sequence: ", escape].concat())
    };
    let rest = characters.as_str();
    let character = match letter {
        'a' => 0x07,
        'f' => 0x0c,
        'n' => 0x0a,
        'r' => 0x0d,
        't' => 0x09,
        'v' => 0x0b,
        '0'..='7' => return octal(letter, rest).map_or_else(|| bad(rest), Ok),
        'x' => return hexadecimal(rest).or_else(bad),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => u32::from(other),
        _ => return bad(rest),
    };
    Ok((character, rest))
}

/// Up to three octal digits, of which the first is read; a single one that is not zero would refer back to a group.
fn octal(first: char, rest: &str) -> Option<(u32, &str)> {
    let more = rest.bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    if first != '0' && more == 0 {
        return None;
    }
    let (digits, rest) = rest.split_at_checked(more)?;
    let start = first.to_digit(8)?;
    Some((digits.chars().filter_map(|digit| digit.to_digit(8)).fold(start, |all, digit| all * 8 + digit), rest))
}

/// Two hexadecimal digits, or any number of them in braces; the error is what follows the part that was looked at.
fn hexadecimal(rest: &str) -> Result<(u32, &str), &str> {
    let mut characters = rest.chars();
    if let Some(inner) = rest.strip_prefix('{') {
        let mut characters = inner.chars();
        let mut value = None;
        while let Some(next) = characters.next() {
            match next.to_digit(16) {
                Some(digit) => {
                    let sum: u32 = value.unwrap_or(0) * 16 + digit;
                    if sum > 0x10_ffff {
                        return Err(characters.as_str());
                    }
                    value = Some(sum);
                }
                None if next == '}' => {
                    return value.map(|value| (value, characters.as_str())).ok_or(characters.as_str());
                }
                None => return Err(characters.as_str()),
            }
        }
        return Err("");
    }
    let digits = (characters.next(), characters.next());
    let after = characters.as_str();
    match digits {
        (Some(high), Some(low)) => match (high.to_digit(16), low.to_digit(16)) {
            (Some(high), Some(low)) => Ok((high * 16 + low, after)),
            _ => Err(after),
        },
        _ => Err(after),
    }
}
