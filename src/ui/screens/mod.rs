//! One file a screen.

mod findings;
mod help;
mod open;
mod overview;
mod review;
mod save;

use egui::{Align, CentralPanel, Frame, Layout, Margin, ScrollArea, Ui};

use super::tokens::{caption, palette, strong};
use crate::app::{Command, Model, Screen};
use crate::handover::Section;

/// Steps with their numbers; where each comes from stands behind it.
fn numbered(ui: &mut Ui, section: &Section) {
    for (step, number) in section.steps.iter().zip(1..) {
        ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
            ui.label(strong(number.to_string()));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add(egui::Label::new(step.text).wrap());
                ui.add(egui::Label::new(caption(ui, step.source)).wrap());
            });
        });
    }
}

/// Draws the screen that is shown.
pub fn show(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    let frame = Frame::new().fill(palette(ui).page).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, |ui| match (model.screen, &model.case) {
        (Screen::Review, Some(case)) => {
            Frame::new()
                .inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 12 })
                .show(ui, |ui| review::show(ui, model, case, out));
        }
        (screen, case) => {
            let id = format!("{screen:?}");
            ScrollArea::vertical().id_salt(id).auto_shrink(false).show(ui, |ui| {
                Frame::new().inner_margin(Margin { left: 24, right: 24, top: 18, bottom: 24 }).show(ui, |ui| {
                    ui.set_min_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = 12.0;
                    match (screen, case) {
                        (Screen::Overview, Some(case)) => overview::show(ui, model, case, out),
                        (Screen::Findings, Some(case)) => findings::show(ui, model, case, out),
                        (Screen::Save, Some(case)) => save::show(ui, model, case, out),
                        (Screen::Help, _) => help::show(ui),
                        _ => open::show(ui, model, out),
                    }
                });
            });
        }
    });
}
