//! The deadline and the practice's own target: what the countdown says.

use serde::Serialize;

use crate::domain::Day;
use crate::domain::wording::{count, figure};

/// The day by which English practices had to give access to new entries:
/// 31 October 2023 (GMS contract; SI 2023/436).
#[must_use]
pub fn deadline() -> Day {
    Day::from_ymd(2023, 10, 31).unwrap_or(Day::from(chrono::NaiveDate::MIN))
}

/// What the deadline panel says on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Countdown {
    /// The deadline, as year-month-day.
    pub date: String,
    /// Days since it passed; negative while it is still to come.
    pub days_since: i32,
    /// "31 October 2023 passed 1,116 days ago".
    pub short: String,
    /// The same with what follows from it.
    pub sentence: String,
}

/// The countdown to, or since, the deadline.
#[must_use]
pub fn countdown(today: Day) -> Countdown {
    let deadline = deadline();
    let since = today.days_since(deadline);
    let days = count(usize::try_from(since.unsigned_abs()).unwrap_or(0), "day");
    let (short, rest) = match since {
        0 => (format!("{} is today", deadline.prose()), "Patients must have access from now on."),
        s if s > 0 => (format!("{} passed {days} ago", deadline.prose()), "The duty to give access continues."),
        _ => (format!("{} is in {days}", deadline.prose()), "By then patients must have access."),
    };
    Countdown { date: deadline.iso(), days_since: since, sentence: format!("{short}. {rest}"), short }
}

/// The practice's own target date, and the pace that it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The date.
    pub date: Day,
    /// Days until then; negative once it has passed.
    pub days: i32,
    /// Working days until then, today and the date among them.
    pub working_days: u32,
    /// Patients still to decide.
    pub left: usize,
}

impl Target {
    /// Counts the way to a target date.
    #[must_use]
    pub fn new(today: Day, date: Day, left: usize) -> Self {
        Self { date, days: date.days_since(today), working_days: working_days(today, date), left }
    }

    /// Patients a working day, rounded up; `None` where no working day is left.
    #[must_use]
    pub fn pace(self) -> Option<usize> {
        let days = self.working_days as usize;
        (days > 0).then(|| self.left.div_ceil(days))
    }

    /// "over 48 working days until 31 January 2027", to stand behind the pace.
    #[must_use]
    pub fn span(self) -> String {
        format!("over {} until {}", count(self.working_days as usize, "working day"), self.date.prose())
    }

    /// "52 patients to review a working day, on 48 working days until 31 January 2027."
    #[must_use]
    pub fn sentence(self) -> String {
        match self.pace() {
            _ if self.left == 0 => "Nobody is left to review.".to_owned(),
            Some(pace) => format!(
                "{} to review a working day, on {} until {}.",
                count(pace, "patient"),
                count(self.working_days as usize, "working day"),
                self.date.prose()
            ),
            None if self.days >= 0 => {
                format!("{} left to review, and no working day until {}.", figure(self.left), self.date.prose())
            }
            None => format!("The target of {} has passed; {} left to review.", self.date.prose(), figure(self.left)),
        }
    }
}

/// Monday to Friday without the bank holidays of England, both ends counted.
#[must_use]
pub fn working_days(from: Day, to: Day) -> u32 {
    let span = to.days_since(from);
    let days = (0..=span.clamp(-1, 36_500)).map(|n| from.plus(n));
    u32::try_from(days.filter(|d| d.is_weekday() && !is_bank_holiday(*d)).count()).unwrap_or(u32::MAX)
}

/// Bank holidays in England by their rules; holidays proclaimed for one year
/// only are not known to the program.
fn is_bank_holiday(day: Day) -> bool {
    use chrono::{Datelike as _, Weekday};
    let date = day.date();
    let (year, month, of_month, weekday) = (date.year(), date.month(), date.day(), date.weekday());
    let monday = weekday == Weekday::Mon;
    // A holiday that falls on a weekend moves to the next working day.
    let observed = |first: u32, month_of: u32, others: u32| {
        month == month_of
            && ((of_month == first && day.is_weekday())
                || (monday
                    && (first + 1..=first + 2 + others).contains(&of_month)
                    && !Day::from_ymd(year, month_of, first).is_some_and(Day::is_weekday)))
    };
    let easter = easter_sunday(year);
    let christmas = month == 12
        && match (of_month, weekday) {
            (25 | 26, _) => day.is_weekday(),
            (27 | 28, Weekday::Mon | Weekday::Tue) => true,
            _ => false,
        };
    observed(1, 1, 0)
        || easter.is_some_and(|e| day == e.plus(-2) || day == e.plus(1))
        || (month == 5 && monday && (of_month <= 7 || of_month >= 25))
        || (month == 8 && monday && of_month >= 25)
        || christmas
}

/// Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher).
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
fn easter_sunday(year: i32) -> Option<Day> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Day::from_ymd(year, u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Day {
        Day::from_iso(iso).expect("a day")
    }

    #[test]
    fn the_deadline_has_passed_and_the_duty_continues() {
        let c = countdown(day("2026-11-20"));
        assert_eq!(c.short, "31 October 2023 passed 1,116 days ago");
        assert!(c.sentence.ends_with("The duty to give access continues."));
        assert_eq!(countdown(day("2023-10-31")).short, "31 October 2023 is today");
        assert_eq!(countdown(day("2023-10-30")).short, "31 October 2023 is in 1 day");
    }

    #[test]
    fn bank_holidays_of_england() {
        // gov.uk/bank-holidays
        for iso in [
            "2026-01-01",
            "2026-04-03",
            "2026-04-06",
            "2026-05-04",
            "2026-05-25",
            "2026-08-31",
            "2026-12-25",
            "2026-12-28",
            "2027-01-01",
            "2027-03-26",
            "2027-03-29",
            "2027-05-03",
            "2027-05-31",
            "2027-08-30",
            "2027-12-27",
            "2027-12-28",
            "2028-01-03",
        ] {
            assert!(is_bank_holiday(day(iso)), "{iso}");
        }
        for iso in ["2026-01-02", "2026-12-29", "2027-01-04", "2027-12-24", "2026-05-18", "2028-01-04"] {
            assert!(!is_bank_holiday(day(iso)), "{iso}");
        }
    }

    #[test]
    fn the_pace_counts_working_days_only() {
        let target = Target::new(day("2026-11-20"), day("2027-01-31"), 2_507);
        assert_eq!(target.days, 72);
        // 51 weekdays less Christmas Day, Boxing Day's substitute and New Year's Day.
        assert_eq!(target.working_days, 48);
        assert_eq!(target.pace(), Some(53));
        assert_eq!(Target::new(day("2026-11-21"), day("2026-11-22"), 5).pace(), None);
        assert_eq!(Target::new(day("2026-11-20"), day("2026-11-19"), 5).working_days, 0);
    }
}
