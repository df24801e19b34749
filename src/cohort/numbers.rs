//! The numbers by which files and patients are known.

use std::num::NonZeroU64;

use rustc_hash::FxBuildHasher;

use crate::extract::Extract;

/// The clinical system's own number in a cell: a short one, of digits only.
#[must_use]
pub fn list_number(number: &[u8]) -> Option<NonZeroU64> {
    let is_number = (1..18).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    let value = is_number.then(|| number.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')));
    value.and_then(NonZeroU64::new)
}

/// The system's own number on a row of people.
pub fn system_number(files: &[Extract], file: u16, index: u32) -> &[u8] {
    files.get(usize::from(file)).map_or(&[], |f| f.systems.bytes_of(index as usize))
}

/// A short number as itself, anything else hashed; `None` for none.
pub fn system_key(number: &[u8]) -> Option<u64> {
    use std::hash::{BuildHasher as _, Hasher as _};
    if number.is_empty() {
        return None;
    }
    Some(list_number(number).map_or_else(
        || {
            let mut hasher = FxBuildHasher.build_hasher();
            hasher.write(number);
            hasher.finish() | 1 << 63
        },
        NonZeroU64::get,
    ))
}

/// The number of a file by its place among those that are open.
pub fn file_number(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}
