//! Where one patient stands: the rule, as a pure function.

use super::{CodeEvent, EventState};
use crate::domain::{AccessCode, Day, Status, StatusReason};
use crate::extract::PersonRow;
use crate::extract::Registration;

/// What decides eligibility.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Date of birth.
    pub born: Option<Day>,
    /// Date of registration.
    pub registered: Option<Day>,
    /// Date of leaving.
    pub left: Option<Day>,
    /// Age, where the file has no birth dates.
    pub age: Option<i16>,
    /// What the file says of the registration.
    pub registration: Registration,
    /// On the registered list, where there is one.
    pub is_listed: bool,
}

impl From<&PersonRow> for Facts {
    fn from(row: &PersonRow) -> Self {
        Self {
            born: row.born,
            registered: row.registered,
            left: row.left,
            age: row.age,
            registration: row.registration,
            is_listed: false,
        }
    }
}

/// The status, why, and the entry that decides (an index into the slice given).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Status.
    pub status: Status,
    /// Why.
    pub reason: StatusReason,
    /// Which entry decides.
    pub deciding: Option<usize>,
    /// The latest 104 that no 106 has cancelled.
    pub active_104: Option<usize>,
}

/// Decides: the first of the statuses, in their order, that applies.
///
/// * `not eligible`: not registered now, deceased, or under 16 on `today`.
/// * `declined`: any 103; a 106 never cancels it.
/// * `same-day conflict`: the latest day has a 104 and a 106, and no times order them.
/// * `blocked`, `cleared`: the latest code is a 104, a 106.
///
/// Entries without a date, or dated after today, decide nothing.
#[must_use]
pub fn stand(facts: Facts, events: &[CodeEvent], today: Day) -> Standing {
    let codes = latest_codes(events);
    let active_104 = codes.active_104;
    let standing = |status, reason, deciding| Standing { status, reason, deciding, active_104 };
    if let Some(reason) = not_eligible(facts, today) {
        return standing(Status::NotEligible, reason, None);
    }
    if let Some(at) = codes.declined {
        return standing(Status::Declined, StatusReason::Declined, Some(at));
    }
    match codes.latest {
        Latest::None => standing(Status::NoCode, StatusReason::NoCode, None),
        Latest::Conflict(at) => standing(Status::SameDayConflict, StatusReason::BothOnOneDay, Some(at)),
        Latest::Blocks(at) => standing(Status::Blocked, StatusReason::Latest104, Some(at)),
        Latest::Clears(at) => standing(Status::Cleared, StatusReason::Latest106, Some(at)),
    }
}

fn not_eligible(facts: Facts, today: Day) -> Option<StatusReason> {
    let left = facts.left.is_some_and(|left| left <= today && facts.registered.is_none_or(|r| r <= left));
    match facts.registration {
        Registration::Deceased => Some(StatusReason::Deceased),
        Registration::Left => Some(StatusReason::Left),
        _ if left => Some(StatusReason::Left),
        Registration::NotFull => Some(StatusReason::NotFullyRegistered),
        _ if facts.registered.is_some_and(|r| r > today) => Some(StatusReason::NotFullyRegistered),
        Registration::Full | Registration::Unclear => {
            let age = facts.born.map(|born| today.age(born)).or(facts.age.map(i32::from));
            age.is_some_and(|age| age < 16).then_some(StatusReason::Under16)
        }
    }
}

enum Latest {
    None,
    Blocks(usize),
    Clears(usize),
    Conflict(usize),
}

struct LatestCodes {
    declined: Option<usize>,
    latest: Latest,
    active_104: Option<usize>,
}

fn latest_codes(events: &[CodeEvent]) -> LatestCodes {
    let latest_of = |code| {
        let dated =
            events.iter().enumerate().filter(move |(_, e)| e.state == EventState::Counts && e.code == Some(code));
        dated.filter_map(|(at, e)| Some((e.day?, e.minute, at))).max_by_key(|(day, minute, at)| (*day, *minute, *at))
    };
    let declined = latest_of(AccessCode::Declined103).map(|(.., at)| at);
    let latest = match (latest_of(AccessCode::Review104), latest_of(AccessCode::NoReview106)) {
        (None, None) => Latest::None,
        (Some((.., at)), None) => Latest::Blocks(at),
        (None, Some((.., at))) => Latest::Clears(at),
        (Some((day104, time104, at104)), Some((day106, time106, at106))) => {
            let timed = |day: Day| {
                events
                    .iter()
                    .filter(|e| e.state == EventState::Counts && e.day == Some(day))
                    .all(|e| e.minute.is_some())
            };
            match day104.cmp(&day106) {
                std::cmp::Ordering::Greater => Latest::Blocks(at104),
                std::cmp::Ordering::Less => Latest::Clears(at106),
                std::cmp::Ordering::Equal if timed(day104) && time104 > time106 => Latest::Blocks(at104),
                std::cmp::Ordering::Equal if timed(day104) && time104 < time106 => Latest::Clears(at106),
                std::cmp::Ordering::Equal => Latest::Conflict(at104),
            }
        }
    };
    let active_104 = match latest {
        Latest::Blocks(at) | Latest::Conflict(at) => Some(at),
        Latest::None | Latest::Clears(_) => None,
    };
    LatestCodes { declined, latest, active_104 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::Place;
    use crate::extract::Word;

    const TODAY: &str = "2026-11-20";

    fn day(iso: &str) -> Day {
        Day::from_iso(iso).expect("a day")
    }

    /// "104@2022-10-31", with "T09:30" behind it for a time.
    fn event(text: &str) -> CodeEvent {
        let (code, date) = text.split_once('@').expect("code@date");
        let (date, time) = date.split_once('T').map_or((date, None), |(d, t)| (d, Some(t)));
        let code = AccessCode::ALL.into_iter().find(|c| c.short() == code);
        let (state, day) = match date {
            "" => (EventState::Undated, None),
            d if day(d) > day(TODAY) => (EventState::Future, Some(day(d))),
            d => (EventState::Counts, Some(day(d))),
        };
        let minute = time.map(|t| t[..2].parse::<u16>().expect("hour") * 60 + t[3..].parse::<u16>().expect("minute"));
        CodeEvent {
            place: Place { file: 0, row: 0 },
            group: 0,
            code,
            state,
            day,
            minute,
            entered: None,
            user: Word::NONE,
            text: Word::NONE,
            organisation: Word::NONE,
        }
    }

    fn status(facts: Facts, events: &[&str]) -> (Status, StatusReason) {
        let events: Vec<CodeEvent> = events.iter().map(|e| event(e)).collect();
        let standing = stand(facts, &events, day(TODAY));
        (standing.status, standing.reason)
    }

    #[test]
    fn the_codes_decide_in_their_order() {
        use Status::{Blocked, Cleared, Declined, NoCode, SameDayConflict};
        let table: &[(&[&str], Status)] = &[
            (&[], NoCode),
            (&["104@2022-10-31"], Blocked),
            (&["106@2023-01-05"], Cleared),
            (&["104@2022-10-31", "106@2023-01-05"], Cleared),
            (&["106@2023-01-05", "104@2022-10-31"], Cleared),
            (&["104@2022-10-31", "106@2023-01-05", "104@2023-02-01"], Blocked),
            (&["104@2023-01-05", "106@2023-01-05"], SameDayConflict),
            (&["106@2023-01-05", "104@2023-01-05"], SameDayConflict),
            (&["104@2023-01-05T09:00", "106@2023-01-05T09:30"], Cleared),
            (&["104@2023-01-05T10:00", "106@2023-01-05T09:30"], Blocked),
            (&["104@2023-01-05T09:30", "106@2023-01-05T09:30"], SameDayConflict),
            (&["104@2023-01-05T09:30", "106@2023-01-05"], SameDayConflict),
            (&["104@2023-01-05", "106@2023-01-05", "106@2023-01-06"], Cleared),
            (&["104@2023-01-05", "106@2023-01-05", "104@2023-01-06"], Blocked),
            (&["103@2022-01-01"], Declined),
            (&["103@2022-01-01", "106@2023-01-05"], Declined),
            (&["103@2022-01-01", "104@2023-01-05"], Declined),
            (&["104@2022-10-31", "103@2022-11-05"], Declined),
            (&["104@"], NoCode),
            (&["103@"], NoCode),
            (&["104@2022-10-31", "106@"], Blocked),
            (&["104@2022-10-31", "106@2027-01-01"], Blocked),
            (&["104@2027-01-01"], NoCode),
            (&["104@2026-11-20"], Blocked),
        ];
        for (events, expected) in table {
            assert_eq!(status(Facts::default(), events).0, *expected, "{events:?}");
        }
    }

    #[test]
    fn eligibility_goes_before_every_code() {
        let blocked: &[&str] = &["104@2022-10-31"];
        let facts = |f: fn(&mut Facts)| {
            let mut facts = Facts::default();
            f(&mut facts);
            facts
        };
        let not = |reason| (Status::NotEligible, reason);
        let is = (Status::Blocked, StatusReason::Latest104);
        let table: &[(Facts, (Status, StatusReason))] = &[
            (facts(|f| f.registration = Registration::Deceased), not(StatusReason::Deceased)),
            (facts(|f| f.registration = Registration::Left), not(StatusReason::Left)),
            (facts(|f| f.registration = Registration::NotFull), not(StatusReason::NotFullyRegistered)),
            (facts(|f| f.left = Some(day("2026-11-20"))), not(StatusReason::Left)),
            (facts(|f| f.left = Some(day("2026-11-21"))), is),
            (
                facts(|f| {
                    f.left = Some(day("2019-01-01"));
                    f.registered = Some(day("2021-01-01"));
                }),
                is,
            ),
            (facts(|f| f.born = Some(day("2010-11-21"))), not(StatusReason::Under16)),
            (facts(|f| f.born = Some(day("2010-11-20"))), is),
            (facts(|f| f.born = None), is),
        ];
        for (facts, expected) in table {
            assert_eq!(status(*facts, blocked), *expected, "{facts:?}");
        }
        assert_eq!(
            status(facts(|f| f.registration = Registration::Deceased), &["103@2022-01-01"]).0,
            Status::NotEligible
        );
    }

    #[test]
    fn a_104_stays_active_behind_a_103() {
        let events = [event("104@2022-10-31"), event("103@2023-01-01")];
        let standing = stand(Facts::default(), &events, day(TODAY));
        assert_eq!(standing.active_104, Some(0));
        assert_eq!(standing.deciding, Some(1));
    }
}
