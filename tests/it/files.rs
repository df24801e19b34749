//! Files beyond the one export, in the window: columns that are not clear, further lists,
//! own codes, month-first dates, workbooks.

use std::path::{Path, PathBuf};

use record_access_review::domain::Status;
use record_access_review::extract::Purpose;
use record_access_review::platform::dialogs::Question;
use record_access_review::review::{Blocker, blockers};

use crate::journey::{Window, name_reviewer, window, window_with_settings};
use crate::support::number;

const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

fn export(folder: &Path) -> PathBuf {
    let row = |n: u64| {
        let who = format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015", number(n).digits());
        format!("{who},{T104},31-Oct-2022,,\"KHAN, Kay (Ms)\"\n")
    };
    let rows: String = (1..=30).map(row).collect();
    let header = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,Associated Text,User Details' Full Name";
    write(folder, "export.csv", &format!("{header}\n{rows}"))
}

/// An export of which nobody can tell whose numbers the first two columns hold.
fn two_numbers(folder: &Path) -> PathBuf {
    let row = |n: u64| format!("{},{},01-Jan-1980,{T104},31-Oct-2022\n", number(n).digits(), number(n + 100).digits());
    let rows: String = (1..9).map(row).collect();
    write(folder, "a.csv", &format!("Patient ref,Carer ref,Date of Birth,Code Term,Date\n{rows}"))
}

fn patients(window: &Window) -> usize {
    window.state().model().case.as_ref().map_or(0, |c| c.cohort.counts.patients)
}

#[test]
fn columns_that_are_not_clear_are_settled_in_a_panel_and_remembered() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = two_numbers(dir.path());
    let settings = dir.path().join("profile/settings.json");

    let mut window = window_with_settings(&settings, Vec::new());
    window.drop_file(&file);
    window.sees("Which column is what?");
    window.sees("column 1 (Patient ref) or column 2 (Carer ref)");
    // The panel can be closed, and is found again.
    window.click("Cancel");
    window.click("Say which column is what…");
    // Neither is proposed.
    window.sees("No column is the NHS number yet.");
    window.pick("What column 2 holds: Carer ref", "NHS number");
    window.click("Read with these columns");
    window.sees("eligible patients are blocked");
    let case = window.state().model().case.clone().expect("open");
    assert_eq!(case.cohort.patients[0].usable_number(), Some(number(101)));

    // Another day, the same kind of file: nothing is asked.
    let mut again = window_with_settings(&settings, Vec::new());
    again.drop_file(&file);
    again.sees("eligible patients are blocked");
    let kept = std::fs::read_to_string(&settings).expect("kept");
    // What was said is shown, and is not lost by saying it again.
    again.key(egui::Modifiers::COMMAND, egui::Key::Num1);
    again.sees("as you said before, for files with this header");
    again.click("Change columns…");
    again.click("Read with these columns");
    let case = again.state().model().case.clone().expect("open");
    assert_eq!(case.cohort.patients[0].usable_number(), Some(number(101)));
    assert!(!kept.contains(&number(1).digits()) && !kept.contains("a.csv"), "no patient and no file name is kept");
}

#[test]
fn the_panel_is_used_with_the_keyboard() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = two_numbers(dir.path());
    let mut window = window(None, Vec::new());
    window.drop_file(&file);
    window.pick_by_keys("What column 1 holds: Patient ref", 2);
    let chosen = |window: &Window| match &window.state().model().dialog {
        Some(record_access_review::app::Dialog::Columns { roles, .. }) => {
            roles[0].map(record_access_review::extract::Role::name)
        }
        _ => panic!("the panel is closed"),
    };
    assert_eq!(chosen(&window), Some("NHS number"));
    // Escape closes the list first, and the panel only then.
    window.key(egui::Modifiers::NONE, egui::Key::Enter);
    window.key(egui::Modifiers::NONE, egui::Key::Escape);
    assert_eq!(chosen(&window), Some("NHS number"));
    window.key(egui::Modifiers::NONE, egui::Key::Escape);
    assert!(window.state().model().dialog.is_none());
}

#[test]
fn a_register_is_added_and_decisions_are_checked_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let register = write(dir.path(), "register.csv", &format!("NHS number\n{}\n", number(7).digits()));
    let answers = vec![(Question::AddFile(Purpose::Safeguarding), vec![register])];
    let mut window = window(None, answers);
    window.drop_file(&export(dir.path()));
    name_reviewer(&mut window);
    // All thirty are decided before anybody thinks of the register.
    window.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    window.key(egui::Modifiers::COMMAND, egui::Key::D);
    window.choose("Add 106");
    window.click("Added in bulk, nobody had looked");
    window.type_into("Number of patients", "30");
    window.click("Add 106 for 30 patients");
    assert_eq!(window.state().model().review.decided(), 30);
    window.key(egui::Modifiers::COMMAND, egui::Key::Num1);
    window.click("Add a safeguarding register…");
    let model = window.state().model();
    let case = model.case.clone().expect("open");
    assert_eq!(case.files.len(), 2);
    assert_eq!(model.review.decided(), 29, "the one on the register is open again");
    let marked = record_access_review::cohort::PatientId(6);
    assert!(blockers(&case.cohort, &case.findings, marked).has(Blocker::Marker));
    assert!(model.notice.as_ref().is_some_and(|n| n.text.contains("1 decision could not be restored")));
}

#[test]
fn a_list_that_cannot_be_read_does_not_stand_in_the_way() {
    let dir = tempfile::tempdir().expect("a folder");
    let picture = write(dir.path(), "register.pdf", "%PDF-1.7 and so on");
    let register = write(dir.path(), "register.csv", &format!("NHS number\n{}\n", number(7).digits()));
    let add = Question::AddFile(Purpose::Safeguarding);
    let mut window = window(None, vec![(add.clone(), vec![picture]), (add, vec![register])]);
    window.drop_file(&export(dir.path()));
    window.key(egui::Modifiers::COMMAND, egui::Key::Num1);
    window.click("Add a safeguarding register…");
    window.sees("register.pdf: This is a PDF, not a patient export");
    assert_eq!(patients(&window), 30, "what was open is open");
    window.click("Add a safeguarding register…");
    let files = window.state().model().case.as_ref().map_or(0, |c| c.files.len());
    assert_eq!(files, 2);
}

#[test]
fn decisions_are_never_carried_into_another_export() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut window = window(None, Vec::new());
    window.drop_file(&export(dir.path()));
    name_reviewer(&mut window);
    window.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    window.key(egui::Modifiers::COMMAND, egui::Key::D);
    window.choose("Keep 104");
    window.click("Each was looked at, and is at risk");
    window.type_into("Number of patients", "30");
    window.click("Keep 104 for 30 patients");
    assert_eq!(window.state().model().review.decided(), 30);
    // The same patients in another file, whose columns have to be settled first.
    window.drop_file(&two_numbers(dir.path()));
    window.click("Discard the decisions");
    window.pick("What column 1 holds: Patient ref", "NHS number");
    window.click("Read with these columns");
    let model = window.state().model();
    assert_eq!((patients(&window), model.review.decided()), (8, 0));
}

#[test]
fn the_panel_shows_the_file_that_it_is_about() {
    let dir = tempfile::tempdir().expect("a folder");
    let (north, south) = (dir.path().join("north"), dir.path().join("south"));
    std::fs::create_dir_all(&north).expect("made");
    std::fs::create_dir_all(&south).expect("made");
    let good = export(&north);
    let good = {
        let to = north.join("a.csv");
        std::fs::rename(good, &to).expect("renamed");
        to
    };
    let unsure = two_numbers(&south);
    let mut window = window(None, vec![(Question::OpenExports, vec![good, unsure.clone()])]);
    window.key(egui::Modifiers::COMMAND, egui::Key::O);
    let shown = match &window.state().model().dialog {
        Some(record_access_review::app::Dialog::Columns { path, .. }) => path.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown, unsure);
}

#[test]
fn settings_that_cannot_be_read_are_named_and_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = dir.path().join("settings.json");
    std::fs::write(&settings, "{\"aliases\": [{").expect("written");
    let mut window = window_with_settings(&settings, Vec::new());
    window.sees("What was remembered (own codes, columns) cannot be read");
    window.drop_file(&two_numbers(dir.path()));
    window.pick("What column 1 holds: Patient ref", "NHS number");
    window.click("Read with these columns");
    assert_eq!(std::fs::read_to_string(&settings).expect("there"), "{\"aliases\": [{");
}

#[test]
fn own_codes_count_once_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows: String = (1..4).map(|n| format!("{},01-Jan-1980,Y3a1b,31-Oct-2022\n", number(n).digits())).collect();
    let file = write(dir.path(), "a.csv", &format!("NHS Number,Date of Birth,Code,Date\n{rows}"));
    let mut window = window(None, Vec::new());
    window.drop_file(&file);
    assert_eq!(window.status_of(0), Status::NoCode);
    window.key(egui::Modifiers::COMMAND, egui::Key::Num1);
    window.click("Own codes…");
    window.type_into("Own code or name 1", "Y3a1b");
    window.click("Use these codes");
    assert_eq!((window.status_of(0), patients(&window)), (Status::Blocked, 3));
}

#[test]
fn month_first_dates_are_confirmed_with_one_click() {
    let dir = tempfile::tempdir().expect("a folder");
    let row = |n: u64, date: &str| format!("{},01-Jan-1980,{T104},{date}\n", number(n).digits());
    let text = format!("NHS Number,Date of Birth,Code Term,Date\n{}{}", row(1, "10/28/2022"), row(2, "03/06/2023"));
    let mut window = window(None, Vec::new());
    window.drop_file(&write(dir.path(), "a.csv", &text));
    assert_eq!(window.status_of(1), Status::NoCode);
    window.sees("The figures are too low");
    window.click("These dates are month first: read them so");
    assert_eq!((window.status_of(0), window.status_of(1)), (Status::Blocked, Status::Blocked));
}

#[test]
fn a_workbook_is_dropped_like_any_export() {
    let mut window = window(None, Vec::new());
    window.drop_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/book.xlsx"));
    assert_eq!(patients(&window), 6);
    window.key(egui::Modifiers::COMMAND, egui::Key::Num1);
    window.sees("Workbook, sheet");
}
