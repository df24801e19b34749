//! Free texts that stand on many entries since somebody gave them to a whole batch, and not
//! since each patient was looked at.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Thresholds;
use crate::cohort::{CodeEvent, Cohort, EventState};
use crate::domain::marker::{markers_in_text, without_points};
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

/// On so many times as many patients as a meeting has, no text can be about each: nobody looks
/// at so many in a day.
const FAR_TOO_MANY: u32 = 10;

/// A text that nobody knows stands on more than so many lists of a meeting before it is a habit
/// of whoever gives it to most.
const LISTS: u32 = 3;

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// A batch, or a review that is still to come.
    Batch,
    /// The patient, or somebody around them.
    Patient,
    /// The patient's wish, or a look at the record.
    Look,
    /// Neither, as far as is known.
    Neither,
}

impl About {
    fn of(text: &str) -> Self {
        let text = &*without_points(text);
        match text {
            // Whatever else it says: somebody around the patient is meant.
            _ if speaks_of_somebody(text) => Self::Patient,
            // "LD register" is where a batch was taken from.
            _ if names_a_register(text) && !says_that_somebody_looked(text) => Self::Batch,
            _ if speaks_of_a_condition(text) => Self::Patient,
            _ if says_that_nobody_looked(text) => Self::Batch,
            _ if says_that_somebody_looked(text) => Self::Look,
            _ if speaks_of_a_batch(text) => Self::Batch,
            _ => Self::Neither,
        }
    }
}

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

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Words by which a practice calls a batch of codes.
const BATCH: [&str; 14] = [
    "bulk",
    "batch",
    "mass",
    "project",
    "golive",
    "prospective",
    "programme",
    "template",
    "partners",
    "registration",
    "registering",
    "summarised",
    "gp2gp",
    "automatically",
];

/// Words that say so only among others of the kind: "104 added to all pts", and not "No letters
/// home, live separately".
const STOCK: [&str; 58] = [
    "all",
    "live",
    "hold",
    "added",
    "add",
    "list",
    "protocol",
    "clinic",
    "pending",
    "awaiting",
    "policy",
    "register",
    "search",
    "online",
    "access",
    "pts",
    "patients",
    "patient",
    "pt",
    "to",
    "the",
    "record",
    "records",
    "code",
    "coded",
    "as",
    "per",
    "prior",
    "go",
    "until",
    "for",
    "of",
    "on",
    "in",
    "review",
    "reviews",
    "before",
    "new",
    "by",
    "practice",
    "and",
    "with",
    "meeting",
    "at",
    "date",
    "see",
    "nhs",
    "app",
    "enhanced",
    "snomed",
    "set",
    "applied",
    "stop",
    "temporary",
    "temporarily",
    "block",
    "blocked",
    "from",
];

/// Whether a text says itself that it was given to a batch, or that the review which the code
/// asks for is still to come.
fn says_that_nobody_looked(text: &str) -> bool {
    const SAID: [&str; 27] = [
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
        "new pt",
        "until records",
        "not reviewed",
        "awaiting",
        "awaited",
        "pending",
        "until requested",
        "on request only",
        "to request",
        "before access",
        "consent on file",
        "not assessed",
        "partners decision",
        "practice meeting",
        "automatic access",
    ];
    let plain = words(text).collect::<Vec<_>>().join(" ");
    SAID.iter().any(|said| plain.contains(said))
}

fn speaks_of_a_batch(text: &str) -> bool {
    let is_stock = |word: &String| STOCK.contains(&word.as_str()) || word.bytes().all(|b| b.is_ascii_digit());
    let weak = || words(text).any(|word| STOCK[..12].contains(&word.as_str()));
    words(text).any(|word| BATCH.contains(&word.as_str())) || (weak() && words(text).all(|word| is_stock(&word)))
}

/// Words of somebody around the patient, of harm, and of those who deal with it. "Partners"
/// own a practice; a "partner" lives with a patient.
const SOMEBODY: [&str; 76] = [
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
    "spouse",
    "social",
    "concern",
    "concerns",
    "contact",
    "disclose",
    "confidential",
    "sensitive",
    "child",
    "children",
    "letters",
    "uncle",
    "aunt",
    "hv",
    "vuln",
    "haven",
    "alert",
    "safe",
    "controlled",
    "emails",
    "separately",
    "post",
    "housemate",
    "flatmate",
    "landlord",
    "friend",
    "lives",
    "living",
    "grandson",
    "stepfather",
    "them",
    "they",
];

/// Conditions, circumstances and abbreviations that are a patient's own; those that are markers
/// of risk are not repeated.
const OWN: [&str; 52] = [
    "dv",
    "da",
    "ipv",
    "sg",
    "cpp",
    "cin",
    "lac",
    "cse",
    "adopted",
    "adoption",
    "hiv",
    "gum",
    "sexual",
    "termination",
    "miscarriage",
    "sarc",
    "hbv",
    "capacity",
    "mca",
    "dols",
    "lpa",
    "ld",
    "autism",
    "autistic",
    "smi",
    "paranoid",
    "paranoia",
    "overdose",
    "misuse",
    "offender",
    "victim",
    "gender",
    "trans",
    "third",
    "3rd",
    "gillick",
    "dispute",
    "custody",
    "divorce",
    "proxy",
    "interpreter",
    "homeless",
    "palliative",
    "gsf",
    "eol",
    "hospice",
    "deaf",
    "blind",
    "translator",
    "adhd",
    "anxiety",
    "depression",
];

fn speaks_of_somebody(text: &str) -> bool {
    let harm = [Marker::Safeguarding, Marker::Abuse, Marker::Exploitation];
    markers_in_text(text).iter().any(|marker| harm.contains(&marker))
        || words(text).any(|word| SOMEBODY.contains(&word.as_str()))
}

fn speaks_of_a_condition(text: &str) -> bool {
    !markers_in_text(text).is_empty() || words(text).any(|word| OWN.contains(&word.as_str()))
}

fn names_a_register(text: &str) -> bool {
    words(text).any(|word| ["register", "registers", "search"].contains(&word.as_str()))
}

/// Whether a text says that somebody looked at the patient, or that the patient said something.
fn says_that_somebody_looked(text: &str) -> bool {
    const BEGIN: [&str; 17] = [
        "declin", "refus", "opted", "optout", "request", "asked", "wants", "wish", "prefer", "reviewed", "seen",
        "discuss", "spoke", "consent", "agreed", "decision", "decided",
    ];
    const SAID: [&str; 16] = [
        "opt out",
        "not want",
        "no access please",
        "d w",
        "d/w",
        "see letter",
        "see consultation",
        "see notes",
        "see record",
        "see entry",
        "keep 104",
        "not suitable",
        "mdt",
        "memory clinic",
        "eating disorder",
        "shared email",
    ];
    let all: Vec<String> = words(text).collect();
    let plain = format!(" {} ", all.join(" ").replace("dw ", "d w "));
    all.iter().any(|word| BEGIN.iter().any(|begin| word.starts_with(begin)))
        || SAID.iter().any(|said| plain.contains(&format!(" {said} ")))
}

#[cfg(test)]
mod tests {
    use super::{About, says_that_nobody_looked, speaks_of_a_batch, speaks_of_somebody};

    #[test]
    fn what_is_about_a_patient_is_no_batch() {
        for text in [
            "DV",
            "SG case 431",
            "CPP",
            "third party information in record",
            "lacks capacity",
            "LD",
            "Refuge",
            "Declined, all of family",
            "Partner has her phone - to be reviewed",
            "Ex reads emails - review before access",
            "husband must not see - practice decision to hold",
            "No letters home, live separately",
            "Controlled by spouse - hold",
            "Safe contact only - added to alert list",
            "Children on plan - added by CB",
            "Living at Haven House - protocol",
            "3rd party info - to be reviewed",
            "D/V",
            "Vuln adult",
            "Do not disclose address",
            "Confidential",
        ] {
            assert_eq!(About::of(text), About::Patient, "{text}");
        }
        for text in [
            "LD register",
            "Dementia register",
            "Bulk coded",
            "To be reviewed",
            "104 added to all pts",
            "Template",
            "Practice decision, bulk",
        ] {
            assert_eq!(About::of(text), About::Batch, "{text}");
        }
        for text in ["AA", "x", ".", "104", "31/10/22", "access code"] {
            assert_eq!(About::of(text), About::Neither, "{text}");
        }
    }

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
