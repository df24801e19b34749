//! The one writer, without a window.

use super::*;
use crate::extract::System;

fn now() -> NaiveDateTime {
    chrono::NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a time")
}

fn model() -> Model {
    Model::new(Day::from(now().date()))
}

/// Applies a command and everything that follows from it, at once.
fn run(model: &mut Model, command: Command) {
    let mut effects = update(model, command, now());
    while let Some(effect) = effects.pop() {
        if let Some(result) = effect.perform() {
            effects.extend(update(model, result, now()));
        }
    }
}

#[test]
fn reading_is_cancelled_and_says_so() {
    let mut model = model();
    let mut effects = update(&mut model, Command::Open(Origin::Sample(System::Emis)), now());
    assert!(model.work.is_some());
    update(&mut model, Command::Do(Action::Cancel), now());
    let result = effects.pop().and_then(Effect::perform).expect("a result");
    update(&mut model, result, now());
    assert!(model.work.is_none() && model.case.is_none());
    let notice = model.notice.expect("said");
    assert!(notice.text.contains("Reading was cancelled. Nothing was changed."));
    assert!(notice.tone != Tone::Wrong);
}

#[test]
fn the_result_of_an_earlier_reading_changes_nothing() {
    let mut model = model();
    let mut first = update(&mut model, Command::Open(Origin::Sample(System::Emis)), now());
    let mut second = update(&mut model, Command::Open(Origin::Sample(System::SystmOne)), now());
    let late = second.pop().and_then(Effect::perform).expect("a result");
    update(&mut model, late, now());
    let stale = first.pop().and_then(Effect::perform).expect("a result");
    update(&mut model, stale, now());
    assert_eq!(model.case.expect("open").cohort.system, System::SystmOne);
}

#[test]
fn keys_that_arrive_while_a_dialog_opens_decide_nothing() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    run(&mut model, Command::Do(Action::Go(Screen::Review)));
    run(&mut model, Command::Do(Action::Reviewer));
    run(&mut model, Command::Do(Action::Add106));
    assert_eq!(model.review.decided(), 0);
    let waits_for_nothing = matches!(model.dialog, Some(Dialog::Reviewer { then: None, .. }));
    assert!(waits_for_nothing);
}

#[test]
fn a_second_save_is_refused_while_one_is_under_way() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    let effects = update(&mut model, Command::Do(Action::SaveFiles), now());
    assert!(matches!(effects[..], [Effect::Ask(Question::SaveFolder)]));
    assert!(update(&mut model, Command::Do(Action::SaveFiles), now()).is_empty(), "one dialog at a time");
    let folder = tempfile::tempdir().expect("a folder");
    let saving = update(&mut model, Command::ChosenFolder(vec![folder.path().join("out")]), now());
    assert_eq!(saving.len(), 1);
    assert!(update(&mut model, Command::Do(Action::SaveFiles), now()).is_empty());
    assert!(model.notice.as_ref().is_some_and(|n| n.text.contains("being saved already")));
}

#[test]
fn a_decision_made_while_the_files_are_read_again_is_kept() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    model.reviewer = crate::review::Reviewer { name: "Pat".to_owned(), role: String::new() };
    let attempt = model.current().expect("open");
    let mut reading = start_reading(&mut model, attempt);
    run(&mut model, Command::Do(Action::Go(Screen::Review)));
    run(&mut model, Command::Do(Action::Keep104));
    assert_eq!(model.review.decided(), 1);
    let result = reading.pop().and_then(Effect::perform).expect("a result");
    update(&mut model, result, now());
    assert_eq!(model.review.decided(), 1);
}
