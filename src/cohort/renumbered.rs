//! People who have another NHS number in a later export.

use super::PatientId;
use super::build::Builder;
use crate::extract::{PersonRow, ProblemKind, Word};

/// So many numbers of the system must be of the same people in two exports for them to be numbers of
/// one system (ours).
const LEAST_AGREEING: usize = 10;

impl Builder<'_> {
    /// Somebody of an earlier export of the practice who has this number of the system and may
    /// be the same person, with another NHS number: one of the two is not theirs any more.
    pub(super) fn renumbered(&mut self, file: u16, practice: Word, row: &PersonRow, index: u32) -> Option<PatientId> {
        let mut earlier = (0..file).filter_map(|other| self.by_system_number(other, practice, file, index));
        let found = earlier.find(|id| self.has_valid_number(*id) && self.is_same_person(*id, row))?;
        let born = self.patients.get(found.index()).and_then(|p| p.born);
        let name = self.name_of(found).whole;
        let agrees = (born.is_some() && born == row.born) || (name != 0 && name == row.name);
        if !agrees {
            // In a file without names and birth dates nothing can disagree: it depends on whether
            // its numbers of the system are otherwise those of the same people.
            self.maybe_renumbered.push((file, found, index));
        }
        Some(found).filter(|_| agrees)
    }

    /// Notes that a number of the system is of the same person in an earlier export.
    pub(super) fn note_agreement(&mut self, file: u16, practice: Word, index: u32, id: PatientId) {
        if (0..file).any(|other| self.by_system_number(other, practice, file, index) == Some(id)) {
            *self.agreeing.entry(file).or_default() += 1;
        }
    }

    /// Flags those who may have another NHS number in a later export whose numbers of the system are
    /// mostly those of the same people. `owners` are of each file.
    pub(super) fn flag_renumbered(&mut self, owners: &[(u16, Vec<PatientId>)]) {
        for (file, known, index) in std::mem::take(&mut self.maybe_renumbered) {
            if self.agreeing.get(&file).copied().unwrap_or(0) < LEAST_AGREEING {
                continue;
            }
            let of_file = owners.iter().find(|(of, _)| *of == file).map(|(_, owners)| owners.as_slice());
            let other = of_file.and_then(|owners| owners.get(index as usize)).copied();
            for clash in [Some(known), other].into_iter().flatten() {
                self.flag(clash, ProblemKind::SystemNumberTwice);
            }
        }
    }
}
