//! Risks that are written into names and addresses.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{Marker, Markers, markers_in_text, spaced, without_points};

/// Titles of people.
pub const TITLES: [&str; 9] = ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "master"];
/// Further ones, which are family names too.
const MORE_TITLES: [&str; 5] = ["mstr", "sir", "lady", "lord", "dame"];

/// Words of risk that are no names.
const IN_NAMES: [&str; 17] = [
    "safeguarding",
    "safeguard",
    "child protection",
    "domestic abuse",
    "domestic violence",
    "violent",
    "violence",
    "abusive",
    "abuse",
    "refuge",
    "ex partner",
    "ex husband",
    "ex wife",
    "vulnerable",
    "marac",
    "mappa",
    "idva",
];

/// What stands in each of those: asked of every name, and quick.
static IN_MARKED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let begin =
        ["safeg", "child", "domes", "viol", "abus", "refug", "ex", "vuln", "mara", "mapp", "idva", " - ", "*", " dv"];
    AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(begin).ok()
});

/// Whether [`markers_in_name`] may find something in a raw cell.
#[must_use]
pub fn may_be_marked(name: &[u8]) -> bool {
    // Nearly every name has a title behind it.
    let remark = memchr::memchr(b'(', name).and_then(|at| name.get(at + 1..)).unwrap_or_default();
    let inside = remark.split(|b| *b == b')').next().unwrap_or_default();
    let is_title = TITLES.iter().chain(&MORE_TITLES).any(|title| inside.eq_ignore_ascii_case(title.as_bytes()))
        && !remark.contains(&b'(');
    if !remark.is_empty() && !is_title {
        return true;
    }
    IN_MARKED.as_ref().is_none_or(|finder| finder.is_match(name))
}

/// Markers in what should be a name or an address: a few whole words, since "Mash" and "Stalker"
/// are names, and "Cuckoo Lane" is an address. What stands in brackets, or behind a dash or a star,
/// is a remark, if it is no title.
#[must_use]
pub fn markers_in_name(text: &str) -> Markers {
    let mut found = Markers::default();
    let remark = |from: usize| text.get(from..).unwrap_or_default();
    let begins = [text.find('('), text.find(" - "), text.find('*')];
    for from in begins.into_iter().flatten() {
        let said = remark(from).replace(['(', ')', '*'], " ");
        let said = without_points(&said);
        found.join(markers_in_text(&said));
        let plain: String =
            said.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
        if plain.split(' ').any(|word| REMARKS.contains(&word)) {
            found.add(Marker::OtherRisk);
        }
    }
    // Behind a given name; behind a comma or a title these are initials.
    let is_title = |word: &str| matches!(word, "Dr" | "Mr" | "Mrs" | "Ms" | "Miss");
    let before_and_word = text.split_whitespace().zip(text.split_whitespace().skip(1));
    if before_and_word.into_iter().any(|(before, word)| word == "DV" && !before.ends_with(',') && !is_title(before)) {
        found.add(Marker::Abuse);
    }
    let lower = spaced(text).to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let plain = format!(" {} ", words.join(" "));
    if IN_NAMES.iter().any(|said| plain.contains(&format!(" {said} "))) {
        found.add(Marker::Safeguarding);
    }
    found
}

/// Abbreviations of risks in a remark beside a name.
const REMARKS: [&str; 8] = ["ld", "cp", "sg", "mca", "dols", "risk", "confidential", "disclose"];

#[cfg(test)]
mod tests {
    use super::markers_in_name;

    #[test]
    fn names_and_addresses_are_seldom_markers() {
        for text in [
            "Haven Women's Refuge",
            "SMITH, Ann (SAFEGUARDING)",
            "DO NOT CALL - domestic violence",
            "abusive husband",
            "ANN, A (CP plan)",
            "ANN, A (Mrs) (LAC)",
            "ANN, A (D.V.)",
            "ANN, A - MASH",
            "SMITH, Ann DV",
            "ANN, A *DO NOT DISCLOSE*",
            "ANN, A (LD)",
            "ANN, A (HIV)",
            "ANN, A (safe house)",
        ] {
            assert!(!markers_in_name(text).is_empty(), "{text}");
        }
        for text in [
            "STALKER, John",
            "MASHAM, Ann",
            "3 Cuckoo Lane",
            "ABUSHAKRA, Omar",
            "07700 900123",
            "Mr A Coerce",
            "PATEL, DV (Dr)",
            "SHARMA, DV (Mr)",
            "dv.patel@example.com",
            "da Silva, Ana (Mrs)",
            "SMITH, Ann (Miss)",
        ] {
            assert!(markers_in_name(text).is_empty(), "{text}");
        }
    }
}
