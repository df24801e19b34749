//! Where the practice stands.

use egui::{Align, Layout, RichText, Ui};

use crate::app::case::{Case, Origin};
use crate::app::{Action, Command, Filter, Looks, Model, Scope, Screen};
use crate::cohort::{Counts, age_bands};
use crate::deadline::countdown;
use crate::domain::Status;
use crate::domain::wording::{figure, per_cent};
use crate::extract::ProblemKind;
use crate::findings::Likelihood;
use crate::ui::tokens::{SIZE_FIGURE, bold, caption, h1, h2, palette, quiet};
use crate::ui::widgets::{Look, Segment, Share, button, card, segments, share_bars, timeline, warning_card};

/// Shares to compare with: a 90 % access test leaves room for 10 % blocked; over
/// 50 % NHS England asked for an action plan.
const LINES: [f32; 2] = [0.1, 0.5];

/// Draws the screen.
pub fn show(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    let counts = case.cohort.counts;
    let figures = model.figures;
    ui.label(h1(format!(
        "{} of {} eligible patients are blocked. {} of those codes look added in bulk.",
        figure(counts.blocked),
        figure(counts.eligible),
        figure(figures.bulk)
    )));
    ui.label(quiet(ui, countdown(model.today).sentence));
    warnings(ui, case, out);
    key_figures(ui, model, case);
    card(ui, |ui| {
        ui.label(h2(format!("Where {} patients stand", figure(counts.patients))));
        if let Some(filter) = statuses(ui, model, case) {
            out.push(Command::Show(filter));
        }
    });
    card(ui, |ui| {
        title_row(ui, |ui| {
            ui.label(h2("104 codes by the day they were entered"));
            ui.label(caption(ui, "square-root scale; shaded: times when many practices coded in bulk"));
        });
        let visible = ui.clip_rect().bottom() - ui.cursor().top() - 36.0;
        if let Some(group) = timeline(ui, &case.findings, visible.clamp(190.0, 420.0)) {
            out.push(Command::ReviewGroup(group));
        }
    });
    practices(ui, case);
    card(ui, |ui| {
        title_row(ui, |ui| {
            ui.label(h2("Blocked, by age"));
            ui.label(caption(ui, "lines at 10 % (a 90 % access test) and 50 % (action plan)"));
        });
        let bands = age_bands(&case.cohort);
        let mut shares: Vec<Share> =
            bands.iter().map(|band| Share { label: band.label, n: band.blocked, of: band.eligible }).collect();
        shares.push(Share { label: "All", n: counts.blocked, of: counts.eligible });
        share_bars(ui, &shares, &LINES);
    });
}

/// What makes the figures other than they should be.
fn warnings(ui: &mut Ui, case: &Case, out: &mut Vec<Command>) {
    for (kind, warning) in case.warnings() {
        warning_card(ui, |ui| {
            ui.label(RichText::new(warning).color(palette(ui).certain.fore));
            let can_turn = kind == ProblemKind::MonthFirst && matches!(case.origin, Origin::Files(_));
            ui.horizontal(|ui| {
                if can_turn && button(ui, Action::MonthFirst.label(), "", Look::Small, true).clicked() {
                    out.push(Command::Do(Action::MonthFirst));
                }
                if button(ui, "See what was found in the file", "", Look::Small, true).clicked() {
                    out.push(Command::Do(Action::Go(Screen::Open)));
                }
            });
        });
    }
}

/// Each practice, where the files speak of several.
fn practices(ui: &mut Ui, case: &Case) {
    if case.cohort.practices.is_empty() {
        return;
    }
    card(ui, |ui| {
        title_row(ui, |ui| {
            ui.label(h2(format!("Blocked, in each of {} practices", figure(case.cohort.practices.len()))));
            ui.label(caption(ui, "lines at 10 % (a 90 % access test) and 50 % (action plan)"));
        });
        let share = |name, counts: &Counts| Share { label: name, n: counts.blocked, of: counts.eligible };
        let mut shares: Vec<Share> = case.cohort.practices.iter().map(|p| share(&p.name, &p.counts)).collect();
        shares.push(share("All", &case.cohort.counts));
        share_bars(ui, &shares, &LINES);
    });
}

/// A heading with a remark behind it, no taller than the heading.
fn title_row(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = 22.0;
        ui.horizontal(content);
    });
}

fn key_figures(ui: &mut Ui, model: &Model, case: &Case) {
    let (counts, figures) = (case.cohort.counts, model.figures);
    let over_half = counts.blocked * 2 > counts.eligible;
    let person = figures.declined_and_blocked + counts.same_day_conflict;
    let (pace, pace_words) = match model.target() {
        Some(target) => match target.pace() {
            Some(pace) => (figure(pace), target.span()),
            None => ("–".to_owned(), target.sentence()),
        },
        None => (figure(model.tally.left), "set your target date (Ctrl+T) to see how many a working day".to_owned()),
    };
    let shares = (
        per_cent(counts.share_blocked()),
        if over_half {
            "NHS England asks for an action plan above 50 %"
        } else {
            "below the 50 % at which NHS England asks for an action plan"
        },
    );
    let tiles = [
        (shares.0, "blocked by a 104".to_owned(), shares.1.to_owned()),
        (
            figure(figures.individual + figures.possible),
            "blocked one by one".to_owned(),
            format!("kept unless you decide otherwise; {} more are inherited", figure(figures.inherited)),
        ),
        (
            figure(person),
            "need a person first".to_owned(),
            format!(
                "{} declined and blocked, {} same-day conflicts",
                figure(figures.declined_and_blocked),
                figure(counts.same_day_conflict)
            ),
        ),
        (
            pace,
            if model.target.is_some() { "patients a working day".to_owned() } else { "patients to decide".to_owned() },
            pace_words,
        ),
    ];
    let narrow = ui.available_width() < 900.0;
    let height = if narrow { 124.0 } else { 90.0 };
    ui.columns(4, |columns| {
        for (ui, (n, label, more)) in columns.iter_mut().zip(tiles) {
            // Columns justify their text; ragged lines read better.
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                card(ui, |ui| {
                    ui.set_min_height(height);
                    ui.spacing_mut().item_spacing.y = 1.0;
                    ui.label(RichText::new(n).font(bold(SIZE_FIGURE)));
                    ui.label(label);
                    ui.label(caption(ui, more));
                });
            });
        }
    });
}

fn statuses(ui: &mut Ui, model: &Model, case: &Case) -> Option<Filter> {
    let (c, f) = (case.cohort.counts, model.figures);
    let colors = palette(ui).chart;
    let looks = |l: Looks| Filter { looks: Some(l), ..Filter::scope(Scope::Status(Status::Blocked)) };
    let parts = [
        ("Blocked, likely in bulk", f.bulk, colors[0], looks(Looks::Bulk)),
        ("Blocked, individual", f.individual + f.possible, colors[1], looks(Looks::Is(Likelihood::Individual))),
        ("Blocked, inherited", f.inherited, colors[2], looks(Looks::Is(Likelihood::Inherited))),
        ("Same-day conflict", c.same_day_conflict, colors[7], Filter::scope(Scope::Status(Status::SameDayConflict))),
        ("Declined", c.declined, colors[6], Filter::scope(Scope::Status(Status::Declined))),
        ("Cleared by a 106", c.cleared, colors[3], Filter::scope(Scope::Status(Status::Cleared))),
        ("No code", c.no_code, colors[4], Filter::scope(Scope::Status(Status::NoCode))),
        ("Not eligible", c.not_eligible, colors[5], Filter::scope(Scope::Status(Status::NotEligible))),
    ];
    let drawn: Vec<Segment> =
        parts.iter().map(|(label, n, color, _)| Segment { label, n: *n, color: *color }).collect();
    segments(ui, "Patients by status", &drawn).and_then(|at| parts.get(at)).map(|(.., filter)| *filter)
}
