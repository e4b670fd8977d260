//! Reading a condition, to the letter of the engine's own parser.
//!
//! Each method is one of the engine's steps, and counts towards its nesting limit as there; that is why the division into
//! methods is kept.

use super::lex::{Lexer, ParseError};
use super::tree::{
    Call, Check, Expr, ExprKind, FieldUse, MacroUse, Modifier, Operand, OperandList, Operator, Place, Right,
    Transformer, Value, ValueList,
};

/// The nesting limit of a filter that stands alone, in steps of the parser. One pair of parentheses takes five.
pub const FILTER_DEPTH: u32 = 100;
/// The nesting limit of the conditions of rules and macros.
pub const RULE_DEPTH: u32 = 1000;

const TRANSFORMERS: &str = "'val', 'tolower', 'toupper', 'b64', 'basename', 'len', 'join', 'concat', 'getopt'";

/// Reads `text` as a condition. The places in the tree name the text by `source`.
///
/// # Errors
///
/// The first fault, as the engine words it; nothing of the text is read then.
pub fn parse(text: &str, source: u32, depth: u32) -> Result<Expr, ParseError> {
    let mut parser = Parser { lexer: Lexer::new(text, source), depth: 0, limit: depth };
    if text.is_empty() {
        return Err(parser.lexer.error("filter input string is empty"));
    }
    let expr = parser.or()?;
    if !parser.lexer.is_done() {
        return Err(parser.lexer.unexpected());
    }
    Ok(expr)
}

/// Reads the field or call at the start of `text`, as the outputs of rules hold them, and says where it ends.
///
/// # Errors
///
/// The first fault, as the engine words it.
pub fn parse_operand(text: &str, source: u32) -> Result<(Operand, usize), ParseError> {
    let mut parser = Parser { lexer: Lexer::new(text, source), depth: 0, limit: FILTER_DEPTH };
    let start = parser.lexer.at();
    let operand = match parser.lexer.field_name() {
        Some(name) => Operand::Field(parser.field(name)?),
        None => match parser.transformer() {
            Some(transformer) => Operand::Call(Box::new(parser.call(transformer, start)?)),
            None => return Err(parser.lexer.unexpected()),
        },
    };
    Ok((operand, parser.lexer.at()))
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    depth: u32,
    limit: u32,
}

impl Parser<'_> {
    /// Goes one step deeper. The way back is to set the depth to what this returns.
    fn enter(&mut self) -> Result<u32, ParseError> {
        let before = self.depth;
        self.depth += 1;
        if self.depth >= self.limit {
            let limit = self.limit.to_string();
            return Err(self.lexer.error(["exceeded max depth limit of ", &limit].concat()));
        }
        Ok(before)
    }

    fn or(&mut self) -> Result<Expr, ParseError> {
        self.chain("or", Self::and, ExprKind::Or)
    }

    fn and(&mut self) -> Result<Expr, ParseError> {
        self.chain("and", Self::not, ExprKind::And)
    }

    fn chain(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Expr, ParseError>,
        kind: fn(Vec<Expr>) -> ExprKind,
    ) -> Result<Expr, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let start = self.lexer.at();
        let first = part(self)?;
        let mut others = Vec::new();
        let mut end = self.lexer.since(start);
        self.lexer.blank();
        while self.lexer.literal(word).is_some() {
            let next = if self.lexer.blank() {
                part(self)?
            } else if self.lexer.literal("(").is_some() {
                self.embedded()?
            } else {
                return Err(self.lexer.error(["expected blank or '(' after '", word, "'"].concat()));
            };
            others.push(next);
            end = self.lexer.since(start);
            self.lexer.blank();
        }
        self.depth = before;
        if others.is_empty() {
            return Ok(first);
        }
        others.insert(0, first);
        Ok(Expr { place: end, kind: kind(others) })
    }

    fn not(&mut self) -> Result<Expr, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let start = self.lexer.at();
        let mut negated = false;
        while self.lexer.not() {
            negated = !negated;
        }
        let child = if self.lexer.literal("not(").is_some() {
            negated = !negated;
            self.embedded()?
        } else {
            self.check()?
        };
        self.depth = before;
        if !negated {
            return Ok(child);
        }
        Ok(Expr { place: self.lexer.since(start), kind: ExprKind::Not(Box::new(child)) })
    }

    /// What follows an opening parenthesis.
    fn embedded(&mut self) -> Result<Expr, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let child = self.or()?;
        self.lexer.blank();
        if self.lexer.literal(")").is_none() {
            return Err(self.lexer.error("expected a ')' token"));
        }
        self.depth = before;
        Ok(child)
    }

    fn check(&mut self) -> Result<Expr, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let start = self.lexer.at();
        let expr = if self.lexer.literal("(").is_some() {
            self.embedded()?
        } else if let Some(name) = self.lexer.field_name() {
            let left = Operand::Field(self.field(name)?);
            self.comparison(left, start)?
        } else if let Some(transformer) = self.transformer() {
            self.lexer.blank();
            let left = Operand::Call(Box::new(self.call(transformer, start)?));
            self.comparison(left, start)?
        } else if let Some(place) = self.lexer.identifier() {
            Expr { place, kind: ExprKind::Macro(MacroUse { name: self.lexer.slice(place).into(), body: None }) }
        } else {
            return Err(self.lexer.error("expected a '(' token, a field check, or an identifier"));
        };
        self.depth = before;
        Ok(expr)
    }

    /// What may follow a field's name.
    fn field(&mut self, name: Place) -> Result<FieldUse, ParseError> {
        let before = self.enter()?;
        let argument = self.bracket()?;
        self.depth = before;
        Ok(FieldUse {
            place: self.lexer.since(name.span.start as usize),
            name: self.lexer.slice(name).into(),
            name_place: name,
            argument,
        })
    }

    fn bracket(&mut self) -> Result<Option<Value>, ParseError> {
        if self.lexer.literal("[").is_none() {
            return Ok(None);
        }
        let argument = match self.lexer.quoted()? {
            Some(value) => value,
            None => match self.lexer.bare_argument() {
                Some(place) => self.lexer.value(place),
                None => {
                    let message = "expected a valid field argument: a quoted string or a bare string";
                    return Err(self.lexer.error(message));
                }
            },
        };
        if self.lexer.literal("]").is_none() {
            return Err(self.lexer.error("expected a ']' token"));
        }
        Ok(Some(argument))
    }

    /// A transformer's name with its parenthesis, but not `val`.
    fn transformer(&mut self) -> Option<Transformer> {
        let name = self.lexer.peek_identifier();
        let transformer = Transformer::of(name).filter(|&one| one != Transformer::Val)?;
        self.lexer.literal(&[name, "("].concat())?;
        Some(transformer)
    }

    /// What follows a transformer's parenthesis. The name starts at `start`.
    fn call(&mut self, transformer: Transformer, start: usize) -> Result<Call, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.argument()?);
            self.lexer.blank();
            if self.lexer.literal(",").is_none() {
                break;
            }
        }
        let call = self.close(transformer, arguments, start)?;
        self.depth = before;
        Ok(call)
    }

    fn close(&mut self, transformer: Transformer, arguments: Vec<Operand>, start: usize) -> Result<Call, ParseError> {
        self.lexer.blank();
        if self.lexer.literal(")").is_none() {
            return Err(self.lexer.error("expected a ')' token closing the transformer"));
        }
        let key = self.bracket()?;
        Ok(Call { place: self.lexer.since(start), transformer, arguments, key })
    }

    fn argument(&mut self) -> Result<Operand, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let start = self.lexer.at();
        let operand = if let Some(place) = self.lexer.number() {
            Operand::Value(self.lexer.value(place))
        } else if let Some(value) = self.lexer.quoted()? {
            Operand::Value(value)
        } else if self.lexer.literal("(").is_some() {
            Operand::List(self.operands(start)?)
        } else if let Some(transformer) = self.transformer() {
            Operand::Call(Box::new(self.call(transformer, start)?))
        } else if let Some(name) = self.lexer.field_name() {
            Operand::Field(self.field(name)?)
        } else {
            let message = "expected field transformer argument: field, transformer, quoted string, number, or \
                           transformer list";
            return Err(self.lexer.error(message));
        };
        self.depth = before;
        Ok(operand)
    }

    /// The rest of a list of operands that was opened at `start`.
    fn operands(&mut self, start: usize) -> Result<OperandList, ParseError> {
        let mut items = Vec::new();
        self.lexer.blank();
        if self.lexer.literal(")").is_some() {
            return Ok(OperandList { place: self.lexer.since(start), items });
        }
        items.push(self.operand_in_list()?);
        self.lexer.blank();
        while self.lexer.literal(",").is_some() {
            self.lexer.blank();
            items.push(self.operand_in_list()?);
            self.lexer.blank();
        }
        if self.lexer.literal(")").is_none() {
            return Err(self.lexer.error("expected ')'"));
        }
        Ok(OperandList { place: self.lexer.since(start), items })
    }

    fn operand_in_list(&mut self) -> Result<Operand, ParseError> {
        let start = self.lexer.at();
        if let Some(name) = self.lexer.field_name() {
            return Ok(Operand::Field(self.field(name)?));
        }
        if let Some(transformer) = self.transformer() {
            self.lexer.blank();
            return Ok(Operand::Call(Box::new(self.call(transformer, start)?)));
        }
        if let Some(value) = self.lexer.quoted()? {
            return Ok(Operand::Value(value));
        }
        if let Some(place) = self.lexer.number() {
            return Ok(Operand::Value(self.lexer.value(place)));
        }
        Err(self.lexer.error("expected transformer list argument: field, transformer, quoted string, or number"))
    }

    /// The operator behind the left side, and what follows it.
    fn comparison(&mut self, left: Operand, start: usize) -> Result<Expr, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let Some(found) = self.operator() else {
            let mut message = "expected a valid check operator: one of ".to_owned();
            operators(&mut message);
            return Err(self.lexer.error(message));
        };
        let mut modifier = None;
        let right = match found.operator {
            Operator::Exists => Right::Nothing,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => self.number()?,
            Operator::In | Operator::Intersects | Operator::PMatch => self.list()?,
            _ => {
                modifier = self.modifier(found.blank);
                if modifier.is_some() { self.list()? } else { self.string()? }
            }
        };
        self.depth = before;
        let check = Check {
            left,
            operator: found.operator,
            doubled: found.doubled,
            operator_place: found.place,
            modifier,
            right,
        };
        Ok(Expr { place: self.lexer.since(start), kind: ExprKind::Check(std::sync::Arc::new(check)) })
    }

    fn operator(&mut self) -> Option<Found> {
        if let Some(place) = self.lexer.literal("==") {
            let blank = self.lexer.peek_blank();
            return Some(Found { operator: Operator::Equal, doubled: true, place, blank });
        }
        for &operator in OPERATORS {
            let found = match operator {
                Operator::Glob
                | Operator::IGlob
                | Operator::Contains
                | Operator::IContains
                | Operator::BContains
                | Operator::StartsWith
                | Operator::BStartsWith
                | Operator::EndsWith
                | Operator::Regex => self.lexer.word_and_blank(operator.word()).map(|place| (place, true)),
                _ => self.lexer.literal(operator.word()).map(|place| (place, self.lexer.peek_blank())),
            };
            if let Some((place, blank)) = found {
                return Some(Found { operator, doubled: false, place, blank });
            }
        }
        None
    }

    /// A modifier counts with a blank on both sides and a list or a name behind it; otherwise it is a constant.
    fn modifier(&mut self, blank: bool) -> Option<Modifier> {
        self.lexer.blank();
        if !blank {
            return None;
        }
        let modifier = Modifier::of(self.lexer.peek_identifier())?;
        let mut ahead = self.lexer.ahead();
        ahead.word_and_blank(modifier.word())?;
        let name = ahead.peek_identifier();
        let follows = ahead.peek_parenthesis() || !matches!(name, "" | "and" | "or");
        if !follows {
            return None;
        }
        self.lexer.word_and_blank(modifier.word())?;
        Some(modifier)
    }

    fn number(&mut self) -> Result<Right, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let right = if let Some(call) = self.right_call()? {
            Right::Operand(call)
        } else if let Some(place) = self.lexer.number() {
            Right::Value(self.lexer.value(place))
        } else {
            return Err(self.expected("expected a number value or a field with a valid transformer: "));
        };
        self.depth = before;
        Ok(right)
    }

    fn string(&mut self) -> Result<Right, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let right = if let Some(call) = self.right_call()? {
            Right::Operand(call)
        } else if let Some(value) = self.constant()? {
            Right::Value(value)
        } else {
            return Err(self.expected("expected a string value or a field with a valid transformer: "));
        };
        self.depth = before;
        Ok(right)
    }

    fn constant(&mut self) -> Result<Option<Value>, ParseError> {
        if let Some(value) = self.lexer.quoted()? {
            return Ok(Some(value));
        }
        Ok(self.lexer.bare_string().map(|place| self.lexer.value(place)))
    }

    fn string_in_list(&mut self) -> Result<Value, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let Some(value) = self.constant()? else { return Err(self.lexer.error("expected a string value")) };
        self.depth = before;
        Ok(value)
    }

    fn list(&mut self) -> Result<Right, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let start = self.lexer.at();
        let right = if self.lexer.literal("(").is_some() {
            let mut values = Vec::new();
            self.lexer.blank();
            let depth = self.depth;
            // The engine takes any fault of the first constant for an empty list.
            if let Ok(first) = self.string_in_list() {
                values.push(first);
                self.lexer.blank();
                while self.lexer.literal(",").is_some() {
                    values.push(self.string_in_list()?);
                    self.lexer.blank();
                }
            }
            self.depth = depth;
            if self.lexer.literal(")").is_none() {
                return Err(self.lexer.error("expected a ')' token"));
            }
            Right::List(ValueList { place: self.lexer.since(start), values })
        } else if let Some(call) = self.right_call()? {
            Right::Operand(call)
        } else if let Some(place) = self.lexer.identifier() {
            Right::Value(self.lexer.value(place))
        } else {
            return Err(self.expected("expected a list, an identifier, or a field with a valid transformer: "));
        };
        self.depth = before;
        Ok(right)
    }

    fn expected(&self, what: &str) -> ParseError {
        self.lexer.error([what, TRANSFORMERS].concat())
    }

    /// `val(field)` or a call, where a constant could stand.
    fn right_call(&mut self) -> Result<Option<Operand>, ParseError> {
        let before = self.enter()?;
        self.lexer.blank();
        let start = self.lexer.at();
        let call = if self.lexer.literal("val(").is_some() {
            self.lexer.blank();
            let Some(name) = self.lexer.field_name() else {
                return Err(self.lexer.error("expected a field within 'val' transformer"));
            };
            let field = Operand::Field(self.field(name)?);
            self.close(Transformer::Val, vec![field], start)?
        } else if let Some(transformer) = self.transformer() {
            self.lexer.blank();
            self.call(transformer, start)?
        } else {
            self.depth = before;
            return Ok(None);
        };
        self.depth = before;
        Ok(Some(Operand::Call(Box::new(call))))
    }
}

struct Found {
    operator: Operator,
    doubled: bool,
    place: Place,
    /// Whether a blank follows.
    blank: bool,
}

/// In the order in which the engine tries them: `<=` before `<`, and `intersects` before `in`.
const OPERATORS: &[Operator] = Operator::ALL;

fn operators(message: &mut String) {
    let words = OPERATORS.iter().flat_map(|operator| {
        let doubled = (*operator == Operator::Equal).then_some("==");
        doubled.into_iter().chain([operator.word()])
    });
    for (index, word) in words.enumerate() {
        message.push_str(if index == 0 { "'" } else { ", '" });
        message.push_str(word);
        message.push('\'');
    }
}
