//! A sentence of evidence: how much it weighs, and a figure that leads to those whom it
//! counts.

use std::ops::Range;

use egui::{Align, Label, Layout, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::findings::{Behind, Evidence, Side};
use crate::ui::tokens::{palette, regular};

/// Room for the weight in front of a sentence.
const WEIGHT: f32 = 34.0;

/// Weights, in tenths of a ban, from which one, two and three bars are filled.
const BARS: [u16; 3] = [1, 8, 20];

/// Draws a sentence of evidence; says whom to show, if one of its figures was clicked.
pub fn evidence_row(ui: &mut Ui, evidence: &Evidence, size: f32) -> Option<Behind> {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let height = size * 1.3;
        let (rect, _) = ui.allocate_exact_size(vec2(WEIGHT, height), Sense::hover());
        weight(ui, rect, evidence);
        let width = ui.available_width();
        ui.allocate_ui_with_layout(vec2(width, height), Layout::left_to_right(Align::Min).with_main_wrap(true), |ui| {
            ui.set_max_width(width);
            ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
            ui.spacing_mut().interact_size.y = height;
            sentence(ui, evidence, size)
        })
        .inner
    })
    .inner
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

fn sentence(ui: &mut Ui, evidence: &Evidence, size: f32) -> Option<Behind> {
    let p = palette(ui);
    let against = evidence.side == Side::Against;
    let color = if evidence.side == Side::Note { p.secondary } else { p.text };
    let text = if against { format!("Against: {}", evidence.text) } else { evidence.text.clone() };
    let mut clicked = None;
    let mut at = 0;
    let plain = |ui: &mut Ui, text: &str| {
        if !text.is_empty() {
            ui.label(RichText::new(text).font(regular(size)).color(color));
        }
    };
    for (place, (range, behind)) in figures_in(&text, evidence).into_iter().enumerate() {
        plain(ui, &text[at..range.start]);
        // Who hears the link without what stands around it hears the whole.
        let name = if place == 0 { text.clone() } else { format!("{}: {text}", &text[range.clone()]) };
        let figure = RichText::new(&text[range.clone()]).font(regular(size)).color(p.accent).underline();
        let response = ui.add(Label::new(figure).sense(Sense::click()));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, name.clone()));
        super::focus_ring(ui, &response);
        if response.clicked() {
            clicked = Some(behind);
        }
        response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text("Show whom this counts");
        at = range.end;
    }
    plain(ui, &text[at..]);
    clicked
}

/// The figures that lead somewhere, where they stand.
fn figures_in(text: &str, evidence: &Evidence) -> Vec<(Range<usize>, Behind)> {
    let mut found = Vec::new();
    let Some((range, behind)) = first_figure(text).zip(evidence.behind) else { return found };
    let mut at = range.end;
    found.push((range, behind));
    for (figure, behind) in &evidence.more {
        if let Some(start) = text.get(at..).and_then(|rest| rest.find(figure.as_str())).map(|start| at + start) {
            found.push((start..start + figure.len(), *behind));
            at = start + figure.len();
        }
    }
    found
}

/// Where the first figure of a sentence stands: digits with their commas, points and per
/// cent sign.
fn first_figure(text: &str) -> Option<Range<usize>> {
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
