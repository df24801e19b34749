//! The panel in which thresholds are changed, and what that would find.

use egui::{Grid, ScrollArea, Ui};

use super::tokens::{S4, S8, SIZE_SMALL, caption, palette, quiet, strong};
use super::widgets::{Look, button, text_field};
use crate::app::case::Case;
use crate::app::{Command, Dialog, Figures, Model, Trial, thresholds_typed};
use crate::domain::wording::{count, figure};
use crate::findings::Thresholds;

/// Draws the panel; says whether what stands there can be used.
pub fn show(ui: &mut Ui, model: &Model, dialog: &Dialog, out: &mut Vec<Command>) -> bool {
    let (Dialog::Thresholds { typed }, Some(case)) = (dialog, &model.case) else { return false };
    ui.label("What counts as many, soon, or the same. Weights of evidence are in tenths: ten more make it ten times as likely that codes were applied in bulk.");
    ui.add_space(S8);
    let mut new = typed.clone();
    let settings = case.findings.thresholds.settings();
    let room = (ui.ctx().content_rect().height() - 330.0).max(120.0);
    ScrollArea::vertical().id_salt("thresholds").max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("thresholds").num_columns(4).spacing([16.0, 6.0]).show(ui, |ui| {
            for caption in ["Threshold", "Value", "As delivered", "Where that comes from"] {
                ui.label(strong(caption));
            }
            ui.end_row();
            for ((_, text), setting) in new.iter_mut().zip(&settings) {
                ui.scope(|ui| {
                    ui.set_width(400.0);
                    ui.add(egui::Label::new(setting.label).wrap());
                });
                text_field(ui, setting.key, setting.label, "", text, 64.0);
                let value = text.trim().parse::<u32>().ok();
                let (least, most) = setting.range;
                if value.is_some_and(|v| (least..=most).contains(&v)) {
                    let is_default = value == Some(setting.default);
                    let default = setting.default.to_string();
                    ui.label(if is_default { quiet(ui, default) } else { strong(default) });
                } else {
                    let text = format!("{least} to {most}");
                    ui.label(egui::RichText::new(text).size(SIZE_SMALL).color(palette(ui).wrong));
                }
                ui.add(egui::Label::new(caption(ui, setting.source)).wrap());
                ui.end_row();
            }
        });
    });
    ui.add_space(S4);
    ui.horizontal(|ui| {
        if button(ui, "All as delivered", "", Look::Small, true).clicked() {
            let delivered = Thresholds::default().settings();
            new = delivered.iter().map(|s| (s.key, s.value.to_string())).collect();
        }
    });
    ui.add_space(S4);
    let wanted = thresholds_typed(&new);
    let is_it = |trial: &&Trial| Some(trial.case.findings.thresholds) == wanted && trial.is_of(case);
    let tried = model.trial.as_ref().filter(is_it);
    ui.label(match (wanted, tried) {
        (None, _) => "A value is no whole number within its limits.".to_owned(),
        (Some(wanted), _) if wanted == case.findings.thresholds => format!("In force: {}", finds(case)),
        (Some(_), Some(trial)) => format!("These find {} In force now: {}", finds(&trial.case), finds(case)),
        (Some(_), None) => "Working out what these find…".to_owned(),
    });
    if let Some(trial) = tried.filter(|trial| trial.lapsed > 0) {
        let n = count(trial.lapsed, "decision");
        let text = format!("{n} could not be made by these findings, and will be taken back.");
        ui.label(egui::RichText::new(text).color(palette(ui).wrong));
    }
    ui.label(caption(ui, "The change goes into the audit. Steps before it cannot be undone or done again after it."));
    if new != *typed {
        out.push(Command::Edit(Dialog::Thresholds { typed: new }));
    }
    tried.is_some() || wanted == Some(case.findings.thresholds)
}

/// "3 groups, 2,650 patients blocked by codes that look added in bulk, 73 possible or
/// individual."
fn finds(case: &Case) -> String {
    let groups = case.findings.groups.iter().filter(|g| g.likelihood.is_bulk()).count();
    let figures = Figures::of(case);
    format!(
        "{} with {} blocked by codes that look added in bulk; {} possible, {} individual.",
        count(groups, "group"),
        count(figures.bulk, "patient"),
        figure(figures.possible),
        figure(figures.individual)
    )
}
