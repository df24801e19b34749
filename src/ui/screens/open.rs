//! Open an export, and see what was understood of it.

use egui::{Align, Frame, Layout, Margin, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2};

use crate::app::case::{Case, Origin};
use crate::app::{Action, Command, Model};
use crate::domain::wording::{count, figure};
use crate::extract::{Extract, ProblemKind, Purpose, System};
use crate::handover::steps;
use crate::ui::tokens::{S4, S8, caption, h1, h2, palette, quiet, strong};
use crate::ui::widgets::{Look, button, card};
use crate::ui::{frame, tokens};

/// Draws the screen.
pub fn show(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    ui.label(h1(if model.case.is_some() { "What we found in your export" } else { "Open your patient export" }));
    frame::notice(ui, model);
    // The panel can be closed, and must be found again.
    if let Some(unread) = &model.unread
        && model.work.is_none()
        && button(ui, "Say which column is what…", "", Look::Secondary, true).clicked()
    {
        out.push(Command::Columns(unread.path.clone()));
    }
    if let Some(case) = &model.case {
        understood(ui, model, case, out);
    } else {
        drop_area(ui, model, 230.0, out);
        instructions(ui);
    }
}

/// Somewhere to drop a file, with the ways to open one.
fn drop_area(ui: &mut Ui, model: &Model, height: f32, out: &mut Vec<Command>) {
    let p = palette(ui);
    let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Drop an export here"));
    let (fill, line) =
        if hovering { (p.hover, Stroke::new(3.0, p.accent)) } else { (p.surface, Stroke::new(2.0, p.border)) };
    ui.painter().rect(rect, 6, fill, line, StrokeKind::Inside);
    // A child of its own: what is inside must not move what stands below.
    let builder = UiBuilder::new().max_rect(rect.shrink(16.0)).layout(Layout::top_down(Align::Center));
    let ui = &mut ui.new_child(builder);

    ui.add_space((height - 32.0 - 118.0) / 2.0);
    ui.label(h2("Drop the file here"));
    ui.label(quiet(
        ui,
        "the list of patients with their 103, 104 and 106 codes, from EMIS Web or SystmOne, as CSV or Excel workbook",
    ));
    ui.add_space(S8);
    ui.allocate_ui_with_layout(vec2(624.0, 40.0), Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let free = model.work.is_none();
        if button(ui, Action::Open.label(), "Ctrl+O", Look::Primary, free && !model.asking).clicked() {
            out.push(Command::Do(Action::Open));
        }
        if button(ui, "Try a made-up practice", "", Look::Secondary, free).clicked() {
            out.push(Command::Open(Origin::Sample(System::Emis)));
        }
        if button(ui, "The same from SystmOne", "", Look::Secondary, free).clicked() {
            out.push(Command::Open(Origin::Sample(System::SystmOne)));
        }
    });
}

/// How to make the export, step by step.
fn instructions(ui: &mut Ui) {
    ui.columns(2, |columns| {
        for (ui, system) in columns.iter_mut().zip([System::Emis, System::SystmOne]) {
            let Some(section) = steps(system).first() else { continue };
            card(ui, |ui| {
                ui.set_min_height(236.0);
                ui.label(h2(section.title));
                for (step, number) in section.steps.iter().zip(1..) {
                    ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
                        ui.label(strong(number.to_string()));
                        ui.add(egui::Label::new(step.text).wrap());
                    });
                }
            });
        }
    });
    ui.label(caption(ui, "Names of patient files are not remembered, and nothing leaves this computer."));
}

fn understood(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    for (place, extract) in case.files.iter().enumerate() {
        card(ui, |ui| {
            facts(ui, extract, case, u16::try_from(place).unwrap_or(u16::MAX));
            if let Some(path) = case.paths.get(place)
                && button(ui, "Change columns…", "", Look::Small, true).clicked()
            {
                out.push(Command::Columns(path.clone()));
            }
        });
    }
    ui.horizontal(|ui| {
        if button(ui, "Go to the overview", "", Look::Primary, true).clicked() {
            out.push(Command::Do(Action::Go(crate::app::Screen::Overview)));
        }
    });
    if matches!(case.origin, Origin::Files(_)) {
        card(ui, |ui| more_files(ui, model, out));
    }
    card(ui, |ui| problems(ui, case, out));
    for extract in case.files.iter() {
        card(ui, |ui| columns(ui, extract));
    }
    drop_area(ui, model, 170.0, out);
}

/// Further lists that make the answer better.
fn more_files(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    ui.label(h2("Add what else you have"));
    ui.label(quiet(
        ui,
        "Patients are joined by NHS number, else by their number in the system. What does not join is listed. Decisions are kept, and each is checked again.",
    ));
    ui.horizontal_wrapped(|ui| {
        let free = model.work.is_none() && !model.asking;
        let adds = [Purpose::Registered, Purpose::Safeguarding, Purpose::Accounts, Purpose::Export].map(Action::Add);
        for action in adds.into_iter().chain([Action::OwnCodes]) {
            if button(ui, action.label(), "", Look::Secondary, free).clicked() {
                out.push(Command::Do(action));
            }
        }
    });
}

fn facts(ui: &mut Ui, extract: &Extract, case: &Case, place: u16) {
    let of_what = match extract.purpose {
        Purpose::Export => String::new(),
        other => format!(" ({})", other.label()),
    };
    ui.label(h2(format!("{}{of_what}", extract.source.name())));
    let run = match (extract.layout.run_date, extract.layout.file_date) {
        (Some((day, _)), _) => day.prose(),
        (None, Some(day)) => format!("not in the file; saved on {}, which is taken instead", day.prose()),
        (None, None) => "not in the file; counted as of today".to_owned(),
    };
    let codes = extract.access_codes as usize;
    let exports = case.files.iter().filter(|f| f.purpose == Purpose::Export).count();
    let people = match (extract.purpose, exports) {
        (Purpose::Export, 1) => ("Patients", figure(case.cohort.counts.patients)),
        (Purpose::Export, _) => ("Patients, in all exports", figure(case.cohort.counts.patients)),
        _ => ("Not in the export", figure(case.not_joined(place))),
    };
    let rows = [
        ("System", extract.layout.system.label().to_owned()),
        ("Made on", run),
        people,
        ("Rows with data", figure(extract.data_rows as usize)),
        ("103, 104 and 106 codes", figure(codes)),
        (
            "Header",
            if extract.layout.header_row == 0 {
                "none: a list of NHS numbers".to_owned()
            } else {
                format!(
                    "in row {}{}",
                    extract.layout.header_row,
                    if extract.layout.has_group_row { ", with a row of group captions above" } else { "" }
                )
            },
        ),
        (
            "Written in",
            extract.source.sheet().map_or_else(
                || format!("{}, separated by {}s", extract.source.encoding().label(), extract.layout.delimiter_label()),
                |sheet| format!("{}, sheet “{sheet}”", extract.source.encoding().label()),
            ),
        ),
    ];
    egui::Grid::new(("facts", extract.source.hash().to_hex().to_string()))
        .num_columns(2)
        .spacing([24.0, S4])
        .min_row_height(22.0)
        .show(ui, |ui| {
            let chosen = ("Columns", "as you said before, for files with this header".to_owned());
            for (label, value) in rows.into_iter().chain(extract.columns.as_chosen_before.then_some(chosen)) {
                ui.label(quiet(ui, label));
                ui.label(value);
                ui.end_row();
            }
        });
}

fn problems(ui: &mut Ui, case: &Case, out: &mut Vec<Command>) {
    let problems = &case.cohort.problems;
    let repaired = problems.iter().filter(|(_, p)| p.kind.is_repaired()).count();
    ui.label(h2(format!("{} repaired, {} to look at", count(repaired, "value"), figure(problems.len() - repaired))));
    let mut kinds: Vec<(ProblemKind, Vec<u32>)> = Vec::new();
    for (_, problem) in problems {
        match kinds.iter_mut().find(|(kind, _)| *kind == problem.kind) {
            Some((_, rows)) => rows.extend(problem.row),
            None => kinds.push((problem.kind, problem.row.into_iter().collect())),
        }
    }
    kinds.sort_by_key(|(kind, _)| (kind.is_repaired(), *kind));
    if kinds.is_empty() {
        ui.label("Everything was understood.");
    }
    for (kind, rows) in kinds {
        let shown: Vec<String> = rows.iter().take(6).map(|r| figure(*r as usize)).collect();
        let more = if rows.len() > 6 { format!(" and {} more", figure(rows.len() - 6)) } else { String::new() };
        let place = match rows.len() {
            0 => String::new(),
            1 => format!(" (row {})", shown.join(", ")),
            _ => format!(" (rows {}{more})", shown.join(", ")),
        };
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.label(format!("{}{place}.", kind.what()));
            ui.label(caption(ui, format!("{}.", kind.done())));
            if kind == ProblemKind::MonthFirst
                && matches!(case.origin, Origin::Files(_))
                && button(ui, Action::MonthFirst.label(), "", Look::Small, true).clicked()
            {
                out.push(Command::Do(Action::MonthFirst));
            }
        });
    }
}

fn columns(ui: &mut Ui, extract: &Extract) {
    let known = extract.columns.all.iter().filter(|c| c.role.is_some()).count();
    let title = format!("Columns: {} of {} are used", figure(known), figure(extract.columns.all.len()));
    ui.label(h2(title));
    let p = palette(ui);
    Frame::new().inner_margin(Margin::ZERO).show(ui, |ui| {
        egui::Grid::new(("columns", extract.source.hash().to_hex().to_string()))
            .num_columns(3)
            .spacing([32.0, S4])
            .min_row_height(22.0)
            .show(ui, |ui| {
                for title in ["Caption in the file", "Group", "Understood as"] {
                    ui.label(egui::RichText::new(title).font(tokens::bold(tokens::SIZE_SMALL)).color(p.secondary));
                }
                ui.end_row();
                for column in &extract.columns.all {
                    ui.label(&column.name);
                    ui.label(quiet(ui, column.group.clone().unwrap_or_default()));
                    match column.role {
                        Some(role) => ui.label(role),
                        None => ui.label(quiet(ui, "not used")),
                    };
                    ui.end_row();
                }
            });
    });
}
