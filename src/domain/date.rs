//! Clinical dates: a day number to compute with, the many forms in which
//! exports write one, and the three in which this program writes one.

use std::fmt;
use std::num::NonZeroI32;

use chrono::{Datelike as _, NaiveDate, Weekday};

/// A calendar day. Four bytes, and four with `None`, since a file holds several of
/// them a row: days since 1 January 1970, moved so that no day is the number nought.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(NonZeroI32);

/// What [`Day`] adds to the days since 1970: more than any calendar reaches back.
const MOVED: i32 = 1 << 30;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Day {
    /// Before every other.
    pub const FIRST: Self = Self(NonZeroI32::MIN);

    /// After every other.
    pub const LAST: Self = Self(NonZeroI32::MAX);

    /// The day of a calendar date, if there is such a date.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => return None,
        };
        if !(1..=length).contains(&day) || !(-9999..=9999).contains(&year) {
            return None;
        }
        // Years begin in March, so that the leap day is the last of its year
        // (the usual proleptic Gregorian count).
        let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let era = y.div_euclid(400);
        let of_era = y.rem_euclid(400);
        let of_year = i32::try_from((153 * m + 2) / 5 + day - 1).ok()?;
        Some(Self::of_epoch(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468))
    }

    const fn of_epoch(days: i32) -> Self {
        match NonZeroI32::new(days.saturating_add(MOVED)) {
            Some(moved) => Self(moved),
            None => Self(NonZeroI32::MIN),
        }
    }

    /// Days since 1 January 1970.
    #[must_use]
    pub const fn epoch(self) -> i32 {
        self.0.get() - MOVED
    }

    /// Mondays to Fridays strictly between `earlier` and this day.
    #[must_use]
    pub const fn weekdays_since(self, earlier: Self) -> i32 {
        // 1 January 1970 was a Thursday.
        const fn before(day: i32) -> i32 {
            let of_week = (day + 3).rem_euclid(7);
            (day + 3).div_euclid(7) * 5 + if of_week < 5 { of_week } else { 5 }
        }
        let between = before(self.epoch()) - before(earlier.epoch() + 1);
        if between > 0 { between } else { 0 }
    }

    /// The same day as a date of the calendar library.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.epoch()).unwrap_or_default()
    }

    /// Days from `earlier` to this day; negative if it is later.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.get() - earlier.0.get()
    }

    /// The day `days` later (earlier, if negative).
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self::of_epoch(self.epoch().saturating_add(days))
    }

    /// Monday to Friday.
    #[must_use]
    pub fn is_weekday(self) -> bool {
        !matches!(self.date().weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// Whole years from `birth` to this day, as people count their age. Somebody
    /// born on 29 February has their birthday on 1 March in other years, as
    /// English law counts it.
    #[must_use]
    pub fn age(self, birth: Self) -> i32 {
        let (now, born) = (self.date(), birth.date());
        let had_birthday = (now.month(), now.day()) >= (born.month(), born.day());
        now.year() - born.year() - i32::from(!had_birthday)
    }

    /// The day on which somebody born on `self` becomes `years` old.
    #[must_use]
    pub fn birthday(self, years: i32) -> Self {
        let born = self.date();
        Self::from_ymd(born.year() + years, born.month(), born.day())
            .or_else(|| Self::from_ymd(born.year() + years, 3, 1))
            .unwrap_or(self)
    }

    /// "31 October 2022", for sentences.
    #[must_use]
    pub fn prose(self) -> String {
        let d = self.date();
        format!("{} {} {}", d.day(), MONTHS[d.month0() as usize], d.year())
    }

    /// "Monday 31 October 2022", for headings.
    #[must_use]
    pub fn with_weekday(self) -> String {
        format!("{} {}", self.date().format("%A"), self.prose())
    }

    /// "31-Oct-2022", for tables of patients, as the clinical systems show it.
    #[must_use]
    pub fn table(self) -> String {
        let d = self.date();
        format!("{:02}-{}-{}", d.day(), &MONTHS[d.month0() as usize][..3], d.year())
    }

    /// "2022-10-31", for files that programs read.
    #[must_use]
    pub fn iso(self) -> String {
        self.date().format("%Y-%m-%d").to_string()
    }

    /// Reads "2022-10-31" only.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::from)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self::of_epoch(date.to_epoch_days())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

/// How a file writes its dates, so that what we add is written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum DateForm {
    /// 31-Oct-2022, and 31-Oct-22 (which we lengthen).
    #[default]
    DashedMonthName,
    /// 31 Oct 2022
    SpacedMonthName,
    /// 31/10/2022
    Slashes,
    /// 20221031
    Compact,
    /// 2022-10-31
    Iso,
}

impl DateForm {
    /// All of them, each in the place of its number.
    pub const ALL: [Self; 5] = [Self::DashedMonthName, Self::SpacedMonthName, Self::Slashes, Self::Compact, Self::Iso];

    /// Writes a day in this form, the year always with four digits.
    #[must_use]
    pub fn write(self, day: Day) -> String {
        let d = day.date();
        match self {
            Self::DashedMonthName => day.table(),
            Self::SpacedMonthName => day.table().replace('-', " "),
            Self::Slashes => format!("{:02}/{:02}/{}", d.day(), d.month(), d.year()),
            Self::Compact => format!("{}{:02}{:02}", d.year(), d.month(), d.day()),
            Self::Iso => day.iso(),
        }
    }
}

/// What a date cell turned out to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateReading {
    /// Nothing.
    Missing,
    /// A day, perhaps with a time of day in minutes.
    Day {
        /// The day.
        day: Day,
        /// Minutes since midnight, where the cell has a time.
        minute: Option<u16>,
        /// How it was written.
        form: DateForm,
    },
    /// A day and month that are right, with two digits for the year: the
    /// century is for the caller to decide ([`TwoDigitYear`]).
    ShortYear(TwoDigitYear),
    /// Written like a date, but there is no such day (31-Feb-2022), or the
    /// month cannot be one (10/21/2018 read day first).
    Impossible,
    /// Not a date at all.
    Unreadable,
}

/// A date whose century the cell does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoDigitYear {
    year: u8,
    month: u8,
    day: u8,
    /// Minutes since midnight, where the cell has a time.
    pub minute: Option<u16>,
    /// How it was written.
    pub form: DateForm,
}

impl TwoDigitYear {
    fn in_century(self, century: i32) -> Option<Day> {
        Day::from_ymd(century + i32::from(self.year), u32::from(self.month), u32::from(self.day))
    }

    /// The latest such day that is not after `limit`: a two-digit year is never
    /// in the future.
    #[must_use]
    pub fn not_after(self, limit: Day) -> Option<Day> {
        [2000, 1900].into_iter().filter_map(|c| self.in_century(c)).find(|day| *day <= limit)
    }

    /// The day in this century: of a target, which is still to come.
    #[must_use]
    pub fn this_century(self) -> Option<Day> {
        self.in_century(2000)
    }

    /// Whether it would be a day soon after `limit`, which is the more likely reading of
    /// a clinical date than one of a hundred years before: then it is a mistake, and not
    /// for a program to settle.
    #[must_use]
    pub fn is_soon_after(self, limit: Day) -> bool {
        self.in_century(2000).is_some_and(|day| (1..=730).contains(&day.days_since(limit)))
    }

    /// The birth date of somebody who was `age` years old on `on`. The age
    /// decides the century; without it, the only century in which the person
    /// could be alive and born does, and `None` where there are two.
    #[must_use]
    pub fn birth(self, on: Day, age: Option<i32>) -> Option<Day> {
        let possible = |day: &Day| match age {
            // The ages may have been counted some years before: centuries lie far
            // enough apart.
            Some(age) => (on.age(*day) - age).abs() <= 15,
            None => (0..=115).contains(&on.age(*day)),
        };
        let mut days =
            [2000, 1900].into_iter().filter_map(|c| self.in_century(c)).filter(|d| *d <= on).filter(possible);
        let first = days.next()?;
        days.next().is_none().then_some(first)
    }
}

/// A month by its first three letters, in lower case.
const fn month_of(name: [u8; 3]) -> Option<u32> {
    Some(match &name {
        b"jan" => 1,
        b"feb" => 2,
        b"mar" => 3,
        b"apr" => 4,
        b"may" => 5,
        b"jun" => 6,
        b"jul" => 7,
        b"aug" => 8,
        b"sep" => 9,
        b"oct" => 10,
        b"nov" => 11,
        b"dec" => 12,
        _ => return None,
    })
}

/// Digits as a number; `None` if one of them is none.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    let value = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
    let are_digits = digits.iter().all(|byte| value(*byte) <= 9);
    are_digits.then(|| digits.into_iter().fold(0, |sum, byte| sum * 10 + value(byte)))
}

/// The forms that nearly every cell has: dd-Mon-yyyy, dd Mon yyyy, dd/mm/yyyy, to the
/// letter; and in which order one in numbers can be read. `None` sends the cell to the general
/// reading ([`read_date`] and [`numeric_order`]), which says the same of these.
#[must_use]
pub fn read_fixed(cell: &[u8]) -> Option<(DateReading, Option<Order>)> {
    match *cell {
        [d1, d2, mark @ (b'-' | b' '), m1, m2, m3, second, y1, y2, y3, y4] if second == mark => {
            let form = if mark == b' ' { DateForm::SpacedMonthName } else { DateForm::DashedMonthName };
            let month = month_of([m1 | 0x20, m2 | 0x20, m3 | 0x20])?;
            Some((day_of(number([y1, y2, y3, y4])?, month, number([d1, d2])?, None, form), None))
        }
        [d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4] => {
            let (day, month) = (number([d1, d2])?, number([m1, m2])?);
            Some((day_of(number([y1, y2, y3, y4])?, month, day, None, DateForm::Slashes), order_of(day, month)))
        }
        _ => None,
    }
}

/// Reads a date, the day always first: dd-Mon-yyyy, dd Mon yyyy, dd/mm/yyyy,
/// dd.mm.yyyy, yyyymmdd, yyyy-mm-dd, each with two or four digits for the year
/// where the form allows, and perhaps a time after it.
#[must_use]
pub fn read_date(cell: &str) -> DateReading {
    read_fixed(cell.as_bytes()).map_or_else(|| read_any(cell), |(read, _)| read)
}

fn read_any(cell: &str) -> DateReading {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '=' | '\u{a0}'));
    if cell.is_empty() {
        return DateReading::Missing;
    }
    if !cell.is_ascii() || cell.len() > 40 {
        return DateReading::Unreadable;
    }
    let (text, minute) = split_time(cell);
    let Some([first, second, third]) = pieces(text) else {
        return compact(text, minute);
    };
    let (Piece::Number(first, first_digits), Piece::Number(third, third_digits)) = (first, third) else {
        return DateReading::Unreadable;
    };
    let (month, form) = match second {
        Piece::Month(month) if text.contains(' ') => (month, DateForm::SpacedMonthName),
        Piece::Month(month) => (month, DateForm::DashedMonthName),
        Piece::Number(month, _) if first_digits == 4 => (month, DateForm::Iso),
        Piece::Number(month, _) => (month, DateForm::Slashes),
    };
    match (first_digits, third_digits) {
        (4, 1 | 2) => day_of(first, month, third, minute, DateForm::Iso),
        (1 | 2, 4) => day_of(third, month, first, minute, form),
        (1 | 2, 2) => short_year(third, month, first, minute, form),
        _ => DateReading::Unreadable,
    }
}

/// In which orders a numeric date can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// 21/10/2018: day first only.
    DayFirst,
    /// 10/21/2018: month first only, as a spreadsheet with American settings writes.
    MonthFirst,
    /// 10/11/2018.
    Either,
}

/// What may stand between the numbers of a date.
const BETWEEN: [char; 3] = ['/', '-', '.'];

/// The order of a date in numbers; `None` for other forms, and where both orders give the
/// same day.
#[must_use]
pub fn numeric_order(cell: &str) -> Option<Order> {
    // Two digits, a sign, two digits: nearly all dates in numbers.
    if let [a, b, b'/' | b'-' | b'.', c, d, b'/' | b'-' | b'.', ..] = *cell.as_bytes()
        && let (Some(first), Some(second)) = (number([a, b]), number([c, d]))
    {
        return order_of(first, second);
    }
    let mut parts = cell.trim_matches(|c: char| !c.is_ascii_digit()).split(BETWEEN);
    let first: u32 = parts.next()?.parse().ok()?;
    let second: u32 = parts.next()?.parse().ok()?;
    parts.next()?;
    order_of(first, second)
}

const fn order_of(first: u32, second: u32) -> Option<Order> {
    match (first, second) {
        (13..=31, 1..=12) => Some(Order::DayFirst),
        (1..=12, 13..=31) => Some(Order::MonthFirst),
        (1..=12, 1..=12) if first != second => Some(Order::Either),
        _ => None,
    }
}

/// A date in numbers of which the first two are turned round, for a column of which the
/// user said that it is month first. `None` for other forms: a year first, a month's name.
#[must_use]
pub fn month_first_as_day_first(cell: &str) -> Option<String> {
    let (month, rest) = cell.split_once(BETWEEN)?;
    let (day, rest) = rest.split_once(BETWEEN)?;
    let number = month.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let padding = month.len() - number.len();
    (is_number(number) && is_number(day)).then(|| format!("{}{day}/{number}/{rest}", &month[..padding]))
}

fn day_of(year: u32, month: u32, day: u32, minute: Option<u16>, form: DateForm) -> DateReading {
    // Years outside 1850–2199 are typing errors, not clinical dates.
    let year = i32::try_from(year).unwrap_or(0);
    match Day::from_ymd(year, month, day) {
        Some(day) if (1850..2200).contains(&year) => DateReading::Day { day, minute, form },
        _ => DateReading::Impossible,
    }
}

fn short_year(year: u32, month: u32, day: u32, minute: Option<u16>, form: DateForm) -> DateReading {
    let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    let short = TwoDigitYear { year: small(year), month: small(month), day: small(day), minute, form };
    // 29 February exists in one century and not in the other.
    if short.in_century(2000).is_some() || short.in_century(1900).is_some() {
        DateReading::ShortYear(short)
    } else {
        DateReading::Impossible
    }
}

/// Eight digits: yyyymmdd.
fn compact(text: &str, minute: Option<u16>) -> DateReading {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let n: u32 = text.parse().unwrap_or(0);
        return day_of(n / 10_000, n / 100 % 100, n % 100, minute, DateForm::Compact);
    }
    DateReading::Unreadable
}

/// Takes "09:12", "09:12:30" or "T09:12" off the end.
fn split_time(cell: &str) -> (&str, Option<u16>) {
    let Some(at) = cell.rfind([' ', 'T']) else { return (cell, None) };
    let (date, time) = (cell[..at].trim_end(), &cell[at + 1..]);
    let mut parts = time.split(':');
    let hour = parts.next().and_then(|h| h.parse::<u16>().ok());
    let minute = parts.next().and_then(|m| m.parse::<u16>().ok());
    match (hour, minute) {
        // Midnight is how a spreadsheet writes "no time".
        (Some(0), Some(0)) => (date, None),
        (Some(hour @ 0..24), Some(minute @ 0..60)) => (date, Some(hour * 60 + minute)),
        _ => (cell, None),
    }
}

#[derive(Clone, Copy)]
enum Piece {
    Number(u32, usize),
    Month(u32),
}

fn pieces(text: &str) -> Option<[Piece; 3]> {
    let mut found = text.split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).map(piece);
    let three = [found.next()??, found.next()??, found.next()??];
    found.next().is_none().then_some(three)
}

fn piece(text: &str) -> Option<Piece> {
    if text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Piece::Number(text.parse().ok()?, text.len()));
    }
    if text.len() < 3 {
        return None;
    }
    let month = MONTHS.iter().position(|name| {
        name.len() >= text.len() && name.as_bytes()[..text.len()].eq_ignore_ascii_case(text.as_bytes())
            || (text.eq_ignore_ascii_case("sept") && *name == "September")
    })?;
    u32::try_from(month + 1).ok().map(Piece::Month)
}

#[cfg(test)]
mod tests;
