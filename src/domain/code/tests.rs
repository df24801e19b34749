//! Codes as files have them, whole and damaged.

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
        ("1.364.731.000.000.104", "", known(Review104)),
        ("1\u{202f}290\u{202f}331\u{202f}000\u{202f}000\u{202f}103", "", known(Declined103)),
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
        ("1290330000000000", "", CodeReading::Unclear(CodeTrouble::MayBeDeclined)),
        ("129033100000010", "", CodeReading::Unclear(CodeTrouble::MayBeDeclined)),
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
    let may_be_declined = CodeReading::Unclear(CodeTrouble::MayBeDeclined);
    assert_eq!(read_code("1290331000000103", T104), may_be_declined);
    assert_eq!(read_code("1364751000000106", T103), may_be_declined);
    assert_eq!(read_code("1364731000000104; 1290331000000103", ""), may_be_declined);
}

#[test]
fn local_codes_and_description_ids_leave_it_to_the_term() {
    assert_eq!(read_code("Y2e9b", T104), known(AccessCode::Review104));
    assert_eq!(read_code("Y2e9b", ""), CodeReading::Other);
    let description = (0..10).map(|d| 3_000_000_000_000_110 + d).find_map(Sctid::new).expect("one has the right digit");
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
    assert_eq!(around("Enhanced review indicated before granting access to patient own medical record (XaZZZ)"), None);
    assert_eq!(around("Y3a1b Enhanced review indicated before granting access to their own health record"), None);
    assert_eq!(around("Enhanced review indicated before granting access to own health record (9Nd1.)"), None);
    assert_eq!(around("1364731000000104 |Enhanced review indicated before granting access|"), None);
    assert_eq!(around("Essential hypertension"), None);
    for (cell, text) in [
        ("Enhanced review indicated - domestic abuse", "domestic abuse"),
        ("Enhanced review indicated before granting access to own healthrecord - domestic abuse", "domestic abuse"),
        ("Enhanced review indicated before granting access to own health  record (situation): x", "x"),
        ("Enhanced review indicated before granting access - husband reads phone", "husband reads phone"),
        ("Domestic abuse: Enhanced review indicated", "Domestic abuse"),
        ("Online access to own health record declined by patient - at desk", "at desk"),
        ("Enhanced review indicated before granting access - DV2023", "DV2023"),
        ("Enhanced review indicated before granting access - CP2021", "CP2021"),
        ("Enhanced review indicated before granting access - Youth", "Youth"),
        ("Enhanced review indicated before granting access - Xanax", "Xanax"),
    ] {
        assert_eq!(around(cell).as_deref(), Some(text), "{cell}");
    }
}
