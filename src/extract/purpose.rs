//! What a file is for: an export, or one of the lists beside it.

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Purpose {
    /// An export with access codes.
    #[default]
    Export,
    /// The registered list: the denominator, registration dates, and who has left.
    Registered,
    /// A safeguarding or risk register: whoever is on it is marked.
    Safeguarding,
    /// Online users: account status and access level.
    Accounts,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Export, Self::Registered, Self::Safeguarding, Self::Accounts];

    /// As files write it and the screen shows it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Registered => "registered list",
            Self::Safeguarding => "safeguarding register",
            Self::Accounts => "online accounts",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_label_of_its_own() {
        let labels: std::collections::HashSet<_> = Purpose::ALL.iter().map(|p| p.label()).collect();
        assert_eq!(labels.len(), Purpose::ALL.len());
    }
}
