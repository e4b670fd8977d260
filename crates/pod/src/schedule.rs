//! When a CronJob runs.
//!
//! Source: `ParseStandard` of github.com/robfig/cron, which `validateScheduleFormat` in `pkg/apis/batch/validation` asks.

use watertight_text::shortened;

/// Bytes that are shown of what cannot be read.
const SHOWN: usize = 60;

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Words for the numbers from the least one on.
    words: &'static [&'static str],
    takes: &'static str,
}

static FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, words: &[], takes: "0 to 59" },
    Field { name: "hour", least: 0, most: 23, words: &[], takes: "0 to 23" },
    Field { name: "day of the month", least: 1, most: 31, words: &[], takes: "1 to 31" },
    Field {
        name: "month",
        least: 1,
        most: 12,
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        takes: "1 to 12, or JAN to DEC",
    },
    Field {
        name: "day of the week",
        least: 0,
        most: 6,
        words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        takes: "0 for Sunday to 6, or SUN to SAT",
    },
];

/// Why a schedule cannot be read, and what to write instead. Names such as `@daily` and schedules with a time zone in them
/// are not judged.
pub(crate) fn refusal(schedule: &str) -> Option<String> {
    if schedule.is_empty() || schedule.starts_with(['@']) || schedule.contains("TZ=") {
        return None;
    }
    let count = schedule.split_whitespace().count();
    if count != FIELDS.len() {
        let noun = if count == 1 { "field" } else { "fields" };
        return Some(format!(
            "This schedule has {count} {noun}. Write five: minute, hour, day of the month, month and day of the week."
        ));
    }
    FIELDS.iter().zip(schedule.split_whitespace()).find_map(|(field, text)| {
        let wrong = text.split(',').find(|part| !part.is_empty() && !field.takes_range(part))?;
        Some(format!(
            "\"{}\" cannot be the {} of a schedule. It takes {}; ranges go from the smaller to the larger.",
            shortened(wrong, SHOWN),
            field.name,
            field.takes
        ))
    })
}

impl Field {
    /// `5`, `*`, `1-5`, each with a step behind it or without one.
    fn takes_range(&self, text: &str) -> bool {
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (text, None),
        };
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (first, Some(last)),
            None => (range, None),
        };
        if step.is_some_and(|step| number(step).is_none_or(|step| step == 0)) {
            return false;
        }
        // What stands behind a star is not looked at.
        if matches!(first, "*" | "?") {
            return true;
        }
        let Some(first) = self.number(first) else { return false };
        let last = match last {
            Some(last) => self.number(last),
            None if step.is_some() => Some(u64::from(self.most)),
            None => Some(first),
        };
        last.is_some_and(|last| u64::from(self.least) <= first && first <= last && last <= u64::from(self.most))
    }

    fn number(&self, text: &str) -> Option<u64> {
        let place = self.words.iter().position(|word| word.eq_ignore_ascii_case(text));
        place
            .and_then(|place| u64::try_from(place).ok())
            .map(|place| place + u64::from(self.least))
            .or_else(|| number(text))
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn schedules_as_the_api_server_reads_them() {
        for schedule in [
            "* * * * *",
            "*/5 * * * *",
            "0 0 1 1 0",
            "59 23 31 12 6",
            "0 9-17/2 * * MON-FRI",
            "0 0 1,15 jan,Jul *",
            "? * * * ?",
            "5/15 * * * *",
            "1,,2 * * * *",
            "  0   0 * * *\t",
            "+5 * * * *",
            "*-9 * * * *",
            "@daily",
            "@every 5m",
            "TZ=Europe/Berlin 0 0 * * *",
            "CRON_TZ=UTC 0 0 * * *",
            "",
        ] {
            assert_eq!(refusal(schedule), None, "{schedule}");
        }
        for (schedule, said) in [
            ("61 * * * *", "\"61\" cannot be the minute of a schedule. It takes 0 to 59; "),
            ("0 24 * * *", "\"24\" cannot be the hour "),
            ("0 0 0 * *", "\"0\" cannot be the day of the month "),
            ("0 0 * 13 *", "\"13\" cannot be the month "),
            (
                "0 0 * * 7",
                "\"7\" cannot be the day of the week of a schedule. It takes 0 for Sunday to 6, or SUN to SAT; ",
            ),
            ("0 0 * * FRI-MON", "\"FRI-MON\" cannot be the day of the week "),
            ("*/0 * * * *", "\"*/0\" "),
            ("1-2-3 * * * *", "\"1-2-3\" "),
            ("1/2/3 * * * *", "\"1/2/3\" "),
            ("-1 * * * *", "\"-1\" "),
            ("0 0 * * monday", "\"monday\" "),
            ("H * * * *", "\"H\" "),
            ("0 0 * * * *", "This schedule has 6 fields. Write five"),
            ("hourly", "This schedule has 1 field. "),
            (" ", "This schedule has 0 fields. "),
        ] {
            assert!(
                refusal(schedule).is_some_and(|refusal| refusal.starts_with(said)),
                "{schedule}: {:?}",
                refusal(schedule)
            );
        }
    }
}
