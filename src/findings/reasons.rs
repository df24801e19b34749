//! The evidence in words, each with its figure.

use super::features::is_clinician;
use super::timeline::Wave;
use super::{Group, Kind};
use crate::cohort::Cohort;
use crate::domain::Day;
use crate::domain::wording::{count, figure, list, per_cent};

/// One line that says what a group is.
pub fn title(group: &Group) -> String {
    let n = count(group.members.len(), "patient");
    match group.kind {
        Kind::OneDay => format!("{n} on {}", group.first.with_weekday()),
        Kind::Run => format!("{n} from {} to {}", group.first.with_weekday(), group.last.with_weekday()),
        Kind::TopUp => format!(
            "{} new patients, a few at a time, {}",
            figure(group.members.len()),
            months(group.first, group.last)
        ),
        Kind::Inherited => format!("{} inherited from another practice", figure(group.members.len())),
        Kind::Meeting => format!("{n} on {}, each with a note", group.first.with_weekday()),
    }
}

/// "November 2022 to June 2024".
fn months(first: Day, last: Day) -> String {
    let month = |d: Day| d.date().format("%B %Y").to_string();
    if month(first) == month(last) { month(first) } else { format!("{} to {}", month(first), month(last)) }
}

/// What speaks for bulk (or for inheritance, or for a meeting).
pub fn reasons(
    cohort: &Cohort,
    group: &Group,
    shared: usize,
    registered: Option<(usize, usize)>,
    usual_most: u32,
) -> Vec<String> {
    let mut out = Vec::new();
    let usual = match usual_most {
        0 => "this practice has no other entries".to_owned(),
        n => format!("this practice otherwise enters 0 to {} a day", figure(n as usize)),
    };
    let by = match group.users.as_slice() {
        [] => String::new(),
        [one] => format!(" by {one}"),
        [first, others @ ..] => format!(" by {first} and {}", count(others.len(), "other user")),
    };
    match group.kind {
        Kind::OneDay => out.push(format!("{} on one day{by}; {usual}.", count(group.entries, "entry"))),
        Kind::Run => out.push(format!(
            "{} on {} in a row{by}, {}; {usual}.",
            count(group.entries, "entry"),
            count(group.days.len(), "working day"),
            a_day(group)
        )),
        Kind::TopUp => {
            if let Some((registered, coded)) = registered {
                out.push(format!(
                    "{} entries on {}{by}, each soon after the patient registered; {} of {} patients who registered in that time were coded.",
                    figure(group.entries), count(group.days.len(), "day"), figure(coded), figure(registered)
                ));
            }
            out.extend(weekday(group));
        }
        Kind::Inherited => out.push(format!(
            "{} entries dated before the patient registered here, or entered at another practice. Nobody here decided them.",
            figure(group.entries)
        )),
        Kind::Meeting => out.push(format!(
            "{} entries on one day{by}, each with a note of its own. It reads like a meeting at which each patient was discussed.",
            figure(group.entries)
        )),
    }
    if matches!(group.kind, Kind::OneDay | Kind::Run | Kind::TopUp) {
        out.push(match shared {
            0 => "No free text on any of them.".to_owned(),
            n => format!("The same free text on {} of {}.", figure(n), figure(group.entries)),
        });
        out.extend(share_of_list(cohort, group));
        if let Some(wave) = Wave::of(group.first).filter(|_| group.kind != Kind::TopUp) {
            out.push(format!("Inside the {} wave, when many practices coded in bulk.", wave.label));
        }
        let cancelled = group.entries.saturating_sub(group.members.len());
        if cancelled > 0 {
            out.push(format!(
                "{} of these entries block nobody in this group: cancelled by a later code, declined since, left out, or not eligible.",
                figure(cancelled)
            ));
        }
    }
    out
}

/// "38 to 61 a day".
fn a_day(group: &Group) -> String {
    let least = group.days.iter().map(|(_, n)| *n).min().unwrap_or(0);
    let most = group.days.iter().map(|(_, n)| *n).max().unwrap_or(0);
    if least == most {
        format!("{} a day", figure(least as usize))
    } else {
        format!("{} to {} a day", figure(least as usize), figure(most as usize))
    }
}

/// Most top-ups are made on one day of the week.
fn weekday(group: &Group) -> Option<String> {
    let mut days = [0_usize; 7];
    for (day, _) in &group.days {
        let index = usize::try_from(chrono::Datelike::weekday(&day.date()).num_days_from_monday()).ok()?;
        days[index] += 1;
    }
    let (index, most) = days.iter().enumerate().max_by_key(|(_, n)| **n)?;
    let name = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"].get(index)?;
    (most * 10 >= group.days.len() * 7)
        .then(|| format!("{} of {} days are {name}.", figure(*most), figure(group.days.len())))
}

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
fn share_of_list(cohort: &Cohort, group: &Group) -> Option<String> {
    let own = group.practice.as_ref().and_then(|name| cohort.practices.iter().find(|p| p.name == *name));
    let (eligible, whose) = match own {
        Some(practice) => (practice.counts.eligible, "all eligible patients of this practice"),
        None => (cohort.counts.eligible, "all eligible patients"),
    };
    let share = group.members.len() as f64 / eligible.max(1) as f64;
    (share >= 0.02).then(|| format!("{} of {whose}.", per_cent(share)))
}

/// What speaks against bulk.
pub fn against(group: &Group) -> Vec<String> {
    let mut out = Vec::new();
    if matches!(group.kind, Kind::Inherited | Kind::Meeting) {
        return out;
    }
    let clinicians: Vec<String> = group.users.iter().filter(|u| is_clinician(u)).take(3).cloned().collect();
    if !clinicians.is_empty() {
        out.push(format!("Entered by a clinician: {}.", list(&clinicians)));
    }
    if !group.left_out.is_empty() {
        out.push(format!(
            "{} more of the same day and user carry a note of their own, or an earlier entry that still stands: somebody looked at those. They are left out of the group.",
            figure(group.left_out.len())
        ));
    }
    if group.entries < 30 {
        out.push(format!("Only {} entries: look at a few before you decide for all.", figure(group.entries)));
    }
    out
}
