use super::summary::abi;
use super::{Line, Reader, Why, is_name};

/// Whether a line is the beginning of a call.
pub(super) fn is_call(line: &str) -> bool {
    let (_, rest) = without_prefixes(line);
    call_name(rest).is_some() || rest.starts_with("<... ")
}

/// A line of strace: `1705 openat(AT_FDCWD, …) = 3`, with whatever `-f`, `-t`, `-r`, `-n` and `-i` put before it.
pub(super) fn line(reader: &mut Reader, line: Line<'_>) {
    let (process, rest) = without_prefixes(line.text);
    if let Some(mode) = mode(line.text) {
        match abi(mode.1, reader.native) {
            Some(arch) => reader.modes.insert(mode.0.unwrap_or(process), arch),
            None => reader.modes.remove(&mode.0.unwrap_or(process)),
        };
        return;
    }
    let arch = reader.modes.get(&process).copied();
    if let Some(resumed) = rest.strip_prefix("<... ") {
        // The call was counted where it began, unless strace came too late for that.
        if let Some(name) = resumed.split(' ').next().filter(|name| is_name(name)) {
            reader.see_name(name, arch, 0, line.of(name));
        }
        return;
    }
    if is_remark(rest) {
        return;
    }
    let Some(name) = call_name(rest) else { return reader.leave(line.span(), Why::NotALine) };
    match name.strip_prefix("syscall_0x").map(|number| u32::from_str_radix(number, 16)) {
        Some(Ok(number)) => reader.see_number(number, arch, 1, line.of(name)),
        _ => reader.see_name(name, arch, 1, line.of(name)),
    }
}

/// Signals, ends, and what strace says about itself.
fn is_remark(rest: &str) -> bool {
    ["---", "+++", "strace: ", "Process ", "???", "<"].iter().any(|start| rest.starts_with(start)) || rest.is_empty()
}

/// The process, 0 where it is not said, and the line behind everything that options put before the call.
fn without_prefixes(line: &str) -> (u32, &str) {
    let mut rest = line.trim_start();
    let mut process = 0;
    let mut first = true;
    loop {
        let next = if let Some(inner) = rest.strip_prefix('[') {
            let Some((inside, behind)) = inner.split_once(']') else { break };
            if let Some(id) = inside.strip_prefix("pid") {
                process = id.trim().parse().unwrap_or_default();
            }
            behind
        } else {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | '+'))).unwrap_or(rest.len());
            let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            // `+++` begins a remark, and a word without a space behind it is no prefix.
            if word.is_empty() || !behind.starts_with(' ') || word.starts_with("++") {
                break;
            }
            if first && let Ok(id) = word.parse() {
                process = id;
            }
            behind
        };
        first = false;
        rest = next.trim_start();
    }
    (process, rest)
}

/// The process and the mode of `[ Process PID=4321 runs in 32 bit mode. ]`.
fn mode(line: &str) -> Option<(Option<u32>, &str)> {
    let (before, mode) = line.split_once(" runs in ")?;
    let (_, process) = before.split_once("[ Process PID=")?;
    mode.contains("mode").then(|| (process.parse().ok(), mode))
}

fn call_name(rest: &str) -> Option<&str> {
    rest.split_once('(').map(|(name, _)| name).filter(|name| is_name(name))
}
