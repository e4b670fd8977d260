//! AppArmor profiles that nobody meant well.

use watertight::diagnostic::report::InputKind;

use super::{check, look_at};

#[test]
fn fragments_and_faults() {
    check(
        "abi <abi/4.0>,\nprofile a {\n  /a r\n  /b wa,\n}\n",
        InputKind::AppArmor,
        &[("apparmor-syntax", 3), ("apparmor-refused", 4)],
    );
    check("#include <tunables/mine>\n", InputKind::AppArmor, &[("apparmor-unknown-include", 1)]);
    check("abi <abi/4.0>,\nprofile a {", InputKind::AppArmor, &[("apparmor-syntax", 2)]);
}

#[test]
fn deep_and_wide() {
    let many = |piece: &str, times: usize| format!("profile a {{\n  {}\n}}\n", piece.repeat(times));
    for text in [
        many("profile b {\n", 20_000),
        many("/a r,\n", 50_000),
        many("{ ", 50_000),
        many("if $x { ", 20_000),
        many("not ", 50_000),
        many("\"", 50_001),
        many("(", 50_000),
        many("#", 50_000),
        many("/a{b,c} ix,\n", 300),
        (0..400).fold("profile a {\n".to_owned(), |text, n| {
            format!("{text}  /**{{a,b}}*{n}*{{c,d}}** {}ix,\n", ["", "p"][n % 2])
        }),
        format!("profile a {{\n  /{} r,\n}}\n", "{a,".repeat(40_000)),
        format!("profile a {{\n  /{}{} r,\n}}\n", "{a,b".repeat(49), "}".repeat(49)),
        format!("profile a {{\n  /{{{}}} r,\n}}\n", "a,".repeat(100_000)),
        format!("profile a {{\n  /{}x r,\n}}\n", "**/".repeat(20_000)),
        format!("profile a {{\n  /{}x r,\n}}\n", "*?".repeat(20_000)),
        format!("profile a {{\n  /[{}] r,\n}}\n", "a-z".repeat(50_000)),
        format!("@{{X}}={}\nprofile a {{\n  /@{{X}}@{{X}}@{{X}}@{{X}} r,\n}}\n", "v ".repeat(20_000)),
    ] {
        look_at(&text);
    }
}

#[test]
fn every_prefix_of_a_profile() {
    let text = "abi <abi/4.0>,\n@{X}=a b\nprofile a /b{c,d} flags=(complain) {\n  include <abstractions/openssl>\n  deny /a/** w,\n  \
        \"/c d\" rix -> e,\n  mount options=(ro) /a -> /b,\n  unix peer=(label=x),\n  ^h { /@{X} r, }\n}\n";
    for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
        look_at(&text[..end]);
    }
}
