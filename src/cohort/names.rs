//! Names: who may be meant by a row that has no number.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::Builder;
use super::{Patient, PatientId};
use crate::domain::{Day, NhsReading};
use crate::extract::{ALPHABET, LETTERS, PersonRow, ProblemKind};

/// What is known of somebody but for a number.
#[derive(Clone, Copy)]
pub struct Name {
    /// Hashed; nought for none, and for a family name alone.
    pub whole: u64,
    /// Its first six letters, as digits of one number.
    pub letters: u32,
}

impl Name {
    /// As a row has it.
    #[must_use]
    pub const fn on(row: &PersonRow) -> Self {
        Self { whole: row.name, letters: row.alphabet }
    }

    /// What an unfinished name becomes when it goes on: "smith" to "smithj".
    fn goes_on_to(letters: u32) -> std::ops::RangeInclusive<u32> {
        let free = (0..LETTERS).take_while(|place| (letters / ALPHABET.pow(*place)).is_multiple_of(ALPHABET)).count();
        let unit = ALPHABET.pow(u32::try_from(free).unwrap_or(LETTERS));
        letters..=letters + (unit - 1)
    }

    /// Whether two may be of one person: the same, or one of them is not there, or goes no further
    /// than the other begins.
    #[must_use]
    pub fn may_be(self, other: Self) -> bool {
        let begins = Self::goes_on_to(self.letters).contains(&other.letters)
            || Self::goes_on_to(other.letters).contains(&self.letters);
        let is_part = self.letters != other.letters || self.whole == 0 || other.whole == 0;
        (self.whole != 0 && self.whole == other.whole) || (begins && is_part)
    }
}

/// People without a number who were born on one day.
#[derive(Default)]
struct Born {
    /// By name.
    whole: FxHashSet<u64>,
    /// The letters of their names, and whether these are all there is of one of them.
    letters: BTreeMap<u32, bool>,
}

impl Born {
    fn add(&mut self, name: Name) {
        self.whole.insert(name.whole);
        *self.letters.entry(name.letters).or_default() |= name.whole == 0;
    }

    /// Whether one of them may be this person, as [`Name::may_be`] says. In a file without names
    /// nothing is known of them.
    fn may_have(&self, name: Name) -> bool {
        if name.whole != 0 && self.whole.contains(&name.whole) {
            return true;
        }
        let same = self.letters.get(&name.letters).is_some_and(|is_all| *is_all || name.whole == 0);
        let is_named = name.letters != 0 || self.letters.len() > 1;
        // Shorter ones: the same with letters taken from its end.
        let shorter = || {
            let cut = |place: u32| name.letters - name.letters % ALPHABET.pow(place);
            (1..=LETTERS).map(cut).any(|short| short != name.letters && self.letters.contains_key(&short))
        };
        let longer = || self.letters.range(Name::goes_on_to(name.letters)).any(|(own, _)| *own != name.letters);
        is_named && (same || shorter() || longer())
    }
}

/// People without a number.
#[derive(Default)]
struct Unnumbered {
    by_birth: FxHashMap<Day, Born>,
    /// Whose birth date nobody knows: their ages, by name.
    unborn: FxHashMap<u64, Vec<Option<i16>>>,
}

impl Unnumbered {
    fn add(&mut self, born: Option<Day>, name: Name, age: Option<i16>) {
        match born {
            Some(born) => self.by_birth.entry(born).or_default().add(name),
            None if name.whole != 0 => self.unborn.entry(name.whole).or_default().push(age),
            None => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.by_birth.is_empty() && self.unborn.is_empty()
    }

    /// Whether one has this very name and birth date: who registered twice has two numbers of the
    /// system.
    fn has_exactly(&self, born: Option<Day>, name: Name) -> bool {
        let born = born.and_then(|born| self.by_birth.get(&born));
        name.whole != 0 && born.is_some_and(|born| born.whole.contains(&name.whole))
    }

    fn may_have(&self, born: Option<Day>, name: Name, age: Option<i16>) -> bool {
        // Two exports may be of two years.
        let same_age = |other: &Option<i16>| age.zip(*other).is_none_or(|(age, other)| age.abs_diff(other) <= 2);
        born.and_then(|born| self.by_birth.get(&born)).is_some_and(|born| born.may_have(name))
            || self.unborn.get(&name.whole).is_some_and(|ages| ages.iter().any(same_age))
    }
}

/// A row whose number is missing or damaged may be of somebody who has a number elsewhere:
/// what it says is then not known of them. Whoever has another number of the system and another
/// name, or another age, is somebody else.
pub fn doubt_namesakes(builder: &mut Builder<'_>) {
    let is_numbered = |patient: &Patient| matches!(patient.nhs, NhsReading::Valid(_));
    // Those without a number of the system, and those with one.
    let mut unnumbered = [Unnumbered::default(), Unnumbered::default()];
    for (patient, name, age) in builder.called().filter(|(patient, ..)| !is_numbered(patient)) {
        unnumbered[usize::from(patient.list_number.is_some())].add(patient.born, name, age);
    }
    if unnumbered.iter().all(Unnumbered::is_empty) {
        return;
    }
    let [without, with] = &unnumbered;
    let may_be = |patient: &Patient, name: Name, age: Option<i16>| {
        without.may_have(patient.born, name, age)
            || (patient.list_number.is_none() && with.may_have(patient.born, name, age))
            || with.has_exactly(patient.born, name)
    };
    let meant: Vec<PatientId> = builder
        .called()
        .zip(0_u32..)
        .filter(|((patient, name, age), _)| is_numbered(patient) && may_be(patient, *name, *age))
        .map(|(_, id)| PatientId(id))
        .collect();
    for id in meant {
        let Some(place) = builder.patients.get(id.index()).map(|p| p.place) else { continue };
        builder.sign(id, (place, 0), |patient| patient.has_unclear_code = true);
        builder.note(place, ProblemKind::Namesake);
    }
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, Born, LETTERS, Name};

    #[test]
    fn a_name_may_be_a_part_of_another() {
        // Letters as [`crate::extract`] counts them: a is 1, 28 to a place.
        let letters = |name: &str| {
            let codes = name.bytes().map(|b| u32::from(b - b'a') + 1).chain(std::iter::repeat(0));
            codes.take(LETTERS as usize).fold(0, |sum, letter| sum * ALPHABET + letter)
        };
        let name = |whole, text| Name { whole, letters: letters(text) };
        let pairs = [
            (name(7, "smithj"), name(7, "smithj"), true, "the same"),
            (name(7, "smithj"), name(8, "smithj"), false, "John and Jane"),
            (name(0, "smith"), name(8, "smithj"), true, "a family name alone"),
            (name(6, "anna"), name(9, "annabe"), true, "Anna may be Annabel"),
            (name(0, ""), name(8, "smithj"), true, "no name"),
            (name(0, "smyth"), name(0, "smithj"), false, "another"),
        ];
        for (one, other, expected, what) in pairs {
            for (one, other) in [(one, other), (other, one)] {
                assert_eq!(one.may_be(other), expected, "{what}");
                let mut born = Born::default();
                born.add(one);
                born.add(name(1, "zzzzzz"));
                assert_eq!(born.may_have(other), expected, "{what}");
            }
        }
        let mut born = Born::default();
        born.add(name(0, ""));
        assert!(!born.may_have(name(0, "")), "a file without names");
    }
}
