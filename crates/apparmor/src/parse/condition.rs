//! The condition of an `if` and the value of a boolean variable.

use super::{Parse, Parser};
use crate::lex::{Token, TokenKind, Word};
use crate::tree::{Comparison, Condition, Operand};

impl Parser<'_> {
    /// `or` binds weakest, then `and`, then `not`.
    pub(super) fn condition(&mut self) -> Parse<Condition> {
        let start = self.peek().span;
        let mut left = self.conjunction()?;
        while self.take_word(Word::Or).is_some() {
            let right = self.conjunction()?;
            left = Condition::Or(Box::new(left), Box::new(right), self.from(start));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Parse<Condition> {
        let start = self.peek().span;
        let mut left = self.negation()?;
        while self.take_word(Word::And).is_some() {
            let right = self.negation()?;
            left = Condition::And(Box::new(left), Box::new(right), self.from(start));
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parse<Condition> {
        let Some(not) = self.take_word(Word::Not) else { return self.question() };
        let inner = self.deeper(not.span, Self::negation)?;
        Ok(Condition::Not(Box::new(inner), self.from(not.span)))
    }

    fn question(&mut self) -> Parse<Condition> {
        let token = self.peek();
        match token.kind {
            TokenKind::BooleanVariable => {
                self.take();
                Ok(Condition::Boolean(self.name_of(token)))
            }
            TokenKind::OpenParen => {
                self.take();
                let inner = self.deeper(token.span, Self::condition)?;
                self.expect(TokenKind::CloseParen, "`)`")?;
                Ok(inner)
            }
            TokenKind::Word(Word::Defined) => {
                self.take();
                let name = self.peek();
                let operand = match name.kind {
                    TokenKind::SetVariable => Operand::Variable(self.name_of(name)),
                    TokenKind::BooleanVariable => Operand::Boolean(self.name_of(name)),
                    _ => return Err(self.unexpected("a variable")),
                };
                self.take();
                Ok(Condition::Defined(operand, self.from(token.span)))
            }
            TokenKind::Id | TokenKind::SetVariable => {
                self.take();
                let left = self.operand(token);
                let Some(operator) = comparison(self.peek().kind) else { return Ok(Condition::Value(left)) };
                self.take();
                let right = self.peek();
                if !matches!(right.kind, TokenKind::Id | TokenKind::SetVariable) {
                    return Err(self.unexpected("a value or a variable to compare with"));
                }
                self.take();
                let right = self.operand(right);
                Ok(Condition::Compare { left, operator, right, span: self.from(token.span) })
            }
            _ => Err(self.unexpected("a condition")),
        }
    }

    fn operand(&self, token: Token) -> Operand {
        if token.kind == TokenKind::SetVariable {
            Operand::Variable(self.name_of(token))
        } else {
            Operand::Value(self.text_of(token))
        }
    }
}

fn comparison(kind: TokenKind) -> Option<Comparison> {
    Some(match kind {
        TokenKind::Equal => Comparison::Equal,
        TokenKind::NotEqual => Comparison::NotEqual,
        TokenKind::Word(Word::In) => Comparison::In,
        TokenKind::Greater => Comparison::Greater,
        TokenKind::GreaterOrEqual => Comparison::GreaterOrEqual,
        TokenKind::Less => Comparison::Less,
        TokenKind::LessOrEqual => Comparison::LessOrEqual,
        _ => return None,
    })
}
