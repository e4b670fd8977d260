use std::fmt;

/// An ABI by which a program calls the kernel: what a profile calls an architecture.
///
/// Several can live on one machine: an amd64 kernel takes calls of [`Arch::X86_64`], [`Arch::X86`] and [`Arch::X32`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Arch {
    /// 64-bit x86.
    X86_64,
    /// 32-bit x86.
    X86,
    /// 64-bit x86 with 32-bit pointers; its numbers carry bit 30.
    X32,
    /// 64-bit Arm.
    Aarch64,
    /// 32-bit Arm, EABI.
    Arm,
    /// 64-bit RISC-V.
    Riscv64,
    /// 64-bit Z.
    S390x,
    /// 31-bit Z.
    S390,
    /// 64-bit Power, little endian.
    Ppc64le,
    /// 64-bit Power, big endian.
    Ppc64,
    /// 32-bit Power.
    Ppc,
    /// 64-bit LoongArch.
    Loongarch64,
    /// 32-bit MIPS, big endian.
    Mips,
    /// 32-bit MIPS, little endian.
    Mipsel,
    /// 64-bit MIPS, big endian.
    Mips64,
    /// 64-bit MIPS, little endian.
    Mipsel64,
    /// 64-bit MIPS with 32-bit pointers, big endian.
    Mips64n32,
    /// 64-bit MIPS with 32-bit pointers, little endian.
    Mipsel64n32,
    /// 32-bit PA-RISC.
    Parisc,
    /// 64-bit PA-RISC.
    Parisc64,
    /// Motorola 68000.
    M68k,
    /// SuperH, little endian.
    Sh,
    /// SuperH, big endian.
    Sheb,
}

/// What there is to know of one architecture: name in a profile without its prefix, libseccomp's own name, the kernel's
/// token, Go's name of a machine whose native ABI it is.
struct Facts {
    arch: Arch,
    scmp: &'static str,
    short: &'static str,
    audit: u32,
    go: Option<&'static str>,
}

const BIG: u32 = 0;
const LITTLE: u32 = 0x4000_0000;
const SIXTY_FOUR: u32 = 0x8000_0000;
const N32: u32 = 0x2000_0000;

const fn facts(arch: Arch, scmp: &'static str, short: &'static str, audit: u32, go: Option<&'static str>) -> Facts {
    Facts { arch, scmp, short, audit, go }
}

/// Tokens: `AUDIT_ARCH_*` of `include/uapi/linux/audit.h`, made of the ELF machine number, the byte order and the width.
static FACTS: [Facts; 23] = [
    facts(Arch::X86_64, "X86_64", "x86_64", 62 | LITTLE | SIXTY_FOUR, Some("amd64")),
    facts(Arch::X86, "X86", "x86", 3 | LITTLE, Some("386")),
    facts(Arch::X32, "X32", "x32", 62 | LITTLE | SIXTY_FOUR, None),
    facts(Arch::Aarch64, "AARCH64", "aarch64", 183 | LITTLE | SIXTY_FOUR, Some("arm64")),
    facts(Arch::Arm, "ARM", "arm", 40 | LITTLE, Some("arm")),
    facts(Arch::Riscv64, "RISCV64", "riscv64", 243 | LITTLE | SIXTY_FOUR, Some("riscv64")),
    facts(Arch::S390x, "S390X", "s390x", 22 | BIG | SIXTY_FOUR, Some("s390x")),
    facts(Arch::S390, "S390", "s390", 22 | BIG, Some("s390")),
    facts(Arch::Ppc64le, "PPC64LE", "ppc64le", 21 | LITTLE | SIXTY_FOUR, Some("ppc64le")),
    facts(Arch::Ppc64, "PPC64", "ppc64", 21 | BIG | SIXTY_FOUR, Some("ppc64")),
    facts(Arch::Ppc, "PPC", "ppc", 20 | BIG, Some("ppc")),
    facts(Arch::Loongarch64, "LOONGARCH64", "loongarch64", 258 | LITTLE | SIXTY_FOUR, Some("loong64")),
    facts(Arch::Mips, "MIPS", "mips", 8 | BIG, Some("mips")),
    facts(Arch::Mipsel, "MIPSEL", "mipsel", 8 | LITTLE, Some("mipsle")),
    facts(Arch::Mips64, "MIPS64", "mips64", 8 | BIG | SIXTY_FOUR, Some("mips64")),
    facts(Arch::Mipsel64, "MIPSEL64", "mipsel64", 8 | LITTLE | SIXTY_FOUR, Some("mips64le")),
    facts(Arch::Mips64n32, "MIPS64N32", "mips64n32", 8 | BIG | SIXTY_FOUR | N32, Some("mips64p32")),
    facts(Arch::Mipsel64n32, "MIPSEL64N32", "mipsel64n32", 8 | LITTLE | SIXTY_FOUR | N32, Some("mips64p32le")),
    facts(Arch::Parisc, "PARISC", "parisc", 15 | BIG, None),
    facts(Arch::Parisc64, "PARISC64", "parisc64", 15 | BIG | SIXTY_FOUR, None),
    facts(Arch::M68k, "M68K", "m68k", 4 | BIG, None),
    facts(Arch::Sh, "SH", "sh", 42 | LITTLE, None),
    facts(Arch::Sheb, "SHEB", "sheb", 42 | BIG, None),
];

impl Arch {
    /// All of them, the common ones first.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| facts.arch)
    }

    fn facts(self) -> &'static Facts {
        FACTS.iter().find(|facts| facts.arch == self).unwrap_or(&FACTS[0])
    }

    /// The name in a profile, without `SCMP_ARCH_`.
    pub fn scmp_suffix(self) -> &'static str {
        self.facts().scmp
    }

    /// Reads a name as it stands in a profile: `SCMP_ARCH_X86_64`.
    pub fn from_scmp_name(name: &str) -> Option<Self> {
        let name = name.strip_prefix("SCMP_ARCH_")?;
        FACTS.iter().find(|facts| facts.scmp == name).map(|facts| facts.arch)
    }

    /// libseccomp's own name: `x86_64`.
    pub fn name(self) -> &'static str {
        self.facts().short
    }

    /// Reads libseccomp's own name.
    pub fn from_name(name: &str) -> Option<Self> {
        FACTS.iter().find(|facts| facts.short == name).map(|facts| facts.arch)
    }

    /// The native ABI of a machine by the name that Go, Kubernetes and image registries use: `amd64`.
    pub fn from_go_name(name: &str) -> Option<Self> {
        FACTS.iter().find(|facts| facts.go == Some(name)).map(|facts| facts.arch)
    }

    /// The machine's name in Go, Kubernetes and image registries, for an ABI that is native somewhere.
    pub fn go_name(self) -> Option<&'static str> {
        self.facts().go
    }

    /// What the kernel shows a filter as `seccomp_data.arch`. [`Arch::X32`] has the token of [`Arch::X86_64`]; only the
    /// number tells them apart.
    pub fn audit_token(self) -> u32 {
        self.facts().audit
    }

    /// Whether arguments have their low half at the higher address.
    pub fn is_big_endian(self) -> bool {
        self.audit_token() & LITTLE == 0
    }

    /// Whether the ABI's registers have 64 bits. libseccomp compares only the lower half of an argument elsewhere.
    pub fn is_64_bit(self) -> bool {
        self.audit_token() & SIXTY_FOUR != 0 && self != Self::X32
    }

    /// The ABIs besides its own that a kernel for machines of this native ABI takes calls of, where distributions
    /// switch them on.
    pub fn companions(self) -> &'static [Self] {
        match self {
            Self::X86_64 => &[Self::X86, Self::X32],
            Self::Aarch64 => &[Self::Arm],
            Self::S390x => &[Self::S390],
            Self::Mips64 => &[Self::Mips, Self::Mips64n32],
            Self::Mipsel64 => &[Self::Mipsel, Self::Mipsel64n32],
            Self::Ppc64 => &[Self::Ppc],
            _ => &[],
        }
    }
}

/// libseccomp's own name.
impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The bit that all numbers of [`Arch::X32`] carry (`__X32_SYSCALL_BIT`).
pub const X32_BIT: u32 = 0x4000_0000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_tokens() {
        for arch in Arch::all() {
            assert_eq!(Arch::from_name(arch.name()), Some(arch));
            assert_eq!(Arch::from_scmp_name(&format!("SCMP_ARCH_{}", arch.scmp_suffix())), Some(arch));
            assert_eq!(arch.facts().arch, arch);
        }
        assert_eq!(Arch::X86_64.audit_token(), 0xc000_003e);
        assert_eq!(Arch::Aarch64.audit_token(), 0xc000_00b7);
        assert_eq!(Arch::S390x.audit_token(), 0x8000_0016);
        assert_eq!(Arch::from_go_name("arm64"), Some(Arch::Aarch64));
        assert!(Arch::S390x.is_big_endian() && !Arch::X86.is_big_endian());
        assert!(!Arch::X32.is_64_bit());
    }
}
