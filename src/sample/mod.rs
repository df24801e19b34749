//! A made-up practice, of any size, as EMIS Web or `SystmOne` would export it.
//!
//! Nobody in it exists: names are drawn from a list, NHS numbers from the 999
//! range that is never issued. The same recipe always gives the same bytes. It
//! holds every status, a whole-list day, a run over days, weekly top-ups,
//! inherited codes, conflicts, declined patients, notes of risk, and damage that
//! can and cannot be repaired.

mod people;
mod random;
mod write;

use crate::domain::{AccessCode, Day, NhsNumber};
use crate::extract::System;
use people::people;

/// How many patients the built-in practice has.
pub const SAMPLE_PATIENTS: u32 = 4_010;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// In whose layout.
    pub system: System,
    /// How many patients; at most 900,000, since the 999 range has no more numbers.
    pub patients: u32,
    /// Another seed, another practice.
    pub seed: u64,
}

impl Recipe {
    /// The practice behind "Try a made-up practice".
    #[must_use]
    pub const fn built_in(system: System) -> Self {
        Self { system, patients: SAMPLE_PATIENTS, seed: 104_106 }
    }
}

/// A file that was made.
pub struct Sample {
    /// Its name.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes the export of a made-up practice.
#[must_use]
pub fn make(recipe: Recipe) -> Sample {
    let people = people(recipe);
    match recipe.system {
        System::Emis => Sample { name: "Made-up practice (EMIS).csv", bytes: write::emis(&people) },
        System::SystmOne => Sample { name: "Made-up practice (SystmOne).csv", bytes: write::systmone(&people) },
    }
}

/// One made-up person with their codes.
struct Person {
    number: NhsNumber,
    /// Written instead of the number, for damage.
    number_text: Option<&'static str>,
    emis: u32,
    family: &'static str,
    given: &'static str,
    title: &'static str,
    female: bool,
    born: Day,
    registered: Day,
    left: bool,
    deceased: bool,
    temporary: bool,
    gp: &'static str,
    account: &'static str,
    access: &'static str,
    codes: Vec<Coded>,
}

/// One entry.
struct Coded {
    /// `None` for a code that is not about online access.
    code: Option<AccessCode>,
    id: Option<&'static str>,
    term: Option<&'static str>,
    day: Option<Day>,
    entered: Day,
    user: &'static str,
    text: String,
    organisation: &'static str,
}

impl Coded {
    const fn new(code: AccessCode, day: Day, user: &'static str) -> Self {
        Self {
            code: Some(code),
            id: None,
            term: None,
            day: Some(day),
            entered: day,
            user,
            text: String::new(),
            organisation: PRACTICE,
        }
    }

    fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

const PRACTICE: &str = "Riverbank Surgery";
const ELSEWHERE: &str = "Hillside Medical Centre";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_recipe_gives_the_same_bytes_and_another_seed_others() {
        let recipe = Recipe { patients: 300, ..Recipe::built_in(System::Emis) };
        assert_eq!(make(recipe).bytes, make(recipe).bytes);
        assert_ne!(make(recipe).bytes, make(Recipe { seed: 1, ..recipe }).bytes);
    }

    #[test]
    fn numbers_are_of_the_test_range_and_not_repeated() {
        let people = people(Recipe { patients: 5_000, ..Recipe::built_in(System::Emis) });
        let numbers: std::collections::HashSet<u64> = people.iter().map(|p| p.number.number()).collect();
        assert!(numbers.iter().all(|n| *n / 10_000_000 == 999));
        assert!(numbers.len() >= people.len() - 2, "two people share one number on purpose");
    }
}
