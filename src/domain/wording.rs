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

/// "1 patient", "2,469 patients": the noun is given in the singular, and takes an s.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", figure(n), if n == 1 { "" } else { "s" })
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
        assert_eq!(per_cent(2507.0 / 3759.0), "66.7 %");
        assert_eq!(per_cent(0.000_01), "0.1 %");
        assert_eq!(per_cent(0.999_99), "99.9 %");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
