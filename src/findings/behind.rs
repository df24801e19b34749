//! Whom a figure counts.

use chrono::Datelike as _;

use super::features::{Feature, Trait, features};
use super::order::is_aged;
use super::timeline::Wave;
use super::{Behind, Findings, GroupId};
use crate::cohort::{Cohort, Patient, PatientId, age_bands};
use crate::domain::{Day, Status};

/// The patients whom a figure of the evidence counts, of a group or of none, in the order of
/// the cohort. Looks at all entries again: it runs in the background.
#[must_use]
pub fn behind(cohort: &Cohort, findings: &Findings, group: Option<GroupId>, behind: Behind) -> Vec<PatientId> {
    let of = group.and_then(|id| findings.group(id));
    let practice = of.and_then(|g| g.practice.as_deref());
    let mut out = match behind {
        Behind::Members => of.map_or_else(Vec::new, |g| g.members.clone()),
        Behind::LeftOut => of.map_or_else(Vec::new, |g| g.left_out.clone()),
        Behind::Registered => of.map_or_else(Vec::new, |g| g.registered.clone()),
        Behind::Eligible => people(cohort, practice, Patient::is_eligible),
        Behind::BlockedOf(gp) => people(cohort, practice, |p| p.status == Status::Blocked && p.gp == gp),
        Behind::BlockedAged(last) => {
            let first = age_bands(cohort).iter().map(|b| b.last).filter(|l| *l < last).max().map_or(0, |l| l + 1);
            let age = |p: &Patient| p.born.map(|born| cohort.today.age(born));
            people(cohort, practice, |p| {
                p.status == Status::Blocked && age(p).is_some_and(|age| (first..=last).contains(&age))
            })
        }
        _ => {
            let all = features(cohort, &findings.thresholds).all;
            let is_in = |f: &&Feature| counts(cohort, findings, group, behind, f);
            all.iter().filter(is_in).map(|f| f.patient).collect()
        }
    };
    out.sort_unstable();
    out.dedup();
    if behind == Behind::NotMembers {
        out.retain(|id| of.is_none_or(|g| g.members.binary_search(id).is_err()));
    }
    out
}

/// Whether an entry is one of those that are counted.
fn counts(cohort: &Cohort, findings: &Findings, group: Option<GroupId>, behind: Behind, feature: &Feature) -> bool {
    let its = findings.group_of_entry(feature.event);
    let is_of_group = its.is_some() && its == group;
    let first = || group.and_then(|id| findings.group(id)).map(|g| g.first);
    let patient = || cohort.patient(feature.patient);
    // What a practice enters otherwise is its own.
    let own = || cohort.practice_named(group.and_then(|id| findings.group(id))?.practice.as_deref()?);
    let ours = |p: &Patient| own().is_none_or(|own| p.practice == own.word);
    match behind {
        Behind::Entries | Behind::NotMembers => is_of_group,
        Behind::Otherwise => {
            let is_bulk = its.and_then(|id| findings.group(id)).is_some_and(|g| g.likelihood.is_bulk());
            !is_bulk && !feature.is(Trait::Inherited) && patient().is_some_and(ours)
        }
        Behind::SharedText => is_of_group && feature.shared_text.is_some(),
        Behind::NoText => is_of_group && !feature.shared_text.is_some() && !feature.is(Trait::OwnText),
        Behind::ByClinicians => is_of_group && feature.is(Trait::Clinician),
        Behind::ByOthers => is_of_group && !feature.is(Trait::Clinician),
        Behind::InWave(wave) => is_of_group && Wave::of(feature.day) == Some(wave),
        Behind::Aged(age) => {
            let old = |p: &Patient| p.born.zip(first()).is_some_and(|(born, day)| is_aged(born, day, age));
            is_of_group && patient().is_some_and(old)
        }
        Behind::OfGp(gp) => is_of_group && patient().is_some_and(|p| p.gp == gp),
        Behind::DayOf(day, user) => feature.day == day && feature.user == user,
        Behind::Month(first) => {
            let same = |day: Day| (day.date().year(), day.date().month());
            !feature.is(Trait::Inherited) && same(feature.day) == same(first)
        }
        Behind::Members
        | Behind::LeftOut
        | Behind::Registered
        | Behind::Eligible
        | Behind::BlockedOf(_)
        | Behind::BlockedAged(_) => false,
    }
}

fn people(cohort: &Cohort, practice: Option<&str>, want: impl Fn(&Patient) -> bool) -> Vec<PatientId> {
    let word = practice.and_then(|name| cohort.practice_named(name)).map(|p| p.word);
    let ours = |p: &Patient| word.is_none_or(|word| p.practice == word);
    cohort.iter().filter(|(_, p)| ours(p) && want(p)).map(|(id, _)| id).collect()
}
