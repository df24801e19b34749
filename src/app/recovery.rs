//! The recovery journal on disk: begun with the first decision that is not saved, appended
//! to with every step, removed when the review is saved.

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::case::Case;
use crate::platform::files::{self, FileError};
use crate::platform::random;
use crate::review::{Journal, Key, Restored, Review, ReviewFile, Reviewer, SavedEvent, read_journal, save_events};

/// Where journals are, and the one that is being written.
#[derive(Default)]
pub struct Recovery {
    folder: Option<PathBuf>,
    open: Mutex<Open>,
}

/// The journal that is being written.
#[derive(Default)]
struct Open {
    /// Which review it is of: what belongs to an earlier one comes too late.
    review: u64,
    /// Events of that review that are in a file, in the journal or in a saved review.
    written: usize,
    file: Option<Writing>,
}

struct Writing {
    path: PathBuf,
    file: File,
    journal: Journal,
}

/// A review that was not saved when the program ended.
#[derive(Debug)]
pub struct Recovered {
    /// What it comes to on the files that are open.
    pub restored: Restored,
    /// When the last step was made.
    pub last: NaiveDateTime,
    /// By whom.
    pub by: String,
}

/// What was found beside an export that was opened.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// Decisions that were not saved.
    Decisions(Box<Recovered>),
    /// Another window of this program is writing it.
    InUse,
    /// A journal that cannot be read, and why.
    Unreadable(String),
}

/// What is sealed as one record.
#[derive(Serialize, Deserialize)]
enum Record {
    /// Where the journal begins.
    Review(Box<ReviewFile>),
    /// What happened after that.
    Events(Vec<SavedEvent>),
}

impl Recovery {
    /// With journals in a folder; nowhere if there is none.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, open: Mutex::default() }
    }

    /// Writes what happened since the last time. Called with every change of the review, in
    /// any order: what is written already is not written again. `number` tells reviews
    /// apart.
    ///
    /// # Errors
    /// A sentence on why it could not be written.
    pub fn keep(&self, case: &Case, review: &Review, number: u64, now: NaiveDateTime) -> Result<(), String> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let steps = review.history().len();
        if number < open.review || (number == open.review && steps <= open.written) {
            return Ok(());
        }
        let is_same = number == open.review;
        let from = if is_same { open.written } else { 0 };
        let written = match &mut open.file {
            Some(writing) if is_same => {
                let events = save_events(&case.cohort, review, from);
                append(writing, &Record::Events(events)).map(|()| None)
            }
            // One of another review stays on disk until this one has its own.
            other => {
                let place = folder.join(case.key().file_name());
                if other.as_ref().is_some_and(|old| old.path == place) {
                    // Ours, and about to be replaced: its lock would keep us out.
                    *other = None;
                }
                begin(folder, case, review, now).map(Some)
            }
        };
        (open.review, open.written) = (number, from);
        match written {
            Ok(None) => {}
            Ok(Some(begun)) => {
                let place = begun.path.clone();
                if let Some(old) = open.file.replace(begun).filter(|old| old.path != place) {
                    Self::remove(old);
                }
            }
            Err(why) => {
                // What is there may end in the middle: the next step begins anew.
                open.file = None;
                return Err(why);
            }
        }
        open.written = steps;
        Ok(())
    }

    /// The review was saved, with so many events: its journal is not needed any more.
    pub fn saved(&self, number: u64, steps: usize) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if number < open.review || (number == open.review && steps < open.written) {
            return;
        }
        open.review = number;
        open.written = steps;
        if let Some(writing) = open.file.take() {
            Self::remove(writing);
        }
    }

    /// The decisions of a review are given up, whatever comes of it later.
    pub fn given_up(&self, number: u64) {
        self.saved(number, usize::MAX);
    }

    /// Looks for decisions that were not saved, of the files that were opened.
    #[must_use]
    pub fn find(&self, case: &Case, by: &Reviewer, now: NaiveDateTime) -> Found {
        let Some(folder) = &self.folder else { return Found::Nothing };
        let key = case.key();
        let path = folder.join(key.file_name());
        // One that this window is writing is of decisions that are given up.
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.file.as_ref().is_some_and(|writing| writing.path == path) {
            return Found::Nothing;
        }
        drop(open);
        let bytes = match locked(&path) {
            Ok(()) => files::read(&path, |_| true),
            Err(error) => Err(error),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(FileError::Missing) => return Found::Nothing,
            Err(FileError::Locked) => return Found::InUse,
            Err(other) => return Found::Unreadable(other.to_string()),
        };
        match recovered(&key, &bytes) {
            Ok((file, last, who)) => match case.restore(&file, "Recovered after the program had ended", by, now) {
                Ok(restored) => Found::Decisions(Box::new(Recovered { restored, last, by: who })),
                Err(error) => Found::Unreadable(error.to_string()),
            },
            Err(why) => Found::Unreadable(why),
        }
    }

    fn remove(Writing { path, file, .. }: Writing) {
        // Windows removes no file that is open.
        drop(file);
        if let Err(error) = std::fs::remove_file(path) {
            log::warn!("the recovery journal could not be removed: {error}");
        }
    }
}

/// The state after the last event that was written whole, when that was, and whose.
fn recovered(key: &Key, bytes: &[u8]) -> Result<(ReviewFile, NaiveDateTime, String), String> {
    let damaged = || "The recovery journal holds something that cannot be read.".to_owned();
    let mut records = read_journal(key, bytes).map_err(|e| e.to_string())?.into_iter();
    let first = records.next().and_then(|record| serde_json::from_slice(&record).ok());
    let Some(Record::Review(mut file)) = first else { return Err(damaged()) };
    for record in records {
        let Ok(Record::Events(mut events)) = serde_json::from_slice(&record) else { break };
        let last = file.events.last().map_or_else(String::new, |e| e.hash.clone());
        crate::review::chained(&mut events, &last);
        file.replay(events);
    }
    let last = file.events.last().ok_or_else(damaged)?;
    let (at, by) = (last.at, last.by.name.clone());
    Ok((*file, at, by))
}

fn begin(folder: &Path, case: &Case, review: &Review, now: NaiveDateTime) -> Result<Writing, String> {
    let why = |e: std::io::Error| FileError::from(e).to_string();
    let salt = random::bytes().ok_or("This computer gives no random numbers.")?;
    let key = case.key();
    let mut journal = Journal::new(&key, salt);
    let record = sealed(&mut journal, &Record::Review(Box::new(case.review_file(review, now))))?;
    std::fs::create_dir_all(folder).map_err(why)?;
    let path = folder.join(key.file_name());
    // Another window may be writing one for the same export.
    match locked(&path) {
        Ok(()) | Err(FileError::Missing) => {}
        Err(FileError::Locked) => {
            return Err("Another window of this program keeps decisions on this export.".to_owned());
        }
        Err(other) => return Err(other.to_string()),
    }
    // It has its name only when it holds something: what was there stays until then.
    let mut temporary = tempfile::Builder::new().prefix(".begun-").tempfile_in(folder).map_err(why)?;
    temporary.write_all(&journal.head()).map_err(why)?;
    temporary.write_all(&record).map_err(why)?;
    temporary.as_file().sync_all().map_err(why)?;
    let file = temporary.persist(&path).map_err(|e| why(e.error))?;
    // Held as long as it is written to; a second window finds it so.
    if let Err(TryLockError::Error(error)) = file.try_lock() {
        log::warn!("the recovery journal could not be locked: {error}");
    }
    Ok(Writing { path, file, journal })
}

fn append(writing: &mut Writing, record: &Record) -> Result<(), String> {
    let bytes = sealed(&mut writing.journal, record)?;
    let why = |e: std::io::Error| FileError::from(e).to_string();
    writing.file.write_all(&bytes).map_err(why)?;
    writing.file.sync_data().map_err(why)
}

fn sealed(journal: &mut Journal, record: &Record) -> Result<Vec<u8>, String> {
    Ok(journal.seal(&serde_json::to_vec(record).map_err(|e| e.to_string())?))
}

/// Whether nobody else writes a file.
fn locked(path: &Path) -> Result<(), FileError> {
    let file = File::open(path)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(FileError::Locked),
        // Some network drives know no locks.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}
