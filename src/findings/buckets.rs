//! What each hand entered on each day, and how the practice enters what is not much.

use std::collections::BTreeMap;
use std::ops::Range;

use super::features::{Bucket, Feature, Trait};
use crate::sharing;

/// Entries by hand and day.
pub type Buckets = BTreeMap<Bucket, Vec<usize>>;

/// Entries, put by what they may be part of.
#[derive(Default)]
pub struct Sorted {
    /// Those of which bulk is made.
    pub plain: Buckets,
    /// Those with notes of their own.
    pub noted: Buckets,
    /// Those from other practices.
    pub inherited: Vec<usize>,
    /// What is counted over each bucket.
    pub counts: Vec<(Bucket, BucketCounts)>,
    /// A clinician is among those who entered them.
    pub knows_titles: bool,
}

/// What is counted over the entries of a bucket.
#[derive(Clone, Copy, Debug, Default)]
pub struct BucketCounts {
    /// Of which bulk is made.
    pub plain: u32,
    /// Entered here.
    pub here: usize,
    /// Of these, with a note of their own.
    pub noted: usize,
    /// Of these, by office staff.
    pub office: usize,
}

impl Sorted {
    /// Sorts entries, which come bucket by bucket.
    pub fn of(features: &[Feature], names: &[Bucket]) -> Self {
        let jobs = stretches(features);
        let mut parts = sharing::map("finding", jobs, |own| Self::of_stretch(features, own, names)).into_iter();
        let mut all = parts.next().unwrap_or_default();
        for mut part in parts {
            all.plain.append(&mut part.plain);
            all.noted.append(&mut part.noted);
            all.inherited.append(&mut part.inherited);
            all.counts.append(&mut part.counts);
            all.knows_titles |= part.knows_titles;
        }
        all
    }

    fn of_stretch(features: &[Feature], own: Range<usize>, names: &[Bucket]) -> Self {
        let mut out = Self::default();
        let (mut plain, mut noted) = (Vec::new(), Vec::new());
        let mut at = own.start;
        for entries in features[own].chunk_by(|a, b| a.bucket == b.bucket) {
            let mut counts = BucketCounts::default();
            for (feature, place) in entries.iter().zip(at..) {
                out.knows_titles |= feature.is(Trait::Clinician);
                if feature.is(Trait::Inherited) {
                    out.inherited.push(place);
                    continue;
                }
                counts.here += 1;
                counts.noted += usize::from(feature.is(Trait::OwnText));
                counts.office += usize::from(!feature.is(Trait::Clinician));
                if feature.is_plain() {
                    plain.push(place);
                } else if feature.is(Trait::OwnText) && !feature.is(Trait::Again) {
                    noted.push(place);
                }
            }
            at += entries.len();
            counts.plain = u32::try_from(plain.len()).unwrap_or(u32::MAX);
            if let Some(name) = entries.first().and_then(|f| names.get(f.bucket as usize)) {
                out.counts.push((*name, counts));
                for (entries, of_name) in [(&plain, &mut out.plain), (&noted, &mut out.noted)] {
                    if !entries.is_empty() {
                        of_name.insert(*name, entries.as_slice().into());
                    }
                }
            }
            plain.clear();
            noted.clear();
        }
        out
    }
}

/// Entries as stretches of whole buckets, one for each thread.
fn stretches(features: &[Feature]) -> Vec<Range<usize>> {
    let share = sharing::share(features.len());
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while from < features.len() {
        let last = features.get(from + share - 1).or(features.last()).map_or(0, |f| f.bucket);
        let to = features.partition_point(|f| f.bucket <= last);
        out.push(from..to);
        from = to;
    }
    out
}

/// Takes entries out of the buckets, so that none is looked at twice.
pub fn take(buckets: &mut Buckets, (features, names): (&[Feature], &[Bucket]), entries: &[usize]) {
    // They come bucket by bucket, in order within each.
    for taken in entries.chunk_by(|a, b| features[*a].bucket == features[*b].bucket) {
        let name = taken.first().and_then(|i| names.get(features[*i].bucket as usize));
        let Some((name, bucket)) = name.and_then(|name| Some((*name, buckets.get_mut(name)?))) else { continue };
        if taken.len() < bucket.len() {
            let mut taken = taken.to_vec();
            taken.sort_unstable();
            // Both are in order: one is walked through beside the other.
            let mut next = taken.into_iter().peekable();
            bucket.retain(|i| {
                while next.next_if(|taken| taken < i).is_some() {}
                next.peek() != Some(i)
            });
        } else {
            buckets.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Day;
    use crate::extract::Word;

    #[test]
    fn entries_that_were_taken_are_not_looked_at_again() {
        let day = |n| Day::from_ymd(2022, 10, n).expect("a day");
        let names = [(Word::NONE, day(1)), (Word::NONE, day(2))];
        let features: Vec<Feature> =
            [0, 0, 0, 1, 1].map(|bucket| Feature { bucket, day: names[bucket as usize].1, ..Feature::BLANK }).into();
        let mut sorted = Sorted::of(&features, &names);
        assert_eq!(sorted.plain, Buckets::from([(names[0], vec![0, 1, 2]), (names[1], vec![3, 4])]));
        take(&mut sorted.plain, (&features, &names), &[2, 0, 3, 4]);
        assert_eq!(sorted.plain, Buckets::from([(names[0], vec![1])]));
    }
}
