//! Where lost requests stand on the time axis.

use rollscope_api::SimDuration;

use super::chart::Scale;

/// A span in which requests were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Since the start.
    pub from: SimDuration,
    /// Since the start.
    pub until: SimDuration,
    /// Requests that were lost.
    pub lost: i64,
    /// Of so many that were sent.
    pub sent: i64,
    /// At the first span of a burst: how many were lost in all of it.
    pub burst: i64,
}

/// A loss with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedLoss {
    /// Its left edge.
    pub x: f64,
    /// How wide it is.
    pub width: f64,
    /// How high, by the part that was lost.
    pub height: f64,
    /// What it stands for.
    pub loss: Loss,
}

/// How high the bar of a total loss is.
const LOSS_HEIGHT: f64 = 16.0;

/// Where losses stand, up to the end of what is shown.
pub fn losses(scale: &Scale, losses: &[Loss], until: SimDuration) -> Vec<PlacedLoss> {
    let shown = losses.iter().take_while(|loss| loss.from <= until);
    let placed = shown.map(|loss| {
        let x = scale.x(loss.from);
        let part = loss.lost as f64 / loss.sent.max(1) as f64;
        PlacedLoss {
            x,
            width: (scale.x(loss.until) - x).max(2.0),
            height: 3.0 + part * (LOSS_HEIGHT - 3.0),
            loss: *loss,
        }
    });
    placed.collect()
}
