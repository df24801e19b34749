//! The one writer: every change of the model happens here.

mod checking;
mod confirming;
mod deciding;
mod listing;
mod reading;
mod saving;
mod sittings;
mod trying;

use std::sync::Arc;

use chrono::NaiveDateTime;

use checking::{answer, ask_lift, ask_more, ask_spot_check, drawn};
use confirming::confirm;
pub use deciding::is_careful;
use deciding::{ask_group, clear_active, decide_active, replan, undo_or_redo};
use listing::{arranged, move_by, rearrange, search, select, show, sort};
use reading::{add_files, check_result, open, opened, preview, previewed, save_settings, start_reading};
use saving::{ask_review_name, files_saved, save_files, save_review};
use sittings::{broken, close, give_up, open_review, review_opened, review_saved, start_review};
use trying::{ask_thresholds, try_thresholds};
pub use trying::{is_same_group, thresholds_typed};

use super::action::Action;
use super::case::Origin;
use super::command::Command;
use super::dialog::{AfterUnsaved, Dialog};
use super::effects::Effect;
use super::model::{Attempt, Model, Notice, Tone};
use super::view::{Filter, Scope};
use crate::domain::Day;
use crate::domain::code::Alias;
use crate::platform::dialogs::Question;
use crate::review::{Choice, Verdict};

/// Applies a command, and returns what is to be done outside the model.
pub fn update(model: &mut Model, command: Command, now: NaiveDateTime) -> Vec<Effect> {
    let before = (model.review_number, model.review.history().len());
    let mut effects = apply(model, command, now);
    // Whatever was decided, answered or undone is kept at once.
    if before != (model.review_number, model.review.history().len())
        && model.is_unsaved()
        && !model.journal_is_taken
        && let Some(case) = &model.case
    {
        effects.push(Effect::Keep {
            recovery: Arc::clone(&model.recovery),
            case: Arc::clone(case),
            review: Arc::clone(&model.review),
            number: model.review_number,
            now,
        });
    }
    effects
}

fn apply(model: &mut Model, command: Command, now: NaiveDateTime) -> Vec<Effect> {
    match command {
        Command::Do(action) => act(model, action, now),
        Command::Open(origin) => open(model, origin, now),
        Command::ChosenExports(paths) => {
            model.asking = false;
            if paths.is_empty() { Vec::new() } else { open(model, Origin::exports(paths), now) }
        }
        Command::ChosenMore(purpose, paths) => add_files(model, purpose, paths, now),
        Command::Columns(path) => vec![preview(model, path)],
        Command::Previewed { path, result } => previewed(model, path, result),
        Command::Broken(task) => {
            broken(model, task);
            Vec::new()
        }
        Command::Found { trial, found } => {
            let is_asked = matches!(model.dialog, Some(Dialog::Thresholds { .. }));
            if trial == model.next_trial && is_asked && model.case.as_ref().is_some_and(|case| found.is_of(case)) {
                model.trial = Some(found);
            }
            Vec::new()
        }
        Command::SettingsNotSaved(why) => {
            wrong(model, format!("The settings could not be kept for the next time. {why}"));
            Vec::new()
        }
        Command::Opened { work, result, found } => opened(model, work, result, found, now),
        Command::NotKept(why) => {
            wrong(
                model,
                format!(
                    "Decisions cannot be kept for the case that the program ends without saving: {why} Save the review often (Ctrl+Shift+S)."
                ),
            );
            Vec::new()
        }
        Command::ReviewGroup(id) => show(model, Filter::scope(Scope::Group(id))),
        Command::Show(filter) => show(model, filter),
        Command::Search(words) => search(model, words),
        Command::Sort(column) => sort(model, column),
        Command::Arranged { wish, rows, tally } => {
            if wish != model.view.wish {
                return Vec::new();
            }
            arranged(&mut model.view, rows);
            model.tally = tally;
            match model.after_arranging.take() {
                Some(action) => act(model, action, now),
                None => Vec::new(),
            }
        }
        Command::Select(id) => select(model, id),
        Command::Move(rows) => {
            forget_trouble(model);
            move_by(&mut model.view, rows);
            Vec::new()
        }
        Command::AskSpotCheck(group) => ask_spot_check(model, group),
        Command::Drawn { number, check } => drawn(model, number, *check),
        Command::AskMore(check) => ask_more(model, check),
        Command::AskLift(check) => ask_lift(model, check),
        Command::Edit(dialog) => {
            // An edit that arrives after the dialog was closed changes nothing.
            if model.dialog.is_none() {
                return Vec::new();
            }
            model.dialog = Some(replan(model, dialog));
            try_thresholds(model)
        }
        Command::Confirm => confirm(model, now),
        Command::Dismiss => {
            model.dialog = None;
            model.waiting = None;
            Vec::new()
        }
        Command::ChosenFolder(paths) => save_files(model, paths, now),
        Command::NoDialog => {
            model.asking = false;
            wrong(
                model,
                "No file dialog could be opened on this computer. Drop the export on this window instead; for saving, start record-access-review --report from a command line.".to_owned(),
            );
            Vec::new()
        }
        Command::Saved(result) => files_saved(model, result),
        Command::ChosenReviewTarget(paths) => save_review(model, paths, now),
        Command::ReviewSaved { number, result } => review_saved(model, number, result, now),
        Command::ChosenReview(paths) => {
            model.asking = false;
            match paths.into_iter().next() {
                Some(path) => open_review(model, path, now),
                None => Vec::new(),
            }
        }
        Command::ReviewOpened { path, before, result } => {
            // Something else was opened, or decided, since the reading began: it is read again
            // over that.
            if before != (model.review_number, model.review.history().len()) {
                return open_review(model, path, now);
            }
            review_opened(model, path, result)
        }
        Command::DiscardRecovered => {
            model.dialog = None;
            let Some(case) = model.case.clone() else { return Vec::new() };
            let mut effects = give_up(model);
            start_review(model, case.new_review(&model.reviewer, now));
            model.saved_steps = model.review.history().len();
            effects.extend(rearrange(model));
            effects
        }
        Command::Options(options) => {
            model.settings.files = options;
            save_settings(model)
        }
        Command::ChosenCheck(paths) => check_result(model, paths, now),
        Command::CloseRequested => {
            if model.must_ask() && !model.closing {
                open_dialog(model, Dialog::Unsaved { then: AfterUnsaved::Close });
                return Vec::new();
            }
            if model.is_saving() {
                model.close_when_saved = true;
                done(model, "The window closes as soon as everything is saved.".to_owned());
                return Vec::new();
            }
            close(model)
        }
    }
}

/// Opens a dialog; what went wrong before belongs to something else.
fn open_dialog(model: &mut Model, dialog: Dialog) {
    model.dialog = Some(dialog);
    model.dialogs_opened += 1;
    forget_trouble(model);
}

/// What went wrong before is of another patient, or of another wish.
fn forget_trouble(model: &mut Model) {
    model.notice.take_if(|notice| notice.tone == Tone::Wrong);
}

fn done(model: &mut Model, text: String) {
    model.notice = Some(Notice { tone: Tone::Done, text });
}

fn wrong(model: &mut Model, text: String) {
    model.notice = Some(Notice { tone: Tone::Wrong, text });
}

fn ask(model: &mut Model, question: Question) -> Vec<Effect> {
    if model.asking {
        return Vec::new();
    }
    model.asking = true;
    vec![Effect::Ask(question)]
}

fn act(model: &mut Model, action: Action, now: NaiveDateTime) -> Vec<Effect> {
    match action {
        Action::Open => ask(model, Question::OpenExports),
        Action::Cancel => {
            if let Some(work) = &model.work {
                work.progress.cancel();
            }
            Vec::new()
        }
        Action::Go(screen) => {
            if model.can_show(screen) {
                model.screen = screen;
            }
            Vec::new()
        }
        Action::Reviewer => {
            let crate::review::Reviewer { name, role } = model.reviewer.clone();
            open_dialog(model, Dialog::Reviewer { name, role, then: None });
            Vec::new()
        }
        Action::OwnCodes => {
            let mut aliases = model.settings.aliases.clone();
            if aliases.is_empty() {
                aliases.push(Alias { text: String::new(), code: "104".to_owned() });
            }
            open_dialog(model, Dialog::OwnCodes { aliases });
            Vec::new()
        }
        Action::Target => {
            let typed = model.target.map_or_else(String::new, Day::prose);
            open_dialog(model, Dialog::Target { typed });
            Vec::new()
        }
        _ if model.case.is_none() => Vec::new(),
        // Keys typed while a dialog opens are meant for the dialog, never a decision.
        _ if model.dialog.is_some() => Vec::new(),
        Action::Add(purpose) => {
            if matches!(model.current(), Some(Attempt { origin: Origin::Files(_), .. })) {
                return ask(model, Question::AddFile(purpose));
            }
            wrong(model, "The made-up practice stands by itself. Open an export of yours first.".to_owned());
            Vec::new()
        }
        Action::MonthFirst => {
            let Some(attempt) = model.current() else { return Vec::new() };
            start_reading(model, Attempt { month_first: true, ..attempt }, now)
        }
        Action::SaveFiles => {
            if model.saving {
                wrong(model, "The files are being saved already. Wait until that is done.".to_owned());
                return Vec::new();
            }
            ask(model, Question::SaveFolder)
        }
        Action::SaveReview => ask_review_name(model, now),
        Action::OpenReview => ask(model, Question::OpenReview),
        Action::Undo | Action::Redo => undo_or_redo(model, action, now),
        Action::Add106 => decide_active(model, Choice::Add106, now),
        Action::Keep104 => decide_active(model, Choice::Keep104, now),
        Action::AskClinician => decide_active(model, Choice::AskClinician, now),
        Action::Clear => clear_active(model, now),
        // The list on the screen is not yet the one that its title says.
        Action::DecideAll | Action::SpotCheck if model.view.arranging => {
            model.after_arranging = Some(action);
            Vec::new()
        }
        Action::DecideAll => ask_group(model),
        Action::Thresholds => ask_thresholds(model),
        Action::SpotCheck => ask_spot_check(model, None),
        Action::NotAtRisk => answer(model, Some(Verdict::NotAtRisk), now),
        Action::AtRisk => answer(model, Some(Verdict::AtRisk), now),
        Action::CannotTell => answer(model, Some(Verdict::CannotTell), now),
        Action::ClearAnswer => answer(model, None, now),
        Action::CheckResult => ask(model, Question::CheckResult),
        Action::Find => {
            model.search_wishes += 1;
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests;
