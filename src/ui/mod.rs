//! Draws the model and turns what the user does into commands. Nothing here
//! changes state, reads a file or starts a thread.

mod columns_panel;
mod dialogs;
mod frame;
mod keys;
mod program;
mod screens;
mod spot_check_panel;
mod thresholds_panel;
pub mod tokens;
mod widgets;

pub use program::Program;
