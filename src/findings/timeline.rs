//! 104 entries by day, and the waves in which practices coded in bulk.

use chrono::Datelike as _;
use rustc_hash::FxHashMap;

use crate::domain::Day;

use super::GroupId;

/// A time in which many practices coded in bulk. Weight for a finding, never a
/// reason by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wave {
    /// First day, year month day.
    from: (i32, u32, u32),
    /// Last day.
    to: (i32, u32, u32),
    /// As people call it.
    pub label: &'static str,
}

/// The known waves (domain rules, "dated inside a known wave").
pub const WAVES: [Wave; 4] = [
    Wave { from: (2022, 10, 25), to: (2022, 11, 30), label: "October–November 2022" },
    Wave { from: (2023, 1, 16), to: (2023, 2, 1), label: "January 2023" },
    Wave { from: (2023, 5, 15), to: (2023, 10, 31), label: "May–October 2023" },
    Wave { from: (2023, 11, 1), to: (2023, 11, 30), label: "November 2023" },
];

impl Wave {
    /// First and last day.
    #[must_use]
    pub fn span(&self) -> Option<(Day, Day)> {
        let day = |(y, m, d)| Day::from_ymd(y, m, d);
        Some((day(self.from)?, day(self.to)?))
    }

    /// The wave a day lies in.
    #[must_use]
    pub fn of(day: Day) -> Option<Self> {
        WAVES.into_iter().find(|w| w.span().is_some_and(|(from, to)| (from..=to).contains(&day)))
    }
}

/// The 104 entries of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayBar {
    /// The day on which they were entered.
    pub day: Day,
    /// Entries of groups that look added in bulk.
    pub bulk: u32,
    /// All others.
    pub other: u32,
    /// Of the groups on that day, the first of the findings.
    pub group: Option<GroupId>,
}

/// Days with at least one 104 entry, in order.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The days.
    pub days: Vec<DayBar>,
}

impl Timeline {
    /// Puts counts together by day: day, bulk, others, and a group; the first of several stays.
    pub(super) fn of(counts: impl Iterator<Item = (Day, u32, u32, Option<GroupId>)>) -> Self {
        let mut days: FxHashMap<Day, DayBar> = FxHashMap::default();
        for (day, bulk, other, group) in counts.filter(|(_, bulk, other, _)| bulk + other > 0) {
            let bar = days.entry(day).or_insert(DayBar { day, bulk: 0, other: 0, group: None });
            bar.bulk += bulk;
            bar.other += other;
            bar.group = match (bar.group, group) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        let mut days: Vec<DayBar> = days.into_values().collect();
        days.sort_unstable_by_key(|bar| bar.day);
        Self { days }
    }

    /// The same by month, each by its first day; months without an entry between others
    /// are among them.
    #[must_use]
    pub fn months(&self) -> Vec<DayBar> {
        let first_of = |day: Day| day.plus(1 - i32::try_from(day.date().day()).unwrap_or(1));
        let mut out: Vec<DayBar> = Vec::new();
        for bar in &self.days {
            let month = first_of(bar.day);
            while out.last().is_some_and(|last| last.day < month) {
                // A month has at most 31 days.
                let next = out.last().map_or(month, |last| first_of(last.day.plus(31)));
                out.push(DayBar { day: next, bulk: 0, other: 0, group: None });
            }
            if out.is_empty() {
                out.push(DayBar { day: month, bulk: 0, other: 0, group: None });
            }
            if let Some(last) = out.last_mut() {
                last.bulk += bar.bulk;
                last.other += bar.other;
            }
        }
        out
    }

    /// The largest day.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.days.iter().map(|d| d.bulk + d.other).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_no_gaps() {
        let day = |iso| Day::from_iso(iso).expect("a day");
        let counts = [("2022-10-31", 5, 1), ("2022-10-03", 0, 2), ("2023-01-31", 1, 0)];
        let timeline = Timeline::of(counts.into_iter().map(|(iso, bulk, other)| (day(iso), bulk, other, None)));
        let months: Vec<(String, u32, u32)> =
            timeline.months().into_iter().map(|m| (m.day.iso(), m.bulk, m.other)).collect();
        let expected = [("2022-10-01", 5, 3), ("2022-11-01", 0, 0), ("2022-12-01", 0, 0), ("2023-01-01", 1, 0)];
        assert_eq!(months, expected.map(|(iso, bulk, other)| (iso.to_owned(), bulk, other)));
    }
}
