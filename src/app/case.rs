//! A case: the files that are open, and everything that follows from them before
//! anybody decides. The window and `--report` both open cases here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDateTime;
use thiserror::Error;

use crate::cohort::{self, CodeEvent, Cohort, EventState};
use crate::domain::Day;
use crate::domain::code::Alias;
use crate::domain::wording::{count, figure};
use crate::extract::{
    self, Extract, KnownMapping, Mapping, Preview, ProblemKind, Progress, Purpose, ReadError, ReadOptions, Source,
    System,
};
use crate::findings::{self, Findings, Thresholds};
use crate::handover::Timings;
use crate::platform::clock::Stopwatch;
use crate::platform::files::{self, FileError};
use crate::review::{self, Decisions, Key, Restored, Review, ReviewFile, ReviewFileError, Reviewer, SourceStamp};
use crate::sample::{self, Recipe};

/// Why a file of decisions could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReviewOpenError {
    /// Not readable from disk.
    #[error(transparent)]
    File(#[from] FileError),
    /// Neither a review nor a list of decisions, or of another practice.
    #[error(transparent)]
    Review(#[from] ReviewFileError),
}

/// A list of decisions as the record names it: by its name and the beginning of its hash.
fn list_name(path: &Path, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    format!("{} (BLAKE3 {}…)", file_name(path), hash.get(..16).unwrap_or_default())
}

/// Where exports come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Files of the user's.
    Files(Vec<GivenFile>),
    /// The made-up practice.
    Sample(System),
}

impl Origin {
    /// Exports.
    #[must_use]
    pub fn exports(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self::Files(paths.into_iter().map(GivenFile::from).collect())
    }

    /// The same with further files.
    #[must_use]
    pub fn with(&self, paths: impl IntoIterator<Item = PathBuf>, purpose: Purpose) -> Self {
        let mut files = match self {
            Self::Files(files) => files.clone(),
            Self::Sample(_) => Vec::new(),
        };
        files.extend(paths.into_iter().map(|path| GivenFile { path, purpose }));
        Self::Files(files)
    }
}

/// A file of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is for.
    pub purpose: Purpose,
}

impl<P: Into<PathBuf>> From<P> for GivenFile {
    fn from(path: P) -> Self {
        Self { path: path.into(), purpose: Purpose::Export }
    }
}

/// How to open a case.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The day on which ages and statuses are counted.
    pub today: Day,
    /// The system, where the user says so.
    pub system: Option<System>,
    /// Thresholds of the findings.
    pub thresholds: Thresholds,
    /// What the practice's own codes mean.
    pub aliases: Vec<Alias>,
    /// Which column is what, where the user says so.
    pub mapping: Vec<Mapping>,
    /// Mappings that were given before, by header.
    pub known: Vec<KnownMapping>,
    /// The user said that columns that can only be month first are.
    pub month_first: bool,
    /// Files of up to so many bytes are kept in memory; larger ones are read again
    /// where they are needed.
    pub in_memory: u64,
}

/// In the window, cells are looked at in any order: up to so many bytes are kept.
pub const IN_MEMORY_WINDOW: u64 = 3 << 30;

/// Days after which an export is old: codes have been added since (ours).
const OLD_EXPORT: i32 = 14;
/// So few patients who are not on the registered list need no remark; nor does a smaller share
/// than one in so many: that is what leaves between two exports (ours).
const FEW_LEAVERS: usize = 10;
/// So few codes without a date need no remark; nor does a smaller share than one in so many (ours).
const FEW_UNDATED: usize = 10;
/// See [`FEW_UNDATED`].
const ONE_IN_UNDATED: usize = 20;
/// See [`FEW_LEAVERS`].
const ONE_IN_LEFT: usize = 20;

/// Without a window, next to nothing is looked at again.
pub const IN_MEMORY_REPORT: u64 = 24 << 20;

impl Settings {
    /// On a day, with nothing else said.
    #[must_use]
    pub fn on(today: Day) -> Self {
        Self {
            today,
            system: None,
            thresholds: Thresholds::default(),
            aliases: Vec::new(),
            mapping: Vec::new(),
            known: Vec::new(),
            month_first: false,
            in_memory: IN_MEMORY_WINDOW,
        }
    }
}

/// Open files, and what follows from them.
pub struct Case {
    /// Where the files are; empty for the made-up practice.
    pub paths: Vec<PathBuf>,
    /// The files.
    pub files: Arc<Vec<Extract>>,
    /// The people in them.
    pub cohort: Arc<Cohort>,
    /// Where all that came from.
    pub origin: Origin,
    /// Its columns that can only be month first were read so.
    pub month_first: bool,
    /// What was found.
    pub findings: Findings,
    /// How long it took.
    pub timings: Timings,
}

impl Case {
    /// What makes the figures as a whole other than they should be; each said once.
    #[must_use]
    pub fn warnings(&self) -> Vec<(ProblemKind, &'static str)> {
        let all = self.cohort.problems.iter().filter_map(|(_, p)| p.kind.warning().map(|said| (p.kind, said)));
        let mut warnings: Vec<_> = all.collect();
        warnings.sort_unstable_by_key(|(kind, _)| *kind);
        warnings.dedup();
        warnings
    }

    /// What makes shares of the list other than they should be: nobody without a code is in
    /// the files.
    #[must_use]
    pub fn list_is_unknown(&self) -> Option<&'static str> {
        let has_list = self.files.iter().any(|f| f.purpose == Purpose::Registered);
        (self.cohort.holds_only_coded() && !has_list).then_some(
            "Everybody in this export has one of the codes. Shares are of these patients, and not of your whole list: add the list of registered patients, or export everybody, to see the true shares.",
        )
    }

    /// What makes all figures other than they should be: they are counted on a day on which the
    /// export had not been made yet, or long after it was made, or another list says that many
    /// have left.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let today = self.cohort.today;
        let exports = || self.files.iter().filter(|f| f.purpose == Purpose::Export);
        let made = self.files.iter().filter_map(|f| f.layout.run_date).map(|(day, _)| day).max();
        let mut remarks = Vec::new();
        if made > Some(today) {
            remarks.push("The export was made after the day on which everything is counted: codes after that day are passed over. Check the date of this computer, or the day that was given.".to_owned());
        }
        // Overlapping searches are as new as the newest of them.
        if let Some(newest) = exports().filter_map(|f| f.layout.made_on()).max()
            && today.days_since(newest) > OLD_EXPORT
        {
            remarks.push(format!(
                "The export is of {}, {} ago. Whoever was given a code since is not known: export again before a list is used.",
                newest.prose(),
                count(usize::try_from(today.days_since(newest)).unwrap_or(0), "day")
            ));
        }
        let is_undated = |e: &&CodeEvent| e.state == EventState::Undated;
        let undated = self.cohort.events.iter().filter(is_undated).count();
        if undated >= FEW_UNDATED && undated * ONE_IN_UNDATED > self.cohort.events.len() {
            remarks.push(format!(
                "{} of {} have no date that can be read, and count for nothing: the figures are too low. Export again without opening the file in a spreadsheet, or say which column holds the date.",
                figure(undated),
                count(self.cohort.events.len(), "code")
            ));
        }
        let not_listed = self.cohort.problems.iter().filter(|(_, p)| p.kind == ProblemKind::NotRegistered).count();
        let patients = self.cohort.counts.patients;
        if not_listed >= FEW_LEAVERS && not_listed * ONE_IN_LEFT > patients {
            remarks.push(format!(
                "{} of {} are not on the registered list and were counted as having left. Check that the list is as new as the export.",
                figure(not_listed),
                count(patients, "patient")
            ));
        }
        remarks
    }

    /// How many rows of a list beside the exports joined nobody.
    #[must_use]
    pub fn not_joined(&self, file: u16) -> usize {
        let lost = [ProblemKind::NotJoined, ProblemKind::RegisterRowNotUnderstood];
        self.cohort.problems.iter().filter(|(of, p)| *of == file && lost.contains(&p.kind)).count()
    }
}

/// Why a case could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// A file could not be read from disk.
    #[error("{name}: {why}")]
    File {
        /// The file, without its folder.
        name: String,
        /// Why.
        why: FileError,
    },
    /// A file is not a patient export.
    #[error("{name}: {why}")]
    Read {
        /// The file, without its folder.
        name: String,
        /// The file; never shown.
        path: PathBuf,
        /// Why.
        why: ReadError,
    },
    /// The same file was given twice.
    #[error("{name}: The file is given twice. Open each export once.")]
    Twice {
        /// The file, without its folder.
        name: String,
    },
    /// Exports of two systems at once.
    #[error(
        "{emis} is of EMIS Web, and {systmone} of SystmOne. A list for the bulk step is of one system: open the exports of each by themselves. Where the program takes one for the other, open each by itself, or say which without a window (--system)."
    )]
    TwoSystems {
        /// One file, without its folder.
        emis: String,
        /// The other.
        systmone: String,
    },
    /// No file at all.
    #[error("No file was given. Name the export to open.")]
    Nothing,
}

/// A file's name without its folder: a path may hold the name of a person, and a
/// name is enough to tell files apart.
#[must_use]
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// Reads files, joins them into people, and finds.
///
/// # Errors
/// The first file that cannot be read, and why.
pub fn open(origin: &Origin, settings: &Settings, progress: &Progress) -> Result<Case, OpenError> {
    let watch = Stopwatch::start();
    let mut files: Vec<Extract> = Vec::new();
    let mut paths = Vec::new();
    match origin {
        Origin::Sample(system) => {
            let sample = sample::make(Recipe::built_in(*system));
            progress.announce(sample.bytes.len() as u64);
            let options = options(settings, Purpose::Export, None);
            let name = sample.name.to_owned();
            let read = Source::new(name.clone(), sample.bytes).and_then(|s| extract::read(s, &options, progress));
            files.push(read.map_err(|why| OpenError::Read { path: PathBuf::from(&name), name, why })?);
        }
        Origin::Files(given) => {
            if !given.iter().any(|f| f.purpose == Purpose::Export) {
                return Err(OpenError::Nothing);
            }
            for GivenFile { path, .. } in given {
                let size = std::fs::metadata(path).map_or(0, |m| m.len());
                // Once for bringing the bytes in, where they are kept, and once for
                // reading them.
                progress.announce(if size > settings.in_memory { size } else { size * 2 });
            }
            for file in given {
                let extract = read_file(file, settings, progress)?;
                if files.iter().any(|f| f.source.hash() == extract.source.hash() && f.purpose == extract.purpose) {
                    return Err(OpenError::Twice { name: file_name(&file.path) });
                }
                files.push(extract);
                paths.push(file.path.clone());
            }
        }
    }
    let of = |system| {
        let mut exports = files.iter().filter(|f| f.purpose == Purpose::Export);
        exports.find(|f| f.layout.system == system && f.layout.is_system_clear).map(|f| f.source.name().to_owned())
    };
    if let (Some(emis), Some(systmone)) = (of(System::Emis), of(System::SystmOne)) {
        return Err(OpenError::TwoSystems { emis, systmone });
    }
    let read = watch.milliseconds();
    let watch = Stopwatch::start();
    let cohort = cohort::build(&mut files, settings.today);
    let joined = watch.milliseconds();
    let watch = Stopwatch::start();
    let findings = findings::find(&cohort, settings.thresholds);
    let timings = Timings { read, cohort: joined, findings: watch.milliseconds() };
    Ok(Case {
        paths,
        files: Arc::new(files),
        cohort: Arc::new(cohort),
        origin: origin.clone(),
        month_first: settings.month_first,
        findings,
        timings,
    })
}

fn options(settings: &Settings, purpose: Purpose, file_date: Option<Day>) -> ReadOptions {
    ReadOptions {
        system: settings.system,
        file_date,
        aliases: settings.aliases.clone(),
        mapping: settings.mapping.clone(),
        known: settings.known.clone(),
        month_first: settings.month_first,
        purpose,
        ..ReadOptions::on(settings.today)
    }
}

fn read_file(file: &GivenFile, settings: &Settings, progress: &Progress) -> Result<Extract, OpenError> {
    let (name, path) = (file_name(&file.path), file.path.clone());
    let store = match files::store(&file.path, settings.in_memory, |n| progress.advance(n)) {
        Ok(Some(store)) => store,
        Ok(None) => return Err(OpenError::Read { name, path, why: ReadError::Cancelled }),
        Err(why) => return Err(OpenError::File { name, why }),
    };
    let options = options(settings, file.purpose, files::written_on(&file.path).map(Day::from));
    Source::open(name.clone(), store)
        .and_then(|source| extract::read(source, &options, progress))
        .map_err(|why| OpenError::Read { name, path, why })
}

/// What the first rows of a file look like, for the panel that settles its columns.
///
/// # Errors
/// Where the file cannot be read, or has no header.
pub fn preview(path: &Path, known: Vec<KnownMapping>, today: Day) -> Result<Preview, OpenError> {
    let (name, path) = (file_name(path), path.to_owned());
    let store = match files::store(&path, IN_MEMORY_REPORT, |_| true) {
        Ok(Some(store)) => store,
        Ok(None) => return Err(OpenError::Read { name, path, why: ReadError::Cancelled }),
        Err(why) => return Err(OpenError::File { name, why }),
    };
    Source::open(name.clone(), store)
        .and_then(|source| extract::preview(&source, &ReadOptions { known, ..ReadOptions::on(today) }))
        .map_err(|why| OpenError::Read { name, path, why })
}

impl Case {
    /// The files' names and hashes, for a saved review.
    #[must_use]
    pub fn stamps(&self) -> Vec<SourceStamp> {
        SourceStamp::of(&self.files)
    }

    /// The files' hashes, in their order.
    #[must_use]
    pub fn hashes(&self) -> Vec<String> {
        self.files.iter().map(|f| f.source.hash().to_hex().to_string()).collect()
    }

    /// The key of the recovery journal for these files.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::of(&self.cohort, &self.hashes().into_iter().next().unwrap_or_default())
    }

    /// The review as it would be saved.
    #[must_use]
    pub fn review_file(&self, review: &Review, now: NaiveDateTime) -> ReviewFile {
        ReviewFile::new(&self.cohort, &self.findings, review, self.stamps(), now)
    }

    /// Nothing decided yet.
    #[must_use]
    pub fn new_review(&self, by: &Reviewer, now: NaiveDateTime) -> Review {
        let mut review = Review::new(self.cohort.patients.len());
        let names: Vec<&str> = self.files.iter().map(|f| f.source.name()).collect();
        review.note(format!("Opened {}", names.join(", ")), by, now);
        review
    }

    /// Puts a saved review in force on these files; `why` says how it came.
    ///
    /// # Errors
    /// Where it is of another practice, or was made on a newer export.
    pub fn restore(
        &self,
        file: &ReviewFile,
        why: &str,
        by: &Reviewer,
        now: NaiveDateTime,
    ) -> Result<Restored, ReviewFileError> {
        let hashes = self.hashes();
        let is_same = file.sources.iter().any(|source| hashes.contains(&source.blake3));
        let made_on = file.sources.first().and_then(|source| source.made_on).map(Day::from);
        let is_older = |(export, review): &(Day, Day)| !is_same && export < review;
        if let Some((export, review)) = self.shown_until().zip(made_on).filter(is_older) {
            return Err(ReviewFileError::OlderExport { export, review });
        }
        review::restore(&self.cohort, &self.findings, &self.hashes(), file, (why, by, now))
    }

    /// Puts a file of decisions in force on these files: a saved review, or a list, which is
    /// added to what is decided in `review` already.
    ///
    /// # Errors
    /// Where it cannot be read, is no such file, or is of another practice.
    pub fn open_decisions(
        &self,
        review: &Review,
        path: &Path,
        by: &Reviewer,
        now: NaiveDateTime,
    ) -> Result<Restored, ReviewOpenError> {
        let bytes = files::read(path, |_| true)?.unwrap_or_default();
        match review::read_decisions(&bytes)? {
            Decisions::Review(file) => Ok(self.restore(&file, "Review opened", by, now)?),
            Decisions::List(proposals) => {
                let mut review = review.clone();
                let list = list_name(path, &bytes);
                let refused = review::apply(
                    &self.cohort,
                    &self.findings,
                    &mut review,
                    (&list, proposals),
                    (self.shown_until(), files::written_on(path).map(Day::from)),
                    (by, now),
                );
                review.note_refused(file_name(path), &refused);
                Ok(Restored { review, refused, notes: Vec::new(), replaces: false, is_other: false })
            }
        }
    }

    /// The day up to which every export shows what there was, where each says when it was made.
    /// A list beside them says nothing of codes.
    fn shown_until(&self) -> Option<Day> {
        let exports = self.files.iter().filter(|f| f.purpose == Purpose::Export);
        let made: Option<Vec<Day>> = exports.map(|f| f.layout.run_date.map(|(day, _)| day)).collect();
        made?.into_iter().min()
    }

    /// The same files and people, looked at with other thresholds.
    #[must_use]
    pub fn with_thresholds(&self, thresholds: Thresholds) -> Self {
        let watch = Stopwatch::start();
        let findings = findings::find(&self.cohort, thresholds);
        Self {
            paths: self.paths.clone(),
            files: Arc::clone(&self.files),
            cohort: Arc::clone(&self.cohort),
            origin: self.origin.clone(),
            month_first: self.month_first,
            findings,
            timings: Timings { findings: watch.milliseconds(), ..self.timings },
        }
    }
}
