//! Save the files: what each does and does not do, how they are to be, what is next, and
//! what became of it.

use egui::{Align, Grid, Layout, Ui};

use crate::app::case::Case;
use crate::app::{Action, Command, Filter, Model, Outdated, SavedFiles, Scope};
use crate::domain::Day;
use crate::domain::wording::{count, figure, per_cent};
use crate::extract::System;
use crate::handover::{Output, steps};
use crate::review::{Change, Changes, Choice};
use crate::ui::frame;
use crate::ui::tokens::{S4, S8, caption, h1, h2, palette, quiet, strong};
use crate::ui::widgets::{Look, button, card, cell, choose, edge_card, focus_ring, link};

/// Draws the screen.
pub fn show(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    let add = model.review.count(Choice::Add106);
    ui.label(h1(match add {
        0 => "Nobody is decided “Add 106” yet".to_owned(),
        n => format!("{} decided “Add 106”, {} left to decide", count(n, "patient"), figure(model.tally.left)),
    }));
    frame::notice(ui, model);
    if let Some(changes) = model.review.result() {
        became(ui, changes, out);
    }
    let outdated = model.outdated();
    if let Some(saved) = &model.saved {
        match outdated {
            Some(outdated) => no_longer(ui, saved, outdated),
            None => card(ui, |ui| {
                ui.label(h2(format!("Saved {} in", count(saved.files.len(), "file"))));
                ui.label(saved.folder.display().to_string());
            }),
        }
    }
    ui.horizontal_wrapped(|ui| {
        let look = if model.saved.is_some() && outdated.is_none() { Look::Secondary } else { Look::Primary };
        if button(ui, Action::SaveFiles.label(), Action::SaveFiles.keys(), look, !model.saving && !model.asking)
            .clicked()
        {
            out.push(Command::Do(Action::SaveFiles));
        }
        for action in [Action::SaveReview, Action::OpenReview, Action::CheckResult] {
            if button(ui, action.label(), action.keys(), Look::Secondary, !model.asking).clicked() {
                out.push(Command::Do(action));
            }
        }
    });
    ui.label(quiet(
        ui,
        format!("All files go into one folder of your choice, the saved review among them, or none does; nothing that is there is replaced. Every 106 is dated today, {}. After coding, export again and choose “Check the result”.", model.today.prose()),
    ));
    let next = |ui: &mut Ui| card(ui, |ui| next_steps(ui, case.cohort.system));
    if model.saved.is_some() && outdated.is_none() {
        next(ui);
    }
    card(ui, |ui| options(ui, model, case, out));
    card(ui, |ui| {
        ui.label(h2("The files"));
        let made = |o: &Output| o.is_made(case.cohort.system, &model.review, model.review.result().is_some());
        for output in Output::ALL.into_iter().filter(made) {
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
    if model.saved.is_none() || outdated.is_some() {
        next(ui);
    }
}

/// Says that the files of before are not to be used.
fn no_longer(ui: &mut Ui, saved: &SavedFiles, outdated: Outdated) {
    edge_card(ui, palette(ui).edges[4], |ui| {
        ui.label(h2("Do not use the files that were saved: the decisions have changed"));
        ui.label(saved.folder.display().to_string());
        let all = count(saved.decided.len(), "patient");
        if outdated.gone > 0 {
            let verb = if outdated.gone == 1 { "is" } else { "are" };
            ui.label(strong(format!(
                "{} of the {all} in the saved list {verb} not decided “Add 106” any more.",
                figure(outdated.gone)
            )));
        }
        if outdated.more > 0 {
            ui.label(format!("{} decided “Add 106” since.", count(outdated.more, "patient")));
        }
        ui.label("Save the files again, into another folder. If the old list is in the clinical system already, take it out there.");
    });
}

/// What became of the decisions, in the export that was made after coding.
fn became(ui: &mut Ui, changes: &Changes, out: &mut Vec<Command>) {
    let urgent = changes.count(Change::LostBlock) + changes.count(Change::NotDecided);
    let edge = if urgent > 0 { palette(ui).edges[4] } else { palette(ui).edges[0] };
    edge_card(ui, edge, |ui| {
        ui.label(h2(format!(
            "{} of {} landed{}",
            figure(changes.count(Change::Landed)),
            count(changes.decided(), "decided 106"),
            if urgent > 0 { format!("; {} to look at first", count(urgent, "patient")) } else { String::new() }
        )));
        let stood = |label: &str, counts: &crate::cohort::Counts| {
            format!(
                "{label} {} of {} eligible patients blocked ({})",
                figure(counts.blocked),
                figure(counts.eligible),
                per_cent(counts.share_blocked())
            )
        };
        ui.label(quiet(
            ui,
            format!(
                "Compared with {}, of {}. {}; {}.",
                changes.was,
                Day::from(changes.since).prose(),
                stood("Then", &changes.before),
                stood("now", &changes.after)
            ),
        ));
        ui.add_space(S4);
        for change in Change::ALL {
            let n = changes.count(change);
            if n == 0 && !change.needs_somebody() {
                continue;
            }
            ui.horizontal_top(|ui| {
                cell(ui, 170.0, |ui| {
                    ui.label(strong(change.label()));
                });
                cell(ui, 56.0, |ui| {
                    let is_shown = changes.patients(change).next().is_some();
                    if !is_shown {
                        ui.label(figure(n));
                    } else if link(ui, &figure(n), &format!("Show {}: {}", figure(n), change.label())).clicked() {
                        out.push(Command::Show(Filter::scope(Scope::Changed(change))));
                    }
                });
                let rest = ui.available_width().min(760.0);
                cell(ui, rest, |ui| {
                    ui.add(egui::Label::new(caption(ui, change.meaning())).wrap());
                });
            });
        }
        ui.label(caption(ui, "Decisions that still stand went along. All of it is saved as check-result.csv."));
    });
}

/// How the files are to be.
fn options(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    let now = model.settings.files;
    let mut new = now;
    ui.label(h2("File options"));
    let is_emis = case.cohort.system == System::Emis;
    Grid::new("options").num_columns(2).spacing([24.0, 8.0]).min_row_height(28.0).show(ui, |ui| {
        ui.label("Header of the list for the 106");
        let as_taken = if is_emis { "As EMIS Web takes it: none" } else { "As SystmOne takes it: NHS number" };
        let headers = [
            (None, as_taken.to_owned()),
            (Some(true), "With a header".to_owned()),
            (Some(false), "Without a header".to_owned()),
        ];
        if let Some(header) = choose(ui, "list header", "Header of the list", &now.list_header, &headers, 260.0) {
            new.list_header = header;
        }
        ui.end_row();
        ui.label("Rows in a list");
        let mut rows = vec![(None, "All in one file".to_owned())];
        let known = [100, 250, 500, 1_000, 5_000].into_iter().chain(now.list_rows);
        let mut known: Vec<u32> = known.collect();
        known.sort_unstable();
        known.dedup();
        rows.extend(known.into_iter().map(|n| (Some(n), format!("At most {} a file", figure(n as usize)))));
        if let Some(most) = choose(ui, "list rows", "Rows in a list", &now.list_rows, &rows, 260.0) {
            new.list_rows = most;
        }
        ui.end_row();
        ui.label("A kept 104 is looked at again after");
        let mut months = vec![3, 6, 12, 24];
        months.extend((!months.contains(&now.review_months)).then_some(now.review_months));
        let months: Vec<(u32, String)> = months.into_iter().map(|n| (n, count(n as usize, "month"))).collect();
        if let Some(n) =
            choose(ui, "review months", "Months until a kept 104 is looked at", &now.review_months, &months, 260.0)
        {
            new.review_months = n;
        }
        ui.end_row();
    });
    let tick = |ui: &mut Ui, value: &mut bool, label: &str| {
        let response = ui.checkbox(value, label);
        focus_ring(ui, &response);
    };
    if is_emis {
        tick(ui, &mut new.list_emis_number, "The EMIS number beside each NHS number in the list, for other tools");
    }
    tick(ui, &mut new.name_patients, "Name those who keep a 104 in the report, for readers who may know them");
    if new.list_header.is_some() || new.list_rows.is_some() || new.list_emis_number {
        ui.label(caption(
            ui,
            "For other tools. EMIS Web takes one NHS number a line, SystmOne one column headed “NHS number”.",
        ));
    }
    if new != now {
        out.push(Command::Options(new));
    }
}

fn next_steps(ui: &mut Ui, system: System) {
    ui.label(h2(format!("What to do next in {}", system.label())));
    for section in steps(system).iter().skip(1) {
        ui.add_space(S8);
        ui.label(strong(section.title));
        super::numbered(ui, section);
    }
    ui.add_space(S4);
    ui.label(caption(ui, "To print: what-to-do-next.html, among the files. Where your system’s supplier says otherwise, follow the supplier."));
}
