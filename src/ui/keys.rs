//! Keys into commands, from the one list of actions.

use egui::{Event, Key, KeyboardShortcut, Modifiers, Ui};

use crate::app::{ACTIONS, Command, Model, Screen};

/// Takes the keys of this frame. Single letters work outside text fields only.
pub fn commands(ui: &Ui, model: &Model, out: &mut Vec<Command>) {
    if model.dialog.is_some() {
        return;
    }
    let typing = ui.ctx().text_edit_focused();
    // Several keys within one frame are somebody typing, not somebody deciding.
    let pressed = ui.input(|i| i.events.iter().filter(|e| matches!(e, Event::Key { pressed: true, .. })).count());
    for listed in ACTIONS.iter().filter(|l| l.on.is_none_or(|screen| screen == model.screen)) {
        let Some(shortcut) = shortcut(listed.keys) else { continue };
        let is_letter = shortcut.modifiers.is_none() && shortcut.logical_key != Key::F1;
        if is_letter && (typing || pressed > 1) {
            continue;
        }
        // Undo within a text field is the field's own.
        if typing && matches!(listed.action, crate::app::Action::Undo | crate::app::Action::Redo) {
            continue;
        }
        // A key that is held down decides and answers once.
        if was_pressed(ui, shortcut, !is_letter) {
            out.push(Command::Do(listed.action));
        }
    }
    if model.screen == Screen::Review && !typing {
        movement(ui, out);
    }
}

/// By the modifiers that were down at that moment: when the frame is drawn they
/// may be up again.
fn was_pressed(ui: &Ui, shortcut: KeyboardShortcut, may_repeat: bool) -> bool {
    let is_it = |event: &Event| {
        matches!(event, Event::Key { key, pressed: true, repeat, modifiers, .. }
            if *key == shortcut.logical_key && modifiers.matches_exact(shortcut.modifiers) && (may_repeat || !repeat))
    };
    ui.input(|i| i.events.iter().any(is_it))
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
            "Ctrl" => modifiers |= Modifiers::COMMAND,
            "Shift" => modifiers |= Modifiers::SHIFT,
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
