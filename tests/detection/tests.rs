//! The scoreboard's bounds, held on practices that nobody looked at while the findings
//! were set. The table over many more is in SCOREBOARD.md.

use record_access_review::domain::wording::figure;
use record_access_review::findings::{Behind, Likelihood, Side, Thresholds, behind, find};
use record_access_review::review::{Choice, Review, blockers, plan_group};

use super::scoreboard::{Score, findings_of, score_all};
use super::simulator::{Brief, Columns, Layout, Pattern, simulate};

/// Seeds that are neither tuned on nor in the report.
const UNSEEN: u64 = 3_000_000;

/// Practices small enough that many can be looked at in a test.
fn brief(size: usize) -> Brief {
    Brief { size: Some(size), ..Brief::default() }
}

fn scored(practices: u64, brief: &Brief) -> Score {
    let halves = [UNSEEN..UNSEEN + practices / 2, UNSEEN + practices / 2..UNSEEN + practices];
    std::thread::scope(|scope| {
        let scored = halves.map(|seeds| scope.spawn(|| score_all(seeds, brief, Thresholds::default())));
        scored.into_iter().fold(Score::default(), |mut all, half| {
            all.add(half.join().expect("scored"));
            all
        })
    })
}

#[test]
fn statuses_are_exact_and_bulk_is_found_and_only_bulk() {
    let score = scored(60, &brief(2_500));
    assert_eq!(score.wrong_status, 0, "{:?}", score.remarks);
    let [found, dated, noted] = score.recall();
    assert!(found.share() >= 0.99, "{found:?} {:?}", score.remarks);
    assert!(dated.share() >= 0.995, "{dated:?} {:?}", score.remarks);
    assert!(noted.share() >= 0.995, "{noted:?} {:?}", score.remarks);
    for (pattern, found) in score.found_noted.iter().filter(|(_, found)| found.of >= 1_000) {
        assert!(found.share() >= 0.97, "{}: {found:?} {:?}", pattern.label(), score.remarks);
    }
    assert!(score.flagged.share() <= 0.005, "{:?} {:?}", score.flagged, score.remarks);
    assert_eq!(score.flagged_without_bulk.n, 0, "{:?}", score.remarks);
    assert!(score.flagged_without_bulk.of > 100 && score.flagged.of > 1_000, "the practices decide for people too");
}

#[test]
fn every_pattern_is_found_by_itself() {
    for pattern in Pattern::ALL {
        let columns = Some(Columns::FULL);
        let alone = Brief { size: Some(3_000), patterns: Some(vec![pattern]), columns, ..Brief::default() };
        let score = score_all(UNSEEN..UNSEEN + 4, &alone, Thresholds::default());
        let found = score.found.get(&pattern).copied().unwrap_or_default();
        assert!(found.of > 20 && found.share() >= 0.97, "{}: {found:?} {:?}", pattern.label(), score.remarks);
        assert!(score.flagged.share() <= 0.005, "{}: {:?}", pattern.label(), score.remarks);
    }
}

#[test]
fn no_reason_goes_without_a_figure_that_can_be_checked() {
    let mut seen = 0;
    for seed in UNSEEN..UNSEEN + 8 {
        let (cohort, findings) = findings_of(&simulate(seed, &brief(2_000)), Thresholds::default());
        for group in findings.groups.iter().take(12) {
            for evidence in group.evidence.iter().filter(|e| e.weight > 0) {
                // That a column is missing has no figure.
                let of_the_file = evidence.text.starts_with("The export ");
                let has_figure = evidence.text.chars().any(|c| c.is_ascii_digit());
                assert!(has_figure || of_the_file || evidence.text.starts_with("In the "), "{}", evidence.text);
                let whom = evidence.behind.expect("somebody");
                let patients = behind(&cohort, &findings, Some(group.id), whom);
                assert!(!patients.is_empty(), "{whom:?}: {}", evidence.text);
                if whom == Behind::Entries {
                    assert!(patients.len() <= group.entries);
                    seen += 1;
                }
            }
            let members = behind(&cohort, &findings, Some(group.id), Behind::Members);
            assert_eq!(members, group.members);
            let said = group.sentences(Side::Against).find(|s| s.contains(" more of the same "));
            let left_out = behind(&cohort, &findings, Some(group.id), Behind::LeftOut);
            assert_eq!(said.is_some(), !left_out.is_empty());
            assert!(said.is_none_or(|s| s.starts_with(&figure(left_out.len()))), "{said:?} {}", left_out.len());
        }
    }
    assert!(seen > 10);
}

#[test]
fn a_group_decision_never_takes_a_patient_with_a_blocker() {
    let mut included = 0;
    for seed in UNSEEN..UNSEEN + 12 {
        let (cohort, findings) = findings_of(&simulate(seed, &brief(2_000)), Thresholds::default());
        let review = Review::new(cohort.patients.len());
        for group in &findings.groups {
            let all = behind(&cohort, &findings, Some(group.id), Behind::Entries);
            for ids in [&group.members, &group.left_out, &all] {
                let plan = plan_group(&cohort, &findings, &review, ids);
                for choice in Choice::ALL {
                    for id in plan.taken(choice) {
                        assert!(blockers(&cohort, &findings, id).is_empty(), "seed {seed}, {}", group.title);
                        let looks = findings.of(id).likelihood;
                        assert!(choice != Choice::Add106 || looks != Some(Likelihood::Individual));
                        included += 1;
                    }
                }
            }
        }
    }
    assert!(included > 1_000);
}

#[test]
fn thresholds_decide_what_is_found() {
    let practice = simulate(UNSEEN, &Brief { patterns: Some(vec![Pattern::WholeListDay]), ..brief(1_500) });
    let (cohort, findings) = findings_of(&practice, Thresholds::default());
    let bulk = |thresholds: Thresholds| {
        find(&cohort, thresholds).assessments.iter().filter(|a| a.likelihood.is_some_and(Likelihood::is_bulk)).count()
    };
    assert!(findings.assessments.iter().any(|a| a.likelihood == Some(Likelihood::AlmostCertain)));
    assert!(bulk(Thresholds::default()) > 500);
    assert_eq!(bulk(Thresholds::default().with("likely_from", 200).with("almost_certain_from", 300)), 0);
}

#[test]
fn a_large_practice_is_no_other_matter() {
    let brief =
        Brief { size: Some(40_000), layout: Some(Layout::Emis), columns: Some(Columns::FULL), ..Brief::default() };
    let score = score_all(UNSEEN + 1..UNSEEN + 3, &brief, Thresholds::default());
    let [_, dated, _] = score.recall();
    assert!(dated.share() >= 0.99 && score.flagged.share() <= 0.005 && score.wrong_status == 0, "{:?}", score.remarks);
}
