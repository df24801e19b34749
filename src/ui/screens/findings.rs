//! What looks added in bulk: a card a group.

use egui::{Align, Layout, Ui};

use crate::app::case::Case;
use crate::app::{Action, Command, Filter, Model, Scope};
use crate::domain::Status;
use crate::domain::wording::{count, figure};
use crate::findings::{Behind, Evidence, Group, Kind, Likelihood, Side};
use crate::review::Blocker;
use crate::ui::spot_check_panel;
use crate::ui::tokens::{SIZE_BODY, caption, h1, h2, palette, quiet};
use crate::ui::widgets::{Look, badge, button, days_strip, edge_card, evidence_row, flowing, link};

/// Draws the screen.
pub fn show(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    let bulk = case.findings.groups.iter().filter(|g| g.likelihood.is_bulk()).count();
    let others = case.findings.groups.iter().filter(|g| matches!(g.kind, Kind::Inherited)).count()
        + usize::from(!case.findings.conflicts.is_empty());
    let looks = if bulk == 1 { "looks" } else { "look" };
    let need = if others == 1 { "needs" } else { "need" };
    ui.label(h1(match (bulk, others) {
        (0, 0) => "Nothing looks added in bulk".to_owned(),
        (0, n) => format!("Nothing looks added in bulk; {} {need} a person", count(n, "list")),
        (b, 0) => format!("{} {looks} added in bulk", count(b, "group")),
        (b, n) => format!("{} {looks} added in bulk, and {} {need} a person", count(b, "group"), count(n, "list")),
    }));
    ui.label(quiet(
        ui,
        "“Likely” is evidence from the export, never a verdict: a named person decides for every patient.",
    ));
    otherwise(ui, case, out);
    let mut first = true;
    for group in &case.findings.groups {
        let primary = first && group.likelihood.is_bulk();
        first = false;
        group_card(ui, model, group, primary, out);
    }
    if !case.findings.conflicts.is_empty() {
        conflicts(ui, case, out);
    }
    if !case.findings.turning_16.is_empty() {
        turning_16(ui, case);
    }
    ui.horizontal(|ui| {
        if button(ui, Action::Thresholds.label(), "", Look::Small, true)
            .on_hover_text(Action::Thresholds.keys())
            .clicked()
        {
            out.push(Command::Do(Action::Thresholds));
        }
        ui.label(caption(
            ui,
            if case.findings.thresholds.are_default() {
                "What counts as many, soon, or the same: as delivered."
            } else {
                "What counts as many, soon, or the same: changed by you."
            },
        ));
    });
}

/// What every group is measured against.
fn otherwise(ui: &mut Ui, case: &Case, out: &mut Vec<Command>) {
    let most = case.findings.usual_most;
    if most == 0 || case.findings.groups.is_empty() {
        return;
    }
    let text = format!(
        "{} outside the groups that look added in bulk, 0 to {} a day: what this practice enters otherwise.",
        count(case.findings.otherwise, "entry"),
        figure(most as usize)
    );
    let evidence = Evidence { side: Side::Note, weight: 0, text, behind: Some(Behind::Otherwise), more: Vec::new() };
    if evidence_row(ui, &evidence, SIZE_BODY).is_some() {
        out.push(Command::Show(Filter::scope(Scope::Behind(None, Behind::Otherwise))));
    }
}

fn edge(ui: &Ui, likelihood: Likelihood) -> egui::Color32 {
    let edges = palette(ui).edges;
    match likelihood {
        Likelihood::Individual => edges[0],
        Likelihood::Inherited => edges[1],
        Likelihood::Possible => edges[2],
        Likelihood::Likely => edges[3],
        Likelihood::AlmostCertain => edges[4],
    }
}

fn group_card(ui: &mut Ui, model: &Model, group: &Group, primary: bool, out: &mut Vec<Command>) {
    edge_card(ui, edge(ui, group.likelihood), |ui| {
        ui.horizontal(|ui| {
            ui.label(caption(ui, group.id.label()));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                badge(ui, group.likelihood);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(egui::Label::new(h2(&group.title)).truncate());
                });
            });
        });
        let reviewed = model.tally.in_groups.get(usize::from(group.id.0)).copied().unwrap_or(0);
        ui.horizontal_top(|ui| {
            let actions = 210.0;
            ui.vertical(|ui| {
                ui.set_width(ui.available_width() - actions - 24.0);
                ui.spacing_mut().item_spacing.y = 3.0;
                for evidence in &group.evidence {
                    if let Some(behind) = evidence_row(ui, evidence, SIZE_BODY) {
                        out.push(Command::Show(Filter::scope(Scope::Behind(Some(group.id), behind))));
                    }
                }
                one_by_one(ui, model, group, out);
                spot_check_panel::of_group(ui, model, group.id, out);
            });
            let width = ui.available_width();
            ui.allocate_ui_with_layout(egui::vec2(width, 0.0), Layout::top_down(Align::Max), |ui| {
                ui.set_width(width);
                if group.days.len() > 1 {
                    let color = palette(ui).chart[if group.likelihood == Likelihood::Inherited { 2 } else { 0 }];
                    days_strip(ui, &group.days, actions, color);
                }
                if reviewed > 0 {
                    ui.label(caption(ui, format!("{} of {} decided", figure(reviewed), figure(group.members.len()))));
                }
                let look = if primary { Look::Primary } else { Look::Secondary };
                let label = format!("Review {}", figure(group.members.len()));
                let response = button(ui, &label, "", look, true);
                if response.on_hover_text(format!("Review {}", group.title)).clicked() {
                    out.push(Command::ReviewGroup(group.id));
                }
                if group.likelihood.is_bulk() {
                    let response = button(ui, Action::SpotCheck.label(), "", Look::Small, true);
                    if response.on_hover_text(format!("Spot check of {}", group.title)).clicked() {
                        out.push(Command::AskSpotCheck(Some(group.id)));
                    }
                }
                if !group.left_out.is_empty()
                    && button(ui, &format!("Left out: {}", figure(group.left_out.len())), "", Look::Small, true)
                        .clicked()
                {
                    out.push(Command::Show(Filter::scope(Scope::LeftOut(group.id))));
                }
            });
        });
    });
}

/// "Not to be decided together: 9 declined, 3 with a note of their own", each the way to
/// whom it counts.
fn one_by_one(ui: &mut Ui, model: &Model, group: &Group, out: &mut Vec<Command>) {
    let counts = model.pictures.one_by_one.get(usize::from(group.id.0)).copied().unwrap_or_default();
    if counts.iter().all(|n| *n == 0) {
        return;
    }
    flowing(ui, |ui| {
        ui.label(quiet(ui, "Not to be decided together, for you to look at:"));
        for (blocker, n) in Blocker::ALL.into_iter().zip(counts).filter(|(_, n)| *n > 0) {
            let said = blocker.counted(n);
            let name = format!("Show {said} in {}", group.id.label());
            if link(ui, &said, &name).clicked() {
                out.push(Command::Show(Filter::scope(Scope::Blocker(Some(group.id), Some(blocker)))));
            }
        }
    });
}

fn conflicts(ui: &mut Ui, case: &Case, out: &mut Vec<Command>) {
    let n = case.findings.conflicts.len();
    edge_card(ui, palette(ui).text, |ui| {
        ui.label(h2(count(n, "same-day conflict")));
        ui.horizontal(|ui| {
            ui.label("A 104 and a 106 on one day, and no time to order them: treated as blocked until you decide.");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let response = button(ui, &format!("Review {}", figure(n)), "", Look::Secondary, true);
                if response.on_hover_text("Review same-day conflicts").clicked() {
                    out.push(Command::Show(Filter::scope(Scope::Status(Status::SameDayConflict))));
                }
            });
        });
    });
}

fn turning_16(ui: &mut Ui, case: &Case) {
    let n = case.findings.turning_16.len();
    edge_card(ui, palette(ui).border, |ui| {
        ui.label(h2(format!(
            "{} will be 16 within {} days",
            count(n, "patient"),
            case.findings.thresholds.turning_16_days
        )));
        ui.label(format!(
            "A work list, saved as turning-16.csv. {}",
            match case.cohort.system {
                crate::extract::System::Emis =>
                    "EMIS opens the record on the 16th birthday if an online account exists.",
                crate::extract::System::SystmOne => "SystmOne opens nothing on the 16th birthday.",
            }
        ));
    });
}
