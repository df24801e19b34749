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
    let mut found: Vec<Found> = Vec::new();
    let mut sum = 0.0;
    for (place, score) in scores.into_iter().enumerate() {
        let before = sum;
        sum += score;
        if score <= 0.0 {
            continue;
        }
        let mut new = Found { from: place, to: place + 1, begins: before, ends: sum, lower: None };
        // The nearest earlier stretch that begins lower; all between belong together
        // with the new one if that one also ends lower.
        loop {
            new.lower = nearest_lower(&found, new.begins);
            let Some((at, earlier)) = new.lower.and_then(|at| Some((at, found.get(at)?))) else { break };
            if earlier.ends >= new.ends {
                break;
            }
            (new.from, new.begins) = (earlier.from, earlier.begins);
            found.truncate(at);
        }
        found.push(new);
    }
    found.into_iter().map(|f| Segment { from: f.from, to: f.to, score: f.ends - f.begins }).collect()
}

/// A stretch that was found, with the sums of all scores before it and up to its end.
struct Found {
    from: usize,
    to: usize,
    begins: f64,
    ends: f64,
    /// The nearest earlier one that begins lower: all between begin no lower, and need not
    /// be looked at again.
    lower: Option<usize>,
}

fn nearest_lower(found: &[Found], begins: f64) -> Option<usize> {
    let mut at = found.len().checked_sub(1);
    while let Some(earlier) = at.and_then(|at| found.get(at)) {
        if earlier.begins < begins {
            return at;
        }
        at = earlier.lower;
    }
    None
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
    fn a_long_fall_takes_no_longer_than_anything_else() {
        let fall = (0..400_000).map(|n| if n % 2 == 0 { 1.0 } else { -1.001 });
        assert_eq!(maximal(fall).len(), 200_000);
    }

    #[test]
    fn nothing_positive_is_nothing() {
        assert!(maximal([-1.0, 0.0, -2.0]).is_empty());
        assert!(maximal([]).is_empty());
    }
}
