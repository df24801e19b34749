//! The command line: a stable contract, on which tests and other tools rely.

use std::ffi::OsString;
use std::path::PathBuf;

use chrono::Datelike as _;
use lexopt::{Arg, Parser};
use thiserror::Error;

use crate::app::case::{GivenFile, Origin};
use crate::domain::Day;
use crate::domain::wording::capital;
use crate::extract::{Mapping, NOT_USED, Purpose, Role, System};
use crate::handover::Options;

/// What the program was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Open the window.
    Window {
        /// What to open in it.
        origin: Option<Origin>,
        /// The day to count on, instead of today.
        today: Option<Day>,
    },
    /// Do the job without a window.
    Report(Report),
    /// Write the table in a file as plain CSV.
    Clean {
        /// The file.
        file: PathBuf,
        /// Where to save.
        out: PathBuf,
        /// Replace a file that is there.
        force: bool,
    },
    /// Say whether an audit is as it was written.
    Verify(PathBuf),
    /// Say how it is used.
    Help,
    /// Say which version it is.
    Version,
}

/// The job without a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What to open.
    pub origin: Origin,
    /// Where to save.
    pub out: PathBuf,
    /// A saved review, or a CSV of decisions.
    pub decisions: Option<PathBuf>,
    /// The system, where the captions would be misread.
    pub system: Option<System>,
    /// The day to count on, instead of today.
    pub today: Option<Day>,
    /// Thresholds, the practice's own codes, and columns said before.
    pub settings: Option<PathBuf>,
    /// The practice's own target date.
    pub target: Option<Day>,
    /// Which column is what, where the captions do not say.
    pub mapping: Vec<Mapping>,
    /// Columns that can only be month first are.
    pub month_first: bool,
    /// Replace files that are there.
    pub force: bool,
    /// A header in the list for the bulk step, or none, where that is said.
    pub list_header: Option<bool>,
    /// The most rows of a list.
    pub list_rows: Option<u32>,
    /// The EMIS number beside each NHS number.
    pub list_emis_number: bool,
    /// The report names those who keep a 104.
    pub name_patients: bool,
}

impl Report {
    /// How the files are to be: by the command, else by the settings.
    #[must_use]
    pub fn options(&self, settings: Options) -> Options {
        Options {
            list_header: self.list_header.or(settings.list_header),
            list_rows: self.list_rows.or(settings.list_rows),
            list_emis_number: self.list_emis_number || settings.list_emis_number,
            name_patients: self.name_patients || settings.name_patients,
            ..settings
        }
    }
}

/// Why the arguments cannot be followed.
#[derive(Debug, Error)]
#[error("{0} See --help.")]
pub struct ArgsError(String);

/// How the program is used.
pub const HELP: &str = "\
Record Access Review: finds 104 codes that were applied in bulk, for EMIS Web and SystmOne.

record-access-review [FILE…]                    the window, with these exports opened
record-access-review --sample[=emis|systmone]   the window, with the made-up practice
record-access-review --report [FILE…|--sample[=…]] --out DIR
     the same without a window: figures, lists and report saved into DIR
     --decisions FILE     a saved review, or a CSV with NHS number, Decision, Decided by, Reason and,
                          best, Decided on; a decision is Add 106, Keep 104 or Ask a clinician. With
                          a newer export than the review's, what became of everybody is saved too
     --registered FILE    the registered list: who is registered here, since when, and who has left
     --safeguarding FILE  a safeguarding or risk register: whoever is on it is marked
     --accounts FILE      online users: account status and access level
     --map \"ROLE=COLUMN\" which column is what, where it is not clear (may be repeated)
                          The roles: NHS number, EMIS number, Name, Family name, Given name,
                          Date of birth, Age, Date of registration, Date of leaving, Date of
                          death, Registration status, Practice, Online account, Access level,
                          Code term, Code, Date of the code, Date entered, Free text, Entered by,
                          Entered at; and \"not used\"
     --month-first        columns whose dates can only be month first are
     --system emis|systmone
     --today YYYY-MM-DD   count as of this day
     --target YYYY-MM-DD  the practice's own target date
     --list-header on|off a header in the list for the bulk step, or none
     --list-rows N        at most N rows a list; more are split into numbered files
     --list-emis-number   the EMIS number beside each NHS number
     --name-patients      the report names those who keep a 104
     --settings FILE      thresholds and the practice's own codes (JSON, as in summary.json)
     --force              replace files that are in DIR
record-access-review --clean FILE --out FILE.csv
     the table in any delimited file as plain CSV: header, then records, nothing else changed
record-access-review --verify audit.json
     whether an audit is as it was written: 0 if it is whole, 3 if not

Exit: 0 done; 1 the window could not be opened; 2 wrong arguments; 3 not readable as a patient export; 4 could not write.
Nothing leaves this computer.";

/// Reads the arguments, the program's name not among them.
///
/// # Errors
/// What is wrong with them.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Request, ArgsError> {
    let mut parser = Parser::from_args(args);
    let mut given = Given::default();
    while let Some(arg) = parser.next().map_err(said)? {
        match arg {
            Arg::Value(path) => given.files.push(PathBuf::from(path)),
            Arg::Short('h') | Arg::Long("help") => return Ok(Request::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Request::Version),
            Arg::Long("report") => given.report = true,
            Arg::Long("force") => given.force = true,
            Arg::Long("list-header") => given.list_header = Some(on_or_off(&text(&mut parser)?)?),
            Arg::Long("list-rows") => given.list_rows = Some(rows(&text(&mut parser)?)?),
            Arg::Long("list-emis-number") => given.list_emis_number = true,
            Arg::Long("name-patients") => given.name_patients = true,
            Arg::Long("month-first") => given.month_first = true,
            Arg::Long("verify") => once("verify", &mut given.verify, path(&mut parser)?)?,
            Arg::Long("clean") => once("clean", &mut given.clean, path(&mut parser)?)?,
            Arg::Long("registered") => given.list(Purpose::Registered, path(&mut parser)?),
            Arg::Long("safeguarding") => given.list(Purpose::Safeguarding, path(&mut parser)?),
            Arg::Long("accounts") => given.list(Purpose::Accounts, path(&mut parser)?),
            Arg::Long("map") => given.mapping.push(mapping(&text(&mut parser)?)?),
            Arg::Long("sample") => {
                let key = parser.optional_value().map_or_else(|| Ok("emis".to_owned()), OsString::into_string);
                once("sample", &mut given.sample, system(&key.unwrap_or_default())?)?;
            }
            Arg::Long("out") => once("out", &mut given.out, path(&mut parser)?)?,
            Arg::Long("decisions") => once("decisions", &mut given.decisions, path(&mut parser)?)?,
            Arg::Long("settings") => once("settings", &mut given.settings, path(&mut parser)?)?,
            Arg::Long("system") => once("system", &mut given.system, system(&text(&mut parser)?)?)?,
            Arg::Long("today") => once("today", &mut given.today, day(&text(&mut parser)?)?)?,
            Arg::Long("target") => once("target", &mut given.target, day(&text(&mut parser)?)?)?,
            other => return Err(said(other.unexpected())),
        }
    }
    given.request()
}

#[derive(Default)]
struct Given {
    files: Vec<PathBuf>,
    sample: Option<System>,
    report: bool,
    force: bool,
    out: Option<PathBuf>,
    decisions: Option<PathBuf>,
    settings: Option<PathBuf>,
    system: Option<System>,
    today: Option<Day>,
    target: Option<Day>,
    mapping: Vec<Mapping>,
    month_first: bool,
    lists: Vec<GivenFile>,
    clean: Option<PathBuf>,
    verify: Option<PathBuf>,
    list_header: Option<bool>,
    list_rows: Option<u32>,
    list_emis_number: bool,
    name_patients: bool,
}

impl Given {
    fn list(&mut self, purpose: Purpose, path: PathBuf) {
        self.lists.push(GivenFile { path, purpose });
    }

    fn request(self) -> Result<Request, ArgsError> {
        let error = |text: &str| Err(ArgsError(text.to_owned()));
        let only_with_report = self.decisions.is_some()
            || self.settings.is_some()
            || self.system.is_some()
            || self.target.is_some()
            || self.month_first
            || self.list_header.is_some()
            || self.list_rows.is_some()
            || self.list_emis_number
            || self.name_patients
            || !self.mapping.is_empty();
        let has_files = self.sample.is_some() || !self.files.is_empty() || !self.lists.is_empty();
        let has_options = only_with_report || self.today.is_some();
        if let Some(file) = self.verify {
            if self.report || self.clean.is_some() || self.out.is_some() || self.force || has_files || has_options {
                return error("--verify takes one audit.json, and nothing else.");
            }
            return Ok(Request::Verify(file));
        }
        if let Some(file) = self.clean {
            let others = self.report || has_files || has_options;
            let Some(out) = self.out.filter(|_| !others) else {
                return error("--clean takes one FILE, and --out FILE.csv to save into.");
            };
            return Ok(Request::Clean { file, out, force: self.force });
        }
        let mut files: Vec<GivenFile> = self.files.into_iter().map(GivenFile::from).collect();
        let origin = match (self.sample, files.is_empty()) {
            (Some(_), false) => return error("Give either files or --sample, not both."),
            (Some(_), true) if !self.lists.is_empty() => {
                return error("--registered, --safeguarding and --accounts go with a FILE, not with --sample.");
            }
            (Some(system), true) => Some(Origin::Sample(system)),
            (None, true) if !self.lists.is_empty() => {
                return error(
                    "--registered, --safeguarding and --accounts need the export beside them: name its FILE.",
                );
            }
            (None, true) => None,
            (None, false) => {
                files.extend(self.lists);
                Some(Origin::Files(files))
            }
        };
        if !self.report {
            if self.out.is_some() || self.force || only_with_report {
                return error(
                    "--out, --decisions, --system, --settings, --target, --map, --month-first, --list-…, --name-patients and --force go with --report.",
                );
            }
            return Ok(Request::Window { origin, today: self.today });
        }
        let Some(origin) = origin else { return error("--report needs a FILE, or --sample.") };
        let Some(out) = self.out else { return error("--report needs --out DIR, the folder to save into.") };
        Ok(Request::Report(Report {
            origin,
            out,
            decisions: self.decisions,
            system: self.system,
            today: self.today,
            settings: self.settings,
            target: self.target,
            mapping: self.mapping,
            month_first: self.month_first,
            force: self.force,
            list_header: self.list_header,
            list_rows: self.list_rows,
            list_emis_number: self.list_emis_number,
            name_patients: self.name_patients,
        }))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands the error over")]
fn said(error: lexopt::Error) -> ArgsError {
    let text = capital(&error.to_string());
    ArgsError(format!("{text}."))
}

/// Takes what may be given once: of two, one would be passed over without a word.
fn once<T>(name: &str, slot: &mut Option<T>, value: T) -> Result<(), ArgsError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(ArgsError(format!("--{name} is given twice. Give it once."))),
    }
}

fn path(parser: &mut Parser) -> Result<PathBuf, ArgsError> {
    let path = parser.value().map(PathBuf::from).map_err(said)?;
    if path.as_os_str().is_empty() {
        return Err(ArgsError("A name of a file or folder is empty.".to_owned()));
    }
    Ok(path)
}

fn text(parser: &mut Parser) -> Result<String, ArgsError> {
    parser.value().and_then(lexopt::ValueExt::string).map_err(said)
}

fn on_or_off(word: &str) -> Result<bool, ArgsError> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(ArgsError("--list-header is on or off.".to_owned())),
    }
}

fn rows(word: &str) -> Result<u32, ArgsError> {
    let rows = word.parse().ok().filter(|rows| *rows > 0);
    rows.ok_or_else(|| ArgsError("--list-rows is a number of rows, such as 250.".to_owned()))
}

fn system(key: &str) -> Result<System, ArgsError> {
    System::from_key(key).ok_or_else(|| ArgsError("The system is emis or systmone.".to_owned()))
}

fn mapping(text: &str) -> Result<Mapping, ArgsError> {
    Mapping::read(text).ok_or_else(|| {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).chain([NOT_USED]).collect();
        ArgsError(format!("--map is written \"NHS number=Title of the column\"; the roles are {}.", roles.join(", ")))
    })
}

fn day(iso: &str) -> Result<Day, ArgsError> {
    let is_possible = |day: &Day| (1900..2200).contains(&day.date().year());
    Day::from_iso(iso)
        .filter(is_possible)
        .ok_or_else(|| ArgsError("A date is written year-month-day, 2026-11-20.".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Request, ArgsError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn help_names_every_role() {
        let words = HELP.split_whitespace().collect::<Vec<_>>().join(" ");
        for role in Role::ALL {
            assert!(words.contains(role.name()), "{}", role.name());
        }
        assert!(words.contains(NOT_USED));
    }

    #[test]
    fn the_contract() {
        assert_eq!(read("").expect("valid"), Request::Window { origin: None, today: None });
        assert_eq!(
            read("a.csv b.csv").expect("valid"),
            Request::Window { origin: Some(Origin::Files(vec!["a.csv".into(), "b.csv".into()])), today: None }
        );
        assert_eq!(
            read("--sample=systmone").expect("valid"),
            Request::Window { origin: Some(Origin::Sample(System::SystmOne)), today: None }
        );
        let Request::Report(report) =
            read("--report --sample --out dir --decisions d.csv --today 2026-11-20 --force").expect("valid")
        else {
            panic!("a report")
        };
        assert_eq!(report.origin, Origin::Sample(System::Emis));
        assert_eq!(report.today, Day::from_ymd(2026, 11, 20));
        assert!(report.force);
        let Request::Report(report) =
            read("--report a.csv --registered r.csv --accounts u.csv --map nhsnumber=Ref --month-first --out d")
                .expect("valid")
        else {
            panic!("a report")
        };
        let purposes = |o: &Origin| match o {
            Origin::Files(files) => files.iter().map(|f| f.purpose).collect::<Vec<_>>(),
            Origin::Sample(_) => Vec::new(),
        };
        assert_eq!(purposes(&report.origin), [Purpose::Export, Purpose::Registered, Purpose::Accounts]);
        assert!(report.month_first && report.mapping[0].column == "Ref");
        assert_eq!(read("--verify audit.json").expect("valid"), Request::Verify("audit.json".into()));
        assert_eq!(
            read("--clean a.txt --out b.csv").expect("valid"),
            Request::Clean { file: "a.txt".into(), out: "b.csv".into(), force: false }
        );
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        for line in [
            "--report --out d",
            "--report a.csv",
            "--sample=lloyd",
            "--sample a.csv",
            "--today 20/11/2026",
            "--nonsense",
            "--clean a.txt",
            "--verify",
            "--report --sample --out d --list-rows 0",
            "--report --sample --out d --list-header yes",
            "--name-patients",
            "--verify a.json b.csv",
            "--verify a.json --out d",
            "--clean a.txt --out b.csv --sample",
            "--report --registered r.csv --out d",
            "--report --sample --accounts r.csv --out d",
            "--report a.csv --out d --map Shoe=A",
            "--map nhsnumber=A",
            "--out d",
            "--today",
            "--report a.csv --out d --decisions keep.csv --decisions add.csv",
            "--report a.csv --out d --out e",
            "--report a.csv --out d --today 2026-11-20 --today 2026-11-21",
            "--sample --sample=systmone",
            "--clean a.txt --out b.csv --decisions d.csv",
            "--clean a.txt --out b.csv --today 2026-11-20",
            "--clean a.txt --out b.csv --map nhsnumber=A",
            "--verify a.json --decisions d.csv",
            "--verify a.json --force",
            "--verify a.json --settings s.json",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
