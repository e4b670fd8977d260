//! The parts of an image's name.

/// A reference to an image, as container runtimes take it apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Image<'t> {
    /// Behind the last colon, where that is not the port of a registry.
    pub(crate) tag: Option<&'t str>,
    /// What stands behind the `@`.
    pub(crate) digest: Digest,
}

/// The digest of a reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Digest {
    /// There is none.
    None,
    /// It fixes the content.
    Good,
    /// It is no digest; the node refuses to fetch the image.
    Malformed,
}

/// Takes a reference apart. Source: the grammar in `distribution/reference`.
pub(crate) fn read(reference: &str) -> Image<'_> {
    let (name, digest) = match reference.split_once('@') {
        None => (reference, Digest::None),
        Some((name, digest)) if is_digest(digest) => (name, Digest::Good),
        Some((name, _)) => (name, Digest::Malformed),
    };
    let last = name.rsplit('/').next().unwrap_or(name);
    Image { tag: last.split_once(':').map(|(_, tag)| tag), digest }
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl Image<'_> {
    /// Whether the name means another image tomorrow by habit: no tag, which is `latest`, or `latest` itself.
    pub(crate) fn is_latest(&self) -> bool {
        self.digest == Digest::None && self.tag.is_none_or(|tag| tag.is_empty() || tag == "latest")
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, read};

    #[test]
    fn parts() {
        let good = format!("host:5000/a/b@sha256:{}", "0".repeat(64));
        let tagged = format!("nginx:latest@sha256:{}", "0".repeat(64));
        let capitals = format!("nginx@sha256:{}", "A".repeat(64));
        for (reference, tag, digest, is_latest) in [
            ("nginx", None, Digest::None, true),
            ("nginx:", Some(""), Digest::None, true),
            ("nginx:latest", Some("latest"), Digest::None, true),
            ("nginx:1.27", Some("1.27"), Digest::None, false),
            ("host:5000/img", None, Digest::None, true),
            ("host:5000/img:1", Some("1"), Digest::None, false),
            (&good, None, Digest::Good, false),
            (&tagged, Some("latest"), Digest::Good, false),
            (&capitals, None, Digest::Malformed, false),
            ("nginx@sha256:00", None, Digest::Malformed, false),
            ("nginx@latest", None, Digest::Malformed, false),
            ("", None, Digest::None, true),
        ] {
            let image = read(reference);
            assert_eq!((image.tag, image.digest, image.is_latest()), (tag, digest, is_latest), "{reference}");
        }
    }
}
