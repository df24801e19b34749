//! Other thresholds: tried at once, used when the user says so.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::listing::rearrange;
use super::reading::save_settings;
use super::{done, open_dialog, wrong};
use crate::app::case::Case;
use crate::app::dialog::Dialog;
use crate::app::effects::Effect;
use crate::app::model::{Figures, Model, Pictures, Trial};
use crate::app::view::{Filter, Scope};
use crate::domain::wording::count;
use crate::findings::{GroupId, Setting, Thresholds};
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
    let (thresholds, Some(case)) = (thresholds_typed(typed), &model.case) else { return Vec::new() };
    // What is still being worked out is for what stood there before.
    model.next_trial += 1;
    let is_known = |wanted: Thresholds| {
        let tried = model.trial.as_ref().filter(|trial| trial.is_of(case));
        wanted == case.findings.thresholds || tried.is_some_and(|trial| trial.case.findings.thresholds == wanted)
    };
    match thresholds {
        Some(thresholds) if !is_known(thresholds) => {
            let review = Arc::clone(&model.review);
            vec![Effect::Find { trial: model.next_trial, case: Arc::clone(case), review, thresholds }]
        }
        _ => Vec::new(),
    }
}

/// Whether a number means the same piece of work by other findings.
pub fn is_same_group(before: &Case, after: &Case, id: GroupId) -> bool {
    before.findings.group(id).zip(after.findings.group(id)).is_some_and(|(a, b)| a.is_same_as(b))
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
    let is_it = |trial: &Trial| trial.case.findings.thresholds == thresholds && trial.is_of(&case);
    // It is worked out in a moment; then the button works.
    let Some(found) = model.trial.take().filter(is_it).map(|trial| trial.case) else { return Vec::new() };
    model.dialog = None;
    let (before, after) = (case.findings.thresholds.settings(), thresholds.settings());
    let changed: Vec<String> = before
        .into_iter()
        .zip(after)
        .filter(|(old, new)| old.value != new.value)
        .map(|(old, new)| format!("{} {} → {}", old.key, old.value, new.value))
        .collect();
    let was_saved = !model.is_unsaved();
    let by = model.reviewer.clone();
    let review = Arc::make_mut(&mut model.review);
    // First: the number of a group may be another one's by these findings.
    review.regroup(&found.findings, |id| is_same_group(&case, &found, id));
    let lapsed = lapsed(&found.cohort, &found.findings, review);
    review.found_otherwise(format!("Thresholds: {}", changed.join(", ")), &lapsed, &by, now);
    if lapsed.is_empty() {
        // A note of it by itself is nothing that could be lost.
        if was_saved {
            model.saved_steps = model.review.history().len();
        }
        done(model, format!("Other thresholds are in force: {}.", changed.join(", ")));
    } else {
        let text = format!(
            "{} no longer hold by these thresholds and were taken back: look at them again.",
            count(lapsed.len(), "decision")
        );
        wrong(model, text);
    }
    model.settings.thresholds = thresholds;
    model.figures = Figures::of(&found);
    model.pictures = Pictures::of(&found);
    model.case = Some(found);
    // The groups have other members now, and other numbers.
    let stays = |scope| matches!(scope, Scope::Blocked | Scope::Everybody | Scope::Status(_) | Scope::Sample(_));
    if !stays(model.view.filter.scope) {
        model.view.filter = Filter::default();
    }
    let mut effects = save_settings(model);
    effects.extend(rearrange(model));
    effects
}
