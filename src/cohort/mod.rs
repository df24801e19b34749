//! From what the files say to people: who is on the list, which codes they
//! have, where each of them stands and why, and how many there are of each.
//!
//! This room does not ask why a code was set; that is the next one's business.

mod build;
mod counts;
mod events;
mod joining;
mod lone;
mod merge;
mod names;
mod numbers;
mod practices;
mod renumbered;
mod shown;
mod stand;

use std::num::NonZeroU64;

pub use build::build;
pub use counts::{AGE_BANDS, AgeBand, Counts, GpList, age_band, age_bands, gp_lists};
pub use joining::{access_is_full, account_is_live};
pub use numbers::list_number;
pub use practices::Practice;
pub use shown::Shown;
pub use stand::{Facts, Standing, stand};

use crate::domain::{AccessCode, CodeTrouble, Day, Markers, NhsNumber, NhsReading, Status, StatusReason};
use crate::extract::{Interner, Problem, System, Word};

/// A patient of a [`Cohort`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatientId(pub u32);

impl PatientId {
    /// For tables with one row a patient.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A row of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Which of the files, from 0.
    pub file: u16,
    /// Row, from 0.
    pub row: u32,
}

/// One access code of one patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeEvent {
    /// Where it stands.
    pub place: Place,
    /// Which group of columns of that row.
    pub group: u8,
    /// Which code; `None` if it cannot be told.
    pub code: Option<AccessCode>,
    /// Whether it decides the status, and if not, why.
    pub state: EventState,
    /// The clinical date.
    pub day: Option<Day>,
    /// Minutes since midnight, where the file has a time.
    pub minute: Option<u16>,
    /// The date of typing it in.
    pub entered: Option<Day>,
    /// Who entered it.
    pub user: Word,
    /// Free text.
    pub text: Word,
    /// Where it was entered.
    pub organisation: Word,
}

impl CodeEvent {
    /// Stands where an entry will be put.
    const BLANK: Self = Self {
        place: Place { file: 0, row: 0 },
        group: 0,
        code: None,
        state: EventState::Undated,
        day: None,
        minute: None,
        entered: None,
        user: Word::NONE,
        text: Word::NONE,
        organisation: Word::NONE,
    };
}

/// Whether an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// It does.
    Counts,
    /// It repeats another row in every respect (`SystmOne` writes a row for every
    /// combination).
    Repeated,
    /// No date, or none that can be read.
    Undated,
    /// Dated after today.
    Future,
    /// Which code it is cannot be told.
    Unclear(CodeTrouble),
}

/// One person on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// The first row that tells of this person.
    pub place: Place,
    /// Which of that file's people: the place of the system's own number.
    pub person: u32,
    /// The system's own number, which rises with every patient who registers, where it
    /// is one.
    pub list_number: Option<NonZeroU64>,
    /// Where the name stands in the alphabet; nought where there is no name.
    pub alphabet: u32,
    /// Usual GP.
    pub gp: Word,
    /// NHS number.
    pub nhs: NhsReading,
    /// The same number stands on somebody else too.
    pub nhs_twice: bool,
    /// Date of birth.
    pub born: Option<Day>,
    /// The file has birth dates, and this one cannot be read.
    pub birth_unclear: bool,
    /// Date of registration here.
    pub registered: Option<Day>,
    /// Word for the state of the online account.
    pub account: Word,
    /// Word for how much the account opens.
    pub access: Word,
    /// Practice.
    pub practice: Word,
    /// Signs of risk on file. None means nothing.
    pub markers: Markers,
    /// An access code that does not count (undated, future, unclear), or a doubt
    /// whether all rows of this patient were read as theirs.
    pub has_unclear_code: bool,
    /// A 103 without a usable date, in a column of something else, or one that may be meant: the
    /// patient may have declined.
    pub may_have_declined: bool,
    /// What the file says of the registration is not understood.
    pub registration_unclear: bool,
    /// Status on the day.
    pub status: Status,
    /// Why.
    pub reason: StatusReason,
    /// The entry that decides, as an index into [`Cohort::events`].
    pub deciding: Option<u32>,
    /// The latest 104, if no 106 came after it: "active", whatever the status.
    pub active_104: Option<u32>,
    events: (u32, u32),
}

impl Patient {
    /// Whether a 104 blocks them, or a 104 and a 106 of one day of which nobody knows the later.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        matches!(self.status, Status::Blocked | Status::SameDayConflict)
    }

    /// The number, where it may be written to a list for the bulk step.
    #[must_use]
    pub const fn usable_number(&self) -> Option<NhsNumber> {
        match self.nhs {
            NhsReading::Valid(number) if !self.nhs_twice => Some(number),
            _ => None,
        }
    }

    /// The index of this patient's first entry in [`Cohort::events`].
    #[must_use]
    pub const fn first_event(&self) -> u32 {
        self.events.0
    }

    /// In the counts: registered here, alive, 16 or older.
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        self.status != Status::NotEligible
    }
}

/// Everybody in the files, as of one day.
pub struct Cohort {
    /// The day on which ages and statuses are counted.
    pub today: Day,
    /// The system of the first file.
    pub system: System,
    /// The practice's name, where a file says it.
    pub practice: Option<String>,
    /// Each practice, where the files speak of several.
    pub practices: Vec<Practice>,
    /// People.
    pub patients: Vec<Patient>,
    /// Their codes, together by patient, in the order of the files.
    pub events: Vec<CodeEvent>,
    /// Users, texts and other words of the events and patients.
    pub words: Interner,
    /// What could not be understood, with the file it stands in.
    pub problems: Vec<(u16, Problem)>,
    /// Rows that speak against somebody's being decided like others, by patient: a marker
    /// stands there, or it is in doubt what does.
    pub signs: Vec<(PatientId, Place, u64)>,
    /// How many of each status.
    pub counts: Counts,
    /// What each file shows of the entries of each of its groups of columns.
    pub shown: Vec<Vec<Shown>>,
    /// What some 104 is shown with.
    pub some_show: Shown,
    /// What every 104 is shown with.
    pub all_show: Shown,
}

impl Cohort {
    /// The practice's name, or how many there are.
    #[must_use]
    pub fn practice_title(&self) -> Option<String> {
        match self.practices.len() {
            0 => self.practice.clone(),
            n => Some(crate::domain::wording::count(n, "practice")),
        }
    }

    /// Whether the files seem to hold nobody without a code, so that how many there are on
    /// the list is not known. A search for a code exports only those who have it.
    #[must_use]
    pub const fn holds_only_coded(&self) -> bool {
        self.counts.eligible >= 30 && !self.counts.holds_uncoded()
    }

    /// One of several practices, by its name.
    #[must_use]
    pub fn practice_named(&self, name: &str) -> Option<&Practice> {
        self.practices.iter().find(|p| p.name == name)
    }

    /// A patient's record.
    #[must_use]
    pub fn patient(&self, id: PatientId) -> Option<&Patient> {
        self.patients.get(id.index())
    }

    /// Everybody, with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (PatientId, &Patient)> {
        self.patients.iter().enumerate().map(|(i, p)| (PatientId(u32::try_from(i).unwrap_or(u32::MAX)), p))
    }

    /// All entries of a patient, in the order of the files.
    #[must_use]
    pub fn events_of(&self, patient: &Patient) -> &[CodeEvent] {
        let (from, to) = patient.events;
        self.events.get(from as usize..to as usize).unwrap_or_default()
    }

    /// What an entry is shown with.
    #[must_use]
    pub fn shown(&self, event: &CodeEvent) -> Shown {
        let of_file = self.shown.get(usize::from(event.place.file));
        of_file.and_then(|groups| groups.get(usize::from(event.group))).copied().unwrap_or(Shown::NOTHING)
    }

    /// The rows that speak against a patient's being decided like others.
    pub fn signs_of(&self, id: PatientId) -> impl Iterator<Item = Place> + '_ {
        self.said_of(id).map(|(place, _)| place)
    }

    /// The same, each with what its cell says, as a [`crate::extract::told`] number; nought where
    /// that makes no difference.
    pub fn said_of(&self, id: PatientId) -> impl Iterator<Item = (Place, u64)> + '_ {
        let first = self.signs.partition_point(|(of, ..)| *of < id);
        let own = self.signs[first..].iter().take_while(move |(of, ..)| *of == id);
        own.map(|(_, place, said)| (*place, *said))
    }

    /// The 104 of a patient: the active one, or else the latest that counted.
    #[must_use]
    pub fn last_104(&self, patient: &Patient) -> Option<&CodeEvent> {
        let counts = |e: &&CodeEvent| e.state == EventState::Counts && e.code == Some(AccessCode::Review104);
        let latest = || self.events_of(patient).iter().filter(counts).max_by_key(|e| (e.day, e.minute));
        self.event(patient.active_104).or_else(latest)
    }

    /// An entry by its index.
    #[must_use]
    pub fn event(&self, index: Option<u32>) -> Option<&CodeEvent> {
        self.events.get(index? as usize)
    }

    /// A word of this cohort.
    #[must_use]
    pub fn word(&self, word: Word) -> &str {
        self.words.get(word)
    }
}
