use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

use super::{Tag, Unreadable};

/// Packs a message.
///
/// # Errors
/// When the value holds bytes that are no text, which no message does.
pub fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, Unreadable> {
    let mut writer = Writer { out: Vec::new() };
    value.serialize(&mut writer)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
}

// None of these knows the type that is being written, so each exists once.
impl Writer {
    #[inline(never)]
    fn tag(&mut self, tag: Tag) {
        self.out.push(tag as u8);
    }

    #[inline(never)]
    fn natural(&mut self, tag: Tag, mut number: u64) {
        self.tag(tag);
        while number > 0x7f {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    #[inline(never)]
    fn integer(&mut self, number: i64) {
        match u64::try_from(number) {
            Ok(number) => self.natural(Tag::Natural, number),
            Err(_) => self.natural(Tag::Negative, !number as u64),
        }
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.natural(Tag::Text, text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// Methods of a serializer for numbers that are written as a wider one.
macro_rules! numbers {
    ($($method:ident: $type:ty),* => $wide:ident) => {
        $(fn $method(self, number: $type) -> Result<(), Unreadable> {
            self.$wide(number.into())
        })*
    };
}

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = Unreadable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! { serialize_i8: i8, serialize_i16: i16, serialize_i32: i32 => serialize_i64 }
    numbers! { serialize_u8: u8, serialize_u16: u16, serialize_u32: u32 => serialize_u64 }
    numbers! { serialize_f32: f32 => serialize_f64 }

    fn serialize_i64(self, number: i64) -> Result<(), Unreadable> {
        self.integer(number);
        Ok(())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Unreadable> {
        self.natural(Tag::Natural, number);
        Ok(())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Unreadable> {
        self.tag(Tag::Fraction);
        self.out.extend_from_slice(&number.to_le_bytes());
        Ok(())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unreadable> {
        self.tag(if value { Tag::True } else { Tag::False });
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Unreadable> {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Unreadable> {
        self.text(text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unreadable> {
        Err(Unreadable)
    }

    fn serialize_none(self) -> Result<(), Unreadable> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unreadable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unreadable> {
        self.tag(Tag::Nothing);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unreadable> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, number: u32, _: &'static str) -> Result<(), Unreadable> {
        self.natural(Tag::Word, number.into());
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unreadable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        number: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unreadable> {
        self.natural(Tag::Kind, number.into());
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unreadable> {
        self.tag(Tag::List);
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unreadable> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unreadable> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        number: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Unreadable> {
        self.natural(Tag::Kind, number.into());
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Unreadable> {
        self.tag(Tag::Map);
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unreadable> {
        self.serialize_seq(None)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        number: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self, Unreadable> {
        self.serialize_tuple_variant(name, number, variant, length)
    }
}

/// What holds several values, each written behind the other.
macro_rules! several {
    ($($part:ident $method:ident),*) => {
        $(impl $part for &mut Writer {
            type Ok = ();
            type Error = Unreadable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Unreadable> {
                self.tag(Tag::End);
                Ok(())
            }
        })*
    };
}

several! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
}

/// What holds fields with names, which are not written.
macro_rules! fields {
    ($($part:ident),*) => {
        $(impl $part for &mut Writer {
            type Ok = ();
            type Error = Unreadable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), Unreadable> {
                value.serialize(&mut **self)
            }

            fn skip_field(&mut self, _: &'static str) -> Result<(), Unreadable> {
                self.tag(Tag::Absent);
                Ok(())
            }

            fn end(self) -> Result<(), Unreadable> {
                self.tag(Tag::End);
                Ok(())
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant }

impl SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unreadable> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Unreadable> {
        self.tag(Tag::End);
        Ok(())
    }
}
