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

/// Sends what the program notices about itself (a thread that could not be had, a file that
/// could not be removed) to the console. It names no patient.
pub fn listen() {
    struct Console;
    impl log::Log for Console {
        fn enabled(&self, about: &log::Metadata<'_>) -> bool {
            about.level() <= log::Level::Warn
        }
        fn log(&self, record: &log::Record<'_>) {
            // What libraries notice about files of theirs may quote them.
            if self.enabled(record.metadata()) && record.target().starts_with("record_access_review") {
                complain(&format!("{}: {}", record.level().as_str().to_lowercase(), record.args()));
            }
        }
        fn flush(&self) {}
    }
    static CONSOLE: Console = Console;
    if log::set_logger(&CONSOLE).is_ok() {
        log::set_max_level(log::LevelFilter::Warn);
    }
}

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
