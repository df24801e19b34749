//! Why a file was refused: each a sentence that says what happened and what to do.

use thiserror::Error;

use super::mapping::Candidate;
use super::store::StoreError;

/// What a file is instead of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// A Word document.
    Word,
    /// An Excel workbook.
    Workbook,
    /// An older Office file, Word or Excel.
    OldOffice,
    /// A PDF.
    Pdf,
    /// A compressed folder.
    Zip,
    /// Something else.
    Binary,
}

impl NotText {
    /// Recognises common files by their first and last bytes.
    #[must_use]
    pub fn recognise(head: &[u8], tail: &[u8]) -> Option<Self> {
        let names =
            |part: &[u8]| memchr::memmem::find(head, part).is_some() || memchr::memmem::find(tail, part).is_some();
        match head {
            // OpenDocument: its kind stands first, in plain text.
            [b'P', b'K', 3 | 5, 4 | 6, ..] if names(b"opendocument.spreadsheet") => Some(Self::Workbook),
            [b'P', b'K', 3 | 5, 4 | 6, ..] if names(b"word/") => Some(Self::Word),
            [b'P', b'K', 3 | 5, 4 | 6, ..] if names(b"xl/") => Some(Self::Workbook),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Self::Zip),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(Self::OldOffice),
            [b'%', b'P', b'D', b'F', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "a Word document",
            Self::Workbook => "an Excel workbook",
            Self::OldOffice => "an Office document",
            Self::Pdf => "a PDF",
            Self::Zip => "a compressed (zip) folder",
            Self::Binary => "a file of another kind",
        }
    }
}

/// Why a file cannot be read as a patient export.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Nothing in it.
    #[error(
        "The file is empty. Run the search again in EMIS Web or SystmOne and export the list with its patients as CSV."
    )]
    Empty,
    /// Not text.
    #[error("This is {}, not a patient export. In EMIS Web or SystmOne, export the list as CSV and open that file here.", .0.name())]
    NotText(NotText),
    /// No row looks like a header of an export.
    #[error(
        "No header of a patient list was found in the first {looked_at} rows. Export a list with at least the columns NHS Number, Date of Birth, Code Term and Date from EMIS Web or SystmOne as CSV, and keep its header row."
    )]
    NoHeader {
        /// Rows that were looked at.
        looked_at: usize,
    },
    /// There is a header, but no NHS number.
    #[error(
        "The file has no NHS number column (its header is in row {row}). Add \"NHS Number\" to the columns of the list in EMIS Web or SystmOne, and export it again."
    )]
    NoNhsNumber {
        /// Row of the header, counted from 1.
        row: u32,
    },
    /// There are patients but no codes.
    #[error(
        "The file lists patients but no codes (its header is in row {row}). Add the columns Code Term and Date of the 103, 104 and 106 codes to the list, and export it again."
    )]
    NoCodes {
        /// Row of the header, counted from 1.
        row: u32,
    },
    /// A header and nothing below it.
    #[error(
        "The export has a header (row {row}) but no patients below it. Check that the search found patients, run it again, and export the list."
    )]
    NoPatients {
        /// Row of the header, counted from 1.
        row: u32,
    },
    /// Codes were there, but a spreadsheet destroyed them all.
    #[error(
        "All {cells} codes in the file were damaged by a spreadsheet program (shown like 1.36E+15) and cannot be told apart. Export the list again, with the column Code Term, and open it here without opening it in Excel first."
    )]
    OnlyDamagedCodes {
        /// Damaged cells.
        cells: u32,
    },
    /// Another export stands below the first, and its columns are others.
    #[error(
        "Row {row} is another header, whose columns are not those of the first one: several exports were put into one file. Save each export as a file of its own, and open them together."
    )]
    AnotherHeader {
        /// Row of that header, counted from 1.
        row: u32,
    },
    /// The rows are in the order of their codes, though some go on with the patient above.
    #[error(
        "The file was sorted by its codes in a spreadsheet program, and rows without patient details have lost the patient above them. Export the list again, and open it here without sorting it."
    )]
    SortedByCodes,
    /// Sorted in a spreadsheet: continuation rows have lost their patients.
    #[error(
        "{rows} codes stand in rows without patient details, before the first patient or all below the last one: the file was sorted in a spreadsheet program, and they have lost their patients. Export the list again, and open it here without sorting it."
    )]
    SortedApart {
        /// Continuation rows.
        rows: u32,
    },
    /// More rows or bytes than the records can number.
    #[error("The file has more than {limit} rows. Export it in parts and open them one at a time.")]
    TooLarge {
        /// The most rows that can be read.
        limit: u32,
    },
    /// Two columns compete for a role.
    #[error("It is not clear which column is the {role}: {}. Say which it is.", named(candidates))]
    Unsure {
        /// The role's name.
        role: &'static str,
        /// The columns.
        candidates: Vec<Candidate>,
    },
    /// The user named a column that is not there, or not the only one of its name.
    #[error(
        "There is no one column that is called “{wanted}”; the file has {}. Give the caption as it stands there, or the column's number: \"#1\".",
        named(candidates)
    )]
    NoSuchColumn {
        /// The name.
        wanted: String,
        /// The columns.
        candidates: Vec<Candidate>,
    },
    /// A list of online accounts without a column that says anything of them.
    #[error(
        "The list says nothing of online accounts (its header is in row {row}): there is neither a column with the status of the account nor one with the access level. Add one of them to the list, and export it again."
    )]
    NoAccounts {
        /// Row of the header, counted from 1.
        row: u32,
    },
    /// Lists of patients on several sheets.
    #[error(
        "The workbook has lists of patients with different columns on several sheets (“{first}” and “{second}”). Save each sheet as a file of its own, and open them together."
    )]
    SeveralSheets {
        /// A sheet.
        first: String,
        /// Another.
        second: String,
    },
    /// A workbook that cannot be read.
    #[error(
        "The workbook could not be read ({0}). Open it in Excel, save the sheet with the patients as “CSV UTF-8”, and open that file here; if it asks for a password, take the password off first."
    )]
    Workbook(String),
    /// Its bytes cannot be had.
    #[error(transparent)]
    Store(StoreError),
    /// The user stopped it.
    #[error("Reading was cancelled. Nothing was changed.")]
    Cancelled,
}

impl ReadError {
    /// What to add on the command line, where a column has to be named.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::Unsure { role, candidates } => Some(format!("Add --map \"{role}={}\".", first(candidates))),
            Self::NoNhsNumber { .. } => {
                Some("Or name the column that holds it: --map \"NHS number=Title of the column\".".to_owned())
            }
            Self::NoAccounts { .. } => Some("Or name the column: --map \"Online account=Title of the column\".".to_owned()),
            Self::NoCodes { .. } => Some(
                "Or name the columns: --map \"Code term=Title of the column\" --map \"Date of the code=Title of the column\"."
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// "column 3 (Patient ref) or column 5 (Old ref)".
fn named(candidates: &[Candidate]) -> String {
    let named: Vec<String> = candidates.iter().map(|(number, name)| format!("column {number} ({name})")).collect();
    named.join(if named.len() == 2 { " or " } else { ", " })
}

/// The first column by its caption, or by its number where that is not its own.
fn first(candidates: &[Candidate]) -> String {
    let Some((number, name)) = candidates.first() else { return String::new() };
    let own = !name.trim().is_empty() && candidates.iter().filter(|(_, n)| n == name).count() == 1;
    if own { name.clone() } else { format!("#{number}") }
}
