//! Journeys: file in, decisions, files out, through the real program. One binary,
//! since each costs a link of the whole window.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]
#![expect(clippy::format_collect, reason = "small made-up files are put together row by row")]

mod bad_input;
mod clean;
mod columns;
mod corrected;
#[path = "../detection/mod.rs"]
mod detection;
mod display;
mod elsewhere;
mod evidence;
mod files;
mod forms;
mod journey;
mod lists;
mod mistaken;
mod model_based;
mod ordinary;
mod outlived;
mod outputs;
mod overlooked;
mod passed_over;
mod plainly;
mod properties;
mod reading;
mod recovery;
mod report;
mod result;
mod safety;
mod spot_check;
mod support;
