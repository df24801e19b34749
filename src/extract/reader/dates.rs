//! Dates, each read at a glance or as it was read before.

use crate::domain::DateReading;
use crate::domain::date::{Order, numeric_order, read_date, read_fixed};
use crate::extract::records::text_of;

/// How many cells are remembered, as a power of two.
const BITS: u32 = 11;

/// What a date cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The day, or what is wrong.
    pub read: DateReading,
    /// In which orders it can be read, if it is one in numbers.
    pub order: Option<Order>,
}

impl Dated {
    /// Reads a raw cell.
    fn of(raw: &[u8]) -> Self {
        let text = text_of(raw);
        Self { read: read_date(&text), order: numeric_order(&text) }
    }

    /// The same for the forms that most cells have.
    fn of_fixed(raw: &[u8]) -> Option<Self> {
        let inner = if let [b'"', inner @ .., b'"'] = raw { inner } else { raw };
        read_fixed(inner).map(|(read, order)| Self { read, order })
    }
}

/// A cell by its length, and by its first and last eight bytes: of up to sixteen bytes these
/// are all of it.
type Key = (usize, u64, u64);

fn key_of(raw: &[u8]) -> Option<Key> {
    let (first, last) = (raw.first_chunk()?, raw.last_chunk()?);
    (raw.len() <= 16).then(|| (raw.len(), u64::from_le_bytes(*first), u64::from_le_bytes(*last)))
}

/// What the last cells said, each in the one place where it can be.
pub struct Dates(Vec<(Key, Dated)>);

impl Default for Dates {
    fn default() -> Self {
        Self(vec![((0, 0, 0), Dated { read: DateReading::Missing, order: None }); 1 << BITS])
    }
}

impl Dates {
    /// What a raw cell says.
    pub fn read(&mut self, raw: &[u8]) -> Dated {
        // These are read quicker than looked up.
        if let Some(dated) = Dated::of_fixed(raw) {
            return dated;
        }
        if raw.is_empty() {
            return Dated { read: DateReading::Missing, order: None };
        }
        let Some(key) = key_of(raw) else { return Dated::of(raw) };
        // Fibonacci hashing (Knuth, volume 3, 6.4).
        let hash = (key.1 ^ key.2.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
        let Some(place) = usize::try_from(hash).ok().and_then(|at| self.0.get_mut(at)) else { return Dated::of(raw) };
        if place.0 != key {
            *place = (key, Dated::of(raw));
        }
        place.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_is_read() {
        let mut dates = Dates::default();
        for round in 0..2 {
            for year in 1900..2027 {
                for month in 1..=13 {
                    for cell in [
                        format!("{:02}/{month:02}/{year}", year % 31 + 1),
                        format!("{month}/{}/{:02}", year % 28 + 1, year % 100),
                        format!("\"{:02}-Oct-{year}\"", month + 16),
                        format!("{year}{month:02}28"),
                        format!("28-Feb-{year} 09:{:02}", month * 4),
                        format!("28-Feb-{year} 09:12:{:02}", month * 4),
                    ] {
                        assert_eq!(dates.read(cell.as_bytes()), Dated::of(cell.as_bytes()), "{round} {cell}");
                    }
                }
            }
        }
        for cell in ["", "x", "1/2/03", "31-Oct-2022 \u{a0}", "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"] {
            assert_eq!(dates.read(cell.as_bytes()), Dated::of(cell.as_bytes()), "{cell}");
        }
    }
}
