//! Reads messages. It does what `serde_json` does with JSON that a program has written, in a third of the code that each
//! type costs there: objects are objects and never lists, and an error is only that there is one. The page is downloaded,
//! so that counts; where people write the JSON, `serde_json` says what is wrong with it.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
    value::StrDeserializer,
};

/// How deep lists and objects may stand in each other; as in `serde_json`.
const DEEPEST: u8 = 128;

/// The text is not what the wanted type looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the message could not be read")
    }
}

impl std::error::Error for Unreadable {}

// All that serde would like to say is left out with the code that says it.
impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads a whole text as one value.
pub fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Unreadable> {
    let mut reader = Reader { rest: json, depth: 0 };
    let value = T::deserialize(&mut reader)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(Unreadable),
    }
}

struct Reader<'de> {
    rest: &'de str,
    depth: u8,
}

/// A number as it is written.
enum Number {
    Natural(u64),
    Negative(i64),
    Fraction(f64),
}

// None of these knows the type that is being read, so each exists once.
impl<'de> Reader<'de> {
    /// The first byte of what comes next, behind white space.
    #[inline(never)]
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\t', '\r']);
        self.rest.bytes().next()
    }

    /// Steps over a word that has to come next.
    #[inline(never)]
    fn expect(&mut self, word: &str) -> Result<(), Unreadable> {
        self.peek();
        self.rest = self.rest.strip_prefix(word).ok_or(Unreadable)?;
        Ok(())
    }

    #[inline(never)]
    fn enter(&mut self, bracket: &str) -> Result<(), Unreadable> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Unreadable) } else { Ok(()) }
    }

    /// Whether another item comes before the closing bracket, which is stepped over.
    #[inline(never)]
    fn more(&mut self, first: &mut bool, bracket: u8) -> Result<bool, Unreadable> {
        let next = self.peek();
        if next == Some(bracket) {
            self.rest = self.rest.get(1..).unwrap_or_default();
            self.depth -= 1;
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.expect(",")?;
        }
        Ok(true)
    }

    /// The name of the next field, with its colon; `None` at the end of the object.
    #[inline(never)]
    fn name(&mut self, first: &mut bool) -> Result<Option<Cow<'de, str>>, Unreadable> {
        if !self.more(first, b'}')? {
            return Ok(None);
        }
        let name = self.string()?;
        self.expect(":")?;
        Ok(Some(name))
    }

    #[inline(never)]
    fn string(&mut self) -> Result<Cow<'de, str>, Unreadable> {
        self.expect("\"")?;
        let mut text = Cow::Borrowed("");
        loop {
            let stop = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).ok_or(Unreadable)?;
            let (plain, rest) = self.rest.split_at_checked(stop).ok_or(Unreadable)?;
            self.rest = rest;
            match &mut text {
                Cow::Borrowed("") => text = Cow::Borrowed(plain),
                text => text.to_mut().push_str(plain),
            }
            let mut chars = self.rest.chars();
            match chars.next() {
                Some('"') => {
                    self.rest = chars.as_str();
                    return Ok(text);
                }
                Some('\\') => {
                    self.rest = chars.as_str();
                    let escaped = self.escaped()?;
                    text.to_mut().push(escaped);
                }
                _ => return Err(Unreadable),
            }
        }
    }

    /// What a backslash stands for, behind it.
    fn escaped(&mut self) -> Result<char, Unreadable> {
        let mut chars = self.rest.chars();
        let kind = chars.next().ok_or(Unreadable)?;
        self.rest = chars.as_str();
        Ok(match kind {
            '"' | '\\' | '/' => kind,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let mut code = self.hex()?;
                if (0xd800..0xdc00).contains(&code) {
                    self.rest = self.rest.strip_prefix("\\u").ok_or(Unreadable)?;
                    let low = self.hex()?;
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err(Unreadable);
                    }
                    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                }
                char::from_u32(code).ok_or(Unreadable)?
            }
            _ => return Err(Unreadable),
        })
    }

    fn hex(&mut self) -> Result<u32, Unreadable> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(Unreadable)?;
        self.rest = rest;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Unreadable);
        }
        u32::from_str_radix(digits, 16).map_err(|_| Unreadable)
    }

    #[inline(never)]
    fn number(&mut self) -> Result<Number, Unreadable> {
        self.peek();
        let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let end = self.rest.bytes().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end).ok_or(Unreadable)?;
        self.rest = rest;
        if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(Unreadable);
        }
        if let Ok(number) = text.parse() {
            return Ok(Number::Natural(number));
        }
        if let Ok(number) = text.parse() {
            return Ok(Number::Negative(number));
        }
        text.parse().map(Number::Fraction).map_err(|_| Unreadable)
    }

    #[inline(never)]
    fn boolean(&mut self) -> Result<bool, Unreadable> {
        let value = self.peek() == Some(b't');
        self.expect(if value { "true" } else { "false" })?;
        Ok(value)
    }

    /// Steps over a value that nobody wants.
    #[inline(never)]
    fn skip(&mut self) -> Result<(), Unreadable> {
        let mut first = true;
        match self.peek().ok_or(Unreadable)? {
            b'{' => {
                self.enter("{")?;
                while self.name(&mut first)?.is_some() {
                    self.skip()?;
                }
                Ok(())
            }
            b'[' => {
                self.enter("[")?;
                while self.more(&mut first, b']')? {
                    self.skip()?;
                }
                Ok(())
            }
            b'"' => self.string().map(drop),
            b't' | b'f' => self.boolean().map(drop),
            b'n' => self.expect("null"),
            _ => self.number().map(drop),
        }
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Unreadable> {
    match *number {
        Number::Natural(number) => visitor.visit_u64(number),
        Number::Negative(number) => visitor.visit_i64(number),
        Number::Fraction(number) => visitor.visit_f64(number),
    }
}

/// Methods of a deserializer that all do the same.
macro_rules! all {
    ($($method:ident)* => |$reader:ident, $visitor:ident| $body:expr) => {
        $(fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Unreadable> {
            let $reader = self;
            $body
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.peek().ok_or(Unreadable)? {
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b'"' => self.deserialize_str(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => visit_number(&self.number()?, visitor),
        }
    }

    all! { deserialize_bool => |reader, visitor| visitor.visit_bool(reader.boolean()?) }
    all! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => |reader, visitor| match reader.number()? {
            Number::Natural(number) => visitor.visit_u64(number),
            _ => Err(Unreadable),
        }
    }
    all! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_f32 deserialize_f64 =>
            |reader, visitor| visit_number(&reader.number()?, visitor)
    }
    all! {
        deserialize_char deserialize_str deserialize_string deserialize_identifier deserialize_bytes
        deserialize_byte_buf => |reader, visitor| match reader.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }
    all! {
        deserialize_unit => |reader, visitor| {
            reader.expect("null")?;
            visitor.visit_unit()
        }
    }
    all! {
        deserialize_ignored_any => |reader, visitor| {
            reader.skip()?;
            visitor.visit_unit()
        }
    }
    all! {
        deserialize_option => |reader, visitor| match reader.peek() {
            Some(b'n') => {
                reader.expect("null")?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(reader),
        }
    }
    all! {
        deserialize_seq => |reader, visitor| {
            reader.enter("[")?;
            visitor.visit_seq(Items { reader, first: true })
        }
    }
    all! {
        deserialize_map => |reader, visitor| {
            reader.enter("{")?;
            visitor.visit_map(Items { reader, first: true })
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    // Lists of a fixed length are in no message.
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let plain = self.peek() == Some(b'"');
        if !plain {
            self.enter("{")?;
        }
        visitor.visit_enum(Variant { reader: self, plain })
    }
}

/// The items of a list, or the fields of an object.
struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        if !self.reader.more(&mut self.first, b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        match self.reader.name(&mut self.first)? {
            Some(name) => seed.deserialize(StrDeserializer::new(&name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(&mut *self.reader)
    }
}

/// One of several kinds: a word alone, or an object whose one field is named for the kind.
struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    plain: bool,
}

impl Variant<'_, '_> {
    fn close(self) -> Result<(), Unreadable> {
        self.reader.depth -= 1;
        self.reader.expect("}")
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Unreadable> {
        let word = self.reader.string()?;
        let kind = seed.deserialize(StrDeserializer::new(&word))?;
        if !self.plain {
            self.reader.expect(":")?;
        }
        Ok((kind, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.plain { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        if self.plain {
            return Err(Unreadable);
        }
        let value = seed.deserialize(&mut *self.reader)?;
        self.close()?;
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        if self.plain {
            return Err(Unreadable);
        }
        let value = self.reader.deserialize_map(visitor)?;
        self.close()?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::message::{File, Numbered, Reply, Request};

    /// Both readers agree on what a text says, or that it says nothing.
    fn check(json: &str) {
        assert_eq!(read::<Value>(json).ok(), serde_json::from_str(json).ok(), "{json}");
    }

    #[test]
    fn json_is_read_as_it_is_elsewhere() {
        let texts = [
            r#" { "a" : [ 1 , -2 , 3.5 , 1e3, true , false , null , "x" ] , "b" : { } , "c":[] } "#,
            r#""\u00e9 \"\\ \/ \b\f\n\r\t \ud83d\udea2 é 🚢""#,
            r#""\ud83d""#,
            r#""\udea2""#,
            r#""\ud83d\u0041""#,
            r#""\u+123""#,
            r#""\x""#,
            "\"a\nb\"",
            "\"open",
            "",
            " ",
            "{",
            "[1",
            "[1 2]",
            "[,1]",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{a:1}"#,
            "1 2",
            "nul",
            "+1",
            "18446744073709551615",
            "-9223372036854775808",
        ];
        for text in texts {
            check(text);
        }
        check(&"[".repeat(100_000));
        check(&format!("{}{}", "[".repeat(100), "]".repeat(100)));
    }

    #[test]
    fn messages_come_back_as_they_went() {
        let file = File { name: "a\"b.yaml".to_owned(), text: "# 🚢\r\n\tk: \\\u{1}\n".to_owned() };
        let request = Request::Analyse { files: vec![file], settings: Default::default() };
        let sent = serde_json::to_string(&Numbered { id: 7, body: request.clone() }).unwrap();
        assert_eq!(read(&sent), Ok(Numbered { id: 7, body: request }));
        let explained = Numbered { id: 1, body: Reply::Explained { docs: None } };
        assert_eq!(read(r#"{"body":{"explained":{"docs":null}},"more":[{"x":[]}],"id":1}"#), Ok(explained));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for json in [
            json!({"id": 1}),
            json!({"id": -1, "body": {"explained": {"docs": null}}}),
            json!({"id": 1, "body": "explained"}),
            json!({"id": 1, "body": {"dance": {}}}),
            json!({"id": 1, "body": {"explained": {"docs": 3}}}),
            json!([1, {"explained": {"docs": null}}]),
        ] {
            assert_eq!(read::<Numbered<Reply>>(&json.to_string()), Err(Unreadable), "{json}");
        }
    }
}
