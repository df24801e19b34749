//! The figures of a picture, to read and to copy.

use egui::{Align, Id, Label, Layout, RichText, ScrollArea, Ui, vec2};

use super::{Look, button};
use crate::ui::tokens::{SIZE_SMALL, palette, regular, strong};

/// A picture's figures as a table: a caption a column, the first one text.
pub struct Table {
    /// Captions.
    pub captions: Vec<&'static str>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// As spreadsheets take it from the clipboard.
    fn copied(&self) -> String {
        let header = self.captions.join("\t");
        let rows = self.rows.iter().map(|row| row.join("\t"));
        std::iter::once(header).chain(rows).collect::<Vec<_>>().join("\r\n")
    }
}

/// Height from which the table scrolls.
const MOST: f32 = 260.0;

/// A button that shows and hides the figures of a picture; whether they are shown is
/// remembered as long as the window is open.
pub fn figures_button(ui: &mut Ui, name: &str) {
    let id = Id::unique(("figures", name));
    let shown = ui.data(|d| d.get_temp::<bool>(id)).unwrap_or(false);
    let label = if shown { "Hide figures" } else { "Figures" };
    let response = button(ui, label, "", Look::Small, true);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, shown, format!("{label}: {name}")));
    if response.clicked() {
        ui.data_mut(|d| d.insert_temp(id, !shown));
    }
}

/// The figures themselves, where they are shown.
pub fn figures(ui: &mut Ui, name: &str, table: impl FnOnce() -> Table) {
    let id = Id::unique(("figures", name));
    if !ui.data(|d| d.get_temp::<bool>(id)).unwrap_or(false) {
        return;
    }
    let table = table();
    ui.add_space(6.0);
    let font = regular(SIZE_SMALL);
    let wide = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), palette(ui).text).size().x;
    let first = table.rows.iter().filter_map(|row| row.first()).map(|cell| wide(cell)).fold(80.0, f32::max);
    let scroll = ScrollArea::vertical().id_salt(id).max_height(MOST).min_scrolled_height(MOST);
    scroll.auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let captions: Vec<String> = table.captions.iter().map(|caption| (*caption).to_owned()).collect();
        line(ui, &captions, first.min(420.0), true);
        for row in &table.rows {
            line(ui, row, first.min(420.0), false);
        }
    });
    let copy = button(ui, "Copy", "", Look::Small, true);
    copy.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Copy the figures: {name}")));
    if copy.clicked() {
        ui.ctx().copy_text(table.copied());
    }
}

/// Room for a figure.
const COLUMN: f32 = 104.0;

/// A line of the table: the first cell as text, figures under each other.
fn line(ui: &mut Ui, cells: &[String], first: f32, is_caption: bool) {
    let height = SIZE_SMALL + 7.0;
    let text = |cell: &str| {
        let text = if is_caption { strong(cell) } else { RichText::new(cell) };
        Label::new(text.size(SIZE_SMALL)).truncate()
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (place, cell) in cells.iter().enumerate() {
            let (width, layout) = if place == 0 {
                (first, Layout::left_to_right(Align::Center))
            } else {
                (COLUMN, Layout::right_to_left(Align::Center))
            };
            ui.allocate_ui_with_layout(vec2(width, height), layout, |ui| {
                ui.set_min_size(vec2(width, height));
                ui.add(text(cell));
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn spreadsheets_can_take_the_figures() {
        let table =
            Table { captions: vec!["Age", "Blocked"], rows: vec![vec!["16–24".to_owned(), "1,234".to_owned()]] };
        assert_eq!(table.copied(), "Age\tBlocked\r\n16–24\t1,234");
    }
}
