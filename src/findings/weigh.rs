//! How much what is known of some entries speaks for bulk.
//!
//! Each piece of evidence has a weight: how many times as likely it is where codes are
//! applied in bulk as where somebody decides for each patient, as a logarithm to the base
//! of ten (a ban; Good 1950, "Probability and the Weighing of Evidence"). Weights are added
//! up, from what most days of a practice are, and the sum says how much the entries look
//! applied in bulk. No piece decides by itself, and each is capped: none is better known
//! than that.

use super::baseline::{MANY_DAYS, Usual};
use super::counted::{Counted, usual_day};
use super::features::Feature;
use super::order::{Followed, List, ListFigures, Shortlist, followed, shortlist};
use super::timeline::Wave;
use super::{Kind, Likelihood, Thresholds};
use crate::cohort::Cohort;

/// Most days of a practice are not bulk: one in a hundred is, to begin with.
const PRIOR: f64 = -2.0;

/// What is known of some entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// So many on a day, or on days one after the other, or of new patients.
    Many,
    /// No free text on so many, though this practice writes notes.
    NoText(usize),
    /// Free text that is the same on many, on so many.
    SharedText {
        /// How many have such a text.
        n: usize,
        /// How many different ones there are.
        texts: usize,
    },
    /// So many others of the same hands and days carry a note of their own.
    NotedBeside(usize),
    /// The file has no free text: notes cannot be seen.
    NotesUnseen,
    /// The file does not say who entered them.
    UsersUnseen,
    /// The names of users have no titles: a clinician's would not show.
    TitlesUnseen,
    /// The file does not tell what patients brought with them from other practices.
    OriginUnseen,
    /// By office staff, who seldom enter such codes one by one.
    Office,
    /// By a clinician.
    Clinician,
    /// More than anybody can have looked at, of the list.
    ShareOfList,
    /// They follow a list.
    Followed(Followed),
    /// Nearly all are of one kind.
    Shortlist(Shortlist),
    /// Soon after so many were given a 106: a 104 then is set again for a few.
    After106(usize),
    /// In a time when many practices coded in bulk.
    Wave {
        /// Which.
        wave: Wave,
        /// How many of them.
        n: usize,
    },
}

/// A fact and its weight in bans; against bulk, if negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// What.
    pub fact: Fact,
    /// How much it says.
    pub bans: f64,
}

/// What is to be weighed.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The people.
    pub cohort: &'a Cohort,
    /// All entries.
    pub features: &'a [Feature],
    /// Those in question.
    pub entries: &'a [usize],
    /// What was counted over them.
    pub counted: &'a Counted,
    /// Others of the same hands and days, with notes of their own.
    pub noted_beside: usize,
    /// How surprising their number is, in bans.
    pub surprise: f64,
    /// As what they would be a group.
    pub kind: Kind,
    /// Lists, kinds of patient and times are looked at too. They speak for bulk only, and
    /// take longer.
    pub in_full: bool,
}

/// Weighs.
pub fn weigh(question: Question<'_>, usual: &Usual, list: &ListFigures, thresholds: &Thresholds) -> Vec<Weight> {
    let scales = Scales { question, usual, list, thresholds };
    let mut out = vec![scales.of_number(), scales.of_notes()];
    let further =
        [scales.of_notes_beside(), scales.of_users(), scales.of_origin(), scales.of_106s(), scales.of_share()];
    out.extend(further.into_iter().flatten());
    if question.in_full && !scales.is_top_up() {
        out.extend([scales.of_order(), scales.of_shortlist(), scales.of_wave()].into_iter().flatten());
    }
    out
}

/// What entries are weighed with.
#[derive(Clone, Copy)]
struct Scales<'a> {
    question: Question<'a>,
    usual: &'a Usual,
    list: &'a ListFigures,
    thresholds: &'a Thresholds,
}

impl Scales<'_> {
    fn n(&self) -> usize {
        self.question.entries.len()
    }

    const fn is_top_up(&self) -> bool {
        matches!(self.question.kind, Kind::TopUp | Kind::BackDated)
    }

    /// No larger than what a clinic or a meeting may make.
    fn is_small(&self) -> bool {
        are_lists(self.question.counted, self.thresholds)
    }

    /// One entry of which nobody knows who made it is enough not to know.
    const fn sees_users(&self) -> bool {
        self.question.counted.users_unseen == 0
    }

    fn by_clinicians(&self) -> bool {
        self.question.counted.clinicians * 2 > self.n()
    }

    /// Of the list, how many in a hundred; where the export holds nobody without a code, nobody
    /// knows the list.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    fn share(&self) -> f64 {
        if self.list.has_uncoded { self.n() as f64 * 100.0 / self.list.eligible.max(1) as f64 } else { 0.0 }
    }

    /// A number says less the smaller it is, however quiet the practice.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    fn of_number(&self) -> Weight {
        let most = 4.0 + 2.0 * (self.n() as f64 / 10.0).log10();
        Weight { fact: Fact::Many, bans: self.question.surprise.min(most) }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    fn of_notes(&self) -> Weight {
        let (n, counted) = (self.n(), self.question.counted);
        if counted.notes_unseen > 0 {
            let bans = match (self.is_top_up(), self.is_small()) {
                (true, _) => -0.5,
                (_, true) => -2.0,
                _ => 0.0,
            };
            return Weight { fact: Fact::NotesUnseen, bans };
        }
        if counted.shared * 2 > n {
            return Weight { fact: Fact::SharedText { n: counted.shared, texts: counted.texts.len() }, bans: 1.5 };
        }
        // Each entry without a note is a little likelier where nobody looked.
        let each = (0.98 / (1.0 - self.usual.noted)).log10();
        Weight { fact: Fact::NoText(n - counted.shared), bans: (each * n as f64).clamp(0.0, 1.0) }
    }

    /// Where many were looked at, the others of that day may have been, too.
    fn of_notes_beside(&self) -> Option<Weight> {
        let noted = self.question.noted_beside;
        // A run over weeks goes on beside other work.
        let is_one_piece = self.question.kind == Kind::OneDay || self.is_small();
        (noted * NOTED_ONE_IN >= self.n() && is_one_piece)
            .then_some(Weight { fact: Fact::NotedBeside(noted), bans: -2.0 })
    }

    fn of_users(&self) -> Option<Weight> {
        let of = |fact, bans| Some(Weight { fact, bans });
        let careful = if self.is_small() && !self.is_top_up() { -1.0 } else { 0.0 };
        if self.by_clinicians() {
            of(Fact::Clinician, if self.is_small() { -2.0 } else { -0.5 })
        } else if !self.sees_users() {
            of(Fact::UsersUnseen, careful)
        } else if !self.usual.shows_titles {
            of(Fact::TitlesUnseen, careful)
        } else if self.usual.knows_titles {
            of(Fact::Office, (0.95 / self.usual.office.max(0.1)).log10().clamp(0.0, 1.0))
        } else {
            None
        }
    }

    /// Those who came from a practice that coded its list have one day and one user there.
    fn of_origin(&self) -> Option<Weight> {
        if self.question.counted.origins_unseen == 0 {
            return None;
        }
        let is_little = self.list.has_uncoded && self.share() * 2.0 < f64::from(self.thresholds.list_share);
        let may_be_brought =
            self.n() <= self.thresholds.clinician_list as usize * 3 || (!self.sees_users() && is_little);
        Some(Weight { fact: Fact::OriginUnseen, bans: if may_be_brought { -2.0 } else { 0.0 } })
    }

    fn of_106s(&self) -> Option<Weight> {
        let (first, _) = self.question.counted.days.first().filter(|_| !self.is_top_up())?;
        let given = self.usual.given_106_before(*first, SOON_AFTER);
        let is_after = given >= self.thresholds.clinician_list as usize && given > self.n() * 2;
        is_after.then_some(Weight { fact: Fact::After106(given), bans: -2.0 })
    }

    fn of_share(&self) -> Option<Weight> {
        let share = self.share();
        let of = |bans| Some(Weight { fact: Fact::ShareOfList, bans });
        match self.n() >= 30 {
            true if share >= f64::from(self.thresholds.list_share) => of(2.0),
            true if share >= 2.0 => of(0.5),
            _ => None,
        }
    }

    fn of_order(&self) -> Option<Weight> {
        let Question { cohort, features, entries, counted, .. } = self.question;
        let order = followed(cohort, features, entries, &counted.days)?;
        Some(Weight { fact: Fact::Followed(order), bans: (order.surprise * 0.5).min(3.0) })
    }

    /// The patients of one GP, or the oldest, are what a clinician's own list is made of, too,
    /// whoever typed it in.
    fn of_shortlist(&self) -> Option<Weight> {
        let Question { cohort, features, entries, counted, .. } = self.question;
        let short = shortlist(cohort, features, (entries, &counted.days), self.list)?;
        let weight = Weight { fact: Fact::Shortlist(short), bans: (short.surprise * 0.5).min(2.0) };
        (!self.by_clinicians() && !self.is_small()).then_some(weight)
    }

    fn of_wave(&self) -> Option<Weight> {
        let days = &self.question.counted.days;
        let wave = Wave::of(days.first()?.0)?;
        let inside = days.iter().filter(|(day, _)| Wave::of(*day) == Some(wave));
        let inside: usize = inside.map(|(_, n)| *n as usize).sum();
        (inside * 2 > self.n()).then_some(Weight { fact: Fact::Wave { wave, n: inside }, bans: 0.3 })
    }
}

/// Whether days may be the lists of clinics or meetings: none of them larger than such a
/// list, and few, or far between.
fn are_lists(counted: &Counted, thresholds: &Thresholds) -> bool {
    let days = &counted.days;
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return true };
    let working_days = usize::try_from(last.weekdays_since(*first)).unwrap_or(0) + 2;
    let is_sparse = days.len() <= 3 || days.len() * 2 < working_days;
    is_sparse && days.iter().all(|(_, n)| *n <= longest_list(counted, thresholds))
}

/// How many a clinic or a meeting may make on a day: where nobody is named, what others entered that
/// day is among them.
const fn longest_list(counted: &Counted, thresholds: &Thresholds) -> u32 {
    let others = if counted.users_unseen > 0 { thresholds.clinician_list / 4 } else { 0 };
    thresholds.clinician_list + others
}

/// One with a note of its own to so many without is not what is left of a batch (ours).
const NOTED_ONE_IN: usize = 5;

/// Days after a batch of 106s in which a 104 is set again for those who need one (NHS England: a
/// 106 for all, then a 104 for the few).
pub const SOON_AFTER: i32 = 30;

/// Fewer a day come to a desk by themselves: patients who ask, or decline (ours).
const AT_A_DESK: u32 = 6;

/// So many patients a clinician may have looked at, a few a day (ours).
const SEEN_BY_ONE: u32 = 100;

/// The most that may be said of entries, whatever their weights: what may be a clinician's
/// own list, or a meeting's whose notes cannot be seen, is never more than possible.
pub fn most_likely(
    weights: &[Weight],
    counted: &Counted,
    (kind, is_complete): (Kind, bool),
    thresholds: &Thresholds,
) -> Likelihood {
    let has = |what: fn(&Fact) -> bool| weights.iter().any(|w| what(&w.fact));
    let is_much = weights.iter().any(|w| w.fact == Fact::ShareOfList && w.bans > 1.0);
    let all: u32 = counted.days.iter().map(|(_, n)| n).sum();
    // Those who register come one after the other.
    let are_new = counted.newly_registered * 2 > all as usize;
    let by_itself = |list: List| are_new && matches!(list, List::Registration | List::Number);
    let follows = weights.iter().any(|w| match w.fact {
        Fact::Followed(order) => !by_itself(order.list),
        Fact::SharedText { .. } => true,
        _ => false,
    });
    // A few a day, on and on, is what a desk does at which patients ask or decline.
    let usual = usual_day(&counted.days);
    let is_flow = usual < AT_A_DESK || (usual < thresholds.most_at_a_desk() && counted.days.len() > MANY_DAYS);
    // It has a few busy weeks, too; what is not complete may be a part of more.
    let is_busy = is_complete && usual < thresholds.least_on_a_day && all < SEEN_BY_ONE && !is_much;
    let may_be_a_desk = kind == Kind::Run && (is_flow || is_busy) && !follows;
    // Whoever was coded again right after a batch of 106s was chosen.
    let was_chosen = has(|f| matches!(f, Fact::After106(_)));
    // A clinician who works through patients in the evenings enters as many; so may anybody do
    // whose notes cannot be seen.
    let is_theirs = has(|f| matches!(f, Fact::Clinician | Fact::NotesUnseen));
    let is_small = counted.days.iter().all(|(_, n)| *n <= longest_list(counted, thresholds));
    let may_be_evenings = kind == Kind::Run && is_theirs && is_small && all < SEEN_BY_ONE && !follows && !is_much;
    // Nobody can tell these from what patients brought along.
    let is_brought = weights.iter().any(|w| w.fact == Fact::OriginUnseen && w.bans < 0.0);
    let may_be_brought = matches!(kind, Kind::OneDay | Kind::Run) && is_brought && counted.users_unseen > 0 && !is_much;
    // The list of a clinic or a meeting.
    let is_own = |w: &Weight| match w.fact {
        Fact::Clinician => true,
        Fact::NotesUnseen => kind != Kind::TopUp,
        // Whoever made it, it may be a clinician's.
        Fact::UsersUnseen | Fact::TitlesUnseen => kind == Kind::OneDay,
        _ => false,
    };
    let is_long = kind == Kind::TopUp && is_much;
    let may_be_own =
        kind != Kind::BackDated && !is_long && weights.iter().any(is_own) && are_lists(counted, thresholds);
    // The rest of a meeting, or of a clinic, of which most had something to be written down.
    let is_rest = has(|f| matches!(f, Fact::NotedBeside(_)));
    if may_be_a_desk || was_chosen || is_rest || may_be_evenings || may_be_brought || may_be_own {
        Likelihood::Possible
    } else {
        Likelihood::AlmostCertain
    }
}

/// What the weights come to, in bans.
pub fn total(weights: &[Weight]) -> f64 {
    PRIOR + weights.iter().map(|w| w.bans).sum::<f64>()
}

/// What that is in words; `None` for nothing.
pub fn likelihood(bans: f64, thresholds: &Thresholds) -> Option<Likelihood> {
    let at_least = |tenths: u32| bans * 10.0 >= f64::from(tenths);
    [
        (thresholds.almost_certain_from, Likelihood::AlmostCertain),
        (thresholds.likely_from, Likelihood::Likely),
        (thresholds.possible_from, Likelihood::Possible),
    ]
    .into_iter()
    .find(|(tenths, _)| at_least(*tenths))
    .map(|(_, likelihood)| likelihood)
}
