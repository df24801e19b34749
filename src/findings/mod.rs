//! Which 104 codes look applied in bulk, and why; which were inherited; who
//! needs a person.
//!
//! "Likely added in bulk", never "wrong" and never "safe to remove". Every reason
//! carries its figure.

mod about;
mod baseline;
mod behind;
mod buckets;
mod clusters;
mod counted;
mod evidence;
mod explain;
mod features;
mod find;
mod joins;
mod meetings;
mod order;
mod reasons;
mod segments;
mod texts;
mod thresholds;
mod timeline;
mod topups;
mod weigh;
mod workday;

pub use behind::behind;
pub use evidence::{Behind, Evidence, Side};
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
    /// Each dated with the day on which its patient registered, years back.
    BackDated,
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
            Self::BackDated => "dated with registration",
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
    /// What speaks for and against, each a sentence with its figure.
    pub evidence: Vec<Evidence>,
    /// What that comes to, in tenths of a ban: how many times as likely as not it is that
    /// these were applied in bulk, as ten times a logarithm.
    pub weight: i16,
    /// Blocked patients of the same days and users who are not in the group, since
    /// a note of their own, or an earlier entry that still stands, says that
    /// somebody looked.
    pub left_out: Vec<PatientId>,
    /// Of top-ups: who registered in that time, coded or not.
    pub registered: Vec<PatientId>,
    /// Entries a day, for a small picture.
    pub days: Vec<(Day, u32)>,
    /// Of which practice it is, where the files speak of several.
    pub practice: Option<String>,
}

impl Group {
    /// Whether another, found by other thresholds, is the same piece of work.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let of = |g: &Self| (g.kind, g.first, g.users.first().cloned(), g.practice.clone());
        of(self) == of(other)
    }

    /// The sentences that point one way.
    pub fn sentences(&self, side: Side) -> impl Iterator<Item = &str> {
        self.evidence.iter().filter(move |e| e.side == side).map(|e| e.text.as_str())
    }

    /// A short name, for lists: "31-Oct-2022", "inherited".
    #[must_use]
    pub fn short(&self) -> String {
        match self.kind {
            Kind::OneDay | Kind::Meeting => self.first.table(),
            Kind::Run => format!("{} to {}", self.first.table(), self.last.table()),
            Kind::TopUp => "new patients".to_owned(),
            Kind::BackDated => "dated with registration".to_owned(),
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
    /// The day on which somebody sat at the keyboard for it.
    pub worked_on: Option<Day>,
    /// It was set again after a 106.
    pub again: bool,
    /// A clinician entered it.
    pub clinician: bool,
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
    /// The most entries a day outside the groups that look added in bulk: what "many" is compared with.
    pub usual_most: u32,
    /// How many entries lie outside these groups; without those that patients brought along.
    pub otherwise: usize,
    /// The settings in force.
    pub thresholds: Thresholds,
    /// The group of each of the cohort's entries, by number; [`NO_GROUP`] for none.
    entry_groups: Vec<u16>,
}

/// Stands for an entry that is in no group.
const NO_GROUP: u16 = u16::MAX;

impl Findings {
    /// What was found for a patient.
    #[must_use]
    pub fn of(&self, id: PatientId) -> Assessment {
        self.assessments.get(id.index()).copied().unwrap_or_default()
    }

    /// The group of an entry of the cohort.
    #[must_use]
    pub fn group_of_entry(&self, event: u32) -> Option<GroupId> {
        self.entry_groups.get(event as usize).filter(|id| **id != NO_GROUP).map(|id| GroupId(*id))
    }

    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(usize::from(id.0))
    }
}

#[cfg(test)]
mod tests;
