//! Text fields and choices, with name and focus ring.

use egui::{ComboBox, Response, TextEdit, Ui};

use super::focus_ring;

/// A line of text with an accessible name and a hint.
pub fn text_field(ui: &mut Ui, id: &str, name: &str, hint: &str, text: &mut String, width: f32) -> Response {
    let edit = TextEdit::singleline(text)
        .id(egui::Id::unique(id))
        .hint_text(hint.to_owned())
        .desired_width(width)
        .char_limit(500)
        .margin(egui::Margin::symmetric(10, 6));
    let response = ui.add(edit).accessible_name(name);
    focus_ring(ui, &response);
    response
}

/// A choice among a few. Says what was chosen, if anything was.
pub fn choose<T: Clone + PartialEq>(
    ui: &mut Ui,
    id: &str,
    name: &str,
    now: &T,
    options: &[(T, String)],
    width: f32,
) -> Option<T> {
    let mut chosen = None;
    let shown = options.iter().find(|(option, _)| option == now).map_or_else(String::new, |(_, label)| label.clone());
    let combo = ComboBox::from_id_salt(id).selected_text(shown).width(width).truncate().height(420.0);
    let response = combo
        .show_ui(ui, |ui| {
            for (option, label) in options {
                if ui.selectable_label(option == now, label.as_str()).clicked() {
                    chosen = Some(option.clone());
                    // Chosen with the keyboard, the list would stay.
                    ui.close();
                }
            }
        })
        .response
        .accessible_name(name);
    if chosen.is_some() {
        response.request_focus();
    }
    focus_ring(ui, &response);
    chosen
}
