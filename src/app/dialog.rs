//! What asks for an answer before anything else goes on, as it stands while it is filled in.

use std::path::PathBuf;
use std::sync::Arc;

use super::action::Action;
use super::case::Origin;
use crate::cohort::PatientId;
use crate::domain::code::Alias;
use crate::extract::{Preview, Role};
use crate::findings::GroupId;
use crate::review::{Choice, GroupPlan, Made, Verdict};

/// What asks for an answer before anything else goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Who decides.
    Reviewer {
        /// Name as typed.
        name: String,
        /// Role as typed.
        role: String,
        /// The decision that waits for it.
        then: Option<Waiting>,
    },
    /// Why this patient is decided so.
    Reason {
        /// Whom.
        patient: PatientId,
        /// Who that is, and how they are decided already.
        who: String,
        /// Something speaks against deciding them like others: the reason is written.
        careful: bool,
        /// What.
        choice: Choice,
        /// Why a reason is needed.
        because: String,
        /// The reason as typed.
        reason: String,
    },
    /// Draw a spot check, or make its sample larger.
    SpotCheck {
        /// Fewer than so many in a hundred are to be proven.
        wanted: u8,
        /// Those it is drawn from.
        plan: Arc<GroupPlan>,
        /// The list in words.
        of: String,
        /// A group, or another list.
        list: Made,
        /// The spot check that is to be made larger; a new one if `None`.
        more: Option<usize>,
    },
    /// Say that somebody who was found at risk is not.
    Overturn {
        /// In which spot check.
        check: usize,
        /// Who, by the place in the sample.
        place: usize,
        /// Who that is.
        who: String,
        /// What is said now.
        verdict: Verdict,
        /// The ground as typed.
        reason: String,
    },
    /// End the stop of a spot check.
    Lift {
        /// Which.
        check: usize,
        /// The ground as typed.
        reason: String,
    },
    /// Decisions were found that had not been saved, and are in force again.
    Recovered {
        /// What is in force, who made the last step, and when.
        text: String,
    },
    /// Decide for many.
    Group {
        /// What; nothing is chosen beforehand.
        choice: Option<Choice>,
        /// Who is included, and who is not and why.
        plan: Arc<GroupPlan>,
        /// The reason as typed.
        reason: String,
        /// The number of patients as typed.
        typed: String,
        /// The list it is about, in words.
        of: String,
    },
    /// The practice's own target date.
    Target {
        /// The date as typed.
        typed: String,
    },
    /// Which column is what.
    Columns {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        preview: Arc<Preview>,
        /// The roles as chosen.
        roles: Vec<Option<Role>>,
        /// Why the program asks; empty where the user did.
        why: String,
        /// The file is an export: it needs codes. A register needs none.
        needs_codes: bool,
    },
    /// What the practice's own codes mean.
    OwnCodes {
        /// As typed.
        aliases: Vec<Alias>,
    },
    /// What counts as many, soon, or the same.
    Thresholds {
        /// The values as typed, by the names of the thresholds.
        typed: Vec<(&'static str, String)>,
    },
    /// Decisions are not saved, and the window or the export is to be closed.
    Unsaved {
        /// What goes on when they are given up.
        then: AfterUnsaved,
    },
}

/// A decision that waits for the reviewer's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For one patient.
    One(PatientId, Choice),
    /// For the list.
    All,
    /// A spot check of a group, or of the list.
    SpotCheck(Option<GroupId>),
    /// An answer of a spot check.
    Answer(Option<Verdict>),
    /// The end of the stop of a spot check.
    Lift(usize),
    /// Something of the list of actions.
    Do(Action),
}

/// What goes on when unsaved decisions are given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterUnsaved {
    /// The window closes.
    Close,
    /// Another export is opened.
    Open(Origin),
    /// The saved review that waits is put in place of them.
    Review,
}
