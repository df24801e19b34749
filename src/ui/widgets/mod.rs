//! Pieces that screens are made of.

mod badge;
mod bars;
mod button;
mod card;
mod evidence;
mod field;
mod figures;
mod months;
mod table;
mod timeline;

pub use badge::badge;
pub use bars::{Segment, Share, segments, share_bars};
pub use button::{Look, button, link};
pub use card::{card, chip, edge_card, warning_card};
pub use evidence::evidence_row;
pub use field::{choose, text_field};
pub use figures::{Table, figures, figures_button};
pub use months::{months, name as month_name};
pub use table::patients;
pub use timeline::{days_strip, timeline};

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, FontId, Galley, Response, Stroke, StrokeKind, Ui};

use super::tokens::palette;

/// Text for painting, cut off with an ellipsis where there is no more room.
fn one_line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Words and links that flow from line to line like a text.
pub fn flowing<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let flow = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 2.0);
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal_wrapped(content).inner
    };
    ui.scope(flow).inner
}

/// The one focus ring: yellow with a dark line within, over everything around it.
pub fn focus_ring(ui: &Ui, response: &Response) {
    if !response.has_focus() {
        return;
    }
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    let p = palette(ui);
    let painter = ui.painter().with_clip_rect(ui.clip_rect().expand(6.0));
    painter.rect_stroke(response.rect.expand(1.0), 6, Stroke::new(4.0, p.focus), StrokeKind::Outside);
    painter.rect_stroke(response.rect, 5, Stroke::new(2.0, p.focus_inner), StrokeKind::Inside);
}

/// A cell of a row that stands top by top: text wraps within its width.
pub fn cell(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(width);
        add(ui);
    });
}
