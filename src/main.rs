//! The program: reads the arguments and opens the window, or does the job
//! without one.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use record_access_review::app::Runner;
use record_access_review::app::case::Origin;
use record_access_review::args::{self, HELP, Request};
use record_access_review::domain::Day;
use record_access_review::platform::clock::{Clock, FixedClock, SystemClock};
use record_access_review::platform::dialogs::SystemDialogs;
use record_access_review::platform::{console, files, window};
use record_access_review::report::{self, Exit};
use record_access_review::ui::Program;

fn main() -> ExitCode {
    console::attach();
    console::listen();
    let exit = match args::parse(std::env::args_os().skip(1)) {
        Ok(Request::Help) => {
            console::say(HELP);
            Exit::Done
        }
        Ok(Request::Version) => {
            console::say(concat!("record-access-review ", env!("CARGO_PKG_VERSION")));
            Exit::Done
        }
        Ok(Request::Report(report)) => report::run(&report, &SystemClock),
        Ok(Request::Clean { file, out, force }) => report::clean(&file, &out, force),
        Ok(Request::Verify(file)) => report::verify(&file),
        Ok(Request::Window { origin, today }) => open_window(origin, today),
        Err(error) => {
            console::complain(&error.to_string());
            Exit::WrongArguments
        }
    };
    ExitCode::from(exit as u8)
}

fn open_window(origin: Option<Origin>, today: Option<Day>) -> Exit {
    let clock: Box<dyn Clock> = match today {
        Some(day) => Box::new(FixedClock(day.date().and_hms_opt(9, 0, 0).unwrap_or_default())),
        None => Box::new(SystemClock),
    };
    let opened = window::open(Box::new(move |cc| {
        let program = Program::new(&cc.egui_ctx, origin, clock, Box::new(SystemDialogs), Runner::Threads);
        Ok(Box::new(program.with_settings(files::settings_path()).with_recovery(files::recovery_folder())))
    }));
    match opened {
        Ok(()) => Exit::Done,
        Err(sentence) => {
            console::complain(&sentence);
            Exit::NoWindow
        }
    }
}
