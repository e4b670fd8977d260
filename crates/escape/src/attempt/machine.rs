/// What attempts depend on beside the container: the host's kernel and how it is set.
#[derive(Clone, Debug, Default)]
pub struct Machine<'a> {
    /// Settings by name, such as `dmesg-restricted`. What is not named is not known.
    pub settings: Vec<(&'a str, bool)>,
    /// Ids of attempts that this kernel does not know at all; `None` while nobody has looked.
    pub lacks: Option<Vec<&'a str>>,
    /// A folder of the host that belongs to its root.
    pub canary: &'a str,
}

impl Machine<'_> {
    pub(super) fn setting(&self, name: &str) -> Option<bool> {
        self.settings.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    pub(super) fn has(&self, attempt: &str) -> Option<bool> {
        self.lacks.as_ref().map(|lacks| !lacks.contains(&attempt))
    }
}
