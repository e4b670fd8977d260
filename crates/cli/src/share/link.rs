//! Packing what a link carries, and unpacking it within bounds.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use watertight::diagnostic::share::{FORMAT, MAX_READ, MAX_UNPACKED, MAX_WRITTEN, Shared};
use watertight::text::megabytes;

/// The letters of base64url, by value.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The fragment, without `#`.
pub(crate) fn pack(shared: &Shared) -> Result<String, String> {
    let json = shared.write();
    if json.len() > MAX_UNPACKED {
        return Err(format!("they are larger than the {} that a link may hold", megabytes(MAX_UNPACKED)));
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish()).map_err(|e| e.to_string())?;
    let text = encode(&packed);
    if text.len() > MAX_WRITTEN {
        let length = text.len();
        return Err(format!(
            "the link would have {length} characters, and {MAX_WRITTEN} is the most that mail and chat programs carry; share \
             fewer files"
        ));
    }
    Ok(format!("{FORMAT}{text}"))
}

/// What a link holds: an address with a fragment, or a fragment with or without `#`.
pub(crate) fn unpack(link: &str) -> Result<Shared, String> {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let fragment = fragment.split('&').next().unwrap_or_default();
    let mut letters = fragment.chars();
    match letters.next() {
        Some(FORMAT) => {}
        Some('0'..='9') => return Err("it was made by a newer version; please use a newer watertight".to_owned()),
        _ => return Err("there is nothing shared in it: what is shared begins with #1".to_owned()),
    }
    let text = letters.as_str();
    if text.len() > MAX_READ {
        return Err(format!("it is longer than {MAX_READ} characters"));
    }
    let packed = decode(text).ok_or("it has letters that no link has; perhaps a part is missing")?;
    let mut json = Vec::new();
    DeflateDecoder::new(packed.as_slice())
        .take(MAX_UNPACKED as u64 + 1)
        .read_to_end(&mut json)
        .map_err(|_| "it could not be unpacked; perhaps a part of it is missing")?;
    if json.len() > MAX_UNPACKED {
        return Err(format!("it unpacks to more than {}", megabytes(MAX_UNPACKED)));
    }
    let json = String::from_utf8(json).map_err(|_| "what it unpacks to is no text")?;
    Shared::read(&json).map_err(|error| error.to_string())
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let letter = LETTERS.get((group >> (18 - 6 * place)) as usize & 63).copied().unwrap_or_default();
            out.push(char::from(letter));
        }
    }
    out
}

/// `None` for anything that [`encode`] cannot have written.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in text.as_bytes().chunks(4) {
        let mut group = 0_u32;
        for letter in chunk {
            let value = LETTERS.iter().position(|known| known == letter)?;
            group = group << 6 | u32::try_from(value).ok()?;
        }
        group <<= 6 * (4 - chunk.len());
        let [_, a, b, c] = group.to_be_bytes();
        match chunk.len() {
            4 => out.extend([a, b, c]),
            3 => out.extend([a, b]),
            2 => out.push(a),
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use watertight::diagnostic::share::SharedFile;
    use watertight::diagnostic::{Level, Settings};

    fn shared(text: &str) -> Shared {
        let file = SharedFile { name: "pod.yaml".to_owned(), text: text.to_owned() };
        Shared { files: vec![file], settings: Settings { level: Level::Baseline, ..Settings::default() } }
    }

    #[test]
    fn letters() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg"), (b"\xfb\xff", "-_8")]
        {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        for bad in ["A", "AB=", "A+/B", "AAAAA", "é", "A A"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn there_and_back() {
        for text in ["", "a: 1\n", "🚢\r\n", &"apiVersion: v1\n".repeat(20_000)] {
            let packed = pack(&shared(text)).unwrap();
            for link in [packed.clone(), format!("#{packed}"), format!("https://a.example/b/#{packed}&embed&view=map")]
            {
                assert_eq!(unpack(&link), Ok(shared(text)));
            }
        }
    }

    /// Links that were given out stay readable. The page's tests read the same file.
    #[test]
    fn frozen_links_are_read() {
        let frozen: serde_json::Value =
            serde_json::from_str(include_str!("../../../../tests/browser/frozen-links.json")).unwrap();
        let links = frozen.as_array().unwrap();
        assert!(!links.is_empty());
        for link in links {
            let read = unpack(link["link"].as_str().unwrap()).unwrap();
            let names: Vec<&str> = read.files.iter().map(|file| file.name.as_str()).collect();
            let texts: Vec<&str> = read.files.iter().map(|file| file.text.as_str()).collect();
            assert_eq!(serde_json::json!(names), link["names"], "{}", link["about"]);
            assert_eq!(serde_json::json!(texts), link["texts"], "{}", link["about"]);
            assert_eq!(serde_json::json!(read.settings.level), link["level"], "{}", link["about"]);
        }
    }

    #[test]
    fn hostile_links_are_refused_in_words() {
        let mut bomb = DeflateEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b' '; MAX_UNPACKED + 10]).unwrap();
        let bomb = format!("#1{}", encode(&bomb.finish().unwrap()));
        assert!(bomb.len() < 20_000, "small to carry: {}", bomb.len());
        for (link, says) in [
            (bomb.as_str(), "more than 10 MB"),
            ("", "nothing shared"),
            ("https://a.example/", "nothing shared"),
            ("#fresh", "nothing shared"),
            ("#9abc", "newer version"),
            ("#1!!!", "letters"),
            ("#1AAAA", "could not be unpacked"),
            ("#1", "could not be unpacked"),
        ] {
            let said = unpack(link).unwrap_err();
            assert!(said.contains(says), "{}: {said}", link.get(..20).unwrap_or(link));
        }
        assert!(unpack(&format!("#1{}", "A".repeat(MAX_READ + 1))).unwrap_err().contains("longer than"));
    }

    #[test]
    fn too_long_a_link_is_not_made() {
        // Text that does not pack: a simple generator of numbers.
        let mut state = 1_u32;
        let noise: String = (0..150_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from(b' ' + u8::try_from(state >> 24).unwrap_or_default() % 95)
            })
            .collect();
        assert!(pack(&shared(&noise)).unwrap_err().contains("fewer files"));
    }
}
