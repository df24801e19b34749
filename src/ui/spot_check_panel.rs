//! Drawing a spot check, what it comes to, and answering it.

use egui::{Align, Layout, RichText, Ui};

use super::dialogs::buttons;
use super::tokens::{S4, S8, SIZE_SMALL, bold, caption, palette, quiet, strong};
use super::widgets::{Look, button, flowing, focus_ring, link};
use crate::app::case::Case;
use crate::app::{Action, Command, Dialog, Filter, Model, Scope};
use crate::cohort::PatientId;
use crate::domain::Day;
use crate::domain::wording::{count, figure};
use crate::review::{Made, SpotCheck, WANTED, seed_text, size_for, upper_bound};

/// The dialog in which a sample is drawn, or made larger.
pub fn draw(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) {
    let Dialog::SpotCheck { wanted, plan, of, list, more } = dialog else { return };
    let group = plan.to_be_checked().count();
    ui.label(quiet(ui, of));
    ui.add_space(S8);
    let known = more.and_then(|place| model.review.checks().get(place));
    match known {
        None => {
            ui.label(format!(
                "A sample is drawn at random from the {} whom a 106 together would take. You open each record in the clinical system and answer: at risk, not at risk, or can’t tell. The program says what that proves about all of them.",
                count(group, "patient")
            ));
            let left = plan.everybody() - group;
            if left > 0 {
                ui.label(caption(
                    ui,
                    format!(
                        "Not drawn, since decided already or to be decided one by one: {}.",
                        count(left, "patient")
                    ),
                ));
            }
        }
        Some(check) => {
            ui.label(format!(
                "What was answered so far stays ({}); the next of the same draw are added.",
                count(check.sample.len(), "patient")
            ));
        }
    }
    ui.add_space(S8);
    ui.label(strong("If nobody in the sample is at risk, what should it prove?"));
    let mut new = *wanted;
    for option in WANTED.into_iter().filter(|w| known.is_none_or(|check| *w < check.wanted)) {
        let size = size_for(option, group);
        let text = if size == group {
            format!("Everybody: look at all {}", figure(group))
        } else {
            let most = upper_bound(0, size, group).map_or(0, |bound| bound.people);
            format!(
                "Fewer than {option} in 100 are at risk, at most {} of these: look at {}",
                figure(most),
                figure(size)
            )
        };
        let radio = ui.radio(new == option, text);
        focus_ring(ui, &radio);
        if radio.clicked() {
            new = option;
        }
        if size == group {
            break;
        }
    }
    ui.add_space(S4);
    ui.label(caption(
        ui,
        "With 95 % confidence. The draw cannot be taken back: every sample that was drawn is in the audit, with the number from which it can be drawn again.",
    ));
    if new != *wanted {
        out.push(Command::Edit(Dialog::SpotCheck {
            wanted: new,
            plan: plan.clone(),
            of: of.clone(),
            list: *list,
            more: *more,
        }));
    }
    let size = size_for(new, group).saturating_sub(known.map_or(0, |check| check.sample.len()));
    buttons(ui, &format!("Draw {}", count(size, "patient")), size > 0, out);
}

/// The spot checks of a group, on its card.
pub fn of_group(ui: &mut Ui, model: &Model, group: crate::findings::GroupId, out: &mut Vec<Command>) {
    let of_it = |check: &&SpotCheck| check.list == Made::With(group);
    for (place, check) in model.review.checks().iter().enumerate().filter(|(_, c)| of_it(c)) {
        line(ui, model, place, check, out);
    }
}

/// A clean sample frees no list that another one has stopped.
fn stays_stopped(model: &Model, place: usize, check: &SpotCheck) -> String {
    // Those who were freed as a part are few of a list that is drawn again.
    let mut others = check.population.iter().take(200).filter_map(|id| model.review.stopped_by(*id));
    others.find(|other| *other != place).map_or_else(String::new, |other| {
        format!(" But spot check {} found somebody at risk among these: they stay stopped.", other + 1)
    })
}

/// One spot check in a line, with the way to its sample.
fn line(ui: &mut Ui, model: &Model, place: usize, check: &SpotCheck, out: &mut Vec<Command>) {
    flowing(ui, |ui| {
        let name = format!("Spot check {}", place + 1);
        if link(ui, &name, &format!("Show {}: {}", name.to_lowercase(), check.title)).clicked() {
            out.push(Command::Show(Filter::scope(Scope::Sample(place))));
        }
        let color = if check.stops() { palette(ui).wrong } else { palette(ui).text };
        ui.label(RichText::new(format!("{}{}", check.sentence(), stays_stopped(model, place, check))).color(color));
    });
}

/// Above the list of a sample: what it comes to, and what can be done.
pub fn banner(ui: &mut Ui, model: &Model, case: &Case, place: usize, out: &mut Vec<Command>) {
    let Some(check) = model.review.checks().get(place) else { return };
    let outcome = check.outcome();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (scope, label) = match check.list {
                Made::With(group) if case.findings.group(group).is_some() => (Scope::Group(group), "Back to the group"),
                _ => (Scope::Checked(place), "Back to the list"),
            };
            if button(ui, label, "", Look::Small, true).clicked() {
                out.push(Command::Show(Filter::scope(scope)));
            }
            let can_grow = outcome.bound.is_some() && !check.stops() && WANTED.iter().any(|w| *w < check.wanted);
            if can_grow
                && outcome.sample < outcome.group
                && button(ui, "Look at more…", "", Look::Small, true).clicked()
            {
                out.push(Command::AskMore(place));
            }
            if check.stops() {
                if button(ui, "End the stop…", "", Look::Small, true).clicked() {
                    out.push(Command::AskLift(place));
                }
                if button(ui, "Split the list", "", Look::Small, true)
                    .on_hover_text("Show the list that is stopped, to look at a part of it")
                    .clicked()
                {
                    out.push(Command::Show(Filter::scope(Scope::Stopped(place))));
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let color = if check.stops() { palette(ui).wrong } else { palette(ui).text };
                let text = match &check.lifted {
                    Some(lifted) if !check.stops() => {
                        format!("{} Reviewed by {}: {}", check.sentence(), lifted.by.name, lifted.reason)
                    }
                    _ if check.stops() => format!("Stopped. {}", check.sentence()),
                    _ => format!("{}{}", check.sentence(), stays_stopped(model, place, check)),
                };
                let hover = format!(
                    "{}. Drawn from {} by {} on {}; seed {}.",
                    check.title,
                    count(check.group, "patient"),
                    check.by.name,
                    Day::from(check.drawn.date()).table(),
                    seed_text(check.seed)
                );
                ui.add(egui::Label::new(RichText::new(&text).color(color)).wrap())
                    .on_hover_text(format!("{text} {hover}"));
            });
        });
    });
}

/// What the answer and the decision of somebody in a sample take, in points.
pub const ANSWER_HEIGHT: f32 = 212.0;

/// The answer for the active patient of a sample.
pub fn answer(ui: &mut Ui, model: &Model, place: usize, id: PatientId, out: &mut Vec<Command>) {
    let Some(check) = model.review.checks().get(place) else { return };
    let Some(sampled) = check.sample.iter().find(|s| s.patient == Some(id)) else { return };
    let said = sampled.answer.as_ref().map_or_else(
        || "Open the record in the clinical system: at risk?".to_owned(),
        |a| {
            let day = Day::from(a.at.date()).table();
            format!("{}: {}, {day} {}", a.verdict.label(), a.by.name, a.at.format("%H:%M"))
        },
    );
    ui.add(egui::Label::new(RichText::new(said).font(bold(SIZE_SMALL))).wrap());
    // Side by side: on a small screen the reasons above need the room.
    flowing(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for action in [Action::NotAtRisk, Action::AtRisk, Action::CannotTell] {
            if button(ui, action.label(), action.keys(), Look::Small, true).clicked() {
                out.push(Command::Do(action));
            }
        }
        // Its place is kept, so that nothing moves when an answer is given.
        let clear = button(ui, "Clear", Action::ClearAnswer.keys(), Look::Small, sampled.answer.is_some());
        if clear.on_hover_text(Action::ClearAnswer.label()).clicked() {
            out.push(Command::Do(Action::ClearAnswer));
        }
    });
}
