use watertight_diagnostic::{Finding, Fix, Safety, declare_meta};

use super::look::Look;
use super::told::Told;

declare_meta! {
    /// ## What it finds
    /// A rule on files that changes nothing, because another rule of the profile says the same for all its paths and more.
    ///
    /// ## Why it matters
    /// It opens nothing. But whoever later takes the narrow rule out, or makes it stricter, believes that something changes.
    ///
    /// ## What to do
    /// Drop it, or narrow the wide rule if the narrow one was what was meant.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /srv/** r,
    ///   /srv/www/* r,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /srv/** r,
    ///   /srv/www/* rw,
    /// }
    /// ```
    SHADOWED_RULE = {
        id: "apparmor-shadowed-rule",
        title: "A rule that another one covers",
        category: Hygiene,
        severity: Info,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    for shadowed in &look.reasoning.shadowed {
        let (Some(rule), Some(by)) = (look.rule(shadowed.rule), look.rule(shadowed.by)) else { continue };
        // An include of the node may grant a little less than what is known of it here.
        if !look.is_own(shadowed.rule) || !look.is_own(shadowed.by) {
            continue;
        }
        let what = ["`", &look.written(rule.origin), "` changes nothing: `", &look.written(by.origin), "` covers it."]
            .concat();
        let finding = Finding::new(&SHADOWED_RULE, look.location(shadowed.rule, ""), what)
            .why("Whoever changes this rule later will see no effect.")
            .how("Drop it, or narrow the other rule.")
            .related(look.location(shadowed.by, "covers it"));
        let fix = look.removed(shadowed.rule).map(|rewrite| Fix {
            title: "Drop the rule, which changes nothing".to_owned(),
            safety: Safety::Safe,
            level: None,
            file: look.subject.file,
            operations: Vec::new(),
            rewrites: vec![rewrite],
        });
        found.push(match fix {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, underlined};

    #[test]
    fn covered_by_one_rule() {
        let rule = "apparmor-shadowed-rule";
        let text = "profile a {\n  /a/** rw, # wide\n  /a/b r, # narrow\n  deny /c w,\n  deny /c w,\n}\n";
        assert_eq!(underlined(rule, text), ["/a/b r,", "deny /c w,"]);
        assert_eq!(fixed(rule, text), "profile a {\n  /a/** rw, # wide\n   # narrow\n  deny /c w,\n}\n");
    }
}
