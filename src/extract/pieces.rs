//! A list in pieces: what the parts of a file hold, one after the other, without being copied
//! into one.

/// A list in pieces.
#[derive(Debug)]
pub struct Pieces<T> {
    lists: Vec<Vec<T>>,
    /// Where each piece begins in the whole.
    begins: Vec<usize>,
    len: usize,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self { lists: Vec::new(), begins: Vec::new(), len: 0 }
    }
}

impl<T> Pieces<T> {
    /// Adds a piece at the end.
    pub fn push(&mut self, piece: Vec<T>) {
        if !piece.is_empty() {
            self.begins.push(self.len);
            self.len += piece.len();
            self.lists.push(piece);
        }
    }

    /// How many there are in all.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.lists.iter().flatten()
    }

    /// The pieces, each with its place in the whole.
    pub fn pieces(&self) -> impl Iterator<Item = (usize, &[T])> {
        self.begins.iter().copied().zip(self.lists.iter().map(Vec::as_slice))
    }

    /// The pieces themselves.
    #[must_use]
    pub fn into_pieces(self) -> Vec<Vec<T>> {
        self.lists
    }

    /// Where one of them is: its piece, and its place there.
    fn place(&self, index: usize) -> Option<(usize, usize)> {
        let piece = self.begins.partition_point(|begin| *begin <= index).checked_sub(1)?;
        Some((piece, index - self.begins.get(piece)?))
    }

    /// One of them, to be changed.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let (piece, within) = self.place(index)?;
        self.lists.get_mut(piece)?.get_mut(within)
    }
}

#[cfg(test)]
impl<T> std::ops::Index<usize> for Pieces<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        let (piece, within) = self.place(index).unwrap_or((usize::MAX, 0));
        &self.lists[piece][within]
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn pieces_are_one_list() {
        let mut pieces = Pieces::default();
        for piece in [vec![0, 1, 2], vec![], vec![3], vec![4, 5]] {
            pieces.push(piece);
        }
        assert_eq!(pieces.len(), 6);
        assert!(pieces.iter().copied().eq(0..6) && (0..6).all(|n| pieces[n] == n));
        assert_eq!(pieces.get_mut(6), None);
        *pieces.get_mut(4).expect("the fifth") = 9;
        assert_eq!(pieces.pieces().last(), Some((4, &[9, 5][..])));
        assert!(Pieces::<u8>::default().is_empty());
    }
}
