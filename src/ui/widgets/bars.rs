//! Bars: one divided among kinds, and shares with lines to compare with.

use egui::{Color32, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::domain::wording::{figure, per_cent};
use crate::ui::tokens::{SIZE_SMALL, bold, palette, regular};

/// A part of a divided bar.
pub struct Segment {
    /// What it is.
    pub label: &'static str,
    /// How many.
    pub n: usize,
    /// Its colour.
    pub color: Color32,
}

/// A bar divided in proportion, and its key with the figures. Says which segment
/// was clicked.
#[expect(clippy::cast_precision_loss, reason = "counts of people, drawn")]
pub fn segments(ui: &mut Ui, name: &str, parts: &[Segment]) -> Option<usize> {
    let total: usize = parts.iter().map(|s| s.n).sum();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    let said = parts.iter().map(|s| format!("{} {}", s.label, figure(s.n))).collect::<Vec<_>>().join(", ");
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}: {said}")));
    let mut left = rect.left();
    for part in parts {
        let mut width = rect.width() * part.n as f32 / total.max(1) as f32;
        if part.n > 0 {
            // The few are kept visible beside the many.
            width = width.max(2.0);
        }
        let piece = Rect::from_min_max(pos2(left, rect.top()), pos2((left + width).min(rect.right()), rect.bottom()));
        ui.painter().rect_filled(piece, 0, part.color);
        left += width;
    }
    ui.add_space(4.0);
    let mut clicked = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(14.0, 2.0);
        ui.spacing_mut().interact_size.y = 24.0;
        for (index, part) in parts.iter().enumerate() {
            if key(ui, part).clicked() {
                clicked = Some(index);
            }
        }
    });
    clicked
}

/// "▪ Blocked, likely in bulk 2,469": leads to those patients.
fn key(ui: &mut Ui, part: &Segment) -> egui::Response {
    let p = palette(ui);
    let label = ui.painter().layout_no_wrap(part.label.to_owned(), regular(SIZE_SMALL), p.text);
    let n = ui.painter().layout_no_wrap(figure(part.n), bold(SIZE_SMALL), p.text);
    let size = vec2(label.size().x + n.size().x + 26.0, 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response
        .widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Show {}: {}", part.label, figure(part.n))));
    let square = Rect::from_center_size(pos2(rect.left() + 7.0, rect.center().y), vec2(12.0, 12.0));
    ui.painter().rect(square, 2, part.color, Stroke::new(1.0, p.border), egui::StrokeKind::Inside);
    let text_at = pos2(rect.left() + 19.0, rect.center().y - label.size().y / 2.0);
    let n_at = pos2(text_at.x + label.size().x + 6.0, text_at.y);
    if response.hovered() {
        ui.painter().hline(text_at.x..=rect.right(), rect.bottom() - 3.0, Stroke::new(1.0, p.accent));
    }
    ui.painter().galley(text_at, label, p.text);
    ui.painter().galley(n_at, n, p.text);
    super::focus_ring(ui, &response);
    response
}

/// A share of something.
pub struct Share<'a> {
    /// Of whom.
    pub label: &'a str,
    /// How many.
    pub n: usize,
    /// Of how many.
    pub of: usize,
    /// A click leads to those who are blocked.
    pub leads: bool,
}

/// Room for the percentage behind a bar.
const BEHIND: f32 = 58.0;

/// Shares as bars from 0 to 100 %, one below the other, with lines at shares to compare
/// with. The labels have the room that the longest needs, up to two fifths. Says which of
/// them was clicked, where a click leads somewhere.
pub fn share_bars(ui: &mut Ui, shares: &[Share<'_>], lines: &[f32]) -> Option<usize> {
    ui.spacing_mut().item_spacing.y = 4.0;
    let most = ui.available_width() * 0.4;
    let color = palette(ui).text;
    let width = |share: &Share<'_>| {
        ui.painter().layout_no_wrap(share.label.to_owned(), regular(SIZE_SMALL), color).size().x + 16.0
    };
    let label_width = shares.iter().map(width).fold(86.0, f32::max).min(most);
    let mut clicked = None;
    for (place, share) in shares.iter().enumerate() {
        if share_bar(ui, share, label_width, lines) {
            clicked = Some(place);
        }
    }
    clicked
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts of people, drawn")]
fn share_bar(ui: &mut Ui, share: &Share<'_>, label_width: f32, lines: &[f32]) -> bool {
    let p = palette(ui);
    let part = if share.of == 0 { 0.0 } else { share.n as f64 / share.of as f64 };
    let sense = if share.leads { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), sense);
    let said = format!("{}: {} of {} blocked, {}", share.label, figure(share.n), figure(share.of), per_cent(part));
    let role = if share.leads { Role::Link } else { Role::Label };
    response.widget_info(|| WidgetInfo::labeled(role, true, said.clone()));
    if share.leads && response.hovered() {
        ui.painter().rect_filled(rect, 2, p.hover);
    }
    let label = super::one_line(ui, share.label, regular(SIZE_SMALL), p.text, label_width - 12.0);
    ui.painter().galley(pos2(rect.left(), rect.center().y - label.size().y / 2.0), label, p.text);
    let behind = egui::Align2::RIGHT_CENTER;
    ui.painter().text(pos2(rect.right(), rect.center().y), behind, per_cent(part), regular(SIZE_SMALL), p.text);
    let track = Rect::from_min_max(
        pos2(rect.left() + label_width, rect.top() + 3.0),
        pos2(rect.right() - BEHIND, rect.bottom() - 3.0),
    );
    ui.painter().rect_filled(track, 2, p.hairline);
    let mut filled = track;
    filled.set_width(track.width() * part as f32);
    ui.painter().rect_filled(filled, 2, p.chart[0]);
    for line in lines {
        let x = track.left() + track.width() * line;
        ui.painter().vline(x, rect.y_range(), Stroke::new(1.0, p.text));
    }
    super::focus_ring(ui, &response);
    let clicked = response.clicked();
    let more = if share.leads { "\nClick to see who" } else { "" };
    response.on_hover_text(format!("{said}{more}"));
    clicked
}
