//! Where the bytes of a file are: in memory, or on disk to be read again.

use thiserror::Error;

/// Why bytes could not be had again.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The file is not as it was when it was opened.
    #[error("The file changed while it was open. Wait until it is saved completely, and open it again.")]
    Changed,
    /// The system's reason.
    #[error(
        "The file could not be read to its end ({0}). If it is on a network drive, copy it to this computer and open the copy."
    )]
    Failed(String),
}

/// The bytes of a file. What is small is kept in memory; what is large is read again
/// where it is needed, and refused if it has changed. Never a memory map: a mapped
/// file on a network share that goes away ends the program.
pub trait Store: Send + Sync {
    /// How many bytes.
    fn size(&self) -> u64;

    /// All of them, where they are in memory.
    fn whole(&self) -> Option<&[u8]>;

    /// Fills `into` with the bytes from `offset` on.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), StoreError>;

    /// Whether the file is as it was when it was opened.
    ///
    /// # Errors
    /// Where it is not.
    fn is_unchanged(&self) -> Result<(), StoreError>;
}

/// Bytes in memory.
impl Store for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn whole(&self) -> Option<&[u8]> {
        Some(self)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), StoreError> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let piece = from.checked_add(into.len()).and_then(|to| self.get(from..to));
        into.copy_from_slice(piece.ok_or(StoreError::Changed)?);
        Ok(())
    }

    fn is_unchanged(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A stretch of one store: borrowed where it is in memory, else read into a buffer
/// that is used again, and not read twice in a row.
#[derive(Default)]
pub struct Window {
    buffer: Vec<u8>,
    /// Which stretch is in the buffer.
    holds: (u64, u64),
}

impl Window {
    /// The bytes from `from` to `to`, cut at the end of the store.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn of<'a>(&'a mut self, store: &'a dyn Store, from: u64, to: u64) -> Result<&'a [u8], StoreError> {
        let to = to.min(store.size());
        let from = from.min(to);
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        if let Some(whole) = store.whole() {
            return whole.get(place(from)..place(to)).ok_or(StoreError::Changed);
        }
        let length = place(to - from);
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
        let piece = &mut self.buffer[..length];
        if self.holds != (from, to) {
            self.holds = (0, 0);
            store.read_at(from, piece)?;
            self.holds = (from, to);
        }
        Ok(piece)
    }
}
