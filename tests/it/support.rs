//! What several journeys need: made-up exports, the program, its answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use record_access_review::app::case::{Case, GivenFile, Origin, Settings, open};
use record_access_review::domain::{Day, NhsNumber, Status};
use record_access_review::extract::{Progress, Purpose, System};
use record_access_review::sample::{Recipe, make};

/// The day on which all journeys take place.
pub fn today() -> Day {
    Day::from_ymd(2026, 11, 20).expect("a day")
}

/// A made-up practice as a file.
pub fn sample_file(folder: &Path, system: System, patients: u32) -> PathBuf {
    let path = folder.join(format!("practice-{}.csv", system.key()));
    std::fs::write(&path, make(Recipe { patients, ..Recipe::built_in(system) }).bytes).expect("written");
    path
}

/// Opens files as the program does.
pub fn case_of(paths: &[PathBuf]) -> Case {
    let settings = Settings::on(today());
    open(&Origin::exports(paths.to_vec()), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// Opens an export and a list beside it.
pub fn case_beside(export: &str, list: &str, purpose: Purpose) -> Case {
    let dir = tempfile::tempdir().expect("a folder");
    let export = GivenFile::from(written(dir.path(), "export.csv", export));
    let list = GivenFile { path: written(dir.path(), "list.csv", list), purpose };
    let settings = Settings::on(today());
    open(&Origin::Files(vec![export, list]), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// Writes a file.
pub fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

/// Where the patient with the n-th number stands.
pub fn status(case: &Case, n: u64) -> Option<Status> {
    case.cohort.patients.iter().find(|p| p.usable_number() == Some(number(n))).map(|p| p.status)
}

/// The n-th valid number of the test range.
pub fn number(n: u64) -> NhsNumber {
    let nine = 999_100_000 + n;
    (0..10).find_map(|c| NhsNumber::new(nine * 10 + c)).unwrap_or_else(|| number(n + 500_000))
}

/// Runs the real program.
pub fn program(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_record-access-review")).args(args).output().expect("the program starts")
}

/// Its exit code and what it complained of.
pub fn outcome(output: &Output) -> (i32, String) {
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// A CSV file as rows by caption.
pub fn csv_rows(path: &Path) -> Vec<HashMap<String, String>> {
    rows(&std::fs::read(path).expect("a CSV"))
}

fn rows(bytes: &[u8]) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let header = reader.headers().expect("a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        })
        .collect()
}

/// A list for people as rows by caption: what it is stands in two lines before the header.
pub fn worklist(path: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(path).expect("a list");
    let mut lines = text.splitn(3, "\r\n");
    assert!(lines.next().is_some_and(|l| l.contains("What this is: ")), "{}", path.display());
    assert!(lines.next().is_some_and(|l| l.contains("What it does not do: ")), "{}", path.display());
    rows(lines.next().unwrap_or_default().as_bytes())
}

/// A JSON file.
pub fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).expect("read")).expect("JSON")
}

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
