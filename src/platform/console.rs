//! Printing to the console that the program was started from.

/// On Windows a window program has no console of its own: this attaches it to
/// the one it was started from, so that `--report` can print. Elsewhere nothing
/// is needed.
#[cfg(windows)]
#[expect(unsafe_code, reason = "one call of the Windows console interface")]
pub fn attach() {
    use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};
    // SAFETY: AttachConsole takes a plain number, touches no memory of ours and
    // may be called at any time; its failure (no console to attach to) is harmless.
    unsafe {
        AttachConsole(ATTACH_PARENT_PROCESS);
    }
}

/// On Windows a window program has no console of its own; elsewhere nothing is
/// needed.
#[cfg(not(windows))]
pub const fn attach() {}

/// Prints a line, and does not mind if nobody listens.
pub fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line about something that went wrong.
pub fn complain(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
