//! The one writer: every change of the model happens here.

mod checking;
mod confirming;
mod deciding;
mod reading;
mod sittings;
mod trying;

use std::sync::Arc;

use chrono::NaiveDateTime;

use checking::{answer, ask_lift, ask_more, ask_spot_check, drawn, is_named, said_back};
use confirming::confirm;
use deciding::{ask_group, decide_active, replan};
use reading::{open, opened, preview, save_settings, start_reading};
use sittings::{broken, close, close_when_saved, give_up, open_review, review_opened, review_saved, start_review};
use trying::{ask_thresholds, try_thresholds};
pub use trying::{is_same_group, thresholds_typed};

use super::action::Action;
use super::case::Origin;
use super::command::Command;
use super::dialog::{AfterUnsaved, Dialog, Waiting};
use super::effects::Effect;
use super::model::{Attempt, Model, Notice, Screen, Tone};
use super::view::{Filter, Scope, View};
use crate::cohort::PatientId;
use crate::domain::Day;
use crate::domain::code::Alias;
use crate::domain::wording::count;
use crate::extract::Purpose;
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
        Command::ChosenMore(purpose, paths) => {
            model.asking = false;
            let Some(mut attempt) = model.current().filter(|_| !paths.is_empty()) else { return Vec::new() };
            attempt.origin = attempt.origin.with(paths, purpose);
            start_reading(model, attempt, now)
        }
        Command::Columns(path) => vec![preview(model, path)],
        Command::Previewed { path, result } => {
            match result {
                Ok(mut preview) => {
                    let unread = model.unread.as_ref().filter(|unread| unread.path == path);
                    let why = unread.map_or_else(String::new, |unread| unread.why.clone());
                    // What is disputed is for the user to say, and not for a click on "go on".
                    for number in unread.into_iter().flat_map(|unread| &unread.disputed) {
                        preview.dispute(number.saturating_sub(1));
                    }
                    let roles = preview.said.clone();
                    let purpose = match model.attempt_with(&path).map(|attempt| attempt.origin) {
                        Some(Origin::Files(files)) => files.iter().find(|f| f.path == path).map(|f| f.purpose),
                        _ => None,
                    };
                    let needs_codes = purpose.is_none_or(|p| p == Purpose::Export);
                    let preview = Arc::new(preview);
                    open_dialog(model, Dialog::Columns { path, preview, roles, why: why.clone(), needs_codes });
                    // It still stands there when the panel is closed.
                    if !why.is_empty() {
                        wrong(model, why);
                    }
                }
                Err(error) => wrong(model, error.to_string()),
            }
            Vec::new()
        }
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
        Command::Search(words) => {
            model.view.search = words;
            rearrange(model)
        }
        Command::Sort(column) => {
            model.view.descending = model.view.sort == column && !model.view.descending;
            model.view.sort = column;
            // A new order is read from its top.
            model.view.active = None;
            model.view.active_row = 0;
            rearrange(model)
        }
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
        Command::Select(id) => {
            forget_trouble(model);
            if let Some(row) = model.view.rows.iter().position(|r| *r == id) {
                model.view.active_row = row;
                model.view.active = Some(id);
            }
            Vec::new()
        }
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
        Command::ChosenFolder(paths) => {
            model.asking = false;
            let (Some(folder), Some(case)) = (paths.into_iter().next(), &model.case) else { return Vec::new() };
            model.saving = true;
            let effect = Effect::Save {
                case: Arc::clone(case),
                review: Arc::clone(&model.review),
                folder,
                // Today, and not the day on which the window was opened.
                dated: Day::from(now.date()),
                target: model.target,
                options: model.settings.files,
                now,
            };
            vec![effect]
        }
        Command::NoDialog => {
            model.asking = false;
            wrong(
                model,
                "No file dialog could be opened on this computer. Drop the export on this window instead; for saving, start record-access-review --report from a command line.".to_owned(),
            );
            Vec::new()
        }
        Command::Saved(result) => {
            model.saving = false;
            match result {
                Ok(saved) => {
                    done(model, format!("Saved {} in {}.", count(saved.files.len(), "file"), saved.folder.display()));
                    model.saved = Some(saved);
                }
                Err(error) => {
                    model.close_when_saved = false;
                    wrong(model, error.to_string());
                }
            }
            close_when_saved(model)
        }
        Command::ChosenReviewTarget(paths) => {
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
        Command::ChosenCheck(paths) => {
            model.asking = false;
            if paths.is_empty() {
                return Vec::new();
            }
            // The decisions go along: that is what the new export is held against. So do the
            // lists beside the export: whoever is on a register stays marked.
            let mut origin = Origin::exports(paths);
            if let Some(Origin::Files(open)) = model.case.as_ref().map(|case| case.origin.clone()) {
                for list in open.into_iter().filter(|f| f.purpose != Purpose::Export) {
                    origin = origin.with([list.path], list.purpose);
                }
            }
            start_reading(model, Attempt { carries: true, ..Attempt::anew(origin) }, now)
        }
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
        Action::SaveReview => {
            if model.saving_review {
                wrong(model, "The review is being saved already. Wait until that is done.".to_owned());
                return Vec::new();
            }
            if let Some(path) = &model.review_file {
                let path = path.clone();
                update(model, Command::ChosenReviewTarget(vec![path]), now)
            } else {
                let name = model
                    .case
                    .as_ref()
                    .and_then(|c| c.cohort.practice_title())
                    .unwrap_or_else(|| "Practice".to_owned());
                ask(model, Question::SaveReview(format!("{name} review.json")))
            }
        }
        Action::OpenReview => ask(model, Question::OpenReview),
        Action::Undo | Action::Redo => {
            let label = if action == Action::Undo { model.review.undo_label() } else { model.review.redo_label() };
            let Some(label) = label.map(str::to_owned) else { return Vec::new() };
            if !is_named(model, Waiting::Do(action)) {
                return Vec::new();
            }
            let by = model.reviewer.clone();
            let review = Arc::make_mut(&mut model.review);
            let (said, back) = if action == Action::Undo {
                ("Undone", review.undo(&by, now))
            } else {
                ("Done again", review.redo(&by, now))
            };
            match back {
                0 => done(model, format!("{said}: {label}.")),
                n => wrong(model, format!("{said}: {label}. The list is stopped by a spot check.{}", said_back(n))),
            }
            // Back to whom it concerned.
            if let Some(id) = model.review.history().last().and_then(crate::review::Event::patient) {
                model.view.active = Some(id);
            }
            rearrange(model)
        }
        Action::Add106 => decide_active(model, Choice::Add106, now),
        Action::Keep104 => decide_active(model, Choice::Keep104, now),
        Action::AskClinician => decide_active(model, Choice::AskClinician, now),
        Action::Clear => {
            let Some(id) = model.view.active.filter(|id| model.review.of(*id).is_some()) else { return Vec::new() };
            if !is_named(model, Waiting::Do(action)) {
                return Vec::new();
            }
            let by = model.reviewer.clone();
            Arc::make_mut(&mut model.review).clear(&[id], &by, now);
            done(model, "The decision was cleared.".to_owned());
            rearrange(model)
        }
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

fn show(model: &mut Model, filter: Filter) -> Vec<Effect> {
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

fn rearrange(model: &mut Model) -> Vec<Effect> {
    let Some(case) = &model.case else { return Vec::new() };
    model.view.wish += 1;
    model.view.arranging = true;
    vec![Effect::Arrange { case: Arc::clone(case), review: Arc::clone(&model.review), view: model.view.clone() }]
}

fn arranged(view: &mut View, rows: Arc<Vec<PatientId>>) {
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

fn move_by(view: &mut View, rows: i64) {
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

#[cfg(test)]
mod tests;
