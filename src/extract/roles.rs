//! What a column can say: of the patient, or of a coded entry.

/// What a column says of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PatientRole {
    /// NHS number.
    NhsNumber,
    /// The system's own number of the patient.
    EmisNumber,
    /// Whole name in one cell.
    FullName,
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Date of birth.
    BirthDate,
    /// Age when the file was made: decides centuries only, never a status.
    Age,
    /// Date of registration here.
    Registered,
    /// Date of leaving.
    Left,
    /// Date of death.
    Died,
    /// Registration status or type, in words.
    Registration,
    /// Usual GP.
    UsualGp,
    /// Practice.
    Practice,
    /// Status of the online account.
    AccountStatus,
    /// How much of the record the account opens.
    AccessLevel,
    /// `SystmOne`'s counting column.
    PatientCount,
}

impl PatientRole {
    /// How many there are.
    pub const COUNT: usize = Self::PatientCount as usize + 1;

    /// For "what was understood".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NhsNumber => "NHS number",
            Self::EmisNumber => "Patient's number in the system",
            Self::FullName => "Name",
            Self::FamilyName => "Family name",
            Self::GivenName => "Given name",
            Self::BirthDate => "Date of birth",
            Self::Age => "Age (for the century of a birth date only)",
            Self::Registered => "Date of registration",
            Self::Left => "Date of leaving",
            Self::Died => "Date of death",
            Self::Registration => "Registration status",
            Self::UsualGp => "Usual GP",
            Self::Practice => "Practice",
            Self::AccountStatus => "Online account",
            Self::AccessLevel => "Access level",
            Self::PatientCount => "Patient count (not needed)",
        }
    }
}

/// What a column says of a coded entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventRole {
    /// The term of the code.
    Term,
    /// The identifier of the code.
    Id,
    /// The clinical date.
    Date,
    /// The date of typing it in.
    Entered,
    /// Free text.
    Text,
    /// Who entered it.
    User,
    /// Where it was entered.
    Organisation,
}

impl EventRole {
    /// For "what was understood".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Term => "Term of the code",
            Self::Id => "Code",
            Self::Date => "Date of the code",
            Self::Entered => "Date entered",
            Self::Text => "Free text",
            Self::User => "Entered by",
            Self::Organisation => "Entered at",
        }
    }
}

/// A role, of the patient or of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Of the patient.
    Patient(PatientRole),
    /// Of an entry.
    Event(EventRole),
}

impl Role {
    /// Those that a person may give to a column.
    pub const ALL: [Self; 21] = [
        Self::Patient(PatientRole::NhsNumber),
        Self::Patient(PatientRole::EmisNumber),
        Self::Patient(PatientRole::FullName),
        Self::Patient(PatientRole::FamilyName),
        Self::Patient(PatientRole::GivenName),
        Self::Patient(PatientRole::BirthDate),
        Self::Patient(PatientRole::Age),
        Self::Patient(PatientRole::Registered),
        Self::Patient(PatientRole::Left),
        Self::Patient(PatientRole::Died),
        Self::Patient(PatientRole::Registration),
        Self::Patient(PatientRole::Practice),
        Self::Patient(PatientRole::AccountStatus),
        Self::Patient(PatientRole::AccessLevel),
        Self::Event(EventRole::Term),
        Self::Event(EventRole::Id),
        Self::Event(EventRole::Date),
        Self::Event(EventRole::Entered),
        Self::Event(EventRole::Text),
        Self::Event(EventRole::User),
        Self::Event(EventRole::Organisation),
    ];

    /// As the command line and the screen name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patient(PatientRole::EmisNumber) => "EMIS number",
            Self::Patient(PatientRole::Age) => "Age",
            Self::Patient(role) => role.label(),
            Self::Event(EventRole::Term) => "Code term",
            Self::Event(role) => role.label(),
        }
    }

    /// Reads [`Role::name`], or the words under which it is shown.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        let wanted = crate::domain::wording::plain(name);
        Self::ALL.into_iter().find(|role| {
            let label = match role {
                Self::Patient(role) => role.label(),
                Self::Event(role) => role.label(),
            };
            [role.name(), label].map(crate::domain::wording::plain).contains(&wanted)
        })
    }
}
