//! The one writer: every change of the model happens here.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::action::Action;
use super::case::{Case, OpenError, Origin, Settings, file_name};
use super::command::Command;
use super::effects::Effect;
use super::model::{AfterUnsaved, Dialog, Figures, Model, Notice, Screen, TYPE_NUMBER_FROM, Tone, Waiting, Work};
use super::view::{DecisionFilter, Filter, Scope, View};
use crate::cohort::PatientId;
use crate::domain::code::Alias;
use crate::domain::wording::{count, figure};
use crate::domain::{DateReading, Day, read_date};
use crate::extract::{KnownMapping, Mapping, NOT_USED, PatientRole, Preview, Progress, Purpose, ReadError, Role};
use crate::platform::dialogs::Question;
use crate::review::{Choice, Decision, Made, Refusal, Review, ReviewFile, apply, check, plan_group, read_decisions};

/// Applies a command, and returns what is to be done outside the model.
pub fn update(model: &mut Model, command: Command, now: NaiveDateTime) -> Vec<Effect> {
    match command {
        Command::Do(action) => act(model, action, now),
        Command::Open(origin) => open(model, origin),
        Command::ChosenExports(paths) => {
            model.asking = false;
            if paths.is_empty() { Vec::new() } else { open(model, Origin::exports(paths)) }
        }
        Command::ChosenMore(purpose, paths) => {
            model.asking = false;
            let Some(origin) = model.origin.clone().filter(|_| !paths.is_empty()) else { return Vec::new() };
            let with_more = origin.with(paths, purpose);
            read_again(model, with_more, now)
        }
        Command::Columns(path) => vec![Effect::Preview { path, today: model.today }],
        Command::Previewed { path, result } => {
            match result {
                Ok(preview) => {
                    let roles = preview.columns.iter().map(|(_, role)| *role).collect();
                    let why = std::mem::take(&mut model.unread);
                    let purpose = match &model.origin {
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
        Command::MonthFirst => {
            let Some(origin) = model.origin.clone() else { return Vec::new() };
            model.month_first = true;
            read_again(model, origin, now)
        }
        Command::SettingsNotSaved(why) => {
            wrong(model, format!("The settings could not be kept for the next time. {why}"));
            Vec::new()
        }
        Command::Opened { work, result } => opened(model, work, result, now),
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
            if wish == model.view.wish {
                arranged(&mut model.view, rows);
                model.tally = tally;
            }
            Vec::new()
        }
        Command::Select(id) => {
            if let Some(row) = model.view.rows.iter().position(|r| *r == id) {
                model.view.active_row = row;
                model.view.active = Some(id);
            }
            Vec::new()
        }
        Command::Move(rows) => {
            move_by(&mut model.view, rows);
            Vec::new()
        }
        Command::Decide { patient, choice, reason } => decide_one(model, patient, choice, reason, now),
        Command::DecideGroup => decide_group(model, now),
        Command::Edit(dialog) => {
            // An edit that arrives after the dialog was closed changes nothing.
            if model.dialog.is_some() {
                model.dialog = Some(replan(model, dialog));
            }
            Vec::new()
        }
        Command::Confirm => confirm(model, now),
        Command::Dismiss => {
            model.dialog = None;
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
                dated: model.today,
                target: model.target,
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
                Err(error) => wrong(model, error.to_string()),
            }
            Vec::new()
        }
        Command::ChosenReviewTarget(paths) => {
            model.asking = false;
            let (Some(path), Some(case)) = (paths.into_iter().next(), &model.case) else { return Vec::new() };
            vec![Effect::SaveReview { case: Arc::clone(case), review: Arc::clone(&model.review), path, now }]
        }
        Command::ReviewSaved(result) => {
            match result {
                Ok(path) => {
                    model.saved_steps = model.review.history().len();
                    done(model, format!("Saved the review as {}, {}.", file_name(&path), now.format("%H:%M")));
                    model.review_file = Some(path);
                }
                Err(sentence) => wrong(model, sentence),
            }
            Vec::new()
        }
        Command::ChosenReview(paths) => {
            model.asking = false;
            let (Some(path), Some(case)) = (paths.into_iter().next(), &model.case) else { return Vec::new() };
            vec![Effect::OpenReview { case: Arc::clone(case), review: Arc::clone(&model.review), path, now }]
        }
        Command::ReviewOpened(result) => review_opened(model, result),
        Command::CloseRequested => {
            if model.is_unsaved() && !model.closing {
                open_dialog(model, Dialog::Unsaved { then: AfterUnsaved::Close });
                return Vec::new();
            }
            model.closing = true;
            vec![Effect::Close]
        }
    }
}

/// Opens a dialog; what went wrong before belongs to something else.
fn open_dialog(model: &mut Model, dialog: Dialog) {
    model.dialog = Some(dialog);
    model.dialogs_opened += 1;
    if model.notice.as_ref().is_some_and(|n| n.tone == Tone::Wrong) {
        model.notice = None;
    }
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
            if matches!(model.origin, Some(Origin::Files(_))) {
                return ask(model, Question::AddFile(purpose));
            }
            wrong(model, "The made-up practice stands by itself. Open an export of yours first.".to_owned());
            Vec::new()
        }
        Action::SaveFiles => {
            if model.saving {
                wrong(model, "The files are being saved already. Wait until that is done.".to_owned());
                return Vec::new();
            }
            ask(model, Question::SaveFolder)
        }
        Action::SaveReview => {
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
            let by = model.reviewer.clone();
            let review = Arc::make_mut(&mut model.review);
            if action == Action::Undo {
                review.undo(&by, now);
                done(model, format!("Undone: {label}."));
            } else {
                review.redo(&by, now);
                done(model, format!("Done again: {label}."));
            }
            rearrange(model)
        }
        Action::Add106 => decide_active(model, Choice::Add106, now),
        Action::Keep104 => decide_active(model, Choice::Keep104, now),
        Action::AskClinician => decide_active(model, Choice::AskClinician, now),
        Action::Clear => {
            let Some(id) = model.view.active.filter(|id| model.review.of(*id).is_some()) else { return Vec::new() };
            let by = model.reviewer.clone();
            Arc::make_mut(&mut model.review).clear(&[id], &by, now);
            done(model, "The decision was cleared.".to_owned());
            rearrange(model)
        }
        Action::DecideAll => ask_group(model),
        Action::Find => {
            model.search_wishes += 1;
            Vec::new()
        }
    }
}

fn open(model: &mut Model, origin: Origin) -> Vec<Effect> {
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
fn read_again(model: &mut Model, origin: Origin, now: NaiveDateTime) -> Vec<Effect> {
    let saved = model.case.as_ref().filter(|_| model.review.decided() > 0).and_then(|case| {
        let file = ReviewFile::new(&case.cohort, &case.findings, &model.review, case.stamps(), now);
        file.to_json().ok()
    });
    model.carried = saved.or_else(|| model.carried.take());
    start_reading(model, origin)
}

fn start_reading(model: &mut Model, origin: Origin) -> Vec<Effect> {
    if let Some(work) = &model.work {
        work.progress.cancel();
    }
    model.next_work += 1;
    model.dialog = None;
    model.notice = None;
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

fn opened(
    model: &mut Model,
    work: u64,
    result: Result<Arc<Case>, super::case::OpenError>,
    now: NaiveDateTime,
) -> Vec<Effect> {
    if model.work.as_ref().is_none_or(|w| w.id != work) {
        return Vec::new();
    }
    model.work = None;
    let case = match result {
        Ok(case) => case,
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
fn ask_for_columns(model: &mut Model, error: &OpenError) -> Vec<Effect> {
    let OpenError::Read { name, why } = error else { return Vec::new() };
    let can_be_settled = matches!(
        why,
        ReadError::Unsure { .. }
            | ReadError::NoSuchColumn { .. }
            | ReadError::NoNhsNumber { .. }
            | ReadError::NoCodes { .. }
    );
    let Some(Origin::Files(files)) = model.origin.as_ref().filter(|_| can_be_settled) else { return Vec::new() };
    let Some(file) = files.iter().find(|f| file_name(&f.path) == *name) else { return Vec::new() };
    model.unread = why.to_string();
    vec![Effect::Preview { path: file.path.clone(), today: model.today }]
}

/// What the user changed in the panel, as it is remembered for this header: what was
/// changed, and which column is the number.
fn mapping_of(preview: &Preview, roles: &[Option<Role>]) -> Vec<Mapping> {
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

fn save_settings(model: &Model) -> Vec<Effect> {
    let Some(path) = model.settings_path.clone() else { return Vec::new() };
    vec![Effect::SaveSettings { path, settings: model.settings.clone() }]
}

fn show(model: &mut Model, filter: Filter) -> Vec<Effect> {
    let keeps_place = model.screen == Screen::Review && model.view.filter.scope == filter.scope;
    model.screen = Screen::Review;
    model.dialog = None;
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

fn decide_active(model: &mut Model, choice: Choice, now: NaiveDateTime) -> Vec<Effect> {
    let Some(id) = model.view.active else { return Vec::new() };
    decide_one(model, id, choice, String::new(), now)
}

fn decide_one(model: &mut Model, id: PatientId, choice: Choice, reason: String, now: NaiveDateTime) -> Vec<Effect> {
    let Some(case) = model.case.clone() else { return Vec::new() };
    match check(&case.cohort, &case.findings, id, choice, &model.reviewer, &reason) {
        Ok(()) => {
            let decision = Decision { choice, by: model.reviewer.clone(), at: now, reason, made: Made::Alone };
            Arc::make_mut(&mut model.review).record(&[id], &decision);
            model.dialog = None;
            done(model, format!("{} recorded for one patient.", choice.label()));
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
        Err(Refusal::NeedsReason(blockers)) => {
            let because = format!(
                "To be decided one by one: {}. Check the record in the clinical system, then say why you decide so.",
                blockers.labels()
            );
            open_dialog(model, Dialog::Reason { patient: id, choice, because, reason });
            Vec::new()
        }
        Err(refusal) => {
            wrong(model, refusal.to_string());
            Vec::new()
        }
    }
}

fn ask_group(model: &mut Model) -> Vec<Effect> {
    let Some(case) = model.case.clone() else { return Vec::new() };
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

/// A dialog that the user edits keeps what only the program may say.
fn replan(model: &Model, dialog: Dialog) -> Dialog {
    match (dialog, &model.dialog) {
        (Dialog::Group { choice, reason, typed, .. }, Some(Dialog::Group { plan, of, .. })) => {
            Dialog::Group { choice, plan: Arc::clone(plan), reason, typed, of: of.clone() }
        }
        (dialog, _) => dialog,
    }
}

/// Whether the number of patients was typed as asked.
#[must_use]
fn number_typed(typed: &str, included: usize) -> bool {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    included < TYPE_NUMBER_FROM || digits == included.to_string()
}

fn decide_group(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    let Some(Dialog::Group { choice, plan, reason, typed, .. }) = model.dialog.clone() else { return Vec::new() };
    let Some(case) = model.case.clone() else { return Vec::new() };
    let Some(choice) = choice else {
        wrong(model, "Choose what you decide: Add 106, Keep 104, or Ask a clinician.".to_owned());
        return Vec::new();
    };
    let wanted: Vec<PatientId> = plan.taken(choice).collect();
    if !number_typed(&typed, wanted.len()) {
        wrong(model, format!("Type the number of patients, {}, to decide for all of them.", figure(wanted.len())));
        return Vec::new();
    }
    // Checked again, each by the rules of a single decision too.
    let included: Vec<PatientId> = plan_group(&case.cohort, &case.findings, &model.review, &wanted)
        .taken(choice)
        .filter(|id| check(&case.cohort, &case.findings, *id, choice, &model.reviewer, &reason).is_ok())
        .collect();
    let made = match model.view.filter.scope {
        Scope::Group(id) => Made::With(id),
        _ => Made::Together,
    };
    let decision = Decision { choice, by: model.reviewer.clone(), at: now, reason, made };
    Arc::make_mut(&mut model.review).record(&included, &decision);
    model.dialog = None;
    done(model, format!("{} recorded for {}.", choice.label(), count(included.len(), "patient")));
    rearrange(model)
}

fn confirm(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    match model.dialog.clone() {
        None => Vec::new(),
        Some(Dialog::Reviewer { name, role, then }) => {
            if name.trim().is_empty() {
                wrong(model, "Enter the name of the person who decides.".to_owned());
                return Vec::new();
            }
            name.trim().clone_into(&mut model.reviewer.name);
            role.trim().clone_into(&mut model.reviewer.role);
            model.dialog = None;
            match then {
                None => Vec::new(),
                Some(Waiting::One(id, choice)) => decide_one(model, id, choice, String::new(), now),
                Some(Waiting::All) => ask_group(model),
            }
        }
        Some(Dialog::Reason { patient, choice, reason, .. }) => {
            if reason.trim().is_empty() {
                wrong(model, "Say why you decide so: choose a reason or write one.".to_owned());
                return Vec::new();
            }
            decide_one(model, patient, choice, reason.trim().to_owned(), now)
        }
        Some(Dialog::Group { .. }) => decide_group(model, now),
        Some(Dialog::Target { typed }) => {
            match read_date(&typed) {
                DateReading::Missing => model.target = None,
                DateReading::Day { day, .. } => model.target = Some(day),
                _ => {
                    wrong(model, "Write the date as day, month and year: 31 January 2027 or 31/01/2027.".to_owned());
                    return Vec::new();
                }
            }
            model.dialog = None;
            Vec::new()
        }
        Some(Dialog::Columns { preview, roles, .. }) => {
            let Some(origin) = model.origin.clone() else { return Vec::new() };
            model.dialog = None;
            let mapping = mapping_of(&preview, &roles);
            model.settings.remember(KnownMapping { header: preview.header.clone(), mapping });
            let mut effects = save_settings(model);
            effects.extend(read_again(model, origin, now));
            effects
        }
        Some(Dialog::OwnCodes { aliases }) => {
            let filled = |a: &Alias| !a.text.trim().is_empty();
            model.settings.aliases = aliases.into_iter().filter(filled).collect();
            model.dialog = None;
            let mut effects = save_settings(model);
            if let Some(origin) = model.origin.clone().filter(|_| model.case.is_some()) {
                effects.extend(read_again(model, origin, now));
            }
            effects
        }
        Some(Dialog::Unsaved { then }) => {
            model.dialog = None;
            match then {
                AfterUnsaved::Close => {
                    model.closing = true;
                    vec![Effect::Close]
                }
                AfterUnsaved::Open(origin) => {
                    model.saved_steps = model.review.history().len();
                    model.month_first = false;
                    model.carried = None;
                    start_reading(model, origin)
                }
            }
        }
    }
}

fn review_opened(
    model: &mut Model,
    result: Result<(Box<Review>, Vec<crate::review::RefusedProposal>), super::command::ReviewOpenError>,
) -> Vec<Effect> {
    match result {
        Ok((review, refused)) => {
            let taken = review.decided();
            model.review = Arc::new(*review);
            model.saved_steps = model.review.history().len();
            let text = format!("{} in force.", count(taken, "decision"));
            if refused.is_empty() {
                done(model, text);
            } else {
                let first = refused.first().map_or_else(String::new, |r| format!(" Row {}: {}", r.row, r.why));
                wrong(model, format!("{text} {} of the file were not taken.{first}", figure(refused.len())));
            }
            rearrange(model)
        }
        Err(error) => {
            wrong(model, format!("The saved review could not be opened. {error}"));
            Vec::new()
        }
    }
}

/// Filters that the screen offers by decision.
pub const DECISION_FILTERS: [Option<DecisionFilter>; 5] = [
    None,
    Some(DecisionFilter::Undecided),
    Some(DecisionFilter::Is(Choice::Add106)),
    Some(DecisionFilter::Is(Choice::Keep104)),
    Some(DecisionFilter::Is(Choice::AskClinician)),
];

#[cfg(test)]
mod tests;
