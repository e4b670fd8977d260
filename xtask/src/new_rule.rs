//! The skeleton of a rule.

use std::fs;

use anyhow::{Result, bail, ensure};

use crate::workspace;

/// Writes `crates/rules/src/<category>/<id>.rs` and registers it.
pub fn run(category: &str, id: &str) -> Result<()> {
    let variant = match category {
        "escape" => "Escape",
        "hardening" => "Hardening",
        "correctness" => "Correctness",
        "hygiene" => "Hygiene",
        _ => bail!("a category is one of escape, hardening, correctness, hygiene"),
    };
    let kebab = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    ensure!(kebab && !id.is_empty() && !id.starts_with('-'), "an id is kebab-case, such as host-pid");
    let module = id.replace('-', "_");
    let name = module.to_uppercase();
    let folder = workspace::root().join("crates/rules/src").join(category);
    let file = folder.join(format!("{module}.rs"));
    ensure!(!file.exists(), "{} is there already", file.display());
    fs::write(&file, skeleton(&name, id, variant))?;
    let list = folder.join("mod.rs");
    fs::write(&list, registered(&fs::read_to_string(&list)?, &module, &name)?)?;
    println!("wrote {}\nand registered it in {}", file.display(), list.display());
    println!("The tidy test of the rules fails until its documentation and examples are written.");
    Ok(())
}

/// The module list with one more module and one more rule, both in alphabetical order.
fn registered(list: &str, module: &str, name: &str) -> Result<String> {
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    let entry = format!("    &{module}::{name},");
    let line = format!("mod {module};");
    insert_sorted(&mut lines, &line, |l| l.trim_start_matches("pub(crate) ").starts_with("mod "))?;
    insert_sorted(&mut lines, &entry, |l| l.starts_with("    &"))?;
    Ok(lines.join("\n") + "\n")
}

fn insert_sorted(lines: &mut Vec<String>, new: &str, alike: impl Fn(&str) -> bool) -> Result<()> {
    let places: Vec<usize> = (0..lines.len()).filter(|&at| alike(&lines[at])).collect();
    let Some(&last) = places.last() else { bail!("found no place for \"{}\"", new.trim()) };
    let at = places.into_iter().find(|&at| lines[at].as_str() > new).unwrap_or(last + 1);
    lines.insert(at, new.to_owned());
    Ok(())
}

fn skeleton(name: &str, id: &str, category: &str) -> String {
    format!(
        r#"use watertight_diagnostic::Finding;

use crate::{{Check, Subject}};

declare_rule! {{
    /// ## What it finds
    ///
    /// ## Why it matters
    ///
    /// ## What to do
    ///
    /// ## Bad
    /// ```yaml
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// ```
    {name} = {{
        id: "{id}",
        title: "",
        category: {category},
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Pod(check),
    }}
}}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {{
    let _ = (subject, found);
}}

#[cfg(test)]
mod tests {{
    use super::{name};
    use crate::vectors::{{fail, pass}};

    #[test]
    fn pass_and_fail() {{
        pass(&{name}, "");
        fail(&{name}, "");
    }}
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::registered;

    #[test]
    fn lists_stay_sorted() {
        let list = "//! Docs.\n\nmod alpha;\nmod gamma;\n\npub(crate) static RULES: &[&Rule] = &[\n    &alpha::ALPHA,\n    \
                    &gamma::GAMMA,\n];\n";
        let new = registered(list, "beta", "BETA").unwrap();
        assert!(new.contains("mod alpha;\nmod beta;\nmod gamma;"), "{new}");
        assert!(new.contains("    &alpha::ALPHA,\n    &beta::BETA,\n    &gamma::GAMMA,"), "{new}");
    }
}
