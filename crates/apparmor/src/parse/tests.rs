use super::{DEPTH, parse};
use crate::tree::{Entry, Exec, ExecMode, Perms, RuleKind};

/// Each fault as `line: the beginning of its message`.
fn check(text: &str, expected: &[&str]) {
    let parsed = parse(text);
    let found: Vec<String> = parsed
        .refusals
        .iter()
        .map(|refusal| {
            let before = text.get(..refusal.origin.span.start as usize).unwrap_or_default();
            format!("{}: {}", before.matches('\n').count() + 1, refusal.message)
        })
        .collect();
    assert_eq!(found.len(), expected.len(), "{text}\n{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
    }
}

/// The kinds of the rules of the first profile.
fn kinds(text: &str) -> Vec<RuleKind> {
    let parsed = parse(text);
    let Some(profile) = parsed.file.profiles().next() else { return Vec::new() };
    let rule = |entry: &Entry| match entry {
        Entry::Rule(rule) => Some(rule.kind.clone()),
        _ => None,
    };
    profile.body.iter().filter_map(rule).collect()
}

#[test]
fn one_bad_rule_does_not_hide_the_others() {
    check(
        "profile a {\n  /a r\n  /b rw,\n  nonsense here,\n  network inet strange stream,\n  /c rwa,\n  capability kill,\n}\n",
        &[
            "2: This rule does not end in a comma",
            "4: Expected permissions",
            "5: Expected the comma that ends the rule",
            "6: `w` covers `a`",
        ],
    );
    let text =
        "profile a {\n  /a r\n  /b rw,\n  nonsense here,\n  /c r,\n}\nprofile b {\n  oops\n}\nprofile c { /x r, }\n";
    assert_eq!(kinds(text).len(), 3);
    assert_eq!(parse(text).file.profiles().count(), 3);
}

#[test]
fn braces_that_do_not_match() {
    check("profile a {\n  /a r,\n", &["1: This brace is never closed"]);
    check("profile a {\n}\n}\n", &["3: This brace closes nothing"]);
    check("profile a {\n  /bin/x if $y {\n    /b r,\n  }\n  /c r,\n}\nprofile b {}\n", &["2: Expected permissions"]);
    check("/a r,\n", &["1: Expected `{`"]);
    check("deny /a r,\nprofile b {\n}\n", &["1: Expected a profile"]);
}

#[test]
fn prefixes_have_an_order() {
    check("profile a {\n  audit deny owner /a r,\n  priority=3 audit allow other /a w,\n}\n", &[]);
    check(
        "profile a {\n  owner deny /a r,\n  deny deny /b r,\n  priority=1001 /c r,\n}\n",
        &["2: Expected a rule (prefixes", "3: Expected a rule (prefixes", "4: A priority lies between"],
    );
}

#[test]
fn letters() {
    let one = |letters: &str| match kinds(&format!("profile a {{\n  /a {letters},\n}}\n")).pop() {
        Some(RuleKind::File(file)) => (file.perms, file.exec),
        other => panic!("{letters}: {other:?}"),
    };
    assert_eq!(one("rwk"), (Perms::READ.with(Perms::WRITE).with(Perms::LOCK), None));
    let exec = |mode, scrub| Some(Exec { mode, scrub, target: None });
    for (letters, mode, scrub) in [
        ("ix", ExecMode::Inherit, false),
        ("px", ExecMode::Profile, false),
        ("Px", ExecMode::Profile, true),
        ("cix", ExecMode::ChildInherit, false),
        ("PUx", ExecMode::ProfileUnconfined, true),
        ("Ux", ExecMode::Unconfined, true),
        ("x", ExecMode::Any, false),
        ("X", ExecMode::Any, false),
    ] {
        assert_eq!(one(letters), (Perms::EXEC, exec(mode, scrub)), "{letters}");
    }
    assert_eq!(kinds("profile a {\n  unsafe /a Px,\n}\n").len(), 1);
    check("profile a {\n  /a ixpx,\n  safe /b r,\n}\n", &["2: Two ways to start", "3: `safe` and `unsafe` need"]);
}

#[test]
fn every_kind_of_rule() {
    let text = "abi <abi/4.0>,\ninclude <tunables/global>\n@{X} = a \"b c\"\n$y = true\nalias /a -> /b,\n\
        profile a /bin/a{b,c} xattrs=(user.x=y z) flags=(complain, attach_disconnected) {\n\
        include if exists <local/a>\n  #include <abstractions/base>\n  file,\n  /a r, # comment\n  \"/b c\" rw,\n  r /d,\n\
        link subset /a -> /b,\n  l /a -> /b,\n  capability,\n  capability kill chown,\n  network,\n\
        network (send, receive) inet stream ip=::1 port=80 peer=(ip=none),\n  mount,\n\
        mount fstype=(ext4, xfs) options=(ro, nosuid) options in (noatime) /dev/x -> /mnt/,\n  remount /mnt/,\n\
        umount /mnt/,\n  pivot_root oldroot=/old/ /new/ -> b,\n  ptrace (read, trace) peer=b,\n\
        signal send set=(term, rtmin+3) peer=b,\n  dbus send bus=system path=/a peer=(name=b),\n\
        unix (bind) type=stream addr=@a,\n  mqueue (read, open) type=posix /q,\n  io_uring sqpoll,\n  userns create,\n\
        set rlimit nofile <= 1024,\n  change_profile safe /bin/x -> b,\n  all,\n  deny {\n    /e w,\n  }\n\
        if defined @{X} and not ($y or @{X} == a) {\n    /f r,\n  } else if $y {\n  } else {\n  }\n\
        ^hat {\n  }\n  profile child {\n    hat inner {\n    }\n  }\n}\n";
    check(text, &[]);
    assert_eq!(kinds(text).len(), 25);
    assert_eq!(parse(text).comments.len(), 1);
}

#[test]
fn names_and_commas() {
    let path = |text: &str| match kinds(&format!("profile a {{\n  {text}\n}}\n")).pop() {
        Some(RuleKind::File(file)) => file.path.map(|path| path.value).unwrap_or_default(),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(path("/a,b r,"), "/a,b");
    assert_eq!(path("/a\\ b r,"), "/a\\ b");
    assert_eq!(path("\"/a b\" r,"), "/a b");
    assert_eq!(path("/{a,b}/** r,"), "/{a,b}/**");
    assert_eq!(path("@{X}/a r,"), "@{X}/a");
    assert_eq!(path("/\\101 r,"), "/A");
}

#[test]
fn deep_nesting_ends_in_a_finding() {
    for (open, inside) in [("profile a {\n", "profile "), ("{\n", "profile a {"), ("if $x {\n", "profile a {")] {
        let text = [inside, &open.repeat(DEPTH * 50)].concat();
        let refusals = parse(&text).refusals;
        assert!(refusals.iter().any(|refusal| refusal.message.starts_with("Nested more than")), "{open}");
        assert!(refusals.len() < DEPTH * 60);
    }
    let not = ["$x = ", &"not ".repeat(10_000), "true\n"].concat();
    assert!(parse(&not).refusals.first().is_some_and(|refusal| refusal.message.starts_with("Nested")));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(256))]

    /// Whatever the text, every place lies in it, and reading it ends.
    #[test]
    fn any_text(text in "[ -~\\n\\té]{0,200}") {
        for refusal in parse(&text).refusals {
            proptest::prop_assert!(text.get(refusal.origin.span.range()).is_some());
        }
    }

    /// Pieces of the language in any order.
    #[test]
    fn any_pieces(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        let text = pieces.concat();
        for refusal in parse(&text).refusals {
            proptest::prop_assert!(text.get(refusal.origin.span.range()).is_some());
        }
    }
}

const PIECES: &[&str] = &[
    "profile ", "a ", "/a ", "{", "}", "\n", ",", " r,", "rw", "ix", "->", "(", ")", "=", "deny ", "audit ", "owner ",
    "if ", "else ", "not ", "$x ", "@{X}", "\"", "\\", "#", "include ", "<a>", "mount ", "network ", "peer=(", "set ",
    "rlimit ", "<=", "abi ", "flags=", "hat ", "^", ":", "&", "+", "unix ", "dbus ", "signal ", "é", "\t", " in (",
    "all,",
];
