//! What the model asks to be done outside itself, and who does it: threads in the
//! program, the caller itself in tests.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::case::{self, Case, Origin, Settings};
use super::command::Command;
use super::model::{SavedFiles, Tally, Trial};
use super::settings::SettingsFile;
use super::view::{View, arrange};
use crate::domain::Day;
use crate::extract::{KnownMapping, Progress};
use crate::findings::Thresholds;
use crate::handover::{self, Package};
use crate::platform::dialogs::Question;
use crate::platform::files;
use crate::review::{self, Review, ReviewFile};

/// Something to be done outside the model.
pub enum Effect {
    /// Show a system dialog; the answer comes back as a command.
    Ask(Question),
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
        /// Where.
        folder: PathBuf,
        /// The date of every 106.
        dated: Day,
        /// The practice's target date.
        target: Option<Day>,
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
    },
    /// Open a saved review.
    OpenReview {
        /// The case.
        case: Arc<Case>,
        /// Decisions so far.
        review: Arc<Review>,
        /// Which.
        path: PathBuf,
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
            Self::Find { trial, case, review, thresholds } => {
                let case = case.with_thresholds(thresholds);
                let lapsed = review::lapsed(&case.cohort, &case.findings, &review).len();
                Some(Command::Found { trial, found: Trial { case: Arc::new(case), lapsed } })
            }
            Self::Open { work, origin, settings, progress } => {
                Some(Command::Opened { work, result: case::open(&origin, &settings, &progress).map(Arc::new) })
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
                let tally = Tally::of(&case, &review, &rows);
                Some(Command::Arranged { wish: view.wish, rows: Arc::new(rows), tally })
            }
            Self::Save { case, review, folder, dated, target, now } => {
                let package = Package {
                    files: &case.files,
                    cohort: &case.cohort,
                    findings: &case.findings,
                    review: Some(&review),
                    refused: None,
                    dated,
                    now,
                    target,
                    timings: case.timings,
                };
                let result = handover::save(&folder, &handover::outputs(package), &case.paths, false);
                Some(Command::Saved(
                    result
                        .map(|paths| SavedFiles { folder, files: paths.iter().map(|p| case::file_name(p)).collect() }),
                ))
            }
            Self::SaveReview { case, review, path, now } => {
                Some(Command::ReviewSaved(save_review(&case, &review, path, now)))
            }
            Self::OpenReview { case, review, path, now } => {
                Some(Command::ReviewOpened(open_review(&case, &review, &path, now)))
            }
        }
    }
}

fn save_settings(path: &std::path::Path, settings: &SettingsFile) -> Result<(), String> {
    let json = settings.to_json().map_err(|e| e.to_string())?;
    files::make_folder_of(path).and_then(|()| files::replace(path, json.as_bytes())).map_err(|e| e.to_string())
}

fn save_review(case: &Case, review: &Review, path: PathBuf, now: NaiveDateTime) -> Result<PathBuf, String> {
    let file = ReviewFile::new(&case.cohort, &case.findings, review, case.stamps(), now);
    let json = file.to_json().map_err(|e| e.to_string())?;
    files::replace(&path, json.as_bytes()).map_err(|e| format!("The review was not saved: {e}"))?;
    Ok(path)
}

fn open_review(
    case: &Case,
    review: &Review,
    path: &std::path::Path,
    now: NaiveDateTime,
) -> Result<(Box<Review>, Vec<review::RefusedProposal>), super::command::ReviewOpenError> {
    let bytes = files::read(path, |_| true)?.unwrap_or_default();
    let proposals = review::read_decisions(&bytes)?;
    let mut review = review.clone();
    let exports: Vec<String> = case.stamps().into_iter().map(|s| s.blake3).collect();
    let refused = review::apply(&exports, &case.cohort, &case.findings, &mut review, proposals, now);
    Ok((Box::new(review), refused))
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
    /// Performs an effect and sends what came of it.
    pub fn run(self, effect: Effect, send: impl FnOnce(Command) + Send + 'static) {
        let name = match &effect {
            Effect::Open { .. } => "reading",
            Effect::Arrange { .. } => "arranging",
            Effect::Find { .. } => "finding",
            _ => "saving",
        };
        let work = move || {
            if let Some(command) = effect.perform() {
                send(command);
            }
        };
        match self {
            Self::AtOnce => work(),
            Self::Threads => {
                if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
                    log::error!("no thread for {name}: {error}");
                }
            }
        }
    }
}
