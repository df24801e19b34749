//! Names: who may be meant by a row that has no number.

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::Builder;
use super::{Patient, PatientId};
use crate::domain::{Day, NhsReading};
use crate::extract::ProblemKind;

/// What is known of somebody but for a number.
#[derive(Clone, Copy)]
pub struct Name {
    /// Hashed; nought for none, and for a family name alone.
    pub whole: u64,
    /// Its first six letters, as digits of one number.
    pub letters: u32,
}

impl Name {
    /// Whether two may be of one person: the same, or one of them is not there, or goes no further
    /// than the other begins. In a file without names nothing is known of them.
    fn may_be(self, other: Self) -> bool {
        let agree = |(a, b): (u32, u32)| a == b || a == 0 || b == 0;
        let places = || (0..6).map(|place| 28_u32.pow(place));
        let digits = |of: u32| move |unit: u32| of / unit % 28;
        let begins_alike = places().map(digits(self.letters)).zip(places().map(digits(other.letters))).all(agree);
        let is_part = self.letters != other.letters || self.whole == 0 || other.whole == 0;
        let is_named = self.letters != 0 || other.letters != 0;
        (self.whole != 0 && self.whole == other.whole) || (is_named && begins_alike && is_part)
    }
}

/// A row whose number is missing or damaged may be of somebody who has a number elsewhere:
/// what it says is then not known of them.
pub fn doubt_namesakes(builder: &mut Builder<'_>) {
    let is_numbered = |patient: &Patient| matches!(patient.nhs, NhsReading::Valid(_));
    let mut by_birth: FxHashMap<Day, Vec<Name>> = FxHashMap::default();
    let mut unborn: FxHashSet<u64> = FxHashSet::default();
    for (patient, name) in builder.called().filter(|(patient, _)| !is_numbered(patient)) {
        match patient.born {
            Some(born) => by_birth.entry(born).or_default().push(name),
            None if name.whole != 0 => drop(unborn.insert(name.whole)),
            None => {}
        }
    }
    if by_birth.is_empty() && unborn.is_empty() {
        return;
    }
    let may_be = |patient: &Patient, name: Name| {
        let same_day = patient.born.and_then(|born| by_birth.get(&born));
        same_day.is_some_and(|names| names.iter().any(|other| other.may_be(name)))
            || (name.whole != 0 && unborn.contains(&name.whole))
    };
    let meant: Vec<PatientId> =
        builder.called().zip(0_u32..).filter(|((p, name), _)| may_be(p, *name)).map(|(_, id)| PatientId(id)).collect();
    for id in meant {
        let Some(place) = builder.patients.get(id.index()).filter(|p| is_numbered(p)).map(|p| p.place) else {
            continue;
        };
        builder.sign(id, place, |patient| patient.has_unclear_code = true);
        builder.note(place, ProblemKind::Namesake);
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_may_be_a_part_of_another() {
        // Letters as [`crate::extract`] counts them: a is 1, 28 to a place.
        let letters = |name: &str| {
            let codes = name.bytes().map(|b| u32::from(b - b'a') + 1).chain(std::iter::repeat(0));
            codes.take(6).fold(0, |sum, letter| sum * 28 + letter)
        };
        let name = |whole, text| Name { whole, letters: letters(text) };
        assert!(name(7, "smithj").may_be(name(7, "smithj")), "the same");
        assert!(!name(7, "smithj").may_be(name(8, "smithj")), "John and Jane");
        assert!(name(0, "smith").may_be(name(8, "smithj")), "a family name alone");
        assert!(name(0, "").may_be(name(8, "smithj")), "no name");
        assert!(!name(0, "smyth").may_be(name(0, "smithj")));
        assert!(!name(0, "").may_be(name(0, "")), "a file without names");
    }
}
