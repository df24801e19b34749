//! A case: the files that are open, and everything that follows from them before
//! anybody decides. The window and `--report` both open cases here.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::cohort::{self, Cohort, Inputs};
use crate::domain::Day;
use crate::extract::{self, Extract, Progress, ReadError, ReadOptions, Source, System};
use crate::findings::{self, Findings, Thresholds};
use crate::handover::Timings;
use crate::platform::clock::Stopwatch;
use crate::platform::files::{self, FileError};
use crate::review::SourceStamp;
use crate::sample::{self, Recipe};

/// Where exports come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Files of the user's.
    Files(Vec<PathBuf>),
    /// The made-up practice.
    Sample(System),
}

/// How to open a case.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The day on which ages and statuses are counted.
    pub today: Day,
    /// The system, where the user says so.
    pub system: Option<System>,
    /// Thresholds of the findings.
    pub thresholds: Thresholds,
}

/// Open files, and what follows from them.
pub struct Case {
    /// Where the files are; empty for the made-up practice.
    pub paths: Vec<PathBuf>,
    /// The files.
    pub files: Vec<Extract>,
    /// The people in them.
    pub cohort: Cohort,
    /// What was found.
    pub findings: Findings,
    /// How long it took.
    pub timings: Timings,
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
        /// Why.
        why: ReadError,
    },
    /// The same file was given twice.
    #[error("{name}: The file is given twice. Open each export once.")]
    Twice {
        /// The file, without its folder.
        name: String,
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
pub fn open(origin: &Origin, settings: Settings, progress: &Progress) -> Result<Case, OpenError> {
    let watch = Stopwatch::start();
    let (paths, loaded) = load(origin, progress)?;
    let mut files: Vec<Extract> = Vec::with_capacity(loaded.len());
    for (name, bytes, file_date) in loaded {
        let options = ReadOptions { today: settings.today, system: settings.system, file_date };
        let read = Source::new(name.clone(), bytes).and_then(|source| extract::read(source, options, progress));
        let extract = read.map_err(|why| OpenError::Read { name: name.clone(), why })?;
        if files.iter().any(|f| f.source.hash() == extract.source.hash()) {
            return Err(OpenError::Twice { name });
        }
        files.push(extract);
    }
    let read = watch.milliseconds();
    let watch = Stopwatch::start();
    let cohort = cohort::build(Inputs { files: &files, today: settings.today });
    let joined = watch.milliseconds();
    let watch = Stopwatch::start();
    let findings = findings::find(&cohort, settings.thresholds);
    let timings = Timings { read, cohort: joined, findings: watch.milliseconds() };
    Ok(Case { paths, files, cohort, findings, timings })
}

/// Paths, and for each file its name, its bytes and the day it was last written.
type Loaded = (Vec<PathBuf>, Vec<(String, Vec<u8>, Option<Day>)>);

fn load(origin: &Origin, progress: &Progress) -> Result<Loaded, OpenError> {
    match origin {
        Origin::Sample(system) => {
            let sample = sample::make(Recipe::built_in(*system));
            progress.announce(sample.bytes.len() as u64);
            Ok((Vec::new(), vec![(sample.name.to_owned(), sample.bytes, None)]))
        }
        Origin::Files(paths) if paths.is_empty() => Err(OpenError::Nothing),
        Origin::Files(paths) => {
            for path in paths {
                // Once for bringing the bytes in, once for reading them.
                progress.announce(std::fs::metadata(path).map_or(0, |m| m.len() * 2));
            }
            let mut loaded = Vec::with_capacity(paths.len());
            for path in paths {
                let name = file_name(path);
                match files::read(path, |n| progress.advance(n)) {
                    Ok(Some(bytes)) => loaded.push((name, bytes, files::written_on(path).map(Day::from))),
                    Ok(None) => return Err(OpenError::Read { name, why: ReadError::Cancelled }),
                    Err(why) => return Err(OpenError::File { name, why }),
                }
            }
            Ok((paths.clone(), loaded))
        }
    }
}

impl Case {
    /// The files' names and hashes, for a saved review.
    #[must_use]
    pub fn stamps(&self) -> Vec<SourceStamp> {
        self.files
            .iter()
            .map(|f| SourceStamp { name: f.source.name().to_owned(), blake3: f.source.hash().to_hex().to_string() })
            .collect()
    }

    /// Finds again, with other thresholds.
    pub fn find_again(&mut self, thresholds: Thresholds) {
        self.findings = findings::find(&self.cohort, thresholds);
    }
}
