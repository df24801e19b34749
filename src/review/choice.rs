//! What can be decided, by whom, and how.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::Against;
use crate::findings::GroupId;

/// What a person decided for a patient. The program never writes a 103 or a 104
/// for anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Choice {
    /// Give a 106, which cancels the 104.
    #[serde(rename = "Add 106")]
    Add106,
    /// The 104 is right.
    #[serde(rename = "Keep 104")]
    Keep104,
    /// Somebody clinical must look.
    #[serde(rename = "Ask a clinician")]
    AskClinician,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Add106, Self::Keep104, Self::AskClinician];

    /// As files write it and buttons show it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Add106 => "Add 106",
            Self::Keep104 => "Keep 104",
            Self::AskClinician => "Ask a clinician",
        }
    }

    /// Reads a label, capitals and white space making no difference.
    #[must_use]
    pub fn read(label: &str) -> Option<Self> {
        // Nothing is guessed: "Add 106?" is a question, not a decision.
        let words = label.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::ALL.into_iter().find(|choice| choice.label().eq_ignore_ascii_case(&words))
    }

    /// Reasons that can be true of many at once.
    #[must_use]
    pub const fn reasons_for_many(self) -> &'static [&'static str] {
        match self {
            Self::Add106 => &["Added in bulk, nobody had looked"],
            Self::Keep104 => &["Each was looked at, and is at risk"],
            Self::AskClinician => &["Clinicians to look at each"],
        }
    }

    /// Standard reasons to pick from; free text is always possible.
    #[must_use]
    pub const fn standard_reasons(self) -> &'static [&'static str] {
        match self {
            Self::Add106 => &["Record checked: no risk found", "Patient asked for access, and record checked"],
            Self::Keep104 => {
                &["At risk: see record", "Safeguarding", "Clinician decided", "Patient prefers no automatic access"]
            }
            Self::AskClinician => {
                &["Risk not clear from the record", "Safeguarding lead to look", "Capacity or proxy to be settled"]
            }
        }
    }
}

/// Letters that a reason has at least, where something speaks against a decision: a slip of
/// the hand is none (ours).
const LETTERS_OF_A_REASON: usize = 4;

/// Whether a text says why, so that it may stand against what speaks for a risk.
#[must_use]
pub fn is_reason(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS_OF_A_REASON
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Reviewer {
    /// Name.
    pub name: String,
    /// Role in the practice; may be empty.
    #[serde(default)]
    pub role: String,
}

/// Letters that the name of whoever decides has at least: "?" is nobody (ours).
const LETTERS_OF_A_NAME: usize = 2;

impl Reviewer {
    /// Whether it says who somebody is.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.name.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS_OF_A_NAME
    }
}

/// One decision that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// What.
    pub choice: Choice,
    /// Who.
    pub by: Reviewer,
    /// When.
    pub at: NaiveDateTime,
    /// Why.
    pub reason: String,
    /// One by one, or together with others.
    pub made: Made,
    /// What spoke against deciding the patient like others, and was known when this was
    /// decided.
    pub despite: Against,
}

/// How a decision was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Made {
    /// For this patient alone.
    Alone,
    /// With a group of the findings.
    With(GroupId),
    /// With another list of patients (a filter, a search).
    Together,
    /// Read from a list of decisions: each with its own row, and nobody knows how it came
    /// about.
    Listed,
}

impl Made {
    /// Held to the rules of a decision of its own: nobody was swept along.
    #[must_use]
    pub const fn is_single(self) -> bool {
        matches!(self, Self::Alone | Self::Listed)
    }

    /// As files write it: empty, "G1", "list" or "file".
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Alone => String::new(),
            Self::With(group) => group.label(),
            Self::Together => "list".to_owned(),
            Self::Listed => "file".to_owned(),
        }
    }

    /// Reads [`Made::key`]; what is not known was not made alone.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let number = key.strip_prefix('G').and_then(|n| n.parse::<u16>().ok()).and_then(|n| n.checked_sub(1));
        match (key.is_empty(), number) {
            (true, _) => Self::Alone,
            (_, Some(number)) => Self::With(GroupId(number)),
            _ if key == "file" => Self::Listed,
            _ => Self::Together,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_as_people_write_them() {
        assert_eq!(Choice::read("add 106"), Some(Choice::Add106));
        assert_eq!(Choice::read(" KEEP  104 "), Some(Choice::Keep104));
        assert_eq!(Choice::read("Add 106?"), None);
        assert_eq!(Choice::read("106"), None);
        assert_eq!(Choice::read("Ask a clinician"), Some(Choice::AskClinician));
        assert_eq!(Choice::read("add 104"), None);
        assert!(is_reason("seen") && is_reason("Keine Gefährdung"));
        assert!(!["", "1", " . ", "ok", "a 1 b"].into_iter().any(is_reason));
    }
}
