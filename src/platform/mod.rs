//! What depends on the machine: the clock, files, dialogs, the console, the
//! window's renderer. It knows nothing of patients.

pub mod clock;
pub mod console;
pub mod dialogs;
pub mod files;
pub mod random;
pub mod window;
