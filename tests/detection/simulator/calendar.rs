//! Days since 1 January 1970, and on which of them an English practice works.

/// Days since 1 January 1970.
pub type Day = i32;

/// The day on which the first practices could be asked for a 104 at all.
pub const APRIL_2022: Day = day(2022, 4, 1);
/// The month of the first great wave.
pub const NOVEMBER_2022: Day = day(2022, 11, 1);

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The day of a date (Howard Hinnant's algorithm).
#[must_use]
pub const fn day(year: i32, month: i32, of_month: i32) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of the month.
#[must_use]
pub const fn civil(day: Day) -> (i32, i32, i32) {
    let from = day + 719_468;
    let era = from.div_euclid(146_097);
    let of_era = from - era * 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// 0 for Monday to 6 for Sunday.
#[must_use]
pub const fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

/// The age in full years.
#[must_use]
pub fn age(born: Day, on: Day) -> i32 {
    let (year, month, of_month) = civil(on);
    let (born_year, born_month, born_of_month) = civil(born);
    year - born_year - i32::from((month, of_month) < (born_month, born_of_month))
}

/// Easter Sunday (the anonymous Gregorian computus).
const fn easter(year: i32) -> Day {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let shift = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let correction = (golden + 11 * epact + 22 * shift) / 451;
    let sum = epact + shift - 7 * correction + 114;
    day(year, sum / 31, sum % 31 + 1)
}

/// The first Monday from a day on.
const fn monday_from(day: Day) -> Day {
    day + (7 - weekday(day)) % 7
}

/// A bank holiday in England: the yearly ones with their substitute days, the jubilee, the
/// funeral of the late Queen and the coronation.
#[must_use]
pub fn is_bank_holiday(on: Day) -> bool {
    let (year, ..) = civil(on);
    let new_year = day(year, 1, 1);
    let christmas = day(year, 12, 25);
    let spring = if year == 2022 { day(2022, 6, 2) } else { monday_from(day(year, 5, 25)) };
    let new_year = if weekday(new_year) >= 5 { monday_from(new_year) } else { new_year };
    // Christmas Day and Boxing Day on a weekend move to the next working days.
    let (first, second) = match weekday(christmas) {
        4 => (christmas, christmas + 3),
        5 => (christmas + 2, christmas + 3),
        6 => (christmas + 1, christmas + 2),
        _ => (christmas, christmas + 1),
    };
    let fixed = [
        new_year,
        easter(year) - 2,
        easter(year) + 1,
        monday_from(day(year, 5, 1)),
        spring,
        monday_from(day(year, 8, 25)),
        first,
        second,
    ];
    fixed.contains(&on) || [day(2022, 6, 3), day(2022, 9, 19), day(2023, 5, 8)].contains(&on)
}

/// Neither a weekend nor a bank holiday.
#[must_use]
pub fn is_working(on: Day) -> bool {
    weekday(on) < 5 && !is_bank_holiday(on)
}

/// The day itself, or the next one on which the practice works.
#[must_use]
pub fn next_working(mut on: Day) -> Day {
    while !is_working(on) {
        on += 1;
    }
    on
}

/// The day itself, or the last one before it on which the practice works.
#[must_use]
pub fn last_working(mut on: Day) -> Day {
    while !is_working(on) {
        on -= 1;
    }
    on
}

/// 31-Oct-2022, as EMIS Web writes it.
#[must_use]
pub fn with_hyphens(on: Day) -> String {
    written(on, '-')
}

/// 31 Oct 2022, as `SystmOne` writes it.
#[must_use]
pub fn with_spaces(on: Day) -> String {
    written(on, ' ')
}

fn written(on: Day, between: char) -> String {
    let (year, month, of_month) = civil(on);
    let name = usize::try_from(month - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or("");
    format!("{of_month:02}{between}{name}{between}{year}")
}

/// 31/10/2022 or 31/10/22, as people type it.
#[must_use]
pub fn with_slashes(on: Day, short: bool) -> String {
    let (year, month, of_month) = civil(on);
    if short {
        format!("{of_month:02}/{month:02}/{:02}", year % 100)
    } else {
        format!("{of_month:02}/{month:02}/{year}")
    }
}

/// October 2022.
#[must_use]
pub fn month_and_year(on: Day) -> String {
    let (year, month, _) = civil(on);
    let name = usize::try_from(month - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or("");
    format!("{name} {year}")
}
