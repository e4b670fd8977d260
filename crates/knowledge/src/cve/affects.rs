use super::{Bound, Cve, End, Range};
use crate::version::Version;

/// Whether a version has a bug.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Affects {
    /// Its number lies in the range.
    Yes,
    /// Its number lies outside.
    No,
    /// The number cannot decide: a distribution mends bugs without changing it.
    AskVendor,
    /// Too little was read of the range.
    Unknown,
}

/// The known bugs that a version of a component has, or may have.
pub fn affecting(component: &str, version: &Version<'_>) -> impl Iterator<Item = (&'static Cve, Affects)> {
    let vendor = kernel_vendor(version.suffix);
    let all = super::all().iter().map(move |cve| (cve, cve.affects_of(component, version, vendor)));
    all.filter(|(_, affects)| *affects != Affects::No)
}

impl Cve {
    /// Whether a version of a component has this bug, as far as its number says.
    ///
    /// Of a kernel: a listed branch decides alone; else the range of the mainline does; a kernel of a distribution, told
    /// by what stands behind the number, can have been mended without a new number.
    pub fn affects(&self, component: &str, version: &Version<'_>) -> Affects {
        self.affects_of(component, version, kernel_vendor(version.suffix))
    }

    /// Whether a later version than this one is known to be mended of this bug.
    pub fn is_mended_after(&self, component: &str, version: &Version<'_>) -> bool {
        let also = self.also.iter().filter(|(also, _)| *also == component).map(|(_, range)| range);
        let branches = self.branches.iter().map(|(_, range)| range);
        let own = self.ranges.iter().chain(branches).filter(|_| component == self.component);
        own.chain(also).any(|range| match range.end {
            End::Fixed(fixed) => *version < fixed.version,
            End::Last(last) => *version <= last.version,
            End::Open => false,
        })
    }

    fn affects_of(&self, component: &str, version: &Version<'_>, vendor: Option<&str>) -> Affects {
        if component != self.component {
            let also = self.also.iter().find(|(also, _)| *also == component);
            return also.map_or(Affects::No, |(_, range)| soften(within(range, version), version));
        }
        match component {
            "linux-kernel" => self.affects_kernel(version, vendor),
            _ => soften(any(self.ranges.iter().map(|range| within(range, version))), version),
        }
    }

    fn affects_kernel(&self, version: &Version<'_>, vendor: Option<&str>) -> Affects {
        if !self.vendor.is_empty() {
            let is_other = vendor.is_some_and(|vendor| !vendor.eq_ignore_ascii_case(self.vendor));
            return if is_other || version.suffix.is_empty() { Affects::No } else { Affects::AskVendor };
        }
        if let Some(answer) = self.debian(version) {
            return answer;
        }
        let by_branch = self.by_branch(version);
        match vendor {
            // A distribution keeps the number of the branch and carries the fixes of its releases, and with them now and
            // then a bug, under a number of its own. So a branch that has a story leaves the answer to the vendor.
            Some(_) if by_branch.is_some() => Affects::AskVendor,
            Some(_) if self.by_mainline(version) == Affects::Yes => Affects::AskVendor,
            _ => by_branch.unwrap_or_else(|| self.by_mainline(version)),
        }
    }

    /// A listed branch decides alone.
    fn by_branch(&self, version: &Version<'_>) -> Option<Affects> {
        if let Some(range) = self.branch_of(version) {
            // Without a beginning of its own a branch has the bug from its first release on.
            return Some(if range.from.is_none() { before_end(range, version) } else { within(range, version) });
        }
        let is_mine = |branch: &Bound| branch.version.branch() == version.branch();
        self.unknown_branches.iter().any(is_mine).then_some(Affects::Unknown)
    }

    fn branch_of(&self, version: &Version<'_>) -> Option<&Range> {
        let is_mine = |(branch, _): &&(Bound, Range)| branch.version.branch() == version.branch();
        self.branches.iter().find(is_mine).map(|(_, range)| range)
    }

    fn by_mainline(&self, version: &Version<'_>) -> Affects {
        let Some(range) = self.ranges.first() else { return Affects::Unknown };
        if let End::Fixed(_) = range.end {
            return within(range, version);
        }
        // Without a fix of the mainline: above the last version that was seen with it, or above the newest branch that
        // got a fix, counts as mended.
        let newest = self.branches.iter().filter(|(_, range)| matches!(range.end, End::Fixed(_)));
        let newest = newest.map(|(branch, _)| branch.version.branch()).max();
        let last = match range.end {
            End::Last(last) => Some(last.version.branch()),
            _ => None,
        };
        match last.max(newest) {
            Some(bound) if version.branch() > bound => Affects::No,
            _ if is_before(range, version) => Affects::No,
            _ => Affects::Unknown,
        }
    }

    /// Debian's own packages of a suite decide by their version, which stands in `uname -v` and in the package: here it
    /// arrives as `6.1.164-1`, without a flavour.
    fn debian(&self, version: &Version<'_>) -> Option<Affects> {
        let revision = version.suffix.strip_prefix('-')?;
        let is_package = revision.split(['~', '+']).next()?.parse::<u32>().is_ok() && version.written == 3;
        if !is_package || version.numbers == [version.numbers[0], version.numbers[1], 0] {
            return None;
        }
        let package = self
            .debian
            .iter()
            .find_map(|(_, package)| Version::read(package).filter(|package| package.branch() == version.branch()))?;
        let revision_of = |version: &Version<'_>| -> u32 {
            let digits = version.suffix.trim_start_matches('-');
            digits.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
        };
        let mine = (version.numbers, revision_of(version));
        if mine >= (package.numbers, revision_of(&package)) {
            return Some(Affects::No);
        }
        // A package that is older than the bug has it as little as the releases that it is made of.
        let range = self.branch_of(version).or(self.ranges.first());
        Some(range.and_then(|range| too_old(range, version)).unwrap_or(Affects::Yes))
    }
}

/// Whose kernel this is, by what stands behind the numbers of `uname -r`; `None` when it says nothing.
pub fn kernel_vendor(suffix: &str) -> Option<&'static str> {
    const MARKS: [(&str, &str); 22] = [
        (".amzn", "Amazon Linux"),
        (".el", "Red Hat"),
        (".fc", "Fedora"),
        ("-generic", "Ubuntu"),
        ("-lowlatency", "Ubuntu"),
        ("-aws", "Ubuntu"),
        ("-azure", "Ubuntu"),
        ("-gcp", "Ubuntu"),
        ("-gke", "Ubuntu"),
        ("-oracle", "Ubuntu"),
        ("-kvm", "Ubuntu"),
        ("-raspi", "Ubuntu"),
        ("-cloud-amd64", "Debian"),
        ("-cloud-arm64", "Debian"),
        ("-amd64", "Debian"),
        ("-arm64", "Debian"),
        ("-talos", "Talos"),
        ("-flatcar", "Flatcar"),
        ("-default", "SUSE"),
        (".uek", "Oracle"),
        ("uek", "Oracle"),
        ("-microsoft", "Microsoft"),
    ];
    // Bottlerocket, Container-Optimized OS and other builds carry a plus or a hash.
    let known = MARKS.iter().find(|(mark, _)| suffix.contains(mark)).map(|(_, vendor)| *vendor);
    known.or_else(|| (!suffix.is_empty()).then_some("a distribution"))
}

/// The best of several answers: one range that holds decides.
fn any(answers: impl Iterator<Item = Affects>) -> Affects {
    let mut seen = None;
    for answer in answers {
        match answer {
            Affects::Yes => return Affects::Yes,
            Affects::Unknown => seen = Some(Affects::Unknown),
            _ => seen = seen.or(Some(Affects::No)),
        }
    }
    // No range at all: none was read.
    seen.unwrap_or(Affects::Unknown)
}

/// What a distribution put behind the number may be a fix.
fn soften(answer: Affects, version: &Version<'_>) -> Affects {
    let suffix = version.suffix;
    // Microsoft's packages of containerd, runc and Docker are called `1.7.14+azure`.
    let has_own = suffix.starts_with('-') || ["deb", "ubuntu", "+azure"].iter().any(|word| suffix.contains(word));
    let is_patched = (has_own || suffix.starts_with("+ds")) && !is_the_tag_itself(suffix);
    match answer {
        Affects::Yes if is_patched => Affects::AskVendor,
        answer => answer,
    }
}

/// Whether this is what `git describe` puts behind a tag for the very commit that bears it, as `docker info` prints of runc:
/// no commits since, and the commit's number.
fn is_the_tag_itself(suffix: &str) -> bool {
    let commit = suffix.strip_prefix("-0-g").unwrap_or_default();
    !commit.is_empty() && commit.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn is_before(range: &Range, version: &Version<'_>) -> bool {
    range.from.is_some_and(|from| *version < from.version)
}

/// The answer for a version from before a range; `None` for any other.
///
/// Of a range that begins with a release the release candidates are not known: advisories rarely name them.
fn too_old(range: &Range, version: &Version<'_>) -> Option<Affects> {
    let leads_to = |from: Bound| from.version.numbers == version.numbers && from.version.pre.is_empty();
    let is_open = range.from_is_uncertain || range.from.is_some_and(leads_to);
    let answer = if is_open { Affects::Unknown } else { Affects::No };
    is_before(range, version).then_some(answer)
}

fn within(range: &Range, version: &Version<'_>) -> Affects {
    too_old(range, version).unwrap_or_else(|| match before_end(range, version) {
        Affects::Yes if range.from.is_none() => Affects::Unknown,
        answer => answer,
    })
}

fn before_end(range: &Range, version: &Version<'_>) -> Affects {
    let is_before = match range.end {
        End::Fixed(fixed) => *version < fixed.version,
        End::Last(last) => *version <= last.version,
        End::Open => true,
    };
    if is_before { Affects::Yes } else { Affects::No }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cve::by_id;

    #[track_caller]
    fn check(id: &str, component: &str, version: &str, expected: Affects) {
        let cve = by_id(id).unwrap();
        let version = Version::read(version).unwrap();
        assert_eq!(cve.affects(component, &version), expected, "{id} {component} {version:?}");
    }

    #[test]
    fn runtimes() {
        check("CVE-2024-21626", "runc", "1.1.11", Affects::Yes);
        check("CVE-2024-21626", "runc", "1.1.12", Affects::No);
        check("CVE-2024-21626", "runc", "1.0.0-rc93", Affects::Yes);
        check("CVE-2024-21626", "runc", "1.0.0-rc92", Affects::No);
        check("CVE-2024-21626", "runc", "1.1.5+ds1-1+deb12u1", Affects::AskVendor);
        check("CVE-2024-21626", "runc", "v1.1.10-0-g18a0cb0", Affects::Yes);
        check("CVE-2024-21626", "runc", "v1.1.12-0-g51d5e946", Affects::No);
        check("CVE-2024-21626", "runc", "v1.1.10-12-g18a0cb0", Affects::AskVendor);
        check("CVE-2024-21626", "runc", "v1.1.10-0-g18a0cb0-dirty", Affects::AskVendor);
        check("CVE-2024-21626", "runc", "1.1.10-0ubuntu1", Affects::AskVendor);
        check("CVE-2024-21626", "runc", "1.1.10+azure-1", Affects::AskVendor);
        check("CVE-2024-21626", "crun", "1.1.5", Affects::No);
        check("CVE-2025-31133", "runc", "1.3.2", Affects::Yes);
        check("CVE-2025-31133", "runc", "1.4.0-rc.2", Affects::Yes);
        check("CVE-2025-31133", "runc", "1.4.0", Affects::No);
        check("CVE-2026-41579", "runc", "1.3.5", Affects::Yes);
        check("CVE-2026-41579", "runc", "1.4.0-rc.3", Affects::Yes);
        check("CVE-2026-41579", "runc", "1.4.2", Affects::Yes);
        check("CVE-2026-41579", "runc", "1.4.3", Affects::No);
        check("CVE-2026-41579", "runc", "1.5.0-rc.3", Affects::No);
        check("CVE-2026-53488", "containerd", "2.2.0-rc.1", Affects::Unknown);
        check("CVE-2026-53488", "containerd", "2.2.4", Affects::Yes);
        check("CVE-2026-53488", "containerd", "2.4.0-rc.0", Affects::No);
        check("CVE-2024-41110", "docker", "26.1.4", Affects::Yes);
        check("CVE-2024-41110", "docker", "26.1.5", Affects::No);
        check("CVE-2019-5736", "runc", "1.0.0-rc6", Affects::Yes);
        check("CVE-2019-5736", "docker", "18.09.1", Affects::Yes);
        check("CVE-2019-5736", "docker", "18.09.2", Affects::No);
        check("CVE-2025-24965", "crun", "1.19", Affects::Unknown);
    }

    #[test]
    fn git_repositories_of_the_node() {
        check("CVE-2025-1767", "kubelet", "v1.32.3", Affects::Yes);
        check("CVE-2025-1767", "kubelet", "v1.33.0", Affects::No);
        check("CVE-2025-1767", "kubelet", "v1.37.0", Affects::No);
    }

    #[test]
    fn whether_an_update_helps() {
        for (id, component, version, expected) in [
            ("CVE-2024-21626", "runc", "1.1.11", true),
            ("CVE-2019-5736", "runc", "1.0.0-rc6", true),
            ("CVE-2019-5736", "docker", "18.09.1", true),
            ("CVE-2025-0750", "cri-o", "1.31.0", false),
            ("CVE-2016-5195", "linux-kernel", "4.4.25", true),
        ] {
            let version = Version::read(version).unwrap();
            assert_eq!(by_id(id).unwrap().is_mended_after(component, &version), expected, "{id}");
        }
    }

    #[test]
    fn kernels() {
        check("CVE-2016-5195", "linux-kernel", "4.4.25", Affects::Yes);
        check("CVE-2016-5195", "linux-kernel", "4.4.26", Affects::No);
        check("CVE-2016-5195", "linux-kernel", "4.5.1", Affects::Yes);
        check("CVE-2016-5195", "linux-kernel", "4.9", Affects::No);
        check("CVE-2016-5195", "linux-kernel", "4.9-rc1", Affects::Yes);
        check("CVE-2016-5195", "linux-kernel", "2.6.18", Affects::No);
        check("CVE-2023-0386", "linux-kernel", "5.4.200", Affects::No);
        check("CVE-2023-0386", "linux-kernel", "5.10.150", Affects::No);
        check("CVE-2023-0386", "linux-kernel", "5.11.5", Affects::Yes);
        check("CVE-2023-0386", "linux-kernel", "5.13", Affects::Yes);
        check("CVE-2023-0386", "linux-kernel", "5.14.21", Affects::Yes);
        check("CVE-2023-0386", "linux-kernel", "5.15.90", Affects::Yes);
        check("CVE-2023-0386", "linux-kernel", "5.15.91", Affects::No);
        check("CVE-2026-23111", "linux-kernel", "5.10.100", Affects::No);
        check("CVE-2026-23111", "linux-kernel", "5.10.200", Affects::Yes);
        check("CVE-2026-43500", "linux-kernel", "6.12.10", Affects::Unknown);
        check("CVE-2026-43500", "linux-kernel", "6.18.28", Affects::Yes);
        check("CVE-2025-39946", "linux-kernel", "6.18", Affects::No);
        check("CVE-2025-39946", "linux-kernel", "6.1", Affects::Unknown);
        check("CVE-2025-39946", "linux-kernel", "5.15", Affects::No);
    }

    #[test]
    fn kernels_of_distributions() {
        check("CVE-2016-5195", "linux-kernel", "4.4.0-21-generic", Affects::AskVendor);
        check("CVE-2026-23111", "linux-kernel", "6.1.0-13-amd64", Affects::AskVendor);
        check("CVE-2026-46331", "linux-kernel", "6.1.0-13-amd64", Affects::AskVendor);
        check("CVE-2023-0386", "linux-kernel", "5.10.0-21-amd64", Affects::AskVendor);
        check("CVE-2023-0386", "linux-kernel", "5.10.162-1", Affects::Yes);
        check("CVE-2023-0386", "linux-kernel", "5.10.179-1", Affects::No);
        check("CVE-2026-46331", "linux-kernel", "6.1.175-1", Affects::Yes);
        check("CVE-2026-46331", "linux-kernel", "6.1.176-1", Affects::No);
        check("CVE-2026-23111", "linux-kernel", "6.1.27-1", Affects::No);
        check("CVE-2026-23111", "linux-kernel", "6.1.55-1", Affects::Yes);
        check("CVE-2026-23111", "linux-kernel", "6.1.164-1", Affects::No);
        check("CVE-2021-3493", "linux-kernel", "5.4.0-42-generic", Affects::AskVendor);
        check("CVE-2021-3493", "linux-kernel", "5.4.0", Affects::No);
        check("CVE-2021-3493", "linux-kernel", "4.18.0-305.el8.x86_64", Affects::No);
        assert_eq!(kernel_vendor("-1049-gke"), Some("Ubuntu"));
        assert_eq!(kernel_vendor(""), None);
    }
}
