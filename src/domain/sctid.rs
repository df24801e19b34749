//! SNOMED CT identifiers: partition, Verhoeff check digit, and the one repair
//! that the check digit proves.

use std::fmt;

/// Verhoeff multiplication table: the dihedral group D5.
const MULTIPLY: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// Verhoeff permutation table.
const PERMUTE: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Inverse in D5, to find the digit that makes a number valid.
const INVERSE: [u8; 10] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];

/// What the partition digits of an identifier say that it names
/// (SNOMED CT Release File Specification, "Partition identifier").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// A meaning: `00` or `10`.
    Concept,
    /// A piece of wording: `01` or `11`.
    Description,
    /// A relation or anything else.
    Other,
}

/// A SNOMED CT identifier whose check digit is right.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sctid(u64);

impl Sctid {
    /// Takes a number of 6 to 18 digits whose Verhoeff check digit is right.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        let valid = (100_000..1_000_000_000_000_000_000).contains(&number);
        (valid && verhoeff(number) == 0).then_some(Self(number))
    }

    /// For the constants of this program, whose check digits a test proves.
    #[must_use]
    pub(crate) const fn known(number: u64) -> Self {
        Self(number)
    }

    /// The identifier as a number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// What the identifier names.
    #[must_use]
    pub const fn partition(self) -> Partition {
        match self.0 / 10 % 10 {
            0 if self.0 / 100 % 10 <= 1 => Partition::Concept,
            1 if self.0 / 100 % 10 <= 1 => Partition::Description,
            _ => Partition::Other,
        }
    }

    /// Whether its first digits are these, as scientific notation shows them: the last one
    /// may have been rounded up.
    #[must_use]
    pub fn begins_like(self, digits: &str) -> bool {
        let whole = self.to_string();
        let kept = digits.trim_end_matches('0');
        let rounded =
            || whole.get(..kept.len()).and_then(|shown| shown.parse::<u64>().ok()).map(|n| (n + 1).to_string());
        !kept.is_empty() && (whole.starts_with(kept) || rounded().is_some_and(|rounded| rounded == kept))
    }

    /// Repair R1 of the domain rules. A spreadsheet keeps 15 significant
    /// digits, so a 16-digit identifier comes back with its last digit 0. That
    /// digit is the check digit, so the others determine it: there is exactly
    /// one number to put back. `None` where the number is not of that form or
    /// is valid as it stands.
    #[must_use]
    pub fn restore_check_digit(number: u64) -> Option<Self> {
        let sixteen_digits = (1_000_000_000_000_000..10_000_000_000_000_000).contains(&number);
        if !sixteen_digits || !number.is_multiple_of(10) || Self::new(number).is_some() {
            return None;
        }
        let digit = INVERSE[usize::from(verhoeff(number))];
        Self::new(number + u64::from(digit))
    }
}

/// The Verhoeff sum over all digits, the check digit among them: 0 when right.
fn verhoeff(mut number: u64) -> u8 {
    let mut sum = 0_u8;
    let mut place = 0_usize;
    while number > 0 {
        let digit = usize::try_from(number % 10).unwrap_or(0);
        sum = MULTIPLY[usize::from(sum)][usize::from(PERMUTE[place % 8][digit])];
        number /= 10;
        place += 1;
    }
    sum
}

impl fmt::Display for Sctid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Sctid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sctid({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_codes_pass_and_any_other_last_digit_fails() {
        for right in [1_290_331_000_000_103_u64, 1_364_731_000_000_104, 1_364_751_000_000_106] {
            assert!(Sctid::new(right).is_some(), "{right}");
            for digit in (0..10).filter(|d| *d != right % 10) {
                assert!(Sctid::new(right / 10 * 10 + digit).is_none());
            }
        }
    }

    #[test]
    fn a_last_digit_turned_into_nought_is_put_back() {
        let back = |n| Sctid::restore_check_digit(n).map(Sctid::number);
        assert_eq!(back(1_364_731_000_000_100), Some(1_364_731_000_000_104));
        assert_eq!(back(1_364_751_000_000_100), Some(1_364_751_000_000_106));
        assert_eq!(back(1_290_331_000_000_100), Some(1_290_331_000_000_103));
        // Right as it stands, too short, or not ending in nought: nothing to put back.
        assert_eq!(back(1_364_731_000_000_104), None);
        assert_eq!(back(836_881_000_000_100), None);
        assert_eq!(back(1_364_731_000_000_101), None);
    }

    #[test]
    fn rounding_up_makes_a_valid_description_id() {
        // Measured with LibreOffice: the 106 saved as a number.
        let rounded = Sctid::new(1_364_751_000_000_110).expect("passes its check digit");
        assert_eq!(rounded.partition(), Partition::Description);
        assert_eq!(Sctid::known(1_364_751_000_000_106).partition(), Partition::Concept);
    }
}
