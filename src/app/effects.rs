//! What the model asks to be done outside itself, and who does it: threads in the
//! program, the caller itself in tests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDateTime;

use super::case::{self, Case, Origin, Settings};
use super::command::Command;
use super::model::{SavedFiles, Tally, Trial};
use super::recovery::{Found, Recovery};
use super::settings::SettingsFile;
use super::update::is_same_group;
use super::view::{View, arrange};
use crate::domain::Day;
use crate::extract::{KnownMapping, Progress};
use crate::findings::Thresholds;
use crate::handover::{self, Additions, Options, Package};
use crate::platform::dialogs::Question;
use crate::platform::{files, random};
use crate::review::{self, GroupPlan, Made, Review, Reviewer, SpotCheck};

/// Something to be done outside the model.
pub enum Effect {
    /// Show a system dialog; the answer comes back as a command.
    Ask(Question),
    /// Breaks off, as work may that meets what nobody thought of.
    #[cfg(test)]
    Break,
    /// Read exports.
    Open {
        /// Number of this reading.
        work: u64,
        /// Which.
        origin: Origin,
        /// How.
        settings: Settings,
        /// Told how far it is.
        progress: Arc<Progress>,
        /// Where to look for decisions that were not saved, and who looks; nowhere where
        /// decisions are taken over.
        recovery: Option<(Arc<Recovery>, Reviewer, NaiveDateTime)>,
    },
    /// Write what happened to the recovery journal.
    Keep {
        /// The journal.
        recovery: Arc<Recovery>,
        /// The case.
        case: Arc<Case>,
        /// Decisions.
        review: Arc<Review>,
        /// Which review it is.
        number: u64,
        /// When.
        now: NaiveDateTime,
    },
    /// Remove the recovery journal: its decisions are given up.
    Discard {
        /// The journal.
        recovery: Arc<Recovery>,
        /// Which review it is of.
        number: u64,
    },
    /// Draw the sample of a spot check.
    Draw {
        /// The case.
        case: Arc<Case>,
        /// The list it is drawn from.
        plan: Arc<GroupPlan>,
        /// Fewer than so many in a hundred are to be proven.
        wanted: u8,
        /// The list in words.
        title: String,
        /// A group, or another list.
        list: Made,
        /// For which review.
        number: u64,
        /// Who draws it.
        by: Reviewer,
        /// When.
        now: NaiveDateTime,
    },
    /// Read the first rows of a file.
    Preview {
        /// The file.
        path: PathBuf,
        /// What the user said of headers before.
        known: Vec<KnownMapping>,
        /// Today.
        today: Day,
    },
    /// Work out what other thresholds find.
    Find {
        /// Number of the trial.
        trial: u64,
        /// The case.
        case: Arc<Case>,
        /// Decisions in force.
        review: Arc<Review>,
        /// The thresholds.
        thresholds: Thresholds,
    },
    /// Save the settings.
    SaveSettings {
        /// Where.
        path: PathBuf,
        /// What.
        settings: SettingsFile,
    },
    /// Put the list together.
    Arrange {
        /// The case.
        case: Arc<Case>,
        /// Decisions, for filter and order.
        review: Arc<Review>,
        /// Filter, search and order.
        view: View,
    },
    /// Save the files.
    Save {
        /// The case.
        case: Arc<Case>,
        /// Decisions.
        review: Arc<Review>,
        /// Which review that is.
        number: u64,
        /// Where.
        folder: PathBuf,
        /// The date of every 106.
        dated: Day,
        /// The practice's target date.
        target: Option<Day>,
        /// How the files are to be.
        options: Options,
        /// When.
        now: NaiveDateTime,
    },
    /// Save the review.
    SaveReview {
        /// The case.
        case: Arc<Case>,
        /// Decisions.
        review: Arc<Review>,
        /// Where.
        path: PathBuf,
        /// When.
        now: NaiveDateTime,
        /// The journal that is not needed then, and which review it is.
        recovery: (Arc<Recovery>, u64),
    },
    /// Open a saved review.
    OpenReview {
        /// The case.
        case: Arc<Case>,
        /// Decisions so far.
        review: Arc<Review>,
        /// Which.
        path: PathBuf,
        /// To which review it is added or in whose place it comes.
        number: u64,
        /// Who opens it.
        by: Reviewer,
        /// When.
        now: NaiveDateTime,
    },
    /// Close the window.
    Close,
}

impl Effect {
    /// Does the work and says what came of it. `None` for what needs the window.
    #[must_use]
    pub fn perform(self) -> Option<Command> {
        match self {
            Self::Ask(_) | Self::Close => None,
            #[cfg(test)]
            Self::Break => std::panic::resume_unwind(Box::new("work that breaks off")),
            Self::Find { trial, case, review, thresholds } => {
                let found = case.with_thresholds(thresholds);
                let mut review = Review::clone(&review);
                review.regroup(&found.findings, |id| is_same_group(&case, &found, id));
                let lapsed = review::lapsed(&found.cohort, &found.findings, &review).len();
                Some(Command::Found { trial, found: Trial { case: Arc::new(found), lapsed } })
            }
            Self::Open { work, origin, settings, progress, recovery } => {
                let result = case::open(&origin, &settings, &progress).map(Arc::new);
                let found = match (&result, &recovery) {
                    (Ok(case), Some((recovery, by, now))) => recovery.find(case, by, *now),
                    _ => Found::Nothing,
                };
                Some(Command::Opened { work, result, found })
            }
            Self::Keep { recovery, case, review, number, now } => {
                recovery.keep(&case, &review, number, now).err().map(Command::NotKept)
            }
            Self::Discard { recovery, number } => {
                recovery.given_up(number);
                None
            }
            Self::Draw { case, plan, wanted, title, list, number, by, now } => {
                let check = Box::new(drawn(&case, &plan, wanted, (title, list), by, now));
                Some(Command::Drawn { number, check })
            }
            Self::Preview { path, known, today } => {
                let result = case::preview(&path, known, today);
                Some(Command::Previewed { path, result })
            }
            Self::SaveSettings { path, settings } => {
                save_settings(&path, &settings).err().map(Command::SettingsNotSaved)
            }
            Self::Arrange { case, review, view } => {
                let rows = arrange(&case, &review, &view);
                let tally = Tally::of(&case, &review, view.filter.scope, &rows);
                Some(Command::Arranged { wish: view.wish, rows: Arc::new(rows), tally })
            }
            Self::Save { case, review, number, folder, dated, target, options, now } => {
                let additions = Additions::of(&case.cohort, Some(&review), dated);
                let package = Package {
                    additions: &additions,
                    files: &case.files,
                    cohort: &case.cohort,
                    findings: &case.findings,
                    review: Some(&review),
                    refused: Some((&review.refused().list, &review.refused().proposals)),
                    dated,
                    now,
                    clock: now,
                    target,
                    options,
                    timings: case.timings,
                };
                let result = handover::save(&folder, &handover::outputs(package), &case.paths, false);
                Some(Command::Saved(result.map(|saved| SavedFiles {
                    folder,
                    files: saved.files.iter().map(|p| case::file_name(p)).collect(),
                    decided: review.given().collect(),
                    review: (number, review.history().len()),
                })))
            }
            Self::SaveReview { case, review, path, now, recovery } => {
                let saved = save_review(&case, &review, path, now);
                if saved.is_ok() {
                    recovery.0.saved(recovery.1, review.history().len());
                }
                let steps = review.history().len();
                Some(Command::ReviewSaved { number: recovery.1, result: saved.map(|path| (path, steps)) })
            }
            Self::OpenReview { case, review, path, number, by, now } => {
                let result = case.open_decisions(&review, &path, &by, now).map(Box::new);
                let before = (number, review.history().len());
                Some(Command::ReviewOpened { path, before, result })
            }
        }
    }
}

fn save_settings(path: &std::path::Path, settings: &SettingsFile) -> Result<(), String> {
    let json = settings.to_json().map_err(|e| e.to_string())?;
    files::make_folder_of(path).and_then(|()| files::replace(path, json.as_bytes())).map_err(|e| e.to_string())
}

fn save_review(case: &Case, review: &Review, path: PathBuf, now: NaiveDateTime) -> Result<PathBuf, String> {
    let is = |source: &PathBuf| {
        std::fs::canonicalize(source).is_ok_and(|s| std::fs::canonicalize(&path).is_ok_and(|p| p == s))
    };
    if case.paths.iter().any(is) {
        return Err("The review was not saved: that file is the export itself. Choose another name.".to_owned());
    }
    let json = case.review_file(review, now).to_json().map_err(|e| e.to_string())?;
    files::replace(&path, json.as_bytes()).map_err(|e| format!("The review was not saved: {e}"))?;
    Ok(path)
}

/// Draws a sample from those whom a 106 together would take.
fn drawn(
    case: &Case,
    plan: &GroupPlan,
    wanted: u8,
    what: (String, Made),
    by: Reviewer,
    now: NaiveDateTime,
) -> SpotCheck {
    // Without randomness of the system the clock has to do: the draw is in the record.
    let seed = random::bytes().map_or_else(|| now.and_utc().timestamp_micros().unsigned_abs(), u64::from_le_bytes);
    SpotCheck::draw(&case.cohort, plan.to_be_checked().collect(), what, (wanted, seed), by, now)
}

/// What an effect is for: where its thread ends without a result, whoever waits for that must
/// not wait for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Reading files.
    Reading,
    /// Putting the list together.
    Arranging,
    /// Saving the files.
    Saving,
    /// Saving the review.
    SavingReview,
    /// Anything that nobody waits for.
    Other,
}

impl Effect {
    /// What it is for.
    #[must_use]
    pub const fn task(&self) -> Task {
        match self {
            Self::Open { .. } => Task::Reading,
            Self::Arrange { .. } => Task::Arranging,
            Self::Save { .. } => Task::Saving,
            Self::SaveReview { .. } => Task::SavingReview,
            _ => Task::Other,
        }
    }
}

/// Who performs effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// A named thread for each.
    Threads,
    /// The caller, at once: tests are then the same every time.
    AtOnce,
}

impl Runner {
    /// Performs an effect and sends what came of it; if nothing can come of it, that.
    pub fn run(self, effect: Effect, send: impl FnOnce(Command) + Send + 'static) {
        let name = match &effect {
            Effect::Open { .. } => "reading",
            Effect::Arrange { .. } => "arranging",
            Effect::Find { .. } => "finding",
            _ => "saving",
        };
        let task = effect.task();
        let sender = Arc::new(Mutex::new(Some(send)));
        let send = {
            let sender = Arc::clone(&sender);
            move |command| {
                let send = sender.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(send) = send {
                    send(command);
                }
            }
        };
        let tell = send.clone();
        let work = move || match catch_unwind(AssertUnwindSafe(|| effect.perform())) {
            Ok(Some(command)) => send(command),
            Ok(None) => {}
            Err(_) => send(Command::Broken(task)),
        };
        match self {
            Self::AtOnce => work(),
            Self::Threads => {
                if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
                    log::error!("no thread for {name}: {error}");
                    tell(Command::Broken(task));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn work_that_breaks_off_is_told() {
        let (sender, results) = mpsc::channel();
        Runner::Threads.run(Effect::Break, move |command| sender.send(command).expect("somebody listens"));
        assert!(matches!(results.recv().expect("a result"), Command::Broken(Task::Other)));
    }
}
