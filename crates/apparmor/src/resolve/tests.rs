use std::borrow::Cow;

use super::{Found, Includes, Presence, resolve};
use crate::policy::{Policy, SourceId};
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

#[test]
fn large_variables_end_in_a_finding() {
    let mut text = String::from("@{A0}=x y\n");
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!("@{{A{level}}}=@{{A{below}}}@{{A{below}}}\n"));
    }
    text.push_str("profile p {\n  /@{A39} r,\n}\n");
    check(&text, &["The variable `@{"], &["/@{A39}"]);
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
}

#[test]
fn order_and_doubles() {
    check("profile a {}\n@{X}=a\n", &["Variables, aliases and the abi stand before"], &[]);
    check("profile a {}\nprofile a {}\n", &["There is another profile `a`"], &[]);
    check("profile a { ^h {} ^h {} }\n", &["There is another child or hat `h`"], &[]);
    check("abi <abi/1>,\nprofile a {}\n", &["There is no feature set"], &[]);
}
