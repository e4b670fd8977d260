//! What it takes to analyse a seccomp profile, and to decide a call.

use std::error::Error;
use std::fs;
use std::hint::black_box;

use watertight::diagnostic::{NodeSettings, Runtime, Settings};
use watertight::text::Encoding;
use watertight::{Input, analyse};
use watertight_diagnostic::Route;
use watertight_seccomp::{Arch, Decider, Reader, Syscall, Target, read};

/// Entries in a profile, and how often to analyse it. The first is as large as Docker's default.
const CASES: &[(usize, usize)] = &[(40, 200), (400, 50), (4_000, 5), (40_000, 1)];

/// Questions of each kind.
const QUESTIONS: usize = 20_000_000;

/// Prints one line a case, and how many calls are decided a second.
pub(crate) fn run(time: impl Fn() -> Result<f64, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    println!("\n{:>8} {:>10} {:>12} {:>10}", "entries", "bytes", "CPU ms", "findings");
    let settings =
        Settings { node: NodeSettings { runtime: Runtime::Docker, ..NodeSettings::default() }, ..Settings::default() };
    let measure = |what: &str, text: &str, rounds: usize| -> Result<(), Box<dyn Error>> {
        let mut findings = 0;
        let start = time()?;
        for _ in 0..rounds {
            let input = Input { name: "profile.json", text };
            findings = analyse(&[input], &settings, Encoding::Utf8).findings.len();
        }
        let spent = (time()? - start) / rounds as f64;
        println!("{what:>8} {:>10} {:>12.2} {findings:>10}", text.len(), spent * 1e3);
        Ok(())
    };
    let docker = watertight_tests::corpus().map(|corpus| corpus.join("seccomp/profiles/moby-default.json"));
    // Another selection of the corpus may come without it.
    if let Some(docker) = docker.filter(|docker| docker.is_file()) {
        measure("Docker's", &fs::read_to_string(docker)?, 200)?;
    }
    for &(entries, rounds) in CASES {
        measure(&entries.to_string(), &profile(entries), rounds)?;
    }
    decide(&time)
}

fn decide(time: &impl Fn() -> Result<f64, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let text = profile(40);
    let stream = watertight_yaml::parse(&text);
    let root = stream.documents.first().and_then(|document| document.root()).ok_or("no profile")?;
    let target = Target { arch: Arch::X86_64, caps: &[], kernel: (6, 12) };
    let filter = read::read(root, &Route::root(0)).0.as_read_by(Reader::Docker, &target);
    let decider = Decider::new(&filter.map_err(|refusal| refusal.to_string())?.ok_or("no filter")?);
    for (name, argument) in [("read", 0), ("reboot", 0), ("socket", 2)] {
        let number = Syscall::from_name(name).and_then(|call| call.number(Arch::X86_64)).ok_or("no such call")?;
        let start = time()?;
        for question in 0..QUESTIONS {
            let args = [argument, question as u64, 0, 0, 0, 0];
            black_box(decider.decide(black_box(Arch::X86_64), black_box(number), black_box(&args)));
        }
        let spent = time()? - start;
        println!("decide {name:>8} {:>8.1} million a second", QUESTIONS as f64 / spent / 1e6);
    }
    Ok(())
}

/// A profile as the runtimes' own are: one long entry, and small ones with gates and conditions.
fn profile(entries: usize) -> String {
    let names: Vec<&str> = Syscall::all().map(Syscall::name).collect();
    let plain: Vec<String> = names.iter().take(360).map(|name| format!("\"{name}\"")).collect();
    let mut text = String::from("{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"archMap\": [{\"architecture\": ");
    text.push_str(
        "\"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"]}],\n  \"syscalls\": [\n",
    );
    text.push_str(&format!("    {{\"names\": [{}], \"action\": \"SCMP_ACT_ALLOW\"}}", plain.join(", ")));
    for entry in 1..entries {
        let name = names.get(360 + entry % (names.len() - 360)).copied().unwrap_or("socket");
        let rest = match entry % 4 {
            0 => "\"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}".to_owned(),
            1 => format!("\"args\": [{{\"index\": 0, \"value\": {entry}, \"op\": \"SCMP_CMP_EQ\"}}]"),
            2 => format!(
                "\"args\": [{{\"index\": 1, \"value\": 255, \"valueTwo\": {}, \"op\": \"SCMP_CMP_MASKED_EQ\"}}]",
                entry % 256
            ),
            _ => "\"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"], \"arches\": [\"s390x\"]}".to_owned(),
        };
        text.push_str(&format!(",\n    {{\"names\": [\"{name}\"], \"action\": \"SCMP_ACT_ALLOW\", {rest}}}"));
    }
    text.push_str("\n  ]\n}\n");
    text
}
