//! English GP practices made up from a seed, with the truth about every 104.
//!
//! It works from how practices work, and knows nothing of how bulk entries are looked for: people
//! register, move and die; clinicians decide about one patient, a family or a meeting's list; campaigns
//! set 104s by the list; 106s, refusals and a change of system come later. What a practice would export
//! of it is written in the layout of EMIS Web or `SystmOne`.

mod bulk;
mod calendar;
mod columns;
mod genuine;
mod inherited;
mod later;
mod names;
mod notes;
mod people;
mod random;
mod runs;
mod staff;
mod top_ups;
mod truth;
mod world;
mod write;

use calendar::{Day, civil, day};
use columns::Look;
use random::{Random, whole};
use staff::Staff;
use world::World;

/// In whose layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// EMIS Web.
    Emis,
    /// TPP `SystmOne`.
    SystmOne,
}

/// How 104s came in bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pattern {
    /// One user, the whole list, one day or over midnight.
    WholeListDay,
    /// Three to ten users share a day or two.
    SeveralUsersOneDay,
    /// One user, working days, down the alphabet.
    RunByAlphabet,
    /// One user, working days, by the system's number.
    RunByNumber,
    /// One user, working days, one usual GP's list after the other.
    RunByUsualGp,
    /// One user, a few a day, for weeks.
    SlowRun,
    /// New registrations, every week.
    WeeklyTopUp,
    /// New registrations, every working day.
    DailyTopUp,
    /// New registrations, every month.
    MonthlyTopUp,
    /// Each dated with the patient's registration, typed on a day or a run of days.
    BackDatedToRegistration,
    /// All dated with one day and typed later, or typed on one day and dated here and there.
    BackDatedToOneDay,
    /// All of 75 and over, on one day.
    OverSeventyFives,
    /// A clinic's list by office staff.
    OneClinic,
    /// A register: learning disability, dementia, care home.
    OneRegister,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::WholeListDay,
        Self::SeveralUsersOneDay,
        Self::RunByAlphabet,
        Self::RunByNumber,
        Self::RunByUsualGp,
        Self::SlowRun,
        Self::WeeklyTopUp,
        Self::DailyTopUp,
        Self::MonthlyTopUp,
        Self::BackDatedToRegistration,
        Self::BackDatedToOneDay,
        Self::OverSeventyFives,
        Self::OneClinic,
        Self::OneRegister,
    ];

    /// In words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::WholeListDay => "whole list on a day",
            Self::SeveralUsersOneDay => "several users on a day",
            Self::RunByAlphabet => "run by alphabet",
            Self::RunByNumber => "run by number",
            Self::RunByUsualGp => "run by usual GP",
            Self::SlowRun => "slow run",
            Self::WeeklyTopUp => "weekly top-up",
            Self::DailyTopUp => "daily top-up",
            Self::MonthlyTopUp => "monthly top-up",
            Self::BackDatedToRegistration => "back-dated to registration",
            Self::BackDatedToOneDay => "back-dated to one day",
            Self::OverSeventyFives => "over seventy-fives",
            Self::OneClinic => "one clinic",
            Self::OneRegister => "one register",
        }
    }
}

/// Why a 104 was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// By a campaign that went by the list.
    Bulk {
        /// What the campaign looks like.
        pattern: Pattern,
        /// Its number in the practice, from 1.
        campaign: u16,
    },
    /// Somebody decided about this patient.
    Genuine(GenuineKind),
    /// It came with the record from another practice.
    Inherited,
}

/// How somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GenuineKind {
    /// One patient, one clinician.
    Lone,
    /// A family on one day.
    Family,
    /// A handful by a clinician after a surgery.
    Clinic,
    /// A safeguarding meeting's list.
    Meeting,
    /// A 104 again after a 106.
    Reapplied,
    /// Set with a campaign, but looked at: with a note of its own.
    NotedOnBulkDay,
    /// Typed by a secretary for a clinician.
    OnInstruction,
    /// At registration, when the patient told of a risk.
    NewPatientCheck,
    /// Asked or declined at the desk, or by letter: a few a day by one receptionist.
    AtDesk,
    /// Gone through in the evenings by one person, each with the same few words.
    Evenings,
}

/// One patient as they really are.
#[derive(Clone, Debug)]
pub struct Truth {
    /// NHS number.
    pub nhs: u64,
    /// The word of the status on the day of the export.
    pub status: &'static str,
    /// Of the active 104: the latest one, where no 106 is later. `None` where there is none.
    pub origin: Option<Origin>,
    /// Genuine, and some bulk entry of the file has the same visible dates, user and text.
    pub indistinguishable: bool,
}

/// One practice, its file and its truth.
#[derive(Clone, Debug)]
pub struct Practice {
    /// What it was made from.
    pub seed: u64,
    /// Name of the file.
    pub name: String,
    /// Whose layout the file has.
    pub layout: Layout,
    /// The file.
    pub bytes: Vec<u8>,
    /// Every patient of the file, in its order.
    pub truth: Vec<Truth>,
    /// The patterns of which the file has entries.
    pub patterns: Vec<Pattern>,
    /// The columns it has.
    pub columns: Columns,
    /// How many patients are registered; leavers and those without code may make the file's number another.
    pub size: usize,
    /// The day of the export.
    pub today: (i32, u32, u32),
    /// What was simulated, for whoever looks into a miss.
    pub story: String,
}

/// Which columns a file has beside NHS number, name, code and date of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Columns {
    /// Who entered it.
    pub user: bool,
    /// Free text.
    pub text: bool,
    /// The date of typing.
    pub entered: bool,
    /// Date of registration.
    pub registered: bool,
    /// Where it was entered.
    pub organisation: bool,
    /// Date of birth; an age stands in its place where it is not.
    pub birth: bool,
    /// Usual GP.
    pub usual_gp: bool,
    /// EMIS number or `SystmOne` identifier.
    pub system_number: bool,
    /// Patients without any of the codes are in the file too.
    pub uncoded_patients: bool,
}

/// What to simulate; everything left open is drawn from the seed.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    /// Whose layout.
    pub layout: Option<Layout>,
    /// How many registered patients.
    pub size: Option<usize>,
    /// Which patterns; an empty list for none at all.
    pub patterns: Option<Vec<Pattern>>,
    /// Which columns.
    pub columns: Option<Columns>,
}

/// Makes up a practice.
#[must_use]
pub fn simulate(seed: u64, brief: &Brief) -> Practice {
    let mut seeds = Random::new(seed);
    let [mut draw, mut for_columns, mut for_look, mut for_people, mut for_staff, for_events] =
        std::array::from_fn(|_| seeds.fork());
    let layout = if draw.chance(0.55) { Layout::Emis } else { Layout::SystmOne };
    let layout = brief.layout.unwrap_or(layout);
    let size = whole(draw.log_span(1_500.0, 30_000.0));
    let size = brief.size.unwrap_or(size).max(1);
    let drawn = draw_patterns(&mut draw);
    let patterns = brief.patterns.clone().unwrap_or(drawn);
    let columns = Columns::draw(&mut for_columns);
    let columns = brief.columns.unwrap_or(columns);
    let look = Look::draw(&mut for_look);
    let today = draw.between(day(2024, 2, 1), day(2026, 11, 30));

    let area = names::Area::new(&mut draw);
    let (staff, users) = Staff::new(&mut for_staff, &area, layout, size, today);
    let plan = plan(&mut draw, look, size, today, staff.lists.clone());
    let people = people::people(&mut for_people, &area, &plan);
    let mut places = vec![draw.pick(&names::HERE).to_owned()];
    places.extend(names::elsewhere());
    let here = places.first().cloned().unwrap_or_default();
    let mut world = World {
        random: for_events,
        layout,
        today,
        people,
        staff,
        users,
        places,
        story: Vec::new(),
        campaigns: 0,
        bulk_days: Vec::new(),
        patterns: Vec::new(),
    };
    let opening = format!(
        "Seed {seed}: {here}, {layout:?}, {size} registered, export of {}, {}, turnover {:.0} %{}.",
        calendar::with_hyphens(today),
        columns.described(),
        plan.turnover * 100.0,
        if plan.is_university { ", university list" } else { "" },
    );
    world.tell(opening);
    if let Some((on, part)) = plan.merger {
        let told =
            format!("Took over a list on {} ({:.0} % of the households).", calendar::with_hyphens(on), part * 100.0);
        world.tell(told);
    }
    happen(&mut world, &patterns, columns);

    let rows = write::rows(&world, columns, look);
    let bytes = write::file(&world, columns, look, &rows);
    let truth = truth::of_all(&world, columns, &rows);
    let (year, month, of_month) = civil(today);
    let slug = here.to_lowercase().replace(' ', "-");
    let system = if layout == Layout::Emis { "emis" } else { "systmone" };
    Practice {
        seed,
        name: format!("{slug}-{seed}-{system}.csv"),
        layout,
        bytes,
        truth,
        patterns: truth::patterns(&world, &rows),
        columns,
        size,
        today: (year, month.unsigned_abs(), of_month.unsigned_abs()),
        story: world.story.join(" "),
    }
}

/// What happens at the practice over the years.
fn happen(world: &mut World, patterns: &[Pattern], columns: Columns) {
    inherited::run(world);
    let habits = genuine::Habits::new(&mut world.random, &world.people, world.today);
    genuine::before_bulk(world, &habits);
    bulk::run(world, patterns);
    genuine::after_bulk(world, &habits);
    later::run(world);
    if columns.entered && world.random.chance(0.05) {
        later::migrate(world);
    }
}

/// A fifth without any, nearly half with one, the rest with two to four.
fn draw_patterns(random: &mut Random) -> Vec<Pattern> {
    let (lists, others) = Pattern::ALL.split_at(6);
    let top_ups = others.get(..3).unwrap_or_default();
    let mut out = Vec::new();
    let many = random.unit();
    if many < 0.2 {
        return out;
    }
    if many < 0.65 {
        return vec![random.pick(&Pattern::ALL)];
    }
    let wanted = random.count(2, 4);
    if random.chance(0.6) {
        let first = if random.chance(0.4) { Pattern::WholeListDay } else { random.pick(lists) };
        out.push(first);
        out.extend(random.choose(top_ups));
    }
    while out.len() < wanted {
        let next = random.pick(&Pattern::ALL);
        if !out.contains(&next) {
            out.push(next);
        }
    }
    out
}

fn plan(random: &mut Random, look: Look, size: usize, today: Day, lists: Vec<f64>) -> people::Plan {
    let is_university = random.chance(0.04);
    let turnover = if is_university { random.span(0.18, 0.28) } else { random.span(0.08, 0.12) };
    let merger = (random.between(day(2017, 1, 1), day(2025, 12, 1)), random.span(0.08, 0.3));
    let merger = Some(merger).filter(|(on, _)| random.chance(0.06) && *on < today - 30);
    let leavers = if look.tells_leavers() { random.pick(&[0.002, 0.01, 0.01, 0.02, 0.15, 0.3]) } else { 0.0 };
    let temporary = if look.tells_temporary() { random.span(0.0, 0.008) } else { 0.0 };
    people::Plan { size, today, turnover, is_university, merger, leavers, temporary, lists }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn is_bulk(truth: &Truth) -> bool {
        matches!(truth.origin, Some(Origin::Bulk { .. }))
    }

    fn small(patterns: &[Pattern]) -> Brief {
        Brief { size: Some(3_000), patterns: Some(patterns.to_vec()), ..Brief::default() }
    }

    #[test]
    fn the_same_seed_gives_the_same_practice() {
        for seed in 0..4 {
            let (one, two) = (simulate(seed, &Brief::default()), simulate(seed, &Brief::default()));
            assert!(one.bytes == two.bytes && one.name == two.name && one.story == two.story);
            assert!(one.bytes != simulate(seed + 100, &Brief::default()).bytes);
            assert_eq!((one.seed, one.truth.is_empty()), (seed, false));
            assert!(one.size >= 1_500 && (2024..=2026).contains(&one.today.0));
        }
    }

    #[test]
    fn numbers_are_valid_and_nobody_has_anothers() {
        let practice = simulate(7, &Brief { size: Some(20_000), ..Brief::default() });
        let numbers: HashSet<u64> = practice.truth.iter().map(|t| t.nhs).collect();
        assert_eq!(numbers.len(), practice.truth.len());
        for nhs in numbers {
            assert_eq!(nhs / 10_000_000, 999);
            assert_eq!(people::nhs_number(nhs / 10), Some(nhs));
        }
    }

    #[test]
    fn without_a_pattern_nothing_is_bulk() {
        for seed in 0..12 {
            let practice = simulate(seed, &small(&[]));
            assert!(practice.patterns.is_empty());
            assert!(!practice.truth.iter().any(is_bulk));
            assert!(practice.truth.iter().any(|t| matches!(t.origin, Some(Origin::Genuine(_)))));
        }
    }

    #[test]
    fn each_pattern_alone_is_found_again() {
        for wanted in Pattern::ALL {
            for seed in 0..8 {
                for size in [1_500, 6_000] {
                    let practice = simulate(seed, &Brief { size: Some(size), ..small(&[wanted]) });
                    assert_eq!(practice.patterns, [wanted], "{}", practice.story);
                    let right = |t: &Truth| matches!(t.origin, Some(Origin::Bulk { pattern, campaign: 1 }) if pattern == wanted);
                    let bulk = practice.truth.iter().filter(|t| is_bulk(t)).count();
                    assert_eq!(bulk, practice.truth.iter().filter(|t| right(t)).count());
                    assert!(bulk >= 4, "{}: {bulk}: {}", wanted.label(), practice.story);
                }
            }
        }
    }

    #[test]
    fn only_genuine_entries_are_indistinguishable() {
        let mut count = 0;
        for seed in 0..30 {
            for truth in simulate(seed, &Brief::default()).truth {
                let is_genuine = matches!(truth.origin, Some(Origin::Genuine(_)));
                assert!(is_genuine || !truth.indistinguishable);
                count += usize::from(truth.indistinguishable);
            }
        }
        assert!(count > 0);
    }

    #[test]
    fn the_brief_is_kept() {
        let columns = Columns { user: false, entered: false, uncoded_patients: false, ..Columns::FULL };
        for layout in [Layout::Emis, Layout::SystmOne] {
            let brief = Brief { layout: Some(layout), columns: Some(columns), ..small(&[Pattern::SlowRun]) };
            let practice = simulate(3, &brief);
            assert_eq!((practice.layout, practice.columns, practice.size), (layout, columns, 3_000));
            assert!(practice.truth.iter().all(|t| t.status != "no code"));
            let text = String::from_utf8(practice.bytes).unwrap_or_default();
            assert!(!text.contains("Date Added") && !text.contains("Event done by"));
        }
    }

    #[test]
    fn days_are_right() {
        assert_eq!(civil(day(2024, 2, 29)), (2024, 2, 29));
        assert_eq!(calendar::weekday(day(2022, 10, 31)), 0);
        let holidays = [(2022, 6, 2), (2022, 9, 19), (2022, 12, 27), (2023, 1, 2), (2023, 4, 7), (2023, 5, 8)];
        for (year, month, of_month) in holidays.into_iter().chain([(2024, 3, 29), (2025, 4, 21), (2026, 12, 28)]) {
            assert!(calendar::is_bank_holiday(day(year, month, of_month)), "{year}-{month}-{of_month}");
        }
        assert!(!calendar::is_bank_holiday(day(2022, 5, 30)) && !calendar::is_bank_holiday(day(2023, 12, 27)));
    }

    #[test]
    fn a_share_of_practices_has_no_bulk_at_all() {
        let mut random = Random::new(1);
        let without = (0..2_000).filter(|_| draw_patterns(&mut random).is_empty()).count();
        assert!((320..480).contains(&without));
    }
}
