use watertight_diagnostic::{Fix, Rewrite, Safety, declare_meta};

use super::Subject;
use super::told::Told;
use crate::refusal::Code;

declare_meta! {
    /// ## What it finds
    /// A text that does not follow the grammar of AppArmor profiles: a rule without its comma, words in the wrong order,
    /// braces and brackets that do not match.
    ///
    /// ## Why it matters
    /// `apparmor_parser` refuses the whole file, so none of its profiles is loaded. A pod that asks for such a profile does
    /// not start; a profile that was loaded before stays as it was.
    ///
    /// ## What to do
    /// Mend the place that is shown. What stands after it is looked at all the same.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /etc/hosts r
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /etc/hosts r,
    /// }
    /// ```
    SYNTAX = {
        id: "apparmor-syntax",
        title: "Not the syntax of AppArmor",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    subject.refusals(&SYNTAX, &[Code::Syntax, Code::MissingComma, Code::Limit], |refusal, finding| {
        let in_text = refusal.origin.source == crate::policy::SourceId::TEXT;
        let mut finding = finding.how("Mend it here; the parser gives up at the first fault, this list does not.");
        if refusal.code == Code::MissingComma && in_text {
            finding = finding.how("Put a comma at the end of the rule.").fix(Fix {
                title: "Add the comma".to_owned(),
                safety: Safety::Safe,
                level: None,
                file: subject.file,
                operations: Vec::new(),
                rewrites: vec![Rewrite { span: refusal.origin.span, expect: String::new(), text: ",".to_owned() }],
            });
        }
        found.push(finding);
    });
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, underlined};

    #[test]
    fn each_fault_is_told() {
        let text = "profile a {\n  /a r\n  nonsense,\n  /b r,\n}\n";
        assert_eq!(underlined("apparmor-syntax", text), ["", ","]);
        assert_eq!(fixed("apparmor-syntax", "profile a {\n  /a r\n}\n"), "profile a {\n  /a r,\n}\n");
    }
}
