//! Everything that can change the model: what a user does, and what comes back
//! from background work.

use std::path::PathBuf;
use std::sync::Arc;

use super::action::Action;
use super::case::{Case, OpenError, Origin, ReviewOpenError};
use super::dialog::Dialog;
use super::effects::Task;
use super::model::{SavedFiles, Tally, Trial};
use super::recovery::Found;
use super::view::{Column, Filter};
use crate::cohort::PatientId;
use crate::extract::{Preview, Purpose};
use crate::findings::GroupId;
use crate::handover::{Options, SaveError};
use crate::review::{Restored, SpotCheck};

/// A change of the model.
pub enum Command {
    /// An action of the list.
    Do(Action),
    /// Open these exports.
    Open(Origin),
    /// The exports that the user chose in the dialog; none if cancelled.
    ChosenExports(Vec<PathBuf>),
    /// The files that the user chose to add; none if cancelled.
    ChosenMore(Purpose, Vec<PathBuf>),
    /// Show the panel that settles the columns of a file.
    Columns(PathBuf),
    /// The first rows of a file were read for that panel.
    Previewed {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        result: Result<Preview, OpenError>,
    },
    /// What other thresholds find was worked out.
    Found {
        /// For which trial: others are dropped.
        trial: u64,
        /// What they find.
        found: Trial,
    },
    /// Saving the settings failed.
    SettingsNotSaved(String),
    /// The work for this ended without a result.
    Broken(Task),
    /// Reading ended.
    Opened {
        /// Which reading: results of an earlier one are dropped.
        work: u64,
        /// What came of it.
        result: Result<Arc<Case>, OpenError>,
        /// Decisions on these files that were not saved when the program last ended.
        found: Found,
    },
    /// The recovery journal could not be written, and why.
    NotKept(String),
    /// Show the patients of a group.
    ReviewGroup(GroupId),
    /// Show the patients that a filter leaves.
    Show(Filter),
    /// Search the list.
    Search(String),
    /// Sort by a column; again for the other direction.
    Sort(Column),
    /// The list was put together.
    Arranged {
        /// For which state of filter and order: others are dropped.
        wish: u64,
        /// Its patients.
        rows: Arc<Vec<PatientId>>,
        /// What changes with every decision.
        tally: Tally,
    },
    /// Make a patient the active one.
    Select(PatientId),
    /// Move the active row by so many rows.
    Move(i64),
    /// Ask for a spot check of a group; of the list if none is named.
    AskSpotCheck(Option<GroupId>),
    /// The sample of a spot check was drawn.
    Drawn {
        /// For which review: others are dropped.
        number: u64,
        /// What was drawn.
        check: Box<SpotCheck>,
    },
    /// Make the sample of a spot check larger.
    AskMore(usize),
    /// Ask to end the stop of a spot check.
    AskLift(usize),
    /// Open a dialog, or replace the one that is open.
    Edit(Dialog),
    /// Carry out the dialog that is open.
    Confirm,
    /// Close it.
    Dismiss,
    /// The folder that the user chose; none if cancelled.
    ChosenFolder(Vec<PathBuf>),
    /// A dialog came back empty before anybody could have seen it.
    NoDialog,
    /// Saving ended.
    Saved(Result<SavedFiles, SaveError>),
    /// The file that the user chose for the review; none if cancelled.
    ChosenReviewTarget(Vec<PathBuf>),
    /// Saving the review ended.
    ReviewSaved {
        /// Which review.
        number: u64,
        /// Where, and how many of its events; or why not.
        result: Result<(PathBuf, usize), String>,
    },
    /// The saved review that the user chose; none if cancelled.
    ChosenReview(Vec<PathBuf>),
    /// A saved review was read and applied.
    ReviewOpened {
        /// From which file.
        path: PathBuf,
        /// Which review was open when the reading began, and how many events it had.
        before: (u64, usize),
        /// What it comes to.
        result: Result<Box<Restored>, ReviewOpenError>,
    },
    /// Decisions that were recovered are not wanted.
    DiscardRecovered,
    /// How the files are to be.
    Options(Options),
    /// The export made after coding that the user chose; none if cancelled.
    ChosenCheck(Vec<PathBuf>),
    /// The window is to be closed.
    CloseRequested,
}
