use super::{Line, Reader, Why, is_name};
use crate::{Arch, X32_BIT};

/// Record types that name a call: SECCOMP (1326 in the kernel's own messages) and SYSCALL (1300).
const TYPES: [&str; 4] = ["type=SECCOMP", "type=1326", "type=SYSCALL", "type=1300"];

/// Whether a line holds such a record.
pub(super) fn is_record(line: &str) -> bool {
    TYPES.iter().any(|kind| line.contains(kind))
}

/// A record: `type=SECCOMP msg=audit(…): … arch=c000003e syscall=257 …`. Other records are passed over.
pub(super) fn line(reader: &mut Reader, line: Line<'_>) {
    if !is_record(line.text) {
        return;
    }
    // Names of an enriched log stand behind this sign, in capitals.
    let record = line.text.split('\u{1d}').next().unwrap_or_default();
    let field = |name: &str| {
        let words = record.split([' ', '\t', ',', '"', '\'']);
        words.filter_map(|word| word.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let Some(call) = field("syscall") else { return reader.leave(line.span(), Why::NotALine) };
    let arch = match field("arch").map(abi) {
        Some(Some(arch)) => Some(arch),
        Some(None) => {
            let written = field("arch").unwrap_or_default();
            return reader.leave(line.of(written), Why::UnknownAbi(written.to_owned()));
        }
        None => None,
    };
    match call.parse::<u32>() {
        Ok(number) => {
            let x32 = arch == Some(Arch::X86_64) && number & X32_BIT != 0;
            reader.see_number(number, if x32 { Some(Arch::X32) } else { arch }, 1, line.of(call));
        }
        Err(_) if is_name(call) => reader.see_name(call, arch, 1, line.of(call)),
        Err(_) => reader.leave(line.of(call), Why::NotALine),
    }
}

/// The ABI by the kernel's token in hexadecimal, or by the name that `ausearch -i` gives it.
fn abi(written: &str) -> Option<Arch> {
    if let Ok(token) = u32::from_str_radix(written, 16)
        && let Some(arch) = Arch::all().find(|arch| arch.audit_token() == token)
    {
        return Some(arch);
    }
    match written {
        "i386" => Some(Arch::X86),
        "armeb" | "arm" => Some(Arch::Arm),
        other => Arch::from_name(other),
    }
}
