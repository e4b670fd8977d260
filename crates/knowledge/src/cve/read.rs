use super::{Bound, Cve, Data, End, Range, Reach, Watched};
use crate::version::Version;

/// Reads the data file. A test holds that nothing in it is left unread.
pub(super) fn read(text: &'static str) -> Data {
    let mut data = Data::default();
    for paragraph in text.split("\n\n") {
        let mut lines = paragraph.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let Some(head) = lines.next() else { continue };
        let fields = lines.map(|line| split(line.trim_start()));
        match split(head) {
            ("date", date) => data.date = date,
            ("watch", id) => data.watched.push(watched(id, fields)),
            (id, _) => data.cves.push(cve(id, fields)),
        }
    }
    data
}

fn split(line: &'static str) -> (&'static str, &'static str) {
    line.split_once(' ').unwrap_or((line, ""))
}

fn cve(id: &'static str, fields: impl Iterator<Item = (&'static str, &'static str)>) -> Cve {
    let mut cve = Cve { id, ..Cve::default() };
    for (word, value) in fields {
        match word {
            "alias" => cve.aliases = value.split(' ').collect(),
            "name" => cve.name = value,
            "in" => cve.component = value,
            "on" => cve.published = value,
            "affected" => cve.ranges.push(range(value)),
            "branch" => {
                let (branch, rest) = split(value);
                cve.branches.extend(bound(branch).map(|branch| (branch, range(rest))));
            }
            "unknown" => cve.unknown_branches = value.split(' ').filter_map(bound).collect(),
            "debian" => cve.debian.push(split(value)),
            "vendor" => cve.vendor = value,
            "also" => {
                let (component, rest) = split(value);
                cve.also.push((component, range(rest)));
            }
            "precision" => cve.precision = value,
            "outcome" => cve.outcome = value,
            "by" => cve.attackers = value.split(' ').collect(),
            "reach" => cve.reach = Reach::by_word(value),
            "when" => cve.needs.push(value),
            "needs" => {
                cve.needs.push(value);
                cve.untold.push(value);
            }
            "stops" => cve.stopped_by = value.split(' ').collect(),
            "cvss" => cve.cvss = value.parse().ok(),
            "kev" => cve.exploited = value,
            "text" => cve.summary = value,
            "note" => cve.note = value,
            "ref" => cve.refs.push(value),
            "read" => cve.read = value,
            _ => debug_assert!(false, "{id}: {word}"),
        }
    }
    cve
}

fn watched(id: &'static str, fields: impl Iterator<Item = (&'static str, &'static str)>) -> Watched {
    let mut watched = Watched { id, ..Watched::default() };
    for (word, value) in fields {
        match word {
            "in" => watched.component = value,
            "seen" => watched.seen = value,
            "note" => watched.note = value,
            _ => debug_assert!(false, "{id}: {word}"),
        }
    }
    watched
}

fn range(text: &'static str) -> Range {
    let mut range = Range::default();
    for word in text.split(' ').filter(|word| !word.is_empty() && *word != "?") {
        if let Some(last) = word.strip_prefix("<=") {
            range.end = bound(last).map_or(End::Open, End::Last);
        } else if let Some(fixed) = word.strip_prefix('<') {
            range.end = bound(fixed).map_or(End::Open, End::Fixed);
        } else {
            let from = word.strip_prefix(">=").unwrap_or(word);
            range.from_is_uncertain = from.ends_with('?');
            range.from = bound(from.trim_end_matches('?'));
        }
    }
    range
}

fn bound(written: &'static str) -> Option<Bound> {
    let version = Version::read(written).filter(|version| version.suffix.is_empty());
    debug_assert!(version.is_some(), "{written} is no version");
    version.map(|version| Bound { written, version })
}

#[cfg(test)]
mod tests {
    use crate::cve;

    use super::*;

    #[test]
    fn everything_is_read() {
        assert!(cve::all().len() > 170 && !cve::watched().is_empty());
        assert_eq!(cve::date().len(), "2026-11-23".len());
        for cve in cve::all() {
            let id = cve.id;
            assert!(!cve.component.is_empty() && !cve.outcome.is_empty() && !cve.summary.is_empty(), "{id}");
            assert!(!cve.attackers.is_empty() && !cve.precision.is_empty() && !cve.read.is_empty(), "{id}");
            assert_eq!(cve.component == "linux-kernel", cve.reach.is_some() || !cve.vendor.is_empty(), "{id}");
        }
        let fields = include_str!("../../data/cves.txt").lines().map(|line| split(line.trim_start()));
        for (word, value) in fields {
            let versions = match word {
                "affected" | "branch" | "unknown" => value,
                "also" => split(value).1,
                _ => continue,
            };
            for version in versions.split(' ').filter(|version| !version.is_empty() && *version != "?") {
                let plain = version.trim_start_matches(['<', '>', '=']).trim_end_matches('?');
                assert!(Version::read(plain).is_some_and(|read| read.suffix.is_empty()), "{word} {value}");
            }
        }
        let mut ids: Vec<_> = cve::all().iter().map(|cve| cve.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id stands twice");
    }

    #[test]
    fn ranges() {
        let read = |text| {
            let Range { from, from_is_uncertain, end } = range(text);
            (from, from_is_uncertain, end)
        };
        let fixed = |written| End::Fixed(bound(written).unwrap());
        assert_eq!(read("0 <1.2"), (bound("0"), false, fixed("1.2")));
        assert_eq!(read("? <=1.2"), (None, false, End::Last(bound("1.2").unwrap())));
        assert_eq!(read("2.6.12? <4.10"), (bound("2.6.12"), true, fixed("4.10")));
        assert_eq!(read(">=4.19.316"), (bound("4.19.316"), false, End::Open));
    }
}
