//! Spot checks: drawing, answering, and the end of a stop.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::deciding::{made_with, who};
use super::listing::{move_by, rearrange, show};
use super::{done, open_dialog, wrong};
use crate::app::dialog::{Dialog, Waiting};
use crate::app::effects::Effect;
use crate::app::model::Model;
use crate::app::view::{Filter, Scope};
use crate::cohort::PatientId;
use crate::domain::wording::count;
use crate::findings::GroupId;
use crate::review::{Choice, Lifted, Made, SpotCheck, Verdict, WANTED, plan_group};

/// The bound that is proposed: fewer than 5 in a hundred, as auditors do.
const USUAL: u8 = 5;

/// Fewer letters say nothing about how a list was reviewed, or about what was seen.
const LEAST_LETTERS: usize = 15;

/// Whether a text says how, or why: dots and figures do not.
fn says_enough(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS
}

/// Asks for the reviewer's name first, where nobody has said it.
pub(super) fn is_named(model: &mut Model, then: Waiting) -> bool {
    if !model.reviewer.name.trim().is_empty() {
        return true;
    }
    open_dialog(model, Dialog::Reviewer { name: String::new(), role: String::new(), then: Some(then) });
    false
}

pub(super) fn ask_spot_check(model: &mut Model, group: Option<GroupId>) -> Vec<Effect> {
    let Some(case) = model.case.clone() else { return Vec::new() };
    if !is_named(model, Waiting::SpotCheck(group)) {
        return Vec::new();
    }
    let (ids, of, list): (&[PatientId], String, Made) = match group.and_then(|id| case.findings.group(id)) {
        Some(group) => (&group.members, group.title.clone(), Made::With(group.id)),
        None => (&model.view.rows, model.view.title(&case), made_with(model)),
    };
    let plan = plan_group(&case.cohort, &case.findings, &model.review, ids);
    if plan.to_be_checked().next().is_none() {
        wrong(
            model,
            "There is nobody to draw from: a sample is drawn from those whom a 106 together would take.".to_owned(),
        );
        return Vec::new();
    }
    open_dialog(model, Dialog::SpotCheck { wanted: USUAL, plan: Arc::new(plan), of, list, more: None });
    Vec::new()
}

pub(super) fn ask_more(model: &mut Model, place: usize) -> Vec<Effect> {
    let Some(check) = model.review.checks().get(place) else { return Vec::new() };
    let Some(wanted) = WANTED.into_iter().find(|w| *w < check.wanted) else { return Vec::new() };
    // Whoever was decided since is still in the list that it was drawn from.
    let plan = crate::review::GroupPlan { included: check.population.clone(), ..Default::default() };
    let (of, list) = (check.title.clone(), check.list);
    if check.population.len() < check.group {
        wrong(model, "Some of the list are not in this export any more: draw a new spot check.".to_owned());
        return Vec::new();
    }
    open_dialog(model, Dialog::SpotCheck { wanted, plan: Arc::new(plan), of, list, more: Some(place) });
    Vec::new()
}

pub(super) fn draw(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(Dialog::SpotCheck { wanted, plan, of, list, more }) = model.dialog.take() else { return Vec::new() };
    let Some(case) = model.case.clone() else { return Vec::new() };
    let by = model.reviewer.clone();
    let Some(place) = more else {
        let number = model.review_number;
        return vec![Effect::Draw { case, plan, wanted, title: of, list, number, by, now }];
    };
    let review = Arc::make_mut(&mut model.review);
    let back = review.grow_check(place, wanted, &case.cohort, &by, now);
    done(model, format!("The sample is larger now: answer the new ones too.{}", said_back(back)));
    go_to(model, place)
}

pub(super) fn drawn(model: &mut Model, number: u64, check: SpotCheck) -> Vec<Effect> {
    if number != model.review_number {
        wrong(model, "Another review was opened meanwhile. Draw the sample again.".to_owned());
        return Vec::new();
    }
    let size = check.sample.len();
    let (place, back) = Arc::make_mut(&mut model.review).add_check(check);
    let drawn = count(size, "patient");
    let text =
        format!("{drawn} drawn at random. Open each record in the clinical system, and answer.{}", said_back(back));
    done(model, text);
    go_to(model, place)
}

fn go_to(model: &mut Model, place: usize) -> Vec<Effect> {
    show(model, Filter::scope(Scope::Sample(place)))
}

/// Which spot check the list on the screen is the sample of.
pub(super) fn sample_shown(model: &Model) -> Option<usize> {
    match model.view.filter.scope {
        Scope::Sample(place) => Some(place),
        _ => None,
    }
}

pub(super) fn answer(model: &mut Model, verdict: Option<Verdict>, now: NaiveDateTime) -> Vec<Effect> {
    let (Some(check), Some(id)) = (sample_shown(model), model.view.active) else { return Vec::new() };
    let sample = model.review.checks().get(check).map(|c| &c.sample);
    let Some(place) = sample.and_then(|s| s.iter().position(|s| s.patient == Some(id))) else { return Vec::new() };
    if !is_named(model, Waiting::Answer(verdict)) {
        return Vec::new();
    }
    let answers = model.review.checks().get(check).and_then(|c| c.sample.get(place)?.answer.as_ref());
    let was_at_risk = answers.is_some_and(|a| a.verdict == Verdict::AtRisk);
    match verdict {
        // A key too many must not make somebody safe.
        Some(verdict) if was_at_risk && verdict != Verdict::AtRisk => {
            let Some(case) = model.case.clone() else { return Vec::new() };
            let who = who(&case, &model.review, id);
            open_dialog(model, Dialog::Overturn { check, place, who, verdict, reason: String::new() });
            return Vec::new();
        }
        None if was_at_risk => {
            let text = "This patient is answered “At risk”. If that was a slip, Undo (Ctrl+Z) takes it back; else answer “Not at risk”, and say why.";
            wrong(model, text.to_owned());
            return Vec::new();
        }
        _ => {}
    }
    let by = model.reviewer.clone();
    let taken_back = Arc::make_mut(&mut model.review).answer(check, place, verdict, &by, now);
    let back = said_back(taken_back);
    match verdict {
        Some(Verdict::AtRisk) => wrong(
            model,
            format!(
                "Somebody at risk is in this list: nobody in it is given a 106 together until it has been split or reviewed.{back} Decide this patient now."
            ),
        ),
        Some(verdict) => done(model, format!("Answered: {}.{back}", verdict.label())),
        None => done(model, "The answer was cleared.".to_owned()),
    }
    let effects = rearrange(model);
    if verdict.is_some_and(|v| v != Verdict::AtRisk) {
        go_to_unanswered(model, check);
    }
    effects
}

/// The next of the sample who is not answered yet, from the top again where the end is
/// reached; else one further.
fn go_to_unanswered(model: &mut Model, check: usize) {
    let sample = model.review.checks().get(check).map_or(&[][..], |c| &c.sample);
    let open: HashSet<PatientId> = sample.iter().filter(|s| s.answer.is_none()).filter_map(|s| s.patient).collect();
    let rows = &model.view.rows;
    let after = (model.view.active_row + 1).min(rows.len());
    let places = (after..rows.len()).chain(0..after);
    let next = places.into_iter().find(|at| rows.get(*at).is_some_and(|id| open.contains(id)));
    let distance =
        next.map_or(1, |at| i64::try_from(at).unwrap_or(0) - i64::try_from(model.view.active_row).unwrap_or(0));
    move_by(&mut model.view, distance);
}

pub(super) fn overturn(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(Dialog::Overturn { check, place, verdict, reason, .. }) = model.dialog.clone() else { return Vec::new() };
    if !says_enough(&reason) {
        wrong(model, "Say what you saw in the record, and why it is no risk.".to_owned());
        return Vec::new();
    }
    let by = model.reviewer.clone();
    let review = Arc::make_mut(&mut model.review);
    review.answer_for(check, place, Some(verdict), reason.trim().to_owned(), &by, now);
    model.dialog = None;
    done(model, format!("Answered: {}, with the reason.", verdict.label()));
    rearrange(model)
}

pub(super) fn ask_lift(model: &mut Model, check: usize) -> Vec<Effect> {
    if !is_named(model, Waiting::Lift(check)) {
        return Vec::new();
    }
    let (left, open) = (unanswered(model, check), undecided_at_risk(model, check));
    let mut missing = Vec::new();
    if left > 0 {
        missing.push(format!("answer the whole sample ({} left)", count(left, "patient")));
    }
    if open > 0 {
        missing.push(format!("decide everybody who was found at risk ({} left)", count(open, "patient")));
    }
    if model.reviewer.role.trim().is_empty() {
        missing.push("say your role in the practice (Ctrl+R), which stands beside your name in the report".to_owned());
    }
    if !missing.is_empty() {
        wrong(model, format!("Before the stop can end: {}.", missing.join("; ")));
        return Vec::new();
    }
    open_dialog(model, Dialog::Lift { check, reason: String::new() });
    Vec::new()
}

/// Decisions that could not stay in force, in words.
pub(super) fn said_back(n: usize) -> String {
    if n == 0 { String::new() } else { format!(" {} “Add 106” taken back.", count(n, "decision")) }
}

/// How many of a sample are still to be answered, of those who are in the export.
fn unanswered(model: &Model, check: usize) -> usize {
    let sample = model.review.checks().get(check).map_or(&[][..], |c| &c.sample);
    sample.iter().filter(|s| s.answer.is_none() && s.patient.is_some()).count()
}

/// How many of those found at risk nobody has decided to keep or to ask about.
fn undecided_at_risk(model: &Model, check: usize) -> usize {
    let (Some(check), Some(case)) = (model.review.checks().get(check), &model.case) else { return 0 };
    let is_kept = |id: PatientId| model.review.of(id).is_some_and(|d| d.choice != Choice::Add106);
    // Nothing is decided for somebody who has left since.
    let is_here = |id: &PatientId| case.cohort.patient(*id).is_some_and(crate::cohort::Patient::is_eligible);
    check.at_risk().filter_map(|s| s.patient).filter(|id| is_here(id) && !is_kept(*id)).count()
}

pub(super) fn lift(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(Dialog::Lift { check, reason }) = model.dialog.clone() else { return Vec::new() };
    if !says_enough(&reason) {
        wrong(model, "Say how the list was reviewed, by whom, and what came of it.".to_owned());
        return Vec::new();
    }
    let about =
        model.review.checks().get(check).map_or_else(Vec::new, |c| c.at_risk().map(|s| s.nhs.digits()).collect());
    let lifted = Lifted { by: model.reviewer.clone(), at: now, reason: reason.trim().to_owned(), about };
    Arc::make_mut(&mut model.review).lift(check, lifted);
    model.dialog = None;
    done(model, "The stop is over: the list can be decided together again.".to_owned());
    rearrange(model)
}
