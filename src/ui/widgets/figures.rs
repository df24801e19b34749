//! The figures of a picture, to read and to copy.

use egui::{Grid, Id, ScrollArea, Ui};

use super::{Look, button};
use crate::ui::tokens::{SIZE_SMALL, regular, strong};

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
    ScrollArea::vertical().id_salt(id).max_height(MOST).auto_shrink([false, true]).show(ui, |ui| {
        ui.style_mut().text_styles.insert(egui::TextStyle::Body, regular(SIZE_SMALL));
        Grid::new(id).num_columns(table.captions.len()).spacing([28.0, 3.0]).striped(true).show(ui, |ui| {
            for caption in &table.captions {
                ui.label(strong(*caption).size(SIZE_SMALL));
            }
            ui.end_row();
            for row in &table.rows {
                for (place, cell) in row.iter().enumerate() {
                    if place == 0 {
                        ui.label(cell);
                    } else {
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.label(cell));
                    }
                }
                ui.end_row();
            }
        });
    });
    let copy = button(ui, "Copy", "", Look::Small, true);
    copy.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Copy the figures: {name}")));
    if copy.clicked() {
        ui.ctx().copy_text(table.copied());
    }
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
