use serde::Deserialize;
use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{DEEPEST, Tag, Unreadable};

/// Reads all the bytes as one message.
///
/// # Errors
/// When they are no message of this type that [`write`](super::write()) has packed.
pub fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Unreadable> {
    let mut reader = Reader { rest: bytes, depth: 0 };
    let value = T::deserialize(&mut reader)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(Unreadable) }
}

/// The number of a request whose body cannot be read, so that whoever waits for it hears of it; else 0.
#[cfg(feature = "engine")]
pub(crate) fn number(bytes: &[u8]) -> u32 {
    let mut reader = Reader { rest: bytes, depth: 0 };
    let number = reader.expect(Tag::List).and_then(|()| reader.natural());
    number.ok().and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

struct Reader<'de> {
    rest: &'de [u8],
    depth: u8,
}

// None of these knows the type that is being read, so each exists once.
impl<'de> Reader<'de> {
    /// What comes next is.
    #[inline(never)]
    fn peek(&self) -> Result<Tag, Unreadable> {
        let byte = self.rest.first().ok_or(Unreadable)?;
        Tag::ALL.get(usize::from(*byte)).copied().ok_or(Unreadable)
    }

    #[inline(never)]
    fn take(&mut self) -> Result<Tag, Unreadable> {
        let tag = self.peek()?;
        self.bytes(1)?;
        Ok(tag)
    }

    /// Steps over a tag that has to come next.
    #[inline(never)]
    fn expect(&mut self, tag: Tag) -> Result<(), Unreadable> {
        if self.take()? == tag { Ok(()) } else { Err(Unreadable) }
    }

    #[inline(never)]
    fn bytes(&mut self, count: usize) -> Result<&'de [u8], Unreadable> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A number without its tag.
    #[inline(never)]
    fn digits(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.bytes(1)?.first().copied().unwrap_or_default();
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Unreadable)
    }

    #[inline(never)]
    fn natural(&mut self) -> Result<u64, Unreadable> {
        self.expect(Tag::Natural)?;
        self.digits()
    }

    #[inline(never)]
    fn integer(&mut self) -> Result<i64, Unreadable> {
        match self.take()? {
            Tag::Natural => i64::try_from(self.digits()?).map_err(|_| Unreadable),
            Tag::Negative => Ok(!(self.digits()? as i64)),
            _ => Err(Unreadable),
        }
    }

    #[inline(never)]
    fn fraction(&mut self) -> Result<f64, Unreadable> {
        self.expect(Tag::Fraction)?;
        let bytes = self.bytes(8)?;
        bytes.try_into().map(f64::from_le_bytes).map_err(|_| Unreadable)
    }

    #[inline(never)]
    fn boolean(&mut self) -> Result<bool, Unreadable> {
        match self.take()? {
            Tag::False => Ok(false),
            Tag::True => Ok(true),
            _ => Err(Unreadable),
        }
    }

    #[inline(never)]
    fn text(&mut self) -> Result<&'de str, Unreadable> {
        self.expect(Tag::Text)?;
        let length = usize::try_from(self.digits()?).map_err(|_| Unreadable)?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| Unreadable)
    }

    #[inline(never)]
    fn enter(&mut self, tag: Tag) -> Result<(), Unreadable> {
        self.expect(tag)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Unreadable) } else { Ok(()) }
    }

    #[inline(never)]
    fn leave(&mut self) -> Result<(), Unreadable> {
        self.depth -= 1;
        self.expect(Tag::End)
    }

    /// Whether another value comes before the end. A field that is left out is stepped over; it is no value.
    #[inline(never)]
    fn more(&mut self) -> Result<bool, Unreadable> {
        match self.peek()? {
            Tag::End => Ok(false),
            Tag::Absent => self.take().map(|_| false),
            _ => Ok(true),
        }
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
        match self.peek()? {
            Tag::Nothing => self.deserialize_unit(visitor),
            Tag::False | Tag::True => self.deserialize_bool(visitor),
            Tag::Natural => self.deserialize_u64(visitor),
            Tag::Negative => self.deserialize_i64(visitor),
            Tag::Fraction => self.deserialize_f64(visitor),
            Tag::Text => self.deserialize_str(visitor),
            Tag::List => self.deserialize_seq(visitor),
            Tag::Map => self.deserialize_map(visitor),
            Tag::Absent | Tag::End | Tag::Word | Tag::Kind => Err(Unreadable),
        }
    }

    all! { deserialize_bool => |reader, visitor| visitor.visit_bool(reader.boolean()?) }
    all! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 =>
            |reader, visitor| visitor.visit_u64(reader.natural()?)
    }
    all! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 =>
            |reader, visitor| visitor.visit_i64(reader.integer()?)
    }
    all! { deserialize_f32 deserialize_f64 => |reader, visitor| visitor.visit_f64(reader.fraction()?) }
    all! {
        deserialize_char deserialize_str deserialize_string deserialize_identifier =>
            |reader, visitor| visitor.visit_borrowed_str(reader.text()?)
    }
    all! {
        deserialize_unit => |reader, visitor| {
            reader.expect(Tag::Nothing)?;
            visitor.visit_unit()
        }
    }
    all! {
        deserialize_option => |reader, visitor| match reader.peek()? {
            Tag::Nothing => {
                reader.expect(Tag::Nothing)?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(reader),
        }
    }
    // Each type of list or structure apart: a browser compiles what it runs, and most messages are never seen.
    #[inline(never)]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.enter(Tag::List)?;
        let value = visitor.visit_seq(Items(self))?;
        self.leave()?;
        Ok(value)
    }

    all! {
        deserialize_map => |reader, visitor| {
            reader.enter(Tag::Map)?;
            let value = visitor.visit_map(Items(reader))?;
            reader.leave()?;
            Ok(value)
        }
    }
    // Bytes that are no text are in no message, and everything in a message is wanted.
    all! { deserialize_bytes deserialize_byte_buf deserialize_ignored_any => |_reader, _visitor| Err(Unreadable) }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let tag = self.take()?;
        visitor.visit_enum(Variant { reader: self, tag })
    }
}

/// The items of a list, the fields of a structure, or the entries of a map.
struct Items<'a, 'de>(&'a mut Reader<'de>);

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        if self.0.more()? { seed.deserialize(&mut *self.0).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        if self.0.more()? { seed.deserialize(&mut *self.0).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(&mut *self.0)
    }
}

/// One of several kinds.
struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    tag: Tag,
}

impl Variant<'_, '_> {
    fn expect(&self, tag: Tag) -> Result<(), Unreadable> {
        if self.tag == tag { Ok(()) } else { Err(Unreadable) }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Unreadable> {
        let number = u32::try_from(self.reader.digits()?).map_err(|_| Unreadable)?;
        let number: U32Deserializer<Unreadable> = number.into_deserializer();
        Ok((seed.deserialize(number)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        self.expect(Tag::Word)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        self.expect(Tag::Kind)?;
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.expect(Tag::Kind)?;
        self.reader.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        self.expect(Tag::Kind)?;
        self.reader.deserialize_seq(visitor)
    }
}
