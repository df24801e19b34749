//! What cells say in words: yes or no, nothing at all, what has become of a
//! registration.

use super::contents::Registration;

/// A filled cell of a risk column, unless it says no.
pub fn says_yes(cell: &str) -> bool {
    !is_nothing(cell.trim())
}

/// Whether words do no more than deny a risk: "Not vulnerable", "No known abuse", "No
/// safeguarding concerns". What else begins with a no is a warning like any other: "No letters
/// to ex-partner", "Never disclose", "No mental capacity".
pub fn says_no(cell: &str) -> bool {
    const DENIED: [&str; 10] = [
        "vulnerable",
        "safeguarding",
        "abuse",
        "domestic abuse",
        "domestic violence",
        "neglect",
        "violence",
        "exploitation",
        "dementia",
        "learning disability",
    ];
    const BETWEEN: [&str; 12] = [
        "known",
        "current",
        "currently",
        "evidence",
        "of",
        "any",
        "history",
        "signs",
        "recorded",
        "identified",
        "a",
        "an",
    ];
    const BEHIND: [&str; 14] = [
        "concern",
        "concerns",
        "issue",
        "issues",
        "risk",
        "risks",
        "flag",
        "flags",
        "adult",
        "child",
        "known",
        "identified",
        "recorded",
        "noted",
    ];
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let Some((first, rest)) = words.split_first() else { return false };
    if !["no", "not", "none", "nil"].contains(first) {
        return false;
    }
    let between = rest.iter().take_while(|word| BETWEEN.contains(word)).count();
    let rest = rest.get(between..).unwrap_or_default();
    let behind = rest.iter().rev().take_while(|word| BEHIND.contains(word)).count();
    let denied = rest.get(..rest.len() - behind).unwrap_or_default().join(" ");
    DENIED.contains(&denied.as_str())
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

#[cfg(test)]
mod tests {
    use super::says_no;

    #[test]
    fn only_a_plain_denial_is_a_no() {
        for no in [
            "Not vulnerable",
            "No known abuse",
            "No safeguarding concerns",
            "none: domestic abuse",
            "No evidence of neglect",
            "Not a vulnerable adult",
            "NO CURRENT SAFEGUARDING ISSUES IDENTIFIED",
        ] {
            assert!(says_no(no), "{no}");
        }
        for warning in [
            "",
            "No",
            "Vulnerable",
            "No information to ex-partner",
            "Never disclose to ex-partner",
            "No letters to ex-husband",
            "No contact: ex wife",
            "Not safe, domestic abuse",
            "No longer safe at refuge",
            "No mental capacity",
            "No capacity",
            "Not to be told: abuse",
            "No visits, violence",
            "No home visits: violent",
            "None of this to the perpetrator",
            "No access, safeguarding",
            "No disclosure. Abuse concerns",
            "Nil by phone, stalking",
            "Never vulnerable",
            "Not only abuse",
        ] {
            assert!(!says_no(warning), "{warning}");
        }
    }
}
