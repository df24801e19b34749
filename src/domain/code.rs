//! The three access codes, and how a pair of cells (identifier and term) is
//! read as one of them, damaged or not.

use super::sctid::{Partition, Sctid};

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
    TooFewDigits,
    /// One of the three, and another identifier beside it.
    Several,
}

/// What a term cell says by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TermReading {
    Silent,
    Code(AccessCode),
    CutShort,
    /// Of declined access, in other words.
    OtherWords,
    /// The terms of two codes.
    Several,
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
    let identifier = match (read_id(id), read_id(term)) {
        (IdReading::Silent, other) => other,
        (first, IdReading::Silent) => first,
        (first, second) if first == second => first,
        _ => return CodeReading::Unclear(CodeTrouble::Disagree),
    };
    let term = match read_term(term) {
        TermReading::Silent => read_term(id),
        read => read,
    };
    let known = |code, repair| CodeReading::Known { code, repair };
    match (identifier, term) {
        (IdReading::Several, _) | (_, TermReading::Several) => CodeReading::Unclear(CodeTrouble::Disagree),
        (IdReading::Silent | IdReading::TooFewDigits, TermReading::Code(code)) => known(code, None),
        (IdReading::Silent, TermReading::CutShort) => CodeReading::Unclear(CodeTrouble::TermCutShort),
        (IdReading::Silent, TermReading::OtherWords) => CodeReading::Unclear(CodeTrouble::OtherWords),
        (IdReading::Silent, TermReading::Silent)
        | (IdReading::OtherConcept, TermReading::Silent | TermReading::CutShort | TermReading::OtherWords) => {
            CodeReading::Other
        }
        (IdReading::Exact(code) | IdReading::Restored(code), TermReading::Code(other)) if code != other => {
            CodeReading::Unclear(CodeTrouble::Disagree)
        }
        (IdReading::Exact(code), _) => known(code, None),
        (IdReading::Restored(code), _) => known(code, Some(Repair::CheckDigit)),
        (IdReading::Suspected(code, repair), TermReading::Code(other)) if code == other => known(code, Some(repair)),
        (IdReading::OtherConcept | IdReading::Suspected(..), TermReading::Code(_)) => {
            CodeReading::Unclear(CodeTrouble::Disagree)
        }
        (IdReading::Suspected(..), _) => CodeReading::Unclear(CodeTrouble::Unconfirmed),
        (IdReading::TooFewDigits, _) => CodeReading::Unclear(CodeTrouble::TooFewDigits),
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
    } else if cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '\u{a0}')) {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        digits.parse().map_or(IdReading::Silent, read_number)
    } else {
        IdReading::Silent
    };
    if whole == IdReading::Silent { read_among(cell) } else { whole }
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
            _ => return IdReading::Several,
        }
    }
    if has_other && found != IdReading::Silent { IdReading::Several } else { found }
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
    let alike = digits.len() >= 9 && ["12903", "13647"].iter().any(|start| digits.starts_with(start));
    if alike { IdReading::TooFewDigits } else { IdReading::Silent }
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
        _ => IdReading::TooFewDigits,
    }
}

/// What a practice's own export calls one of the codes, where neither identifier nor
/// term says it: a local code, or a name of the practice's own. Entered once by a
/// person, in the settings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Alias {
    /// The identifier or the term, as the export writes it.
    pub text: String,
    /// "103", "104" or "106".
    pub code: String,
}

/// What a pair of cells says where the practice has words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasReading {
    /// Which code.
    pub reading: CodeReading,
    /// An alias had a part in it.
    pub by_alias: bool,
    /// What stands in the term's cell besides an alias: read as a note.
    pub around: Option<String>,
}

impl Alias {
    /// What a pair of cells says, the practice's own words for the codes among what it may
    /// be: whatever says two different things is unclear.
    #[must_use]
    pub fn read(aliases: &[Self], id: &str, term: &str) -> AliasReading {
        let read = read_code(id, term);
        let cells = [id, term].map(super::wording::plain);
        let fits = |alias: &&Self| {
            let plain = super::wording::plain(&alias.text);
            // A name may have more behind it, a code may not.
            let begins = |cell: &String| plain.len() >= 8 && cell.starts_with(&plain);
            !plain.is_empty() && cells.iter().any(|cell| *cell == plain || begins(cell))
        };
        let fitting: Vec<&Self> = aliases.iter().filter(fits).collect();
        let mut codes: Vec<AccessCode> = fitting.iter().filter_map(|alias| alias.means()).collect();
        if let CodeReading::Known { code, .. } = read {
            codes.push(code);
        }
        codes.dedup();
        let by_alias = !fitting.is_empty();
        let reading = match (codes.as_slice(), read) {
            (_, CodeReading::Unclear(_)) | ([], _) => read,
            ([_], CodeReading::Known { .. }) => read,
            ([code], _) => CodeReading::Known { code: *code, repair: None },
            _ => CodeReading::Unclear(CodeTrouble::Disagree),
        };
        // A term that is not the alias itself is something that somebody wrote.
        let own = by_alias && !fitting.iter().any(|alias| super::wording::plain(&alias.text) == cells[1]);
        let around = (own && !term.trim().is_empty()).then(|| term.trim().to_owned());
        AliasReading { reading, by_alias, around }
    }

    /// The code that it stands for.
    #[must_use]
    pub fn means(&self) -> Option<AccessCode> {
        AccessCode::ALL.into_iter().find(|code| code.short() == self.code.trim())
    }
}

const STEM: &str = "enhancedreview";

/// What may follow in the term of a 104 or a 106, word by word; each may be
/// missing, and the last may be cut short.
const REVIEW_TAIL: [&str; 14] = [
    "before",
    "granting",
    "access",
    "to",
    "their",
    "the",
    "your",
    "patients",
    "patient",
    "own",
    "health",
    "medical",
    "record",
    "situation",
];

/// The words of a 103.
const DECLINED: [&str; 11] =
    ["online", "access", "to", "your", "own", "health", "record", "declined", "by", "patient", "situation"];

fn read_term(cell: &str) -> TermReading {
    let plain = Plain::of(cell).text;
    let reviews = plain.match_indices(STEM).map(|(at, _)| read_review(&plain[..at], &plain[at + STEM.len()..]));
    let mut said = reviews.chain([read_declined(&plain)]).filter(|read| *read != TermReading::Silent);
    let Some(first) = said.next() else { return TermReading::Silent };
    if said.all(|other| other == first) { first } else { TermReading::Several }
}

/// What an "enhanced review" is said to be, by what stands before and behind.
fn read_review(before: &str, rest: &str) -> TermReading {
    let negated = before.ends_with("no") || before.ends_with("not");
    let about_access = ["indicated", "healthrecord", "grantingaccess"].iter().any(|w| rest.contains(w));
    // "Not indicated" first, or every 106 reads as a 104.
    match rest {
        _ if negated => TermReading::CutShort,
        _ if rest.starts_with("notindicated") => TermReading::Code(AccessCode::NoReview106),
        _ if rest.starts_with("indicated") => TermReading::Code(AccessCode::Review104),
        // Cut short within the deciding word: still certain.
        _ if rest.len() >= 3 && "notindicated".starts_with(rest) => TermReading::Code(AccessCode::NoReview106),
        _ if rest.len() >= 3 && "indicated".starts_with(rest) => TermReading::Code(AccessCode::Review104),
        // Something of the kind that is not understood is never passed over.
        _ if about_access || "notindicated".starts_with(rest) || "indicated".starts_with(rest) => TermReading::CutShort,
        _ => TermReading::Silent,
    }
}

/// Whether a plain text is the term of a 103, or says the same in other words.
fn read_declined(plain: &str) -> TermReading {
    let has = |words: &[&str]| words.iter().any(|w| plain.contains(w));
    // The summary care record, and services that somebody else declined, are
    // other things.
    let other = has(&["summarycare", "byclinician", "bypractice", "bygp"]);
    let declines = has(&["declin", "refus", "optedout", "optsout", "optout", "doesnotwant", "doesntwant"]);
    if declines && plain.contains("access") && !other {
        let is_record = has(&["healthrecord", "medicalrecord", "gprecord"]);
        match (is_record, plain.contains("online")) {
            (true, true) => return TermReading::Code(AccessCode::Declined103),
            (true, false) => return TermReading::OtherWords,
            (false, true) if !plain.contains("service") => return TermReading::OtherWords,
            _ => {}
        }
    }
    // "Registered for online access to…" is another thing too.
    let at = plain.find("onlineaccessto").filter(|at| plain[..*at].bytes().all(|b| b.is_ascii_digit()));
    let Some(rest) = at.map(|at| &plain[at..]).filter(|_| !other) else { return TermReading::Silent };
    let consumed = consume(rest, &DECLINED);
    match rest.len() - consumed {
        // Within the word that decides, or short of it: only the former is certain.
        0 if rest.contains("healthrecorddec") => TermReading::Code(AccessCode::Declined103),
        0 => TermReading::CutShort,
        _ => TermReading::Silent,
    }
}

/// How many bytes of a plain text are these words, in this order, each of which
/// may be missing; the last may be cut short by the end.
fn consume(plain: &str, words: &[&str]) -> usize {
    let mut at = 0;
    for word in words {
        let rest = &plain[at..];
        if rest.starts_with(word) {
            at += word.len();
        } else if !rest.is_empty() && word.starts_with(rest) {
            return plain.len();
        }
    }
    at
}

/// Letters and digits only, in lower case: capitals, spaces run together,
/// brackets and no-break spaces make no difference. Each byte knows where in the
/// cell it came from.
struct Plain {
    text: String,
    from: Vec<usize>,
}

impl Plain {
    fn of(cell: &str) -> Self {
        let mut plain = Self { text: String::with_capacity(cell.len()), from: Vec::with_capacity(cell.len()) };
        for (at, c) in cell.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
            plain.text.push(c.to_ascii_lowercase());
            plain.from.push(at);
        }
        plain
    }
}

/// One word of at most seven letters and digits that begins with X or Y, as CTV3
/// and local codes do, or holds a digit.
fn is_local_code(text: &str) -> bool {
    let code = text.trim_matches(|c: char| !c.is_alphanumeric());
    let plain = code.len() <= 7 && code.len() >= 4 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    plain && (code.starts_with(['X', 'Y']) || code.bytes().any(|b| b.is_ascii_digit()))
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

/// What stands in a term cell besides the term itself, before or behind it.
/// `SystmOne`'s "Event details" hold the term and then whatever the user typed;
/// that is free text about this patient and must not be lost.
#[must_use]
pub fn text_around_term(cell: &str) -> Option<String> {
    let plain = Plain::of(cell);
    let (start, length) = if let Some(at) = plain.text.find(STEM) {
        let rest = &plain.text[at + STEM.len()..];
        let whole = ["notindicated", "indicated"].into_iter().find(|w| rest.starts_with(w)).map_or(0, str::len);
        // Cut short within that word, at the end of the cell.
        let cut = whole == 0 && ["notindicated", "indicated"].iter().any(|w| w.starts_with(rest));
        let verdict = if cut { rest.len() } else { whole };
        (at, STEM.len() + verdict + consume(&rest[verdict..], &REVIEW_TAIL))
    } else {
        let at = plain.text.find("onlineaccessto")?;
        (at, consume(&plain.text[at..], &DECLINED))
    };
    let edge =
        |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | ';' | ',' | '.' | '(' | ')' | '|' | '"');
    let from = plain.from.get(start).copied()?;
    let last = plain.from.get(start + length - 1).copied()?;
    let before = cell[..from].trim_matches(edge);
    // An identifier in front of the term is none of the user's words.
    let before = if before.bytes().all(|b| b.is_ascii_digit()) { "" } else { before };
    let behind = cell[last + 1..].trim_matches(edge);
    // So is a local code behind or before it: "(XaZZZ)", "[Y3a1b]".
    let words = |t: &str| !t.is_empty() && !is_local_code(t);
    let text = [before, behind].into_iter().filter(|t| words(t)).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T104: &str = AccessCode::Review104.term();
    const T106: &str = AccessCode::NoReview106.term();
    const T103: &str = AccessCode::Declined103.term();

    fn known(code: AccessCode) -> CodeReading {
        CodeReading::Known { code, repair: None }
    }

    fn repaired(code: AccessCode, repair: Repair) -> CodeReading {
        CodeReading::Known { code, repair: Some(repair) }
    }

    #[test]
    fn the_constants_are_valid_concepts() {
        for code in AccessCode::ALL {
            let id = code.concept();
            assert_eq!(Sctid::new(id.number()), Some(id));
            assert_eq!(id.partition(), Partition::Concept);
            assert!(id.to_string().ends_with(code.short()));
        }
    }

    #[test]
    fn terms_are_read_in_all_their_spellings_not_indicated_first() {
        for (term, code) in [
            (T104, AccessCode::Review104),
            (T106, AccessCode::NoReview106),
            (T103, AccessCode::Declined103),
            ("ENHANCED REVIEW NOT INDICATED BEFORE GRANTING ACCESS TO YOUR OWN HEALTH RECORD", AccessCode::NoReview106),
            ("Enhanced review indicatedbefore granting access", AccessCode::Review104),
            ("Enhanced review not indicatedbefore granting", AccessCode::NoReview106),
            ("Enhanced\u{a0}review  not  indicated", AccessCode::NoReview106),
            ("Enhanced review indic", AccessCode::Review104),
            ("Enhanced review not", AccessCode::NoReview106),
            ("Online access to your own health record declined by patient", AccessCode::Declined103),
            ("Online access to own health record decl", AccessCode::Declined103),
            ("Declined access to own health record online", AccessCode::Declined103),
        ] {
            assert_eq!(read_code("", term), known(code), "{term}");
        }
    }

    #[test]
    fn a_term_cut_before_the_deciding_word_is_unclear() {
        for term in [
            "Enhanced review",
            "Enhanced review n",
            "Enhanced review in",
            "Online access to own health record",
            "Online access to own",
        ] {
            assert_eq!(read_code("", term), CodeReading::Unclear(CodeTrouble::TermCutShort), "{term}");
        }
        for term in ["Enhanced review is not indicated", "Online access to your own health rec"] {
            assert_eq!(read_code("", term), CodeReading::Unclear(CodeTrouble::TermCutShort), "{term}");
        }
        for term in [
            "Enhanced review of medication",
            "Declined summary care record access",
            "Online access to services declined",
            "Online access to own health record declined by clinician",
            "Registered for online access to own health record",
        ] {
            assert_eq!(read_code("", term), CodeReading::Other, "{term}");
        }
        assert_eq!(read_code("", "Online access to own health record granted"), CodeReading::Other);
        assert_eq!(read_code("", "Essential hypertension"), CodeReading::Other);
        assert_eq!(read_code("38341003", "Essential hypertension"), CodeReading::Other);
    }

    #[test]
    fn damaged_identifiers_are_repaired_only_as_far_as_proven() {
        use AccessCode::{Declined103, NoReview106, Review104};
        for (id, term, expected) in [
            ("1364731000000104", "", known(Review104)),
            ("'1364731000000104", "", known(Review104)),
            ("=\"1364731000000104\"", "", known(Review104)),
            ("1,364,731,000,000,104", "", known(Review104)),
            ("1364731000000104.0", "", known(Review104)),
            ("1364731000000100", "", repaired(Review104, Repair::CheckDigit)),
            ("1364751000000100", T106, repaired(NoReview106, Repair::CheckDigit)),
            ("1290331000000100", "", repaired(Declined103, Repair::CheckDigit)),
            ("1.36473E+15", T104, repaired(Review104, Repair::Scientific)),
            ("1.36475E+15", T106, repaired(NoReview106, Repair::Scientific)),
            ("1.29033e15", T103, repaired(Declined103, Repair::Scientific)),
            ("1.36473E+15", "", CodeReading::Unclear(CodeTrouble::Unconfirmed)),
            ("1.36E+15", "", CodeReading::Unclear(CodeTrouble::TooFewDigits)),
            ("1.36E+15", T104, known(Review104)),
            ("1.36473E+15", T106, CodeReading::Unclear(CodeTrouble::Disagree)),
            ("1364751000000110", T106, repaired(NoReview106, Repair::RoundedUp)),
            ("1364751000000110", "", CodeReading::Unclear(CodeTrouble::Unconfirmed)),
            ("1364751000000110", T104, CodeReading::Unclear(CodeTrouble::Disagree)),
            ("1290330000000000", "", CodeReading::Unclear(CodeTrouble::TooFewDigits)),
            ("129033100000010", "", CodeReading::Unclear(CodeTrouble::TooFewDigits)),
            ("129033100000010", T103, known(Declined103)),
            ("1290331000000103 |Online access to own health record declined by patient|", "", known(Declined103)),
            (T104, "", known(Review104)),
            ("9.99E+15", "", CodeReading::Other),
        ] {
            assert_eq!(read_code(id, term), expected, "{id} | {term}");
        }
    }

    #[test]
    fn an_identifier_and_a_term_that_disagree_are_unclear() {
        let disagree = CodeReading::Unclear(CodeTrouble::Disagree);
        assert_eq!(read_code("1364731000000104", T106), disagree);
        assert_eq!(read_code("1364751000000106", T104), disagree);
        assert_eq!(read_code("38341003", T104), disagree);
    }

    #[test]
    fn local_codes_and_description_ids_leave_it_to_the_term() {
        assert_eq!(read_code("Y2e9b", T104), known(AccessCode::Review104));
        assert_eq!(read_code("Y2e9b", ""), CodeReading::Other);
        let description =
            (0..10).map(|d| 3_000_000_000_000_110 + d).find_map(Sctid::new).expect("one has the right digit");
        assert_eq!(read_code(&description.to_string(), T106), known(AccessCode::NoReview106));
    }

    #[test]
    fn text_behind_the_term_is_kept() {
        let cell = format!("{T104} - seen with social worker");
        let around = |cell: &str| text_around_term(cell);
        assert_eq!(around(&cell).as_deref(), Some("seen with social worker"));
        assert_eq!(around(T104), None);
        assert_eq!(around("Enhanced review not indicated before granting access to own health record"), None);
        assert_eq!(around("Enhanced review indicatedbefore granting access to your ownhealth reco"), None);
        assert_eq!(around(T103), None);
        assert_eq!(
            around("Enhanced review indicated before granting access to patient own medical record (XaZZZ)"),
            None
        );
        assert_eq!(around("Y3a1b Enhanced review indicated before granting access to their own health record"), None);
        assert_eq!(around("1364731000000104 |Enhanced review indicated before granting access|"), None);
        assert_eq!(around("Essential hypertension"), None);
        for (cell, text) in [
            ("Enhanced review indicated - domestic abuse", "domestic abuse"),
            ("Enhanced review indicated before granting access to own healthrecord - domestic abuse", "domestic abuse"),
            ("Enhanced review indicated before granting access to own health  record (situation): x", "x"),
            ("Enhanced review indicated before granting access - husband reads phone", "husband reads phone"),
            ("Domestic abuse: Enhanced review indicated", "Domestic abuse"),
            ("Online access to own health record declined by patient - at desk", "at desk"),
        ] {
            assert_eq!(around(cell).as_deref(), Some(text), "{cell}");
        }
    }
}
