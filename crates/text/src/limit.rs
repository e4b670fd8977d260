/// How many bytes of a text are read, by every reader that knows no smaller limit.
pub const MAX_BYTES: usize = 10_000_000;

/// A limit in bytes as a sentence says it: `10 MB`. Limits are whole megabytes.
pub fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes / 1_000_000)
}
