//! From a cohort to findings.

use rustc_hash::{FxHashMap, FxHashSet};

use super::clusters::{Cluster, Scope, clusters};
use super::features::{Bucket, Feature, Features, Trait, features};
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
    let looked_at = looked_at(cohort, features, &clusters, &thresholds);
    let mut clusters = sharing::map("finding", clusters, |c| (Members::of(features, &c, &looked_at), c));
    clusters.retain(|(members, _)| !members.in_group.is_empty());
    // The strongest first; inherited and meetings after what looks like bulk. There are not
    // more numbers than that.
    let last = |c: &Cluster| matches!(c.kind, Kind::Inherited | Kind::Meeting);
    let size = |members: &Members| std::cmp::Reverse(members.in_group.len());
    clusters.sort_by_key(|(members, c)| (last(c), std::cmp::Reverse(c.likelihood), size(members)));
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
        make_group(cohort, features, (cluster, members), (id, usual), &thresholds)
    });
    let mut entry_groups = vec![NO_GROUP; cohort.events.len()];
    for (feature, group) in features.iter().zip(&group_of) {
        if let (Some(slot), Some((id, _))) = (entry_groups.get_mut(feature.event as usize), group) {
            *slot = id.0;
        }
    }
    let timeline = timeline_of(features, buckets, &group_of);
    let (conflicts, turning_16) = to_look_at(cohort, &thresholds);
    Findings {
        assessments: assess(cohort, (features, buckets), &groups, &group_of, &looked_at),
        groups,
        timeline,
        conflicts,
        turning_16,
        usual_most: usual_most.into_values().max().unwrap_or(0),
        otherwise: features.iter().zip(&group_of).filter(is_otherwise).count(),
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
    let mut places_of: FxHashMap<Word, Vec<usize>> = FxHashMap::default();
    for (feature, place) in features.iter().zip(0..) {
        if let Some(patient) = cohort.patient(feature.patient) {
            places_of.entry(patient.practice).or_default().push(place);
        }
    }
    let mut all = Vec::new();
    for practice in &cohort.practices {
        let places = places_of.remove(&practice.word).unwrap_or_default();
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

/// Within so many days an entry may be tried a second time (ours).
const SECOND_TRY: i32 = 14;

/// A batch is much smaller than another that has so many times as many (ours).
const MUCH_SMALLER: usize = 10;

/// Patients with another 104 that still stands, and that looks as if somebody had
/// decided it: a note of its own, or in no group. A bulk entry on top of it makes
/// nobody less at risk. By patient.
fn looked_at(cohort: &Cohort, features: &[Feature], clusters: &[Cluster], thresholds: &Thresholds) -> Vec<bool> {
    // How many entries the bulk has of which each is.
    let mut grouped = vec![0; features.len()];
    for cluster in clusters.iter().filter(|c| c.likelihood.is_bulk()) {
        for entry in &cluster.entries {
            grouped[*entry] = cluster.entries.len();
        }
    }
    let mut active: Vec<Option<(&Feature, usize)>> = vec![None; cohort.patients.len()];
    for (feature, size) in features.iter().zip(&grouped).filter(|(f, _)| f.is(Trait::Active)) {
        active[feature.patient.index()] = Some((feature, *size));
    }
    let mut on_the_day: FxHashMap<u32, u32> = FxHashMap::default();
    for feature in features.iter().filter(|f| f.is(Trait::Stands) && !f.is(Trait::Active)) {
        *on_the_day.entry(feature.bucket).or_default() += 1;
    }
    // A second try by the same hand around the same days, with others and without a note, is part
    // of the same work. Where nobody is named, it may be anybody's.
    let same_work = |f: &Feature| {
        let is_near = |a: &Feature| a.day.days_since(f.day).abs() <= SECOND_TRY && a.hand == f.hand;
        f.hand.is_some()
            && active[f.patient.index()].is_some_and(|(active, _)| is_near(active))
            && on_the_day.get(&f.bucket).is_some_and(|n| *n >= thresholds.least_in_a_run_day)
            && !f.is(Trait::Clinician)
    };
    // A list that somebody had made before the bulk: whoever stands on it was chosen.
    let was_chosen = |f: &Feature, size: usize| {
        let of_active = active[f.patient.index()].map_or(0, |(_, size)| size);
        size <= thresholds.clinician_list as usize && size * MUCH_SMALLER <= of_active
    };
    // Whoever brought one along may have been looked at there, and being coded in bulk here
    // makes them no less at risk. Several that came along are one finding of their own.
    let came_along =
        |f: &Feature| f.is(Trait::Inherited) && active[f.patient.index()].is_some_and(|(a, _)| a.is(Trait::Inherited));
    let mut looked = chosen_again(cohort, features, clusters);
    for (feature, size) in features.iter().zip(grouped).filter(|(f, _)| f.is(Trait::Stands) && !f.is(Trait::Active)) {
        looked[feature.patient.index()] |= match size {
            _ if feature.is(Trait::OwnText) => true,
            0 => !came_along(feature) && !same_work(feature),
            size => was_chosen(feature, size),
        };
    }
    looked
}

/// Patients with a bulk 104 that still stands, and another on top of it in a batch that is much
/// smaller, most of which are such: they were blocked already, and somebody chose them. By patient.
fn chosen_again(cohort: &Cohort, features: &[Feature], clusters: &[Cluster]) -> Vec<bool> {
    let mut chosen = vec![false; cohort.patients.len()];
    let is_batch = |c: &&Cluster| c.likelihood.is_bulk() && matches!(c.kind, Kind::OneDay | Kind::Run);
    // The largest batch in which each patient stands with an entry that another one followed.
    let mut first: Vec<usize> = vec![0; cohort.patients.len()];
    let has_several = features.iter().any(|f| f.is(Trait::Stands) && !f.is(Trait::Active));
    if !has_several {
        return chosen;
    }
    for cluster in clusters.iter().filter(|c| c.likelihood.is_bulk()) {
        for feature in cluster.entries.iter().map(|i| &features[*i]) {
            if feature.is(Trait::Stands) && !feature.is(Trait::Active) {
                let most = &mut first[feature.patient.index()];
                *most = (*most).max(cluster.entries.len());
            }
        }
    }
    for cluster in clusters.iter().filter(is_batch) {
        let size = cluster.entries.len();
        let active = || cluster.entries.iter().map(|i| &features[*i]).filter(|f| f.is(Trait::Active));
        let again = active().filter(|f| first[f.patient.index()] > size * 2).count();
        if again * 2 > size {
            for feature in active() {
                chosen[feature.patient.index()] |= first[feature.patient.index()] > size * 2;
            }
        }
    }
    chosen
}

/// The blocked patients of a cluster.
struct Members {
    /// Whose active 104 is in it, and nothing says that somebody looked.
    in_group: Vec<PatientId>,
    /// The others, and those whose entries were left out of it.
    left_out: Vec<PatientId>,
}

impl Members {
    fn of(features: &[Feature], cluster: &Cluster, looked_at: &[bool]) -> Self {
        let blocking = |i: &usize| Some(&features[*i]).filter(|f| f.is(Trait::Blocks)).map(|f| f.patient);
        let is_member = |id: &PatientId| cluster.kind == Kind::Meeting || !looked_at[id.index()];
        let (mut in_group, mut left_out): (Vec<PatientId>, Vec<PatientId>) =
            cluster.entries.iter().filter_map(blocking).partition(is_member);
        left_out.extend(cluster.left_out.iter().filter_map(blocking));
        // Those of each bucket are in order: putting such stretches together is quick.
        in_group.sort();
        left_out.sort();
        Self { in_group, left_out }
    }
}

/// Whether an entry was made here, and is in no bulk group.
fn is_otherwise((feature, group): &(&Feature, &Option<(GroupId, Likelihood)>)) -> bool {
    group.is_none_or(|(_, likelihood)| !likelihood.is_bulk()) && !feature.is(Trait::Inherited)
}

/// The most entries on a day among those in no bulk group, by practice. Notes made on a bulk day
/// by the same user belong to that day's work and say nothing of other days.
fn usual_most(cohort: &Cohort, features: &[Feature], group_of: &GroupOf) -> FxHashMap<Word, u32> {
    let mut bulk: FxHashSet<(Word, Day)> = FxHashSet::default();
    // They come day by day of one hand: what was there just before is there.
    let mut last = None;
    for (feature, _) in features.iter().zip(group_of).filter(|(_, g)| g.is_some_and(|(_, l)| l.is_bulk())) {
        let day = (feature.user, feature.day);
        if last.replace(day) != Some(day) {
            bulk.insert(day);
        }
    }
    let several = !cohort.practices.is_empty();
    let mut days: FxHashMap<(Word, Day), u32> = FxHashMap::default();
    let mut last = ((Word::NONE, Day::FIRST), true);
    for (feature, _) in features.iter().zip(group_of).filter(is_otherwise) {
        let day = (feature.user, feature.day);
        if last.0 != day {
            last = (day, bulk.contains(&day));
        }
        if !last.1 {
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

/// 104 entries by day: what was entered elsewhere is not of these days.
fn timeline_of(features: &[Feature], buckets: &[Bucket], group_of: &GroupOf) -> Timeline {
    #[derive(Clone, Copy, Default)]
    struct Day {
        bulk: u32,
        other: u32,
        group: Option<GroupId>,
    }
    let mut counts = vec![Day::default(); buckets.len()];
    for (feature, group) in features.iter().zip(group_of).filter(|(f, _)| !f.is(Trait::Inherited)) {
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
    features: &[Feature],
    (cluster, members): (Cluster, Members),
    (id, usual_most): (GroupId, u32),
    thresholds: &Thresholds,
) -> Group {
    let Members { in_group: members, left_out } = members;
    let days = cluster.counted.days.clone();
    let mut users = cluster.counted.hands.clone();
    users.retain(|(word, _)| cohort.some_show.users && word.is_some());
    users.sort_by_key(|(word, n)| (std::cmp::Reverse(*n), *word));
    let users = users.into_iter().map(|(word, _)| cohort.word(word).to_owned()).collect();
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
        registered: cluster.registered,
        days,
        practice: cluster.practice,
    };
    group.title = reasons::title(&group);
    if let Some(practice) = &group.practice {
        group.title = format!("{}, {practice}", group.title);
    }
    let told = Told {
        cohort,
        group: &group,
        counted: &cluster.counted,
        cancelled: cancelled(features, &cluster.entries, &group.members),
        weights: &cluster.weights,
        new: cluster.new,
        usual_most,
        top_up_days: thresholds.top_up_days,
    };
    group.evidence = told.evidence();
    group
}

/// Of entries, those whose patients are not among these members, who come in order.
fn cancelled(features: &[Feature], entries: &[usize], members: &[PatientId]) -> usize {
    let patients = || entries.iter().map(|i| features[*i].patient);
    // A table pays where there are many.
    if entries.len() < 1000 {
        return patients().filter(|id| members.binary_search(id).is_err()).count();
    }
    let mut is_member = vec![false; members.last().map_or(0, |last| last.index() + 1)];
    for member in members {
        is_member[member.index()] = true;
    }
    patients().filter(|id| !is_member.get(id.index()).copied().unwrap_or(false)).count()
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
    if !cohort.some_show.users {
        let mut days: FxHashMap<Day, u32> = FxHashMap::default();
        for ((_, day), n) in buckets.iter().zip(&same_day) {
            *days.entry(*day).or_default() += n;
        }
        for ((_, day), n) in buckets.iter().zip(&mut same_day) {
            *n = days.get(day).copied().unwrap_or(0);
        }
    }
    let mut out = vec![Assessment::default(); cohort.patients.len()];
    let says = |f: &Feature| f.is(Trait::Stands) && (f.is(Trait::OwnText) || f.is(Trait::Active));
    for (feature, group) in features.iter().zip(group_of).filter(|(f, _)| says(f)) {
        let Some(slot) = out.get_mut(feature.patient.index()) else { continue };
        slot.own_text |= feature.is(Trait::OwnText);
        if !feature.is(Trait::Active) {
            continue;
        }
        let looked = looked_at[feature.patient.index()];
        slot.likelihood = Some(group.filter(|_| !looked).map_or(Likelihood::Individual, |(_, likelihood)| likelihood));
        slot.same_day = same_day[feature.bucket as usize];
        slot.looked_at_before = looked;
        slot.worked_on = Some(feature.day);
        slot.again = feature.is(Trait::Again);
        slot.clinician = feature.is(Trait::Clinician);
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

/// Same-day conflicts; and who is under 16 today and 16 soon: EMIS opens the record then,
/// `SystmOne` does not.
fn to_look_at(cohort: &Cohort, thresholds: &Thresholds) -> (Vec<PatientId>, Vec<(PatientId, Day)>) {
    let window = i32::try_from(thresholds.turning_16_days).unwrap_or(0);
    let soon =
        |born: Day| Some(born.birthday(16)).filter(|d| *d > cohort.today && d.days_since(cohort.today) <= window);
    let found = sharing::chunks("finding", &cohort.patients, |first, people| {
        let (mut conflicts, mut turning_16) = (Vec::new(), Vec::new());
        for (patient, index) in people.iter().zip(first..) {
            let id = || PatientId(u32::try_from(index).unwrap_or(u32::MAX));
            if patient.status == Status::SameDayConflict {
                conflicts.push(id());
            }
            if patient.reason == StatusReason::Under16
                && let Some(day) = patient.born.and_then(soon)
            {
                turning_16.push((id(), day));
            }
        }
        (conflicts, turning_16)
    });
    let (mut conflicts, mut turning_16) = (Vec::new(), Vec::new());
    for (more, birthdays) in found {
        conflicts.extend(more);
        turning_16.extend(birthdays);
    }
    turning_16.sort_by_key(|(id, day)| (*day, *id));
    (conflicts, turning_16)
}
