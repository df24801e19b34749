//! Other thresholds: tried at once, used when the user says so.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::reading::save_settings;
use super::{done, open_dialog, rearrange, wrong};
use crate::app::effects::Effect;
use crate::app::model::{Dialog, Figures, Model, Pictures};
use crate::app::view::{Filter, Scope};
use crate::domain::wording::count;
use crate::findings::{Setting, Thresholds};
use crate::review::lapsed;

pub(super) fn ask_thresholds(model: &mut Model) -> Vec<Effect> {
    let Some(case) = &model.case else { return Vec::new() };
    let settings = case.findings.thresholds.settings();
    let typed = settings.iter().map(|s| (s.key, s.value.to_string())).collect();
    model.trial = None;
    open_dialog(model, Dialog::Thresholds { typed });
    Vec::new()
}

/// The thresholds as typed; `None` while something typed is no number within its range.
#[must_use]
pub fn thresholds_typed(typed: &[(&'static str, String)]) -> Option<Thresholds> {
    let mut all = Thresholds::default();
    for (key, text) in typed {
        let value = text.trim().parse::<u32>().ok()?;
        let known: Setting = all.settings().into_iter().find(|s| s.key == *key)?;
        if !(known.range.0..=known.range.1).contains(&value) {
            return None;
        }
        all = all.with(key, value);
    }
    Some(all)
}

/// Works out what the thresholds find that stand in the dialog.
pub(super) fn try_thresholds(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Thresholds { typed }) = &model.dialog else { return Vec::new() };
    let (Some(thresholds), Some(case)) = (thresholds_typed(typed), &model.case) else { return Vec::new() };
    let tried = model.trial.as_ref().map_or(case.findings.thresholds, |trial| trial.findings.thresholds);
    if thresholds == tried {
        return Vec::new();
    }
    model.next_trial += 1;
    vec![Effect::Find { trial: model.next_trial, case: Arc::clone(case), thresholds }]
}

/// Uses what was tried. Decisions that could not be made by it are taken back, and said.
pub(super) fn use_thresholds(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(Dialog::Thresholds { typed }) = &model.dialog else { return Vec::new() };
    let Some(thresholds) = thresholds_typed(typed) else { return Vec::new() };
    let Some(case) = model.case.clone() else { return Vec::new() };
    if thresholds == case.findings.thresholds {
        model.dialog = None;
        return Vec::new();
    }
    let trial = model
        .trial
        .take()
        .filter(|trial| trial.findings.thresholds == thresholds && Arc::ptr_eq(&trial.cohort, &case.cohort));
    // It is worked out in a moment; then the button works.
    let Some(trial) = trial else { return Vec::new() };
    model.dialog = None;
    let changed: Vec<String> = case
        .findings
        .thresholds
        .settings()
        .into_iter()
        .zip(thresholds.settings())
        .filter(|(old, new)| old.value != new.value)
        .map(|(old, new)| format!("{} {} → {}", old.key, old.value, new.value))
        .collect();
    let was_saved = !model.is_unsaved();
    let lapsed = lapsed(&trial.cohort, &trial.findings, &model.review);
    let by = model.reviewer.clone();
    let review = Arc::make_mut(&mut model.review);
    review.regroup(|id| case.findings.group(id).map(|g| &g.title) == trial.findings.group(id).map(|g| &g.title));
    review.note(format!("Thresholds: {}", changed.join(", ")), &lapsed, &by, now);
    if lapsed.is_empty() {
        // A note of it by itself is nothing that could be lost.
        if was_saved {
            model.saved_steps = model.review.history().len();
        }
        done(model, format!("Other thresholds are in force: {}.", changed.join(", ")));
    } else {
        wrong(
            model,
            format!(
                "{} no longer hold by these thresholds and were taken back: look at them again.",
                count(lapsed.len(), "decision")
            ),
        );
    }
    model.settings.thresholds = thresholds;
    model.figures = Figures::of(&trial);
    model.pictures = Pictures::of(&trial);
    model.case = Some(trial);
    // The groups have other members now, and other numbers.
    if !matches!(model.view.filter.scope, Scope::Blocked | Scope::Everybody | Scope::Status(_)) {
        model.view.filter = Filter::default();
    }
    let mut effects = save_settings(model);
    effects.extend(rearrange(model));
    effects
}
