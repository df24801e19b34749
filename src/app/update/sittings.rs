//! One sitting after the other: saved reviews that are opened, what is given up, and the end.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::listing::rearrange;
use super::{done, open_dialog, wrong};
use crate::app::case::{ReviewOpenError, file_name};
use crate::app::dialog::{AfterUnsaved, Dialog};
use crate::app::effects::{Effect, Task};
use crate::app::model::{Model, Notice, Screen, Tone};
use crate::domain::wording::count;
use crate::review::{Restored, Review};

/// Closes the window. What the user has given up is gone then, and not before.
pub(super) fn close(model: &mut Model) -> Vec<Effect> {
    let mut effects = if model.is_unsaved() { give_up(model) } else { Vec::new() };
    model.closing = true;
    effects.push(Effect::Close);
    effects
}

/// Decisions that are not saved are given up, and their recovery journal with them.
pub(super) fn give_up(model: &mut Model) -> Vec<Effect> {
    model.saved_steps = model.review.history().len();
    vec![Effect::Discard { recovery: Arc::clone(&model.recovery), number: model.review_number }]
}

/// Closes the window, where that waited for the saving.
pub(super) fn close_when_saved(model: &mut Model) -> Vec<Effect> {
    if !model.close_when_saved || model.is_saving() {
        return Vec::new();
    }
    model.close_when_saved = false;
    // What was decided meanwhile is asked about.
    if model.must_ask() {
        open_dialog(model, Dialog::Unsaved { then: AfterUnsaved::Close });
        return Vec::new();
    }
    close(model)
}

pub(super) fn open_review(model: &Model, path: PathBuf, now: NaiveDateTime) -> Vec<Effect> {
    let Some(case) = &model.case else { return Vec::new() };
    vec![Effect::OpenReview {
        case: Arc::clone(case),
        review: Arc::clone(&model.review),
        path,
        number: model.review_number,
        by: model.reviewer.clone(),
        now,
    }]
}

pub(super) fn review_opened(
    model: &mut Model,
    path: PathBuf,
    result: Result<Box<Restored>, ReviewOpenError>,
) -> Vec<Effect> {
    match result {
        Ok(restored) if restored.replaces && model.is_unsaved() => {
            model.waiting = Some((path, restored));
            open_dialog(model, Dialog::Unsaved { then: AfterUnsaved::Review });
            Vec::new()
        }
        Ok(restored) => opened_review(model, path, *restored),
        Err(error) => {
            wrong(model, format!("The saved review could not be opened. {error}"));
            Vec::new()
        }
    }
}

pub(super) fn opened_review(model: &mut Model, path: PathBuf, restored: Restored) -> Vec<Effect> {
    // What is in the file need not be saved again; what was not taken of it, or is otherwise
    // now, is in no file. A list is added to what may not be saved either.
    let is_whole = restored.replaces && restored.refused.is_empty() && !restored.is_other;
    let replaces = restored.replaces;
    in_force(model, restored);
    if is_whole {
        model.saved_steps = model.review.history().len();
    }
    // Saving goes on in the file that was opened, and never in another one.
    if replaces {
        model.review_file = Some(path);
    }
    rearrange(model)
}

/// Another review is in force: what was open of the one before is closed.
pub(super) fn start_review(model: &mut Model, review: Review) {
    model.review = Arc::new(review);
    model.review_number += 1;
    model.saved_steps = 0;
    model.review_file = None;
    model.dialog = None;
    model.waiting = None;
    model.after_arranging = None;
}

/// Says how saving a review ended: where it is, and how many of its events it has.
pub(super) fn review_saved(
    model: &mut Model,
    number: u64,
    result: Result<(PathBuf, usize), String>,
    now: NaiveDateTime,
) -> Vec<Effect> {
    model.saving_review = false;
    match result {
        Ok((path, _)) if number != model.review_number => {
            done(model, format!("Saved the review of before as {}.", file_name(&path)));
        }
        // What was decided while it was saved is not in it.
        Ok((path, steps)) => {
            model.saved_steps = steps;
            done(model, format!("Saved the review as {}, {}.", file_name(&path), now.format("%H:%M")));
            model.review_file = Some(path);
        }
        Err(sentence) => {
            model.close_when_saved = false;
            wrong(model, sentence);
        }
    }
    close_when_saved(model)
}

/// Puts a restored review in force, and says what became of it.
pub(super) fn in_force(model: &mut Model, restored: Restored) {
    let Restored { review, refused, notes, replaces, is_other } = restored;
    let mut text = format!("{} in force.", count(review.decided(), "decision"));
    if let Some(first) = refused.first() {
        text += &format!(
            " {} could not be restored, and must be made again (see Review, Not restored): {}",
            count(refused.len(), "decision"),
            first.why
        );
    }
    for note in &notes {
        text += &format!(" {note}");
    }
    if replaces {
        start_review(model, review);
        if is_other {
            model.screen = Screen::Save;
        }
    } else {
        // A list is added to the review that is open.
        model.review = Arc::new(review);
    }
    if refused.is_empty() && notes.is_empty() { done(model, text) } else { wrong(model, text) }
}

/// Work ended without a result: nobody waits for it any more, and the window can be closed.
pub(super) fn broken(model: &mut Model, task: Task) {
    let what = match task {
        Task::Reading => {
            model.work = None;
            "The files could not be read"
        }
        Task::Arranging => {
            model.view.arranging = false;
            "The list could not be put together"
        }
        Task::Saving => {
            model.saving = false;
            "The files were not saved"
        }
        Task::SavingReview => {
            model.saving_review = false;
            "The review was not saved"
        }
        Task::Other => "Something was not done",
    };
    model.close_when_saved = false;
    let text = format!(
        "{what}: the program met an error of its own. Save the review, start the program again, and tell whoever supplied it."
    );
    model.notice = Some(Notice { tone: Tone::Wrong, text });
}
