use super::*;
use crate::app::case::{Case, Origin, Settings, open};
use crate::cohort::Patient;
use crate::domain::Day;
use crate::extract::{Progress, System};

fn at(minute: u32) -> NaiveDateTime {
    chrono::NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|d| d.and_hms_opt(9, minute, 0)).expect("a time")
}

fn decision(choice: Choice) -> Decision {
    Decision {
        choice,
        by: reviewer(),
        at: at(0),
        reason: "reason".into(),
        made: Made::Alone,
        despite: Against::default(),
    }
}

fn reviewer() -> Reviewer {
    Reviewer { name: "Pat Manager".into(), role: String::new() }
}

#[test]
fn undo_and_redo_restore_and_history_keeps_everything() {
    let mut review = Review::new(3);
    let everybody = [PatientId(0), PatientId(1), PatientId(2)];
    review.record(&everybody, &decision(Choice::Add106));
    review.record(&[PatientId(1)], &decision(Choice::Keep104));
    assert_eq!(review.undo_label(), Some("Keep 104"));
    review.undo(&reviewer(), at(1));
    assert_eq!(review.of(PatientId(1)).map(|d| d.choice), Some(Choice::Add106));
    assert_eq!(review.undo_label(), Some("Add 106 for 3 patients"));
    review.undo(&reviewer(), at(2));
    assert_eq!(review.decided(), 0);
    review.redo(&reviewer(), at(3));
    review.redo(&reviewer(), at(4));
    assert_eq!(review.of(PatientId(1)).map(|d| d.choice), Some(Choice::Keep104));
    assert_eq!(review.decided(), 3);
    assert_eq!(review.history().len(), 6);
    review.undo(&reviewer(), at(5));
    review.clear(&[PatientId(0)], &reviewer(), at(6));
    assert_eq!(review.redo_label(), None, "a new step ends what could be redone");
    assert_eq!(review.decided(), 2);
}

/// The built-in made-up practice.
fn case() -> Case {
    let settings = Settings::on(Day::from_ymd(2026, 11, 20).expect("a day"));
    open(&Origin::Sample(System::Emis), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// A smaller one.
fn small_case() -> Case {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let recipe = crate::sample::Recipe { patients: 160, ..crate::sample::Recipe::built_in(System::Emis) };
    std::fs::write(&path, crate::sample::make(recipe).bytes).expect("written");
    let settings = Settings::on(Day::from_ymd(2026, 11, 20).expect("a day"));
    open(&Origin::exports([path]), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
}

fn take(case: &Case, text: &str) -> (Review, Vec<RefusedProposal>) {
    let mut review = case.new_review(&reviewer(), at(0));
    match read_decisions(text.as_bytes()).unwrap_or_else(|e| panic!("{e}")) {
        Decisions::List(proposals) => {
            let refused = apply(
                &case.cohort,
                &case.findings,
                &mut review,
                ("a list", proposals),
                (None, None),
                (&reviewer(), at(0)),
            );
            (review, refused)
        }
        Decisions::Review(file) => {
            let restored = case.restore(&file, "Review opened", &reviewer(), at(9)).unwrap_or_else(|e| panic!("{e}"));
            (restored.review, restored.refused)
        }
    }
}

/// Members of the first group without blockers.
fn members(case: &Case) -> Vec<PatientId> {
    let clean = |id: &PatientId| blockers(&case.cohort, &case.findings, *id).is_empty();
    case.findings.groups[0].members.iter().copied().filter(clean).collect()
}

fn digits(case: &Case, id: PatientId) -> String {
    case.cohort.patient(id).and_then(Patient::usable_number).expect("a number").digits()
}

/// A spot check of these, for such a share, by this seed.
fn drawn(case: &Case, list: &[PatientId], made: Made, wanted_and_seed: (u8, u64)) -> SpotCheck {
    SpotCheck::draw(&case.cohort, list.to_vec(), ("a list".into(), made), wanted_and_seed, reviewer(), at(1))
}

/// A spot check of these, with everybody answered.
fn checked(case: &Case, review: &mut Review, list: &[PatientId], verdict: impl Fn(usize) -> Verdict) -> usize {
    let check = drawn(case, list, Made::Together, (5, 7));
    let size = check.sample.len();
    let (place, _) = review.add_check(check);
    for n in 0..size {
        review.answer(place, n, Some(verdict(n)), &reviewer(), at(2));
    }
    place
}

#[test]
fn two_decisions_for_one_patient_are_none() {
    let case = case();
    let n = digits(&case, members(&case)[0]);
    let (review, refused) = take(
        &case,
        &format!("NHS number,Decision,Decided by,Reason\n{n},Add 106,Pat,\n{n},Keep 104,Dr Lewis,at risk\n"),
    );
    assert_eq!(review.decided(), 0);
    assert_eq!(refused.len(), 2);
}

#[test]
fn a_question_or_a_nameless_decision_is_not_taken() {
    let case = case();
    let n = digits(&case, members(&case)[0]);
    for line in [format!("{n},Add 106?,Pat,"), format!("{n},Add 106,,"), "9990000018,Add 106,Pat,".to_owned()] {
        let (review, refused) = take(&case, &format!("NHS number,Decision,Decided by,Reason\n{line}\n"));
        assert_eq!((review.decided(), refused.len()), (0, 1), "{line}");
    }
}

#[test]
fn a_saved_review_comes_back_as_it_was_and_not_if_a_code_came_later() {
    let case = case();
    let n = digits(&case, members(&case)[0]);
    let (mut review, _) = take(&case, &format!("NHS number,Decision,Decided by,Reason\n{n},Add 106,Pat,\n"));
    let place = checked(&case, &mut review, &members(&case)[1..], |n| {
        if n == 3 { Verdict::CannotTell } else { Verdict::NotAtRisk }
    });
    let saved = case.review_file(&review, at(3));
    let json = saved.to_json().expect("JSON");
    let (again, refused) = take(&case, &json);
    assert!(refused.is_empty());
    assert!(again.iter().eq(review.iter()));
    assert_eq!(again.checks(), review.checks());
    assert_eq!(again.doubt(review.checks()[place].sample[3].patient.expect("here")), Some(Verdict::CannotTell));
    assert_eq!(again.past(), saved.events);
    // The chain goes on in the next sitting.
    let next = case.review_file(&again, at(9));
    let value = serde_json::to_value(&next.events).expect("JSON");
    assert!(verify(value.as_array().expect("events")).is_ok());
    assert_eq!(next.events.len(), saved.events.len() + 1);
    let old = json.replace("\"decided_at\": \"2026-11-20", "\"decided_at\": \"2021-11-20");
    let (again, refused) = take(&case, &old);
    assert_eq!((again.decided(), refused.len()), (0, 1));
}

#[test]
fn a_review_that_was_changed_by_hand_is_checked_and_said() {
    let case = case();
    let all = members(&case);
    let mut review = case.new_review(&reviewer(), at(0));
    review.record(&all[..3], &decision(Choice::Keep104));
    let json = case.review_file(&review, at(3)).to_json().expect("JSON");
    // A 106 for somebody who declined, written into the file.
    let declined = case.cohort.iter().find(|(_, p)| p.status == crate::domain::Status::Declined).expect("one").0;
    let changed = json
        .replace(&digits(&case, all[1]), &digits(&case, declined))
        .replace("\"decision\": \"Keep 104\"", "\"decision\": \"Add 106\"");
    let Decisions::Review(file) = read_decisions(changed.as_bytes()).expect("read") else { panic!("a review") };
    let restored = case.restore(&file, "Review opened", &reviewer(), at(9)).expect("opened");
    assert_eq!((restored.refused.len(), restored.review.decided()), (3, 0), "no 106 is taken from such a file");
    assert!(
        restored.notes.iter().any(|n| n.contains("changed outside this program, from event 2")),
        "{:?}",
        restored.notes
    );
    assert!(restored.review.of(declined).is_none());
}

#[test]
fn what_the_record_does_not_hold_is_not_taken_from_the_file() {
    let case = case();
    let all = members(&case);
    let mut review = case.new_review(&reviewer(), at(0));
    let list = all[..60].to_vec();
    let place = checked(&case, &mut review, &list, |_| Verdict::NotAtRisk);
    review.answer(place, 0, Some(Verdict::AtRisk), &reviewer(), at(3));
    review.record(&all[..1], &decision(Choice::Keep104));
    let file = case.review_file(&review, at(4));
    // One word of a decision, and the spot check taken out: the chain of events is whole.
    let mut changed = file.clone();
    changed.decisions[0].decision = Some(Choice::Add106);
    changed.spot_checks.clear();
    let json = changed.to_json().expect("JSON");
    let Decisions::Review(changed) = read_decisions(json.as_bytes()).expect("read") else { panic!("a review") };
    assert_eq!(changed.broken, None);
    let restored = case.restore(&changed, "Review opened", &reviewer(), at(9)).expect("opened");
    assert_eq!((restored.review.decided(), restored.refused.len()), (0, 1));
    assert!(restored.refused[0].why.contains("does not hold this decision"));
    assert!(restored.review.checks()[0].stops(), "the stop is still there");
    assert!(restored.notes.iter().any(|n| n.contains("not those of its record")), "{:?}", restored.notes);
    // Unchanged, all of it comes back without a word.
    let Decisions::Review(same) = read_decisions(file.to_json().expect("JSON").as_bytes()).expect("read") else {
        panic!()
    };
    let restored = case.restore(&same, "Review opened", &reviewer(), at(9)).expect("opened");
    assert!(restored.refused.is_empty() && restored.notes.is_empty(), "{:?}", restored.notes);
    assert_eq!(restored.review.checks(), review.checks());
}

#[test]
fn what_is_known_later_speaks_against_a_106_that_was_given_before() {
    let case = case();
    let marked = case.cohort.iter().find(|(id, p)| {
        p.status == crate::domain::Status::Blocked && blockers(&case.cohort, &case.findings, *id).has(Blocker::Marker)
    });
    let marked = marked.expect("somebody with a marker").0;
    let mut review = case.new_review(&reviewer(), at(0));
    // Decided when nobody knew of the marker, as before a register was opened.
    review.record(&[marked], &decision(Choice::Add106));
    assert_eq!(lapsed(&case.cohort, &case.findings, &review), [marked]);
    let file = case.review_file(&review, at(3));
    let restored = case.restore(&file, "Decisions taken over", &reviewer(), at(4)).expect("opened");
    assert_eq!(restored.refused.len(), 1);
    assert!(restored.refused[0].why.contains("Not known when this was decided: a safeguarding or risk marker"));
    // Decided in its knowledge it holds.
    let despite = Against::of(&case.cohort, &case.findings, marked);
    let mut review = case.new_review(&reviewer(), at(0));
    review.record(&[marked], &Decision { despite, ..decision(Choice::Add106) });
    let file = case.review_file(&review, at(3));
    let restored = case.restore(&file, "Decisions taken over", &reviewer(), at(4)).expect("opened");
    assert_eq!((restored.refused.len(), restored.review.decided()), (0, 1));
}

#[test]
fn whoever_joins_a_group_later_is_stopped_with_it() {
    let case = case();
    let all = members(&case);
    let group = case.findings.groups[0].id;
    let mut review = case.new_review(&reviewer(), at(0));
    let joined = all[0];
    review.record(&[joined], &decision(Choice::Keep104));
    let (place, _) = review.add_check(drawn(&case, &all[1..], Made::With(group), (5, 7)));
    review.clear(&[joined], &reviewer(), at(2));
    review.record(&[joined], &Decision { made: Made::With(group), ..decision(Choice::Add106) });
    assert_eq!(review.answer(place, 0, Some(Verdict::AtRisk), &reviewer(), at(3)), 1);
    assert!(review.of(joined).is_none());
    let plan = plan_group(&case.cohort, &case.findings, &review, &[joined]);
    assert_eq!(plan.stopped, [joined]);
}

#[test]
fn a_list_takes_over_nobodys_decision() {
    let case = case();
    let all = members(&case);
    let mut review = case.new_review(&reviewer(), at(0));
    let lewis = Reviewer { name: "Dr Lewis".into(), role: "GP".into() };
    review.record(&all[..2], &Decision { by: lewis.clone(), ..decision(Choice::Keep104) });
    let rows = format!(
        "NHS number,Decision,Decided by,Reason\n{},Keep 104,Pat,x\n{},Add 106,Pat,x\n{},Add 106,Pat,x\n",
        digits(&case, all[0]),
        digits(&case, all[1]),
        digits(&case, all[2])
    );
    let Decisions::List(list) = read_decisions(rows.as_bytes()).expect("read") else { panic!("a list") };
    let refused =
        apply(&case.cohort, &case.findings, &mut review, ("a list", list), (None, None), (&reviewer(), at(1)));
    assert_eq!(refused.len(), 1);
    assert!(refused[0].why.contains("Decided already: Keep 104 by Dr Lewis") && refused[0].patient == Some(all[1]));
    assert!(all[..2].iter().all(|id| review.of(*id).is_some_and(|d| d.by == lewis)));
    assert_eq!(review.of(all[2]).map(|d| d.made), Some(Made::Listed));
}

#[test]
fn a_stop_comes_back_with_whoever_is_found_after_it_was_ended() {
    let case = case();
    let all = members(&case);
    let mut review = case.new_review(&reviewer(), at(0));
    let place = checked(&case, &mut review, &all, |n| if n == 0 { Verdict::AtRisk } else { Verdict::NotAtRisk });
    let about = vec![review.checks()[place].sample[0].nhs.digits()];
    review.lift(place, Lifted { by: reviewer(), at: at(5), reason: "looked at".into(), about });
    let free = |review: &Review| plan_group(&case.cohort, &case.findings, review, &all).included.len();
    assert!(free(&review) > 1_000);
    let together = Decision { made: Made::Together, ..decision(Choice::Add106) };
    let taken: Vec<PatientId> = plan_group(&case.cohort, &case.findings, &review, &all).taken(Choice::Add106).collect();
    review.record(&taken, &together);
    assert!(review.answer(place, 7, Some(Verdict::AtRisk), &reviewer(), at(6)) > 1_000, "taken back");
    assert_eq!((free(&review), review.count(Choice::Add106)), (0, 0));
}

#[test]
fn a_part_that_is_not_proven_any_more_gives_its_106s_back() {
    let case = case();
    let all = members(&case);
    let mut review = case.new_review(&reviewer(), at(0));
    checked(&case, &mut review, &all, |n| if n == 0 { Verdict::AtRisk } else { Verdict::NotAtRisk });
    let stopped = plan_group(&case.cohort, &case.findings, &review, &all).stopped;
    let part: Vec<PatientId> = stopped[..400].to_vec();
    let of_part = checked(&case, &mut review, &part, |_| Verdict::NotAtRisk);
    let together = Decision { made: Made::Together, ..decision(Choice::Add106) };
    review.record(&part, &together);
    assert_eq!(review.count(Choice::Add106), 400);
    // "Can't tell": the bound is not reached, the part is not free any more.
    let mut doubtful = review.clone();
    assert_eq!(doubtful.answer(of_part, 3, Some(Verdict::CannotTell), &reviewer(), at(6)), 400);
    doubtful.undo(&reviewer(), at(7));
    assert_eq!(doubtful.count(Choice::Add106), 400, "with the answer they come back");
    // A larger sample is not answered yet.
    let mut grown = review.clone();
    grown.grow_check(of_part, 2, &case.cohort, &reviewer(), at(6));
    assert_eq!(grown.count(Choice::Add106), 0);
    // What was undone does not come back into a list that is stopped.
    let mut redone = review.clone();
    redone.undo(&reviewer(), at(6));
    redone.grow_check(of_part, 2, &case.cohort, &reviewer(), at(7));
    redone.redo(&reviewer(), at(8));
    assert_eq!(redone.count(Choice::Add106), 0);
    assert!(redone.iter().all(|(id, _)| !redone.is_overtaken(id)));
}

#[test]
fn somebody_at_risk_stops_the_list_until_it_is_split_or_reviewed() {
    let case = case();
    let all = members(&case);
    let mut review = case.new_review(&reviewer(), at(0));
    // Decided with the group before anybody looked.
    let together = Decision { made: Made::Together, ..decision(Choice::Add106) };
    let place = checked(&case, &mut review, &all, |_| Verdict::NotAtRisk);
    assert!(review.checks()[place].is_reached());
    review.record(&all[..10], &together);
    review.record(&all[10..11], &decision(Choice::Add106));
    let at_risk = review.checks()[place].sample[0].patient.expect("here");
    let back = review.answer(place, 0, Some(Verdict::AtRisk), &reviewer(), at(4));
    assert!((10..=12).contains(&back), "those decided together are taken back: {back}");
    let plan = plan_group(&case.cohort, &case.findings, &review, &all);
    assert_eq!((plan.included.len(), plan.in_doubt.clone()), (0, vec![at_risk]));
    assert_eq!(plan.taken(Choice::Add106).count(), 0);
    assert_eq!(plan.taken(Choice::Keep104).count(), plan.stopped.len());
    assert_eq!(plan.everybody(), all.len());
    // One by one, with a reason, it goes on.
    let alone = |review: &Review, reason| {
        check(&case.cohort, &case.findings, review, at_risk, Choice::Add106, &reviewer(), reason)
    };
    assert_eq!(alone(&review, " "), Err(Refusal::InDoubt(Verdict::AtRisk)));
    assert_eq!(alone(&review, "seen again with the patient"), Ok(()));

    // A part at most half as large is freed by a check of its own.
    let half: Vec<PatientId> = plan.stopped[..plan.stopped.len() / 2].to_vec();
    let of_half = checked(&case, &mut review, &half, |_| Verdict::NotAtRisk);
    assert!(review.checks()[of_half].frees_from(&review.checks()[place]));
    let after = plan_group(&case.cohort, &case.findings, &review, &all);
    let included: std::collections::HashSet<_> = after.included.iter().collect();
    assert!(half.iter().all(|id| included.contains(id)) && after.included.len() == half.len());
    // Or somebody reviews all of it.
    let mut reviewed = review.clone();
    reviewed.lift(
        place,
        Lifted {
            by: reviewer(),
            at: at(5),
            reason: "each looked at with the lead".into(),
            about: vec![digits(&case, at_risk)],
        },
    );
    let lifted = plan_group(&case.cohort, &case.findings, &reviewed, &all);
    assert!(lifted.stopped.is_empty() && lifted.in_doubt == [at_risk]);
    // Undo brings the decisions back with the answer that took them.
    let mut undone = review.clone();
    undone.undo(&reviewer(), at(6));
    assert_eq!(undone.doubt(at_risk), Some(Verdict::AtRisk), "the last step was an answer of the other check");
    for _ in 0..review.checks()[of_half].sample.len() {
        undone.undo(&reviewer(), at(6));
    }
    assert_eq!((undone.doubt(at_risk), undone.decided()), (None, 11));
}

#[test]
fn the_recovery_journal_cut_anywhere_gives_a_state_that_was() {
    let case = small_case();
    let all = members(&case);
    let key = case.key();
    let mut review = case.new_review(&reviewer(), at(0));
    review.record(&all[..4], &decision(Choice::Keep104));
    // What a state is, told apart: decisions, answers, stops.
    let told = |review: &Review| {
        let decided: Vec<_> = review.iter().map(|(id, d)| (id, d.clone())).collect();
        (decided, review.checks().to_vec())
    };
    let mut journal = Journal::new(&key, [3; 32]);
    let mut bytes = journal.head();
    let first = case.review_file(&review, at(1));
    bytes.extend(journal.seal(&serde_json::to_vec(&first).expect("JSON")));
    let mut states = vec![told(&review)];
    let mut ends = vec![bytes.len()];
    let mut written = review.history().len();
    let mut place = 0;
    for step in 0..9 {
        match step {
            0 => review.record(&all[4..8], &Decision { made: Made::Together, ..decision(Choice::Add106) }),
            1 => (place, _) = review.add_check(drawn(&case, &all[4..44], Made::Together, (10, 11))),
            2 => _ = review.answer(place, 0, Some(Verdict::AtRisk), &reviewer(), at(3)),
            3 => _ = review.undo(&reviewer(), at(4)),
            4 => _ = review.redo(&reviewer(), at(5)),
            5 => review.record(&all[50..51], &decision(Choice::AskClinician)),
            6 => review.lift(
                place,
                Lifted {
                    by: reviewer(),
                    at: at(6),
                    reason: "looked at".into(),
                    about: vec![review.checks()[place].sample[0].nhs.digits()],
                },
            ),
            7 => _ = review.grow_check(place, 5, &case.cohort, &reviewer(), at(7)),
            _ => review.clear(&all[0..2], &reviewer(), at(8)),
        }
        let events = save_events(&case.cohort, &review, written);
        written = review.history().len();
        bytes.extend(journal.seal(&serde_json::to_vec(&events).expect("JSON")));
        states.push(told(&review));
        ends.push(bytes.len());
    }
    // Sealed: nothing of the patients can be seen in it.
    for id in &all[..60] {
        let number = digits(&case, *id);
        assert!(!bytes.windows(10).any(|w| w == number.as_bytes()));
    }
    assert!(!bytes.windows(3).any(|w| w == b"Pat"));
    let read = |cut: usize| -> Option<ReviewFile> {
        let mut records = read_journal(&key, &bytes[..cut]).ok()?.into_iter();
        let mut file: ReviewFile = serde_json::from_slice(&records.next()?).expect("a review");
        for record in records {
            file.replay(serde_json::from_slice(&record).expect("events"));
        }
        Some(file)
    };
    let mut seen = 0;
    for cut in 0..=bytes.len() {
        let complete = ends.iter().filter(|end| **end <= cut).count();
        // Between two records nothing changes: the state is looked at where one ends.
        match read(cut) {
            None => assert_eq!(complete, 0, "cut at {cut}"),
            Some(file) if complete > seen || cut == bytes.len() => {
                seen = complete;
                let restored = case.restore(&file, "Recovered", &reviewer(), at(9)).expect("restored");
                assert!(restored.refused.is_empty(), "{:?}", restored.refused);
                assert_eq!(told(&restored.review), states[complete - 1], "cut at {cut}");
            }
            Some(file) => assert_eq!(file.events.len(), first.events.len() + complete - 1, "cut at {cut}"),
        }
    }
    assert_eq!(seen, states.len());
}
