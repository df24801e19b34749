//! Signs on file that somebody may be at risk.
//!
//! Membership of a risk group means *look at this person*, not exclusion; and a
//! missing marker never means "no risk" (NHS England, RCGP safeguarding toolkit).

mod names;

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

pub use names::{TITLES, markers_in_name, may_be_marked};

use super::sctid::Sctid;

/// A risk group named by NHS England, the RCGP, the BMA or LMCs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Marker {
    /// Safeguarding of a child or of an adult.
    Safeguarding,
    /// Domestic abuse, coercion, honour-based violence, forced marriage, stalking.
    Abuse,
    /// Exploitation, trafficking, modern slavery, extremism.
    Exploitation,
    /// Lack of capacity, dementia, learning disability.
    Capacity,
    /// Serious mental illness.
    MentalIllness,
    /// Anything else that guidance names: HIV, asylum, living away from home.
    OtherRisk,
}

impl Marker {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Safeguarding, Self::Abuse, Self::Exploitation, Self::Capacity, Self::MentalIllness, Self::OtherRisk];

    /// In words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            Self::Abuse => "domestic abuse or coercion",
            Self::Exploitation => "exploitation",
            Self::Capacity => "capacity, dementia or learning disability",
            Self::MentalIllness => "serious mental illness",
            Self::OtherRisk => "another risk group",
        }
    }
}

/// A set of markers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Markers(u8);

impl Markers {
    /// Adds one.
    pub fn add(&mut self, marker: Marker) {
        self.0 |= 1 << marker as u8;
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether there is none. That is no evidence of safety.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are not in another set.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// In words: "safeguarding, exploitation".
    #[must_use]
    pub fn labels(self) -> String {
        self.iter().map(Marker::label).collect::<Vec<_>>().join(", ")
    }

    /// Reads [`Markers::labels`]; what is not known is left out.
    #[must_use]
    pub fn from_labels(labels: &str) -> Self {
        let mut read = Self::default();
        // A label may hold a comma itself.
        Marker::ALL.into_iter().filter(|m| labels.contains(m.label())).for_each(|m| read.add(m));
        read
    }

    /// Those in the set.
    pub fn iter(self) -> impl Iterator<Item = Marker> {
        Marker::ALL.into_iter().filter(move |m| self.0 & (1 << *m as u8) != 0)
    }
}

/// Concepts that say that somebody is at risk: child cause for concern, child
/// in family, unborn child, child protection plan, family member on plan,
/// vulnerable adult, vulnerable elderly person.
const CONCEPTS: [Sctid; 7] = [
    Sctid::known(836_881_000_000_105),
    Sctid::known(1_064_961_000_000_107),
    Sctid::known(878_111_000_000_109),
    Sctid::known(342_191_000_000_101),
    Sctid::known(375_041_000_000_100),
    Sctid::known(417_430_008),
    Sctid::known(247_811_000_000_108),
];

/// Words that name a risk group, in lower case and without hyphens; each begins a word.
/// Too many hits cost a look at a patient; a miss may cost their safety.
const WORDS: [(&str, Marker); 157] = [
    ("do not disclose", Marker::OtherRisk),
    ("don t disclose", Marker::OtherRisk),
    ("non disclosure", Marker::OtherRisk),
    ("safeguard", Marker::Safeguarding),
    ("child protection", Marker::Safeguarding),
    ("child in need", Marker::Safeguarding),
    ("cause for concern", Marker::Safeguarding),
    ("vulnerable", Marker::Safeguarding),
    ("looked after", Marker::Safeguarding),
    ("social services", Marker::Safeguarding),
    ("social worker", Marker::Safeguarding),
    ("social care", Marker::Safeguarding),
    ("controlled by", Marker::Abuse),
    ("safe house", Marker::Abuse),
    ("women s aid", Marker::Abuse),
    ("womens aid", Marker::Abuse),
    ("marac", Marker::Abuse),
    ("domestic abuse", Marker::Abuse),
    ("domestic violence", Marker::Abuse),
    ("abus", Marker::Abuse),
    ("coerc", Marker::Abuse),
    ("controlling", Marker::Abuse),
    ("honour based", Marker::Abuse),
    ("forced marriage", Marker::Abuse),
    ("fgm", Marker::Abuse),
    ("stalk", Marker::Abuse),
    ("violen", Marker::Abuse),
    ("assault", Marker::Abuse),
    ("exploit", Marker::Exploitation),
    ("traffick", Marker::Exploitation),
    ("slavery", Marker::Exploitation),
    ("extremis", Marker::Exploitation),
    ("dementia", Marker::Capacity),
    ("learning dis", Marker::Capacity),
    ("psychosis", Marker::MentalIllness),
    ("psychotic", Marker::MentalIllness),
    ("schizo", Marker::MentalIllness),
    ("bipolar", Marker::MentalIllness),
    ("suicid", Marker::MentalIllness),
    ("asylum", Marker::OtherRisk),
    ("refugee", Marker::OtherRisk),
    ("refuge", Marker::OtherRisk),
    ("alzheimer", Marker::Capacity),
    ("learning diff", Marker::Capacity),
    ("mental health act", Marker::MentalIllness),
    ("serious mental", Marker::MentalIllness),
    ("severe mental", Marker::MentalIllness),
    ("self harm", Marker::MentalIllness),
    ("immunodeficiency", Marker::OtherRisk),
    ("away from home", Marker::OtherRisk),
    ("harass", Marker::Abuse),
    ("injunction", Marker::Abuse),
    ("child in care", Marker::Safeguarding),
    ("child on cp", Marker::Safeguarding),
    ("mash referral", Marker::Safeguarding),
    ("cin plan", Marker::Safeguarding),
    ("lack of capacity", Marker::Capacity),
    ("lacks capacity", Marker::Capacity),
    ("lacks mental capacity", Marker::Capacity),
    ("mental capacity", Marker::Capacity),
    ("no capacity", Marker::Capacity),
    ("court of protection", Marker::Capacity),
    ("deputyship", Marker::Capacity),
    ("is deputy", Marker::Capacity),
    ("cognitive impair", Marker::Capacity),
    ("honour killing", Marker::Abuse),
    ("restraining order", Marker::Abuse),
    ("non molestation", Marker::Abuse),
    ("threatened", Marker::Abuse),
    ("cuckoo", Marker::Exploitation),
    ("county lines", Marker::Exploitation),
    ("unaccompanied minor", Marker::OtherRisk),
    ("person at risk", Marker::OtherRisk),
    ("adult at risk", Marker::OtherRisk),
    ("child at risk", Marker::OtherRisk),
    ("manic", Marker::MentalIllness),
    ("delusional", Marker::MentalIllness),
    ("personality disorder", Marker::MentalIllness),
    ("cmht", Marker::MentalIllness),
    ("mha section", Marker::MentalIllness),
    ("radicali", Marker::Exploitation),
    ("prevent referral", Marker::Exploitation),
    ("mash", Marker::Safeguarding),
    ("s47", Marker::Safeguarding),
    ("section 47", Marker::Safeguarding),
    ("cp plan", Marker::Safeguarding),
    ("case conference", Marker::Safeguarding),
    ("strategy meeting", Marker::Safeguarding),
    ("encompass", Marker::Abuse),
    ("idva", Marker::Abuse),
    ("perpetrator", Marker::Abuse),
    ("police disclosure", Marker::Abuse),
    ("ex partner", Marker::Abuse),
    ("ex husband", Marker::Abuse),
    ("ld register", Marker::Capacity),
    ("safe guarding", Marker::Safeguarding),
    ("neglect", Marker::Safeguarding),
    ("non accidental injur", Marker::Safeguarding),
    ("foster care", Marker::Safeguarding),
    ("foster child", Marker::Safeguarding),
    ("foster parent", Marker::Safeguarding),
    ("fostered", Marker::Safeguarding),
    ("genital mutilation", Marker::Abuse),
    ("honour violence", Marker::Abuse),
    ("honour crime", Marker::Abuse),
    ("ex wife", Marker::Abuse),
    ("ex boyfriend", Marker::Abuse),
    ("ex girlfriend", Marker::Abuse),
    ("hate crime", Marker::Abuse),
    ("threats", Marker::Abuse),
    ("mappa", Marker::Abuse),
    ("grooming", Marker::Exploitation),
    ("groomed", Marker::Exploitation),
    ("psychoses", Marker::MentalIllness),
    ("mania", Marker::MentalIllness),
    ("acquired immun", Marker::OtherRisk),
    ("aids related", Marker::OtherRisk),
    ("aids defining", Marker::OtherRisk),
    ("multi agency risk", Marker::Abuse),
    ("battered", Marker::Abuse),
    ("intimidat", Marker::Abuse),
    ("frightened of", Marker::Abuse),
    ("scared of", Marker::Abuse),
    ("afraid of", Marker::Abuse),
    ("in fear of", Marker::Abuse),
    ("duress", Marker::Abuse),
    ("pressured by", Marker::Abuse),
    ("witness protection", Marker::Abuse),
    ("protected address", Marker::Abuse),
    ("no contact with", Marker::OtherRisk),
    ("not to have access", Marker::OtherRisk),
    ("not to have contact", Marker::OtherRisk),
    ("do not share", Marker::OtherRisk),
    ("don t share", Marker::OtherRisk),
    ("do not contact", Marker::OtherRisk),
    ("don t contact", Marker::OtherRisk),
    ("do not tell", Marker::OtherRisk),
    ("don t tell", Marker::OtherRisk),
    ("court order", Marker::OtherRisk),
    ("custody", Marker::OtherRisk),
    ("sensitive record", Marker::OtherRisk),
    ("risk of harm", Marker::OtherRisk),
    ("high risk register", Marker::OtherRisk),
    ("at risk register", Marker::Safeguarding),
    ("missing from home", Marker::Safeguarding),
    ("section 17", Marker::Safeguarding),
    ("gang associat", Marker::Exploitation),
    ("gang affiliat", Marker::Exploitation),
    ("gang related", Marker::Exploitation),
    ("gang member", Marker::Exploitation),
    ("prevent duty", Marker::Exploitation),
    ("intellectual dis", Marker::Capacity),
    ("down s syndrome", Marker::Capacity),
    ("downs syndrome", Marker::Capacity),
    ("deprivation of liberty", Marker::Capacity),
    ("paranoi", Marker::MentalIllness),
    ("overdose", Marker::MentalIllness),
];

/// Short enough to be part of other words, so only as a word of its own.
const WHOLE_WORDS: [&str; 10] = ["hiv", "dv", "da", "smi", "cpp", "lac", "cse", "rape", "raped", "dols"];

/// All words, to be looked for in one go; `None` only if they could not be put
/// together, and then each is looked for by itself.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| *word).chain(WHOLE_WORDS);
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::DFA));
    builder.build(words).ok()
});

/// The markers in a free text or a term.
#[must_use]
pub fn markers_in_text(text: &str) -> Markers {
    let mut found = Markers::default();
    if text.is_empty() {
        return found;
    }
    let text = &*spaced(text);
    let text = &*text.replace(['\'', '’'], " ");
    let text = &*without_points(text);
    // Hearing aids are another thing.
    // "At risk of diabetes" is, too.
    if ["aids", "at risk"].iter().any(|whole| text.trim().eq_ignore_ascii_case(whole)) {
        found.add(Marker::OtherRisk);
    }
    let mut note = |word: usize, from: usize, to: usize| {
        // From the beginning of a word: "Main Carer" is no child in care.
        let starts = !text.get(..from).is_some_and(|before| before.ends_with(char::is_alphanumeric));
        let ends = || !text.get(to..).is_some_and(|behind| behind.starts_with(char::is_alphanumeric));
        match WORDS.get(word) {
            Some((_, marker)) if starts => found.add(*marker),
            None if starts && ends() => found.add(Marker::OtherRisk),
            _ => {}
        }
    };
    if let Some(finder) = &*FINDER {
        for hit in finder.find_overlapping_iter(text) {
            note(hit.pattern().as_usize(), hit.start(), hit.end());
        }
    } else {
        let lower = text.to_ascii_lowercase();
        for (number, word) in WORDS.iter().map(|(word, _)| *word).chain(WHOLE_WORDS).enumerate() {
            for (at, _) in lower.match_indices(word) {
                note(number, at, at + word.len());
            }
        }
    }
    found
}

/// Abbreviations without what stands between their letters: "D/V", "D.V." and "S/G" are "DV" and
/// "SG".
#[must_use]
pub fn without_points(text: &str) -> Cow<'_, str> {
    let is_point = |c: char| matches!(c, '/' | '.');
    let is_letters = |word: &str| {
        let pieces = || word.split(is_point);
        word.contains(is_point)
            && pieces().count() > 1
            && pieces().all(|piece| piece.len() <= 1 && piece.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    if !text.contains(is_point) || !text.split(' ').any(is_letters) {
        return Cow::Borrowed(text);
    }
    let bare = |word: &str| if is_letters(word) { word.replace(is_point, "") } else { word.to_owned() };
    Cow::Owned(text.split(' ').map(bare).collect::<Vec<_>>().join(" "))
}

/// People around a patient, in lower case. "Partners" own a practice; a "partner" lives with a
/// patient.
pub const PEOPLE_AROUND: [&str; 29] = [
    "husband",
    "wife",
    "partner",
    "ex",
    "father",
    "mother",
    "son",
    "daughter",
    "brother",
    "sister",
    "parent",
    "parents",
    "family",
    "boyfriend",
    "girlfriend",
    "dad",
    "mum",
    "spouse",
    "relative",
    "carer",
    "neighbour",
    "uncle",
    "aunt",
    "grandson",
    "stepfather",
    "housemate",
    "flatmate",
    "landlord",
    "friend",
];

/// One blank between words, whatever stands there: a hyphen, a dash, a no-break space, two
/// blanks, a line's end.
fn spaced(text: &str) -> Cow<'_, str> {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}');
    // Nearly all texts are so, and this is quick.
    let bytes = text.as_bytes();
    let is_plain = bytes.iter().all(|b| matches!(b, b' '..=b'~') && *b != b'-');
    if is_plain && memchr::memmem::find(bytes, b"  ").is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Whether a cell names one of the known safeguarding concepts by its identifier, alone or
/// beside something else, and as a spreadsheet leaves it.
#[must_use]
pub fn is_risk_concept(cell: &str) -> bool {
    let is_risk = |digits: &str| {
        digits.parse::<u64>().is_ok_and(|n| {
            let id = Sctid::new(n).or_else(|| Sctid::restore_check_digit(n));
            id.is_some_and(|id| CONCEPTS.contains(&id))
        })
    };
    // 8.36881E+14: too few digits to be certain, enough to look at the patient.
    let is_shown = |mantissa: &str, exponent: &str| {
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let places: Option<usize> = exponent.trim_start_matches('+').trim().parse().ok();
        let fits = |id: &Sctid| Some(id.to_string().len() - 1) == places && id.begins_like(&digits);
        digits.len() >= 4 && CONCEPTS.iter().any(fits)
    };
    let together: String = cell.chars().filter(char::is_ascii_digit).collect();
    is_risk(&together)
        || cell.split(|c: char| !c.is_ascii_digit()).any(is_risk)
        || cell.trim().split_once(['e', 'E']).is_some_and(|(mantissa, exponent)| is_shown(mantissa, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_concepts_have_right_check_digits() {
        for concept in CONCEPTS {
            assert_eq!(Sctid::new(concept.number()), Some(concept));
        }
    }

    #[test]
    fn concepts_are_found_as_spreadsheets_leave_them() {
        for cell in
            ["836881000000105.0", "8.36881E+14", "1.06496E+15", "417430008.0", "SCTID: 417430008", "1064961000000100"]
        {
            assert!(is_risk_concept(cell), "{cell}");
        }
        for cell in ["", "0", "38341003", "8.4E+14", "1.36473E+15", "4.1743E+9"] {
            assert!(!is_risk_concept(cell), "{cell}");
        }
    }

    #[test]
    fn finds_risk_groups_in_words() {
        let labels = |text| markers_in_text(text).iter().collect::<Vec<_>>();
        assert_eq!(labels("Seen at MARAC, DV"), [Marker::Abuse, Marker::OtherRisk]);
        assert_eq!(labels("Safeguarding adults lead informed"), [Marker::Safeguarding]);
        assert!(labels("bulk coded Oct 22").is_empty());
        assert!(labels("Main Carer; forced vital capacity; at risk of falls; Honour Oak; careful").is_empty());
        assert_eq!(labels("Adult at risk, daughter is deputy"), [Marker::Capacity, Marker::OtherRisk]);
        assert!(labels("").is_empty());
        for text in ["child\u{a0}protection plan", "Looked-after child", "learning  disability", "Honour\u{2013}based"]
        {
            assert!(!labels(text).is_empty(), "{text}");
        }
        assert!(labels("hearing aids, well-kept").is_empty());
        assert!(labels("Data entered").is_empty(), "'da' only as a word of its own");
        for text in
            ["D/V", "D.V.", "known D/V since 2019", "Women's Aid", "controlled by spouse", "social care involved"]
        {
            assert!(!labels(text).is_empty(), "{text}");
        }
    }
}
