//! Free texts that stand on many entries since somebody gave them to a whole batch, and not
//! since each patient was looked at.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Thresholds;
use super::about::{About, says_that_nobody_looked};
use crate::cohort::{CodeEvent, Cohort, EventState};
use crate::domain::wording::letters;
use crate::domain::{AccessCode, Day};
use crate::extract::Word;
use crate::sharing;

/// Texts of batches.
pub struct SharedTexts {
    /// The text that stands for all of its spellings, by word.
    text: Vec<Word>,
    /// Which of these who gave to many.
    given: FxHashSet<(Word, Word)>,
}

/// On so many times as many patients as a meeting has, no text can be about each: nobody looks
/// at so many in a day.
const FAR_TOO_MANY: u32 = 10;

/// A text that nobody knows stands on more than so many lists of a meeting before it is a habit
/// of whoever gives it to most.
const LISTS: u32 = 3;

impl SharedTexts {
    /// Looks for texts that were given to a batch. Numbers in them make no difference: "Batch
    /// ref 17" and "Batch ref 18" are one text.
    ///
    /// A text that speaks of a batch is one on few: given by one user on a day, or to most of
    /// those to whom that user gave any. One that nobody knows must stand on more of one user
    /// and day than a meeting has, or on far more of one user. One that speaks of a patient
    /// ("DV", "declined", "GP reviewed") is a note of its own on each, however many there are,
    /// unless they are far more in one day than anybody can look at. A marker in a text keeps
    /// the patient out of group decisions either way.
    pub fn of(cohort: &Cohort, thresholds: &Thresholds) -> Self {
        let is_noted =
            |e: &&CodeEvent| e.code == Some(AccessCode::Review104) && e.text.is_some() && e.state == EventState::Counts;
        // Few of many are: they are gone through more than once.
        let noted = sharing::chunks("finding", &cohort.events, |_, events| {
            events.iter().filter(is_noted).copied().collect::<Vec<CodeEvent>>()
        });
        let noted = || noted.iter().flatten();
        let mut counts = vec![0_u32; cohort.words.len()];
        let mut texts_of: FxHashMap<Word, u32> = FxHashMap::default();
        for event in noted() {
            if let Some(count) = counts.get_mut(event.text.index()) {
                *count += 1;
            }
            *texts_of.entry(event.user).or_default() += 1;
        }
        let text = spellings(cohort, &counts, thresholds.shared_text);
        let mut in_a_day: FxHashMap<(Word, Word, Option<Day>), u32> = FxHashMap::default();
        let mut by_user: FxHashMap<(Word, Word), u32> = FxHashMap::default();
        for event in noted() {
            let text = text.get(event.text.index()).copied().unwrap_or(Word::NONE);
            if text.is_some() {
                *in_a_day.entry((text, event.user, event.entered.or(event.day))).or_default() += 1;
                *by_user.entry((text, event.user)).or_default() += 1;
            }
        }
        // The most that one hand gave a text to on a day.
        let mut most_in_a_day: FxHashMap<(Word, Word), u32> = FxHashMap::default();
        for ((text, user, _), n) in in_a_day {
            let most = most_in_a_day.entry((text, user)).or_default();
            *most = (*most).max(n);
        }
        let far_too_many = thresholds.clinician_list * FAR_TOO_MANY;
        let mut about: FxHashMap<Word, About> = FxHashMap::default();
        let mut is_batch = |(text, user): (Word, Word), all: u32| {
            let in_a_day = most_in_a_day.get(&(text, user)).copied().unwrap_or(0);
            let is_habit = all * 2 >= texts_of.get(&user).copied().unwrap_or(0);
            let said = cohort.word(text);
            match *about.entry(text).or_insert_with(|| About::of(said)) {
                About::Batch if is_habit || says_that_nobody_looked(said) => all >= thresholds.shared_text,
                About::Batch => in_a_day >= thresholds.shared_text,
                About::Neither => {
                    in_a_day > thresholds.clinician_list || (is_habit && all > thresholds.clinician_list * LISTS)
                }
                About::Patient => in_a_day > far_too_many,
                About::Look => in_a_day > thresholds.clinician_list * LISTS,
            }
        };
        let given = by_user.into_iter().filter(|(key, all)| is_batch(*key, *all)).map(|(key, _)| key).collect();
        Self { text, given }
    }

    /// The text that stands for this one, if this user gave it to a batch.
    pub fn of_entry(&self, text: Word, user: Word) -> Word {
        let text = self.text.get(text.index()).copied().unwrap_or(Word::NONE);
        if text.is_some() && self.given.contains(&(text, user)) { text } else { Word::NONE }
    }
}

/// For each word that is a text, the one that stands for all that have its letters, or that are
/// the same where there is none ("104", "31/10/22"); none for texts on fewer than `least`.
fn spellings(cohort: &Cohort, counts: &[u32], least: u32) -> Vec<Word> {
    let mut plain: FxHashMap<String, (u32, Vec<usize>)> = FxHashMap::default();
    for (word, count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let said = cohort.words.at(word);
        let letters = letters(said);
        let same = plain.entry(if letters.is_empty() { said.to_owned() } else { letters }).or_default();
        same.0 += count;
        same.1.push(word);
    }
    let mut text = vec![Word::NONE; counts.len()];
    for (n, words) in plain.into_values().filter(|(n, _)| *n >= least) {
        // Numbers that differ from one to the next are each patient's own, but for a batch's.
        let said = words.first().map_or("", |word| cohort.words.at(*word));
        if words.len() * 2 > n as usize && About::of(said) != About::Batch {
            continue;
        }
        let stands_for_all = words.iter().min().and_then(|word| cohort.words.word(*word)).unwrap_or(Word::NONE);
        for word in words {
            text[word] = stands_for_all;
        }
    }
    text
}
