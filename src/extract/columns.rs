//! The columns of a file and the roles they play.

use super::captions::{self, Caption};
use super::roles::{EventRole, PatientRole, Role};

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

/// More groups of codes side by side are in no export; an entry's group is kept as a byte.
const MOST_GROUPS: usize = 255;

impl Columns {
    /// Reads a header, with the group row above it if there is one.
    #[must_use]
    pub fn read(header: &[String], groups: Option<&[String]>) -> Self {
        let mut columns = Self::default();
        let written = header;
        let header = captions::without_numbers(header);
        let header = header.as_slice();
        let group_of = carry_groups(header.len(), groups);
        let is_patient_group = patient_groups(header, &group_of);
        let mut event: Option<(EventColumns, Option<String>)> = None;
        // Free texts in front of all codes. Each code has its own there, if the first has one
        // right before it, and the last has none behind it.
        let mut leading: Vec<u16> = Vec::new();
        let last_code = header.iter().rposition(|n| is_code_caption(n)).unwrap_or(0);
        let last_date = header.iter().rposition(|n| is_date_caption(n));
        // A name beside the number or the birth date is the patient's where the codes stand first, or
        // there are none, unless the patients' names have columns of their own.
        let first_telling = header.iter().position(|n| is_telling(n));
        let codes_stand_first = header.iter().position(|n| is_code_caption(n)) < first_telling;
        let is_named = header.iter().any(|n| is_part_of_name(n));
        let is_near = |place: usize| {
            (place.saturating_sub(2)..place + 3).filter_map(|p| header.get(p)).any(|name| is_telling(name))
        };
        let is_name = |place: &usize| header.get(*place).is_some_and(|n| captions::read(n) == Some(Caption::Name));
        let is_named_behind = (first_telling.unwrap_or(0)..header.len()).filter(is_name).any(is_near);
        let is_text = |n: &String| captions::read(n) == Some(Caption::Event(EventRole::Text));
        let has_text_behind = header.iter().skip(last_code).any(is_text);
        for (place, name) in header.iter().enumerate() {
            let at = u16::try_from(place).unwrap_or(u16::MAX);
            let group = group_of.get(place).cloned().flatten();
            let new_group = event.as_ref().is_some_and(|(_, g)| *g != group);
            // Without a group row, the patient's columns are those before the
            // first column of an entry.
            let patient_side =
                if groups.is_some() { is_patient_group[place] } else { event.is_none() && columns.events.is_empty() };
            let beside = groups.is_none()
                && codes_stand_first
                && !is_named
                && (Some(place) > first_telling || !is_named_behind)
                && columns.patient(PatientRole::FullName).is_none()
                && is_near(place);
            let caption = captions::read(name).map(|c| match c {
                Caption::Name if patient_side || beside => Caption::Patient(PatientRole::FullName),
                Caption::Name => Caption::Event(EventRole::User),
                Caption::Practice if patient_side => Caption::Patient(PatientRole::Practice),
                Caption::Practice => Caption::Event(EventRole::Organisation),
                Caption::Patient(PatientRole::Registration)
                    if !is_patient_group[place] && is_of_accounts(group.as_deref(), name) =>
                {
                    Caption::Patient(PatientRole::AccountStatus)
                }
                other => other,
            });
            let role = match caption {
                Some(Caption::Patient(role)) => columns.claim(role, at),
                Some(Caption::Event(role @ EventRole::Text))
                    if groups.is_none() && event.is_none() && columns.events.is_empty() =>
                {
                    leading.push(at);
                    Some(role.label())
                }
                Some(Caption::Event(role)) => {
                    let taken = event.as_mut().is_some_and(|(e, _)| e.slot(role).is_some());
                    let front = leading.last().map(|text| usize::from(*text) + 1);
                    let is_in_front = front.and_then(|next| header.get(next)).is_some_and(|n| is_code_caption(n));
                    let code_follows = place < last_code;
                    // A second term, called otherwise and without a date of its own, is of the same
                    // entry.
                    let term = event.as_ref().and_then(|(e, _)| e.term);
                    let same_term = term.and_then(|term| header.get(usize::from(term))) == Some(name);
                    let has_date = event.as_ref().is_some_and(|(e, _)| e.date.is_some());
                    let date_follows = last_date > Some(place);
                    let id = event.as_ref().and_then(|(e, _)| e.id);
                    let beside_id = id.is_some_and(|id| id + 1 == at);
                    let same_id = id.and_then(|id| header.get(usize::from(id))) == Some(name);
                    let has_code = event.as_ref().is_some_and(|(e, _)| e.has_code());
                    // The next group begins where its caption stands or, without
                    // one, where the code or its date comes again.
                    let again = match role {
                        EventRole::Term => taken && (same_term || (has_date && date_follows)),
                        EventRole::Id => taken && !beside_id && (term.is_none() || same_id),
                        EventRole::Date => taken && code_follows,
                        EventRole::Text => {
                            let code_is_next = match header.get(place + 1).and_then(|n| captions::read(n)) {
                                Some(Caption::Event(EventRole::Term)) => term.is_some(),
                                Some(Caption::Event(EventRole::Id)) => id.is_some(),
                                _ => false,
                            };
                            let has_text = event.as_ref().is_some_and(|(e, _)| e.text.is_some());
                            is_in_front && has_code && code_is_next && !has_text && !has_text_behind
                        }
                        _ => false,
                    };
                    if new_group || again {
                        columns.events.extend(event.take().map(|(e, _)| e));
                    }
                    let (current, _) = event.get_or_insert_with(|| (EventColumns::default(), group.clone()));
                    // "Code Term" is the term, where a description stands too.
                    let is_weaker = |at: u16| header.get(usize::from(at)).is_some_and(|n| !captions::is_code_term(n));
                    let is_better = role == EventRole::Term && captions::is_code_term(name);
                    let weaker = (*current.slot(role)).filter(|at| is_better && is_weaker(*at));
                    if let Some(column) = weaker.and_then(|term| columns.all.get_mut(usize::from(term))) {
                        column.role = None;
                    }
                    if current.slot(role).is_none() || weaker.is_some() {
                        *current.slot(role) = Some(at);
                        Some(role.label())
                    } else if current.take_more(role, at) {
                        Some(role.label())
                    } else {
                        None
                    }
                }
                _ => None,
            };
            columns.recognised += usize::from(role.is_some());
            columns.all.push(Column { group, name: written.get(place).cloned().unwrap_or_default(), role });
        }
        columns.events.extend(event.map(|(e, _)| e));
        let with_code = || columns.events.iter().filter(|e| e.has_code());
        let others_have_no_text = with_code().count() > 1 && with_code().all(|e| e.text.is_none());
        let first = columns.events.iter_mut().find(|e| e.has_code());
        match first {
            Some(first) => {
                let is_only = first.text.is_none() && others_have_no_text;
                for at in leading {
                    // Where nobody says of which code it is, it is of the patient as well.
                    if is_only {
                        columns.unread.push((at, Unread::Notes));
                    }
                    if first.text.is_none() {
                        first.text = Some(at);
                    } else if !first.take_more(EventRole::Text, at) {
                        columns.unread.push((at, Unread::OfNoCode));
                    }
                }
            }
            // A list without codes: its notes are about its people.
            None => columns.unread.extend(leading.into_iter().map(|at| (at, Unread::OfNoCode))),
        }
        // Notes that belong to no code say something of the patient.
        let codeless = columns.events.iter().filter(|e| !e.has_code());
        let notes: Vec<u16> =
            codeless.flat_map(|e| e.text.into_iter().chain(e.more_text.into_iter().flatten())).collect();
        columns.unread.extend(notes.into_iter().map(|at| (at, Unread::OfNoCode)));
        columns.events.retain(EventColumns::has_code);
        // What stands in further groups is looked at like any column that plays no part.
        for group in columns.events.drain(MOST_GROUPS.min(columns.events.len())..) {
            for at in group.iter() {
                if let Some(column) = columns.all.get_mut(usize::from(at)) {
                    column.role = None;
                }
            }
        }
        columns.find_sides(&is_patient_group, groups.is_some());
        columns
    }

    fn find_sides(&mut self, is_patient_group: &[bool], has_groups: bool) {
        let first_event = self.first_event();
        let is_event = |at| self.events.iter().flat_map(EventColumns::iter).any(|c| c == at);
        for (at, column) in (0_u16..).zip(&self.all) {
            if captions::is_placeholder(&column.name) {
                self.unread.push((at, Unread::Nameless));
            } else if column.role.is_none() {
                if captions::is_of_notes(&column.name) || captions::is_of_numbers_to_ring(&column.name) {
                    self.unread.push((at, Unread::Notes));
                } else {
                    let is_of_names = captions::is_of_names(&column.name);
                    self.unread.push((at, if is_of_names { Unread::Names } else { Unread::Other }));
                }
            }
            let side = if has_groups { is_patient_group[usize::from(at)] } else { at < first_event && !is_event(at) };
            if side || self.patient.contains(&Some(at)) && Some(at) != self.patient(PatientRole::PatientCount) {
                self.patient_side.push(at);
            }
            if column.role.is_none() {
                match captions::read(&column.name) {
                    Some(Caption::Patient(PatientRole::Registration)) => self.registrations.push(at),
                    Some(Caption::Patient(PatientRole::Died)) => self.deaths.push(at),
                    Some(Caption::Patient(PatientRole::Left)) => self.leavings.push(at),
                    _ => {}
                }
            }
            if column.role.is_none() && captions::is_contact(&column.name) {
                self.contact.push(at);
            }
            let names_risk = |text: &str| !crate::domain::marker::markers_in_text(text).is_empty();
            // A group of codes that speaks of the access codes holds those, and is no register.
            let of_codes = |text: &str| {
                let text = text.to_lowercase();
                ["103", "104", "106", "access", "enhanced"].iter().any(|w| text.contains(w))
                    && self
                        .events
                        .iter()
                        .flat_map(EventColumns::iter)
                        .any(|c| self.group_of(c) == column.group.as_deref())
            };
            let of_group = column.group.as_deref().is_some_and(|g| names_risk(g) && !of_codes(g));
            let is_risk = |name: &str| names_risk(name) || captions::is_of_risk(name);
            if of_group || (column.role.is_none() && is_risk(&column.name)) {
                self.risk.push(at);
            }
        }
    }

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

/// Whether a caption is of what tells one patient from another.
pub(super) fn is_telling(name: &str) -> bool {
    matches!(
        captions::read(name),
        Some(Caption::Patient(PatientRole::NhsNumber | PatientRole::EmisNumber | PatientRole::BirthDate))
    )
}

/// Whether a status is that of online accounts, by its group.
fn is_of_accounts(group: Option<&str>, caption: &str) -> bool {
    crate::domain::wording::plain(caption) == "status"
        && group.is_some_and(|group| group.to_lowercase().contains("online"))
}

/// Whether a caption is of a part of the patient's name.
fn is_part_of_name(name: &str) -> bool {
    matches!(captions::read(name), Some(Caption::Patient(PatientRole::FamilyName | PatientRole::GivenName)))
}

fn is_date_caption(name: &str) -> bool {
    captions::read(name) == Some(Caption::Event(EventRole::Date))
}

pub(super) fn is_code_caption(name: &str) -> bool {
    matches!(captions::read(name), Some(Caption::Event(EventRole::Term | EventRole::Id)))
}

/// A group's caption stands over its first column only.
fn carry_groups(len: usize, groups: Option<&[String]>) -> Vec<Option<String>> {
    let mut current = None;
    (0..len)
        .map(|place| {
            if let Some(caption) = groups.and_then(|g| g.get(place)).map(|g| g.trim()).filter(|g| !g.is_empty()) {
                current = Some(caption.to_owned());
            }
            current.clone()
        })
        .collect()
}

/// For each column, whether its group is one of patient details: one that holds
/// an NHS number, a system number or a birth date.
fn patient_groups(header: &[String], group_of: &[Option<String>]) -> Vec<bool> {
    let mut start = 0;
    let mut out = vec![false; header.len()];
    for end in 1..=header.len() {
        if end == header.len() || group_of[end] != group_of[start] {
            let of_patient = header[start..end].iter().any(|name| is_telling(name));
            out[start..end].fill(of_patient);
            start = end;
        }
    }
    out
}

mod chosen;
#[cfg(test)]
mod tests;
