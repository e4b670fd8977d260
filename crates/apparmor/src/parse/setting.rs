//! `key=value`, `key=(a, b)`, `key in (a, b)`.

use super::{Parse, Parser};
use crate::lex::{TokenKind, Word};
use crate::tree::{Setting, Sign};

impl Parser<'_> {
    /// As many as there are.
    pub(super) fn settings(&mut self) -> Parse<Vec<Setting>> {
        let mut settings = Vec::new();
        while let Some(key) = self.take_if(TokenKind::Key) {
            let name = self.text_of(key);
            let (sign, values) = if self.take_if(TokenKind::Equals).is_some() {
                if self.take_if(TokenKind::OpenParen).is_some() {
                    (Sign::Is, self.values_in_brackets()?)
                } else {
                    let value = self.expect(TokenKind::Value, "a value")?;
                    (Sign::Is, vec![self.text_of(value)])
                }
            } else if self.take_word(Word::In).is_some() {
                self.expect(TokenKind::OpenParen, "`(`")?;
                (Sign::In, self.values_in_brackets()?)
            } else {
                (Sign::Alone, Vec::new())
            };
            settings.push(Setting { name, sign, values, span: self.from(key.span) });
        }
        Ok(settings)
    }
}
