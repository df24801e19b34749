//! Reasons with figures that can be checked, thresholds that can be changed, pictures with
//! figures that can be copied: through the real window.

use record_access_review::app::case::Origin;
use record_access_review::app::{Dialog, Scope, Screen};
use record_access_review::domain::wording::figure;
use record_access_review::extract::System;
use record_access_review::findings::{Behind, Likelihood, Side, Thresholds};
use record_access_review::platform::dialogs::Question;
use record_access_review::review::Choice;

use crate::journey::{name_reviewer, window, window_with_settings};
use crate::support::{json, number};

const CTRL: egui::Modifiers = egui::Modifiers::COMMAND;

fn sample() -> Origin {
    Origin::Sample(System::Emis)
}

#[test]
fn every_figure_on_the_findings_leads_to_whom_it_counts() {
    let mut window = window(Some(sample()), Vec::new());
    let case = window.state().model().case.clone().expect("open");
    let mut further = 0;
    for group in &case.findings.groups {
        for evidence in group.evidence.iter().filter(|e| e.text.contains(|c: char| c.is_ascii_digit())) {
            window.key(CTRL, egui::Key::Num3);
            let against = if evidence.side == Side::Against { "Against: " } else { "" };
            let said: &'static str = Box::leak(format!("{against}{}", evidence.text).into_boxed_str());
            window.click_first(said);
            let view = window.state().model().view.clone();
            let whom = evidence.behind.expect("somebody");
            assert_eq!(view.filter.scope, Scope::Behind(Some(group.id), whom), "{said}");
            assert!(!view.rows.is_empty(), "{said}");
            for (figure, whom) in &evidence.more {
                window.key(CTRL, egui::Key::Num3);
                window.click_first(Box::leak(format!("{figure}: {said}").into_boxed_str()));
                let view = &window.state().model().view;
                assert_eq!(view.filter.scope, Scope::Behind(Some(group.id), *whom), "{figure}: {said}");
                if matches!(whom, Behind::Registered | Behind::Eligible) {
                    assert_eq!(record_access_review::domain::wording::figure(view.rows.len()), *figure, "{said}");
                }
                further += 1;
            }
            // Figures that count patients are the length of the list.
            if matches!(whom, Behind::LeftOut | Behind::Members) {
                assert!(evidence.text.starts_with(&figure(view.rows.len())), "{said}: {}", view.rows.len());
            }
        }
    }
    assert!(further > 5);
    window.key(CTRL, egui::Key::Num3);
    let otherwise = case.findings.otherwise;
    let said = format!("{} entries outside the groups that look added in bulk, 0 to ", figure(otherwise));
    window.click_first(Box::leak(said.into_boxed_str()));
    assert_eq!(window.state().model().view.filter.scope, Scope::Behind(None, Behind::Otherwise));
    window.sees("Entries outside the bulk groups");
    assert!(window.state().model().view.rows.len() <= otherwise && otherwise > 50);
}

#[test]
fn thresholds_show_at_once_what_they_find_and_are_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = dir.path().join("settings.json");
    let out = dir.path().join("out");
    let mut window = window_with_settings(&settings, vec![(Question::SaveFolder, vec![out.clone()])]);
    window.click("Try a made-up practice");
    name_reviewer(&mut window);
    window.click("Findings");
    window.sees("as delivered");
    // A decision for the whole of a group that will be none.
    window.click_first("Review 27");
    window.key(CTRL, egui::Key::D);
    window.choose("Add 106");
    window.click("Added in bulk, nobody had looked");
    let n = window.state().model().tally.plan.included.len();
    window.type_into("Number of patients", &n.to_string());
    window.click(&format!("Add 106 for {n} patients"));
    assert_eq!(window.state().model().review.count(Choice::Add106), n);

    window.key(CTRL, egui::Key::E);
    window.sees("Where that comes from");
    let likely = "Weight of evidence from which an entry is “likely”";
    window.replace(likely, "1");
    window.sees("5 to 200");
    window.sees("A value is no whole number within its limits.");
    window.replace(likely, "200");
    window.replace("Weight of evidence from which an entry is “possible”", "200");
    window.replace("Weight of evidence from which an entry is “almost certain”", "200");
    window.sees("These find 0 groups with 0 patients blocked by codes that look added in bulk");
    assert_eq!(window.state().model().review.count(Choice::Add106), n, "nothing is in force yet");
    window.click("Use these thresholds");
    window.sees(&format!("{n} decisions no longer hold by these thresholds"));
    let model = window.state().model();
    assert_eq!(model.review.decided(), 0);
    assert_eq!(model.figures.bulk, 0);
    let case = model.case.clone().expect("open");
    assert!(case.findings.assessments.iter().all(|a| !a.likelihood.is_some_and(Likelihood::is_bulk)));

    // The audit tells of it, and the next start begins with it.
    window.key(CTRL, egui::Key::S);
    let audit = json(&out.join("audit.json"));
    let events = audit["events"].as_array().expect("events");
    let told = events.iter().find(|e| e["what"].as_str().is_some_and(|w| w.starts_with("Thresholds: "))).expect("told");
    assert!(told["what"].as_str().expect("text").contains("likely_from 25 → 200"));
    assert_eq!(told["decisions"][0]["patients"].as_array().map(Vec::len), Some(n));
    assert_eq!(audit["settings"]["likely_from"], 200);
    assert_eq!(json(&settings)["likely_from"], 200);

    // Back to what was delivered: the groups are there again.
    window.key(CTRL, egui::Key::E);
    window.click("All as delivered");
    window.click("Use these thresholds");
    let model = window.state().model();
    assert!(model.figures.bulk > 2_000);
    assert_eq!(model.settings.thresholds, Thresholds::default());
    window.key(CTRL, egui::Key::Num3);
    window.sees("3 groups look added in bulk");
}

#[test]
fn thresholds_that_are_given_up_change_nothing() {
    let mut window = window(Some(sample()), Vec::new());
    window.key(CTRL, egui::Key::E);
    window.replace("Fewest entries of one user on one day that may be “likely” by themselves", "500");
    window.key(egui::Modifiers::NONE, egui::Key::Escape);
    let model = window.state().model();
    assert!(model.dialog.is_none());
    assert_eq!(model.case.as_ref().expect("open").findings.thresholds, Thresholds::default());
    assert!(!model.is_unsaved());
}

#[test]
fn pictures_have_figures_to_read_and_to_copy_and_lead_to_patients() {
    let mut window = window(Some(sample()), Vec::new());
    window.sees_not("Copy the figures");
    window.click("Figures: Blocked, by age");
    window.sees("75 and over");
    let copied = window.copy("Copy the figures: Blocked, by age").expect("copied");
    assert!(copied.starts_with("Age\tBlocked\tEligible\tShare\r\n16–24\t"), "{copied}");
    assert_eq!(copied.lines().count(), 8);
    for name in
        ["104 codes by the day they were entered", "104 codes by month", "Before and after", "Blocked, by usual GP"]
    {
        window.click(&format!("Figures: {name}"));
        let copied = window.copy(&format!("Copy the figures: {name}")).expect("copied");
        assert!(copied.lines().count() > 2, "{name}");
    }
    window.click_first("75 and over: ");
    assert_eq!(window.state().model().screen, Screen::Review);
    let model = window.state().model();
    let band = model.pictures.ages.last().expect("a band");
    assert_eq!(model.view.rows.len(), band.blocked);
    window.key(CTRL, egui::Key::Num2);
    window.click_first("NOLAN, Orla (Dr): ");
    let model = window.state().model();
    let list = model.pictures.gps.iter().find(|l| model.view.rows.len() == l.blocked);
    assert!(list.is_some());
}

#[test]
fn a_patient_is_explained_with_group_and_blockers() {
    let mut window = window(Some(sample()), Vec::new());
    let case = window.state().model().case.clone().expect("open");
    let group = &case.findings.groups[0];
    window.click("Findings");
    window.click_first("Review 2,");
    window.sees("Why it looks added in bulk");
    window.sees("One of 2,343 that day by this user.");
    window.sees(&format!("{}: {}", group.id.label(), group.title));
    // Its figures lead on.
    window.click_first("One of 2,343 that day");
    assert!(matches!(window.state().model().view.filter.scope, Scope::Behind(Some(_), Behind::DayOf(..))));
    assert!(window.state().model().view.rows.len() > 2_300);
    // Somebody who can only be decided one by one: what stands on file.
    window.click("Findings");
    window.click("Review 9");
    window.sees("To be decided one by one");
    window.sees("A 104 and a 106 of one day, ");
    assert!(!matches!(window.state().model().dialog, Some(Dialog::Reason { .. })));
}

/// "A marker on file" sends nobody to look for it: the row and what stands there are said.
#[test]
fn where_a_marker_stands_is_said() {
    use record_access_review::app::signs;
    let who = |n: u64| format!("{},\"PERSON {n}, A\",01-Jan-1980", number(n).digits());
    let header = "NHS Number,Full Name,Date of Birth,Code Term,SNOMED Code,Date,Associated Text,Problems";
    let t104 = "Enhanced review indicated before granting access to own health record";
    let text = format!(
        "{header}\n{},{t104},,31-Oct-2022,\"MARAC case, do not give access\",\n,,,Seen by team,836881000000105,05-Aug-2023,,\n{},{t104},,31-Oct-2022,,Victim of domestic abuse\n{},{t104},,31-Oct-2022,,\n",
        who(1),
        who(2),
        who(3)
    );
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, text).expect("written");
    let case = crate::support::case_of(&[path]);
    let of = |n| signs(&case, record_access_review::cohort::PatientId(n));
    assert_eq!(of(0), ["MARAC case, do not give access, 31-Oct-2022 (row 2)", "Seen by team, 05-Aug-2023 (row 3)"]);
    assert_eq!(of(1), ["Problems: Victim of domestic abuse (row 4)"]);
    assert!(of(2).is_empty());
}
