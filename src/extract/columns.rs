//! The columns of a file and the roles they play.

use super::roles::{EventRole, PatientRole, Role};

pub(super) use header::{is_code_caption, is_telling};

/// One column. Names repeat in these exports, so a column is known by its group
/// and its place, never by its name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Caption of the group it stands in, where the file has a group row.
    pub group: Option<String>,
    /// Caption.
    pub name: String,
    /// What it was understood to be, in words; `None` if it plays no part.
    pub role: Option<&'static str>,
}

/// How many further free texts an entry may have.
const MORE_TEXTS: usize = 6;

/// The columns of one group of entries, by position in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct EventColumns {
    /// The term.
    pub term: Option<u16>,
    /// The identifier.
    pub id: Option<u16>,
    /// The clinical date.
    pub date: Option<u16>,
    /// The date of typing it in.
    pub entered: Option<u16>,
    /// Free text.
    pub text: Option<u16>,
    /// Who entered it.
    pub user: Option<u16>,
    /// Where it was entered.
    pub organisation: Option<u16>,
    /// A second identifier beside the first (CTV3 and SNOMED code).
    pub second_id: Option<u16>,
    /// Further free texts (comments beside the associated text).
    pub more_text: [Option<u16>; MORE_TEXTS],
}

impl EventColumns {
    /// Takes a column whose role is taken already. What the user typed is never
    /// dropped, and neither is a second identifier.
    fn take_more(&mut self, role: EventRole, at: u16) -> bool {
        let free = match role {
            EventRole::Id => Some(&mut self.second_id),
            EventRole::Text => self.more_text.iter_mut().find(|t| t.is_none()),
            _ => None,
        };
        match free {
            Some(slot) if slot.is_none() => {
                *slot = Some(at);
                true
            }
            _ => false,
        }
    }

    fn release(&mut self, at: u16) {
        let once = [
            &mut self.term,
            &mut self.id,
            &mut self.date,
            &mut self.entered,
            &mut self.text,
            &mut self.user,
            &mut self.organisation,
            &mut self.second_id,
        ];
        for slot in once.into_iter().chain(&mut self.more_text).filter(|slot| **slot == Some(at)) {
            *slot = None;
        }
    }

    fn slot(&mut self, role: EventRole) -> &mut Option<u16> {
        match role {
            EventRole::Term => &mut self.term,
            EventRole::Id => &mut self.id,
            EventRole::Date => &mut self.date,
            EventRole::Entered => &mut self.entered,
            EventRole::Text => &mut self.text,
            EventRole::User => &mut self.user,
            EventRole::Organisation => &mut self.organisation,
        }
    }

    /// Whether an entry can be read from it.
    #[must_use]
    pub const fn has_code(&self) -> bool {
        self.term.is_some() || self.id.is_some()
    }

    /// All its columns.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        let once =
            [self.term, self.id, self.date, self.entered, self.text, self.user, self.organisation, self.second_id];
        once.into_iter().chain(self.more_text).flatten()
    }
}

/// What a column is called that plays no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nothing. What stands in it, where it is else empty, is somebody's, or has shifted.
    Nameless,
    /// By a word for notes, and these belong to no code.
    OfNoCode,
    /// By a word for names, addresses or how somebody is reached: a risk that is written into it
    /// counts, a name does not.
    Names,
    /// By a word for notes.
    Notes,
    /// Otherwise.
    Other,
}

/// All columns of a file.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// In the order of the file.
    pub all: Vec<Column>,
    patient: [Option<u16>; PatientRole::COUNT],
    /// The groups of entries that stand side by side on one row.
    pub events: Vec<EventColumns>,
    /// Columns on the patient's side of the row, whatever they say: a row that
    /// leaves all of them blank goes on with the patient above.
    pub patient_side: Vec<u16>,
    /// How the patient is reached, wherever that stands.
    pub contact: Vec<u16>,
    /// Further columns that speak of the registration.
    pub registrations: Vec<u16>,
    /// Further columns that speak of a death.
    pub deaths: Vec<u16>,
    /// Further columns that speak of leaving.
    pub leavings: Vec<u16>,
    /// Columns that play no part. They may say something of a patient all the same.
    pub unread: Vec<(u16, Unread)>,
    /// Columns whose caption, or whose group's caption, names a risk: that one of
    /// them is filled says something of the patient.
    pub risk: Vec<u16>,
    /// The user said before, of a file with this header, what its columns are.
    pub as_chosen_before: bool,
    /// How many captions were recognised: the measure by which a header is told
    /// from any other row.
    pub recognised: usize,
}

impl Columns {
    /// The caption of a column's group.
    fn group_of(&self, at: u16) -> Option<&str> {
        self.all.get(usize::from(at))?.group.as_deref()
    }

    /// The first column of an entry; its free text may stand before it.
    fn first_event(&self) -> u16 {
        let of = |e: &EventColumns| [e.term, e.id, e.date, e.entered, e.user, e.organisation];
        self.events.iter().flat_map(of).flatten().min().unwrap_or(u16::MAX)
    }

    /// The first column that claims a role of the patient has it.
    fn claim(&mut self, role: PatientRole, at: u16) -> Option<&'static str> {
        let slot = &mut self.patient[role as usize];
        if slot.is_some() {
            return None;
        }
        *slot = Some(at);
        Some(role.label())
    }

    /// Where something of the patient stands.
    #[must_use]
    pub const fn patient(&self, role: PatientRole) -> Option<u16> {
        self.patient[role as usize]
    }

    /// The columns' places.
    pub fn numbered(&self) -> impl Iterator<Item = u16> {
        (0..u16::try_from(self.all.len()).unwrap_or(u16::MAX)).filter(|at| usize::from(*at) < self.all.len())
    }

    /// Whether a column is taken for something else.
    #[must_use]
    pub fn has_other_role(&self, at: u16, role: Role) -> bool {
        let label = match role {
            Role::Patient(role) => role.label(),
            Role::Event(role) => role.label(),
        };
        self.all.get(usize::from(at)).and_then(|c| c.role).is_some_and(|has| has != label)
    }

    /// Every column that says something of the patient.
    pub fn patient_columns(&self) -> impl Iterator<Item = u16> {
        self.patient.iter().flatten().copied()
    }

    /// The caption of a column.
    #[must_use]
    pub fn name(&self, at: u16) -> &str {
        self.all.get(usize::from(at)).map_or("", |c| &c.name)
    }
}

mod chosen;
mod header;
#[cfg(test)]
mod tests;
