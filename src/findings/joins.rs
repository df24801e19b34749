//! Clusters that are parts of one piece of work: with a break between them, or shared by
//! several users.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Kind;
use super::clusters::{BY_CHANCE, Cluster, Judge, len};
use super::counted::usual_day;
use crate::domain::Day;
use crate::extract::Word;

/// Joins what one user went on with after a break: runs of one user near each other, of
/// days of about the same size.
pub fn join_runs(clusters: &mut Vec<Cluster>, judge: &Judge<'_>) {
    let gap = i32::try_from(judge.thresholds.slow_run_gap_days).unwrap_or(i32::MAX);
    let begins = |c: &Cluster| (judge.hand(&c.entries), c.counted.days.first().copied());
    let mut sorted = std::mem::take(clusters);
    sorted.sort_by_key(begins);
    let follows = |a: &Cluster, b: &Cluster| {
        let near = a.counted.days.last().zip(b.counted.days.first()).is_some_and(|(a, b)| b.0.days_since(a.0) <= gap);
        let (size, next) = (usual_day(&a.counted.days), usual_day(&b.counted.days));
        let bulk = a.likelihood.is_bulk() && b.likelihood.is_bulk();
        begins(a).0 == begins(b).0 && near && bulk && size.max(next) <= size.min(next) * 4
    };
    let mut chains: Vec<Vec<Cluster>> = Vec::new();
    for cluster in sorted {
        match chains.last_mut() {
            Some(chain) if chain.last().is_some_and(|last| follows(last, &cluster)) => chain.push(cluster),
            _ => chains.push(vec![cluster]),
        }
    }
    for chain in chains {
        let hand = chain.first().map_or(Word::NONE, |c| begins(c).0);
        let days = chain.iter().flat_map(|c| &c.counted.days);
        let surprise = days.map(|(_, n)| judge.surprise(hand, *n) - BY_CHANCE).sum();
        clusters.extend(judge.joined(chain, surprise));
    }
}

/// So many users at most are looked at beside each of a day.
const MOST_BESIDE: usize = 16;

/// Joins what several users did on the same days: most entries of each on days of the
/// other.
pub fn join_users(clusters: &mut Vec<Cluster>, judge: &Judge<'_>) {
    let mut by_day: FxHashMap<Day, Vec<usize>> = FxHashMap::default();
    let joins = |c: &Cluster| matches!(c.kind, Kind::OneDay | Kind::Run) && c.likelihood.is_bulk() && !c.is_doubtful;
    for (at, cluster) in clusters.iter().enumerate().filter(|(_, c)| joins(c)) {
        for (day, _) in &cluster.counted.days {
            by_day.entry(*day).or_default().push(at);
        }
    }
    let on_days_of = |a: usize, b: usize| {
        let is_shared = |day: &Day| clusters[b].counted.days.binary_search_by_key(day, |(other, _)| *other).is_ok();
        let shared: u32 = clusters[a].counted.days.iter().filter(|(day, _)| is_shared(day)).map(|(_, n)| *n).sum();
        shared * 2 > len(&clusters[a].entries)
    };
    let mut joined_to: Vec<usize> = (0..clusters.len()).collect();
    let root = |joined_to: &[usize], mut at: usize| {
        while joined_to[at] != at {
            at = joined_to[at];
        }
        at
    };
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for together in by_day.into_values() {
        pairs.extend(together.iter().enumerate().flat_map(|(at, a)| {
            let others = together.get(at + 1..).unwrap_or_default();
            others.iter().take(MOST_BESIDE).map(move |b| (*a, *b))
        }));
    }
    // Two who worked side by side for years are compared once.
    pairs.sort_unstable();
    pairs.dedup();
    for (a, b) in pairs {
        let roots = [root(&joined_to, a), root(&joined_to, b)];
        if roots[0] != roots[1] && on_days_of(a, b) && on_days_of(b, a) {
            joined_to[roots[0].max(roots[1])] = roots[0].min(roots[1]);
        }
    }
    let mut families: BTreeMap<usize, Vec<Cluster>> = BTreeMap::new();
    for (at, cluster) in clusters.drain(..).enumerate() {
        families.entry(root(&joined_to, at)).or_default().push(cluster);
    }
    for family in families.into_values() {
        let entries = family.iter().map(|c| len(&c.entries)).sum();
        let surprise = judge.surprise(Word::NONE, entries);
        clusters.extend(judge.joined(family, surprise));
    }
}
