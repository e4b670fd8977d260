use proptest::prelude::*;

use super::*;
use crate::Op;
use crate::testing::{DENY, any_filter, filter};

fn show(draft: &Draft) -> Vec<String> {
    let entry = |entry: &Entry| {
        let conditions: Vec<String> = entry.conditions.iter().map(ToString::to_string).collect();
        format!("{} {} {}", entry.names.join(" "), entry.action, conditions.join(", ")).trim_end().to_owned()
    };
    draft.entries.iter().map(entry).collect()
}

#[test]
fn what_decides_nothing_goes() {
    let wordy = filter(
        DENY,
        &[
            ("write", Action::ALLOW, &[]),
            ("read", Action::ALLOW, &[]),
            ("read", Action::ENOSYS, &[]),
            ("read", Action::KILL_THREAD, &[(0, Op::Eq, 1, 0)]),
            ("close", DENY, &[]),
            ("close", DENY, &[(0, Op::Eq, 1, 0)]),
            ("socket", Action::ALLOW, &[(0, Op::Lt, 5, 0)]),
            ("socket", Action::ALLOW, &[(0, Op::Eq, 3, 0)]),
            ("bind", Action::ALLOW, &[(0, Op::Lt, 5, 0)]),
        ],
    );
    assert_eq!(show(&minimise(&wordy)), ["read write ALLOW", "bind socket ALLOW a0 < 0x5"]);
}

#[test]
fn names_of_no_call_go() {
    let names = ["read", "wirte"].map(str::to_owned).to_vec();
    let draft = Draft {
        entries: vec![Entry { names, ..entry("read", &(Action::ALLOW, &[])) }],
        ..minimise(&filter(DENY, &[]))
    };
    assert_eq!(show(&draft), ["read wirte ALLOW"]);
    assert_eq!(show(&minimise(&draft.filter(false))), ["read ALLOW"]);
}

#[test]
fn the_line_of_enosys_stays() {
    let mut above = filter(DENY, &[("read", Action::ALLOW, &[])]);
    above.enosys_above = vec![(Arch::X86_64, 332)];
    let draft = minimise(&above);
    assert_eq!(show(&draft), ["read ALLOW", "statx ERRNO(1)"]);
    assert_eq!(draft.filter(true).enosys_above, above.enosys_above);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn nothing_changes(filter in any_filter()) {
        let draft = minimise(&filter);
        let again = draft.filter(!filter.enosys_above.is_empty());
        let found = compare(&filter, &again);
        prop_assert!(found.is_same(), "{:?}\n{:?}", draft, found.abis.iter().flat_map(|abi| abi.differences.first()));
        prop_assert_eq!(&minimise(&again), &draft);
        let rules: usize = draft.entries.iter().map(|entry| entry.names.len()).sum();
        prop_assert!(rules <= filter.rules.len() + filter.enosys_above.len());
    }
}
