//! What speaks for and against, in words, each with its figure and with whoever that
//! figure counts.

use super::GroupId;
use super::timeline::Wave;
use crate::domain::Day;
use crate::extract::Word;

/// Which way evidence points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// It looks as the group is said to be: applied in bulk, inherited, a meeting.
    For,
    /// It looks as if somebody had looked at each.
    Against,
    /// It weighs nothing by itself, and should be known.
    Note,
}

/// One sentence with its figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which way it points.
    pub side: Side,
    /// How much it weighs, in tenths of a ban (ten make the odds ten times as long).
    pub weight: u16,
    /// The sentence.
    pub text: String,
    /// The patients whom its first figure counts; none where it counts no patients of the group.
    pub behind: Option<Behind>,
    /// Further figures of the sentence, in their order, and whom they count.
    pub more: Vec<(String, Behind)>,
}

/// Patients whom a figure counts, so that it can be checked by looking at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Behind {
    /// Everybody with an entry of the group, whatever became of it.
    Entries,
    /// Those in the group, blocked by its entries.
    Members,
    /// Those with an entry of the group that blocks nobody in it.
    NotMembers,
    /// Everybody with an entry that is in no group: what the practice enters otherwise.
    Otherwise,
    /// Those of the same days and users who were left out of the group.
    LeftOut,
    /// Entries of the group with the same free text as many others.
    SharedText,
    /// Entries of the group without any text.
    NoText,
    /// Entries of the group by clinicians.
    ByClinicians,
    /// Entries of the group by others.
    ByOthers,
    /// Entries of the group in a known wave.
    InWave(Wave),
    /// Those who registered in the time of a group of top-ups, coded or not.
    Registered,
    /// Eligible patients of the group's practice.
    Eligible,
    /// Patients of the group who were so old on its first day.
    Aged(i32),
    /// Patients of the group with this usual GP.
    OfGp(Word),
    /// Entries of one day by one user.
    DayOf(Day, Word),
    /// Entries of the month that begins on this day.
    Month(Day),
    /// Blocked patients of a usual GP.
    BlockedOf(Word),
    /// Blocked patients up to this age, and older than those of the band below.
    BlockedAged(i32),
}

impl Behind {
    /// Who that is, for headings.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Entries => "All entries",
            Self::Members => "Patients",
            Self::NotMembers => "Entries that block nobody in it: those",
            Self::Otherwise => "Entries outside the bulk groups",
            Self::LeftOut => "Left out",
            Self::SharedText => "Entries with the same text",
            Self::NoText => "Entries without text",
            Self::ByClinicians => "Entries by clinicians",
            Self::ByOthers => "Entries by others than clinicians",
            Self::InWave(_) => "Entries of the wave",
            Self::Registered => "Registered in this period",
            Self::Eligible => "All eligible patients",
            Self::Aged(_) => "The older patients",
            Self::OfGp(_) => "Patients with the same usual GP",
            Self::DayOf(..) => "Entries of one day and user",
            Self::Month(_) => "Entries of one month",
            Self::BlockedOf(_) => "Blocked, of one usual GP",
            Self::BlockedAged(_) => "Blocked, of one age band",
        }
    }

    /// The same with the group that it is about.
    #[must_use]
    pub fn title(self, group: Option<GroupId>) -> String {
        match (self, group) {
            (Self::DayOf(day, _), _) => format!("104 entered on {} by the same user", day.prose()),
            (Self::Month(first), _) => format!("104 entered in {}", first.date().format("%B %Y")),
            (Self::Eligible | Self::Otherwise, _) | (_, None) => self.label().to_owned(),
            (_, Some(group)) => format!("{} of {}", self.label(), group.label()),
        }
    }
}
