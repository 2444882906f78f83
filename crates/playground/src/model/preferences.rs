//! How someone likes to see the page; kept from visit to visit.

use serde::{Deserialize, Serialize};

use crate::texts::Language;

/// Theme, size and language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// `light` or `dark`; nothing follows the system.
    pub theme: Option<String>,
    /// `projector`, or nothing.
    pub size: Option<String>,
    /// `en` or `ko`; nothing follows the browser.
    pub language: Option<String>,
}

impl Preferences {
    /// Reads what was kept; anything that cannot be read counts as nothing.
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// As it is kept.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The language to speak, given the browser's.
    pub fn language(&self, browsers: &str) -> Language {
        Language::from_code(self.language.as_deref().unwrap_or(browsers))
    }
}
