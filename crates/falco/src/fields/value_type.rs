//! The types of values.

/// The type of a value that a field or a parameter of an event has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ValueType {
    /// True or false.
    Bool,
    /// A string.
    String,
    /// The path of a file; compared as a string.
    Path,
    /// A path that may be relative to a directory; compared as a string.
    RelativePath,
    /// Bytes of any kind.
    Bytes,
    /// A signed number of 8 bits.
    I8,
    /// A signed number of 16 bits.
    I16,
    /// A signed number of 32 bits.
    I32,
    /// A signed number of 64 bits.
    I64,
    /// An unsigned number of 8 bits.
    U8,
    /// An unsigned number of 16 bits.
    U16,
    /// An unsigned number of 32 bits.
    U32,
    /// An unsigned number of 64 bits.
    U64,
    /// A floating point number of 64 bits.
    Double,
    /// The result of a system call: an error number when negative. 64 bits, signed.
    Errno,
    /// A file descriptor. 64 bits, signed.
    Fd,
    /// A process. 64 bits, signed.
    Pid,
    /// A user. 32 bits, unsigned.
    Uid,
    /// A group. 32 bits, unsigned.
    Gid,
    /// The number of a system call. 16 bits, unsigned.
    SyscallId,
    /// A signal. 8 bits, unsigned.
    Signal,
    /// A set of signals.
    SignalSet,
    /// Flags of 8 bits.
    Flags8,
    /// Flags of 16 bits.
    Flags16,
    /// Flags of 32 bits.
    Flags32,
    /// One of several names, 8 bits.
    Enum8,
    /// One of several names, 16 bits.
    Enum16,
    /// One of several names, 32 bits.
    Enum32,
    /// The mode of a file. 32 bits, unsigned.
    Mode,
    /// A length of time in nanoseconds. 64 bits, unsigned.
    Duration,
    /// A point in time in nanoseconds since 1970. 64 bits, unsigned.
    Time,
    /// A port. 16 bits, unsigned.
    Port,
    /// An address of IPv4 or IPv6.
    IpAddress,
    /// An address that is compared with networks.
    IpNetwork,
    /// The address of a socket.
    SocketAddress,
    /// Both ends of a socket.
    SocketTuple,
    /// A list of file descriptors.
    FdList,
    /// Known only from the parameter that is asked for.
    Dynamic,
}

/// The families within which the engine treats all types alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Compared as strings.
    String,
    /// Compared as bytes.
    Bytes,
    /// Compared as numbers.
    Number,
    /// True or false.
    Bool,
    /// Addresses and networks.
    Ip,
    /// Not to be compared at all.
    Other,
}

/// Letter in the tables, type, the engine's name.
const TYPES: &[(u8, ValueType, &str)] = &[
    (b'b', ValueType::Bool, "BOOL"),
    (b'c', ValueType::String, "CHARBUF"),
    (b'p', ValueType::Path, "FSPATH"),
    (b'r', ValueType::RelativePath, "FSRELPATH"),
    (b'B', ValueType::Bytes, "BYTEBUF"),
    (b'1', ValueType::I8, "INT8"),
    (b'2', ValueType::I16, "INT16"),
    (b'4', ValueType::I32, "INT32"),
    (b'8', ValueType::I64, "INT64"),
    (b'h', ValueType::U8, "UINT8"),
    (b'H', ValueType::U16, "UINT16"),
    (b'u', ValueType::U32, "UINT32"),
    (b'U', ValueType::U64, "UINT64"),
    (b'd', ValueType::Double, "DOUBLE"),
    (b'e', ValueType::Errno, "ERRNO"),
    (b'f', ValueType::Fd, "FD"),
    (b'P', ValueType::Pid, "PID"),
    (b'i', ValueType::Uid, "UID"),
    (b'g', ValueType::Gid, "GID"),
    (b's', ValueType::SyscallId, "SYSCALLID"),
    (b'S', ValueType::Signal, "SIGTYPE"),
    (b'z', ValueType::SignalSet, "SIGSET"),
    (b'v', ValueType::Flags8, "FLAGS8"),
    (b'w', ValueType::Flags16, "FLAGS16"),
    (b'x', ValueType::Flags32, "FLAGS32"),
    (b'V', ValueType::Enum8, "ENUMFLAGS8"),
    (b'W', ValueType::Enum16, "ENUMFLAGS16"),
    (b'X', ValueType::Enum32, "ENUMFLAGS32"),
    (b'm', ValueType::Mode, "MODE"),
    (b't', ValueType::Duration, "RELTIME"),
    (b'T', ValueType::Time, "ABSTIME"),
    (b'o', ValueType::Port, "PORT"),
    (b'a', ValueType::IpAddress, "IPADDR"),
    (b'n', ValueType::IpNetwork, "IPNET"),
    (b'k', ValueType::SocketAddress, "SOCKADDR"),
    (b'K', ValueType::SocketTuple, "SOCKTUPLE"),
    (b'L', ValueType::FdList, "FDLIST"),
    (b'?', ValueType::Dynamic, "DYNAMIC"),
];

impl ValueType {
    /// The engine's name, as its messages have it: `CHARBUF`, `INT64`, ….
    pub fn name(self) -> &'static str {
        TYPES.iter().find(|(_, one, _)| *one == self).map_or("", |(_, _, name)| name)
    }

    /// The type of a letter in the tables; `Dynamic` for any other.
    pub(super) fn of_letter(letter: u8) -> Self {
        TYPES.iter().find(|(one, _, _)| *one == letter).map_or(Self::Dynamic, |(_, value, _)| *value)
    }

    /// How the engine compares it.
    pub fn family(self) -> Family {
        match self {
            Self::Bool => Family::Bool,
            Self::String | Self::Path | Self::RelativePath => Family::String,
            Self::Bytes => Family::Bytes,
            Self::IpAddress | Self::IpNetwork => Family::Ip,
            Self::SignalSet | Self::SocketAddress | Self::SocketTuple | Self::FdList | Self::Dynamic => Family::Other,
            _ => Family::Number,
        }
    }

    /// For a number: its bits, and whether it has a sign. A floating point number has 64 bits and a sign.
    pub fn width(self) -> Option<(u32, bool)> {
        Some(match self {
            Self::I8 => (8, true),
            Self::I16 => (16, true),
            Self::I32 => (32, true),
            Self::I64 | Self::Errno | Self::Fd | Self::Pid | Self::Double => (64, true),
            Self::U8 | Self::Signal | Self::Flags8 | Self::Enum8 => (8, false),
            Self::U16 | Self::Port | Self::SyscallId | Self::Flags16 | Self::Enum16 => (16, false),
            Self::U32 | Self::Uid | Self::Gid | Self::Flags32 | Self::Enum32 | Self::Mode => (32, false),
            Self::U64 | Self::Duration | Self::Time => (64, false),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_width_and_nothing_else_has() {
        for (_, one, name) in TYPES {
            assert_eq!(one.width().is_some(), one.family() == Family::Number, "{name}");
        }
    }
}
