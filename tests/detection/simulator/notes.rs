//! What people type beside a code.

use super::calendar::{Day, month_and_year, with_slashes};
use super::random::Random;

#[rustfmt::skip]
const REASONS: [&str; 40] = [
    "partner has access to her phone", "husband reads her emails", "domestic abuse disclosed", "DV - perpetrator in the home",
    "MARAC case", "coercive control, ex-partner knows passwords", "son manages her phone and bank account",
    "lacks capacity for this decision, daughter has LPA", "dementia, carer uses her login", "safeguarding adult enquiry open",
    "child protection plan for the children", "looked after child placed with aunt", "restraining order against ex-partner",
    "stalking by former colleague", "HIV status not known to family", "termination not known to family",
    "asked that parents must not see record", "severe psychosis, record content may distress", "EUPD, crisis team asks for review first",
    "living in refuge, address must not be seen", "asylum seeker in shared accommodation", "forced marriage risk raised by school",
    "third party information from sister in notes", "allegations about step-father recorded", "learning disability, support worker holds phone",
    "family interpreter always present, can't speak alone", "suspected financial abuse by neighbour", "trafficking survivor",
    "letter from social services, no access for now", "previous overdose after reading letter", "adopted, birth family details in record",
    "witness protection flag", "police told us suspect has her login", "cuckooing, house used by others",
    "gender history not known at home", "paranoid about records, psychiatrist agrees to wait", "hidden pregnancy",
    "elderly, grandson controls visitors", "honour based abuse risk", "new diagnosis not yet told by hospital",
];
const LEADS: [&str; 12] = [
    "",
    "",
    "",
    "Seen today. ",
    "Pt attended alone - ",
    "Tel call, ",
    "Disclosed today: ",
    "Discussed with patient, ",
    "Reviewed notes: ",
    "HV informed me - ",
    "Practice safeguarding lead: ",
    "Asked by pt. ",
];
const TAILS: [&str; 12] = [
    "",
    "",
    "",
    ". Not for online access",
    ", see consultation",
    ". Review in 6 months",
    ". Do not give access",
    ", safeguarding lead aware",
    ". To be looked at again before access",
    " - pt agrees",
    ", review 12/12",
    ". Do not mention to partner",
];
const SHORT: [&str; 14] = [
    "see consultation",
    "See consultation",
    "see notes",
    "See notes",
    "see cons",
    "safeguarding",
    "Safeguarding concern",
    "as discussed",
    "at risk",
    "DV",
    "see letter",
    "pt request",
    "vulnerable",
    "risk identified",
];
const MEETING: [&str; 16] = [
    "CIN plan, no change",
    "CP plan, next core group in 4 weeks",
    "step-down to early help",
    "new referral from school",
    "HV worried about mum's partner",
    "MARAC heard, actions with IDVA",
    "adult at risk, s42 open",
    "father in prison, release soon",
    "LAC review done",
    "closed to social care, keep flag",
    "mother pregnant again, pre-birth assessment",
    "no contact order in place",
    "missed appts, was not brought x3",
    "moved in with grandmother",
    "police notification of DV incident",
    "neglect concerns, house visited",
];
const SURNAMES: [&str; 10] =
    ["Brookes", "Tandy", "Holt", "Amin", "Reeve", "Sutton", "Okoro", "Finch", "Lacey", "Byrne"];

/// A note of one's own: no two clinicians word it alike.
pub fn own(random: &mut Random, on: Day) -> String {
    let lead = random.pick(&LEADS);
    let reason = random.pick(&REASONS);
    let tail = random.pick(&TAILS);
    let mut text = format!("{lead}{reason}{tail}");
    match random.below(12) {
        0 => text = format!("{} - {text}", with_slashes(on, true)),
        1 => text = format!("{text} ({})", with_slashes(on, false)),
        2 => text = format!("{text}. SW {}", random.pick(&SURNAMES)),
        3 => text = format!("{text}, d/w {}", random.pick(&SURNAMES)),
        4 => text = text.to_lowercase(),
        5 => text = text.replace("access", "acess"),
        _ => {}
    }
    if lead.is_empty() && random.chance(0.7) { capital(&text) } else { text }
}

/// A few words that come again and again.
pub fn short(random: &mut Random) -> String {
    random.pick(&SHORT).to_owned()
}

/// What stands beside one person's entry after a safeguarding meeting.
pub fn meeting(random: &mut Random, on: Day, lead: &str) -> String {
    let item = random.pick(&MEETING);
    let who = random.pick(&SURNAMES);
    match random.below(5) {
        0 => format!("{lead} {}: {item}, SW {who}", with_slashes(on, true)),
        1 => format!("{lead}: {item} ({who})"),
        2 => format!("{lead} - {item}. Next {}", month_and_year(on + random.between(28, 120))),
        3 => capital(item),
        _ => format!("{} {lead}. {}; SW {who} to update", with_slashes(on, true), capital(item)),
    }
}

/// How a practice's meeting is called.
pub fn meeting_name(random: &mut Random) -> &'static str {
    random.pick(&["Safeguarding mtg", "Discussed at safeguarding meeting", "MDT", "SG meeting", "Family mtg with HV"])
}

/// What a secretary types for a clinician.
pub fn instructed(random: &mut Random, on: Day, by: &str) -> String {
    let reason = random.pick(&REASONS);
    match random.below(6) {
        0 => format!("Per {by}"),
        1 => format!("As instructed by {by} - {reason}"),
        2 => format!("Task from {by} {}", with_slashes(on, true)),
        3 => format!("{by}: {reason}"),
        4 => format!("added for {by}, {reason}"),
        _ => format!("As per {by}, see letter {}", with_slashes(on - random.between(1, 9), true)),
    }
}

/// What a receptionist writes beside each wish.
pub fn at_desk(random: &mut Random) -> &'static str {
    random.pick(&[
        "",
        "declined online access",
        "pt request",
        "Opted out",
        "patient declined",
        "Does not want online access",
    ])
}

/// What somebody writes beside each of those whom they went through.
pub fn of_an_evening(random: &mut Random) -> &'static str {
    random.pick(&[
        "GP reviewed - keep 104",
        "DV",
        "see letter",
        "reviewed by GP",
        "SG",
        "vulnerable",
        "CPP",
        "third party info",
    ])
}

/// What is told at a new patient's check.
pub fn new_patient(random: &mut Random) -> String {
    let reason = random.pick(&REASONS);
    match random.below(4) {
        0 => format!("NP check: {reason}"),
        1 => format!("New patient questionnaire - {reason}"),
        2 => format!("told at registration, {reason}"),
        _ => capital(reason),
    }
}

/// Why a 104 came again after a 106.
pub fn again(random: &mut Random, on: Day) -> String {
    let reason = random.pick(&REASONS);
    match random.below(4) {
        0 => format!("Block asked for again, {reason}"),
        1 => format!("106 added in error - {reason}"),
        2 => format!("Re-added {} {reason}", with_slashes(on, true)),
        _ => own(random, on),
    }
}

/// The text that a whole campaign carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// None.
    Nothing,
    /// One and the same.
    Same(&'static str),
    /// One and the same with a number that runs.
    Numbered(&'static str),
    /// One and the same with the day of typing.
    Dated(&'static str),
}

impl Wording {
    /// What a campaign's people agreed to type.
    pub fn of_campaign(random: &mut Random) -> Self {
        let text = random.pick(&[
            "Bulk added",
            "Added in bulk prior to online access go live",
            "Practice decision - review before access",
            "Online access - all patients pending review",
            "as per partners meeting",
            "Awaiting review",
            "Prospective access project",
            "104 added to all pts",
            "To be reviewed",
        ]);
        match random.below(100) {
            0..65 => Self::Nothing,
            65..90 => Self::Same(text),
            90..95 => Self::Numbered(text),
            _ => Self::Dated(text),
        }
    }

    /// The text of one entry.
    #[must_use]
    pub fn text(&self, on: Day, number: usize) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Same(text) => (*text).to_owned(),
            Self::Numbered(text) => format!("{text} {number}"),
            Self::Dated(text) => format!("{text} {}", with_slashes(on, true)),
        }
    }

    /// For the story.
    #[must_use]
    pub fn described(&self) -> String {
        match self {
            Self::Nothing => "no text".to_owned(),
            Self::Same(text) => format!("the text \"{text}\""),
            Self::Numbered(text) => format!("the text \"{text} N\""),
            Self::Dated(text) => format!("the text \"{text} dd/mm/yy\""),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str()))
}
