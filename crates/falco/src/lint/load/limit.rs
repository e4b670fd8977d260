use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// Lists, macros, exceptions or aliases that make more of a few bytes than this program looks at, or more values than
    /// it reads. Falco itself has no such limit but the machine's memory.
    ///
    /// ## Why it matters
    /// Nobody can say what the rule does, and Falco may not get through it either.
    ///
    /// ## What to do
    /// Make the lists and macros simpler.
    LIMIT = {
        id: "falco-limit",
        title: "More than is looked at",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

pub(super) const SAID: Said = Said {
    meta: &LIMIT,
    why: "Nobody can say what the rule does, and Falco may not get through it either.",
    how: "Make the lists and macros simpler.",
};

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::lint::testing::found;

    fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
        (0..count).fold(String::new(), |mut text, at| {
            let _ = write!(text, "{}", piece(at));
            text
        })
    }

    fn rules(count: usize, condition: &str) -> String {
        each(count, |at| format!("- rule: r{at}\n  desc: d\n  condition: {condition}\n  output: o\n  priority: INFO\n"))
    }

    /// What is said once, and that nothing else is said of the last rule.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = found(text);
        let limits: Vec<_> = found.iter().filter(|finding| finding.rule.id == "falco-limit").collect();
        assert!(!limits.is_empty() && limits.iter().all(|finding| finding.what == expected), "{limits:?}");
        let last = text.rfind("- rule: ").unwrap_or(text.len());
        let of_last: Vec<_> = found.iter().filter(|finding| finding.primary.span.start as usize >= last).collect();
        assert!(of_last.iter().all(|finding| finding.rule.id == "falco-limit"), "{of_last:?}");
    }

    const LONG: &str = "with lists and exceptions in their place this condition is too long to look at";

    #[test]
    fn what_is_too_much_is_said_and_nothing_else() {
        let items = each(10_000, |at| format!("i{at}, "));
        check(&format!("- list: l\n  items: [{items}]\n{}", rules(100, "proc.name in (l)")), LONG);
        let doubling = each(30, |at| format!("- list: l{at}\n  items: [l{0}, l{0}]\n", at + 1));
        check(&(doubling + &rules(1, "proc.name in (l0)")), LONG);
        let field = "a".repeat(10_000);
        let values = each(1_000, |at| format!("[b{at}], "));
        let exception = format!("  exceptions: [{{name: e, fields: ['proc.env[{field}]'], values: [{values}]}}]\n");
        check(&(rules(1, "evt.type=open") + &exception), LONG);
        let comparisons = each(10_000, |at| format!("proc.name=i{at} or "));
        check(
            &format!("- macro: m\n  condition: {comparisons}proc.name=a\n{}", rules(100, "evt.type=open and m")),
            "with macros in their place this condition is too large to look at beside those before it",
        );
        let text = each(1_000, |at| format!("word{at} "));
        check(
            &format!("- list: &n {text}\n  items: []\n{}", rules(200, "evt.type=open").replace("desc: d", "desc: *n")),
            "Aliases multiply what stands in this document; its rules are not read.",
        );
        check(
            &format!("- list: l\n  items: [{}]\n{}", "a,".repeat(100_000), rules(1, "proc.name in (l)")),
            "There are too many values in this document; its rules are not read.",
        );
    }

    #[test]
    fn what_rules_in_use_have_is_looked_at() {
        let items = each(1_000, |at| format!("192.168.{}.{}, ", at / 250, at % 250));
        let comparisons = each(200, |at| format!("proc.name=i{at} or "));
        let rules = rules(50, "evt.type=connect and fd.sip in (l) and m");
        let text = format!("- list: l\n  items: [{items}]\n- macro: m\n  condition: {comparisons}proc.name=a\n{rules}");
        let limits: Vec<_> = found(&text).into_iter().filter(|finding| finding.rule.id == "falco-limit").collect();
        assert!(limits.is_empty(), "{limits:?}");
    }
}
