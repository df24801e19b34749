//! The recovery journal: what happened since the review was last saved, so that a crash or
//! a power cut loses no decision.
//!
//! What can be read in it is a mark, a version and random bytes. The rest is sealed
//! (`ChaCha20-Poly1305`) with a key that is made of the NHS numbers of the open export:
//! whoever does not have the export can read nothing, and it holds no names and no numbers
//! that anybody could see. Records are sealed one by one and appended; a record that was
//! not written whole does not open, and all before it stand.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use thiserror::Error;

use crate::cohort::Cohort;
use crate::domain::NhsReading;

/// What a journal begins with: its mark and the version of its shape.
const MARK: &[u8; 8] = b"RARJNL\0\x01";
/// Random bytes behind the mark: no two journals are sealed with the same key.
const SALT: usize = 32;
/// Bytes of a record's length.
const LENGTH: usize = 4;

/// The key of an export: the same people in the same files have the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    secret: [u8; 32],
    name: [u8; 32],
}

impl Key {
    /// Of the first export that is open, by its hash: what is added beside it changes
    /// nothing.
    #[must_use]
    pub fn of(cohort: &Cohort, export: &str) -> Self {
        let mut material = blake3::Hasher::new_derive_key("record-access-review 2026 recovery journal");
        material.update(export.as_bytes());
        for patient in cohort.patients.iter().filter(|p| p.place.file == 0) {
            if let NhsReading::Valid(number) = patient.nhs {
                material.update(&number.digit_bytes());
            }
        }
        let secret = *material.finalize().as_bytes();
        let name = blake3::derive_key("record-access-review 2026 name of the recovery journal", &secret);
        Self { secret, name }
    }

    /// The journal's file name; it tells nothing of the export.
    #[must_use]
    pub fn file_name(&self) -> String {
        let hex = blake3::Hash::from_bytes(self.name).to_hex();
        format!("{}.journal", hex.get(..32).unwrap_or_default())
    }

    fn cipher(&self, salt: &[u8; SALT]) -> ChaCha20Poly1305 {
        let mut material = blake3::Hasher::new_derive_key("record-access-review 2026 seal of a recovery journal");
        material.update(&self.secret);
        material.update(salt);
        ChaCha20Poly1305::new(&(*material.finalize().as_bytes()).into())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Why a journal cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JournalError {
    /// It ends before its first record, or is not one.
    #[error("The recovery journal holds nothing that can be read.")]
    Empty,
    /// From another version of the program.
    #[error("The recovery journal is from another version of this program.")]
    OtherVersion,
}

/// A journal that is being written.
pub struct Journal {
    cipher: ChaCha20Poly1305,
    salt: [u8; SALT],
    records: u64,
}

impl Journal {
    /// Begins one. `salt` must be random.
    #[must_use]
    pub fn new(key: &Key, salt: [u8; SALT]) -> Self {
        Self { cipher: key.cipher(&salt), salt, records: 0 }
    }

    /// What stands before the first record.
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        [&MARK[..], &self.salt].concat()
    }

    /// The next record, sealed: to be appended.
    #[must_use]
    pub fn seal(&mut self, record: &[u8]) -> Vec<u8> {
        let nonce = nonce(self.records);
        self.records += 1;
        // Sealing fails only for a record of 256 GiB.
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: record, aad: MARK }).unwrap_or_default();
        let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        [&length.to_le_bytes()[..], &sealed].concat()
    }
}

/// The records of a journal, as far as it was written whole.
///
/// # Errors
/// Where not even its first record is.
pub fn read_journal(key: &Key, bytes: &[u8]) -> Result<Vec<Vec<u8>>, JournalError> {
    let (mark, rest) = bytes.split_at_checked(MARK.len()).ok_or(JournalError::Empty)?;
    if mark != MARK {
        let is_ours = mark[..MARK.len() - 1] == MARK[..MARK.len() - 1];
        return Err(if is_ours { JournalError::OtherVersion } else { JournalError::Empty });
    }
    let (salt, mut rest) = rest.split_first_chunk::<SALT>().ok_or(JournalError::Empty)?;
    let cipher = key.cipher(salt);
    let mut records = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<LENGTH>() {
        let Some((sealed, behind)) = behind.split_at_checked(u32::from_le_bytes(*length) as usize) else { break };
        let Ok(record) = cipher.decrypt(&nonce(records.len() as u64), Payload { msg: sealed, aad: MARK }) else {
            break;
        };
        records.push(record);
        rest = behind;
    }
    if records.is_empty() { Err(JournalError::Empty) } else { Ok(records) }
}

/// Counted through: no two records of a journal have the same.
fn nonce(record: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&record.to_le_bytes());
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: u8) -> Key {
        Key { secret: [secret; 32], name: [0; 32] }
    }

    fn written(records: &[&[u8]]) -> Vec<u8> {
        let mut journal = Journal::new(&key(1), [9; SALT]);
        let mut bytes = journal.head();
        for record in records {
            bytes.extend(journal.seal(record));
        }
        bytes
    }

    #[test]
    fn cut_anywhere_it_holds_what_was_written_whole() {
        let records: [&[u8]; 4] = [b"first", b"", b"a longer third record, with more in it", b"4"];
        let whole = written(&records);
        let ends: Vec<usize> = (0..=records.len()).map(|n| written(&records[..n]).len()).collect();
        for cut in 0..=whole.len() {
            let complete = ends.iter().filter(|end| **end <= cut).count().saturating_sub(1);
            match read_journal(&key(1), &whole[..cut]) {
                Ok(found) => assert_eq!(found, records[..complete], "cut at {cut}"),
                Err(error) => assert_eq!((error, complete), (JournalError::Empty, 0), "cut at {cut}"),
            }
        }
    }

    #[test]
    fn a_changed_byte_ends_it_there() {
        let records: [&[u8]; 3] = [b"first", b"second", b"third"];
        let whole = written(&records);
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            if let Ok(found) = read_journal(&key(1), &changed) {
                assert!(found.len() < 3 && found == records[..found.len()], "byte {place}");
            }
        }
    }

    #[test]
    fn without_the_key_nothing_opens_and_nothing_can_be_seen() {
        let whole = written(&[b"9990000018 SMITH, Ann"]);
        assert_eq!(read_journal(&key(2), &whole), Err(JournalError::Empty));
        assert!(!whole.windows(5).any(|w| w == b"SMITH" || w == b"99900"));
        let mut newer = whole;
        newer[MARK.len() - 1] = 2;
        assert_eq!(read_journal(&key(1), &newer), Err(JournalError::OtherVersion));
        assert_eq!(
            read_journal(&key(1), b"PK\x03\x04 something else entirely, and long enough"),
            Err(JournalError::Empty)
        );
    }
}
