//! The content as an Excel workbook, the patients on the second sheet behind one
//! with notes: cells as text, then as real days and numbers, whole and damaged.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::content::{Layout, Sheet, expected, sheet};
use super::{Answer, answer, cells};
use crate::support::{arg, number, outcome, program};

const R1: &str = "The code's last digit was turned into 0 by a spreadsheet program";
const R1B: &str = "The code was rounded by a spreadsheet program";
/// Said of the sheet of notes that each of these books has.
const OTHER_SHEET: &str = "Another sheet of the workbook holds something, and no list of patients";
const NO_RUN_DATE: &str = "The file does not say when it was made";

/// What becomes of a cell on its way into the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Text, every cell.
    Text,
    /// Days as days, numbers as numbers, to the last digit.
    Exact,
    /// The same, but Excel read the codes: the digits behind the fifteenth are 0.
    CutOff,
    /// The same, but another program saved the codes, rounded to fifteen digits.
    Rounded,
}

impl Way {
    /// A number cell of the code column.
    fn id(self, id: u64) -> u64 {
        match self {
            Self::CutOff => id / 10 * 10,
            Self::Rounded => (id + 5) / 10 * 10,
            Self::Text | Self::Exact => id,
        }
    }
}

/// What a column is, by its caption.
fn is_day(caption: &str) -> bool {
    caption.to_lowercase().contains("date")
}

fn is_code(caption: &str) -> bool {
    caption.to_lowercase().starts_with("snomed")
}

fn is_number(caption: &str) -> bool {
    matches!(caption, "NHS Number" | "NHS number" | "EMIS Number" | "Age" | "Patient Count")
}

/// "31-Oct-2022" or "31 Oct 2022", perhaps with "09:12" behind it.
fn day(text: &str) -> Result<ExcelDateTime, XlsxError> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |part: &str| part.parse::<u16>().expect("a number");
    let small = |part: &str| part.parse::<u8>().expect("a small number");
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == &text[3..6]).map_or(0, |(n, _)| n);
    let date = ExcelDateTime::from_ymd(number(&text[7..11]), month, small(&text[..2]))?;
    match text.get(12..) {
        Some(time) => date.and_hms(number(&time[..2]), small(&time[3..]), 0),
        None => Ok(date),
    }
}

/// Writes one cell below the header.
fn write(page: &mut Worksheet, at: (u32, u16), caption: &str, cell: &str, way: Way) -> Result<(), XlsxError> {
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    let whole = || digits.parse::<u64>().expect("digits");
    if cell.is_empty() {
        return Ok(());
    }
    if way == Way::Text {
        page.write_string(at.0, at.1, cell)?;
    } else if is_day(caption) {
        page.write_datetime_with_format(at.0, at.1, &day(cell)?, &Format::new().set_num_format("dd-mmm-yyyy"))?;
    } else if is_code(caption) {
        page.write_number(at.0, at.1, exact(way.id(whole())))?;
    } else if is_number(caption) {
        page.write_number(at.0, at.1, exact(whole()))?;
    } else {
        page.write_string(at.0, at.1, cell)?;
    }
    Ok(())
}

/// Every number here is below 2^53, so that nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "below 2^53, as is asserted")]
fn exact(number: u64) -> f64 {
    assert!(number < 1 << 53);
    number as f64
}

/// A workbook: a sheet of notes, and behind it the table with all that stands above it.
fn save(path: &Path, sheet: &Sheet, way: Way) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("Notes")?;
    for (row, line) in (0..).zip(["Asked for by the practice manager", "Code, date and number: see next sheet"]) {
        notes.write_string(row, 0, line)?;
    }
    let page = book.add_worksheet().set_name("Export")?;
    let mut row = 0;
    for line in &sheet.above {
        for (column, cell) in (0..).zip(line) {
            let run = cell.starts_with("07/10/2024") && way != Way::Text;
            match (run, cell.is_empty()) {
                (true, _) => {
                    let when = ExcelDateTime::from_ymd(2024, 10, 7)?.and_hms(9, 12, 0)?;
                    let format = Format::new().set_num_format("dd/mm/yyyy hh:mm");
                    page.write_datetime_with_format(row, column, &when, &format)?;
                }
                (false, false) => {
                    page.write_string(row, column, cell)?;
                }
                (false, true) => {}
            }
        }
        row += 1;
    }
    for (column, caption) in (0..).zip(&sheet.header) {
        page.write_string(row, column, caption)?;
    }
    for line in &sheet.body {
        row += 1;
        for (column, (caption, cell)) in (0..).zip(sheet.header.iter().zip(line)) {
            write(page, (row, column), caption, cell, way)?;
        }
    }
    book.save(path)
}

fn answer_to_book(sheet: &Sheet, way: Way) -> Answer {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("export.xlsx");
    save(&path, sheet, way).expect("written");
    answer(&format!("{way:?}"), &path)
}

/// Rows with one of the three codes whose number changed, as the sheet counts
/// them, and their sentences.
fn repaired(sheet: &Sheet, way: Way) -> Vec<(String, String, String)> {
    let first = sheet.above.len() + 2;
    let sentence = |id: &str| match (way, id) {
        (Way::CutOff, "1290331000000103" | "1364731000000104" | "1364751000000106") => Some(R1),
        (Way::Rounded, "1290331000000103" | "1364731000000104") => Some(R1),
        (Way::Rounded, "1364751000000106") => Some(R1B),
        _ => None,
    };
    let rows = (first..).zip(&sheet.body).flat_map(|(row, line)| {
        let codes = sheet.header.iter().zip(line).filter(|(caption, _)| is_code(caption));
        codes.filter_map(move |(caption, id)| Some((row.to_string(), caption.clone(), sentence(id)?.to_owned())))
    });
    rows.collect()
}

#[test]
fn a_workbook_says_what_the_text_file_says() {
    for layout in Layout::ALL {
        for way in [Way::Text, Way::Exact, Way::CutOff, Way::Rounded] {
            let sheet = sheet(layout);
            let answer = answer_to_book(&sheet, way);
            let what = format!("{layout:?} as {way:?}");
            assert_eq!(answer.patients, expected(), "{what}");
            assert_eq!(answer.file["system"], layout.system(), "{what}");
            if layout == Layout::Emis {
                assert_eq!(answer.file["run_date"], "2024-10-07", "{what}");
            }
            assert_eq!(answer.problems.iter().filter(|p| p.problem == OTHER_SHEET).count(), 1, "{what}");
            let listed = answer.problems.iter().filter(|p| p.problem != NO_RUN_DATE && p.problem != OTHER_SHEET);
            let listed: Vec<_> = listed.map(|p| (p.row.clone(), p.column.clone(), p.problem.clone())).collect();
            assert_eq!(listed, repaired(&sheet, way), "{what}");
        }
    }
}

#[test]
fn times_of_day_order_the_codes_of_one_day() {
    let row = |n: u64, name: &str, short: &str, when: &str| {
        let (term, id) = match short {
            "104" => (super::content::T104, "1364731000000104"),
            _ => (super::content::T106, "1364751000000106"),
        };
        cells([&number(n).digits(), name, "01-Jan-1980", term, id, when])
    };
    let table = Sheet {
        above: Vec::new(),
        header: cells(["NHS Number", "Full Name", "Date of Birth", "Code Term", "SNOMED Code", "Date"]),
        body: vec![
            row(1, "TEST, Ann", "104", "05-Jan-2023 09:00"),
            row(1, "TEST, Ann", "106", "05-Jan-2023 09:30"),
            row(3, "TEST, Bob", "106", "05-Jan-2023 09:00"),
            row(3, "TEST, Bob", "104", "05-Jan-2023 09:30"),
            // Midnight is how a workbook says that there is no time.
            row(4, "TEST, Cat", "104", "05-Jan-2023"),
            row(4, "TEST, Cat", "106", "05-Jan-2023"),
        ],
    };
    let answer = answer_to_book(&table, Way::Exact);
    let statuses: Vec<&str> = answer.patients.iter().map(|p| p[1].as_str()).collect();
    assert_eq!(statuses, ["cleared", "blocked", "same-day conflict"]);
}

/// A workbook with one table on each of several sheets.
fn sheets(tables: &[(&[&str], Vec<Vec<String>>)]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("sheets.xlsx");
    let mut book = Workbook::new();
    for (header, body) in tables {
        let page = book.add_worksheet();
        for (column, caption) in (0..).zip(*header) {
            page.write_string(0, column, *caption).expect("written");
        }
        for (row, line) in (1..).zip(body) {
            for (column, cell) in (0..).zip(line) {
                page.write_string(row, column, cell).expect("written");
            }
        }
    }
    book.save(&path).expect("saved");
    (dir, path)
}

const ONE_TABLE: [&str; 4] = ["NHS Number", "Date of Birth", "Code Term", "Date"];

fn blocked(from: u64, to: u64) -> Vec<Vec<String>> {
    let row = |n| cells([&number(n).digits(), "01-Jan-1980", super::content::T104, "31-Oct-2022"]);
    (from..to).map(row).collect()
}

#[test]
fn a_list_that_goes_on_on_the_next_sheet_is_read_whole() {
    let (_dir, path) = sheets(&[(&ONE_TABLE, blocked(1, 21)), (&ONE_TABLE, blocked(21, 31))]);
    assert_eq!(answer("two sheets", &path).patients.len(), 30);
}

#[test]
fn lists_of_two_kinds_on_two_sheets_are_not_guessed_at() {
    let other = ["NHS Number", "Name", "Date of Birth", "Code Term", "Date"];
    let with_name = |mut row: Vec<String>| {
        row.insert(1, "TEST, Ann".to_owned());
        row
    };
    let second = blocked(21, 31).into_iter().map(with_name).collect();
    let (_dir, path) = sheets(&[(&ONE_TABLE, blocked(1, 21)), (&other, second)]);
    let out = tempfile::tempdir().expect("a folder");
    let (code, said) = outcome(&program(&["--report", arg(&path), "--out", arg(&out.path().join("out"))]));
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("different columns on several sheets"), "{said}");
}
