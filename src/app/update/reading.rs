//! Opening files, reading them again with more beside them, and what comes of it.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::listing::rearrange;
use super::sittings::{give_up, in_force, start_review};
use super::{done, open_dialog, wrong};
use crate::app::case::{Case, OpenError, Origin, Settings, file_name};
use crate::app::dialog::{AfterUnsaved, Dialog};
use crate::app::effects::Effect;
use crate::app::model::{Attempt, Figures, Model, Pictures, Screen, Unread, Work};
use crate::app::recovery::{Found, Recovered};
use crate::app::view::View;
use crate::domain::wording::count;
use crate::extract::{Mapping, NOT_USED, PatientRole, Preview, Progress, Purpose, ReadError, Role};
use crate::review::Restored;

pub(super) fn open(model: &mut Model, origin: Origin, now: NaiveDateTime) -> Vec<Effect> {
    if model.must_ask() {
        open_dialog(model, Dialog::Unsaved { then: AfterUnsaved::Open(origin) });
        return Vec::new();
    }
    start_reading(model, Attempt::anew(origin), now)
}

/// Reads files. What is open stays so until they are read.
pub(super) fn start_reading(model: &mut Model, attempt: Attempt, now: NaiveDateTime) -> Vec<Effect> {
    // A window may have been open overnight.
    model.today = crate::domain::Day::from(now.date());
    if let Some(work) = &model.work {
        work.progress.cancel();
    }
    model.next_work += 1;
    model.dialog = None;
    model.notice = None;
    model.unread = None;
    model.screen = Screen::Open;
    let progress = Arc::new(Progress::default());
    let label = match &attempt.origin {
        Origin::Sample(_) => "Making up a practice".to_owned(),
        Origin::Files(files) => {
            format!("Reading {}", files.iter().map(|f| file_name(&f.path)).collect::<Vec<_>>().join(", "))
        }
    };
    model.work = Some(Work { id: model.next_work, label, progress: Arc::clone(&progress) });
    let settings = Settings {
        thresholds: model.settings.thresholds,
        aliases: model.settings.aliases.clone(),
        known: model.settings.mappings.clone(),
        month_first: attempt.month_first,
        ..Settings::on(model.today)
    };
    let origin = attempt.origin.clone();
    // Decisions that are taken over are those of this window: nothing is to be recovered.
    let recovery = (!attempt.carries).then(|| (Arc::clone(&model.recovery), model.reviewer.clone(), now));
    model.attempt = Some(attempt);
    vec![Effect::Open { work: model.next_work, origin, settings, progress, recovery }]
}

pub(super) fn opened(
    model: &mut Model,
    work: u64,
    result: Result<Arc<Case>, OpenError>,
    found: Found,
    now: NaiveDateTime,
) -> Vec<Effect> {
    if model.work.as_ref().is_none_or(|w| w.id != work) {
        return Vec::new();
    }
    model.work = None;
    let case = match result {
        Ok(case) => case,
        // What the user asked for is nothing wrong.
        Err(error @ OpenError::Read { why: ReadError::Cancelled, .. }) => {
            done(model, error.to_string());
            return Vec::new();
        }
        Err(error) => {
            wrong(model, error.to_string());
            return ask_for_columns(model, &error);
        }
    };
    // As they are now, and not as they were when the reading began.
    let carried = match carried(model, &case, now) {
        Ok(carried) => carried,
        Err(why) => {
            wrong(model, format!("The decisions could not be taken over, and nothing was changed. {why}"));
            return Vec::new();
        }
    };
    // Decided while it was read: nobody has given that up.
    if carried.is_none() && model.must_ask() {
        let then = AfterUnsaved::Open(case.origin.clone());
        open_dialog(model, Dialog::Unsaved { then });
        return Vec::new();
    }
    // It may be about a patient of the files that are closed now.
    model.dialog = None;
    let (repaired, open): (Vec<_>, Vec<_>) =
        case.cohort.problems.iter().map(|(_, p)| p.kind.is_repaired()).partition(|r| *r);
    let rows: usize = case.files.iter().map(|f| f.data_rows as usize).sum();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
    let seconds = case.timings.read as f64 / 1000.0;
    done(
        model,
        format!(
            "Read {} in {seconds:.2} s · {} repaired · {} to look at.",
            count(rows, "row"),
            count(repaired.len(), "value"),
            count(open.len(), "problem")
        ),
    );
    // What was open before is given up only now, where the user said so.
    let mut effects = match &carried {
        None => give_up(model),
        Some(_) => Vec::new(),
    };
    start_review(model, case.new_review(&model.reviewer, now));
    model.saved_steps = model.review.history().len();
    model.saved = None;
    model.journal_is_taken = matches!(found, Found::InUse);
    model.view = View { wish: model.view.wish, ..View::default() };
    model.figures = Figures::of(&case);
    model.pictures = Pictures::of(&case);
    model.case = Some(case);
    model.screen = Screen::Overview;
    if let Some(restored) = carried {
        in_force(model, restored);
    }
    recovered(model, found);
    effects.extend(rearrange(model));
    effects
}

/// What had not been saved when the program last ended is in force again, and said.
fn recovered(model: &mut Model, found: Found) {
    let recovered = match found {
        Found::Nothing => return,
        Found::InUse => {
            let text = "Another window of this program has this export open. What is decided there is not seen here, and this window cannot keep its decisions: work in one of them.";
            return wrong(model, text.to_owned());
        }
        Found::Unreadable(why) => {
            let text = format!("Decisions on this export had not been saved, and cannot be recovered. {why}");
            return wrong(model, text);
        }
        Found::Decisions(recovered) => *recovered,
    };
    let Recovered { restored, last, by } = recovered;
    let day = crate::domain::Day::from(last.date()).prose();
    let who = if by.is_empty() { String::new() } else { format!(" by {by}") };
    let checks = match restored.review.checks().len() {
        0 => String::new(),
        n => format!(" and {}", count(n, "spot check")),
    };
    let text = format!(
        "The program ended before these were saved: {}{checks}, the last step{who} on {day} at {}. They are in force again, each checked again. Steps before now cannot be undone.",
        count(restored.review.decided(), "decision"),
        last.format("%H:%M"),
    );
    let is_whole = restored.refused.is_empty() && restored.notes.is_empty();
    in_force(model, restored);
    // The message says more where something was not taken.
    if is_whole {
        model.dialog = Some(Dialog::Recovered { text });
        model.dialogs_opened += 1;
    } else {
        let more = model.notice.take().map_or_else(String::new, |n| format!(" {}", n.text));
        model.dialog = Some(Dialog::Recovered { text: text + &more });
        model.dialogs_opened += 1;
    }
}

/// The decisions that are to be taken over, each checked again. Where nobody decided
/// anything there are none, unless it is to be seen what became of an earlier review.
fn carried(model: &Model, to: &Case, now: NaiveDateTime) -> Result<Option<Restored>, String> {
    let carries = model.attempt.as_ref().is_some_and(|attempt| attempt.carries);
    let has_any = !model.review.past().is_empty() || model.review.history().len() > 1;
    let Some(case) = model.case.as_ref().filter(|_| carries && has_any) else { return Ok(None) };
    let file = case.review_file(&model.review, now);
    let names: Vec<&str> = to.files.iter().map(|f| f.source.name()).collect();
    let why = format!("Decisions taken over, {} open", names.join(", "));
    let restored = to.restore(&file, &why, &model.reviewer, now);
    restored.map(Some).map_err(|e| e.to_string())
}

/// Where a file could not be read since its columns are not clear, the panel opens by
/// itself that settles them.
pub(super) fn ask_for_columns(model: &mut Model, error: &OpenError) -> Vec<Effect> {
    let OpenError::Read { path, why, .. } = error else { return Vec::new() };
    let can_be_settled = matches!(
        why,
        ReadError::Unsure { .. }
            | ReadError::NoSuchColumn { .. }
            | ReadError::NoNhsNumber { .. }
            | ReadError::NoCodes { .. }
            | ReadError::NoAccounts { .. }
    );
    if !can_be_settled {
        return Vec::new();
    }
    let disputed = match why {
        ReadError::Unsure { candidates, .. } => candidates.iter().map(|(number, _)| *number).collect(),
        _ => Vec::new(),
    };
    model.unread = Some(Unread { path: path.clone(), why: why.to_string(), disputed });
    vec![preview(model, path.clone())]
}

/// Shows the first rows of a file.
pub(super) fn preview(model: &Model, path: PathBuf) -> Effect {
    Effect::Preview { path, known: model.settings.mappings.clone(), today: model.today }
}

/// What the user changed in the panel, as it is remembered for this header: what was
/// changed, and which column is the number.
pub(super) fn mapping_of(preview: &Preview, roles: &[Option<Role>]) -> Vec<Mapping> {
    let nhs = Some(Role::Patient(PatientRole::NhsNumber));
    let columns = preview.columns.iter().zip(roles).enumerate();
    let told = columns.filter(|(_, ((_, guessed), said))| guessed != *said || **said == nhs);
    let mut mapping: Vec<Mapping> = told
        .map(|(at, (_, said))| Mapping {
            role: said.map_or(NOT_USED, Role::name).to_owned(),
            column: format!("#{}", at + 1),
        })
        .collect();
    // Roles are taken away before they are given to others.
    mapping.sort_by_key(|m| m.role != NOT_USED);
    mapping
}

pub(super) fn save_settings(model: &Model) -> Vec<Effect> {
    let Some(path) = model.settings_path.clone() else { return Vec::new() };
    vec![Effect::SaveSettings { path, settings: model.settings.clone() }]
}

/// Opens further files beside those that are open.
pub(super) fn add_files(model: &mut Model, purpose: Purpose, paths: Vec<PathBuf>, now: NaiveDateTime) -> Vec<Effect> {
    model.asking = false;
    let Some(mut attempt) = model.current().filter(|_| !paths.is_empty()) else { return Vec::new() };
    attempt.origin = attempt.origin.with(paths, purpose);
    start_reading(model, attempt, now)
}

/// Shows the panel in which a file's columns are settled.
pub(super) fn previewed(model: &mut Model, path: PathBuf, result: Result<Preview, OpenError>) -> Vec<Effect> {
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

/// Opens the export that was made after coding, to be held against the decisions.
pub(super) fn check_result(model: &mut Model, paths: Vec<PathBuf>, now: NaiveDateTime) -> Vec<Effect> {
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
