//! Reading a header: which column is what, by its caption, its group and its neighbours.

use super::{Column, Columns, EventColumns, Unread};
use crate::domain::marker::markers_in_text;
use crate::domain::wording::plain;
use crate::extract::captions::{self, Caption};
use crate::extract::roles::{EventRole, PatientRole};

/// More groups of codes side by side are in no export; an entry's group is kept as a byte.
const MOST_GROUPS: usize = 255;

impl Columns {
    /// Reads a header, with the group row above it if there is one.
    #[must_use]
    pub fn read(header: &[String], groups: Option<&[String]>) -> Self {
        let bare = captions::without_numbers(header);
        let row = HeaderRow::of(&bare, groups);
        let mut reading = Reading { row: &row, columns: Self::default(), event: None, leading: Vec::new() };
        for (place, name) in header.iter().enumerate() {
            let role = reading.role(place);
            reading.columns.recognised += usize::from(role.is_some());
            reading.columns.all.push(Column { group: row.group(place).map(str::to_owned), name: name.clone(), role });
        }
        reading.finish()
    }
}

/// The captions of a header, and what they say as a whole.
struct HeaderRow<'a> {
    captions: &'a [String],
    groups: Vec<Option<&'a str>>,
    has_groups: bool,
    /// Whether each column's group is one of patient details.
    is_of_patient: Vec<bool>,
    last_code: usize,
    last_date: Option<usize>,
    /// The first column that tells one patient from another.
    first_telling: Option<usize>,
    /// The codes stand in front of their patient, or there are none.
    codes_stand_first: bool,
    /// The patients' names have columns of their own for their parts.
    has_parts_of_name: bool,
    /// A name stands beside what tells one patient from another, and not in front of it.
    is_named_behind: bool,
    /// A free text stands behind the last code.
    has_text_behind: bool,
}

impl<'a> HeaderRow<'a> {
    fn of(captions: &'a [String], groups: Option<&'a [String]>) -> Self {
        let group_of = carry_groups(captions.len(), groups);
        let is_text = |name: &String| captions::read(name) == Some(Caption::Event(EventRole::Text));
        let last_code = captions.iter().rposition(|name| is_code_caption(name)).unwrap_or(0);
        let first_telling = captions.iter().position(|name| is_telling(name));
        let mut row = Self {
            captions,
            has_groups: groups.is_some(),
            is_of_patient: patient_groups(captions, &group_of),
            groups: group_of,
            last_code,
            last_date: captions.iter().rposition(|name| is_date_caption(name)),
            first_telling,
            codes_stand_first: captions.iter().position(|name| is_code_caption(name)) < first_telling,
            has_parts_of_name: captions.iter().any(|name| is_part_of_name(name)),
            is_named_behind: false,
            has_text_behind: captions.iter().skip(last_code).any(is_text),
        };
        let is_name = |place: &usize| row.read(*place) == Some(Caption::Name);
        let behind = first_telling.unwrap_or(0)..captions.len();
        row.is_named_behind = behind.filter(is_name).any(|place| row.is_beside_telling(place));
        row
    }

    fn name(&self, place: usize) -> &str {
        self.captions.get(place).map_or("", String::as_str)
    }

    fn group(&self, place: usize) -> Option<&'a str> {
        self.groups.get(place).copied().flatten()
    }

    fn read(&self, place: usize) -> Option<Caption> {
        self.captions.get(place).and_then(|name| captions::read(name))
    }

    fn is_code(&self, place: usize) -> bool {
        self.captions.get(place).is_some_and(|name| is_code_caption(name))
    }

    fn is_of_patient(&self, place: usize) -> bool {
        self.is_of_patient.get(place).copied().unwrap_or(false)
    }

    /// Whether what tells one patient from another stands within two columns of this one.
    fn is_beside_telling(&self, place: usize) -> bool {
        (place.saturating_sub(2)..place + 3).filter_map(|p| self.captions.get(p)).any(|name| is_telling(name))
    }

    /// Whether two columns have one caption.
    fn are_called_alike(&self, one: Option<u16>, other: usize) -> bool {
        one.and_then(|one| self.captions.get(usize::from(one))) == self.captions.get(other)
    }
}

/// A header that is being read, from the first column to the last.
struct Reading<'a> {
    row: &'a HeaderRow<'a>,
    columns: Columns,
    /// The group of columns of an entry that is open, and its caption.
    event: Option<(EventColumns, Option<&'a str>)>,
    /// Free texts in front of all codes. Each code has its own there, if the first has one right
    /// before it, and the last has none behind it.
    leading: Vec<u16>,
}

impl Reading<'_> {
    /// No column of an entry has come so far.
    const fn is_before_codes(&self) -> bool {
        self.event.is_none() && self.columns.events.is_empty()
    }

    /// What a column is by its caption, which may be that of several things.
    fn caption(&self, place: usize) -> Option<Caption> {
        let row = self.row;
        // Without a group row, the patient's columns are those before the first column of an
        // entry.
        let is_of_patient = if row.has_groups { row.is_of_patient(place) } else { self.is_before_codes() };
        Some(match row.read(place)? {
            Caption::Name if is_of_patient || self.names_patient(place) => Caption::Patient(PatientRole::FullName),
            Caption::Name => Caption::Event(EventRole::User),
            Caption::Practice if is_of_patient => Caption::Patient(PatientRole::Practice),
            Caption::Practice => Caption::Event(EventRole::Organisation),
            Caption::Patient(PatientRole::Registration)
                if !row.is_of_patient(place) && is_of_accounts(row.group(place), row.name(place)) =>
            {
                Caption::Patient(PatientRole::AccountStatus)
            }
            other => other,
        })
    }

    /// Whether a name behind the first code is the patient's: it stands beside the number or the
    /// birth date, and the codes stand first, or there are none, and the patients' names have no
    /// columns of their own.
    fn names_patient(&self, place: usize) -> bool {
        let row = self.row;
        !row.has_groups
            && row.codes_stand_first
            && !row.has_parts_of_name
            && (Some(place) > row.first_telling || !row.is_named_behind)
            && self.columns.patient(PatientRole::FullName).is_none()
            && row.is_beside_telling(place)
    }

    /// The role that a column is given, in words.
    fn role(&mut self, place: usize) -> Option<&'static str> {
        let at = u16::try_from(place).unwrap_or(u16::MAX);
        match self.caption(place)? {
            Caption::Patient(role) => self.columns.claim(role, at),
            Caption::Event(role @ EventRole::Text) if !self.row.has_groups && self.is_before_codes() => {
                self.leading.push(at);
                Some(role.label())
            }
            Caption::Event(role) => self.role_in_entry(role, place, at),
            Caption::Name | Caption::Practice => None,
        }
    }

    /// The same, of a column of an entry.
    fn role_in_entry(&mut self, role: EventRole, place: usize, at: u16) -> Option<&'static str> {
        let group = self.row.group(place);
        let is_of_another_group = self.event.as_ref().is_some_and(|(_, open)| *open != group);
        if is_of_another_group || self.begins_the_next(role, place, at) {
            self.columns.events.extend(self.event.take().map(|(open, _)| open));
        }
        let row = self.row;
        let (open, _) = self.event.get_or_insert_with(|| (EventColumns::default(), group));
        // "Code Term" is the term, where a description stands too.
        let is_better = role == EventRole::Term && captions::is_code_term(row.name(place));
        let is_weaker = |term: &u16| is_better && !captions::is_code_term(row.name(usize::from(*term)));
        let weaker = open.slot(role).filter(is_weaker);
        if let Some(column) = weaker.and_then(|term| self.columns.all.get_mut(usize::from(term))) {
            column.role = None;
        }
        if open.slot(role).is_none() || weaker.is_some() {
            *open.slot(role) = Some(at);
            return Some(role.label());
        }
        open.take_more(role, at).then(|| role.label())
    }

    /// Whether a column begins the next entry where no caption of a group says so: the code or its
    /// date comes again.
    fn begins_the_next(&self, role: EventRole, place: usize, at: u16) -> bool {
        let (row, Some((open, _))) = (self.row, &self.event) else { return false };
        match role {
            // A second term, called otherwise and without a date of its own, is of the same entry.
            EventRole::Term => {
                let is_called_so = row.are_called_alike(open.term, place);
                open.term.is_some() && (is_called_so || (open.date.is_some() && row.last_date > Some(place)))
            }
            EventRole::Id => {
                let is_beside = open.id.is_some_and(|id| id + 1 == at);
                open.id.is_some() && !is_beside && (open.term.is_none() || row.are_called_alike(open.id, place))
            }
            EventRole::Date => open.date.is_some() && place < row.last_code,
            EventRole::Text => {
                let next = self.leading.last().map(|text| usize::from(*text) + 1);
                let is_in_front = next.is_some_and(|next| row.is_code(next));
                let code_is_next = match row.read(place + 1) {
                    Some(Caption::Event(EventRole::Term)) => open.term.is_some(),
                    Some(Caption::Event(EventRole::Id)) => open.id.is_some(),
                    _ => false,
                };
                is_in_front && open.has_code() && code_is_next && open.text.is_none() && !row.has_text_behind
            }
            _ => false,
        }
    }

    fn finish(mut self) -> Columns {
        self.columns.events.extend(self.event.take().map(|(open, _)| open));
        self.place_leading_texts();
        let Self { mut columns, row, .. } = self;
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
        columns.find_sides(row);
        columns
    }

    /// Free texts in front of all codes are of the first of them.
    fn place_leading_texts(&mut self) {
        let Columns { events, unread, .. } = &mut self.columns;
        let leading = self.leading.drain(..);
        let with_code = || events.iter().filter(|e| e.has_code());
        // Where nobody says of which code it is, it is of the patient as well.
        let may_be_of_any = with_code().count() > 1 && with_code().all(|e| e.text.is_none());
        let Some(first) = events.iter_mut().find(|e| e.has_code()) else {
            // A list without codes: its notes are about its people.
            unread.extend(leading.map(|at| (at, Unread::OfNoCode)));
            return;
        };
        for at in leading {
            if may_be_of_any {
                unread.push((at, Unread::Notes));
            }
            if first.text.is_none() {
                first.text = Some(at);
            } else if !first.take_more(EventRole::Text, at) {
                unread.push((at, Unread::OfNoCode));
            }
        }
    }
}

impl Columns {
    /// Sorts the columns that have no role, and finds those of the patient's side.
    fn find_sides(&mut self, row: &HeaderRow<'_>) {
        let first_event = self.first_event();
        let is_event = |at| self.events.iter().flat_map(EventColumns::iter).any(|c| c == at);
        for (at, column) in (0_u16..).zip(&self.all) {
            let of_group =
                if row.has_groups { row.is_of_patient(usize::from(at)) } else { at < first_event && !is_event(at) };
            let of_patient = self.patient.contains(&Some(at)) && Some(at) != self.patient(PatientRole::PatientCount);
            if of_group || of_patient {
                self.patient_side.push(at);
            }
            if self.is_of_risk(column) {
                self.risk.push(at);
            }
            if captions::is_placeholder(&column.name) {
                self.unread.push((at, Unread::Nameless));
            } else if column.role.is_none() {
                self.unread.push((at, unread(&column.name)));
            }
            if column.role.is_some() {
                continue;
            }
            match captions::read(&column.name) {
                Some(Caption::Patient(PatientRole::Registration)) => self.registrations.push(at),
                Some(Caption::Patient(PatientRole::Died)) => self.deaths.push(at),
                Some(Caption::Patient(PatientRole::Left)) => self.leavings.push(at),
                _ => {}
            }
            if captions::is_contact(&column.name) {
                self.contact.push(at);
            }
        }
    }

    /// Whether a column names a risk, by its caption or by that of its group.
    fn is_of_risk(&self, column: &Column) -> bool {
        let names_risk = |text: &str| !markers_in_text(text).is_empty();
        // A group of codes that speaks of the access codes holds those, and is no register.
        let of_codes = |text: &str| {
            let text = text.to_lowercase();
            let mut codes = self.events.iter().flat_map(EventColumns::iter);
            ["103", "104", "106", "access", "enhanced"].iter().any(|word| text.contains(word))
                && codes.any(|c| self.group_of(c) == column.group.as_deref())
        };
        let of_group = column.group.as_deref().is_some_and(|group| names_risk(group) && !of_codes(group));
        of_group || (column.role.is_none() && (names_risk(&column.name) || captions::is_of_risk(&column.name)))
    }
}

/// What a column is called that plays no part.
fn unread(caption: &str) -> Unread {
    if captions::is_of_notes(caption) || captions::is_of_numbers_to_ring(caption) {
        Unread::Notes
    } else if captions::is_of_names(caption) {
        Unread::Names
    } else {
        Unread::Other
    }
}

/// Whether a caption is of what tells one patient from another.
pub(in crate::extract) fn is_telling(name: &str) -> bool {
    matches!(
        captions::read(name),
        Some(Caption::Patient(PatientRole::NhsNumber | PatientRole::EmisNumber | PatientRole::BirthDate))
    )
}

/// Whether a status is that of online accounts, by its group.
fn is_of_accounts(group: Option<&str>, caption: &str) -> bool {
    plain(caption) == "status" && group.is_some_and(|group| group.to_lowercase().contains("online"))
}

/// Whether a caption is of a part of the patient's name.
fn is_part_of_name(name: &str) -> bool {
    matches!(captions::read(name), Some(Caption::Patient(PatientRole::FamilyName | PatientRole::GivenName)))
}

fn is_date_caption(name: &str) -> bool {
    captions::read(name) == Some(Caption::Event(EventRole::Date))
}

pub(in crate::extract) fn is_code_caption(name: &str) -> bool {
    matches!(captions::read(name), Some(Caption::Event(EventRole::Term | EventRole::Id)))
}

/// A group's caption stands over its first column only.
fn carry_groups(len: usize, groups: Option<&[String]>) -> Vec<Option<&str>> {
    let mut current = None;
    let mut caption = |place: usize| {
        let own = groups.and_then(|g| g.get(place)).map(|g| g.trim()).filter(|g| !g.is_empty());
        current = own.or(current);
        current
    };
    (0..len).map(&mut caption).collect()
}

/// For each column, whether its group is one of patient details: one that holds
/// an NHS number, a system number or a birth date.
fn patient_groups(header: &[String], group_of: &[Option<&str>]) -> Vec<bool> {
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
