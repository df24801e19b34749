//! NHS numbers: ten digits, the last a modulus 11 check digit.

use std::fmt;

/// A ten-digit NHS number whose check digit is right.
///
/// Parsing is the only way to make one, so a value of this type never needs to
/// be checked again (NHS Data Dictionary, "NHS NUMBER").
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber {
    high: High,
    low: u32,
}

/// What of a number does not go into 32 bits. Lists hold one number a row, and so this is
/// half as large as a `u64` beside what else a cell may hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum High {
    Nought,
    One,
    Two,
}

/// What a cell of an NHS number column turned out to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NhsReading {
    /// A number whose check digit is right.
    Valid(NhsNumber),
    /// Nothing.
    Missing,
    /// Ten digits whose check digit is wrong.
    WrongCheckDigit,
    /// A number in scientific notation, as a spreadsheet shows it
    /// (9.43477E+09): the lost digits cannot be put back.
    Scientific,
    /// Nine digits: a leading nought was lost, which only Scottish CHI numbers have.
    NineDigits,
    /// Fewer or more than ten digits, or letters.
    NotTenDigits,
}

/// The range from which a number was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// England, Wales and the Isle of Man.
    England,
    /// 320 000 001 to 399 999 999: Northern Ireland (Health and Care number).
    NorthernIreland,
    /// A date and sequence, 0101… to 3112…: Scottish CHI.
    Scotland,
    /// 999…: never issued, for tests.
    Test,
    /// Not issued to anybody so far.
    Unissued,
}

impl NhsNumber {
    /// Takes ten digits whose check digit is right.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        if number > 9_999_999_999 {
            return None;
        }
        let mut rest = number / 10;
        let sum: u64 = (2..=10)
            .map(|weight| {
                let digit = rest % 10;
                rest /= 10;
                digit * weight
            })
            .sum();
        // 11 − (sum mod 11), where 11 becomes 0; a result of 10 is never issued.
        let check = (11 - sum % 11) % 11;
        let high = match number >> 32 {
            0 => High::Nought,
            1 => High::One,
            2 => High::Two,
            _ => return None,
        };
        let low = u32::try_from(number & u64::from(u32::MAX)).ok()?;
        (check == number % 10 && number > 0).then_some(Self { high, low })
    }

    /// Reads a cell: spaces, hyphens and what spreadsheets put around a number
    /// are passed over.
    #[must_use]
    pub fn read(cell: &str) -> NhsReading {
        match ten_digits(cell.as_bytes()) {
            Some(number) => Self::new(number).map_or(NhsReading::WrongCheckDigit, NhsReading::Valid),
            None => Self::read_any(cell),
        }
    }

    /// [`NhsNumber::read`] for a raw cell, decoded only where it has to be.
    #[must_use]
    pub fn read_bytes<'a>(raw: &'a [u8], text: impl FnOnce(&'a [u8]) -> std::borrow::Cow<'a, str>) -> NhsReading {
        match ten_digits(raw) {
            Some(number) => Self::new(number).map_or(NhsReading::WrongCheckDigit, NhsReading::Valid),
            None => Self::read_any(&text(raw)),
        }
    }

    fn read_any(cell: &str) -> NhsReading {
        let mut number = 0_u64;
        let mut digits = 0_u32;
        let mut other = false;
        let mut scientific = false;
        let cell = cell.trim_matches(is_padding);
        let cell = cell.strip_suffix(".00").or_else(|| cell.strip_suffix(".0")).unwrap_or(cell);
        // "9.43477E+09": nothing but an exponent stands behind the E.
        let is_exponent = |rest: &str| {
            let rest = rest.trim_start_matches(['+', '-']);
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
        };
        for c in cell.chars() {
            match c {
                '0'..='9' => {
                    number = number.saturating_mul(10).saturating_add(u64::from(c as u32 - '0' as u32));
                    digits += 1;
                }
                '-' | '\u{2010}'..='\u{2015}' => {}
                c if is_padding(c) => {}
                'e' | 'E' if digits > 0 => {
                    scientific |= cell.rsplit(['e', 'E']).next().is_some_and(is_exponent);
                    other |= !scientific;
                }
                _ => other = true,
            }
        }
        match (digits, other, scientific) {
            (0, false, _) => NhsReading::Missing,
            (_, _, true) => NhsReading::Scientific,
            (10, false, false) => Self::new(number).map_or(NhsReading::WrongCheckDigit, NhsReading::Valid),
            (9, false, false) => NhsReading::NineDigits,
            _ => NhsReading::NotTenDigits,
        }
    }

    /// All valid numbers in a text, whatever stands around them: for lists of people at
    /// risk, where a miss may cost somebody's safety.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Self> {
        // Runs of digits, with what stands between them.
        let mut runs: Vec<(&str, &str)> = Vec::new();
        let mut rest = text;
        while let Some(from) = rest.find(|c: char| c.is_ascii_digit()) {
            let (between, digits) = rest.split_at(from);
            let to = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            runs.push((between, &digits[..to]));
            rest = &digits[to..];
        }
        let joins = |between: &str| {
            let mut signs = between.chars().filter(|c| !c.is_whitespace());
            signs.all(|c| matches!(c, '-' | '.' | '/' | '\u{2010}'..='\u{2015}')) && between.chars().count() <= 3
        };
        let mut found = Vec::new();
        for (at, (_, digits)) in runs.iter().enumerate() {
            let number = match (digits.len(), runs.get(at + 1), runs.get(at + 2)) {
                (10, ..) => (*digits).to_owned(),
                (3, Some((a, second)), Some((b, third)))
                    if second.len() == 3 && third.len() == 4 && joins(a) && joins(b) =>
                {
                    format!("{digits}{second}{third}")
                }
                _ => continue,
            };
            found.extend(number.parse().ok().and_then(Self::new));
        }
        found
    }

    /// The number as ten digits in one integer.
    #[must_use]
    pub const fn number(self) -> u64 {
        (self.high as u64) << 32 | self.low as u64
    }

    /// The ten digits without spaces, as the clinical systems take them.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:010}", self.number())
    }

    /// The same as bytes.
    #[must_use]
    pub fn digit_bytes(self) -> [u8; 10] {
        let mut rest = self.number();
        let mut digits = [b'0'; 10];
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        digits
    }

    /// Where the number was issued.
    #[must_use]
    pub const fn range(self) -> Range {
        match self.number() {
            101_000_000..=3_112_999_999 => Range::Scotland,
            3_200_000_010..=3_999_999_999 => Range::NorthernIreland,
            3_113_000_000..=3_200_000_009 | 4_000_000_000..=4_999_999_999 | 6_000_000_000..=7_999_999_999 => {
                Range::England
            }
            9_990_000_000..=9_999_999_999 => Range::Test,
            _ => Range::Unissued,
        }
    }
}

/// The two forms that nearly every cell has: ten digits, or 3-3-4 with spaces.
fn ten_digits(cell: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    let mut take = |part: &[u8]| {
        part.iter().all(|b| {
            number = number * 10 + u64::from(b.wrapping_sub(b'0'));
            b.is_ascii_digit()
        })
    };
    let right = match cell.len() {
        10 => take(cell),
        12 => cell[3] == b' ' && cell[7] == b' ' && take(&cell[..3]) && take(&cell[4..7]) && take(&cell[8..]),
        _ => false,
    };
    right.then_some(number)
}

/// Characters that stand around or within a number without being part of it.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '"' | '=' | '\u{a0}' | '\u{feff}')
}

/// As it is printed on letters: 999 049 0554.
impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        write!(f, "{:03} {:03} {:04}", number / 10_000_000, number / 10_000 % 1000, number % 10_000)
    }
}

/// Numbers are patient data: a debug print (a log, a panic message) shows none.
impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_that_exports_hold() {
        let valid = NhsNumber::new(9_990_000_018).map_or(NhsReading::Missing, NhsReading::Valid);
        assert_ne!(valid, NhsReading::Missing);
        for cell in [
            "9990000018",
            "999 000 0018",
            " 999-000-0018 ",
            "'9990000018",
            "=\"9990000018\"",
            "999\u{a0}000\u{a0}0018",
            "9990000018.0",
        ] {
            assert_eq!(NhsNumber::read(cell), valid, "{cell}");
        }
        assert_eq!(NhsNumber::read(""), NhsReading::Missing);
        assert_eq!(NhsNumber::read("  "), NhsReading::Missing);
        assert_eq!(NhsNumber::read("9990000019"), NhsReading::WrongCheckDigit);
        assert_eq!(NhsNumber::read("9.99E+09"), NhsReading::Scientific);
        assert_eq!(NhsNumber::read("999000001"), NhsReading::NineDigits);
        assert_eq!(NhsNumber::read("99900000"), NhsReading::NotTenDigits);
        assert_eq!(NhsNumber::read("unknown"), NhsReading::NotTenDigits);
        assert_eq!(NhsNumber::read("0000000000"), NhsReading::WrongCheckDigit);
    }

    #[test]
    fn the_quick_reading_says_what_the_general_one_says() {
        for cell in
            ["9990000018", "999 000 0018", "9990000019", "0000000000", "999 000 001", "99900000 18", "99900000.8"]
        {
            assert_eq!(NhsNumber::read(cell), NhsNumber::read_any(cell), "{cell}");
        }
    }

    #[test]
    fn numbers_are_found_in_any_text() {
        let of = |text: &str| NhsNumber::all_in(text).iter().map(|n| n.number()).collect::<Vec<_>>();
        assert_eq!(of("9990000018 (mother), 999 000 0026; tel 01234567890"), [9_990_000_018, 9_990_000_026]);
        assert_eq!(of("NHS: 999.000.0018 / 999/000/0026"), [9_990_000_018, 9_990_000_026]);
        assert_eq!(of("9990000018.00"), [9_990_000_018]);
        assert!(of("9990000019, 999 000 001, none").is_empty());
        assert_eq!(NhsNumber::read("9990000018.00"), NhsNumber::read("9990000018"));
        assert_eq!(NhsNumber::read("9990000018 (mother)"), NhsReading::NotTenDigits);
        assert_eq!(NhsNumber::read("9.99E+09"), NhsReading::Scientific);
    }

    #[test]
    fn is_shown_three_three_four_and_never_in_a_debug_print() {
        let number = NhsNumber::new(9_990_000_018).expect("valid");
        assert_eq!(number.to_string(), "999 000 0018");
        assert_eq!(number.digits(), "9990000018");
        assert_eq!(&number.digit_bytes(), b"9990000018");
        assert!(!format!("{number:?}").contains("0018"));
        assert_eq!(number.range(), Range::Test);
    }
}
