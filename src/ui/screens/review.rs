//! Decide: the list, one patient's details, decisions.

use egui::{Align, Layout, RichText, ScrollArea, Ui, UiBuilder};

use crate::app::case::Case;
use crate::app::{self, Action, Command, DECISION_FILTERS, DecisionFilter, Filter, Looks, Model, Part, Scope};
use crate::cohort::PatientId;
use crate::domain::wording::{capital, count, figure};
use crate::domain::{Day, Status};
use crate::extract::PatientRole;
use crate::findings::{Likelihood, explain};
use crate::review::{Choice, Refusal, Review, Reviewer, because, blockers, check, stopped_by};
use crate::ui::tokens::{S4, S8, SIZE_SMALL, bold, caption, h1, h2, palette, quiet};
use crate::ui::widgets::{Look, button, card, choose, evidence_row, flowing, link, patients, text_field};
use crate::ui::{spot_check_panel, tokens};

const DETAILS: f32 = 286.0;
const DETAILS_NARROW: f32 = 250.0;
const FOOTER: f32 = 44.0;

/// Draws the screen.
pub fn show(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    heading(ui, model, case, out);
    if let Scope::Sample(check) = model.view.filter.scope {
        spot_check_panel::banner(ui, model, case, check, out);
    }
    filters(ui, model, case, out);
    let area = ui.available_rect_before_wrap();
    let wide = if area.width() < 1000.0 { DETAILS_NARROW } else { DETAILS };
    let mut list = area;
    list.set_right(area.right() - wide - 12.0);
    let mut details = area;
    details.set_left(area.right() - wide);
    let is_sample = matches!(model.view.filter.scope, Scope::Sample(_));
    // Answers need the room; there is nothing below them.
    details.set_bottom(area.bottom() - if is_sample { 0.0 } else { FOOTER });
    list.set_bottom(details.bottom());
    let mut footer = area;
    footer.set_top(area.bottom() - FOOTER + 6.0);
    let p = palette(ui);
    ui.painter().rect(list, 6, p.surface, egui::Stroke::new(1.0, p.border), egui::StrokeKind::Outside);
    ui.scope_builder(UiBuilder::new().max_rect(list), |ui| patients(ui, model, case, out));
    ui.scope_builder(UiBuilder::new().max_rect(details), |ui| {
        card(ui, |ui| {
            let inner = details.height() - 30.0;
            if let Some(id) = model.view.active {
                patient(ui, model, case, id, inner, out);
            } else {
                ui.set_min_height(inner);
                ui.label(quiet(ui, "Select a patient to see the codes and decide."));
            }
        });
    });
    ui.scope_builder(UiBuilder::new().max_rect(footer).layout(Layout::right_to_left(Align::Center)), |ui| {
        foot(ui, model, out);
    });
}

fn heading(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let decided = model.tally.decided;
        let title = match model.view.filter.scope {
            Scope::Sample(check) => model
                .review
                .checks()
                .get(check)
                .map_or_else(String::new, |of| format!("{}: {}", model.view.title(case), of.title)),
            // Nothing is to be decided for them.
            Scope::Status(Status::NotEligible) => {
                format!("{}: {}", model.view.title(case), count(model.view.rows.len(), "patient"))
            }
            _ => {
                format!("{}: {} of {} decided", model.view.title(case), figure(decided), figure(model.view.rows.len()))
            }
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(label) = model.review.redo_label()
                && button(ui, &format!("Redo: {label}"), "", Look::Small, true).clicked()
            {
                out.push(Command::Do(Action::Redo));
            }
            if let Some(label) = model.review.undo_label()
                && button(ui, &format!("Undo: {label}"), "", Look::Small, true).clicked()
            {
                out.push(Command::Do(Action::Undo));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(egui::Label::new(h1(title)).truncate());
            });
        });
    });
}

fn filters(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let mut words = model.view.search.clone();
        let field =
            text_field(ui, "search", "Find a name or an NHS number", "Find name or NHS number", &mut words, 200.0);
        if words != model.view.search {
            out.push(Command::Search(words));
        }
        // Once for each wish to search.
        let wish = egui::Id::unique("search wish");
        if ui.data(|d| d.get_temp::<u64>(wish)).unwrap_or(0) != model.search_wishes {
            field.request_focus();
            ui.data_mut(|d| d.insert_temp(wish, model.search_wishes));
        }
        let filter = model.view.filter;
        let all = scopes(case, &model.review, filter.scope);
        if let Some(scope) = choose(ui, "scope", "Which patients", &filter.scope, &all, 170.0) {
            out.push(Command::Show(Filter { scope, part: None, ..filter }));
        }
        if !model.tally.parts.is_empty() {
            let parts = parts(case, model);
            if let Some(part) = choose(ui, "part", "Which part of the list", &filter.part, &parts, 110.0) {
                out.push(Command::Show(Filter { part, ..filter }));
            }
        }
        let looks: Vec<(Option<Looks>, String)> = [
            None,
            Some(Looks::Bulk),
            Some(Looks::OneByOne),
            Some(Looks::Is(Likelihood::AlmostCertain)),
            Some(Looks::Is(Likelihood::Likely)),
            Some(Looks::Is(Likelihood::Possible)),
            Some(Looks::Is(Likelihood::Individual)),
            Some(Looks::Is(Likelihood::Inherited)),
        ]
        .map(|l| {
            let label = match l {
                None => "Any likelihood".to_owned(),
                Some(Looks::Bulk) => "Looks bulk".to_owned(),
                Some(Looks::OneByOne) => "Individual or possible".to_owned(),
                Some(Looks::Is(l)) => capital(l.label()),
            };
            (l, label)
        })
        .to_vec();
        if let Some(looks) = choose(ui, "looks", "How the entry looks", &filter.looks, &looks, 130.0) {
            out.push(Command::Show(Filter { looks, ..filter }));
        }
        let mut decisions: Vec<(Option<DecisionFilter>, String)> = DECISION_FILTERS
            .map(|d| {
                let label = match d {
                    None => "Any decision".to_owned(),
                    Some(DecisionFilter::Undecided) => "Undecided".to_owned(),
                    Some(DecisionFilter::Is(choice)) => choice.label().to_owned(),
                    Some(DecisionFilter::By(_)) => String::new(),
                };
                (d, label)
            })
            .to_vec();
        let by = |name: &String| (Some(DecisionFilter::by(name)), format!("By {name}"));
        decisions.extend(model.tally.reviewers.iter().map(by));
        if let Some(decision) = choose(ui, "decision", "How they are decided", &filter.decision, &decisions, 120.0) {
            out.push(Command::Show(Filter { decision, ..filter }));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let shown = app::shown_of(case, model.view.rows.len());
            ui.add(egui::Label::new(caption(ui, shown)).truncate());
        });
    });
}

/// What the list can be split into.
fn parts(case: &Case, model: &Model) -> Vec<(Option<Part>, String)> {
    let each =
        model.tally.parts.iter().map(|(part, n)| (Some(*part), format!("{} ({})", part.label(case), figure(*n))));
    let mut parts: Vec<_> = std::iter::once((None, "Whole list".to_owned())).chain(each).collect();
    // A part that is empty by now is shown as long as it is chosen.
    if let Some(part) = model.view.filter.part.filter(|p| !model.tally.parts.iter().any(|(known, _)| known == p)) {
        parts.push((Some(part), part.label(case)));
    }
    parts
}

fn scopes(case: &Case, review: &Review, now: Scope) -> Vec<(Scope, String)> {
    let mut scopes = vec![(Scope::Blocked, "Active 104".to_owned()), (Scope::Everybody, "Everybody".to_owned())];
    scopes
        .extend(case.findings.groups.iter().map(|g| (Scope::Group(g.id), format!("{}: {}", g.id.label(), g.short()))));
    scopes.extend(Status::ALL.map(|s| (Scope::Status(s), capital(s.label()))));
    scopes.extend((0..review.checks().len()).map(|n| (Scope::Sample(n), format!("Spot check {}", n + 1))));
    if review.refused().proposals.iter().any(|r| r.patient.is_some()) {
        scopes.push((Scope::NotTaken, "Not restored".to_owned()));
    }
    match now {
        Scope::Checked(check) => scopes.push((now, format!("List of spot check {}", check + 1))),
        Scope::InDoubt => scopes.push((now, "In doubt".to_owned())),
        Scope::Stopped(check) => scopes.push((now, format!("Stopped by spot check {}", check + 1))),
        Scope::Changed(change) => scopes.push((now, change.label().to_owned())),
        Scope::LeftOut(id) => scopes.push((now, format!("Left out of {}", id.label()))),
        Scope::Behind(group, behind) => scopes.push((now, behind.title(group))),
        Scope::Blocker(of, blocker) => scopes.push((now, capital(&app::one_by_one(of, blocker)))),
        _ => {}
    }
    scopes
}

/// One patient: who, where they stand, why it looks as it does, and the decision.
fn patient(ui: &mut Ui, model: &Model, case: &Case, id: PatientId, height: f32, out: &mut Vec<Command>) {
    let Some(patient) = case.cohort.patient(id) else { return };
    // What the decision below takes: a line and three buttons, a fourth once decided.
    let decided = model.review.of(id).is_some();
    let sample = match model.view.filter.scope {
        Scope::Sample(check) => Some(check),
        _ => None,
    };
    let actions = match (sample, decided) {
        (Some(_), _) => spot_check_panel::ANSWER_HEIGHT,
        (None, true) => 226.0,
        (None, false) => 172.0,
    };
    // Each patient begins at the top, where stands who it is and what speaks against.
    ScrollArea::vertical()
        .id_salt(("details", id.0))
        .max_height((height - actions).max(100.0))
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.style_mut().text_styles.insert(egui::TextStyle::Body, tokens::regular(SIZE_SMALL + 1.0));
            ui.label(h2(app::name(case, patient)));
            let number = match patient.nhs {
                crate::domain::NhsReading::Valid(n) => n.to_string(),
                _ => "No valid NHS number".to_owned(),
            };
            let born = patient.born.map_or_else(
                || "date of birth not clear".to_owned(),
                |b| format!("born {} ({})", b.table(), case.cohort.today.age(b)),
            );
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                if patient.usable_number().is_some() {
                    // To be pasted into the clinical system, which takes it without spaces.
                    if link(ui, &number, &format!("Copy NHS number {number}")).on_hover_text("Copy").clicked() {
                        ui.ctx().copy_text(number.replace(' ', ""));
                    }
                } else {
                    ui.label(number);
                }
                ui.label(format!("· {born}"));
            });
            let found = blockers(&case.cohort, &case.findings, id);
            let doubt = model.review.doubt(id);
            let is_stopped = stopped_by(&case.findings, &model.review, id).is_some();
            if !found.is_empty() || doubt.is_some() || is_stopped {
                ui.separator();
                ui.label(
                    RichText::new("To be decided one by one").font(bold(SIZE_SMALL + 1.0)).color(palette(ui).wrong),
                );
                for blocker in found.iter() {
                    ui.label(format!("• {}", capital(&because(&case.cohort, id, blocker))));
                }
                for line in app::signs(case, id) {
                    ui.label(caption(ui, capital(&line)));
                }
                if let Some(doubt) = doubt {
                    ui.label(format!("• A spot check says “{}”", doubt.label()));
                }
                if is_stopped {
                    ui.label("• Their list is stopped: somebody at risk was found in its spot check");
                }
            }
            ui.separator();
            let explained = explain(&case.cohort, &case.findings, id);
            ui.label(RichText::new(explained.status).font(bold(SIZE_SMALL + 1.0)));
            for entry in explained.entries {
                ui.label(entry);
            }
            if let Some(likelihood) = case.findings.of(id).likelihood {
                ui.separator();
                let title = if likelihood.is_bulk() { "Why it looks added in bulk" } else { "How it looks" };
                ui.label(RichText::new(title).font(bold(SIZE_SMALL + 1.0)));
                for evidence in &explained.finding {
                    if let Some(behind) = evidence_row(ui, evidence, SIZE_SMALL + 1.0) {
                        let group = case.findings.of(id).group;
                        out.push(Command::Show(Filter::scope(Scope::Behind(group, behind))));
                    }
                }
            }
            group_of(ui, case, id, out);
            ui.label(caption(ui, "No marker in this file does not mean no risk: check the record."));
            ui.separator();
            let gp = case
                .files
                .get(usize::from(patient.place.file))
                .map_or_else(String::new, |f| f.patient_cell(patient.place.row, PatientRole::UsualGp));
            let registered = patient
                .registered
                .map_or_else(|| "No registration date".to_owned(), |d: Day| format!("Registered {}", d.table()));
            ui.label(caption(ui, if gp.is_empty() { registered } else { format!("{registered} · {gp}") }));
            if patient.account.is_some() {
                let access = case.cohort.word(patient.access);
                let level = if access.is_empty() { String::new() } else { format!(", {access}") };
                ui.label(caption(ui, format!("Online account: {}{level}", case.cohort.word(patient.account))));
            }
        });
    ui.add_space(S4);
    match sample {
        Some(check) => {
            spot_check_panel::answer(ui, model, check, id, out);
            short_decision(ui, model, case, id, out);
        }
        None => decision(ui, model, case, id, out),
    }
}

/// The group of a patient's entry, and why it is one.
fn group_of(ui: &mut Ui, case: &Case, id: PatientId, out: &mut Vec<Command>) {
    let Some(group) = case.findings.of(id).group.and_then(|g| case.findings.group(g)) else { return };
    ui.separator();
    let title = format!("{}: {}", group.id.label(), group.title);
    ui.label(RichText::new(title).font(bold(SIZE_SMALL + 1.0)));
    for evidence in &group.evidence {
        if let Some(behind) = evidence_row(ui, evidence, SIZE_SMALL + 1.0) {
            out.push(Command::Show(Filter::scope(Scope::Behind(Some(group.id), behind))));
        }
    }
}

/// Why a choice can never be made for a patient, whoever decides and with
/// whatever reason.
fn refusal(model: &Model, case: &Case, id: PatientId, choice: Choice) -> Option<Refusal> {
    let somebody = Reviewer { name: "somebody".to_owned(), role: String::new() };
    check(&case.cohort, &case.findings, &model.review, id, choice, &somebody, "some reason").err()
}

/// The decisions, each with its key.
const DECISIONS: [(Choice, Action); 3] = [
    (Choice::Add106, Action::Add106),
    (Choice::Keep104, Action::Keep104),
    (Choice::AskClinician, Action::AskClinician),
];

/// Beside the answer of a spot check: the decision in a line or two.
fn short_decision(ui: &mut Ui, model: &Model, case: &Case, id: PatientId, out: &mut Vec<Command>) {
    let said = model
        .review
        .of(id)
        .map_or_else(|| "Undecided".to_owned(), |d| format!("{} by {}: {}", d.choice.label(), d.by.name, d.reason));
    ui.add(egui::Label::new(RichText::new(&said).size(SIZE_SMALL).color(palette(ui).secondary)).truncate())
        .on_hover_text(&said);
    flowing(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (choice, action) in DECISIONS {
            let refused = refusal(model, case, id, choice);
            if button(ui, action.label(), action.keys(), Look::Small, refused.is_none()).clicked() {
                out.push(Command::Do(action));
            }
        }
    });
}

fn decision(ui: &mut Ui, model: &Model, case: &Case, id: PatientId, out: &mut Vec<Command>) {
    if let Some(decision) = model.review.of(id) {
        let when = decision.at.format("%H:%M");
        let why = if decision.reason.is_empty() { String::new() } else { format!(" “{}”", decision.reason) };
        let text = format!(
            "{} by {}, {} {when}.{why}",
            decision.choice.label(),
            decision.by.name,
            Day::from(decision.at.date()).table()
        );
        ui.scope(|ui| {
            ui.set_max_height(36.0);
            ui.add(egui::Label::new(RichText::new(&text).font(bold(SIZE_SMALL))).wrap()).on_hover_text(&text);
        });
    } else {
        ui.label(RichText::new("Undecided").size(SIZE_SMALL).color(palette(ui).secondary));
    }
    ui.with_layout(Layout::top_down_justified(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.y = S8 - 2.0;
        for (choice, action) in DECISIONS {
            // What can never be decided for this patient is not offered; the one
            // thing to do next is not a 106 for somebody with a blocker.
            let refused = refusal(model, case, id, choice);
            let careful =
                app::is_careful(case, &model.review, id) || stopped_by(&case.findings, &model.review, id).is_some();
            let look = if choice == Choice::Add106 && !careful { Look::Primary } else { Look::Secondary };
            let response = button(ui, action.label(), action.keys(), look, refused.is_none());
            if response.clicked() {
                out.push(Command::Do(action));
            }
            if let Some(refused) = refused {
                response.on_hover_text(refused.to_string());
            }
        }
        if model.review.of(id).is_some()
            && button(ui, Action::Clear.label(), Action::Clear.keys(), Look::Small, true).clicked()
        {
            out.push(Command::Do(Action::Clear));
        }
    });
}

/// Who can't be decided together, and the decision for all others.
fn foot(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    // A sample is answered one by one.
    if matches!(model.view.filter.scope, Scope::Sample(_)) {
        return;
    }
    let plan = &model.tally.plan;
    let label = format!("Decide {} together…", figure(plan.most()));
    if button(ui, &label, "", Look::Secondary, plan.most() > 0).on_hover_text("Ctrl+D").clicked() {
        out.push(Command::Do(Action::DecideAll));
    }
    if !matches!(model.view.filter.scope, Scope::Sample(_))
        && button(ui, Action::SpotCheck.label(), "", Look::Secondary, plan.to_be_checked().next().is_some())
            .on_hover_text(Action::SpotCheck.keys())
            .clicked()
    {
        out.push(Command::Do(Action::SpotCheck));
    }
    let scope = match model.view.filter.scope {
        Scope::Group(id) => Some(id),
        _ => None,
    };
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        if !plan.stopped.is_empty() {
            let n = count(plan.stopped.len(), "patient");
            let text = format!("{n} stopped: somebody at risk was found in a spot check. ");
            ui.add(egui::Label::new(RichText::new(text).size(SIZE_SMALL).color(palette(ui).wrong)).truncate());
            return;
        }
        if plan.blocked_count() == 0 {
            return;
        }
        let parts: Vec<String> = plan.blocked.iter().map(|(b, ids)| b.counted(ids.len())).collect();
        let is_shown = matches!(model.view.filter.scope, Scope::Blocker(..));
        if !is_shown
            && link(ui, "Show them", "Show those who cannot be decided together")
                .on_hover_text(parts.join("\n"))
                .clicked()
        {
            out.push(Command::Show(Filter::scope(Scope::Blocker(scope, None))));
        }
        let n = count(plan.blocked_count(), "patient");
        ui.add(
            egui::Label::new(caption(ui, format!("{n} can’t be decided together: {}", parts.join(", ")))).truncate(),
        );
    });
}
