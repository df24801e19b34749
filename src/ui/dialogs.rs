//! Questions that must be answered before anything else goes on.

use egui::{Align, Id, Layout, Modal, RichText, Ui, vec2};

use super::tokens::{S8, S16, caption, h2, palette, quiet};
use super::widgets::{Look, button, text_field};
use super::{columns_panel, spot_check_panel, thresholds_panel};
use crate::app::{AfterUnsaved, Command, Dialog, Filter, Model, Scope, TYPE_NUMBER_FROM, Tone};
use crate::domain::wording::{count, figure};
use crate::review::{Choice, GroupPlan, Verdict, is_reason};

/// Draws the open dialog, if there is one.
pub fn show(ui: &Ui, model: &Model, out: &mut Vec<Command>) {
    let Some(dialog) = &model.dialog else { return };
    let (title, width): (&str, f32) = match dialog {
        Dialog::Reviewer { .. } => ("Who decides?", 460.0),
        Dialog::Reason { choice, .. } => (choice.label(), 520.0),
        Dialog::Group { .. } => ("Decide together", 620.0),
        Dialog::Target { .. } => ("Your own target date", 460.0),
        Dialog::Columns { .. } => ("Which column is what?", 860.0),
        Dialog::OwnCodes { .. } => ("Your own codes", 620.0),
        Dialog::Thresholds { .. } => ("Thresholds", 900.0),
        Dialog::Unsaved { .. } => ("The decisions are not saved", 480.0),
        Dialog::SpotCheck { more: None, .. } => ("Spot check", 620.0),
        Dialog::SpotCheck { .. } => ("A larger sample", 620.0),
        Dialog::Overturn { verdict: Verdict::CannotTell, .. } => ("Cannot be told after all?", 560.0),
        Dialog::Overturn { .. } => ("Not at risk after all?", 560.0),
        Dialog::Lift { .. } => ("Has the list been reviewed?", 560.0),
        Dialog::Recovered { .. } => ("Your decisions were kept", 520.0),
    };
    let id = Id::unique("dialog");
    let frame = egui::Frame::popup(&ui.ctx().global_style()).inner_margin(24);
    let shown = Modal::new(id).frame(frame).area(Modal::default_area(id).accessible_name(title)).show(ui.ctx(), |ui| {
        ui.set_width(width.min(ui.ctx().content_rect().width() - 80.0));
        ui.label(h2(title));
        ui.add_space(S8);
        ui.spacing_mut().interact_size.y = 26.0;
        match dialog {
            Dialog::Reviewer { .. } => reviewer(ui, model, dialog, out),
            Dialog::Reason { .. } => reason(ui, model, dialog, out),
            Dialog::Group { .. } => group(ui, model, dialog, out),
            Dialog::Target { .. } => target(ui, model, dialog, out),
            Dialog::Columns { roles, needs_codes, .. } => {
                columns_panel::columns(ui, dialog, out);
                buttons(ui, "Read with these columns", columns_panel::trouble(roles, *needs_codes).is_none(), out);
            }
            Dialog::OwnCodes { .. } => {
                columns_panel::own_codes(ui, dialog, out);
                buttons(ui, "Use these codes", true, out);
            }
            Dialog::Thresholds { .. } => {
                let ready = thresholds_panel::show(ui, model, dialog, out);
                buttons(ui, "Use these thresholds", ready, out);
            }
            Dialog::Unsaved { then } => unsaved(ui, then, out),
            Dialog::SpotCheck { .. } => spot_check_panel::draw(ui, model, dialog, out),
            Dialog::Lift { check, reason } => lift(ui, model, *check, reason, out),
            Dialog::Overturn { .. } => overturn(ui, model, dialog, out),
            Dialog::Recovered { text } => recovered(ui, text, out),
        }
        let said = |text: &str| matches!(dialog, Dialog::Columns { why, .. } if why == text);
        if let Some(notice) = model.notice.as_ref().filter(|n| n.tone == Tone::Wrong && !said(&n.text)) {
            ui.add_space(S8);
            ui.label(RichText::new(&notice.text).color(palette(ui).wrong));
        }
    });
    // Where nothing is to be typed, Enter goes on.
    let is_plain = matches!(dialog, Dialog::SpotCheck { .. } | Dialog::Recovered { .. });
    if is_plain && ui.memory(|m| m.focused().is_none()) && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
        out.push(Command::Confirm);
    }
    // A text field would take the first Escape for itself; an open list is closed by it.
    let escaped = !shown.any_popup_open && ui.input(|i| i.key_pressed(egui::Key::Escape));
    if shown.should_close() || escaped {
        out.push(Command::Dismiss);
    }
}

/// The two buttons below; Enter in a text field confirms too.
pub(super) fn buttons(ui: &mut Ui, confirm: &str, enabled: bool, out: &mut Vec<Command>) {
    two_buttons(ui, (confirm, enabled, Command::Confirm), ("Cancel", Command::Dismiss), out);
}

/// The main button of a dialog, and the other.
fn two_buttons(ui: &mut Ui, main: (&str, bool, Command), other: (&str, Command), out: &mut Vec<Command>) {
    ui.add_space(S16);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), 38.0), Layout::right_to_left(Align::Center), |ui| {
        if button(ui, main.0, "", Look::Primary, main.1).clicked() {
            out.push(main.2);
        }
        if button(ui, other.0, "", Look::Secondary, true).clicked() {
            out.push(other.1);
        }
    });
}

/// A field takes the focus once, when its dialog opens.
fn focus_first(ui: &Ui, model: &Model, field: &egui::Response) {
    let id = Id::unique("dialog field");
    if ui.data(|d| d.get_temp::<u64>(id)) != Some(model.dialogs_opened) {
        field.request_focus();
        ui.data_mut(|d| d.insert_temp(id, model.dialogs_opened));
    }
}

fn entered(ui: &Ui, field: &egui::Response) -> bool {
    field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter))
}

fn reviewer(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::Reviewer { name, role, then } = dialog else { return };
    ui.label("Every decision carries the name of the person who made it, in the lists, the report and the audit.");
    ui.add_space(S8);
    let (mut new_name, mut new_role) = (name.clone(), role.clone());
    ui.label("Name");
    let first = text_field(ui, "reviewer name", "Name", "", &mut new_name, f32::INFINITY);
    focus_first(ui, model, &first);
    ui.label("Role in the practice (may stay empty)");
    let second = text_field(ui, "reviewer role", "Role in the practice", "", &mut new_role, f32::INFINITY);
    let enter = entered(ui, &first) || entered(ui, &second);
    if new_name != *name || new_role != *role {
        out.push(Command::Edit(Dialog::Reviewer { name: new_name, role: new_role, then: then.clone() }));
    }
    buttons(ui, "Use this name", !name.trim().is_empty(), out);
    if enter {
        out.push(Command::Confirm);
    }
}

/// Keys that choose a standard reason.
const DIGITS: [egui::Key; 4] = [egui::Key::Num1, egui::Key::Num2, egui::Key::Num3, egui::Key::Num4];

fn reason_field(ui: &mut Ui, standard: &[&str], numbered: bool, reason: &mut String) -> egui::Response {
    ui.label("Reason");
    let hint = if standard.is_empty() { "What you saw in the record" } else { "Choose one below or write your own" };
    let field = text_field(ui, "reason", "Reason", hint, reason, f32::INFINITY);
    ui.horizontal_wrapped(|ui| {
        for (standard, key) in standard.iter().zip(["1", "2", "3", "4"]) {
            if button(ui, standard, if numbered { key } else { "" }, Look::Small, true).clicked() {
                (*standard).clone_into(reason);
            }
        }
    });
    field
}

fn reason(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::Reason { patient, who, careful, choice, because, reason } = dialog else { return };
    ui.label(super::tokens::strong(who));
    ui.label(because);
    ui.add_space(S8);
    let mut new = reason.clone();
    // What was seen in the record is written, and not chosen, where something speaks against.
    let standard = if *careful && *choice == Choice::Add106 { &[][..] } else { choice.standard_reasons() };
    let field = reason_field(ui, standard, true, &mut new);
    if standard.is_empty() {
        focus_first(ui, model, &field);
    }
    let enter = entered(ui, &field);
    // A number key chooses and decides; in the field it is a digit of the reason. The key
    // that opened the dialog is over by then.
    let is_typing = field.has_focus();
    let chosen = DIGITS.into_iter().zip(standard).find(|(key, _)| !is_typing && ui.input(|i| i.key_pressed(*key)));
    if let Some((_, chosen)) = chosen {
        (*chosen).clone_into(&mut new);
    }
    if new != *reason {
        out.push(Command::Edit(Dialog::Reason {
            patient: *patient,
            who: who.clone(),
            careful: *careful,
            choice: *choice,
            because: because.clone(),
            reason: new,
        }));
    }
    let is_ready = if *careful { is_reason(reason) } else { !reason.trim().is_empty() };
    buttons(ui, &format!("{} for this reason", choice.label()), is_ready, out);
    if enter || chosen.is_some() {
        out.push(Command::Confirm);
    }
}

fn group(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::Group { choice, plan, reason, typed, of } = dialog else { return };
    let room = (ui.ctx().content_rect().height() - 220.0).max(160.0);
    let body = egui::ScrollArea::vertical()
        .id_salt("group decision")
        .max_height(room)
        .show(ui, |ui| group_body(ui, model, (*choice, plan, reason, typed, of), out));
    // What was added is drawn in full at once, and not when the pointer moves next.
    let seen = body.inner_rect.height();
    if body.content_size.y > seen + 1.0 && seen + 1.0 < room {
        ui.ctx().request_repaint();
    }
    let (new_choice, new_reason, new_typed, enter) = body.inner;
    if new_choice != *choice || new_reason != *reason || new_typed != *typed {
        let edited = Dialog::Group {
            choice: new_choice,
            plan: plan.clone(),
            reason: new_reason,
            typed: new_typed,
            of: of.clone(),
        };
        out.push(Command::Edit(edited));
    }
    let taken = choice.map_or(0, |c| plan.taken(c).count());
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let ready = choice.is_some()
        && taken > 0
        && !reason.trim().is_empty()
        && (taken < TYPE_NUMBER_FROM || digits == taken.to_string());
    let label = choice.map_or_else(
        || "Choose what you decide".to_owned(),
        |c| format!("{} for {}", c.label(), count(taken, "patient")),
    );
    buttons(ui, &label, ready, out);
    if enter && ready {
        out.push(Command::Confirm);
    }
}

/// What the dialog asks, with the answers so far.
type GroupAnswers<'a> = (Option<Choice>, &'a GroupPlan, &'a str, &'a str, &'a str);

/// All of the dialog but its buttons, which always stay in sight.
fn group_body(
    ui: &mut Ui,
    model: &Model,
    (choice, plan, reason, typed, of): GroupAnswers<'_>,
    out: &mut Vec<Command>,
) -> (Option<Choice>, String, String, bool) {
    ui.set_min_width(ui.available_width());
    ui.label(quiet(ui, of));
    ui.add_space(S8);
    not_swept_along(ui, model, plan, out);
    ui.add_space(S8);
    let (mut new_choice, mut new_reason, mut new_typed) = (choice, reason.to_owned(), typed.to_owned());
    let mut enter = false;
    let all = count(plan.most(), "patient");
    ui.label(super::tokens::strong(if plan.stopped.is_empty() {
        format!("The other {all}: what do you decide?")
    } else {
        format!("{all}, of whom {} may be given a 106: what do you decide?", figure(plan.included.len()))
    }));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 20.0;
        for option in Choice::ALL {
            let radio = ui.radio(new_choice == Some(option), option.label());
            super::widgets::focus_ring(ui, &radio);
            if radio.clicked() {
                new_choice = Some(option);
            }
        }
    });
    let taken = new_choice.map_or(0, |c| plan.taken(c).count());
    let must_type = taken >= TYPE_NUMBER_FROM;
    if let Some(choice) = new_choice {
        ui.add_space(S8);
        reason_field(ui, &reasons_for_many(model, choice, plan), false, &mut new_reason);
        if must_type {
            ui.add_space(S8);
            ui.label(format!("Type {} to say that you mean all of them", figure(taken)));
            let field = text_field(ui, "number of patients", "Number of patients", "", &mut new_typed, 140.0);
            enter = entered(ui, &field);
        }
    }
    if new_choice == Some(Choice::Add106) {
        ui.add_space(S8);
        checked(ui, model, plan);
        if !plan.individual.is_empty() {
            let n = count(plan.individual.len(), "patient");
            ui.label(format!("{n} whose entry does not look added in bulk here are left out: somebody may have looked at them. Give them a 106 one by one."));
        }
        if plan.with_access > 0 {
            let (all, n) = (figure(taken), figure(plan.with_access));
            ui.label(format!("Of these {all}, {n} can see their full record already, in spite of the 104: a 106 changes nothing for them. Look whether that access is right (access-by-hand.csv)."));
        }
        ui.label(caption(
            ui,
            "A wrong 106 can expose somebody to a person who harms them. No marker in this file does not mean no risk.",
        ));
    }
    (new_choice, new_reason, new_typed, enter)
}

/// What is known of those who would be given a 106, from spot checks.
fn checked(ui: &mut Ui, model: &Model, plan: &GroupPlan) {
    let mut known = false;
    for (check, number) in model.review.checks().iter().zip(1..) {
        if plan.included.first().is_some_and(|id| check.is_about(*id)) {
            known = true;
            let ended = check.lifted.as_ref().map_or_else(String::new, |l| format!(" Stop ended by {}.", l.by.name));
            ui.label(format!("Spot check {number}: {}{ended}", check.sentence()));
        }
    }
    if !known && plan.included.len() >= TYPE_NUMBER_FROM {
        ui.label("No spot check has been made of this list. It says how many of them may be at risk.");
    }
}

/// What can be true of many at once. That a spot check found nobody is offered where one
/// did.
fn reasons_for_many(model: &Model, choice: Choice, plan: &GroupPlan) -> Vec<&'static str> {
    let mut reasons = choice.reasons_for_many().to_vec();
    let clean: Vec<_> = model.review.checks().iter().enumerate().filter(|(n, _)| model.review.is_clean(*n)).collect();
    let is_clean = |id| clean.iter().any(|(_, check)| check.is_about(id));
    if choice == Choice::Add106 && !plan.included.is_empty() && plan.included.iter().all(|id| is_clean(*id)) {
        reasons.push("Spot check found nobody at risk");
    }
    reasons
}

/// First of all: who is not swept along, and why.
fn not_swept_along(ui: &mut Ui, model: &Model, plan: &GroupPlan, out: &mut Vec<Command>) {
    let group = match model.view.filter.scope {
        Scope::Group(id) => Some(id),
        _ => None,
    };
    let all_together = plan.blocked.is_empty() && plan.in_doubt.is_empty() && plan.individual.is_empty();
    if all_together {
        ui.label("Nobody in this list has to be decided one by one.");
    }
    if !plan.blocked.is_empty() {
        ui.label(super::tokens::strong(format!(
            "{} left out, each for a decision of their own:",
            count(plan.blocked_count(), "patient")
        )));
        egui::Grid::new("not swept along").num_columns(2).spacing([16.0, 2.0]).min_row_height(22.0).show(ui, |ui| {
            for (blocker, patients) in &plan.blocked {
                ui.label(blocker.counted(patients.len()));
                if super::widgets::link(ui, "Show", &format!("Show: {}", blocker.label())).clicked() {
                    out.push(Command::Show(Filter::scope(Scope::Blocker(group, Some(*blocker)))));
                }
                ui.end_row();
            }
        });
    }
    for (place, stopped) in &plan.stops {
        if let Some(check) = model.review.checks().get(*place) {
            super::widgets::flowing(ui, |ui| {
                let n = count(*stopped, "patient");
                let text = format!(
                    "{n} stopped: in their spot check somebody is at risk. No 106 together until the list has been split or reviewed."
                );
                ui.label(RichText::new(text).color(palette(ui).wrong));
                if super::widgets::link(ui, "Show", &format!("Show: {}", check.title)).clicked() {
                    out.push(Command::Show(Filter::scope(Scope::Stopped(*place))));
                }
            });
        }
    }
    if !plan.in_doubt.is_empty() {
        super::widgets::flowing(ui, |ui| {
            let n = count(plan.in_doubt.len(), "patient");
            ui.label(format!(
                "{n} of whom a spot check says “at risk” or “can’t tell”: each for a decision of their own."
            ));
            if super::widgets::link(ui, "Show", "Show whom a spot check leaves in doubt").clicked() {
                out.push(Command::Show(Filter::scope(Scope::InDoubt)));
            }
        });
    }
    if !plan.already.is_empty() {
        ui.label(quiet(
            ui,
            format!("{} decided already, and not changed by this.", count(plan.already.len(), "patient")),
        ));
    }
    if !plan.not_concerned.is_empty() {
        ui.label(quiet(ui, format!("{} not blocked by a 104.", count(plan.not_concerned.len(), "patient"))));
    }
}

fn target(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::Target { typed } = dialog else { return };
    ui.label("The day by which you want to be done. The top line counts down to it, and the overview says how many patients that is a working day.");
    ui.add_space(S8);
    let mut new = typed.clone();
    ui.label("Date, for example 31 January 2027");
    let field = text_field(ui, "target date", "Target date", "31 January 2027", &mut new, f32::INFINITY);
    focus_first(ui, model, &field);
    let enter = entered(ui, &field);
    if new != *typed {
        out.push(Command::Edit(Dialog::Target { typed: new }));
    }
    let label = if typed.trim().is_empty() { "No target" } else { "Set the target" };
    buttons(ui, label, true, out);
    if enter {
        out.push(Command::Confirm);
    }
}

fn lift(ui: &mut Ui, model: &Model, check: usize, reason: &str, out: &mut Vec<Command>) {
    if let Some(of) = model.review.checks().get(check) {
        ui.label(format!("{}: {}", of.title, of.sentence()));
        ui.add_space(S8);
    }
    ui.label("Nobody in this list is given a 106 together, since somebody in it is at risk. Split it, by usual GP, age or day, and check each part; or have somebody review it and say so here. What you write is in the report and the audit, with your name.");
    ui.add_space(S8);
    let mut new = reason.to_owned();
    ui.label("How was it reviewed, and what came of it?");
    let field = text_field(ui, "lift reason", "How it was reviewed", "", &mut new, f32::INFINITY);
    focus_first(ui, model, &field);
    let enter = entered(ui, &field);
    if new != reason {
        out.push(Command::Edit(Dialog::Lift { check, reason: new }));
    }
    buttons(ui, "End the stop", !reason.trim().is_empty(), out);
    if enter {
        out.push(Command::Confirm);
    }
}

fn overturn(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::Overturn { check, place, who, verdict, reason } = dialog else { return };
    ui.label(super::tokens::strong(who));
    ui.label(format!("This patient was answered “At risk”, which stops the list. To say “{}” instead, write what you saw in the record, and why it is no risk. It is in the audit, with your name.", verdict.label()));
    ui.add_space(S8);
    let mut new = reason.clone();
    let field = text_field(ui, "overturn reason", "What you saw in the record", "", &mut new, f32::INFINITY);
    focus_first(ui, model, &field);
    let enter = entered(ui, &field);
    if new != *reason {
        let (check, place, who, verdict) = (*check, *place, who.clone(), *verdict);
        out.push(Command::Edit(Dialog::Overturn { check, place, who, verdict, reason: new }));
    }
    buttons(ui, &format!("Answer “{}”", verdict.label()), !reason.trim().is_empty(), out);
    if enter {
        out.push(Command::Confirm);
    }
}

fn recovered(ui: &mut Ui, text: &str, out: &mut Vec<Command>) {
    ui.label(text);
    ui.add_space(S8);
    ui.label("Save the review (Ctrl+Shift+S) to keep them for good.");
    two_buttons(ui, ("Go on with these", true, Command::Confirm), ("Discard them", Command::DiscardRecovered), out);
}

fn unsaved(ui: &mut Ui, then: &AfterUnsaved, out: &mut Vec<Command>) {
    let what = match then {
        AfterUnsaved::Close => "If you close the program now, the decisions since the last “Save review” are lost.",
        AfterUnsaved::Review => {
            "If you put the saved review in place now, the decisions since the last “Save review” are lost."
        }
        AfterUnsaved::Open(_) => "If you open another export now, the decisions since the last “Save review” are lost.",
    };
    ui.label(what);
    ui.label("Cancel, and save the review with Ctrl+Shift+S, to keep them.");
    // Nothing is lost by a key pressed too soon.
    two_buttons(ui, ("Cancel", true, Command::Dismiss), ("Discard the decisions", Command::Confirm), out);
}
