//! Where the practice stands.

use egui::{Align, Layout, RichText, Ui};

use crate::app::case::{Case, Origin};
use crate::app::{Action, Command, Filter, Looks, Model, Scope, Screen};
use crate::cohort::Counts;
use crate::deadline::countdown;
use crate::domain::Status;
use crate::domain::wording::{count, figure, per_cent};
use crate::extract::{ProblemKind, Purpose};
use crate::findings::{Behind, GroupId, Likelihood};
use crate::review::Choice;
use crate::ui::tokens::{SIZE_FIGURE, SIZE_SMALL, bold, caption, h1, h2, palette, quiet, regular};
use crate::ui::widgets::{
    Look, Segment, Share, Table, button, card, figures, figures_button, month_name, months, segments, share_bars,
    timeline, warning_card,
};

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
    by_day(ui, case, out);
    before_and_after(ui, model, case);
    by_month(ui, model, out);
    practices(ui, case);
    by_age(ui, model, out);
    by_gp(ui, model, case, out);
}

/// 104s by day, with the groups marked.
fn by_day(ui: &mut Ui, case: &Case, out: &mut Vec<Command>) {
    const NAME: &str = "104 codes by the day they were entered";
    card(ui, |ui| {
        title_row(ui, NAME, "square-root scale; shaded: times when many practices coded in bulk");
        let visible = ui.clip_rect().bottom() - ui.cursor().top() - 36.0;
        if let Some(group) = timeline(ui, &case.findings, visible.clamp(190.0, 420.0)) {
            out.push(Command::ReviewGroup(group));
        }
        figures(ui, NAME, || Table {
            captions: vec!["Day", "Entries", "In bulk groups", "Group"],
            rows: case
                .findings
                .timeline
                .days
                .iter()
                .map(|bar| {
                    let group = bar.group.map_or_else(String::new, GroupId::label);
                    vec![bar.day.table(), figure((bar.bulk + bar.other) as usize), figure(bar.bulk as usize), group]
                })
                .collect(),
        });
    });
}

/// The share blocked now, and as it would be.
fn before_and_after(ui: &mut Ui, model: &Model, case: &Case) {
    const NAME: &str = "Before and after";
    let counts = case.cohort.counts;
    let decided = model.review.count(Choice::Add106);
    let together = model.figures.bulk_together;
    let after = |n: usize| counts.blocked.saturating_sub(n);
    let mut rows = vec![("Now".to_owned(), counts.blocked)];
    if decided > 0 {
        rows.push((format!("With the {} decided so far", figure(decided)), after(decided)));
    }
    rows.push((format!("If all {} in bulk got a 106", figure(together)), after(together)));
    card(ui, |ui| {
        title_row(
            ui,
            NAME,
            "blocked, of all eligible patients; lines at 10 % (a 90 % access test) and 50 % (action plan)",
        );
        let shares: Vec<Share<'_>> =
            rows.iter().map(|(label, n)| Share { label, n: *n, of: counts.eligible, leads: false }).collect();
        share_bars(ui, &shares, &LINES);
        ui.label(caption(ui, "“All in bulk” are those that may be decided together. Nobody is given a 106 by this picture: a named person decides."));
        figures(ui, NAME, || share_table("", &shares));
    });
}

/// 104s by month.
fn by_month(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    const NAME: &str = "104 codes by month";
    card(ui, |ui| {
        title_row(ui, NAME, "square-root scale; orange: in groups that look added in bulk; violet: all others");
        if let Some(month) = months(ui, &model.pictures.months, 150.0) {
            out.push(Command::Show(Filter::scope(Scope::Behind(None, Behind::Month(month)))));
        }
        figures(ui, NAME, || Table {
            captions: vec!["Month", "Entries", "In bulk groups"],
            rows: model
                .pictures
                .months
                .iter()
                .map(|m| vec![month_name(m.day), figure((m.bulk + m.other) as usize), figure(m.bulk as usize)])
                .collect(),
        });
    });
}

fn by_age(ui: &mut Ui, model: &Model, out: &mut Vec<Command>) {
    const NAME: &str = "Blocked, by age";
    card(ui, |ui| {
        title_row(ui, NAME, LINES_SAID);
        let bands = &model.pictures.ages;
        let shares: Vec<Share<'_>> = bands
            .iter()
            .map(|b| Share { label: b.label, n: b.blocked, of: b.eligible, leads: b.blocked > 0 })
            .collect();
        if let Some(band) = share_bars(ui, &shares, &LINES).and_then(|at| bands.get(at)) {
            out.push(Command::Show(Filter::scope(Scope::Behind(None, Behind::BlockedAged(band.last)))));
        }
        figures(ui, NAME, || share_table("Age", &shares));
    });
}

/// Lists of usual GPs that are drawn; the rest are in the figures.
const GPS_DRAWN: usize = 12;

fn by_gp(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    const NAME: &str = "Blocked, by usual GP";
    let lists = &model.pictures.gps;
    if lists.is_empty() {
        return;
    }
    card(ui, |ui| {
        title_row(ui, NAME, LINES_SAID);
        let shares: Vec<Share<'_>> = lists
            .iter()
            .map(|list| {
                let name = case.cohort.word(list.gp);
                let label = if name.is_empty() { "No usual GP" } else { name };
                Share { label, n: list.blocked, of: list.eligible, leads: list.blocked > 0 }
            })
            .collect();
        let drawn = shares.get(..GPS_DRAWN).unwrap_or(&shares);
        if let Some(list) = share_bars(ui, drawn, &LINES).and_then(|at| lists.get(at)) {
            out.push(Command::Show(Filter::scope(Scope::Behind(None, Behind::BlockedOf(list.gp)))));
        }
        if shares.len() > drawn.len() {
            let more = count(shares.len() - drawn.len(), "smaller list");
            ui.label(caption(ui, format!("{more} under “Figures”.")));
        }
        figures(ui, NAME, || share_table("Usual GP", &shares));
    });
}

const LINES_SAID: &str = "lines at 10 % (a 90 % access test) and 50 % (action plan)";

/// Shares as a table.
fn share_table(caption: &'static str, shares: &[Share<'_>]) -> Table {
    let row = |s: &Share<'_>| {
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let share = if s.of == 0 { 0.0 } else { s.n as f64 / s.of as f64 };
        vec![s.label.to_owned(), figure(s.n), figure(s.of), per_cent(share)]
    };
    Table { captions: vec![caption, "Blocked", "Eligible", "Share"], rows: shares.iter().map(row).collect() }
}

/// What makes the figures other than they should be.
fn warnings(ui: &mut Ui, case: &Case, out: &mut Vec<Command>) {
    for warning in case.remarks() {
        warning_card(ui, |ui| ui.label(RichText::new(warning).color(palette(ui).certain.fore)));
    }
    if let Some(warning) = case.list_is_unknown() {
        warning_card(ui, |ui| {
            ui.label(RichText::new(warning).color(palette(ui).certain.fore));
            let add = Action::Add(Purpose::Registered);
            if button(ui, add.label(), "", Look::Small, true).clicked() {
                out.push(Command::Do(add));
            }
        });
    }
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
    const NAME: &str = "Blocked, by practice";
    if case.cohort.practices.is_empty() {
        return;
    }
    card(ui, |ui| {
        title_row(ui, NAME, LINES_SAID);
        let share = |label, counts: &Counts| Share { label, n: counts.blocked, of: counts.eligible, leads: false };
        let mut shares: Vec<Share<'_>> = case.cohort.practices.iter().map(|p| share(&p.name, &p.counts)).collect();
        shares.push(share("All", &case.cohort.counts));
        share_bars(ui, &shares, &LINES);
        figures(ui, NAME, || share_table("Practice", &shares));
    });
}

/// A picture's heading with a remark behind it, and the button that shows its figures.
fn title_row(ui: &mut Ui, name: &str, remark: &str) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            figures_button(ui, name);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(h2(name));
                ui.add(egui::Label::new(caption(ui, remark)).truncate());
            });
        });
    });
}

/// Height of a key figure and its label.
const ABOVE_CAPTION: f32 = 58.0;

fn key_figures(ui: &mut Ui, model: &Model, case: &Case) {
    let (counts, figures) = (case.cohort.counts, model.figures);
    let over_half = counts.blocked * 2 > counts.eligible;
    let person = figures.declined_and_blocked + counts.same_day_conflict;
    let (pace, pace_words) = match (model.target(), model.tally.left_in_conflict) {
        (Some(target), _) => match target.pace() {
            Some(pace) => (figure(pace), target.span()),
            None => ("–".to_owned(), target.sentence()),
        },
        (None, 0) => {
            (figure(model.tally.left), "to see how many a working day, set your target date (Ctrl+T)".to_owned())
        }
        (None, conflicts) => (
            figure(model.tally.left),
            format!("among them {}; set your target date (Ctrl+T)", count(conflicts, "same-day conflict")),
        ),
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
                "{} declined and blocked, {}",
                figure(figures.declined_and_blocked),
                count(counts.same_day_conflict, "same-day conflict")
            ),
        ),
        (
            pace,
            if model.target.is_some() { "patients a working day".to_owned() } else { "patients to decide".to_owned() },
            pace_words,
        ),
    ];
    // All as tall as the one with most to say.
    let inner = (ui.available_width() - 3.0 * ui.spacing().item_spacing.x) / 4.0 - 32.0;
    let (font, color) = (regular(SIZE_SMALL), palette(ui).secondary);
    let heights = tiles.iter().map(|(.., more)| ui.painter().layout(more.clone(), font.clone(), color, inner).size().y);
    let height = ABOVE_CAPTION + heights.fold(0.0, f32::max);
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
        ("Blocked, one by one", f.individual + f.possible, colors[1], looks(Looks::OneByOne)),
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
