//! Further rows of people who are known.

use std::cmp::Ordering;

use super::build::Builder;
use super::stand::Facts;
use super::{PatientId, joining};
use crate::extract::{PersonRow, Purpose, Registration, Word};

impl Builder<'_> {
    /// A further row of a known person fills what was blank before. Where two rows are of two
    /// registrations, the later one counts: here, and at which practice.
    pub fn merge(&mut self, id: PatientId, file: u16, row: &PersonRow, words: &[Word]) {
        let practice = self.practice_of(file, row, words);
        let (Some(patient), Some(facts), Some(name)) =
            (self.patients.get_mut(id.index()), self.facts.get_mut(id.index()), self.names.get_mut(id.index()))
        else {
            return;
        };
        let word = |w: Word| words.get(w.index()).copied().unwrap_or(Word::NONE);
        if !patient.gp.is_some() {
            patient.gp = word(row.gp);
        }
        if patient.alphabet == 0 {
            patient.alphabet = row.alphabet;
        }
        let later = row.registered.zip(facts.registered).map_or(Ordering::Equal, |(new, known)| new.cmp(&known));
        let both_known = row.registered.is_some() && facts.registered.is_some();
        let names_practice = row.practice.is_some();
        // A register may call the practice otherwise.
        let is_export = self.files.get(usize::from(file)).is_some_and(|f| f.purpose == Purpose::Export);
        if !patient.practice.is_some() || (is_export && later.is_gt() && practice.is_some()) {
            patient.practice = practice;
        } else if is_export && names_practice && practice != patient.practice && !both_known {
            // On two lists, and which is the one of today cannot be told.
            facts.registration = facts.registration.worse(Registration::Unclear);
        }
        if later.is_gt() && row.gp.is_some() {
            patient.gp = word(row.gp);
        }
        if *name == 0 {
            *name = row.name;
        }
        let new = Facts::from(row);
        facts.born = facts.born.or(new.born);
        facts.registered = facts.registered.max(new.registered);
        facts.left = facts.left.max(new.left);
        facts.age = facts.age.or(new.age);
        facts.registration = match later {
            // What a list beside the exports says of the registration stands.
            _ if !is_export => facts.registration.worse(new.registration),
            // Whoever registered again is here again.
            Ordering::Greater if facts.registration == Registration::Left => new.registration,
            Ordering::Less if new.registration == Registration::Left => facts.registration,
            _ => facts.registration.worse(new.registration),
        };
        patient.birth_unclear |= row.birth_unclear;
        patient.born = facts.born;
        patient.registered = facts.registered;
        patient.birth_unclear = patient.birth_unclear && facts.born.is_none();
        joining::account(self, id, row, words, false);
    }
}
