//! Lists of NHS numbers for the bulk step, exactly as each system takes them.
//! Neither system reads a file of coded rows.

use crate::domain::NhsNumber;
use crate::extract::System;

/// The list of patients to give a 106.
///
/// EMIS Web: one number a line, ten digits, no header, CRLF, no byte order mark.
/// `SystmOne`: one column headed "NHS number".
pub fn add_106(system: System, numbers: &[NhsNumber]) -> (&'static str, Vec<u8>) {
    let (name, header) = match system {
        System::Emis => ("add-106-emis.txt", ""),
        System::SystmOne => ("add-106-systmone.csv", "NHS number\r\n"),
    };
    let mut out = Vec::with_capacity(header.len() + numbers.len() * 12);
    out.extend(header.as_bytes());
    for number in numbers {
        out.extend(number.digits().as_bytes());
        out.extend(b"\r\n");
    }
    (name, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_is_exactly_what_its_system_takes() {
        let numbers: Vec<NhsNumber> = [9_990_000_018, 9_990_000_026].into_iter().filter_map(NhsNumber::new).collect();
        assert_eq!(add_106(System::Emis, &numbers), ("add-106-emis.txt", b"9990000018\r\n9990000026\r\n".to_vec()));
        assert_eq!(
            add_106(System::SystmOne, &numbers),
            ("add-106-systmone.csv", b"NHS number\r\n9990000018\r\n9990000026\r\n".to_vec())
        );
    }
}
