//! `worklists.xlsx`: the lists for people in one workbook. Every cell is text, so that no
//! spreadsheet takes a number for one, or a cell for a formula.

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::instructions::list_files;
use super::worklists::{self, List};
use super::{Output, Package, outputs};
use crate::domain::wording::{count, figure};
use crate::extract::System;
use crate::review::Review;

/// The longest list that a sheet holds; a longer one is a file for programs, not for
/// people, and stands in its CSV.
const MOST_ROWS: usize = 20_000;

struct Formats {
    title: Format,
    text: Format,
    quiet: Format,
    header: Format,
    cell: Format,
}

/// Composes the workbook.
///
/// # Errors
/// Where the day lies outside what a workbook can hold (1900 to 9999).
pub fn xlsx(package: Package<'_>, lists: &[List]) -> Result<Vec<u8>, XlsxError> {
    let system = package.cohort.system;
    let base = Format::new().set_font_name("Arial").set_font_size(11).set_align(FormatAlign::Top);
    let formats = Formats {
        title: base.clone().set_bold().set_font_size(14),
        text: base.clone().set_text_wrap(),
        quiet: base.clone().set_italic(),
        header: base.clone().set_bold().set_background_color("#E8EDEE"),
        cell: base.set_num_format("@"),
    };
    let mut book = Workbook::new();
    book.set_properties(&properties(package.now)?);
    read_me(book.add_worksheet(), package, lists, &formats)?;
    let nobody = Review::default();
    let review = package.review.unwrap_or(&nobody);
    let additions = worklists::add_106(package, review, &package.additions.patients, MOST_ROWS);
    let problems = List {
        output: Output::Problems,
        header: outputs::PROBLEMS.to_vec(),
        rows: outputs::problem_rows(package),
        too_many: None,
    };
    for list in std::iter::once(&additions).chain(lists).chain([&problems]) {
        sheet(book.add_worksheet(), list, system, &formats)?;
    }
    book.save_to_buffer()
}

/// The same decisions give the same bytes: nothing of this moment but what is passed in.
fn properties(now: NaiveDateTime) -> Result<DocProperties, XlsxError> {
    let byte = |n: u32| u8::try_from(n).unwrap_or(0);
    let year = u16::try_from(now.year()).unwrap_or(2000);
    let made = ExcelDateTime::from_ymd(year, byte(now.month()), byte(now.day()))?.and_hms(
        u16::try_from(now.hour()).unwrap_or(0),
        byte(now.minute()),
        now.second(),
    )?;
    let properties = DocProperties::new().set_title("Record access review: work lists");
    Ok(properties.set_author("Record Access Review").set_creation_datetime(&made))
}

fn read_me(sheet: &mut Worksheet, package: Package<'_>, lists: &[List], formats: &Formats) -> Result<(), XlsxError> {
    let system = package.cohort.system;
    sheet.set_name("Read me")?;
    sheet.set_column_width(0, 26)?.set_column_width(1, 70)?.set_column_width(2, 60)?;
    let practice = package.cohort.practice_title().unwrap_or_else(|| "The practice".to_owned());
    sheet.write_string_with_format(0, 0, format!("Record access review: {practice}"), &formats.title)?;
    let made = format!(
        "{} export, figures as of {}. Holds names and NHS numbers: keep it where you keep patient data.",
        system.label(),
        package.cohort.today.prose()
    );
    sheet.write_string_with_format(1, 0, made, &formats.quiet)?;
    for (column, caption) in (0..).zip(["File", "What it does", "What it does not do"]) {
        sheet.write_string_with_format(3, column, caption, &formats.header)?;
    }
    let nothing = Review::default();
    let review = package.review.unwrap_or(&nothing);
    let made = Output::ALL.into_iter().filter(|o| o.is_made(system, review, package.changes().is_some()));
    for (row, output) in (4..).zip(made) {
        let rows = lists.iter().find(|l| l.output == output).map(|l| l.rows.len());
        let name = rows.map_or_else(
            || if output == Output::Add106 { list_files(package) } else { output.file_name(system).to_owned() },
            |rows| format!("{} ({})", output.file_name(system), count(rows, "row")),
        );
        sheet.write_string_with_format(row, 0, name, &formats.text)?;
        sheet.write_string_with_format(row, 1, output.does(system), &formats.text)?;
        sheet.write_string_with_format(row, 2, output.does_not(system), &formats.text)?;
    }
    Ok(())
}

fn sheet(sheet: &mut Worksheet, list: &List, system: System, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(name(list.output))?;
    sheet.write_string_with_format(0, 0, format!("What this is: {}", list.output.does(system)), &formats.quiet)?;
    let not = format!("What it does not do: {}", list.output.does_not(system));
    sheet.write_string_with_format(1, 0, not, &formats.quiet)?;
    let rows = list.too_many.unwrap_or(list.rows.len());
    if rows > MOST_ROWS {
        let text = format!(
            "The list has {} rows, too many for a sheet that people work through: see {}.",
            figure(rows),
            list.output.file_name(system)
        );
        sheet.write_string_with_format(3, 0, text, &formats.text)?;
        return Ok(());
    }
    for (column, caption) in (0_u16..).zip(&list.header) {
        sheet.write_string_with_format(2, column, *caption, &formats.header)?;
        let widest = list.rows.iter().filter_map(|row| row.get(usize::from(column))).map(|cell| cell.chars().count());
        let width = widest.chain([caption.chars().count()]).max().unwrap_or(0).clamp(10, 48);
        sheet.set_column_width(column, u32::try_from(width).unwrap_or(48) + 2)?;
    }
    for (row, cells) in (3_u32..).zip(&list.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, column, cut(cell), &formats.cell)?;
        }
    }
    sheet.set_freeze_panes(3, 1)?;
    let (last_row, last_column) = (list.rows.len(), list.header.len().saturating_sub(1));
    if last_row > 0 {
        let last_row = u32::try_from(last_row + 2).unwrap_or(u32::MAX);
        sheet.autofilter(2, 0, last_row, u16::try_from(last_column).unwrap_or(0))?;
    }
    // Wide lists are read on paper too.
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(2, 2)?;
    Ok(())
}

/// A cell holds 32,767 characters.
fn cut(cell: &str) -> &str {
    cell.char_indices().nth(32_000).map_or(cell, |(end, _)| &cell[..end])
}

/// Sheets are named for people.
const fn name(output: Output) -> &'static str {
    match output {
        Output::Add106 => "Add 106",
        Output::Problems => "Problems",
        Output::Keep104 => "Keep 104",
        Output::AskClinician => "Ask a clinician",
        Output::Conflicts => "Same-day conflicts",
        Output::AccessByHand => "Access by hand",
        Output::GrantCohort => "Grant cohort",
        Output::Turning16 => "Turning 16",
        Output::SpotChecks => "Spot checks",
        Output::CheckResult => "Check of the result",
        _ => "List",
    }
}
