//! Files that are no exports: each gets a clear sentence and exit code 3, and the
//! window lives on.

use std::path::{Path, PathBuf};

use record_access_review::app::case::Origin;

use crate::journey::window;
use crate::support::{arg, outcome, program};

/// Each bad file, and what its sentence must hold.
fn bad_files(dir: &Path) -> Vec<(PathBuf, &'static str)> {
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let header = "NHS Number,Date of Birth,Code Term,SNOMED Code,Date\r\n";
    vec![
        (dir.join("not there.csv"), "is not there"),
        (dir.to_owned(), "a folder, not a file"),
        (file("empty.csv", b""), "is empty"),
        (file("blank.csv", b"\r\n\r\n"), "is empty"),
        (file("letter.docx", b"PK\x03\x04\x14\0\x06\0word/document.xml"), "a Word document"),
        (file("book.xlsx", b"PK\x03\x04\x14\0\x06\0xl/workbook.xml"), "The workbook could not be read"),
        (file("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an Office document"),
        (file("page.pdf", b"%PDF-1.7 ..."), "a PDF"),
        (file("notes.txt", b"Dear all,\nplease see below.\n"), "No header of a patient list"),
        (file("rows0.csv", header.as_bytes()), "no patients below it"),
        (
            file("no number.csv", b"Full Name,Date of Birth,Code Term,Date\nA,01-Jan-1980,x,01-Jan-2020\n"),
            "no NHS number column",
        ),
        (
            file("no codes.csv", b"NHS Number,Full Name,Date of Birth\n9990000018,A,01-Jan-1980\n"),
            "lists patients but no codes",
        ),
        (
            file(
                "damaged.csv",
                b"NHS Number,Date of Birth,SNOMED Code,Date\n9990000018,01-Jan-1980,1.36E+15,28-Oct-2022\n",
            ),
            "damaged by a spreadsheet program",
        ),
    ]
}

#[test]
fn without_a_window_each_gets_its_sentence_and_exit_3() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    for (path, sentence) in bad_files(dir.path()) {
        let (code, said) = outcome(&program(&["--report", arg(&path), "--out", arg(&out)]));
        assert_eq!(code, 3, "{}: {said}", path.display());
        assert!(said.contains(sentence), "{}: {said}", path.display());
        assert!(said.trim_end().ends_with('.') && !said.contains("9990000018"), "{said}");
        assert!(!out.exists(), "nothing is written");
    }
}

#[test]
fn the_window_says_it_and_lives_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut window = window(None, Vec::new());
    for (path, sentence) in bad_files(dir.path()) {
        window.drop_file(&path);
        let notice = window.state().model().notice.clone().expect("a message");
        assert!(notice.text.contains(sentence), "{}: {}", path.display(), notice.text);
        window.sees(sentence);
    }
    // And then a good one.
    window.open(Origin::Sample(record_access_review::extract::System::Emis));
    window.sees("eligible patients are blocked");
}

#[test]
fn a_file_removed_while_open_is_still_complete() {
    use record_access_review::extract::System;
    let dir = tempfile::tempdir().expect("a folder");
    let path = crate::support::sample_file(dir.path(), System::Emis, 400);
    let case = crate::support::case_of(std::slice::from_ref(&path));
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(case.cohort.counts.patients, 400);
    assert!(
        !case.files[0].name(case.cohort.patients[5].place.row).is_empty(),
        "cells are read from memory, not from the file"
    );
}
