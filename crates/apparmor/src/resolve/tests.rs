use std::borrow::Cow;

use super::{Found, Includes, Presence, resolve};
use crate::policy::{Policy, Rule, SourceId};
use crate::refusal::Code;
use crate::tree::{Action, RuleKind};

/// A few files by name; anything below `unknown/` is unknown, and the rest is missing.
struct Files(&'static [(&'static str, &'static str)]);

impl Includes for Files {
    fn find(&self, path: &str, _: bool) -> Found<'_> {
        if path.starts_with("unknown/") {
            return Found::Unknown;
        }
        if let Some(&(name, text)) = self.0.iter().find(|(name, _)| *name == path) {
            return Found::Text(name.to_owned(), Cow::Borrowed(text));
        }
        let inside = |name: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let files: Vec<_> = self.0.iter().filter(|(name, _)| inside(name)).collect();
        if files.is_empty() {
            return Found::Missing;
        }
        Found::Folder(files.iter().map(|&&(name, text)| (name.to_owned(), Cow::Borrowed(text))).collect())
    }

    fn abi(&self, path: &str, _: bool) -> Presence {
        if path == "abi/4.0" { Presence::There } else { Presence::Missing }
    }
}

const FILES: Files = Files(&[
    ("base", "/base r,\n"),
    ("again", "include <again>\n/again r,\n"),
    ("outer", "include <inner>\n/outer r,\n"),
    ("inner", "include <outer>\n/inner r,\n"),
    ("broken", "/x r,\nthis is broken,\n/y r,\n"),
    ("vars", "@{V}=one two\n"),
    ("folder/a", "/folder/a r,\n"),
    ("folder/b.dpkg-old", "nonsense"),
    ("folder/.hidden", "nonsense"),
    ("folder/README", "nonsense"),
]);

/// The faults, and then each rule about a path as `path letters` in the order in which the parser sees it.
fn check(text: &str, refused: &[&str], paths: &[&str]) -> Policy {
    let resolved = resolve(text, &FILES);
    let messages: Vec<&str> = resolved.refusals.iter().map(|refusal| refusal.message.as_str()).collect();
    assert_eq!(messages.len(), refused.len(), "{text}\n{messages:#?}");
    for (message, expected) in messages.iter().zip(refused) {
        assert!(message.starts_with(expected), "{text}\n{message}\n{expected}");
    }
    let mut found = Vec::new();
    for rule in resolved.policy.walk().iter().flat_map(|profile| &profile.rules) {
        let RuleKind::File(file) = &rule.rule.kind else { continue };
        let deny = if rule.rule.prefix.action == Action::Deny { "deny " } else { "" };
        found.push(format!("{deny}{}", file.path.as_ref().map_or("", |path| &path.value)));
    }
    assert_eq!(found, paths, "{text}");
    resolved.policy
}

#[test]
fn includes() {
    let policy = check("profile a {\n  include <base>\n  /own r,\n}\n", &[], &["/base", "/own"]);
    let rule = policy.profiles[0].rules[0].clone();
    assert_eq!(policy.sources[rule.origin.source.0 as usize], "base");
    assert_ne!(rule.origin.source, SourceId::TEXT);
    assert_eq!((rule.origin.shown.start, rule.origin.span.start), (14, 0));
    check("profile a {\n  include <folder>\n}\n", &[], &["/folder/a"]);
    check(
        "profile a {\n  include if exists <none>\n  include <none>\n}\n",
        &["The include `none` does not exist"],
        &[],
    );
    check("profile a {\n  include <broken>\n}\n", &["Expected permissions"], &["/x", "/y"]);
}

#[test]
fn include_loops_end() {
    check("profile a {\n  include <again>\n  include <outer>\n}\n", &[], &["/again", "/inner", "/outer"]);
    check("include <again>\nprofile a {}\n", &["Expected `{`"], &[]);
}

#[test]
fn unknown_includes_are_not_empty() {
    let policy =
        check("include <unknown/vars>\nprofile a {\n  include <unknown/x>\n  /@{W}/a r,\n}\n", &[], &["/@{W}/a"]);
    assert_eq!(policy.unknown.len(), 1);
    assert_eq!(policy.profiles[0].unknown[0].name, "unknown/x");
    assert!(policy.profiles[0].rules[0].open);
}

#[test]
fn variables() {
    check(
        "@{X}=/a/ /b/\nprofile p {\n  @{X}/c r,\n  /x@{X} r,\n  /x/@{X}/y r,\n}\n",
        &[],
        &["{/a,/b}/c", "/x{/a/,/b/}", "/x/{a,b}/y"],
    );
    check("@{X}=a\n@{X}+=b a\n@{Y}=@{X}1 c\nprofile p {\n  /@{Y} r,\n}\n", &[], &["/{a1,b1,c}"]);
    check("include <vars>\nprofile p {\n  /@{V} r,\n}\n", &[], &["/{one,two}"]);
    check("@{X}=a\n@{X}=b\n@{X} := c\n@{X}?=d\nprofile p {\n  /@{X} r,\n}\n", &["`X` is already declared"], &["/c"]);
    check("profile p {\n  /@{NO} r,\n  /x r,\n}\n", &["The variable `@{NO}` is not declared"], &["/@{NO}", "/x"]);
    check("@{X}=@{Y}\n@{Y}=@{X}\nprofile p {\n  /@{X} r,\n}\n", &["The variable `@{"], &["/@{X}"]);
    check(
        "profile p /bin/p {\n  @{exec_path} r,\n  /@{profile_name} r,\n  hat h {\n    /@{profile_name} r,\n  }\n}\n",
        &[],
        &["/bin/p", "/p", "/p//h"],
    );
    check("@{X}=a\nprofile p {\n  /\\@{X,Y} r,\n}\n", &[], &["/\\@{X,Y}"]);
    // What is no name makes no variable, and does not hide the next one.
    check("@{X}=a\nprofile p {\n  /@{,b}@{X} r,\n  /@{x,y}z@{X} r,\n}\n", &[], &["/@{,b}a", "/@{x,y}za"]);
    check("@{X}=/@{,b}\nprofile p {\n  @{X}/c r,\n}\n", &[], &["/@{,b}/c"]);
    check("profile p {\n  /@{x-y} r,\n}\n", &["The pattern `/@{x-y}` cannot be compiled"], &["/@{x-y}"]);
    check("profile p {\n  /@{_x} r,\n}\n", &["The pattern `/@{_x}` cannot be compiled"], &["/@{_x}"]);
}

/// How many rules of the text there are, and how many of them are too large to be written out. Nothing is refused.
#[track_caller]
fn large(text: &str, expected: (usize, usize)) {
    let resolved = resolve(text, &FILES);
    assert_eq!(resolved.refusals, []);
    let rules: Vec<&Rule> = resolved.policy.walk().into_iter().flat_map(|profile| &profile.rules).collect();
    assert_eq!((rules.len(), rules.iter().filter(|rule| rule.large).count()), expected);
}

#[test]
fn variables_that_come_to_too_much() {
    let mut text = String::from("@{A0}=x y\n");
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!("@{{A{level}}}=@{{A{below}}}@{{A{below}}}\n"));
    }
    text.push_str("profile p {\n  /@{A39} r,\n  /a r,\n}\n");
    large(&text, (2, 1));
    // Each would fit, but not all of them.
    let long = "n".repeat(100_000);
    let rules = "  @{X}/a r,\n".repeat(100);
    large(&format!("@{{X}}=/{long}\nprofile p {{\n{rules}  /b r,\n}}\n"), (101, 93));
    large(&format!("profile {long} {{\n{}  /b r,\n}}\n", rules.replace("X", "profile_name")), (101, 93));
    large(&format!("@{{X}}=/a\nprofile p {{\n  {} r,\n}}\n", "@{X}".repeat(20_000)), (1, 1));
    assert_eq!(super::expand::first_variable(&"@{a".repeat(100_000)), None);
}

#[test]
fn aliases_that_come_to_too_much() {
    let rules = (0..100).map(|at| format!("  /a{at} r,\n")).collect::<String>();
    large(&format!("alias /a -> /{},\nprofile p {{\n{rules}  /b r,\n}}\n", "n".repeat(100_000)), (108, 93));
    let aliases = (0..1_000).map(|at| format!("alias / -> /c{at}/,\n")).collect::<String>();
    large(&format!("{aliases}profile p {{\n{rules}}}\n"), (9_100, 91));
}

#[test]
fn names_that_are_too_long_to_be_repeated() {
    let children = (0..100).map(|at| format!("  profile c{at} {{ }}\n")).collect::<String>();
    let named = |name: &str| {
        let resolved = resolve(&format!("profile {name} {{\n{children}}}\n"), &FILES);
        resolved.policy.walk().into_iter().filter(|profile| profile.is_named()).count()
    };
    assert_eq!(named("a"), 101);
    assert_eq!(named(&"n".repeat(100_000)), 8);
}

#[test]
fn what_a_limit_keeps_from_being_read_is_unknown() {
    let text = format!("profile p {{\n{}}}\n", "/a r,\n".repeat(40_000));
    let resolved = resolve(&text, &FILES);
    let codes: Vec<Code> = resolved.refusals.iter().map(|refusal| refusal.code).collect();
    assert_eq!(codes, [Code::Limit]);
    assert_eq!(resolved.policy.unknown.len(), 1);
    assert_eq!(resolve("profile p {\n  /a r,\n}\n", &FILES).policy.unknown, []);
}

#[test]
fn conditions() {
    let text = "$T=true\n$F = False\n@{N}=10\nprofile p {\n  if $T and not $F {\n    /a r,\n  } else {\n    /b r,\n  }\n  \
        if @{N} >= 9 {\n    /c r,\n  } else if defined @{M} {\n    /d r,\n  }\n  if $F {\n    include <none>\n  }\n}\n";
    check(text, &["The include `none` does not exist"], &["/a", "/c"]);
    check("profile p {\n  if $T {\n    /a r,\n  }\n}\n", &["`$T` is no declared boolean variable"], &[]);
}

#[test]
fn blocks() {
    check(
        "profile p {\n  deny {\n    /a w,\n    owner { /b r, }\n  }\n  audit { capability kill, /c r, }\n}\n",
        &[],
        &["deny /a", "deny /b", "/c"],
    );
    check(
        "profile p {\n  deny { allow { deny {\n    allow /a ix,\n  } } }\n}\n",
        &["The rule and the block around it contradict", "A `deny` rule refuses every way"],
        &["deny /a"],
    );
    check(
        "profile p {\n  deny {\n    allow /a w,\n  }\n}\n",
        &["The rule and the block around it contradict"],
        &["deny /a"],
    );
}

#[test]
fn aliases() {
    check(
        "alias /usr/ -> /mnt/usr/,\nprofile p /usr/bin/p {\n  /usr/lib r,\n  /etc r,\n}\n",
        &[],
        &["/usr/lib", "/mnt/usr/lib", "/etc"],
    );
    check(
        "alias /a/b/ -> /y/,\nalias /a/ -> /x/,\nalias /a/b/c -> /z,\nalias /a/c -> /z,\nprofile p {\n  /a/b/d r,\n  /a/bc r,\n}\n",
        &[],
        &["/a/b/d", "/x/b/d", "/y/d", "/a/bc", "/x/bc"],
    );
}

#[test]
fn order_and_doubles() {
    check("profile a {}\n@{X}=a\n", &["Variables, aliases and the abi stand before"], &[]);
    check("profile a {}\nprofile a {}\n", &["There is another profile `a`"], &[]);
    check("profile a { ^h {} ^h {} }\n", &["There is another child or hat `h`"], &[]);
    check("abi <abi/1>,\nprofile a {}\n", &["There is no feature set"], &[]);
}
