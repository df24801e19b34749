//! Figures in sentences, as English writes them.

/// "2,469".
#[must_use]
pub fn figure(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "1 patient", "2,469 patients", "2,341 entries": the noun is given in the singular.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    // A day has days, an entry has entries.
    let stem = noun.strip_suffix('y').filter(|s| !s.ends_with(['a', 'e', 'o', 'u']));
    match (n, stem) {
        (1, _) => format!("{} {noun}", figure(n)),
        (_, Some(stem)) => format!("{} {stem}ies", figure(n)),
        (_, None) => format!("{} {noun}s", figure(n)),
    }
}

/// With a capital letter in front.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Letters and digits in lower case, so that capitals, spaces, hyphens and
/// apostrophes make no difference.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Letters only, in lower case.
#[must_use]
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// "66.7 %". A share that is not nought or all never reads as if it were.
#[must_use]
pub fn per_cent(share: f64) -> String {
    let shown = (share * 1000.0).round() / 10.0;
    let shown = if share > 0.0 && shown < 0.1 {
        0.1
    } else if share < 1.0 && shown > 99.9 {
        99.9
    } else {
        shown
    };
    format!("{shown:.1} %")
}

/// "a, b and c".
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_english() {
        assert_eq!(figure(0), "0");
        assert_eq!(figure(999), "999");
        assert_eq!(figure(1_234_567), "1,234,567");
        assert_eq!(count(1, "patient"), "1 patient");
        assert_eq!(count(2_469, "patient"), "2,469 patients");
        assert_eq!(count(1, "entry"), "1 entry");
        assert_eq!(count(2_341, "entry"), "2,341 entries");
        assert_eq!(count(21, "day"), "21 days");
        assert_eq!(capital("éclair"), "Éclair");
        assert_eq!(capital(""), "");
        assert_eq!(plain("Usual GP's Full-Name 2"), "usualgpsfullname2");
        assert_eq!(letters("Ref 17: Ärger"), "refärger");
        assert_eq!(per_cent(2507.0 / 3759.0), "66.7 %");
        assert_eq!(per_cent(0.000_01), "0.1 %");
        assert_eq!(per_cent(0.999_99), "99.9 %");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
