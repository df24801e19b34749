//! The practice while it is made up: its people, its staff and what happened so far.

use super::calendar::{Day, is_working, last_working};
use super::people::Person;
use super::random::Random;
use super::staff::{Role, Staff};
use super::{GenuineKind, Layout, Origin, Pattern};

/// One of the three codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// 103: the patient declined.
    Declined,
    /// 104: review first.
    Review,
    /// 106: no review needed.
    NoReview,
}

/// One coded entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which code.
    pub code: Code,
    /// The date of the event.
    pub day: Day,
    /// The date of typing.
    pub entered: Day,
    /// Among the users.
    pub user: usize,
    /// Among the practices; 0 is this one.
    pub place: usize,
    /// Free text.
    pub text: String,
    /// Why a 104 was set.
    pub origin: Option<Origin>,
}

impl Entry {
    /// Typed on its day, here.
    #[must_use]
    pub const fn new(code: Code, day: Day, user: usize, text: String, origin: Option<Origin>) -> Self {
        Self { code, day, entered: day, user, place: 0, text, origin }
    }

    /// A 104 that somebody decided on.
    #[must_use]
    pub const fn genuine(kind: GenuineKind, day: Day, user: usize, text: String) -> Self {
        Self::new(Code::Review, day, user, text, Some(Origin::Genuine(kind)))
    }

    /// A 104 of a campaign.
    #[must_use]
    pub const fn is_bulk(&self) -> bool {
        matches!(self.origin, Some(Origin::Bulk { .. }))
    }
}

/// Everything about a practice.
#[derive(Debug)]
pub struct World {
    /// Chance.
    pub random: Random,
    /// Whose layout the file will have.
    pub layout: Layout,
    /// The day of the export.
    pub today: Day,
    /// Everybody who is or was a patient and may be in the file.
    pub people: Vec<Person>,
    /// Who works here.
    pub staff: Staff,
    /// How the file writes its users.
    pub users: Vec<String>,
    /// Practices; the first is this one.
    pub places: Vec<String>,
    /// What happened, in sentences.
    pub story: Vec<String>,
    /// Campaigns so far.
    pub campaigns: u16,
    /// Days on which a campaign set many.
    pub bulk_days: Vec<Day>,
    /// The patterns that set at least one 104.
    pub patterns: Vec<Pattern>,
}

impl World {
    /// Adds an entry, but never a second one of its code on one day; false where it was not added.
    pub fn add(&mut self, person: usize, entry: Entry) -> bool {
        let is_future = entry.day > self.today || entry.entered > self.today;
        let codes = &mut self.people[person].codes;
        if is_future || codes.iter().any(|c| c.code == entry.code && c.day == entry.day) {
            return false;
        }
        codes.push(entry);
        true
    }

    /// Somebody of one of these roles.
    pub fn user(&mut self, roles: &[(Role, f64)], on: Day) -> usize {
        self.staff.someone(&mut self.random, roles, on).user
    }

    /// How colleagues write of one of the doctors.
    pub fn doctor(&mut self, on: Day) -> String {
        self.staff.someone(&mut self.random, &[(Role::Gp, 1.0)], on).called.clone()
    }

    /// A day on which the practice works, between two days.
    pub fn working_day(&mut self, low: Day, high: Day) -> Day {
        for _ in 0..20 {
            let day = self.random.between(low, high);
            if is_working(day) {
                return day;
            }
        }
        last_working(high)
    }

    /// Somebody who fits.
    pub fn someone(&mut self, fits: impl Fn(&Person) -> bool) -> Option<usize> {
        for _ in 0..80 {
            let at = self.random.below(self.people.len());
            if self.people.get(at).is_some_and(&fits) {
                return Some(at);
            }
        }
        None
    }

    /// An adult patient on a day.
    pub fn adult(&mut self, on: Day, fits: impl Fn(&Person) -> bool) -> Option<usize> {
        self.someone(|p| p.is_here(on) && p.age(on) >= 16 && fits(p))
    }

    /// Adds a sentence to the story.
    pub fn tell(&mut self, sentence: impl Into<String>) {
        self.story.push(sentence.into());
    }
}
