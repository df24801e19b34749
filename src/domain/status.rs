//! Where a patient stands.

/// The status of a patient. The order is the rule: the first that applies is
/// the patient's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Not currently registered, deceased, or under 16 on the day.
    NotEligible,
    /// Has a 103: the patient said no. A 106 never cancels it.
    Declined,
    /// A 104 and a 106 on the same day, with no time to order them: treated as
    /// blocked, and for a person to decide.
    SameDayConflict,
    /// The latest code is a 104.
    Blocked,
    /// The latest code is a 106.
    Cleared,
    /// None of the three.
    NoCode,
}

impl Status {
    /// All, in the order of the rule.
    pub const ALL: [Self; 6] =
        [Self::NotEligible, Self::Declined, Self::SameDayConflict, Self::Blocked, Self::Cleared, Self::NoCode];

    /// As files write it and the screen shows it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotEligible => "not eligible",
            Self::Declined => "declined",
            Self::SameDayConflict => "same-day conflict",
            Self::Blocked => "blocked",
            Self::Cleared => "cleared",
            Self::NoCode => "no code",
        }
    }
}

/// Why a patient has that status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusReason {
    /// A date of death, or a status that says so.
    Deceased,
    /// A date of leaving, or a status that says so.
    Left,
    /// A temporary, private or immediately-necessary registration.
    NotFullyRegistered,
    /// Under 16 on the day.
    Under16,
    /// A 103 on file.
    Declined,
    /// A 104 and a 106 of one day.
    BothOnOneDay,
    /// The latest code is a 104.
    Latest104,
    /// The latest code is a 106.
    Latest106,
    /// No dated access code.
    NoCode,
}

impl StatusReason {
    /// In words, to stand beside the status.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Deceased => "deceased",
            Self::Left => "no longer registered",
            Self::NotFullyRegistered => "not a full registration",
            Self::Under16 => "under 16",
            Self::Declined => "a 103 is on file: the patient declined",
            Self::BothOnOneDay => "a 104 and a 106 on the same day",
            Self::Latest104 => "the latest code is a 104",
            Self::Latest106 => "the latest code is a 106",
            Self::NoCode => "no 103, 104 or 106 on file",
        }
    }
}
