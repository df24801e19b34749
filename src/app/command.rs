//! Everything that can change the model: what a user does, and what comes back
//! from background work.

use std::path::PathBuf;
use std::sync::Arc;

use super::action::Action;
use super::case::{Case, OpenError, Origin};
use super::model::{Dialog, SavedFiles, Tally, Trial};
use super::view::{Column, Filter};
use crate::cohort::PatientId;
use crate::extract::{Preview, Purpose};
use crate::findings::GroupId;
use crate::handover::SaveError;
use crate::review::{Choice, RefusedProposal, Review, ReviewFileError};

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
    /// Reading ended.
    Opened {
        /// Which reading: results of an earlier one are dropped.
        work: u64,
        /// What came of it.
        result: Result<Arc<Case>, OpenError>,
    },
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
    /// Decide one patient.
    Decide {
        /// Whom.
        patient: PatientId,
        /// What.
        choice: Choice,
        /// Why.
        reason: String,
    },
    /// Carry out the group decision that is shown.
    DecideGroup,
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
    /// Saving the review ended: where, or why not.
    ReviewSaved(Result<PathBuf, String>),
    /// The saved review that the user chose; none if cancelled.
    ChosenReview(Vec<PathBuf>),
    /// A saved review was read and applied.
    ReviewOpened(Result<(Box<Review>, Vec<RefusedProposal>), ReviewOpenError>),
    /// The window is to be closed.
    CloseRequested,
}

/// Why a saved review could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewOpenError {
    /// Not readable from disk.
    #[error(transparent)]
    File(#[from] crate::platform::files::FileError),
    /// Not a review.
    #[error(transparent)]
    Review(#[from] ReviewFileError),
}
