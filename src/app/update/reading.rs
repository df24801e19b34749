//! Opening files, reading them again with more beside them, and what comes of it.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{done, open_dialog, rearrange, wrong};
use crate::app::case::{Case, OpenError, Origin, Settings, file_name};
use crate::app::effects::Effect;
use crate::app::model::{AfterUnsaved, Dialog, Figures, Model, Screen, Unread, Work};
use crate::app::view::View;
use crate::domain::wording::count;
use crate::extract::{Mapping, NOT_USED, PatientRole, Preview, Progress, ReadError, Role};
use crate::review::{Review, ReviewFile, apply, read_decisions};

pub(super) fn open(model: &mut Model, origin: Origin) -> Vec<Effect> {
    if model.is_unsaved() {
        open_dialog(model, Dialog::Unsaved { then: AfterUnsaved::Open(origin) });
        return Vec::new();
    }
    model.month_first = false;
    model.carried = None;
    start_reading(model, origin)
}

/// Reads what is open once more, with more files or in another way, and takes the
/// decisions over: each is checked again then.
pub(super) fn read_again(model: &mut Model, origin: Origin, now: NaiveDateTime) -> Vec<Effect> {
    let saved = model.case.as_ref().filter(|_| model.review.decided() > 0).and_then(|case| {
        let file = ReviewFile::new(&case.cohort, &case.findings, &model.review, case.stamps(), now);
        file.to_json().ok()
    });
    // Never what an earlier attempt carried: it may have been undone since.
    model.carried = saved;
    start_reading(model, origin)
}

pub(super) fn start_reading(model: &mut Model, origin: Origin) -> Vec<Effect> {
    if let Some(work) = &model.work {
        work.progress.cancel();
    }
    model.next_work += 1;
    model.dialog = None;
    model.notice = None;
    model.unread = None;
    model.screen = Screen::Open;
    let progress = Arc::new(Progress::default());
    let label = match &origin {
        Origin::Sample(_) => "Making up a practice".to_owned(),
        Origin::Files(files) => {
            format!("Reading {}", files.iter().map(|f| file_name(&f.path)).collect::<Vec<_>>().join(", "))
        }
    };
    model.work = Some(Work { id: model.next_work, label, progress: Arc::clone(&progress) });
    model.origin = Some(origin.clone());
    let settings = Settings {
        thresholds: model.settings.thresholds,
        aliases: model.settings.aliases.clone(),
        known: model.settings.mappings.clone(),
        month_first: model.month_first,
        ..Settings::on(model.today)
    };
    vec![Effect::Open { work: model.next_work, origin, settings, progress }]
}

pub(super) fn opened(
    model: &mut Model,
    work: u64,
    result: Result<Arc<Case>, OpenError>,
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
    let mut review = Review::new(case.cohort.patients.len());
    model.saved_steps = 0;
    let carried = model.carried.take();
    if let Some(proposals) = carried.and_then(|saved| read_decisions(saved.as_bytes()).ok()) {
        let exports: Vec<String> = case.stamps().into_iter().map(|s| s.blake3).collect();
        let refused = apply(&exports, &case.cohort, &case.findings, &mut review, proposals, now);
        if let Some(first) = refused.first() {
            let text = format!(
                "{} could not be taken over, and need to be made again: {}",
                count(refused.len(), "decision"),
                first.why
            );
            wrong(model, text);
        }
    }
    model.review = Arc::new(review);
    model.saved = None;
    model.review_file = None;
    model.view = View { wish: model.view.wish, ..View::default() };
    model.figures = Figures::of(&case);
    model.case = Some(case);
    model.screen = Screen::Overview;
    rearrange(model)
}

/// Where a file could not be read since its columns are not clear, the panel opens by
/// itself that settles them.
pub(super) fn ask_for_columns(model: &mut Model, error: &OpenError) -> Vec<Effect> {
    let OpenError::Read { name, why } = error else { return Vec::new() };
    let can_be_settled = matches!(
        why,
        ReadError::Unsure { .. }
            | ReadError::NoSuchColumn { .. }
            | ReadError::NoNhsNumber { .. }
            | ReadError::NoCodes { .. }
            | ReadError::NoAccounts { .. }
    );
    let Some(Origin::Files(files)) = model.origin.as_ref().filter(|_| can_be_settled) else { return Vec::new() };
    let Some(file) = files.iter().find(|f| file_name(&f.path) == *name) else { return Vec::new() };
    let disputed = match why {
        ReadError::Unsure { candidates, .. } => candidates.iter().map(|(number, _)| *number).collect(),
        _ => Vec::new(),
    };
    let path = file.path.clone();
    model.unread = Some(Unread { path: path.clone(), why: why.to_string(), disputed });
    vec![preview(model, path)]
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
