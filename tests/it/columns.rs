//! Which column is what: by caption, by content, by what the user says; and what the
//! practice's own codes mean.

use std::path::PathBuf;

use crate::support::{arg, csv_rows, number, outcome, program};

const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";

struct Run {
    folder: tempfile::TempDir,
}

impl Run {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn report(&self, export: &str, more: &[&str]) -> (i32, String, Vec<(String, String)>) {
        let path = self.file("export.csv", export);
        let out = self.folder.path().join("out");
        let mut args = vec!["--report", arg(&path), "--out", arg(&out), "--today", "2026-11-20", "--force"];
        args.extend(more);
        let (code, said) = outcome(&program(&args));
        let rows = if code == 0 { csv_rows(&out.join("patients.csv")) } else { Vec::new() };
        (code, said, rows.iter().map(|r| (r["NHS number"].clone(), r["Status"].clone())).collect())
    }
}

/// Two columns of valid numbers that differ: a patient's and a carer's.
fn two_numbers() -> String {
    let row = |n: u64| format!("{},{},01-Jan-1980,{T104},31-Oct-2022\n", number(n).digits(), number(n + 100).digits());
    format!("Patient ref,Carer ref,Date of Birth,Code Term,Date\n{}", (1..9).map(row).collect::<String>())
}

#[test]
fn two_columns_of_numbers_are_asked_about_and_the_answer_is_taken() {
    let run = Run::new();
    let (code, said, _) = run.report(&two_numbers(), &[]);
    assert_eq!(code, 3);
    assert!(said.contains("column 1 (Patient ref) or column 2 (Carer ref)"), "{said}");
    assert!(said.contains("--map \"NHS number=Patient ref\""), "{said}");
    for (wish, first) in [("NHS number=Patient ref", 1), ("nhs number=#2", 101)] {
        let (code, said, patients) = run.report(&two_numbers(), &["--map", wish]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(patients[0], (number(first).digits(), "blocked".to_owned()));
    }
    let (code, said, _) = run.report(&two_numbers(), &["--map", "NHS number=Ref"]);
    assert_eq!(code, 3);
    assert!(said.contains("no one column that is called “Ref”"), "{said}");
}

#[test]
fn two_captions_for_the_number_compete_only_where_they_differ() {
    let run = Run::new();
    let row = |n: u64, other: u64| {
        format!("{},{},01-Jan-1980,{T104},31-Oct-2022\n", number(n).digits(), number(other).digits())
    };
    let header = "NHS Number,Patient NHS Number,Date of Birth,Code Term,Date\n";
    let same: String = (1..9).map(|n| row(n, n)).collect();
    assert_eq!(run.report(&format!("{header}{same}"), &[]).0, 0);
    let other: String = (1..9).map(|n| row(n, n + 50)).collect();
    assert_eq!(run.report(&format!("{header}{other}"), &[]).0, 3);
}

#[test]
fn a_date_column_that_holds_no_dates_gives_way_to_what_the_user_says() {
    let run = Run::new();
    let row = |n: u64| format!("{},01-Jan-1980,{T104},wk {n},31-Oct-2022\n", number(n).digits());
    let export = format!("NHS Number,Date of Birth,Code Term,Date,Coded\n{}", (1..9).map(row).collect::<String>());
    let (code, said, _) = run.report(&export, &[]);
    assert_eq!(code, 3);
    assert!(said.contains("Date of the code") && said.contains("column 5 (Coded)"), "{said}");
    let (code, _, patients) = run.report(&export, &["--map", "Date of the code=Coded"]);
    assert_eq!((code, patients[0].1.as_str()), (0, "blocked"));
}

#[test]
fn captions_that_say_nothing_are_mapped() {
    let run = Run::new();
    let row = |n: u64| format!("{},01-Jan-1980,{T104},31-Oct-2022\n", number(n).digits());
    let export = format!("NHS Number,Date of Birth,What,When\n{}", (1..9).map(row).collect::<String>());
    assert_eq!(run.report(&export, &[]).0, 3, "no codes");
    let (code, said, patients) = run.report(&export, &["--map", "Code term=What", "--map", "Date of the code=When"]);
    assert_eq!(code, 0, "{said}");
    assert!(patients.iter().all(|(_, status)| status == "blocked"));
}

#[test]
fn the_practice_s_own_codes_count_once_a_person_has_said_what_they_mean() {
    let run = Run::new();
    let row = |n: u64, code: &str| format!("{},01-Jan-1980,{code},31-Oct-2022\n", number(n).digits());
    let export = format!("NHS Number,Date of Birth,Code,Date\n{}{}", row(1, "Y3a1b"), row(2, "Xa9zz"));
    let (code, _, patients) = run.report(&export, &[]);
    assert_eq!((code, patients.len()), (0, 2));
    assert!(patients.iter().all(|(_, status)| status == "no code"));
    let settings = run.file("settings.json", r#"{"aliases": [{"text": "y3A1B", "code": "104"}]}"#);
    let (code, said, patients) = run.report(&export, &["--settings", arg(&settings)]);
    assert_eq!(code, 0, "{said}");
    assert_eq!([&*patients[0].1, &*patients[1].1], ["blocked", "no code"]);
    let problems = csv_rows(&run.folder.path().join("out/problems.csv"));
    assert!(problems.iter().any(|p| p["What was done"].contains("what the settings say")));
    let wrong = run.file("wrong.json", r#"{"aliases": [{"text": "x", "code": "105"}]}"#);
    assert_eq!(run.report(&export, &["--settings", arg(&wrong)]).0, 2);
}

#[test]
fn month_first_dates_are_read_so_only_after_the_user_said_so() {
    let run = Run::new();
    let row = |n: u64, date: &str| format!("{},01-Jan-1980,{T104},{date}\n", number(n).digits());
    let export = format!("NHS Number,Date of Birth,Code Term,Date\n{}{}", row(1, "10/28/2022"), row(2, "03/06/2023"));
    let (code, _, patients) = run.report(&export, &[]);
    assert_eq!((code, patients.len()), (0, 2));
    assert!(patients.iter().all(|(_, status)| status == "no code"), "neither is believed");
    let file = run.file("again.csv", &export);
    let done = program(&["--report", arg(&file), "--out", arg(&run.folder.path().join("again"))]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("The figures are too low") && said.contains("add --month-first"), "{said}");
    let (code, _, patients) = run.report(&export, &["--month-first"]);
    assert_eq!((code, patients.len()), (0, 2));
    assert!(patients.iter().all(|(_, status)| status == "blocked"));
    let dates: Vec<String> =
        csv_rows(&run.folder.path().join("out/patients.csv")).iter().map(|r| r["Code date"].clone()).collect();
    assert_eq!(dates, ["28-Oct-2022", "06-Mar-2023"]);
    let problems = csv_rows(&run.folder.path().join("out/problems.csv"));
    assert!(problems.iter().any(|p| p["Problem"].contains("as the user confirmed")));
}

#[test]
fn in_whatever_order_the_columns_are_named_none_is_lost() {
    let run = Run::new();
    let note = "partner reads her post";
    let export = format!(
        "NHS Number,Date of Birth,Zzz,Date,Yyy\n{},01-Jan-1980,{T104},31-Oct-2022,{note}\n",
        number(1).digits()
    );
    for order in [["Free text=Yyy", "Code term=Zzz"], ["Code term=Zzz", "Free text=Yyy"]] {
        let (code, said, patients) = run.report(&export, &["--map", order[0], "--map", order[1]]);
        assert_eq!(code, 0, "{order:?}: {said}");
        assert_eq!(patients[0].1, "blocked", "{order:?}: the date is known");
        let rows = csv_rows(&run.folder.path().join("out/patients.csv"));
        assert!(rows[0]["Reasons"].contains("note"), "{order:?}: {:?}", rows[0]);
    }
}
