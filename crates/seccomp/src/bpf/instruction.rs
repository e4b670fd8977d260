/// One instruction of classic BPF: `struct sock_filter` of `include/uapi/linux/filter.h`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Instruction {
    /// What it does: class, size or operation, and mode or source.
    pub code: u16,
    /// For a comparison that holds: how many instructions to leave out.
    pub jt: u8,
    /// For one that does not.
    pub jf: u8,
    /// Its constant.
    pub k: u32,
}

impl Instruction {
    /// How many bytes one takes in memory.
    pub const BYTES: usize = 8;

    /// An instruction without jumps.
    pub const fn plain(code: u16, k: u32) -> Self {
        Self { code, jt: 0, jf: 0, k }
    }

    /// As it lies in memory on a little-endian machine.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let ([a, b], [e, f, g, h]) = (self.code.to_le_bytes(), self.k.to_le_bytes());
        [a, b, self.jt, self.jf, e, f, g, h]
    }

    /// Reads it from the memory of a little-endian machine.
    pub fn from_bytes([a, b, jt, jf, e, f, g, h]: [u8; Self::BYTES]) -> Self {
        Self { code: u16::from_le_bytes([a, b]), jt, jf, k: u32::from_le_bytes([e, f, g, h]) }
    }
}

/// The codes that a seccomp filter may use (`seccomp_check_filter` of `kernel/seccomp.c`).
pub(super) mod code {
    /// A = word of the call at byte `k`.
    pub(in crate::bpf) const LOAD: u16 = 0x20;
    /// A = k.
    pub(in crate::bpf) const LOAD_CONSTANT: u16 = 0x00;
    /// A = scratch word k.
    pub(in crate::bpf) const LOAD_SCRATCH: u16 = 0x60;
    /// A = length of the data.
    pub(in crate::bpf) const LOAD_LENGTH: u16 = 0x80;
    /// X = k.
    pub(in crate::bpf) const LOADX_CONSTANT: u16 = 0x01;
    /// X = scratch word k.
    pub(in crate::bpf) const LOADX_SCRATCH: u16 = 0x61;
    /// X = length of the data.
    pub(in crate::bpf) const LOADX_LENGTH: u16 = 0x81;
    /// Scratch word k = A.
    pub(in crate::bpf) const STORE: u16 = 0x02;
    /// Scratch word k = X.
    pub(in crate::bpf) const STOREX: u16 = 0x03;
    /// Class of arithmetic; the operation stands in bits 4 to 7, and bit 3 says that the operand is X.
    pub(in crate::bpf) const ALU: u16 = 0x04;
    /// Class of jumps, built likewise.
    pub(in crate::bpf) const JUMP: u16 = 0x05;
    /// Bit of arithmetic and jumps: the operand is X, not k.
    pub(in crate::bpf) const SOURCE_X: u16 = 0x08;
    /// A &= k.
    pub(in crate::bpf) const AND: u16 = 0x54;
    /// A = -A.
    pub(in crate::bpf) const NEGATE: u16 = 0x84;
    /// Always jump by k.
    pub(in crate::bpf) const GOTO: u16 = 0x05;
    /// Jump if A == k.
    pub(in crate::bpf) const IF_EQUAL: u16 = 0x15;
    /// Jump if A > k.
    pub(in crate::bpf) const IF_GREATER: u16 = 0x25;
    /// Jump if A >= k.
    pub(in crate::bpf) const IF_AT_LEAST: u16 = 0x35;
    /// Jump if A & k is not 0.
    pub(in crate::bpf) const IF_SET: u16 = 0x45;
    /// Answer k.
    pub(in crate::bpf) const RETURN: u16 = 0x06;
    /// Answer A.
    pub(in crate::bpf) const RETURN_A: u16 = 0x16;
    /// X = A.
    pub(in crate::bpf) const TAX: u16 = 0x07;
    /// A = X.
    pub(in crate::bpf) const TXA: u16 = 0x87;
}

/// The operation of an arithmetic instruction or a jump, without class and source.
pub(super) fn operation(code: u16) -> u16 {
    code & 0xf0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_the_kernel_wants_them() {
        let jump = Instruction { code: code::IF_EQUAL, jt: 1, jf: 2, k: 0xc000_003e };
        assert_eq!(jump.to_bytes(), [0x15, 0, 1, 2, 0x3e, 0, 0, 0xc0]);
        assert_eq!(Instruction::from_bytes(jump.to_bytes()), jump);
    }
}
