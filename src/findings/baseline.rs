//! How surprising a number of entries is, given how the practice otherwise works.

/// How many entries a day are usual, robust against the very days that are
/// looked for: the median of the days' counts, not below 1 (a day of entries has
/// at least one) and not above what lone decisions can make of a list this long.
#[expect(clippy::cast_precision_loss, reason = "counts of entries")]
pub fn usual_rate(counts: &[u32], list: usize) -> f64 {
    let most = (list as f64 * 0.0003).max(3.0);
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(1);
    f64::from(median).clamp(1.0, most)
}

/// How surprising `n` or more entries on a day are where `rate` are usual:
/// −log₁₀ of the Poisson tail. 3 is one such day in a thousand, 6 one in a million.
pub fn surprise(n: u32, rate: f64) -> f64 {
    if f64::from(n) <= rate {
        return 0.0;
    }
    // log of the first term, then the sum of the falling terms relative to it.
    let log_first = f64::from(n) * rate.ln() - rate - log_factorial(n);
    let mut sum = 1.0;
    let mut term = 1.0;
    let mut k = n;
    while term > 1e-12 && k < n.saturating_add(10_000) {
        k += 1;
        term *= rate / f64::from(k);
        sum += term;
    }
    -(log_first + f64::ln(sum)) / std::f64::consts::LN_10
}

/// ln n!, by Stirling's series beyond small numbers.
fn log_factorial(n: u32) -> f64 {
    if n < 20 {
        return (2..=n).map(|k| f64::from(k).ln()).sum();
    }
    let n = f64::from(n);
    (n + 0.5) * n.ln() - n + 0.5 * (2.0 * std::f64::consts::PI).ln() + 1.0 / (12.0 * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_agrees_with_tables() {
        // P(X ≥ 5 | 1) = 0.003660, P(X ≥ 10 | 1) = 1.114e-7, P(X ≥ 10 | 3) = 0.001102.
        for (n, rate, p) in [(5, 1.0, 0.003_660_f64), (10, 1.0, 1.114e-7), (10, 3.0, 0.001_102), (1, 0.5, 0.393_5)] {
            let difference = (surprise(n, rate) + p.log10()).abs();
            assert!(difference < 0.001, "{n} at {rate}: {difference}");
        }
        assert!(surprise(2469, 1.0) > 1000.0);
        assert!(surprise(1, 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_days_looked_for_do_not_hide_themselves() {
        // Nothing but a run of ten big days: the median is 250 and must not count as usual.
        assert!(usual_rate(&[250; 10], 4_000) <= 3.0);
        assert!((usual_rate(&[1, 1, 2, 1, 2469], 4_000) - 1.0).abs() < f64::EPSILON);
        assert!((usual_rate(&[], 4_000) - 1.0).abs() < f64::EPSILON);
    }
}
