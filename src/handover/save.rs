//! Saving all files or none, and nothing over what is there.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use super::outputs::OutFile;
use super::summary::outputs_in;
use crate::sharing;

/// Why nothing was saved.
#[derive(Debug, Error)]
pub enum SaveError {
    /// A file of that name is there.
    #[error("Nothing was saved: {} is already in that folder. Choose an empty folder.", .0.display())]
    Exists(PathBuf),
    /// An output would replace an export that is open.
    #[error("Nothing was saved: {} is one of the files that were opened. Choose another folder.", .0.display())]
    IsSource(PathBuf),
    /// The folder cannot be used.
    #[error("Nothing was saved: the folder {} cannot be used ({reason}). Choose another folder.", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// Writing failed; what was written is removed again.
    #[error("Nothing was saved: {} could not be written ({reason}). Check that the disk is not full and that you may write there, or choose another folder.", .file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        reason: String,
    },
}

/// Saves files into a folder, which is made if it is not there: first each into
/// a temporary file beside its place, then all are given their names. If
/// anything fails, everything is as it was.
///
/// `sources` are never replaced, even by `force`.
///
/// # Errors
/// Where nothing was saved, and why.
pub fn save(folder: &Path, files: &[OutFile<'_>], sources: &[PathBuf], force: bool) -> Result<Saved, SaveError> {
    let folder_error = |e: std::io::Error| SaveError::Folder { folder: folder.to_owned(), reason: e.to_string() };
    let made = first_missing(folder);
    fs::create_dir_all(folder).map_err(folder_error)?;
    let result = stage_and_name(folder, files, sources, force);
    if result.is_err()
        && let Some(made) = made
    {
        // Only folders that we made and that are still empty.
        remove_empty(folder, &made);
    }
    result
}

fn stage_and_name(folder: &Path, files: &[OutFile<'_>], sources: &[PathBuf], force: bool) -> Result<Saved, SaveError> {
    let source_paths: Vec<PathBuf> = sources.iter().filter_map(|s| fs::canonicalize(s).ok()).collect();
    for file in files {
        let place = folder.join(&file.name);
        if fs::canonicalize(&place).is_ok_and(|p| source_paths.contains(&p)) {
            return Err(SaveError::IsSource(place));
        }
        if !force && fs::symlink_metadata(&place).is_ok() {
            return Err(SaveError::Exists(place));
        }
    }
    // All are written, so that a failure is that of the first of them, whichever failed first.
    let staged = sharing::map("saving", files.iter().collect(), |file| stage(folder, file));
    let staged: Vec<NamedTempFile> = staged.into_iter().collect::<Result<_, _>>()?;
    let mut named = Named::default();
    let mut removed = Vec::new();
    if force {
        // Files of an earlier run would stand beside the new ones, with patients in them who
        // are decided otherwise by now.
        for name in stale(folder, files, &source_paths) {
            named.set_aside(folder, &folder.join(&name))?;
            removed.push(name);
        }
    }
    for (file, temporary) in files.iter().zip(staged) {
        let place = folder.join(&file.name);
        if force && place.exists() {
            named.set_aside(folder, &place)?;
        }
        match temporary.persist_noclobber(&place) {
            Ok(_) => named.placed.push(place),
            Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => return Err(SaveError::Exists(place)),
            Err(e) => return Err(SaveError::Write { file: place, reason: e.error.to_string() }),
        }
    }
    let moved_to = if removed.is_empty() { None } else { free_folder(folder) };
    let (files, left) = named.keep(&removed, moved_to.as_deref());
    Ok(Saved { files, removed, moved_to, left })
}

/// What came of saving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Files of an earlier run that would have stood beside the new ones.
    pub removed: Vec<String>,
    /// Where these are now.
    pub moved_to: Option<PathBuf>,
    /// What was replaced or removed and could not be deleted, under the name that it has now.
    pub left: Vec<PathBuf>,
}

/// Files of an earlier run in the folder that are not among the new ones: what its summary says
/// was saved, and lists for the bulk step, by the form of their names. A user's own file is
/// neither.
fn stale(folder: &Path, files: &[OutFile<'_>], sources: &[PathBuf]) -> Vec<String> {
    let mut names = fs::read(folder.join("summary.json")).map_or_else(|_| Vec::new(), |json| outputs_in(&json));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    // Without that, a list is known by the form of its name.
    if names.is_empty() {
        names.extend(entries.filter_map(|e| e.file_name().into_string().ok()).filter(|name| is_list(name)));
    }
    names.sort_unstable();
    names.dedup();
    let is_file = |name: &String| {
        let place = folder.join(name);
        let is_plain = Path::new(name).file_name().is_some_and(|own| own == name.as_str());
        is_plain
            && fs::symlink_metadata(&place).is_ok_and(|m| m.is_file())
            && fs::canonicalize(&place).is_ok_and(|p| !sources.contains(&p))
    };
    names.retain(|name| files.iter().all(|f| f.name != *name) && is_file(name));
    names
}

/// A new folder for what an earlier run had saved.
fn free_folder(folder: &Path) -> Option<PathBuf> {
    let names = std::iter::once("earlier".to_owned()).chain((2..1_000).map(|number| format!("earlier-{number}")));
    names.map(|name| folder.join(name)).find(|place| fs::create_dir(place).is_ok())
}

/// Whether a name has the form of a list for the bulk step.
fn is_list(name: &str) -> bool {
    let of = |stem: &str, ending: &str| name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(ending));
    let rest = of("add-106-emis", ".txt").or_else(|| of("add-106-systmone", ".csv"));
    let is_ours = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('-') && rest.chars().all(is_ours)))
}

fn stage(folder: &Path, file: &OutFile<'_>) -> Result<NamedTempFile, SaveError> {
    let write_error = |e: std::io::Error| SaveError::Write { file: folder.join(&file.name), reason: e.to_string() };
    let temporary = tempfile::Builder::new().prefix(".saving-").tempfile_in(folder).map_err(write_error)?;
    let mut out = BufWriter::with_capacity(1 << 20, temporary);
    file.write_to(&mut out).map_err(write_error)?;
    out.flush().map_err(write_error)?;
    let temporary = out.into_inner().map_err(|e| write_error(e.into_error()))?;
    temporary.as_file().sync_all().map_err(write_error)?;
    // It stays as a temporary file is, for its owner only: it holds patient data.
    Ok(temporary)
}

/// What was done so far; undone when dropped without [`Named::keep`].
#[derive(Default)]
struct Named {
    placed: Vec<PathBuf>,
    aside: Vec<(PathBuf, PathBuf)>,
    kept: bool,
}

impl Named {
    fn set_aside(&mut self, folder: &Path, place: &Path) -> Result<(), SaveError> {
        let error = |e: std::io::Error| SaveError::Write { file: place.to_owned(), reason: e.to_string() };
        let hold = tempfile::Builder::new().prefix(".replaced-").tempfile_in(folder).map_err(error)?;
        let hold = hold.into_temp_path().keep().map_err(|e| error(e.error))?;
        fs::rename(place, &hold).map_err(|e| {
            let _ = fs::remove_file(&hold);
            error(e)
        })?;
        self.aside.push((place.to_owned(), hold));
        Ok(())
    }

    /// Ends it; gives the files, and what could not be deleted of those that were replaced.
    /// What was in the way and is not replaced goes into a folder of its own.
    fn keep(mut self, removed: &[String], earlier: Option<&Path>) -> (Vec<PathBuf>, Vec<PathBuf>) {
        self.kept = true;
        let gone = |(place, hold): &(PathBuf, PathBuf)| {
            let name =
                place.file_name().and_then(|name| name.to_str()).filter(|name| removed.iter().any(|r| r == name));
            match name.zip(earlier) {
                Some((name, earlier)) => fs::rename(hold, earlier.join(name)),
                None => fs::remove_file(hold),
            }
        };
        let held = std::mem::take(&mut self.aside).into_iter();
        let left = held.filter(|held| gone(held).is_err()).map(|(_, hold)| hold).collect();
        (std::mem::take(&mut self.placed), left)
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        for place in &self.placed {
            let _ = fs::remove_file(place);
        }
        for (place, hold) in &self.aside {
            let _ = fs::rename(hold, place);
        }
    }
}

/// The outermost folder of the path that is not there yet.
fn first_missing(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).last().map(Path::to_owned)
}

fn remove_empty(folder: &Path, made: &Path) {
    for inner in folder.ancestors().take_while(|p| p.starts_with(made)) {
        if fs::remove_dir(inner).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handover::outputs::Content;

    fn file(name: &str, text: &str) -> OutFile<'static> {
        OutFile { name: name.to_owned(), content: Content::Bytes(text.as_bytes().to_vec()) }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn saves_all_or_none() {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("new/folder");
        save(&out, &[file("a.csv", "1"), file("b.csv", "2")], &[], false).expect("saved");
        assert_eq!(names(&out), ["a.csv", "b.csv"]);
        let again = save(&out, &[file("c.csv", "3"), file("b.csv", "4")], &[], false);
        assert!(matches!(again, Err(SaveError::Exists(_))));
        assert_eq!(names(&out), ["a.csv", "b.csv"]);
        assert_eq!(fs::read_to_string(out.join("b.csv")).expect("text"), "2");
    }

    #[test]
    fn a_failure_half_way_leaves_nothing_and_restores_what_was_there() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a.csv"), "old").expect("written");
        // A folder stands where the second file should go: it cannot be set aside
        // as a file and the name cannot be taken.
        fs::create_dir_all(dir.path().join("b.csv/inner")).expect("made");
        let result = save(dir.path(), &[file("a.csv", "new"), file("b.csv/inner", "x")], &[], true);
        assert!(result.is_err());
        assert_eq!(fs::read_to_string(dir.path().join("a.csv")).expect("text"), "old");
        assert_eq!(names(dir.path()), ["a.csv", "b.csv"]);
    }

    #[test]
    fn the_source_is_never_replaced_even_by_force() {
        let dir = tempfile::tempdir().expect("a folder");
        let source = dir.path().join("a.csv");
        fs::write(&source, "source").expect("written");
        let result = save(dir.path(), &[file("a.csv", "x")], std::slice::from_ref(&source), true);
        assert!(matches!(result, Err(SaveError::IsSource(_))));
        assert_eq!(fs::read_to_string(&source).expect("text"), "source");
    }

    #[test]
    fn force_replaces_and_leaves_no_rest() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a.csv"), "old").expect("written");
        save(dir.path(), &[file("a.csv", "new")], &[], true).expect("saved");
        assert_eq!(fs::read_to_string(dir.path().join("a.csv")).expect("text"), "new");
        assert_eq!(names(dir.path()), ["a.csv"]);
    }

    #[test]
    fn lists_of_an_earlier_run_do_not_stay_beside_the_new_ones() {
        let dir = tempfile::tempdir().expect("a folder");
        let all = file("add-106-emis.txt", "1\r\n2\r\n");
        save(dir.path(), &[all, file("a.csv", "1")], &[], false).expect("saved");
        let own = ["add-107.txt", "add-106-emis done by Pat.txt", "add-106-emis-done.xlsx", "old-corrected.csv"];
        for name in own {
            fs::write(dir.path().join(name), "mine").expect("written");
        }
        let parts = [file("add-106-emis-1-of-2.txt", "1\r\n"), file("add-106-emis-2-of-2.txt", "2\r\n")];
        let saved = save(dir.path(), &parts, &[], true).expect("saved");
        assert_eq!(saved.removed, ["add-106-emis.txt"]);
        fs::remove_dir_all(saved.moved_to.expect("a folder")).expect("removed");
        let expected = [["a.csv", "add-106-emis-1-of-2.txt", "add-106-emis-2-of-2.txt"].as_slice(), &own].concat();
        assert!(expected.iter().all(|name| dir.path().join(name).exists()), "{:?}", names(dir.path()));
        assert_eq!(names(dir.path()).len(), expected.len());
    }

    #[test]
    fn what_an_earlier_run_saved_does_not_stay_beside_the_new_files() {
        let dir = tempfile::tempdir().expect("a folder");
        let summary =
            r#"{"share_blocked_of_eligible": 0.5, "outputs": ["keep-104.csv", "a-corrected.csv", "../b", "x/y"]}"#;
        let earlier = [file("keep-104.csv", "1"), file("a-corrected.csv", "2"), file("summary.json", summary)];
        save(&dir.path().join("out"), &earlier, &[], false).expect("saved");
        fs::write(dir.path().join("b"), "mine").expect("written");
        fs::write(dir.path().join("out/own-corrected.csv"), "mine").expect("written");
        let saved = save(&dir.path().join("out"), &[file("summary.json", "{}")], &[], true).expect("saved");
        assert_eq!(saved.removed, ["a-corrected.csv", "keep-104.csv"]);
        let out = dir.path().join("out");
        assert_eq!(names(&out), ["earlier", "own-corrected.csv", "summary.json"]);
        assert_eq!(names(&out.join("earlier")), ["a-corrected.csv", "keep-104.csv"]);
        assert!(dir.path().join("b").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("file"), "x").expect("written");
        let result = save(&dir.path().join("file/below"), &[file("a.csv", "1")], &[], false);
        assert!(matches!(result, Err(SaveError::Folder { .. })));
    }
}
