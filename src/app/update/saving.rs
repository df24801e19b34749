//! Saving: the files for the bulk step, and the review.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::sittings::close_when_saved;
use super::{ask, done, wrong};
use crate::app::effects::Effect;
use crate::app::model::{Model, SavedFiles};
use crate::domain::Day;
use crate::domain::wording::count;
use crate::handover::SaveError;
use crate::platform::dialogs::Question;

/// Saves the files into the folder that was chosen.
pub(super) fn save_files(model: &mut Model, paths: Vec<PathBuf>, now: NaiveDateTime) -> Vec<Effect> {
    model.asking = false;
    let (Some(folder), Some(case)) = (paths.into_iter().next(), &model.case) else { return Vec::new() };
    model.saving = true;
    let effect = Effect::Save {
        case: Arc::clone(case),
        review: Arc::clone(&model.review),
        number: model.review_number,
        folder,
        // Today, and not the day on which the window was opened.
        dated: Day::from(now.date()),
        target: model.target,
        options: model.settings.files,
        now,
    };
    vec![effect]
}

/// Says what was saved, or why nothing was.
pub(super) fn files_saved(model: &mut Model, result: Result<SavedFiles, SaveError>) -> Vec<Effect> {
    model.saving = false;
    match result {
        Ok(saved) => {
            done(model, format!("Saved {} in {}.", count(saved.files.len(), "file"), saved.folder.display()));
            if saved.review.0 == model.review_number {
                model.saved_steps = model.saved_steps.max(saved.review.1);
            }
            model.saved = Some(saved);
        }
        Err(error) => {
            model.close_when_saved = false;
            wrong(model, error.to_string());
        }
    }
    close_when_saved(model)
}

/// Saves the review under the name that was chosen.
pub(super) fn save_review(model: &mut Model, paths: Vec<PathBuf>, now: NaiveDateTime) -> Vec<Effect> {
    model.asking = false;
    let (Some(path), Some(case)) = (paths.into_iter().next(), &model.case) else { return Vec::new() };
    model.saving_review = true;
    vec![Effect::SaveReview {
        case: Arc::clone(case),
        review: Arc::clone(&model.review),
        path,
        now,
        recovery: (Arc::clone(&model.recovery), model.review_number),
    }]
}

/// Saves the review where it was saved before, or asks where.
pub(super) fn ask_review_name(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    if model.saving_review {
        wrong(model, "The review is being saved already. Wait until that is done.".to_owned());
        return Vec::new();
    }
    if let Some(path) = &model.review_file {
        let path = path.clone();
        save_review(model, vec![path], now)
    } else {
        let name = model.case.as_ref().and_then(|c| c.cohort.practice_title()).unwrap_or_else(|| "Practice".to_owned());
        ask(model, Question::SaveReview(format!("{name} review.json")))
    }
}
