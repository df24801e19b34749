//! The evidence in words, each with its figure.

use std::collections::BTreeMap;

use super::counted::Counted;
use super::features::is_clinician;
use super::order::{Common, Followed, List, Shortlist};
use super::topups::NewPatients;
use super::weigh::{Fact, Weight};
use super::{Behind, Evidence, Group, Kind, Side};
use crate::cohort::Cohort;
use crate::domain::Day;
use crate::domain::wording::{count, figure, list, per_cent};

/// What sentences are made of.
pub struct Told<'a> {
    /// The people.
    pub cohort: &'a Cohort,
    /// The group, complete but for its evidence.
    pub group: &'a Group,
    /// What is counted over its entries.
    pub counted: &'a Counted,
    /// How many of them are of nobody in the group.
    pub cancelled: usize,
    /// What was weighed.
    pub weights: &'a [Weight],
    /// For top-ups, by what new patients were known.
    pub new: NewPatients,
    /// Most entries a day outside the groups that look added in bulk.
    pub usual_most: u32,
    /// Top-ups are looked for so many days after registering.
    pub top_up_days: u32,
}

/// Nobody discusses more patients than these in a day: three times the list of a meeting.
const LARGEST_MEETING: usize = 120;

/// One line that says what a group is.
pub fn title(group: &Group) -> String {
    let n = count(group.members.len(), "patient");
    match group.kind {
        Kind::OneDay => format!("{n} on {}", group.first.with_weekday()),
        Kind::Run => format!("{n} from {} to {}", group.first.with_weekday(), group.last.with_weekday()),
        Kind::TopUp => {
            let new = count(group.members.len(), "new patient");
            format!("{new}, a few at a time, {}", months(group.first, group.last))
        }
        Kind::BackDated => {
            format!("{n} dated with their registration, {}", months(group.first, group.last))
        }
        Kind::Inherited => format!("{n} with a code from another practice"),
        Kind::Meeting => format!("{n} on {}, each with a note", group.first.with_weekday()),
    }
}

/// "November 2022 to June 2024".
fn months(first: Day, last: Day) -> String {
    let month = |d: Day| d.date().format("%B %Y").to_string();
    if month(first) == month(last) { month(first) } else { format!("{} to {}", month(first), month(last)) }
}

impl Told<'_> {
    /// All evidence: what speaks for the group, heaviest first, then what speaks against,
    /// then what should be known.
    pub fn evidence(&self) -> Vec<Evidence> {
        let mut out = Vec::new();
        match self.group.kind {
            Kind::Inherited => out.push(Evidence {
                side: Side::For,
                weight: 0,
                text: format!(
                    "{} dated before the patient registered here, or entered at another practice. Nobody here decided on {}.",
                    count(self.group.entries, "entry"),
                    if self.group.entries == 1 { "it" } else { "them" }
                ),
                behind: Some(Behind::Entries),
                more: Vec::new(),
            }),
            Kind::Meeting => out.push(Evidence {
                side: Side::For,
                weight: 0,
                text: format!(
                    "{} entries on one day{}, each with a note. {}",
                    figure(self.group.entries),
                    self.by(),
                    if self.group.entries > LARGEST_MEETING {
                        "No meeting is so long: look at a few, a template may have written them."
                    } else {
                        "It reads like a meeting at which each patient was discussed."
                    }
                ),
                behind: Some(Behind::Entries),
                more: Vec::new(),
            }),
            Kind::OneDay | Kind::Run | Kind::TopUp | Kind::BackDated => {
                out.extend(self.weights.iter().filter_map(|weight| self.of_weight(weight)));
                // How many there are comes first, then what weighs most.
                if let Some((_, others)) = out.split_first_mut() {
                    others.sort_by_key(|e| (e.side == Side::Against, std::cmp::Reverse(e.weight)));
                }
                out.extend(self.remarks());
            }
        }
        out
    }

    fn by(&self) -> String {
        match self.group.users.as_slice() {
            [] => String::new(),
            [one] => format!(" by {one}"),
            [first, others @ ..] => format!(" by {first} and {}", count(others.len(), "other user")),
        }
    }

    fn of_weight(&self, weight: &Weight) -> Option<Evidence> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
        let tenths = (weight.bans.abs() * 10.0).round().min(999.0) as u16;
        let side = match weight.bans {
            b if b > 0.0 => Side::For,
            b if b < 0.0 => Side::Against,
            _ => Side::Note,
        };
        let n = self.group.entries;
        let (text, behind) = match weight.fact {
            Fact::Many => (self.many(), Behind::Entries),
            Fact::NoText(none) if none == n => {
                (format!("No free text on any of the {}.", figure(n)), Behind::NoText)
            }
            Fact::NoText(none) => (format!("No free text on {} of {}.", figure(none), figure(n)), Behind::NoText),
            Fact::SharedText { n: shared, texts } => {
                let texts = if texts == 1 { "the same free text".to_owned() } else { format!("one of {texts} texts") };
                (format!("{} of {} carry {texts}.", figure(shared), figure(n)), Behind::SharedText)
            }
            Fact::NotedBeside(noted) => (
                format!(
                    "{} of the {} entries of the same days and users carry a note of their own: the others may have been looked at, too.",
                    figure(noted),
                    figure(noted + n)
                ),
                self.of_the_day(),
            ),
            Fact::NotesUnseen => (
                "The export has no free text: whether anybody wrote a note cannot be seen. Export it with the associated text.".to_owned(),
                Behind::Entries,
            ),
            Fact::UsersUnseen => (
                "The export does not say who entered the codes. Export it with the user’s name.".to_owned(),
                Behind::Entries,
            ),
            Fact::TitlesUnseen => (
                "The names of users have no titles: whether a clinician entered these cannot be seen.".to_owned(),
                Behind::Entries,
            ),
            Fact::OriginUnseen => (
                "The export has neither days of registration nor the practice of each entry: patients may have brought these along. Export it with one of them.".to_owned(),
                Behind::Entries,
            ),
            // Where office staff enter nearly all codes, that they entered these says nothing.
            Fact::Office if tenths == 0 => return None,
            Fact::Office => {
                let by = n - self.counted.clinicians;
                (
                    format!("{} of {} by users without a clinician’s title{}.", figure(by), figure(n), self.office()),
                    Behind::ByOthers,
                )
            }
            Fact::Clinician => {
                let by = self.counted.clinicians;
                let names: Vec<String> = self.group.users.iter().filter(|u| is_clinician(u)).take(3).cloned().collect();
                let who = if names.is_empty() { String::new() } else { format!(": {}", list(&names)) };
                (format!("{} of {} entered by a clinician{who}.", figure(by), figure(n)), Behind::ByClinicians)
            }
            Fact::After106(given) => (
                format!(
                    "{} were given a 106 in the {} days before: a 104 right after that was set again for a few.",
                    figure(given),
                    super::weigh::SOON_AFTER
                ),
                Behind::Entries,
            ),
            Fact::ShareOfList => (self.share_of_list(), Behind::Entries),
            Fact::Followed(order) => (followed(&order), Behind::Entries),
            Fact::Shortlist(short) => self.shortlist(&short),
            Fact::Wave { wave, n } => (
                format!("{} in the {} wave, when many practices coded in bulk.", count(n, "entry"), wave.label),
                Behind::InWave(wave),
            ),
        };
        // Whoever was given a 106 is of no group of 104s.
        let behind = Some(behind).filter(|_| !matches!(weight.fact, Fact::After106(_)));
        Some(Evidence { side, weight: tenths, text, behind, more: self.more(weight.fact) })
    }

    /// All entries of its day and user, where it is of one.
    fn of_the_day(&self) -> Behind {
        match (self.counted.days.as_slice(), self.counted.hands.as_slice()) {
            ([(day, _)], [(hand, _)]) => Behind::DayOf(*day, *hand),
            _ => Behind::Entries,
        }
    }

    /// Further figures of a sentence, and whom they count.
    fn more(&self, fact: Fact) -> Vec<(String, Behind)> {
        match fact {
            Fact::Many => match (self.group.kind, self.new) {
                (Kind::BackDated, _) | (Kind::TopUp, NewPatients::ByDate(None)) => Vec::new(),
                (Kind::TopUp, NewPatients::ByDate(Some((registered, coded)))) => {
                    vec![(figure(coded), Behind::Entries), (figure(registered), Behind::Registered)]
                }
                _ if self.usual_most == 0 => Vec::new(),
                _ => vec![(format!("0 to {}", figure(self.usual_most as usize)), Behind::Otherwise)],
            },
            Fact::ShareOfList => vec![(figure(self.eligible().0), Behind::Eligible)],
            _ => Vec::new(),
        }
    }

    /// How many are eligible in the group's practice, and whose that is.
    fn eligible(&self) -> (usize, &'static str) {
        let (cohort, group) = (self.cohort, self.group);
        let own = group.practice.as_deref().and_then(|name| cohort.practice_named(name));
        match own {
            Some(practice) => (practice.counts.eligible, "all eligible patients of this practice"),
            None => (cohort.counts.eligible, "all eligible patients"),
        }
    }

    /// Names of office staff among several users.
    fn office(&self) -> String {
        match self.group.users.as_slice() {
            [_, _, ..] => {
                let users: Vec<String> =
                    self.group.users.iter().filter(|u| !is_clinician(u)).take(3).cloned().collect();
                if users.is_empty() { String::new() } else { format!(" ({})", list(&users)) }
            }
            _ => String::new(),
        }
    }

    /// "2,469 entries on Monday 31 October 2022 by one user; …".
    fn many(&self) -> String {
        let group = self.group;
        let by = self.by();
        let usual = match self.usual_most {
            0 => "this practice otherwise enters none".to_owned(),
            n => format!("this practice otherwise enters 0 to {} a day", figure(n as usize)),
        };
        let entries = count(group.entries, "entry");
        match group.kind {
            Kind::Run => {
                format!("{entries} on {}{by}, {}; {usual}.", count(group.days.len(), "day"), a_day(group))
            }
            Kind::BackDated => format!(
                "{entries}{by}, each dated with the day on which the patient registered, back to {}, when there were no such codes.",
                group.first.prose()
            ),
            Kind::TopUp => match self.new {
                NewPatients::ByDate(Some((registered, coded))) => format!(
                    "{entries} on {}{by}, each within {} days of registering; {} of {} who registered in that time, and are here, were coded.",
                    count(group.days.len(), "day"),
                    self.top_up_days,
                    figure(coded),
                    figure(registered)
                ),
                NewPatients::ByDate(None) => format!(
                    "{entries} on {}{by}, each within {} days of registering.",
                    count(group.days.len(), "day"),
                    self.top_up_days
                ),
                NewPatients::ByNumber => format!(
                    "{entries} on {}{by}, each of one of the newest patients then, by the number in the clinical system; {usual}.",
                    count(group.days.len(), "day")
                ),
            },
            _ => format!("{entries} on one day{by}; {usual}."),
        }
    }

    fn share_of_list(&self) -> String {
        let group = self.group;
        let (eligible, whose) = self.eligible();
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let share = group.members.len() as f64 / eligible.max(1) as f64;
        let patients = count(group.members.len(), "patient");
        format!("{patients} in the group: {} of {whose} ({}).", per_cent(share), figure(eligible))
    }

    fn shortlist(&self, short: &Shortlist) -> (String, Behind) {
        let (n, of, usual) = (figure(short.n), figure(self.group.entries), per_cent(short.usual));
        match short.common {
            Common::Age(age) => (
                format!("{n} of {of} were {age} or older then; of all eligible patients {usual} are now."),
                Behind::Aged(age),
            ),
            Common::Gp(gp) => (
                format!(
                    "{n} of {of} have one usual GP, {}; of all eligible patients {usual} have.",
                    self.cohort.word(gp)
                ),
                Behind::OfGp(gp),
            ),
        }
    }

    /// What weighs nothing, or was taken out of the group, and should be known.
    fn remarks(&self) -> Vec<Evidence> {
        let group = self.group;
        let mut out = Vec::new();
        let mut add = |side, text: String, behind| {
            out.push(Evidence { side, weight: 0, text, behind: Some(behind), more: Vec::new() });
        };
        if !group.left_out.is_empty() {
            let one = group.left_out.len() == 1;
            let days = match (group.kind, one) {
                (Kind::OneDay, true) => "day and user carries",
                (Kind::OneDay, false) => "day and user carry",
                (_, true) => "days and users carries",
                (_, false) => "days and users carry",
            };
            let them = if one { "this one" } else { "those" };
            add(
                Side::Against,
                format!(
                    "{} more of the same {days} a note of their own, or an earlier entry that still stands: somebody looked at {them}. Left out of the group.",
                    figure(group.left_out.len())
                ),
                Behind::LeftOut,
            );
        }
        if group.entries < 30 && group.likelihood.is_bulk() {
            add(
                Side::Against,
                format!("Only {}: look at a few before you decide for all.", count(group.entries, "entry")),
                Behind::Entries,
            );
        }
        if let Some(text) = weekday(group) {
            add(Side::Note, text, Behind::Entries);
        }
        let on_the_day = self.counted.on_registration;
        if on_the_day * 2 > group.entries && group.kind != Kind::BackDated {
            add(
                Side::Note,
                format!(
                    "{} of {} are dated with the very day on which the patient registered.",
                    figure(on_the_day),
                    figure(group.entries)
                ),
                Behind::Entries,
            );
        }
        if self.cancelled > 0 {
            let blocks = if self.cancelled == 1 { "blocks" } else { "block" };
            add(
                Side::Note,
                format!(
                    "{} of these entries {blocks} nobody in this group: cancelled by a later code, declined since, left out, or not eligible.",
                    figure(self.cancelled)
                ),
                Behind::NotMembers,
            );
        }
        out
    }
}

fn followed(order: &Followed) -> String {
    let share = per_cent(order.share);
    match order.list {
        List::UsualGp => {
            format!("One usual GP after the other: {share} have the usual GP of most who were entered on the same day.")
        }
        list => format!(
            "{}: of any two entered on different days, the earlier stands first in {share} of cases.",
            list.label()
        ),
    }
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
    if group.kind != Kind::TopUp {
        return None;
    }
    let mut days: BTreeMap<String, usize> = BTreeMap::new();
    for (day, _) in &group.days {
        *days.entry(day.date().format("%As").to_string()).or_default() += 1;
    }
    let (name, most) = days.into_iter().max_by_key(|(_, n)| *n)?;
    (most * 10 >= group.days.len() * 7)
        .then(|| format!("{} of {} days are {name}.", figure(most), figure(group.days.len())))
}
