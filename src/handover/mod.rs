//! What goes out: lists for the bulk step, the corrected copy of the export,
//! worklists for people, figures, the report and the audit; saved all or none.

mod audit;
mod corrected;
mod lists;
mod outputs;
mod patients;
mod report;
mod save;
mod summary;
mod table;
mod timeline_svg;

pub use corrected::Correction;
pub use outputs::{Content, OutFile, Output, outputs};
pub use save::{SaveError, save};

use chrono::NaiveDateTime;

use crate::cohort::{Cohort, PatientId};
use crate::domain::Day;
use crate::extract::Extract;
use crate::findings::Findings;
use crate::review::{Choice, RefusedProposal, Review};

/// Everything the outputs are made of.
#[derive(Clone, Copy)]
pub struct Package<'a> {
    /// The files that were opened.
    pub files: &'a [Extract],
    /// The people in them.
    pub cohort: &'a Cohort,
    /// What was found.
    pub findings: &'a Findings,
    /// What was decided; `None` gives the figures only.
    pub review: Option<&'a Review>,
    /// Decisions of a file that were not taken, with that file's name.
    pub refused: Option<(&'a str, &'a [RefusedProposal])>,
    /// The date that every 106 carries in the corrected copy.
    pub dated: Day,
    /// When this is saved.
    pub now: NaiveDateTime,
    /// The practice's own target date.
    pub target: Option<Day>,
    /// How long reading and finding took, in milliseconds.
    pub timings: Timings,
}

/// Durations in milliseconds.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Timings {
    /// Reading the files.
    pub read: u64,
    /// Joining rows into people.
    pub cohort: u64,
    /// Finding groups.
    pub findings: u64,
}

/// A decision "Add 106" as it can be carried out on a date.
pub struct Additions {
    /// Patients to give a 106.
    pub patients: Vec<PatientId>,
    /// Decided, but their latest code is of that date or later: a 106 of that
    /// date would make a same-day conflict or be overtaken at once.
    pub held_back: Vec<PatientId>,
}

impl Package<'_> {
    /// Who gets a 106, and who has to wait.
    #[must_use]
    pub fn additions(&self) -> Additions {
        let mut additions = Additions { patients: Vec::new(), held_back: Vec::new() };
        let Some(review) = self.review else { return additions };
        for (id, _) in review.iter().filter(|(_, d)| d.choice == Choice::Add106) {
            let Some(patient) = self.cohort.patient(id).filter(|p| p.is_eligible() && p.usable_number().is_some())
            else {
                continue;
            };
            let latest = self.cohort.events_of(patient).iter().filter(|e| e.code.is_some()).filter_map(|e| e.day).max();
            if latest.is_some_and(|day| day >= self.dated) {
                additions.held_back.push(id);
            } else {
                additions.patients.push(id);
            }
        }
        additions
    }
}
