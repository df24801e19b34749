//! Lists of NHS numbers for the bulk step, exactly as each system takes them.
//! Neither system reads a file of coded rows.

use super::Options;
use crate::domain::NhsNumber;
use crate::extract::System;

/// The lists of patients to give a 106, with the system's own number of each: one, or
/// several where a file may hold only so many. Names and bytes.
///
/// EMIS Web: one number a line, ten digits, no header, CRLF, no byte order mark.
/// `SystmOne`: one column headed "NHS number". The options change that for other tools.
///
/// A practice of several has lists of its own: each is for that practice's system.
pub fn add_106(
    system: System,
    practice: Option<&str>,
    patients: &[(NhsNumber, &str)],
    options: Options,
) -> Vec<(String, Vec<u8>)> {
    let has_header = options.list_header.unwrap_or(system == System::SystmOne);
    let beside = options.list_emis_number && system == System::Emis;
    let most = most(options);
    let lists: Vec<&[(NhsNumber, &str)]> =
        if patients.len() > most { patients.chunks(most).collect() } else { vec![patients] };
    let called = names(system, practice, patients.len(), options);
    let written = |(list, (name, _)): (&[(NhsNumber, &str)], (String, usize))| {
        let mut out = Vec::with_capacity(list.len() * 12 + 32);
        if has_header {
            out.extend_from_slice(if beside { b"NHS number,EMIS number\r\n" } else { b"NHS number\r\n" });
        }
        for (nhs, emis) in list {
            out.extend(nhs.digit_bytes());
            if beside {
                out.push(b',');
                out.extend(super::table::quoted(&super::table::neutral(emis)).as_bytes());
            }
            out.extend(b"\r\n");
        }
        (name, out)
    };
    lists.into_iter().zip(called).map(written).collect()
}

/// The most rows of a list.
fn most(options: Options) -> usize {
    options.list_rows.filter(|rows| *rows > 0).map_or(usize::MAX, |rows| rows as usize)
}

/// Names for the files of several practices, each of its own: letters, digits and hyphens.
pub fn practice_names<'a>(practices: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (practice, number) in practices.zip(1_usize..) {
        let lower = practice.to_lowercase();
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut name: String = words.collect::<Vec<_>>().join("-").chars().take(40).collect();
        let joint = if name.is_empty() { "" } else { "-" };
        let numbered = (number..).map(|number| format!("{name}{joint}{number}"));
        let bare = Some(name.clone()).filter(|name| !name.is_empty());
        name = bare.into_iter().chain(numbered).find(|name| !out.contains(name)).unwrap_or_default();
        out.push(name);
    }
    out
}

/// The names of the lists for so many patients, of one practice of several if it has a name
/// for its files, and how many are in each.
pub fn names(system: System, practice: Option<&str>, patients: usize, options: Options) -> Vec<(String, usize)> {
    let (stem, ending) = match system {
        System::Emis => ("add-106-emis", "txt"),
        System::SystmOne => ("add-106-systmone", "csv"),
    };
    let stem = practice.map_or_else(|| stem.to_owned(), |practice| format!("{stem}-{practice}"));
    let most = most(options);
    let of = patients.div_ceil(most).max(1);
    if of == 1 {
        return vec![(format!("{stem}.{ending}"), patients)];
    }
    let places = of.to_string().len();
    // Numbered so that they stand in their order in any folder.
    let part = |number: usize| {
        let name = format!("{stem}-{number:0places$}-of-{of}.{ending}");
        (name, most.min(patients - (number - 1) * most))
    };
    (1..=of).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patients() -> Vec<(NhsNumber, &'static str)> {
        [(9_990_000_018, "101"), (9_990_000_026, "102"), (9_990_000_034, "103")]
            .into_iter()
            .filter_map(|(n, emis)| Some((NhsNumber::new(n)?, emis)))
            .collect()
    }

    #[test]
    fn each_list_is_exactly_what_its_system_takes() {
        let list = &patients()[..2];
        assert_eq!(
            add_106(System::Emis, None, list, Options::default()),
            [("add-106-emis.txt".to_owned(), b"9990000018\r\n9990000026\r\n".to_vec())]
        );
        assert_eq!(
            add_106(System::SystmOne, None, list, Options::default()),
            [("add-106-systmone.csv".to_owned(), b"NHS number\r\n9990000018\r\n9990000026\r\n".to_vec())]
        );
        assert_eq!(add_106(System::Emis, None, &[], Options::default()), [("add-106-emis.txt".to_owned(), Vec::new())]);
    }

    #[test]
    fn practices_have_files_of_their_own() {
        let names = practice_names(["Riverbank Surgery (A81001)", "—", "RIVERBANK  surgery A81001"].into_iter());
        assert_eq!(names, ["riverbank-surgery-a81001", "2", "riverbank-surgery-a81001-3"]);
        let lists = add_106(System::Emis, Some(&names[0]), &patients()[..1], Options::default());
        assert_eq!(lists[0].0, "add-106-emis-riverbank-surgery-a81001.txt");
    }

    #[test]
    fn other_tools_get_a_header_the_number_beside_and_files_of_so_many_rows() {
        let options =
            Options { list_header: Some(true), list_rows: Some(2), list_emis_number: true, ..Options::default() };
        assert_eq!(
            add_106(System::Emis, None, &patients(), options),
            [
                (
                    "add-106-emis-1-of-2.txt".to_owned(),
                    b"NHS number,EMIS number\r\n9990000018,101\r\n9990000026,102\r\n".to_vec()
                ),
                ("add-106-emis-2-of-2.txt".to_owned(), b"NHS number,EMIS number\r\n9990000034,103\r\n".to_vec()),
            ]
        );
        let none = Options { list_header: Some(false), ..Options::default() };
        assert_eq!(add_106(System::SystmOne, None, &patients()[..1], none)[0].1, b"9990000018\r\n");
        // Nothing is lost however it is cut, and the names stand in order.
        for rows in 1..=4 {
            let options = Options { list_rows: Some(rows), ..Options::default() };
            let lists = add_106(System::Emis, None, &patients(), options);
            let joined: Vec<u8> = lists.iter().flat_map(|(_, list)| list.clone()).collect();
            assert_eq!(joined, b"9990000018\r\n9990000026\r\n9990000034\r\n", "{rows}");
            assert!(lists.is_sorted_by_key(|(name, _)| name.clone()));
        }
    }
}
