//! Macros of Falco's stable rules that copied rules lean on and that need nothing else.

/// Name and condition, sorted by name.
const MACROS: &[(&str, &str)] = &[
    ("container", "(container.id != host)"),
    ("create_hardlink", "(evt.type in (link, linkat))"),
    ("create_symlink", "(evt.type in (symlink, symlinkat))"),
    ("kernel_module_load", "(evt.type in (init_module, finit_module))"),
    ("never_true", "(evt.num=0)"),
    ("open_read", "(evt.type in (open,openat,openat2) and evt.is_open_read=true and fd.typechar='f' and fd.num>=0)"),
    ("open_write", "(evt.type in (open,openat,openat2) and evt.is_open_write=true and fd.typechar='f' and fd.num>=0)"),
    ("spawned_process", "(evt.type in (execve, execveat))"),
];

/// The condition of a macro of the stable rules.
pub(crate) fn condition(name: &str) -> Option<&'static str> {
    MACROS.iter().find(|(known, _)| *known == name).map(|(_, condition)| *condition)
}

/// The names of the known macros.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(name, _)| name)
}

/// Names and conditions.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    MACROS.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load;

    /// The published file has the same macros, where there is one.
    #[test]
    fn agrees_with_the_published_rules() {
        let Some(text) = crate::testing::corpus("falco/falco_rules.yaml") else { return };
        let set = load(&[watertight_yaml::parse(&text)]);
        for (name, condition) in MACROS {
            assert_eq!(set.items.macros.get(name).map(|item| item.condition.text.as_str()), Some(*condition));
        }
    }
}
