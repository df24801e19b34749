//! 104 entries by day: bars on a square-root axis, so that a single entry stays
//! visible beside a day of thousands.

use chrono::Datelike as _;
use egui::{Align2, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::domain::Day;
use crate::domain::wording::{count, figure};
use crate::findings::{DayBar, Findings, GroupId, WAVES};
use crate::ui::tokens::{Palette, SIZE_SMALL, bold, palette, regular};

struct Scale {
    plot: Rect,
    from: Day,
    span: f32,
    highest: f32,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "days and counts, drawn")]
    fn new(plot: Rect, findings: &Findings) -> Option<Self> {
        let days = &findings.timeline.days;
        let (first, last) = (days.first()?.day, days.last()?.day);
        let from = first.plus(-25);
        let span = last.days_since(from).max(90) + 25;
        Some(Self { plot, from, span: span as f32, highest: findings.timeline.highest().max(1) as f32 })
    }

    #[expect(clippy::cast_precision_loss, reason = "days, drawn")]
    fn x(&self, day: Day) -> f32 {
        self.plot.left() + day.days_since(self.from) as f32 / self.span * self.plot.width()
    }

    fn y(&self, n: f32) -> f32 {
        self.plot.bottom() - (n / self.highest).sqrt() * self.plot.height()
    }
}

/// Draws the timeline; says which group's day was clicked.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, drawn"
)]
pub fn timeline(ui: &mut Ui, findings: &Findings, height: f32) -> Option<GroupId> {
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(findings)));
    // The figures at the axis have the room that the largest of them needs.
    let largest = nice(findings.timeline.highest().max(1) as f32) as usize;
    let figures =
        ui.painter().layout_no_wrap(figure(largest), regular(SIZE_SMALL - 1.0), p.secondary).size().x.max(28.0);
    let plot = Rect::from_min_max(
        pos2(rect.left() + figures + 16.0, rect.top() + 8.0),
        pos2(rect.right() - 8.0, rect.bottom() - 26.0),
    );
    let painter = ui.painter_at(rect);
    let Some(scale) = Scale::new(plot, findings) else {
        painter.text(
            plot.center(),
            Align2::CENTER_CENTER,
            "No 104 codes with a date",
            regular(SIZE_SMALL),
            p.secondary,
        );
        return None;
    };
    paint_waves(&painter, p, &scale);
    paint_axes(&painter, p, &scale);
    paint_bars(&painter, p, &scale, findings);
    let pointed = response.hover_pos().and_then(|at| nearest(&scale, &findings.timeline.days, at.x));
    let Some(bar) = pointed else {
        label_groups(&painter, p, &scale, findings);
        return None;
    };
    painter.vline(scale.x(bar.day), plot.y_range(), Stroke::new(1.0, p.secondary));
    let group = bar.group.and_then(|id| findings.group(id));
    let mut text = format!("{}: {}", bar.day.with_weekday(), count((bar.bulk + bar.other) as usize, "entry"));
    if let Some(group) = group {
        text.push_str(&format!("\n{}\nClick to review", group.title));
    }
    let clicked = response.clicked();
    response.on_hover_text_at_pointer(text);
    group.filter(|_| clicked).map(|g| g.id)
}

fn spoken(findings: &Findings) -> String {
    let highest = findings.timeline.days.iter().max_by_key(|d| d.bulk + d.other);
    let most = highest.map_or_else(String::new, |d| {
        format!(", most on {} with {}", d.day.prose(), figure((d.bulk + d.other) as usize))
    });
    format!("104 codes by the day they were entered: {}{most}", count(findings.timeline.days.len(), "day"))
}

fn paint_waves(painter: &Painter, p: &Palette, scale: &Scale) {
    for wave in WAVES {
        let Some((from, to)) = wave.span() else { continue };
        let (left, right) = (scale.x(from).max(scale.plot.left()), scale.x(to).min(scale.plot.right()));
        if right > left {
            painter.rect_filled(Rect::from_x_y_ranges(left..=right, scale.plot.y_range()), 0, p.wave);
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn paint_axes(painter: &Painter, p: &Palette, scale: &Scale) {
    let mut marks: Vec<usize> =
        [0.0, 1.0 / 16.0, 0.25, 1.0].map(|share: f32| nice(scale.highest * share) as usize).to_vec();
    marks.dedup();
    for n in marks {
        #[expect(clippy::cast_precision_loss, reason = "a count, drawn")]
        let y = scale.y(n as f32);
        painter.hline(scale.plot.x_range(), y, Stroke::new(1.0, p.hairline));
        painter.text(
            pos2(scale.plot.left() - 8.0, y),
            Align2::RIGHT_CENTER,
            figure(n),
            regular(SIZE_SMALL - 1.0),
            p.secondary,
        );
    }
    let years = scale.from.date().year()..=scale.from.plus(scale.span as i32).date().year();
    let first_is_cut = Day::from_ymd(*years.start(), 7, 1).is_some_and(|d| d < scale.from);
    for year in years {
        let Some(new_year) = Day::from_ymd(year, 1, 1) else { continue };
        let x = scale.x(new_year).max(scale.plot.left());
        if scale.plot.right() - x < 30.0 || (x <= scale.plot.left() && first_is_cut) {
            continue;
        }
        painter.vline(x, scale.plot.bottom()..=scale.plot.bottom() + 6.0, Stroke::new(1.0, p.border));
        painter.text(
            pos2(x + 4.0, scale.plot.bottom() + 5.0),
            Align2::LEFT_TOP,
            year.to_string(),
            regular(SIZE_SMALL - 1.0),
            p.secondary,
        );
    }
}

/// A round number (1, 2 or 5 and noughts) not above `n`.
fn nice(n: f32) -> f32 {
    if n < 1.0 {
        return 0.0;
    }
    let power = 10_f32.powf(n.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|tick| *tick <= n).unwrap_or(power)
}

#[expect(clippy::cast_precision_loss, reason = "counts, drawn")]
fn paint_bars(painter: &Painter, p: &Palette, scale: &Scale, findings: &Findings) {
    for bar in &findings.timeline.days {
        let total = (bar.bulk + bar.other) as f32;
        let color = if bar.bulk > 0 { p.chart[0] } else { p.chart[1] };
        let wide = if total * 20.0 > scale.highest { 3.0 } else { 1.5 };
        let x = scale.x(bar.day);
        let top = scale.y(total).min(scale.plot.bottom() - 3.0);
        painter.rect_filled(Rect::from_min_max(pos2(x - wide, top), pos2(x + wide, scale.plot.bottom())), 0, color);
    }
}

/// The tallest bar says what it is; each other group has its name above its tallest bar,
/// where there is room.
#[expect(clippy::cast_precision_loss, reason = "counts, drawn")]
fn label_groups(painter: &Painter, p: &Palette, scale: &Scale, findings: &Findings) {
    let mut taken: Vec<Rect> = Vec::new();
    let highest = findings.timeline.days.iter().max_by_key(|d| d.bulk + d.other).filter(|d| d.bulk > 0);
    if let Some(bar) = highest {
        let group = bar.group.and_then(|id| findings.group(id));
        let name = group.map_or_else(String::new, |g| format!("{}: ", g.id.label()));
        let by = group.map_or("", |g| if g.users.len() == 1 { ", by one user" } else { "" });
        // Of the group, as its finding counts; entries of that day that were left out are not its.
        let own = group.and_then(|g| g.days.iter().find(|(day, _)| *day == bar.day)).map(|(_, n)| *n);
        let n = own.unwrap_or(bar.bulk + bar.other);
        let text = format!("{name}{} on {}{by}", figure(n as usize), bar.day.with_weekday());
        let x = scale.x(bar.day);
        let (at, align) =
            if x < scale.plot.center().x { (x + 10.0, Align2::LEFT_TOP) } else { (x - 10.0, Align2::RIGHT_TOP) };
        taken.push(painter.text(pos2(at, scale.plot.top() + 4.0), align, text, bold(SIZE_SMALL), p.text));
    }
    let named =
        findings.groups.iter().filter(|g| g.likelihood.is_bulk() && highest.and_then(|h| h.group) != Some(g.id));
    for group in named {
        let Some((day, n)) = group.days.iter().max_by_key(|(day, n)| (*n, std::cmp::Reverse(*day))) else { continue };
        let label = painter.layout_no_wrap(group.id.label(), bold(SIZE_SMALL - 1.0), p.text);
        let x = (scale.x(*day) - label.size().x / 2.0).clamp(scale.plot.left(), scale.plot.right() - label.size().x);
        // Above all of that day, whosever the rest is.
        let of_day = findings.timeline.days.iter().find(|d| d.day == *day).map_or(0, |d| d.bulk + d.other);
        let y = (scale.y(of_day.max(*n) as f32) - label.size().y - 2.0).max(scale.plot.top());
        let rect = Rect::from_min_size(pos2(x, y), label.size());
        if taken.iter().all(|other| !other.expand(2.0).intersects(rect)) {
            taken.push(rect);
            painter.galley(rect.min, label, p.text);
        }
    }
}

fn nearest<'a>(scale: &Scale, days: &'a [DayBar], x: f32) -> Option<&'a DayBar> {
    let distance = |d: &DayBar| (scale.x(d.day) - x).abs();
    days.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).filter(|d| distance(d) < 8.0)
}

/// The days of one group, small: how its entries lie in time.
#[expect(clippy::cast_precision_loss, reason = "days and counts, drawn")]
pub fn days_strip(ui: &mut Ui, days: &[(Day, u32)], width: f32, color: egui::Color32) {
    let p = palette(ui);
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
    let said = format!("Entries on {}, {} to {}", count(days.len(), "day"), first.prose(), last.prose());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, said.clone()));
    let span = (last.days_since(*first) + 1) as f32;
    let highest = days.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1) as f32;
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, p.border));
    let bar_width = (rect.width() / span).clamp(1.5, 14.0);
    for (day, n) in days {
        let x = rect.left() + (day.days_since(*first) as f32 + 0.5) / span * rect.width();
        let height = ((*n as f32 / highest).sqrt() * rect.height()).max(3.0);
        let bar = Rect::from_min_max(
            pos2(x - bar_width / 2.0, rect.bottom() - height),
            pos2(x + bar_width / 2.0, rect.bottom()),
        );
        ui.painter().rect_filled(bar, 0, color);
    }
    response.on_hover_text(said);
}
