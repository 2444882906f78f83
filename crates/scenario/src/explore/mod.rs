//! The strategy explorer: the same rollout under other values of surge and unavailability.
//!
//! Each cell of the grid is a forecast of the manifest with these two values in it. A manifest that
//! begins no rollout is given one: its Deployment is restarted.

mod strategy;
#[cfg(test)]
mod tests;

use std::fmt;

use rollscope_api::order;
use serde::{Deserialize, Serialize};

pub use strategy::with_strategy;

use crate::forecast::{Forecast, Forecaster, Question, Verdict};
use crate::session::Session;

/// Values tried where nothing else is said.
pub const VALUES: [&str; 5] = ["0", "1", "25%", "50%", "100%"];
/// Most values of one side.
pub const VALUES_MAX: usize = 8;

/// What is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Values of `maxSurge`: numbers or percentages.
    pub surges: Vec<String>,
    /// Values of `maxUnavailable`.
    pub unavailables: Vec<String>,
    /// Runs of each cell.
    pub seeds: u32,
}

impl Default for Grid {
    fn default() -> Self {
        let values: Vec<String> = VALUES.map(str::to_owned).into();
        Self { surges: values.clone(), unavailables: values, seeds: 5 }
    }
}

/// Why there is no grid of some values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GridError {
    /// A value is neither a number nor a percentage.
    NoValue {
        /// As it was typed.
        text: String,
    },
    /// There are more than [`VALUES_MAX`] on a side.
    TooMany,
}

impl fmt::Display for GridError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue { text } => {
                write!(f, "{text:?} is neither a number of pods nor a percentage")
            }
            Self::TooMany => write!(f, "at most {VALUES_MAX} values on a side"),
        }
    }
}

impl std::error::Error for GridError {}

impl Grid {
    /// The usual values and these, each once. Values that are neither numbers nor percentages are
    /// refused here, so that no cell of the grid is spent on them.
    ///
    /// # Errors
    /// Says which value is wrong.
    pub fn with(surges: &str, unavailables: &str) -> Result<Self, GridError> {
        let mut grid = Self::default();
        for (texts, values) in [(surges, &mut grid.surges), (unavailables, &mut grid.unavailables)]
        {
            for text in texts.split([',', ' ']).filter(|text| !text.is_empty()) {
                let digits = text.strip_suffix('%').unwrap_or(text);
                if digits.parse::<u16>().is_err() {
                    return Err(GridError::NoValue { text: text.to_owned() });
                }
                if !values.iter().any(|known| known == text) {
                    values.push(text.to_owned());
                }
            }
            if values.len() > VALUES_MAX {
                return Err(GridError::TooMany);
            }
            let weight = |text: &String| {
                let number = text.trim_end_matches('%').parse::<u32>().unwrap_or_default();
                (number > 0, text.ends_with('%'), number)
            };
            order::sort_by_key(values, weight);
        }
        Ok(grid)
    }
}

/// One cell: a pair of values and what would come of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    #[allow(missing_docs)]
    pub surge: String,
    #[allow(missing_docs)]
    pub unavailable: String,
    /// `None` until it has been tried. A pair that is not valid is refused in the server's words.
    pub forecast: Option<Forecast>,
}

/// Tries all cells, in slices.
#[derive(Clone, Debug)]
pub struct Explorer {
    session: Session,
    question: Question,
    cells: Vec<Cell>,
    /// How many cells are done.
    done: usize,
    current: Option<Forecaster>,
}

impl Explorer {
    /// Prepares the grid for a manifest in a session, row by row of surges.
    pub fn new(session: &Session, question: &Question, grid: &Grid) -> Self {
        let pairs = grid.surges.iter().flat_map(|surge| {
            grid.unavailables.iter().map(move |unavailable| (surge, unavailable))
        });
        let cells = pairs
            .map(|(surge, unavailable)| Cell {
                surge: surge.clone(),
                unavailable: unavailable.clone(),
                forecast: None,
            })
            .collect();
        let question = Question { seeds: grid.seeds, restart: true, ..question.clone() };
        Self { session: session.clone(), question, cells, done: 0, current: None }
    }

    /// Goes on by about so many simulation events. Returns whether there is more to do.
    pub fn advance(&mut self, budget_events: usize) -> bool {
        let Some(cell) = self.cells.get_mut(self.done) else { return false };
        if self.current.is_none() {
            match with_strategy(&self.question.text, &cell.surge, &cell.unavailable) {
                Ok(text) => {
                    let question = Question { text, ..self.question.clone() };
                    self.current = Some(Forecaster::new(&self.session, &question));
                }
                // What cannot be written cannot be tried.
                Err(complaint) => {
                    let (verdict, is_final) = (Verdict::Refused, true);
                    let refused = Forecast { verdict, complaint, is_final, ..Forecast::default() };
                    cell.forecast = Some(refused);
                    self.done += 1;
                }
            }
        }
        let Some(forecaster) = &mut self.current else { return self.done < self.cells.len() };
        if !forecaster.advance(budget_events) {
            cell.forecast = Some(forecaster.forecast().clone());
            self.current = None;
            self.done += 1;
        }
        self.done < self.cells.len()
    }

    /// All cells, row by row of surges.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// How many cells have been tried.
    pub fn done(&self) -> usize {
        self.done
    }
}
