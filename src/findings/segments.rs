//! Stretches of a sequence in which the scores speak for something.

/// A stretch of a sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Its first place.
    pub from: usize,
    /// The place behind its last.
    pub to: usize,
    /// The sum of its scores.
    pub score: f64,
}

/// All maximal stretches with a positive sum (Ruzzo and Tompa 1999, "A linear time
/// algorithm for finding all maximal scoring subsequences"): none can be made better by
/// going on or by stopping earlier, and none overlap.
pub fn maximal(scores: impl IntoIterator<Item = f64>) -> Vec<Segment> {
    // Each with the sum of all scores before it and up to its end.
    let mut found: Vec<(Segment, f64, f64)> = Vec::new();
    let mut sum = 0.0;
    for (place, score) in scores.into_iter().enumerate() {
        let before = sum;
        sum += score;
        if score <= 0.0 {
            continue;
        }
        let mut new = (Segment { from: place, to: place + 1, score }, before, sum);
        // The nearest earlier stretch that begins lower; all between belong together
        // with the new one if that one also ends lower.
        while let Some(at) = found.iter().rposition(|(_, begins, _)| *begins < new.1) {
            let (earlier, begins, ends) = found[at];
            if ends >= new.2 {
                break;
            }
            new = (Segment { from: earlier.from, to: new.0.to, score: new.2 - begins }, begins, new.2);
            found.truncate(at);
        }
        found.push(new);
    }
    found.into_iter().map(|(segment, ..)| segment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_as_in_the_paper() {
        let scores = [4.0, -5.0, 3.0, -3.0, 1.0, 2.0, -2.0, 2.0, -2.0, 1.0, 5.0];
        let found: Vec<(usize, usize, f64)> = maximal(scores).into_iter().map(|s| (s.from, s.to, s.score)).collect();
        assert_eq!(found, [(0, 1, 4.0), (2, 3, 3.0), (4, 11, 7.0)]);
    }

    #[test]
    fn nothing_positive_is_nothing() {
        assert!(maximal([-1.0, 0.0, -2.0]).is_empty());
        assert!(maximal([]).is_empty());
    }
}
