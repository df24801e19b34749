//! How many of each.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Cohort, Patient};
use crate::domain::{Day, Status};
use crate::extract::Word;

/// Patients by status. `patients` is the sum of the seven others but `eligible`,
/// and `eligible` is `patients` less `not_eligible`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Everybody in the files.
    pub patients: usize,
    /// Registered, alive, 16 or older.
    pub eligible: usize,
    /// The rest.
    pub not_eligible: usize,
    /// Has a 103.
    pub declined: usize,
    /// 104 and 106 on one day.
    pub same_day_conflict: usize,
    /// Latest code is a 104.
    pub blocked: usize,
    /// Latest code is a 106.
    pub cleared: usize,
    /// None of the three.
    pub no_code: usize,
}

impl Counts {
    /// Adds up what was counted apart.
    pub(super) fn sum<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.join(part);
        }
        all
    }

    /// Adds what was counted over others.
    pub(super) fn join(&mut self, other: &Self) {
        let Self { patients, eligible, .. } = other;
        self.patients += patients;
        self.eligible += eligible;
        for status in Status::ALL {
            *self.slot(status) += other.get(status);
        }
    }

    /// Counts one more.
    pub(super) fn add(&mut self, patient: &Patient) {
        self.patients += 1;
        self.eligible += usize::from(patient.is_eligible());
        *self.slot(patient.status) += 1;
    }

    /// Whether patients without a code were exported too: only then is it known who was left
    /// out. One or two whose code could not be read do not tell.
    #[must_use]
    pub const fn holds_uncoded(&self) -> bool {
        self.no_code >= 3 && self.no_code * 300 >= self.eligible
    }

    fn slot(&mut self, status: Status) -> &mut usize {
        match status {
            Status::NotEligible => &mut self.not_eligible,
            Status::Declined => &mut self.declined,
            Status::SameDayConflict => &mut self.same_day_conflict,
            Status::Blocked => &mut self.blocked,
            Status::Cleared => &mut self.cleared,
            Status::NoCode => &mut self.no_code,
        }
    }

    /// How many of a status.
    #[must_use]
    pub fn get(mut self, status: Status) -> usize {
        *self.slot(status)
    }

    /// Blocked among the eligible, from 0 to 1: the share that NHS England asked
    /// practices with over a half to explain (Pulse, February 2023).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of people fit a double exactly")]
    pub fn share_blocked(&self) -> f64 {
        if self.eligible == 0 { 0.0 } else { self.blocked as f64 / self.eligible as f64 }
    }
}

/// Eligible patients of a usual GP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GpList {
    /// Who; none for patients without a usual GP.
    pub gp: Word,
    /// Eligible patients.
    pub eligible: usize,
    /// Of these, blocked.
    pub blocked: usize,
}

/// Eligible patients by usual GP, the largest list first. Empty where no file names them.
#[must_use]
pub fn gp_lists(cohort: &Cohort) -> Vec<GpList> {
    let mut lists: FxHashMap<Word, GpList> = FxHashMap::default();
    for patient in cohort.patients.iter().filter(|p| p.is_eligible()) {
        let gp = patient.gp;
        let list = lists.entry(gp).or_insert(GpList { gp, eligible: 0, blocked: 0 });
        list.eligible += 1;
        list.blocked += usize::from(patient.status == Status::Blocked);
    }
    let mut lists: Vec<GpList> = lists.into_values().collect();
    if lists.iter().all(|list| !list.gp.is_some()) {
        return Vec::new();
    }
    lists.sort_by_key(|list| (std::cmp::Reverse(list.eligible), list.gp));
    lists
}

/// Age bands: the label, and the oldest age in it.
pub const AGE_BANDS: [(&str, i32); 7] = [
    ("16–24", 24),
    ("25–34", 34),
    ("35–44", 44),
    ("45–54", 54),
    ("55–64", 64),
    ("65–74", 74),
    ("75 and over", i32::MAX),
];

/// The age band of a patient on a day, by its place in [`AGE_BANDS`].
#[must_use]
pub fn age_band(patient: &Patient, today: Day) -> Option<usize> {
    let age = today.age(patient.born?);
    AGE_BANDS.iter().position(|(_, last)| age <= *last)
}

/// Eligible patients of an age band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeBand {
    /// "16–24".
    pub label: &'static str,
    /// The oldest age in it.
    pub last: i32,
    /// Eligible patients.
    pub eligible: usize,
    /// Of these, blocked.
    pub blocked: usize,
}

/// Eligible patients by age on the day; those without a birth date are in none.
#[must_use]
pub fn age_bands(cohort: &Cohort) -> [AgeBand; 7] {
    let mut bands = AGE_BANDS.map(|(label, last)| AgeBand { label, last, eligible: 0, blocked: 0 });
    for patient in cohort.patients.iter().filter(|p| p.is_eligible()) {
        if let Some(at) = age_band(patient, cohort.today) {
            bands[at].eligible += 1;
            bands[at].blocked += usize::from(patient.status == Status::Blocked);
        }
    }
    bands
}
