//! A likelihood in word, shape and colour: never colour alone.

use egui::{Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::findings::Likelihood;
use crate::ui::tokens::{SIZE_SMALL, Tint, bold, palette};

/// The badge of a likelihood, "▲ Almost certain".
pub fn badge(ui: &mut Ui, likelihood: Likelihood) -> Response {
    let text = word(likelihood);
    let size = vec2(width(ui, likelihood), 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    paint(ui, likelihood, rect.left_center());
    response
}

/// How wide the badge is.
fn width(ui: &Ui, likelihood: Likelihood) -> f32 {
    ui.painter().layout_no_wrap(word(likelihood).to_owned(), bold(SIZE_SMALL - 1.0), palette(ui).text).size().x + 32.0
}

/// Paints the badge, its left edge centred on a point.
pub fn paint(ui: &Ui, likelihood: Likelihood, left: Pos2) {
    let tint = tint(ui, likelihood);
    let text = ui.painter().layout_no_wrap(word(likelihood).to_owned(), bold(SIZE_SMALL - 1.0), tint.fore);
    let rect = Rect::from_min_size(pos2(left.x, left.y - 11.0), vec2(text.size().x + 32.0, 22.0));
    ui.painter().rect_filled(rect, 3, tint.back);
    mark(ui, likelihood, pos2(rect.left() + 14.0, rect.center().y), tint);
    ui.painter().galley(pos2(rect.left() + 24.0, rect.center().y - text.size().y / 2.0), text, tint.fore);
}

const fn word(likelihood: Likelihood) -> &'static str {
    match likelihood {
        Likelihood::AlmostCertain => "Almost certain",
        Likelihood::Likely => "Likely",
        Likelihood::Possible => "Possible",
        Likelihood::Individual => "Individual",
        Likelihood::Inherited => "Inherited",
    }
}

fn tint(ui: &Ui, likelihood: Likelihood) -> Tint {
    let p = palette(ui);
    match likelihood {
        Likelihood::AlmostCertain => p.certain,
        Likelihood::Likely => p.likely,
        Likelihood::Possible => p.possible,
        Likelihood::Individual => p.individual,
        Likelihood::Inherited => p.inherited,
    }
}

/// A shape of its own for each: triangle, diamond, disc, square, arrow.
fn mark(ui: &Ui, likelihood: Likelihood, at: Pos2, tint: Tint) {
    let painter = ui.painter();
    let around = |points: [(f32, f32); 4]| points.iter().map(|(x, y)| at + vec2(*x, *y)).collect::<Vec<_>>();
    match likelihood {
        Likelihood::AlmostCertain => {
            let points = vec![at + vec2(0.0, -5.0), at + vec2(5.5, 4.5), at + vec2(-5.5, 4.5)];
            painter.add(Shape::convex_polygon(points, tint.fore, Stroke::NONE));
        }
        Likelihood::Likely => {
            painter.add(Shape::convex_polygon(
                around([(0.0, -5.5), (5.5, 0.0), (0.0, 5.5), (-5.5, 0.0)]),
                tint.fore,
                Stroke::NONE,
            ));
        }
        Likelihood::Possible => {
            painter.circle_filled(at, 4.5, tint.fore);
        }
        Likelihood::Individual => {
            painter.add(Shape::convex_polygon(
                around([(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)]),
                tint.fore,
                Stroke::NONE,
            ));
        }
        Likelihood::Inherited => {
            let line = Stroke::new(2.0, tint.fore);
            painter.line_segment([at + vec2(-5.0, 0.0), at + vec2(3.0, 0.0)], line);
            painter.line_segment([at + vec2(0.0, -3.0), at + vec2(3.0, 0.0)], line);
            painter.line_segment([at + vec2(0.0, 3.0), at + vec2(3.0, 0.0)], line);
            painter.line_segment([at + vec2(5.5, -5.0), at + vec2(5.5, 5.0)], line);
        }
    }
}
