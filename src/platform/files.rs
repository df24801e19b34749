//! Files on disk: read whole or again in pieces, replaced, and where settings are kept;
//! with a sentence for each way that can fail.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use thiserror::Error;

use crate::extract::{Store, StoreError};

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// It is not there.
    #[error("The file is not there. Check the name, or whether it was moved or renamed, and open it again.")]
    Missing,
    /// A folder.
    #[error("This is a folder, not a file. Open the export inside it.")]
    Folder,
    /// Windows error 5, or permissions.
    #[error("You may not read the file. Ask for access to it, or copy it to a folder of your own.")]
    Denied,
    /// Windows error 32 or 33: another program has it open.
    #[error("Another program has the file open. Close it there (Excel, for example), and open it here again.")]
    Locked,
    /// It changed while it was read.
    #[error("The file changed while it was being read. Wait until it is saved completely, and open it again.")]
    Changed,
    /// Anything else.
    #[error(
        "The file could not be read ({0}). If it is on a network drive, copy it to this computer and open the copy."
    )]
    Other(String),
}

/// Windows: a sharing violation or a lock violation.
const SHARING_VIOLATION: i32 = 32;
const LOCK_VIOLATION: i32 = 33;

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        match (error.kind(), error.raw_os_error()) {
            (_, Some(SHARING_VIOLATION | LOCK_VIOLATION)) if cfg!(windows) => Self::Locked,
            (ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy, _) => Self::Locked,
            (ErrorKind::NotFound, _) => Self::Missing,
            (ErrorKind::PermissionDenied, _) => Self::Denied,
            (ErrorKind::IsADirectory, _) => Self::Folder,
            (kind, _) => Self::Other(kind.to_string()),
        }
    }
}

/// Reads a whole file; `advance` is told how many bytes came in and may stop the
/// reading by saying false.
///
/// # Errors
/// See [`FileError`].
pub fn read(path: &Path, mut advance: impl FnMut(u64) -> bool) -> Result<Option<Vec<u8>>, FileError> {
    let before = fs::metadata(path)?;
    if before.is_dir() {
        return Err(FileError::Folder);
    }
    let mut file = fs::File::open(path)?;
    let size =
        usize::try_from(before.len()).map_err(|_| FileError::Other("it is too large for this computer".to_owned()))?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size + 1).map_err(|_| FileError::Other("there is not enough memory".to_owned()))?;
    loop {
        let read = file.by_ref().take(4 << 20).read_to_end(&mut bytes)?;
        if read == 0 {
            break;
        }
        if !advance(read as u64) {
            return Ok(None);
        }
    }
    let after = fs::metadata(path)?;
    if after.len() != before.len() || after.modified().ok() != before.modified().ok() || bytes.len() != size {
        return Err(FileError::Changed);
    }
    Ok(Some(bytes))
}

/// A file that is not kept in memory: read again where it is needed, and refused if it
/// has changed since it was opened.
pub struct FileStore {
    file: fs::File,
    path: std::path::PathBuf,
    size: u64,
    modified: Option<std::time::SystemTime>,
}

impl FileStore {
    /// Opens a file.
    ///
    /// # Errors
    /// See [`FileError`].
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let file = fs::File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(FileError::Folder);
        }
        Ok(Self { file, path: path.to_owned(), size: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl Store for FileStore {
    fn size(&self) -> u64 {
        self.size
    }

    fn whole(&self) -> Option<&[u8]> {
        None
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), StoreError> {
        use std::os::unix::fs::FileExt as _;
        self.file.read_exact_at(into, offset).map_err(|e| lost(&e))
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut into: &mut [u8]) -> Result<(), StoreError> {
        use std::os::windows::fs::FileExt as _;
        while !into.is_empty() {
            match self.file.seek_read(into, offset) {
                Ok(0) => return Err(StoreError::Changed),
                Ok(read) => {
                    offset += read as u64;
                    into = &mut into[read..];
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(lost(&e)),
            }
        }
        Ok(())
    }

    fn is_unchanged(&self) -> Result<(), StoreError> {
        // By its handle, and by its name: another file may have taken its place.
        let as_opened = |m: &fs::Metadata| m.len() == self.size && m.modified().ok() == self.modified;
        let by_handle = self.file.metadata().map_err(|e| lost(&e))?;
        let by_name = fs::metadata(&self.path).map_err(|e| lost(&e))?;
        if as_opened(&by_handle) && as_opened(&by_name) { Ok(()) } else { Err(StoreError::Changed) }
    }
}

fn lost(error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::UnexpectedEof => StoreError::Changed,
        kind => StoreError::Failed(kind.to_string()),
    }
}

/// A file's bytes: in memory up to a size, and read again where they are needed beyond
/// it. `None` where the reading was stopped.
///
/// # Errors
/// See [`FileError`].
pub fn store(
    path: &Path,
    in_memory: u64,
    advance: impl FnMut(u64) -> bool,
) -> Result<Option<Box<dyn Store>>, FileError> {
    let large = fs::metadata(path)?.len() > in_memory;
    if large {
        return Ok(Some(Box::new(FileStore::open(path)?)));
    }
    Ok(read(path, advance)?.map(|bytes| Box::new(bytes) as Box<dyn Store>))
}

/// The local date on which a file was last written.
#[must_use]
pub fn written_on(path: &Path) -> Option<chrono::NaiveDate> {
    let modified = fs::metadata(path).ok()?.modified().ok()?;
    Some(chrono::DateTime::<chrono::Local>::from(modified).date_naive())
}

/// Makes the folder that a file is to be in.
///
/// # Errors
/// See [`FileError`].
pub fn make_folder_of(path: &Path) -> Result<(), FileError> {
    match path.parent() {
        Some(folder) => Ok(fs::create_dir_all(folder)?),
        None => Ok(()),
    }
}

/// A folder that the system names in the environment.
fn folder(name: &str) -> Option<std::path::PathBuf> {
    std::env::var_os(name).map(std::path::PathBuf::from).filter(|p| p.is_absolute())
}

/// Where the program keeps its settings: in the local profile, never in one that roams.
/// `None` where the system names no such place.
#[must_use]
pub fn settings_path() -> Option<std::path::PathBuf> {
    if cfg!(windows) {
        return Some(folder("LOCALAPPDATA")?.join("Record Access Review").join("settings.json"));
    }
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("record-access-review").join("settings.json"))
}

/// Where recovery journals are: in the local profile too. `None` where the system names no
/// such place.
#[must_use]
pub fn recovery_folder() -> Option<std::path::PathBuf> {
    if cfg!(windows) {
        return Some(folder("LOCALAPPDATA")?.join("Record Access Review").join("Recovery"));
    }
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local").join("state")))?;
    Some(state.join("record-access-review").join("recovery"))
}

/// Writes a file of the user's choice: complete, or not at all. What was there
/// under that name stays until the new content is safely on disk.
///
/// # Errors
/// See [`FileError`].
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    use std::io::Write as _;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".saving-").tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|e| FileError::from(e.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "0123456789").expect("written");
        let store = store(&path, 4, |_| true).expect("opened").expect("not stopped");
        let mut piece = [0; 4];
        store.read_at(3, &mut piece).expect("read");
        assert_eq!((&piece, store.whole(), store.size()), (b"3456", None, 10));
        store.is_unchanged().expect("unchanged");
        std::fs::write(&path, "01234567890").expect("written");
        assert_eq!(store.is_unchanged(), Err(StoreError::Changed));
        std::fs::write(&path, "0").expect("written");
        assert_eq!(store.read_at(3, &mut piece), Err(StoreError::Changed));
    }

    #[test]
    fn each_failure_has_its_own_sentence() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(read(&dir.path().join("none.csv"), |_| true), Err(FileError::Missing));
        assert_eq!(read(dir.path(), |_| true), Err(FileError::Folder));
        assert_eq!(FileError::from(std::io::Error::from(ErrorKind::PermissionDenied)), FileError::Denied);
        assert_eq!(FileError::from(std::io::Error::from(ErrorKind::ResourceBusy)), FileError::Locked);
        let file = dir.path().join("a.csv");
        std::fs::write(&file, "abc").expect("written");
        assert_eq!(read(&file, |_| true), Ok(Some(b"abc".to_vec())));
        assert_eq!(read(&file, |_| false), Ok(None));
    }
}
