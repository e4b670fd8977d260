//! The parts of an image's name.

/// A reference to an image, as container runtimes take it apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Image<'t> {
    /// Behind the last colon, where that is not the port of a registry.
    pub(crate) tag: Option<&'t str>,
    /// Whether a digest fixes the content.
    pub(crate) has_digest: bool,
}

/// Takes a reference apart. Source: the grammar in `distribution/reference`.
pub(crate) fn read(reference: &str) -> Image<'_> {
    let (name, has_digest) = reference.split_once('@').map_or((reference, false), |(name, _)| (name, true));
    let last = name.rsplit('/').next().unwrap_or(name);
    Image { tag: last.split_once(':').map(|(_, tag)| tag), has_digest }
}

impl Image<'_> {
    /// Whether the name means another image tomorrow by habit: no tag, which is `latest`, or `latest` itself.
    pub(crate) fn is_latest(&self) -> bool {
        !self.has_digest && self.tag.is_none_or(|tag| tag.is_empty() || tag == "latest")
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parts() {
        for (reference, tag, has_digest, is_latest) in [
            ("nginx", None, false, true),
            ("nginx:", Some(""), false, true),
            ("nginx:latest", Some("latest"), false, true),
            ("nginx:1.27", Some("1.27"), false, false),
            ("host:5000/img", None, false, true),
            ("host:5000/img:1", Some("1"), false, false),
            ("host:5000/a/b@sha256:00", None, true, false),
            ("nginx:latest@sha256:00", Some("latest"), true, false),
            ("", None, false, true),
        ] {
            let image = read(reference);
            assert_eq!((image.tag, image.has_digest, image.is_latest()), (tag, has_digest, is_latest), "{reference}");
        }
    }
}
