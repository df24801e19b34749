//! What goes out: lists for the bulk step, the corrected copy of the export,
//! worklists for people, figures, the report and the audit; saved all or none.

mod audit;
mod corrected;
mod instructions;
mod lists;
mod output;
mod outputs;
mod patients;
mod pictures;
mod report;
mod save;
mod summary;
mod table;
mod workbook;
mod worklists;

pub use audit::{NotWhole, Whole, verify_audit};
pub use corrected::Correction;
pub use instructions::{Section, Step, steps};
pub use output::Output;
pub use outputs::{Content, OutFile, outputs};
pub use save::{SaveError, Saved, save};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::cohort::{Cohort, Patient, PatientId};
use crate::domain::Day;
use crate::extract::Extract;
use crate::findings::Findings;
use crate::review::{Changes, Choice, RefusedProposal, Review};

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
    /// Who gets a 106 by what was decided.
    pub additions: &'a Additions,
    /// Decisions of a file that were not taken, with that file's name.
    pub refused: Option<(&'a str, &'a [RefusedProposal])>,
    /// The date that every 106 carries in the corrected copy.
    pub dated: Day,
    /// When this is saved, as the user has set the day.
    pub now: NaiveDateTime,
    /// The same by the computer's clock.
    pub clock: NaiveDateTime,
    /// The practice's own target date.
    pub target: Option<Day>,
    /// How the files are to be.
    pub options: Options,
    /// How long reading and finding took, in milliseconds.
    pub timings: Timings,
}

/// How the files are to be, where tools and practices differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Whether the list for the bulk step has a header; as the system takes it, if nobody
    /// says.
    pub list_header: Option<bool>,
    /// The most rows of a list; more are split into numbered files (Accurx Web takes 250).
    pub list_rows: Option<u32>,
    /// The EMIS number beside each NHS number.
    pub list_emis_number: bool,
    /// The report names those who keep a 104, and says why.
    pub name_patients: bool,
    /// Months after which a kept 104 is to be looked at again (ours: a year).
    pub review_months: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { list_header: None, list_rows: None, list_emis_number: false, name_patients: false, review_months: 12 }
    }
}

/// Durations in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timings {
    /// Reading the files.
    pub read: u64,
    /// Joining rows into people.
    pub cohort: u64,
    /// Finding groups.
    pub findings: u64,
}

/// The decisions "Add 106" as they can be carried out on a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additions {
    /// Patients to give a 106.
    pub patients: Vec<PatientId>,
    /// Decided, but their latest code is of that date or later: a 106 of that
    /// date would make a same-day conflict or be overtaken at once.
    pub held_back: Vec<PatientId>,
}

impl Additions {
    /// Who gets a 106 that is dated so, and who has to wait.
    #[must_use]
    pub fn of(cohort: &Cohort, review: Option<&Review>, dated: Day) -> Self {
        let mut additions = Self::default();
        let Some(review) = review else { return additions };
        for (id, _) in review.iter().filter(|(_, d)| d.choice == Choice::Add106) {
            // Held to the rules once more, whatever way the decision came.
            let may = |p: &&Patient| p.is_blocked() && p.usable_number().is_some() && !review.is_overtaken(id);
            let Some(patient) = cohort.patient(id).filter(may) else { continue };
            // One that cannot be read may be a 104 as well.
            let latest = cohort.events_of(patient).iter().filter_map(|e| e.day).max();
            if latest.is_some_and(|day| day >= dated) {
                additions.held_back.push(id);
            } else {
                additions.patients.push(id);
            }
        }
        additions
    }
}

impl<'a> Package<'a> {
    /// What became of everybody since an earlier export; `None` if there is none.
    #[must_use]
    pub fn changes(&self) -> Option<&'a Changes> {
        self.review.and_then(Review::result)
    }
}
