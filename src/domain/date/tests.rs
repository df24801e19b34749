//! Dates as files have them.

use super::*;

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd(y, m, d).expect("a day")
}

#[test]
fn every_form_reads_day_first() {
    let expected = day(2022, 10, 3);
    for (cell, form) in [
        ("03-Oct-2022", DateForm::DashedMonthName),
        ("3-OCT-2022", DateForm::DashedMonthName),
        ("03 Oct 2022", DateForm::SpacedMonthName),
        ("3 October 2022", DateForm::SpacedMonthName),
        ("03/10/2022", DateForm::Slashes),
        ("3.10.2022", DateForm::Slashes),
        ("20221003", DateForm::Compact),
        ("2022-10-03", DateForm::Iso),
        (" =\"03-Oct-2022\" ", DateForm::DashedMonthName),
    ] {
        assert_eq!(read_date(cell), DateReading::Day { day: expected, minute: None, form }, "{cell}");
    }
}

#[test]
fn a_time_orders_codes_of_one_day() {
    let DateReading::Day { minute, .. } = read_date("07/10/2024 09:12") else { panic!("a day") };
    assert_eq!(minute, Some(9 * 60 + 12));
    let DateReading::Day { minute, .. } = read_date("2024-10-07T23:59:10") else { panic!("a day") };
    assert_eq!(minute, Some(23 * 60 + 59));
    let DateReading::Day { minute, .. } = read_date("07/10/2024 00:00") else { panic!("a day") };
    assert_eq!(minute, None);
}

#[test]
fn what_is_no_day_is_never_guessed() {
    assert_eq!(read_date(""), DateReading::Missing);
    assert_eq!(read_date("31-Feb-2022"), DateReading::Impossible);
    assert_eq!(read_date("10/21/2018"), DateReading::Impossible);
    assert_eq!(read_date("10/21/18"), DateReading::Impossible);
    assert_eq!(read_date("01-Jan-0022"), DateReading::Impossible);
    assert_eq!(read_date("unknown"), DateReading::Unreadable);
    assert_eq!(read_date("44862"), DateReading::Unreadable);
    assert_eq!(read_date("28/10"), DateReading::Unreadable);
}

#[test]
fn two_digit_years_are_never_in_the_future() {
    let DateReading::ShortYear(short) = read_date("28-Oct-22") else { panic!("short") };
    assert_eq!(short.not_after(day(2026, 11, 20)), Some(day(2022, 10, 28)));
    let DateReading::ShortYear(short) = read_date("01/12/26") else { panic!("short") };
    assert_eq!(short.not_after(day(2026, 11, 20)), Some(day(1926, 12, 1)));
    assert!(short.is_soon_after(day(2026, 11, 20)), "more likely a slip than a hundred years ago");
    let DateReading::ShortYear(short) = read_date("12/03/85") else { panic!("short") };
    assert!(!short.is_soon_after(day(2026, 11, 20)), "back-dated to a registration");
}

#[test]
fn the_age_decides_the_century_of_a_birth() {
    let today = day(2026, 11, 20);
    let DateReading::ShortYear(short) = read_date("05/03/20") else { panic!("short") };
    assert_eq!(short.birth(today, Some(6)), Some(day(2020, 3, 5)));
    assert_eq!(short.birth(today, Some(106)), Some(day(1920, 3, 5)));
    assert_eq!(short.birth(today, None), None, "6 or 106: it decides who is under 16");
    let DateReading::ShortYear(short) = read_date("05/03/80") else { panic!("short") };
    assert_eq!(short.birth(today, None), Some(day(1980, 3, 5)), "nobody is born in 2080 yet");
}

#[test]
fn the_order_of_slashes_is_known_where_it_can_be() {
    assert_eq!(numeric_order("21/10/2018"), Some(Order::DayFirst));
    assert_eq!(numeric_order("10/21/18"), Some(Order::MonthFirst));
    assert_eq!(numeric_order("10/11/2018 09:30"), Some(Order::Either));
    assert_eq!(numeric_order("10/10/2018"), None);
    assert_eq!(numeric_order("21-Oct-2018"), None);
}

#[test]
fn the_quick_reading_says_what_the_general_one_says() {
    let mut date = NaiveDate::from_ymd_opt(1849, 12, 1).expect("a date");
    while date.year() < 2201 {
        for form in ["%d-%b-%Y", "%d %b %Y", "%d/%m/%Y"] {
            let cell = date.format(form).to_string();
            let general = Some((read_any(&cell), numeric_order(&cell)));
            assert_eq!(read_fixed(cell.as_bytes()), general, "{cell}");
        }
        date = date.succ_opt().expect("a date");
    }
    for cell in ["31-Feb-2022", "00-Jan-2022", "29/02/2023", "29/02/2024", "12/13/2022", "01-jAN-2022"] {
        assert_eq!(read_fixed(cell.as_bytes()), Some((read_any(cell), numeric_order(cell))), "{cell}");
    }
    for cell in ["01-Jab-2022", "01-Jan/2022", "0x-Jan-2022", "01/1a/2022", "01/01/202x", "01-Jan-22", "1/01/2022 "] {
        assert_eq!(read_fixed(cell.as_bytes()), None, "{cell}");
        assert_eq!(read_date(cell), read_any(cell), "{cell}");
    }
    assert_eq!(std::mem::size_of::<Option<Day>>(), 4);
    assert_eq!(Day::from_ymd(1970, 1, 1).map(Day::date), NaiveDate::from_ymd_opt(1970, 1, 1));
}

#[test]
fn ages_turn_on_the_birthday() {
    let born = day(2010, 11, 21);
    assert_eq!(day(2026, 11, 20).age(born), 15);
    assert_eq!(day(2026, 11, 21).age(born), 16);
    assert_eq!(day(2012, 2, 29).birthday(16), day(2028, 2, 29));
    assert_eq!(day(2012, 2, 29).birthday(15), day(2027, 3, 1));
    assert_eq!(day(2022, 10, 31).with_weekday(), "Monday 31 October 2022");
}
