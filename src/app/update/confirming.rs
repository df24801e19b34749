//! What a dialog asks for is carried out.

use chrono::NaiveDateTime;

use super::checking::{answer, ask_lift, ask_spot_check, draw, lift, overturn};
use super::deciding::{ask_group, decide_group, decide_one};
use super::reading::{mapping_of, open, save_settings, start_reading};
use super::sittings::{give_up, opened_review};
use super::trying::use_thresholds;
use super::{act, apply, wrong};
use crate::app::command::Command;
use crate::app::dialog::{AfterUnsaved, Dialog, Waiting};
use crate::app::effects::Effect;
use crate::app::model::{Attempt, Model};
use crate::domain::code::Alias;
use crate::domain::{DateReading, read_date};
use crate::extract::KnownMapping;
use crate::review::Reviewer;

pub(super) fn confirm(model: &mut Model, now: NaiveDateTime) -> Vec<Effect> {
    match model.dialog.clone() {
        None => Vec::new(),
        Some(Dialog::Reviewer { name, role, then }) => {
            let reviewer = Reviewer { name: name.trim().to_owned(), role: role.trim().to_owned() };
            if !reviewer.is_named() {
                wrong(model, "Enter the name of the person who decides.".to_owned());
                return Vec::new();
            }
            model.reviewer = reviewer;
            model.dialog = None;
            match then {
                None => Vec::new(),
                Some(Waiting::One(id, choice)) => decide_one(model, id, choice, String::new(), now),
                Some(Waiting::All) => ask_group(model),
                Some(Waiting::SpotCheck(group)) => ask_spot_check(model, group),
                Some(Waiting::Answer(verdict)) => answer(model, verdict, now),
                Some(Waiting::Lift(check)) => ask_lift(model, check),
                Some(Waiting::Do(action)) => act(model, action, now),
            }
        }
        Some(Dialog::Reason { patient, choice, reason, .. }) => {
            if reason.trim().is_empty() {
                wrong(model, "Say why you decide so: choose a reason or write one.".to_owned());
                return Vec::new();
            }
            decide_one(model, patient, choice, reason.trim().to_owned(), now)
        }
        Some(Dialog::Group { .. }) => decide_group(model, now),
        Some(Dialog::SpotCheck { .. }) => draw(model, now),
        Some(Dialog::Lift { .. }) => lift(model, now),
        Some(Dialog::Overturn { .. }) => overturn(model, now),
        Some(Dialog::Recovered { .. }) => {
            model.dialog = None;
            Vec::new()
        }
        Some(Dialog::Target { typed }) => {
            match read_date(&typed) {
                DateReading::Missing => model.target = None,
                DateReading::Day { day, .. } => model.target = Some(day),
                // A target is still to come.
                DateReading::ShortYear(short) if short.this_century().is_some() => model.target = short.this_century(),
                _ => {
                    wrong(model, "Write the date as day, month and year: 31 January 2027 or 31/01/2027.".to_owned());
                    return Vec::new();
                }
            }
            model.dialog = None;
            Vec::new()
        }
        Some(Dialog::Columns { path, preview, roles, .. }) => {
            let Some(attempt) = model.attempt_with(&path) else { return Vec::new() };
            if !attempt.carries && model.must_ask() {
                // It would take the place of what is open.
                let mapping = mapping_of(&preview, &roles);
                model.settings.remember(KnownMapping { header: preview.header.clone(), mapping });
                return open(model, attempt.origin, now);
            }
            model.dialog = None;
            let mapping = mapping_of(&preview, &roles);
            model.settings.remember(KnownMapping { header: preview.header.clone(), mapping });
            let mut effects = save_settings(model);
            effects.extend(start_reading(model, attempt, now));
            effects
        }
        Some(Dialog::OwnCodes { aliases }) => {
            let filled = |a: &Alias| !a.text.trim().is_empty() && !a.contradicts_itself();
            model.settings.aliases = aliases.into_iter().filter(filled).collect();
            model.dialog = None;
            let mut effects = save_settings(model);
            if let Some(attempt) = model.current().filter(|_| model.case.is_some()) {
                effects.extend(start_reading(model, attempt, now));
            }
            effects
        }
        Some(Dialog::Thresholds { .. }) => use_thresholds(model, now),
        Some(Dialog::Unsaved { then }) => {
            model.dialog = None;
            match then {
                AfterUnsaved::Close => {
                    model.given_up = Some((model.review_number, model.review.history().len()));
                    apply(model, Command::CloseRequested, now)
                }
                AfterUnsaved::Review => {
                    let Some((path, restored)) = model.waiting.take() else { return Vec::new() };
                    let mut effects = give_up(model);
                    effects.extend(opened_review(model, path, *restored));
                    effects
                }
                // They are given up when the other export is open, and not before.
                AfterUnsaved::Open(origin) => {
                    model.given_up = Some((model.review_number, model.review.history().len()));
                    start_reading(model, Attempt::anew(origin), now)
                }
            }
        }
    }
}
