//! One content in every form that practices have it in: text files of each
//! encoding, delimiter and line end, workbooks, files that a spreadsheet program
//! saved again, and each damage by itself. Over the command line only, and always
//! against what the content means, never one form against another.

mod books;
mod content;
mod damage;
mod fixtures;
mod text;

use std::path::Path;

use crate::support::{arg, csv_rows, json, outcome, program};

const DAY: &str = "2026-11-20";

/// NHS number, status, code and code date of one patient, as `patients.csv` has them.
type Row = [String; 4];

/// What the program said of one file.
struct Answer {
    /// In the order of the file.
    patients: Vec<Row>,
    /// Blockers, in the same order.
    blockers: Vec<String>,
    problems: Vec<Listed>,
    /// `files[0]` of `summary.json`.
    file: serde_json::Value,
}

/// One line of `problems.csv`; no row for the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    row: String,
    column: String,
    problem: String,
}

impl Answer {
    /// The sentences, sorted.
    fn sentences(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.problems.iter().map(|p| p.problem.as_str()).collect();
        all.sort_unstable();
        all
    }

    /// Column and sentence of each problem of a row.
    fn of_row(&self, row: usize) -> Vec<(&str, &str)> {
        let row = row.to_string();
        self.problems.iter().filter(|p| p.row == row).map(|p| (p.column.as_str(), p.problem.as_str())).collect()
    }
}

/// Writes a file, and reads what the program says of it.
fn answer_to(what: &str, name: &str, bytes: &[u8]) -> Answer {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join(name);
    std::fs::write(&file, bytes).expect("written");
    answer(what, &file)
}

/// Reads what the program says of a file.
fn answer(what: &str, file: &Path) -> Answer {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let output = program(&["--report", arg(file), "--out", arg(&out), "--today", DAY]);
    assert_eq!(outcome(&output), (0, String::new()), "{what}");
    let rows = csv_rows(&out.join("patients.csv"));
    let summary = json(&out.join("summary.json"));
    Answer {
        patients: rows.iter().map(|r| ["NHS number", "Status", "Code", "Code date"].map(|c| r[c].clone())).collect(),
        blockers: rows.iter().map(|r| r["Blockers"].clone()).collect(),
        problems: csv_rows(&out.join("problems.csv"))
            .into_iter()
            .map(|r| Listed { row: r["Row"].clone(), column: r["Column"].clone(), problem: r["Problem"].clone() })
            .collect(),
        file: summary["files"][0].clone(),
    }
}

/// A row of owned cells.
fn cells<const N: usize>(row: [&str; N]) -> Vec<String> {
    row.map(str::to_owned).to_vec()
}
