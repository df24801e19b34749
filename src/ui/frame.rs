//! What stands around every screen: practice and deadline on top, the steps on
//! the left, the status line below.

use egui::{Align, Align2, Frame, Layout, Margin, Panel, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::tokens::{ROUND, S8, SIZE_SMALL, bold, caption, palette, regular, strong};
use super::widgets::{Look, button, chip, focus_ring, warning_card};
use crate::app::{Action, Command, Model, Screen, Tone};
use crate::deadline::countdown;
use crate::domain::wording::count;

/// The bar on top.
pub fn top(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    let p = palette(ui);
    let frame = Frame::new().fill(p.surface).inner_margin(Margin::symmetric(16, 0)).stroke(Stroke::NONE);
    let shown = Panel::top("top").exact_size(50.0).frame(frame).show_separator_line(false).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let who = if model.reviewer.name.is_empty() {
                "Reviewer: not named yet".to_owned()
            } else {
                format!("Reviewer: {}", model.reviewer.name)
            };
            if chip(ui, &who, None, true).on_hover_text("Say who decides (Ctrl+R)").clicked() {
                out.push(Command::Do(Action::Reviewer));
            }
            let target = model.target().map_or_else(
                || "Your target: set a date".to_owned(),
                |t| match t.days {
                    d if d >= 0 => {
                        format!("Your target: {} · {}", t.date.prose(), count(usize::try_from(d).unwrap_or(0), "day"))
                    }
                    _ => format!("Your target: {} has passed", t.date.prose()),
                },
            );
            if chip(ui, &target, None, true).on_hover_text("Set your own target date (Ctrl+T)").clicked() {
                out.push(Command::Do(Action::Target));
            }
            let deadline = countdown(model.today);
            chip(ui, &deadline.short, Some(p.warm), false).on_hover_text(deadline.sentence);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| practice(ui, model));
        });
    });
    let bottom = shown.response.rect.bottom();
    ui.painter().hline(shown.response.rect.x_range(), bottom - 0.5, Stroke::new(1.0, p.border));
}

fn practice(ui: &mut Ui, model: &Model) {
    let Some(case) = &model.case else {
        ui.label(strong("Record Access Review"));
        return;
    };
    let name = case.cohort.practice_title().unwrap_or_else(|| "Practice not named in the export".to_owned());
    ui.add(egui::Label::new(strong(name)).truncate());
    let saved = case.files.first().and_then(|f| f.layout.file_date);
    let made = case.files.first().and_then(|f| f.layout.run_date).map_or_else(
        || saved.map_or_else(|| "no run date".to_owned(), |day| format!("saved {}", day.prose())),
        |(day, minute)| {
            minute.map_or_else(
                || format!("run {}", day.prose()),
                |m| format!("run {}, {:02}:{:02}", day.prose(), m / 60, m % 60),
            )
        },
    );
    let text = format!("{} export, {made}", case.cohort.system.label());
    let text = caption(ui, text);
    ui.add(egui::Label::new(text).truncate());
}

/// The steps.
pub fn rail(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    let p = palette(ui);
    let frame = Frame::new().fill(p.surface).inner_margin(Margin::symmetric(8, 16));
    let shown =
        Panel::left("rail").exact_size(172.0).resizable(false).frame(frame).show_separator_line(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for (index, screen) in Screen::STEPS.into_iter().enumerate() {
                step(ui, model, screen, &(index + 1).to_string(), out);
            }
            ui.with_layout(Layout::bottom_up(Align::Min), |ui| step(ui, model, Screen::Help, "?", out));
        });
    let right = shown.response.rect.right();
    ui.painter().vline(right - 0.5, shown.response.rect.y_range(), Stroke::new(1.0, p.border));
}

fn step(ui: &mut Ui, model: &Model, screen: Screen, number: &str, out: &mut Vec<Command>) {
    let p = palette(ui);
    let action = Action::Go(screen);
    let (on, can, done) = (model.screen == screen, model.can_show(screen), is_done(model, screen));
    let sense = if can { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), sense);
    let state = if done { ", done" } else { "" };
    response.widget_info(|| WidgetInfo::selected(Role::Tab, can, on, format!("{}{state}", action.label())));
    if on {
        ui.painter().rect_filled(rect, ROUND - 1, p.selected);
    } else if can && response.hovered() {
        ui.painter().rect_filled(rect, ROUND - 1, p.hover);
    }
    let fore = match (on, can) {
        (true, _) => p.on_strong,
        (_, true) => p.text,
        _ => p.secondary,
    };
    let centre = pos2(rect.left() + 21.0, rect.center().y);
    if done && !on {
        ui.painter().circle_filled(centre, 11.0, p.go);
        let line = Stroke::new(2.0, p.on_strong);
        ui.painter().line_segment([centre + vec2(-4.5, 0.0), centre + vec2(-1.0, 3.5)], line);
        ui.painter().line_segment([centre + vec2(-1.0, 3.5), centre + vec2(5.0, -3.5)], line);
    } else {
        let line = if on { p.on_strong } else { p.secondary };
        ui.painter().circle_stroke(centre, 10.0, Stroke::new(2.0, line));
        ui.painter().text(centre, Align2::CENTER_CENTER, number, bold(SIZE_SMALL - 1.0), line);
    }
    let font = if on { bold(16.0) } else { regular(16.0) };
    ui.painter().text(pos2(rect.left() + 42.0, rect.center().y), Align2::LEFT_CENTER, action.label(), font, fore);
    focus_ring(ui, &response);
    if response.clicked() {
        out.push(Command::Do(action));
    }
    if can {
        response.on_hover_text(action.keys());
    } else {
        response.on_hover_text("Open an export first");
    }
}

/// A step is done when what it is for is done, not when it was looked at.
fn is_done(model: &Model, screen: Screen) -> bool {
    match screen {
        Screen::Open => model.case.is_some(),
        Screen::Review => model.case.is_some() && model.tally.left == 0,
        Screen::Save => model.saved.is_some() && model.outdated().is_none(),
        Screen::Overview | Screen::Findings | Screen::Help => false,
    }
}

/// The line below: what happened last, or how far the reading is. A screen
/// reader hears it change.
pub fn status(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    let p = palette(ui);
    let frame = Frame::new().fill(p.surface).inner_margin(Margin::symmetric(16, 0));
    let shown = Panel::bottom("status").exact_size(36.0).frame(frame).show_separator_line(false).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(caption(ui, "Nothing leaves this computer"));
            if let Some(work) = &model.work {
                if button(ui, Action::Cancel.label(), "", Look::Small, true).clicked() {
                    out.push(Command::Do(Action::Cancel));
                }
                ui.add_space(S8);
                let share = work.progress.share();
                let (rect, response) = ui.allocate_exact_size(vec2(180.0, 8.0), Sense::hover());
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::ProgressIndicator, true, format!("{:.0} per cent", share * 100.0))
                });
                ui.painter().rect_filled(rect, 4, p.hairline);
                let mut filled = rect;
                filled.set_width(rect.width() * share);
                ui.painter().rect_filled(filled, 4, p.accent);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| message(ui, model));
        });
    });
    let rect = shown.response.rect;
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, p.border));
}

fn message(ui: &mut Ui, model: &Model) {
    let p = palette(ui);
    let (text, is_wrong) = match (&model.work, &model.notice) {
        (Some(work), _) => (work.label.clone(), false),
        (None, _) if model.saving => ("Saving the files".to_owned(), false),
        (None, Some(notice)) => (notice.text.clone(), notice.tone == Tone::Wrong),
        (None, None) => (String::new(), false),
    };
    let color = if is_wrong { p.wrong } else { p.secondary };
    ui.scope_builder(egui::UiBuilder::new().scope_id(egui::Id::unique("status line")), |ui| {
        if is_wrong {
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
            ui.painter().circle(rect.center(), 8.0, p.wrong, Stroke::NONE);
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, "!", bold(SIZE_SMALL), p.surface);
        }
        let label = egui::Label::new(egui::RichText::new(&text).size(SIZE_SMALL).color(color)).truncate();
        let response = ui.add(label);
        let live = if is_wrong { egui::accesskit::Live::Assertive } else { egui::accesskit::Live::Polite };
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(live));
    });
}

/// A message in full, on the screen where it belongs: the line below may be too
/// short for it.
pub fn notice(ui: &mut Ui, model: &Model) {
    let Some(notice) = model.notice.as_ref().filter(|n| n.tone == Tone::Wrong) else { return };
    warning_card(ui, |ui| ui.label(egui::RichText::new(&notice.text).color(palette(ui).certain.fore)));
}
