//! What cells say in words: yes or no, nothing at all, what has become of a
//! registration.

use super::contents::Registration;

/// A filled cell of a risk column, unless it says no.
pub fn says_yes(cell: &str) -> bool {
    !is_nothing(cell.trim())
}

/// A few words that say that there is no risk: "Not vulnerable", "No known abuse". What is
/// not allowed, not safe, or no longer so, is something else.
pub fn says_no(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let goes_on = ["longer", "safe", "to", "contact", "access", "allowed", "letters", "calls", "post", "visits"];
    words.len() <= 5
        && words.first().is_some_and(|first| ["no", "not", "none", "nil", "never"].contains(first))
        && words.get(1).is_none_or(|second| !goes_on.contains(second))
}

/// What people write into a cell to say that there is nothing to write.
pub fn is_nothing(cell: &str) -> bool {
    const NOTHING: [&str; 24] = [
        "",
        "n",
        "no",
        "none",
        "false",
        "0",
        "-",
        "–",
        "n/a",
        "na",
        "nil",
        "alive",
        "living",
        "not applicable",
        "not known",
        "unknown",
        "none recorded",
        "not recorded",
        "not deceased",
        "not dead",
        "no date",
        ".",
        "--",
        "n/k",
    ];
    NOTHING.iter().any(|no| cell.eq_ignore_ascii_case(no))
}

/// What words say of a registration. Words that are not known are not taken for
/// a full one.
pub fn registration_words(words: &str) -> Registration {
    let words = words.trim().to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    if has(&["deceas", "died", "dead", "death"]) || words == "rip" {
        Registration::Deceased
    } else if has(&[
        "deduct",
        "left",
        "inactive",
        "transferred",
        "former",
        "dereg",
        "unregistered",
        "not registered",
        "not currently",
        "previous",
        "no longer",
        "removed",
        "gone away",
        "moved away",
        "archived",
    ]) {
        Registration::Left
    } else if has(&[
        "temporary",
        "non-gms",
        "non gms",
        "not yet",
        "never",
        "private",
        "immediate",
        "emergency",
        "walk-in",
        "minor",
        "applied",
        "pre-reg",
        "dummy",
        "test",
        "contraceptive",
        "maternity only",
        "visitor",
    ]) {
        Registration::NotFull
    } else if words.is_empty()
        || has(&[
            "gms",
            "pms",
            "apms",
            "registered",
            "regular",
            "current",
            "active",
            "full",
            "permanent",
            "general medical",
            "medical card received",
            "record received",
            "fp69",
            "presented",
            "alive",
            "nhs",
        ])
        || matches!(words.as_str(), "yes" | "y" | "r" | "true" | "1")
    {
        Registration::Full
    } else {
        Registration::Unclear
    }
}
