//! What comes from elsewhere: lists of decisions, registers, exports of other days and other
//! practices, and what a later run leaves beside the files of an earlier one. Each of these
//! once put somebody into the list for the bulk step who has no business there, or lost them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use record_access_review::app::case::{Origin, Settings, open};
use record_access_review::cohort::PatientId;
use record_access_review::domain::Day;
use record_access_review::extract::Progress;
use record_access_review::review::{Against, Choice, Decision, Made, Reviewer};

use crate::support::{arg, csv_rows, json, names, number, outcome, program, worklist};

pub const T103: &str = "Online access to own health record declined by patient (situation)";
pub const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";
const H: &str =
    "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,User Details' Full Name";

/// A folder of files, which is gone after the test.
pub struct Folder(pub tempfile::TempDir);

/// What a report came to.
pub struct Report {
    pub exit: i32,
    pub said: String,
    pub out: PathBuf,
}

impl Report {
    pub fn patients(&self) -> HashMap<String, HashMap<String, String>> {
        let rows = csv_rows(&self.out.join("patients.csv")).into_iter();
        rows.map(|row| (row["EMIS number"].clone(), row)).collect()
    }

    /// The numbers in a list for the bulk step.
    pub fn list(&self, name: &str) -> HashSet<String> {
        std::fs::read_to_string(self.out.join(name)).expect("a list").lines().map(str::to_owned).collect()
    }

    /// The sentences of the list of problems.
    fn problems(&self, what: &str) -> Vec<HashMap<String, String>> {
        let is_it = |p: &HashMap<String, String>| p["Problem"].contains(what) || p["What was done"].contains(what);
        csv_rows(&self.out.join("problems.csv")).into_iter().filter(is_it).collect()
    }
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    pub fn report_on(&self, today: &str, more: &[&str]) -> Report {
        let out = self.0.path().join(format!("out{}", names(self.0.path()).len()));
        let mut args = vec!["--report"];
        args.extend(more);
        args.extend(["--out", arg(&out), "--today", today]);
        let output = program(&args);
        let (exit, complaint) = outcome(&output);
        Report { exit, said: String::from_utf8_lossy(&output.stdout).into_owned() + &complaint, out }
    }

    pub fn report(&self, more: &[&str]) -> Report {
        self.report_on("2026-11-20", more)
    }
}

/// One patient, coded on a day.
pub fn line(n: u64, day: &str) -> String {
    format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015,{T104},{day},\"KHAN, Kay (Ms)\"\n", number(n).digits())
}

/// Thirty of them, coded in bulk, in an export of a day.
pub fn export(run: &str, more: &str) -> String {
    let bulk: String = (1..=30).map(|n| line(n, "31-Oct-2022")).collect();
    format!("Last Run,,,{run} 09:00,,,,\n{H}\n{bulk}{more}")
}

/// Patients whom only the NHS number, a name and a birth date tell apart; the seventh has
/// this number.
fn without_system_numbers(run: &str, seventh: u64) -> String {
    let line = |(n, initial): (u64, char)| {
        let nhs = number(if n == 7 { seventh } else { n }).digits();
        format!("{nhs},\"{initial}ELL, Jo\",{n:02}-Jan-1980,{T104},31-Oct-2022,\"KHAN, Kay (Ms)\"\n")
    };
    let rows: String = (1..=26).zip('A'..='Z').map(line).collect();
    format!(
        "Last Run,,,{run} 09:00,,\nNHS Number,Full Name,Date of Birth,Code Term,Date,User Details' Full Name\n{rows}"
    )
}

/// "Add 106" for these, with a reason that is offered for one.
fn add_106(numbers: impl Iterator<Item = u64>) -> String {
    let row = |n: u64| format!("{},Add 106,Pat Manager,Record checked: no risk found\n", number(n).digits());
    format!("NHS number,Decision,Decided by,Reason\n{}", numbers.map(row).collect::<String>())
}

/// A saved review of an export, made on a day: `choice` for some of its patients, by number.
pub fn saved_review(folder: &Folder, export: &Path, choice: Choice, who: &[u64]) -> PathBuf {
    let today = Day::from_ymd(2026, 11, 20).expect("a day");
    let case = open(&Origin::exports([export.to_path_buf()]), &Settings::on(today), &Progress::default());
    let case = case.unwrap_or_else(|e| panic!("{e}"));
    let (by, now) = (Reviewer { name: "Pat Manager".into(), role: String::new() }, today.date().and_hms_opt(15, 0, 0));
    let now = now.expect("a time");
    let mut review = case.new_review(&by, now);
    let reason = "Record checked".to_owned();
    let decision = Decision { choice, by, at: now, reason, made: Made::Alone, despite: Against::default() };
    let ids: Vec<PatientId> = case
        .cohort
        .iter()
        .filter(|(_, p)| who.iter().any(|n| p.usable_number() == Some(number(*n))))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(ids.len(), who.len());
    review.record(&ids, &decision);
    folder.file("review.json", case.review_file(&review, now).to_json().expect("JSON"))
}

#[test]
fn a_104_that_came_since_is_decided_again_whatever_its_date() {
    let folder = Folder::new();
    // Somebody in it has two 104s: the export holds earlier ones too.
    let twice = line(40, "01-Feb-2024") + &line(40, "01-Mar-2024");
    let before = folder.file("before.csv", export("20/11/2026", &twice));
    let review = saved_review(&folder, &before, Choice::Add106, &[1, 2, 3, 4, 5]);
    // 1: on the day of the first export; 2: dated back, behind the bulk day; 3: twice on the bulk
    // day now, the second of them by somebody else; 5: dated back, before the bulk day.
    let more = line(1, "20-Nov-2026")
        + &line(2, "01-Mar-2024").replace("KHAN, Kay (Ms)", "LEE, Jo (Dr)")
        + &line(3, "31-Oct-2022").replace("KHAN, Kay (Ms)", "LEE, Jo (Dr)")
        + &line(5, "01-Mar-2021").replace("KHAN, Kay (Ms)", "LEE, Jo (Dr)");
    let after = folder.file("after.csv", export("25/11/2026", &(twice + &more)));
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
    assert_eq!(report.list("add-106-emis.txt"), HashSet::from([number(4).digits()]), "{}", report.said);
    let result: HashMap<String, String> = worklist(&report.out.join("check-result.csv"))
        .into_iter()
        .map(|row| (row["NHS number"].clone(), row["Result"].clone()))
        .collect();
    for n in [1, 2, 3, 5] {
        assert_eq!(result[&number(n).digits()], "104 again", "{n}");
    }
}

#[test]
fn a_clock_that_is_behind_lets_no_later_code_through() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    // Decided in the afternoon; the report counts as of that day's morning.
    let review = saved_review(&folder, &before, Choice::Add106, &[1, 2]);
    let more = line(1, "19-Nov-2026").replace("KHAN, Kay (Ms)", "LEE, Jo (Dr)");
    let after = folder.file("after.csv", export("20/11/2026", &more));
    let report = folder.report(&[arg(&after), "--decisions", arg(&review)]);
    assert_eq!(report.list("add-106-emis.txt"), HashSet::from([number(2).digits()]), "{}", report.said);
}

#[test]
fn who_is_kept_stays_kept_under_another_nhs_number() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    let kept = saved_review(&folder, &before, Choice::Keep104, &[7]);
    let renumbered = |text: String| text.replace(&number(7).digits(), &number(707).digits());
    let after = folder.file("after.csv", renumbered(export("25/11/2026", "")));
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&kept)]);
    assert_eq!(report.patients()["7"]["Decision"], "Keep 104", "{}", report.said);
    // A 106 is no such thing: who that is now, somebody has to say.
    let given = saved_review(&folder, &before, Choice::Add106, &[7]);
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&given)]);
    assert_eq!(report.patients()["7"]["Decision"], "", "{}", report.said);
    // Without a number of the system, by name and birth date.
    let old = folder.file("old.csv", without_system_numbers("20/11/2026", 7));
    let new = folder.file("new.csv", without_system_numbers("25/11/2026", 707));
    let kept = saved_review(&folder, &old, Choice::Keep104, &[7]);
    let report = folder.report_on("2026-11-25", &[arg(&new), "--decisions", arg(&kept)]);
    let rows = csv_rows(&report.out.join("patients.csv"));
    let decided: Vec<&HashMap<String, String>> = rows.iter().filter(|p| p["Decision"] == "Keep 104").collect();
    assert!(decided.len() == 1 && decided[0]["NHS number"] == number(707).digits(), "{}", report.said);
    // Two exports side by side, in which one person has two numbers.
    let report = folder.report_on("2026-11-25", &[arg(&before), arg(&after)]);
    assert_eq!(report.problems("stands with two NHS numbers").len(), 2);
    let blockers: Vec<String> = csv_rows(&report.out.join("patients.csv"))
        .iter()
        .filter(|p| p["EMIS number"] == "7")
        .map(|p| p["Blockers"].clone())
        .collect();
    assert!(blockers.len() == 2 && blockers.iter().all(|b| b.contains("NHS number on two people")), "{blockers:?}");
}

#[test]
fn a_review_of_other_people_says_so() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", &line(40, "31-Oct-2022")));
    let review = saved_review(&folder, &before, Choice::Add106, &[40]);
    let others: String = (40..=70).map(|n| line(n, "31-Oct-2022")).collect();
    let other = folder.file("other.csv", format!("{H}\n{others}"));
    let report = folder.report_on("2026-11-25", &[arg(&other), "--decisions", arg(&review)]);
    assert!(report.said.contains("Only 1 of the 31 patients of this review are in the export"), "{}", report.said);
}

#[test]
fn nothing_can_be_cut_off_the_end_of_a_saved_review() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    let review = saved_review(&folder, &before, Choice::Add106, &[1, 2]);
    let mut value = json(&review);
    let events = value["events"].as_array_mut().expect("events");
    events.pop();
    std::fs::write(&review, value.to_string()).expect("written");
    let report = folder.report(&[arg(&before), "--decisions", arg(&review)]);
    assert!(report.said.contains("changed outside this program, from event 2"), "{}", report.said);
    assert!(report.list("add-106-emis.txt").is_empty());
}

#[test]
fn a_list_given_back_on_a_newer_export_knows_nothing_of_later_codes() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    let decisions = folder.file("d.csv", add_106(1..=3));
    let first = folder.report(&[arg(&before), "--decisions", arg(&decisions)]);
    let after = folder.file("after.csv", export("25/11/2026", &line(2, "20-Nov-2026")));
    let own = first.out.join("patients.csv");
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&own)]);
    assert_eq!(report.list("add-106-emis.txt"), HashSet::from([number(1).digits(), number(3).digits()]));
    assert_eq!(report.problems("given a code after this was decided").len(), 1);
    assert_eq!(report.patients()["1"]["Decided on"], "20-Nov-2026", "the day on which it was decided stays");
}

#[test]
fn one_reason_for_many_is_no_reason_against_a_blocker() {
    let folder = Folder::new();
    let noted = line(30, "31-Oct-2022");
    let more: String = (100..200).map(|n| line(n, "31-Oct-2022")).collect();
    let text =
        export("20/11/2026", &more).replace(&noted, &noted.replace(T104, &format!("{T104} - at risk: see letter")));
    let export = folder.file("a.csv", text);
    let rows: String = (1..=30)
        .map(|n| format!("{},Add 106,Pat,Nothing found that speaks against it\n", number(n).digits()))
        .collect();
    let filled_down = folder.file("d.csv", format!("NHS number,Decision,Decided by,Reason\n{rows}"));
    let report = folder.report(&[arg(&export), "--decisions", arg(&filled_down)]);
    assert_eq!(report.list("add-106-emis.txt").len(), 29, "{}", report.said);
    assert_eq!(report.problems("same reason stands on many rows").len(), 1);
    // With a reason of their own it is taken, and said.
    let own = rows.replace(
        &format!("{},Add 106,Pat,Nothing", number(30).digits()),
        &format!("{},Add 106,Pat,Seen with her: nothing", number(30).digits()),
    );
    let own = folder.file("own.csv", format!("NHS number,Decision,Decided by,Reason\n{own}"));
    let report = folder.report(&[arg(&export), "--decisions", arg(&own)]);
    assert_eq!(report.list("add-106-emis.txt").len(), 30);
    assert!(report.said.contains("1 patient in the list for the 106 although something speaks against it"));
}

#[test]
fn a_list_that_can_be_read_in_two_ways_is_refused_or_its_row_is() {
    let folder = Folder::new();
    let export = folder.file("a.csv", export("20/11/2026", ""));
    let (one, two) = (number(1).digits(), number(2).digits());
    for (list, why) in [
        (
            format!("NHS number,Decision,Decision,Decided by,Reason\n{one},Add 106,Keep 104,Pat,seen\n"),
            "two columns for",
        ),
        (
            format!(
                "NHS number,Decision,Decided by,Reason\n{one},Add 106,Pat,\"seen\n{two},Keep 104,Pat,\"at risk\"\n"
            ),
            "quotation mark in row 2 is not closed",
        ),
    ] {
        let list = folder.file("d.csv", list);
        let report = folder.report(&[arg(&export), "--decisions", arg(&list)]);
        assert!(report.exit == 2 && report.said.contains(why), "{}", report.said);
        assert!(!report.out.exists(), "nothing is saved");
    }
    for (list, why) in [
        (
            format!("NHS number,Decision,Decided by,Reason\n{one},Add 106,Smith, J (Dr),seen\n"),
            "more cells than the header",
        ),
        (format!("NHS number,Decision,Decided by,Reason\n{two},Add 106,Pat,seen\n{one},Add 106,Pa"), "ends early"),
    ] {
        let list = folder.file("d.csv", list);
        let report = folder.report(&[arg(&export), "--decisions", arg(&list)]);
        assert!(!report.list("add-106-emis.txt").contains(&one));
        assert_eq!(report.problems(why).len(), 1, "{}", report.said);
    }
    // As a spreadsheet saves it: in UTF-16, and in Windows-1252.
    let text = format!("NHS number\tDecision\tDecided by\tReason\r\n{one}\tAdd 106\tRenée\tseen\r\n");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let ansi: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    for bytes in [utf16, ansi] {
        let list = folder.file("d.csv", bytes);
        let report = folder.report(&[arg(&export), "--decisions", arg(&list)]);
        assert_eq!(report.patients()["1"]["Decided by"], "Renée", "{}", report.said);
    }
}

#[test]
fn a_row_that_names_nobody_says_why() {
    let folder = Folder::new();
    let twice = line(30, "31-Oct-2022").replace("01-Jan-1980", "02-Feb-1990").replace("30,", "31,");
    let export = folder.file("a.csv", export("20/11/2026", &twice));
    let rows =
        [number(30).digits(), "9.99E+09".to_owned(), number(99).digits()].map(|n| format!("{n},Add 106,Pat,seen\n"));
    let list = folder.file("d.csv", format!("NHS number,Decision,Decided by,Reason\n{}", rows.concat()));
    let report = folder.report(&[arg(&export), "--decisions", arg(&list)]);
    for why in ["stands on two people in the files", "No valid NHS number stands in this row", "is not in the export"] {
        assert_eq!(report.problems(why).len(), 1, "{why}: {}", report.said);
    }
}

#[test]
fn a_103_that_does_not_count_stands_against_a_106_all_the_same() {
    let folder = Folder::new();
    let declined = |n: u64, day: &str| line(n, day).replace(T104, T103);
    let export = folder.file("a.csv", export("20/11/2026", &(declined(1, "") + &declined(2, "01-Dec-2026"))));
    let decisions = folder.file("d.csv", add_106(1..=3));
    let report = folder.report(&[arg(&export), "--decisions", arg(&decisions)]);
    assert_eq!(report.list("add-106-emis.txt"), HashSet::from([number(3).digits()]));
    assert_eq!(report.problems("may have declined").len(), 2, "{}", report.said);
}

#[test]
fn notes_on_lists_beside_the_export_are_about_their_people() {
    let folder = Folder::new();
    let export = folder.file("a.csv", export("20/11/2026", ""));
    for (option, caption, says) in
        [("--registered", "Date of registration", "05-May-2010"), ("--accounts", "Online account status", "Active")]
    {
        let rows: String = (1..=30)
            .map(|n| format!("{},{says},{}\n", number(n).digits(), if n == 5 { "child protection plan" } else { "" }))
            .collect();
        let list = folder.file("list.csv", format!("NHS number,{caption},Comment\n{rows}"));
        let report = folder.report(&[arg(&export), option, arg(&list)]);
        assert!(report.patients()["5"]["Blockers"].contains("marker"), "{option}: {}", report.said);
        assert_eq!(report.patients()["6"]["Blockers"], "");
    }
}

#[test]
fn a_register_means_whom_it_can_only_mean() {
    let folder = Folder::new();
    let export = folder.file("a.csv", export("20/11/2026", ""));
    // Another spelling, with the number of the system and the birth date.
    let register = folder.file(
        "r.csv",
        "EMIS Number,Full Name,Date of Birth\n7,\"PERSON 7, A B\",01-Jan-1980\n8,\"PERSON 8, A\",02-Jan-1980\n",
    );
    let report = folder.report(&[arg(&export), "--safeguarding", arg(&register)]);
    assert!(report.patients()["7"]["Blockers"].contains("marker"), "{}", report.said);
    // Three rows that a spreadsheet has damaged are three people, each to be looked up.
    let damaged = folder.file("d.csv", "NHS number,Reason\n9.99E+09,plan\n9.99E+09,plan\n9.99E+09,plan\n");
    let report = folder.report(&[arg(&export), "--safeguarding", arg(&damaged)]);
    assert_eq!(report.problems("not in the export").len(), 3, "{}", report.said);
    assert!(report.said.contains("Hardly anybody on a list beside the export"), "{}", report.said);
}

#[test]
fn whoever_left_or_came_back_is_known_by_the_later_registration() {
    let folder = Folder::new();
    let date_of_leaving = |n: u64| if n == 3 { "01-Feb-2026" } else { "" };
    let rows: String =
        (1..=30).map(|n| format!("{},05-May-2010,{}\n", number(n).digits(), date_of_leaving(n))).collect();
    let export_now = folder.file("a.csv", export("20/11/2026", ""));
    let list = folder.file("list.csv", format!("NHS number,Date of registration,Date of leaving\n{rows}"));
    let report = folder.report(&[arg(&export_now), "--registered", arg(&list)]);
    assert_eq!(report.patients()["3"]["Status"], "not eligible");
    // Deducted in an old export, and registered again since.
    let with_status = |text: String, status: &str| -> String {
        let status = |(place, row): (usize, &str)| {
            format!(
                "{row},{}\n",
                match place {
                    0 => "",
                    1 => "Registration Status",
                    _ => status,
                }
            )
        };
        text.lines().enumerate().map(status).collect()
    };
    let old = folder.file("old.csv", with_status(export("20/11/2024", ""), "Deducted"));
    let again = export("20/11/2026", "").replace("01-Jan-2015", "01-Feb-2025");
    let new = folder.file("new.csv", with_status(again, "Currently registered"));
    for order in [[&old, &new], [&new, &old]] {
        let report = folder.report(&[arg(order[0]), arg(order[1])]);
        assert_eq!(report.patients()["3"]["Status"], "blocked", "{}", report.said);
    }
}

#[test]
fn each_practice_has_the_list_of_those_who_are_its_patients_now() {
    let folder = Folder::new();
    let of = |practice: &str, people: std::ops::RangeInclusive<u64>, more: &str| {
        let rows: String = people.map(|n| line(n, "31-Oct-2022")).collect();
        format!("Organisation,,,{practice},,,,\n{H}\n{rows}{more}")
    };
    let moved = |day: &str| line(99, "31-Oct-2022").replace("01-Jan-2015", day);
    let hill = folder.file("a.csv", of("Hill Surgery", 1..=30, &moved("01-Jan-2015")));
    let dale = folder.file("b.csv", of("Dale Surgery", 31..=60, &moved("01-Feb-2025")));
    let decisions = folder.file("d.csv", add_106((1..=60).chain([99])));
    for order in [[&hill, &dale], [&dale, &hill]] {
        let report = folder.report(&[arg(order[0]), arg(order[1]), "--decisions", arg(&decisions)]);
        let (of_hill, of_dale) =
            (report.list("add-106-emis-hill-surgery.txt"), report.list("add-106-emis-dale-surgery.txt"));
        assert_eq!((of_hill.len(), of_dale.len()), (30, 31), "{}", report.said);
        assert!(of_dale.contains(&number(99).digits()));
    }
    // Names that come to the same letters are lists of their own.
    let same = |practice: &str, people| of(practice, people, "");
    let files: Vec<PathBuf> = ["Surgery É", "Surgery 3", "Surgery Ø"]
        .into_iter()
        .zip([1..=20, 21..=40, 41..=60])
        .map(|(name, people)| folder.file(&format!("{}.csv", people.start()), same(name, people)))
        .collect();
    let decisions = folder.file("d.csv", add_106(1..=60));
    let args: Vec<&str> = files.iter().map(|f| arg(f)).chain(["--decisions", arg(&decisions)]).collect();
    let report = folder.report(&args);
    let lists: Vec<String> = names(&report.out).into_iter().filter(|name| name.starts_with("add-106")).collect();
    let listed: usize = lists.iter().map(|name| report.list(name).len()).sum();
    assert_eq!((lists.len(), listed), (3, 60), "{lists:?}");
}

#[test]
fn exports_of_two_systems_are_not_put_together() {
    let folder = Folder::new();
    let emis = folder.file("emis.csv", export("20/11/2026", ""));
    let rows: String = (41..=60)
        .map(|n| format!("{},A,TEST,01 Jan 1980,31 Oct 2022,{T104},Mrs A Admin,1\n", number(n).digits()))
        .collect();
    let systmone = folder.file(
        "tpp.csv",
        format!(
            "NHS number,First name,Surname,Date of birth,Event date,Event details,Event done by,Patient Count\n{rows}"
        ),
    );
    let report = folder.report(&[arg(&emis), arg(&systmone)]);
    assert_eq!(report.exit, 3);
    assert!(report.said.contains("emis.csv is of EMIS Web, and tpp.csv of SystmOne"), "{}", report.said);
    assert_eq!(folder.report(&[arg(&emis), arg(&systmone), "--system", "emis"]).exit, 0);
}

#[test]
fn an_old_export_and_a_day_to_come_are_said() {
    let folder = Folder::new();
    let old = folder.file("old.csv", export("01/06/2024", ""));
    let report = folder.report(&[arg(&old)]);
    assert!(report.said.contains("The export is of 1 June 2024, 902 days ago"), "{}", report.said);
    let new = folder.file("new.csv", export("20/11/2026", ""));
    assert!(!folder.report(&[arg(&new)]).said.contains("days ago"));
    let ahead = folder.report_on("2199-11-20", &[arg(&new)]);
    assert!(ahead.said.contains("which is still to come"), "{}", ahead.said);
    // Half of the practice is not on the list: that is told, and not taken as it comes.
    let rows: String = (1..=18).map(|n| format!("{},05-May-2010\n", number(n).digits())).collect();
    let list = folder.file("list.csv", format!("NHS number,Date of registration\n{rows}"));
    let report = folder.report(&[arg(&new), "--registered", arg(&list)]);
    assert!(report.said.contains("12 of 30 patients are not on the registered list"), "{}", report.said);
}

#[test]
fn an_audit_knows_its_lists_and_has_nothing_twice() {
    let folder = Folder::new();
    let export = folder.file("a.csv", export("20/11/2026", ""));
    let decisions = folder.file("d.csv", add_106(1..=3));
    let report = folder.report(&[arg(&export), "--decisions", arg(&decisions)]);
    let audit = report.out.join("audit.json");
    assert_eq!(outcome(&program(&["--verify", arg(&audit)])).0, 0);
    let list = report.out.join("add-106-emis.txt");
    let as_saved = std::fs::read(&list).expect("read");
    std::fs::write(&list, [&as_saved[..], number(4).digits().as_bytes(), b"\r\n"].concat()).expect("written");
    let (exit, said) = outcome(&program(&["--verify", arg(&audit)]));
    assert!(exit == 3 && said.contains("a list is not as saved: add-106-emis.txt"), "{said}");
    std::fs::write(&list, as_saved).expect("written");
    // The report of another saving, and none.
    let page = report.out.join("report.html");
    let as_saved = std::fs::read_to_string(&page).expect("read");
    let hash = json(&audit)["last_hash"].as_str().expect("a hash").to_owned();
    std::fs::write(&page, as_saved.replace(&hash, &"0".repeat(hash.len()))).expect("written");
    let (exit, said) = outcome(&program(&["--verify", arg(&audit)]));
    assert!(exit == 3 && said.contains("bears another hash"), "{said}");
    std::fs::remove_file(&page).expect("removed");
    assert_eq!(outcome(&program(&["--verify", arg(&audit)])).0, 0);
    let text = std::fs::read_to_string(&audit).expect("read");
    std::fs::write(&audit, text.replacen("\"what\":", "\"what\": \"NOTHING WAS DECIDED\", \"what\":", 1))
        .expect("written");
    let (exit, said) = outcome(&program(&["--verify", arg(&audit)]));
    assert!(exit == 3 && said.contains("stands in it twice"), "{said}");
}

#[test]
fn a_name_is_no_formula_in_the_corrected_copy() {
    let folder = Folder::new();
    let export = folder.file("a.csv", export("20/11/2026", ""));
    let list = format!(
        "NHS number,Decision,Decided by,Reason\n{},Add 106,\"=HYPERLINK(\"\"x\"\")\",seen\n",
        number(1).digits()
    );
    let list = folder.file("d.csv", list);
    let report = folder.report(&[arg(&export), "--decisions", arg(&list)]);
    let copy = std::fs::read_to_string(report.out.join("a-corrected.csv")).expect("a copy");
    assert!(copy.contains("'=HYPERLINK") && !copy.contains(",\"=HYPERLINK"), "{}", report.said);
}
