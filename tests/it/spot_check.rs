//! Spot checks through the real window: drawn, answered by keyboard alone, what they prove,
//! and how somebody at risk stops the group until it has been split or reviewed.

use egui::{Key, Modifiers};
use record_access_review::app::case::Origin;
use record_access_review::app::{Dialog, Scope};
use record_access_review::extract::System;
use record_access_review::platform::dialogs::Question;
use record_access_review::review::{Choice, Verdict};

use crate::journey::{Window, name_reviewer, window};
use crate::support::{json, sample_file};

const CTRL: Modifiers = Modifiers::COMMAND;

/// Draws a spot check of the first group, and gives the size of its sample.
fn draw(window: &mut Window) -> usize {
    window.key(CTRL, Key::Num3);
    window.click_first("Spot check…");
    window.sees("drawn at random from the");
    window.click_first("Draw ");
    let check = window.state().model().review.checks().last().expect("drawn").clone();
    assert!(matches!(window.state().model().view.filter.scope, Scope::Sample(_)));
    assert_eq!(window.state().model().view.rows.len(), check.sample.len());
    check.sample.len()
}

#[test]
fn a_sample_is_drawn_answered_and_proves_something() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let file = dir.path().join("review.json");
    let export = sample_file(dir.path(), System::Emis, 4_010);
    let save = Question::SaveReview("Riverbank Surgery review.json".to_owned());
    let answers = vec![(Question::SaveFolder, vec![out.clone()]), (save, vec![file.clone()])];
    let mut window = window(Some(Origin::exports([export.clone()])), answers);
    name_reviewer(&mut window);
    let size = draw(&mut window);
    assert_eq!(size, 59, "fewer than 5 in 100, as auditors draw it");
    window.sees("0 of 59 answered");
    for _ in 0..size {
        window.press(Key::N);
    }
    window.sees("0 of 59 at risk: with 95 % confidence fewer than 5.0 % of these");
    // Nothing of that decided anything.
    assert_eq!(window.state().model().review.decided(), 0);
    // An answer is taken back like any step.
    window.key(CTRL, Key::Z);
    window.sees("58 of 59 answered");
    window.key(CTRL, Key::Y);
    window.click("Back to the group");
    window.key(CTRL, Key::D);
    window.choose("Add 106");
    window.click("Spot check found nobody at risk");
    let n = window.state().model().tally.plan.included.len();
    window.type_into("Number of patients", &n.to_string());
    window.click_first("Add 106 for ");
    assert_eq!(window.state().model().review.count(Choice::Add106), n);

    // The report and the audit tell of it; the saved review brings it back.
    window.key(CTRL, Key::S);
    let report = std::fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(report.contains("0 of 59 at risk: with 95 % confidence"), "the report says what was proven");
    let audit = json(&out.join("audit.json"));
    let drawn = audit["events"].as_array().expect("events").iter().find(|e| e["spot_check"].is_object()).expect("told");
    assert_eq!(drawn["spot_check"]["sample"].as_array().map(Vec::len), Some(59));
    assert_eq!(drawn["spot_check"]["seed"].as_str().map(str::len), Some(16));
    window.key(CTRL | Modifiers::SHIFT, Key::S);
    let checks = window.state().model().review.checks().to_vec();
    let mut second = crate::journey::window(Some(Origin::exports([export])), vec![(Question::OpenReview, vec![file])]);
    second.key(CTRL | Modifiers::SHIFT, Key::O);
    assert_eq!(second.state().model().review.checks(), checks);
    assert_eq!(second.state().model().review.count(Choice::Add106), n);
    assert!(!second.state().model().is_unsaved());
    // More of the same draw: those answered stay.
    name_reviewer(&mut second);
    second.key(CTRL, Key::Num3);
    second.click_first("Show spot check 1");
    second.click("Look at more…");
    second.click_first("Draw ");
    let more = second.state().model().review.checks()[0].clone();
    assert_eq!((more.sample.len(), &more.sample[..59]), (149, &checks[0].sample[..]));
    second.sees("59 of 149 answered");
}

#[test]
fn somebody_at_risk_stops_the_group() {
    let mut window = window(Some(Origin::Sample(System::Emis)), Vec::new());
    name_reviewer(&mut window);
    draw(&mut window);
    window.press(Key::N);
    window.press(Key::R);
    window.sees("nobody in it is given a 106 together until it has been split or reviewed");
    let model = window.state().model();
    let at_risk = model.view.active.expect("somebody");
    assert_eq!(model.review.doubt(at_risk), Some(Verdict::AtRisk));
    // They are decided now, one by one.
    window.decide(Key::K);
    window.click("Back to the group");
    window.sees("stopped: somebody at risk was found in a spot check");
    window.key(CTRL, Key::D);
    window.sees("No 106 together until the list has been split or reviewed");
    window.choose("Add 106");
    window.sees("Add 106 for 0 patients");
    window.press(Key::Escape);

    // Split: a part has a check of its own.
    window.pick_first("Which part of the list", "GP: ");
    let part = window.state().model().view.rows.len();
    let all = window.state().model().review.checks()[0].group;
    assert!(part > 20 && part * 2 <= all, "{part} of {all}");
    window.key(CTRL, Key::K);
    window.click_first("Draw ");
    let size = window.state().model().review.checks()[1].sample.len();
    for _ in 0..size {
        window.press(Key::N);
    }
    window.key(CTRL, Key::Num3);
    window.click_first("Review 2,2");
    let plan = window.state().model().tally.plan.clone();
    assert!(plan.included.len() > 20 && !plan.stopped.is_empty(), "the part is free, the rest is not");
    let rest = plan.stopped.len();
    // Beside each of the rest it is said.
    let is_stopped = |id| plan.stopped.contains(&id);
    for _ in 0..100 {
        if window.state().model().view.active.is_some_and(is_stopped) {
            break;
        }
        window.press(Key::ArrowDown);
    }
    assert!(window.state().model().view.active.is_some_and(is_stopped));
    window.sees("• Their list is stopped: somebody at risk was found in its spot check");

    // Reviewed: the sample is looked at to its end, and somebody says how, and what came of it.
    window.key(CTRL, Key::Num3);
    window.click_first("Show spot check 1");
    window.click("End the stop…");
    window.sees("Before the stop can end: answer the whole sample (57 patients left).");
    window.press(Key::Home);
    for row in 0..59 {
        if row < 2 {
            window.press(Key::ArrowDown);
        } else {
            window.press(Key::N);
        }
    }
    window.click("End the stop…");
    window.type_into("How it was reviewed", "looked at");
    window.click("End the stop");
    assert!(window.state().model().review.checks()[0].stops(), "not without a word on how");
    window.type_into("How it was reviewed", " with Dr Lewis, all records of the estate");
    window.click("End the stop");
    assert!(window.state().model().dialog.is_none());
    window.key(CTRL, Key::Num3);
    window.click_first("Review 2,2");
    let plan = window.state().model().tally.plan.clone();
    assert_eq!((plan.stopped.len(), plan.in_doubt.len()), (0, 0));
    assert!(plan.included.len() > rest);
    assert!(plan.already.contains(&at_risk), "kept, and never turned by a group decision");
}

#[test]
fn the_stop_does_not_end_before_whoever_is_at_risk_was_decided() {
    let mut window = window(Some(Origin::Sample(System::SystmOne)), Vec::new());
    // Nobody has said who they are yet.
    window.key(CTRL, Key::Num3);
    window.click_first("Spot check…");
    assert!(matches!(window.state().model().dialog, Some(Dialog::Reviewer { .. })));
    window.type_into("Name", "Pat Manager");
    window.click("Use this name");
    window.click_first("Draw ");
    window.press(Key::R);
    let (size, first) = (window.state().model().view.rows.len(), window.state().model().view.active);
    for _ in 1..size {
        window.press(Key::ArrowDown);
        window.press(Key::N);
        window.press(Key::ArrowUp);
    }
    window.press(Key::Home);
    assert_eq!(window.state().model().view.active, first);
    window.click("End the stop…");
    window.sees("decide everybody who was found at risk (1 patient left); say your role in the practice");
    name_reviewer(&mut window);
    assert!(window.state().model().dialog.is_none());
    // A key too many makes nobody safe.
    window.press(Key::N);
    window.sees("Not at risk after all?");
    window.type_into("What you saw in the record", "no");
    window.click("Answer “Not at risk”");
    window.sees("Say what you saw in the record");
    assert!(window.state().model().review.checks()[0].stops());
    window.press(Key::Escape);
    window.press(Key::X);
    assert!(window.state().model().review.checks()[0].stops());
    window.decide(Key::Q);
    window.click("End the stop…");
    assert!(matches!(window.state().model().dialog, Some(Dialog::Lift { .. })));
}
