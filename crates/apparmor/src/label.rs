//! Labels: what a task or a peer runs under, `:namespace:name`, stacked with `&`.

/// The parts of a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label<'l> {
    /// A leading `&`: put on top of what is there.
    pub stacked: bool,
    /// Between colons in front.
    pub namespace: Option<&'l str>,
    /// The rest.
    pub name: &'l str,
}

/// What is wrong with a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabelError {
    /// `:x` without a second colon.
    Unterminated,
    /// `::x`
    EmptyNamespace,
    /// Nothing behind the namespace.
    EmptyName,
}

/// Takes a label apart. Both `:ns:name` and `:ns://name` are read.
///
/// # Errors
/// When the namespace is open or empty, or the name is empty.
pub fn split(label: &str) -> Result<Label<'_>, LabelError> {
    let (stacked, rest) = label.strip_prefix('&').map_or((false, label), |rest| (true, rest));
    let Some(behind) = rest.strip_prefix(':') else {
        if rest.is_empty() {
            return Err(LabelError::EmptyName);
        }
        return Ok(Label { stacked, namespace: None, name: rest });
    };
    let (namespace, name) = behind.split_once(':').ok_or(LabelError::Unterminated)?;
    let name = name.strip_prefix("//").unwrap_or(name);
    if namespace.is_empty() {
        return Err(LabelError::EmptyNamespace);
    }
    if name.is_empty() {
        return Err(LabelError::EmptyName);
    }
    Ok(Label { stacked, namespace: Some(namespace), name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let label = |stacked, namespace, name| Ok(Label { stacked, namespace, name });
        assert_eq!(split("a//b"), label(false, None, "a//b"));
        assert_eq!(split(":ns:a"), label(false, Some("ns"), "a"));
        assert_eq!(split("&:ns://a"), label(true, Some("ns"), "a"));
        assert_eq!(split(":ns"), Err(LabelError::Unterminated));
        assert_eq!(split("::a"), Err(LabelError::EmptyNamespace));
        assert_eq!(split(":ns:"), Err(LabelError::EmptyName));
        assert_eq!(split("&"), Err(LabelError::EmptyName));
    }
}
