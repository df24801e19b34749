//! Each damage by itself: what becomes of the patient, what is listed, and who is
//! kept out of group decisions because of it.

use super::content::{NOTE, T103, T104, T106};
use super::{Answer, answer_to, cells};
use crate::support::number;

const R1: &str = "The code's last digit was turned into 0 by a spreadsheet program";
const R1B: &str = "The code was rounded by a spreadsheet program";
const R2: &str = "The code was shortened to scientific notation by a spreadsheet program";
const DISAGREE: &str = "The code and its term name different things";
const UNCONFIRMED: &str = "The code was damaged by a spreadsheet program and no term confirms which it was";
const MAY_BE_DECLINED: &str = "The code is damaged, or its term names something else, and it may be the 103";
const TOO_FEW: &str = "The code was shortened by a spreadsheet program and too few digits are left";
const CUT_SHORT: &str = "The term is cut short before the word that decides which code it is";
const NO_DATE: &str = "An access code has no date";
const BAD_DATE: &str = "An access code has a date that cannot be read or does not exist";
const FUTURE: &str = "An access code is dated in the future";
const MONTH_FIRST: &str =
    "The column holds dates that can only be month first, as a spreadsheet program with American settings writes them";
const BIRTH: &str = "The date of birth is missing, cannot be read, or its century cannot be determined";

/// Rows that are above the first case: the run date, the header, one sound patient.
const ROWS_ABOVE: usize = 3;
const HEADER: &str = "NHS Number,Full Name,Date of Birth,Age,Date of Registration,Code Term,SNOMED Code,Date,Date Added,Associated Text,User Details' Full Name";

/// The cells of a case that matter; the rest is sound.
#[derive(Clone)]
struct Cells {
    number: String,
    born: String,
    age: String,
    term: String,
    id: String,
    date: String,
}

/// What is to be said of a case. Empty: nothing.
#[derive(Clone, Copy)]
struct Expected {
    status: &'static str,
    code: &'static str,
    date: &'static str,
    /// Column and sentence of the problem.
    problem: Option<(&'static str, &'static str)>,
    blocker: &'static str,
}

struct Case {
    cells: Cells,
    expected: Expected,
}

/// A sound 104 of the n-th patient.
fn sound(n: u64) -> Cells {
    Cells {
        number: number(n).digits(),
        born: "01-Jan-1980".into(),
        age: "44".into(),
        term: T104.into(),
        id: "1364731000000104".into(),
        date: "31-Oct-2022".into(),
    }
}

const BLOCKED: Expected = Expected { status: "blocked", code: "104", date: "31-Oct-2022", problem: None, blocker: "" };
const CLEARED: Expected = Expected { status: "cleared", code: "106", ..BLOCKED };
const DECLINED: Expected = Expected { status: "declined", code: "103", blocker: "declined (103)", ..BLOCKED };
/// The code, or its date, decides nothing.
const UNCLEAR: Expected =
    Expected { status: "no code", code: "", date: "", problem: None, blocker: "something unclear" };

impl Expected {
    const fn with(self, column: &'static str, sentence: &'static str) -> Self {
        Self { problem: Some((column, sentence)), ..self }
    }

    const fn on(self, date: &'static str) -> Self {
        Self { date, ..self }
    }

    const fn kept_out(self, blocker: &'static str) -> Self {
        Self { blocker, ..self }
    }
}

/// A cell as a file has it; `="…"` stands there both in quotes and without.
fn quote(cell: &str, bare_formulas: bool) -> String {
    let formula = bare_formulas && cell.starts_with("=\"");
    let special = cell.contains([',', '"', '\r', '\n']);
    if special && !formula { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// One file with a patient for each case.
fn file(cases: &[Case], bare_formulas: bool) -> String {
    let row = |n: usize, c: &Cells| {
        // Names of letters only, all different.
        let name = format!("TEST, {}", "x".repeat(n + 1));
        let row =
            cells([&c.number, &name, &c.born, &c.age, "05-Apr-2014", &c.term, &c.id, &c.date, &c.date, "", "ADMIN"]);
        row.iter().map(|c| quote(c, bare_formulas)).collect::<Vec<_>>().join(",") + "\r\n"
    };
    let rows: String = cases.iter().enumerate().map(|(n, case)| row(n + 1, &case.cells)).collect();
    format!("Last Run,,,07/10/2024 09:12\r\n{HEADER}\r\n{}{rows}", row(0, &sound(900)))
}

fn check(cases: &[Case]) -> Answer {
    check_with(cases, false)
}

fn check_with(cases: &[Case], bare_formulas: bool) -> Answer {
    let answer = answer_to("damage", "damage.csv", file(cases, bare_formulas).as_bytes());
    assert_eq!(answer.patients.len(), cases.len() + 1);
    assert_eq!(answer.patients[0][1], "blocked", "the sound one");
    for (n, case) in cases.iter().enumerate() {
        let (expected, Cells { number, born, term, id, date, .. }) = (case.expected, &case.cells);
        let what = format!("number {number:?}, born {born:?}, term {term:?}, code {id:?}, date {date:?}");
        let [_, status, code, day] = &answer.patients[n + 1];
        assert_eq!([status, code, day], [expected.status, expected.code, expected.date], "{what}");
        assert_eq!(answer.of_row(ROWS_ABOVE + n + 1), expected.problem.into_iter().collect::<Vec<_>>(), "{what}");
        assert_eq!(answer.blockers[n + 1], expected.blocker, "{what}");
    }
    answer
}

/// One patient for each identifier and term.
fn codes(table: &[(&str, &str, Expected)]) -> Vec<Case> {
    let case = |(n, (id, term, expected)): (u64, &(&str, &str, Expected))| Case {
        cells: Cells { id: (*id).to_owned(), term: (*term).to_owned(), ..sound(n) },
        expected: *expected,
    };
    (1..).zip(table).map(case).collect()
}

/// One patient for each date of the code.
fn dates(table: &[(&str, Expected)]) -> Vec<Case> {
    let case = |(n, (date, expected)): (u64, &(&str, Expected))| Case {
        cells: Cells { date: (*date).to_owned(), ..sound(n) },
        expected: *expected,
    };
    (1..).zip(table).map(case).collect()
}

const ID: &str = "SNOMED Code";

#[test]
fn r1_the_check_digit_is_put_back_with_and_without_a_term() {
    check(&codes(&[
        ("1364731000000100", T104, BLOCKED.with(ID, R1)),
        ("1364731000000100", "", BLOCKED.with(ID, R1)),
        ("1364751000000100", T106, CLEARED.with(ID, R1)),
        ("1364751000000100", "", CLEARED.with(ID, R1)),
        ("1290331000000100", T103, DECLINED.with(ID, R1)),
        ("1290331000000100", "", DECLINED.with(ID, R1)),
        // The term names another code: then nothing is proven.
        ("1364731000000100", T106, UNCLEAR.with(ID, DISAGREE)),
        ("1364751000000100", T104, UNCLEAR.with(ID, DISAGREE)),
        ("1290331000000100", T104, UNCLEAR.with(ID, MAY_BE_DECLINED)),
    ]));
}

#[test]
fn r1b_a_rounded_106_counts_only_where_the_term_agrees() {
    check(&codes(&[
        ("1364751000000110", T106, CLEARED.with(ID, R1B)),
        ("1364751000000110", "", UNCLEAR.with(ID, UNCONFIRMED)),
        ("1364751000000110", "Enhanced review", UNCLEAR.with(ID, UNCONFIRMED)),
        ("1364751000000110", T104, UNCLEAR.with(ID, DISAGREE)),
        ("1364751000000110", T103, UNCLEAR.with(ID, MAY_BE_DECLINED)),
    ]));
}

#[test]
fn r2_scientific_notation_counts_only_where_the_term_agrees() {
    check(&codes(&[
        ("1.36473E+15", T104, BLOCKED.with(ID, R2)),
        ("1.36473e+15", T104, BLOCKED.with(ID, R2)),
        ("1.36475E+15", T106, CLEARED.with(ID, R2)),
        ("1.29033E+15", T103, DECLINED.with(ID, R2)),
        // All fifteen digits, as some programs write them.
        ("1.36473100000010E+15", T104, BLOCKED.with(ID, R2)),
        ("1.36475100000011E+15", T106, CLEARED.with(ID, R2)),
        ("1.36473E+15", "", UNCLEAR.with(ID, UNCONFIRMED)),
        ("1.36475E+15", "", UNCLEAR.with(ID, UNCONFIRMED)),
        ("1.29033E+15", "", UNCLEAR.with(ID, MAY_BE_DECLINED)),
        ("1.36473E+15", T106, UNCLEAR.with(ID, DISAGREE)),
        ("1.36475E+15", T104, UNCLEAR.with(ID, DISAGREE)),
        // Three digits tell nothing: then the term alone does.
        ("1.36E+15", "", UNCLEAR.with(ID, TOO_FEW)),
        ("1.36E+15", T104, BLOCKED),
        ("1.36E+15", T106, CLEARED),
    ]));
}

#[test]
fn r3_what_stands_around_a_code_is_taken_off() {
    const FORMS: [&str; 9] = [
        "1364751000000106",
        "1364751000000106.0",
        "'1364751000000106",
        "=\"1364751000000106\"",
        "\u{a0}1364751000000106\u{a0}",
        " 1364751000000106 ",
        "1,364,751,000,000,106",
        "1 364 751 000 000 106",
        "1\u{a0}364\u{a0}751\u{a0}000\u{a0}000\u{a0}106",
    ];
    let table: Vec<_> = FORMS
        .into_iter()
        .flat_map(|id| [(id, T106, CLEARED), (id, "", CLEARED), (id, T104, UNCLEAR.with(ID, DISAGREE))])
        .collect();
    check(&codes(&table));
    check_with(&codes(&table), true);
}

#[test]
fn too_few_digits_are_not_repaired() {
    check(&codes(&[
        ("129033100000010", "", UNCLEAR.with(ID, MAY_BE_DECLINED)),
        ("136473100000010", "", UNCLEAR.with(ID, TOO_FEW)),
        ("1364730000000000", "", UNCLEAR.with(ID, TOO_FEW)),
        ("136473100000010", T104, BLOCKED),
    ]));
}

#[test]
fn terms_vary_and_not_indicated_goes_first() {
    check(&codes(&[
        ("", T104, BLOCKED),
        ("", T106, CLEARED),
        ("", T103, DECLINED),
        ("", "Enhanced review indicated before granting access to your own health record", BLOCKED),
        ("", "Enhanced review indicatedbefore granting access to own healthrecord", BLOCKED),
        ("", "ENHANCED REVIEW NOT INDICATED BEFORE GRANTING ACCESS", CLEARED),
        ("", "Enhanced review not indicatedbefore granting access to your own health record", CLEARED),
        ("", "Enhanced\u{a0}review not indicated before granting acc", CLEARED),
        ("", "Enhanced review", UNCLEAR.with(ID, CUT_SHORT)),
        ("", "Online access to own health record declined", DECLINED),
        // A local code, and an identifier of a description: the term decides.
        ("Y2e9b", T106, CLEARED),
        ("3000001000000112", T106, CLEARED),
        // Whole, and the term says otherwise.
        ("1364731000000104", T106, UNCLEAR.with(ID, DISAGREE)),
        ("59621000", T104, UNCLEAR.with(ID, DISAGREE)),
    ]));
}

/// What is left of the word that decides is a part of the term, nobody's note.
#[test]
fn a_term_cut_within_the_word_that_decides_is_no_note() {
    check(&codes(&[
        ("", "Enhanced review ind", BLOCKED),
        ("", "Enhanced review indicate", BLOCKED),
        ("", "Enhanced review not ind", CLEARED),
        ("", "Enhanced review not indicat", CLEARED),
        ("", "Enhanced review n", UNCLEAR.with(ID, CUT_SHORT)),
    ]));
}

/// `SystmOne` shows what the user typed behind the term, in the same cell.
#[test]
fn a_note_behind_the_term_is_kept_with_its_line_break() {
    let text = format!(
        "NHS number,First name,Surname,Date of birth,Date of registration,Event date,Event details,Event done by,Patient Count\r\n\
         {},Ann,Test,01 Jan 1980,05 Apr 2014,31 Oct 2022,\"{T104} - {}\",Mrs A Admin,1\r\n\
         {},Bob,Test,01 Jan 1980,05 Apr 2014,31 Oct 2022,{T104},Mrs A Admin,1\r\n",
        number(1).digits(),
        NOTE.replace('"', "\"\""),
        number(3).digits()
    );
    let answer = answer_to("note behind the term", "a.csv", text.as_bytes());
    assert_eq!(answer.patients.len(), 2);
    assert!(answer.patients.iter().all(|p| p[1..] == ["blocked", "104", "31-Oct-2022"]));
    assert!(answer.of_row(2).contains(&("Event details", "Free text stands behind the term in the same cell")));
    assert!(answer.blockers[0].contains("a note of their own"), "{}", answer.blockers[0]);
    assert_eq!(answer.blockers[1], "");
}

#[test]
fn every_form_of_a_date_is_the_same_day() {
    const SAME: [&str; 15] = [
        "31-Oct-2022",
        "31-OCT-2022",
        "31 Oct 2022",
        "31 October 2022",
        "31/10/2022",
        "31.10.2022",
        "20221031",
        "2022-10-31",
        "31-Oct-22",
        "31/10/22",
        "31/10/2022 09:12",
        "31-Oct-2022 00:00",
        "2022-10-31T09:12:00",
        "'31-Oct-2022",
        "=\"31-Oct-2022\"",
    ];
    let table = SAME.map(|date| (date, BLOCKED));
    check(&dates(&table));
    check_with(&dates(&table), true);
}

#[test]
fn days_and_months_that_could_change_places_are_read_day_first() {
    check(&dates(&[
        ("03/02/2023", BLOCKED.on("03-Feb-2023")),
        ("3/2/2023", BLOCKED.on("03-Feb-2023")),
        ("03/02/23", BLOCKED.on("03-Feb-2023")),
        ("20230203", BLOCKED.on("03-Feb-2023")),
        ("1-Sept-2023", BLOCKED.on("01-Sep-2023")),
        // A year of two digits is never in the future.
        ("01/12/85", BLOCKED.on("01-Dec-1985")),
        ("20/11/26", BLOCKED.on("20-Nov-2026")),
    ]));
}

#[test]
fn dates_that_say_no_day_decide_nothing() {
    check(&dates(&[
        ("", UNCLEAR.with("Date", NO_DATE)),
        ("unknown", UNCLEAR.with("Date", BAD_DATE)),
        ("31-Feb-2022", UNCLEAR.with("Date", BAD_DATE)),
        ("31/02/2022", UNCLEAR.with("Date", BAD_DATE)),
        ("44865", UNCLEAR.with("Date", BAD_DATE)),
        ("#########", UNCLEAR.with("Date", BAD_DATE)),
        ("Oct-2022", UNCLEAR.with("Date", BAD_DATE)),
        // Next month, or a hundred years ago: more likely a slip than either.
        ("01/12/26", UNCLEAR.with("Date", BAD_DATE)),
        ("21-Nov-2026", UNCLEAR.with("Date", FUTURE)),
        ("01/01/2027", UNCLEAR.with("Date", FUTURE)),
    ]));
}

#[test]
fn a_column_that_can_only_be_month_first_is_named_and_not_believed() {
    let table = [("10/31/2022", UNCLEAR), ("11/03/2022", UNCLEAR), ("10/31/22", UNCLEAR)];
    // The sound patient's date has a month by name, so it counts all the same.
    let answer = answer_to("month first", "a.csv", file(&dates(&table), false).as_bytes());
    let named: Vec<_> = answer.problems.iter().filter(|p| p.problem == MONTH_FIRST).collect();
    assert!(named.iter().any(|p| p.row.is_empty() && p.column == "Date"), "{:?}", answer.problems);
    assert_eq!(answer.patients[0][1], "blocked");
    for (n, patient) in answer.patients.iter().enumerate().skip(1) {
        assert_eq!([patient[1].as_str(), &patient[3]], ["no code", ""], "{}", table[n - 1].0);
        assert_eq!(answer.blockers[n], "something unclear", "{}", table[n - 1].0);
    }
}

#[test]
fn a_month_first_date_among_others_is_the_odd_one_out() {
    let table = [
        ("31/10/2022", BLOCKED),
        ("10/31/2022", UNCLEAR.with("Date", BAD_DATE)),
        ("03/11/2022", BLOCKED.on("03-Nov-2022")),
    ];
    let answer = check(&dates(&table));
    assert!(!answer.sentences().contains(&MONTH_FIRST));
}

/// 11/12/2026 was 12 November, before the day of the test; read day first it would
/// be in the future, and a patient on the list would count as not registered.
#[test]
fn a_registration_column_turned_month_first_takes_nobody_out() {
    let sound =
        file(&[Case { cells: sound(1), expected: BLOCKED }, Case { cells: sound(3), expected: BLOCKED }], false);
    let mut rows: Vec<String> = sound.lines().map(str::to_owned).collect();
    for (row, date) in rows[2..].iter_mut().zip(["01/17/2020", "11/12/2026", "10/31/2015"]) {
        *row = row.replace("05-Apr-2014", date);
    }
    let answer = answer_to("registration", "a.csv", (rows.join("\r\n") + "\r\n").as_bytes());
    let statuses: Vec<&str> = answer.patients.iter().map(|p| p[1].as_str()).collect();
    assert_eq!(statuses, ["blocked"; 3]);
    let named = |p: &super::Listed| p.problem == MONTH_FIRST && p.column == "Date of Registration";
    assert!(answer.problems.iter().any(named), "{:?}", answer.problems);
}

#[test]
fn the_century_of_a_birth_is_decided_by_the_age_or_is_open() {
    const CHILD: Expected = Expected { status: "not eligible", ..BLOCKED };
    const OPEN: Expected = BLOCKED.with("Date of Birth", BIRTH).kept_out("an unclear date of birth");
    let table = [
        ("05-Jun-50", "74", BLOCKED),
        ("05/06/14", "10", CHILD),
        ("05/06/14", "110", BLOCKED),
        ("05-Jun-80", "", BLOCKED),
        ("05/06/14", "", OPEN),
        ("05-Jun-20", "", OPEN),
        ("31-Feb-1980", "44", OPEN),
        ("unknown", "44", OPEN),
        ("", "44", OPEN),
        // Sixteen on the day, and a day short of it.
        ("20-Nov-2010", "13", BLOCKED),
        ("21-Nov-2010", "13", CHILD),
        ("20101121", "13", CHILD),
    ];
    let case = |(n, (born, age, expected)): (u64, &(&str, &str, Expected))| Case {
        cells: Cells { born: (*born).to_owned(), age: (*age).to_owned(), ..sound(n) },
        expected: *expected,
    };
    check(&(1..).zip(&table).map(case).collect::<Vec<_>>());
}

#[test]
fn every_form_of_an_nhs_number_is_the_same_number() {
    const WAYS: [fn(&str) -> String; 8] = [
        |d| format!("{} {} {}", &d[..3], &d[3..6], &d[6..]),
        |d| format!("{}-{}-{}", &d[..3], &d[3..6], &d[6..]),
        |d| format!("{}\u{a0}{}\u{a0}{}", &d[..3], &d[3..6], &d[6..]),
        |d| format!("=\"{d}\""),
        |d| format!("'{d}"),
        |d| format!("{d}.0"),
        |d| format!("  {d} "),
        |d| format!("\u{a0}{d}"),
    ];
    let case = |(n, way): (u64, &fn(&str) -> String)| Case {
        cells: Cells { number: way(&number(n).digits()), ..sound(n) },
        expected: BLOCKED,
    };
    let cases: Vec<Case> = (1..).zip(&WAYS).map(case).collect();
    for bare_formulas in [false, true] {
        let answer = check_with(&cases, bare_formulas);
        for (n, patient) in (1..).zip(&answer.patients[1..]) {
            assert_eq!(patient[0], number(n).digits());
        }
    }
}

#[test]
fn nhs_numbers_that_are_none_are_listed_and_one_from_elsewhere_is_kept() {
    const COLUMN: &str = "NHS Number";
    const INVALID: Expected = BLOCKED.kept_out("no valid NHS number");
    const ELSEWHERE: &str = "The NHS number is from a range that is not issued in England";
    let short = number(11).digits()[..9].to_owned();
    let table = [
        (
            "9.991E+09",
            INVALID.with(COLUMN, "The NHS number was shortened to scientific notation by a spreadsheet program"),
        ),
        (
            "9.99E+09",
            INVALID.with(COLUMN, "The NHS number was shortened to scientific notation by a spreadsheet program"),
        ),
        (
            &short,
            INVALID.with(
                COLUMN,
                "The NHS number has nine digits, as when a spreadsheet program takes a leading nought off",
            ),
        ),
        ("99910000110", INVALID.with(COLUMN, "The NHS number does not have ten digits")),
        ("unknown", INVALID.with(COLUMN, "The NHS number does not have ten digits")),
        ("9991000012", INVALID.with(COLUMN, "The NHS number's check digit is wrong")),
        ("", INVALID.with(COLUMN, "The patient has no NHS number")),
        // A Scottish CHI, one that lost its leading 0, and one of Northern Ireland.
        ("0101456786", BLOCKED.with(COLUMN, ELSEWHERE)),
        (
            "101456786",
            INVALID.with(
                COLUMN,
                "The NHS number has nine digits, as when a spreadsheet program takes a leading nought off",
            ),
        ),
        ("3200123451", BLOCKED.with(COLUMN, ELSEWHERE)),
    ];
    let case = |(n, (digits, expected)): (u64, &(&str, Expected))| Case {
        cells: Cells { number: (*digits).to_owned(), ..sound(n) },
        expected: *expected,
    };
    check(&(1..).zip(&table).map(case).collect::<Vec<_>>());
}

#[test]
fn one_number_on_two_people_is_listed_at_both() {
    const TWICE: Expected = BLOCKED
        .with("NHS Number", "The same NHS number stands on two different people")
        .kept_out("NHS number on two people");
    let case =
        |born: &str, n: u64, expected: Expected| Case { cells: Cells { born: born.to_owned(), ..sound(n) }, expected };
    // Their names differ as well: each row of the file has its own.
    check(&[case("01-Jan-1980", 1, TWICE), case("07-Jul-1977", 1, TWICE), case("01-Jan-1980", 3, BLOCKED)]);
}

#[test]
fn one_person_twice_is_one_person() {
    let text = file(&[Case { cells: sound(1), expected: BLOCKED }], false);
    let last = text.lines().last().expect("a row").replace("31-Oct-2022", "01-Nov-2022");
    let answer = answer_to("twice", "a.csv", format!("{text}{last}\r\n").as_bytes());
    assert_eq!(answer.patients.len(), 2);
    assert_eq!(answer.patients[1][1..], ["blocked", "104", "01-Nov-2022"]);
    assert_eq!(answer.problems, []);
}
