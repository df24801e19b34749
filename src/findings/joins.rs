//! Clusters that are parts of one piece of work: with a break between them, or shared by
//! several users.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Kind;
use super::clusters::{BY_CHANCE, Cluster, Judge, days_of, len};
use crate::domain::Day;
use crate::extract::Word;

/// Joins what one user went on with after a break: runs of one user near each other, of
/// days of about the same size.
pub fn join_runs(clusters: &mut Vec<Cluster>, judge: &Judge<'_>) {
    let gap = i32::try_from(judge.thresholds.slow_run_gap_days).unwrap_or(i32::MAX);
    let mut sorted: Vec<(Word, Vec<(Day, u32)>, Cluster)> =
        clusters.drain(..).map(|c| (judge.hand(&c.entries), days_of(judge.features, &c.entries), c)).collect();
    sorted.sort_by_key(|(hand, days, _)| (*hand, days.first().copied()));
    let follows = |a: &(Word, Vec<(Day, u32)>, Cluster), b: &(Word, Vec<(Day, u32)>, Cluster)| {
        let near = a.1.last().zip(b.1.first()).is_some_and(|(a, b)| b.0.days_since(a.0) <= gap);
        let (size, next) = (usual_day(&a.1), usual_day(&b.1));
        let bulk = a.2.likelihood.is_bulk() && b.2.likelihood.is_bulk();
        a.0 == b.0 && near && bulk && size.max(next) <= size.min(next) * 4
    };
    for chain in sorted.chunk_by(follows) {
        let members = chain.iter().map(|(.., cluster)| cluster);
        let Some((hand, ..)) = chain.first() else { continue };
        let days = chain.iter().flat_map(|(_, days, _)| days);
        let surprise = days.map(|(_, n)| judge.surprise(*hand, *n) - BY_CHANCE).sum();
        clusters.extend(judge.joined(members, surprise));
    }
}

/// The entries of a day in the middle of a cluster's days by size.
pub fn usual_day(days: &[(Day, u32)]) -> u32 {
    let mut sizes: Vec<u32> = days.iter().map(|(_, n)| *n).collect();
    sizes.sort_unstable();
    sizes.get(sizes.len() / 2).copied().unwrap_or(0).max(1)
}

/// So many users at most are looked at beside each of a day.
const MOST_BESIDE: usize = 16;

/// Joins what several users did on the same days: most entries of each on days of the
/// other.
pub fn join_users(clusters: &mut Vec<Cluster>, judge: &Judge<'_>) {
    let mut by_day: FxHashMap<Day, Vec<usize>> = FxHashMap::default();
    let days: Vec<Vec<(Day, u32)>> = clusters.iter().map(|c| days_of(judge.features, &c.entries)).collect();
    let joins = |c: &Cluster| matches!(c.kind, Kind::OneDay | Kind::Run) && c.likelihood.is_bulk();
    for (at, days) in days.iter().enumerate().filter(|(at, _)| joins(&clusters[*at])) {
        for (day, _) in days {
            by_day.entry(*day).or_default().push(at);
        }
    }
    let on_days_of = |a: usize, b: usize| {
        let is_shared = |day: &Day| days[b].binary_search_by_key(day, |(other, _)| *other).is_ok();
        let shared: u32 = days[a].iter().filter(|(day, _)| is_shared(day)).map(|(_, n)| *n).sum();
        shared * 2 > len(&clusters[a].entries)
    };
    let mut joined_to: Vec<usize> = (0..clusters.len()).collect();
    let root = |joined_to: &[usize], mut at: usize| {
        while joined_to[at] != at {
            at = joined_to[at];
        }
        at
    };
    for together in by_day.into_values() {
        let pairs = together.iter().enumerate().flat_map(|(at, a)| {
            let others = together.get(at + 1..).unwrap_or_default();
            others.iter().take(MOST_BESIDE).map(move |b| (*a, *b))
        });
        for (a, b) in pairs {
            let roots = [root(&joined_to, a), root(&joined_to, b)];
            if roots[0] != roots[1] && on_days_of(a, b) && on_days_of(b, a) {
                joined_to[roots[0].max(roots[1])] = roots[0].min(roots[1]);
            }
        }
    }
    let mut families: BTreeMap<usize, Vec<Cluster>> = BTreeMap::new();
    for (at, cluster) in clusters.drain(..).enumerate() {
        families.entry(root(&joined_to, at)).or_default().push(cluster);
    }
    for family in families.into_values() {
        let entries = family.iter().map(|c| len(&c.entries)).sum();
        let surprise = judge.surprise(Word::NONE, entries);
        clusters.extend(judge.joined(family.iter(), surprise));
    }
}
