//! What a text beside a code is about: a batch, or a patient.

use crate::domain::Marker;
use crate::domain::marker::{PEOPLE_AROUND, markers_in_text, without_points};

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
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
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let text = &*without_points(text);
        match text {
            // Whatever else it says: somebody around the patient is meant.
            _ if speaks_of_somebody(text) => Self::Patient,
            // "LD register" is where a batch was taken from.
            _ if names_a_register(text) && !says_that_somebody_looked(text) => Self::Batch,
            _ if speaks_of_a_condition(text) => Self::Patient,
            // What a patient wants is theirs, whatever it was wanted of: "Declined automatic
            // access".
            _ if says_what_is_wished(text) => Self::Look,
            _ if says_bulk(text) || awaits_a_step(text) => Self::Batch,
            _ if says_that_somebody_looked(text) => Self::Look,
            _ if says_that_nobody_looked(text) || speaks_of_a_batch(text) => Self::Batch,
            _ => Self::Neither,
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Words by which a practice calls a batch of codes.
const BATCH: [&str; 7] = ["bulk", "batch", "golive", "partners", "summarised", "gp2gp", "automatically"];

/// Words that say so only among others of the kind: "104 added to all pts", and not "No letters
/// home, live separately".
const WEAK: [&str; 19] = [
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
    "mass",
    "project",
    "prospective",
    "programme",
    "template",
    "registration",
    "registering",
];

/// Words that may stand among those, and say nothing by themselves.
const STOCK: [&str; 46] = [
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

/// Sayings of a batch, or of a review that is still to come. Each is looked for as whole words.
const NOBODY_LOOKED: [&str; 30] = [
    "awaiting patient request",
    "awaiting pt request",
    "prospective access",
    "automatic access",
    "to be reviewed",
    "to be review",
    "review before",
    "reviewed before",
    "before review",
    "until review",
    "until reviewed",
    "await review",
    "awaiting review",
    "review awaited",
    "pending review",
    "review pending",
    "not yet reviewed",
    "not reviewed",
    "not assessed",
    "awaiting consent",
    "practice decision",
    "practice meeting",
    "partners decision",
    "partners meeting",
    "new pt",
    "until records",
    "until requested",
    "on request only",
    "to request",
    "on request",
];

/// The words of a text, in lower case, with a blank on either side of each.
fn plain(text: &str) -> String {
    words(text).fold(" ".to_owned(), |plain, word| plain + &word + " ")
}

/// Whether a text says itself that it was given to a batch, or that the review which the code
/// asks for is still to come.
pub fn says_that_nobody_looked(text: &str) -> bool {
    let plain = plain(text);
    says_bulk(text) || NOBODY_LOOKED.iter().any(|said| plain.contains(&format!(" {said} ")))
}

/// Whether a text says only that a step for everybody is still to come: "Awaiting GP consent",
/// "Pending summary". "Awaiting CPN" is about one.
fn awaits_a_step(text: &str) -> bool {
    const STEPS: [&str; 17] = [
        "gp",
        "review",
        "reviews",
        "consent",
        "notes",
        "note",
        "record",
        "records",
        "summary",
        "summarising",
        "summarisation",
        "lloyd",
        "george",
        "s",
        "by",
        "of",
        "the",
    ];
    let mut words = words(text);
    words.next().is_some_and(|first| matches!(&*first, "await" | "awaiting" | "awaits" | "pending"))
        && words.all(|word| STEPS.contains(&&*word))
}

/// Whether a text calls itself a batch's. "Dr Batchelor" does not.
fn says_bulk(text: &str) -> bool {
    words(text).any(|word| matches!(&*word, "bulk" | "bulkcoded" | "batch" | "batched" | "batches"))
}

fn speaks_of_a_batch(text: &str) -> bool {
    let is_weak = |word: &str| WEAK.contains(&word);
    let is_stock = |word: &str| STOCK.contains(&word) || word.bytes().all(|b| b.is_ascii_digit());
    words(text).any(|word| BATCH.contains(&word.as_str()))
        || (words(text).any(|word| is_weak(&word)) && words(text).all(|word| is_weak(&word) || is_stock(&word)))
}

/// Words that, beside [`PEOPLE_AROUND`], speak of somebody around the patient, of harm, or of those
/// who deal with it.
const SOMEBODY: [&str; 49] = [
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
    "hv",
    "vuln",
    "haven",
    "alert",
    "safe",
    "controlled",
    "emails",
    "separately",
    "post",
    "lives",
    "living",
    "them",
    "they",
    "offender",
    "offenders",
];

/// Conditions, circumstances and abbreviations that are a patient's own; those that are markers
/// of risk are not repeated.
const OWN: [&str; 59] = [
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
    "complex",
    "mental",
    "distress",
    "methadone",
    "allocation",
    "witness",
    "veteran",
    "frailty",
];

fn speaks_of_somebody(text: &str) -> bool {
    let harm = [Marker::Safeguarding, Marker::Abuse, Marker::Exploitation];
    markers_in_text(text).iter().any(|marker| harm.contains(&marker))
        || words(text).any(|word| PEOPLE_AROUND.contains(&&*word) || SOMEBODY.contains(&&*word))
}

fn speaks_of_a_condition(text: &str) -> bool {
    !markers_in_text(text).is_empty() || words(text).any(|word| OWN.contains(&word.as_str()))
}

fn names_a_register(text: &str) -> bool {
    words(text).any(|word| ["register", "registers", "search"].contains(&word.as_str()))
}

/// Whether a text says what the patient wants, or does not want.
fn says_what_is_wished(text: &str) -> bool {
    const BEGIN: [&str; 9] = ["declin", "refus", "opted", "optout", "asked", "unwilling", "ticked", "choice", "chose"];
    const SAID: [&str; 15] = [
        "opt out",
        "not want",
        "not wish",
        "not consent",
        "doesn t want",
        "no access please",
        "said no",
        "says no",
        "no to",
        "on request of pt",
        "on request of patient",
        "on request of the patient",
        "at request of",
        "at patient request",
        "at pt request",
    ];
    says(text, &BEGIN, &SAID)
}

/// Whether a text says that somebody looked at the patient, or that the patient said something.
fn says_that_somebody_looked(text: &str) -> bool {
    const BEGIN: [&str; 13] = [
        "request", "wants", "wish", "prefer", "reviewed", "seen", "discuss", "spoke", "consent", "agreed", "decision",
        "decided", "assessed",
    ];
    const SAID: [&str; 19] = [
        "gp says",
        "gp said",
        "per gp",
        "dr",
        "doctor",
        "not appropriate",
        "d w",
        "dw",
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
    // "To be reviewed" is no review.
    let looked = NOBODY_LOOKED.iter().fold(plain(text), |plain, said| plain.replace(&format!(" {said} "), " "));
    says_what_is_wished(text) || says(&looked, &BEGIN, &SAID)
}

/// Whether a text has a word that begins so, or a saying.
fn says(text: &str, begin: &[&str], said: &[&str]) -> bool {
    let plain = plain(text);
    words(text).any(|word| begin.iter().any(|begin| word.starts_with(begin)))
        || said.iter().any(|said| plain.contains(&format!(" {said} ")))
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
            "On methadone programme",
            "Prospective access may cause distress",
            "Review before access - mental health",
            "Not yet reviewed, complex",
            "Special allocation programme",
            "Op programme witness",
            "Template: frailty",
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
            "Practice decision - review before access",
            "Awaiting records",
            "Pending review",
            "Not yet reviewed",
            "No prospective access until requested",
            "Seen: bulk",
            "Awaiting GP consent",
            "Awaiting notes",
            "Pending summary",
            "Awaiting patient request",
            "Awaiting Lloyd George",
        ] {
            assert_eq!(About::of(text), About::Batch, "{text}");
        }
        for text in [
            "d/w Dr P",
            "DW Dr P",
            "dw",
            "Patient declined automatic access",
            "GP reviewed: not suitable for automatic access",
            "Opted out of prospective access",
            "Does not want prospective access",
            "Pt does not consent to automatic access",
            "No consent on file",
            "Awaiting patient decision",
            "Awaiting response: consent",
            "Reviewed by Dr Batchelor",
            "Declined by bulk text message",
            "Declined, to be reviewed",
            "Pt ticked no on registration form",
            "No to online access on registration form",
            "Prospective access not appropriate",
            "Hold access on request of pt",
            "GP says no prospective access",
            "Dr Grey: no prospective access",
            "No prospective access, pt choice",
            "Said no on registration",
            "Per Dr Batchelor",
        ] {
            assert_eq!(About::of(text), About::Look, "{text}");
        }
        assert_eq!(About::of("Sex offenders register"), About::Patient);
        for text in [
            "Awaiting CPN",
            "Breast mass",
            "Weight programme",
            "Template: diabetes",
            "Registration: care home",
            "Depending on the CPN",
            "AA",
            "x",
            ".",
            "104",
            "31/10/22",
            "access code",
        ] {
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
