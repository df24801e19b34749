//! Pieces that screens are made of.

mod badge;
mod bars;
mod button;
mod card;
mod field;
mod table;
mod timeline;

pub use badge::badge;
pub use bars::{Segment, segments, share_bar};
pub use button::{Look, button, link};
pub use card::{card, chip, edge_card};
pub use field::{choose, text_field};
pub use table::patients;
pub use timeline::{days_strip, timeline};

use egui::{Response, Stroke, StrokeKind, Ui};

use super::tokens::palette;

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
