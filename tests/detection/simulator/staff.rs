//! Who works at the practice: seats, and the people who held them over the years.

use super::Layout;
use super::calendar::{Day, day};
use super::names::{Area, title_case};
use super::random::{Random, days, float, whole};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Partner or salaried.
    Gp,
    /// Practice nurse or nurse practitioner.
    Nurse,
    /// Health care assistant.
    Assistant,
    /// Clinical pharmacist.
    Pharmacist,
    /// Paramedic or physician associate.
    Paramedic,
    /// Medical secretary.
    Secretary,
    /// Receptionist, care navigator.
    Receptionist,
    /// Practice manager and deputy.
    Manager,
    /// Data clerk, scanning, summarising.
    Clerk,
}

/// Somebody in a seat.
#[derive(Clone, Debug)]
pub struct Member {
    /// What they do.
    pub role: Role,
    /// Their place among the users.
    pub user: usize,
    /// Family name with Dr in front of it where they are one: how colleagues write of them.
    pub called: String,
    /// First day.
    pub from: Day,
    /// First day on which they are gone.
    pub until: Day,
    /// How much they do.
    pub activity: f64,
}

/// Everybody, and who holds the list of patients of each GP's seat now.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    /// Everybody who ever worked here.
    pub members: Vec<Member>,
    /// The user who holds each GP's seat today.
    pub seats: Vec<usize>,
    /// How big a list each seat has.
    pub lists: Vec<f64>,
}

/// How a practice writes its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Nurses and others by what they do: "(Nurse)".
    ByRole,
    /// Dr, Mrs, Mr and so on.
    ByTitle,
    /// No title at all.
    Bare,
}

/// Those who see patients.
pub const CLINICIANS: [(Role, f64); 5] =
    [(Role::Gp, 0.7), (Role::Nurse, 0.14), (Role::Paramedic, 0.07), (Role::Pharmacist, 0.06), (Role::Assistant, 0.03)];
/// Those who do not.
pub const OFFICE: [(Role, f64); 4] =
    [(Role::Receptionist, 0.3), (Role::Clerk, 0.3), (Role::Secretary, 0.2), (Role::Manager, 0.2)];
/// Those who add a code to a whole list.
pub const IN_BULK: [(Role, f64); 6] = [
    (Role::Manager, 0.42),
    (Role::Clerk, 0.26),
    (Role::Secretary, 0.12),
    (Role::Gp, 0.11),
    (Role::Receptionist, 0.06),
    (Role::Pharmacist, 0.03),
];

impl Staff {
    /// Hires everybody for a list of this size.
    pub fn new(random: &mut Random, area: &Area, layout: Layout, size: usize, today: Day) -> (Self, Vec<String>) {
        let style = match random.below(10) {
            0 => Style::Bare,
            1..=5 => Style::ByRole,
            _ => Style::ByTitle,
        };
        let mut staff = Self::default();
        let mut users = Vec::new();
        let thousands = float(size) / 1000.0;
        let gps = whole(thousands / random.span(1.5, 2.4)).clamp(4, 40);
        let mut about =
            |per_thousand: f64, least: usize| whole(thousands * per_thousand * random.span(0.7, 1.4)).clamp(least, 60);
        let seats = [
            (Role::Gp, gps),
            (Role::Nurse, about(0.3, 2)),
            (Role::Assistant, about(0.15, 1)),
            (Role::Pharmacist, about(0.1, 0)),
            (Role::Paramedic, about(0.08, 0)),
            (Role::Secretary, about(0.2, 1)),
            (Role::Receptionist, about(0.7, 4)),
            (Role::Manager, about(0.08, 1)),
            (Role::Clerk, about(0.15, 1)),
        ];
        for (role, count) in seats {
            for _ in 0..count {
                let last = staff.fill(random, area, (layout, style), role, today, &mut users);
                if role == Role::Gp {
                    staff.seats.push(last);
                    staff.lists.push(random.log_span(0.25, 1.6));
                }
            }
        }
        (staff, users)
    }

    /// One seat and all who held it; gives the last one's user.
    fn fill(
        &mut self,
        random: &mut Random,
        area: &Area,
        (layout, style): (Layout, Style),
        role: Role,
        today: Day,
        users: &mut Vec<String>,
    ) -> usize {
        let years = if role == Role::Gp { 9.0 } else { 4.5 };
        let mut from = day(2019, 1, 1) - days(random.exponential(1500.0));
        let mut last = 0;
        while from <= today {
            let tenure = (random.exponential(years * 365.0) + 120.0).max(f64::from(day(2021, 6, 1) - from));
            let until = from + days(tenure);
            let female = random.chance(if role == Role::Gp { 0.55 } else { 0.85 });
            let mut name = area.name(random, female);
            let mut written = write(random, layout, style, role, female, name.family, name.given);
            while users.contains(&written) {
                name = area.name(random, female);
                written = write(random, layout, style, role, female, name.family, name.given);
            }
            let family = title_case(name.family);
            let called = if role == Role::Gp { format!("Dr {family}") } else { format!("{} {family}", name.given) };
            last = users.len();
            users.push(written);
            let activity = random.normal(0.0, 0.9).exp();
            self.members.push(Member { role, user: last, called, from, until, activity });
            from = until + random.between(0, 90);
        }
        last
    }

    /// Somebody of one of these roles who worked here on a day: those who do much more often.
    pub fn someone(&self, random: &mut Random, roles: &[(Role, f64)], on: Day) -> &Member {
        let weights: Vec<f64> = roles.iter().map(|(_, weight)| *weight).collect();
        for _ in 0..12 {
            let (role, _) = roles[random.weighted(&weights)];
            let there: Vec<&Member> =
                self.members.iter().filter(|m| m.role == role && m.from <= on && on < m.until).collect();
            let activity: Vec<f64> = there.iter().map(|m| m.activity).collect();
            if let Some(member) = there.get(random.weighted(&activity)) {
                return member;
            }
        }
        // Nobody of these roles worked here then: whoever did.
        let there = self.members.iter().find(|m| m.from <= on && on < m.until);
        there.unwrap_or(&self.members[0])
    }

    /// Whether somebody worked here on a day.
    #[must_use]
    pub fn is_there(&self, user: usize, on: Day) -> bool {
        self.members.iter().any(|m| m.user == user && m.from <= on && on < m.until)
    }
}

fn write(
    random: &mut Random,
    layout: Layout,
    style: Style,
    role: Role,
    female: bool,
    family: &str,
    given: &str,
) -> String {
    let ordinary = if female { ["Mrs", "Mrs", "Miss", "Ms"] } else { ["Mr"; 4] };
    let ordinary = random.pick(&ordinary);
    let title = match (role, style) {
        (_, Style::Bare) => "",
        (Role::Gp, _) => "Dr",
        (Role::Nurse, Style::ByRole) => random.pick(&["Nurse", "Nurse", "Sister"]),
        (Role::Assistant, Style::ByRole) => random.pick(&["HCA", ordinary]),
        (Role::Pharmacist, Style::ByRole) => random.pick(&["Pharmacist", ordinary]),
        (Role::Paramedic, Style::ByRole) => random.pick(&["Paramedic", ordinary]),
        _ => ordinary,
    };
    match (layout, title) {
        (Layout::Emis, "") => format!("{family}, {given}"),
        (Layout::Emis, title) => format!("{family}, {given} ({title})"),
        (Layout::SystmOne, "") => format!("{given} {}", title_case(family)),
        (Layout::SystmOne, title) => format!("{title} {given} {}", title_case(family)),
    }
}
