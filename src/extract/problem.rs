//! What could not be understood, repaired or believed, each with its place.

use crate::domain::{CodeTrouble, Repair};

/// Something in a file that a person should know of. Nothing is dropped
/// silently: what the program did about it stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Row as a spreadsheet counts it, from 1; `None` for the file as a whole.
    pub row: Option<u32>,
    /// Column, from 0; `None` for the row as a whole.
    pub column: Option<u16>,
    /// What it is.
    pub kind: ProblemKind,
}

/// The kinds of problem. Their sentences never quote the cell: it may be
/// patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A damaged identifier was put back.
    CodeRepaired(Repair),
    /// About online access, but which code cannot be told.
    CodeUnclear(CodeTrouble),
    /// Access codes known by the practice's own word for them.
    CodeByAlias,
    /// An access code without a date.
    CodeWithoutDate,
    /// An access code with a date that is none.
    CodeDateUnreadable,
    /// An access code dated after today.
    CodeDateInFuture,
    /// The only free text stood behind the term.
    TextBehindTerm,
    /// Free text on a row whose code cells are blank.
    NoteWithoutCode,
    /// No NHS number.
    NhsMissing,
    /// Ten digits, wrong check digit.
    NhsWrongCheckDigit,
    /// Scientific notation.
    NhsScientific,
    /// Nine digits: a leading nought was lost.
    NhsNineDigits,
    /// Not ten digits.
    NhsNotTenDigits,
    /// Issued outside England, or not at all.
    NhsOutsideEngland,
    /// One number on two people.
    NhsTwice,
    /// One number of the clinical system with two NHS numbers, or on two people.
    SystemNumberTwice,
    /// A row without a usable number has a patient's name and birth date.
    Namesake,
    /// A birth date that is none, missing, or whose century is open.
    BirthUnclear,
    /// A registration, leaving or death date that is none.
    PatientDateUnreadable,
    /// A row without patient cells before any patient.
    RowWithoutPatient,
    /// A row that holds neither a patient nor a code.
    RowNotUnderstood,
    /// More cells than the header has.
    SurplusCells,
    /// Something under no caption.
    NamelessCell,
    /// A 103 or a 104 in a column of something else, that no entry of the patient says.
    CodeElsewhere,
    /// A sheet of a workbook that is not read.
    SheetNotRead,
    /// Comments on the cells of a workbook.
    CommentsNotRead,
    /// A row of a register that names nobody.
    RegisterRowNotUnderstood,
    /// Dates that can only be month first.
    MonthFirst,
    /// Such dates beside others that can only be day first.
    MonthFirstSome,
    /// Such dates, read so since the user said so.
    MonthFirstRead,
    /// A registration in words that are not known.
    RegistrationUnclear,
    /// A quotation mark that is never closed or stands where none can.
    StrayQuote,
    /// On a register, and not in the exports.
    NotJoined,
    /// In an export, and not on the registered list.
    NotRegistered,
    /// A registered list that knows few of the patients.
    ListOfAnotherPractice,
    /// A register or list of accounts of which few are in the exports.
    RegisterOfAnotherPractice,
    /// No birth dates in the file.
    NoBirthColumn,
    /// No birth dates, but ages.
    AgeTaken,
    /// No free text column.
    NoTextColumn,
    /// No column that says who entered the code.
    NoUserColumn,
    /// No registration dates.
    NoRegistrationColumn,
    /// No run date in the file, whose own date is taken.
    FileDateTaken,
    /// No run date in the file.
    NoRunDate,
    /// None of the three codes in the file.
    NoAccessCodes,
}

impl ProblemKind {
    /// What is wrong, in a sentence.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::CodeRepaired(Repair::CheckDigit) => {
                "The code's last digit was turned into 0 by a spreadsheet program"
            }
            Self::CodeRepaired(Repair::RoundedUp) => "The code was rounded by a spreadsheet program",
            Self::CodeRepaired(Repair::Scientific) => {
                "The code was shortened to scientific notation by a spreadsheet program"
            }
            Self::CodeUnclear(CodeTrouble::Disagree) => "The code and its term name different things",
            Self::CodeUnclear(CodeTrouble::TooFewDigits) => {
                "The code was shortened by a spreadsheet program and too few digits are left"
            }
            Self::CodeUnclear(CodeTrouble::Unconfirmed) => {
                "The code was damaged by a spreadsheet program and no term confirms which it was"
            }
            Self::CodeUnclear(CodeTrouble::TermCutShort) => {
                "The term is cut short before the word that decides which code it is"
            }
            Self::CodeUnclear(CodeTrouble::MayBeDeclined) => {
                "The code is damaged, or its term names something else, and it may be the 103"
            }
            Self::CodeUnclear(CodeTrouble::OtherWords) => {
                "The term speaks of declined online access, in words that are not those of the 103"
            }
            Self::CodeByAlias => "Codes of the practice's own stand where access codes should",
            Self::CodeWithoutDate => "An access code has no date",
            Self::CodeDateUnreadable => "An access code has a date that cannot be read or does not exist",
            Self::CodeDateInFuture => "An access code is dated in the future",
            Self::TextBehindTerm => "Free text stands behind the term in the same cell",
            Self::NoteWithoutCode => "Free text stands on a row without a code",
            Self::NhsMissing => "The patient has no NHS number",
            Self::NhsWrongCheckDigit => "The NHS number's check digit is wrong",
            Self::NhsScientific => "The NHS number was shortened to scientific notation by a spreadsheet program",
            Self::NhsNineDigits => {
                "The NHS number has nine digits, as when a spreadsheet program takes a leading nought off"
            }
            Self::NhsNotTenDigits => "The NHS number does not have ten digits",
            Self::NhsOutsideEngland => "The NHS number is from a range that is not issued in England",
            Self::NhsTwice => "The same NHS number stands on two different people",
            Self::SystemNumberTwice => {
                "The patient's number in the system stands with two NHS numbers, or on two people"
            }
            Self::Namesake => "A row without a valid NHS number has the name and the birth date of this patient",
            Self::BirthUnclear => "The date of birth is missing, cannot be read, or its century cannot be determined",
            Self::PatientDateUnreadable => "A date of the patient's registration cannot be read",
            Self::RowWithoutPatient => "A row without patient details, and it cannot be told whose it is",
            Self::RowNotUnderstood => "The row holds neither a patient nor a code",
            Self::SurplusCells => "The row has more cells than the header",
            Self::NamelessCell => "A column that is normally empty and plays no part holds something on this row",
            Self::CodeElsewhere => {
                "A 103 or a 104 stands in a column that is none of the codes, and no entry of the patient says so"
            }
            Self::SheetNotRead => "Another sheet of the workbook holds something, and no list of patients",
            Self::CommentsNotRead => "Somebody wrote comments on cells of the workbook",
            Self::RegisterRowNotUnderstood => "A row of this list identifies no patient",
            Self::MonthFirst => {
                "The column holds dates that can only be month first, as a spreadsheet program with American settings writes them"
            }
            Self::MonthFirstSome => {
                "The column holds dates that can only be day first, and others that can only be month first"
            }
            Self::MonthFirstRead => "The column holds dates that are month first, as the user confirmed",
            Self::RegistrationUnclear => "What the file says of the registration is not understood",
            Self::StrayQuote => "A quotation mark is not closed, or stands in the middle of a cell",
            Self::NotJoined => {
                "The patient of this list is not in the export, by NHS number or by number in the system"
            }
            Self::NotRegistered => "The patient is not on the registered list",
            Self::ListOfAnotherPractice => "The registered list knows fewer than half of the patients of the export",
            Self::RegisterOfAnotherPractice => "Hardly anybody on this list is in the export",
            Self::AgeTaken | Self::NoBirthColumn => "The file has no date of birth column",
            Self::NoTextColumn => "The file has no free text column",
            Self::NoUserColumn => "The file has no column that says who entered the code",
            Self::NoRegistrationColumn => "The file has no registration date column",
            Self::FileDateTaken | Self::NoRunDate => "The file does not say when it was made",
            Self::NoAccessCodes => "The file holds no 103, 104 or 106 code",
        }
    }

    /// What the program did about it.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::CodeRepaired(Repair::CheckDigit) => "The check digit was put back; there is only one that fits",
            Self::CodeRepaired(_) => "Rebuilt, since the term in the same row agrees",
            Self::CodeUnclear(_) => "Not counted; the patient is kept out of every group decision",
            Self::CodeWithoutDate | Self::CodeDateUnreadable | Self::CodeDateInFuture => {
                "Does not decide the patient's status; the patient is kept out of every group decision"
            }
            Self::CodeByAlias => "Taken for what the settings say that they mean",
            Self::TextBehindTerm => "Read as free text of that entry",
            Self::NoteWithoutCode => "It may be about the patient, who is kept out of every group decision",
            Self::NhsMissing
            | Self::NhsWrongCheckDigit
            | Self::NhsScientific
            | Self::NhsNineDigits
            | Self::NhsNotTenDigits => {
                "Counted, but never in a list for the bulk step; correct it in the clinical system and export again"
            }
            Self::NhsOutsideEngland => "Kept; check the number",
            Self::SystemNumberTwice | Self::NhsTwice => "Both are kept out of every list and of every group decision",
            Self::Namesake => {
                "It may be the same person, who is kept out of every group decision; correct the number in the clinical system and export again"
            }
            Self::BirthUnclear => "Age not known; kept out of every group decision",
            Self::PatientDateUnreadable => "Treated as missing",
            Self::RowWithoutPatient => "Not counted; the patient above is kept out of every group decision",
            Self::RowNotUnderstood => "Kept in the corrected copy, not counted",
            Self::SurplusCells => "The cells may be shifted: the patient is kept out of every group decision",
            Self::NamelessCell => {
                "It may be a note, or the cells may be shifted: the patient is kept out of every group decision"
            }
            Self::CodeElsewhere => {
                "Not counted, and the patient is kept out of every group decision; look at the record"
            }
            Self::SheetNotRead => "Not read; look whether anybody is on it",
            Self::CommentsNotRead => "Not read; look whether one speaks of a risk, and put it into a column",
            Self::RegisterRowNotUnderstood => "Nobody was marked or joined by it; look whom it means",
            Self::MonthFirst => {
                "Its dates that could be read either way are not believed; export again without opening it in a spreadsheet, or confirm that the column is month first"
            }
            Self::MonthFirstSome => {
                "Its dates that could be read either way are not believed; export again without opening it in a spreadsheet, and do not put files of both kinds together"
            }
            Self::MonthFirstRead => "Its dates in numbers were read month first",
            Self::RegistrationUnclear => "Counted as registered; kept out of every group decision",
            Self::StrayQuote => "Read as an ordinary character",
            Self::NotJoined => "Not used; look whether this person is in the export under another number",
            Self::NotRegistered => {
                "Counted as no longer registered; without a valid NHS number, kept out of every group decision"
            }
            Self::ListOfAnotherPractice => {
                "No patient was treated as having left; patients who are not on the list are kept out of every group decision. Check that the list is of the same practice"
            }
            Self::RegisterOfAnotherPractice => {
                "Those who are in the export were used. Check that the list is of the same practice"
            }
            Self::NoBirthColumn => {
                "Patients under 16 cannot be told apart, so nobody can be decided together; add Date of Birth and export again"
            }
            Self::AgeTaken => "The ages in the file were taken; add Date of Birth and export again",
            Self::NoTextColumn => "Notes of a clinician cannot be seen; add Associated Text and export again",
            Self::NoUserColumn => "Who entered a code cannot be used as evidence",
            Self::NoRegistrationColumn => "Inherited codes and top-ups of new patients cannot be found",
            Self::FileDateTaken => "The date on which the file was saved was taken instead",
            Self::NoRunDate => "Counted as of today",
            Self::NoAccessCodes => "Check that the export is of the right search",
        }
    }

    /// Whether it was put right and needs nobody's attention.
    #[must_use]
    pub const fn is_repaired(self) -> bool {
        matches!(self, Self::CodeRepaired(_))
    }

    /// What it makes of the figures as a whole, for who reads nothing but them.
    #[must_use]
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::MonthFirst => Some(
                "The figures are too low: a column holds dates that can only be month first, and those of its dates that could be read either way are not believed.",
            ),
            Self::MonthFirstSome => Some(
                "The figures are too low: a column holds dates of which some can only be day first and others only month first, and those of its dates that could be read either way are not believed.",
            ),
            Self::ListOfAnotherPractice => Some(
                "The registered list knows fewer than half of the patients of the export, and may be of another practice. Nobody was counted as having left.",
            ),
            Self::RegisterOfAnotherPractice => Some(
                "Hardly anybody on a list beside the export is in the export. It may be of another practice: look before you rely on it.",
            ),
            Self::SheetNotRead => {
                Some("Another sheet of the workbook holds something and was not read. Look whether anybody is on it.")
            }
            Self::CommentsNotRead => Some(
                "The workbook has comments on cells, which are not read. Look whether one of them speaks of a risk, and put it into a column.",
            ),
            Self::NoAccessCodes => Some("The file holds no 103, 104 or 106 code, so nobody is blocked in it."),
            _ => None,
        }
    }

    /// Whether it is a remark on the file as a whole.
    #[must_use]
    pub const fn is_remark(self) -> bool {
        matches!(
            self,
            Self::NoBirthColumn
                | Self::AgeTaken
                | Self::NoTextColumn
                | Self::NoUserColumn
                | Self::NoRegistrationColumn
                | Self::FileDateTaken
                | Self::NoRunDate
                | Self::NoAccessCodes
                | Self::NhsOutsideEngland
                | Self::TextBehindTerm
                | Self::MonthFirstRead
                | Self::CodeByAlias
                | Self::SheetNotRead
                | Self::CommentsNotRead
        )
    }
}
