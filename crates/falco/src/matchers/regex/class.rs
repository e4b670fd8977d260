//! Sets of characters.

use watertight_text::sort;

/// Characters as ranges, both ends included; sorted and apart once [`Class::finish`] has been called.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Class {
    ranges: Vec<(u32, u32)>,
}

/// The last character there is.
const LAST: u32 = 0x10_ffff;

/// The classes of POSIX, as ranges of ASCII.
const NAMED: &[(&str, &[(u8, u8)])] = &[
    ("alnum", &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')]),
    ("alpha", &[(b'A', b'Z'), (b'a', b'z')]),
    ("ascii", &[(0, 0x7f)]),
    ("blank", &[(b'\t', b'\t'), (b' ', b' ')]),
    ("cntrl", &[(0, 0x1f), (0x7f, 0x7f)]),
    ("digit", &[(b'0', b'9')]),
    ("graph", &[(b'!', b'~')]),
    ("lower", &[(b'a', b'z')]),
    ("print", &[(b' ', b'~')]),
    ("punct", &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')]),
    ("space", &[(b'\t', b'\r'), (b' ', b' ')]),
    ("upper", &[(b'A', b'Z')]),
    ("word", &[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')]),
    ("xdigit", &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')]),
];

impl Class {
    /// One character.
    pub(super) fn one(character: u32) -> Self {
        Self { ranges: vec![(character, character)] }
    }

    /// Every character but the end of a line.
    pub(super) fn dot() -> Self {
        let newline = u32::from(b'\n');
        Self { ranges: vec![(0, newline - 1), (newline + 1, LAST)] }
    }

    /// A class of POSIX by its name, `^` in front of it turns it round.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain = name.strip_prefix('^').unwrap_or(name);
        let (_, ranges) = NAMED.iter().find(|(one, _)| *one == plain)?;
        let ranges = ranges.iter().map(|(low, high)| (u32::from(*low), u32::from(*high))).collect();
        let class = Self { ranges };
        Some(if plain == name { class } else { class.finish(true) })
    }

    pub(super) fn add(&mut self, low: u32, high: u32) {
        self.ranges.push((low, high));
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        self.ranges.extend(&other.ranges);
    }

    /// Sorts and joins the ranges, and turns the set round when asked to.
    pub(super) fn finish(mut self, negated: bool) -> Self {
        sort::by(&mut self.ranges, Ord::cmp);
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for (low, high) in self.ranges {
            match joined.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => joined.push((low, high)),
            }
        }
        if !negated {
            return Self { ranges: joined };
        }
        let mut outside = Vec::new();
        let mut next = 0;
        for (low, high) in joined {
            if next < low {
                outside.push((next, low - 1));
            }
            next = high + 1;
        }
        if next <= LAST {
            outside.push((next, LAST));
        }
        Self { ranges: outside }
    }

    pub(super) fn contains(&self, character: u32) -> bool {
        match self.ranges.as_slice() {
            [] => false,
            [(low, high)] => (*low..=*high).contains(&character),
            ranges => {
                let at = ranges.partition_point(|(_, high)| *high < character);
                ranges.get(at).is_some_and(|(low, _)| *low <= character)
            }
        }
    }

    /// About how many instructions RE2 needs for the bytes of these characters in UTF-8.
    pub(super) fn cost(&self) -> usize {
        let cost = |(low, high): &(u32, u32)| match (*low, *high) {
            (_, high) if high < 0x80 => 1,
            (low, high) if low == high => char::from_u32(low).map_or(4, char::len_utf8),
            _ => 10,
        };
        (2 * self.ranges.iter().map(cost).sum::<usize>()).saturating_sub(1)
    }
}
