//! Profiles that we make, and what becomes of them when characters are changed, read by `apparmor_parser`: it has to accept
//! the former, and to agree with us about the latter.
//!
//! `WATERTIGHT_CASES` says how many pods to make up, `WATERTIGHT_SEED` where to begin.

use std::fmt::Write as _;

use watertight_apparmor::generate::{Facts, Features, MountPoint, Needs, Strictness, Wish, make};
use watertight_apparmor::{Shipped, resolve};
use watertight_tests::Dice;
use watertight_tests::parser::{ask, changed, features};

use crate::{Tally, machine};

/// Changed profiles for each that is made.
const CHANGES: usize = 6;

pub(crate) fn fits() -> Result<(), String> {
    match ask("abi <abi/3.0>,\nprofile a {\n}\n", &["-M", &feature_set()?]) {
        None => Err("there is no apparmor_parser".to_owned()),
        Some((false, said)) => Err(format!("apparmor_parser does not know abi 3.0: {said}")),
        Some((true, _)) => Ok(()),
    }
}

fn feature_set() -> Result<String, String> {
    let file = features().ok_or("there is no apparmor_parser with its feature sets")?;
    Ok(file.to_string_lossy().into_owned())
}

pub(crate) fn run() -> Result<Tally, String> {
    let features = feature_set()?;
    let (first, cases): (u64, u64) = (machine::number("WATERTIGHT_SEED", 1), machine::number("WATERTIGHT_CASES", 25));
    let mut tally = Tally::default();
    for seed in first..first + cases {
        let mut dice = Dice::new(seed);
        let facts = facts(&mut dice);
        let needs = Needs::read(&needs(&mut dice));
        for strictness in [Strictness::Familiar, Strictness::Careful, Strictness::Tight] {
            let complain = !dice.often(3);
            let wish = Wish { facts: &facts, strictness, complain, features: Features::V3, needs: &needs.rules };
            let text = make(&wish).text;
            compare(&text, &features, seed, &mut tally);
            for _ in 0..CHANGES {
                let text = changed(&mut dice, &text);
                if !is_newer(&text) {
                    compare(&text, &features, seed, &mut tally);
                }
            }
        }
    }
    Ok(tally)
}

fn compare(text: &str, features: &str, seed: u64, tally: &mut Tally) {
    let Some((accepted, said)) = ask(text, &["-M", features]) else { return };
    let refusals = resolve(text, &Shipped).refusals;
    tally.count(accepted == refusals.is_empty(), || {
        let ours = refusals.first().map_or("accepted", |refusal| &refusal.message);
        format!("seed {seed}\n{text}  ours:   {ours}\n  theirs: {}", if accepted { "accepted" } else { &said })
    });
}

/// Whether a change made a word that a newer parser reads otherwise than Debian's 3.0, or took the feature set away.
fn is_newer(text: &str) -> bool {
    let newer = [":", "?", "x ->", "priority", "all,", "include", "abi/"];
    !text.contains("abi <abi/3.0>,\n") || newer.iter().any(|word| text.replacen("abi <abi/3.0>,", "", 1).contains(word))
}

/// A container that no pod has, with everything that may stand in one.
fn facts(dice: &mut Dice) -> Facts {
    let paths = [
        "/tmp",
        "/data",
        "/var/run/app",
        "/run",
        "/etc/app",
        "/with blank",
        "/odd*{a,b}[c]?",
        "/quo\"te\\",
        "/ü/é",
        "/a,b",
        "/usr/lib/x",
        "/proc/x",
        "/sys/fs/cgroup",
        "/at@{x}",
        "/#x",
        "/a=b",
        "/tab\there",
        "/var/lib/kubelet",
    ];
    let mounts = (0..dice.roll(5)).map(|_| MountPoint {
        path: dice.pick(&paths).to_owned(),
        writable: dice.often(3),
        maybe_file: !dice.often(2),
        closed: (dice.roll(8) == 0).then(|| "Docker listens there".to_owned()),
    });
    let mounts = mounts.collect();
    let capabilities = ["chown", "kill", "net_bind_service", "sys_admin", "bpf", "net_raw", "setuid", "syslog"];
    let own: Vec<String> = capabilities.iter().filter(|_| !dice.often(2)).map(|name| (*name).to_owned()).collect();
    Facts {
        profile: dice
            .pick(&["web", "shop-web", "a b", "flags", "profile", "hat", "deny", "x.y_z", "/usr/bin/x"])
            .to_owned(),
        title: "container web of shop".to_owned(),
        program: dice.often(3).then(|| {
            dice.pick(&["/usr/sbin/nginx", "sh", "python3", "/app/run.sh", "a b", "/odd{x", "./run", "node"]).to_owned()
        }),
        read_only_root: dice.often(2),
        mounts,
        devices: if dice.often(4) { Vec::new() } else { vec!["/dev/fuse".to_owned()] },
        ports: if dice.often(2) { vec![80] } else { Vec::new() },
        all_capabilities: dice.roll(9) == 0,
        asked_capabilities: own.iter().take(1).cloned().collect(),
        capabilities: own,
        not_root: dice.often(2),
        privileged: false,
    }
}

fn needs(dice: &mut Dice) -> String {
    let lines = [
        "read /srv/a b/",
        "write /var/lib/x",
        "run /usr/bin/git",
        "/opt/** r",
        "network inet raw,",
        "ptrace (trace) peer=web,",
        "mount fstype=tmpfs -> /mnt/,",
        "umount /mnt/,",
        "signal (send) set=(term) peer=x,",
        "change_profile -> x,",
        "unix (connect) type=stream peer=(label=unconfined, addr=\"@/x\"),",
        "dbus (send) bus=system path=/x interface=y member=z,",
        "link /a -> /b,",
        "apparmor=\"DENIED\" operation=\"open\" profile=\"x\" name=2F746D702F612062 denied_mask=\"r\" fsuid=1 ouid=1",
        "apparmor=\"DENIED\" operation=\"mount\" profile=\"x\" name=\"/m/\" fstype=\"proc\" srcname=\"proc\" flags=\"ro, nosuid\"",
        "apparmor=\"DENIED\" operation=\"signal\" profile=\"x\" denied_mask=\"send\" signal=rtmin+3 peer=\"a//b\"",
        "apparmor=\"DENIED\" operation=\"pivotroot\" profile=\"x\" name=\"/n/\" srcname=\"/n/o/\"",
    ];
    let mut text = String::new();
    for _ in 0..dice.roll(5) {
        let _ = writeln!(text, "{}", dice.pick(&lines));
    }
    text
}
