//! The timeline as a picture for the report.

use std::fmt::Write as _;

use crate::domain::Day;
use crate::domain::wording::{count, figure};
use crate::findings::{Findings, WAVES};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 200.0;
const TOP: f64 = 24.0;

/// An SVG of 104 entries by day. The axis is a square root, so that a single
/// entry stays visible beside a day of thousands.
pub fn svg(findings: &Findings) -> String {
    let days = &findings.timeline.days;
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return "<p>No 104 codes with a date.</p>".to_owned();
    };
    let from = first.day.plus(-20);
    let span = f64::from(last.day.days_since(from).max(60) + 20);
    let highest = f64::from(findings.timeline.highest().max(1));
    let x = |day: Day| LEFT + f64::from(day.days_since(from)) / span * (WIDTH - LEFT - 8.0);
    let y = |n: f64| BOTTOM - (n / highest).sqrt() * (BOTTOM - TOP);
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"104 codes by the day they were entered, {} to {}\">",
        first.day.prose(),
        last.day.prose()
    );
    for wave in WAVES {
        let Some((a, b)) = wave.span().filter(|(a, b)| *b > from && *a < last.day.plus(20)) else { continue };
        let (x0, x1) = (x(a.max(from)), x(b).min(WIDTH - 8.0));
        let _ = write!(
            out,
            "<rect class=\"wave\" x=\"{x0:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{}\"/>",
            (x1 - x0).max(1.0),
            BOTTOM - TOP
        );
    }
    for share in [0.0, 1.0 / 16.0, 0.25, 1.0] {
        let n = (highest * share).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let label = figure(n as usize);
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {0:.1}H{WIDTH}\"/><text x=\"{1}\" y=\"{2:.1}\" text-anchor=\"end\">{label}</text>",
            y(n),
            LEFT - 6.0,
            y(n) + 4.0
        );
    }
    for year in (0..)
        .map(|n| chrono::Datelike::year(&from.date()) + n)
        .take_while(|y| *y <= chrono::Datelike::year(&last.day.date()))
    {
        let Some(new_year) = Day::from_ymd(year, 1, 1).filter(|d| *d >= from) else { continue };
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{0:.1} {BOTTOM}v6\"/><text x=\"{0:.1}\" y=\"{1}\">{year}</text>",
            x(new_year),
            BOTTOM + 20.0
        );
    }
    for bar in days {
        let total = f64::from(bar.bulk + bar.other);
        let class = if bar.bulk > 0 { "bulk" } else { "one" };
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"3\" height=\"{:.1}\"><title>{}: {}</title></rect>",
            x(bar.day) - 1.5,
            y(total),
            BOTTOM - y(total),
            bar.day.prose(),
            count((bar.bulk + bar.other) as usize, "code"),
        );
    }
    out.push_str("</svg>");
    out
}
