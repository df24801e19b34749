//! Free texts that stand on many entries since somebody gave them to a whole batch, and not
//! since each patient was looked at.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Thresholds;
use crate::cohort::{CodeEvent, Cohort, EventState};
use crate::domain::marker::markers_in_text;
use crate::domain::wording::letters;
use crate::domain::{AccessCode, Day, Marker};
use crate::extract::Word;
use crate::sharing;

/// Texts of batches.
pub struct SharedTexts {
    /// The text that stands for all of its spellings, by word.
    text: Vec<Word>,
    /// Which of these who gave to many.
    given: FxHashSet<(Word, Word)>,
}

/// On so many times as many patients as a meeting has, no text can be about each.
const FAR_TOO_MANY: u32 = 10;

impl SharedTexts {
    /// Looks for texts that one user gave to at least so many patients on one day, or to so
    /// many and to most of those to whom that user gave any. Numbers in them make no
    /// difference: "Batch ref 17" and "Batch ref 18" are one text. "See consultation", now
    /// and then by everybody, is a note of its own each time.
    ///
    /// On no more than a meeting's list, a text is a batch's only if it speaks of one; and
    /// words of somebody's doing harm, or of somebody around the patient, make it the
    /// patient's own, unless they stand on far too many to be that. A marker in a text
    /// keeps the patient out of group decisions either way.
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
        // How many a text was given to by one hand, where that makes it a batch's at all.
        let mut many: FxHashMap<(Word, Word), u32> = FxHashMap::default();
        for ((text, user, _), n) in in_a_day {
            let most = many.entry((text, user)).or_default();
            *most = (*most).max(n);
        }
        for ((text, user), n) in by_user {
            let is_habit = n * 2 >= texts_of.get(&user).copied().unwrap_or(0);
            if is_habit || says_that_nobody_looked(cohort.word(text)) {
                let most = many.entry((text, user)).or_default();
                *most = (*most).max(n);
            }
        }
        let is_batch = |text: Word, n: u32| {
            let said = cohort.word(text);
            match n {
                n if n < thresholds.shared_text => false,
                _ if speaks_of_somebody(said) => n > thresholds.clinician_list * FAR_TOO_MANY,
                n if n <= thresholds.clinician_list => speaks_of_a_batch(said) || says_that_nobody_looked(said),
                _ => true,
            }
        };
        let given = many.into_iter().filter(|((text, _), n)| is_batch(*text, *n)).map(|(key, _)| key).collect();
        Self { text, given }
    }

    /// The text that stands for this one, if this user gave it to a batch.
    pub fn of_entry(&self, text: Word, user: Word) -> Word {
        let text = self.text.get(text.index()).copied().unwrap_or(Word::NONE);
        if text.is_some() && self.given.contains(&(text, user)) { text } else { Word::NONE }
    }
}

/// For each word that is a text, the one that stands for all that have its letters; none for
/// texts on fewer than `least`, and for those without a letter ("07700 900123", "?"), which
/// are never one.
fn spellings(cohort: &Cohort, counts: &[u32], least: u32) -> Vec<Word> {
    let mut plain: FxHashMap<String, (u32, Vec<usize>)> = FxHashMap::default();
    for (word, count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let letters = letters(cohort.words.at(word));
        if !letters.is_empty() {
            let same = plain.entry(letters).or_default();
            same.0 += count;
            same.1.push(word);
        }
    }
    let mut text = vec![Word::NONE; counts.len()];
    for (_, words) in plain.into_values().filter(|(n, _)| *n >= least) {
        let stands_for_all = words.iter().min().and_then(|word| cohort.words.word(*word)).unwrap_or(Word::NONE);
        for word in words {
            text[word] = stands_for_all;
        }
    }
    text
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Words by which a practice calls a batch of codes.
const BATCH: [&str; 18] = [
    "bulk",
    "batch",
    "mass",
    "all",
    "list",
    "project",
    "golive",
    "live",
    "prospective",
    "pending",
    "awaiting",
    "register",
    "search",
    "programme",
    "template",
    "partners",
    "policy",
    "clinic",
];

/// Whether a text says itself that it was given to a batch, or that the review which the code
/// asks for is still to come.
fn says_that_nobody_looked(text: &str) -> bool {
    const SAID: [&str; 12] = [
        "bulk",
        "batch",
        "prospective access",
        "to be review",
        "review before",
        "before review",
        "until review",
        "pending review",
        "awaiting review",
        "await review",
        "not yet review",
        "practice decision",
    ];
    let plain = words(text).collect::<Vec<_>>().join(" ");
    SAID.iter().any(|said| plain.contains(said))
}

fn speaks_of_a_batch(text: &str) -> bool {
    words(text).any(|word| BATCH.contains(&word.as_str()))
}

/// Words of somebody around the patient, of harm, and of those who deal with it. "Partners"
/// own a practice; a "partner" lives with a patient.
const SOMEBODY: [&str; 44] = [
    "partner",
    "husband",
    "wife",
    "ex",
    "father",
    "mother",
    "dad",
    "mum",
    "son",
    "daughter",
    "brother",
    "sister",
    "boyfriend",
    "girlfriend",
    "parent",
    "parents",
    "family",
    "relative",
    "carer",
    "neighbour",
    "her",
    "his",
    "she",
    "he",
    "phone",
    "password",
    "share",
    "mash",
    "idva",
    "perpetrator",
    "police",
    "encompass",
    "prevent",
    "disclosure",
    "court",
    "solicitor",
    "prison",
    "probation",
    "s47",
    "cp",
    "conference",
    "risk",
    "harm",
    "threat",
];

fn speaks_of_somebody(text: &str) -> bool {
    let harm = [Marker::Safeguarding, Marker::Abuse, Marker::Exploitation];
    markers_in_text(text).iter().any(|marker| harm.contains(&marker))
        || words(text).any(|word| SOMEBODY.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{says_that_nobody_looked, speaks_of_a_batch, speaks_of_somebody};

    #[test]
    fn a_review_that_is_to_come_is_none() {
        for text in ["To be reviewed", "Practice decision - review before access", "Bulk-coded 31/10/22"] {
            assert!(says_that_nobody_looked(text), "{text}");
        }
        for text in ["Reviewed with the safeguarding lead", "see consultation", "Review in 6 months"] {
            assert!(!says_that_nobody_looked(text), "{text}");
        }
    }

    #[test]
    fn texts_of_batches_are_told_from_those_of_patients() {
        assert!(!speaks_of_a_batch("Clinician asked for a block") && !speaks_of_a_batch("does not want online access"));
        for text in ["Bulk coded", "Prospective access project", "104 added to all pts", "as per partners meeting"] {
            assert!(speaks_of_a_batch(text) && !speaks_of_somebody(text), "{text}");
        }
        for text in [
            "Discussed at MASH",
            "Do not share with ex-partner",
            "ex husband must not see",
            "Partner has her phone",
            "S47 enquiry 12",
            "CP plan",
            "CP case conference",
            "IDVA involved",
            "Perpetrator at same address",
            "Police disclosure",
            "Op Encompass",
            "no proxy access - risk from father",
            "Prevent referral",
            "at risk",
        ] {
            assert!(speaks_of_somebody(text), "{text}");
        }
    }
}
