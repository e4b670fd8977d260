//! Constants as the engine reads them for the type of the field they are compared with.

use core::net::IpAddr;

use super::network::{self, Network};
use super::number;
use crate::fields::{Family, ValueType};

/// The longest constant of a string or of bytes, in bytes.
pub const MAX_LENGTH: usize = 255;

/// Names of ports, as getservbyname knows them on Debian, sorted; each with a blank and its number.
const SERVICES: &str = include_str!("services.txt");

/// A constant, ready to be compared.
#[derive(Clone, PartialEq, Debug)]
pub enum Constant {
    /// A number, extended to 64 bits by its sign if its type has one.
    Number(u64),
    /// A floating point number.
    Double(f64),
    /// True or false.
    Bool(bool),
    /// A string or bytes.
    Bytes(Box<[u8]>),
    /// An address.
    Address(IpAddr),
    /// A network.
    Network(Network),
}

/// Reads a constant for a type. The error is the engine's.
pub fn parse(value: ValueType, bytes: &[u8]) -> Result<Constant, String> {
    if matches!(value.family(), Family::String | Family::Bytes) {
        if bytes.len() <= MAX_LENGTH {
            return Ok(Constant::Bytes(bytes.into()));
        }
        return Err(if value.family() == Family::Bytes {
            "filter parameter too long (byte buf)".to_owned()
        } else {
            ["filter parameter too long:", &String::from_utf8_lossy(bytes)].concat()
        });
    }
    let text = &*String::from_utf8_lossy(bytes);
    match value {
        ValueType::Bool => match text {
            "true" => Ok(Constant::Bool(true)),
            "false" => Ok(Constant::Bool(false)),
            _ => Err(["filter error: unrecognized boolean value ", text].concat()),
        },
        ValueType::IpAddress => network::address(text).map(Constant::Address),
        ValueType::IpNetwork => network::network(text).map(Constant::Network),
        ValueType::Port => port(text).map(Constant::Number),
        _ => match value.width() {
            Some((bits, signed)) => {
                let number = number::scan(text, bits, signed).ok_or_else(|| number::invalid(text))?;
                Ok(if value == ValueType::Double {
                    // The engine takes whole numbers only, and i64 to f64 is how it converts them.
                    Constant::Double(number.cast_signed() as f64)
                } else {
                    Constant::Number(number)
                })
            }
            None => Err(["wrong parameter type ", value.name()].concat()),
        },
    }
}

/// The bytes that an even number of hexadecimal digits stands for; the constant of `bcontains` and `bstartswith`.
pub fn parse_hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() || digits.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()).collect()
}

fn port(text: &str) -> Result<u64, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(if text.is_empty() { 0 } else { number::scan(text, 16, false).unwrap_or_default() });
    }
    let service = SERVICES.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == text);
    service.and_then(|(_, number)| number.parse().ok()).ok_or_else(|| ["unrecognized protocol ", text].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: ValueType, text: &str, expected: Result<Constant, &str>) {
        assert_eq!(parse(value, text.as_bytes()), expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn constants_are_read_by_type() {
        check(ValueType::U32, "-1", Ok(Constant::Number(4_294_967_295)));
        check(ValueType::Double, "12", Ok(Constant::Double(12.0)));
        check(ValueType::Double, "1.5", Err("1.5 is not a valid number"));
        check(ValueType::Bool, "True", Err("filter error: unrecognized boolean value True"));
        check(ValueType::Port, "", Ok(Constant::Number(0)));
        check(ValueType::Port, "65536", Ok(Constant::Number(0)));
        check(ValueType::Port, "https", Ok(Constant::Number(443)));
        check(ValueType::Port, "-1", Err("unrecognized protocol -1"));
        check(ValueType::Time, "30s", Err("30s is not a valid number"));
        check(ValueType::String, &"a".repeat(255), Ok(Constant::Bytes(vec![b'a'; 255].into())));
        assert!(parse(ValueType::String, &[b'a'; 256]).is_err());
        assert!(parse(ValueType::Bytes, &[b'a'; 256]).is_err());
    }

    #[test]
    fn hexadecimal_digits_come_in_pairs() {
        assert_eq!(parse_hexadecimal(b"68aF"), Some(vec![0x68, 0xaf]));
        for wrong in ["", "6", "6g", "abc"] {
            assert_eq!(parse_hexadecimal(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
