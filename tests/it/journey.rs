//! The main job through the real window, driven by what a screen reader sees.

use std::path::{Path, PathBuf};

use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use record_access_review::app::case::Origin;
use record_access_review::app::{Dialog, Runner, Screen};
use record_access_review::cohort::{Patient, PatientId};
use record_access_review::domain::Status;
use record_access_review::extract::System;
use record_access_review::platform::clock::FixedClock;
use record_access_review::platform::dialogs::{Answer, Question, ScriptedDialogs};
use record_access_review::review::{Blocker, Choice, blockers};
use record_access_review::ui::Program;

use crate::support::{names, sample_file, today};

/// The program in a window without a screen.
pub struct Window(Harness<'static, Program>);

/// How a window is started.
pub struct Start {
    size: [f32; 2],
    settings: Option<PathBuf>,
    recovery: Option<PathBuf>,
    days_later: i32,
}

const PLAIN: Start = Start { size: [1366.0, 768.0], settings: None, recovery: None, days_later: 0 };

/// Starts the program, with answers for its file dialogs.
pub fn window(origin: Option<Origin>, answers: Vec<(Question, Answer)>) -> Window {
    start(origin, answers, PLAIN)
}

/// The same, with its settings in a file.
pub fn window_with_settings(settings: &Path, answers: Vec<(Question, Answer)>) -> Window {
    start(None, answers, Start { settings: Some(settings.to_owned()), ..PLAIN })
}

/// The same, with recovery journals in a folder.
pub fn window_with_recovery(folder: &Path, answers: Vec<(Question, Answer)>) -> Window {
    start(None, answers, Start { recovery: Some(folder.to_owned()), ..PLAIN })
}

/// The same, some days later.
pub fn window_later(days_later: i32, origin: Option<Origin>, answers: Vec<(Question, Answer)>) -> Window {
    start(origin, answers, Start { days_later, ..PLAIN })
}

fn sized_window(origin: Option<Origin>, answers: Vec<(Question, Answer)>, size: [f32; 2]) -> Window {
    start(origin, answers, Start { size, ..PLAIN })
}

fn start(origin: Option<Origin>, answers: Vec<(Question, Answer)>, start: Start) -> Window {
    let Start { size, settings, recovery, days_later } = start;
    let now = today().plus(days_later).date().and_hms_opt(9, 12, 0).expect("a time");
    let harness =
        Harness::builder().with_size(size).with_theme(egui::Theme::Light).with_max_steps(40).build_eframe(move |cc| {
            Program::new(
                &cc.egui_ctx,
                origin,
                Box::new(FixedClock(now)),
                Box::new(ScriptedDialogs::new(answers)),
                Runner::AtOnce,
            )
            .with_settings(settings)
            .with_recovery(recovery)
        });
    let mut window = Window(harness);
    window.settle();
    window
}

impl Window {
    pub fn state(&self) -> &Program {
        self.0.state()
    }

    pub fn settle(&mut self) {
        self.0.run_steps(3);
        self.0.run();
    }

    /// Clicks what has this name.
    pub fn click(&mut self, label: &str) {
        self.0.get_by_label(label).click_accesskit();
        self.settle();
    }

    /// Clicks the first thing whose name begins so.
    pub fn click_first(&mut self, start: &'static str) {
        let found =
            self.0.query_all(By::new().predicate(move |n| n.label().is_some_and(|l| l.starts_with(start)))).next();
        found.unwrap_or_else(|| panic!("nothing begins with {start}")).click_accesskit();
        self.settle();
    }

    /// Chooses among the decisions of the open dialog.
    pub fn choose(&mut self, choice: &str) {
        self.0.get_by_role_and_label(egui::Role::RadioButton, choice).click_accesskit();
        self.settle();
    }

    pub fn key(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Turns the wheel down over a place.
    pub fn wheel_down(&mut self, at: egui::Pos2) {
        self.0.event(egui::Event::PointerMoved(at));
        self.0.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -400.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        });
        self.settle();
    }

    /// How far down the window something stands.
    pub fn top_of(&self, label: &str) -> f32 {
        self.0.get_by_label(label).rect().top()
    }

    pub fn press(&mut self, key: egui::Key) {
        self.key(egui::Modifiers::NONE, key);
    }

    /// Decides for the active patient by keyboard alone, for the first standard reason.
    pub fn decide(&mut self, key: egui::Key) {
        self.press(key);
        assert!(matches!(self.state().model().dialog, Some(Dialog::Reason { .. })), "asks why");
        self.press(egui::Key::Num1);
        assert!(self.state().model().dialog.is_none());
    }

    pub fn type_into(&mut self, label: &str, text: &str) {
        self.0.get_by_role_and_label(egui::Role::TextInput, label).focus();
        self.settle();
        self.0.event(egui::Event::Text(text.to_owned()));
        self.settle();
    }

    /// Walks with the Tab key to what has this name.
    pub fn tab_to(&mut self, label: &str) {
        for _ in 0..80 {
            self.press(egui::Key::Tab);
            let wanted = label.to_owned();
            let is_it = By::new().predicate(move |n| n.is_focused() && n.label().is_some_and(|l| l == wanted));
            if self.0.query_all(is_it).next().is_some() {
                return;
            }
        }
        panic!("the Tab key does not come to {label}");
    }

    /// Puts another text into a field.
    pub fn replace(&mut self, label: &str, text: &str) {
        self.0.get_by_role_and_label(egui::Role::TextInput, label).focus();
        self.settle();
        self.key(egui::Modifiers::COMMAND, egui::Key::A);
        self.0.event(egui::Event::Text(text.to_owned()));
        self.settle();
    }

    /// Clicks what has this name, and says what that put on the clipboard.
    pub fn copy(&mut self, label: &str) -> Option<String> {
        self.0.get_by_label(label).click_accesskit();
        let mut copied = None;
        for _ in 0..4 {
            self.0.step();
            let commands = &self.0.output().platform_output.commands;
            copied = copied.or_else(|| {
                commands.iter().find_map(|command| match command {
                    egui::OutputCommand::CopyText(text) => Some(text.clone()),
                    _ => None,
                })
            });
        }
        copied
    }

    /// Something on the screen says this.
    pub fn sees(&self, text: &str) {
        assert!(self.0.query_all_by_label_contains(text).next().is_some(), "nothing says “{text}”");
    }

    pub fn sees_not(&self, text: &str) {
        assert!(self.0.query_all_by_label_contains(text).next().is_none(), "something says “{text}”");
    }

    /// Drops a file on the window.
    pub fn drop_file(&mut self, path: &Path) {
        #[derive(Debug)]
        struct Dropped(PathBuf);
        impl egui::DroppedFile for Dropped {
            fn path(&self) -> &Path {
                &self.0
            }
            fn bytes(&self) -> Result<Vec<u8>, String> {
                std::fs::read(&self.0).map_err(|e| e.to_string())
            }
        }
        self.0.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.to_owned())));
        self.settle();
    }

    /// Opens as "open with" would.
    pub fn open(&mut self, origin: Origin) {
        match origin {
            Origin::Sample(_) => self.click("Try a made-up practice"),
            Origin::Files(files) => files.iter().for_each(|f| self.drop_file(&f.path)),
        }
    }

    /// Chooses in the drop-down of this name.
    pub fn pick(&mut self, combo: &str, option: &str) {
        self.0.get_by_role_and_label(egui::Role::ComboBox, combo).click_accesskit();
        self.settle();
        let last = self.0.query_all_by_label(option).last().unwrap_or_else(|| panic!("no {option} to pick"));
        last.click_accesskit();
        self.settle();
    }

    /// Chooses the first option that begins so.
    pub fn pick_first(&mut self, combo: &str, start: &'static str) {
        self.0.get_by_role_and_label(egui::Role::ComboBox, combo).click_accesskit();
        self.settle();
        self.click_first(start);
    }

    /// The same with the keyboard: what is chosen is walked to with the arrows.
    pub fn pick_by_keys(&mut self, combo: &str, steps: usize) {
        self.0.get_by_role_and_label(egui::Role::ComboBox, combo).focus();
        self.settle();
        self.press(egui::Key::Enter);
        for _ in 0..steps {
            self.press(egui::Key::ArrowDown);
        }
        self.press(egui::Key::Enter);
    }

    pub fn status_of(&self, index: u32) -> Status {
        let case = self.state().model().case.clone().expect("open");
        case.cohort.patients[index as usize].status
    }
}

pub fn name_reviewer(window: &mut Window) {
    window.key(egui::Modifiers::COMMAND, egui::Key::R);
    window.type_into("Name", "Pat Manager");
    window.type_into("Role in the practice", "practice manager");
    window.click("Use this name");
    window.sees("Reviewer: Pat Manager");
}

#[test]
fn from_the_made_up_practice_to_the_saved_files_and_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let mut window = window(None, vec![(Question::SaveFolder, vec![out.clone()])]);
    window.sees("Open your patient export");

    window.click("Try a made-up practice");
    window.sees("eligible patients are blocked");
    window.sees("Riverbank Surgery");
    window.sees("31 October 2023 passed 1,116 days ago");

    window.click("Findings");
    window.sees("groups look added in bulk");
    window.sees("Almost certain");
    let members = window.state().model().case.as_ref().expect("open").findings.groups[1].members.len();
    window.click_first("Review 27");
    assert_eq!(window.state().model().screen, Screen::Review);
    window.sees(&format!("0 of {members} decided"));

    // The first decision asks who decides; then it is made.
    window.press(egui::Key::K);
    assert!(matches!(window.state().model().dialog, Some(Dialog::Reviewer { .. })));
    window.type_into("Name", "Pat Manager");
    window.click("Use this name");
    window.sees("Give the reason for this decision");
    assert_eq!(window.state().model().review.count(Choice::Keep104), 0);
    window.press(egui::Key::Num2);
    assert_eq!(window.state().model().review.count(Choice::Keep104), 1);
    window.press(egui::Key::ArrowUp);
    window.sees("“Safeguarding”");
    window.sees("Undo: Keep 104");

    // The group, without those who must not be swept along.
    window.key(egui::Modifiers::COMMAND, egui::Key::D);
    window.sees("left out, each for a decision");
    window.sees("1 patient decided already");
    window.click("Choose what you decide");
    assert_eq!(window.state().model().review.decided(), 1, "nothing is chosen beforehand");
    let plan = window.state().model().tally.plan.clone();
    let n = plan.included.len();
    assert!(n > 200 && plan.blocked_count() > 0);
    window.choose("Add 106");
    window.click("Added in bulk, nobody had looked");
    window.type_into("Number of patients", &(n + 1).to_string());
    window.click(&format!("Add 106 for {n} patients"));
    assert_eq!(window.state().model().review.count(Choice::Add106), 0, "the number was typed wrong");
    window.press(egui::Key::Escape);
    window.key(egui::Modifiers::COMMAND, egui::Key::D);
    window.choose("Add 106");
    window.type_into("Number of patients", &n.to_string());
    window.click(&format!("Add 106 for {n} patients"));
    assert_eq!(window.state().model().review.count(Choice::Add106), 0, "no reason was given");
    window.click("Added in bulk, nobody had looked");
    window.click(&format!("Add 106 for {n} patients"));
    assert_eq!(window.state().model().review.count(Choice::Add106), n);

    window.key(egui::Modifiers::COMMAND, egui::Key::Z);
    assert_eq!(window.state().model().review.count(Choice::Add106), 0);
    window.key(egui::Modifiers::COMMAND, egui::Key::Y);
    assert_eq!(window.state().model().review.count(Choice::Add106), n);

    window.click("Save");
    window.sees(&format!("{n} patients decided “Add 106”"));
    window.sees("Neither system reads it back");
    window.click_first("Save files");
    window.sees("What to do next in EMIS Web");
    assert_eq!(names(&out).len(), 16);
    assert!(!window.state().model().is_unsaved(), "the review is among the files");
    // What was saved is not to be used any more once the decisions have changed.
    window.key(egui::Modifiers::COMMAND, egui::Key::Z);
    window.sees("Do not use the files that were saved: the decisions have changed");
    window.sees(&format!("{n} of the {n} patients in the saved list are not decided “Add 106” any more."));
    window.key(egui::Modifiers::COMMAND, egui::Key::Y);
    window.sees("What to do next in EMIS Web");
    let list = std::fs::read_to_string(out.join("add-106-emis.txt")).expect("a list");
    assert_eq!(list.lines().count(), n);

    // The corrected copy, dropped on a window of the next day, shows them cleared.
    let decided: Vec<u32> =
        window.state().model().review.iter().filter(|(_, d)| d.choice == Choice::Add106).map(|(id, _)| id.0).collect();
    let mut again = crate::journey::window(None, Vec::new());
    again.drop_file(&out.join("Made-up practice (EMIS)-corrected.csv"));
    again.sees("eligible patients are blocked");
    assert!(decided.iter().all(|index| again.status_of(*index) == Status::Cleared));
    again.key(egui::Modifiers::COMMAND, egui::Key::Num1);
    again.sees("What we found in your export");
}

#[test]
fn a_patient_with_a_blocker_is_decided_only_with_a_reason() {
    let mut window = window(Some(Origin::Sample(System::Emis)), Vec::new());
    name_reviewer(&mut window);
    window.click("Findings");
    window.click("Review 9");
    window.sees("Same-day conflict: 0 of 9 decided");
    window.press(egui::Key::A);
    assert!(matches!(window.state().model().dialog, Some(Dialog::Reason { .. })));
    window.sees("Check the record in the clinical system");
    window.press(egui::Key::Escape);
    assert_eq!(window.state().model().review.decided(), 0);
    window.press(egui::Key::A);
    window.sees_not("Record checked: no risk found");
    window.type_into("Reason", "Both codes looked up: the 106 was meant");
    window.click("Add 106 for this reason");
    assert_eq!(window.state().model().review.decided(), 1);
    // A patient who declined gets none, reason or not.
    window.key(egui::Modifiers::COMMAND, egui::Key::Num2);
    window.click_first("Show Declined");
    window.press(egui::Key::A);
    window.sees("a 106 does not cancel that");
    assert!(window.0.get_by_role_and_label(egui::Role::Button, "Add 106").accesskit_node().is_disabled());
    assert_eq!(window.state().model().review.decided(), 1);
}

#[test]
fn a_group_is_checked_and_decided_by_keyboard_alone() {
    let mut window = window(Some(Origin::Sample(System::Emis)), Vec::new());
    window.key(egui::Modifiers::COMMAND, egui::Key::R);
    window.0.event(egui::Event::Text("Pat Manager".to_owned()));
    window.settle();
    window.press(egui::Key::Enter);
    assert_eq!(window.state().model().reviewer.name, "Pat Manager");
    window.key(egui::Modifiers::COMMAND, egui::Key::Num3);
    window.tab_to("Review 271");
    window.press(egui::Key::Enter);
    assert_eq!(window.state().model().screen, Screen::Review);
    let members = window.state().model().view.rows.len();
    assert!((200..300).contains(&members));

    // A spot check, its draw by Enter.
    window.key(egui::Modifiers::COMMAND, egui::Key::K);
    window.press(egui::Key::Enter);
    let size = window.state().model().review.checks()[0].sample.len();
    for _ in 0..size {
        window.press(egui::Key::N);
    }
    window.sees("of these");
    window.tab_to("Back to the group");
    window.press(egui::Key::Enter);

    // The decision for all who may be decided together.
    window.key(egui::Modifiers::COMMAND, egui::Key::D);
    window.tab_to("Add 106");
    window.press(egui::Key::Space);
    window.tab_to("Spot check found nobody at risk");
    window.press(egui::Key::Enter);
    window.tab_to("Number of patients");
    let n = window.state().model().tally.plan.included.len();
    window.0.event(egui::Event::Text(n.to_string()));
    window.settle();
    window.press(egui::Key::Enter);
    assert_eq!(window.state().model().review.count(Choice::Add106), n);
    let reasons = |model: &record_access_review::app::Model| {
        model.review.iter().all(|(_, d)| d.reason == "Spot check found nobody at risk" && d.by.name == "Pat Manager")
    };
    assert!(reasons(window.state().model()));
}

#[test]
fn keys_move_search_and_sort() {
    let mut window = window(Some(Origin::Sample(System::SystmOne)), Vec::new());
    window.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    let rows = window.state().model().view.rows.len();
    assert!(rows > 2_000);
    window.press(egui::Key::End);
    assert_eq!(window.state().model().view.active_row, rows - 1);
    window.press(egui::Key::Home);
    window.press(egui::Key::ArrowDown);
    window.press(egui::Key::PageDown);
    assert_eq!(window.state().model().view.active_row, 16);
    window.key(egui::Modifiers::COMMAND, egui::Key::F);
    window.0.event(egui::Event::Text("kaur".to_owned()));
    window.settle();
    let found = window.state().model().view.rows.len();
    assert!(found > 5 && found < rows / 10, "{found}");
    // Letters in the search field decide nothing.
    window.press(egui::Key::A);
    assert_eq!(window.state().model().review.decided(), 0);
    assert!(window.state().model().dialog.is_none());
    window.click("Sort by Name");
    window.click("Sort by Name, ascending");
    assert!(window.state().model().view.descending);
}

/// Decisions are a key away: the next patient's name, and what speaks against them, must not
/// be out of sight since the last one's panel was scrolled.
#[test]
fn each_patient_s_panel_begins_at_the_top() {
    let mut window = sized_window(Some(Origin::Sample(System::Emis)), Vec::new(), [1366.0, 620.0]);
    window.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    let name = |window: &Window| {
        let model = window.state().model();
        let case = model.case.as_ref().expect("open");
        let patient = case.cohort.patient(model.view.active.expect("somebody")).expect("there");
        // It stands in the list too; the number stands in the panel alone.
        format!("Copy NHS number {}", patient.usable_number().expect("a number"))
    };
    let top = window.top_of(&name(&window));
    window.wheel_down(egui::pos2(1250.0, 300.0));
    assert!(window.top_of(&name(&window)) < top, "scrolled");
    window.press(egui::Key::ArrowDown);
    assert!((window.top_of(&name(&window)) - top).abs() < 0.5, "at the top again");
}

#[test]
fn a_slip_of_the_hand_is_no_reason_against_a_marker() {
    let mut window = window(Some(Origin::Sample(System::Emis)), Vec::new());
    name_reviewer(&mut window);
    let marked = {
        let case = window.state().model().case.clone().expect("open");
        let is_marked = |(id, p): &(PatientId, &Patient)| {
            let found = blockers(&case.cohort, &case.findings, *id);
            p.status == Status::Blocked && found.has(Blocker::Marker) && p.usable_number().is_some()
        };
        let found = case.cohort.iter().find(is_marked).map(|(_, p)| p.usable_number());
        found.flatten().expect("somebody").digits()
    };
    window.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    window.key(egui::Modifiers::COMMAND, egui::Key::F);
    window.0.event(egui::Event::Text(marked));
    window.settle();
    window.press(egui::Key::Escape);
    window.press(egui::Key::A);
    window.type_into("Reason", "1");
    window.press(egui::Key::Enter);
    assert_eq!(window.state().model().review.decided(), 0);
    window.type_into("Reason", "Seen with her: no risk any more");
    window.press(egui::Key::Enter);
    assert_eq!(window.state().model().review.decided(), 1);
}

#[test]
fn a_target_date_gives_a_pace() {
    let mut window = window(Some(Origin::Sample(System::Emis)), Vec::new());
    window.key(egui::Modifiers::COMMAND, egui::Key::T);
    window.type_into("Target date", "31 Jnuary 2027");
    window.click("Set the target");
    window.sees("Write the date as day, month and year");
    window.press(egui::Key::Escape);
    window.key(egui::Modifiers::COMMAND, egui::Key::T);
    window.type_into("Target date", "31 January 2027");
    window.click("Set the target");
    window.sees("Your target: 31 January 2027 · 72 days");
    window.sees("patients a working day");
}

#[test]
fn a_review_is_saved_and_opened_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let export = sample_file(dir.path(), System::Emis, 600);
    let file = dir.path().join("review.json");
    let question = Question::SaveReview("Riverbank Surgery review.json".to_owned());
    let origin = Some(Origin::exports([export]));
    let mut first = window(origin.clone(), vec![(question, vec![file.clone()])]);
    name_reviewer(&mut first);
    first.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    for key in [egui::Key::A, egui::Key::A, egui::Key::K, egui::Key::Q] {
        first.decide(key);
    }
    assert_eq!(first.state().model().review.decided(), 4);
    assert!(first.state().model().is_unsaved());
    first.key(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::S);
    first.sees("Saved the review as review.json");
    assert!(!first.state().model().is_unsaved());
    let mut second = window(origin, vec![(Question::OpenReview, vec![file])]);
    second.key(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::O);
    let review = &second.state().model().review;
    assert_eq!(
        (review.count(Choice::Add106), review.count(Choice::Keep104), review.count(Choice::AskClinician)),
        (2, 1, 1)
    );
    assert!(review.iter().all(|(_, d)| d.by.name == "Pat Manager"));
}

#[test]
fn two_people_work_on_one_review_one_after_the_other() {
    let dir = tempfile::tempdir().expect("a folder");
    let export = sample_file(dir.path(), System::Emis, 600);
    let (file, out) = (dir.path().join("review.json"), dir.path().join("out"));
    let origin = || Some(Origin::exports([export.clone()]));
    let save = || Question::SaveReview("Riverbank Surgery review.json".to_owned());
    let mut first = window(origin(), vec![(save(), vec![file.clone()])]);
    name_reviewer(&mut first);
    first.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    first.decide(egui::Key::A);
    first.decide(egui::Key::K);
    first.key(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::S);

    let answers = vec![(Question::OpenReview, vec![file.clone()]), (Question::SaveFolder, vec![out.clone()])];
    let mut second = window_later(1, origin(), answers);
    second.key(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::O);
    second.key(egui::Modifiers::COMMAND, egui::Key::R);
    second.type_into("Name", "Sam Lewis");
    second.type_into("Role in the practice", "GP");
    second.click("Use this name");
    second.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    second.press(egui::Key::End);
    second.decide(egui::Key::Q);
    // Who decided what can be seen, and be asked for.
    second.pick("How they are decided", "By Pat Manager");
    assert_eq!(second.state().model().view.rows.len(), 2);
    second.sees("by Pat Manager");
    second.pick("How they are decided", "By Sam Lewis");
    assert_eq!(second.state().model().view.rows.len(), 1);
    second.sees("Ask a clinician by Sam Lewis");
    // Saving goes on in the file that was opened.
    second.key(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::S);
    assert!(!second.state().model().is_unsaved());
    second.key(egui::Modifiers::COMMAND, egui::Key::S);
    let audit = std::fs::read_to_string(out.join("audit.json")).expect("an audit");
    let (pat, sam) = (audit.find("Pat Manager").expect("Pat"), audit.find("Sam Lewis").expect("Sam"));
    assert!(pat < sam, "in order");
    let report = std::fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(report.contains("Pat Manager (practice manager)") && report.contains("Sam Lewis (GP)"));
    let mut third = window_later(2, origin(), vec![(Question::OpenReview, vec![file])]);
    third.key(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::O);
    let by: Vec<&str> = third.state().model().review.iter().map(|(_, d)| d.by.name.as_str()).collect();
    assert_eq!((by.len(), by.iter().filter(|name| **name == "Pat Manager").count()), (3, 2));
}

#[test]
fn unsaved_decisions_are_not_lost_by_closing_or_opening() {
    let mut window = window(Some(Origin::Sample(System::Emis)), Vec::new());
    name_reviewer(&mut window);
    window.key(egui::Modifiers::COMMAND, egui::Key::Num4);
    window.decide(egui::Key::K);
    window
        .0
        .input_mut()
        .viewports
        .get_mut(&egui::ViewportId::ROOT)
        .expect("the window")
        .events
        .push(egui::ViewportEvent::Close);
    window.0.step();
    let commands = &window.0.output().viewport_output[&egui::ViewportId::ROOT].commands;
    assert!(commands.contains(&egui::ViewportCommand::CancelClose));
    window.settle();
    window.sees("The decisions are not saved");
    window.press(egui::Key::Escape);
    assert_eq!(window.state().model().review.decided(), 1);
    let dir = tempfile::tempdir().expect("a folder");
    window.drop_file(&sample_file(dir.path(), System::SystmOne, 300));
    window.sees("The decisions are not saved");
    window.click("Discard the decisions");
    assert_eq!(window.state().model().review.decided(), 0);
    window.sees("SystmOne export");
}

#[test]
fn every_screen_is_complete_at_125_per_cent_of_a_small_screen_and_in_the_dark() {
    // 1366 × 768 at 125 %.
    let mut window = sized_window(Some(Origin::Sample(System::Emis)), Vec::new(), [1093.0, 614.0]);
    window.0.ctx.set_theme(egui::Theme::Dark);
    for (key, says) in [
        (egui::Key::Num1, "What we found in your export"),
        (egui::Key::Num2, "Where 4,010 patients stand"),
        (egui::Key::Num3, "groups look added in bulk"),
        (egui::Key::Num4, "Patients with an active 104"),
        (egui::Key::Num5, "The files"),
    ] {
        window.key(egui::Modifiers::COMMAND, key);
        window.sees(says);
        window.sees_not("Open an export first");
    }
    window.press(egui::Key::F1);
    window.sees("The three codes");
}

#[test]
fn a_dialog_that_cannot_be_shown_says_what_to_do() {
    let mut window = window(None, Vec::new());
    window.click("Open…");
    window.sees("Drop the export on this window instead");
    window.click("Try a made-up practice");
    window.sees("eligible patients are blocked");
}
