//! The list of patients on the review screen.

use std::sync::Arc;

use super::{done, forget_trouble};
use crate::app::effects::Effect;
use crate::app::model::{Model, Screen};
use crate::app::view::{Column, Filter, Scope, View};
use crate::cohort::PatientId;

/// Shows a list of patients.
pub(super) fn show(model: &mut Model, filter: Filter) -> Vec<Effect> {
    let keeps_place = model.screen == Screen::Review && model.view.filter.scope == filter.scope;
    model.screen = Screen::Review;
    model.dialog = None;
    if matches!(filter.scope, Scope::Stopped(_)) && filter.part.is_none() {
        done(
            model,
            "Choose a part of the list under “Whole list”, then Spot check… (Ctrl+K) for that part.".to_owned(),
        );
    }
    model.view.filter = filter;
    if !keeps_place {
        model.view.search.clear();
        model.view.active = None;
        model.view.active_row = 0;
    }
    rearrange(model)
}

/// Puts the list together again, in the background.
pub(super) fn rearrange(model: &mut Model) -> Vec<Effect> {
    let Some(case) = &model.case else { return Vec::new() };
    model.view.wish += 1;
    model.view.arranging = true;
    vec![Effect::Arrange { case: Arc::clone(case), review: Arc::clone(&model.review), view: model.view.clone() }]
}

/// Takes the list that was put together.
pub(super) fn arranged(view: &mut View, rows: Arc<Vec<PatientId>>) {
    view.arranging = false;
    view.rows = rows;
    // The same patient stays active; if gone, whoever stands in that place.
    match view.active.and_then(|id| view.rows.iter().position(|r| *r == id)) {
        Some(row) => view.active_row = row,
        None => view.active_row = view.active_row.min(view.rows.len().saturating_sub(1)),
    }
    view.active = view.rows.get(view.active_row).copied();
    view.bring_into_view += 1;
}

/// Makes somebody so many rows further the active patient.
pub(super) fn move_by(view: &mut View, rows: i64) {
    let last = view.rows.len().saturating_sub(1);
    let distance = usize::try_from(rows.unsigned_abs()).unwrap_or(usize::MAX);
    view.active_row = if rows < 0 {
        view.active_row.saturating_sub(distance)
    } else {
        view.active_row.saturating_add(distance).min(last)
    };
    view.active = view.rows.get(view.active_row).copied();
    view.bring_into_view += 1;
}

/// Looks for words in the list.
pub(super) fn search(model: &mut Model, words: String) -> Vec<Effect> {
    model.view.search = words;
    rearrange(model)
}

/// Puts the list in another order, or turns it around.
pub(super) fn sort(model: &mut Model, column: Column) -> Vec<Effect> {
    model.view.descending = model.view.sort == column && !model.view.descending;
    model.view.sort = column;
    // A new order is read from its top.
    model.view.active = None;
    model.view.active_row = 0;
    rearrange(model)
}

/// Makes a patient of the list the active one.
pub(super) fn select(model: &mut Model, id: PatientId) -> Vec<Effect> {
    forget_trouble(model);
    if let Some(row) = model.view.rows.iter().position(|r| *r == id) {
        model.view.active_row = row;
        model.view.active = Some(id);
    }
    Vec::new()
}
