//! `--report`: the same pipeline with no window.

use crate::app::case::{self, Case, OpenError, Settings, file_name};
use crate::app::settings::SettingsFile;
use crate::args::Report;
use crate::cohort::PatientId;
use crate::domain::Day;
use crate::domain::wording::{count, figure, per_cent};
use crate::extract::{Problem, ProblemKind, Progress, Purpose, ReadError};
use crate::findings::Likelihood;
use crate::handover::{Additions, Package, SaveError, Saved, outputs, save, verify_audit};
use crate::platform::clock::Clock;
use crate::platform::console::{complain, say};
use crate::platform::files;
use crate::review::{Change, Restored, Reviewer, blockers};

/// How a run ended, as the program's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; problems may be listed.
    Done = 0,
    /// No window can be opened on this machine.
    NoWindow = 1,
    /// Wrong arguments.
    WrongArguments = 2,
    /// Not readable as a patient export.
    NotReadable = 3,
    /// Could not write; nothing half-written is left.
    NotWritten = 4,
}

/// A failure with its sentence.
struct Failure(Exit, String);

/// Does the job and prints what was done. No patient is named.
pub fn run(report: &Report, clock: &dyn Clock) -> Exit {
    match try_run(report, clock) {
        Ok(()) => Exit::Done,
        Err(Failure(exit, sentence)) => {
            complain(&sentence);
            exit
        }
    }
}

fn try_run(report: &Report, clock: &dyn Clock) -> Result<(), Failure> {
    let now = report.today.map_or_else(|| clock.now(), |day| day.date().and_hms_opt(9, 0, 0).unwrap_or_default());
    let today = Day::from(now.date());
    let given = settings_file(report)?;
    let settings = Settings {
        system: report.system,
        thresholds: given.thresholds,
        aliases: given.aliases,
        known: given.mappings,
        mapping: report.mapping.clone(),
        month_first: report.month_first,
        in_memory: case::IN_MEMORY_REPORT,
        ..Settings::on(today)
    };
    let case = case::open(&report.origin, &settings, &Progress::default())
        .map_err(|e| Failure(Exit::NotReadable, with_remedy(&e)))?;
    let decided = decide(report, &case, now)?;
    let additions = Additions::of(&case.cohort, decided.as_ref().map(|d| &d.restored.review), today);
    let package = Package {
        additions: &additions,
        files: &case.files,
        cohort: &case.cohort,
        findings: &case.findings,
        review: decided.as_ref().map(|d| &d.restored.review),
        refused: decided.as_ref().map(|d| (d.name.as_str(), d.restored.refused.as_slice())),
        dated: today,
        now,
        clock: clock.now(),
        target: report.target,
        options: report.options(given.files),
        timings: case.timings,
    };
    let mut sources = case.paths.clone();
    sources.extend(report.decisions.clone());
    let saved = save(&report.out, &outputs(package), &sources, report.force).map_err(|e| {
        let or_force = if matches!(e, SaveError::Exists(_)) { " Or add --force to replace it." } else { "" };
        Failure(Exit::NotWritten, format!("{e}{or_force}"))
    })?;
    tell((report, Day::from(clock.now().date())), &case, decided.as_ref(), package, &saved);
    // The program ends here: taking millions of records apart first would be for nothing.
    std::mem::forget(case);
    Ok(())
}

/// What went wrong, and what to add to the command where that helps.
fn with_remedy(error: &OpenError) -> String {
    match error {
        OpenError::Read { why, .. } => {
            let sentences: Vec<String> = std::iter::once(error.to_string()).chain(why.remedy()).collect();
            sentences.join(" ")
        }
        _ => error.to_string(),
    }
}

fn settings_file(report: &Report) -> Result<SettingsFile, Failure> {
    let Some(path) = &report.settings else { return Ok(SettingsFile::default()) };
    let wrong = |why: String| Failure(Exit::WrongArguments, format!("{}: {why}", file_name(path)));
    let bytes = files::read(path, |_| true).map_err(|e| wrong(e.to_string()))?.unwrap_or_default();
    SettingsFile::read(&bytes).map_err(|why| wrong(why.to_string()))
}

/// Writes the table in a file as plain CSV.
#[must_use]
pub fn clean(file: &std::path::Path, out: &std::path::Path, force: bool) -> Exit {
    let tried = || -> Result<String, Failure> {
        let name = file_name(file);
        let bytes = files::read(file, |_| true)
            .map_err(|e| Failure(Exit::NotReadable, format!("{name}: {e}")))?
            .unwrap_or_default();
        let clean = crate::clean::clean(&bytes).map_err(|e| {
            let why = match e {
                ReadError::NotText(kind) => format!("This is {}, and not a table in text.", kind.name()),
                other => other.to_string(),
            };
            Failure(Exit::NotReadable, format!("{name}: {why}"))
        })?;
        let not_written = |why: String| Failure(Exit::NotWritten, format!("{}: {why}", file_name(out)));
        let same = std::fs::canonicalize(out).is_ok_and(|o| std::fs::canonicalize(file).is_ok_and(|f| f == o));
        if same || (out.exists() && !force) {
            return Err(not_written("A file of that name is there already. Choose another name.".to_owned()));
        }
        files::replace(out, &clean.csv).map_err(|e| not_written(e.to_string()))?;
        let delimiter = match &*clean.dialect.delimiter {
            "\t" => "tab".to_owned(),
            " " => "space".to_owned(),
            other => format!("“{other}”"),
        };
        Ok(format!(
            "{name}: {} of {}, separated by {delimiter}.",
            count(clean.rows, "row"),
            count(clean.columns, "cell")
        ))
    };
    match tried() {
        Ok(said) => {
            say(&said);
            Exit::Done
        }
        Err(Failure(exit, sentence)) => {
            complain(&sentence);
            exit
        }
    }
}

/// Says whether an audit is as it was written.
#[must_use]
pub fn verify(file: &std::path::Path) -> Exit {
    let name = file_name(file);
    let checked = files::read(file, |_| true)
        .map_err(|e| e.to_string())
        .and_then(|bytes| verify_audit(&bytes.unwrap_or_default()).map_err(|e| e.to_string()));
    match checked {
        Ok(whole) => {
            let changed: Vec<&str> =
                whole.lists.iter().filter(|list| is_changed(file, list)).map(|(n, _)| n.as_str()).collect();
            if !changed.is_empty() {
                complain(&format!(
                    "{name}: whole, but beside it {} not as saved: {}. Do not use {}; save the files again.",
                    if changed.len() == 1 { "a list is" } else { "lists are" },
                    changed.join(", "),
                    if changed.len() == 1 { "it" } else { "them" }
                ));
                return Exit::NotReadable;
            }
            let beside = match bears(file, &whole.last_hash) {
                Some(true) => "the report beside it bears the same hash",
                Some(false) => {
                    complain(&format!(
                        "{name}: whole, but the report beside it bears another hash: it is of another saving, or was changed. Save the files again."
                    ));
                    return Exit::NotReadable;
                }
                None => "no report is beside it, to hold against that",
            };
            let events = count(whole.events, "event");
            say(&format!("{name}: whole, {events}. The hash of the last is {}; {beside}.", whole.last_hash));
            Exit::Done
        }
        Err(why) => {
            complain(&format!("{name}: {why}"));
            Exit::NotReadable
        }
    }
}

/// Whether a list that was saved with an audit is beside it, and is not as it was.
fn is_changed(audit: &std::path::Path, (name, hash): &(String, String)) -> bool {
    beside(audit, name).is_some_and(|bytes| blake3::hash(&bytes).to_hex().as_str() != hash)
}

/// Whether the report beside an audit bears a hash; `None` where there is no report.
fn bears(audit: &std::path::Path, hash: &str) -> Option<bool> {
    let report = beside(audit, "report.html")?;
    Some(memchr::memmem::find(&report, hash.as_bytes()).is_some())
}

/// A file beside an audit, if it is there.
fn beside(audit: &std::path::Path, name: &str) -> Option<Vec<u8>> {
    files::read(&audit.with_file_name(name), |_| true).ok().flatten()
}

struct Decided {
    name: String,
    restored: Restored,
}

fn decide(report: &Report, case: &Case, now: chrono::NaiveDateTime) -> Result<Option<Decided>, Failure> {
    let Some(path) = &report.decisions else { return Ok(None) };
    let name = file_name(path);
    let wrong = |why: String| Failure(Exit::WrongArguments, format!("{name}: {why}"));
    let nobody = Reviewer::default();
    let review = case.new_review(&nobody, now);
    let restored = case.open_decisions(&review, path, &nobody, now).map_err(|e| wrong(e.to_string()))?;
    Ok(Some(Decided { name, restored }))
}

/// What was done, in a few lines.
fn tell((report, real): (&Report, Day), case: &Case, decided: Option<&Decided>, package: Package<'_>, saved: &Saved) {
    let counts = case.cohort.counts;
    let in_bulk = case.cohort.iter().filter(|(id, p)| {
        p.status == crate::domain::Status::Blocked && case.findings.of(*id).likelihood.is_some_and(Likelihood::is_bulk)
    });
    for (file, place) in case.files.iter().zip(0_u16..) {
        let what = match file.purpose {
            Purpose::Export => file.layout.system.label(),
            other => other.label(),
        };
        let lost = match (file.purpose, case.not_joined(place)) {
            (Purpose::Export, _) | (_, 0) => String::new(),
            (_, lost) => format!(", {} of them not in the export", figure(lost)),
        };
        say(&format!("{}: {what}, {}{lost}", file.source.name(), count(file.data_rows as usize, "row")));
    }
    say(&format!(
        "{} of {} eligible patients are blocked by a 104 ({}); {} of those codes look added in bulk.",
        figure(counts.blocked),
        figure(counts.eligible),
        per_cent(counts.share_blocked()),
        figure(in_bulk.count())
    ));
    let given = report.today.filter(|day| *day > real);
    let ahead = given.map(|day| {
        format!("Counted as of {}, which is still to come: whoever turns 16 or is given a code until then is not known yet.", day.prose())
    });
    let remarks = ahead.into_iter().chain(case.remarks()).chain(case.list_is_unknown().map(str::to_owned));
    for warning in remarks {
        say(&format!("  Mind: {warning}"));
    }
    for (kind, warning) in case.warnings() {
        let remedy =
            if kind == ProblemKind::MonthFirst { " If the column is month first, add --month-first." } else { "" };
        say(&format!("  Mind: {warning}{remedy}"));
    }
    for group in &case.findings.groups {
        say(&format!("  {}  {} ({})", group.id.label(), group.title, group.likelihood.label()));
    }
    let (repaired, open): (Vec<&(u16, Problem)>, Vec<_>) =
        case.cohort.problems.iter().partition(|(_, p)| p.kind.is_repaired());
    say(&format!(
        "{} repaired, {} listed in problems.csv.",
        count(repaired.len(), "value"),
        count(open.len(), "problem")
    ));
    if let Some(decided) = decided {
        if let Some(changes) = decided.restored.review.result() {
            let said: Vec<String> = Change::ALL
                .into_iter()
                .filter(|c| changes.count(*c) > 0)
                .map(|c| format!("{}: {}", c.label(), figure(changes.count(c))))
                .collect();
            say(&format!("Compared with {} ({}): {}.", changes.was, changes.since, said.join(", ")));
        }
        let additions = package.additions;
        let is_alone = |id: &&PatientId| !case.findings.of(**id).likelihood.is_some_and(Likelihood::is_bulk);
        match additions.patients.iter().filter(is_alone).count() {
            0 => {}
            n => say(&format!(
                "  Mind: {} in the list for the 106 whose 104 does not look added in bulk (patients.csv, Likelihood). Somebody may have looked at each: look again before it is coded.",
                count(n, "patient")
            )),
        }
        let spoken_against = |id: &&PatientId| !blockers(&case.cohort, &case.findings, **id).is_empty();
        match additions.patients.iter().filter(spoken_against).count() {
            0 => {}
            n => say(&format!(
                "  Mind: {} in the list for the 106 although something speaks against it (patients.csv, Blockers). Look at each before it is coded.",
                count(n, "patient")
            )),
        }
        for note in &decided.restored.notes {
            say(&format!("  Mind: {note}"));
        }
        let refused = decided.restored.refused.len();
        let why = if refused > 0 { " (problems.csv says why)" } else { "" };
        let later = match additions.held_back.len() {
            0 => String::new(),
            n => format!(", {} held back for a later day (problems.csv says who)", figure(n)),
        };
        say(&format!(
            "{} taken, {} not taken{why}; {} in the list for the 106{later}.",
            count(decided.restored.review.decided(), "decision"),
            figure(refused),
            count(additions.patients.len(), "patient")
        ));
    }
    if let Some(folder) = saved.files.first().and_then(|f| f.parent()) {
        say(&format!("Saved {} in {}.", count(saved.files.len(), "file"), folder.display()));
    }
    if !saved.removed.is_empty() {
        let place = saved.moved_to.as_deref().map_or_else(String::new, file_name);
        say(&format!("Moved to {place}, since an earlier run had saved them there: {}.", saved.removed.join(", ")));
    }
    for left in &saved.left {
        complain(&format!("{} is of an earlier run and could not be deleted. Delete it.", left.display()));
    }
}
