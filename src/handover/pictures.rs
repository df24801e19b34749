//! Pictures for the report: entries by day, and where patients stand before and after.

use std::fmt::Write as _;

use crate::cohort::Counts;
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
pub fn timeline(findings: &Findings) -> String {
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

/// Where eligible patients stand at several times: a bar each, with its label.
pub fn before_and_after(rows: &[(&str, Counts)]) -> String {
    const BAR: f64 = 34.0;
    let height = 56.0 * f64::from(u32::try_from(rows.len()).unwrap_or(1)) + 30.0;
    let mut said = Vec::new();
    let mut out = String::new();
    for ((label, counts), row) in rows.iter().zip(0_u32..) {
        let parts = [
            ("blocked", counts.blocked),
            ("conflict", counts.same_day_conflict),
            ("declined", counts.declined),
            ("cleared", counts.cleared),
            ("no-code", counts.no_code),
        ];
        let top = 56.0 * f64::from(row) + 18.0;
        let _ = write!(out, "<text x=\"0\" y=\"{}\">{label}</text>", top - 5.0);
        let all = share(counts.eligible.max(1));
        let mut left = 0.0;
        for (class, n) in parts.into_iter().filter(|(_, n)| *n > 0) {
            let width = share(n) / all * WIDTH;
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{BAR}\"/>"
            );
            if width > 60.0 {
                let _ = write!(
                    out,
                    "<text class=\"in {class}-label\" x=\"{:.1}\" y=\"{}\">{}</text>",
                    left + 8.0,
                    top + 22.0,
                    figure(n)
                );
            }
            left += width;
        }
        said.push(format!("{label}: {} of {} blocked", figure(counts.blocked), figure(counts.eligible)));
    }
    let mut x = 0.0;
    let keys = [
        ("blocked", "104"),
        ("conflict", "104 and 106 of one day"),
        ("declined", "declined"),
        ("cleared", "106"),
        ("no-code", "no code"),
    ];
    for (class, label) in keys {
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\"/><text x=\"{}\" y=\"{}\">{label}</text>",
            height - 14.0,
            x + 18.0,
            height - 4.0
        );
        x += 190.0;
    }
    format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">{out}</svg>", said.join("; "))
}

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
const fn share(n: usize) -> f64 {
    n as f64
}
