//! A set of days.

use super::Day;

/// Days of these centuries, as bits: telling whether one is new costs next to nothing.
#[derive(Clone, Debug, Default)]
pub struct Days {
    bits: Vec<u64>,
    len: usize,
}

/// The first and the last day that are kept, since 1970: 1 January 1850 and 18 October 2149.
const FIRST: i32 = -43_829;
const LAST: i32 = 65_671;

impl Days {
    /// Adds a day. Days beyond 1850 and 2149 are not kept: no code is of them.
    pub fn insert(&mut self, day: Day) {
        let epoch = day.epoch();
        let Ok(at) = usize::try_from(epoch.saturating_sub(FIRST)) else { return };
        if epoch > LAST {
            return;
        }
        if self.bits.len() <= at / 64 {
            self.bits.resize(at / 64 + 1, 0);
        }
        let bit = 1 << (at % 64);
        if let Some(word) = self.bits.get_mut(at / 64).filter(|word| **word & bit == 0) {
            *word |= bit;
            self.len += 1;
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_counts_once() {
        let mut days = Days::default();
        for iso in ["2022-10-31", "2022-11-01", "2022-10-31", "1849-12-31", "1850-01-01", "9999-12-31"] {
            days.insert(Day::from_iso(iso).expect("a day"));
        }
        assert_eq!(days.len(), 3);
    }
}
