//! A sentence of evidence: how much it weighs, and a figure that leads to those whom it
//! counts.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Label, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::findings::{Evidence, Side};
use crate::ui::tokens::{palette, regular};

/// Room for the weight in front of a sentence.
const WEIGHT: f32 = 34.0;

/// Weights, in tenths of a ban, from which one, two and three bars are filled.
const BARS: [u16; 3] = [1, 8, 20];

/// Draws a sentence of evidence; it was clicked if whoever its figure counts is to be
/// shown.
pub fn evidence_row(ui: &mut Ui, evidence: &Evidence, size: f32) -> bool {
    let clicked = ui
        .horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let height = size * 1.3;
            let (rect, _) = ui.allocate_exact_size(vec2(WEIGHT, height), Sense::hover());
            weight(ui, rect, evidence);
            sentence(ui, evidence, size).is_some_and(|response| response.clicked())
        })
        .inner;
    clicked && evidence.behind.is_some()
}

/// Three bars, filled by weight: to the left for, as an outline with a minus against.
fn weight(ui: &Ui, rect: Rect, evidence: &Evidence) {
    let p = palette(ui);
    let middle = rect.center().y;
    let dash = |color| {
        let line = Stroke::new(2.0, color);
        ui.painter().line_segment([pos2(rect.left() + 7.0, middle), pos2(rect.left() + 17.0, middle)], line);
    };
    match evidence.side {
        Side::Note => {
            ui.painter().circle_filled(pos2(rect.left() + 12.0, middle), 2.0, p.secondary);
        }
        Side::Against if evidence.weight == 0 => dash(p.individual.fore),
        Side::For | Side::Against => {
            let color = if evidence.side == Side::For { p.chart[0] } else { p.individual.fore };
            for (place, least) in BARS.into_iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "three bars")]
                let left = rect.left() + 2.0 + place as f32 * 8.0;
                #[expect(clippy::cast_precision_loss, reason = "three bars")]
                let top = middle + 3.0 - place as f32 * 3.0;
                let bar = Rect::from_min_max(pos2(left, top), pos2(left + 5.0, middle + 6.0));
                let is_filled = evidence.weight >= least || (place == 0 && evidence.weight == 0);
                if is_filled {
                    ui.painter().rect_filled(bar, 1, color);
                } else {
                    ui.painter().rect_filled(bar, 1, p.hairline);
                }
            }
        }
    }
}

fn sentence(ui: &mut Ui, evidence: &Evidence, size: f32) -> Option<Response> {
    let p = palette(ui);
    let against = evidence.side == Side::Against;
    let color = if evidence.side == Side::Note { p.secondary } else { p.text };
    let text = if against { format!("Against: {}", evidence.text) } else { evidence.text.clone() };
    let plain = TextFormat { font_id: regular(size), color, ..TextFormat::default() };
    let Some(range) = first_figure(&text).filter(|_| evidence.behind.is_some()) else {
        let job = LayoutJob::single_section(text, plain);
        ui.add(Label::new(job).wrap());
        return None;
    };
    let link = TextFormat { color: p.accent, underline: Stroke::new(1.0, p.accent), ..plain.clone() };
    let mut job = LayoutJob { halign: Align::LEFT, ..LayoutJob::default() };
    job.append(&text[..range.start], 0.0, plain.clone());
    job.append(&text[range.clone()], 0.0, link);
    job.append(&text[range.end..], 0.0, plain);
    let response = ui.add(Label::new(job).wrap().sense(Sense::click()));
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, text.clone()));
    super::focus_ring(ui, &response);
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    Some(response.on_hover_text("Show whom this counts"))
}

/// Where the first figure of a sentence stands: digits with their commas, points and per
/// cent sign.
fn first_figure(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(rest.len());
    let mut figure = rest.get(..end)?.trim_end_matches([',', '.']).len();
    if rest.get(figure..).is_some_and(|behind| behind.starts_with(" %")) {
        figure += 2;
    }
    Some(start..start + figure)
}

#[cfg(test)]
mod tests {
    use super::first_figure;

    #[test]
    fn the_first_figure_is_the_link() {
        let found = |text: &'static str| first_figure(text).and_then(|range| text.get(range));
        assert_eq!(found("2,469 entries on one day"), Some("2,469"));
        assert_eq!(found("Only 12 entries: look"), Some("12"));
        assert_eq!(found("64.8 % of all eligible patients."), Some("64.8 %"));
        assert_eq!(found("The same text on 9."), Some("9"));
        assert_eq!(found("No note."), None);
    }
}
