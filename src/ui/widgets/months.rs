//! Entries by month, as bars one beside the other.

use chrono::Datelike as _;
use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::domain::Day;
use crate::domain::wording::{count, figure};
use crate::findings::DayBar;
use crate::ui::tokens::{SIZE_SMALL, palette, regular};

/// Draws the months on a square-root scale; says which one was clicked.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts, drawn"
)]
pub fn months(ui: &mut Ui, bars: &[DayBar], height: f32) -> Option<Day> {
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let highest = bars.iter().map(|b| b.bulk + b.other).max().unwrap_or(0);
    let most = bars.iter().max_by_key(|b| b.bulk + b.other);
    response.widget_info(|| {
        let most = most.map_or_else(String::new, |b| {
            format!(", most in {} with {}", name(b.day), figure((b.bulk + b.other) as usize))
        });
        WidgetInfo::labeled(Role::Image, true, format!("104 codes by month: {}{most}", count(bars.len(), "month")))
    });
    if highest == 0 {
        return None;
    }
    let plot =
        Rect::from_min_max(pos2(rect.left() + 4.0, rect.top() + 18.0), pos2(rect.right() - 4.0, rect.bottom() - 20.0));
    let step = (plot.width() / bars.len() as f32).min(40.0);
    let tall = |n: u32| (n as f32 / highest as f32).sqrt() * plot.height();
    let painter = ui.painter_at(rect);
    painter.hline(plot.x_range(), plot.bottom(), Stroke::new(1.0, p.border));
    let pointed = response.hover_pos().map(|at| ((at.x - plot.left()) / step).floor().max(0.0) as usize);
    for (place, bar) in bars.iter().enumerate() {
        let left = plot.left() + place as f32 * step;
        let span = left + step * 0.12..=left + step * 0.88;
        if pointed == Some(place) {
            painter.rect_filled(Rect::from_x_y_ranges(left..=left + step, plot.y_range()), 0, p.hover);
        }
        // The whole by its root, divided in proportion: a part keeps its share of the bar.
        let all = bar.bulk + bar.other;
        let whole = if all > 0 { tall(all).max(2.0) } else { 0.0 };
        let bulk = if all > 0 { whole * bar.bulk as f32 / all as f32 } else { 0.0 };
        let at = |from: f32, to: f32| Rect::from_x_y_ranges(span.clone(), plot.bottom() - to..=plot.bottom() - from);
        painter.rect_filled(at(0.0, bulk), 0, p.chart[0]);
        painter.rect_filled(at(bulk, whole), 0, p.chart[1]);
        if bar.day.date().month() == 1 || place == 0 {
            painter.vline(left, plot.bottom()..=plot.bottom() + 5.0, Stroke::new(1.0, p.border));
            let year = bar.day.date().year().to_string();
            // A first year of a month or two has no room for its number.
            let room =
                bars.get(place + 1..).map_or(0, |rest| rest.iter().take_while(|b| b.day.date().month() != 1).count());
            if place > 0 || (room + 1) as f32 * step > 34.0 {
                painter.text(
                    pos2(left + 3.0, plot.bottom() + 4.0),
                    Align2::LEFT_TOP,
                    year,
                    regular(SIZE_SMALL - 1.0),
                    p.secondary,
                );
            }
        }
    }
    label(
        ui,
        bars,
        |place, bar| {
            let whole = tall(bar.bulk + bar.other).max(2.0);
            pos2(plot.left() + (place as f32 + 0.5) * step, plot.bottom() - whole)
        },
        plot,
    );
    let bar = pointed.and_then(|place| bars.get(place)).filter(|b| b.bulk + b.other > 0)?;
    let clicked = response.clicked();
    response.on_hover_text_at_pointer(format!(
        "{}: {}, {} in groups that look added in bulk\nClick to see whose",
        name(bar.day),
        count((bar.bulk + bar.other) as usize, "entry"),
        figure(bar.bulk as usize)
    ));
    clicked.then_some(bar.day)
}

/// Figures above the bars, where there is room: the tallest first.
fn label(ui: &Ui, bars: &[DayBar], top: impl Fn(usize, &DayBar) -> egui::Pos2, plot: Rect) {
    let color = palette(ui).secondary;
    let mut order: Vec<(usize, &DayBar)> = bars.iter().enumerate().filter(|(_, b)| b.bulk + b.other > 0).collect();
    order.sort_by_key(|(_, bar)| std::cmp::Reverse(bar.bulk + bar.other));
    let mut taken: Vec<Rect> = Vec::new();
    for (place, bar) in order {
        let text = figure((bar.bulk + bar.other) as usize);
        let n = ui.painter().layout_no_wrap(text, regular(SIZE_SMALL - 2.0), color);
        let at = top(place, bar);
        let left = (at.x - n.size().x / 2.0).clamp(plot.left(), plot.right() - n.size().x);
        let rect = Rect::from_min_size(pos2(left, at.y - n.size().y - 1.0), n.size());
        if taken.iter().all(|other| !other.expand2(vec2(2.0, 0.0)).intersects(rect)) {
            taken.push(rect);
            ui.painter().galley(rect.min, n, color);
        }
    }
}

/// "October 2022".
pub fn name(month: Day) -> String {
    month.date().format("%B %Y").to_string()
}
