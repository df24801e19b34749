//! The nouns of the field: access codes, SNOMED CT identifiers, NHS numbers,
//! clinical dates and the status of a patient.
//!
//! This room knows nothing of files, of the clock, or of a window. Everything
//! here is a small value that can be made only in a valid form.

pub mod code;
pub mod date;
mod days;
pub mod marker;
pub mod nhs_number;
pub mod odds;
pub mod sctid;
pub mod status;
pub mod wording;

pub use code::{AccessCode, CodeReading, CodeTrouble, Repair, read_code};
pub use date::{DateForm, DateReading, Day, read_date};
pub use days::Days;
pub use marker::{Marker, Markers};
pub use nhs_number::{NhsNumber, NhsReading};
pub use sctid::Sctid;
pub use status::{Status, StatusReason};
