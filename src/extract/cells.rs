//! What cells say in words: yes or no, nothing at all, what has become of a
//! registration.

use super::contents::Registration;

/// A filled cell of a risk column, unless it says no.
pub fn says_yes(cell: &str) -> bool {
    let cell = cell.trim();
    // "No - at risk" answers another question, and says what for.
    let goes_on = cell.trim_end_matches('.').contains(['-', '\u{2013}', ',', '.', ':', ';']);
    !(says_nothing(cell) || (!goes_on && (says_no(cell) || is_denial(cell))))
}

/// Whether a cell does nothing but deny, where the column says what: "No concerns", "None
/// identified". A date says when somebody asked.
fn is_denial(cell: &str) -> bool {
    const DENIED: [&str; 16] = [
        "concern",
        "concerns",
        "issue",
        "issues",
        "flag",
        "flags",
        "known",
        "identified",
        "recorded",
        "noted",
        "on",
        "the",
        "register",
        "risk",
        "at",
        "markers",
    ];
    let lower = cell.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| ["no", "not", "none", "nil"].contains(&first))
        && words.all(|word| DENIED.contains(&word))
}

/// Whether words do no more than deny a risk: "Not vulnerable", "No known abuse", "No
/// safeguarding concerns". What else begins with a no is a warning like any other: "No letters
/// to ex-partner", "Never disclose", "No mental capacity".
pub fn says_no(cell: &str) -> bool {
    const DENIED: [&str; 41] = [
        "vulnerable",
        "safeguarding",
        "adult safeguarding",
        "child safeguarding",
        "child protection",
        "child protection plan",
        "cp",
        "cp plan",
        "cpp",
        "abuse",
        "domestic abuse",
        "domestic violence",
        "dv",
        "da",
        "neglect",
        "violence",
        "exploitation",
        "dementia",
        "learning disability",
        "learning disabilities",
        "learning difficulties",
        "looked after",
        "looked after child",
        "fgm",
        "hiv",
        "self harm",
        "suicidal",
        "suicidal ideation",
        "suicide",
        "cognitive impairment",
        "serious mental illness",
        "severe mental illness",
        "smi",
        "mental health act",
        "social worker",
        "social services",
        "asylum",
        "refugee",
        "marac",
        "mappa",
        "assault",
    ];
    const BETWEEN: [&str; 20] = [
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
        "on",
        "to",
        "the",
        "subject",
        "risk",
        "active",
        "reported",
        "disclosed",
    ];
    const BEHIND: [&str; 23] = [
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
        "alert",
        "alerts",
        "history",
        "diagnosis",
        "disclosed",
        "reported",
        "involvement",
        "register",
        "present",
    ];
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let Some((first, rest)) = words.split_first() else { return false };
    // "Or" goes on denying; anything else that goes on is another thing.
    ["no", "not", "none", "nil"].contains(first)
        && rest.split(|word| *word == "or").all(|part| {
            let between = part.iter().take_while(|word| BETWEEN.contains(word)).count();
            let part = part.get(between..).unwrap_or_default();
            let denies = |behind: usize| {
                DENIED.contains(&part.get(..part.len() - behind).unwrap_or_default().join(" ").as_str())
            };
            let most = part.iter().rev().take_while(|word| BEHIND.contains(word)).count();
            (0..=most).any(denies)
        })
}

/// The same of a registration, a leaving, a death or a risk, of which the column says which.
pub fn says_nothing(cell: &str) -> bool {
    const NOTHING: [&str; 14] = [
        "no.",
        "0.0",
        "00/01/1900",
        "31-dec-9999",
        "31/12/9999",
        "not deducted",
        "not registered elsewhere",
        "none known",
        "not flagged",
        "no flag",
        "not on register",
        "not eligible",
        "none allocated",
        "not allocated",
    ];
    is_nothing(cell) || NOTHING.iter().any(|no| cell.eq_ignore_ascii_case(no))
}

/// What people write into a cell to say that there is nothing to write.
pub fn is_nothing(cell: &str) -> bool {
    const NOTHING: [&str; 27] = [
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
        // What spreadsheets and databases write where there is nothing.
        "#n/a",
        "null",
        "(blank)",
    ];
    NOTHING.iter().any(|no| cell.eq_ignore_ascii_case(no))
}

/// What words say of a registration. Words that are not known are not taken for
/// a full one.
pub fn registration_words(words: &str) -> Registration {
    let words = words.trim().to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    // Two things at once, or one that is denied: nobody knows which is meant.
    let denied = ["not deduct", "not left", "not transferred", "not removed", "not inactive", "not deceas", "not dead"];
    let says_no = words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "no" | "n" | "false"));
    let is_mixed = words.starts_with("current") && has(&["deduct", "left", "transferred"]);
    if has(&denied) || has(&["transferred in"]) || is_mixed || (says_no && has(&["deceas", "died", "dead"])) {
        return Registration::Unclear;
    }
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
            "Not on child protection plan",
            "No child protection concerns",
            "No safeguarding alerts",
            "Not known to safeguarding",
            "No known DV",
            "No known risk of abuse",
            "No abuse or neglect",
            "No domestic violence history",
            "No learning disabilities",
            "No dementia diagnosis",
            "Not a looked after child",
            "No self harm",
            "No HIV",
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
