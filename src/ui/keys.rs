//! Keys into commands, from the one list of actions.

use egui::{Key, KeyboardShortcut, Modifiers, Ui};

use crate::app::{ACTIONS, Command, Model, Screen};

/// Takes the keys of this frame. Single letters work outside text fields only.
pub fn commands(ui: &Ui, model: &Model, out: &mut Vec<Command>) {
    if model.dialog.is_some() {
        return;
    }
    let typing = ui.ctx().text_edit_focused();
    for listed in ACTIONS.iter().filter(|l| l.on.is_none_or(|screen| screen == model.screen)) {
        let Some(shortcut) = shortcut(listed.keys) else { continue };
        if typing && shortcut.modifiers.is_none() && shortcut.logical_key != Key::F1 {
            continue;
        }
        // Undo within a text field is the field's own.
        if typing && matches!(listed.action, crate::app::Action::Undo | crate::app::Action::Redo) {
            continue;
        }
        if ui.input_mut(|i| i.modifiers.matches_exact(shortcut.modifiers) && i.consume_shortcut(&shortcut)) {
            out.push(Command::Do(listed.action));
        }
    }
    if model.screen == Screen::Review && !typing {
        movement(ui, out);
    }
}

fn movement(ui: &Ui, out: &mut Vec<Command>) {
    const PAGE: i64 = 15;
    for (key, rows) in [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, PAGE),
        (Key::PageUp, -PAGE),
        (Key::Home, i64::MIN + 1),
        (Key::End, i64::MAX),
    ] {
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
            out.push(Command::Move(rows));
        }
    }
}

/// "Ctrl+Shift+S", "F1", "A".
fn shortcut(keys: &str) -> Option<KeyboardShortcut> {
    let mut modifiers = Modifiers::NONE;
    let mut key = None;
    for part in keys.split('+') {
        match part {
            "Ctrl" => modifiers = modifiers | Modifiers::COMMAND,
            "Shift" => modifiers = modifiers | Modifiers::SHIFT,
            name => key = Key::from_name(name),
        }
    }
    key.map(|key| KeyboardShortcut::new(modifiers, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_key_is_a_key() {
        for listed in ACTIONS.iter().filter(|l| !l.keys.is_empty()) {
            assert!(shortcut(listed.keys).is_some(), "{}", listed.keys);
        }
    }
}
