//! What the page tells beside everything else, with a way back where there is one.

/// A line over the page, until it is dismissed or another one comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// In words.
    pub text: String,
    /// Something went wrong.
    pub is_problem: bool,
    /// What can be done about it.
    pub offer: Option<Offer>,
}

/// What a notice offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The run that was deleted comes back.
    PutBack,
    /// The session that gave way to another comes back.
    BringBack,
    /// The session is saved as a file.
    SaveFile,
}

impl Notice {
    /// All is well.
    pub fn told(text: String) -> Self {
        Self { text, is_problem: false, offer: None }
    }

    /// Something went wrong.
    pub fn problem(text: String) -> Self {
        Self { text, is_problem: true, offer: None }
    }

    /// With a way back.
    pub fn offering(self, offer: Offer) -> Self {
        Self { offer: Some(offer), ..self }
    }
}
