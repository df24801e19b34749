//! Further lists beside the export: the registered list, a safeguarding register, online
//! accounts; and several practices in one file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::support::{arg, csv_rows, json, names, number, outcome, program, worklist};

const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";
const H: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,SNOMED Code,Date,User Details' Full Name";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Patients by system number, and the folder of the other files.
    fn report(&self, more: &[&str]) -> (HashMap<String, HashMap<String, String>>, PathBuf) {
        let out = self.0.path().join(format!("out{}", names(self.0.path()).len()));
        let mut args = vec!["--report"];
        args.extend(more);
        args.extend(["--out", arg(&out), "--today", "2026-11-20"]);
        assert_eq!(outcome(&program(&args)), (0, String::new()));
        let rows = csv_rows(&out.join("patients.csv")).into_iter();
        (rows.map(|row| (row["EMIS number"].clone(), row)).collect(), out)
    }
}

fn line(n: u64) -> String {
    format!(
        "{n},{},\"PERSON {n}, A\",01-Jan-1980,{T104},1364731000000104,31-Oct-2022,\"KHAN, Kay (Ms)\"\n",
        number(n).digits()
    )
}

fn export(folder: &Folder) -> PathBuf {
    folder.file("export.csv", &format!("{H}\n{}", (1..=30).map(line).collect::<String>()))
}

fn problems(out: &Path, what: &str) -> Vec<HashMap<String, String>> {
    csv_rows(&out.join("problems.csv")).into_iter().filter(|p| p["Problem"].contains(what)).collect()
}

#[test]
fn the_registered_list_says_who_is_here() {
    let folder = Folder::new();
    let export = export(&folder);
    // 1 is gone; 40 is registered and has no code; 2 is known by the system's number only.
    let rows = (2..=40).filter(|n| *n < 31 || *n == 40).map(|n| {
        let nhs = if n == 2 { String::new() } else { number(n).digits() };
        format!("{nhs},{n},\"PERSON {n}, A\",01-Jan-1980,01-Feb-2015\n")
    });
    let list = folder.file(
        "list.csv",
        &format!("NHS Number,EMIS Number,Full Name,Date of Birth,Date of Registration\n{}", rows.collect::<String>()),
    );
    let (patients, out) = folder.report(&[arg(&export), "--registered", arg(&list)]);
    assert_eq!(patients.len(), 31);
    assert_eq!(patients["1"]["Status"], "not eligible");
    assert!(patients["1"]["Reasons"].contains("no longer registered"));
    assert_eq!(patients["2"]["Status"], "blocked");
    assert_eq!(patients["40"]["Status"], "no code");
    assert_eq!(problems(&out, "not on the registered list").len(), 1);
    let summary = json(&out.join("summary.json"));
    assert_eq!(summary["counts"]["eligible"], 30);
    assert_eq!(summary["files"][1]["purpose"], "registered list");
}

#[test]
fn a_registered_list_of_another_practice_makes_nobody_a_leaver() {
    let folder = Folder::new();
    let export = export(&folder);
    let rows: String = (500..540).map(|n| format!("{},{n},01-Jan-1980\n", number(n).digits())).collect();
    let list = folder.file("list.csv", &format!("NHS Number,EMIS Number,Date of Birth\n{rows}"));
    let (patients, out) = folder.report(&[arg(&export), "--registered", arg(&list)]);
    assert_eq!(patients["1"]["Status"], "blocked");
    assert_eq!(patients["1"]["Blockers"], "an unclear registration");
    assert_eq!(problems(&out, "fewer than half").len(), 1);
}

#[test]
fn whoever_is_on_the_safeguarding_register_is_decided_one_by_one() {
    let folder = Folder::new();
    let export = export(&folder);
    let register = folder.file(
        "register.csv",
        &format!("NHS number,Surname,Date of birth\n{},,\n{},,\n", number(7).digits(), number(900).digits()),
    );
    let (patients, out) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    assert_eq!(patients["7"]["Blockers"], "a safeguarding or risk marker");
    assert_eq!(patients["8"]["Blockers"], "");
    assert_eq!(patients.len(), 30, "a register adds nobody");
    let lost = problems(&out, "not in the export");
    assert_eq!((lost.len(), lost[0]["Row"].as_str()), (1, "3"));
    // The decision for a list of patients leaves that one out.
    let reason = |n: u64| if n == 7 { "" } else { "Record checked: no risk found" };
    let decisions: String = (1..=30).map(|n| format!("{},Add 106,Pat,{}\n", number(n).digits(), reason(n))).collect();
    let decisions = folder.file("decisions.csv", &format!("NHS number,Decision,Decided by,Reason\n{decisions}"));
    let (_, out) = folder.report(&[arg(&export), "--safeguarding", arg(&register), "--decisions", arg(&decisions)]);
    let bulk = std::fs::read_to_string(out.join("add-106-emis.txt")).expect("a list");
    assert!(!bulk.contains(&number(7).digits()) && bulk.contains(&number(8).digits()));
    assert!(!names(&out).contains(&"register-corrected.csv".to_owned()), "registers are not corrected");
}

#[test]
fn every_number_on_a_row_of_the_safeguarding_register_counts() {
    let folder = Folder::new();
    let export = export(&folder);
    let register = folder.file(
        "register.csv",
        &format!(
            "NHS number,Sibling,Remark\n{},{},with {}\n",
            number(7).digits(),
            number(8).digits(),
            number(9).digits()
        ),
    );
    let (patients, _) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    let marked = |n: &str| patients[n]["Blockers"].contains("marker");
    assert!(marked("7") && marked("8") && marked("9") && !marked("10"));
}

#[test]
fn a_code_on_a_list_counts_as_on_an_export() {
    let folder = Folder::new();
    let export = export(&folder);
    let t103 = "Online access to own health record declined by patient (situation)";
    let rows: String = (1..=30)
        .map(|n| {
            let code = if n == 7 { format!("{t103},1290331000000103,01-Jan-2023") } else { ",,".to_owned() };
            format!("{},{n},01-Jan-1980,{code}\n", number(n).digits())
        })
        .collect();
    let list =
        folder.file("list.csv", &format!("NHS Number,EMIS Number,Date of Birth,Code Term,SNOMED Code,Date\n{rows}"));
    for what in ["--registered", "--safeguarding"] {
        let (patients, _) = folder.report(&[arg(&export), what, arg(&list)]);
        assert!(patients["7"]["Blockers"].contains("103"), "{what}: {:?}", patients["7"]);
        assert!(!patients["8"]["Blockers"].contains("103"), "{what}");
    }
}

#[test]
fn a_code_on_a_register_without_nhs_numbers_counts_too() {
    let folder = Folder::new();
    let export = export(&folder);
    let t103 = "Online access to own health record declined by patient (situation)";
    let register =
        folder.file("register.csv", &format!("NHS Number,EMIS Number,Code Term,Date\n,7,{t103},01-Jan-2023\n,8,,\n"));
    let (patients, _) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    let blockers = |n: &str| patients[n]["Blockers"].clone();
    assert!(blockers("7").contains("marker") && blockers("7").contains("103"), "{}", blockers("7"));
    assert!(blockers("8").contains("marker") && !blockers("8").contains("103"));
}

#[test]
fn whoever_may_be_meant_on_a_register_is_marked() {
    let folder = Folder::new();
    let spaced = |n: u64, sign: &str| {
        let d = number(n).digits();
        format!("{}{sign}{}{sign}{}", &d[..3], &d[3..6], &d[6..])
    };
    // One number on two people, both of whom the register may mean.
    let twin = line(40).replace(&number(40).digits(), &number(5).digits()).replace("PERSON 40", "TWIN");
    let export = folder.file("export.csv", &format!("{H}\n{}{twin}", (1..=30).map(line).collect::<String>()));
    let register = folder.file(
        "register.csv",
        &format!(
            "NHS Number,Remark\n,see {}\n{},\n,and {}\n",
            spaced(9, "\u{2013}"),
            number(5).digits(),
            spaced(10, "  ")
        ),
    );
    let (patients, _) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    let marked = |n: &str| patients[n]["Blockers"].contains("marker");
    for n in ["9", "5", "40", "10"] {
        assert!(marked(n), "{n}");
    }
    assert!(!marked("6"));
}

#[test]
fn the_list_of_accounts_goes_before_what_the_export_says() {
    let folder = Folder::new();
    let rows: String = (1..=30).map(|n| format!("Live,Full record,{}", line(n))).collect();
    let export = folder.file("export.csv", &format!("Online Account Status,Access Level,{H}\n{rows}"));
    let accounts = folder.file(
        "accounts.csv",
        &format!(
            "NHS Number,Online Account Status\n{},Archived\n{},Archived\n{},Live\n",
            number(3).digits(),
            number(4).digits(),
            number(4).digits()
        ),
    );
    let decisions = folder.file(
        "decisions.csv",
        &format!("NHS number,Decision,Decided by,Reason\n{},Keep 104,Pat,\n", number(30).digits()),
    );
    let (_, out) = folder.report(&[arg(&export), "--accounts", arg(&accounts), "--decisions", arg(&decisions)]);
    let by_hand: Vec<String> =
        worklist(&out.join("access-by-hand.csv")).iter().map(|r| r["EMIS number"].clone()).collect();
    assert_eq!(by_hand.len(), 29);
    assert!(!by_hand.contains(&"3".to_owned()) && by_hand.contains(&"4".to_owned()));
}

#[test]
fn capitals_and_spaces_make_no_other_practice() {
    let folder = Folder::new();
    let spelt = ["Hill Lane Surgery", "HILL LANE SURGERY", "Hill  Lane Surgery "];
    let rows: String = (0..30)
        .map(|n| {
            format!(
                "{n},{},01-Jan-1980,{},{T104},31-Oct-2022\n",
                number(n).digits(),
                spelt[usize::try_from(n % 3).expect("small")]
            )
        })
        .collect();
    let export = folder.file("a.csv", &format!("EMIS Number,NHS Number,Date of Birth,Practice,Code Term,Date\n{rows}"));
    let (_, out) = folder.report(&[arg(&export)]);
    assert!(!names(&out).contains(&"practices.csv".to_owned()), "there is one");
}

#[test]
fn a_number_that_is_somebody_else_s_on_a_register_blocks() {
    let folder = Folder::new();
    let export = export(&folder);
    let register =
        folder.file("register.csv", &format!("NHS number,Date of birth\n{},02-Feb-1990\n", number(7).digits()));
    let (patients, _) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    assert!(patients["7"]["Blockers"].contains("NHS number on two people"));
}

#[test]
fn online_accounts_tell_who_has_to_be_edited_by_hand() {
    let folder = Folder::new();
    let export = export(&folder);
    let accounts = folder.file(
        "accounts.csv",
        &format!(
            "NHS Number,Online Account Status,Access Level\n{},Live,Appointments\n{},Live,Full record\n{},Archived,\n",
            number(3).digits(),
            number(4).digits(),
            number(5).digits()
        ),
    );
    let decisions = folder.file(
        "decisions.csv",
        &format!("NHS number,Decision,Decided by,Reason\n{},Add 106,Pat,Record checked\n", number(3).digits()),
    );
    let (_, out) = folder.report(&[arg(&export), "--accounts", arg(&accounts), "--decisions", arg(&decisions)]);
    let by_hand: Vec<String> =
        worklist(&out.join("access-by-hand.csv")).iter().map(|r| r["EMIS number"].clone()).collect();
    assert_eq!(by_hand, ["3", "4"]);
}

#[test]
fn each_practice_of_a_file_has_its_own_result() {
    let folder = Folder::new();
    let rows: String = (0..60)
        .map(|n| {
            let (practice, date) =
                if n % 2 == 0 { ("Riverbank Surgery", "31-Oct-2022") } else { ("Hill Lane", "16-Jan-2023") };
            format!("{n},{},01-Jan-1980,01-Jan-2015,{practice},{T104},{date},,\"KHAN, Kay (Ms)\"\n", number(n).digits())
        })
        .collect();
    let export = folder.file(
        "icb.csv",
        &format!("EMIS Number,NHS Number,Date of Birth,Date of Registration,Organisation Name,Code Term,Date,Associated Text,Full Name\n{rows}"),
    );
    let decisions: String = (0..3).map(|n| format!("{},Add 106,Pat,Record checked\n", number(n).digits())).collect();
    let decisions = folder.file("decisions.csv", &format!("NHS number,Decision,Decided by,Reason\n{decisions}"));
    let (_, out) = folder.report(&[arg(&export), "--decisions", arg(&decisions)]);
    // Each practice has its own clinical system, and its own list for it.
    let list = |name: &str| std::fs::read_to_string(out.join(name)).expect("a list");
    assert_eq!(
        list("add-106-emis-riverbank-surgery.txt"),
        format!("{}\r\n{}\r\n", number(0).digits(), number(2).digits())
    );
    assert_eq!(list("add-106-emis-hill-lane.txt"), format!("{}\r\n", number(1).digits()));
    assert!(!out.join("add-106-emis.txt").exists());
    assert!(list("what-to-do-next.html").contains("add-106-emis-hill-lane.txt (1 patient)"));
    assert_eq!(csv_rows(&out.join("patients.csv"))[1]["Practice"], "Hill Lane");
    let practices = csv_rows(&out.join("practices.csv"));
    let blocked: Vec<(&str, &str)> =
        practices.iter().map(|r| (r["Practice"].as_str(), r["blocked"].as_str())).collect();
    assert_eq!(blocked, [("Hill Lane", "30"), ("Riverbank Surgery", "30"), ("All", "60")]);
    let summary = json(&out.join("summary.json"));
    assert_eq!(summary["practices"][0]["counts"]["patients"], 30);
    let groups = csv_rows(&out.join("groups.csv"));
    assert_eq!(groups.len(), 2, "what is many is measured in each practice by itself");
    assert!(groups.iter().all(|g| g["Patients"] == "30" && g["Likelihood"] == "likely"), "{groups:?}");
    let whose: Vec<&str> = groups.iter().map(|g| g["Practice"].as_str()).collect();
    assert_eq!(whose, ["Hill Lane", "Riverbank Surgery"]);
    assert_eq!(summary["groups"][0]["practice"], "Hill Lane");
}

#[test]
fn two_practices_may_have_one_number_of_the_system() {
    let folder = Folder::new();
    let row = |n: u64, practice: &str| {
        format!("{},{},01-Jan-1980,{practice},{T104},31-Oct-2022\n", n % 10, number(n).digits())
    };
    let rows: String = (0..10).map(|n| row(n, "Riverbank Surgery") + &row(n + 10, "Hill Lane")).collect();
    let header = "EMIS Number,NHS Number,Date of Birth,Organisation Name,Code Term,Date\n";
    let export = folder.file("icb.csv", &format!("{header}{rows}"));
    let (_, out) = folder.report(&[arg(&export)]);
    assert!(problems(&out, "number in the system").is_empty());
    assert!(csv_rows(&out.join("patients.csv")).iter().all(|p| p["Blockers"].is_empty()));
    let register = folder.file("register.csv", "NHS Number,EMIS Number,Practice\n,3,Hill Lane\n,4,\n");
    let (_, out) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    let mut marked: Vec<String> = csv_rows(&out.join("patients.csv"))
        .iter()
        .filter(|p| p["Blockers"].contains("marker"))
        .map(|p| p["NHS number"].clone())
        .collect();
    marked.sort();
    // 13 by its practice; and both fours, since the register does not say which.
    assert_eq!(marked, [number(4).digits(), number(13).digits(), number(14).digits()]);
}

#[test]
fn a_register_may_be_bare_numbers_of_either_kind() {
    let folder = Folder::new();
    let export = export(&folder);
    for (name, text) in [
        ("numbers.txt", format!("{}\r\n{}\r\n", number(7), number(9).digits())),
        ("emis.csv", "EMIS Number,Surname\n7,\n9,\n".to_owned()),
        ("one column.csv", format!("NHS number\n{}\n{}\n", number(7).digits(), number(9).digits())),
    ] {
        let register = folder.file(name, &text);
        let (patients, out) = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
        let marked = patients.values().filter(|p| p["Blockers"].contains("marker")).count();
        assert_eq!((marked, patients["7"]["Blockers"].is_empty()), (2, false), "{name}");
        assert!(problems(&out, "not in the export").is_empty(), "{name}");
    }
}

#[test]
fn a_list_of_accounts_says_something_of_accounts() {
    let folder = Folder::new();
    let export = export(&folder);
    let list = folder.file("list.csv", &format!("NHS Number,Date of Birth\n{},01-Jan-1980\n", number(1).digits()));
    let out = folder.0.path().join("x");
    let (code, said) = outcome(&program(&["--report", arg(&export), "--accounts", arg(&list), "--out", arg(&out)]));
    assert_eq!(code, 3);
    assert!(said.contains("says nothing of online accounts") && said.contains("--map"), "{said}");
    assert!(!out.exists());
}

#[test]
fn how_many_of_a_list_are_not_in_the_export_is_said() {
    let folder = Folder::new();
    let export = export(&folder);
    let list = folder.file("list.csv", &format!("NHS Number\n{}\n{}\n", number(1).digits(), number(99).digits()));
    let out = folder.0.path().join("x");
    let done = program(&["--report", arg(&export), "--safeguarding", arg(&list), "--out", arg(&out)]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("list.csv: safeguarding register, 2 rows, 1 of them not in the export"), "{said}");
}

#[test]
fn lists_alone_are_no_export() {
    let folder = Folder::new();
    let list = folder.file("list.csv", "NHS Number,Date of Birth\n");
    let (code, said) = outcome(&program(&["--report", "--registered", arg(&list), "--out", "x"]));
    assert_eq!(code, 2);
    assert!(said.contains("need the export beside them"), "{said}");
}
