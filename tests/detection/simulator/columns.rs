//! Which columns a file has, and how it looks.

use super::Columns;
use super::random::Random;

impl Columns {
    /// All of them.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests ask for practices with all columns"))]
    pub const FULL: Self = Self {
        user: true,
        text: true,
        entered: true,
        registered: true,
        organisation: true,
        birth: true,
        usual_gp: true,
        system_number: true,
        uncoded_patients: true,
    };

    /// As practices choose them: most are there.
    pub fn draw(random: &mut Random) -> Self {
        let mut is_there = || {
            let missing = random.span(0.1, 0.2);
            !random.chance(missing)
        };
        Self {
            user: is_there(),
            text: is_there(),
            entered: is_there(),
            registered: is_there(),
            organisation: is_there(),
            birth: is_there(),
            usual_gp: is_there(),
            system_number: is_there(),
            uncoded_patients: !random.chance(0.25),
        }
    }

    /// The missing ones in words.
    #[must_use]
    pub fn described(self) -> String {
        let all = [
            (self.user, "user"),
            (self.text, "text"),
            (self.entered, "date entered"),
            (self.registered, "date of registration"),
            (self.organisation, "organisation"),
            (self.birth, "date of birth (age instead)"),
            (self.usual_gp, "usual GP"),
            (self.system_number, "system number"),
            (self.uncoded_patients, "patients without code"),
        ];
        let missing: Vec<&str> = all.into_iter().filter(|(there, _)| !there).map(|(_, name)| name).collect();
        if missing.is_empty() { "all columns".to_owned() } else { format!("without {}", missing.join(", ")) }
    }
}

/// How the file says who is no full patient now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not at all: only those fully registered are in it.
    Unsaid,
    /// A status in words.
    Status,
    /// A date of leaving.
    Left,
    /// A status, and dates of leaving and of death.
    Both,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the system's number.
    Number,
    /// By name.
    Name,
    /// By NHS number.
    Nhs,
    /// As the system found them.
    Found,
}

/// What else differs from file to file.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// How it says who is no full patient.
    pub standing: Standing,
    /// Word for a full registration.
    pub full: &'static str,
    /// Lines above the header are still there (EMIS).
    pub preamble: bool,
    /// The row of groups above the header is still there (EMIS).
    pub groups: bool,
    /// Patient cells on every row (EMIS); `SystmOne` always has them.
    pub repeated: bool,
    /// A row for each telephone number (`SystmOne`).
    pub phones: bool,
    /// Title, family and given name in columns of their own (EMIS).
    pub split_names: bool,
    /// An age beside the date of birth (EMIS).
    pub with_age: bool,
    /// Latest code first.
    pub newest_first: bool,
    /// Terms end with "(situation)".
    pub situation: bool,
    /// Terms say "your own".
    pub your_own: bool,
    /// Order of rows.
    pub order: Order,
}

impl Look {
    /// Draws one.
    pub fn draw(random: &mut Random) -> Self {
        Self {
            standing: random.pick(&[
                Standing::Unsaid,
                Standing::Status,
                Standing::Status,
                Standing::Left,
                Standing::Both,
            ]),
            full: random.pick(&["GMS", "GMS", "Regular", "Currently registered", "Fully Registered"]),
            preamble: random.chance(0.65),
            groups: random.chance(0.7),
            repeated: random.chance(0.35),
            phones: random.chance(0.3),
            split_names: random.chance(0.25),
            with_age: random.chance(0.5),
            newest_first: random.chance(0.3),
            situation: random.chance(0.4),
            your_own: random.chance(0.3),
            order: random.pick(&[Order::Number, Order::Number, Order::Name, Order::Nhs, Order::Found]),
        }
    }

    /// Whether the file can tell those who left.
    #[must_use]
    pub fn tells_leavers(self) -> bool {
        self.standing != Standing::Unsaid
    }

    /// Whether the file can tell registrations that are no full ones.
    #[must_use]
    pub fn tells_temporary(self) -> bool {
        matches!(self.standing, Standing::Status | Standing::Both)
    }
}
