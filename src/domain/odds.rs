//! What chances are worked out with.

/// The logarithm of a factorial: multiplied out where it is small, else by Stirling's
/// series, whose next term is below 1e-15 of it from 32 on.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "numbers of people and entries")]
pub fn ln_factorial(n: usize) -> f64 {
    if n < 32 {
        return (2..=n).map(|i| i as f64).product::<f64>().ln();
    }
    let n = n as f64;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * n * n)) / (n * n)) / n;
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + series
}

#[cfg(test)]
mod tests {
    use super::ln_factorial;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn factorials_are_those_multiplied_out() {
        let mut sum = 0.0;
        for n in 1..3_000_usize {
            sum += (n as f64).ln();
            assert!((ln_factorial(n) - sum).abs() <= 1e-11 * sum.max(1.0), "{n}");
        }
    }
}
