//! Decisions, one by one and together.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::checking::{is_named, said_back};
use super::listing::{move_by, rearrange};
use super::{done, open_dialog, wrong};
use crate::app::action::Action;
use crate::app::case::Case;
use crate::app::dialog::{Dialog, Waiting};
use crate::app::effects::Effect;
use crate::app::model::{Model, TYPE_NUMBER_FROM};
use crate::app::view::{DecisionFilter, Filter, Scope};
use crate::cohort::PatientId;
use crate::domain::wording::{count, figure};
use crate::findings::Likelihood;
use crate::review::{Against, Choice, Decision, Made, Refusal, Review, blockers, check, plan_group};

pub(super) fn decide_active(model: &mut Model, choice: Choice, now: NaiveDateTime) -> Vec<Effect> {
    let Some(id) = model.view.active else { return Vec::new() };
    // In a list of the undecided another patient takes the place of the last one: a key
    // typed before that is seen is meant for neither.
    if model.view.arranging && model.view.filter.decision.is_some() {
        return Vec::new();
    }
    decide_one(model, id, choice, String::new(), now)
}

pub(super) fn decide_one(
    model: &mut Model,
    id: PatientId,
    choice: Choice,
    reason: String,
    now: NaiveDateTime,
) -> Vec<Effect> {
    let Some(case) = model.case.clone() else { return Vec::new() };
    // Every decision carries a reason; whether it can be made at all is said before.
    let asked = if reason.trim().is_empty() { "to be said" } else { &reason };
    match check(&case.cohort, &case.findings, &model.review, id, choice, &model.reviewer, asked) {
        Ok(()) if reason.trim().is_empty() => {
            let because = why_alone(&case, &model.review, id);
            let careful = is_careful(&case, &model.review, id);
            let who = who(&case, &model.review, id);
            open_dialog(model, Dialog::Reason { patient: id, who, careful, choice, because, reason });
            Vec::new()
        }
        Ok(()) => {
            let despite = Against::of(&case.cohort, &case.findings, id);
            let decision = Decision { choice, by: model.reviewer.clone(), at: now, reason, made: Made::Alone, despite };
            Arc::make_mut(&mut model.review).record(&[id], &decision);
            model.dialog = None;
            let whom = case.cohort.patient(id).map_or_else(String::new, |p| crate::app::view::name(&case, p));
            let whom = if whom.is_empty() { "one patient".to_owned() } else { whom };
            done(model, format!("{} recorded for {whom}.", choice.label()));
            let effects = rearrange(model);
            // On to the next, unless the list has already moved up.
            if model.view.filter.decision.is_none() && model.view.active == Some(id) {
                move_by(&mut model.view, 1);
            }
            effects
        }
        Err(Refusal::NoReviewer) => {
            open_dialog(
                model,
                Dialog::Reviewer { name: String::new(), role: String::new(), then: Some(Waiting::One(id, choice)) },
            );
            Vec::new()
        }
        Err(refusal) => {
            wrong(model, refusal.to_string());
            Vec::new()
        }
    }
}

/// Name, number and the decision that is in force: the dialog is about nobody else.
pub(super) fn who(case: &Case, review: &Review, id: PatientId) -> String {
    let Some(patient) = case.cohort.patient(id) else { return String::new() };
    let number = patient.usable_number().map_or_else(|| "no NHS number of their own".to_owned(), |n| n.to_string());
    let now = review.of(id).map_or_else(String::new, |d| format!(" Now: {} by {}.", d.choice.label(), d.by.name));
    format!("{} · {number}.{now}", crate::app::view::name(case, patient))
}

/// Whether something speaks against deciding a patient like others: a 106 needs a reason in words
/// then, and is not the one thing to do next.
#[must_use]
pub fn is_careful(case: &Case, review: &Review, id: PatientId) -> bool {
    !blockers(&case.cohort, &case.findings, id).is_empty() || review.doubt(id).is_some() || !is_bulk(case, id)
}

fn is_bulk(case: &Case, id: PatientId) -> bool {
    case.findings.of(id).likelihood.is_none_or(Likelihood::is_bulk)
}

/// What whoever decides for one patient has to know first.
fn why_alone(case: &Case, review: &Review, id: PatientId) -> String {
    let mut why: Vec<String> =
        blockers(&case.cohort, &case.findings, id).iter().map(|b| b.label().to_owned()).collect();
    why.extend(review.doubt(id).map(|doubt| format!("a spot check says “{}”", doubt.label())));
    if why.is_empty() && !is_bulk(case, id) {
        let likelihood = case.findings.of(id).likelihood.map_or("", Likelihood::label);
        return format!(
            "This 104 does not look added in bulk ({likelihood}): somebody may have decided it for this patient. Check the record in the clinical system, then say why you decide so."
        );
    }
    if why.is_empty() {
        return "Give the reason for this decision. A number key chooses one.".to_owned();
    }
    format!(
        "To be decided one by one: {}. Check the record in the clinical system, then say why you decide so.",
        why.join(", ")
    )
}

pub(super) fn ask_group(model: &mut Model) -> Vec<Effect> {
    let Some(case) = model.case.clone() else { return Vec::new() };
    if matches!(model.view.filter.scope, Scope::Sample(_)) {
        wrong(
            model,
            "A sample is answered and decided one by one. Go back to the group to decide it together.".to_owned(),
        );
        return Vec::new();
    }
    if model.reviewer.name.trim().is_empty() {
        open_dialog(model, Dialog::Reviewer { name: String::new(), role: String::new(), then: Some(Waiting::All) });
        return Vec::new();
    }
    let plan = plan_group(&case.cohort, &case.findings, &model.review, &model.view.rows);
    if plan.most() == 0 {
        wrong(
            model,
            "Nobody in this list can be decided together: each is decided already, or needs a decision of their own."
                .to_owned(),
        );
        return Vec::new();
    }
    let of = model.view.title(&case);
    open_dialog(
        model,
        Dialog::Group { choice: None, plan: Arc::new(plan), reason: String::new(), typed: String::new(), of },
    );
    Vec::new()
}

/// How a decision for the list on the screen is made: with a group, or with a list.
pub(super) fn made_with(model: &Model) -> Made {
    match model.view.filter {
        Filter {
            scope: Scope::Group(id),
            part: None,
            looks: None,
            decision: None | Some(DecisionFilter::Undecided),
        } if model.view.search.trim().is_empty() => Made::With(id),
        _ => Made::Together,
    }
}

/// A dialog that the user edits keeps what only the program may say.
pub(super) fn replan(model: &Model, dialog: Dialog) -> Dialog {
    match (dialog, &model.dialog) {
        (Dialog::Group { choice, reason, typed, .. }, Some(Dialog::Group { plan, of, .. })) => {
            Dialog::Group { choice, plan: Arc::clone(plan), reason, typed, of: of.clone() }
        }
        (dialog, _) => dialog,
    }
}

/// Whether the number of patients was typed as asked.
#[must_use]
pub(super) fn number_typed(typed: &str, included: usize) -> bool {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    included < TYPE_NUMBER_FROM || digits == included.to_string()
}

pub(super) fn decide_group(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(Dialog::Group { choice, plan, reason, typed, .. }) = model.dialog.clone() else { return Vec::new() };
    let Some(case) = model.case.clone() else { return Vec::new() };
    let Some(choice) = choice else {
        wrong(model, "Choose what you decide: Add 106, Keep 104, or Ask a clinician.".to_owned());
        return Vec::new();
    };
    let wanted: Vec<PatientId> = plan.taken(choice).collect();
    if reason.trim().is_empty() {
        wrong(model, "Say why you decide so: choose a reason or write one.".to_owned());
        return Vec::new();
    }
    if !number_typed(&typed, wanted.len()) {
        wrong(model, format!("Type the number of patients, {}, to decide for all of them.", figure(wanted.len())));
        return Vec::new();
    }
    // Checked again, each by the rules of a single decision too.
    let included: Vec<PatientId> = plan_group(&case.cohort, &case.findings, &model.review, &wanted)
        .taken(choice)
        .filter(|id| {
            let by = &model.reviewer;
            check(&case.cohort, &case.findings, &model.review, *id, choice, by, &reason).is_ok()
        })
        .collect();
    let made = made_with(model);
    let despite = Against::default();
    let decision = Decision { choice, by: model.reviewer.clone(), at: now, reason, made, despite };
    Arc::make_mut(&mut model.review).record(&included, &decision);
    model.dialog = None;
    done(model, format!("{} recorded for {}.", choice.label(), count(included.len(), "patient")));
    rearrange(model)
}

/// Takes the last step back, or does it again.
pub(super) fn undo_or_redo(model: &mut Model, action: Action, now: NaiveDateTime) -> Vec<Effect> {
    let label = if action == Action::Undo { model.review.undo_label() } else { model.review.redo_label() };
    let Some(label) = label.map(str::to_owned) else { return Vec::new() };
    if !is_named(model, Waiting::Do(action)) {
        return Vec::new();
    }
    let by = model.reviewer.clone();
    let before = model.review.count(Choice::Add106);
    let review = Arc::make_mut(&mut model.review);
    let (said, back) =
        if action == Action::Undo { ("Undone", review.undo(&by, now)) } else { ("Done again", review.redo(&by, now)) };
    let again = review.count(Choice::Add106).saturating_sub(before);
    match back {
        // What was taken back with it is easily overlooked.
        0 if again > 1 => {
            let many = count(again, "decision");
            wrong(
                model,
                format!(
                    "{said}: {label}. {many} “Add 106” in force with it. If that is not what you meant, press Ctrl+Y (or Ctrl+Z)."
                ),
            );
        }
        0 => done(model, format!("{said}: {label}.")),
        n => wrong(model, format!("{said}: {label}. The list is stopped by a spot check.{}", said_back(n))),
    }
    // Back to whom it concerned.
    if let Some(id) = model.review.history().last().and_then(crate::review::Event::patient) {
        model.view.active = Some(id);
    }
    rearrange(model)
}

/// Clears the decision for the active patient.
pub(super) fn clear_active(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(id) = model.view.active.filter(|id| model.review.of(*id).is_some()) else { return Vec::new() };
    if !is_named(model, Waiting::Do(Action::Clear)) {
        return Vec::new();
    }
    let by = model.reviewer.clone();
    Arc::make_mut(&mut model.review).clear(&[id], &by, now);
    done(model, "The decision was cleared.".to_owned());
    rearrange(model)
}
