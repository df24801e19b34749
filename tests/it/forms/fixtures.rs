//! Files that `LibreOffice` really saved from one export (tests/fixtures/README.md
//! says how each was made), and what it did to them.

use std::path::PathBuf;

use super::{Answer, Row, answer};

const R1: &str = "The code's last digit was turned into 0 by a spreadsheet program";
const R1B: &str = "The code was rounded by a spreadsheet program";
const MONTH_FIRST: &str =
    "The column holds dates that can only be month first, as a spreadsheet program with American settings writes them";

/// What the six patients of the source are, in every form whose dates can be believed.
const EXPECTED: [[&str; 4]; 6] = [
    ["9991000011", "blocked", "104", "28-Oct-2022"],
    ["9991000038", "cleared", "106", "06-Mar-2023"],
    ["9991000046", "declined", "103", "09-Dec-2022"],
    ["9991000054", "blocked", "104", "10-Nov-2022"],
    ["9991000062", "not eligible", "104", "28-Oct-2022"],
    ["9991000070", "blocked", "104", "05-Jan-2023"],
];

fn fixture(name: &str) -> Answer {
    answer(name, &PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")).join(name))
}

fn expected() -> Vec<Row> {
    EXPECTED.map(|row| row.map(str::to_owned)).to_vec()
}

/// Row and sentence of what was repaired when `LibreOffice` kept fifteen digits: it
/// rounds, so that a 104 and a 103 end in 00 and a 106 in 10.
fn fifteen_digits() -> Vec<(String, &'static str)> {
    (9..=15).map(|row| (row.to_string(), if row == 11 { R1B } else { R1 })).collect()
}

fn assert_all(name: &str, problems: &[(String, &str)]) -> Answer {
    let answer = fixture(name);
    assert_eq!(answer.patients, expected(), "{name}");
    assert_eq!(answer.file["system"], "emis", "{name}");
    let mut listed: Vec<(String, &str)> = answer.problems.iter().map(|p| (p.row.clone(), p.problem.as_str())).collect();
    listed.sort_by_key(|(row, _)| row.parse::<u32>().unwrap_or(0));
    assert_eq!(listed, problems, "{name}");
    assert!(answer.problems.iter().all(|p| p.column == "SNOMED Code"), "{name}");
    answer
}

#[test]
fn csv_files_saved_again_say_the_same() {
    for (name, encoding, delimiter) in [
        ("source.csv", "UTF-8", "comma"),
        ("resaved-default.csv", "UTF-8", "comma"),
        ("resaved-semicolon.csv", "UTF-8", "semicolon"),
        ("resaved-1252.csv", "Windows-1252", "semicolon"),
        ("resaved-utf16.csv", "UTF-16LE", "tab"),
        ("resaved-british.csv", "UTF-8", "comma"),
    ] {
        let answer = assert_all(name, &[]);
        assert_eq!(answer.file["encoding"], encoding, "{name}");
        assert_eq!(answer.file["delimiter"], delimiter, "{name}");
        assert_eq!(answer.file["run_date"], "2024-10-07", "{name}");
    }
}

#[test]
fn codes_that_went_through_a_workbook_are_repaired() {
    assert_all("resaved-from-book.csv", &fifteen_digits());
}

#[test]
fn american_dates_are_named_and_never_guessed() {
    let answer = fixture("resaved-american.csv");
    let columns: Vec<&str> =
        answer.problems.iter().filter(|p| p.problem == MONTH_FIRST).map(|p| p.column.as_str()).collect();
    assert!(columns.contains(&"Date"), "{columns:?}");
    assert!(columns.contains(&"Date of Birth"), "{columns:?}");
    // 11/03/2022 was 3 November: no day of the file may be taken at its word.
    assert_eq!(answer.patients.len(), 6);
    for (patient, blockers) in answer.patients.iter().zip(&answer.blockers) {
        assert_eq!(patient[1..], ["no code", "", ""]);
        assert!(blockers.contains("something unclear"), "{blockers}");
    }
}

/// The days are numbers of days in these, however they are shown: with two digits
/// for the year, and in one of them month first.
#[test]
fn excel_workbooks_keep_their_days() {
    for name in ["book.xlsx", "book-american.xlsx", "book-plain.xlsx"] {
        let answer = assert_all(name, &fifteen_digits());
        // Read under American settings, the run date was another day already.
        let run = if name == "book-american.xlsx" { "2024-07-10" } else { "2024-10-07" };
        assert_eq!(answer.file["run_date"], run, "{name}");
    }
}

#[test]
fn old_excel_workbooks_keep_every_digit() {
    let answer = assert_all("book.xls", &[]);
    assert_eq!(answer.file["run_date"], "2024-10-07");
}

#[test]
fn open_document_sheets_keep_every_digit() {
    let answer = assert_all("book.ods", &[]);
    assert_eq!(answer.file["run_date"], "2024-10-07");
}
