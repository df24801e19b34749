//! `report.html`: one self-contained page to print, for the partners' meeting,
//! the ICB and the clinical safety officer. It names no patient.

use std::fmt::Write as _;

use super::{Package, timeline_svg};
use crate::deadline::{Target, countdown};
use crate::domain::Status;
use crate::domain::wording::{capital, count, figure, per_cent};
use crate::findings::{Likelihood, Side};
use crate::handover::Output;
use crate::review::{Choice, Made, Review};

const STYLE: &str = include_str!("../../assets/report.css");

/// Composes the page.
pub fn html(package: Package<'_>) -> String {
    let cohort = package.cohort;
    let practice = cohort.practice_title().unwrap_or_else(|| "The practice".to_owned());
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Record access review: {0}</title><style>{STYLE}</style></head><body><main>\n<h1>Record access review: {0}</h1>\n",
        text(&practice)
    );
    let made = package.files.iter().find_map(|f| f.layout.made_on()).map(crate::domain::Day::prose);
    let _ = writeln!(
        out,
        "<p class=\"lead\">{} export{}. Figures as of {}. Saved {}.</p>",
        cohort.system.label(),
        made.map_or_else(String::new, |d| format!(", made {d}")),
        cohort.today.prose(),
        package.now.format("%-d %B %Y, %H:%M")
    );
    stands(&mut out, package);
    practices(&mut out, package);
    found(&mut out, package);
    if let Some(review) = package.review {
        decided(&mut out, package, review);
        remains(&mut out, package, review);
        files(&mut out, package);
    }
    proof(&mut out, package);
    out.push_str("</main></body></html>\n");
    out
}

fn stands(out: &mut String, package: Package<'_>) {
    let counts = package.cohort.counts;
    let _ = writeln!(
        out,
        "<h2>Where the practice stands</h2>\n<p><strong>{} of {} eligible patients are blocked by a 104 ({}).</strong> NHS England asked practices with over 50 % for an action plan (February 2023). {}</p>",
        figure(counts.blocked),
        figure(counts.eligible),
        per_cent(counts.share_blocked()),
        text(&countdown(package.cohort.today).sentence)
    );
    out.push_str("<table><thead><tr><th>Status</th><th class=\"n\">Patients</th></tr></thead><tbody>");
    for status in Status::ALL {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td></tr>",
            capital(status.label()),
            figure(counts.get(status))
        );
    }
    let _ = writeln!(
        out,
        "<tr class=\"sum\"><td>All patients in the export</td><td class=\"n\">{}</td></tr></tbody></table>",
        figure(counts.patients)
    );
}

fn practices(out: &mut String, package: Package<'_>) {
    if package.cohort.practices.is_empty() {
        return;
    }
    out.push_str("<h2>Each practice</h2>\n<table><thead><tr><th>Practice</th><th class=\"n\">Patients</th><th class=\"n\">Eligible</th><th class=\"n\">Blocked</th><th class=\"n\">Of eligible</th></tr></thead><tbody>");
    for practice in &package.cohort.practices {
        let counts = practice.counts;
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            text(&practice.name),
            figure(counts.patients),
            figure(counts.eligible),
            figure(counts.blocked),
            per_cent(counts.share_blocked())
        );
    }
    out.push_str("</tbody></table>\n");
}

fn found(out: &mut String, package: Package<'_>) {
    let findings = package.findings;
    let _ = writeln!(
        out,
        "<h2>104 codes by the day they were entered</h2>\n{}\n<p class=\"note\">Tall bars are days that look added in bulk. The scale is a square root, so that single entries stay visible. Shaded: times when many practices coded in bulk.</p>",
        timeline_svg::svg(findings)
    );
    out.push_str("<h2>What looks added in bulk, and why</h2>\n<p>“Likely” is evidence from the export, not a judgement on the code: nobody may be given a 106 without a person’s decision.</p>\n");
    if findings.groups.is_empty() {
        out.push_str("<p>No group of 104 codes looks added in bulk.</p>");
    }
    for group in &findings.groups {
        let _ = writeln!(
            out,
            "<section class=\"{}\"><h3>{}: {} <span class=\"tag\">{}</span></h3><ul>",
            class_of(group.likelihood),
            group.id.label(),
            text(&group.title),
            capital(group.likelihood.label())
        );
        for evidence in &group.evidence {
            let _ = match evidence.side {
                Side::Against => writeln!(out, "<li class=\"against\">Against: {}</li>", text(&evidence.text)),
                Side::For | Side::Note => writeln!(out, "<li>{}</li>", text(&evidence.text)),
            };
        }
        out.push_str("</ul></section>\n");
    }
    let _ = writeln!(
        out,
        "<p>{} with a 104 and a 106 on one day. {} will be 16 within {} days.</p>",
        capital(&count(findings.conflicts.len(), "patient")),
        capital(&count(findings.turning_16.len(), "patient")),
        findings.thresholds.turning_16_days
    );
}

fn decided(out: &mut String, package: Package<'_>, review: &Review) {
    out.push_str("<h2>What was decided, by whom</h2>\n");
    let mut rows: Vec<(String, Choice, String, usize)> = Vec::new();
    for (_, d) in review.iter() {
        let by = if d.by.role.is_empty() { d.by.name.clone() } else { format!("{} ({})", d.by.name, d.by.role) };
        let reason = if d.reason.is_empty() { String::new() } else { format!(": {}", d.reason) };
        let ground = match d.made {
            Made::With(group) => format!("with group {}{reason}", group.label()),
            Made::Together => format!("with a list of patients{reason}"),
            // The words of a single decision may name a person: they are in the audit.
            Made::Alone => "one by one".to_owned(),
        };
        match rows.iter_mut().find(|(b, c, g, _)| *b == by && *c == d.choice && *g == ground) {
            Some((.., n)) => *n += 1,
            None => rows.push((by, d.choice, ground, 1)),
        }
    }
    rows.sort();
    if rows.is_empty() {
        out.push_str("<p>Nothing was decided yet.</p>");
        return;
    }
    out.push_str("<table><thead><tr><th>Decided by</th><th>Decision</th><th>On what ground</th><th class=\"n\">Patients</th></tr></thead><tbody>");
    for (by, choice, ground, n) in rows {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
            text(&by),
            choice.label(),
            text(&ground),
            figure(n)
        );
    }
    out.push_str("</tbody></table>\n");
    let additions = package.additions();
    let _ = writeln!(
        out,
        "<p>{} in the list for the 106, dated {}.",
        capital(&count(additions.patients.len(), "patient")),
        package.dated.prose()
    );
    if !additions.held_back.is_empty() {
        let _ = writeln!(
            out,
            " {} held back, since a code of that day or later is on file; see problems.csv.",
            capital(&count(additions.held_back.len(), "patient"))
        );
    }
    out.push_str("</p>\n");
}

fn remains(out: &mut String, package: Package<'_>, review: &Review) {
    let open = package
        .cohort
        .iter()
        .filter(|(id, p)| matches!(p.status, Status::Blocked | Status::SameDayConflict) && review.of(*id).is_none());
    let (mut bulk, mut other) = (0, 0);
    for (id, _) in open {
        let is_bulk = package.findings.of(id).likelihood.is_some_and(Likelihood::is_bulk);
        *if is_bulk { &mut bulk } else { &mut other } += 1;
    }
    let _ = writeln!(
        out,
        "<h2>What remains</h2>\n<p>{} to decide: {} whose code looks added in bulk, {} others.",
        capital(&count(bulk + other, "patient")),
        figure(bulk),
        figure(other)
    );
    if let Some(target) = package.target {
        let _ = write!(out, " {}", text(&Target::new(package.cohort.today, target, bulk + other).sentence()));
    }
    let after = package.cohort.counts.blocked.saturating_sub(package.additions().patients.len());
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    let share = after as f64 / package.cohort.counts.eligible.max(1) as f64;
    let _ = writeln!(
        out,
        "</p>\n<p>Once the list is coded, {} of {} eligible patients stay blocked ({}).</p>",
        figure(after),
        figure(package.cohort.counts.eligible),
        per_cent(share)
    );
}

fn files(out: &mut String, package: Package<'_>) {
    let system = package.cohort.system;
    out.push_str("<h2>The files, what each does and does not do</h2>\n<table><thead><tr><th>File</th><th>What it does</th><th>What it does not do</th></tr></thead><tbody>");
    for output in Output::ALL {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            output.file_name(system),
            output.does(system),
            output.does_not(system)
        );
    }
    out.push_str("</tbody></table>\n");
}

fn proof(out: &mut String, package: Package<'_>) {
    out.push_str("<h2>How this was made</h2>\n<table><thead><tr><th>File</th><th>BLAKE3</th><th class=\"n\">Rows</th></tr></thead><tbody>");
    for file in package.files {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"hash\">{}</td><td class=\"n\">{}</td></tr>",
            text(file.source.name()),
            file.source.hash().to_hex(),
            figure(file.data_rows as usize)
        );
    }
    out.push_str("</tbody></table>\n<table><thead><tr><th>Threshold</th><th class=\"n\">In force</th><th class=\"n\">As delivered</th></tr></thead><tbody>");
    for setting in package.findings.thresholds.settings() {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            setting.label, setting.value, setting.default
        );
    }
    let _ = writeln!(
        out,
        "</tbody></table>\n<p class=\"note\">Record Access Review {}. Nothing left this computer. A missing marker never means no risk.</p>",
        env!("CARGO_PKG_VERSION")
    );
}

const fn class_of(likelihood: Likelihood) -> &'static str {
    match likelihood {
        Likelihood::AlmostCertain => "certain",
        Likelihood::Likely => "likely",
        Likelihood::Possible => "possible",
        Likelihood::Inherited => "inherited",
        Likelihood::Individual => "individual",
    }
}

/// Text of a file in the page.
fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
