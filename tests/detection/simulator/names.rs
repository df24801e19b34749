//! Family and given names with the unequal frequencies of English lists.

use super::random::Random;

/// Names that go together.
struct Origin {
    /// Family names with how often they come.
    families: &'static [(&'static str, f64)],
    /// Given names of women.
    women: &'static [&'static str],
    /// Given names of men.
    men: &'static [&'static str],
}

#[rustfmt::skip]
const BRITISH: Origin = Origin {
    families: &[
        ("SMITH", 126.0), ("JONES", 76.0), ("TAYLOR", 59.0), ("BROWN", 56.0), ("WILLIAMS", 53.0), ("WILSON", 44.0),
        ("JOHNSON", 37.0), ("DAVIES", 35.0), ("ROBINSON", 31.0), ("WRIGHT", 31.0), ("THOMPSON", 30.0), ("EVANS", 30.0),
        ("WALKER", 30.0), ("WHITE", 29.0), ("ROBERTS", 28.0), ("GREEN", 28.0), ("HALL", 27.0), ("WOOD", 26.0),
        ("JACKSON", 26.0), ("CLARKE", 24.0), ("CLARK", 20.0), ("HARRIS", 23.0), ("LEWIS", 20.0), ("TURNER", 22.0),
        ("HILL", 21.0), ("COOPER", 21.0), ("MOORE", 20.0), ("WARD", 21.0), ("KING", 19.0), ("BAKER", 19.0),
        ("HARRISON", 18.0), ("MORRIS", 18.0), ("ALLEN", 17.0), ("SCOTT", 17.0), ("WATSON", 17.0), ("PARKER", 16.0),
        ("BENNETT", 16.0), ("YOUNG", 15.0), ("COOK", 15.0), ("JAMES", 15.0), ("GRIFFITHS", 13.0), ("CARTER", 15.0),
        ("PHILLIPS", 14.0), ("LEE", 14.0), ("MARTIN", 20.0), ("HUGHES", 22.0), ("EDWARDS", 22.0), ("THOMAS", 27.0),
        ("SHAW", 14.0), ("BAILEY", 13.0), ("RICHARDSON", 13.0), ("COLLINS", 12.0), ("BELL", 12.0), ("MURPHY", 12.0),
        ("MILLER", 12.0), ("COX", 12.0), ("MARSHALL", 12.0), ("ANDERSON", 11.0), ("SIMPSON", 11.0), ("PRICE", 11.0),
        ("ELLIS", 11.0), ("ADAMS", 11.0), ("WILKINSON", 10.0), ("FOSTER", 10.0), ("CHAPMAN", 10.0), ("MASON", 10.0),
        ("GRAY", 9.0), ("WEBB", 9.0), ("ROGERS", 9.0), ("HUNT", 8.0), ("MILLS", 8.0), ("HOLMES", 8.0),
        ("PALMER", 8.0), ("MATTHEWS", 8.0), ("FISHER", 7.0), ("BARNES", 7.0), ("KNIGHT", 7.0), ("O'BRIEN", 6.0),
        ("KELLY", 9.0), ("BUTLER", 6.0), ("DIXON", 6.0), ("HARVEY", 6.0), ("PEARSON", 6.0), ("GRAHAM", 6.0),
        ("FLETCHER", 5.0), ("GIBSON", 5.0), ("HOWARD", 5.0), ("ANDREWS", 5.0), ("QUINN", 3.0), ("YATES", 3.0),
        ("UNDERWOOD", 2.0), ("VAUGHAN", 2.0), ("INGRAM", 2.0), ("NORRIS", 3.0), ("ZIMMERMAN", 0.5), ("DRAKE", 2.0),
    ],
    women: &[
        "Margaret", "Susan", "Jean", "Patricia", "Christine", "Linda", "Karen", "Julie", "Sarah", "Emma", "Claire",
        "Laura", "Rebecca", "Charlotte", "Jessica", "Sophie", "Emily", "Olivia", "Amelia", "Grace", "Lily", "Helen",
        "Joanne", "Nicola", "Tracey", "Dorothy", "Joan", "Barbara", "Hannah", "Lucy", "Megan", "Chloe",
    ],
    men: &[
        "John", "David", "Michael", "Peter", "Robert", "Paul", "Andrew", "Mark", "Stephen", "Ian", "James", "Daniel",
        "Matthew", "Thomas", "Jack", "Oliver", "Harry", "George", "Alan", "Brian", "Kevin", "Gary", "Simon", "Adam",
        "Luke", "Joshua", "Ryan", "Kenneth", "Roy", "Derek", "Callum", "Charlie",
    ],
};

#[rustfmt::skip]
const SOUTH_ASIAN: Origin = Origin {
    families: &[
        ("PATEL", 40.0), ("KHAN", 38.0), ("SINGH", 34.0), ("AHMED", 30.0), ("BEGUM", 30.0), ("HUSSAIN", 30.0),
        ("ALI", 28.0), ("KAUR", 28.0), ("AKHTAR", 16.0), ("SHAH", 14.0), ("IQBAL", 13.0), ("MIAH", 12.0),
        ("MAHMOOD", 10.0), ("RAHMAN", 10.0), ("SHARMA", 9.0), ("MALIK", 9.0), ("MISTRY", 6.0), ("DESAI", 4.0),
        ("RAO", 3.0), ("NAIR", 4.0), ("CHOUDHURY", 8.0), ("UDDIN", 8.0), ("BIBI", 10.0), ("GILL", 6.0),
    ],
    women: &[
        "Aisha", "Fatima", "Priya", "Nadia", "Farah", "Zainab", "Shabana", "Meena", "Anita", "Sunita", "Harpreet",
        "Maryam", "Samina", "Yasmin", "Rukhsana", "Deepa",
    ],
    men: &[
        "Mohammed", "Imran", "Raj", "Sanjay", "Ahmed", "Bilal", "Omar", "Anil", "Harjit", "Gurpreet", "Tariq",
        "Yusuf", "Vikram", "Asif", "Kamal", "Usman",
    ],
};

#[rustfmt::skip]
const AFRICAN: Origin = Origin {
    families: &[
        ("OKAFOR", 8.0), ("ADEYEMI", 8.0), ("MENSAH", 7.0), ("OWUSU", 7.0), ("BOATENG", 6.0), ("NWOSU", 4.0),
        ("MOHAMUD", 5.0), ("ABDI", 7.0), ("CAMPBELL", 10.0), ("GRANT", 6.0), ("FRANCIS", 6.0), ("OSEI", 5.0),
        ("MOYO", 4.0), ("DUBE", 3.0), ("TESFAYE", 3.0),
    ],
    women: &["Ngozi", "Abena", "Ola", "Blessing", "Amina", "Esther", "Hodan", "Precious", "Ruth", "Marcia"],
    men: &["Kwame", "Chidi", "Tunde", "Emeka", "Kofi", "Abdi", "Samuel", "Isaac", "Winston", "Tendai"],
};

#[rustfmt::skip]
const EUROPEAN: Origin = Origin {
    families: &[
        ("NOWAK", 10.0), ("KOWALSKI", 9.0), ("WISNIEWSKI", 6.0), ("POPESCU", 7.0), ("IONESCU", 5.0), ("SILVA", 7.0),
        ("SANTOS", 5.0), ("ROSSI", 4.0), ("PETROV", 3.0), ("KOVACS", 3.0), ("LEWANDOWSKI", 5.0), ("MAZUR", 4.0),
        ("GARCIA", 4.0), ("DIMITROV", 3.0),
    ],
    women: &["Anna", "Maria", "Agnieszka", "Katarzyna", "Elena", "Ioana", "Sofia", "Magdalena", "Ewa", "Carla"],
    men: &["Piotr", "Tomasz", "Andrei", "Ion", "Marek", "Pawel", "Luca", "Pedro", "Ivan", "Stefan"],
};

#[rustfmt::skip]
const EAST_ASIAN: Origin = Origin {
    families: &[
        ("WONG", 6.0), ("CHAN", 6.0), ("CHEN", 6.0), ("LI", 5.0), ("NGUYEN", 5.0), ("WANG", 4.0), ("ZHANG", 4.0),
    ],
    women: &["Mei", "Ling", "Linh", "Xin", "Grace", "Yan"],
    men: &["Wei", "Jun", "Minh", "Hao", "Kevin", "Ming"],
};

const ALL: [&Origin; 5] = [&BRITISH, &SOUTH_ASIAN, &AFRICAN, &EUROPEAN, &EAST_ASIAN];

/// Which names a practice's area has, and how often.
#[derive(Clone, Debug)]
pub struct Area([f64; 5]);

/// The name of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// In capitals, as EMIS writes it.
    pub family: &'static str,
    /// The first name.
    pub given: &'static str,
    /// Which list it comes from, for the rest of the family.
    origin: usize,
}

impl Area {
    /// An area: from a village to a city's centre.
    pub fn new(random: &mut Random) -> Self {
        let mix = random.log_span(0.03, 1.2);
        let mut part = |most: f64| mix * most * random.unit();
        Self([1.0, part(1.4), part(0.5), part(0.4), part(0.2)])
    }

    /// Somebody of a family of their own.
    pub fn name(&self, random: &mut Random, female: bool) -> Name {
        let origin = random.weighted(&self.0);
        let families = ALL[origin].families;
        let total: f64 = families.iter().map(|(_, weight)| weight).sum();
        let mut left = random.unit() * total;
        let found = families.iter().find(|(_, weight)| {
            left -= weight;
            left < 0.0
        });
        let family = found.map_or("SMITH", |(family, _)| family);
        Name { family, given: given(random, origin, female), origin }
    }

    /// Somebody of the same family.
    pub fn relative(random: &mut Random, of: Name, female: bool) -> Name {
        Name { given: given(random, of.origin, female), ..of }
    }
}

fn given(random: &mut Random, origin: usize, female: bool) -> &'static str {
    let from = ALL[origin.min(4)];
    random.pick(if female { from.women } else { from.men })
}

/// SMITH as Smith, O'BRIEN as O'Brien.
#[must_use]
pub fn title_case(family: &str) -> String {
    let mut start = true;
    let cased = family.chars().map(|c| {
        let c = if start { c } else { c.to_ascii_lowercase() };
        start = !c.is_alphabetic();
        c
    });
    cased.collect()
}

/// Practices elsewhere, those nearby first.
#[must_use]
pub fn elsewhere() -> Vec<String> {
    let towns = ["Bramford", "Kelby", "Thornaby Vale", "Wexley"];
    let near = ELSEWHERE.iter().map(|name| (*name).to_owned());
    near.chain(towns.iter().flat_map(|town| ELSEWHERE.iter().map(move |name| format!("{name} {town}")))).collect()
}

const ELSEWHERE: [&str; 10] = [
    "Millbrook Surgery",
    "The Old Forge Practice",
    "Castle Street Health Centre",
    "Park View Medical Practice",
    "St Aidan's Surgery",
    "Waterside Medical Centre",
    "Highfields Group Practice",
    "University Health Centre",
    "Station Road Surgery",
    "Elm Grove Medical Centre",
];

/// Names of the practice itself.
pub const HERE: [&str; 8] = [
    "Riverbank Surgery",
    "Oakdale Medical Centre",
    "Church Lane Practice",
    "The Willows Surgery",
    "Northgate Health Centre",
    "Meadow Family Practice",
    "Hillcrest Medical Practice",
    "Quayside Surgery",
];
