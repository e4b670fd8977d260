//! What it takes to analyse a profile.

use std::error::Error;
use std::fmt::Write as _;

use watertight::diagnostic::Settings;
use watertight::text::Encoding;
use watertight::{Input, analyse};

/// Rules in a profile, and how often to analyse it.
const CASES: &[(usize, usize)] = &[(50, 50), (500, 20), (5_000, 3)];

/// Prints one line a case.
pub(crate) fn run(time: impl Fn() -> Result<f64, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    println!("\n{:>8} {:>10} {:>12} {:>10}", "rules", "bytes", "CPU ms", "findings");
    for &(rules, rounds) in CASES {
        let text = profile(rules);
        let mut findings = 0;
        let start = time()?;
        for _ in 0..rounds {
            let input = Input { name: "profile", text: &text };
            findings = analyse(&[input], &Settings::default(), Encoding::Utf8).findings.len();
        }
        let spent = (time()? - start) / rounds as f64;
        println!("{rules:>8} {:>10} {:>12.2} {findings:>10}", text.len(), spent * 1e3);
    }
    Ok(())
}

/// A profile as large ones are: paths with variables, alternations and wildcards, a few rules of the other kinds.
fn profile(rules: usize) -> String {
    let mut text = String::from(
        "abi <abi/4.0>,\ninclude <tunables/global>\nprofile web /usr/bin/web flags=(attach_disconnected) {\n  include <abstractions/base>\n",
    );
    for rule in 0..rules {
        let _ = match rule % 10 {
            0 => writeln!(text, "  /usr/lib/{{,x86_64-linux-gnu/}}part{rule}/** rm,"),
            1 => writeln!(text, "  owner @{{HOME}}/.cache/part{rule}/{{,**}} rwk,"),
            2 => writeln!(text, "  @{{PROC}}/@{{pid}}/part{rule} r,"),
            3 => writeln!(text, "  /usr/bin/tool{rule} ix,"),
            4 => writeln!(text, "  /etc/part{rule}.conf r, # settings"),
            5 => writeln!(text, "  deny /var/log/part{rule}/*.log w,"),
            6 => writeln!(text, "  /{{,usr/}}bin/part{rule}-[a-z0-9]* Px -> part{},", rule / 10 % 10),
            7 => writeln!(text, "  /tmp/part{rule}-?* rw,"),
            8 => writeln!(text, "  @{{run}}/part{rule}/socket rw,"),
            _ => writeln!(text, "  unix (send, receive) type=stream peer=(label=part{rule}),"),
        };
    }
    text.push_str("}\n");
    text
}
