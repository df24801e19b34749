//! The list of patients: only what is visible is drawn, number and name stay in
//! place, an entry that looks bulk-applied is marked by colour, bar and word.

use egui::{Align, Align2, Id, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_table::{CellInfo, HeaderCellInfo, HeaderRow, Table, TableDelegate};

use crate::app::case::Case;
use crate::app::{self, Column, Command, Model, Scope};
use crate::cohort::{Patient, PatientId};
use crate::domain::Day;
use crate::review::{Choice, Verdict, blockers};
use crate::ui::tokens::{SIZE_SMALL, bold, palette, regular};

const ROW_HEIGHT: f32 = 30.0;
const HEADER_HEIGHT: f32 = 34.0;

/// The columns there is room for: status only where it is not the same for all;
/// on a small screen those go first that stand beside the list anyway.
fn shown_columns(scope: Scope, available: f32) -> Vec<Column> {
    let mut shown = Column::ALL.to_vec();
    if scope != Scope::Everybody {
        shown.retain(|c| *c != Column::Status);
    }
    for first_to_go in [Column::EnteredBy, Column::Born, Column::Status, Column::Dated] {
        if shown.iter().map(|c| least_width(*c)).sum::<f32>() > available {
            shown.retain(|c| *c != first_to_go);
        }
    }
    shown
}

/// The least width of a column; name and user take what is left.
const fn least_width(column: Column) -> f32 {
    match column {
        Column::NhsNumber => 116.0,
        Column::Name => 122.0,
        Column::Born | Column::Dated => 110.0,
        Column::EnteredBy => 118.0,
        Column::Looks => 138.0,
        Column::Status => 128.0,
        Column::Decision => 114.0,
    }
}

/// Draws the list.
pub fn patients(ui: &mut Ui, model: &Model, case: &Case, out: &mut Vec<Command>) {
    let rows = model.view.rows.len() as u64;
    let id = Id::unique("patients");
    let area = ui.available_rect_before_wrap();
    // The whole table is one stop of the Tab key; the active row is ours.
    let focus = ui.interact(area, id.with("focus"), Sense::focusable_noninteractive());
    let spoken = format!("Patients, {rows} rows. Arrow keys move, A adds a 106, K keeps the 104, Q asks a clinician.");
    focus.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, spoken.clone()));
    if focus.has_focus() {
        let filter = egui::EventFilter { vertical_arrows: true, horizontal_arrows: false, tab: false, escape: false };
        ui.memory_mut(|m| m.set_focus_lock_filter(focus.id, filter));
        ui.painter().rect_stroke(area.expand(1.0), 3, Stroke::new(3.0, palette(ui).focus), egui::StrokeKind::Outside);
    }
    if rows == 0 {
        let text = if model.view.arranging {
            "Putting the list together…"
        } else {
            "Nobody matches. Change the filters or the search words."
        };
        ui.painter().text(area.center(), Align2::CENTER_CENTER, text, regular(SIZE_SMALL + 1.0), palette(ui).secondary);
        return;
    }
    let available = area.width() - ui.spacing().scroll.allocated_width() - 1.0;
    let shown = shown_columns(model.view.filter.scope, available);
    let widths = widths(&shown, available);
    let columns: Vec<egui_table::Column> =
        widths.iter().map(|w| egui_table::Column::new(*w).resizable(false)).collect();
    let mut table = Table::new()
        .id_salt("patients")
        .num_rows(rows)
        .num_sticky_cols(2)
        .columns(columns)
        .headers([HeaderRow::new(HEADER_HEIGHT)])
        .auto_size_mode(egui_table::AutoSizeMode::Never);
    // Only when the active row has moved: the user may scroll away from it.
    let moved = ui.data_mut(|d| {
        let last = d.get_temp_mut_or(id.with("moved"), 0_u64);
        let moved = *last != model.view.bring_into_view;
        *last = model.view.bring_into_view;
        moved
    });
    if moved {
        table = table.scroll_to_row(model.view.active_row as u64, None::<Align>);
    }
    // Rows are drawn in two parts (number and name stay in place), and the whole
    // row answers the pointer.
    let pointer =
        ui.input(|i| i.pointer.hover_pos()).filter(|at| area.contains(*at) && model.dialog.is_none()).map(|at| at.y);
    let mut rows = Rows { model, case, out, shown, pointer, clicked: None };
    table.show(ui, &mut rows);
    if rows.clicked.is_some() {
        focus.request_focus();
    }
    if let Some(id) = rows.clicked {
        out.push(Command::Select(id));
    }
}

fn widths(shown: &[Column], available: f32) -> Vec<f32> {
    let spare = (available - shown.iter().map(|c| least_width(*c)).sum::<f32>()).max(0.0);
    let grown = |c: &Column| {
        let more = if matches!(c, Column::Name | Column::EnteredBy) { (spare / 2.0).floor() } else { 0.0 };
        least_width(*c) + more
    };
    shown.iter().map(grown).collect()
}

struct Rows<'a> {
    model: &'a Model,
    case: &'a Case,
    out: &'a mut Vec<Command>,
    shown: Vec<Column>,
    /// Height of the pointer over the list.
    pointer: Option<f32>,
    clicked: Option<PatientId>,
}

impl Rows<'_> {
    fn patient(&self, row: u64) -> Option<(PatientId, &Patient)> {
        let id = *self.model.view.rows.get(usize::try_from(row).ok()?)?;
        Some((id, self.case.cohort.patient(id)?))
    }

    /// The row as a sentence, for a screen reader.
    fn spoken(&self, id: PatientId, patient: &Patient) -> String {
        let looks = self.case.findings.of(id).likelihood.map_or("no active 104", crate::findings::Likelihood::label);
        let decision = self.model.review.of(id).map_or("undecided", |d| d.choice.label());
        format!("{}, {}, looks {looks}, {decision}", app::name(self.case, patient), number(patient))
    }

    fn text(&self, column: Column, id: PatientId, patient: &Patient) -> String {
        let event = self.case.cohort.last_104(patient);
        match column {
            Column::NhsNumber => number(patient),
            Column::Name => app::name(self.case, patient),
            Column::Born => patient.born.map_or_else(|| "not clear".to_owned(), Day::table),
            Column::Dated => event.and_then(|e| e.day).map_or_else(String::new, Day::table),
            Column::EnteredBy => event.map_or_else(String::new, |e| self.case.cohort.word(e.user).to_owned()),
            Column::Looks => String::new(),
            Column::Status => patient.status.label().to_owned(),
            Column::Decision => match (self.model.review.of(id), self.answer(id)) {
                (_, Some(answer)) => answer.to_owned(),
                (Some(decision), None) => decision.choice.label().to_owned(),
                (None, None) if self.is_careful(id) => "one by one".to_owned(),
                (None, None) => "undecided".to_owned(),
            },
        }
    }
}

impl Rows<'_> {
    /// Something speaks against deciding this patient like others.
    fn is_careful(&self, id: PatientId) -> bool {
        let is_open = self.case.cohort.patient(id).is_some_and(|p| p.is_eligible() && p.active_104.is_some());
        is_open
            && (!blockers(&self.case.cohort, &self.case.findings, id).is_empty()
                || self.model.review.doubt(id).is_some())
    }

    /// In the list of a spot check answers stand in place of decisions.
    fn caption(&self, column: Column) -> &'static str {
        match (column, self.model.view.filter.scope) {
            (Column::Decision, Scope::Sample(_)) => "Answer",
            _ => column.label(),
        }
    }

    /// In the list of a spot check: what was seen in this patient's record.
    fn answer(&self, id: PatientId) -> Option<&'static str> {
        let Scope::Sample(check) = self.model.view.filter.scope else { return None };
        let sample = &self.model.review.checks().get(check)?.sample;
        let sampled = sample.iter().find(|s| s.patient == Some(id))?;
        Some(sampled.answer.as_ref().map_or("not answered", |a| a.verdict.label()))
    }
}

fn number(patient: &Patient) -> String {
    match (patient.nhs, patient.nhs_twice) {
        (crate::domain::NhsReading::Valid(number), _) => number.to_string(),
        (crate::domain::NhsReading::Missing, _) => "none".to_owned(),
        _ => "not valid".to_owned(),
    }
}

impl TableDelegate for Rows<'_> {
    fn default_row_height(&self) -> f32 {
        ROW_HEIGHT
    }

    fn header_cell_ui(&mut self, ui: &mut Ui, cell: &HeaderCellInfo) {
        let Some(column) = self.shown.get(cell.col_range.start).copied() else { return };
        let p = palette(ui);
        let rect = ui.max_rect();
        let response = ui.interact(rect, Id::unique(("column", cell.col_range.start)), Sense::click());
        let view = &self.model.view;
        let sorted = view.sort == column;
        let direction = match (sorted, view.descending) {
            (false, _) => "",
            (true, false) => ", ascending",
            (true, true) => ", descending",
        };
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("Sort by {}{direction}", self.caption(column)))
        });
        ui.painter().rect_filled(rect, 0, if response.hovered() { p.hover } else { p.surface });
        ui.painter().hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(2.0, p.secondary));
        let text = ui.painter().text(
            rect.left_center() + vec2(10.0, 0.0),
            Align2::LEFT_CENTER,
            self.caption(column),
            bold(SIZE_SMALL),
            p.text,
        );
        if sorted {
            arrow(ui, pos2(text.right() + 10.0, rect.center().y), view.descending);
        }
        super::focus_ring(ui, &response);
        if response.clicked() {
            self.out.push(Command::Sort(column));
        }
    }

    fn row_ui(&mut self, ui: &mut Ui, row: u64) {
        // Called for the sticky and for the scrolling part: each paints its own.
        if ui.clip_rect().width() <= 0.0 {
            return;
        }
        let Some((id, patient)) = self.patient(row) else { return };
        let p = palette(ui);
        let rect = ui.max_rect();
        let response = ui.interact(rect, ui.scope_id().with("row"), Sense::CLICK);
        let active = self.model.view.active == Some(id);
        let bulk = self.case.findings.of(id).likelihood.is_some_and(crate::findings::Likelihood::is_bulk);
        let hovered = self.pointer.is_some_and(|y| rect.y_range().contains(y) && ui.clip_rect().y_range().contains(y));
        let fill = match (active, hovered, bulk) {
            (true, ..) => p.row_active,
            (_, true, _) => p.hover,
            (.., true) => p.row_bulk,
            _ => p.surface,
        };
        ui.painter().rect_filled(rect, 0, fill);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.hairline));
        let spoken = self.spoken(id, patient);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, active, spoken.clone()));
        let (position, size) = (usize::try_from(row).unwrap_or(0) + 1, self.model.view.rows.len());
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_position_in_set(position);
            node.set_size_of_set(size);
        });
        if response.clicked() {
            self.clicked = Some(id);
        }
    }

    fn cell_ui(&mut self, ui: &mut Ui, cell: &CellInfo) {
        let (Some((id, patient)), Some(column)) = (self.patient(cell.row_nr), self.shown.get(cell.col_nr).copied())
        else {
            return;
        };
        let p = palette(ui);
        let rect = ui.max_rect();
        let finding = self.case.findings.of(id);
        // The row that the keys are about has an edge that pointing at another has not.
        let edge = if self.model.view.active == Some(id) {
            Some((6.0, p.accent))
        } else {
            finding.likelihood.is_some_and(crate::findings::Likelihood::is_bulk).then_some((4.0, p.warm_line))
        };
        if let Some((width, color)) = edge.filter(|_| column == Column::NhsNumber) {
            ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(width, rect.height())), 0, color);
        }
        if column == Column::Looks {
            if let Some(likelihood) = finding.likelihood {
                super::badge::paint(ui, likelihood, rect.left_center() + vec2(8.0, 0.0));
            }
            return;
        }
        let decision = self.model.review.of(id);
        let (font, color) = match (column, decision.map(|d| d.choice)) {
            (Column::Decision, _) if self.answer(id) == Some(Verdict::AtRisk.label()) => (bold(SIZE_SMALL), p.wrong),
            (Column::Decision, Some(Choice::Add106)) => (bold(SIZE_SMALL), p.individual.fore),
            (Column::Decision, Some(_)) => (bold(SIZE_SMALL), p.text),
            (Column::Decision, None) if self.answer(id).is_none() && self.is_careful(id) => (bold(SIZE_SMALL), p.wrong),
            (Column::Decision, None) | (Column::Status, _) => (regular(SIZE_SMALL), p.secondary),
            _ => (regular(SIZE_SMALL), p.text),
        };
        let mut job = egui::text::LayoutJob::simple_singleline(self.text(column, id, patient), font, color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width() - 12.0);
        let galley = ui.painter().layout_job(job);
        let at = pos2(rect.left() + 10.0, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
    }
}

fn arrow(ui: &Ui, at: egui::Pos2, down: bool) {
    let turn = if down { -1.0 } else { 1.0 };
    let points = vec![at + vec2(-4.0, 2.5 * turn), at + vec2(4.0, 2.5 * turn), at + vec2(0.0, -3.5 * turn)];
    ui.painter().add(egui::Shape::convex_polygon(points, palette(ui).text, Stroke::NONE));
}
