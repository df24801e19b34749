//! The panel that settles which column is what, and the list of the practice's own codes.

use std::sync::Arc;

use egui::{Grid, ScrollArea, Ui};

use super::tokens::{S4, S8, S16, caption, palette, quiet, strong};
use super::widgets::{Look, button, choose, text_field};
use crate::app::{Command, Dialog};
use crate::domain::code::Alias;
use crate::extract::{Preview, Role};

/// How many of the first rows are shown.
const SHOWN: usize = 3;

/// Which column is what: a row a column, with its caption, what its first cells hold, and
/// its role. What the user changes becomes a command.
pub fn columns(ui: &mut Ui, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::Columns { path, preview, roles, why, needs_codes } = dialog else { return };
    // The question stands until it is answered.
    let missing = trouble(roles, *needs_codes);
    if why.is_empty() || missing.is_none() {
        ui.label("Say what each column holds. It is remembered for files with this header, without any patient.");
    } else {
        ui.label(egui::RichText::new(why).color(palette(ui).wrong));
    }
    ui.add_space(S8);
    let mut new = roles.clone();
    let room = (ui.ctx().content_rect().height() - 300.0).max(160.0);
    ScrollArea::vertical().id_salt("columns panel").max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        rows(ui, preview, &mut new);
    });
    for said in missing.into_iter().chain(advice(roles, *needs_codes)) {
        ui.add_space(S4);
        ui.label(quiet(ui, said));
    }
    if new != *roles {
        out.push(Command::Edit(Dialog::Columns {
            path: path.clone(),
            preview: Arc::clone(preview),
            roles: new,
            why: why.clone(),
            needs_codes: *needs_codes,
        }));
    }
}

fn rows(ui: &mut Ui, preview: &Preview, roles: &mut [Option<Role>]) {
    let options: Vec<(Option<Role>, String)> = std::iter::once((None, "not used".to_owned()))
        .chain(Role::ALL.into_iter().map(|role| (Some(role), role.name().to_owned())))
        .collect();
    Grid::new("columns of the file").num_columns(3).spacing([S16, S4]).min_row_height(34.0).show(ui, |ui| {
        for title in ["Column", "Its first cells", "What it holds"] {
            ui.label(strong(title));
        }
        ui.end_row();
        for (at, ((name, _), role)) in preview.columns.iter().zip(roles).enumerate() {
            let name = if name.is_empty() { "(no caption)" } else { name };
            ui.label(format!("{}. {name}", at + 1));
            let cells: Vec<&str> = preview.rows.iter().filter_map(|row| row.get(at)).map(String::as_str).collect();
            let shown: Vec<&str> = cells.into_iter().filter(|c| !c.is_empty()).take(SHOWN).collect();
            ui.scope(|ui| {
                ui.set_width(300.0);
                let text = if shown.is_empty() { "(empty)".to_owned() } else { shown.join(" · ") };
                ui.add(egui::Label::new(quiet(ui, text)).truncate());
            });
            let label = format!("What column {} holds: {name}", at + 1);
            if let Some(chosen) = choose(ui, &format!("role {at}"), &label, role, &options, 220.0) {
                *role = chosen;
            }
            ui.end_row();
        }
    });
}

/// What is still missing, or said twice.
pub fn trouble(roles: &[Option<Role>], needs_codes: bool) -> Option<String> {
    use crate::extract::{EventRole, PatientRole};
    let times = |role: Role| roles.iter().filter(|r| **r == Some(role)).count();
    let nhs = Role::Patient(PatientRole::NhsNumber);
    if times(nhs) > 1 {
        return Some("Two columns are the NHS number. Leave one.".to_owned());
    }
    let missing = [
        (times(nhs) == 0, "the NHS number"),
        (
            needs_codes && times(Role::Event(EventRole::Term)) + times(Role::Event(EventRole::Id)) == 0,
            "the code or its term",
        ),
        (needs_codes && times(Role::Event(EventRole::Date)) == 0, "the date of the code"),
    ];
    let missing: Vec<String> = missing.into_iter().filter(|(is, _)| *is).map(|(_, what)| what.to_owned()).collect();
    (!missing.is_empty()).then(|| format!("No column is {} yet.", crate::domain::wording::list(&missing)))
}

/// What an export can do without, and what that costs.
fn advice(roles: &[Option<Role>], needs_codes: bool) -> Vec<String> {
    use crate::extract::{EventRole, PatientRole};
    let lacks = |wanted: &[Role]| needs_codes && !wanted.iter().any(|role| roles.contains(&Some(*role)));
    let costs: [(&[Role], &str); 2] = [
        (
            &[Role::Patient(PatientRole::BirthDate), Role::Patient(PatientRole::Age)],
            "Without the date of birth nobody can be decided together: patients under 16 cannot be told apart.",
        ),
        (&[Role::Event(EventRole::Text)], "Without the free text of the codes a clinician’s notes cannot be seen."),
    ];
    costs.into_iter().filter(|(wanted, _)| lacks(wanted)).map(|(_, cost)| cost.to_owned()).collect()
}

/// What the practice's own codes mean.
pub fn own_codes(ui: &mut Ui, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::OwnCodes { aliases } = dialog else { return };
    ui.label("Where an export shows neither the SNOMED code nor its term, but a code or name of your own, say here what it stands for. It is taken at your word.");
    ui.add_space(S8);
    let codes: Vec<(String, String)> = ["103", "104", "106"].map(|c| (c.to_owned(), c.to_owned())).into();
    let mut new = aliases.clone();
    let mut gone = None;
    for (at, alias) in new.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            ui.label("Our export calls");
            if let Some(code) = choose(ui, &format!("own code {at}"), "Code", &alias.code, &codes, 80.0) {
                alias.code = code;
            }
            let name = format!("Own code or name {}", at + 1);
            text_field(ui, &format!("own text {at}"), &name, "Y3a1b", &mut alias.text, 200.0);
            if button(ui, "Remove", "", Look::Small, true).clicked() {
                gone = Some(at);
            }
        });
    }
    if let Some(at) = gone {
        new.remove(at);
    }
    if button(ui, "Another one", "", Look::Small, true).clicked() {
        new.push(Alias { text: String::new(), code: "104".to_owned() });
    }
    ui.add_space(S4);
    ui.label(caption(ui, "Files that are open are read again. Decisions are kept, and each is checked again."));
    if new != *aliases {
        out.push(Command::Edit(Dialog::OwnCodes { aliases: new }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{EventRole, PatientRole};

    #[test]
    fn what_is_missing_is_said() {
        let nhs = Some(Role::Patient(PatientRole::NhsNumber));
        let (term, date) = (Some(Role::Event(EventRole::Term)), Some(Role::Event(EventRole::Date)));
        assert_eq!(trouble(&[nhs, term, date], true), None);
        assert_eq!(
            trouble(&[nhs, nhs, term, date], true).as_deref(),
            Some("Two columns are the NHS number. Leave one.")
        );
        assert_eq!(trouble(&[nhs, None], false), None);
        assert_eq!(advice(&[nhs, term, date], true).len(), 2);
        let born = Some(Role::Patient(PatientRole::BirthDate));
        assert_eq!(advice(&[nhs, born, term, date, Some(Role::Event(EventRole::Text))], true), Vec::<String>::new());
        assert!(advice(&[nhs], false).is_empty(), "a register needs neither");
        assert_eq!(
            trouble(&[nhs, None], true).as_deref(),
            Some("No column is the code or its term and the date of the code yet.")
        );
    }
}
