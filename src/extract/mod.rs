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
mod orders;
mod problem;
mod progress;
mod reader;
mod records;
mod source;

pub use columns::{Column, Columns, EventColumns, PatientRole};
pub use contents::{CodeCell, DateCell, Entry, Extract, PersonRow, Registration};
pub use error::{NotText, ReadError};
pub use header::{Layout, System};
pub use intern::{Interner, Word};
pub use problem::{Problem, ProblemKind};
pub use progress::Progress;
pub use reader::{ReadOptions, read};
pub use records::{Fields, Scanner};
pub use source::{Encoding, Source};
