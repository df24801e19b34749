//! Cards and chips.

use egui::{
    Color32, CornerRadius, Frame, Margin, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

use super::focus_ring;
use crate::ui::tokens::{ROUND, SIZE_SMALL, Tint, palette, regular};

/// A white sheet with a thin border, as wide as there is room.
pub fn card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let p = palette(ui);
    Frame::new()
        .fill(p.surface)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(ROUND + 1)
        .inner_margin(Margin::symmetric(16, 13))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            content(ui)
        })
        .inner
}

/// Something that must be seen first.
pub fn warning_card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let p = palette(ui);
    Frame::new()
        .fill(p.certain.back)
        .stroke(Stroke::new(1.0, p.wrong))
        .corner_radius(ROUND)
        .inner_margin(Margin::symmetric(16, 10))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            content(ui)
        })
        .inner
}

/// A card with a coloured left edge.
pub fn edge_card<R>(ui: &mut Ui, edge: Color32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let p = palette(ui);
    let shown = Frame::new()
        .fill(p.surface)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(ROUND + 1)
        .inner_margin(Margin { left: 22, right: 16, top: 13, bottom: 13 })
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            content(ui)
        });
    let rect = shown.response.rect;
    let strip = Rect::from_min_size(rect.min, vec2(6.0, rect.height()));
    let round = CornerRadius { nw: ROUND + 1, sw: ROUND + 1, ne: 0, se: 0 };
    ui.painter().rect_filled(strip, round, edge);
    shown.inner
}

/// A short fact in a box; a click may open something.
pub fn chip(ui: &mut Ui, label: &str, tint: Option<Tint>, clickable: bool) -> Response {
    let p = palette(ui);
    let tint_used = tint.unwrap_or(Tint { fore: p.text, back: p.surface });
    let line = if tint.is_some() { p.warm_line } else { p.border };
    let text = ui.painter().layout_no_wrap(label.to_owned(), regular(SIZE_SMALL), tint_used.fore);
    let sense = if clickable { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(text.size() + vec2(20.0, 10.0), sense);
    response.widget_info(|| WidgetInfo::labeled(if clickable { Role::Button } else { Role::Label }, true, label));
    if ui.is_rect_visible(rect) {
        let back = if clickable && response.hovered() { p.hover } else { tint_used.back };
        let fore = if clickable && response.hovered() { p.text } else { tint_used.fore };
        ui.painter().rect(rect, ROUND - 1, back, Stroke::new(1.0, line), StrokeKind::Inside);
        ui.painter().galley_with_override_text_color(rect.min + vec2(10.0, 5.0), text, fore);
        focus_ring(ui, &response);
    }
    response
}
