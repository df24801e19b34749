//! Who must not be swept along with a group (safety rules of the domain).

use crate::cohort::{CodeEvent, Cohort, EventState, PatientId};
use crate::domain::{AccessCode, Day, Markers, NhsReading, Status};
use crate::extract::told;
use crate::findings::Findings;

/// Why a patient can be decided only one by one, with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Blocker {
    /// A 103: the patient declined.
    Declined,
    /// A 104 and a 106 of one day.
    SameDayConflict,
    /// A sign of risk on file.
    Marker,
    /// Free text of their own on the 104.
    OwnText,
    /// No valid NHS number.
    InvalidNumber,
    /// The number stands on two people.
    NumberTwice,
    /// An access code that cannot be read or has no usable date, something in a column of another
    /// kind, or a row of which it cannot be told whose it is.
    Unclear,
    /// The birth date cannot be read, so they may be under 16 (ours, on the safe
    /// side).
    UnclearBirth,
    /// What the file says of the registration is not understood (ours, on the safe
    /// side).
    UnclearRegistration,
}

impl Blocker {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Declined,
        Self::SameDayConflict,
        Self::Marker,
        Self::OwnText,
        Self::InvalidNumber,
        Self::NumberTwice,
        Self::Unclear,
        Self::UnclearBirth,
        Self::UnclearRegistration,
    ];

    /// In words, for files and screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Declined => "declined (103)",
            Self::SameDayConflict => "same-day conflict",
            Self::Marker => "a safeguarding or risk marker",
            Self::OwnText => "a note of their own",
            Self::InvalidNumber => "no valid NHS number",
            Self::NumberTwice => "NHS number on two people",
            Self::Unclear => "something unclear",
            Self::UnclearBirth => "an unclear date of birth",
            Self::UnclearRegistration => "an unclear registration",
        }
    }
}

impl Blocker {
    /// So many patients with it: "10 with a safeguarding or risk marker".
    #[must_use]
    pub fn counted(self, n: usize) -> String {
        let figure = crate::domain::wording::figure(n);
        match self {
            Self::Declined => format!("{figure} declined (103)"),
            Self::SameDayConflict if n == 1 => format!("{figure} same-day conflict"),
            Self::SameDayConflict => format!("{figure} same-day conflicts"),
            Self::InvalidNumber => format!("{figure} without a valid NHS number"),
            Self::NumberTwice => format!("{figure} whose NHS number is on two people"),
            other => format!("{figure} with {}", other.label()),
        }
    }
}

/// A set of blockers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Blockers(u16);

impl Blockers {
    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it is among them.
    #[must_use]
    pub const fn has(self, blocker: Blocker) -> bool {
        self.0 & (1 << blocker as u8) != 0
    }

    /// Those in the set.
    pub fn iter(self) -> impl Iterator<Item = Blocker> {
        Blocker::ALL.into_iter().filter(move |b| self.has(*b))
    }

    /// Whether all of these are in another set.
    #[must_use]
    pub const fn are_in(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Those that are not in another set.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Reads [`Blockers::labels`]; what is not known is left out.
    #[must_use]
    pub fn from_labels(labels: &str) -> Self {
        // As it was called in reviews that were saved before.
        let earlier = |b: &Blocker| if *b == Blocker::Unclear { "an unclear code" } else { b.label() };
        let has = |b: &Blocker| labels.split(", ").any(|label| label == b.label() || label == earlier(b));
        Self(Blocker::ALL.into_iter().filter(has).fold(0, |set, b| set | 1 << b as u8))
    }

    /// "declined (103), a note of their own".
    #[must_use]
    pub fn labels(self) -> String {
        self.iter().map(Blocker::label).collect::<Vec<_>>().join(", ")
    }
}

/// What speaks against deciding a patient like others, as it stands on file at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Against {
    /// Of which kinds.
    pub blockers: Blockers,
    /// The risk groups that are named.
    pub markers: Markers,
    /// In how many places: rows with a marker or a doubt, entries that do not count, notes of
    /// their own. One more is something that nobody knew before.
    pub places: u32,
    /// What these say, as the sum of [`told`] numbers: another note in the place of one is new.
    pub said: u64,
}

impl Against {
    /// All there is.
    #[must_use]
    pub fn of(cohort: &Cohort, findings: &Findings, id: PatientId) -> Self {
        let Some(patient) = cohort.patient(id) else { return Self::default() };
        let blockers = blockers(cohort, findings, id);
        let has_own = blockers.has(Blocker::OwnText);
        let speaks = |e: &&CodeEvent| {
            !matches!(e.state, EventState::Counts | EventState::Repeated) || (has_own && e.text.is_some())
        };
        let entry = |e: &CodeEvent| {
            let code = e.code.map_or("", AccessCode::short);
            let day = e.day.map_or_else(String::new, Day::iso);
            told(&format!("{code} {day} {}", cohort.word(e.text)))
        };
        let signs = cohort.said_of(id).map(|(_, said)| said);
        let (mut places, mut said) = (0_u32, 0_u64);
        for one in signs.chain(cohort.events_of(patient).iter().filter(speaks).map(entry)) {
            places = places.saturating_add(1);
            said = said.wrapping_add(one);
        }
        Self { blockers, markers: patient.markers, places, said }
    }

    /// What whoever knew `known` did not know, in words; `None` where they knew it all.
    #[must_use]
    pub fn unknown_to(self, known: Self) -> Option<String> {
        let markers = self.markers.without(known.markers);
        if !self.blockers.are_in(known.blockers) {
            Some(self.blockers.without(known.blockers).labels())
        } else if !markers.is_empty() {
            Some(format!("a marker on file: {}", markers.labels()))
        } else if self.places > known.places {
            Some(format!("more on file that speaks against it: {}", self.blockers.labels()))
        } else if self.said != known.said {
            Some(format!("what is on file has changed: {}", self.blockers.labels()))
        } else {
            None
        }
    }
}

/// Why a patient has a blocker, in words: what stands on file, without its text.
#[must_use]
pub fn because(cohort: &Cohort, id: PatientId, blocker: Blocker) -> String {
    let Some(patient) = cohort.patient(id) else { return blocker.label().to_owned() };
    let day_of = |index| cohort.event(index).and_then(|e| e.day).map(crate::domain::Day::table);
    match blocker {
        Blocker::Declined => match day_of(patient.deciding) {
            Some(day) => format!("declined: a 103 of {day}, which a 106 does not cancel"),
            None => "declined: a 103, which a 106 does not cancel".to_owned(),
        },
        Blocker::SameDayConflict => match day_of(patient.deciding) {
            Some(day) => format!("a 104 and a 106 of one day, {day}, and no time to order them"),
            None => blocker.label().to_owned(),
        },
        Blocker::Marker => {
            format!("a marker on file: {}", patient.markers.labels())
        }
        Blocker::OwnText => "a note of their own on a 104 that still stands: see the entries".to_owned(),
        Blocker::InvalidNumber => match patient.nhs {
            NhsReading::Missing => "no NHS number in the export".to_owned(),
            NhsReading::WrongCheckDigit => "an NHS number whose check digit is wrong".to_owned(),
            NhsReading::Scientific => "an NHS number that a spreadsheet has cut short".to_owned(),
            NhsReading::NineDigits => "an NHS number of nine digits".to_owned(),
            _ => blocker.label().to_owned(),
        },
        Blocker::NumberTwice => {
            "the same number stands on another person: which of the two is meant cannot be told".to_owned()
        }
        Blocker::Unclear => {
            "something unclear: a code that cannot be read or has no usable date, something in a column of another kind, or a row of which it cannot be told whose it is".to_owned()
        }
        Blocker::UnclearBirth => "no date of birth that can be read: they may be under 16".to_owned(),
        Blocker::UnclearRegistration => "what the export says of the registration is not understood".to_owned(),
    }
}

/// The blockers of a patient.
#[must_use]
pub fn blockers(cohort: &Cohort, findings: &Findings, id: PatientId) -> Blockers {
    let Some(patient) = cohort.patient(id) else { return Blockers::default() };
    let is = |blocker| match blocker {
        Blocker::Declined => patient.status == Status::Declined,
        Blocker::SameDayConflict => patient.status == Status::SameDayConflict,
        Blocker::Marker => !patient.markers.is_empty(),
        Blocker::OwnText => findings.of(id).own_text,
        Blocker::InvalidNumber => !matches!(patient.nhs, NhsReading::Valid(_)),
        Blocker::NumberTwice => patient.nhs_twice,
        Blocker::Unclear => patient.has_unclear_code,
        Blocker::UnclearBirth => patient.birth_unclear,
        Blocker::UnclearRegistration => patient.registration_unclear,
    };
    Blockers(Blocker::ALL.into_iter().filter(|b| is(*b)).fold(0, |set, b| set | 1 << b as u8))
}
