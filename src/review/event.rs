//! What happens in a sitting, and what it changes.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{Answer, Decision, Lifted, Reviewer};
use crate::cohort::PatientId;

/// Something that happened, kept for good: the audit is made of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: NaiveDateTime,
    /// Who.
    pub by: Reviewer,
    /// "Add 106 for 2,441 patients", "Undo: …".
    pub label: String,
    /// What it changed.
    pub what: What,
}

impl Event {
    /// The one patient whom it concerns, where it is one.
    #[must_use]
    pub fn patient(&self) -> Option<PatientId> {
        match &self.what {
            What::Decisions(changes) => match changes[..] {
                [(id, _)] => Some(id),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Patients, each with the decision that is in force after an event.
pub type DecisionChanges = Vec<(PatientId, Option<Arc<Decision>>)>;

/// What an event changed: what is in force after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Nothing that is in force: files were opened.
    Nothing,
    /// Decisions.
    Decisions(DecisionChanges),
    /// A spot check was drawn, or made larger.
    Drawn {
        /// Which, by its place in [`super::Review::checks`].
        check: usize,
        /// How large its sample is after it.
        size: usize,
        /// What it was to prove.
        wanted: u8,
    },
    /// An answer of a spot check.
    Answer {
        /// Which.
        check: usize,
        /// Whose, by the place in the sample.
        place: usize,
        /// What; `None` for none.
        answer: Option<Answer>,
        /// Decisions that do not stand beside it, and are taken back.
        decisions: DecisionChanges,
    },
    /// The stop of a spot check ended.
    Lifted {
        /// Which.
        check: usize,
        /// Who says so, and why.
        lifted: Lifted,
    },
}
