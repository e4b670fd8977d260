use watertight_diagnostic::{Confidence, Finding, declare_meta};

use super::look::Look;
use super::told::Told;

declare_meta! {
    /// ## What it finds
    /// A profile whose rules were not all compared with each other, because there are too many of them or their patterns
    /// are too large.
    ///
    /// ## Why it matters
    /// Rules that are void or superfluous may be missing among the findings, and so may two rules that start one program in
    /// different ways, for which `apparmor_parser` refuses the file.
    ///
    /// ## What to do
    /// Nothing, if the profile is meant to be as large as that. A pattern with thousands of alternatives is better split
    /// into several rules.
    ///
    /// ## Bad
    /// A profile with tens of thousands of rules below the same folder.
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /srv/** r,
    /// }
    /// ```
    NOT_COMPARED = {
        id: "apparmor-not-compared",
        title: "Too much to compare all rules",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    if look.reasoning.cut {
        let what = "This profile is too large for all of its rules to be compared with each other.";
        let finding = Finding::new(&NOT_COMPARED, look.head(), what).confidence(Confidence::Unknown);
        found.push(finding.why("Void or superfluous rules may be missing among the findings."));
    }
    if look.subject.resolved.uncompared.contains(&look.profile.origin) {
        let what = "This profile is too large for all of its rules that start programs to be compared with each other.";
        let finding = Finding::new(&NOT_COMPARED, look.head(), what).confidence(Confidence::Unknown);
        found.push(finding.why(
            "Two of them may start one program in different ways, and then apparmor_parser refuses the whole file.",
        ));
    }
    for problem in look.compiled.problems.iter().filter(|problem| !problem.error.refused()) {
        let what = "This pattern is too large to be followed.";
        let finding = Finding::new(&NOT_COMPARED, look.location(problem.rule, ""), what);
        found.push(
            finding
                .confidence(Confidence::Unknown)
                .why("What the profile allows cannot be said for certain, and neither which rules are void.")
                .how("Split it into several rules."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::underlined;

    #[test]
    fn a_pattern_of_thousands() {
        let many: Vec<String> = (0..5_000).map(|n| format!("n{n}")).collect();
        let text = format!("profile a {{\n  /{{{}}} r,\n}}\n", many.join(","));
        assert_eq!(underlined("apparmor-not-compared", &text).len(), 1);
        assert_eq!(underlined("apparmor-not-compared", "profile a {\n  /{a,b} r,\n}\n").len(), 0);
    }

    /// Nothing else is said where a rule is too large to be written out: it may allow what another one refuses.
    #[test]
    fn a_variable_of_a_million() {
        let text =
            format!("@{{X}}=/{}\nprofile a {{\n  /** m,\n  @{{X}}@{{X}} w,\n  deny /b w,\n}}\n", "n".repeat(600_000));
        assert_eq!(underlined("apparmor-not-compared", &text), ["@{X}@{X} w,"]);
        for rule in ["apparmor-idle-deny", "apparmor-refused", "apparmor-cannot-be-stopped"] {
            assert_eq!(underlined(rule, &text), [""; 0], "{rule}");
        }
        let small = text.replace("@{X}@{X} w", "/c r");
        assert_eq!(underlined("apparmor-idle-deny", &small), ["deny /b w,"]);
    }

    /// A word stands for five patterns.
    #[test]
    fn more_rules_than_there_is_room_for() {
        let told = |count: usize| {
            let text = format!("profile a {{\n{}}}\n", "  mount,\n".repeat(count));
            underlined("apparmor-not-compared", &text).len()
        };
        assert_eq!((told(100), told(10_000)), (0, 1_000));
    }

    #[test]
    fn many_rules_that_start_programs() {
        let profile = |count: usize| {
            let rules = (0..count).map(|n| format!("  /*a{n} ix,\n  /*b{n} px,\n")).collect::<String>();
            format!("profile a {{\n{rules}}}\nprofile b {{\n  /c* ix,\n}}\n")
        };
        assert_eq!(underlined("apparmor-not-compared", &profile(80)), ["profile a"]);
        assert_eq!(underlined("apparmor-not-compared", &profile(5)).len(), 0);
        assert_eq!(underlined("apparmor-exec-conflict", &profile(80)).len(), 0);
    }
}
