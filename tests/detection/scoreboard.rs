//! What the findings make of simulated practices, against what is true.

use std::collections::{BTreeMap, HashMap};

use record_access_review::cohort::{Cohort, PatientId, build};
use record_access_review::domain::{Day, NhsReading};
use record_access_review::extract::{Progress, ReadOptions, Source, read};
use record_access_review::findings::{Findings, Thresholds, find};

use super::simulator::{Brief, Origin, Pattern, Practice, simulate};

/// So many, and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// So many.
    pub n: usize,
    /// Of how many.
    pub of: usize,
}

impl Part {
    fn count(&mut self, hit: bool) {
        self.n += usize::from(hit);
        self.of += 1;
    }

    fn add(&mut self, other: Self) {
        self.n += other.n;
        self.of += other.of;
    }

    /// From 0 to 1; 1 of nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    #[must_use]
    pub fn share(self) -> f64 {
        if self.of == 0 { 1.0 } else { self.n as f64 / self.of as f64 }
    }
}

fn sum(parts: &BTreeMap<Pattern, Part>) -> Part {
    parts.values().fold(Part::default(), |mut all, part| {
        all.add(*part);
        all
    })
}

/// How many were right.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Practices.
    pub practices: usize,
    /// Patients whose status is not the true one.
    pub wrong_status: usize,
    /// Patients.
    pub patients: usize,
    /// Bulk entries called likely or almost certain, by pattern.
    pub found: BTreeMap<Pattern, Part>,
    /// The same, in files with days of registration.
    pub found_dated: BTreeMap<Pattern, Part>,
    /// The same, in files with free text besides.
    pub found_noted: BTreeMap<Pattern, Part>,
    /// Genuine entries called likely or almost certain, where no bulk entry of the file
    /// has their date, user and text.
    pub flagged: Part,
    /// The same, in practices without any bulk.
    pub flagged_without_bulk: Part,
    /// Genuine entries that nobody could tell from bulk in this file, and that are called so.
    pub indistinguishable: Part,
    /// Inherited entries called likely or almost certain.
    pub inherited_flagged: Part,
    /// Campaigns spread over several groups.
    pub split: Part,
    /// Groups of several campaigns.
    pub merged: Part,
    /// What went wrong, a line a practice.
    pub remarks: Vec<String>,
}

impl Score {
    /// All bulk entries that were found; those in files with days of registration; and
    /// those in files with free text besides.
    #[must_use]
    pub fn recall(&self) -> [Part; 3] {
        [&self.found, &self.found_dated, &self.found_noted].map(sum)
    }

    /// Adds another score.
    pub fn add(&mut self, other: Self) {
        self.practices += other.practices;
        self.wrong_status += other.wrong_status;
        self.patients += other.patients;
        for (pattern, part) in other.found {
            self.found.entry(pattern).or_default().add(part);
        }
        for (pattern, part) in other.found_dated {
            self.found_dated.entry(pattern).or_default().add(part);
        }
        for (pattern, part) in other.found_noted {
            self.found_noted.entry(pattern).or_default().add(part);
        }
        self.flagged.add(other.flagged);
        self.flagged_without_bulk.add(other.flagged_without_bulk);
        self.indistinguishable.add(other.indistinguishable);
        self.inherited_flagged.add(other.inherited_flagged);
        self.split.add(other.split);
        self.merged.add(other.merged);
        self.remarks.extend(other.remarks);
    }
}

/// Reads the file of a simulated practice and looks for bulk in it.
///
/// # Panics
/// If it cannot be read: the simulator writes nothing that cannot.
#[must_use]
pub fn findings_of(practice: &Practice, thresholds: Thresholds) -> (Cohort, Findings) {
    let (year, month, day) = practice.today;
    let today = Day::from_ymd(year, month, day).expect("a day");
    let source = Source::new(&practice.name, practice.bytes.clone()).expect("text");
    let extract = read(source, &ReadOptions::on(today), &Progress::default())
        .unwrap_or_else(|e| panic!("seed {}: {e}", practice.seed));
    let cohort = build(&mut [extract], today);
    let findings = find(&cohort, thresholds);
    (cohort, findings)
}

/// Scores one practice.
#[must_use]
pub fn score(practice: &Practice, thresholds: Thresholds) -> Score {
    let (cohort, findings) = findings_of(practice, thresholds);
    let ids = numbers(&cohort);
    let mut score = Score { practices: 1, ..Score::default() };
    // Members of each campaign and each group, by the other.
    let mut campaigns: BTreeMap<u16, BTreeMap<Option<u16>, usize>> = BTreeMap::new();
    let mut groups: BTreeMap<u16, BTreeMap<u16, usize>> = BTreeMap::new();
    let mut missed: BTreeMap<Pattern, usize> = BTreeMap::new();
    let mut inherited = 0;
    for truth in &practice.truth {
        score.patients += 1;
        let Some(id) = ids.get(&truth.nhs) else {
            // Nobody without a code is in an export of coded patients.
            score.wrong_status += usize::from(truth.origin.is_some());
            continue;
        };
        let status = cohort.patient(*id).map_or("", |p| p.status.label());
        if status != truth.status {
            score.wrong_status += 1;
            if score.remarks.len() < 3 {
                score.remarks.push(format!("{} is {status}, not {}", truth.nhs, truth.status));
            }
        }
        let assessment = findings.of(*id);
        let (Some(origin), Some(likelihood)) = (&truth.origin, assessment.likelihood) else { continue };
        let bulk = likelihood.is_bulk();
        match origin {
            Origin::Bulk { pattern, campaign } => {
                score.found.entry(*pattern).or_default().count(bulk);
                if practice.columns.registered {
                    score.found_dated.entry(*pattern).or_default().count(bulk);
                }
                if practice.columns.registered && practice.columns.text {
                    score.found_noted.entry(*pattern).or_default().count(bulk);
                }
                if !bulk {
                    *missed.entry(*pattern).or_default() += 1;
                }
                let group = assessment.group.map(|id| id.0).filter(|_| bulk);
                *campaigns.entry(*campaign).or_default().entry(group).or_default() += 1;
                if let Some(group) = group {
                    *groups.entry(group).or_default().entry(*campaign).or_default() += 1;
                }
            }
            Origin::Genuine(kind) => {
                if truth.indistinguishable {
                    score.indistinguishable.count(bulk);
                } else {
                    score.flagged.count(bulk);
                    if practice.patterns.is_empty() {
                        score.flagged_without_bulk.count(bulk);
                    }
                    if bulk && score.remarks.len() < 12 {
                        let group = assessment.group.and_then(|id| findings.group(id)).map(|g| g.title.clone());
                        score.remarks.push(format!("{kind:?} {} flagged: {}", truth.nhs, group.unwrap_or_default()));
                    }
                }
            }
            Origin::Inherited => {
                score.inherited_flagged.count(bulk);
                inherited += usize::from(bulk);
            }
        }
    }
    for (pattern, n) in missed.into_iter().filter(|(_, n)| *n > 0) {
        let of = score.found.get(&pattern).map_or(0, |p| p.of);
        score.remarks.push(format!("{}: {n} of {of} missed", pattern.label()));
    }
    if inherited > 0 {
        score.remarks.push(format!("{inherited} inherited flagged"));
    }
    for members in campaigns.values() {
        let all: usize = members.values().sum();
        let parts = members.iter().filter(|(group, n)| group.is_some() && **n * 10 >= all).count();
        if all >= 10 && parts > 0 {
            score.split.count(parts > 1);
        }
    }
    for members in groups.values() {
        let all: usize = members.values().sum();
        score.merged.count(members.values().filter(|n| **n * 10 >= all).count() > 1);
    }
    score
}

/// Scores many practices, one a seed, and says which went wrong and how.
pub fn score_all(seeds: impl IntoIterator<Item = u64>, brief: &Brief, thresholds: Thresholds) -> Score {
    let mut all = Score::default();
    for seed in seeds {
        let practice = simulate(seed, brief);
        let mut one = score(&practice, thresholds);
        let patterns: Vec<&str> = practice.patterns.iter().map(|p| p.label()).collect();
        let c = practice.columns;
        let without: Vec<&str> = [
            (c.user, "user"),
            (c.text, "text"),
            (c.entered, "entered"),
            (c.registered, "registered"),
            (c.organisation, "organisation"),
            (c.birth, "birth"),
            (c.usual_gp, "GP"),
            (c.system_number, "number"),
            (c.uncoded_patients, "uncoded patients"),
        ]
        .into_iter()
        .filter_map(|(has, name)| (!has).then_some(name))
        .collect();
        for remark in &mut one.remarks {
            *remark = format!(
                "seed {seed} ({:?}, {} patients, {}; without {}): {remark}",
                practice.layout,
                practice.size,
                patterns.join(" + "),
                without.join(", ")
            );
        }
        all.add(one);
    }
    all
}

/// Patients by NHS number.
#[must_use]
pub fn numbers(cohort: &Cohort) -> HashMap<u64, PatientId> {
    let number = |nhs| match nhs {
        NhsReading::Valid(number) => Some(number.number()),
        _ => None,
    };
    cohort.iter().filter_map(|(id, p)| Some((number(p.nhs)?, id))).collect()
}
