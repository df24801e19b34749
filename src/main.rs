//! The program: reads the arguments and opens the window, or does the job
//! without one.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use record_access_review::args::{self, HELP, Request};
use record_access_review::platform::clock::SystemClock;
use record_access_review::platform::console;
use record_access_review::report::{self, Exit};

fn main() -> ExitCode {
    console::attach();
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
        Ok(Request::Window { .. }) => Exit::Done,
        Err(error) => {
            console::complain(&error.to_string());
            Exit::WrongArguments
        }
    };
    ExitCode::from(exit as u8)
}
