use super::{Line, Reader, Why, is_name};
use crate::Arch;

/// The head of the table.
pub(super) fn is_head(line: &str) -> bool {
    line.trim_start().starts_with("% time") && line.trim_end().ends_with("syscall")
}

/// A row: shares and times, calls, perhaps errors, and the name at the end.
///
/// With programs of several ABIs there is a table for each, and `System call usage summary for 32 bit mode:` before it.
pub(super) fn line(reader: &mut Reader, line: Line<'_>) {
    let text = line.text.trim();
    if let Some(mode) = text.strip_prefix("System call usage summary for ") {
        match abi(mode, reader.native) {
            Some(arch) => reader.modes.insert(0, arch),
            None => reader.modes.remove(&0),
        };
        return;
    }
    if text.is_empty() || is_head(text) || text.starts_with("---") || text.starts_with("strace:") {
        return;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (Some(name), Some(calls)) = (words.last(), words.get(3)) else {
        return reader.leave(line.span(), Why::NotALine);
    };
    if *name == "total" {
        return;
    }
    match calls.parse() {
        Ok(count) if is_name(name) && (5..=6).contains(&words.len()) => {
            let arch = reader.modes.get(&0).copied();
            reader.see_name(name, arch, count, line.of(name));
        }
        _ => reader.leave(line.span(), Why::NotALine),
    }
}

/// The ABI of a mode as strace names it, on a machine of this kind.
pub(super) fn abi(mode: &str, native: Arch) -> Option<Arch> {
    if mode.starts_with("x32") {
        return Some(Arch::X32);
    }
    let bits32 = mode.starts_with("32 bit");
    (bits32 && native.is_64_bit()).then(|| native.companions().first().copied()).flatten()
}
