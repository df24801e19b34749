//! Headers as systems and spreadsheets write them.

use super::*;

fn row(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

#[test]
fn emis_names_repeat_and_the_group_decides() {
    let header = row(
        "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,SNOMED Code,Date,Date Added,Associated Text,Full Name",
    );
    let groups = row("Patient Details,,,,Access codes,,,,,");
    for groups in [Some(groups.as_slice()), None] {
        let columns = Columns::read(&header, groups);
        assert_eq!(columns.patient(PatientRole::NhsNumber), Some(1));
        assert_eq!(columns.patient(PatientRole::FullName), Some(2));
        assert_eq!(
            columns.events,
            [EventColumns {
                term: Some(4),
                id: Some(5),
                date: Some(6),
                entered: Some(7),
                text: Some(8),
                user: Some(9),
                ..EventColumns::default()
            }]
        );
    }
}

#[test]
fn groups_of_entries_stand_side_by_side() {
    let header = row("NHS Number,Date of Birth,Code Term,Date,Full Name,Code Term,Date,Full Name");
    let columns = Columns::read(&header, None);
    assert_eq!(columns.events.len(), 2);
    assert_eq!(columns.events[1].term, Some(5));
    assert_eq!(columns.events[1].user, Some(7));
    let groups = row("Patient Details,,Safeguarding,,,Access,,");
    let columns = Columns::read(&header, Some(&groups));
    assert_eq!(columns.events.len(), 2);
    assert_eq!(columns.all[5].group.as_deref(), Some("Access"));
}

#[test]
fn what_comes_twice_within_a_group_is_kept() {
    let header = row(
        "NHS Number,Date of Birth,Code Term,Date,Associated Text,Comments,Organisation Name,Organisation Code,Full Name",
    );
    let columns = Columns::read(&header, None);
    assert_eq!(columns.events.len(), 1);
    assert_eq!(columns.events[0].more_text[..2], [Some(5), None]);
    assert_eq!(columns.events[0].user, Some(8));
    let header = row("NHS number,Date of birth,Event date,Event done by,CTV3 code,SNOMED code,Safeguarding concern");
    let columns = Columns::read(&header, None);
    assert_eq!(columns.events.len(), 1);
    assert_eq!((columns.events[0].id, columns.events[0].second_id), (Some(4), Some(5)));
    assert_eq!(columns.risk, [6]);
}

#[test]
fn a_name_beside_the_number_is_the_patients_even_behind_the_codes() {
    let header = row("Code Term,Date,User,NHS Number,Full Name,Date of Birth");
    let columns = Columns::read(&header, None);
    assert_eq!(columns.patient(PatientRole::FullName), Some(4));
    assert_eq!(columns.events[0].user, Some(2));
}

#[test]
fn systmone_in_sentence_case() {
    let header = row(
        "NHS number,Title,First name,Surname,Date of birth,Date of registration,Usual GP,Event date,Event details,Event done by,SNOMED code,Telecom number,Patient Count",
    );
    let columns = Columns::read(&header, None);
    assert_eq!(columns.patient(PatientRole::FamilyName), Some(3));
    assert_eq!(columns.patient(PatientRole::PatientCount), Some(12));
    assert_eq!(columns.events[0].term, Some(8));
    assert_eq!(columns.events[0].user, Some(9));
    assert_eq!(columns.events[0].id, Some(10));
}
