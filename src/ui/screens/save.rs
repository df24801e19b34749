//! Save the files: what each does and does not do, where they are, what is next.

use egui::{Align, Layout, Ui};

use crate::app::case::Case;
use crate::app::{Action, Command, Model};
use crate::domain::wording::{count, figure};
use crate::extract::System;
use crate::handover::Output;
use crate::review::Choice;
use crate::ui::frame;
use crate::ui::tokens::{S4, caption, h1, h2, quiet, strong};
use crate::ui::widgets::{Look, button, card};

/// Draws the screen.
pub fn show(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    let add = model.review.count(Choice::Add106);
    ui.label(h1(match add {
        0 => "Nobody is decided “Add 106” yet".to_owned(),
        n => format!("{} decided “Add 106”, {} left to decide", count(n, "patient"), figure(model.tally.left)),
    }));
    frame::notice(ui, model);
    if let Some(saved) = &model.saved {
        card(ui, |ui| {
            ui.label(h2(format!("Saved {} in", count(saved.files.len(), "file"))));
            ui.label(saved.folder.display().to_string());
            ui.add_space(S4);
            next_steps(ui, case.cohort.system);
        });
    }
    ui.horizontal(|ui| {
        let look = if model.saved.is_some() { Look::Secondary } else { Look::Primary };
        if button(ui, Action::SaveFiles.label(), Action::SaveFiles.keys(), look, !model.saving && !model.asking)
            .clicked()
        {
            out.push(Command::Do(Action::SaveFiles));
        }
        if button(ui, Action::SaveReview.label(), Action::SaveReview.keys(), Look::Secondary, !model.asking).clicked() {
            out.push(Command::Do(Action::SaveReview));
        }
        if button(ui, Action::OpenReview.label(), Action::OpenReview.keys(), Look::Secondary, !model.asking).clicked() {
            out.push(Command::Do(Action::OpenReview));
        }
    });
    ui.label(quiet(
        ui,
        format!("All files go into one folder of your choice, or none does; nothing that is there is replaced. Every 106 is dated today, {}.", model.today.prose()),
    ));
    card(ui, |ui| {
        ui.label(h2("The files"));
        for output in Output::ALL {
            ui.add_space(S4);
            ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
                ui.scope(|ui| {
                    ui.set_width(210.0);
                    ui.add(egui::Label::new(strong(output.file_name(case.cohort.system))).wrap());
                });
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    ui.add(egui::Label::new(output.does(case.cohort.system)).wrap());
                    let not = caption(ui, output.does_not(case.cohort.system));
                    ui.add(egui::Label::new(not).wrap());
                });
            });
        }
    });
}

fn next_steps(ui: &mut Ui, system: System) {
    ui.label(h2(format!("What to do next in {}", system.label())));
    let steps: &[&str] = match system {
        System::Emis => &[
            "Make a patient list from add-106-emis.txt.",
            "Batch-add the code “Enhanced review not indicated before granting access to own health record” (106), dated today, to the list.",
            "Edit the online accounts in access-by-hand.csv one by one, NHS App users first: a 106 opens nothing for an account that exists.",
            "Run your search again, export it, and open the new export here: the patients should now show as cleared.",
        ],
        System::SystmOne => &[
            "Reporting, Misc Reports, Adhoc Patient List, Import CSV: choose add-106-systmone.csv.",
            "Select all, Actions, Add Read Code: “Enhanced review not indicated before granting access to own health record” (106), dated today.",
            "Grant access to the cohort with the searches that TPP supplies, and check Organisation Preferences, Online Services, Patient Record Access.",
            "Run your report again, export it, and open the new export here: the patients should now show as cleared.",
        ],
    };
    for (step, number) in steps.iter().zip(1..) {
        ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
            ui.label(strong(number.to_string()));
            ui.add(egui::Label::new(*step).wrap());
        });
    }
}
