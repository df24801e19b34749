//! What a term cell says: which of the three codes, and what else somebody wrote into it.

use super::AccessCode;

/// What a term cell says by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TermReading {
    Silent,
    Code(AccessCode),
    CutShort,
    /// Of declined access, in other words.
    OtherWords,
    /// The terms of two codes.
    Several,
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

pub(super) fn read_term(cell: &str) -> TermReading {
    let plain = Plain::of(cell).text;
    let reviews = plain.match_indices(STEM).map(|(at, _)| read_review(&plain[..at], &plain[at + STEM.len()..]));
    // Behind the term of a 104, words of declining are a note, unless they are a 103's.
    let declined = match text_around_term(cell).filter(|_| plain.contains(STEM)) {
        Some(around) => {
            Some(read_declined(&Plain::of(&around).text)).filter(|read| matches!(read, TermReading::Code(_)))
        }
        None => (!plain.contains(STEM)).then(|| read_declined(&plain)),
    };
    let mut said = reviews.chain(declined).filter(|read| *read != TermReading::Silent);
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

/// Whether a text is a local code, and not somebody's word: five characters as CTV3 codes and
/// those of TPP have them (`XaZZZ`, `Y3a1b`), or a Read code (`9Nd1.`). "DV2023" and "Youth"
/// are notes.
pub(super) fn is_local_code(text: &str) -> bool {
    let code = text.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((first, rest)) = code.as_bytes().split_first() else { return false };
    if code.len() > 5 || !rest.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    match first {
        b'X' | b'Y' => code.len() == 5 && rest.iter().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase()),
        b'0'..=b'9' => code.len() >= 3 && rest.iter().any(u8::is_ascii_alphabetic),
        _ => false,
    }
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
