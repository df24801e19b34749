//! `report.html`: one self-contained page to print, for the partners' meeting,
//! the ICB and the clinical safety officer. It names no patient unless somebody asks for that.

use std::fmt::Write as _;

use super::worklists::Who;
use super::{Package, instructions, pictures};
use crate::cohort::{Counts, Patient, PatientId};
use crate::deadline::{Target, countdown};
use crate::domain::wording::{capital, count, figure, list, per_cent};
use crate::domain::{Day, Status};
use crate::findings::{Likelihood, Side};
use crate::handover::Output;
use crate::review::{Change, Choice, Made, Review, Reviewer, blockers, seed_text};

const STYLE: &str = include_str!("../../assets/report.css");

/// A page to print: its title, and what it says.
pub(super) fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{0}</title><style>{STYLE}</style></head><body><main>\n<h1>{0}</h1>\n{body}</main></body></html>\n",
        text(title)
    )
}

/// Composes the page. `last_hash` is that of the audit's last event.
pub(super) fn html(package: Package<'_>, last_hash: &str) -> String {
    let cohort = package.cohort;
    let practice = cohort.practice_title().unwrap_or_else(|| "The practice".to_owned());
    let mut out = String::new();
    let made = package.files.iter().find_map(|f| f.layout.made_on()).map(crate::domain::Day::prose);
    let is_given = package.now.date() != package.clock.date();
    let given = if is_given { ", a day that was given and is not that of the computer’s clock" } else { "" };
    let names = if package.options.name_patients {
        "It names patients: keep it where you keep patient data."
    } else {
        "It names no patient."
    };
    let _ = writeln!(
        out,
        "<p class=\"lead\">{} export{}. Figures as of {}{given}. Saved {}. {names}</p>",
        cohort.system.label(),
        made.map_or_else(String::new, |d| format!(", made {d}")),
        cohort.today.prose(),
        package.clock.format("%-d %B %Y, %H:%M")
    );
    stands(&mut out, package);
    practices(&mut out, package);
    found(&mut out, package);
    if let Some(review) = package.review {
        decided(&mut out, package, review);
        spot_checks(&mut out, review, package.options.name_patients);
        care(&mut out, package, review);
        result(&mut out, package);
        remains(&mut out, package, review);
        if package.options.name_patients {
            named(&mut out, package, review);
        }
        let _ =
            writeln!(out, "<h2>What to do next in {}</h2>\n{}", cohort.system.label(), instructions::sections(package));
        files(&mut out, package, review);
    }
    proof(&mut out, package, last_hash);
    if package.review.is_some() {
        signed(&mut out);
    }
    page(&format!("Record access review: {practice}"), &out)
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
        pictures::timeline(findings)
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
        let by = by(&d.by);
        let reason = if d.reason.is_empty() { String::new() } else { format!(": {}", d.reason) };
        let ground = match d.made {
            Made::With(group) => format!("with group {}{reason}", group.label()),
            Made::Together => format!("with a list of patients{reason}"),
            Made::Listed => "from a file of decisions".to_owned(),
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
        out.push_str("<p>Nothing has been decided yet.</p>");
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
    let additions = package.additions;
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
    let open = package.cohort.iter().filter(|(id, p)| p.is_blocked() && review.of(*id).is_none());
    let (mut bulk, mut other) = (0, 0);
    for (id, _) in open {
        let is_bulk = package.findings.of(id).likelihood.is_some_and(Likelihood::is_bulk);
        *if is_bulk { &mut bulk } else { &mut other } += 1;
    }
    let _ = writeln!(
        out,
        "<h2>What remains</h2>\n<p>{} to decide: {} whose code looks added in bulk, {}.",
        capital(&count(bulk + other, "patient")),
        figure(bulk),
        count(other, "other")
    );
    if let Some(target) = package.target {
        let _ = write!(out, " {}", text(&Target::new(package.cohort.today, target, bulk + other).sentence()));
    }
    out.push_str("</p>\n");
    let coded = once_coded(package);
    let _ = writeln!(
        out,
        "{}\n<p>Once the list is coded, {} of {} eligible patients stay blocked ({}).</p>",
        pictures::before_and_after(&[("In this export", package.cohort.counts), ("Once the list is coded", coded)]),
        figure(coded.blocked),
        figure(coded.eligible),
        per_cent(coded.share_blocked())
    );
}

/// Where patients will stand when the list for the 106 is coded.
fn once_coded(package: Package<'_>) -> Counts {
    let mut counts = package.cohort.counts;
    for patient in package.additions.patients.iter().filter_map(|id| package.cohort.patient(*id)) {
        match patient.status {
            Status::Blocked => counts.blocked -= 1,
            Status::SameDayConflict => counts.same_day_conflict -= 1,
            _ => continue,
        }
        counts.cleared += 1;
    }
    counts
}

/// Spot checks, with what each proves.
fn spot_checks(out: &mut String, review: &Review, names: bool) {
    if review.checks().is_empty() {
        return;
    }
    out.push_str("<h2>Spot checks, and what they prove</h2>\n<p>Of each list a sample was drawn at random, to be looked at record by record in the clinical system; what stands here is what the people who are named said they saw. The bound is one-sided, with 95 % confidence: exact by Clopper and Pearson, or by the hypergeometric distribution where the sample is a tenth of the list or more. What cannot be told counts as at risk. Every sample that was drawn is here.</p>\n<table><thead><tr><th class=\"n\">No.</th><th>List</th><th>Drawn</th><th>What was seen, and what that proves</th></tr></thead><tbody>");
    for (check, number) in review.checks().iter().zip(1..) {
        let stop = match (&check.lifted, check.stops()) {
            (_, true) => " Group decisions “Add 106” in this list are stopped.".to_owned(),
            (Some(lifted), false) => format!(
                " Reviewed by {} on {}, which ended the stop: {}",
                lifted.by.name,
                Day::from(lifted.at.date()).prose(),
                // Free words may name a person.
                if names { lifted.reason.as_str() } else { "the reason is in the audit." }
            ),
            (None, false) => String::new(),
        };
        let mut who: Vec<String> = check.sample.iter().filter_map(|s| s.answer.as_ref()).map(|a| by(&a.by)).collect();
        who.sort();
        who.dedup();
        let who = if who.is_empty() { String::new() } else { format!(" Looked at by {}.", list(&who)) };
        let _ = write!(
            out,
            "<tr><td class=\"n\">{number}</td><td>{}</td><td>{} by {}; seed <span class=\"hash\">{}</span></td><td>{}</td></tr>",
            text(&check.title),
            Day::from(check.drawn.date()).prose(),
            text(&by(&check.by)),
            seed_text(check.seed),
            text(&format!("{}{stop}{who}", check.sentence()))
        );
    }
    out.push_str("</tbody></table>\n<p class=\"note\">To draw a sample again: put the NHS numbers of its list (in audit.json) in the order of BLAKE3 of the seed, a space, and the number, and take the first.</p>\n");
}

/// What a reader who answers for safety asks first.
fn care(out: &mut String, package: Package<'_>, review: &Review) {
    let cohort = package.cohort;
    let blocked = |p: &Patient| p.is_eligible() && p.active_104.is_some();
    let marked = cohort.patients.iter().filter(|p| blocked(p) && !p.markers.is_empty()).count();
    let additions = &package.additions.patients;
    let is_listed = |id: PatientId| review.of(id).is_some_and(|d| d.made == Made::Listed);
    let against: Vec<PatientId> =
        additions.iter().copied().filter(|id| !blockers(cohort, package.findings, *id).is_empty()).collect();
    let (unseen, seen): (Vec<PatientId>, Vec<_>) = against.into_iter().partition(|id| is_listed(*id));
    let doubted = additions.iter().filter(|id| review.doubt(**id).is_some()).count();
    let together: Vec<_> = additions.iter().filter(|id| review.of(**id).is_some_and(|d| !d.made.is_single())).collect();
    let clean =
        |id: PatientId| (0..review.checks().len()).any(|n| review.is_clean(n) && review.checks()[n].is_about(id));
    let unchecked = together.iter().filter(|id| !clean(***id)).count();
    let listed = additions.iter().filter(|id| is_listed(**id)).count();
    let refused = package.refused.map_or(0, |(_, refused)| refused.len());
    let open = cohort.problems.iter().filter(|(_, p)| !p.kind.is_repaired()).count();
    let known =
        |has: bool, what: &str| format!("{} {what}", if has { "The export tells" } else { "The export does not tell" });
    let _ = write!(
        out,
        "<h2>What to know about safety</h2>\n<p>A marker that is missing from the export never means that there is no risk. {}</p>\n<table><tbody>",
        if review.checks().is_empty() {
            "No spot check was made, so nothing in this report says how many of those given a 106 may be at risk."
        } else {
            "What remains at risk is bounded by the spot checks above, and by nothing else in this report."
        }
    );
    for (what, n) in [
        ("Patients with a 104 and a safeguarding or risk marker in the files", marked),
        ("106s given one by one although something spoke against it (a marker, a note, an unclear record)", seen.len()),
        (
            "106s from a file of decisions although something spoke against it: look at each before it is coded",
            unseen.len(),
        ),
        ("106s given although a spot check had called the patient at risk, or could not tell", doubted),
        ("106s given together, in lists of which no spot check proves anything", unchecked),
        ("106s taken from a file of decisions, where it is not known how each came about", listed),
        ("Decisions of files that were not taken (problems.csv says why)", refused),
        ("Things in the files that were not understood (problems.csv)", open),
    ] {
        let _ = write!(out, "<tr><td>{what}</td><td class=\"n\">{}</td></tr>", figure(n));
    }
    let _ = writeln!(
        out,
        "</tbody></table>\n<p class=\"note\">{}. {}. {}.</p>",
        known(cohort.all_show.texts, "free text beside the codes: notes of their own can be seen where there are any"),
        known(cohort.all_show.users, "who entered each code"),
        known(cohort.all_show.origins, "where a code was entered, or when the patient registered")
    );
}

/// Room for those who answer for it.
fn signed(out: &mut String) {
    out.push_str("<h2>Seen and agreed</h2>\n<table class=\"signed\"><thead><tr><th>Name</th><th>Role</th><th>Date</th><th>Signature</th></tr></thead><tbody>");
    for role in ["For the partners", "Clinical safety officer", "Caldicott Guardian"] {
        let _ = write!(out, "<tr><td></td><td>{role}</td><td></td><td></td></tr>");
    }
    out.push_str("</tbody></table>\n");
}

/// What became of everybody since the export on which the review was made.
fn result(out: &mut String, package: Package<'_>) {
    let Some(changes) = package.changes() else { return };
    let _ = writeln!(
        out,
        "<h2>What became of the decisions</h2>\n<p>This export held against {}, of {}.</p>\n{}\n<table><thead><tr><th>Result</th><th class=\"n\">Patients</th><th>What it means</th></tr></thead><tbody>",
        text(&changes.was),
        Day::from(changes.since).prose(),
        pictures::before_and_after(&[("Before", changes.before), ("In this export", changes.after)])
    );
    for change in Change::ALL {
        let n = changes.count(change);
        if n > 0 || change.needs_somebody() {
            let _ = write!(
                out,
                "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
                change.label(),
                figure(n),
                text(change.meaning())
            );
        }
    }
    out.push_str("</tbody></table>\n");
}

/// Those who keep a 104, by name: only where somebody asked for it.
fn named(out: &mut String, package: Package<'_>, review: &Review) {
    let mut who = Who::new(package);
    for choice in [Choice::Keep104, Choice::AskClinician] {
        let mut these = review.iter().filter(|(_, d)| d.choice == choice).peekable();
        if these.peek().is_none() {
            continue;
        }
        let _ = write!(
            out,
            "<h2>By name: {}</h2>\n<table><thead><tr><th>NHS number</th><th>Name</th><th>Decided by</th><th>Reason</th></tr></thead><tbody>",
            choice.label()
        );
        for (id, decision) in these {
            let Some(patient) = package.cohort.patient(id) else { continue };
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                text(&patient.usable_number().map_or_else(|| package.number(patient), |n| n.to_string())),
                text(&who.name(patient)),
                text(&by(&decision.by)),
                text(&decision.reason)
            );
        }
        out.push_str("</tbody></table>\n");
    }
}

/// "Pat Manager (practice manager)".
fn by(reviewer: &Reviewer) -> String {
    if reviewer.role.is_empty() { reviewer.name.clone() } else { format!("{} ({})", reviewer.name, reviewer.role) }
}

fn files(out: &mut String, package: Package<'_>, review: &Review) {
    let system = package.cohort.system;
    out.push_str("<h2>The files, what each does and does not do</h2>\n<table><thead><tr><th>File</th><th>What it does</th><th>What it does not do</th></tr></thead><tbody>");
    let made = Output::ALL.into_iter().filter(|o| o.is_made(system, review, package.changes().is_some()));
    for output in made {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            if output == Output::Add106 {
                instructions::list_files(package)
            } else {
                output.file_name(system).to_owned()
            },
            output.does(system),
            output.does_not(system)
        );
    }
    out.push_str("</tbody></table>\n");
}

fn proof(out: &mut String, package: Package<'_>, last_hash: &str) {
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
    out.push_str("</tbody></table>\n");
    if !last_hash.is_empty() {
        let _ = writeln!(
            out,
            "<p>audit.json holds everything that happened, each event with the hash of the one before. The hash of the last, when this was saved: <span class=\"hash\">{last_hash}</span>. The command record-access-review --verify audit.json says whether it is whole.</p>"
        );
    }
    out.push_str("<table><thead><tr><th>Threshold</th><th class=\"n\">In force</th><th class=\"n\">As delivered</th></tr></thead><tbody>");
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
pub(super) fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
