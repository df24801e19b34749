//! From a cohort to findings.

use rustc_hash::{FxHashMap, FxHashSet};

use super::clusters::{Cluster, Scope, clusters};
use super::features::{Bucket, Feature, Features, features};
use super::reasons::{self, Told};
use super::timeline::Timeline;
use super::weigh::total;
use super::{Assessment, Findings, Group, GroupId, Kind, Likelihood, NO_GROUP, Thresholds};
use crate::cohort::{Cohort, PatientId};
use crate::domain::{Day, Status, StatusReason};
use crate::extract::Word;
use crate::sharing;

/// Finds groups of codes that look applied in bulk, inherited codes, same-day
/// conflicts and 16th birthdays.
#[must_use]
pub fn find(cohort: &Cohort, thresholds: Thresholds) -> Findings {
    let Features { all: features, buckets } = &features(cohort, &thresholds);
    let clusters = of_each_practice(cohort, features, buckets, &thresholds);
    let looked_at = looked_at(cohort, features, &clusters);
    let members = |c: &Cluster| -> Vec<PatientId> {
        let ours = c.entries.iter().map(|i| &features[*i]);
        ours.filter(|f| is_member(cohort, f, c.kind, &looked_at)).map(|f| f.patient).collect()
    };
    let with_members = clusters.into_iter().map(|c| (members(&c), c)).filter(|(members, _)| !members.is_empty());
    let mut clusters: Vec<(Vec<PatientId>, Cluster)> = with_members.collect();
    // The strongest first; inherited and meetings after what looks like bulk. There are not
    // more numbers than that.
    let last = |c: &Cluster| matches!(c.kind, Kind::Inherited | Kind::Meeting);
    clusters.sort_by_key(|(members, c)| (last(c), std::cmp::Reverse(c.likelihood), std::cmp::Reverse(members.len())));
    clusters.truncate(usize::from(NO_GROUP));
    let id_of = |index: usize| GroupId(u16::try_from(index).unwrap_or(u16::MAX));

    let mut group_of: GroupOf = vec![None; features.len()];
    for (index, (_, cluster)) in clusters.iter().enumerate() {
        let id = id_of(index);
        for entry in &cluster.entries {
            group_of[*entry] = Some((id, cluster.likelihood));
        }
    }
    let usual_most = usual_most(cohort, features, &group_of);
    let jobs = clusters.into_iter().enumerate().collect();
    let groups: Vec<Group> = sharing::map("finding", jobs, |(index, (members, cluster))| {
        let id = id_of(index);
        let practice = cluster.practice.as_deref().and_then(|name| cohort.practice_named(name));
        let usual = usual_most.get(&practice.map_or(Word::NONE, |p| p.word)).copied().unwrap_or(0);
        make_group(cohort, (features, buckets), (&cluster, members), (id, usual), &looked_at, &thresholds)
    });
    let mut entry_groups = vec![NO_GROUP; cohort.events.len()];
    for (feature, group) in features.iter().zip(&group_of) {
        if let (Some(slot), Some((id, _))) = (entry_groups.get_mut(feature.event as usize), group) {
            *slot = id.0;
        }
    }
    let timeline = timeline_of(features, buckets, &group_of);
    Findings {
        assessments: assess(cohort, (features, buckets), &groups, &group_of, &looked_at),
        groups,
        timeline,
        conflicts: cohort.iter().filter(|(_, p)| p.status == Status::SameDayConflict).map(|(id, _)| id).collect(),
        turning_16: turning_16(cohort, &thresholds),
        usual_most: usual_most.into_values().max().unwrap_or(0),
        otherwise: features.iter().zip(&group_of).filter(|(f, group)| group.is_none() && !f.inherited).count(),
        thresholds,
        entry_groups,
    }
}

/// The clusters of each practice: "many" is measured by how a practice otherwise works.
fn of_each_practice(
    cohort: &Cohort,
    features: &[Feature],
    buckets: &[Bucket],
    thresholds: &Thresholds,
) -> Vec<Cluster> {
    if cohort.practices.is_empty() {
        let everybody = Scope { cohort, practice: None, patients: cohort.counts.patients, buckets };
        return clusters(everybody, features, thresholds);
    }
    let mut all = Vec::new();
    for practice in &cohort.practices {
        let ours = |f: &Feature| cohort.patient(f.patient).is_some_and(|p| p.practice == practice.word);
        let places: Vec<usize> = (0..features.len()).filter(|i| ours(&features[*i])).collect();
        let own: Vec<Feature> = places.iter().map(|i| features[*i]).collect();
        let scope = Scope { cohort, practice: Some(practice.word), patients: practice.counts.patients, buckets };
        for mut cluster in clusters(scope, &own, thresholds) {
            for entry in cluster.entries.iter_mut().chain(&mut cluster.left_out) {
                *entry = places[*entry];
            }
            cluster.practice = Some(practice.name.clone());
            all.push(cluster);
        }
    }
    all
}

/// The group of each entry, and how much that looks applied in bulk.
type GroupOf = Vec<Option<(GroupId, Likelihood)>>;

/// Patients with another 104 that still stands, and that looks as if somebody had
/// decided it: a note of its own, or in no group. A bulk entry on top of it makes
/// nobody less at risk. By patient.
fn looked_at(cohort: &Cohort, features: &[Feature], clusters: &[Cluster]) -> Vec<bool> {
    let mut grouped = vec![false; features.len()];
    let batches = clusters.iter().filter(|c| c.likelihood.is_bulk() || c.kind == Kind::Inherited);
    for entry in batches.flat_map(|c| &c.entries) {
        grouped[*entry] = true;
    }
    let mut active: Vec<Option<(Day, Word)>> = vec![None; cohort.patients.len()];
    for feature in features.iter().filter(|f| f.active) {
        active[feature.patient.index()] = Some((feature.day, feature.hand));
    }
    // A second try by the same hand around the same days, without a note, is part of the
    // same work.
    let same_work = |f: &Feature| {
        active[f.patient.index()].is_some_and(|(day, hand)| day.days_since(f.day).abs() <= 14 && hand == f.hand)
            && !f.clinician
    };
    let mut looked = vec![false; cohort.patients.len()];
    for (feature, grouped) in features.iter().zip(grouped).filter(|(f, _)| f.stands && !f.active) {
        looked[feature.patient.index()] |= feature.own_text || (!grouped && !same_work(feature));
    }
    looked
}

/// Whether an entry makes its patient a member of a group of this kind: it is the
/// active 104 of somebody who is blocked by it, and nothing says that somebody
/// looked.
fn is_member(cohort: &Cohort, feature: &Feature, kind: Kind, looked_at: &[bool]) -> bool {
    let blocked = || cohort.patient(feature.patient).is_some_and(|p| p.status == Status::Blocked);
    feature.active && blocked() && (kind == Kind::Meeting || !looked_at[feature.patient.index()])
}

/// The most entries on a day among those in no group, by practice. Notes made on a bulk day
/// by the same user belong to that day's work and say nothing of other days.
fn usual_most(cohort: &Cohort, features: &[Feature], group_of: &GroupOf) -> FxHashMap<Word, u32> {
    let in_bulk = features.iter().zip(group_of).filter(|(_, g)| g.is_some_and(|(_, l)| l.is_bulk()));
    let bulk: FxHashSet<(Word, Day)> = in_bulk.map(|(f, _)| (f.user, f.day)).collect();
    let several = !cohort.practices.is_empty();
    let mut days: FxHashMap<(Word, Day), u32> = FxHashMap::default();
    for (feature, group) in features.iter().zip(group_of) {
        if group.is_none() && !feature.inherited && !bulk.contains(&(feature.user, feature.day)) {
            let practice = cohort.patient(feature.patient).filter(|_| several).map_or(Word::NONE, |p| p.practice);
            *days.entry((practice, feature.day)).or_default() += 1;
        }
    }
    let mut most: FxHashMap<Word, u32> = FxHashMap::default();
    for ((practice, _), n) in days {
        let slot = most.entry(practice).or_default();
        *slot = (*slot).max(n);
    }
    most
}

/// Counts of the entries of a group, by what they have in common.
fn tally(features: &[Feature], entries: &[usize], buckets: usize) -> Vec<(usize, u32)> {
    let mut counts = vec![0_u32; buckets];
    for entry in entries {
        counts[features[*entry].bucket as usize] += 1;
    }
    counts.into_iter().enumerate().filter(|(_, n)| *n > 0).collect()
}

/// 104 entries by day: what was entered elsewhere is not of these days.
fn timeline_of(features: &[Feature], buckets: &[Bucket], group_of: &GroupOf) -> Timeline {
    #[derive(Clone, Copy, Default)]
    struct Day {
        bulk: u32,
        other: u32,
        group: Option<GroupId>,
    }
    let mut counts = vec![Day::default(); buckets.len()];
    for (feature, group) in features.iter().zip(group_of).filter(|(f, _)| !f.inherited) {
        let day = &mut counts[feature.bucket as usize];
        match group {
            Some((id, likelihood)) if likelihood.is_bulk() => {
                day.bulk += 1;
                day.group = Some(day.group.map_or(*id, |known| known.min(*id)));
            }
            _ => day.other += 1,
        }
    }
    Timeline::of(buckets.iter().zip(counts).map(|((_, day), n)| (*day, n.bulk, n.other, n.group)))
}

fn make_group(
    cohort: &Cohort,
    (features, buckets): (&[Feature], &[Bucket]),
    (cluster, mut members): (&Cluster, Vec<PatientId>),
    (id, usual_most): (GroupId, u32),
    looked_at: &[bool],
    thresholds: &Thresholds,
) -> Group {
    let entries = || cluster.entries.iter().map(|i| &features[*i]);
    members.sort_unstable();
    members.dedup();
    let blocked = |f: &&Feature| f.active && cohort.patient(f.patient).is_some_and(|p| p.status == Status::Blocked);
    let noted = cluster.left_out.iter().map(|i| &features[*i]).filter(blocked);
    let looked = entries().filter(blocked).filter(|f| cluster.kind != Kind::Meeting && looked_at[f.patient.index()]);
    let mut left_out: Vec<PatientId> = noted.chain(looked).map(|f| f.patient).collect();
    left_out.sort_unstable();
    let mut days: FxHashMap<Day, u32> = FxHashMap::default();
    let mut users: FxHashMap<Word, usize> = FxHashMap::default();
    for (bucket, n) in tally(features, &cluster.entries, buckets.len()) {
        let (user, day) = buckets[bucket];
        *days.entry(day).or_default() += n;
        *users.entry(user).or_default() += n as usize;
    }
    let mut days: Vec<(Day, u32)> = days.into_iter().collect();
    days.sort_unstable();
    let mut users: Vec<(Word, usize)> = users.into_iter().filter(|(word, _)| word.is_some()).collect();
    users.sort_by_key(|(word, n)| (std::cmp::Reverse(*n), *word));
    let users: Vec<String> =
        users.into_iter().filter(|_| cohort.has_users).map(|(word, _)| cohort.word(word).to_owned()).collect();
    let first = days.first().map_or(cohort.today, |(d, _)| *d);
    let last = days.last().map_or(cohort.today, |(d, _)| *d);
    let mut group = Group {
        id,
        kind: cluster.kind,
        first,
        last,
        users,
        members,
        entries: cluster.entries.len(),
        likelihood: cluster.likelihood,
        title: String::new(),
        evidence: Vec::new(),
        weight: tenths(total(&cluster.weights)),
        left_out,
        registered: cluster.registered.clone(),
        days,
        practice: cluster.practice.clone(),
    };
    group.title = reasons::title(&group);
    if let Some(practice) = &group.practice {
        group.title = format!("{}, {practice}", group.title);
    }
    let told = Told {
        cohort,
        group: &group,
        entries: entries().collect(),
        weights: &cluster.weights,
        new: cluster.new,
        usual_most,
        top_up_days: thresholds.top_up_days,
    };
    group.evidence = told.evidence();
    group
}

#[expect(clippy::cast_possible_truncation, reason = "a small number")]
fn tenths(bans: f64) -> i16 {
    (bans * 10.0).round().clamp(-999.0, 999.0) as i16
}

fn assess(
    cohort: &Cohort,
    (features, buckets): (&[Feature], &[Bucket]),
    groups: &[Group],
    group_of: &GroupOf,
    looked_at: &[bool],
) -> Vec<Assessment> {
    let mut same_day = vec![0_u32; buckets.len()];
    for feature in features {
        same_day[feature.bucket as usize] += 1;
    }
    if !cohort.has_users {
        let mut days: FxHashMap<Day, u32> = FxHashMap::default();
        for ((_, day), n) in buckets.iter().zip(&same_day) {
            *days.entry(*day).or_default() += n;
        }
        for ((_, day), n) in buckets.iter().zip(&mut same_day) {
            *n = days.get(day).copied().unwrap_or(0);
        }
    }
    let mut out = vec![Assessment::default(); cohort.patients.len()];
    for (feature, group) in features.iter().zip(group_of).filter(|(f, _)| f.stands) {
        let Some(slot) = out.get_mut(feature.patient.index()) else { continue };
        slot.own_text |= feature.own_text;
        if !feature.active {
            continue;
        }
        let looked = looked_at[feature.patient.index()];
        slot.likelihood = Some(group.filter(|_| !looked).map_or(Likelihood::Individual, |(_, likelihood)| likelihood));
        slot.same_day = same_day[feature.bucket as usize];
        slot.looked_at_before = looked;
        slot.worked_on = Some(feature.day);
        slot.again = feature.again;
        slot.clinician = feature.clinician;
    }
    for group in groups {
        for member in &group.members {
            if let Some(slot) = out.get_mut(member.index()) {
                slot.group = Some(group.id);
            }
        }
    }
    out
}

/// Under 16 today and 16 soon: EMIS opens the record then, `SystmOne` does not.
fn turning_16(cohort: &Cohort, thresholds: &Thresholds) -> Vec<(PatientId, Day)> {
    let window = i32::try_from(thresholds.turning_16_days).unwrap_or(0);
    let soon =
        |born: Day| Some(born.birthday(16)).filter(|d| *d > cohort.today && d.days_since(cohort.today) <= window);
    let mut out: Vec<(PatientId, Day)> = cohort
        .iter()
        .filter(|(_, p)| p.reason == StatusReason::Under16)
        .filter_map(|(id, p)| Some((id, soon(p.born?)?)))
        .collect();
    out.sort_by_key(|(id, day)| (*day, *id));
    out
}
