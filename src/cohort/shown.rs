//! What an export shows of its entries, and what it leaves unknown.

use crate::extract::{EventColumns, Extract, PatientRole};

/// What an export shows of the entries of a group of columns, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Free text: where there is no column for it, nobody knows of notes.
    pub texts: bool,
    /// Who entered them, and staff can be in that column: not as many names as entries.
    pub users: bool,
    /// Days of registration, or at which practice each was entered: what a patient brought
    /// along can be told.
    pub origins: bool,
}

impl Shown {
    /// Nothing.
    pub const NOTHING: Self = Self { texts: false, users: false, origins: false };
    /// Everything.
    pub const EVERYTHING: Self = Self { texts: true, users: true, origins: true };

    /// What either shows.
    pub(super) fn or(self, other: Self) -> Self {
        Self { texts: self.texts | other.texts, users: self.users | other.users, origins: self.origins | other.origins }
    }

    /// What both show.
    pub(super) fn and(self, other: Self) -> Self {
        Self { texts: self.texts & other.texts, users: self.users & other.users, origins: self.origins & other.origins }
    }
}

/// What a file shows of the entries of each of its groups of columns.
pub fn shown_in(file: &Extract, are_users: bool) -> Vec<Shown> {
    let has_registered = file.columns.patient(PatientRole::Registered).is_some();
    let shown = |group: &EventColumns| Shown {
        texts: group.text.is_some(),
        users: group.user.is_some() && are_users,
        origins: has_registered || group.organisation.is_some(),
    };
    file.columns.events.iter().map(shown).collect()
}
