//! The number of a family card (No. KK): sixteen digits, of which the middle six are the date of issue (nothing is
//! added for a woman). It changes when a family splits, moves or gets a new head, so it identifies a card and not a
//! family.

use super::nik::{Digits16, Sixteen, sixteen};

/// Number of a family card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FamilyCard(Digits16);

/// What is wrong with the number of a family card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damaged {
    /// `3.27E+15`: digits are gone.
    Scientific,
    /// Not sixteen digits; an empty cell has none.
    Length,
}

impl FamilyCard {
    /// Reads a cell; the flag says whether it had to be repaired (spaces, apostrophe, `.0`).
    ///
    /// # Errors
    /// [`Damaged`] where sixteen digits cannot be had from it.
    pub fn parse(raw: &str) -> Result<(Self, bool), Damaged> {
        match sixteen(raw) {
            Ok((digits, repaired)) => Ok((Self(digits), repaired)),
            Err(Sixteen::Scientific) => Err(Damaged::Scientific),
            Err(Sixteen::Empty | Sixteen::Length(_)) => Err(Damaged::Length),
        }
    }

    /// The sixteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::fmt::Display for FamilyCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_damaged() {
        assert_eq!(FamilyCard::parse("3273150508140001").unwrap().0.as_str(), "3273150508140001");
        assert!(FamilyCard::parse("'3273150508140001").unwrap().1);
        assert_eq!(FamilyCard::parse("3.27314E+15"), Err(Damaged::Scientific));
        assert_eq!(FamilyCard::parse(""), Err(Damaged::Length));
        assert_eq!(FamilyCard::parse("327315050814000"), Err(Damaged::Length));
    }
}
