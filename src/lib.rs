//! Record Access Review: finds the 104 codes that a practice applied in bulk,
//! lets named people decide, and writes the files for the bulk step.
//!
//! Data flows once, left to right; a room imports only rooms to its left:
//!
//! ```text
//! files ─► extract ─► cohort ─► findings ─► review ─► handover ─► files
//! ```
//!
//! See `ARCHITECTURE.md` for the map.

pub mod app;
pub mod args;
pub mod clean;
pub mod cohort;
pub mod deadline;
pub mod domain;
pub mod extract;
pub mod findings;
pub mod handover;
pub mod platform;
pub mod report;
pub mod review;
pub mod sample;
pub mod sharing;
pub mod ui;
