//! The one writer, without a window.

use super::*;
use crate::app::effects::Task;
use crate::app::model::Screen;
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

/// Decides for the active patient, with a reason.
fn decide(model: &mut Model, action: Action) {
    run(model, Command::Do(action));
    let Some(Dialog::Reason { patient, who, careful, choice, because, .. }) = model.dialog.clone() else {
        panic!("asks why")
    };
    run(
        model,
        Command::Edit(Dialog::Reason { patient, who, careful, choice, because, reason: "Record checked".to_owned() }),
    );
    run(model, Command::Confirm);
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
fn nobody_waits_for_work_that_broke_off() {
    let mut model = model();
    (model.saving, model.saving_review, model.view.arranging) = (true, true, true);
    assert!(update(&mut model, Command::CloseRequested, now()).is_empty(), "it waits for the saving");
    for task in [Task::Saving, Task::SavingReview, Task::Arranging, Task::Reading] {
        update(&mut model, Command::Broken(task), now());
        assert_eq!(model.notice.as_ref().map(|notice| notice.tone), Some(Tone::Wrong));
    }
    assert!(!model.is_saving() && !model.view.arranging && model.work.is_none());
    let closing = update(&mut model, Command::CloseRequested, now());
    assert!(matches!(closing.as_slice(), [Effect::Close]));
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
    let mut reading = start_reading(&mut model, attempt, now());
    run(&mut model, Command::Do(Action::Go(Screen::Review)));
    decide(&mut model, Action::Keep104);
    assert_eq!(model.review.decided(), 1);
    let result = reading.pop().and_then(Effect::perform).expect("a result");
    update(&mut model, result, now());
    assert_eq!(model.review.decided(), 1);
}

#[test]
fn a_decision_made_while_another_export_is_read_is_not_lost_unasked() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    model.reviewer = crate::review::Reviewer { name: "Pat".to_owned(), role: String::new() };
    let mut reading = update(&mut model, Command::Open(Origin::Sample(System::SystmOne)), now());
    run(&mut model, Command::Do(Action::Go(Screen::Review)));
    decide(&mut model, Action::Keep104);
    let result = reading.pop().and_then(Effect::perform).expect("a result");
    update(&mut model, result, now());
    assert!(matches!(model.dialog, Some(Dialog::Unsaved { .. })));
    assert_eq!(model.review.decided(), 1);
    run(&mut model, Command::Confirm);
    assert_eq!(model.review.decided(), 0, "the user said so");
    assert_eq!(model.case.expect("open").cohort.system, System::SystmOne);
}

#[test]
fn a_window_that_is_closed_while_it_saves_waits_and_asks_about_what_came_after() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    model.reviewer = crate::review::Reviewer { name: "Pat".to_owned(), role: String::new() };
    run(&mut model, Command::Do(Action::Go(Screen::Review)));
    let folder = tempfile::tempdir().expect("a folder");
    let mut saving = update(&mut model, Command::ChosenFolder(vec![folder.path().join("out")]), now());
    assert!(update(&mut model, Command::CloseRequested, now()).is_empty());
    assert!(!model.closing && model.close_when_saved);
    decide(&mut model, Action::Keep104);
    let result = saving.pop().and_then(Effect::perform).expect("saved");
    assert!(update(&mut model, result, now()).is_empty());
    assert!(matches!(model.dialog, Some(Dialog::Unsaved { .. })) && !model.closing);
    let effects = update(&mut model, Command::Confirm, now());
    assert!(model.closing && matches!(effects[..], [Effect::Discard { .. }, Effect::Close]));
}

#[test]
fn other_thresholds_leave_nothing_to_redo_and_never_hang() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    model.reviewer.name = "Pat".to_owned();
    let group = model.case.as_ref().expect("open").findings.groups[1].id;
    run(&mut model, Command::ReviewGroup(group));
    run(&mut model, Command::Do(Action::DecideAll));
    let Some(Dialog::Group { plan, of, .. }) = model.dialog.clone() else { panic!("asked") };
    let typed = plan.taken(Choice::Add106).count().to_string();
    let decided = Dialog::Group { choice: Some(Choice::Add106), plan, reason: "Added in bulk".to_owned(), typed, of };
    run(&mut model, Command::Edit(decided));
    run(&mut model, Command::Confirm);
    assert!(model.review.count(Choice::Add106) > 200);
    run(&mut model, Command::Do(Action::Undo));

    run(&mut model, Command::Do(Action::Thresholds));
    let typed = |likely: &str| {
        let settings = crate::findings::Thresholds::default().settings().into_iter();
        let value = |key: &str, value: u32| match key {
            "likely_from" | "almost_certain_from" => likely.to_owned(),
            _ => value.to_string(),
        };
        Dialog::Thresholds { typed: settings.map(|s| (s.key, value(s.key, s.value))).collect() }
    };
    // 200, then 100 and 200 again before 100 was worked out.
    run(&mut model, Command::Edit(typed("200")));
    let late = update(&mut model, Command::Edit(typed("100")), now());
    run(&mut model, Command::Edit(typed("200")));
    for effect in late {
        let result = effect.perform().expect("a result");
        run(&mut model, result);
    }
    assert_eq!(model.trial.as_ref().map(|t| t.case.findings.thresholds.likely_from), Some(200));
    run(&mut model, Command::Confirm);
    assert!(model.dialog.is_none());
    assert_eq!(model.figures.bulk, 0);
    run(&mut model, Command::Do(Action::Redo));
    assert_eq!(model.review.decided(), 0, "what was undone does not come back unchecked");
    let told: Vec<&str> = model.review.history().iter().map(|e| e.label.as_str()).collect();
    assert!(told.last().is_some_and(|t| t.starts_with("Thresholds: likely_from 25 → 200")), "{told:?}");
}

#[test]
fn conflicts_that_are_decided_are_none_that_are_left() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    let case = model.case.clone().expect("open");
    let (all, blocked) = (case.cohort.counts.same_day_conflict, case.cohort.counts.blocked);
    assert!(all > 0);
    assert_eq!((model.tally.left, model.tally.left_in_conflict), (blocked + all, all));
    model.reviewer = crate::review::Reviewer { name: "Pat".to_owned(), role: String::new() };
    run(&mut model, Command::Show(Filter::scope(Scope::Status(crate::domain::Status::SameDayConflict))));
    run(&mut model, Command::Select(case.findings.conflicts[0]));
    decide(&mut model, Action::Keep104);
    assert_eq!((model.tally.left, model.tally.left_in_conflict), (blocked + all - 1, all - 1));
}

#[test]
fn what_went_wrong_with_one_patient_is_not_said_of_the_next() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    model.reviewer = crate::review::Reviewer { name: "Pat".to_owned(), role: String::new() };
    let case = model.case.clone().expect("open");
    let mut others = case.cohort.iter().filter(|(_, p)| !p.is_eligible()).map(|(id, _)| id);
    let (one, next) = (others.next().expect("one"), others.next().expect("another"));
    run(&mut model, Command::Show(Filter::scope(Scope::Status(crate::domain::Status::NotEligible))));
    for go_on in [Command::Select(next), Command::Move(1)] {
        run(&mut model, Command::Select(one));
        run(&mut model, Command::Do(Action::Add106));
        assert!(model.notice.as_ref().is_some_and(|n| n.tone == Tone::Wrong));
        run(&mut model, go_on);
        assert!(model.notice.is_none());
    }
}

#[test]
fn saved_files_that_the_decisions_have_left_behind_are_said_to_be_out_of_date() {
    let mut model = model();
    run(&mut model, Command::Open(Origin::Sample(System::Emis)));
    model.reviewer = crate::review::Reviewer { name: "Pat".to_owned(), role: String::new() };
    run(&mut model, Command::Do(Action::Go(Screen::Review)));
    decide(&mut model, Action::Add106);
    decide(&mut model, Action::Add106);
    let given = model.review.count(crate::review::Choice::Add106);
    assert!(given > 0);
    run(&mut model, Command::Do(Action::SaveFiles));
    let folder = tempfile::tempdir().expect("a folder");
    run(&mut model, Command::ChosenFolder(vec![folder.path().join("out")]));
    assert_eq!(model.saved.as_ref().map(|saved| saved.decided.len()), Some(given));
    assert_eq!(model.outdated(), None);
    run(&mut model, Command::Do(Action::Undo));
    assert_eq!(model.outdated(), Some(crate::app::Outdated { gone: 1, more: 0 }));
    run(&mut model, Command::Do(Action::Redo));
    assert_eq!(model.outdated(), None);
}
