//! From the bytes of one file to an [`Extract`]: what kind of export it is, its
//! columns with their roles, its rows as compact records, and everything that
//! could not be understood.
//!
//! The reader goes by content, never by position, since exports pass through
//! spreadsheets before they arrive here. It knows what a 104 looks like; what a
//! 104 means for a patient is the next room's business.

mod captions;
mod cells;
mod checks;
mod columns;
mod contents;
mod error;
mod header;
mod intern;
mod mapping;
mod orders;
mod parts;
mod pieces;
mod problem;
mod progress;
mod purpose;
mod read;
mod reader;
mod records;
mod roles;
mod scan;
mod source;
mod store;
mod workbook;

pub use captions::is_caption;
pub use columns::{Column, Columns, EventColumns};
pub use contents::{
    ALPHABET, CodeAside, CodeCell, DateCell, Entry, Extract, LETTERS, PersonRow, Records, Registration, Row, RowCursor,
    Rows, Sign, Signs, told,
};
pub use error::{NotText, ReadError};
pub use header::{Head, Layout, System};
pub use intern::{Interner, Texts, Word};
pub use mapping::{Candidate, KnownMapping, Mapping, NOT_USED, Preview, preview};
pub use parts::Cutting;
pub use pieces::Pieces;
pub use problem::{Problem, ProblemKind};
pub use progress::Progress;
pub use purpose::Purpose;
pub use read::{ReadOptions, read};
pub use records::{Fields, Scanner};
pub use roles::{EventRole, PatientRole, Role};
pub use source::{Encoding, Source};
pub use store::{Store, StoreError, Window};

/// The sheet of a workbook that holds a patient list, or else the first one that holds
/// anything, as comma-separated text.
///
/// # Errors
/// Where the workbook cannot be read.
pub fn workbook_text(bytes: &[u8]) -> Result<String, ReadError> {
    workbook::table(bytes).map(|book| book.text)
}

#[cfg(test)]
mod tests;
