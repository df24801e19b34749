//! Help: the codes, the rules, the keys.

use egui::{Grid, Ui};

use crate::app::ACTIONS;
use crate::domain::AccessCode;
use crate::domain::wording::capital;
use crate::findings::Likelihood;
use crate::ui::tokens::{S4, caption, h1, h2, quiet, strong};
use crate::ui::widgets::{card, cell};

/// Draws the screen.
pub fn show(ui: &mut Ui) {
    ui.label(h1("Help"));
    card(ui, |ui| {
        ui.label(h2("The three codes"));
        Grid::new("codes").num_columns(3).spacing([20.0, S4]).min_row_height(22.0).show(ui, |ui| {
            for (code, meaning) in [
                (AccessCode::Declined103, "The patient said no. A 106 never cancels it."),
                (AccessCode::Review104, "Blocks automatic access until somebody has looked."),
                (AccessCode::NoReview106, "Cancels a 104."),
            ] {
                ui.label(strong(code.short()));
                ui.label(quiet(ui, code.concept().to_string()));
                ui.label(meaning);
                ui.end_row();
            }
        });
    });
    card(ui, |ui| {
        ui.label(h2("What the program does, and does not do"));
        for sentence in [
            "The latest code decides. A 104 and a 106 of one day are a conflict, treated as blocked, for a person to settle.",
            "Nobody is selected for a 106 until a named person has decided. The program never writes a 103 or a 104 for anybody.",
            "A group decision leaves out everybody with a 103, a same-day conflict, a safeguarding marker, a note of their own, something unclear (a code, a date, a row), or without a valid NHS number of their own. Each of them is decided one by one, with a reason.",
            "“Likely added in bulk” is evidence. It is never “wrong”, and never “safe to remove”. A missing marker never means no risk.",
            "Neither EMIS Web nor SystmOne reads a file of codes: the lists it saves are lists of patients, and you add the code there.",
            "A 104 takes away no access that a patient already has; in EMIS a 106 opens nothing for an account that exists.",
        ] {
            ui.label(sentence);
        }
    });
    card(ui, |ui| {
        ui.label(h2("How a 104 looks"));
        let looks = [
            (
                Likelihood::AlmostCertain,
                "Many on one day, or day after day, as nobody decides for each patient. May be decided together.",
            ),
            (Likelihood::Likely, "The same, with less to go by. May be decided together."),
            (
                Likelihood::Possible,
                "Several that may be a batch, or the list of a clinic, a meeting or a desk. Given a 106 only one by one.",
            ),
            (
                Likelihood::Individual,
                "Somebody seems to have decided it for this patient. Given a 106 only one by one.",
            ),
            (
                Likelihood::Inherited,
                "It came with the record from another practice: nobody here decided it. Given a 106 only one by one.",
            ),
        ];
        Grid::new("looks").num_columns(2).spacing([20.0, S4]).min_row_height(22.0).show(ui, |ui| {
            for (likelihood, meaning) in looks {
                ui.label(strong(capital(likelihood.label())));
                ui.label(meaning);
                ui.end_row();
            }
        });
        ui.label(caption(
            ui,
            "A spot check says more than any look: draw one before a group is decided, and open each record of it.",
        ));
    });
    card(ui, |ui| {
        ui.label(h2("Keys"));
        let listed = ACTIONS.iter().filter(|l| !l.keys.is_empty()).map(|l| (l.keys, l.help));
        let further = [
            ("Up, Down, Page, Home, End", "Move in the list of patients"),
            ("Ctrl and + or −, Ctrl+0", "Larger, smaller, as it was"),
        ];
        for (keys, what) in listed.chain(further) {
            ui.horizontal_top(|ui| {
                cell(ui, 220.0, |ui| {
                    ui.label(strong(keys));
                });
                let rest = ui.available_width();
                cell(ui, rest, |ui| {
                    ui.label(what);
                });
            });
        }
    });
    ui.label(caption(
        ui,
        format!(
            "Record Access Review {}. Not an NHS product. Nothing leaves this computer.",
            env!("CARGO_PKG_VERSION")
        ),
    ));
}
