//! Properties of reading: tables come back from any dialect exactly, any bytes do no
//! harm, and it makes no difference whether a file is kept in memory.

use proptest::prelude::*;
use record_access_review::app::case::{Case, Origin, Settings, open};
use record_access_review::clean::clean;
use record_access_review::extract::{Progress, ReadOptions, Source, System, read};
use record_access_review::sample::{Recipe, make};

use crate::support::today;

/// How a table is written.
#[derive(Clone, Debug)]
struct Writing {
    delimiter: char,
    line_end: &'static str,
    quote_all: bool,
    mark: bool,
}

fn writings() -> impl Strategy<Value = Writing> {
    let delimiters = prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')];
    let line_ends = prop_oneof![Just("\r\n"), Just("\n"), Just("\r")];
    (delimiters, line_ends, any::<bool>(), any::<bool>()).prop_map(|(delimiter, line_end, quote_all, mark)| Writing {
        delimiter,
        line_end,
        quote_all,
        mark,
    })
}

/// A table of five columns: a number, a name, a date, a price, and what people write.
fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let note = prop_oneof![
        3 => "[A-Z][a-z]{2,9}( [a-z]{2,9}){1,4}",
        1 => "[A-Z][a-z]{2,9}, [a-z]{2,9}; [a-z]{2,9}",
        1 => "the \"[a-z]{2,9}\" one",
        1 => "first [a-z]{2,9}\nsecond [a-z]{2,9}",
    ];
    let row =
        ("[1-9][0-9]{2,4}", "[A-Z][a-z]{2,9}", "[0-2][1-9]/0[1-9]/20[12][0-9]", "[1-9][0-9]{0,3}\\.[0-9]{2}", note);
    proptest::collection::vec(row, 3..30).prop_map(|rows| {
        let header = ["Id", "Name", "Day", "Price", "Note"].map(str::to_owned).to_vec();
        let rows = rows.into_iter().map(|(a, b, c, d, e)| vec![a, b, c, d, e]);
        std::iter::once(header).chain(rows).collect()
    })
}

fn write(table: &[Vec<String>], how: &Writing) -> Vec<u8> {
    let cell = |text: &String| {
        let special = |c: char| c == how.delimiter || matches!(c, '"' | '\n' | '\r');
        if how.quote_all || text.contains(special) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.clone()
        }
    };
    let mut out = if how.mark { "\u{feff}".to_owned() } else { String::new() };
    for row in table {
        out.push_str(&row.iter().map(cell).collect::<Vec<_>>().join(&how.delimiter.to_string()));
        out.push_str(how.line_end);
    }
    out.into_bytes()
}

fn cells(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    reader.records().map(|r| r.expect("CSV").iter().map(str::to_owned).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_table_comes_back_from_any_dialect(table in tables(), how in writings()) {
        let found = clean(&write(&table, &how)).expect("text");
        prop_assert_eq!(cells(&found.csv), table);
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        if let Ok(found) = clean(&bytes) {
            prop_assert!(found.csv.len() <= bytes.len() * 40 + 100, "{} from {}", found.csv.len(), bytes.len());
        }
        if let Ok(source) = Source::new("any.csv", bytes) {
            let _ = read(source, &ReadOptions::on(today()), &Progress::default());
        }
    }

    #[test]
    fn any_text_does_no_harm(text in "[,;\t\"'a-c0-9 \r\n|=]{0,600}") {
        let _ = clean(text.as_bytes());
        let header = "NHS Number,Date of Birth,Code Term,Date\n";
        let source = Source::new("any.csv", format!("{header}{text}").into_bytes()).expect("text");
        let _ = read(source, &ReadOptions::on(today()), &Progress::default());
    }
}

#[test]
fn a_file_that_is_not_kept_in_memory_says_the_same() {
    for system in [System::Emis, System::SystmOne] {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("practice.csv");
        std::fs::write(&path, make(Recipe { patients: 3_000, ..Recipe::built_in(system) }).bytes).expect("written");
        let open_with = |in_memory: u64| -> Case {
            let settings = Settings { in_memory, ..Settings::on(today()) };
            open(&Origin::exports([path.clone()]), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
        };
        let (kept, again) = (open_with(u64::MAX), open_with(0));
        assert_eq!(kept.files[0].source.hash(), again.files[0].source.hash());
        assert_eq!(kept.cohort.counts, again.cohort.counts);
        assert!(kept.cohort.patients == again.cohort.patients && kept.cohort.events == again.cohort.events);
        assert_eq!(kept.findings.groups, again.findings.groups);
        for patient in kept.cohort.patients.iter().step_by(37) {
            assert_eq!(kept.files[0].name(patient.place.row), again.files[0].name(patient.place.row));
        }
    }
}

#[test]
fn a_file_that_changes_while_it_is_open_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("practice.csv");
    let bytes = make(Recipe { patients: 500, ..Recipe::built_in(System::Emis) }).bytes;
    std::fs::write(&path, &bytes).expect("written");
    let settings = Settings { in_memory: 0, ..Settings::on(today()) };
    let case =
        open(&Origin::exports([path.clone()]), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"));
    let last = case.cohort.patients.last().expect("patients").place.row;
    assert_ne!(case.files[0].name(last), "");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    assert!(case.files[0].source.text().is_unchanged().is_err());
    assert_eq!(case.files[0].name(last), "", "what cannot be had is empty, and no panic");
}
