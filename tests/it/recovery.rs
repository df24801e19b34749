//! The recovery journal: what was decided and not saved is there again after a crash.

use std::path::Path;

use egui::{Key, Modifiers};
use record_access_review::app::Dialog;
use record_access_review::extract::System;
use record_access_review::platform::dialogs::Question;
use record_access_review::review::Choice;

use crate::journey::{Window, name_reviewer, window_with_recovery};
use crate::support::{names, sample_file};

const CTRL: Modifiers = Modifiers::COMMAND;

fn decided(window: &Window) -> (usize, usize, usize) {
    let review = &window.state().model().review;
    (review.count(Choice::Add106), review.count(Choice::Keep104), review.count(Choice::AskClinician))
}

fn opened(folder: &Path, export: &Path) -> Window {
    let mut window = window_with_recovery(folder, Vec::new());
    window.drop_file(export);
    window
}

/// The same, with somebody at the list to decide.
fn reviewing(folder: &Path, export: &Path) -> Window {
    let mut window = opened(folder, export);
    name_reviewer(&mut window);
    window.key(CTRL, Key::Num4);
    window
}

#[test]
fn after_a_crash_everything_is_there_up_to_the_last_decision() {
    let dir = tempfile::tempdir().expect("a folder");
    let journals = dir.path().join("recovery");
    let export = sample_file(dir.path(), System::Emis, 600);
    let mut first = opened(&journals, &export);
    assert!(!journals.exists(), "nothing decided, nothing written");
    name_reviewer(&mut first);
    first.key(CTRL, Key::Num4);
    for key in [Key::A, Key::K, Key::Q] {
        first.decide(key);
    }
    first.key(CTRL, Key::Z);
    first.decide(Key::K);
    assert_eq!(decided(&first), (1, 2, 0));
    // Neither a name nor a number can be read in it.
    let [journal] = names(&journals).try_into().expect("one journal");
    let bytes = std::fs::read(journals.join(&journal)).expect("read");
    let text = String::from_utf8_lossy(&bytes);
    assert!(bytes.len() > 1_000 && !text.contains("Pat") && !text.contains("999") && !text.contains("Emis"));
    let text = String::from_utf8(std::fs::read(&export).expect("read")).expect("text");
    for name in text.split('"').filter(|cell| cell.contains(", ")).take(200) {
        assert!(!bytes.windows(name.len()).any(|w| w == name.as_bytes()), "{name}");
    }

    // The window is gone without a word.
    drop(first);
    let mut second = opened(&journals, &export);
    assert!(matches!(second.state().model().dialog, Some(Dialog::Recovered { .. })));
    second.sees("The program ended before these were saved: 3 decisions, the last step by Pat Manager");
    second.click("Go on with these");
    assert_eq!(decided(&second), (1, 2, 0));
    assert!(second.state().model().is_unsaved());
    let by: Vec<String> = second.state().model().review.iter().map(|(_, d)| d.by.name.clone()).collect();
    assert!(by.iter().all(|name| name == "Pat Manager"));
    // Gone again before anything else was decided: still there.
    drop(second);
    let mut third = opened(&journals, &export);
    third.click("Go on with these");
    name_reviewer(&mut third);
    third.key(CTRL, Key::Num4);
    third.press(Key::End);
    third.decide(Key::Q);
    drop(third);
    let fourth = opened(&journals, &export);
    assert_eq!(decided(&fourth), (1, 2, 1));
    // Another practice is not concerned.
    drop(fourth);
    let other = opened(&journals, &sample_file(dir.path(), System::SystmOne, 600));
    assert!(other.state().model().dialog.is_none());
    assert_eq!(decided(&other), (0, 0, 0));
}

#[test]
fn a_journal_is_gone_after_saving_and_after_giving_up() {
    let dir = tempfile::tempdir().expect("a folder");
    let journals = dir.path().join("recovery");
    let export = sample_file(dir.path(), System::Emis, 600);
    let file = dir.path().join("review.json");
    let save = Question::SaveReview("Riverbank Surgery review.json".to_owned());
    let mut first = window_with_recovery(&journals, vec![(save, vec![file])]);
    first.drop_file(&export);
    name_reviewer(&mut first);
    first.key(CTRL, Key::Num4);
    first.decide(Key::K);
    assert_eq!(names(&journals).len(), 1);
    first.key(CTRL | Modifiers::SHIFT, Key::S);
    assert!(names(&journals).is_empty(), "saved");
    // What comes after the saving is kept again, with what was before it.
    first.press(Key::End);
    first.decide(Key::K);
    assert_eq!(names(&journals).len(), 1);
    drop(first);
    let mut second = opened(&journals, &export);
    assert_eq!(decided(&second), (0, 2, 0));
    second.click("Go on with these");
    // Given up on purpose.
    second.drop_file(&sample_file(dir.path(), System::SystmOne, 300));
    second.click("Discard the decisions");
    assert!(names(&journals).is_empty());
    assert!(second.state().model().dialog.is_none());
}

#[test]
fn a_second_window_on_the_same_export_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let journals = dir.path().join("recovery");
    let export = sample_file(dir.path(), System::Emis, 600);
    let mut first = reviewing(&journals, &export);
    first.decide(Key::K);
    let mut second = opened(&journals, &export);
    second.sees("Another window of this program has this export open");
    assert_eq!(decided(&second), (0, 0, 0));
    name_reviewer(&mut second);
    second.key(CTRL, Key::Num4);
    second.decide(Key::Q);
    assert_eq!(names(&journals).len(), 1, "it writes none beside it");
    // What the first wrote is whole.
    drop((first, second));
    assert_eq!(decided(&opened(&journals, &export)), (0, 1, 0));
}

#[test]
fn what_cannot_be_read_of_a_journal_is_said_and_stands_in_nobodys_way() {
    let dir = tempfile::tempdir().expect("a folder");
    let journals = dir.path().join("recovery");
    let export = sample_file(dir.path(), System::Emis, 600);
    let mut first = reviewing(&journals, &export);
    first.decide(Key::K);
    let [journal] = names(&journals).try_into().expect("one journal");
    drop(first);
    std::fs::write(journals.join(&journal), b"cut").expect("written");
    let mut second = opened(&journals, &export);
    second.sees("had not been saved, and cannot be recovered");
    name_reviewer(&mut second);
    second.key(CTRL, Key::Num4);
    second.decide(Key::Q);
    drop(second);
    assert_eq!(decided(&opened(&journals, &export)), (0, 0, 1));
}
