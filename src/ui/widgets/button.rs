//! Buttons and links.

use egui::{Color32, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::focus_ring;
use crate::ui::tokens::{ROUND, SIZE_BODY, SIZE_SMALL, bold, palette, regular};

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do next on a screen.
    Primary,
    /// Everything else.
    Secondary,
    /// Beside text.
    Small,
}

/// A button. `keys` stand behind the label, for those who work by keyboard.
pub fn button(ui: &mut Ui, label: &str, keys: &str, look: Look, enabled: bool) -> Response {
    sized_button(ui, label, keys, look, enabled, 0.0)
}

fn sized_button(ui: &mut Ui, label: &str, keys: &str, look: Look, enabled: bool, min_width: f32) -> Response {
    let p = palette(ui);
    let (size, padding) =
        if look == Look::Small { (SIZE_SMALL, vec2(10.0, 4.0)) } else { (SIZE_BODY, vec2(16.0, 8.0)) };
    let text = ui.painter().layout_no_wrap(label.to_owned(), bold(size), Color32::PLACEHOLDER);
    let keys_text = (!keys.is_empty())
        .then(|| ui.painter().layout_no_wrap(keys.to_owned(), regular(size - 1.0), Color32::PLACEHOLDER));
    let keys_width = keys_text.as_ref().map_or(0.0, |k| k.size().x + 12.0);
    let justified = if ui.layout().horizontal_justify() { ui.available_width() } else { 0.0 };
    let wanted = vec2(
        (text.size().x + keys_width + 2.0 * padding.x).max(min_width).max(justified),
        text.size().y + 2.0 * padding.y,
    );
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(wanted, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, label));
    if !enabled {
        ui.ctx().accesskit_node_builder(response.id, egui::accesskit::Node::set_disabled);
    }
    if ui.is_rect_visible(rect) {
        let hovered = enabled && (response.hovered() || response.is_pointer_button_down_on());
        let (fill, line, fore) = match (look, enabled) {
            (_, false) => (p.surface, p.border, p.secondary),
            (Look::Primary, true) if hovered => (p.go_hover, p.go_hover, p.on_strong),
            (Look::Primary, true) => (p.go, p.go, p.on_strong),
            (_, true) if hovered => (p.hover, p.accent, p.accent),
            (_, true) => (p.surface, p.accent, p.accent),
        };
        ui.painter().rect(rect, ROUND, fill, Stroke::new(2.0, line), StrokeKind::Inside);
        let width = text.size().x + keys_width;
        let left = rect.center() - vec2(width, text.size().y) / 2.0;
        let keys_at = left + vec2(text.size().x + 12.0, 1.0);
        ui.painter().galley(left, text, fore);
        if let Some(keys_text) = keys_text {
            ui.painter().galley(keys_at, keys_text, fore);
        }
        focus_ring(ui, &response);
    }
    response
}

/// Underlined words that lead somewhere; `name` says where, for those who hear
/// the link without what stands around it.
pub fn link(ui: &mut Ui, label: &str, name: &str) -> Response {
    let p = palette(ui);
    let text = ui.painter().layout_no_wrap(label.to_owned(), regular(SIZE_BODY), p.accent);
    let (rect, response) = ui.allocate_exact_size(text.size() + Vec2::splat(2.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, name));
    if ui.is_rect_visible(rect) {
        let base = rect.bottom() - 2.0;
        ui.painter().galley(rect.min + Vec2::splat(1.0), text, p.accent);
        let width = if response.hovered() { 2.0 } else { 1.0 };
        ui.painter().hline(rect.x_range(), base, Stroke::new(width, p.accent));
        focus_ring(ui, &response);
    }
    response
}
