//! Randomness of the operating system.

/// As many random bytes as asked for; `None` where the system gives none.
#[must_use]
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_are_the_same() {
        let (a, b) = (super::bytes::<32>(), super::bytes::<32>());
        assert!(a.is_some() && a != b);
    }
}
