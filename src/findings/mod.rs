//! Which 104 codes look applied in bulk, and why; which were inherited; who
//! needs a person.
//!
//! "Likely added in bulk", never "wrong" and never "safe to remove". Every reason
//! carries its figure.

mod baseline;
mod clusters;
mod explain;
mod features;
mod find;
mod reasons;
mod thresholds;
mod timeline;

pub use explain::{Explanation, explain, in_a_line};
pub use features::is_clinician;
pub use find::find;
pub use thresholds::{Setting, Thresholds};
pub use timeline::{DayBar, Timeline, WAVES, Wave};

use crate::cohort::PatientId;
use crate::domain::Day;

/// How much an entry looks applied in bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Likelihood {
    /// Looks as if somebody decided for this patient.
    Individual,
    /// Dated before the patient came here, or entered elsewhere: nobody here
    /// decided it.
    Inherited,
    /// Something points to bulk, not enough to say so.
    Possible,
    /// Likely added in bulk.
    Likely,
    /// Almost certainly added in bulk.
    AlmostCertain,
}

impl Likelihood {
    /// As files write it and the screen shows it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Inherited => "inherited",
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::AlmostCertain => "almost certain",
        }
    }

    /// Counted as "looks added in bulk".
    #[must_use]
    pub const fn is_bulk(self) -> bool {
        matches!(self, Self::Likely | Self::AlmostCertain)
    }
}

/// What kind of group it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Many on one day by one user.
    OneDay,
    /// One user on several working days, one after the other.
    Run,
    /// New patients, soon after they registered, again and again.
    TopUp,
    /// From another practice.
    Inherited,
    /// Many on one day, each with a note of its own: somebody looked at each.
    Meeting,
}

impl Kind {
    /// As files write it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OneDay => "one day",
            Self::Run => "run over days",
            Self::TopUp => "top-up of new patients",
            Self::Inherited => "inherited",
            Self::Meeting => "meeting",
        }
    }
}

/// A group, by its place in [`Findings::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub u16);

impl GroupId {
    /// "G1", as files and screen name it.
    #[must_use]
    pub fn label(self) -> String {
        format!("G{}", self.0 + 1)
    }
}

/// Codes that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub id: GroupId,
    /// What kind it is.
    pub kind: Kind,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// Who entered them, most entries first; empty where the file does not say.
    pub users: Vec<String>,
    /// Blocked patients whose active 104 belongs to the group. Those who declined
    /// and same-day conflicts are lists of their own.
    pub members: Vec<PatientId>,
    /// All entries of the group, those since cancelled by a 106 among them.
    pub entries: usize,
    /// How much it looks applied in bulk.
    pub likelihood: Likelihood,
    /// One line that says what it is.
    pub title: String,
    /// Why, each a sentence with its figure.
    pub reasons: Vec<String>,
    /// What speaks against.
    pub against: Vec<String>,
    /// Blocked patients of the same days and users who are not in the group, since
    /// a note of their own, or an earlier entry that still stands, says that
    /// somebody looked.
    pub left_out: Vec<PatientId>,
    /// Entries a day, for a small picture.
    pub days: Vec<(Day, u32)>,
    /// Of which practice it is, where the files speak of several.
    pub practice: Option<String>,
}

impl Group {
    /// A short name, for lists: "31-Oct-2022", "inherited".
    #[must_use]
    pub fn short(&self) -> String {
        match self.kind {
            Kind::OneDay | Kind::Meeting => self.first.table(),
            Kind::Run => format!("{} to {}", self.first.table(), self.last.table()),
            Kind::TopUp => "new patients".to_owned(),
            Kind::Inherited => "inherited".to_owned(),
        }
    }
}

/// What was found for one patient's active 104.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Assessment {
    /// `None` where there is no active 104.
    pub likelihood: Option<Likelihood>,
    /// The group, if it is in one.
    pub group: Option<GroupId>,
    /// A 104 that still stands has free text that is not the same on many others.
    pub own_text: bool,
    /// Another 104 that still stands looks as if somebody had decided it.
    pub looked_at_before: bool,
    /// Entries of the same day by the same user, this one among them.
    pub same_day: u32,
}

/// Everything that was found.
pub struct Findings {
    /// Groups, the strongest and largest first.
    pub groups: Vec<Group>,
    /// One a patient, by [`PatientId`].
    pub assessments: Vec<Assessment>,
    /// 104 entries by the day they were entered.
    pub timeline: Timeline,
    /// Patients with a 104 and a 106 of one day.
    pub conflicts: Vec<PatientId>,
    /// Under 16 now, 16 soon.
    pub turning_16: Vec<(PatientId, Day)>,
    /// The most entries a day outside all groups, by which "many" is measured.
    pub usual_most: u32,
    /// The settings in force.
    pub thresholds: Thresholds,
}

impl Findings {
    /// What was found for a patient.
    #[must_use]
    pub fn of(&self, id: PatientId) -> Assessment {
        self.assessments.get(id.index()).copied().unwrap_or_default()
    }

    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(usize::from(id.0))
    }
}

#[cfg(test)]
mod tests;
