//! Roles that columns get otherwise than by their captions: by what stands in them, or since the
//! user says so.

use super::{Columns, EventColumns, Unread};
use crate::extract::roles::{EventRole, PatientRole, Role};

impl Columns {
    /// Sets a column's role by its content, where the caption did not say.
    pub(in crate::extract) fn assign(&mut self, role: PatientRole, at: u16) {
        self.patient[role as usize] = Some(at);
        if !self.patient_side.contains(&at) {
            self.patient_side.push(at);
        }
        if let Some(column) = self.all.get_mut(usize::from(at)) {
            column.role = Some(role.label());
        }
    }

    /// Gives a column a role, or none, as the user says. Whatever had the role before
    /// loses it.
    pub(in crate::extract) fn set_role(&mut self, role: Option<Role>, at: u16) {
        let first_event = self.first_event();
        self.release(at);
        let group = self.group_at(at);
        let label = match role {
            None => None,
            Some(Role::Patient(role)) => {
                if let Some(before) = self.patient[role as usize] {
                    self.displace(before, Role::Patient(role));
                }
                self.patient[role as usize] = Some(at);
                if !self.patient_side.contains(&at) {
                    self.patient_side.push(at);
                }
                Some(role.label())
            }
            // What the user typed is never dropped, and neither is a second identifier.
            Some(Role::Event(role @ (EventRole::Text | EventRole::Id)))
                if self.events.get_mut(group).is_some_and(|e| e.slot(role).is_some() && e.take_more(role, at)) =>
            {
                Some(role.label())
            }
            Some(Role::Event(role)) => {
                if let Some(before) = self.events.get_mut(group).and_then(|e| *e.slot(role)) {
                    self.displace(before, Role::Event(role));
                }
                if self.events.is_empty() {
                    let left = self.left_over();
                    self.events.push(left);
                }
                if let Some(event) = self.events.get_mut(group) {
                    *event.slot(role) = Some(at);
                }
                if at < first_event {
                    self.patient_side.retain(|c| *c != at);
                }
                Some(role.label())
            }
        };
        if let Some(column) = self.all.get_mut(usize::from(at)) {
            column.role = label;
        }
        // A caption that names a risk says nothing of a column that is something else, and what
        // the user says is not used is not looked at either.
        self.unread.retain(|(c, _)| *c != at);
        for further in [&mut self.risk, &mut self.registrations, &mut self.deaths, &mut self.leavings] {
            further.retain(|c| *c != at);
        }
        self.events.retain(EventColumns::has_code);
    }

    /// The group of entries in which a column stands: the last that begins before it.
    fn group_at(&self, at: u16) -> usize {
        let begins = |e: &EventColumns| e.iter().min().is_some_and(|first| first <= at);
        self.events.iter().rposition(begins).unwrap_or(0)
    }

    /// Takes a role away that another column has now: what stands there may still say something
    /// of the patient.
    fn displace(&mut self, at: u16, role: Role) {
        self.release(at);
        match role {
            Role::Patient(PatientRole::Registration) => self.registrations.push(at),
            Role::Patient(PatientRole::Died) => self.deaths.push(at),
            Role::Patient(PatientRole::Left) => self.leavings.push(at),
            _ => {}
        }
        let called = match role {
            Role::Event(EventRole::Text) => Unread::Notes,
            _ => Unread::Other,
        };
        self.unread.push((at, called));
    }

    /// Columns that say something of an entry, and whose group fell away for want of a
    /// code: they are of the group that is given one.
    fn left_over(&self) -> EventColumns {
        let mut group = EventColumns::default();
        for (at, column) in (0..).zip(&self.all) {
            let Some(Role::Event(role)) = column.role.and_then(Role::read) else { continue };
            match group.slot(role) {
                slot @ None => *slot = Some(at),
                Some(_) => {
                    group.take_more(role, at);
                }
            }
        }
        group
    }

    /// Takes a column's role away.
    fn release(&mut self, at: u16) {
        for slot in self.patient.iter_mut().filter(|slot| **slot == Some(at)) {
            *slot = None;
        }
        for event in &mut self.events {
            event.release(at);
        }
        if let Some(column) = self.all.get_mut(usize::from(at)) {
            column.role = None;
        }
    }
}
