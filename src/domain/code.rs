//! The three access codes, and how a pair of cells (identifier and term) is
//! read as one of them, damaged or not.

mod alias;
mod term;

pub use alias::{Alias, AliasReading};
pub use term::text_around_term;

use super::sctid::{Partition, Sctid};
use term::{TermReading, is_local_code, read_term};

/// The codes that govern online access to one's own GP record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum AccessCode {
    /// The patient declined online access.
    Declined103,
    /// Enhanced review indicated: blocks automatic access until reviewed.
    Review104,
    /// Enhanced review not indicated: cancels a 104.
    NoReview106,
}

impl AccessCode {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Declined103, Self::Review104, Self::NoReview106];

    /// The SNOMED CT concept.
    #[must_use]
    pub const fn concept(self) -> Sctid {
        match self {
            Self::Declined103 => Sctid::known(1_290_331_000_000_103),
            Self::Review104 => Sctid::known(1_364_731_000_000_104),
            Self::NoReview106 => Sctid::known(1_364_751_000_000_106),
        }
    }

    /// The fully specified name in the UK edition.
    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::Declined103 => "Online access to own health record declined by patient (situation)",
            Self::Review104 => "Enhanced review indicated before granting access to own health record (situation)",
            Self::NoReview106 => {
                "Enhanced review not indicated before granting access to own health record (situation)"
            }
        }
    }

    /// What practices call it, after the last three digits.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Declined103 => "103",
            Self::Review104 => "104",
            Self::NoReview106 => "106",
        }
    }
}

/// A repair that brought back an identifier, by its number in the domain rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    /// R1: the check digit, turned into 0 by a spreadsheet, was put back.
    CheckDigit,
    /// R1b: the 106 rounded up to …110, where the term agrees.
    RoundedUp,
    /// R2: rebuilt from scientific notation, where the term agrees.
    Scientific,
}

/// Why a cell that should say which code it is does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeTrouble {
    /// The identifier names one code and the term another.
    Disagree,
    /// Scientific notation with too few digits to tell, and no term to go by.
    TooFewDigits,
    /// Scientific notation or a rounded number that would be one of the codes,
    /// and no term that agrees.
    Unconfirmed,
    /// The term was cut short before the word that decides.
    TermCutShort,
    /// The term speaks of declined online access in words that are not those of the 103.
    OtherWords,
    /// Either of the others, and it may be the 103.
    MayBeDeclined,
}

impl CodeTrouble {
    /// Of an entry that may be any of these.
    #[must_use]
    pub fn between(codes: &[AccessCode]) -> Self {
        if codes.contains(&AccessCode::Declined103) { Self::MayBeDeclined } else { Self::Disagree }
    }

    /// Whether the patient may have declined.
    #[must_use]
    pub const fn may_be_declined(self) -> bool {
        matches!(self, Self::OtherWords | Self::MayBeDeclined)
    }
}

/// What a pair of cells turned out to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeReading {
    /// Another code, or nothing: not about online access.
    Other,
    /// One of the three.
    Known {
        /// Which.
        code: AccessCode,
        /// What had to be repaired, if anything.
        repair: Option<Repair>,
    },
    /// About online access, but it cannot be told which code.
    Unclear(CodeTrouble),
}

/// What an identifier cell says by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IdReading {
    /// Empty, a local code, or a description identifier: go by the term.
    Silent,
    /// A valid concept that is none of the three.
    OtherConcept,
    Exact(AccessCode),
    Restored(AccessCode),
    /// Would be this code, if the term agrees.
    Suspected(AccessCode, Repair),
    /// Begins like one of the three; whether like the 103.
    TooFewDigits(bool),
    /// One of the three, and another identifier beside it; whether it is the 103.
    Several(bool),
}

impl IdReading {
    /// Whether it may be the 103.
    const fn may_be_declined(self) -> bool {
        match self {
            Self::Exact(code) | Self::Restored(code) | Self::Suspected(code, _) => {
                matches!(code, AccessCode::Declined103)
            }
            Self::TooFewDigits(may_be) | Self::Several(may_be) => may_be,
            Self::Silent | Self::OtherConcept => false,
        }
    }
}

/// Reads the identifier and the term of one entry together.
///
/// The identifier goes first where it is whole; the term confirms or contradicts.
/// A damaged identifier counts only as far as it can be proven (rules R1, R1b,
/// R2 and R3 of the domain).
#[must_use]
pub fn read_code(id: &str, term: &str) -> CodeReading {
    // A column headed "Code" may hold the term, alone or behind the identifier; and a
    // cell that should hold the term may hold the identifier, where a row has shifted.
    let (first, second) = (read_id(id), read_id(term));
    let term = match read_term(term) {
        TermReading::Silent => read_term(id),
        read => read,
    };
    let may_be_declined = first.may_be_declined()
        || second.may_be_declined()
        || matches!(term, TermReading::Code(AccessCode::Declined103) | TermReading::Several);
    let unclear = |trouble| CodeReading::Unclear(if may_be_declined { CodeTrouble::MayBeDeclined } else { trouble });
    let identifier = match (first, second) {
        (IdReading::Silent, other) => other,
        (first, IdReading::Silent) => first,
        (first, second) if first == second => first,
        _ => return unclear(CodeTrouble::Disagree),
    };
    let known = |code, repair| CodeReading::Known { code, repair };
    match (identifier, term) {
        (IdReading::Several(_), _) | (_, TermReading::Several) => unclear(CodeTrouble::Disagree),
        (IdReading::Silent | IdReading::TooFewDigits(_), TermReading::Code(code)) => known(code, None),
        (IdReading::Silent, TermReading::CutShort) => CodeReading::Unclear(CodeTrouble::TermCutShort),
        (IdReading::Silent, TermReading::OtherWords) => CodeReading::Unclear(CodeTrouble::OtherWords),
        (IdReading::Silent, TermReading::Silent)
        | (IdReading::OtherConcept, TermReading::Silent | TermReading::CutShort | TermReading::OtherWords) => {
            CodeReading::Other
        }
        (IdReading::Exact(code) | IdReading::Restored(code), TermReading::Code(other)) if code != other => {
            unclear(CodeTrouble::Disagree)
        }
        (IdReading::Exact(code), _) => known(code, None),
        (IdReading::Restored(code), _) => known(code, Some(Repair::CheckDigit)),
        (IdReading::Suspected(code, repair), TermReading::Code(other)) if code == other => known(code, Some(repair)),
        (IdReading::OtherConcept | IdReading::Suspected(..), TermReading::Code(_)) => unclear(CodeTrouble::Disagree),
        (IdReading::Suspected(..), _) => unclear(CodeTrouble::Unconfirmed),
        (IdReading::TooFewDigits(_), _) => unclear(CodeTrouble::TooFewDigits),
    }
}

fn read_id(cell: &str) -> IdReading {
    // R3: what spreadsheets and people put around a number.
    let mut cell = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '=' | '\u{a0}'));
    cell = cell.strip_suffix(".0").or_else(|| cell.strip_suffix(".00")).unwrap_or(cell);
    // "1364731000000104 |Enhanced review…|", as SNOMED CT is written out.
    cell = cell.split('|').next().unwrap_or(cell).trim();
    if cell.is_empty() {
        return IdReading::Silent;
    }
    let whole = if let Some(at) = cell.find(['e', 'E']) {
        read_scientific(&cell[..at], &cell[at + 1..])
    } else if is_grouped(cell) {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        digits.parse().map_or(IdReading::Silent, read_number)
    } else {
        IdReading::Silent
    };
    if whole == IdReading::Silent { read_among(cell) } else { whole }
}

/// Digits and what stands between thousands; a single point is none of these.
fn is_grouped(cell: &str) -> bool {
    let points = cell.matches('.').count();
    let between =
        |c: char| matches!(c, ',' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'') || (c == '.' && points > 1);
    cell.chars().all(|c| c.is_ascii_digit() || between(c))
}

/// One of the three with something beside it: "SCTID: 1290331000000103",
/// "1290331000000103; 184103008".
fn read_among(cell: &str) -> IdReading {
    let mut found = IdReading::Silent;
    let mut has_other = false;
    for digits in cell.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= 6) {
        match digits.parse().map_or(IdReading::Silent, read_number) {
            IdReading::Silent => {}
            IdReading::OtherConcept => has_other = true,
            code if found == IdReading::Silent || found == code => found = code,
            code => return IdReading::Several(code.may_be_declined() || found.may_be_declined()),
        }
    }
    let is_several = has_other && found != IdReading::Silent;
    if is_several { IdReading::Several(found.may_be_declined()) } else { found }
}

fn read_number(number: u64) -> IdReading {
    if number == 1_364_751_000_000_110 {
        return IdReading::Suspected(AccessCode::NoReview106, Repair::RoundedUp);
    }
    let by_concept = |id: Sctid| AccessCode::ALL.into_iter().find(|code| code.concept() == id);
    if let Some(id) = Sctid::new(number) {
        return match (by_concept(id), id.partition()) {
            (Some(code), _) => IdReading::Exact(code),
            (None, Partition::Concept) => IdReading::OtherConcept,
            (None, _) => IdReading::Silent,
        };
    }
    if let Some(code) = Sctid::restore_check_digit(number).and_then(by_concept) {
        return IdReading::Restored(code);
    }
    // Begins like one of the three, and is no valid number: digits were lost.
    let digits = number.to_string();
    let begins = |start: &str| digits.len() >= 9 && digits.starts_with(start);
    if begins("12903") || begins("13647") { IdReading::TooFewDigits(begins("12903")) } else { IdReading::Silent }
}

/// "1.36473" and "+15": sixteen digits of which the first few are left.
fn read_scientific(mantissa: &str, exponent: &str) -> IdReading {
    let exponent = exponent.trim_start_matches('+').trim_start_matches('0');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let plain = mantissa.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if exponent != "15" || !plain || digits.is_empty() {
        return IdReading::Silent;
    }
    let mut fitting = AccessCode::ALL.into_iter().filter(|code| code.concept().begins_like(&digits));
    match (fitting.next(), fitting.next()) {
        (None, _) => IdReading::Silent,
        (Some(code), None) if digits.len() >= 6 => IdReading::Suspected(code, Repair::Scientific),
        (Some(code), other) => {
            let may_be = code == AccessCode::Declined103 || other == Some(AccessCode::Declined103);
            IdReading::TooFewDigits(may_be || fitting.any(|code| code == AccessCode::Declined103))
        }
    }
}

/// A note where the term should stand, beside an identifier that needs none.
#[must_use]
pub fn note_for_term(id: &str, term: &str) -> Option<String> {
    if !matches!(read_id(id), IdReading::Exact(_) | IdReading::Restored(_)) {
        return None;
    }
    let says = |cell: &str| cell.chars().any(char::is_alphabetic) && read_term(cell) == TermReading::Silent;
    if says(term) && !is_local_code(term) {
        return Some(term.trim().to_owned());
    }
    // Beside the identifier, in its cell.
    let is_word = |w: &&str| {
        w.chars().all(char::is_alphabetic) && !["", "sctid", "snomed", "ct", "code", "id", "concept"].contains(w)
    };
    let lower = id.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(is_word).count();
    (words >= 2 && says(id)).then(|| id.trim().to_owned())
}

#[cfg(test)]
mod tests;
