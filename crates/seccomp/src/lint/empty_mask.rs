use watertight_diagnostic::{Finding, Operation, Safety, declare_meta};

use super::look::Look;
use crate::Op;

declare_meta! {
    /// ## What it finds
    /// `SCMP_CMP_MASKED_EQ` with a `value` of 0.
    ///
    /// ## Why it matters
    /// For this operator `value` is the mask, and `valueTwo` is what has to be left under it. Under a mask of nothing
    /// every argument is equal: the condition always holds. It comes of writing the two the other way round.
    ///
    /// ## What to do
    /// Write the mask as `value` and what it is compared with as `valueTwo`.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {
    ///       "names": ["clone"],
    ///       "action": "SCMP_ACT_ALLOW",
    ///       "args": [{"index": 0, "value": 0, "valueTwo": 2114060288, "op": "SCMP_CMP_MASKED_EQ"}]
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {
    ///       "names": ["clone"],
    ///       "action": "SCMP_ACT_ALLOW",
    ///       "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]
    ///     }
    ///   ]
    /// }
    /// ```
    EMPTY_MASK = {
        id: "seccomp-empty-mask",
        title: "A mask of nothing, under which every argument matches",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for arg in look.profile.entries.iter().flat_map(|entry| &entry.args) {
        let is_masked = arg.op.as_ref().is_some_and(|op| op.value == Op::MaskedEq.scmp_name());
        if !is_masked || arg.value != 0 {
            continue;
        }
        let mut finding = Finding::new(
            &EMPTY_MASK,
            look.at(arg.span, &arg.route, ""),
            "The mask is 0, so that every argument matches.",
        )
        .why("For this operator value is the mask and valueTwo is what has to be left under it.")
        .how("Write the mask as value.");
        if arg.value_two != 0 {
            let operations = vec![
                Operation::set(arg.route.key("value"), arg.value_two),
                Operation::set(arg.route.key("valueTwo"), 0),
            ];
            finding = finding.fix(look.fix("Swap value and valueTwo", Safety::ChangesBehaviour, operations));
        }
        found.push(finding);
    }
}
