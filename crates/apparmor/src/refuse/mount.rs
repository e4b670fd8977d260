//! `mount`, `remount`, `umount` and `pivot_root`.

use crate::names::mount::{self as options, BIND, COMMANDS, MOVE, PROPAGATION, REMOUNT};
use crate::policy::Origin;
use crate::refusal::{Code, Refusal};
use crate::tree::{Mount, MountKind, PivotRoot, Setting, Sign};

pub(super) fn check(rule: &Mount, found: &mut Vec<Refusal>) {
    for setting in &rule.settings {
        match setting.name.value.as_str() {
            "fstype" | "vfstype" => {}
            "options" | "option" => check_options(setting, rule.kind, found),
            name => {
                let message = ["Mount rules know no `", name, "`: `fstype` and `options` are what there is."].concat();
                found.push(Refusal::new(Code::Mount, setting.name.span, message));
            }
        }
    }
}

fn check_options(setting: &Setting, kind: MountKind, found: &mut Vec<Refusal>) {
    let (mut set, mut clear) = (0, 0);
    for value in &setting.values {
        match options::option(&value.value) {
            Some((sets, clears)) => (set, clear) = (set | sets, clear | clears),
            None => {
                let message = ["There is no mount option `", &value.value, "`."].concat();
                found.push(Refusal::new(Code::Mount, value.span, message));
            }
        }
    }
    if kind == MountKind::Remount {
        set |= REMOUNT;
    }
    if setting.sign == Sign::Is && set & clear != 0 {
        found.push(Refusal::new(Code::Mount, setting.span, "Two of these options contradict each other."));
    }
}

pub(super) fn check_pivot_root(rule: &PivotRoot, found: &mut Vec<Refusal>) {
    // The last setting is the one that counts.
    if let Some(setting) = rule.settings.last().filter(|setting| setting.name.value != "oldroot") {
        found.push(Refusal::new(Code::Mount, setting.span, "`pivot_root` knows `oldroot` only."));
    }
}

/// Whether the rule stands for any call at all. The parser refuses one that stands for none.
pub(super) fn check_encoding(rule: &Mount, origin: Origin, found: &mut Vec<Refusal>) {
    if rule.kind == MountKind::Umount {
        return;
    }
    let (required, optional) = flags(rule);
    let fits = required.iter().any(|required| optional.iter().any(|optional| fits_a_call(rule, *required, *optional)));
    if fits {
        return;
    }
    let spreads = required.iter().any(|required| required & PROPAGATION != 0);
    let message = if spreads && rule.source.is_some() && rule.target.is_some() {
        "A change of propagation takes the mount point alone, without a source."
    } else {
        "These options, type and paths fit no mount call together, so the rule would permit nothing."
    };
    found.push(Refusal::at(Code::Mount, origin, message));
}

/// The sets of options of a rule: those that must be there, one for each `options=`, and those that may be, one for each
/// `options in`.
fn flags(rule: &Mount) -> (Vec<u32>, Vec<u32>) {
    let bits = |sign: Sign| {
        let named = move |setting: &&Setting| {
            matches!(setting.name.value.as_str(), "options" | "option") && setting.sign == sign
        };
        rule.settings.iter().filter(named).map(|setting| {
            let known = setting.values.iter().filter_map(|value| options::option(&value.value));
            known.fold((0, 0), |(set, clear), (sets, clears)| (set | sets, clear | clears))
        })
    };
    let remount = rule.kind == MountKind::Remount;
    let extra = if remount { REMOUNT } else { 0 };
    let mut required: Vec<u32> = bits(Sign::Is).map(|(set, _)| set | extra).collect();
    let mut optional: Vec<u32> = bits(Sign::In).map(|(set, clear)| set | clear).collect();
    match (required.is_empty(), optional.is_empty()) {
        (true, true) if remount => {
            required.push(REMOUNT);
            optional.push(options::ALL & !MOVE & !REMOUNT);
        }
        (true, true) => {
            required.push(options::ALL);
            optional.push(options::ALL);
        }
        (true, false) => required.push(extra),
        (false, true) => optional.push(0),
        (false, false) => {}
    }
    (required, optional)
}

/// Whether one combination of options stands for a call.
fn fits_a_call(rule: &Mount, required: u32, optional: u32) -> bool {
    let device = rule.source.is_some();
    let point = rule.target.is_some();
    let typed = rule.settings.iter().any(|setting| matches!(setting.name.value.as_str(), "fstype" | "vfstype"));
    // Without options every call is tried, and a plain mount fits always.
    required == 0
        || required == options::ALL
        || (required & REMOUNT != 0 && !device && !typed)
        || (required & BIND != 0 && !typed)
        || (required & PROPAGATION != 0 && !(device && point) && !typed)
        || (required & MOVE != 0 && !typed)
        || (required | optional) & !COMMANDS != 0
}
