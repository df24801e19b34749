//! `summary.json`: the figures, in a shape that other programs may rely on.

use serde::Serialize;

use super::{Package, Timings};
use crate::cohort::Counts;
use crate::deadline::{Countdown, countdown};
use crate::domain::Day;
use crate::extract::Problem;
use crate::findings::Side;
use crate::review::{Change, Choice, seed_text};

/// The version of the file's shape.
const SCHEMA: u32 = 1;

/// The figures of a review.
#[derive(Serialize)]
pub struct Summary<'a> {
    schema: u32,
    program: &'static str,
    files: Vec<File<'a>>,
    practice: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    practices: Vec<Practice<'a>>,
    today: String,
    counts: Counts,
    share_blocked_of_eligible: f64,
    likelihoods: Likelihoods,
    groups: Vec<Group<'a>>,
    turning_16: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<Decisions>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spot_checks: Vec<SpotCheck<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check_of_the_result: Option<CheckOfTheResult<'a>>,
    deadline: Countdown,
    settings: crate::findings::Thresholds,
    timings_ms: Timings,
    /// The files saved with it: what a later run into the same folder replaces.
    pub outputs: Vec<String>,
}

#[derive(Serialize)]
struct Practice<'a> {
    name: &'a str,
    counts: Counts,
    share_blocked_of_eligible: f64,
}

#[derive(Serialize)]
struct File<'a> {
    name: &'a str,
    purpose: &'static str,
    blake3: String,
    system: &'static str,
    layout: Layout,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    encoding: &'static str,
    delimiter: &'static str,
    run_date: Option<String>,
    run_date_from: Option<&'static str>,
    rows: u32,
    patients: usize,
    problems: usize,
    repaired: usize,
}

#[derive(Serialize)]
struct Layout {
    header_row: u32,
    preamble_rows: usize,
    group_row: bool,
    code_groups: usize,
}

#[derive(Serialize, Default)]
struct Likelihoods {
    individual: usize,
    inherited: usize,
    possible: usize,
    likely: usize,
    almost_certain: usize,
}

#[derive(Serialize)]
struct Group<'a> {
    #[serde(rename = "group")]
    name: String,
    kind: &'static str,
    first_date: String,
    last_date: String,
    entered_by: &'a [String],
    patients: usize,
    likelihood: &'static str,
    weight_tenths_of_a_ban: i16,
    reasons: Vec<&'a str>,
    against: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    practice: Option<&'a str>,
}

#[derive(Serialize)]
struct Decisions {
    decided: usize,
    add_106: usize,
    add_106_in_list: usize,
    add_106_held_back: usize,
    keep_104: usize,
    ask_a_clinician: usize,
    refused: usize,
}

#[derive(Serialize)]
struct SpotCheck<'a> {
    list: &'a str,
    group: usize,
    sample: usize,
    answered: usize,
    at_risk: usize,
    cannot_tell: usize,
    seed: String,
    /// With 95 % confidence at most this share is at risk; none before all are answered.
    upper_bound: Option<f64>,
    method: Option<&'static str>,
    says: String,
}

#[derive(Serialize)]
struct CheckOfTheResult<'a> {
    against: &'a str,
    since: String,
    before: Counts,
    after: Counts,
    landed: usize,
    missing: usize,
    again: usize,
    not_decided: usize,
    lost_block: usize,
    new: usize,
    declined: usize,
    not_followed: usize,
    gone: usize,
    kept: usize,
}

/// Puts the figures together.
pub fn summary(package: Package<'_>) -> Summary<'_> {
    let (cohort, findings) = (package.cohort, package.findings);
    Summary {
        schema: SCHEMA,
        program: concat!("record-access-review ", env!("CARGO_PKG_VERSION")),
        files: files(package),
        practice: cohort.practice.as_deref().filter(|_| cohort.practices.is_empty()),
        practices: cohort
            .practices
            .iter()
            .map(|p| Practice { name: &p.name, counts: p.counts, share_blocked_of_eligible: share(&p.counts) })
            .collect(),
        today: cohort.today.iso(),
        counts: cohort.counts,
        share_blocked_of_eligible: share(&cohort.counts),
        likelihoods: likelihoods(package),
        groups: findings
            .groups
            .iter()
            .map(|g| Group {
                name: g.id.label(),
                kind: g.kind.label(),
                first_date: g.first.iso(),
                last_date: g.last.iso(),
                entered_by: &g.users,
                patients: g.members.len(),
                likelihood: g.likelihood.label(),
                weight_tenths_of_a_ban: g.weight,
                reasons: g.sentences(Side::For).chain(g.sentences(Side::Note)).collect(),
                against: g.sentences(Side::Against).collect(),
                practice: g.practice.as_deref(),
            })
            .collect(),
        turning_16: findings.turning_16.len(),
        decisions: package.review.map(|review| {
            let additions = package.additions;
            Decisions {
                decided: review.decided(),
                add_106: review.count(Choice::Add106),
                add_106_in_list: additions.patients.len(),
                add_106_held_back: additions.held_back.len(),
                keep_104: review.count(Choice::Keep104),
                ask_a_clinician: review.count(Choice::AskClinician),
                refused: package.refused.map_or(0, |(_, r)| r.len()),
            }
        }),
        spot_checks: spot_checks(package),
        check_of_the_result: package.changes().map(|changes| CheckOfTheResult {
            against: &changes.was,
            since: changes.since.to_string(),
            before: changes.before,
            after: changes.after,
            landed: changes.count(Change::Landed),
            missing: changes.count(Change::Missing),
            again: changes.count(Change::Again),
            not_decided: changes.count(Change::NotDecided),
            lost_block: changes.count(Change::LostBlock),
            new: changes.count(Change::New),
            declined: changes.count(Change::Declined),
            not_followed: changes.count(Change::NotFollowed),
            gone: changes.count(Change::Gone),
            kept: changes.count(Change::Kept),
        }),
        deadline: countdown(cohort.today),
        settings: findings.thresholds,
        timings_ms: package.timings,
        outputs: Vec::new(),
    }
}

/// The files that an earlier summary says were saved with it; nothing if it is none.
pub fn outputs_in(json: &[u8]) -> Vec<String> {
    let summary: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
    if summary.get("share_blocked_of_eligible").is_none() {
        return Vec::new();
    }
    let names = summary.get("outputs").and_then(serde_json::Value::as_array);
    names.into_iter().flatten().filter_map(serde_json::Value::as_str).map(str::to_owned).collect()
}

fn spot_checks(package: Package<'_>) -> Vec<SpotCheck<'_>> {
    let checks = package.review.map_or(&[][..], |r| r.checks());
    checks
        .iter()
        .map(|check| {
            let outcome = check.outcome();
            SpotCheck {
                list: &check.title,
                group: outcome.group,
                sample: outcome.sample,
                answered: outcome.answered,
                at_risk: outcome.at_risk,
                cannot_tell: outcome.cannot_tell,
                seed: seed_text(check.seed),
                upper_bound: outcome.bound.map(|b| b.share),
                method: outcome.bound.map(|b| b.method.label()),
                says: outcome.sentence(),
            }
        })
        .collect()
}

/// Four places.
fn share(counts: &Counts) -> f64 {
    (counts.share_blocked() * 10_000.0).round() / 10_000.0
}

fn files(package: Package<'_>) -> Vec<File<'_>> {
    package
        .files
        .iter()
        .zip(0_u16..)
        .map(|(f, file)| {
            let problems = package.cohort.problems.iter().filter(|(of, _)| *of == file);
            let (repaired, open): (Vec<&(u16, Problem)>, Vec<_>) = problems.partition(|(_, p)| p.kind.is_repaired());
            File {
                name: f.source.name(),
                purpose: f.purpose.label(),
                sheet: f.source.sheet(),
                blake3: f.source.hash().to_hex().to_string(),
                system: f.layout.system.key(),
                layout: Layout {
                    header_row: f.layout.header_row,
                    preamble_rows: f.layout.preamble_rows,
                    group_row: f.layout.has_group_row,
                    code_groups: f.columns.events.len(),
                },
                encoding: f.source.encoding().label(),
                delimiter: f.layout.delimiter_label(),
                run_date: f.layout.made_on().map(Day::iso),
                run_date_from: f
                    .layout
                    .made_on()
                    .map(|_| if f.layout.run_date.is_some() { "export" } else { "file date" }),
                rows: f.data_rows,
                patients: package.cohort.patients.iter().filter(|p| p.place.file == file).count(),
                problems: open.len(),
                repaired: repaired.len(),
            }
        })
        .collect()
}

fn likelihoods(package: Package<'_>) -> Likelihoods {
    use crate::findings::Likelihood;
    let mut out = Likelihoods::default();
    for (id, _) in package.cohort.iter().filter(|(_, p)| p.is_eligible()) {
        match package.findings.of(id).likelihood {
            Some(Likelihood::Individual) => out.individual += 1,
            Some(Likelihood::Inherited) => out.inherited += 1,
            Some(Likelihood::Possible) => out.possible += 1,
            Some(Likelihood::Likely) => out.likely += 1,
            Some(Likelihood::AlmostCertain) => out.almost_certain += 1,
            None => {}
        }
    }
    out
}
